//! Lists of an XML document whose order means nothing, sorted: rows change places, every other byte stays where it is.
//!
//! The order is that in which unpacking writes the lists that it sorts itself, so that the two agree. Read [`in_order`] first.

use std::collections::BTreeMap;
use std::ops::Range;

use super::embedded;
use crate::diff::{Meaning, Meanings, is_noise, is_unordered, row_key};
use crate::layout::listed_key;
use crate::xml::{Document, Element, NodeKind};

/// Lists that unpacking sorts by type, as a text, before the name.
const BY_TYPE: &[&str] = &["RootComponents", "AppModuleComponents"];

/// So many bytes of a row without a key are looked at before all that it says.
const LONGEST_BEGINNING: usize = 200;

/// The document with its lists in order; none where they are.
pub(super) fn in_order(document: &Document) -> Option<Vec<u8>> {
    let orders = orders(document);
    let texts = embedded::in_order(document);
    if orders.is_empty() && texts.is_empty() {
        return None;
    }
    let mut writer = Writer { document, orders, texts, out: Vec::with_capacity(document.bytes().len()) };
    writer.write();
    Some(writer.out)
}

/// The rows of each list that is not in order, by the number of the list.
fn orders(document: &Document) -> BTreeMap<u32, Vec<u32>> {
    let mut orders = BTreeMap::new();
    let mut meanings = None;
    for index in 0..u32::try_from(document.records().len()).unwrap_or(u32::MAX) {
        let Some(list) = document.element(index).filter(|list| is_list(*list)) else { continue };
        let rows: Vec<Element<'_>> = list.children().collect();
        let keys: Vec<Key> = rows.iter().map(|row| Key::of(list, *row)).collect();
        if keys.is_sorted_by(|one, next| one < next) {
            continue;
        }
        // What has one key is told by all that it says, whatever the order of lists inside.
        let has_ties = {
            let mut sorted: Vec<&Key> = keys.iter().collect();
            sorted.sort_unstable();
            sorted.windows(2).any(|two| two[0] == two[1])
        };
        let tie = |row: Element<'_>, meanings: &mut Option<Meanings>| -> Meaning {
            if !has_ties {
                return Meaning::default();
            }
            meanings.get_or_insert_with(|| Meanings::of(document)).get(row)
        };
        let mut sorted: Vec<(Key, Meaning, u32)> = keys
            .into_iter()
            .zip(&rows)
            .map(|(key, row)| (key, tie(*row, &mut meanings), row.index()))
            .collect();
        // Rows that say the same stay in their order.
        sorted.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let sorted: Vec<u32> = sorted.into_iter().map(|(.., index)| index).collect();
        if !sorted.iter().copied().eq(rows.iter().map(Element::index)) {
            orders.insert(index, sorted);
        }
    }
    orders
}

/// Whether an element is a list that is sorted: one without an order, with nothing but rows in it. A comment stands before what
/// it is about.
fn is_list(element: Element<'_>) -> bool {
    let mut children = element.children();
    let has_two = children.next().is_some() && children.next().is_some();
    has_two
        && !element.has_text()
        && is_unordered(element)
        && element.nodes().all(|node| matches!(node.kind, NodeKind::Element | NodeKind::Text))
}

/// What a row is sorted by, before what it says.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: String,
    name: String,
    key: Vec<(u8, char)>,
    id: String,
}

impl Key {
    fn of(list: Element<'_>, row: Element<'_>) -> Self {
        let attribute = |name: &str| row.attribute(name).unwrap_or_default();
        let name = row.name().to_owned();
        if BY_TYPE.contains(&list.name()) {
            let key = listed_key(&attribute("schemaName"));
            return Self {
                kind: attribute("type").into_owned(),
                name,
                key,
                id: attribute("id").to_lowercase(),
            };
        }
        let key = row_key(row).unwrap_or_else(|| beginning(row));
        Self { kind: String::new(), name, key: listed_key(&key), id: String::new() }
    }
}

/// What a row without a key begins with: its attributes, its text and the texts directly inside. A row that changes a little keeps
/// its place by that.
fn beginning(row: Element<'_>) -> String {
    let mut text = String::new();
    let attributes = row.attributes().filter(|attribute| !is_noise(row, attribute.name));
    let inside = std::iter::once(row).chain(row.children()).filter(|part| part.children().next().is_none());
    let texts = attributes.map(|attribute| attribute.value()).chain(inside.map(|part| part.text()));
    for part in texts {
        let part = part.trim();
        if text.len() >= LONGEST_BEGINNING {
            break;
        }
        text.extend(part.chars().take(LONGEST_BEGINNING));
        text.push(' ');
    }
    text
}

/// Writes the document with its rows in other places.
struct Writer<'d> {
    document: &'d Document,
    orders: BTreeMap<u32, Vec<u32>>,
    /// Texts of elements that are other ones, by their place.
    texts: BTreeMap<usize, (Range<usize>, Vec<u8>)>,
    out: Vec<u8>,
}

/// What is still to be written.
enum Piece {
    Bytes(Range<usize>),
    Element(u32),
}

