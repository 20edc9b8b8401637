//! SEC013: a flow that is to tell Dataverse of new secrets is not started by them, or tells something else.

use serde_json::Value;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::check::texts::strings;
use crate::json::push_pointer;
use crate::model::{Component, JsonPart, Place, SecretRotation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::ROTATION_UNFIT,
    dataverse: None,
    page: include_str!("../../../docs/rules/rotation-unfit.md"),
    run: Run::Solution(check),
};

const TRIGGERS: &str = "/properties/definition/triggers";
const EVENT_GRID: &str = "shared_azureeventgrid";
const RESOURCE_TYPE: &str = "Microsoft.KeyVault.vaults";
const EVENT_TYPE: &str = "Microsoft.KeyVault.SecretNewVersionCreated";

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, flow) in subject.cloud_flows() {
        let (Some(rotation), Some(part)) = (&flow.rotation, subject.flow(&component.key)) else { continue };
        trigger(component, part, report);
        parameters(component, rotation, part, report);
    }
}

/// No export of such a trigger is public: it is read by the texts in it, wherever they stand.
fn trigger(component: &Component, part: &JsonPart, report: &mut Report<'_>) {
    let texts: Vec<&str> =
        strings(part).filter(|(pointer, _)| pointer.starts_with(TRIGGERS)).map(|(_, text)| text).collect();
    let has = |wanted: &str| texts.iter().any(|text| text.eq_ignore_ascii_case(wanted));
    let described = component.described();
    let mut add = |message: String, help: &str| {
        report
            .about(component, message)
            .at(part.place(TRIGGERS))
            .otherwise("Dataverse is not told of new secrets as they come")
            .help(help);
    };
    if !texts.iter().any(|text| is_event_grid(text, part)) {
        add(
            format!(
                "{described} tells Dataverse of new secrets and is not started by an event of Event Grid"
            ),
            "start it with the trigger When a resource event occurs of Azure Event Grid",
        );
        return;
    }
    let is_expression = |text: &&str| text.contains('@');
    let is_vault = |text: &&str| text.to_ascii_lowercase().contains("/providers/microsoft.keyvault/vaults/");
    if !has(RESOURCE_TYPE) && !texts.iter().any(|text| is_vault(text) || is_expression(text)) {
        add(
            format!("{described} tells Dataverse of new secrets and is started by no event of a key vault"),
            "set the resource type of its trigger to Microsoft.KeyVault.vaults",
        );
    }
    if !has(EVENT_TYPE) && !texts.iter().any(is_expression) {
        let is_other = |text: &&str| {
            let text = text.to_ascii_lowercase();
            text.starts_with("microsoft.keyvault.") && text != "microsoft.keyvault.vaults"
        };
        let words = match texts.iter().find(|text| is_other(text)) {
            Some(other) => format!("is started by events of type {other}"),
            None => "is started by every event of the vault".to_owned(),
        };
        add(
            format!("{described} tells Dataverse of new secrets and {words}"),
            "set the event type of its trigger to Microsoft.KeyVault.SecretNewVersionCreated",
        );
    }
}

/// Names the connector, or a connection of it.
fn is_event_grid(text: &str, part: &JsonPart) -> bool {
    let is_it =
        |text: &str| text.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(EVENT_GRID));
    let references = part.document.value().pointer("/properties/connectionReferences");
    let reference = references.and_then(|references| references.get(text));
    let api = reference.and_then(|reference| reference.pointer("/api/name").or_else(|| reference.get("id")));
    is_it(text) || api.and_then(Value::as_str).is_some_and(is_it)
}

/// What Dataverse is told: which property of the event each parameter is.
const PARAMETERS: &[(&str, &str)] = &[("KeyVaultUrl", "topic"), ("SecretName", "subject")];

fn parameters(component: &Component, rotation: &SecretRotation, part: &JsonPart, report: &mut Report<'_>) {
    let pointer = rotation.place.pointer.as_deref().and_then(|pointer| pointer.strip_suffix("/actionName"));
    let Some(pointer) = pointer else { return };
    for (parameter, property) in PARAMETERS {
        let (message, place) = match found(part, pointer, parameter) {
            Some((text, place)) if !is_property(&text, property) => (
                format!("gives Dataverse as {parameter} something else than the {property} of the event"),
                place,
            ),
            Some(_) => continue,
            None => (format!("gives Dataverse no {parameter}"), rotation.place.clone()),
        };
        report
            .about(component, format!("{} {message}", component.described()))
            .at(place)
            .otherwise("Dataverse finds no variable for the new secret, and connections keep the old one")
            .help(format!("set {parameter} of the unbound action to the {property} of the trigger"));
    }
}

/// `item/KeyVaultUrl`, or a member of `item`: what the parameter is, and where.
fn found(part: &JsonPart, pointer: &str, parameter: &str) -> Option<(String, Place)> {
    let parameters = part.document.value().pointer(pointer)?.as_object()?;
    let item = child(pointer, "item");
    let inside = parameters.get("item").and_then(Value::as_object).into_iter().flatten();
    let inside = inside.map(|(name, value)| (child(&item, name), name, value));
    let own = parameters.iter().map(|(name, value)| (child(pointer, name), name, value));
    let is_it = |name: &str| name.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(parameter));
    let (pointer, _, value) = own.chain(inside).find(|(_, name, _)| is_it(name))?;
    let text = value.as_str().filter(|text| !text.trim().is_empty())?;
    Some((text.to_owned(), part.place(&pointer)))
}

fn child(pointer: &str, name: &str) -> String {
    let mut pointer = pointer.to_owned();
    push_pointer(&mut pointer, name);
    pointer
}

/// An expression that names the property, or one that takes it from elsewhere, of which nothing is known.
fn is_property(text: &str, property: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_elsewhere = ["variables(", "outputs(", "parameters(", "body("]
        .iter()
        .any(|call| text.match_indices(call).any(|(at, _)| !text[..at].ends_with("trigger")));
    text.contains('@') && (text.contains(property) || is_elsewhere)
}
