//! Texts compared line by line.

use similar::{ChangeTag, TextDiff};

use super::change::{Hunk, Line};
use crate::model::masked_text;

/// Lines around a difference.
const CONTEXT: usize = 2;
/// Most characters of a line that are shown.
const MOST_CHARACTERS: usize = 300;

/// Where two texts differ. Line ends and blanks at the end of a line do not count.
pub(super) fn hunks(left: &str, right: &str) -> Vec<Hunk> {
    let (left, right) = (plain(left), plain(right));
    let diff = TextDiff::configure().algorithm(similar::Algorithm::Patience).diff_lines(&left, &right);
    diff.unified_diff()
        .context_radius(CONTEXT)
        .iter_hunks()
        .map(|hunk| {
            let lines = hunk.iter_changes().map(|change| {
                let line = cut(&masked_text(change.value().trim_end_matches('\n')));
                match change.tag() {
                    ChangeTag::Equal => Line::Same(line),
                    ChangeTag::Delete => Line::Removed(line),
                    ChangeTag::Insert => Line::Added(line),
                }
            });
            let first = hunk.ops().first();
            let start = |range: Option<std::ops::Range<usize>>| range.map_or(0, |range| range.start) + 1;
            Hunk {
                left: start(first.map(similar::DiffOp::old_range)),
                right: start(first.map(similar::DiffOp::new_range)),
                lines: lines.collect(),
            }
        })
        .collect()
}

/// With `\n` behind each line, the last one included.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 1);
    for line in text.lines() {
        plain.push_str(line.trim_end());
        plain.push('\n');
    }
    plain
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let found = hunks("a\r\nb\r\nc\r\n", "a\nx\nc");
        let same = |text: &str| Line::Same(text.to_owned());
        assert_eq!(
            found,
            [Hunk {
                left: 1,
                right: 1,
                lines: vec![same("a"), Line::Removed("b".to_owned()), Line::Added("x".to_owned()), same("c")],
            }]
        );
        assert_eq!(hunks("a\r\nb ", "a\nb\n"), []);
    }
}