impl Writer<'_> {
    fn write(&mut self) {
        let document = self.document;
        let root = document.root().range();
        let mut pending = vec![
            Piece::Bytes(root.end..document.bytes().len()),
            Piece::Element(document.root().index()),
            Piece::Bytes(0..root.start),
        ];
        while let Some(piece) = pending.pop() {
            let index = match piece {
                Piece::Bytes(range) => {
                    self.out.extend_from_slice(&document.bytes()[range]);
                    continue;
                }
                Piece::Element(index) => index,
            };
            let Some(element) = document.element(index) else { continue };
            let end = document.records()[index as usize].next;
            let range = element.range();
            if let Some((_, (text, other))) = self.texts.range(range.clone()).next()
                && element.children().next().is_none()
            {
                self.out.extend_from_slice(&document.bytes()[range.start..text.start]);
                self.out.extend_from_slice(other);
                self.out.extend_from_slice(&document.bytes()[text.end..range.end]);
                continue;
            }
            if self.orders.range(index..end).next().is_none()
                && self.texts.range(range.clone()).next().is_none()
            {
                self.out.extend_from_slice(&document.bytes()[range]);
                continue;
            }
            let children: Vec<Element<'_>> = element.children().collect();
            let order = self.orders.get(&index);
            let mut pieces = Vec::with_capacity(2 * children.len() + 1);
            let mut at = range.start;
            for (place, child) in children.iter().enumerate() {
                let there = child.range();
                pieces.push(Piece::Bytes(at..there.start));
                pieces.push(Piece::Element(order.map_or(child.index(), |order| order[place])));
                at = there.end;
            }
            pieces.push(Piece::Bytes(at..range.end));
            pending.extend(pieces.into_iter().rev());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn formatted(text: &str) -> Option<String> {
        let document = Document::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let found = in_order(&document).map(|bytes| String::from_utf8(bytes).unwrap());
        if let Some(found) = &found {
            let again = Document::parse(found.clone().into_bytes(), &Limits::default()).unwrap();
            assert_eq!(in_order(&again), None, "{found}");
        }
        found
    }

    #[test]
    fn rows_change_places_and_all_else_stays() {
        let text = "<M>\r\n <MissingDependencies>\r\n  <MissingDependency><Required key='0' type='1' schemaName='b'/></MissingDependency>\n\t<MissingDependency><Required key='1' type='1' schemaName='a'/></MissingDependency>\r\n </MissingDependencies></M>";
        let expected = "<M>\r\n <MissingDependencies>\r\n  <MissingDependency><Required key='1' type='1' schemaName='a'/></MissingDependency>\n\t<MissingDependency><Required key='0' type='1' schemaName='b'/></MissingDependency>\r\n </MissingDependencies></M>";
        assert_eq!(formatted(text).as_deref(), Some(expected));
    }

    #[test]
    fn lists_inside_of_lists_are_sorted_too() {
        let text = "<attributes><a><Name>y</Name><labels><label languagecode='3'/><label languagecode='1'/></labels></a><a><Name>x</Name></a></attributes>";
        let expected = "<attributes><a><Name>x</Name></a><a><Name>y</Name><labels><label languagecode='1'/><label languagecode='3'/></labels></a></attributes>";
        assert_eq!(formatted(text).as_deref(), Some(expected));
    }

    #[test]
    fn what_has_an_order_stays() {
        for text in [
            "<options><option value='2'/><option value='1'/></options>",
            "<labels><!-- why --><label languagecode='2'/><label languagecode='1'/></labels>",
            "<labels>text<label languagecode='2'/><label languagecode='1'/></labels>",
        ] {
            assert_eq!(formatted(text), None, "{text}");
        }
    }

    #[test]
    fn rows_in_any_order_give_one_document() {
        let rows = [
            "<Definition><SchemaName>b</SchemaName><DefaultValue>1</DefaultValue></Definition>",
            "<Definition><SchemaName>a</SchemaName><DefaultValue>1</DefaultValue></Definition>",
            "<Definition><SchemaName>a</SchemaName><DefaultValue>2</DefaultValue></Definition>",
            "<Definition><SchemaName>c</SchemaName><x><labels><label languagecode='2'/><label languagecode='1'/></labels></x></Definition>",
            "<Definition><SchemaName>c</SchemaName><x><labels><label languagecode='2'/><label languagecode='3'/></labels></x></Definition>",
        ];
        let mut found = std::collections::BTreeSet::new();
        for first in 0..rows.len() {
            for step in 1..rows.len() {
                let order = (0..rows.len()).map(|place| rows[(first + place * step) % rows.len()]);
                let text =
                    format!("<EnvironmentVariables>{}</EnvironmentVariables>", order.collect::<String>());
                found.insert(formatted(&text).unwrap_or(text));
            }
        }
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn root_components_come_as_unpacking_sorts_them() {
        let text = "<RootComponents><RootComponent type='80' schemaName='a'/><RootComponent type='300' schemaName='b'/><RootComponent type='1' schemaName='x1'/><RootComponent type='1' schemaName='x_'/></RootComponents>";
        let expected = "<RootComponents><RootComponent type='1' schemaName='x_'/><RootComponent type='1' schemaName='x1'/><RootComponent type='300' schemaName='b'/><RootComponent type='80' schemaName='a'/></RootComponents>";
        assert_eq!(formatted(text).as_deref(), Some(expected));
    }

    #[test]
    fn sets_in_embedded_json_are_sorted() {
        let text = r#"<Workflow><Dependencies>{"childFlows": ["b", "a"],"other":["b","a"],"workQueues":[]}</Dependencies></Workflow>"#;
        let expected = r#"<Workflow><Dependencies>{"childFlows": ["a", "b"],"other":["b","a"],"workQueues":[]}</Dependencies></Workflow>"#;
        assert_eq!(formatted(text).as_deref(), Some(expected));
    }
}
