//! Desktop flows (category 6), all of them in customizations.xml (`FORMATS.md` §3.4). Of the script only the calls of other desktop flows are known here.
//!
//! Read [`DesktopFlow`] first.

use serde::Serialize;
use serde_json::Value;

use super::reading::{Reading, XmlPart};
use super::{
    Binding, Component, ComponentKey, ComponentType, Details, Relation, Severity, Use, codes, credential,
    is_guid, process,
};
use crate::xml::Element;

/// What only a desktop flow has.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DesktopFlow {
    /// `containsActiveCredentialsActions` in its metadata: it gets a credential itself.
    pub uses_credentials: bool,
    /// Schema version, such as `2022.07`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<String>,
    /// Binaries that belong to it.
    pub binaries: usize,
    /// The column `Outputs`: what a caller takes; none where it is empty or ill-formed.
    #[serde(skip)]
    pub outputs: Option<Value>,
    /// Of which connector it takes its connection references to be.
    #[serde(skip)]
    pub bindings: Vec<Binding>,
}

/// Lists in the column `Dependencies`.
const DEPENDENCIES: &[(&str, Relation, ComponentType)] = &[
    ("childFlows", Relation::DesktopFlowChildFlow, ComponentType::WORKFLOW),
    ("workQueues", Relation::DesktopFlowWorkQueue, ComponentType::WORK_QUEUE),
    ("environmentVariables", Relation::DesktopFlowVariable, ComponentType::ENVIRONMENT_VARIABLE),
    ("requiredBinaries", Relation::DesktopFlowBinary, ComponentType::DESKTOP_FLOW_BINARY),
];

pub(crate) fn read(reading: &mut Reading<'_>, part: &XmlPart, row: Element<'_>, component: &mut Component) {
    component.details = Details::DesktopFlow(DesktopFlow::default());
    // The file is a stub without references of its own.
    process::take_file(reading, part, row, "JsonFileName", component);
    let mut uses_credentials = false;
    let mut bindings = Vec::new();
    let mut outputs = None;
    for column in row.children() {
        match column.name() {
            "Metadata" => {
                let metadata = json(reading, part, column, component);
                let flag = metadata.as_ref().and_then(|value| value.get("containsActiveCredentialsActions"));
                uses_credentials = flag.and_then(Value::as_bool).unwrap_or(false);
            }
            "Dependencies" => {
                if let Some(value) = json(reading, part, column, component) {
                    dependencies(part, column, &value, component);
                }
            }
            "ConnectionReferences" => {
                if let Some(value) = json(reading, part, column, component) {
                    connection_references(part, column, &value, component, &mut bindings);
                }
            }
            // What is wrong with it is no fault that an import would meet.
            "Outputs" => outputs = serde_json::from_str(&column.text()).ok(),
            "Definition" => {
                if let Some(Value::String(script)) = json(reading, part, column, component) {
                    calls(part, column, &script, component);
                }
            }
            "Credentials" => {
                for key in credential::identities(&part.inner(column)) {
                    if key.kind == ComponentType::CREDENTIAL {
                        let place = part.place(column);
                        component.uses.push(Use::new(Relation::DesktopFlowCredential, key, place));
                    }
                }
            }
            _ => {}
        }
    }
    let schema_version = row.child_text("SchemaVersion").map(|text| text.trim().to_owned());
    let schema_version = schema_version.filter(|text| !text.is_empty());
    component.details = Details::DesktopFlow(DesktopFlow {
        uses_credentials,
        schema_version,
        binaries: 0,
        outputs,
        bindings,
    });
}

/// The JSON in a column; none when it is empty, and with a finding when it is ill-formed.
fn json(reading: &mut Reading<'_>, part: &XmlPart, column: Element<'_>, flow: &Component) -> Option<Value> {
    let text = column.text();
    if text.trim().is_empty() {
        return None;
    }
    match serde_json::from_str(&text) {
        Ok(value) => Some(value),
        Err(error) => {
            let name = column.name();
            let message = format!("column {name} of {} is no well-formed JSON: {error}", flow.described());
            reading.report(codes::ILL_FORMED_FILE, Severity::Error, part.place(column), message);
            if let Some(finding) = reading.findings.last_mut() {
                finding.component = Some(flow.key.clone());
            }
            None
        }
    }
}

