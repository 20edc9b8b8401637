//! Lists without an order in JSON that stands in an element as its text: what a desktop flow needs.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use crate::diff::{is_unordered_path, path_of};
use crate::json;
use crate::xml::{Document, Element};

/// The texts of elements whose lists are not in order, by their place: the bytes of the text, and those that it gets.
pub(super) fn in_order(document: &Document) -> BTreeMap<usize, (Range<usize>, Vec<u8>)> {
    let mut texts = BTreeMap::new();
    for index in 0..u32::try_from(document.records().len()).unwrap_or(u32::MAX) {
        let Some(element) = document.element(index) else { continue };
        let range = element.inner_range();
        let raw = &document.bytes()[range.clone()];
        // A text with references is another one when it is read, and CDATA is marked up.
        if !raw.starts_with(b"{") || memchr::memchr2(b'&', b'<', raw).is_some() {
            continue;
        }
        if let Some(sorted) = sorted(element, raw) {
            texts.insert(range.start, (range, sorted));
        }
    }
    texts
}

/// The text with its lists in order; none where they are, or where it is no JSON.
fn sorted(element: Element<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    let document =
        json::Document::parse(raw.to_vec()).ok().filter(|text| text.duplicate_keys().is_empty())?;
    let members = document.value().as_object()?;
    let mut edits: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (name, value) in members {
        let Value::Array(items) = value else { continue };
        let mut path = path_of(element);
        path.push(name);
        let items: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
        let Some(items) = items.filter(|_| is_unordered_path(&path)) else { continue };
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_cached_key(|&item| (items[item].to_lowercase(), items[item]));
        if order.is_sorted() {
            continue;
        }
        let mut pointer = String::new();
        json::push_pointer(&mut pointer, name);
        let ranges: Option<Vec<Range<usize>>> =
            (0..items.len()).map(|item| document.range(&format!("{pointer}/{item}"))).collect();
        let ranges = ranges?;
        edits.extend(order.iter().zip(&ranges).map(|(from, place)| (place.clone(), ranges[*from].clone())));
    }
    edits.sort_by_key(|(place, _)| place.start);
    let mut text = Vec::with_capacity(raw.len());
    let mut at = 0;
    for (place, from) in &edits {
        text.extend_from_slice(&raw[at..place.start]);
        text.extend_from_slice(&raw[from.clone()]);
        at = place.end;
    }
    text.extend_from_slice(&raw[at..]);
    (!edits.is_empty()).then_some(text)
}
