//! `<RootComponents>` of the manifest (`FORMATS.md` §5.2): rows put in and taken out. Unpacking sorts them by type, as a text.
//!
//! Read [`insert`] first.

use super::files::MANIFEST;
use super::text::{Markup, WithoutRows, XmlText};
use super::{AuthorError, Editor};
use crate::xml::{Document, Element};

/// Type, then id or name; as the rows are sorted.
type Key = (String, String);

fn key_of(row: Element<'_>) -> Key {
    let attribute = |name| row.attribute(name).map(|text| text.trim().to_lowercase());
    let kind = attribute("type").unwrap_or_default();
    (kind, attribute("schemaName").or_else(|| attribute("id")).unwrap_or_default())
}

fn section(document: &Document) -> Option<Element<'_>> {
    document.root().child("SolutionManifest")?.child("RootComponents")
}

/// Lists a flow.
pub(super) fn insert(editor: &mut Editor, kind: u32, id: &str) -> Result<(), AuthorError> {
    let document = editor.files.xml(MANIFEST)?;
    let missing =
        || AuthorError::MissingElement { place: editor.files.place_of(MANIFEST), element: "RootComponents" };
    let rows = section(&document).ok_or_else(missing)?;
    let own: Key = (kind.to_string(), format!("{{{}}}", id.to_lowercase()));
    if rows.children().any(|row| key_of(row) == own) {
        return Ok(());
    }
    let number = |key: &Key| (key.0.parse::<u32>().unwrap_or(u32::MAX), key.1.clone());
    let keys: Vec<Key> = rows.children().map(key_of).collect();
    let types_are = |order: fn(&str, &str) -> bool| keys.windows(2).all(|pair| order(&pair[0].0, &pair[1].0));
    let as_number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    // Older packers left the order of the export, by number.
    let at = if types_are(|one, other| one <= other) {
        keys.iter().position(|key| *key > own)
    } else if types_are(|one, other| {
        one.parse::<u32>().unwrap_or(u32::MAX) <= other.parse::<u32>().unwrap_or(u32::MAX)
    }) {
        keys.iter().position(|key| number(key) > number(&own))
    } else {
        keys.iter().rposition(|key| as_number(&key.0) == kind).map(|last| last + 1)
    };
    let before = at.and_then(|at| rows.children().nth(at));
    let row = Markup::empty("RootComponent")
        .with("type", kind.to_string())
        .with("id", &*own.1)
        .with("behavior", "0");
    let mut text = XmlText::new(&document);
    text.insert(rows, before, &row);
    editor.put(MANIFEST, text.finish());
    Ok(())
}

/// Takes a flow off the list.
pub(super) fn remove(editor: &mut Editor, kind: u32, id: &str) -> Result<(), AuthorError> {
    let document = editor.files.xml(MANIFEST)?;
    let own: Key = (kind.to_string(), format!("{{{}}}", id.to_lowercase()));
    if let Some(rows) = section(&document)
        && let Some(row) = rows.children().find(|row| key_of(*row) == own)
    {
        let mut text = XmlText::new(&document);
        text.remove_row(rows, row, WithoutRows::EmptyTag);
        editor.put(MANIFEST, text.finish());
    }
    Ok(())
}
