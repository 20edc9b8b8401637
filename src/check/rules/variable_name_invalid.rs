//! VAR005: the name of a variable is reserved or ill-formed.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Component, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::VARIABLE_NAME_INVALID,
    dataverse: None,
    page: include_str!("../../../docs/rules/variable-name-invalid.md"),
    run: Run::Solution(check),
};

/// Parameters that every flow has: a flow with a variable of such a name cannot be saved.
const RESERVED: &[&str] = &["$authentication", "$connection", "$connections"];

/// Longest schema name.
const LONGEST: usize = 100;

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, _) in subject.variables() {
        if let Some(fault) = fault(component) {
            report
                .about(component, format!("{} {fault}", component.described()))
                .help("make it anew under another name: PREFIX_Name, of letters, digits and underscores");
        }
    }
}

fn fault(component: &Component) -> Option<&'static str> {
    let name = &*component.key.key;
    let is_reserved = |name: &str| RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name.trim()));
    if is_reserved(name) || is_reserved(&component.name) {
        return Some("has a name that flows keep for their own parameters");
    }
    if name.chars().count() > LONGEST {
        return Some("has a name of more than 100 characters");
    }
    let Some((prefix, rest)) = name.split_once('_') else {
        return Some("has a name without a publisher's prefix");
    };
    let is_prefix = prefix.starts_with(|c: char| c.is_ascii_alphabetic())
        && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // Copilot Studio makes names with dots and hyphens.
    let is_rest = !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    (!is_prefix || !is_rest).then_some("has characters in its name that Dataverse does not take")
}
