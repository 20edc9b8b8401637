//! `verify` on the conformance data: nothing is lost of any archive, an archive and its folder have one content hash, and
//! archives of the reference packer are known to come from their folders.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use solship::layout::{Archive, Archives, LineEnd, PackageFolder, UnpackOptions, UnpackedFolder, unpack};
use solship::model::{Severity, codes};
use solship::verify::{self, BuiltFrom, EntryState};
use support::corpus::{open, readable, table};

/// Every archive of the corpus that can be read.
fn archives(corpus: &Utf8Path) -> Vec<Utf8PathBuf> {
    readable(corpus).iter().map(|row| corpus.join(&row["path"])).collect()
}

#[test]
fn nothing_of_the_corpus_is_lost() {
    let Some(corpus) = support::shared("corpus") else { return };
    let paths = archives(&corpus);
    assert!(paths.len() > 300, "{}", paths.len());
    let found: Vec<_> = paths.par_iter().map(|path| verify::archive(&open(path)).unwrap()).collect();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for verification in &found {
        assert_eq!(verification.contents.len(), 1);
        for finding in &verification.findings {
            *counts.entry((finding.code.name, finding.severity)).or_default() += 1;
            let expected = [codes::ROOT_WITHOUT_CONTENT, codes::CONTENT_WITHOUT_ROOT];
            if finding.severity == Severity::Error || !expected.contains(&finding.code) {
                wrong.push(format!("{finding:?}"));
            }
        }
    }
    println!("{} archives, {counts:?}", found.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Counted over the rows of all manifests by a look at the data alone.
    assert_eq!(counts[&("root-component-without-content", Severity::Note)], 9);
    assert_eq!(counts[&("root-component-without-content", Severity::Warning)], 9);
}

#[test]
fn an_archive_and_its_folder_have_one_content() {
    let Some(corpus) = support::shared("corpus") else { return };
    let paths = archives(&corpus);
    let sample: Vec<_> = paths.iter().step_by(paths.len() / 40).collect();
    assert!(sample.len() >= 40);
    let wrong: Vec<String> = sample
        .par_iter()
        .flat_map(|path| {
            let package = open(path);
            let expected = verify::archive(&package).unwrap().contents;
            let archive = Archive::read(&package).unwrap();
            let mut wrong = Vec::new();
            for line_end in [LineEnd::Crlf, LineEnd::Lf] {
                let options = UnpackOptions { as_packager: false, line_end };
                let unpacked = unpack(Archives::One(&archive), &options).unwrap();
                let found = verify::folder(&UnpackedFolder::new(&unpacked), None, None).unwrap();
                let errors: Vec<_> =
                    found.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
                if found.contents != expected || !errors.is_empty() {
                    wrong.push(format!("{path} {line_end:?}: {expected:?} {:?} {errors:?}", found.contents));
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn archives_of_the_reference_packer_come_from_their_folders() {
    let Some(golden) = support::shared("golden") else { return };
    let shared = golden.parent().unwrap();
    let rows = table(&golden.join("packs.tsv"));
    assert_eq!(rows.len(), 104);
    let wrong: Vec<String> = rows
        .par_iter()
        .flat_map(|row| {
            let (tree, zip) = (open(&golden.join(&row["tree"])), open(&shared.join(&row["zip"])));
            let view = PackageFolder::new(&tree);
            let request = BuiltFrom { archive: &zip, archive_sha256: None, folder: &view, version: None };
            let found = verify::built_from(&request).unwrap();
            let rebuilt: usize = row["parts_msapp_rebuilt"].parse().unwrap();
            let fails: BTreeSet<&str> =
                found.entries.iter().filter(|entry| !entry.state.holds()).map(|entry| &*entry.path).collect();
            let errors = found.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
            let is_app = |path: &&str| path.ends_with(".msapp");
            let as_expected = fails.len() == rebuilt
                && fails.iter().all(is_app)
                && found.built_from_folder == (rebuilt == 0)
                && errors == rebuilt;
            let line_ends = found.entries.iter().filter(|entry| entry.state == EntryState::LineEnds).count();
            let as_told = line_ends == row["parts_eol"].parse::<usize>().unwrap();
            (!as_expected || !as_told)
                .then(|| format!("{}: {rebuilt} {line_ends} {:#?}", row["id"], found.findings))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of 104: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_folder_of_the_reference_packer_comes_back() {
    let Some(golden) = support::shared("golden") else { return };
    let rows = table(&golden.join("pairs.tsv"));
    let trees: BTreeSet<&String> = rows.iter().map(|row| &row["tree"]).collect();
    let wrong: Vec<String> = trees
        .par_iter()
        .flat_map(|tree| {
            let package = open(&golden.join(tree));
            let found = verify::folder(&PackageFolder::new(&package), None, None).unwrap();
            let errors: Vec<String> = found
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| format!("{tree}: {} {}", finding.code.id, finding.message))
                .collect();
            errors
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
