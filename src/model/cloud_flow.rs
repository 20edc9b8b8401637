//! Cloud flows (category 5): the row in customizations.xml and the JSON beside it (`FORMATS.md` §3.3).
//!
//! Read [`CloudFlow`] first. What the flow does is not known here, only what it refers to.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::reading::{JsonPart, Reading, XmlPart};
use super::{
    Binding, Component, ComponentKey, ComponentType, Details, Masked, ModelError, Place, Relation, Use,
    connector, key_vault, process,
};
use crate::json::push_pointer;
use crate::xml::Element;

/// What only a cloud flow has.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CloudFlow {
    /// Exported as activated.
    pub on: bool,
    /// It may sign in with a credential: it uses the connector of desktop flows, or runs a desktop flow.
    pub runs_desktop_flows: bool,
    /// Connectors that it uses, `shared_x`, sorted.
    pub connectors: Vec<String>,
    /// It tells Dataverse that a secret has a new version: the old, deprecated way to rotate (`FORMATS.md` §9.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<SecretRotation>,
    /// Of which connector it takes its connection references to be.
    #[serde(skip)]
    pub bindings: Vec<Binding>,
    /// Defaults of variables that it keeps a copy of.
    #[serde(skip)]
    pub variable_defaults: Vec<VariableDefault>,
}

/// The default of an environment variable as a flow has it.
#[derive(Debug, Clone)]
pub struct VariableDefault {
    /// The variable.
    pub variable: ComponentKey,
    /// A text as it is, any other value as JSON.
    pub text: Masked,
    /// Where it stands.
    pub place: Place,
}

/// That a flow tells Dataverse of new versions of secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SecretRotation {
    /// Name of the vault whose events start the flow; none when it does not stand in the trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
    /// Where Dataverse is told.
    pub place: Place,
}

/// The connector whose connections sign in with credentials.
const DESKTOP_FLOWS: &str = "shared_uiflow";
/// The unbound action that tells Dataverse of a new version of a secret.
const TELL_OF_NEW_SECRET: &str = "NotifyEnvironmentVariableSecretChange";

pub(crate) fn read(
    reading: &mut Reading<'_>,
    part: &XmlPart,
    row: Element<'_>,
    on: bool,
    component: &mut Component,
) -> Result<(), ModelError> {
    component.details = Details::CloudFlow(CloudFlow { on, ..CloudFlow::default() });
    let mut connectors = BTreeSet::new();
    let mut rotation = None;
    let mut bindings = Vec::new();
    let mut variable_defaults = Vec::new();
    if let Some(path) = process::take_file(reading, part, row, "JsonFileName", component)
        && let Some(json) = reading.json(&path)?
    {
        let mut flow = Flow {
            part: &json,
            uses: &mut component.uses,
            connectors: &mut connectors,
            rotation: &mut rotation,
            bindings: &mut bindings,
            variable_defaults: &mut variable_defaults,
        };
        flow.connection_references();
        flow.parameters();
        flow.actions();
    }
    let runs_desktop_flows = connectors.iter().any(|name| name.eq_ignore_ascii_case(DESKTOP_FLOWS))
        || component.uses.iter().any(|used| used.relation == Relation::FlowDesktopFlow);
    let connectors = connectors.into_iter().collect();
    component.details = Details::CloudFlow(CloudFlow {
        on,
        runs_desktop_flows,
        connectors,
        rotation,
        bindings,
        variable_defaults,
    });
    Ok(())
}

/// The JSON of one flow, and what is found in it.
struct Flow<'f> {
    part: &'f JsonPart,
    uses: &'f mut Vec<Use>,
    connectors: &'f mut BTreeSet<String>,
    rotation: &'f mut Option<SecretRotation>,
    bindings: &'f mut Vec<Binding>,
    variable_defaults: &'f mut Vec<VariableDefault>,
}

