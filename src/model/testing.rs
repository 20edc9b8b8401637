//! Builds small packages in memory for the unit tests of the readers.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::{Component, Relation, Solution, Target};
use crate::package::{OpenOptions, Package};

const MANIFEST: &str = r#"<ImportExportXml><SolutionManifest><UniqueName>FabTest</UniqueName>
<Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>"#;

/// A package of these entries; `solution.xml` and `customizations.xml` are added when they are not among them.
pub(crate) fn package(entries: &[(&str, &[u8])]) -> Package {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut add = |path: &str, bytes: &[u8]| {
        writer.start_file(path, options).expect("a valid path");
        writer.write_all(bytes).expect("memory");
    };
    for (path, text) in [("solution.xml", MANIFEST), ("customizations.xml", "<ImportExportXml />")] {
        if entries.iter().all(|(other, _)| *other != path) {
            add(path, text.as_bytes());
        }
    }
    for (path, bytes) in entries {
        add(path, bytes);
    }
    let bytes = writer.finish().expect("memory").into_inner();
    Package::from_bytes("test.zip", bytes, &OpenOptions::default()).expect("a good package")
}

/// The model of a package of these text files.
pub(crate) fn solution(entries: &[(&str, &str)]) -> Solution {
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    Solution::read(&package(&entries)).expect("a readable solution")
}

/// The model of a package whose `customizations.xml` has this inside its root, beside these files.
pub(crate) fn customizations(inside: &str, entries: &[(&str, &str)]) -> Solution {
    let text = format!(
        "<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{inside}\n</ImportExportXml>"
    );
    let mut all = vec![("customizations.xml", text.as_str())];
    all.extend_from_slice(entries);
    solution(&all)
}

/// What a component refers to: relation, key (or `<expression>`) and place with pointer.
pub(crate) fn uses(component: &Component) -> Vec<(Relation, String, String)> {
    let target = |target: &Target| match target {
        Target::Component(key) => format!("{}:{}", key.kind, key.key),
        Target::Expression(_) => "<expression>".to_owned(),
    };
    let place = |used: &super::Use| match &used.place.pointer {
        Some(pointer) => format!("{} {pointer}", used.place),
        None => used.place.to_string(),
    };
    component.uses.iter().map(|used| (used.relation, target(&used.target), place(used))).collect()
}
