//! Every archive of the corpus that holds several kinds is split and merged again: the parts have an order, nothing is lost,
//! and what comes back has the content of the original.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use solship::model::{Severity, Solution};
use solship::package::Package;
use solship::plan::{self, Plan};
use solship::split::{Options, SplitError, merge, split};
use solship::{check, diff, verify};

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

/// How many parts there are, and what is wrong with them.
type Found = Result<(usize, Vec<String>), SplitError>;

/// What is wrong with the parts of one archive.
fn faults(package: &Package) -> Found {
    let options = Options { force: true, ..Options::default() };
    let made = split(std::slice::from_ref(package), &options)?;
    if made.is_whole() {
        // Nothing but one kind keeps an archive of the corpus together; a circle would be an exception to be named here.
        let is_one_kind =
            made.notes[0].starts_with("all of it is of one part") || made.notes[0] == "it is empty";
        return Ok((0, if is_one_kind { Vec::new() } else { made.notes }));
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
    let split_order: Vec<&str> = made.parts.iter().map(|part| &*part.solution.unique_name).collect();
    let planned: Vec<&str> = after.steps.iter().map(|step| &*step.solution.unique_name).collect();
    if split_order != planned {
        faults.push(format!("split says {split_order:?}, plan says {planned:?}"));
    }
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
    for solution in &solutions {
        for missing in &solution.manifest.missing_dependencies {
            let provider =
                solutions.iter().find(|known| Some(&known.manifest.unique_name) == missing.provider.as_ref());
            let has = |provider: &Solution| {
                let mut keys = provider
                    .components
                    .iter()
                    .flat_map(|found| std::iter::once(&found.key).chain(&found.aliases));
                keys.any(|key| missing.required.keys.contains(key))
            };
            if provider.is_some_and(|provider| !has(provider)) {
                faults.push(format!("not read back: {:?}", missing.required.keys));
            }
        }
    }
    let errors = |packages: &[Package]| -> BTreeSet<String> {
        let settings = check::Settings::default();
        let checked = packages.iter().map(|package| check::one(package, &settings).unwrap()).collect();
        let findings = check::all(checked, &settings, None).findings;
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| format!("{} {:?}", finding.code.id, finding.component)).collect()
    };
    let known = errors(std::slice::from_ref(package));
    faults.extend(errors(&parts).difference(&known).map(|error| format!("check {error}")));
    for part in &parts {
        let findings = verify::archive(part).unwrap().findings;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        faults.extend(errors.map(|finding| format!("verify {}", finding.message)));
    }
    let merged = merge(&parts, Some(&original.manifest.unique_name), true)?;
    let merged = merged.package().unwrap();
    let diff = diff::packages(package, &merged, &diff::Options::default()).unwrap();
    for component in diff.components.iter().filter(|component| component.state != diff::State::Same) {
        let changes: Vec<String> =
            component.changes.iter().take(3).map(|change| format!("{change:?}")).collect();
        faults.push(format!("differs: {} {:?} {changes:?}", component.title, component.state));
    }
    Ok((parts.len(), faults))
}

#[test]
fn every_archive_of_the_corpus_is_split_and_merged_again() {
    let Some(corpus) = support::shared("corpus") else { return };
    let rows = readable(&corpus);
    let found: Vec<(String, Found)> =
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
    let split: usize = counts.iter().filter(|(parts, _)| **parts > 1).map(|(_, count)| count).sum();
    assert!(split > 190, "{counts:?}");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_circles_of_the_scenarios_open() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let mut circles = 0;
    for folder in scenarios.read_dir_utf8().unwrap() {
        let folder = folder.unwrap().path().to_owned();
        if !folder.is_dir() {
            continue;
        }
        let zips = folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().path().to_owned());
        let packages: Vec<Package> =
            zips.filter(|path| path.extension() == Some("zip")).map(|path| open(&path)).collect();
        let solutions: Vec<Solution> =
            packages.iter().map(|package| Solution::read(package).unwrap()).collect();
        if plan::plan(&solutions, &plan::Options::default()).cycles.is_empty() {
            continue;
        }
        circles += 1;
        let made = split(&packages, &Options::default()).unwrap();
        let parts: Vec<Solution> =
            made.parts.iter().map(|part| Solution::read(&part.package().unwrap()).unwrap()).collect();
        let after = plan::plan(&parts, &plan::Options::default());
        assert!(after.cycles.is_empty() && after.unresolved.is_empty(), "{folder}: {after:#?}");
        assert_eq!(components(&solutions), components(&parts), "{folder}");
        assert!(parts.iter().all(|part| !part.components.is_empty()), "{folder}");
    }
    assert_eq!(circles, 1);
}