impl<'f> Flow<'f> {
    /// Members of the object at a pointer, each with its own pointer.
    fn members(&self, pointer: &str) -> impl Iterator<Item = (String, &'f Value)> + use<'f> {
        let object = self.part.document.value().pointer(pointer).and_then(Value::as_object);
        let pointer = pointer.to_owned();
        object.into_iter().flatten().map(move |(name, value)| (child(&pointer, name), value))
    }

    /// Adds a reference to what the text at `pointer` names; an expression there is kept as such, never guessed.
    fn refer(&mut self, relation: Relation, kind: ComponentType, text: &str, pointer: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let place = self.part.place(pointer);
        self.uses.push(if is_expression(text) {
            Use::expression(relation, text, place)
        } else {
            Use::new(relation, ComponentKey::new(kind, text), place)
        });
    }

    /// Remembers a connector by its name or by the id of its API.
    fn uses_connector(&mut self, api: &str) {
        let name = api.rsplit('/').next().unwrap_or_default().trim();
        if !name.is_empty() && !is_expression(name) {
            self.connectors.insert(name.to_owned());
        }
    }

    fn connection_references(&mut self) {
        for (pointer, reference) in self.members("/properties/connectionReferences") {
            let text = |path: &str| reference.pointer(path).and_then(Value::as_str);
            // Old flows have `"connection": {}`: they are bound to a plain connection, no reference.
            let path = "/connection/connectionReferenceLogicalName";
            if let Some(name) = text(path) {
                let kind = ComponentType::CONNECTION_REFERENCE;
                self.refer(Relation::FlowConnectionReference, kind, name, &format!("{pointer}{path}"));
            }
            // The last two are spellings of flows from before connection references.
            let names = ["/api/name", "/api/id", "/id"].map(|path| (path, text(path)));
            for name in names.iter().filter_map(|(_, name)| *name) {
                self.uses_connector(name);
            }
            let api = names.iter().find_map(|(path, name)| Some((*path, (*name)?)));
            if let (Some(reference), Some((api_path, api))) = (text(path), api) {
                self.bindings.push(Binding {
                    reference: ComponentKey::new(ComponentType::CONNECTION_REFERENCE, reference),
                    api: api.to_owned(),
                    place: self.part.place(&format!("{pointer}{api_path}")),
                });
            }
            // Only custom connectors have a logical name.
            if let Some(name) = text("/api/logicalName").filter(|name| !name.trim().is_empty()) {
                let pointer = format!("{pointer}/api/logicalName");
                self.refer(Relation::FlowConnector, ComponentType::CONNECTOR, name, &pointer);
                continue;
            }
            let custom = names.iter().find_map(|(path, name)| Some((path, connector::custom_api((*name)?)?)));
            if let Some((path, connector)) = custom {
                let place = self.part.place(&format!("{pointer}{path}"));
                self.uses.push(Use::new(Relation::FlowConnector, connector, place));
            }
        }
    }

    /// Environment variables are parameters with the schema name in their metadata; the parameter's own key says nothing.
    fn parameters(&mut self) {
        for (pointer, parameter) in self.members("/properties/definition/parameters") {
            let path = "/metadata/schemaName";
            if let Some(name) = parameter.pointer(path).and_then(Value::as_str) {
                let kind = ComponentType::ENVIRONMENT_VARIABLE;
                self.refer(Relation::FlowVariable, kind.clone(), name, &format!("{pointer}{path}"));
                let text = match parameter.get("defaultValue") {
                    None | Some(Value::Null) => continue,
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                self.variable_defaults.push(VariableDefault {
                    variable: ComponentKey::new(kind, name),
                    text: Masked::new(text),
                    place: self.part.place(&format!("{pointer}/defaultValue")),
                });
            }
        }
    }

    fn actions(&mut self) {
        let definition = "/properties/definition";
        let mut pending: Vec<(String, &Value)> = Vec::new();
        for section in ["actions", "triggers"] {
            let first = pending.len();
            pending.extend(self.members(&child(definition, section)));
            pending[first..].reverse();
        }
        // The last is taken first: triggers, then actions, each in the order of the source, those inside after their own.
        while let Some((pointer, action)) = pending.pop() {
            let Some(action) = action.as_object() else { continue };
            self.action(&pointer, action);
            let first = pending.len();
            for (name, member) in action.iter().filter(|(name, _)| *name != "inputs") {
                collect_actions(&child(&pointer, name), name, member, &mut pending);
            }
            pending[first..].reverse();
        }
    }

    fn action(&mut self, pointer: &str, action: &Map<String, Value>) {
        let text =
            |path: &str| action.get("inputs").and_then(|inputs| inputs.pointer(path)).and_then(Value::as_str);
        if let Some(api) = text("/host/apiId").or_else(|| text("/host/api/id")) {
            self.uses_connector(api);
        }
        if let Some(flow) = text("/host/workflowReferenceName") {
            let pointer = format!("{pointer}/inputs/host/workflowReferenceName");
            self.refer(Relation::FlowChildFlow, ComponentType::WORKFLOW, flow, &pointer);
        }
        if text("/host/operationId").is_some_and(|operation| operation.starts_with("RunUIFlow"))
            && let Some(flow) = text("/parameters/uiFlowId")
        {
            let pointer = format!("{pointer}/inputs/parameters/uiFlowId");
            self.refer(Relation::FlowDesktopFlow, ComponentType::WORKFLOW, flow, &pointer);
        }
        let path = "/parameters/actionName";
        if self.rotation.is_none()
            && text(path).is_some_and(|name| name.trim().eq_ignore_ascii_case(TELL_OF_NEW_SECRET))
        {
            let place = self.part.place(&format!("{pointer}/inputs{path}"));
            *self.rotation = Some(SecretRotation { vault: self.vault_of_events(), place });
        }
    }

    /// The vault that a trigger names by its resource id.
    fn vault_of_events(&self) -> Option<String> {
        let mut pending: Vec<&Value> =
            self.members("/properties/definition/triggers").map(|(_, trigger)| trigger).collect();
        let mut found = None;
        while let Some(value) = pending.pop().filter(|_| found.is_none()) {
            match value {
                Value::Array(values) => pending.extend(values),
                Value::Object(members) => pending.extend(members.values()),
                Value::String(text) => found = vault_in(text),
                _ => {}
            }
        }
        found
    }
}

/// The vault in a resource id such as `/subscriptions/…/providers/Microsoft.KeyVault/vaults/fab-kv`.
fn vault_in(text: &str) -> Option<String> {
    const BEFORE: &str = "/providers/microsoft.keyvault/vaults/";
    let at = text.to_ascii_lowercase().find(BEFORE)?;
    let name = text[at + BEFORE.len()..].split('/').next().unwrap_or_default();
    key_vault::is_vault_name(name).then(|| name.to_owned())
}

/// The actions inside a member of an action: `actions`, `else.actions`, `default.actions`, `cases.*.actions` and whatever
/// else is built so.
fn collect_actions<'v>(pointer: &str, name: &str, member: &'v Value, pending: &mut Vec<(String, &'v Value)>) {
    let mut add = |pointer: &str, actions: &'v Value| {
        for (name, action) in actions.as_object().into_iter().flatten() {
            pending.push((child(pointer, name), action));
        }
    };
    let inside = |value: &'v Value| value.get("actions").filter(|actions| actions.is_object());
    if name == "actions" {
        add(pointer, member);
    } else if let Some(actions) = inside(member) {
        add(&child(pointer, "actions"), actions);
    } else if let Some(object) = member.as_object() {
        for (name, branch) in object {
            if let Some(actions) = inside(branch) {
                add(&child(&child(pointer, name), "actions"), actions);
            }
        }
    }
}

/// A text that the run time evaluates, whole or in part.
fn is_expression(text: &str) -> bool {
    text.starts_with('@') || text.contains("@{")
}

fn child(pointer: &str, name: &str) -> String {
    let mut pointer = pointer.to_owned();
    push_pointer(&mut pointer, name);
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, uses};
    use crate::model::{Solution, codes};

