//! Where each value of a text stands: a flat list in document order, made by one pass without recursion.
//!
//! The text has been read by serde_json before, so that nothing here is ill-formed.

use std::borrow::Cow;

/// Positions of all values of one text.
#[derive(Debug, Default)]
pub(super) struct Spans {
    values: Vec<Span>,
    /// The direct members of each object and array, one after the other: those of an object by key and then by place,
    /// those of an array by place.
    members: Vec<u32>,
    /// Index of the first member with the key and of another one.
    duplicates: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct Span {
    start: u32,
    /// Start of the key's opening quote, for a member of an object.
    key: Option<u32>,
    parent: u32,
    /// Where in `members` those of this value are.
    first_member: u32,
    member_count: u32,
}

const NO_PARENT: u32 = u32::MAX;

/// One pass over a text.
struct Scan<'b> {
    text: &'b str,
    spans: Spans,
    /// The open objects and arrays, and where in `inside` their members begin.
    open: Vec<(u32, usize)>,
    /// The members that were met so far of all open objects and arrays.
    inside: Vec<u32>,
    keyed: Vec<(Cow<'b, str>, u32)>,
}

impl Spans {
    /// Reads the well-formed JSON that starts at `from`.
    pub(super) fn new(text: &str, from: usize) -> Self {
        let bytes = text.as_bytes();
        let mut scan =
            Scan { text, spans: Self::default(), open: Vec::new(), inside: Vec::new(), keyed: Vec::new() };
        let mut key = None;
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'{' | b'[' => {
                    let index = scan.push(at, key.take());
                    scan.open.push((index, scan.inside.len()));
                    at += 1;
                }
                b'}' | b']' => {
                    scan.close();
                    at += 1;
                }
                b'"' => {
                    let end = string_end(bytes, at);
                    let after = skip_blanks(bytes, end);
                    if bytes.get(after) == Some(&b':') {
                        key = Some(at as u32);
                        at = after + 1;
                    } else {
                        scan.push(at, key.take());
                        at = end;
                    }
                }
                byte if byte == b',' || byte.is_ascii_whitespace() => at += 1,
                _ => {
                    scan.push(at, key.take());
                    let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                    at += bytes[at..].iter().position(is_end).unwrap_or(bytes.len() - at);
                }
            }
        }
        let mut spans = scan.spans;
        let value = |index: u32| spans.values[index as usize].key;
        spans.duplicates.sort_by_key(|&(_, again)| value(again));
        spans
    }

    /// Byte offset of the value at a pointer (RFC 6901); of a key that stands twice the last, as serde_json takes it.
    pub(super) fn find(&self, text: &str, pointer: &str) -> Option<usize> {
        Some(self.values[self.index_of(text, pointer)?].start as usize)
    }

    /// Byte offset of the key of the member at a pointer.
    pub(super) fn find_key(&self, text: &str, pointer: &str) -> Option<usize> {
        self.values[self.index_of(text, pointer)?].key.map(|key| key as usize)
    }

    fn index_of(&self, text: &str, pointer: &str) -> Option<usize> {
        let mut span = self.values.first()?;
        let mut index = 0;
        if !pointer.is_empty() {
            for token in pointer.strip_prefix('/')?.split('/') {
                let token = unescape(token);
                let members = self.members_of(span);
                let member = if text.as_bytes()[span.start as usize] == b'{' {
                    let key = |&member: &u32| self.key(text, member);
                    let behind = members.partition_point(|member| key(member) <= token);
                    *members[..behind].last().filter(|member| key(member) == token)?
                } else {
                    *members.get(array_index(&token)?)?
                };
                index = member as usize;
                span = &self.values[index];
            }
        }
        Some(index)
    }

    fn members_of(&self, span: &Span) -> &[u32] {
        &self.members[span.first_member as usize..][..span.member_count as usize]
    }

    fn key<'b>(&self, text: &'b str, member: u32) -> Cow<'b, str> {
        self.values[member as usize].key.map_or(Cow::Borrowed(""), |quote| key_text(text, quote))
    }

    /// Every key that stands twice, by the place of the second: its pointer, and the offsets of both keys.
    pub(super) fn duplicates(&self, text: &str) -> impl Iterator<Item = (String, usize, usize)> {
        self.duplicates.iter().map(|&(first, second)| {
            let offset = |member: u32| self.values[member as usize].key.unwrap_or_default() as usize;
            (self.pointer(text, second), offset(first), offset(second))
        })
    }

    fn pointer(&self, text: &str, index: u32) -> String {
        let mut tokens = Vec::new();
        let mut index = index;
        while let span = &self.values[index as usize]
            && span.parent != NO_PARENT
        {
            tokens.push(match span.key {
                Some(quote) => key_text(text, quote),
                None => {
                    let members = self.members_of(&self.values[span.parent as usize]);
                    Cow::Owned(members.partition_point(|&member| member < index).to_string())
                }
            });
            index = span.parent;
        }
        let mut pointer = String::new();
        tokens.iter().rev().for_each(|token| super::push_pointer(&mut pointer, token));
        pointer
    }
}

impl Scan<'_> {
    fn push(&mut self, start: usize, key: Option<u32>) -> u32 {
        let index = self.spans.values.len() as u32;
        let parent = self.open.last().map_or(NO_PARENT, |&(parent, _)| parent);
        self.spans.values.push(Span { start: start as u32, key, parent, first_member: 0, member_count: 0 });
        self.inside.push(index);
        index
    }

    fn close(&mut self) {
        let Some((index, from)) = self.open.pop() else { return };
        let first_member = self.spans.members.len();
        let is_object = self.text.as_bytes()[self.spans.values[index as usize].start as usize] == b'{';
        if is_object {
            let (text, spans) = (self.text, &self.spans);
            self.keyed.clear();
            self.keyed.extend(self.inside[from..].iter().map(|&member| {
                let quote = spans.values[member as usize].key.unwrap_or_default();
                (key_text(text, quote), member)
            }));
            self.keyed.sort_unstable();
            self.spans.members.extend(self.keyed.iter().map(|&(_, member)| member));
            for same in self.keyed.chunk_by(|(one, _), (next, _)| one == next) {
                self.spans.duplicates.extend(same[1..].iter().map(|&(_, again)| (same[0].1, again)));
            }
        } else {
            self.spans.members.extend_from_slice(&self.inside[from..]);
        }
        self.inside.truncate(from);
        let value = &mut self.spans.values[index as usize];
        value.first_member = first_member as u32;
        value.member_count = (self.spans.members.len() - first_member) as u32;
    }
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The offset behind the closing quote of the string that opens at `at`.
pub(crate) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The key that opens with the quote at that offset, escapes resolved.
fn key_text(text: &str, quote: u32) -> Cow<'_, str> {
    let quote = quote as usize;
    let quoted = &text[quote..string_end(text.as_bytes(), quote)];
    let plain = &quoted[1..quoted.len() - 1];
    if memchr::memchr(b'\\', plain.as_bytes()).is_none() {
        return Cow::Borrowed(plain);
    }
    serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(plain), Cow::Owned)
}

/// A token of a pointer, as RFC 6901 resolves it.
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Digits without a leading zero or sign.
fn array_index(token: &str) -> Option<usize> {
    let is_plain =
        token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    token.parse().ok().filter(|_| is_plain)
}
