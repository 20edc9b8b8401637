//! What `solship diff` found, for the comment on a pull request: a table first, then a folded section a component, cut where
//! a comment ends.

use std::fmt::Write as _;

use super::escape::{markdown_cell as cell, markdown_span as span};
use super::text_diff::told;
use super::words::{counted, thousands};
use crate::diff::{Changed, ComponentDiff, Diff, Line, SetDiff, State};

/// A comment of GitHub has at most 65,536 characters; the table and the last line are in this as well.
const MOST_CHARACTERS: usize = 60_000;

/// The whole text; what does not fit is counted in a last line.
pub fn diff(diff: &SetDiff) -> String {
    let mut text = table(diff);
    let mut left_out = 0;
    for one in &diff.solutions {
        for section in sections(one) {
            if left_out > 0 || text.chars().count() + section.chars().count() > MOST_CHARACTERS - 200 {
                left_out += 1;
            } else {
                text.push_str(&section);
            }
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "\n**{} left out: a comment has at most {} characters. `solship diff` shows all.**",
            counted(left_out, "section"),
            thousands(MOST_CHARACTERS)
        );
    }
    text
}

/// One row a solution.
fn table(diff: &SetDiff) -> String {
    let mut text = String::from(
        "| solution | version | added | removed | changed | noise |\n|---|---|---|---|---|---|\n",
    );
    for one in &diff.solutions {
        let count = |state: State| one.components.iter().filter(|component| component.state == state).count();
        let (left, right) = (one.left.version.to_string(), one.right.version.to_string());
        let version =
            if left == right { cell(&left) } else { format!("{} → {}", cell(&left), cell(&right)) };
        let noise: usize = one.noise.iter().map(|noise| noise.count).sum();
        let _ = writeln!(
            text,
            "| {} | {version} | {} | {} | {} | {} |",
            cell(&one.right.unique_name),
            thousands(count(State::Added)),
            thousands(count(State::Removed)),
            thousands(count(State::Changed)),
            thousands(noise)
        );
    }
    for (identities, words) in [(&diff.added, "new"), (&diff.removed, "gone")] {
        for identity in identities {
            let _ = writeln!(
                text,
                "| {} | {} | {words} | | | |",
                cell(&identity.unique_name),
                cell(&identity.version.to_string())
            );
        }
    }
    text
}

/// The risks, what came and went, and each component that changed.
fn sections(diff: &Diff) -> Vec<String> {
    let mut sections = Vec::new();
    if diff.is_empty() {
        return sections;
    }
    if !diff.risks.is_empty() {
        let mut text = format!("\n**Before importing over {}**\n\n", span(&diff.left.version.to_string()));
        for risk in &diff.risks {
            let _ = writeln!(text, "- {}", span(&risk.words));
        }
        sections.push(text);
    }
    let alone: Vec<&ComponentDiff> = diff
        .components
        .iter()
        .filter(|component| matches!(component.state, State::Added | State::Removed))
        .collect();
    if !alone.is_empty() {
        let mut text = String::from("\n");
        for component in alone {
            let words = if component.state == State::Added { "added" } else { "removed" };
            let _ = writeln!(text, "- {words} {}", span(&component.title));
        }
        sections.push(text);
    }
    for component in diff.components.iter().filter(|component| component.state == State::Changed) {
        sections.push(section(component));
    }
    sections
}

fn section(component: &ComponentDiff) -> String {
    let count = counted(component.changes.len(), "change");
    let title = inert(&component.title);
    let mut text = format!("\n<details><summary><code>{title}</code> ({count})</summary>\n\n");
    for change in &component.changes {
        let ((sign, _), words) = told(change);
        let part = change.path.part.join(" > ");
        let mut line = format!("- `{sign}`");
        if !part.is_empty() {
            let _ = write!(line, " {}", span(&part));
        }
        if let Changed::Lines(hunks) = &change.changed {
            let field = change.path.field.join(".");
            if !field.is_empty() {
                let _ = write!(line, " {}", span(&field));
            }
            let _ = writeln!(text, "{line}");
            for hunk in hunks {
                let _ = writeln!(text, "  - line {} → {}", hunk.left, hunk.right);
                for line in &hunk.lines {
                    let (sign, words) = match line {
                        Line::Same(_) => continue,
                        Line::Removed(words) => ("-", words),
                        Line::Added(words) => ("+", words),
                    };
                    let _ = writeln!(text, "    - `{sign}` {}", span(words));
                }
            }
            continue;
        }
        if !words.is_empty() {
            let _ = write!(line, " {}", span(&words));
        }
        let _ = writeln!(text, "{line}");
    }
    text.push_str("\n</details>\n");
    text
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
