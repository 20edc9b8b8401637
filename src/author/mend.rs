//! Edits that mend what a check found, where nothing has to be guessed.

use super::{
    Action, AuthorError, Editor, Step, VariableChange, root_components, set_variable, variable_value,
};
use crate::model::{ComponentKey, ComponentType, Details, KeyVaultFault, Masked, SecretReference};

/// Type number of flows and other processes in `<RootComponents>`.
const PROCESS: u32 = 29;

/// Takes the current value of a variable out of the solution; the variable stays.
///
/// # Errors
/// When the variable is not there, or its value does not stand in a file of its own.
pub fn remove_packaged_value(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    let component = editor.existing(ComponentType::ENVIRONMENT_VARIABLE, "variable", name)?;
    let path = variable_value::path(&component.key.key);
    if editor.files.read(&path)?.is_none() {
        return Err(AuthorError::OldForm { component: component.described() });
    }
    variable_value::remove(editor, &component.key.key);
    Ok(editor
        .changed(component.described())?
        .note("its current value is taken out; settings files give one to each target"))
}

/// Leaves the version away that a secret variable names behind its secret.
///
/// # Errors
/// When the variable is not there, or what it holds has another fault.
pub fn leave_version_away(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    let component = editor.existing(ComponentType::ENVIRONMENT_VARIABLE, "variable", name)?;
    let Details::EnvironmentVariable(variable) = &component.details else {
        return Err(AuthorError::OldForm { component: component.described() });
    };
    let without = |text: &Option<Masked>| {
        let text = text.as_ref()?.reveal().trim();
        let is_version = SecretReference::parse(text) == SecretReference::Invalid(KeyVaultFault::Version);
        let (shorter, _) = text.trim_end_matches('/').rsplit_once('/').filter(|_| is_version)?;
        matches!(SecretReference::parse(shorter), SecretReference::KeyVault(_))
            .then(|| Some(shorter.to_owned()))
    };
    let change = VariableChange {
        default: without(&variable.default),
        value: without(&variable.value),
        ..VariableChange::default()
    };
    Ok(set_variable(editor, name, &change)?
        .note("the version of the secret is left away: the newest one is read"))
}

/// Lists a flow or another process among the root components.
///
/// # Errors
/// When it is not there.
pub fn list_process(editor: &mut Editor, key: &ComponentKey) -> Result<Step, AuthorError> {
    let component = editor.existing(ComponentType::WORKFLOW, "flow", &key.key)?;
    root_components::insert(editor, PROCESS, &component.key.key)?;
    let step = editor.changed(component.described())?;
    let is_new = step.action == Action::Changed;
    Ok(if is_new { step.note("it is listed among the root components now") } else { step })
}
