//! One solution with its files open, for the rules that look at it.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::settings::Settings;
use super::texts::Script;
use crate::json;
use crate::model::{
    CloudFlow, Component, ComponentKey, ComponentType, Credential, DesktopFlow, Details, EnvironmentVariable,
    JsonPart, ModelError, Parts, Place, Solution, XmlPart, as_utf8, entry_path,
};
use crate::package::{Entry, Package};
use crate::text::shell_word;
use crate::xml::Element;

/// What a rule can look at.
pub(super) struct Subject<'s> {
    pub(super) package: &'s Package,
    pub(super) solution: &'s Solution,
    /// `solution.xml`.
    pub(super) manifest: &'s XmlPart,
    /// `customizations.xml`.
    pub(super) customizations: &'s XmlPart,
    /// Rows whose key a component has already.
    pub(super) twins: &'s [Component],
    /// Paths of the files that were parsed when the solution was read, lower case.
    pub(super) parsed: &'s BTreeSet<String>,
    pub(super) settings: &'s Settings,
    /// Rows of section `Workflows`: index of the element.
    processes: OnceCell<BTreeMap<ComponentKey, u32>>,
    /// The files of cloud flows.
    flows: OnceCell<BTreeMap<ComponentKey, JsonPart>>,
    fault: RefCell<Option<ModelError>>,
}

impl<'s> Subject<'s> {
    pub(super) fn new(
        package: &'s Package,
        solution: &'s Solution,
        parts: &'s Parts,
        settings: &'s Settings,
    ) -> Self {
        Self {
            package,
            solution,
            manifest: &parts.manifest,
            customizations: &parts.customizations,
            twins: &parts.twins,
            parsed: &parts.parsed,
            settings,
            processes: OnceCell::new(),
            flows: OnceCell::new(),
            fault: RefCell::new(None),
        }
    }

    /// The place of an element of the manifest, by the names that lead to it; of the manifest where it is not there.
    pub(super) fn place_in_manifest(&self, path: &[&str]) -> Place {
        let mut element = self.manifest.document.root().child("SolutionManifest");
        for name in path {
            element = element.and_then(|element| element.child(name));
        }
        element.map_or_else(|| self.solution.manifest.place.clone(), |element| self.manifest.place(element))
    }

    /// The package as a whole.
    pub(super) fn whole(&self) -> Place {
        Place::whole(&self.solution.source)
    }

    /// `: solship add variable PREFIX_NAME --solution SOURCE`, where the package can be edited.
    pub(super) fn add_command(&self, what: &str, name: &str) -> String {
        let solution = self.solution;
        if !solution.is_editable() {
            return " in the source, and export again".to_owned();
        }
        let prefix = &solution.manifest.publisher.prefix;
        let name = shell_word(&format!("{}_{name}", if prefix.is_empty() { "new" } else { prefix }));
        let id = if what == "secret" { " RESOURCE-ID" } else { "" };
        format!(": solship add {what} {name}{id} --solution {}", solution.source_word())
    }

    /// What could not be read while rules looked.
    pub(super) fn finish(self) -> Result<(), ModelError> {
        self.fault.into_inner().map_or(Ok(()), Err)
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = (&'s Component, &'s EnvironmentVariable)> {
        self.solution.components.iter().filter_map(|component| match &component.details {
            Details::EnvironmentVariable(variable) => Some((component, variable)),
            _ => None,
        })
    }

    pub(super) fn credentials(&self) -> impl Iterator<Item = (&'s Component, &'s Credential)> {
        self.solution.components.iter().filter_map(|component| match &component.details {
            Details::Credential(credential) => Some((component, credential)),
            _ => None,
        })
    }

    pub(super) fn cloud_flows(&self) -> impl Iterator<Item = (&'s Component, &'s CloudFlow)> {
        self.solution.components.iter().filter_map(|component| match &component.details {
            Details::CloudFlow(flow) => Some((component, flow)),
            _ => None,
        })
    }

    pub(super) fn desktop_flows(&self) -> impl Iterator<Item = (&'s Component, &'s DesktopFlow)> {
        self.solution.components.iter().filter_map(|component| match &component.details {
            Details::DesktopFlow(flow) => Some((component, flow)),
            _ => None,
        })
    }

    /// The row of a flow or another process in `customizations.xml`.
    pub(super) fn process(&self, key: &ComponentKey) -> Option<Element<'s>> {
        let document = &self.customizations.document;
        let rows = self.processes.get_or_init(|| {
            let sections = document.root().children().filter(|section| section.name() == "Workflows");
            let rows = sections.flat_map(|section| section.children());
            rows.filter_map(|row| {
                let id = row.attribute("WorkflowId")?;
                Some((ComponentKey::new(ComponentType::WORKFLOW, &id), row.index()))
            })
            .collect()
        });
        document.element(*rows.get(key)?)
    }

    /// The JSON of a cloud flow; none where it has none, or an ill-formed one, which is reported already.
    pub(super) fn flow(&self, key: &ComponentKey) -> Option<&JsonPart> {
        let flows = self.flows.get_or_init(|| {
            let flows = self.cloud_flows().filter_map(|(component, _)| {
                let file = self.process(&component.key)?.child_text("JsonFileName")?;
                Some((component.key.clone(), self.json(&entry_path(&file))?))
            });
            flows.collect()
        });
        flows.get(key)
    }

    /// The script of a desktop flow; none where it has none, or an ill-formed one, which is reported already.
    pub(super) fn script(&self, key: &ComponentKey) -> Option<Script<'s>> {
        Script::read(self.customizations, self.process(key)?.child("Definition")?)
    }

    /// A JSON file of the package; none where it is not there or ill-formed.
    pub(super) fn json(&self, path: &str) -> Option<JsonPart> {
        let entry = self.package.entry(path)?;
        let document = json::Document::parse(as_utf8(self.read(entry)?)).ok()?;
        Some(JsonPart { file: self.package.place_of(&entry.path).into(), document })
    }

    /// The bytes of an entry. When they cannot be read the whole check fails in the end.
    pub(super) fn read(&self, entry: &Entry) -> Option<Vec<u8>> {
        match self.package.read(entry) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.fault.borrow_mut().get_or_insert(error.into());
                None
            }
        }
    }
}
