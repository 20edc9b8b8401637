//! Environments as text: what they hold in short, what was done to them. No value is known here.

use super::TextOptions;
use super::json_environment::{Done, Listed};
use super::page::{Page, Part, Table, bold, dim, plain};
use super::words::{counted, cut, more};
use crate::environment::overview::Overview;
use crate::environment::{InstalledSolution, LogEntry, named_in_command};
use crate::text::{moment, shell_word};

/// So many lines of a list are shown.
const SHOWN: usize = 10;

/// What was done.
pub fn done(done: &Done) -> String {
    let mut page = Page::new(false);
    page.line(0, &[plain(format!("{}: {}", done.environment, done.done))]);
    for note in &done.notes {
        page.line(2, &[plain(note)]);
    }
    if let Some(next) = &done.next {
        page.line(0, &[plain(format!("next: {next}"))]);
    }
    page.finish()
}

/// Environments, one a line.
pub fn list(environments: &[Listed]) -> String {
    let mut page = Page::new(false);
    let mut table = Table::new(0);
    for listed in environments {
        let held = match &listed.fault {
            Some(fault) => [plain(format!("cannot be read: {fault}")), plain("")],
            None => {
                [plain(counted(listed.solutions, "solution")), plain(counted(listed.components, "component"))]
            }
        };
        let [solutions, components] = held;
        table.row([plain(&listed.environment), solutions, components]);
    }
    table.write(&mut page);
    page.finish()
}

/// A log, oldest line first.
pub fn log(log: &[LogEntry]) -> String {
    let mut page = Page::new(false);
    let mut table = Table::new(0);
    for entry in log {
        let short = |hash: &String| format!("sha256:{}", hash.get(..12).unwrap_or(hash));
        // A folder has no hash of its own.
        let hash = match (&entry.sha256, &entry.content) {
            (Some(file), _) => short(file),
            (None, Some(content)) => format!("content {}", short(content)),
            (None, None) => String::new(),
        };
        table.row([plain(moment(entry.time)), plain(&entry.words), dim(hash)]);
    }
    table.write(&mut page);
    page.finish()
}

/// What an environment holds, in short, and what in it waits for somebody.
pub fn overview(found: &Overview, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let components: usize = found.components.iter().map(|kind| kind.count).sum();
    page.line(
        0,
        &[
            bold(&found.environment),
            plain(format!(
                "   {}, {}",
                counted(found.solutions.len(), "solution"),
                counted(components, "component")
            )),
        ],
    );
    solutions(&mut page, &found.solutions, options);
    let kinds = found.components.iter().map(|kind| [plain(counted(kind.count, &kind.kind))]);
    section(&mut page, "components", kinds.collect(), options);
    let names = |named: &[crate::environment::overview::Named]| -> Vec<[Part; 2]> {
        named.iter().map(|named| [plain(&named.words), plain("")]).collect()
    };
    section(&mut page, "variables without a value", names(&found.unset), options);
    section(
        &mut page,
        "connection references that are bound to no connection",
        names(&found.unbound),
        options,
    );
    let off = found.off.iter().map(|off| {
        let why = off.why.as_deref().unwrap_or("as it was exported, or turned off here");
        [plain(&off.flow.words), dim(why)]
    });
    section(&mut page, "flows that are off", off.collect(), options);
    let overlaid = found.overlaid.iter().map(|overlaid| {
        let over = format!("over {}", overlaid.over.join(", "));
        [plain(&overlaid.component.words), dim(over)]
    });
    let staged = found.staged.iter().map(|staged| {
        let from = staged.from.as_ref().map(|from| format!("{from} → ")).unwrap_or_default();
        [plain(&staged.solution), plain(format!("{from}{}", staged.version))]
    });
    section(&mut page, "staged upgrades that are not applied", staged.collect(), options);
    section(&mut page, "unmanaged layers over managed ones", overlaid.collect(), options);
    let environment = named_in_command(&found.environment);
    let next = [
        (!found.unset.is_empty()).then(|| format!("solship env set {environment} VARIABLE < FILE")),
        (!found.unbound.is_empty()).then(|| match found.connections {
            0 => format!("solship env connect {environment} new CONNECTOR NAME"),
            _ => format!("solship env connect {environment} bind REFERENCE CONNECTION"),
        }),
        found.staged.first().map(|staged| {
            format!("solship env apply-upgrade {environment} {}", shell_word(&staged.solution))
        }),
        found.solutions.is_empty().then(|| format!("solship deploy SOLUTION… --env {environment}")),
    ];
    let next: Vec<String> = next.into_iter().flatten().collect();
    if !next.is_empty() {
        page.gap();
    }
    for next in next {
        page.line(0, &[plain(format!("next: {next}"))]);
    }
    page.finish()
}

fn solutions(page: &mut Page, solutions: &[InstalledSolution], options: &TextOptions) {
    let rows = solutions.iter().map(|solution| {
        let kind = match (solution.provided, solution.managed) {
            (true, _) => "said to be there",
            (false, true) => "managed",
            (false, false) => "unmanaged",
        };
        let more = match (&solution.parent, &solution.upgrade_of) {
            (Some(parent), _) => format!("patch of {parent}"),
            (None, Some(base)) => format!("staged upgrade of {base}"),
            (None, None) => String::new(),
        };
        [plain(&solution.unique_name), plain(solution.version.to_string()), plain(kind), dim(more)]
    });
    section(page, "solutions", rows.collect(), options);
}

fn section<const N: usize>(page: &mut Page, title: &str, rows: Vec<[Part; N]>, options: &TextOptions) {
    if rows.is_empty() {
        return;
    }
    page.gap();
    page.line(0, &[plain(title)]);
    let shown = cut(rows.len(), SHOWN, options.all);
    let left = rows.len() - shown;
    let mut table = Table::new(2);
    rows.into_iter().take(shown).for_each(|row| table.row(row));
    table.write(page);
    if left > 0 {
        page.line(2, &[dim(more(left))]);
    }
}
