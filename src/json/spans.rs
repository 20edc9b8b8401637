//! Where each value of a text stands: a flat list in document order, made by one pass without recursion.
//!
//! The text has been read by serde_json before, so that nothing here is ill-formed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Positions of all values of one text.
#[derive(Debug, Default)]
pub(super) struct Spans {
    values: Vec<Span>,
    /// Index of the first and of the second member, for each key that stands twice in its object.
    duplicates: Vec<(u32, u32)>,
    /// The members of objects that have many, by key, and for a key that stands twice the last: each lookup would walk
    /// over all of them.
    large_objects: HashMap<u32, HashMap<Box<str>, u32>>,
    /// The same for arrays.
    large_arrays: HashMap<u32, Vec<u32>>,
}

#[derive(Debug)]
struct Span {
    start: u32,
    /// Index after the last value inside.
    next: u32,
    /// Start of the key's opening quote, for a member of an object.
    key: Option<u32>,
    parent: u32,
}

const NO_PARENT: u32 = u32::MAX;
/// Up to so many members each is compared with those before it; from there on a set keeps the time linear.
const FEW_MEMBERS: usize = 8;
/// An object or array with more values than that is looked up by key or by number.
const MANY_VALUES: usize = 64;

impl Spans {
    /// Reads the well-formed JSON that starts at `from`.
    pub(super) fn new(bytes: &[u8], from: usize) -> Self {
        let mut spans = Self::default();
        let mut open: Vec<u32> = Vec::new();
        let mut key = None;
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'{' | b'[' => {
                    let index = spans.push(at, key.take(), open.last());
                    open.push(index);
                    at += 1;
                }
                b'}' | b']' => {
                    if let Some(index) = open.pop() {
                        spans.close(bytes, index);
                    }
                    at += 1;
                }
                b'"' => {
                    let end = string_end(bytes, at);
                    let after = skip_blanks(bytes, end);
                    if bytes.get(after) == Some(&b':') {
                        key = Some(at as u32);
                        at = after + 1;
                    } else {
                        spans.push(at, key.take(), open.last());
                        at = end;
                    }
                }
                byte if byte == b',' || byte.is_ascii_whitespace() => at += 1,
                _ => {
                    spans.push(at, key.take(), open.last());
                    let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                    at += bytes[at..].iter().position(is_end).unwrap_or(bytes.len() - at);
                }
            }
        }
        spans
    }

    fn push(&mut self, start: usize, key: Option<u32>, parent: Option<&u32>) -> u32 {
        let index = self.values.len() as u32;
        let parent = parent.copied().unwrap_or(NO_PARENT);
        self.values.push(Span { start: start as u32, next: index + 1, key, parent });
        index
    }

    fn close(&mut self, bytes: &[u8], index: u32) {
        self.values[index as usize].next = self.values.len() as u32;
        if bytes[self.values[index as usize].start as usize] != b'{' {
            let elements: Vec<u32> = self.children(index).collect();
            if elements.len() > MANY_VALUES {
                self.large_arrays.insert(index, elements);
            }
            return;
        }
        let members: Vec<(u32, Cow<'_, str>)> = self
            .children(index)
            .filter_map(|child| Some((child, key_text(bytes, self.values[child as usize].key?))))
            .collect();
        let mut seen = HashSet::new();
        for (at, (member, key)) in members.iter().enumerate() {
            let is_twice = if members.len() <= FEW_MEMBERS {
                members[..at].iter().any(|(_, earlier)| earlier == key)
            } else {
                !seen.insert(key)
            };
            if is_twice && let Some((first, _)) = members.iter().find(|(_, earlier)| earlier == key) {
                self.duplicates.push((*first, *member));
            }
        }
        if members.len() > MANY_VALUES {
            let by_key = members.into_iter().map(|(member, key)| (Box::from(&*key), member)).collect();
            self.large_objects.insert(index, by_key);
        }
    }

    fn children(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        let end = self.values[index as usize].next;
        let mut child = index + 1;
        std::iter::from_fn(move || {
            (child < end).then(|| {
                let this = child;
                child = self.values[this as usize].next;
                this
            })
        })
    }

    /// Byte offset of the value at a pointer (RFC 6901); of a key that stands twice the last, as serde_json takes it.
    pub(super) fn find(&self, bytes: &[u8], pointer: &str) -> Option<usize> {
        let mut index = 0;
        if !pointer.is_empty() {
            for token in pointer.strip_prefix('/')?.split('/') {
                let token = token.replace("~1", "/").replace("~0", "~");
                let is_object = bytes[self.values.get(index as usize)?.start as usize] == b'{';
                index = if let Some(by_key) = self.large_objects.get(&index) {
                    *by_key.get(token.as_str())?
                } else if let Some(elements) = self.large_arrays.get(&index) {
                    *elements.get(token.parse::<usize>().ok()?)?
                } else if is_object {
                    let named = |child: &u32| {
                        self.values[*child as usize].key.is_some_and(|key| key_text(bytes, key) == token)
                    };
                    self.children(index).filter(named).last()?
                } else {
                    self.children(index).nth(token.parse().ok()?)?
                };
            }
        }
        self.values.get(index as usize).map(|span| span.start as usize)
    }

    /// Every key that stands twice: its pointer, and the offsets of both keys.
    pub(super) fn duplicates(&self, bytes: &[u8]) -> impl Iterator<Item = (String, usize, usize)> {
        self.duplicates.iter().map(|&(first, second)| {
            let offset = |member: u32| self.values[member as usize].key.unwrap_or_default() as usize;
            (self.pointer(bytes, second), offset(first), offset(second))
        })
    }

    fn pointer(&self, bytes: &[u8], index: u32) -> String {
        let mut tokens = Vec::new();
        let mut index = index;
        while self.values[index as usize].parent != NO_PARENT {
            let span = &self.values[index as usize];
            tokens.push(match span.key {
                Some(key) => key_text(bytes, key).into_owned(),
                None => self.children(span.parent).take_while(|&child| child < index).count().to_string(),
            });
            index = span.parent;
        }
        let mut pointer = String::new();
        tokens.iter().rev().for_each(|token| super::push_pointer(&mut pointer, token));
        pointer
    }
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The offset behind the closing quote of the string that opens at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

fn key_text(bytes: &[u8], quote: u32) -> Cow<'_, str> {
    let quote = quote as usize;
    let end = string_end(bytes, quote);
    let quoted = std::str::from_utf8(&bytes[quote..end]).unwrap_or("\"\"");
    let plain = &quoted[1..quoted.len() - 1];
    if !plain.contains('\\') {
        return Cow::Borrowed(plain);
    }
    serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(plain), Cow::Owned)
}
