//! Texts from inputs on their way to a terminal: what would act is made visible instead.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a terminal or an editor would act on the character instead of showing it: control characters, those that
/// change the direction of text, line and paragraph separators, and the invisible tags.
pub fn acts_on_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The text with every such character as `\u{1b}`; tab, line feed and carriage return as `\t`, `\n`, `\r`.
///
/// ```
/// assert_eq!(solship::text::escape_terminal("a\u{1b}[31m\nb"), r"a\u{1b}[31m\nb");
/// ```
pub fn escape_terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(acts_on_terminal) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            other if acts_on_terminal(other) => {
                let _ = write!(escaped, "\\u{{{:x}}}", u32::from(other));
            }
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::escape_terminal;

    #[test]
    fn what_would_act_is_made_visible() {
        assert_eq!(escape_terminal("\u{9b}2J\u{7f}"), r"\u{9b}2J\u{7f}");
        assert_eq!(escape_terminal("ab\u{202E}gnp.exe"), r"ab\u{202e}gnp.exe");
        assert_eq!(escape_terminal("a\u{2028}b\r\n\tc"), r"a\u{2028}b\r\n\tc");
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["Überweisung prüfen", "支払い", "👩‍💻", r"DOMAIN\user", "a|b`c`<d>"] {
            assert_eq!(escape_terminal(text), text);
        }
    }
}
