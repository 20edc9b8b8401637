//! `--since`: which solutions have the same content as those of an earlier release.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use solship::mapping::Ours;
use solship::model::SolutionIdentity;
use solship::package::OpenOptions;

use super::Streams;
use super::inputs::{Input, InputArguments, Sources};
use super::verify::verify_one;

/// Content hashes by source, and what they are of.
pub(super) struct Contents {
    by_source: BTreeMap<Arc<str>, BTreeSet<String>>,
    /// Unique name, managed or not, content hash.
    all: BTreeSet<(String, bool, String)>,
}

/// The content hashes of packages. None when they cannot be read; the reasons are on stderr then.
pub(super) fn contents(
    inputs: &InputArguments,
    sources: &Sources,
    streams: &mut Streams<'_>,
) -> io::Result<Option<Contents>> {
    let half = inputs.kind;
    let verified = |input: Input, options: &OpenOptions| {
        verify_one(half, &|folder| Ok(Ours::new(folder)?), None, input, options)
    };
    let Some(verified) = inputs.read_each_of(sources, false, streams, &verified)? else { return Ok(None) };
    let mut contents = Contents { by_source: BTreeMap::new(), all: BTreeSet::new() };
    for verification in verified {
        let name = verification.solution.unique_name.to_lowercase();
        for content in verification.contents {
            contents.all.insert((name.clone(), content.managed, content.sha256.clone()));
            let known = contents.by_source.entry(verification.solution.source.clone()).or_default();
            known.insert(content.sha256);
        }
    }
    Ok(Some(contents))
}

/// Whether the earlier release holds a solution of that name and content.
pub(super) fn is_known(solution: &SolutionIdentity, own: &Contents, known: &Contents) -> bool {
    let hashes = own.by_source.get(&solution.source);
    hashes.is_some_and(|hashes| {
        hashes.iter().any(|hash| {
            known.all.contains(&(solution.unique_name.to_lowercase(), solution.managed, hash.clone()))
        })
    })
}
