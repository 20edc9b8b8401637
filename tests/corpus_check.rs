//! `check` on real exports: how often each rule speaks, and why each error is one.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::Utf8PathBuf;
use rayon::prelude::*;
use solship::check::{Settings, all, one};
use solship::model::{Code, Finding, Severity, codes};
use solship::package::{OpenOptions, Package};
use support::corpus::{index, is_damaged, open, readable};

/// Error codes that occur in real exports, each with the number of findings that were read one by one and the reason why they
/// are right there. Another number: read the new ones first.
const JUSTIFIED: &[(Code, usize, &str)] = &[
    (
        codes::DANGLING_REFERENCE,
        2,
        "an app calls two flows that no part of the package names: it imports, and its buttons do nothing",
    ),
    (
        codes::NEEDS_UNMANAGED_LAYER,
        181,
        "the export itself lists a component that no solution had: any target but the source answers 0x8004801D",
    ),
    (
        codes::CHILD_FLOW_MISSING,
        1,
        "the desktop flow names a child that only the sister package has, and MissingDependencies never list those",
    ),
    (
        codes::SECRET_IN_PLAIN_VALUE,
        20,
        "read one by one: client secrets, signed addresses, keys of functions, a key of Azure and a bearer token, all in plain text",
    ),
];

/// The findings in each readable archive of the corpus, each archive checked alone.
fn checked() -> Option<Vec<(Utf8PathBuf, Vec<Finding>)>> {
    let corpus = support::shared("corpus")?;
    let paths: Vec<Utf8PathBuf> = readable(&corpus).iter().map(|row| corpus.join(&row["path"])).collect();
    assert!(paths.len() > 300, "{}", paths.len());
    let settings = Settings::default();
    let check = |path: &Utf8PathBuf| {
        let checked = one(&open(path), &settings).unwrap_or_else(|error| panic!("{path}: {error}"));
        (path.clone(), all(vec![checked], &settings, None).findings)
    };
    Some(paths.par_iter().map(check).collect())
}

/// The archives that end with exit code 2, and why.
fn refused() -> String {
    let Some(corpus) = support::shared("corpus") else { return String::new() };
    let mut lines = String::new();
    for row in index(&corpus).iter().filter(|row| is_damaged(row)) {
        let path = corpus.join(&row["path"]);
        let why = match Package::open(&path, &OpenOptions::default()) {
            Ok(package) => one(&package, &Settings::default()).err().map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        let why = why.unwrap_or_else(|| panic!("{path} can be read"));
        let name = path.file_name().unwrap_or_default();
        let _ = writeln!(
            lines,
            "refused: {name}: {}",
            why.replace(path.as_str(), "").trim_start_matches([':', ' '])
        );
    }
    lines
}

#[test]
fn few_real_exports_have_an_error_and_each_is_justified() {
    let Some(checked) = checked() else { return };
    let has_error = |findings: &[Finding]| findings.iter().any(|finding| finding.severity == Severity::Error);
    let failing: Vec<&str> = checked
        .iter()
        .filter(|(_, findings)| has_error(findings))
        .filter_map(|(path, _)| path.file_name())
        .collect();
    let mut counts: BTreeMap<(Code, Severity), (usize, usize)> = BTreeMap::new();
    for (_, findings) in &checked {
        let mut in_this: BTreeMap<(Code, Severity), usize> = BTreeMap::new();
        for finding in findings {
            *in_this.entry((finding.code, finding.severity)).or_default() += 1;
        }
        for (key, count) in in_this {
            let (archives, all) = counts.entry(key).or_default();
            *archives += 1;
            *all += count;
        }
    }
    let mut table = format!("{} of {} archives have an error\n\n", failing.len(), checked.len());
    let _ =
        writeln!(table, "{:<8}{:<34}{:<9}{:>8}{:>10}  why", "code", "name", "level", "archives", "findings");
    let mut unjustified = Vec::new();
    for ((code, severity), (archives, findings)) in &counts {
        let mut why = "";
        if *severity == Severity::Error {
            match JUSTIFIED.iter().find(|(known, ..)| known == code) {
                Some((_, read, words)) if read == findings => why = words,
                _ => unjustified.push(code.id),
            }
        }
        let line = format!(
            "{:<8}{:<34}{:<9}{archives:>8}{findings:>10}  {why}",
            code.id,
            code.name,
            severity.word()
        );
        let _ = writeln!(table, "{}", line.trim_end());
    }
    let silent: Vec<&str> = codes::ALL
        .iter()
        .filter(|code| solship::check::rule(**code).is_some())
        .filter(|code| counts.keys().all(|(found, _)| found != *code))
        .map(|code| code.id)
        .collect();
    let _ = writeln!(table, "\nsilent: {}\n", silent.join(" "));
    table.push_str(&refused());
    insta::assert_snapshot!("table", table);
    assert!(
        unjustified.is_empty(),
        "no reason is given for {unjustified:?}, or for another number of findings"
    );
    assert!(failing.len() * 3 <= checked.len(), "{} of {}: {failing:?}", failing.len(), checked.len());
    let stale: Vec<&str> = JUSTIFIED
        .iter()
        .filter(|(code, ..)| !counts.contains_key(&(*code, Severity::Error)))
        .map(|(code, ..)| code.id)
        .collect();
    assert!(stale.is_empty(), "{stale:?} is justified and not there");
}
