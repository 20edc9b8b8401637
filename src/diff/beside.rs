//! Two shown texts that differ, as they stand beside each other: what is masked of one is masked of the other, and characters
//! that nobody sees are made visible where they differ.
//!
//! Read [`beside`].

use super::marked::{Piece, pieces};
use crate::model::MASK;

/// Both texts. They are equal where they differ in nothing but what is masked.
pub(super) fn beside(before: String, after: String) -> (String, String) {
    let (mut before, mut after) = alike(before, after);
    let may_hide = |text: &str| text.contains(is_invisible);
    if may_hide(&before) || may_hide(&after) || is_unseen(&before, &after) {
        (before, after) = joined(&pieces(&before, &after), |removed, added| {
            let show = |text| if is_unseen(removed, added) { visible(text) } else { text.to_owned() };
            (show(removed), show(added))
        });
    }
    (before, after)
}

/// Both texts, with a mask where the other one has one: a value beside a masked one is of the same kind.
fn alike(before: String, after: String) -> (String, String) {
    match (before == MASK, after == MASK) {
        (true, false) if !is_harmless(&after) => return (before.clone(), before),
        (false, true) if !is_harmless(&before) => return (after.clone(), after),
        (false, false) if before.contains(MASK) || after.contains(MASK) => {}
        _ => return (before, after),
    }
    let pieces = pieces(&before, &after);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Same(text) if text.contains(char::is_alphanumeric)))
    {
        return (before, after);
    }
    joined(&pieces, |removed, added| {
        let hidden = |own: &str, other: &str| {
            if is_mask(other) && !is_mask(own) && !is_harmless(own) {
                MASK.to_owned()
            } else {
                own.to_owned()
            }
        };
        let other = |own: &str| if is_mask(own) { MASK.to_owned() } else { own.to_owned() };
        match (is_mask(removed), is_mask(added)) {
            (true, false) if hidden(added, removed) == MASK => (other(removed), MASK.to_owned()),
            (false, true) if hidden(removed, added) == MASK => (MASK.to_owned(), other(added)),
            _ => (removed.to_owned(), added.to_owned()),
        }
    })
}

/// A mask, and nothing else that says something.
fn is_mask(text: &str) -> bool {
    text.contains(MASK) && !text.contains(char::is_alphanumeric)
}

/// Nothing, or the name of a parameter or variable: no secret is so, and it is what comes instead of one.
fn is_harmless(text: &str) -> bool {
    let text = text.trim();
    if matches!(text, "" | "\"\"" | "''") {
        return true;
    }
    let call =
        text.strip_prefix("@{").and_then(|text| text.strip_suffix('}')).or_else(|| text.strip_prefix('@'));
    let name = ["parameters('", "variables('"]
        .iter()
        .find_map(|start| call?.strip_prefix(start)?.strip_suffix("')"));
    name.is_some_and(|name| !name.contains('\''))
}

/// Whether two texts differ in nothing that is seen.
fn is_unseen(before: &str, after: &str) -> bool {
    let is_seen = |c: &char| !c.is_whitespace() && !is_invisible(*c);
    before != after && before.chars().filter(is_seen).eq(after.chars().filter(is_seen))
}

/// Characters that look like a blank or like nothing.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{34F}' | '\u{180E}' | '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
        || (character.is_whitespace() && !matches!(character, ' ' | '\t' | '\n' | '\r'))
        || (crate::text::acts_on_terminal(character) && !character.is_control())
}

/// Blanks as `·`, a tab as `\t`, and what is seen even less by its number.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' => shown.push('·'),
            '\t' => shown.push_str("\\t"),
            character if is_invisible(character) => {
                shown.push_str(&format!("<U+{:04X}>", u32::from(character)));
            }
            character => shown.push(character),
        }
    }
    shown
}

/// Both texts from their pieces, each pair of what differs as it is given.
fn joined(pieces: &[Piece], pair: impl Fn(&str, &str) -> (String, String)) -> (String, String) {
    let (mut before, mut after) = (String::new(), String::new());
    let (mut removed, mut added) = ("", "");
    for piece in pieces.iter().chain([&Piece::Same(String::new())]) {
        match piece {
            Piece::Removed(text) => removed = text,
            Piece::Added(text) => added = text,
            Piece::Same(text) => {
                let (one, other) = pair(removed, added);
                before.extend([&*one, text]);
                after.extend([&*other, text]);
                (removed, added) = ("", "");
            }
        }
    }
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> (String, String) {
        beside(before.to_owned(), after.to_owned())
    }

    fn assert_told(pair: (&str, &str), shown: (&str, &str)) {
        assert_eq!(told(pair.0, pair.1), (shown.0.to_owned(), shown.1.to_owned()), "{pair:?}");
        assert_eq!(told(pair.1, pair.0), (shown.1.to_owned(), shown.0.to_owned()), "{pair:?}");
    }

    #[test]
    fn what_is_masked_of_one_is_masked_of_the_other() {
        for (pair, shown) in [
            (("********", "hunter2"), ("********", "********")),
            (("********", "********"), ("********", "********")),
            (
                ("a password=******** b", "a password=none b"),
                ("a password=******** b", "a password=******** b"),
            ),
            (("SET Pwd TO '********'", "SET Pwd TO 'x'"), ("SET Pwd TO '********'", "SET Pwd TO '********'")),
            (("********", "@parameters('Pwd (fab_Pwd)')"), ("********", "@parameters('Pwd (fab_Pwd)')")),
            (("********", "\"\""), ("********", "\"\"")),
            (("Key: ********", "WAIT 5"), ("Key: ********", "WAIT 5")),
            (("to ******** at 5", "to ******** at 6"), ("to ******** at 5", "to ******** at 6")),
        ] {
            assert_told(pair, shown);
        }
        assert_eq!(told("********", "@concat('hunter2', 'x')").1, MASK);
    }

    #[test]
    fn what_nobody_sees_is_made_visible_where_it_differs() {
        for (pair, shown) in [
            (("a b", "a\u{a0}b"), ("a·b", "a<U+00A0>b")),
            (("a b", "a  b"), ("a·b", "a··b")),
            (("a b", "a b "), ("a b", "a b·")),
            (("a\tb", "a b"), ("a\\tb", "a·b")),
            (("name", "na\u{200b}me"), ("name", "na<U+200B>me")),
            (("a b one", "a\u{a0}b two"), ("a·b one", "a<U+00A0>b two")),
            (("a \u{26a0}\u{fe0f} one", "a two"), ("a \u{26a0}\u{fe0f} one", "a two")),
            (("a b", "a c"), ("a b", "a c")),
        ] {
            assert_told(pair, shown);
        }
    }
}
