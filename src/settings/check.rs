//! What is to be said of settings files: what is not filled, what the platform would refuse, what fits no solution, and what
//! one environment has and another has not.
//!
//! Read [`check`] first.

use std::collections::{BTreeMap, BTreeSet};

use super::fill::is_name;
use super::{Entry, Kind, Needs, SettingsFile};
use crate::model::{
    Code, ComponentKey, ComponentType, Finding, Masked, SecretReference, Severity, VariableType, codes,
    is_connection_id, is_too_long, sort_findings,
};
use crate::text::shell_word;

/// What stands in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placeholders {
    /// `${NAME}` is replaced before the file is used: what it is then is not known.
    Stay,
    /// The file is used as it is.
    AreLeft,
}

/// The findings of these files; `needs` are those of the solutions, where they are given.
///
/// An empty value is one that is not filled as long as nothing in its file is; then it is one that the platform refuses. A
/// value with `${` in it is filled in later.
pub fn check(files: &[SettingsFile], needs: Option<&Needs>) -> Vec<Finding> {
    let mut findings = Vec::new();
    of_each(files, needs, Placeholders::Stay, &mut findings);
    differences(files, &mut findings);
    sort_findings(&mut findings);
    findings
}

/// What stands against an import with this file, and entries that it would not use; what is only missing in it is for whoever
/// imports. An empty value is one that is not set, as `pac` writes it: the platform would refuse it, and it is not handed on.
pub fn check_for_import(file: &SettingsFile, needs: &Needs) -> Vec<Finding> {
    let mut findings = Vec::new();
    of_each(std::slice::from_ref(file), Some(needs), Placeholders::AreLeft, &mut findings);
    findings.retain(|finding| {
        finding.code != codes::SETTING_EMPTY
            && (finding.severity == Severity::Error || finding.code == codes::SETTING_WITHOUT_COMPONENT)
    });
    sort_findings(&mut findings);
    findings
}

fn of_each(
    files: &[SettingsFile],
    needs: Option<&Needs>,
    placeholders: Placeholders,
    findings: &mut Vec<Finding>,
) {
    for file in files {
        let mut known: BTreeMap<(Kind, String), &Entry> = BTreeMap::new();
        // As it was made: every value is empty because nobody has filled it yet.
        let is_new = !file.entries.iter().any(Entry::is_filled);
        for entry in &file.entries {
            of_entry(entry, needs, is_new, placeholders, findings);
            if let Some(first) = known.insert((entry.kind, entry.name.to_lowercase()), entry) {
                let message = format!(
                    "{} {} stands twice, first in line {}",
                    entry.kind.words(),
                    entry.name,
                    first.place.line
                );
                findings.push(of(codes::SETTING_TWICE, Severity::Error, entry, message));
            }
        }
        if let Some(needs) = needs {
            missing(file, needs, findings);
        }
    }
}

fn of(code: Code, severity: Severity, entry: &Entry, message: String) -> Finding {
    let kind = match entry.kind {
        Kind::Variable => ComponentType::ENVIRONMENT_VARIABLE,
        Kind::ConnectionReference => ComponentType::CONNECTION_REFERENCE,
    };
    Finding {
        component: Some(ComponentKey::new(kind, &entry.name)),
        place: Some(entry.place.clone()),
        ..Finding::new(code, severity, "", message)
    }
}

fn of_entry(
    entry: &Entry,
    needs: Option<&Needs>,
    is_new: bool,
    placeholders: Placeholders,
    findings: &mut Vec<Finding>,
) {
    let need = needs.and_then(|needs| needs.get(entry.kind, &entry.name));
    let words = entry.kind.words();
    let name = &entry.name;
    if needs.is_some() && need.is_none() {
        let message = format!("no solution has {words} {name}");
        findings.push(Finding {
            help: Some("solship settings sync drops what is gone".to_owned()),
            ..of(codes::SETTING_WITHOUT_COMPONENT, Severity::Warning, entry, message)
        });
    }
    let is_empty_of_new =
        |content: &&Masked| is_new && entry.kind == Kind::Variable && content.reveal().is_empty();
    let Some(content) = entry.content.as_ref().filter(|content| !is_empty_of_new(content)) else {
        findings.push(of(
            codes::SETTING_NOT_FILLED,
            Severity::Warning,
            entry,
            format!("{words} {name} is not filled"),
        ));
        return;
    };
    let text = content.reveal();
    let before = findings.len();
    match entry.kind {
        Kind::Variable if text.is_empty() => {
            let help = if need.is_some_and(|need| need.has_value) {
                "take the entry out: the solution has a value of its own"
            } else {
                "fill it, or take the entry out"
            };
            findings.push(Finding {
                otherwise: Some("Environment variable value can't be an empty string".to_owned()),
                help: Some(help.to_owned()),
                ..of(
                    codes::SETTING_EMPTY,
                    Severity::Error,
                    entry,
                    format!("variable {name} has an empty value, which the platform refuses"),
                )
            });
        }
        Kind::ConnectionReference if text.is_empty() => {
            findings.push(Finding {
                otherwise: Some("the reference stays unbound, and flows that use it stay off".to_owned()),
                help: Some("the id stands in the address of the connection's page in Power Apps".to_owned()),
                ..of(
                    codes::SETTING_NOT_FILLED,
                    Severity::Warning,
                    entry,
                    format!("connection reference {name} is not filled"),
                )
            });
        }
        // What takes its place is known when it is filled in.
        _ if placeholders == Placeholders::Stay && text.contains("${") => {}
        Kind::Variable => of_value(entry, text, need.and_then(|need| need.kind), findings),
        Kind::ConnectionReference => {
            if !is_connection_id(text) {
                findings.push(Finding {
                    help: Some("the id stands in the address of the connection's page in Power Apps: 32 hexadecimal digits, with or without hyphens".to_owned()),
                    ..of(codes::CONNECTION_ID_INVALID, Severity::Error, entry, format!("the connection of {name} is no id"))
                });
            }
        }
    }
    if placeholders == Placeholders::AreLeft {
        not_replaced(entry, text, before, findings);
    }
    if let (Some(asked), Some(found)) = (need.and_then(|need| need.connector.as_ref()), &entry.connector)
        && !asked.eq_ignore_ascii_case(found)
    {
        let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
        let message =
            format!("{name} is of connector {} in the solution, and of {} here", last(asked), last(found));
        findings.push(of(codes::SETTING_OTHER_CONNECTOR, Severity::Error, entry, message));
    }
}