fn dependencies(part: &XmlPart, column: Element<'_>, value: &Value, component: &mut Component) {
    for (list, relation, kind) in DEPENDENCIES {
        let items = value.get(list).and_then(Value::as_array);
        for (at, item) in items.into_iter().flatten().enumerate() {
            if let Some(text) = identity(item) {
                let place = part.place(column).with_pointer(&format!("/{list}/{at}"));
                component.uses.push(Use::new(*relation, ComponentKey::new(kind.clone(), text), place));
            }
        }
    }
}

/// An item that is an identity itself, or an object that holds one: the layout of variables has not been seen.
pub(super) fn identity(item: &Value) -> Option<&str> {
    const NAMES: &[&str] = &["schemaname", "name", "environmentvariabledefinitionid", "id"];
    let text = match item {
        Value::String(text) => text,
        Value::Object(object) => NAMES.iter().find_map(|wanted| {
            let member = object.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            member.and_then(|(_, value)| value.as_str()).filter(|text| !text.trim().is_empty())
        })?,
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// An array here, unlike in cloud flows.
fn connection_references(
    part: &XmlPart,
    column: Element<'_>,
    value: &Value,
    component: &mut Component,
    bindings: &mut Vec<Binding>,
) {
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        let name = item.get("connectionReferenceLogicalName").and_then(Value::as_str).unwrap_or_default();
        if name.trim().is_empty() {
            continue;
        }
        let target = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, name);
        if let Some(api) = item.pointer("/api/name").and_then(Value::as_str) {
            bindings.push(Binding {
                reference: target.clone(),
                api: api.to_owned(),
                place: part.place(column).with_pointer(&format!("/{at}/api/name")),
            });
        }
        let place = part.place(column).with_pointer(&format!("/{at}/connectionReferenceLogicalName"));
        component.uses.push(Use::new(Relation::DesktopFlowConnectionReference, target, place));
    }
}

/// The statement that runs another desktop flow.
const RUN_FLOW: &str = "External.RunFlow ";

