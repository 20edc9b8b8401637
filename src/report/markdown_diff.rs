//! What `solship diff` found, for the comment on a pull request: a table first, then a folded section a component, cut where
//! a comment ends.

use std::fmt::Write as _;

use super::escape::{markdown_cell as cell, markdown_span as span};
use super::moves::{Told, gathered};
use super::text_diff::{risk_words, told};
use super::words::{counted, thousands};
use crate::diff::{Changed, ComponentDiff, Diff, Line, Risk, SetDiff, State};
use crate::model::Version;
use crate::text::shell_word;

/// A comment of GitHub has at most 65,536 characters.
const MOST_CHARACTERS: usize = 60_000;
/// So many of them are kept for what is said of what was cut.
const RESERVE: usize = 1_000;
/// So many are for the tables at the top, so that the first sections fit, too.
const MOST_OF_TABLE: usize = 20_000;
/// Most characters of one text: a line of a file may be the whole file.
const MOST_OF_TEXT: usize = 400;

/// The whole text; what does not fit is counted where it is cut.
pub fn diff(diff: &SetDiff) -> String {
    let mut comment = Comment { text: String::new(), characters: 0, most: MOST_OF_TABLE };
    comment.table(diff);
    comment.left_out(diff);
    comment.most = MOST_CHARACTERS - RESERVE;
    let mut left_out = 0;
    let differing = diff.solutions.iter().filter(|one| !one.is_empty() || !one.risks.is_empty());
    let of_set = (!diff.risks.is_empty()).then(|| {
        let all = if diff.some_types { ", components of all types" } else { "" };
        let head = format!("\n**Before importing the set{all}**\n\n");
        let lines = risk_lines(&diff.risks);
        Section { head, lines, tail: "", noun: "consequence", command: span("solship diff --all") }
    });
    for section in of_set.into_iter().chain(differing.flat_map(|one| sections(one, diff.some_types))) {
        if left_out > 0 || !comment.section(&section) {
            left_out += 1;
        }
    }
    if left_out > 0 {
        let words = counted(left_out, "more section");
        comment.push(&format!(
            "\n**{words}: a comment has at most {} characters. {}**\n",
            thousands(MOST_CHARACTERS),
            match &*diff.solutions {
                [one] => format!("Run {}", command(one)),
                _ => "Run `solship diff` to see all".to_owned(),
            }
        ));
    }
    comment.text
}

/// The text, which ends where a comment ends.
struct Comment {
    text: String,
    characters: usize,
    most: usize,
}

/// A part of the text that may be cut between its lines.
struct Section {
    head: String,
    lines: Vec<SectionLine>,
    tail: &'static str,
    /// What a line is.
    noun: &'static str,
    /// How to see all of it.
    command: String,
}

/// A line, and whether it is the first one of what is counted.
struct SectionLine {
    is_first: bool,
    text: String,
}

impl Comment {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.characters += text.chars().count();
    }

    fn fits(&self, more: usize) -> bool {
        self.characters + more <= self.most
    }

    /// One row a solution.
    fn table(&mut self, diff: &SetDiff) {
        self.push("| solution | version | added | removed | changed | noise |\n|---|---|---|---|---|---|\n");
        let alone =
            [(&diff.added, "new"), (&diff.removed, "gone")].into_iter().flat_map(|(identities, words)| {
                identities.iter().map(move |identity| {
                    let (name, version) = (short(&identity.unique_name), identity.version.to_string());
                    format!("| {} | {} | {words} | | | |\n", cell(&name), cell(&version))
                })
            });
        let rows: Vec<String> = diff.solutions.iter().map(row).chain(alone).collect();
        for (at, row) in rows.iter().enumerate() {
            if !self.fits(row.chars().count()) {
                let words = counted(rows.len() - at, "more solution");
                self.push(&format!("| … and {words} | | | | | |\n"));
                break;
            }
            self.push(row);
        }
    }

    /// The packages that are compared with nothing.
    fn left_out(&mut self, diff: &SetDiff) {
        let shown = super::words::cut(diff.left_out.len(), 10, false);
        if shown > 0 {
            self.push("\n");
        }
        for left_out in &diff.left_out[..shown] {
            self.push(&format!("- {}\n", span(&short(&left_out.words()))));
        }
        if shown < diff.left_out.len() {
            let words = counted(diff.left_out.len() - shown, "more package");
            self.push(&format!("- … and {words} not compared\n"));
        }
    }

    /// Adds a section, or what fits of it; false when nothing does.
    fn section(&mut self, section: &Section) -> bool {
        let around = section.head.chars().count() + section.tail.chars().count();
        let whole: usize = section.lines.iter().map(|line| line.text.chars().count()).sum();
        if self.fits(around + whole) {
            self.push(&section.head);
            section.lines.iter().for_each(|line| self.push(&line.text));
            self.push(section.tail);
            return true;
        }
        let first = section.lines.first().map_or(0, |line| line.text.chars().count());
        if !self.fits(around + first) {
            return false;
        }
        self.push(&section.head);
        let mut shown = 0;
        for line in &section.lines {
            if !self.fits(line.text.chars().count() + section.tail.chars().count()) {
                break;
            }
            self.push(&line.text);
            shown += 1;
        }
        let rest = &section.lines[shown..];
        let (is_inside, count) = (
            rest.first().is_some_and(|line| !line.is_first),
            rest.iter().filter(|line| line.is_first).count(),
        );
        let words = match (is_inside, count) {
            (true, 0) => format!("the rest of this {}", section.noun),
            (true, count) => {
                format!(
                    "the rest of this {} and {}",
                    section.noun,
                    counted(count, &format!("more {}", section.noun))
                )
            }
            (false, count) => counted(count, &format!("more {}", section.noun)),
        };
        self.push(&format!("- **… {words}: run {}**\n", section.command));
        self.push(section.tail);
        // Nothing behind it fits.
        self.most = 0;
        true
    }
}

