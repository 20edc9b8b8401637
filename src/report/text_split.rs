//! What was split or merged, as text: the parts in import order, what goes where and why, then what to do with them.

use super::TextOptions;
use super::page::{Group, Page, Table, bold, dim, plain};
use super::words::{contents, counted, cut, listed, more};
use crate::split::{Merged, Placed, Split};

/// So many kinds are named in the contents of a part.
const KINDS: usize = 3;
/// So many components of a part are shown.
const COMPONENTS: usize = 8;

/// The parts; with `whole` all of what goes where, else only what is not where its kind says.
pub fn split(split: &Split, whole: bool, summary: &str, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let names: Vec<&str> = split.solutions.iter().map(|solution| solution.unique_name.as_str()).collect();
    if split.is_whole() {
        page.line(0, &[bold(listed(&names)), plain("   nothing to split")]);
        for note in &split.notes {
            page.line(2, &[plain(note)]);
        }
        return page.finish();
    }
    let parts = counted(split.parts.len(), if names.len() > 1 { "solution" } else { "part" });
    page.line(0, &[bold(listed(&names)), plain(format!("   {parts}, import in this order"))]);
    page.gap();
    let mut table = Table::with_groups(vec![Group { indent: 2, gap: 2 }, Group { indent: 7, gap: 3 }]);
    for part in &split.parts {
        table.row_in(
            0,
            [
                plain(part.number.to_string()),
                bold(&part.solution.unique_name),
                plain(part.solution.version.to_string()),
                plain(
                    "  ".to_owned()
                        + &contents(&part.contents, if options.all { usize::MAX - 1 } else { KINDS }),
                ),
            ],
        );
        for after in &part.after {
            let words = after.reasons.first().map(|reason| reason.words.clone()).unwrap_or_default();
            table.row_in(1, [dim(format!("after {}", after.solution)), dim(words)]);
        }
        if let Some(policy) = &part.policy {
            table.row_in(1, [dim("after credentials"), dim(policy)]);
        }
        let shown: Vec<&Placed> =
            part.components.iter().filter(|component| whole || component.moved).collect();
        let count = cut(shown.len(), COMPONENTS, options.all);
        for component in &shown[..count] {
            let because = component.because.clone().unwrap_or_default();
            let because = if because.is_empty() { because } else { format!("because {because}") };
            table.row_in(1, [plain(&component.title), dim(because)]);
        }
        if count < shown.len() {
            table.row_in(1, [dim(more(shown.len() - count))]);
        }
    }
    table.write(&mut page);
    page.gap();
    let unchanged: Vec<&str> = split.unchanged.iter().map(|solution| solution.unique_name.as_str()).collect();
    if !unchanged.is_empty() {
        page.line(0, &[plain(format!("as they are: {}", listed(&unchanged)))]);
    }
    for note in &split.notes {
        page.line(0, &[plain(format!("note: {note}"))]);
    }
    if !split.in_place.is_empty() {
        page.line(0, &[bold(format!("in an environment that has {}", listed(&names)))]);
        for line in &split.in_place {
            page.line(2, &[plain(line)]);
        }
    }
    page.line(0, &[plain(summary)]);
    page.finish()
}

/// The solution that was made of several.
pub fn merge(merged: &Merged, summary: &str, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let solution = &merged.solution;
    page.line(
        0,
        &[
            bold(&solution.unique_name),
            plain(format!(" {}   {}", solution.version, counted(merged.components, "component"))),
        ],
    );
    for part in &merged.parts {
        page.line(2, &[plain(format!("{} {}", part.unique_name, part.version))]);
    }
    if !merged.held_by_several.is_empty() {
        page.line(0, &[plain("held by several, the same in all")]);
        let count = cut(merged.held_by_several.len(), COMPONENTS, options.all);
        for title in &merged.held_by_several[..count] {
            page.line(2, &[plain(title)]);
        }
        if count < merged.held_by_several.len() {
            page.line(2, &[dim(more(merged.held_by_several.len() - count))]);
        }
    }
    page.line(0, &[plain(summary)]);
    page.finish()
}
