//! The packages of a deployment, and the settings that go with them, as the user named them.

use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use solship::deploy::{Candidate, Release};
use solship::model::Solution;
use solship::package::OpenOptions;
use solship::settings::SettingsFile;

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
