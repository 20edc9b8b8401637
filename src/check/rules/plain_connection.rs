//! FLW005: a flow is bound to a connection instead of a connection reference.

use serde_json::Value;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Place, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::PLAIN_CONNECTION,
    dataverse: None,
    page: include_str!("../../../docs/rules/plain-connection.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut found = Vec::new();
    for (component, _) in subject.cloud_flows() {
        let Some(part) = subject.flow(&component.key) else { continue };
        let references = part.document.value().pointer("/properties/connectionReferences");
        let members = references.and_then(Value::as_object).into_iter().flatten();
        let plain: Vec<&str> =
            members.filter(|(_, entry)| is_plain(entry)).map(|(key, _)| key.as_str()).collect();
        if let Some(first) = plain.first() {
            let mut pointer = "/properties/connectionReferences".to_owned();
            crate::json::push_pointer(&mut pointer, first);
            found.push((component, connectors(&plain), part.place(&pointer)));
        }
    }
    for (component, _) in subject.desktop_flows() {
        let Some(column) = subject.process(&component.key).and_then(|row| row.child("ConnectionReferences"))
        else {
            continue;
        };
        let Ok(Value::Array(items)) = serde_json::from_str(&column.text()) else { continue };
        let is_plain = |item: &&Value| {
            text(item, "/name").is_some() && text(item, "/connectionReferenceLogicalName").is_none()
        };
        let plain: Vec<&str> = items
            .iter()
            .filter(is_plain)
            .map(|item| {
                text(item, "/api/name").and_then(|api| api.rsplit('/').next()).unwrap_or("a connector")
            })
            .collect();
        if !plain.is_empty() {
            found.push((component, connectors(&plain), subject.customizations.place(column)));
        }
    }
    for (component, connectors, place) in found {
        let place: Place = place;
        report
            .about(
                component,
                format!("{} is bound to a connection of its maker for {connectors}", component.described()),
            )
            .at(place)
            .otherwise(
                "no connection is asked for at import, and the flow stays off until somebody binds it anew",
            )
            .help("choose a connection reference in the flow and export again");
    }
}

/// An entry without a reference. One whose connection the caller brings needs none.
fn is_plain(entry: &Value) -> bool {
    text(entry, "/connection/connectionReferenceLogicalName").is_none()
        && !text(entry, "/runtimeSource").is_some_and(|source| source.eq_ignore_ascii_case("invoker"))
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// The first two, and how many more.
fn connectors(names: &[&str]) -> String {
    match names {
        [first, second, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second} and {} more", rest.len())
        }
        names => names.join(" and "),
    }
}
