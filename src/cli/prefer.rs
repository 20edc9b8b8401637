//! `--prefer`: which package counts where a solution is in the set more than once.

use clap::{Args, ValueEnum};
use solship::model::Solution;
use solship::plan::{Options, choose};

use super::Streams;
use super::message::{Level, say};

/// Which of two packages of one solution counts.
#[derive(Debug, Args)]
pub(crate) struct PreferArguments {
    /// Of a managed and an unmanaged package of one solution and version, which one counts
    #[arg(long, value_name = "KIND", default_value = "managed")]
    prefer: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Managed,
    Unmanaged,
}

impl PreferArguments {
    /// Whether the unmanaged package counts.
    pub(super) fn unmanaged(&self) -> bool {
        self.prefer == Kind::Unmanaged
    }

    /// One package a solution. Which others do not count is on stderr, for a command that reports no findings.
    pub(super) fn choose<'s>(&self, set: &'s [Solution], streams: &mut Streams<'_>) -> Vec<&'s Solution> {
        let mut findings = Vec::new();
        let options = Options { prefer_unmanaged: self.unmanaged(), ..Options::default() };
        let chosen = choose(set, &options, &mut findings);
        for finding in findings {
            let place = finding.place.map(|place| format!("{place}: ")).unwrap_or_default();
            let help = finding.help.map(|help| format!("; {help}")).unwrap_or_default();
            say(streams.stderr, Level::Warning, &format!("{place}{}{help}", finding.message));
        }
        chosen
    }
}
