//! `solship env apply-upgrade`: an upgrade that was staged takes the place of the solution.

use std::collections::BTreeMap;
use std::io;

use clap::Args;
use solship::environment::import::{Outcome, promote};
use solship::model::{ComponentKey, SolutionIdentity};
use solship::report::json_environment::Done;

use super::{change_when_asked, report};
use crate::cli::Streams;
use crate::cli::confirm::YesArguments;
use crate::cli::environment::Refused;
use crate::cli::transfer::Format;

/// So many components that go are named in the question.
const NAMED: usize = 3;

/// Apply an upgrade that `deploy --stage` put beside a solution: what the new version lacks is deleted
///
/// The platform calls it "Apply solution upgrade". Refused, and nothing changed, while something needs what would be deleted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env apply-upgrade uat FabFlows
  solship env apply-upgrade uat FabFlows --yes")]
pub(super) struct ApplyUpgradeArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Unique name of the solution
    #[arg(value_name = "SOLUTION")]
    solution: String,
    #[command(flatten)]
    yes: YesArguments,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl ApplyUpgradeArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let done = self.change(streams)?;
        report(done, self.format, streams)
    }

    fn change(&self, streams: &mut Streams<'_>) -> io::Result<Result<Done, Refused>> {
        let words = format!("applied the staged upgrade of {}", self.solution);
        let doing = |(_, deleted): &(Outcome, Vec<String>)| {
            let shown: Vec<&str> = deleted.iter().take(NAMED).map(String::as_str).collect();
            let more = match deleted.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let gone = if shown.is_empty() {
                String::new()
            } else {
                format!(", which deletes {}{more}", shown.join(", "))
            };
            format!("apply the staged upgrade of {}{gone}", self.solution)
        };
        let named = (&*self.name, &*words);
        let changed = change_when_asked(named, &self.yes, streams, doing, |state, _, line| {
            let there: BTreeMap<ComponentKey, String> =
                state.held_by(&self.solution).map(|key| (key.clone(), super::words(state, key))).collect();
            let outcome = promote(state, &self.solution).map_err(|refusals| {
                let words: Vec<String> = refusals.into_iter().map(|refusal| refusal.words).collect();
                words.join("; ")
            })?;
            let solution = &outcome.solution;
            let before = outcome.before.iter().map(|before| format!("{before} → ")).collect::<String>();
            let name = &solution.unique_name;
            line.words = format!("applied the staged upgrade of {name} {before}{}", solution.version);
            line.solution = Some(SolutionIdentity {
                unique_name: name.clone(),
                version: solution.version.clone(),
                managed: solution.managed,
                publisher: solution.publisher.clone(),
                source: self.solution.as_str().into(),
            });
            let named = |key: &ComponentKey| there.get(key).cloned().unwrap_or_else(|| key.to_string());
            let deleted: Vec<String> = outcome.deleted.iter().map(named).collect();
            Ok((outcome, deleted))
        })?;
        let (mut done, (outcome, deleted)) = match changed {
            Ok(changed) => changed,
            Err(refused) => return Ok(Err(refused)),
        };
        let solution = &outcome.solution;
        let from = outcome.before.map(|version| format!(" (before: {version})")).unwrap_or_default();
        done.notes.push(format!("{} is {} now{from}", solution.unique_name, solution.version));
        done.notes.extend(deleted.into_iter().map(|words| format!("deleted {words}")));
        done.notes.extend(outcome.notes);
        Ok(Ok(done))
    }
}
