//! `solship env provide`: a solution that is simply there.

use std::io;

use clap::Args;
use solship::environment::import::FlowChange;
use solship::environment::provide::provide;
use solship::model::{ComponentKey, ComponentType, Provided, Version};

use super::{change, report};
use crate::cli::Streams;
use crate::cli::environment::Refused;
use crate::cli::transfer::Format;

/// Say that an environment has a solution that is in no release, such as one of the platform
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env provide uat MicrosoftFlowExtensionsCore 1.10.18.1
  solship env provide uat FabBase 2.0 --component environmentvariabledefinition:fab_Region")]
pub(super) struct ProvideArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Unique name of the solution
    #[arg(value_name = "NAME")]
    solution: String,
    /// Its version
    #[arg(value_name = "VERSION", value_parser = version)]
    version: Version,
    /// A component that it has, by the name of its table and its key (repeatable)
    #[arg(long, value_name = "TYPE:KEY", value_parser = component)]
    component: Vec<ComponentKey>,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

fn version(text: &str) -> Result<Version, String> {
    let provided: Provided = format!("x@{text}").parse().map_err(|error| format!("{error}"))?;
    provided.version.ok_or_else(|| "no version".to_owned())
}

fn component(text: &str) -> Result<ComponentKey, String> {
    match text.split_once(':') {
        Some((kind, key)) if !kind.trim().is_empty() && !key.trim().is_empty() => {
            Ok(ComponentKey::new(ComponentType::named(kind.trim()), key))
        }
        _ => Err("write TYPE:KEY, such as environmentvariabledefinition:fab_Region".to_owned()),
    }
}

impl ProvideArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let words = format!("said to be there: {} {}", self.solution, self.version);
        let made = change(&self.name, streams, &words, |state, _| {
            let before = state.solution(&self.solution).map(|known| known.version.clone());
            let changes = provide(state, &self.solution, &self.version, &self.component)
                .map_err(|error| error.to_string())?;
            Ok((before, changes))
        });
        let done = made.map(|(mut done, (before, changes))| {
            if let Some(before) = before.filter(|before| *before != self.version) {
                done.notes.push(format!("{} was said to be there in version {before} before", self.solution));
            }
            done.notes.extend(changes.iter().filter_map(FlowChange::note));
            done
        });
        report(done, self.format, streams)
    }
}
