//! The texts in the files of flows, each with its place: the strings of a JSON file, the lines of a desktop script.
//!
//! Read [`strings`] first. What a text means is for the rules.

use std::ops::Range;

use serde_json::Value;

use crate::json::push_pointer;
use crate::model::{JsonPart, Place, XmlPart};
use crate::xml::Element;

/// Every string of a file that is a value, not a key, with its JSON pointer.
pub(super) fn strings(part: &JsonPart) -> impl Iterator<Item = (String, &str)> {
    strings_of(part.document.value(), "")
}

/// Every string in a value, the pointers beginning with that of the value. The depth is the input's: no recursion.
pub(super) fn strings_of<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (String, &'v str)> {
    let mut pointer = pointer.to_owned();
    let mut open: Vec<(usize, Members<'v>)> = Vec::new();
    let mut next = Some(value);
    std::iter::from_fn(move || {
        loop {
            match next.take() {
                Some(Value::String(text)) => return Some((pointer.clone(), text.as_str())),
                Some(Value::Object(members)) => open.push((pointer.len(), Members::Object(members.iter()))),
                Some(Value::Array(items)) => {
                    open.push((pointer.len(), Members::Array(items.iter().enumerate())))
                }
                _ => {}
            }
            let (length, members) = open.last_mut()?;
            pointer.truncate(*length);
            match members.push_next(&mut pointer) {
                Some(inside) => next = Some(inside),
                None => {
                    open.pop();
                }
            }
        }
    })
}

/// What is left of an object or array.
enum Members<'v> {
    Object(serde_json::map::Iter<'v>),
    Array(std::iter::Enumerate<std::slice::Iter<'v, Value>>),
}

impl<'v> Members<'v> {
    /// The next value; its step goes behind the pointer.
    fn push_next(&mut self, pointer: &mut String) -> Option<&'v Value> {
        match self {
            Self::Object(members) => {
                let (name, value) = members.next()?;
                push_pointer(pointer, name);
                Some(value)
            }
            Self::Array(items) => {
                let (at, value) = items.next()?;
                push_pointer(pointer, &at.to_string());
                Some(value)
            }
        }
    }
}

/// The script of a desktop flow: a column of XML that holds one JSON string.
pub(super) struct Script<'s> {
    part: &'s XmlPart,
    column: Element<'s>,
    lines: Vec<ScriptLine>,
}

/// One line of a script.
pub(super) struct ScriptLine {
    /// As a person sees it.
    pub(super) text: String,
    /// It does nothing: all of it is a comment.
    pub(super) is_comment: bool,
    /// Its bytes in the XML, escaped for JSON and then for XML.
    raw: Range<usize>,
}

impl<'s> Script<'s> {
    /// Reads the column `Definition`; none when it holds no JSON string, which is reported already.
    pub(super) fn read(part: &'s XmlPart, column: Element<'s>) -> Option<Self> {
        let Ok(Value::String(script)) = serde_json::from_str(&column.text()) else { return None };
        let inner = column.inner_range();
        let mut raw = raw_lines(part.document.bytes().get(inner.clone())?, inner.start).into_iter();
        let mut in_comment = false;
        let lines = script.split('\n').map(|text| {
            let text = text.trim_end_matches('\r');
            let statement = text.trim();
            let is_comment = in_comment || statement.starts_with('#') || statement.starts_with("/#");
            in_comment = (in_comment || statement.starts_with("/#")) && !statement.ends_with("#/");
            ScriptLine { text: text.to_owned(), is_comment, raw: raw.next().unwrap_or(inner.clone()) }
        });
        let lines = lines.collect();
        Some(Self { part, column, lines })
    }

    /// All lines in order.
    pub(super) fn lines(&self) -> &[ScriptLine] {
        &self.lines
    }

    /// Where a piece of a line stands; where the line starts when the piece is written in another way there.
    pub(super) fn place(&self, line: &ScriptLine, piece: &str) -> Place {
        let Some(raw) = self.part.document.bytes().get(line.raw.clone()) else {
            return self.part.place(self.column);
        };
        let at = memchr::memmem::find(raw, piece.as_bytes()).unwrap_or_default();
        self.part.place_at(line.raw.start + at)
    }
}

/// The lines of a JSON string by its `\n`, which XML writes as they are.
fn raw_lines(bytes: &[u8], start: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let escaped = at + found + 1;
        at = (escaped + 1).min(bytes.len());
        if bytes.get(escaped) == Some(&b'n') {
            lines.push(start + from..start + escaped - 1);
            from = at;
        }
    }
    lines.push(start + from..start + bytes.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    #[test]
    fn every_string_has_its_pointer() {
        let value = serde_json::json!({"a": ["x", {"b/c": "y"}, []], "d": 1, "e": {"f": "z"}});
        let found: Vec<(String, &str)> = strings_of(&value, "/in").collect();
        let found: Vec<(&str, &str)> =
            found.iter().map(|(pointer, text)| (pointer.as_str(), *text)).collect();
        assert_eq!(found, [("/in/a/0", "x"), ("/in/a/1/b~1c", "y"), ("/in/e/f", "z")]);
        assert_eq!(strings_of(&Value::from("x"), "").collect::<Vec<_>>(), [(String::new(), "x")]);
    }

    #[test]
    fn lines_of_a_script_have_their_places() {
        let text = "<r>\n<Definition>\"# no\\r\\nSET A TO &quot;\\\\n&quot;\\n/# one\\ntwo #/\\nEND\"</Definition></r>"
            .replace("&quot;", "\\&quot;");
        let document = xml::Document::parse(text.into_bytes(), &xml::Limits::default()).unwrap();
        let part = XmlPart::alone("c.xml", document);
        let script = Script::read(&part, part.document.root().child("Definition").unwrap()).unwrap();
        let lines: Vec<(&str, bool)> =
            script.lines().iter().map(|line| (line.text.as_str(), line.is_comment)).collect();
        assert_eq!(
            lines,
            [("# no", true), ("SET A TO \"\\n\"", false), ("/# one", true), ("two #/", true), ("END", false)]
        );
        let place = |at: usize, piece| script.place(&script.lines()[at], piece).to_string();
        assert_eq!((place(1, "A TO"), place(4, "END")), ("c.xml:2:26".to_owned(), "c.xml:2:66".to_owned()));
    }
}
