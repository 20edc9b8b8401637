//! What an action, a trigger or a parameter that only one side has is told as: what it does, on one line.
//!
//! Read [`said`].

use serde_json::Value as Json;

use super::tree::hidden;

/// `type OpenApiConnection, SendEmailV2 of shared_office365`, without secrets.
pub(super) fn said(value: &Json) -> String {
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
    hidden(&words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_told_by_what_it_does() {
        for (action, words) in [
            (r#"{"type":"Compose","inputs":"x"}"#, "type Compose"),
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
            assert_eq!(said(&serde_json::from_str(action).unwrap()), words);
        }
    }
}
