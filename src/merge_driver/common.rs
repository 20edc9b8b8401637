//! What two files have in common, for a merge of files that both sides added: neither was changed, for there was none before.
//!
//! With that as the base, what both say is kept, what one says is added, and what they say in two ways is a conflict. Read
//! [`common`] first.

use std::collections::BTreeMap;

use super::rows::{Side, beside_rows, rows};
use super::scan::Json;
use super::{Kind, json, xml};
use crate::diff::Meanings;
use crate::xml::{Document, Element};

/// The text that both files hold. The error is why nothing can be said of the parts.
pub(super) fn common(kind: Kind, ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, String> {
    match kind {
        Kind::Xml => of_xml(&xml::read(ours, "ours")?, &xml::read(theirs, "theirs")?),
        Kind::Json => of_json(&json::read(ours, "ours")?, &json::read(theirs, "theirs")?),
    }
}

/// What is still to be written.
enum Next<T> {
    Text(Vec<u8>),
    /// What both have of two that are not the same.
    Both(T, T),
}

/// Writes what `inside` makes of pairs, from the outside in; the last of its parts is written first.
fn written<T>(first: (T, T), mut inside: impl FnMut(T, T, &mut Vec<Next<T>>)) -> Vec<u8> {
    let mut text = Vec::new();
    let mut pending = vec![Next::Both(first.0, first.1)];
    while let Some(next) = pending.pop() {
        match next {
            Next::Text(part) => text.extend(part),
            Next::Both(one, other) => {
                let mut parts = Vec::new();
                inside(one, other, &mut parts);
                pending.extend(parts.into_iter().rev());
            }
        }
    }
    text
}

fn of_json(ours: &Json, theirs: &Json) -> Result<Vec<u8>, String> {
    if !ours.is_object(0) || !theirs.is_object(0) {
        return Err("the outermost value is no object".to_owned());
    }
    Ok(written((0, 0), |one, other, parts| {
        let in_theirs: BTreeMap<String, u32> =
            theirs.members(other).iter().map(|member| (theirs.key(*member), *member)).collect();
        let mut before: &[u8] = b"{";
        for member in ours.members(one) {
            let Some(their) = in_theirs.get(&ours.key(*member)) else { continue };
            let is_same = ours.meaning(*member) == theirs.meaning(*their);
            let is_shared = is_same || (ours.is_object(*member) && theirs.is_object(*their));
            if !is_shared {
                continue;
            }
            let whole = ours.member_range(*member);
            let value = ours.range(*member);
            parts.push(Next::Text(before.to_vec()));
            parts.push(Next::Text(ours.bytes()[whole.start..value.start].to_vec()));
            parts.push(match is_same {
                true => Next::Text(ours.raw(*member).to_vec()),
                false => Next::Both(*member, *their),
            });
            before = b",";
        }
        parts.push(Next::Text(if before == b"{" { b"{}".to_vec() } else { b"}".to_vec() }));
    }))
}

fn of_xml(ours: &Document, theirs: &Document) -> Result<Vec<u8>, String> {
    if ours.root().name() != theirs.root().name() {
        return Err("the outermost elements have two names".to_owned());
    }
    let meanings = [Meanings::of(ours), Meanings::of(theirs)];
    let inner = written((ours.root(), theirs.root()), |one: Element<'_>, other, parts| {
        let tag = start_tag(one, other);
        let shared = shared_children([one, other], &meanings);
        // Between rows only what both have can stand; a text that they do not share is none.
        let beside = [one, other].map(beside_rows);
        let text = match (beside[0] == beside[1], shared.is_empty()) {
            (true, true) if one.children().next().is_none() => {
                one.document().bytes()[one.inner_range()].to_vec()
            }
            (true, _) => beside[0].concat(),
            (false, _) => Vec::new(),
        };
        parts.push(Next::Text([b"<", &tag[..], b">", &text[..]].concat()));
        for (child, their, is_same) in shared {
            parts.push(match is_same {
                true => Next::Text(child.document().bytes()[child.range()].to_vec()),
                false => Next::Both(child, their),
            });
        }
        parts.push(Next::Text([b"</", one.name().as_bytes(), b">"].concat()));
    });
    let (bytes, root) = (ours.bytes(), ours.root().range());
    Ok([&bytes[..root.start], &inner, &bytes[root.end..]].concat())
}

/// The name, and the attributes that both have.
fn start_tag(one: Element<'_>, other: Element<'_>) -> Vec<u8> {
    let mut tag = one.name().as_bytes().to_vec();
    for attribute in one.attributes() {
        let is_shared = other.attribute(attribute.name).is_some_and(|value| value == attribute.value());
        if is_shared {
            let quote = one.document().bytes()[attribute.value_offset - 1];
            tag.push(b' ');
            tag.extend(attribute.name.as_bytes());
            tag.extend([b'=', quote]);
            tag.extend(attribute.raw_value.as_bytes());
            tag.push(quote);
        }
    }
    tag
}

/// The rows that both have: the same, or with rows inside that can be told from each other.
fn shared_children<'d>(
    [one, other]: [Element<'d>; 2],
    meanings: &[Meanings; 2],
) -> Vec<(Element<'d>, Element<'d>, bool)> {
    let sides = [(one, 0), (one, 0), (other, 1)]
        .map(|(element, side): (_, usize)| Side { element, meanings: &meanings[side] });
    let Some((_, [_, in_ours, in_theirs])) = rows(sides) else { return Vec::new() };
    let pairs = in_ours.in_order.iter().filter_map(|(key, child)| {
        let their = in_theirs.get(key)?;
        let is_same = meanings[0].get(*child) == meanings[1].get(their);
        let has_rows = |element: Element<'d>| element.children().next().is_some();
        let is_shared = is_same || (child.name() == their.name() && (has_rows(*child) || has_rows(their)));
        is_shared.then_some((*child, their, is_same))
    });
    pairs.collect()
}
