//! The changed parts of a text: where two texts differ by words, with a little of what is equal around.
//!
//! Read [`marked`]. It takes texts as they are shown, so nothing hidden is in what it gives.

use serde::Serialize;

use super::align::aligned;

/// A piece of two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Piece {
    /// In both; what is far from a difference is cut to `…`.
    Same(String),
    /// In the first only.
    Removed(String),
    /// In the second only.
    Added(String),
}

/// So many equal characters are left on either side of a difference.
const AROUND: usize = 24;
/// Most characters of one difference.
const MOST: usize = 200;

/// Both texts as one, with what differs marked; empty where they have no word in common, or are equal.
pub(super) fn marked(before: &str, after: &str) -> Vec<Piece> {
    let pieces = whole(before, after);
    let count = pieces.len();
    let cut = |(at, piece)| match piece {
        Piece::Same(text) => Piece::Same(match at {
            0 => ending(&text, AROUND),
            at if at + 1 == count => beginning(&text, AROUND),
            _ => middle(&text, 2 * AROUND),
        }),
        Piece::Removed(text) => Piece::Removed(middle(&text, MOST)),
        Piece::Added(text) => Piece::Added(middle(&text, MOST)),
    };
    pieces.into_iter().enumerate().map(cut).collect()
}

/// Two lines cut to where they differ, each with what is around; none where that is all of both.
pub(super) fn windows(before: &str, after: &str) -> Option<(String, String)> {
    let pieces = marked(before, after);
    if pieces.is_empty() {
        return None;
    }
    let (mut one, mut other) = (String::new(), String::new());
    for piece in &pieces {
        match piece {
            Piece::Same(text) => {
                one.push_str(text);
                other.push_str(text);
            }
            Piece::Removed(text) => one.push_str(text),
            Piece::Added(text) => other.push_str(text),
        }
    }
    Some((one, other))
}

/// Both texts in full; empty where they have no word in common, or are equal.
fn whole(before: &str, after: &str) -> Vec<Piece> {
    if before == after {
        return Vec::new();
    }
    let pieces = pieces(before, after);
    let says = |piece: &Piece| matches!(piece, Piece::Same(text) if text.chars().any(char::is_alphanumeric));
    if pieces.iter().any(says) { pieces } else { Vec::new() }
}

/// Both texts in full, whatever they have in common: before what is equal stands what went, then what came.
pub(super) fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (ones, others) = (words(before), words(after));
    // Of several answers the same one is found from either side.
    let is_turned = others < ones;
    let pairs = if is_turned {
        aligned(&others, &ones).into_iter().map(|(other, one)| (one, other)).collect()
    } else {
        aligned(&ones, &others)
    };
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut removed, mut added, mut same) = (String::new(), String::new(), String::new());
    let (mut one, mut other) = (0, 0);
    for (at, other_at) in pairs.into_iter().chain([(ones.len(), others.len())]) {
        if at > one || other_at > other {
            // A mark between two differences does not part them.
            if !removed.is_empty() || !added.is_empty() {
                if same.chars().any(char::is_alphanumeric) || same.chars().count() > 2 {
                    flush(&mut pieces, &mut removed, &mut added, &mut same);
                } else {
                    removed.push_str(&same);
                    added.push_str(&same);
                    same.clear();
                }
            } else if !same.is_empty() {
                pieces.push(Piece::Same(std::mem::take(&mut same)));
            }
            removed.extend(ones[one..at].iter().copied());
            added.extend(others[other..other_at].iter().copied());
        }
        if let Some(word) = ones.get(at) {
            same.push_str(word);
        }
        (one, other) = (at + 1, other_at + 1);
    }
    flush(&mut pieces, &mut removed, &mut added, &mut same);
    pieces
}

/// What differs, then what is equal behind it.
fn flush(pieces: &mut Vec<Piece>, removed: &mut String, added: &mut String, same: &mut String) {
    for (text, piece) in
        [(removed, Piece::Removed as fn(String) -> Piece), (added, Piece::Added), (same, Piece::Same)]
    {
        if !text.is_empty() {
            pieces.push(piece(std::mem::take(text)));
        }
    }
}

/// Words, blanks, and every other character on its own.
fn words(text: &str) -> Vec<&str> {
    let kind = |character: char| match character {
        character if character.is_alphanumeric() || character == '_' => 1,
        character if character.is_whitespace() => 2,
        _ => 0,
    };
    let mut words = Vec::new();
    let mut from = 0;
    let mut before = 0;
    for (at, character) in text.char_indices() {
        let kind = kind(character);
        if at > from && (kind != before || kind == 0) {
            words.push(&text[from..at]);
            from = at;
        }
        before = kind;
    }
    if from < text.len() {
        words.push(&text[from..]);
    }
    words
}

/// The first characters.
pub(super) fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The last characters.
fn ending(text: &str, most: usize) -> String {
    match text.char_indices().nth_back(most) {
        Some((start, character)) => format!("…{}", &text[start + character.len_utf8()..]),
        None => text.to_owned(),
    }
}

/// The first and the last characters.
fn middle(text: &str, most: usize) -> String {
    if text.chars().count() <= most + 1 {
        return text.to_owned();
    }
    format!("{}{}", beginning(text, most / 2), ending(text, most / 2).trim_start_matches('…'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let pieces = marked(before, after);
        let words = pieces.iter().map(|piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("{{+{text}+}}"),
        });
        words.collect()
    }

    #[test]
    fn what_changed_is_marked() {
        assert_eq!(told("@add(250, 2)", "@add(250, 3)"), "@add(250, [-2-]{+3+})");
        assert_eq!(told("a b c", "a c"), "a [-b -]c");
        assert_eq!(told("one.two x", "eins.zwei x"), "[-one.two-]{+eins.zwei+} x");
        assert_eq!(told("one", "two"), "");
        assert_eq!(told("one", "one"), "");
    }

    #[test]
    fn each_change_of_a_long_text_is_shown() {
        let text = |one: &str, other: &str| {
            format!("{}{one} {}{other}{}", "a ".repeat(500), "b ".repeat(500), " c".repeat(500))
        };
        let around = |letter: &str| format!("{letter} ").repeat(12);
        assert_eq!(
            told(&text("ONE", "TWO"), &text("1", "2")),
            format!(
                "…{}[-ONE-]{{+1+}} {}…{}[-TWO-]{{+2+}}{}…",
                around("a"),
                around("b").trim_end(),
                around("b"),
                " c".repeat(12)
            )
        );
        let (one, other) = windows(&text("ONE", "TWO"), &text("1", "2")).unwrap();
        assert!(one.contains("ONE") && one.contains("TWO") && one.chars().count() < 150, "{one}");
        assert!(other.contains('1') && other.contains('2') && other.chars().count() < 150, "{other}");
    }
}
