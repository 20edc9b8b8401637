//! JSON with the places of its members: a flat list, made by one pass without recursion.
//!
//! The text has been read before, so that nothing here is ill-formed and no key stands twice. Read [`Json`] first.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::json::{Document, string_end};
use crate::text::mark_length;

/// Checksum of what a value says.
type Meaning = [u8; 16];

/// One value.
#[derive(Debug)]
struct Value {
    range: Range<usize>,
    /// The key in front of it, quotes included.
    key: Option<Range<usize>>,
    members: Vec<u32>,
    meaning: Meaning,
}

/// All values of a text; the outermost one first, what is inside a value after it.
#[derive(Debug)]
pub(super) struct Json {
    document: Document,
    values: Vec<Value>,
}

impl Json {
    /// Reads a text. The error is in words.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let document = Document::parse(bytes.to_vec())
            .map_err(|error| format!("line {}: {error}", error.position().line))?;
        if let Some(twice) = document.duplicate_keys().first() {
            return Err(format!("a key stands twice, in line {}", twice.second.line));
        }
        let mut json = Self { document, values: Vec::new() };
        json.scan();
        json.sum();
        Ok(json)
    }

    fn scan(&mut self) {
        let bytes = self.document.bytes();
        let mut open: Vec<u32> = Vec::new();
        let mut key = None;
        let mut at = mark_length(bytes);
        let mut values: Vec<Value> = Vec::new();
        while at < bytes.len() {
            let start = at;
            match bytes[at] {
                b'}' | b']' => {
                    at += 1;
                    if let Some(index) = open.pop() {
                        values[index as usize].range.end = at;
                    }
                    continue;
                }
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => {
                    at += 1;
                    continue;
                }
                b'{' | b'[' => at += 1,
                b'"' => at = string_end(bytes, at),
                _ => {
                    let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                    at += bytes[at..].iter().position(is_end).unwrap_or(bytes.len() - at);
                }
            }
            if bytes[start] == b'"' {
                let blanks = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if bytes.get(at + blanks) == Some(&b':') {
                    key = Some(start..at);
                    at += blanks + 1;
                    continue;
                }
            }
            let index = u32::try_from(values.len()).unwrap_or(u32::MAX);
            if let Some(parent) = open.last() {
                values[*parent as usize].members.push(index);
            }
            values.push(Value {
                range: start..at,
                key: key.take(),
                members: Vec::new(),
                meaning: Meaning::default(),
            });
            if matches!(bytes[start], b'{' | b'[') {
                open.push(index);
            }
        }
        self.values = values;
    }

    /// Works the meanings out, from the inside out.
    fn sum(&mut self) {
        for index in (0..self.values.len()).rev() {
            let value = &self.values[index];
            let mut hasher = Sha256::new();
            let raw = self.raw(index as u32);
            match raw.first() {
                Some(first @ (b'{' | b'[')) => {
                    hasher.update([*first]);
                    let mut members: Vec<(String, Meaning)> = value
                        .members
                        .iter()
                        .map(|member| (self.key(*member), self.values[*member as usize].meaning))
                        .collect();
                    if *first == b'{' {
                        members.sort_unstable();
                    }
                    for (key, meaning) in members {
                        hasher.update((key.len() as u64).to_le_bytes());
                        hasher.update(key);
                        hasher.update(meaning);
                    }
                }
                Some(b'"') => {
                    hasher.update(b"\"");
                    hasher.update(text_of(raw));
                }
                _ => {
                    hasher.update(b" ");
                    hasher.update(raw);
                }
            }
            let sum = hasher.finalize();
            self.values[index].meaning.copy_from_slice(&sum[..16]);
        }
    }

    /// The original bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.document.bytes()
    }

    /// The bytes of a value.
    pub(super) fn range(&self, index: u32) -> Range<usize> {
        self.values[index as usize].range.clone()
    }

    /// The bytes of a member, its key included.
    pub(super) fn member_range(&self, index: u32) -> Range<usize> {
        let value = &self.values[index as usize];
        value.key.as_ref().map_or(value.range.start, |key| key.start)..value.range.end
    }

    pub(super) fn raw(&self, index: u32) -> &[u8] {
        &self.bytes()[self.range(index)]
    }

    pub(super) fn meaning(&self, index: u32) -> Meaning {
        self.values[index as usize].meaning
    }

    pub(super) fn is_object(&self, index: u32) -> bool {
        self.raw(index).first() == Some(&b'{')
    }

    /// The members of an object, or the items of a list.
    pub(super) fn members(&self, index: u32) -> &[u32] {
        &self.values[index as usize].members
    }

    /// The key in front of a value, escapes resolved.
    pub(super) fn key(&self, index: u32) -> String {
        let key = self.values[index as usize].key.clone();
        key.map(|key| text_of(&self.bytes()[key])).unwrap_or_default()
    }
}

fn text_of(quoted: &[u8]) -> String {
    // It was read before.
    serde_json::from_slice(quoted).unwrap_or_else(|_| String::from_utf8_lossy(quoted).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_has_its_place() {
        let json = Json::read(br#"{"a": [1, "x:y"], "b\"" : {"c":null}, "d":-1e3}"#).unwrap();
        let told: Vec<String> = json
            .members(0)
            .iter()
            .map(|member| {
                let range = json.member_range(*member);
                format!("{} {}", json.key(*member), String::from_utf8_lossy(&json.bytes()[range]))
            })
            .collect();
        assert_eq!(told, [r#"a "a": [1, "x:y"]"#, r#"b" "b\"" : {"c":null}"#, r#"d "d":-1e3"#]);
        let meaning = |text: &str| Json::read(text.as_bytes()).unwrap().meaning(0);
        assert_eq!(meaning(r#"{"a":1,"b":"\u0041"}"#), meaning(r#" { "b" : "A", "a":1 }"#));
        assert_ne!(meaning("[1,2]"), meaning("[2,1]"));
        assert_ne!(meaning(r#"{"a":"1"}"#), meaning(r#"{"a":1}"#));
        assert!(Json::read(br#"{"a":1,"a":2}"#).is_err());
    }
}
