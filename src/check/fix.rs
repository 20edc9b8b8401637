//! What can be mended without guessing: each such finding is one edit of the solution.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Check, package_of};
use crate::author::{AuthorError, Editor, Step, leave_version_away, list_process, remove_packaged_value};
use crate::model::{
    Code, ComponentKey, ComponentType, Details, Finding, KeyVaultFault, SecretReference, codes,
};

/// Codes of which some findings can be mended.
const FIXABLE: &[Code] =
    &[codes::PACKAGED_VALUE, codes::INVALID_KEY_VAULT_REFERENCE, codes::CONTENT_WITHOUT_ROOT];

/// Whether some findings of a rule can be mended.
pub fn is_fixable(code: Code) -> bool {
    FIXABLE.contains(&code)
}

/// The findings that may be mended, by the package that they are in.
pub fn fixable(check: &Check) -> BTreeMap<Arc<str>, Vec<&Finding>> {
    let mut by_source: BTreeMap<Arc<str>, Vec<&Finding>> = BTreeMap::new();
    let findings = check.findings.iter();
    for finding in findings.filter(|finding| is_fixable(finding.code) && finding.component.is_some()) {
        let place = finding.place.as_ref();
        let of = place.and_then(|place| package_of(place, &check.solutions, |solution| &solution.source));
        if let Some(solution) = of {
            by_source.entry(solution.source.clone()).or_default().push(finding);
        }
    }
    by_source
}

/// What became of findings that can be mended.
#[derive(Debug, Default)]
pub struct Mended {
    /// What was done.
    pub steps: Vec<Step>,
    /// Why a finding is left, and what to do instead.
    pub left: Vec<(String, String)>,
}

/// Mends what can be mended of these findings about one solution, and gives what was done. What is no clear case is left
/// as it is; no value is taken away of which there is no other.
///
/// # Errors
/// When an edit cannot be made; nothing is written here.
pub fn fix(editor: &mut Editor, findings: &[&Finding]) -> Result<Mended, AuthorError> {
    let mut mended = Mended::default();
    let mut done: BTreeSet<(&str, &ComponentKey)> = BTreeSet::new();
    for finding in findings {
        let Some(component) = &finding.component else { continue };
        if !done.insert((finding.code.id, component)) {
            continue;
        }
        let step = match finding.code {
            codes::PACKAGED_VALUE if !has_default(editor, component)? => {
                if component.kind == ComponentType::ENVIRONMENT_VARIABLE {
                    mended.left.push(only_copy(&component.key, &editor.solution()?.source_word()));
                }
                continue;
            }
            codes::PACKAGED_VALUE if component.kind == ComponentType::ENVIRONMENT_VARIABLE => {
                match remove_packaged_value(editor, &component.key) {
                    // A value in the customizations travels with its definition.
                    Err(AuthorError::OldForm { .. }) => continue,
                    step => step?,
                }
            }
            codes::INVALID_KEY_VAULT_REFERENCE if has_version(editor, component)? => {
                leave_version_away(editor, &component.key)?
            }
            codes::CONTENT_WITHOUT_ROOT if component.kind == ComponentType::WORKFLOW => {
                list_process(editor, component)?
            }
            _ => continue,
        };
        mended.steps.push(step);
    }
    Ok(mended)
}

fn only_copy(variable: &str, solution: &str) -> (String, String) {
    (
        format!("environment variable {variable} has no default: its value would be lost"),
        format!(
            "keep the value as the default, or note it in the settings file of its environment (solship settings new); then: \
             solship set variable {variable} --no-value --solution {solution}"
        ),
    )
}

/// Whether a variable of the solution has a default.
fn has_default(editor: &mut Editor, key: &ComponentKey) -> Result<bool, AuthorError> {
    let solution = editor.solution()?;
    let mut found = solution.components.iter().filter(|component| component.key == *key);
    Ok(found.any(|component| {
        matches!(&component.details, Details::EnvironmentVariable(variable) if variable.default.is_some())
    }))
}

/// Whether nothing is wrong with a reference but the version behind it.
fn has_version(editor: &mut Editor, key: &ComponentKey) -> Result<bool, AuthorError> {
    let solution = editor.solution()?;
    let mut found = solution.components.iter().filter(|component| component.key == *key);
    Ok(found.any(|component| match &component.details {
        Details::EnvironmentVariable(variable) => {
            variable.secret == Some(SecretReference::Invalid(KeyVaultFault::Version))
        }
        _ => false,
    }))
}
