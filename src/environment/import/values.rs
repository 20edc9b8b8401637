//! Which value of a variable is in force.
//!
//! [D ENV] the current value counts before the default. Which current value, is inferred from layering (`FORMATS.md` §2.4): a value
//! row is a component, so one that was set here, or that an unmanaged package brought, lies over those of managed packages,
//! of which the one that was installed last lies on top. An unmanaged package with a value replaces the value that was set here.

use serde::Serialize;

use super::super::content::{Content, Facts};
use super::super::state::State;
use super::super::value::Value;
use crate::model::{ComponentKey, ComponentType};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// It was set in the environment, or an unmanaged package brought it.
    Own,
    /// It is in the unmanaged layer.
    Unmanaged,
    /// A managed solution brought it.
    Managed {
        /// Unique name.
        solution: String,
    },
    /// It is the default value.
    Default,
}

/// The value of a variable that is in force, and where it comes from; none where it has neither a value nor a default.
pub fn effective_value(state: &State, variable: &ComponentKey) -> Option<(Value, Origin)> {
    if let Some(own) = state.values().get(variable) {
        return Some((own.clone(), Origin::Own));
    }
    let row = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE_VALUE, &variable.key);
    let definition = state.components().get(variable);
    let both = [definition, state.components().get(&row)];
    let unmanaged = both.iter().flatten().filter_map(|layers| layers.unmanaged.as_ref());
    if let Some(value) = unmanaged.filter_map(packaged).next_back() {
        return Some((value.clone(), Origin::Unmanaged));
    }
    let managed = both.iter().flatten().flat_map(|layers| &layers.managed);
    let managed = managed.filter_map(|layer| Some((&layer.solution, packaged(&layer.content)?)));
    let sequence = |solution: &str| state.solution(solution).map(|solution| solution.sequence);
    if let Some((solution, value)) = managed.max_by_key(|(solution, _)| sequence(solution)) {
        return Some((value.clone(), Origin::Managed { solution: solution.clone() }));
    }
    match &definition?.effective()?.facts {
        Facts::Variable { default: Some(default), .. } => Some((default.clone(), Origin::Default)),
        _ => None,
    }
}

/// The value that a package carries.
pub(super) fn packaged(content: &Content) -> Option<&Value> {
    match &content.facts {
        Facts::Variable { packaged, .. } | Facts::VariableValue { packaged } => packaged.as_ref(),
        _ => None,
    }
}

/// The variable that a component is, or is the value of.
pub(super) fn variable_of(key: &ComponentKey) -> Option<ComponentKey> {
    if key.kind == ComponentType::ENVIRONMENT_VARIABLE {
        return Some(key.clone());
    }
    (key.kind == ComponentType::ENVIRONMENT_VARIABLE_VALUE)
        .then(|| ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, &key.key))
}
