//! SEC004: a secret is written out in a plain variable, in a cloud flow or in the script of a desktop flow.

use serde_json::Value;

use crate::check::plain_secret::{Found, Kind, in_text, is_secret_name, masked_under, under_name};
use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::check::texts::strings;
use crate::model::{Component, Details, JsonPart, Mark, Place, VariableType, codes, masked_text};

pub(super) const RULE: Rule = Rule {
    code: codes::SECRET_IN_PLAIN_VALUE,
    dataverse: None,
    page: include_str!("../../../docs/rules/secret-in-plain-value.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for component in &subject.solution.components {
        match &component.details {
            Details::EnvironmentVariable(variable) if variable.kind != VariableType::Secret => {
                for (words, text) in [("its value", &variable.value), ("its default", &variable.default)] {
                    if let Some(text) = text {
                        variable_text(subject, component, text.reveal(), words, report);
                    }
                }
            }
            Details::EnvironmentVariableValue(value) => {
                if let Some(text) = &value.value {
                    variable_text(subject, component, text.reveal(), "its value", report);
                }
            }
            Details::CloudFlow(_) => {
                if let Some(part) = subject.flow(&component.key) {
                    cloud_flow(subject, component, part, report);
                }
            }
            Details::DesktopFlow(_) => desktop_flow(subject, component, report),
            _ => {}
        }
    }
}

fn variable_text(
    subject: &Subject<'_>,
    component: &Component,
    text: &str,
    words: &str,
    report: &mut Report<'_>,
) {
    let names = [&*component.key.key, &*component.name];
    let (kind, name, excerpt) = match in_text(text) {
        Some(found) => (found.kind, shown(&found.name), found.shown(text)),
        None => {
            let Some(name) = names.iter().find(|name| under_name(name, text)) else { return };
            (Kind::Named, shown(name), masked_under(&shown(name)))
        }
    };
    let message = format!("{} holds {} as {words}", component.described(), kind.words(&name));
    add(subject, component, kind, message, component.place.clone(), excerpt, report);
}

fn cloud_flow(subject: &Subject<'_>, component: &Component, part: &JsonPart, report: &mut Report<'_>) {
    for (pointer, text) in strings(part) {
        let member = shown(&member(part, &pointer));
        let (kind, name, excerpt) = match in_text(text) {
            Some(found) if found.range == (0..text.len()) => {
                (found.kind, member.clone(), masked_under(&member))
            }
            Some(found) => (found.kind, shown(&found.name), found.shown(text)),
            None if !is_description(&pointer) && under_name(&member, text) => {
                (Kind::Named, member.clone(), masked_under(&member))
            }
            None => continue,
        };
        let message = format!("{} holds {}{}", component.described(), kind.words(&name), under(kind, &name));
        add(subject, component, kind, message, part.place(&pointer), excerpt, report);
    }
}

/// What a text is: the name of its member, or of the parameter whose default it is.
fn member(part: &JsonPart, pointer: &str) -> String {
    let (parent, member) = pointer.rsplit_once('/').unwrap_or_default();
    let plain = |token: &str| token.replace("~1", "/").replace("~0", "~");
    let name = match member {
        "defaultValue" => plain(parent.rsplit('/').next().unwrap_or_default()),
        // What a raw header of an HTTP action is.
        "value" if parent.ends_with("/authentication") && is_raw(part, parent) => "authorization".to_owned(),
        // What a variable, a header or a field of a form is called stands beside it.
        "value" => match beside(part, parent) {
            Some(name) => name.to_owned(),
            None => member.to_owned(),
        },
        // What an action composes is called after the action.
        "inputs" => plain(parent.rsplit('/').next().unwrap_or_default()),
        // `item/fab_password` is one member.
        _ => plain(member).rsplit('/').next().unwrap_or_default().to_owned(),
    };
    // A parameter of a variable: `Robot 7 password (fab_Robot7Password)`.
    name.split(" (").last().unwrap_or_default().trim_end_matches(')').to_owned()
}

fn beside<'p>(part: &'p JsonPart, parent: &str) -> Option<&'p str> {
    let members = part.document.value().pointer(parent)?;
    ["name", "key"].iter().find_map(|name| members.get(name)?.as_str())
}

