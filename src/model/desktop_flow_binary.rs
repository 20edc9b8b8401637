//! Binaries of desktop flows: folders `desktopflowbinaries/<id>` (`FORMATS.md` §3.4 point 8). What is in the data files is not
//! known here, but for the list of variables in a `DependenciesFile`. Read [`read`] first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reading::{Reading, XmlPart};
use super::{
    Component, ComponentKey, ComponentType, Details, ModelError, Relation, Target, Use, desktop_flow,
};
use crate::xml::Element;

/// Rows of `desktopflowbinaries`, each with its data file. Comes after the flows, which learn how many they have.
pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    let mut counts: BTreeMap<ComponentKey, usize> = BTreeMap::new();
    let mut variables: Vec<(ComponentKey, Use)> = Vec::new();
    let mut rows: BTreeSet<String> = BTreeSet::new();
    let customizations = reading.customizations.file.clone();
    let mut failed = None;
    reading.rows("desktopflowbinaries", "desktopflowbinary", &mut |reading, part, row| {
        let mut component = binary(part, row)?;
        rows.insert(component.key.folded().to_owned());
        let flow = component.uses.first().and_then(|used| match &used.target {
            Target::Component(flow) => Some(flow.clone()),
            Target::Expression(_) => None,
        });
        if let Some(flow) = &flow {
            *counts.entry(flow.clone()).or_default() += 1;
        }
        if part.file != customizations
            && let Some(path) = data_file(reading, part, row, &component)
            && row.child_text("type").is_some_and(|kind| kind.trim() == "DependenciesFile")
        {
            match dependencies_file(reading, &path) {
                Ok(uses) => match flow {
                    Some(flow) => variables.extend(uses.into_iter().map(|used| (flow.clone(), used))),
                    None => component.uses.extend(uses),
                },
                Err(error) => failed = Some(error),
            }
        }
        Some(component)
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    let files = reading.package.entries().iter().map(|entry| entry.path.clone()).filter(|path| {
        let mut segments = path.split('/');
        segments.next().is_some_and(|first| first.eq_ignore_ascii_case("desktopflowbinaries"))
            && segments.next().is_some_and(|key| rows.contains(&key.to_lowercase()))
    });
    for path in files.collect::<Vec<_>>() {
        reading.take(&path);
    }
    let flows: BTreeMap<ComponentKey, usize> = reading
        .components
        .iter()
        .enumerate()
        .filter(|(_, component)| matches!(component.details, Details::DesktopFlow(_)))
        .map(|(at, component)| (component.key.clone(), at))
        .collect();
    for (flow, count) in counts {
        if let Some(at) = flows.get(&flow)
            && let Details::DesktopFlow(details) = &mut reading.components[*at].details
        {
            details.binaries = count;
        }
    }
    for (flow, used) in variables {
        if let Some(at) = flows.get(&flow) {
            reading.components[*at].uses.push(used);
        }
    }
    Ok(())
}

fn binary(part: &XmlPart, row: Element<'_>) -> Option<Component> {
    let id = row.attribute("desktopflowbinaryid").or_else(|| row.child_text("desktopflowbinaryid"))?;
    let key = ComponentKey::new(ComponentType::DESKTOP_FLOW_BINARY, &id);
    if key.key.is_empty() {
        return None;
    }
    let mut component =
        Component::new(key, row.child_text("name").unwrap_or_default().trim(), part.place(row));
    if let Some((flow, place)) = row.child("process").and_then(|column| part.lookup(column)) {
        let flow = ComponentKey::new(ComponentType::WORKFLOW, &flow);
        component.uses.push(Use::new(Relation::BinaryWorkflow, flow, place));
    }
    Some(component)
}

/// The data file of a row, below the folder of the row; some rows have none.
fn data_file(
    reading: &mut Reading<'_>,
    part: &XmlPart,
    row: Element<'_>,
    binary: &Component,
) -> Option<String> {
    let column = row.child("data")?;
    let name = column.text();
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let path = format!("desktopflowbinaries/{}/data/{name}", binary.key.key);
    reading.take_named(&path, binary, part.place(column)).then_some(path)
}

/// `{"EnvironmentVariables":[]}`; never seen with anything in it.
fn dependencies_file(reading: &mut Reading<'_>, path: &str) -> Result<Vec<Use>, ModelError> {
    let Some(part) = reading.json(path)? else { return Ok(Vec::new()) };
    let items = part.document.value().get("EnvironmentVariables").and_then(Value::as_array);
    let items = items.into_iter().flatten().enumerate();
    Ok(items
        .filter_map(|(at, item)| {
            let variable =
                ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, desktop_flow::identity(item)?);
            let place = part.place(&format!("/EnvironmentVariables/{at}"));
            Some(Use::new(Relation::DesktopFlowVariable, variable, place))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, uses};

    const FLOW: &str = "0c0ffee0-0000-4000-8000-000000000001";

    #[test]
    fn binaries_belong_to_their_flow_and_take_their_files() {
        let id = "0c0ffee0-0000-4000-8000-00000000000b";
        let xml = format!(
            "<desktopflowbinary desktopflowbinaryid='{id}'><data>Deps.json</data><name>Dependencies</name>\n\
             <process><workflowid>{FLOW}</workflowid></process><type>DependenciesFile</type></desktopflowbinary>"
        );
        let folder = format!("desktopflowbinaries/{id}");
        let row = format!(
            "<Workflows><Workflow WorkflowId='{FLOW}' Name='Post payroll'><Category>6</Category></Workflow></Workflows>"
        );
        let solution = customizations(
            &row,
            &[
                (&format!("{folder}/desktopflowbinary.xml"), &xml),
                (&format!("{folder}/data/Deps.json"), r#"{"EnvironmentVariables":["fab_Limit"]}"#),
            ],
        );
        let Details::DesktopFlow(flow) = &solution.components[0].details else { panic!("no desktop flow") };
        assert_eq!(flow.binaries, 1);
        assert_eq!(solution.findings, []);
        let (relation, target, place) = uses(&solution.components[0]).remove(0);
        assert_eq!(
            (relation, &*target),
            (Relation::DesktopFlowVariable, "environmentvariabledefinition:fab_Limit")
        );
        assert!(place.starts_with(&format!("test.zip:{folder}/data/Deps.json")), "{place}");
        let binary = &solution.components[1];
        assert_eq!((&*binary.key.key, &*binary.name), (id, "Dependencies"));
        assert_eq!(
            uses(binary),
            [(
                Relation::BinaryWorkflow,
                format!("workflow:{FLOW}"),
                format!("test.zip:{folder}/desktopflowbinary.xml:2:10")
            )]
        );
    }
}
