//! `--format sarif`: findings as SARIF 2.1.0, for code scanning
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::github::file;
use crate::check::rule;
use crate::model::{Code, Finding, Place, fingerprints};

/// Most results of a run that GitHub takes
/// (<https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>).
const MOST_RESULTS: usize = 25_000;
/// It takes 1,000 locations of a result and shows 100.
const MOST_LOCATIONS: usize = 99;

/// It reads so many characters of a description.
const MOST_DESCRIPTION: usize = 1024;

/// Writes the findings as one run. Files below the working folder are named from there.
pub fn findings<'f>(
    writer: &mut dyn Write,
    findings: impl IntoIterator<Item = &'f Finding>,
    working_folder: Option<&Path>,
) -> io::Result<()> {
    let mut findings: Vec<&Finding> = findings.into_iter().collect();
    // Errors come first: what is left out is what matters least.
    let left_out = findings.len().saturating_sub(MOST_RESULTS);
    findings.truncate(MOST_RESULTS);
    let mut rules: BTreeMap<Code, usize> = findings.iter().map(|finding| (finding.code, 0)).collect();
    rules.values_mut().enumerate().for_each(|(index, rule)| *rule = index);
    let described = rules.keys().map(|code| descriptor(*code));
    let fingerprints = fingerprints(findings.iter().copied());
    let results = findings
        .iter()
        .zip(&fingerprints)
        .map(|(finding, fingerprint)| result(finding, rules[&finding.code], fingerprint, working_folder));
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
            "invocations": [invocation(left_out)],
            "results": results.collect::<Vec<_>>(),
        }],
    });
    super::json::write(writer, &document)
}

/// What is known of a rule: the page of `solship check` is its help.
fn descriptor(code: Code) -> Value {
    let mut descriptor = json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": code.description() },
        "fullDescription": { "text": code.description() },
        "defaultConfiguration": { "level": code.level().word() },
        "properties": { "tags": ["power-platform", &code.id[..3]] },
    });
    if let Some(rule) = rule(code) {
        let page = rule.page();
        let text = format!("{} {}", page.what, page.why());
        descriptor["fullDescription"]["text"] =
            text.chars().take(MOST_DESCRIPTION).collect::<String>().into();
        descriptor["help"] = json!({ "text": page.fix(), "markdown": page.text });
    }
    descriptor
}

/// That the run came to its end, and what it left out.
fn invocation(left_out: usize) -> Value {
    let mut invocation = json!({ "executionSuccessful": true });
    if left_out > 0 {
        invocation["toolExecutionNotifications"] = json!([{
            "level": "warning",
            "message": { "text": format!("{left_out} more findings are left out: a run has at most {MOST_RESULTS}") },
        }]);
    }
    invocation
}

fn result(finding: &Finding, rule: usize, fingerprint: &str, folder: Option<&Path>) -> Value {
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
        "message": { "text": message(&text) },
        "partialFingerprints": { "solship/v2": fingerprint, "primaryLocationLineHash": format!("{fingerprint}:1") },
        "properties": properties,
    });
    // What stands nowhere is about the run as a whole; viewers want a place all the same.
    result["locations"] = json!([match &finding.place {
        Some(place) => location(place, folder),
        None =>
            json!({ "physicalLocation": { "artifactLocation": { "uri": "." }, "region": { "startLine": 1 } } }),
    }]);
    let related = finding.because.iter().take(MOST_LOCATIONS).enumerate().map(|(index, because)| {
        let mut related = because.place.as_ref().map_or_else(|| json!({}), |place| location(place, folder));
        related["id"] = Value::from(index + 1);
        related["message"] = json!({ "text": message(&because.words) });
        related
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::from(related);
    }
    result
}

/// The file and the region in it. Of a place in an archive the archive is the file; the entry and the place in it, which are
/// no lines of the archive, stand beside it. Viewers want a region: the archive begins in its first line.
fn location(place: &Place, folder: Option<&Path>) -> Value {
    let file = file(place);
    let in_archive = place.file.strip_prefix(file).and_then(|entry| entry.strip_prefix(':'));
    let mut physical = json!({ "artifactLocation": { "uri": uri(&from_folder(file, folder)) } });
    let mut logical = Map::new();
    match in_archive {
        Some(entry) => {
            physical["region"] = json!({ "startLine": 1 });
            let written = place.to_string();
            let within =
                written.strip_prefix(file).and_then(|rest| rest.strip_prefix(':')).unwrap_or(&written);
            logical.insert("name".to_owned(), Value::from(entry));
            logical.insert("fullyQualifiedName".to_owned(), Value::from(within));
        }
        None if place.line > 0 => {
            physical["region"] = json!({ "startLine": place.line, "startColumn": place.column });
        }
        None => physical["region"] = json!({ "startLine": 1 }),
    }
    if let Some(pointer) = place.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        let name = logical
            .get("fullyQualifiedName")
            .and_then(Value::as_str)
            .map(|within| format!("{within} {pointer}"));
        logical
            .insert("fullyQualifiedName".to_owned(), Value::from(name.unwrap_or_else(|| pointer.to_owned())));
        logical.insert("kind".to_owned(), Value::from("member"));
    }
    let mut location = json!({});
    location["physicalLocation"] = physical;
    if !logical.is_empty() {
        location["logicalLocations"] = json!([logical]);
    }
    location
}

/// A text of a message, in which `[text](target)` would be a link and a backslash escapes (section 3.11.6).
fn message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '[' | ']') {
            message.push('\\');
        }
        message.push(character);
    }
    message
}

/// The path from the working folder, where the file lies below it: that is what a repository knows.
fn from_folder(file: &str, folder: Option<&Path>) -> String {
    let below = folder.and_then(|folder| Path::new(file).strip_prefix(folder).ok()?.to_str());
    let path = below.filter(|below| !below.is_empty()).unwrap_or(file);
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "." => {}
            ".." if names.last().is_some_and(|last| !matches!(*last, "" | "..")) => drop(names.pop()),
            name => names.push(name),
        }
    }
    // `../NAME/file`, said in a folder of that name, lies below it.
    if let Some(own) = folder.and_then(Path::file_name).and_then(|name| name.to_str())
        && names.len() > 2
        && names[..2] == ["..", own]
    {
        names.drain(..2);
    }
    if names.is_empty() { ".".to_owned() } else { names.join("/") }
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
        findings(&mut written, [&finding], None).unwrap();
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
        assert_eq!(related["logicalLocations"][0]["fullyQualifiedName"], "customizations.xml:3:5");
        assert_eq!(result["partialFingerprints"]["solship/v2"].as_str().unwrap().len(), 32);
        assert_eq!(uri("/a:b"), "file:///a%3Ab");
        assert_eq!(message(r"a[b](c)\d"), r"a\[b\](c)\\d");
    }

    #[test]
    fn what_lies_below_the_working_folder_is_named_from_there() {
        let folder = Some(Path::new("/builds/release"));
        for (file, named) in [
            ("/builds/release/a/b.xml", "a/b.xml"),
            ("./a/../b.xml", "b.xml"),
            ("../release/b.xml", "b.xml"),
            ("../other/b.xml", "../other/b.xml"),
            ("/builds/other/b.xml", "/builds/other/b.xml"),
            (".", "."),
        ] {
            assert_eq!(from_folder(file, folder), named);
        }
        assert_eq!(from_folder("/a/b.xml", None), "/a/b.xml");
    }
}