fn is_raw(part: &JsonPart, authentication: &str) -> bool {
    let kind = part.document.value().pointer(authentication).and_then(|value| value.get("type"));
    kind.and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("raw"))
}

/// What describes an action for people and designers does nothing.
fn is_description(pointer: &str) -> bool {
    ["/schema/", "/metadata/", "/connectionReferences/", "/$schema"].iter().any(|part| pointer.contains(part))
}

fn desktop_flow(subject: &Subject<'_>, component: &Component, report: &mut Report<'_>) {
    let Some(script) = subject.script(&component.key) else { return };
    for line in script.lines() {
        // A secret in a comment is one all the same.
        let in_line = in_text(&line.text);
        let (sure, guess) = match in_line {
            Some(found) if found.kind < Kind::Key => (Some(found), None),
            Some(found) if matches!(found.kind, Kind::Behind | Kind::Argument) => (None, Some(found)),
            _ => (None, None),
        };
        let Some(found) = sure.or_else(|| in_statement(&line.text)).or(guess) else { continue };
        let piece = line.text.get(found.range.clone()).unwrap_or_default();
        let name = shown(&found.name);
        let excerpt = if matches!(found.kind, Kind::Named | Kind::Behind) {
            masked_under(&name)
        } else {
            found.shown(&line.text)
        };
        let words = found.kind.words(&name);
        let message = format!("{} holds {words}{}", component.described(), under(found.kind, &name));
        add(subject, component, found.kind, message, script.place(line, piece), excerpt, report);
    }
}

/// A text in quotes that a statement gives to a name: `SET Password TO $'''x'''`, `Password: $'''x'''`, and the default of an
/// input: `@INPUT Password : { 'DefaultValue': 'x' }`. What is encrypted stands in other quotes.
fn in_statement(line: &str) -> Option<Found> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let statement = line.trim_start();
    let input = statement.strip_prefix("@INPUT ").and_then(|rest| rest.split([' ', ':']).next());
    let mut at = 0;
    while let Some(start) = line[at..].find(is_part).map(|found| at + found) {
        let end = line[start..].find(|c| !is_part(c)).map_or(line.len(), |length| start + length);
        at = end;
        let word = &line[start..end];
        let name = match input {
            Some(input) if word == "DefaultValue" => input,
            Some(_) => continue,
            None => word,
        };
        if !is_secret_name(name) {
            continue;
        }
        let rest = line[end..].trim_start_matches(['\'', ' ']);
        let Some(rest) = rest.strip_prefix(':').or_else(|| rest.strip_prefix("TO ")) else { continue };
        let rest = rest.trim_start().trim_start_matches('$');
        let quotes = if rest.starts_with("'''") { "'''" } else { "'" };
        let Some((value, _)) = rest.strip_prefix(quotes).and_then(|rest| rest.split_once(quotes)) else {
            continue;
        };
        // A text with a variable in it is known at run time only.
        if !value.contains('%') && under_name(name, value) {
            let from = value.as_ptr() as usize - line.as_ptr() as usize;
            return Some(Found { kind: Kind::Named, range: from..from + value.len(), name: name.to_owned() });
        }
    }
    None
}

/// A name may be long, or hold a secret itself.
fn shown(name: &str) -> String {
    masked_text(name).chars().take(60).collect()
}

fn under(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Named | Kind::Behind if !name.is_empty() => format!(": the text of \"{name}\" is written out"),
        _ => String::new(),
    }
}

/// The line itself is not shown: it may hold the secret in a form that nothing else knows as one.
fn add(
    subject: &Subject<'_>,
    component: &Component,
    kind: Kind,
    message: String,
    place: Place,
    (excerpt, mark): (String, Mark),
    report: &mut Report<'_>,
) {
    let command = subject.add_command("secret", "Secret");
    let finding = report
        .about(component, message)
        .at(place)
        .level(kind.level())
        .otherwise(
            "whoever has the package, the repository or the right to read the component has the secret",
        )
        .help(format!(
            "make it invalid where it is valid, put a new one into Azure Key Vault, and name that{command}"
        ));
    finding.excerpt = Some(excerpt);
    finding.mark = Some(mark);
}
