//! `--format sarif`: findings as SARIF 2.1.0, for code scanning
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::github::file;
use crate::model::{Code, Finding, Place, fingerprints};

/// Writes the findings as one run.
pub fn findings<'f>(
    writer: &mut dyn Write,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> io::Result<()> {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let mut rules: BTreeMap<Code, usize> = findings.iter().map(|finding| (finding.code, 0)).collect();
    rules.values_mut().enumerate().for_each(|(index, rule)| *rule = index);
    let described = rules.keys().map(|code| {
        json!({
            "id": code.id,
            "name": code.name,
            "shortDescription": { "text": code.description() },
            "defaultConfiguration": { "level": code.level().word() },
        })
    });
    let fingerprints = fingerprints(findings.iter().copied());
    let results = findings
        .iter()
        .zip(&fingerprints)
        .map(|(finding, fingerprint)| result(finding, rules[&finding.code], fingerprint));
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "solship",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    super::json::write(writer, &document)
}

fn result(finding: &Finding, rule: usize, fingerprint: &str) -> Value {
    let mut text = finding.message.clone();
    for more in [&finding.otherwise, &finding.help].into_iter().flatten() {
        text.push_str("; ");
        text.push_str(more);
    }
    let mut properties = Map::new();
    if !finding.solution.is_empty() {
        properties.insert("solution".to_owned(), Value::from(finding.solution.as_str()));
    }
    if let Some(component) = &finding.component {
        properties.insert("component".to_owned(), Value::from(component.to_string()));
    }
    if let Some(answer) = &finding.dataverse {
        properties.insert("dataverse".to_owned(), json!(answer));
    }
    let mut result = json!({
        "ruleId": finding.code.id,
        "ruleIndex": rule,
        "level": finding.severity.word(),
        "message": { "text": text },
        "partialFingerprints": { "solship/v2": fingerprint },
        "properties": properties,
    });
    if let Some(place) = &finding.place {
        result["locations"] = json!([location(place)]);
    }
    let related = finding.because.iter().enumerate().map(|(index, because)| {
        let mut related = because.place.as_ref().map_or_else(|| json!({}), location);
        related["id"] = Value::from(index + 1);
        related["message"] = json!({ "text": because.words });
        related
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::from(related);
    }
    result
}

/// The file and the region in it. Of a place in an archive the archive is the file, and the place stands beside it.
fn location(place: &Place) -> Value {
    let file = file(place);
    let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
    if file != &*place.file {
        return json!({
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": place.to_string() }],
        });
    }
    if place.line > 0 {
        physical["region"] = json!({ "startLine": place.line, "startColumn": place.column });
    }
    json!({ "physicalLocation": physical })
}

/// A relative reference of RFC 3986; an absolute path gets its scheme.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Because, Severity, codes};
    use crate::text::Position;

    #[test]
    fn a_finding_is_a_result_with_its_rule_and_places() {
        let place =
            |file: &str| Place::new(&std::sync::Arc::from(file), Position { offset: 0, line: 3, column: 5 });
        let finding = Finding {
            place: Some(place("deploy/Import Config.xml")),
            because: vec![Because {
                words: "uses".to_owned(),
                place: Some(place("A.zip:customizations.xml")),
            }],
            ..Finding::new(codes::DEPENDENT_BEFORE_PROVIDER, Severity::Error, "Fab", "A before B")
        };
        let mut written = Vec::new();
        findings(&mut written, [&finding]).unwrap();
        let document: Value = serde_json::from_slice(&written).unwrap();
        let run = &document["runs"][0];
        let rule = &run["tool"]["driver"]["rules"][0];
        assert_eq!(rule["id"], "ORD002");
        assert_eq!(rule["shortDescription"]["text"], "A solution is imported before one that it needs.");
        assert_eq!(rule["defaultConfiguration"]["level"], "error");
        let result = &run["results"][0];
        assert_eq!(
            (&result["ruleId"], &result["ruleIndex"], &result["level"]),
            (&json!("ORD002"), &json!(0), &json!("error"))
        );
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "deploy/Import%20Config.xml");
        assert_eq!(location["region"], json!({ "startLine": 3, "startColumn": 5 }));
        let related = &result["relatedLocations"][0];
        assert_eq!(related["physicalLocation"]["artifactLocation"]["uri"], "A.zip");
        assert_eq!(related["logicalLocations"][0]["fullyQualifiedName"], "A.zip:customizations.xml:3:5");
        assert_eq!(result["partialFingerprints"]["solship/v2"].as_str().unwrap().len(), 32);
        assert_eq!(uri("/a:b"), "file:///a%3Ab");
    }
}
