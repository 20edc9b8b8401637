//! `solship git merge-driver`: two edits of one file merged, for `git merge`.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use solship::git::MOST_SECONDS;
use solship::merge_driver::{Kind, MOST_BYTES, Merged, Sides, merge, refuse};
use solship::report::exit;
use solship::write::replace_file;

use super::given::{read, within};
use crate::cli::Streams;
use crate::cli::message::{Level, say};

/// Largest file that gets conflict markers; of a larger one our side is left as it is.
const MOST_MARKED_BYTES: u64 = 64 << 20;

/// Merge two edits of Other/Solution.xml or of a cloud flow by what their parts are called; git merge calls it
///
/// Additions and removals of both sides are united, and what one side changed is taken over. On any doubt there are conflict
/// markers, as git's own: in a file that is not well-formed or has a key twice, and where both sides changed one thing, each in
/// another way, or an order that means something; and where the whole would be broken as neither side is: an action that runs after
/// none or in a circle, a name that two actions have, something named that is gone. OURS is written, whole or not at all, and nothing else. Limits: 16 MB a file, 20
/// seconds; over them nothing is merged. Exit code: 0 merged, 1 conflicts, 2 nothing was done.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship git merge-driver base.xml ours.xml theirs.xml")]
pub(super) struct MergeDriverArguments {
    /// What both began with
    #[arg(value_name = "BASE")]
    base: Utf8PathBuf,
    /// What is merged into; gets the result
    #[arg(value_name = "OURS")]
    ours: Utf8PathBuf,
    /// What is merged into it
    #[arg(value_name = "THEIRS")]
    theirs: Utf8PathBuf,
    /// Length of conflict markers
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=1000))]
    marker_size: u16,
    /// Path of the file in the repository, which says what it is
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
}

pub(super) fn run(arguments: &MergeDriverArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let path = arguments.path.as_deref().unwrap_or(arguments.ours.as_str()).to_owned();
    let files = [&arguments.base, &arguments.ours, &arguments.theirs];
    let mut contents = Vec::new();
    for file in files {
        match read(file, MOST_MARKED_BYTES) {
            Ok(content) => contents.push(content),
            Err(reason) => {
                say(streams.stderr, Level::Error, &format!("{path}: not merged, ours is left: {reason}"));
                return Ok(exit::UNUSABLE);
            }
        }
    }
    let before = contents[1].clone();
    let marker_size = usize::from(arguments.marker_size);
    let merged = merged(contents, &path, marker_size);
    for doubt in &merged.doubts {
        say(streams.stderr, Level::Warning, &format!("{path}: {doubt}"));
    }
    if merged.content != before {
        write(&arguments.ours, &merged.content).map_err(io::Error::other)?;
    }
    Ok(if merged.doubts.is_empty() { exit::DONE } else { exit::FOUND })
}

fn merged(contents: Vec<Vec<u8>>, path: &str, marker_size: usize) -> Merged {
    let [base, ours, theirs] = &contents[..] else { unreachable!("three files are read") };
    let sides = Sides { base, ours, theirs };
    if contents.iter().any(|content| content.len() as u64 > MOST_BYTES) {
        return refuse(&sides, marker_size, &format!("over the limit of {MOST_BYTES} bytes"));
    }
    let (given, name) = (contents.clone(), path.to_owned());
    let done = within(MOST_SECONDS, move || {
        let sides = Sides { base: &given[0], ours: &given[1], theirs: &given[2] };
        Ok(merge(Kind::of(&name, &given[1]), &sides, marker_size))
    });
    done.unwrap_or_else(|reason| refuse(&sides, marker_size, &reason))
}

/// The file was no link a moment ago, and git made it for this.
fn write(path: &Utf8Path, content: &[u8]) -> Result<(), solship::write::WriteError> {
    replace_file(path, content)
}
