//! Edits of JSON text: items put into arrays and taken out, every other byte as it was.
//!
//! Read [`JsonText`] first. What is put in has the form of what is there ([`Style`]).

use std::ops::Range;

use super::style::Style;
use crate::json::Document;

/// Names and texts of an object.
pub(super) type Members<'m> = Vec<(&'m str, String)>;

/// Where an item goes: in front of or behind one that stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Before(usize),
    After(usize),
}

/// A document and the edits that are made to its text.
pub(super) struct JsonText<'d> {
    document: &'d Document,
    style: Style,
    edits: Vec<(Range<usize>, String)>,
}

impl<'d> JsonText<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, style: Style::of(document, &[]), edits: Vec::new() }
    }

    /// From here on items are written like those at these pointers, the best first.
    pub(super) fn write_like(&mut self, examples: &[&str]) {
        self.style = Style::of(self.document, examples);
    }

    /// The blanks in front of an offset, line ends included.
    fn blanks_before(&self, offset: usize) -> Range<usize> {
        let before = &self.document.bytes()[..offset];
        let start = before.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
        start..offset
    }

    /// Takes the items at these places out of an array; `kept` are the others, of which there is at least one.
    pub(super) fn remove_items(&mut self, array: &str, kept: &[usize], gone: &[usize]) {
        let item = |at: usize| self.document.range(&format!("{array}/{at}"));
        let first = kept.first().copied().unwrap_or_default();
        let mut cuts = Vec::new();
        for at in gone {
            // With the comma in front; in front of all that stay, with the comma behind.
            cuts.extend(if *at > first {
                item(at - 1).zip(item(*at)).map(|(before, own)| before.end..own.end)
            } else {
                item(*at).zip(item(at + 1)).map(|(own, after)| own.start..after.start)
            });
        }
        self.edits.extend(cuts.into_iter().map(|cut| (cut, String::new())));
    }

    /// Puts items beside one that stays.
    pub(super) fn insert_items(&mut self, array: &str, items: &[(Beside, Members<'_>)]) {
        for (beside, item) in items {
            let (Beside::Before(at) | Beside::After(at)) = *beside;
            let Some(range) = self.document.range(&format!("{array}/{at}")) else { continue };
            let own = self.blanks_before(range.start);
            // The first one may stand right behind the bracket, where the others have a blank or a line of their own.
            let blanks = match self.document.range(&format!("{array}/1")) {
                Some(second) if at == 0 && own.is_empty() => self.blanks_before(second.start),
                _ => own,
            };
            let blanks = if blanks.is_empty() {
                self.style.gap().to_owned()
            } else {
                String::from_utf8_lossy(&self.document.bytes()[blanks]).into_owned()
            };
            let row = self.style.object(item, indent_at(self.document, range.start));
            self.edits.push(match beside {
                Beside::Before(_) => (range.start..range.start, format!("{row},{blanks}")),
                Beside::After(_) => (range.end..range.end, format!(",{blanks}{row}")),
            });
        }
    }

    /// Replaces all items of an array, or what stands in its place.
    pub(super) fn replace_items(&mut self, array: &str, items: &[Members<'_>]) {
        let Some(whole) = self.document.range(array) else { return };
        let text = self.style.array(items, indent_at(self.document, whole.start));
        self.edits.push((whole, text));
    }

    /// Adds a member with an array to the outermost object.
    pub(super) fn add_array(&mut self, name: &str, items: &[Members<'_>]) {
        let Some(root) = self.document.range("") else { return };
        let end = root.end - 1;
        let blanks = self.blanks_before(end);
        let is_empty = self.document.value().as_object().is_none_or(serde_json::Map::is_empty);
        let outside = indent_at(self.document, root.start).to_owned();
        let member = self.style.member(name, items, &outside);
        self.edits.push(if is_empty {
            let after = self.style.between(&outside);
            (
                blanks.start..end,
                format!("{}{member}{after}", self.style.between(&self.style.deeper(&outside))),
            )
        } else {
            (
                blanks.start..blanks.start,
                format!(",{}{member}", self.style.behind_comma(&self.style.deeper(&outside))),
            )
        });
    }

    /// The bytes with all edits.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // Of those at one place the order in which they came.
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let bytes = self.document.bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for (range, text) in &self.edits {
            out.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
            out.extend_from_slice(text.as_bytes());
            at = range.end.max(at);
        }
        out.extend_from_slice(&bytes[at..]);
        out
    }
}

/// The blanks at the start of the line of an offset.
pub(super) fn indent_at(document: &Document, offset: usize) -> &str {
    let bytes = document.bytes();
    let start = memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |at| at + 1);
    let length = bytes[start..offset].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    std::str::from_utf8(&bytes[start..start + length]).unwrap_or_default()
}
