//! Every archive against itself and against its folder; every neighbouring pair of versions; how much of what git shows is noise.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use solship::diff::{Changed, Diff, Options, State, canonical_files, packages};
use solship::layout::{Archive, Archives, UnpackOptions, unpack};
use solship::model::ComponentType;

use crate::support::{self, corpus::differing_lines, corpus::open, corpus::pairs, corpus::readable};

fn compared(left: &Utf8Path, right: &Utf8Path) -> Diff {
    packages(&open(left), &open(right), &Options::default())
        .unwrap_or_else(|error| panic!("{left} {right}: {error}"))
}

#[test]
fn nothing_differs_from_itself() {
    let Some(corpus) = support::shared("corpus") else { return };
    let paths: Vec<Utf8PathBuf> = readable(&corpus).iter().map(|row| corpus.join(&row["path"])).collect();
    paths.par_iter().for_each(|path| {
        let found = compared(path, path);
        assert!(found.is_empty() && found.noise.is_empty() && found.components.is_empty(), "{path}");
    });
}

#[test]
fn every_pair_of_versions_is_its_mirror_image() {
    let Some(corpus) = support::shared("corpus") else { return };
    let pairs = pairs(&corpus);
    assert!(pairs.len() > 50, "{}", pairs.len());
    pairs.par_iter().for_each(|pair| {
        let (there, back) =
            (compared(&pair.paths[0], &pair.paths[1]), compared(&pair.paths[1], &pair.paths[0]));
        let told = |diff: &Diff, is_back: bool| -> Vec<(String, State, Vec<String>)> {
            let mut told: Vec<_> = diff
                .components
                .iter()
                .map(|component| {
                    let state = match component.state {
                        State::Added if is_back => State::Removed,
                        State::Removed if is_back => State::Added,
                        state => state,
                    };
                    let mut places: Vec<String> = component
                        .changes
                        .iter()
                        // Which of two that changed places has moved can be seen in two ways.
                        .filter(|change| !matches!(change.changed, Changed::Moved(_)))
                        .map(|change| {
                            let changed =
                                if is_back { change.changed.reversed() } else { change.changed.clone() };
                            let kind = match changed {
                                Changed::Added(_) => "added",
                                Changed::Removed(_) => "removed",
                                Changed::Set(_) => "set",
                                Changed::Unset(_) => "unset",
                                _ => "changed",
                            };
                            format!("{kind} {}", change.path.field.join("."))
                        })
                        .collect();
                    places.sort();
                    (component.component.to_string().to_lowercase(), state, places)
                })
                .collect();
            told.sort_by(|one, other| one.0.cmp(&other.0));
            told
        };
        assert_eq!(told(&there, false), told(&back, true), "{} {:?}", pair.name, pair.versions);
    });
}

#[test]
fn managed_and_unmanaged_hold_the_same_flows_variables_and_references() {
    let Some(corpus) = support::shared("corpus") else { return };
    let mut by_version: BTreeMap<(String, String), BTreeMap<String, Utf8PathBuf>> = BTreeMap::new();
    for row in readable(&corpus) {
        let key = (row["unique_name"].clone(), row["version"].clone());
        by_version.entry(key).or_default().insert(row["managed"].clone(), corpus.join(&row["path"]));
    }
    let both: Vec<_> = by_version.into_iter().filter(|(_, kinds)| kinds.len() == 2).collect();
    assert!(both.len() > 10, "{}", both.len());
    let wrong: Vec<String> = both
        .par_iter()
        .flat_map(|((name, version), kinds)| {
            let found = compared(&kinds["0"], &kinds["1"]);
            let of_interest = [
                ComponentType::WORKFLOW,
                ComponentType::ENVIRONMENT_VARIABLE,
                ComponentType::CONNECTION_REFERENCE,
            ];
            let differing = found.components.into_iter().filter(move |component| {
                component.state != State::Same && of_interest.contains(&component.component.kind)
            });
            let told = differing.map(|component| {
                let places: Vec<String> =
                    component.changes.iter().map(|change| change.path.words()).collect();
                format!("{name} {version}: {:?} {} {places:?}", component.state, component.title)
            });
            told.collect::<Vec<_>>()
        })
        .collect();
    insta::assert_snapshot!("managed_and_unmanaged", wrong.join("\n"));
}

/// The texts of the unpacked form, by path; what is no text is left out, as git leaves it out.
fn texts(path: &Utf8Path) -> BTreeMap<String, String> {
    let package = open(path);
    let archive = Archive::read(&package).unwrap();
    let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap();
    let texts = unpacked.parts.iter().filter_map(|part| {
        let bytes = part.bytes().unwrap();
        let head = &bytes[..bytes.len().min(8000)];
        if head.contains(&0) {
            return None;
        }
        Some((part.path().to_owned(), String::from_utf8(bytes).ok()?))
    });
    texts.collect()
}

#[test]
fn most_of_what_git_shows_is_noise() {
    let Some(corpus) = support::shared("corpus") else { return };
    let rows: Vec<(String, usize, usize)> = pairs(&corpus)
        .par_iter()
        .map(|pair| {
            let (left, right) = (texts(&pair.paths[0]), texts(&pair.paths[1]));
            let paths: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            let empty = String::new();
            let [meant, also_meant] = [0, 1].map(|side| canonical_files(&open(&pair.paths[side])).unwrap());
            let (mut shown, mut real) = (0, 0);
            for path in paths {
                let (one, other) = (left.get(path).unwrap_or(&empty), right.get(path).unwrap_or(&empty));
                if one == other {
                    continue;
                }
                let of_git = differing_lines(one, other);
                shown += of_git;
                let (one, other) =
                    (meant.get(path).unwrap_or(&empty), also_meant.get(path).unwrap_or(&empty));
                // A line of git is many of the canonical text where JSON stands on one line.
                real += differing_lines(one, other).min(of_git);
            }
            let kind = if pair.managed == "1" { "managed" } else { "unmanaged" };
            (format!("{} {} to {} {kind}", pair.name, pair.versions[0], pair.versions[1]), shown, real)
        })
        .collect();
    let mut table =
        String::from("lines that git shows, those of them that mean something, share of noise\n\n");
    let share =
        |shown: usize, real: usize| (100 * shown.saturating_sub(real)).checked_div(shown).unwrap_or(0);
    for (name, shown, real) in &rows {
        let _ = writeln!(table, "{shown:>8} {real:>8} {:>4} %  {name}", share(*shown, *real));
    }
    let sum = |of: fn(&(String, usize, usize)) -> usize| rows.iter().map(of).sum::<usize>();
    let (shown, real) = (sum(|row| row.1), sum(|row| row.2));
    let _ = writeln!(table, "\n{shown:>8} {real:>8} {:>4} %  all", share(shown, real));
    insta::assert_snapshot!("noise", table);
}
