//! Every archive of the corpus that holds several kinds is split and merged again: the parts have an order, nothing is lost,
//! and what comes back has the content of the original.

use std::collections::BTreeMap;

use rayon::prelude::*;
use solship::diff;
use solship::model::{Severity, Solution};
use solship::package::Package;
use solship::plan::{self, Plan};
use solship::split::{Options, SplitError, merge, split};

use crate::support;
use crate::support::corpus::{open, readable};

/// Components by type and key, each as often as it is there; the files of the package form left aside.
fn components<'s>(solutions: impl IntoIterator<Item = &'s Solution>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for solution in solutions {
        for component in &solution.components {
            *counts
                .entry(format!("{} {}", component.key.kind, component.key.key.to_lowercase()))
                .or_default() += 1;
        }
    }
    counts
}

fn roots<'s>(solutions: impl IntoIterator<Item = &'s Solution>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for solution in solutions {
        for root in &solution.manifest.root_components {
            *counts.entry(format!("{} {:?} {}", root.code, root.key, root.behavior)).or_default() += 1;
        }
    }
    counts
}

fn unresolved(plan: &Plan) -> BTreeMap<String, usize> {
    let needs = plan.unresolved.iter().chain(&plan.platform).flat_map(|need| &need.components);
    let mut counts = BTreeMap::new();
    for part in needs {
        *counts.entry(part.component.to_string()).or_default() += 1;
    }
    counts
}

/// What is wrong with the parts of one archive.
fn faults(package: &Package) -> Result<(usize, Vec<String>), SplitError> {
    let options = Options { force: true, ..Options::default() };
    let made = match split(std::slice::from_ref(package), &options) {
        Ok(made) => made,
        // Its unique name leaves no room for that of a part.
        Err(SplitError::Name(_)) => return Ok((0, Vec::new())),
        Err(error) => return Err(error),
    };
    if made.is_whole() {
        return Ok((0, Vec::new()));
    }
    let mut faults = Vec::new();
    let parts: Vec<Package> = made.parts.iter().map(|part| part.package().unwrap()).collect();
    let original = Solution::read(package).unwrap();
    let solutions: Vec<Solution> = parts.iter().map(|part| Solution::read(part).unwrap()).collect();
    if components([&original]) != components(&solutions) {
        faults.push("components differ".to_owned());
    }
    if roots([&original]) != roots(&solutions) {
        faults.push("root components differ".to_owned());
    }
    let before = plan::plan(std::slice::from_ref(&original), &plan::Options::default());
    let after = plan::plan(&solutions, &plan::Options::default());
    for cycle in &after.cycles {
        faults.push(format!("cycle {:?}", cycle.members));
    }
    let (known, found) = (unresolved(&before), unresolved(&after));
    for need in found.keys().filter(|need| !known.contains_key(*need)) {
        faults.push(format!("unresolved {need}"));
    }
    for finding in after.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let is_known = before
            .findings
            .iter()
            .any(|known| known.code == finding.code && known.component == finding.component);
        if !is_known {
            faults.push(format!("{} {}", finding.code.id, finding.message));
        }
    }
    let merged = merge(&parts, Some(&original.manifest.unique_name), true)?;
    let merged = merged.package().unwrap();
    let diff = diff::packages(package, &merged, &diff::Options::default()).unwrap();
    for component in diff.components.iter().filter(|component| component.state != diff::State::Same) {
        let changes: Vec<String> =
            component.changes.iter().take(3).map(|change| format!("{:?}", change)).collect();
        faults.push(format!("differs: {} {:?} {changes:?}", component.title, component.state));
    }
    Ok((parts.len(), faults))
}

#[test]
fn every_archive_of_the_corpus_is_split_and_merged_again() {
    let Some(corpus) = support::shared("corpus") else { return };
    let rows = readable(&corpus);
    let found: Vec<(String, Result<(usize, Vec<String>), SplitError>)> =
        rows.par_iter().map(|row| (row["path"].clone(), faults(&open(&corpus.join(&row["path"]))))).collect();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (path, found) in found {
        match found {
            Ok((parts, faults)) => {
                *counts.entry(parts).or_default() += 1;
                wrong.extend(faults.into_iter().map(|fault| format!("{path}: {fault}")));
            }
            Err(error) => wrong.push(format!("{path}: {error}")),
        }
    }
    println!("archives by number of parts: {counts:?}");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