    fn flow(json: &str) -> Solution {
        customizations(
            r#"<Workflows><Workflow WorkflowId="{0c0ffee0-0000-4000-8000-000000000001}" Name="Run payroll">
<JsonFileName>/Workflows/RunPayroll-0C0F.json</JsonFileName><Category>5</Category><StateCode>1</StateCode>
</Workflow></Workflows>"#,
            &[("workflows/runpayroll-0c0f.json", json)],
        )
    }

    fn details(solution: &Solution) -> &CloudFlow {
        let Details::CloudFlow(flow) = &solution.components[0].details else { panic!("no cloud flow") };
        flow
    }

    /// Relation, target and pointer of each use.
    fn pointers(solution: &Solution) -> Vec<(Relation, String, String)> {
        let all = uses(&solution.components[0]).into_iter();
        all.map(|(relation, target, place)| (relation, target, place.split_once(" /").unwrap().1.to_owned()))
            .collect()
    }

    #[test]
    fn connection_references_connectors_and_variables() {
        let solution = flow(
            r#"{"properties":{"connectionReferences":{
"mail/1":{"connection":{"connectionReferenceLogicalName":"fab_Mail"},"api":{"name":"shared_office365"}},
"plain":{"connection":{},"api":{"name":"shared_uiflow"}},
"old":{"id":"/providers/Microsoft.PowerApps/apis/shared_approvals","source":"Embedded"},
"pay":{"connection":{},"api":{"name":"shared_fab-5fpay-5fcb336cc1377ded3a","logicalName":"fab_5Fpay"}},
"quote":{"connection":{},"api":{"name":"shared_fab-5fquote-5fcb336cc1377ded3a"}}},
"definition":{"parameters":{"$connections":{"defaultValue":{},"type":"Object"},
"Limit (fab_Limit)":{"metadata":{"schemaName":"fab_Limit"},"type":"String"}}}},"schemaVersion":"1.0.0.0"}"#,
        );
        let references = "properties/connectionReferences";
        assert_eq!(
            pointers(&solution),
            [
                (
                    Relation::FlowConnectionReference,
                    "connectionreference:fab_Mail".to_owned(),
                    format!("{references}/mail~11/connection/connectionReferenceLogicalName")
                ),
                (
                    Relation::FlowConnector,
                    "connector:fab_5Fpay".to_owned(),
                    format!("{references}/pay/api/logicalName")
                ),
                (
                    Relation::FlowConnector,
                    "connector:shared_fab-5fquote".to_owned(),
                    format!("{references}/quote/api/name")
                ),
                (
                    Relation::FlowVariable,
                    "environmentvariabledefinition:fab_Limit".to_owned(),
                    "properties/definition/parameters/Limit (fab_Limit)/metadata/schemaName".to_owned()
                ),
            ]
        );
        let flow = details(&solution);
        assert!(flow.on && flow.runs_desktop_flows);
        assert_eq!(
            flow.connectors,
            [
                "shared_approvals",
                "shared_fab-5fpay-5fcb336cc1377ded3a",
                "shared_fab-5fquote-5fcb336cc1377ded3a",
                "shared_office365",
                "shared_uiflow"
            ]
        );
    }

    #[test]
    fn flows_are_found_at_any_nesting_in_the_order_of_the_source() {
        let call = |id: &str| {
            format!(r#"{{"type":"Workflow","inputs":{{"host":{{"workflowReferenceName":"{id}"}}}}}}"#)
        };
        let run = |id: &str| {
            format!(
                r#"{{"type":"OpenApiConnection","inputs":{{"host":{{"apiId":"/x/shared_other","operationId":"RunUIFlow_V2"}},
"parameters":{{"uiFlowId":"{id}","actions":{{"no":{}}}}}}}}}"#,
                call("never")
            )
        };
        let json = format!(
            r#"{{"properties":{{"definition":{{"triggers":{{"manual":{{"type":"Request","inputs":{{}}}}}},"actions":{{
"Scope":{{"type":"Scope","actions":{{"If":{{"type":"If","actions":{{"a":{a}}},"else":{{"actions":{{"b":{b}}}}}}}}}}},
"Switch":{{"type":"Switch","cases":{{"Case":{{"case":"x","actions":{{"c":{c}}}}}}},"default":{{"actions":{{"d":{d}}}}}}},
"text":"not an action","f":{f}}}}}}}}}"#,
            a = call("a"),
            b = run("b"),
            c = call("c"),
            d = call("@{variables('which')}"),
            f = run("@triggerBody()['id']")
        );
        let solution = flow(&json);
        let actions = "properties/definition/actions";
        let called = "inputs/host/workflowReferenceName";
        let expected = [
            (Relation::FlowChildFlow, "workflow:a", format!("{actions}/Scope/actions/If/actions/a/{called}")),
            (
                Relation::FlowDesktopFlow,
                "workflow:b",
                format!("{actions}/Scope/actions/If/else/actions/b/inputs/parameters/uiFlowId"),
            ),
            (
                Relation::FlowChildFlow,
                "workflow:c",
                format!("{actions}/Switch/cases/Case/actions/c/{called}"),
            ),
            (Relation::FlowChildFlow, "<expression>", format!("{actions}/Switch/default/actions/d/{called}")),
            (Relation::FlowDesktopFlow, "<expression>", format!("{actions}/f/inputs/parameters/uiFlowId")),
        ];
        let expected = expected.map(|(relation, target, place)| (relation, target.to_owned(), place));
        assert_eq!(pointers(&solution), expected);
        assert!(details(&solution).runs_desktop_flows);
        assert_eq!(details(&solution).connectors, ["shared_other"]);
    }

    #[test]
    fn a_flow_that_tells_of_new_secrets_names_its_vault() {
        let rotating = |action: &str, topic: &str| {
            flow(&format!(
                r#"{{"properties":{{"definition":{{"triggers":{{"event":{{"type":"OpenApiConnectionWebhook","inputs":{{
"parameters":{{"subscriptionRequest/properties/topic":"{topic}","subscriptionRequest/properties/filter/includedEventTypes":
["Microsoft.KeyVault.SecretNewVersionCreated"]}}}}}}}},"actions":{{"tell":{{"type":"OpenApiConnection","inputs":{{
"host":{{"operationId":"PerformUnboundAction"}},"parameters":{{"actionName":"{action}"}}}}}}}}}}}}}}"#
            ))
        };
        let topic = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault\
                     /vaults/fab-kv";
        let solution = rotating(TELL_OF_NEW_SECRET, topic);
        let rotation = details(&solution).rotation.as_ref().expect("a rotation");
        assert_eq!(rotation.vault.as_deref(), Some("fab-kv"));
        let pointer = "/properties/definition/actions/tell/inputs/parameters/actionName";
        assert_eq!(rotation.place.pointer.as_deref(), Some(pointer));
        for topic in ["@parameters('topic')", "/providers/Microsoft.KeyVault/vaults/", "x/vaults/fab-kv"] {
            let solution = rotating(TELL_OF_NEW_SECRET, topic);
            assert_eq!(details(&solution).rotation.as_ref().expect("a rotation").vault, None, "{topic}");
        }
        assert_eq!(details(&rotating("WinOpportunity", topic)).rotation, None);
    }

    #[test]
    fn garbled_and_absent_files_are_findings() {
        for json in [
            "[]",
            "{}",
            r#"{"properties":7}"#,
            r#"{"properties":{"definition":{"actions":[1]},"connectionReferences":""}}"#,
        ] {
            let solution = flow(json);
            assert!(solution.findings.is_empty() && solution.components[0].uses.is_empty(), "{json}");
        }
        assert_eq!(flow("{").findings[0].code, codes::ILL_FORMED_FILE);
        let row = "<Workflows><Workflow WorkflowId='x' Name='n'><JsonFileName>/Workflows/no.json</JsonFileName>\
                   <Category>5</Category></Workflow></Workflows>";
        let solution = customizations(row, &[]);
        assert_eq!(solution.findings[0].code, codes::MISSING_FILE);
        assert!(!details(&solution).on);
    }
}
