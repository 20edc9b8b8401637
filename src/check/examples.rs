//! The examples on the page of a rule: solutions of a few files, of which only what matters is written down.
//!
//! A file stands in a fenced block behind a line with its place: `` `Workflows/Pay.json`: ``, of another solution than
//! `FabFlows` with its archive in front: `` `FabShared.zip:solution.xml`: ``. Of `solution.xml` the elements of the manifest that
//! differ are enough, of `customizations.xml` the sections. `solship.toml` is the configuration, `uat.json` a snapshot of the target,
//! of which the lists that are not empty are enough, `settings.json` what is imported with, a block of shell the command with the options
//! that matter. Read [`Example::read`] first.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{ModelError, ProvidedError, Version};
use crate::package::{Package, PackageError};

use super::settings::{Cloud, Settings};
use super::target::Target;
use crate::config::{Config, ConfigError};
use crate::deploy::DeployError;
use crate::environment::Environment;
use crate::environment::snapshot::{SCHEMA, Snapshot, SnapshotError};
use crate::settings::{SettingsError, SettingsFile};

/// One example: a set of solutions and how they are checked.
#[derive(Debug)]
pub struct Example {
    /// By name.
    pub solutions: Vec<ExampleSolution>,
    /// What the command and the configuration say.
    pub settings: Settings,
    /// The target, where it is known.
    pub environment: Option<Snapshot>,
    /// What fills variables and connection references there.
    pub filled: Option<Arc<SettingsFile>>,
}

/// One solution of an example.
#[derive(Debug)]
pub struct ExampleSolution {
    /// Its archive: `FabFlows.zip`.
    pub label: String,
    /// Path and text of every file.
    pub files: Vec<(String, String)>,
}

