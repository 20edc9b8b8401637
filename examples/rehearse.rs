//! Checks a set of solutions, and rehearses its deployment in an environment that is only in memory.
//!
//! `cargo run --example rehearse -- fixtures/release`

use std::error::Error;

use camino::Utf8Path;
use solship::check::{self, Settings};
use solship::deploy::{self, Candidate, Options, Release};
use solship::environment::State;
use solship::model::Severity;
use solship::package::{OpenOptions, Package, find};
use solship::report::{TextOptions, text_check, text_deploy};

/// What the rules say of the solutions below `folder`, and what would become of an empty environment.
pub(crate) fn rehearse(folder: &Utf8Path) -> Result<String, Box<dyn Error>> {
    let settings = Settings::default();
    let mut checked = Vec::new();
    let mut release = Release::default();
    for path in find(folder, false)?.packages {
        let package = Package::open(&path, &OpenOptions::default())?;
        checked.push(check::one(&package, &settings)?);
        let (solution, candidate) = Candidate::read(&package, None)?;
        release.solutions.push(solution);
        release.candidates.push(candidate);
    }

    let mut check = check::all(checked, &settings, None);
    check.findings.retain(|finding| finding.severity == Severity::Error);

    // A file or a store gives the state of a real environment: solship::environment::{snapshot, store}.
    let empty = State::default();
    let (prepared, after) = deploy::rehearse("a new environment", &empty, &release, &Options::default());

    let text = TextOptions::default();
    Ok(format!(
        "{}\n{}\n{} solutions are there afterwards, {} before\n",
        text_check::check(&check, &text),
        text_deploy::deployment(&prepared.deployment, &text),
        after.solutions().len(),
        empty.solutions().len(),
    ))
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "fixtures/release".to_owned());
    print!("{}", rehearse(folder.as_str().into())?);
    Ok(())
}
