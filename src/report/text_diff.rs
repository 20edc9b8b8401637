//! What `solship diff` found, as text: each component with what changed in it, then what an import means, then how much was
//! left out as noise.

use std::collections::BTreeMap;

use super::TextOptions;
use super::differing::{differing, marked, some};
use super::moves::{Told, gathered};
use super::page::{Group, Ink, Page, Part, Table, bold, dim, plain};
use super::words::{counted, thousands};
use crate::diff::{Change, Changed, ComponentDiff, Diff, Hunk, Level, Line, Risk, SetDiff, State};
use crate::model::SolutionIdentity;

/// How much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// Each change.
    #[default]
    Changes,
    /// How many changes each component has.
    Counts,
    /// The names of the components.
    Names,
}

/// So many components of one state are shown.
const COMPONENTS: usize = 40;
/// So many changes of one component are shown, and so many lines of one text.
const LINES: usize = 40;
/// Bytes of two texts that are shown beside each other; longer ones are shown as one.
const MOST_BESIDE: usize = 60;
/// What stands for a field that says nothing.
const NOT_SET: &str = "(not set)";
/// So many consequences of one level are shown.
const RISKS: usize = 12;

/// Writes the differences; with `noise`, where the noise is.
pub fn diff(diff: &SetDiff, detail: Detail, noise: bool, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    for identity in &diff.removed {
        page.line(
            0,
            &[
                sign(State::Removed),
                plain(format!(" solution {} {}", identity.unique_name, identity.version)),
            ],
        );
    }
    for identity in &diff.added {
        page.line(
            0,
            &[sign(State::Added), plain(format!(" solution {} {}", identity.unique_name, identity.version))],
        );
    }
    if !diff.risks.is_empty() && detail != Detail::Names {
        page.gap();
        page.line(0, &[bold(before_importing_set(diff.some_types))]);
        risk_table(&mut page, &diff.risks, options);
    }
    let is_set = diff.solutions.len() > 1;
    // Of a set only what differs is told one by one.
    let (equal, rest): (Vec<&Diff>, Vec<&Diff>) =
        diff.solutions.iter().partition(|one| is_set && !noise && one.is_empty() && one.risks.is_empty());
    let others =
        if rest.is_empty() && diff.removed.is_empty() && diff.added.is_empty() { "" } else { "other " };
    for one in rest {
        if detail == Detail::Names {
            names(&mut page, one, is_set);
        } else {
            page.gap();
            solution(&mut page, one, diff.some_types, detail, noise, options);
        }
    }
    if !equal.is_empty() && detail != Detail::Names {
        page.gap();
        page.line(
            0,
            &[plain(format!(
                "{} in {}",
                no_difference(diff.some_types),
                counted(equal.len(), &format!("{others}solution"))
            ))],
        );
    }
    page.finish()
}

/// `FabFlows 3.0.0.4 → 3.1.0.0   unmanaged`
fn heading(diff: &Diff) -> Vec<Part> {
    let (left, right) = (&diff.left, &diff.right);
    let between = |one: String, other: String| if one == other { one } else { format!("{one} → {other}") };
    let name = between(left.unique_name.clone(), right.unique_name.clone());
    let version = versions(diff);
    let kind =
        |identity: &SolutionIdentity| if identity.managed { "managed" } else { "unmanaged" }.to_owned();
    vec![bold(format!("{name} {version}")), dim(format!("   {}", between(kind(left), kind(right))))]
}

/// The version before and after; one that is only written in another way is the same.
pub(super) fn versions(diff: &Diff) -> String {
    let (left, right) = (&diff.left.version, &diff.right.version);
    if left == right { left.to_string() } else { format!("{left} → {right}") }
}

/// One line a component; in a set with the solution that it is in.
fn names(page: &mut Page, diff: &Diff, is_set: bool) {
    let solution = if is_set { format!("{}: ", diff.right.unique_name) } else { String::new() };
    for component in diff.components.iter().filter(|component| component.state != State::Same) {
        page.line(0, &[sign(component.state), plain(" "), plain(&solution), plain(&component.title)]);
    }
}

/// That nothing differs, of what was looked at.
pub(super) fn no_difference(some_types: bool) -> &'static str {
    if some_types { "no difference of the types that were looked at" } else { "no difference" }
}

