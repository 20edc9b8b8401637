//! The rows of section `Workflows`: reads what all of them share and hands cloud flows and desktop flows to their own
//! readers. What is left are the classic processes (`FORMATS.md` §3.1–3.2); what stands in their XAML is not read.

use serde::Serialize;

use super::reading::{Reading, XmlPart};
use super::{
    Component, ComponentKey, ComponentType, Details, ModelError, cloud_flow, desktop_flow, manifest,
};
use crate::xml::Element;

/// What only a classic process has.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// Which kind.
    pub category: ProcessCategory,
    /// Exported as activated.
    pub on: bool,
}

/// Kinds of classic processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ProcessCategory {
    /// 0
    Workflow,
    /// 1
    Dialog,
    /// 2
    BusinessRule,
    /// 3
    Action,
    /// 4
    BusinessProcessFlow,
    /// 7
    AiFlow,
    /// A number that no documentation names (9000 was seen).
    Other(u32),
    /// The row has no category: `unmodified` rows of managed processes are bare.
    Unknown,
}

impl ProcessCategory {
    fn of(code: Option<u32>) -> Self {
        match code {
            Some(0) => Self::Workflow,
            Some(1) => Self::Dialog,
            Some(2) => Self::BusinessRule,
            Some(3) => Self::Action,
            Some(4) => Self::BusinessProcessFlow,
            Some(7) => Self::AiFlow,
            Some(other) => Self::Other(other),
            None => Self::Unknown,
        }
    }
}

impl ProcessCategory {
    /// What a person calls it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Dialog => "dialog",
            Self::BusinessRule => "business rule",
            Self::Action => "action",
            Self::BusinessProcessFlow => "business process flow",
            Self::AiFlow => "AI flow",
            Self::Other(_) | Self::Unknown => "process",
        }
    }
}

pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    let part = reading.customizations.clone();
    let sections = part.document.root().children().filter(|section| section.name() == "Workflows");
    for row in sections.flat_map(|section| section.children()).filter(|row| row.name() == "Workflow") {
        let Some(mut component) = shared(&part, row) else { continue };
        let number = |name| row.child_text(name).and_then(|text| text.trim().parse::<u32>().ok());
        let on = number("StateCode") == Some(1);
        match number("Category") {
            Some(5) => cloud_flow::read(reading, &part, row, on, &mut component)?,
            Some(6) => desktop_flow::read(reading, &part, row, &mut component),
            category => {
                let category = ProcessCategory::of(category);
                component.details = Details::Process(Process { category, on });
                for name in ["XamlFileName", "JsonFileName"] {
                    take_file(reading, &part, row, name, &component);
                }
            }
        }
        reading.components.push(component);
    }
    Ok(())
}

/// What every row has: GUID, name, whether it is the solution's own.
fn shared(part: &XmlPart, row: Element<'_>) -> Option<Component> {
    let name = row.attribute("Name").map(|name| name.into_owned()).filter(|name| !name.trim().is_empty());
    let name = name.unwrap_or_else(|| manifest::localized_name(row));
    let id = row.attribute("WorkflowId").unwrap_or_default();
    let key = ComponentKey::new(ComponentType::WORKFLOW, if id.trim().is_empty() { &name } else { &id });
    if key.key.is_empty() {
        return None;
    }
    let mut component = Component::new(key, name, part.place(row));
    component.unmodified = row.attribute("unmodified").is_some_and(|digit| digit.trim() == "1");
    Some(component)
}

/// Takes the file that a column names; gives its path when the package has it.
pub(crate) fn take_file(
    reading: &mut Reading<'_>,
    part: &XmlPart,
    row: Element<'_>,
    column: &str,
    component: &Component,
) -> Option<String> {
    let column = row.child(column)?;
    let path = column.text();
    if path.trim().is_empty() {
        return None;
    }
    let found = reading.take_named(&path, component, part.place(column));
    found.then(|| super::reading::entry_path(&path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codes;
    use crate::model::testing::customizations;

    #[test]
    fn classic_processes_have_their_category_and_take_their_file() {
        let solution = customizations(
            r#"<Workflows>
<Workflow WorkflowId="{0c0ffee0-0000-4000-8000-000000000001}" Name="Check">
<XamlFileName>/Workflows/Check-0C0FFEE0.xaml</XamlFileName><Category>2</Category><StateCode>1</StateCode></Workflow>
<Workflow WorkflowId="{0c0ffee0-0000-4000-8000-000000000002}" Name="Stages" unmodified="1"><ProcessTriggers /></Workflow>
<Workflow WorkflowId="{0c0ffee0-0000-4000-8000-000000000003}">
<LocalizedNames><LocalizedName description="Odd" languagecode="1033" /></LocalizedNames>
<JsonFileName>/Workflows/Odd.json</JsonFileName><Category>9000</Category></Workflow>
<Workflow /></Workflows>"#,
            &[("Workflows/check-0c0ffee0.XAML", "<Activity />")],
        );
        let facts: Vec<_> = solution
            .components
            .iter()
            .map(|component| {
                let Details::Process(process) = &component.details else { panic!("no process") };
                (&*component.name, process.category, process.on, component.unmodified)
            })
            .collect();
        assert_eq!(
            facts,
            [
                ("Check", ProcessCategory::BusinessRule, true, false),
                ("Stages", ProcessCategory::Unknown, false, true),
                ("Odd", ProcessCategory::Other(9000), false, false),
            ]
        );
        let [finding] = &solution.findings[..] else { panic!("one finding: {:?}", solution.findings) };
        assert_eq!(finding.code, codes::MISSING_FILE);
        assert_eq!(finding.component.as_ref(), Some(&solution.components[2].key));
        assert!(finding.message.contains("Workflows/Odd.json"), "{}", finding.message);
    }
}