/// Says of a `${NAME}` that it was not replaced. What is wrong with the value that it stands in, which is in `findings` from
/// `before` on, is not told twice.
fn not_replaced(entry: &Entry, text: &str, before: usize, findings: &mut Vec<Finding>) {
    let Some(name) = placeholder(text) else { return };
    let (words, own) = (entry.kind.words(), &entry.name);
    if findings.len() == before {
        let message = format!("{words} {own} is filled with ${{{name}}}, which is not replaced");
        findings.push(Finding {
            otherwise: Some("the text itself becomes the value".to_owned()),
            ..of(codes::SETTING_NOT_REPLACED, Severity::Error, entry, message)
        });
    }
    let command = format!("solship settings fill {} --out FILLED", shell_word(&entry.place.file));
    for finding in &mut findings[before..] {
        finding.help = Some(format!("replace ${{{name}}} first, and take what that writes: {command}"));
    }
}

/// The name of the first `${NAME}` in a text, as [`super::fill()`] finds it.
fn placeholder(text: &str) -> Option<&str> {
    let starts = text.match_indices("${").map(|(at, start)| &text[at + start.len()..]);
    let mut names = starts.filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    names.find(|name| is_name(name))
}

fn of_value(entry: &Entry, text: &str, kind: Option<VariableType>, findings: &mut Vec<Finding>) {
    let name = &entry.name;
    let mut wrong = |fault: &str| {
        findings.push(of(
            codes::SETTING_OF_OTHER_TYPE,
            Severity::Error,
            entry,
            format!("the value of variable {name} is {fault}"),
        ));
    };
    if is_too_long(text) {
        wrong("over 2,000 characters");
    }
    if let Some(fault) = kind.and_then(|kind| kind.fault_of(text)) {
        wrong(fault);
    }
    if kind == Some(VariableType::Secret)
        && let SecretReference::Invalid(fault) = SecretReference::parse(text)
    {
        let message = format!("secret variable {name} holds no reference to a secret: {}", fault.words());
        findings.push(Finding {
            help: Some("the form is /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/secrets/SECRET".to_owned()),
            ..of(codes::INVALID_KEY_VAULT_REFERENCE, Severity::Error, entry, message)
        });
    }
}

/// What a text is instead of a value of a variable of that type; none where it is one. Of the text nothing is told.
pub fn fault_of_value(kind: VariableType, text: &str) -> Option<String> {
    if is_too_long(text) {
        return Some("over 2,000 characters".to_owned());
    }
    if let Some(fault) = kind.fault_of(text) {
        return Some(fault.to_owned());
    }
    match SecretReference::parse(text) {
        SecretReference::Invalid(fault) if kind == VariableType::Secret => {
            Some(format!("no reference to a secret: {}", fault.words()))
        }
        _ => None,
    }
}

/// What the solutions ask for and the file does not have.
fn missing(file: &SettingsFile, needs: &Needs, findings: &mut Vec<Finding>) {
    for kind in Kind::ALL {
        for need in needs.missing(kind, file) {
            // Nobody is asked for a variable that has a value.
            let severity = if need.has_value { Severity::Note } else { Severity::Warning };
            let message = format!("{} {} of {} has no entry", kind.words(), need.name, need.solution);
            let place = crate::model::Place::whole(&file.file);
            findings.push(Finding {
                place: Some(place),
                help: Some("solship settings sync adds it".to_owned()),
                ..Finding::new(codes::SETTING_MISSING, severity, &need.solution, message)
            });
        }
    }
}

