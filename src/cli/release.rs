//! The packages of a deployment, and the settings that go with them, as the user named them.

use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use solship::deploy::{Candidate, Release};
use solship::model::{Finding, Severity, Solution, codes};
use solship::package::OpenOptions;
use solship::settings::{SettingsFile, check};
use solship::text::shell_word;

use super::Streams;
use super::config;
use super::environment::Refused;
use super::inputs::{Input, InputArguments, InputError, Outcome, SortKey, Sources};

/// Settings are a few kilobytes.
const MOST_BYTES_OF_SETTINGS: u64 = 16 << 20;

/// Reads packages with what they bring to an environment. None when they cannot be read; the reasons are on stderr then.
pub(super) fn read(
    inputs: &InputArguments,
    sources: &Sources,
    all: bool,
    streams: &mut Streams<'_>,
) -> io::Result<Option<Release>> {
    let half = inputs.kind;
    let read = |input: Input, options: &OpenOptions| -> Result<Outcome<(Solution, Candidate)>, InputError> {
        let sha256 = input.sha256();
        let Some(package) = input.open(half, options)? else { return Ok(Outcome::NoSolution) };
        let read = Candidate::read(&package, sha256)?;
        Ok(Outcome::Read(Box::new(read), package.warnings().to_vec()))
    };
    let Some(mut read) = inputs.read_each_of(sources, all, streams, &read)? else { return Ok(None) };
    read.sort_by(|(one, _), (other, _)| sort_key(one).cmp(&sort_key(other)));
    let (solutions, candidates) = read.into_iter().unzip();
    Ok(Some(Release { solutions, candidates }))
}

fn sort_key(solution: &Solution) -> SortKey<'_> {
    let manifest = &solution.manifest;
    SortKey::new(&manifest.unique_name, &manifest.version, manifest.managed, &solution.source)
}

/// Reads a settings file.
pub(super) fn settings(path: &Utf8Path) -> Result<Arc<SettingsFile>, Refused> {
    let bytes = config::read(path, MOST_BYTES_OF_SETTINGS)?;
    let file = SettingsFile::read(path.as_str(), bytes).map_err(|error| error.to_string())?;
    Ok(Arc::new(file))
}

/// Reads a settings file in which nothing is wrong, for a command that tells of what it fills and not of the file.
pub(super) fn sound_settings(path: &Utf8Path) -> Result<Arc<SettingsFile>, Refused> {
    let file = settings(path)?;
    let found = check(std::slice::from_ref(&*file), None);
    // An empty value is one that is not set.
    let is_fault =
        |finding: &&Finding| finding.severity == Severity::Error && finding.code != codes::SETTING_EMPTY;
    match found.iter().find(is_fault) {
        Some(fault) => {
            let message = format!("{path}: {}", fault.message);
            Err(Refused::new(
                message,
                &format!("solship settings check {} shows where", shell_word(path.as_str())),
            ))
        }
        None => Ok(file),
    }
}
