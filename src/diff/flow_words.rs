//! What an action, a trigger or a parameter that only one side has is told as: what it does, on one line.
//!
//! Read [`said`].

use serde_json::Value as Json;

use super::marked::beginning;
use super::tree::hidden;
use crate::model::{MASK, is_hidden_field};

/// Most characters of one input that are told.
const MOST: usize = 60;
/// So many parameters are told.
const PARAMETERS: usize = 3;

/// `type OpenApiConnection, SendEmailV2 of shared_office365`, without secrets.
pub(super) fn said(name: &str, value: &Json) -> String {
    let text = |pointer: &str| value.pointer(pointer).and_then(Json::as_str).filter(|text| !text.is_empty());
    let mut words: Vec<String> = Vec::new();
    words.extend(text("/type").map(|kind| format!("type {kind}")));
    let host = ["apiId", "connectionName", "connectionReferenceName"];
    let connector = host.iter().find_map(|member| text(&format!("/inputs/host/{member}")));
    let connector = connector.map(|name| name.rsplit('/').next().unwrap_or(name));
    match (text("/inputs/host/operationId"), connector) {
        (Some(operation), Some(connector)) => words.push(format!("{operation} of {connector}")),
        (Some(only), None) | (None, Some(only)) => words.push(only.to_owned()),
        (None, None) => {}
    }
    // A connection reference.
    words.extend(text("/api/name").map(str::to_owned));
    words.extend(text("/connection/connectionReferenceLogicalName").map(|name| format!("bound to {name}")));
    words.extend(text("/inputs/host/workflowReferenceName").map(|flow| format!("runs {flow}")));
    match (text("/inputs/method"), text("/inputs/uri")) {
        (Some(method), Some(address)) => words.push(format!("{method} {address}")),
        (Some(only), None) | (None, Some(only)) => words.push(only.to_owned()),
        (None, None) => {}
    }
    for variable in value.pointer("/inputs/variables").and_then(Json::as_array).into_iter().flatten() {
        let member = |name: &str| variable.get(name).and_then(Json::as_str).unwrap_or_default();
        words.push(format!("{} {}", member("type"), member("name")).trim().to_owned());
    }
    if let (Some(interval), Some(frequency)) =
        (value.pointer("/recurrence/interval"), text("/recurrence/frequency"))
    {
        words.push(format!("every {interval} {frequency}"));
    }
    words.extend(inputs(name, value));
    hidden(&words.join(", "))
}

/// What decides what an action does: its condition, its list, what it composes or sets, its first parameters.
fn inputs(name: &str, value: &Json) -> Vec<String> {
    // What its author hides from the history of runs is not told either.
    if value.pointer("/runtimeConfiguration/secureData").is_some() {
        return Vec::new();
    }
    let text = |pointer: &str| value.pointer(pointer).and_then(Json::as_str);
    let mut words = Vec::new();
    let branches = [("expression", "/expression"), ("for each", "/foreach"), ("inputs", "/inputs")];
    for (called, pointer) in branches {
        let Some(value) = value.pointer(pointer) else { continue };
        // The inputs of most actions are told by what they are.
        if pointer != "/inputs" || value.is_string() {
            let holder = if pointer == "/inputs" { name } else { "" };
            words.extend(input(called, holder, value));
        }
    }
    if let Some((variable, value)) = text("/inputs/name").zip(value.pointer("/inputs/value")) {
        words.extend(input(variable, variable, value));
    }
    let parameters = value.pointer("/inputs/parameters").and_then(Json::as_object);
    let scalar =
        parameters.into_iter().flatten().filter(|(_, value)| !(value.is_object() || value.is_array()));
    words.extend(scalar.take(PARAMETERS).filter_map(|(name, value)| input(name, name, value)));
    words
}

/// `name value`, on one line; `holder`: what says that the value is secret.
fn input(called: &str, holder: &str, value: &Json) -> Option<String> {
    let text = match value {
        Json::String(text) if text.is_empty() => return None,
        Json::String(text) => text.clone(),
        Json::Null => return None,
        other => other.to_string(),
    };
    let is_computed = text.starts_with('@') && text.contains('(');
    if !is_computed && is_hidden_field(holder) {
        return Some(format!("{called} {MASK}"));
    }
    let text = hidden(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!("{called} {}", beginning(&text, MOST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_told_by_what_it_does() {
        for (action, words) in [
            (r#"{"type":"Compose","inputs":"x"}"#, "type Compose, inputs x"),
            (
                r#"{"type":"If","expression":{"equals":["@variables('x')",1]}}"#,
                r#"type If, expression {"equals":["@variables('x')",1]}"#,
            ),
            (r#"{"type":"Foreach","foreach":"@body('List')"}"#, "type Foreach, for each @body('List')"),
            (r#"{"type":"SetVariable","inputs":{"name":"Limit","value":5}}"#, "type SetVariable, Limit 5"),
            (
                r#"{"type":"SetVariable","inputs":{"name":"Password","value":"geheim"}}"#,
                "type SetVariable, Password ********",
            ),
            (
                r#"{"type":"OpenApiConnection","inputs":{"parameters":{"emailMessage/To":"x","password":"geheim"}}}"#,
                "type OpenApiConnection, emailMessage/To x, password ********",
            ),
            (
                r#"{"type":"Compose","inputs":"x","runtimeConfiguration":{"secureData":{"properties":["inputs"]}}}"#,
                "type Compose",
            ),
            (
                r#"{"type":"OpenApiConnection","inputs":{"host":{"apiId":"/providers/Microsoft.PowerApps/apis/shared_office365","operationId":"SendEmailV2"}}}"#,
                "type OpenApiConnection, SendEmailV2 of shared_office365",
            ),
            (
                r#"{"type":"Http","inputs":{"method":"POST","uri":"https://fabrikam.example/pay?sig=abcdefghijklmnop"}}"#,
                "type Http, POST https://fabrikam.example/pay?sig=********",
            ),
            (
                r#"{"type":"InitializeVariable","inputs":{"variables":[{"name":"Sum","type":"integer"}]}}"#,
                "type InitializeVariable, integer Sum",
            ),
            (
                r#"{"type":"Recurrence","recurrence":{"interval":1,"frequency":"Day"}}"#,
                "type Recurrence, every 1 Day",
            ),
            (
                r#"{"api":{"name":"shared_x"},"connection":{"connectionReferenceLogicalName":"fab_x"}}"#,
                "shared_x, bound to fab_x",
            ),
            ("1", ""),
        ] {
            assert_eq!(said("x", &serde_json::from_str(action).unwrap()), words);
        }
        let password = serde_json::json!({"type": "Compose", "inputs": "geheim"});
        assert_eq!(said("Password", &password), "type Compose, inputs ********");
    }
}
