//! Two texts as one line: cut to where they differ, or as one with what differs marked.

use std::borrow::Cow;

use crate::diff::Piece;

/// Most characters of one of them that are shown.
const MOST: usize = 80;
/// So many equal ones stay on either side.
const AROUND: usize = 20;

/// Both texts, short enough for one line: what is equal at both ends gives way first. An empty one is told as such.
pub(super) fn differing(before: &str, after: &str) -> (String, String) {
    let (one, other): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    if one.len() <= MOST && other.len() <= MOST {
        return (shown(&one, 0, one.len()), shown(&other, 0, other.len()));
    }
    let start = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let most = one.len().min(other.len()) - start;
    let end =
        one.iter().rev().zip(other.iter().rev()).take(most).take_while(|(one, other)| one == other).count();
    let window = |text: &[char]| {
        let from = start.saturating_sub(AROUND);
        let to = (text.len() - end + AROUND).min(text.len());
        shown(text, from, to.min(from + MOST))
    };
    (window(&one), window(&other))
}

/// A text beside nothing: an empty one, or one of blanks, in quotes.
pub(super) fn some(text: &str) -> Cow<'_, str> {
    if text.trim().is_empty() { Cow::Owned(format!("\"{text}\"")) } else { Cow::Borrowed(text) }
}

/// Both texts as one, with what went in `[-…-]` and what came in `{+…+}`.
pub(super) fn marked(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Same(same) => text.push_str(same),
            Piece::Removed(removed) => {
                text.push_str("[-");
                text.push_str(removed);
                text.push_str("-]");
            }
            Piece::Added(added) => {
                text.push_str("{+");
                text.push_str(added);
                text.push_str("+}");
            }
        }
    }
    text
}

fn shown(text: &[char], from: usize, to: usize) -> String {
    if text.is_empty() {
        return some("").into_owned();
    }
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    shown.extend(&text[from..to]);
    if to < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{differing, marked, some};
    use crate::diff::Piece;

    #[test]
    fn short_texts_stay_and_long_ones_are_cut_to_the_difference() {
        assert_eq!(differing("Day", "Hour"), ("Day".to_owned(), "Hour".to_owned()));
        assert_eq!(differing("", "x"), ("\"\"".to_owned(), "x".to_owned()));
        assert_eq!((&*some(""), &*some("  "), &*some("x ")), ("\"\"", "\"  \"", "x "));
        let text = |middle: &str| format!("{}{middle}{}", "a".repeat(100), "z".repeat(100));
        let (before, after) = differing(&text("ONE"), &text("TWO"));
        assert_eq!(before, format!("…{}ONE{}…", "a".repeat(20), "z".repeat(20)));
        assert_eq!(after, format!("…{}TWO{}…", "a".repeat(20), "z".repeat(20)));
        let (before, after) = differing(&"x".repeat(500), &"x".repeat(600));
        assert!(before.chars().count() <= 82 && after.chars().count() <= 82 && before != after);
    }

    #[test]
    fn what_went_and_what_came_stand_in_the_text() {
        let pieces = [
            Piece::Same("…limit ".to_owned()),
            Piece::Removed("500".to_owned()),
            Piece::Added("750".to_owned()),
            Piece::Same(" EUR".to_owned()),
        ];
        assert_eq!(marked(&pieces), "…limit [-500-]{+750+} EUR");
    }
}
