//! What differs between two environments, for a comment: a table a kind, cut where a comment ends.

use std::fmt::Write as _;

use super::escape::{markdown_cell as cell, markdown_span as span};
use super::text_environment_diff::sections;
use super::words::{counted, thousands};
use crate::environment_diff::EnvironmentDiff;

/// A comment of GitHub has at most 65,536 characters; the last line is in this as well.
const MOST_CHARACTERS: usize = 60_000;

/// The whole text; what does not fit is counted in a last line.
pub fn diff(diff: &EnvironmentDiff) -> String {
    let mut text = format!("**{} → {}**\n", span(&diff.left), span(&diff.right));
    if diff.is_empty() {
        text.push_str("\nNo difference.\n");
    }
    let mut length = text.chars().count();
    let mut left_out = 0;
    for section in sections(diff) {
        let heading = format!(
            "\n### {} ({})\n\n| | | |\n|---|---|---|\n",
            section.title,
            thousands(section.rows.len())
        );
        let mut is_first = true;
        for (sign, what, words) in &section.rows {
            let mut row = if is_first { heading.clone() } else { String::new() };
            let words = if words.is_empty() { String::new() } else { cell(words) };
            let sign = if *sign == " " { String::new() } else { format!("`{sign}`") };
            let _ = writeln!(row, "| {sign} | {} | {words} |", cell(what));
            let more = row.chars().count();
            if left_out > 0 || length + more > MOST_CHARACTERS - 200 {
                left_out += 1;
                continue;
            }
            is_first = false;
            length += more;
            text.push_str(&row);
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "\n**{} left out: a comment has at most {} characters. `solship diff` shows all.**",
            counted(left_out, "row"),
            thousands(MOST_CHARACTERS)
        );
    }
    text
}