/// Why an example says nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExampleError {
    /// A block without a place before it, or one that does not end.
    #[error(
        "line {line} of the example: a block of code needs the place of its file in the line before: `path`:"
    )]
    Block {
        /// From 1.
        line: usize,
    },
    /// A word of the command that is not known.
    #[error("the command of the example says {word}")]
    Option {
        /// As written.
        word: String,
    },
    /// `--provided`.
    #[error(transparent)]
    Provided(#[from] ProvidedError),
    /// `solship.toml`.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `uat.json`.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// `settings.json`.
    #[error(transparent)]
    Filled(#[from] SettingsError),
    /// What the solutions bring cannot be told.
    #[error(transparent)]
    Deploy(#[from] Box<DeployError>),
    /// The files are no package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The package is no solution.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The solution whose files stand without an archive.
const USUAL: &str = "FabFlows";

impl Example {
    /// Reads a section of a page.
    pub fn read(section: &str) -> Result<Self, ExampleError> {
        let mut solutions: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut settings = Settings::default();
        let mut environment = None;
        let mut filled = None;
        let mut place = None;
        let mut lines = section.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let Some(language) = line.strip_prefix("```") else {
                if !line.trim().is_empty() {
                    place = line.trim().strip_prefix('`').and_then(|rest| rest.strip_suffix("`:"));
                }
                continue;
            };
            let mut text = String::new();
            loop {
                match lines.next() {
                    Some((_, "```")) => break,
                    Some((_, line)) => text.extend([line, "\n"]),
                    None => return Err(ExampleError::Block { line: number + 1 }),
                }
            }
            match place.take() {
                _ if language == "sh" => options(&text, &mut settings)?,
                Some("solship.toml") => {
                    let config = Config::read("solship.toml", text.into_bytes())?;
                    settings.plan.provided.extend(config.provided);
                    settings.plan.signs_in.extend(config.signs_in);
                    settings.plan.before.extend(config.before);
                }
                Some(SNAPSHOT) => environment = Some(snapshot(&text)?),
                Some(FILLED) => filled = Some(Arc::new(SettingsFile::read(FILLED, text.into_bytes())?)),
                Some(place) => {
                    let (name, path) = place.split_once(".zip:").unwrap_or((USUAL, place));
                    solutions.entry(name.to_owned()).or_default().push((path.to_owned(), text));
                }
                None => return Err(ExampleError::Block { line: number + 1 }),
            }
        }
        let solutions = solutions.into_iter().map(|(name, files)| complete(&name, files)).collect();
        Ok(Self { solutions, settings, environment, filled })
    }

    /// Checks the solutions.
    pub fn check(&self) -> Result<super::Check, ExampleError> {
        let target = self.environment.as_ref().map(|snapshot| Target {
            settings: self.filled.clone(),
            ..Target::new(SNAPSHOT, snapshot.state())
        });
        let mut checked = Vec::new();
        for solution in &self.solutions {
            let package = solution.package()?;
            checked.push(match &target {
                Some(_) => super::one_for_target(&package, &self.settings).map_err(Box::new)?,
                None => super::one(&package, &self.settings)?,
            });
        }
        match target {
            Some(target) if checked.is_empty() => Ok(super::environment(&target)),
            target => Ok(super::all(checked, &self.settings, target.as_ref())),
        }
    }
}

impl ExampleSolution {
    /// The solution as an archive.
    pub fn package(&self) -> Result<Package, PackageError> {
        let files = self.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
        Package::from_files(&self.label, files.collect())
    }
}

/// The target of an example.
const SNAPSHOT: &str = "uat.json";
/// The settings file of an example.
const FILLED: &str = "settings.json";

/// With the lists that every snapshot has.
fn snapshot(text: &str) -> Result<Snapshot, SnapshotError> {
    let lists = ["solutions", "components", "values", "bindings", "flows", "connections", "shares"];
    let own = text.trim().strip_prefix('{').unwrap_or(text).trim_start();
    let mut whole = format!("{{\"$schema\": \"{SCHEMA}\", \"version\": 1, \"texts\": \"unknown\"");
    for list in lists.iter().filter(|list| !own.contains(&format!("\"{list}\":"))) {
        whole.push_str(&format!(", \"{list}\": []"));
    }
    whole.push_str(if own == "}" { "" } else { ", " });
    whole.push_str(own);
    Snapshot::read(SNAPSHOT, whole.into_bytes())
}

/// The options of `solship check` that change what rules find.
fn options(command: &str, settings: &mut Settings) -> Result<(), ExampleError> {
    let mut words = command.split_whitespace().skip_while(|word| !word.starts_with("--"));
    while let Some(word) = words.next() {
        let unknown = || ExampleError::Option { word: word.to_owned() };
        let value = words.next().ok_or_else(unknown)?;
        match word {
            "--max-size" => settings.max_size = value.parse().map_err(|_| unknown())?,
            "--platform-version" => settings.platform_version = Some(Version::new(value)),
            "--provided" => settings.plan.provided.push(value.parse()?),
            // They are in the example itself.
            "--env" if value == SNAPSHOT => {}
            "--settings" if value == FILLED => {}
            "--cloud" if value == "usgov" => settings.cloud = Cloud::UsGovernment,
            "--cloud" if value == "china" => settings.cloud = Cloud::China,
            _ => return Err(unknown()),
        }
    }
    Ok(())
}

/// The elements of a manifest that an example does not write down.
const MANIFEST: &[(&str, &str)] = &[
    ("Version", "<Version>1.0.0.0</Version>"),
    ("Managed", "<Managed>0</Managed>"),
    (
        "Publisher",
        "<Publisher><UniqueName>fabrikam</UniqueName><LocalizedNames><LocalizedName description=\"Fabrikam\" languagecode=\"1033\" />\
         </LocalizedNames><CustomizationPrefix>fab</CustomizationPrefix>\
         <CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix></Publisher>",
    ),
    ("RootComponents", "<RootComponents />"),
    ("MissingDependencies", "<MissingDependencies />"),
];

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
     <Default Extension=\"xml\" ContentType=\"text/xml\" /></Types>";

/// With the files that every solution has.
fn complete(name: &str, mut files: Vec<(String, String)>) -> ExampleSolution {
    let mut take = |path: &str| {
        let at = files.iter().position(|(other, _)| other == path);
        at.map(|at| files.remove(at).1).unwrap_or_default()
    };
    let (manifest, customizations) = (take("solution.xml"), take("customizations.xml"));
    let is_whole = |text: &str| text.trim_start().starts_with("<ImportExportXml");
    let manifest = if is_whole(&manifest) { manifest } else { whole_manifest(name, &manifest) };
    let customizations = if is_whole(&customizations) {
        customizations
    } else {
        format!(
            "<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{customizations}</ImportExportXml>\n"
        )
    };
    files.insert(0, ("solution.xml".to_owned(), manifest));
    files.insert(1, ("customizations.xml".to_owned(), customizations));
    if files.iter().all(|(path, _)| path != "[Content_Types].xml") {
        files.push(("[Content_Types].xml".to_owned(), CONTENT_TYPES.to_owned()));
    }
    ExampleSolution { label: format!("{name}.zip"), files }
}

fn whole_manifest(name: &str, written: &str) -> String {
    let mut text =
        String::from("<ImportExportXml version=\"9.2.0.0\" languagecode=\"1033\">\n<SolutionManifest>\n");
    let is_written =
        |element: &str| [">", " ", "/"].iter().any(|end| written.contains(&format!("<{element}{end}")));
    if !is_written("UniqueName") || !written.trim_start().starts_with("<UniqueName>") {
        text.push_str(&format!("<UniqueName>{name}</UniqueName>\n"));
    }
    if !written.trim_start().starts_with("<LocalizedNames>") {
        text.push_str(&format!(
            "<LocalizedNames><LocalizedName description=\"{name}\" languagecode=\"1033\" /></LocalizedNames>\n"
        ));
    }
    for (element, usual) in MANIFEST {
        if !is_written(element) {
            text.push_str(usual);
            text.push('\n');
        }
    }
    text.push_str(written);
    text.push_str("</SolutionManifest>\n</ImportExportXml>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_a_set_of_solutions() {
        let example = Example::read(
            "Text.\n\n`customizations.xml`:\n\n```xml\n<Workflows />\n```\n\n`FabShared.zip:solution.xml`:\n\n```xml\n\
             <Version>2.0.0.0</Version>\n```\n\n```sh\nsolship check *.zip --max-size 10 --cloud usgov\n```\n",
        );
        let example = example.unwrap();
        let labels: Vec<&str> = example.solutions.iter().map(|solution| &*solution.label).collect();
        assert_eq!(labels, ["FabFlows.zip", "FabShared.zip"]);
        assert_eq!((example.settings.max_size, example.settings.cloud), (10, Cloud::UsGovernment));
        let check = example.check().unwrap();
        assert_eq!(check.solutions[1].version.to_string(), "2.0.0.0");
    }

    #[test]
    fn what_says_nothing_is_refused() {
        assert!(matches!(Example::read("```xml\n<a />\n```"), Err(ExampleError::Block { line: 1 })));
        assert!(matches!(Example::read("`a`:\n```xml\n<a />"), Err(ExampleError::Block { line: 2 })));
        assert!(matches!(
            Example::read("```sh\nsolship check --odd 1\n```"),
            Err(ExampleError::Option { .. })
        ));
    }
}