/// What one file has and another has not.
fn differences(files: &[SettingsFile], findings: &mut Vec<Finding>) {
    if files.len() < 2 {
        return;
    }
    let all: BTreeSet<(Kind, String)> = files
        .iter()
        .flat_map(|file| &file.entries)
        .map(|entry| (entry.kind, entry.name.to_lowercase()))
        .collect();
    for (kind, name) in all {
        let has = |file: &&SettingsFile| file.entry(kind, &name).is_some();
        let Some(holder) = files.iter().find(has) else { continue };
        let Some(entry) = holder.entry(kind, &name) else { continue };
        for file in files.iter().filter(|file| !has(file)) {
            let message =
                format!("{} {} is in {} and not in {}", kind.words(), entry.name, holder.file, file.file);
            findings.push(Finding {
                place: Some(entry.place.clone()),
                ..of(codes::SETTING_MISSING, Severity::Warning, entry, message)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_connections_have_several_forms() {
        for id in [
            "0c0ffee000004000800000000000000a",
            "0c0ffee0-0000-4000-8000-00000000000a",
            "shared-office365-0c0ffee0-0000-4000-8000-00000000000a",
        ] {
            assert!(is_connection_id(id), "{id}");
        }
        for id in [
            "",
            "office",
            "0c0ffee0",
            "x0c0ffee0-0000-4000-8000-00000000000a",
            "0c0ffee000004000800000000000000g",
        ] {
            assert!(!is_connection_id(id), "{id}");
        }
    }

    #[test]
    fn an_empty_value_is_a_fault_once_something_is_filled() {
        let codes = |filled: &str| {
            let text = format!(
                r#"{{"EnvironmentVariables":[{{"SchemaName":"fab_A","Value":""}},{{"SchemaName":"fab_B","Value":"{filled}"}}]}}"#
            );
            let file = SettingsFile::read("s.json", text.into_bytes()).unwrap();
            let found = check(std::slice::from_ref(&file), None);
            found.iter().map(|finding| finding.code.name).collect::<Vec<_>>()
        };
        assert_eq!(codes(""), ["setting-not-filled", "setting-not-filled"]);
        assert_eq!(codes("x"), ["setting-empty"]);
    }

    /// Each value of the file as it is imported: code, message and help.
    fn at_import(value: &str, id: &str) -> Vec<(&'static str, String, String)> {
        let text = format!(
            r#"{{"EnvironmentVariables":[{{"SchemaName":"fab_A","Value":"{value}"}}],
"ConnectionReferences":[{{"LogicalName":"fab_c","ConnectionId":"{id}"}}]}}"#
        );
        let file = SettingsFile::read("s t.json", text.into_bytes()).unwrap();
        assert!(check(std::slice::from_ref(&file), None).is_empty(), "a template is filled in later");
        let found = check_for_import(&file, &Needs::default());
        let errors = found.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|own| (own.code.name, own.message, own.help.unwrap_or_default())).collect()
    }

    #[test]
    fn a_placeholder_is_a_fault_of_a_file_that_is_imported_with() {
        let id = "0c0ffee000004000800000000000000a";
        let help = |name: &str| {
            format!(
                "replace ${{{name}}} first, and take what that writes: solship settings fill 's t.json' --out FILLED"
            )
        };
        let message = "variable fab_A is filled with ${URL}, which is not replaced".to_owned();
        assert_eq!(at_import("https://${URL}/", id), [("setting-not-replaced", message, help("URL"))]);
        // What is wrong with it for that is told once, with the same way out.
        let message = "the connection of fab_c is no id".to_owned();
        assert_eq!(at_import("a", "${CONN}"), [("connection-id-invalid", message, help("CONN"))]);
        // `fill` refuses what has no name in it, and makes it of `$${`: it is meant.
        assert_eq!(at_import("${ and ${1} and {X}", id), []);
        assert_eq!(at_import("$${X}", id).len(), 1);
    }

    #[test]
    fn each_fault_of_a_file_is_told_and_no_value_is_shown() {
        let text = r#"{"EnvironmentVariables":[{"SchemaName":"fab_A","Value":""},{"SchemaName":"fab_B"},{"SchemaName":"FAB_a","Value":"hunter2"}],
"ConnectionReferences":[{"LogicalName":"fab_c","ConnectionId":"hunter2","ConnectorId":"/x/shared_a"}]}"#;
        let file = SettingsFile::read("s.json", text.as_bytes().to_vec()).unwrap();
        let found = check(std::slice::from_ref(&file), Some(&Needs::default()));
        let ids: Vec<&str> = found.iter().map(|finding| finding.code.name).collect();
        for code in [
            "setting-empty",
            "setting-not-filled",
            "setting-twice",
            "connection-id-invalid",
            "setting-without-component",
        ] {
            assert!(ids.contains(&code), "{code}: {ids:?}");
        }
        assert!(!format!("{found:?}").contains("hunter2"));
    }
}