fn solution(
    page: &mut Page,
    diff: &Diff,
    some_types: bool,
    detail: Detail,
    noise: bool,
    options: &TextOptions,
) {
    page.line(0, &heading(diff));
    if diff.is_empty() {
        page.line(0, &[plain(no_difference(some_types))]);
    }
    let told = alike(diff);
    let mut left: BTreeMap<State, usize> = BTreeMap::new();
    for (component, _) in &told {
        *left.entry(component.state).or_default() += 1;
    }
    for count in left.values_mut() {
        *count = super::words::cut(*count, COMPONENTS, options.all);
    }
    let mut before = None;
    let mut cut: BTreeMap<State, usize> = BTreeMap::new();
    for (component, count) in told {
        match left.get_mut(&component.state) {
            Some(left) if *left > 0 => *left -= 1,
            _ => {
                *cut.entry(component.state).or_default() += count;
                continue;
            }
        }
        match (component.state, detail) {
            (State::Changed, Detail::Changes) => {
                page.gap();
                changes(page, component, options);
            }
            (state, _) => {
                if before != Some(state) {
                    page.gap();
                }
                let words = match (component.changes.len(), count) {
                    (0, 1) => component.says.as_ref().map(|says| format!("   {says}")).unwrap_or_default(),
                    (0, count) => format!("   {} of this name", thousands(count)),
                    (changes, _) => format!("   {}", counted(changes, "change")),
                };
                page.line(0, &[sign(state), plain(" "), plain(&component.title), dim(words)]);
            }
        }
        before = Some(component.state);
    }
    if !cut.is_empty() {
        page.gap();
    }
    for (state, count) in cut {
        page.line(0, &[sign(state), dim(format!(" {}", super::words::more(count)))]);
    }
    risks(page, diff, some_types, options);
    left_out(page, diff, noise);
}

/// What differs, and how many are called so: of many that are called alike one line is enough.
fn alike(diff: &Diff) -> Vec<(&ComponentDiff, usize)> {
    let mut told = Vec::new();
    let mut at = 0;
    while let Some(component) = diff.components.get(at) {
        let is_alike = |other: &&ComponentDiff| {
            (other.state, &other.title, other.changes.is_empty()) == (component.state, &component.title, true)
        };
        let count = diff.components[at..].iter().take_while(is_alike).count().max(1);
        at += count;
        if component.state != State::Same {
            told.push((component, count));
        }
    }
    told
}

/// What an import means; of each level so many lines that none hides the next.
fn risks(page: &mut Page, diff: &Diff, some_types: bool, options: &TextOptions) {
    if diff.risks.is_empty() {
        return;
    }
    page.gap();
    page.line(0, &[bold(before_importing(diff, some_types))]);
    risk_table(page, &diff.risks, options);
}

fn risk_table(page: &mut Page, risks: &[Risk], options: &TextOptions) {
    let mut table = Table::with_groups(vec![Group { indent: 2, gap: 2 }]);
    for of_level in risks.chunk_by(|one, other| one.level == other.level) {
        let shown = super::words::cut(of_level.len(), RISKS, options.all);
        for risk in &of_level[..shown] {
            table.row([level(risk.level), plain(risk_words(risk))]);
        }
        if shown < of_level.len() {
            let more = super::words::more(of_level.len() - shown);
            table.row([level(of_level[0].level), dim(more)]);
        }
    }
    table.write(page);
}

/// The heading of what an import means, which is told of all types.
pub(super) fn before_importing(diff: &Diff, some_types: bool) -> String {
    let is_update = diff.left.unique_name.eq_ignore_ascii_case(&diff.right.unique_name);
    let over = if is_update { format!(" over {}", diff.left.version) } else { String::new() };
    format!("before importing{over}{}", all_types(some_types))
}

/// The heading of what the import of a set means whatever solution it is about.
pub(super) fn before_importing_set(some_types: bool) -> String {
    format!("before importing the set{}", all_types(some_types))
}

fn all_types(some_types: bool) -> &'static str {
    if some_types { ", components of all types" } else { "" }
}

fn level(level: Level) -> Part {
    match level {
        Level::Refused | Level::Deletes => Part::new(Ink::Red, level.words()),
        Level::Action => Part::new(Ink::Yellow, level.words()),
        Level::Note => dim(level.words()),
    }
}

/// The sentence, and what Dataverse answers.
pub(super) fn risk_words(risk: &Risk) -> String {
    match &risk.dataverse {
        Some(error) => format!("{} ({})", risk.words, error.title()),
        None => risk.words.clone(),
    }
}

fn left_out(page: &mut Page, diff: &Diff, noise: bool) {
    let total: usize = diff.noise.iter().map(|noise| noise.count).sum();
    if total == 0 {
        return;
    }
    let told: Vec<String> =
        diff.noise.iter().map(|noise| format!("{} {}", noise.what, thousands(noise.count))).collect();
    let rest = if noise { "" } else { "; --noise" };
    page.gap();
    let words = format!("noise left out: {} ({}{rest})", counted(total, "place"), told.join(", "));
    page.line(0, &[dim(words)]);
    if !noise {
        return;
    }
    for component in diff.components.iter().filter(|component| !component.noise.is_empty()) {
        let told: Vec<String> = component
            .noise
            .iter()
            .map(|noise| format!("{} {}", noise.what, thousands(noise.count)))
            .collect();
        page.line(2, &[plain(&component.title), dim(format!("   {}", told.join(", ")))]);
    }
}

