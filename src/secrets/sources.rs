//! What each variable of the set holds, from whichever package: its definition, and values that travel apart from it.
//!
//! Read [`Variables::of`] first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::VariableState;
use crate::model::{
    Component, ComponentKey, Details, EnvironmentVariable, KeyVaultFault, KeyVaultReference, Masked, Place,
    Relation, SecretReference, Solution, Target, UserNameForm, VariableType,
};

/// From where a variable has its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The value that wins in the environment that is the target.
    Environment,
    /// Its current value. It wins over the default (`FORMATS.md` §2.4).
    Value,
    /// Its default value.
    Default,
}

/// What a text of a variable says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text<'s> {
    Reference(&'s KeyVaultReference),
    Invalid(KeyVaultFault),
    /// Of a variable that is no secret.
    Plain,
}

/// A text that a variable has in one package.
#[derive(Debug, Clone)]
pub(super) struct Held<'s> {
    pub(super) solution: &'s str,
    pub(super) source: Source,
    pub(super) place: &'s Place,
    pub(super) text: Text<'s>,
    own: Option<&'s Masked>,
}

/// One variable of the set.
#[derive(Debug)]
pub(super) struct Variable<'s> {
    /// Its type; none when only values of it are there.
    pub(super) kind: Option<VariableType>,
    /// The first solution that defines it, or brings a value of it, and where.
    pub(super) defined: (&'s str, &'s Place),
    held: Vec<Held<'s>>,
}

impl<'s> Variable<'s> {
    /// What counts: values where there are any, else defaults.
    pub(super) fn held(&self) -> impl Iterator<Item = &Held<'s>> {
        let least = self.held.iter().map(|held| held.source).min();
        self.held.iter().filter(move |held| Some(held.source) == least)
    }

    pub(super) fn state(&self) -> VariableState {
        let mut state = VariableState::Empty;
        for held in self.held() {
            match held.text {
                Text::Invalid(fault) => return VariableState::Invalid(fault),
                Text::Reference(_) | Text::Plain => state = VariableState::Filled,
            }
        }
        state
    }

    /// The form of the user name in it, for a variable that holds one.
    pub(super) fn user_name_form(&self) -> Option<UserNameForm> {
        let texts = self.held().filter(|held| held.text == Text::Plain).filter_map(|held| held.own);
        texts.filter_map(|text| UserNameForm::of(text.reveal(), true)).next()
    }
}

/// Every variable of the set, by schema name.
#[derive(Debug)]
pub(super) struct Variables<'s>(BTreeMap<&'s ComponentKey, Variable<'s>>);

/// A value apart from its definition, read as a reference.
pub(super) type ValuesApart<'s> =
    Vec<(&'s Solution, &'s Component, &'s ComponentKey, &'s Masked, SecretReference)>;

impl<'s> Variables<'s> {
    /// Definitions first, so that a value apart knows what it is the value of.
    pub(super) fn of(chosen: &[&'s Solution], apart: &'s ValuesApart<'s>) -> Self {
        let mut variables: BTreeMap<&ComponentKey, Variable<'s>> = BTreeMap::new();
        for solution in chosen {
            let name = solution.manifest.unique_name.as_str();
            for component in &solution.components {
                let Details::EnvironmentVariable(details) = &component.details else { continue };
                let variable = variables.entry(&component.key).or_insert_with(|| Variable {
                    kind: None,
                    defined: (name, &component.place),
                    held: Vec::new(),
                });
                if !matches!(variable.kind, Some(kind) if kind != VariableType::Unknown(None)) {
                    variable.kind = Some(details.kind);
                }
                variable.held.extend(held_by(name, component, details));
            }
        }
        for (solution, component, key, own, reference) in apart {
            let name = solution.manifest.unique_name.as_str();
            let text = match reference {
                SecretReference::KeyVault(reference) => Text::Reference(reference),
                SecretReference::Invalid(fault) => Text::Invalid(*fault),
            };
            let text = match variables.get(key).and_then(|variable| variable.kind) {
                Some(VariableType::Secret) => text,
                Some(_) => Text::Plain,
                // Without a definition only a whole reference tells that it is a secret.
                None if matches!(text, Text::Reference(_)) => text,
                None => continue,
            };
            let variable = variables.entry(key).or_insert_with(|| Variable {
                kind: None,
                defined: (name, &component.place),
                held: Vec::new(),
            });
            let held =
                Held { solution: name, source: Source::Value, place: &component.place, text, own: Some(own) };
            variable.held.push(held);
        }
        Self(variables)
    }

    pub(super) fn get(&self, key: &ComponentKey) -> Option<&Variable<'s>> {
        self.0.get(key)
    }

    /// In the order of the schema names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'s ComponentKey, &Variable<'s>)> {
        self.0.iter().map(|(key, variable)| (*key, variable))
    }
}

fn held_by<'s>(
    solution: &'s str,
    component: &'s Component,
    details: &'s EnvironmentVariable,
) -> Option<Held<'s>> {
    let filled = |text: &'s Option<Masked>| text.as_ref().filter(|text| !text.reveal().trim().is_empty());
    let value = filled(&details.value);
    let source = match &details.source.environment {
        Some(_) => Source::Environment,
        None if value.is_some() => Source::Value,
        None => Source::Default,
    };
    let place = details.source.environment.as_ref().unwrap_or(&component.place);
    let own = value.or_else(|| filled(&details.default));
    let text = match &details.secret {
        Some(SecretReference::KeyVault(reference)) => Text::Reference(reference),
        Some(SecretReference::Invalid(fault)) => Text::Invalid(*fault),
        None => own.map(|_| Text::Plain)?,
    };
    Some(Held { solution, source, place, text, own })
}

/// The values of the set whose definition is in another package.
pub(super) fn values_apart<'s>(chosen: &[&'s Solution]) -> ValuesApart<'s> {
    let mut found = Vec::new();
    for solution in chosen {
        for component in &solution.components {
            let Details::EnvironmentVariableValue(value) = &component.details else { continue };
            let Some(text) = value.value.as_ref().filter(|text| !text.reveal().trim().is_empty()) else {
                continue;
            };
            let key = component.uses.iter().find_map(|used| match &used.target {
                Target::Component(key) if used.relation == Relation::VariableValueOf => Some(key),
                _ => None,
            });
            if let Some(key) = key {
                found.push((*solution, component, key, text, SecretReference::parse(text.reveal())));
            }
        }
    }
    found
}
