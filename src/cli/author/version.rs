//! `solship version`: the version of a solution, shown or changed.

use std::io;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use solship::author::{
    AuthorError, Editor, VersionPart, bumped, check_version, set_version, solution_at_or_above,
};
use solship::report::escaped;

use super::Target;
use crate::cli::Streams;
use crate::cli::inputs::PackageArguments;
use crate::cli::transfer::Format;

/// Show the version of a solution, or change those characters and nothing else
///
/// A zip is packed anew, as `pack` does it. Exit code: 0 done or already so, 2 nothing was changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship version src/FabFlows
  solship version src/FabFlows --bump revision
  solship version src/FabFlows --from-git-tag        # of tag v3.1.0.0, or FabFlows-3.1.0.0")]
#[command(group = clap::ArgGroup::new("change").args(["bump", "set", "from_git_tag"]))]
pub(crate) struct VersionArguments {
    /// Solution folder or zip; default: the solution folder at or above the working folder
    #[arg(value_name = "SOLUTION")]
    solution: Option<Utf8PathBuf>,
    /// Count this part up; those behind it become 0
    #[arg(long, value_name = "PART")]
    bump: Option<Part>,
    /// Set this version
    #[arg(long, value_name = "V")]
    set: Option<String>,
    /// Set the version of the nearest git tag
    #[arg(long)]
    from_git_tag: bool,
    /// Say what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    package: PackageArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Part {
    Major,
    Minor,
    Build,
    Revision,
}

impl Part {
    fn of_author(self) -> VersionPart {
        match self {
            Self::Major => VersionPart::Major,
            Self::Minor => VersionPart::Minor,
            Self::Build => VersionPart::Build,
            Self::Revision => VersionPart::Revision,
        }
    }
}

pub(in crate::cli) fn run(arguments: &VersionArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let target = Target {
        solution: arguments.solution.as_ref(),
        dry_run: arguments.dry_run,
        format: arguments.format,
        package: &arguments.package,
    };
    let is_shown = arguments.bump.is_none() && arguments.set.is_none() && !arguments.from_git_tag;
    if is_shown {
        return target
            .show(streams, |solution| format!("{}\n", escaped(&solution.manifest.version.to_string())));
    }
    target.run(streams, |editor, streams| {
        let version = arguments.version(editor, streams)?;
        Ok(vec![set_version(editor, &version)?])
    })
}

impl VersionArguments {
    fn version(&self, editor: &mut Editor, streams: &mut Streams<'_>) -> Result<String, AuthorError> {
        let solution = editor.solution()?;
        if let Some(part) = self.bump {
            return bumped(&solution.manifest.version.to_string(), part.of_author());
        }
        if let Some(version) = &self.set {
            return Ok(version.clone());
        }
        let path = match &self.solution {
            Some(path) => path.clone(),
            None => solution_at_or_above(streams.working_folder)?,
        };
        of_git_tag(&path, &solution.manifest.unique_name)
    }
}

/// The version in the nearest tag of the repository in which the solution lies. A `v`, or the name of the solution, may stand
/// in front of it.
fn of_git_tag(solution: &Utf8Path, unique_name: &str) -> Result<String, AuthorError> {
    let folder = if solution.is_dir() { solution } else { solution.parent().unwrap_or(solution) };
    let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let no_tag = |message: String, hint: &str| AuthorError::NotPossible { message, hint: hint.to_owned() };
    let output = Command::new("git")
        .args([
            "-C",
            folder.as_str(),
            "describe",
            "--tags",
            "--abbrev=0",
            "--match",
            "*[0-9].[0-9]*",
            "--end-of-options",
            "HEAD",
        ])
        .output()
        .map_err(|error| {
            no_tag(format!("git cannot be run: {error}"), "install git, or give the version with --set")
        })?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(no_tag(
            format!("no tag with a version is found from {folder}: {reason}"),
            "git tag v1.2.3.4 makes one; in a shallow clone: git fetch --tags --unshallow",
        ));
    }
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let lower = tag.to_lowercase();
    let rest = lower.strip_prefix(&unique_name.to_lowercase()).unwrap_or(&lower);
    let version = rest.trim_start_matches(['-', '_', '/', '@']).trim_start_matches('v');
    check_version(version).map_err(|_| {
        no_tag(
            format!("the nearest tag is {tag}, which is no version"),
            "tags such as v1.2.3.4 or FabFlows-1.2.3.4 are; or give the version with --set",
        )
    })?;
    Ok(version.to_owned())
}
