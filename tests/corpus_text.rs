//! Every XML and JSON text in real archives is read, and its parts are where the index says.

mod support;

use std::io::{Cursor, Read as _};

use camino::Utf8Path;
use rayon::prelude::*;
use solship::json;
use solship::xml::{Document, Element, Limits, Node};
use support::corpus::{index, is_no_archive};

/// The one ill-formed text in the archives that can be read; expat refuses it at the same place.
const REFUSED: (&str, &str, u32) = ("temp__test_solution_with_rel.zip", "customizations.xml", 43);

/// Paths of the archives that can be read, whatever is in them.
fn archives(corpus: &Utf8Path) -> Vec<String> {
    let rows = index(corpus).into_iter().filter(|row| !is_no_archive(row));
    rows.map(|row| row["path"].clone()).collect()
}

/// The texts of one archive whose name is taken by `is_wanted`.
fn texts(path: &Utf8Path, is_wanted: fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let bytes = fs_err::read(path).expect("an archive");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").replace('\\', "/");
        if is_wanted(&name.to_lowercase()) {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).expect("an entry that inflates");
            found.push((name, text));
        }
    }
    found
}

fn append<'d>(nodes: impl Iterator<Item = Node<'d>>, bytes: &[u8], whole: &mut Vec<u8>) {
    for node in nodes {
        match node.element {
            Some(element) => append_element(element, bytes, whole),
            None => whole.extend_from_slice(&bytes[node.range]),
        }
    }
}

fn append_element(element: Element<'_>, bytes: &[u8], whole: &mut Vec<u8>) {
    let (range, inner) = (element.range(), element.inner_range());
    whole.extend_from_slice(&bytes[range.start..inner.start]);
    append(element.nodes(), bytes, whole);
    whole.extend_from_slice(&bytes[inner.end..range.end]);
}

#[test]
fn every_xml_is_read_whole_but_the_one_that_is_ill_formed() {
    let Some(corpus) = support::shared("corpus") else { return };
    let paths = archives(&corpus);
    assert!(paths.len() >= 320, "{} archives", paths.len());
    /// How many texts of an archive, and which are refused: archive, entry, line.
    type Counted = (usize, Vec<(String, String, u32)>);
    let results: Vec<Counted> = paths
        .par_iter()
        .map(|path| {
            let path = corpus.join(path);
            let texts = texts(&path, |name| name.ends_with(".xml"));
            let count = texts.len();
            let mut refused = Vec::new();
            for (name, bytes) in texts {
                match Document::parse(bytes.clone(), &Limits::default()) {
                    Ok(document) => {
                        let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
                        let mut whole = bytes[..mark].to_vec();
                        append(document.nodes(), &bytes, &mut whole);
                        assert!(whole == bytes, "{path}:{name}: the parts are not the whole");
                    }
                    Err(error) => {
                        let file = path.file_name().expect("a name").to_owned();
                        refused.push((file, name, error.position().line));
                    }
                }
            }
            (count, refused)
        })
        .collect();
    let count: usize = results.iter().map(|(count, _)| count).sum();
    assert!(count >= 3300, "{count} texts");
    let refused: Vec<_> = results.into_iter().flat_map(|(_, refused)| refused).collect();
    let (file, name, line) = REFUSED;
    assert_eq!(refused, [(file.to_owned(), name.to_owned(), line)]);
}

#[test]
fn every_flow_is_read_and_its_values_are_where_their_pointers_lead() {
    let Some(corpus) = support::shared("corpus") else { return };
    let is_flow = |name: &str| name.starts_with("workflows/") && name.ends_with(".json");
    let count: usize = archives(&corpus)
        .par_iter()
        .map(|path| {
            let path = corpus.join(path);
            let texts = texts(&path, is_flow);
            for (name, bytes) in &texts {
                let document = json::Document::parse(bytes.clone());
                let document = document.unwrap_or_else(|error| panic!("{path}:{name}: {error}"));
                check_places(&document, document.value(), &mut String::new());
            }
            texts.len()
        })
        .sum();
    assert!(count >= 500, "{count} flows");
}

/// Reading from the place of each value gives that value.
fn check_places(document: &json::Document, value: &serde_json::Value, pointer: &mut String) {
    let place = document.position(pointer).unwrap_or_else(|| panic!("{pointer}: no place"));
    let rest = &document.bytes()[place.offset..];
    let read = serde_json::Deserializer::from_slice(rest).into_iter::<serde_json::Value>().next();
    assert_eq!(read.and_then(Result::ok).as_ref(), Some(value), "{pointer}");
    let length = pointer.len();
    let members: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Object(members) => {
            members.iter().map(|(key, member)| (key.clone(), member)).collect()
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    for (token, member) in members {
        json::push_pointer(pointer, &token);
        check_places(document, member, pointer);
        pointer.truncate(length);
    }
}
