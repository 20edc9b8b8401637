//! Text from an input on its way to a terminal or into a message.
//!
//! Owns which characters never leave as they are. Other destinations (HTML, Markdown, …) have rules of their own. Read
//! [`escape_terminal`].

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every character that could steer a terminal or break a line written as `\u{…}`: controls (C0, DEL, C1),
/// bidirectional marks, embeddings, overrides and isolates, and the Unicode line and paragraph separators.
///
/// Tab and newline are controls too: what comes back is always one line. Text without any of them is borrowed.
pub fn escape_terminal(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(steers_terminal) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = String::with_capacity(text.len() + 16);
    escaped.push_str(&text[..first]);
    for character in text[first..].chars() {
        if steers_terminal(character) {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "{}", character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Whether [`escape_terminal`] escapes the character.
pub fn steers_terminal(character: char) -> bool {
    character.is_control() || is_bidi_control(character) || matches!(character, '\u{2028}' | '\u{2029}')
}

/// The characters with the Unicode property Bidi_Control (UAX #9).
fn is_bidi_control(character: char) -> bool {
    matches!(
        character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["", "Workflows/Fatturà €.json", "日本語 \\ \" '", "👩‍💻"] {
            assert!(matches!(escape_terminal(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn controls_are_escaped() {
        assert_eq!(escape_terminal("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(escape_terminal("\0\t\r\n\u{7f}\u{9b}"), "\\u{0}\\u{9}\\u{d}\\u{a}\\u{7f}\\u{9b}");
    }

    #[test]
    fn bidi_and_separators_are_escaped() {
        let every = [
            '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{2028}',
            '\u{2029}',
        ];
        for character in every {
            let escaped = escape_terminal(&format!("é{character}b")).into_owned();
            assert_eq!(escaped, format!("é\\u{{{:x}}}b", u32::from(character)));
        }
    }
}