/// Calls of other desktop flows in the script, each at its own place in the XML.
fn calls(part: &XmlPart, column: Element<'_>, script: &str, component: &mut Component) {
    let inner = column.inner_range();
    let raw = &part.document.bytes()[inner.clone()];
    // The name of the statement is written the same in the script, in JSON and in XML: the nth there is the nth here.
    let mut offsets = memchr::memmem::find_iter(raw, RUN_FLOW.as_bytes());
    let mut in_comment = false;
    for line in script.lines() {
        let places: Vec<usize> = line.match_indices(RUN_FLOW).map_while(|_| offsets.next()).collect();
        let statement = line.trim_start();
        if in_comment || statement.starts_with("/#") {
            in_comment = !statement.trim_end().ends_with("#/");
            continue;
        }
        let enabled = statement.strip_prefix("DISABLE ").unwrap_or(statement).trim_start();
        let Some(arguments) = enabled.strip_prefix(RUN_FLOW) else { continue };
        let Some((_, id)) = arguments.split_once("FlowId:") else { continue };
        let id = id.trim_start();
        let place = match places.first() {
            Some(offset) => part.place_at(inner.start + offset),
            None => part.place(column),
        };
        let relation = Relation::DesktopFlowChildFlow;
        let literal = id.strip_prefix('\'').and_then(|id| id.split_once('\'')).map(|(id, _)| id);
        component.uses.push(match literal {
            Some(id) if is_guid(id) => {
                Use::new(relation, ComponentKey::new(ComponentType::WORKFLOW, id), place)
            }
            _ => Use::expression(relation, id.split_whitespace().next().unwrap_or_default(), place),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Solution;
    use crate::model::testing::{customizations, uses};

    const FLOW: &str = "0c0ffee0-0000-4000-8000-000000000001";
    const CHILD: &str = "0c0ffee0-0000-4000-8000-000000000002";

    fn flow(columns: &str, files: &[(&str, &str)]) -> Solution {
        let row = format!(
            "<Workflows><Workflow WorkflowId=\"{{{FLOW}}}\" Name=\"Post payroll\"><Category>6</Category>\n\
             {columns}\n<SchemaVersion>2022.07</SchemaVersion></Workflow></Workflows>"
        );
        customizations(&row, files)
    }

    fn details(solution: &Solution) -> &DesktopFlow {
        let Details::DesktopFlow(flow) = &solution.components[0].details else { panic!("no desktop flow") };
        flow
    }

    #[test]
    fn every_list_of_the_dependencies_is_followed() {
        let solution = flow(
            r#"<Dependencies>{"childFlows":["c"],"workQueues":["q"],
"environmentVariables":["fab_Limit",{"id":"v"},7],"requiredBinaries":["b"]}</Dependencies>
<Metadata>{"containsActiveCredentialsActions":true}</Metadata>
<Credentials>["10c0ffee-0000-4000-8000-000000000009"]</Credentials>
<ConnectionReferences>[{"connectionReferenceLogicalName":"fab_Sql"},{"isDisabled":false}]</ConnectionReferences>"#,
            &[],
        );
        assert_eq!(
            uses(&solution.components[0])
                .into_iter()
                .map(|(r, t, p)| (r, t, p.replace("test.zip:customizations.xml:", "")))
                .collect::<Vec<_>>(),
            [
                (Relation::DesktopFlowChildFlow, "workflow:c".to_owned(), "3:1 /childFlows/0".to_owned()),
                (Relation::DesktopFlowWorkQueue, "workqueue:q".to_owned(), "3:1 /workQueues/0".to_owned()),
                (
                    Relation::DesktopFlowVariable,
                    "environmentvariabledefinition:fab_Limit".to_owned(),
                    "3:1 /environmentVariables/0".to_owned()
                ),
                (
                    Relation::DesktopFlowVariable,
                    "environmentvariabledefinition:v".to_owned(),
                    "3:1 /environmentVariables/1".to_owned()
                ),
                (
                    Relation::DesktopFlowBinary,
                    "desktopflowbinary:b".to_owned(),
                    "3:1 /requiredBinaries/0".to_owned()
                ),
                (
                    Relation::DesktopFlowCredential,
                    "credential:10c0ffee-0000-4000-8000-000000000009".to_owned(),
                    "6:1".to_owned()
                ),
                (
                    Relation::DesktopFlowConnectionReference,
                    "connectionreference:fab_Sql".to_owned(),
                    "7:1 /0/connectionReferenceLogicalName".to_owned()
                ),
            ]
        );
        assert!(details(&solution).uses_credentials);
        assert_eq!(details(&solution).schema_version.as_deref(), Some("2022.07"));
    }

    #[test]
    fn calls_in_the_script_have_their_own_place() {
        let script = format!(
            "@@Type: 'Local'\r\n# External.RunFlow FlowId: 'x'\r\nIF a THEN\r\n    External.RunFlow FlowId: '{CHILD}' @In: 1\r\n\
             /# External.RunFlow FlowId: 'y'\r\nend #/\r\nDISABLE External.RunFlow FlowId: Which\r\nEND"
        );
        let text = serde_json::to_string(&script).unwrap();
        let solution = flow(&format!("<Definition>{text}</Definition>"), &[]);
        let column = |nth: usize| {
            let (at, _) = text.match_indices("External.RunFlow").nth(nth).unwrap();
            format!("test.zip:customizations.xml:3:{}", "<Definition>".len() + at + 1)
        };
        assert_eq!(
            uses(&solution.components[0]),
            [
                (Relation::DesktopFlowChildFlow, format!("workflow:{CHILD}"), column(1)),
                (Relation::DesktopFlowChildFlow, "<expression>".to_owned(), column(3)),
            ]
        );
    }

    #[test]
    fn ill_formed_columns_are_findings() {
        let columns = "<Dependencies>{</Dependencies><Definition>7</Definition><Metadata>[]</Metadata>\
                       <ConnectionReferences>{}</ConnectionReferences><Inputs>{</Inputs>";
        let solution = flow(columns, &[]);
        let [finding] = &solution.findings[..] else { panic!("one finding: {:?}", solution.findings) };
        assert_eq!(finding.code, codes::ILL_FORMED_FILE);
        assert_eq!(finding.component.as_ref(), Some(&solution.components[0].key));
        assert!(solution.components[0].uses.is_empty());
    }
}
