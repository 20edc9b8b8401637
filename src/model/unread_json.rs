//! What is shown of a text of JSON that cannot be read, as one with the marks of a merge: its names and its signs. What a value is
//! called is only known by where it stands, so no value is shown, whatever it is.
//!
//! Read [`value_ranges`] first.

use std::ops::Range;

/// Longest names that are shown.
const LONGEST_NAME: usize = 200;
/// Most digits of a number that is shown.
const MOST_DIGITS: usize = 6;
/// What a line of a merge starts with that is none of the text.
const MARKS: &[&str] = &["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// All texts but names, and all that is no JSON; in order, none inside another. No text goes over the end of a line, so that
/// one that is left open hides its own line at most.
pub(super) fn value_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end_matches(['\r', '\n']);
        if !MARKS.iter().any(|mark| words.starts_with(mark)) {
            of_line(text, from..from + words.len(), &mut found);
        }
        from += line.len();
    }
    found
}

fn of_line(text: &str, line: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut at = line.start;
    while at < line.end {
        let rest = &text[at..line.end];
        let Some(next) = rest.chars().next() else { return };
        if is_sign(next) {
            at += next.len_utf8();
            continue;
        }
        if next != '"' {
            let length =
                rest.find(|c: char| c == '"' || is_sign(c) && !c.is_whitespace()).unwrap_or(rest.len());
            let words = rest[..length].trim_end();
            if !is_plain(words) {
                found.push(at..at + words.len());
            }
            at += length;
            continue;
        }
        let start = at + 1;
        let length = text_length(&text[start..line.end]);
        let end = start + length.unwrap_or(line.end - start);
        at = if length.is_some() { end + 1 } else { end };
        let is_name = length.is_some_and(|length| length <= LONGEST_NAME)
            && text[at..line.end].trim_start().starts_with(':');
        if !is_name && end > start {
            found.push(start..end);
        }
    }
}

fn is_sign(character: char) -> bool {
    character.is_whitespace() || "{}[],:\u{feff}".contains(character)
}

/// What says nothing that is secret: truth values, short numbers.
fn is_plain(words: &str) -> bool {
    let digits = words.strip_prefix('-').unwrap_or(words);
    matches!(words, "true" | "false" | "null")
        || (!digits.is_empty()
            && digits.len() <= MOST_DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// Where the text ends whose quote stands before this.
fn text_length(rest: &str) -> Option<usize> {
    let mut is_escaped = false;
    rest.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

#[cfg(test)]
mod tests {
    use crate::model::masked_unread_json;

    #[test]
    fn names_are_shown_and_no_value_is() {
        for (text, shown) in [
            (
                "{\"a\": [\"geheim\", 7, -1.5, true, null],\n<<<<<<< HEAD\n  \"b\" : \"ge\\\"heim\"\n=======\n}\n>>>>>>> main\n",
                "{\"a\": [\"********\", 7, -1.5, true, null],\n<<<<<<< HEAD\n  \"b\" : \"********\"\n=======\n}\n>>>>>>> main\n",
            ),
            ("{\"name\":\"Password\",\"value\":4711471147,}", "{\"name\":\"********\",\"value\":********,}"),
            ("{\"a\":\"\",\"b\":{}}", "{\"a\":\"\",\"b\":{}}"),
            // A quote is missing: what stands inside and outside of texts is the other way round.
            (
                "{\"a\":b\",\"password\":\"geheim\"}",
                "{\"a\":********\"********\"********\"********\"********\"********",
            ),
            // Or a text goes over two lines.
            (
                "{\"a\":\"one\r\ngeheim it is\",\"b\":1}",
                "{\"a\":\"********\r\n********\"********\"********\"********",
            ),
            ("\u{feff}{'password': 'geheim'}", "\u{feff}{********: ********}"),
        ] {
            assert_eq!(masked_unread_json(text), shown, "{text}");
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in ["\"", "\"a\" :", "a ", "\\\"", "{", "\n\""] {
            masked_unread_json(&piece.repeat(100_000));
        }
    }
}
