//! Which value of a variable wins: the environment's own, else a packaged one, else the default (`FORMATS.md` §2.4).

use serde::Serialize;

use super::content::Facts;
use super::state::{Layers, State};
use super::value::Value;
use crate::model::{ComponentKey, ComponentType};

/// Where the value of a variable comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ValueSource {
    /// The environment's own.
    Own,
    /// A package carries it.
    Packaged,
    /// The default of the definition.
    Default,
}

/// The value that a variable has, and where it comes from; none where it has none.
pub fn effective_value<'s>(state: &'s State, variable: &ComponentKey) -> Option<(ValueSource, &'s Value)> {
    if let Some(own) = state.values().get(variable) {
        return Some((ValueSource::Own, own));
    }
    let definition = state.component(variable).map(|(_, layers)| layers);
    let row = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE_VALUE, &variable.key);
    let row = state.component(&row).map(|(_, layers)| layers);
    let packaged = definition.into_iter().chain(row).find_map(packaged);
    if let Some(packaged) = packaged {
        return Some((ValueSource::Packaged, packaged));
    }
    match &definition?.effective()?.facts {
        Facts::Variable { default: Some(default), .. } => Some((ValueSource::Default, default)),
        _ => None,
    }
}

/// The packaged value of the topmost layer that has one: a layer without one does not take away what lies below.
fn packaged(layers: &Layers) -> Option<&Value> {
    let topmost = layers.unmanaged.iter().chain(layers.managed.iter().rev().map(|layer| &layer.content));
    topmost.into_iter().find_map(|content| match &content.facts {
        Facts::Variable { packaged, .. } | Facts::VariableValue { packaged } => packaged.as_ref(),
        _ => None,
    })
}