fn sign(state: State) -> Part {
    match state {
        State::Added => bold("+"),
        State::Removed => Part::new(Ink::Red, "-"),
        State::Changed => Part::new(Ink::Yellow, "~"),
        State::Same => plain(" "),
    }
}

/// One component, a line a change.
fn changes(page: &mut Page, component: &ComponentDiff, options: &TextOptions) {
    page.line(0, &[bold(&component.title)]);
    let all = gathered(&component.changes, options.all);
    let shown = super::words::cut(all.len(), LINES, options.all);
    let mut table = Table::with_groups(vec![Group { indent: 2, gap: 3 }]);
    for one in &all[..shown] {
        let change = match one {
            Told::Change(change) => change,
            Told::Moves(to, words) => {
                let part = Part::new(Ink::Yellow, format!("~ {to}").trim_end());
                table.row([part, plain(words)]);
                continue;
            }
        };
        if let Changed::Lines(hunks) = &change.changed {
            table.write(page);
            table = Table::with_groups(vec![Group { indent: 2, gap: 3 }]);
            page.line(2, &[sign(State::Changed), plain(" "), plain(place(change))]);
            lines(page, hunks, options);
            continue;
        }
        let (sign, words) = told(change);
        table.row([
            Part::new(sign.1, format!("{} {}", sign.0, change.path.part.join(" > ")).trim_end()),
            plain(words),
        ]);
    }
    table.write(page);
    if shown < all.len() {
        page.line(2, &[dim(super::words::more(all.len() - shown))]);
    }
}

/// The lines of a text that differ.
fn lines(page: &mut Page, hunks: &[Hunk], options: &TextOptions) {
    let count: usize = hunks.iter().map(|hunk| hunk.lines.len()).sum();
    let mut left = super::words::cut(count, LINES, options.all);
    let more = count - left;
    for hunk in hunks {
        if left == 0 {
            break;
        }
        page.line(4, &[dim(format!("@@ line {} → {}", hunk.left, hunk.right))]);
        for line in hunk.lines.iter().take(left) {
            page.line(4, &[self::line(line)]);
        }
        left -= hunk.lines.len().min(left);
    }
    if more > 0 {
        page.line(4, &[dim(super::words::more(more))]);
    }
}

fn place(change: &Change) -> String {
    change.path.words()
}

fn line(line: &Line) -> Part {
    match line {
        Line::Same(text) => dim(format!("  {text}")),
        Line::Removed(text) => Part::new(Ink::Red, format!("- {text}")),
        Line::Added(text) => bold(format!("+ {text}")),
    }
}

/// The sign of a change, and what it says behind its part.
pub(super) fn told(change: &Change) -> ((&'static str, Ink), String) {
    let field = change.path.field.join(".");
    let with = |words: String| match (field.is_empty(), words.is_empty()) {
        (true, _) => words,
        (false, true) => field.clone(),
        (false, false) => format!("{field}  {words}"),
    };
    match &change.changed {
        Changed::Added(words) => (("+", Ink::Bold), with(words.clone())),
        Changed::Removed(words) => (("-", Ink::Red), with(words.clone())),
        Changed::Moved(from) => {
            let words = from.as_ref().map_or_else(|| "moved".to_owned(), |from| format!("moved from {from}"));
            (("~", Ink::Yellow), with(words))
        }
        Changed::Set(words) => (("~", Ink::Yellow), with(format!("{NOT_SET} → {}", some(words)))),
        Changed::Unset(words) => (("~", Ink::Yellow), with(format!("{} → {NOT_SET}", some(words)))),
        Changed::Text(before, after)
            if before.len() + after.len() > MOST_BESIDE && !change.marked.is_empty() =>
        {
            (("~", Ink::Yellow), with(marked(&change.marked)))
        }
        Changed::Text(before, after) => {
            let (before, after) = differing(before, after);
            (("~", Ink::Yellow), with(format!("{before} → {after}")))
        }
        Changed::Lines(hunks) => (("~", Ink::Yellow), with(counted(hunks.len(), "place"))),
        Changed::Hidden => (("~", Ink::Yellow), with("changed; not shown".to_owned())),
        Changed::Noted(why) => (("~", Ink::Yellow), with(format!("compared as bytes: {why}"))),
    }
}
