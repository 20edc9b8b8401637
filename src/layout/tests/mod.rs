//! Tests of the layout over solutions made by hand: `rules.rs` has one test a rule, `form.rs` the form of the XML, `laws.rs`
//! what holds for every archive and folder, `pieces.rs` what is unpacked while it is inflated.

mod form;
mod laws;
mod pieces;
mod refusals;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};

use super::*;
use crate::package::{OpenOptions, Package};

/// `xmlns:xsi`, as the root of a file has it.
const XSI: &str = r#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#;

/// A package of these entries; `solution.xml` is added where there is none.
fn package(entries: &[(&str, &str)]) -> Package {
    opened(zip_of(entries))
}

fn opened(zip: Vec<u8>) -> Package {
    Package::from_bytes("made.zip", zip, &OpenOptions::default()).unwrap()
}

fn zip_of(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut put = |path: &str, content: &str| {
        zip.start_file(path, stored).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    };
    for (path, content) in entries {
        put(path, content);
    }
    let has_manifest = entries.iter().any(|(path, _)| path.to_lowercase().ends_with("solution.xml"));
    if !has_manifest {
        put("solution.xml", &manifest(0));
    }
    zip.finish().unwrap().into_inner()
}

fn manifest(digit: u8) -> String {
    format!(
        "<ImportExportXml>\r\n  <SolutionManifest>\r\n    <UniqueName>a</UniqueName>\r\n    <Version>1.0</Version>\r\n    \
         <Managed>{digit}</Managed>\r\n  </SolutionManifest>\r\n</ImportExportXml>"
    )
}

/// A customizations.xml with these sections.
fn customizations(sections: &str) -> String {
    format!("<ImportExportXml{XSI}>{sections}</ImportExportXml>")
}

type Files = BTreeMap<String, String>;

fn files(parts: &[Part<'_>]) -> Files {
    let text = |part: &Part<'_>| String::from_utf8(part.bytes().unwrap()).unwrap();
    parts.iter().map(|part| (part.path().to_owned(), text(part))).collect()
}

/// The files of an archive with these sections and other entries.
fn unpacked(sections: &str, entries: &[(&str, &str)]) -> Files {
    let all = customizations(sections);
    let mut entries = entries.to_vec();
    entries.push(("customizations.xml", &all));
    let package = package(&entries);
    let archive = Archive::read(&package).unwrap();
    files(&unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap().parts)
}

/// The entries of a folder of these files, by path, and their order.
fn packed(files_of_folder: &Files, kind: PackKind) -> Result<(Files, Vec<String>, Vec<Note>), LayoutError> {
    let entries: Vec<(&str, &str)> =
        files_of_folder.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
    let tree = package(&entries);
    let view = PackageFolder::new(&tree);
    let folder = Folder::read(&view)?;
    let packed = pack(&folder, &PackOptions { kind, ..PackOptions::default() })?;
    let order = packed.parts.iter().map(|part| part.path().to_owned()).collect();
    let mut entries = Files::new();
    for part in &packed.parts {
        entries.insert(part.path().to_owned(), String::from_utf8(part.bytes()?).unwrap());
    }
    // What is seen twice is told once.
    let notes: BTreeSet<Note> = packed.notes.into_iter().chain(folder.notes_of_writing()).collect();
    let notes = notes.into_iter().collect();
    Ok((entries, order, notes))
}

/// A file as the packager writes it.
fn file(xml: &str) -> String {
    format!("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n{}", xml.replace('\n', "\r\n"))
}

/// Unpacks, compares some files, packs, and compares with what was unpacked.
fn there_and_back(sections: &str, entries: &[(&str, &str)], expected: &[(&str, &str)]) -> Files {
    let folder = unpacked(sections, entries);
    for (path, content) in expected {
        let is = folder.get(*path).unwrap_or_else(|| panic!("no {path} in {:?}", folder.keys()));
        let content = if content.starts_with('<') { file(content) } else { (*content).to_owned() };
        assert_eq!(*is, content, "{path}");
    }
    let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
    let parse =
        |text: &str| crate::xml::Document::parse(text.into(), &crate::xml::Limits::default()).unwrap();
    let left = parse(&customizations(sections));
    assert_eq!(difference(&left, &parse(&packed["customizations.xml"])), None);
    for (path, content) in entries {
        assert_eq!(packed.get(*path).map(String::as_str), Some(*content), "{path}");
    }
    assert_eq!(packed.len(), entries.len() + 3, "{:?}", packed.keys());
    folder
}