/// How to see all of a solution's differences.
fn command(diff: &Diff) -> String {
    let quoted = |source: &str| if source == "stdin" { "-".to_owned() } else { shell_word(source) };
    let command = format!("solship diff {} {} --all", quoted(&diff.left.source), quoted(&diff.right.source));
    // A command that is cut does something else.
    if command.chars().count() > MOST_OF_TEXT { span("solship diff --all") } else { span(&command) }
}

fn short(text: &str) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(MOST_OF_TEXT).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

fn row(diff: &Diff) -> String {
    let count = |state: State| diff.components.iter().filter(|component| component.state == state).count();
    let between = |left: &str, right: &str| {
        let (left, right) = (cell(&short(left)), cell(&short(right)));
        if left == right { left } else { format!("{left} → {right}") }
    };
    let noise: usize = diff.noise.iter().map(|noise| noise.count).sum();
    let (left, right) = (&diff.left.version, &diff.right.version);
    let written = |version: &Version| cell(&short(&version.to_string()));
    let versions =
        if left == right { written(left) } else { format!("{} → {}", written(left), written(right)) };
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        between(&diff.left.unique_name, &diff.right.unique_name),
        versions,
        thousands(count(State::Added)),
        thousands(count(State::Removed)),
        thousands(count(State::Changed)),
        thousands(noise)
    )
}

fn risk_lines(risks: &[Risk]) -> Vec<SectionLine> {
    let words = |risk: &Risk| format!("- **{}** {}\n", risk.level.words(), span(&short(&risk_words(risk))));
    risks.iter().map(|risk| SectionLine { is_first: true, text: words(risk) }).collect()
}

/// The risks, what came and went, and each component that changed.
fn sections(diff: &Diff, some_types: bool) -> Vec<Section> {
    let command = command(diff);
    let section = |head: String, lines: Vec<SectionLine>, tail, noun| Section {
        head,
        lines,
        tail,
        noun,
        command: command.clone(),
    };
    let line = |text: String| SectionLine { is_first: true, text };
    let mut sections = Vec::new();
    if !diff.risks.is_empty() {
        let is_update = diff.left.unique_name.eq_ignore_ascii_case(&diff.right.unique_name);
        let over =
            if is_update { format!(" over {}", span(&diff.left.version.to_string())) } else { String::new() };
        let all = if some_types { ", components of all types" } else { "" };
        let head = format!("\n**Before importing{over}{all}**\n\n");
        sections.push(section(head, risk_lines(&diff.risks), "", "consequence"));
    }
    let alone: Vec<SectionLine> = diff
        .components
        .iter()
        .filter(|component| matches!(component.state, State::Added | State::Removed))
        .map(|component| {
            let words = if component.state == State::Added { "added" } else { "removed" };
            let says =
                component.says.as_ref().map(|says| format!(" {}", span(&short(says)))).unwrap_or_default();
            line(format!("- {words} {}{says}\n", span(&short(&component.title))))
        })
        .collect();
    if !alone.is_empty() {
        sections.push(section("\n".to_owned(), alone, "", "component"));
    }
    for component in diff.components.iter().filter(|component| component.state == State::Changed) {
        let count = counted(component.changes.len(), "change");
        let title = inert(&short(&component.title));
        let head = format!("\n<details><summary><code>{title}</code> ({count})</summary>\n\n");
        sections.push(section(head, lines(component), "\n</details>\n", "change"));
    }
    sections
}

/// The changes of a component.
fn lines(component: &ComponentDiff) -> Vec<SectionLine> {
    let mut lines = Vec::new();
    for one in gathered(&component.changes, false) {
        let change = match one {
            Told::Change(change) => change,
            Told::Moves(to, words) => {
                let to = if to.is_empty() { to } else { format!(" {}", span(&short(&to))) };
                lines.push(SectionLine {
                    is_first: true,
                    text: format!("- `~`{to} {}\n", span(&short(&words))),
                });
                continue;
            }
        };
        let ((sign, _), words) = told(change);
        let part = change.path.part.join(" > ");
        let field = change.path.field.join(".");
        let words = if matches!(change.changed, Changed::Lines(_)) { field } else { words };
        let mut line = format!("- `{sign}`");
        for text in [part, words].iter().filter(|text| !text.is_empty()) {
            let _ = write!(line, " {}", span(&short(text)));
        }
        line.push('\n');
        lines.push(SectionLine { is_first: true, text: line });
        let Changed::Lines(hunks) = &change.changed else { continue };
        let mut inside = |text| lines.push(SectionLine { is_first: false, text });
        for hunk in hunks {
            inside(format!("  - line {} → {}\n", hunk.left, hunk.right));
            for line in &hunk.lines {
                let (sign, words) = match line {
                    Line::Same(_) => continue,
                    Line::Removed(words) => ("-", words),
                    Line::Added(words) => ("+", words),
                };
                inside(format!("    - `{sign}` {}\n", span(&short(words))));
            }
        }
    }
    lines
}

/// A text between tags, where a code span is none: whatever means something to HTML or Markdown is written by its number.
fn inert(text: &str) -> String {
    let mut inert = String::new();
    for character in super::escape::shown(text).chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '.' | '-' | '/') {
            inert.push(character);
        } else {
            let _ = write!(inert, "&#{};", u32::from(character));
        }
    }
    inert
}
