//! Who something is shared with, and how output names them without showing the account.

use std::collections::BTreeMap;

use super::state::{Principal, State};
use crate::model::MASK;

/// Why a text names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("who is meant is written user:NAME or team:NAME")]
pub struct PrincipalError;

/// Reads `user:NAME` or `team:NAME`. The text is an account name, so the error does not repeat it.
///
/// # Errors
/// When it has neither form.
pub fn principal(text: &str) -> Result<Principal, PrincipalError> {
    let (kind, name) = text.trim().split_once(':').ok_or(PrincipalError)?;
    let (kind, name) = (kind.trim().to_lowercase(), name.trim());
    // A masked name that was pasted is nobody's.
    let is_name = !name.is_empty() && !name.contains(char::is_control) && !name.contains(MASK);
    if !matches!(&*kind, "user" | "team") || !is_name {
        return Err(PrincipalError);
    }
    Ok(format!("{kind}:{name}"))
}

/// How output names those something is shared with: `user:********#2`.
///
/// A hash of an account name could be guessed, so they are numbered instead, in the order of their names, over every state
/// that one output is about: the same number is the same account there, and says nothing elsewhere.
#[derive(Debug, Clone)]
pub struct PrincipalNames {
    numbers: BTreeMap<String, usize>,
    show_values: bool,
}

impl PrincipalNames {
    /// The names of all that anything of these states is shared with; with `show_values` as they are.
    pub fn new<'s>(states: impl IntoIterator<Item = &'s State>, show_values: bool) -> Self {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        for principal in states.into_iter().flat_map(|state| state.shares().values()).flat_map(BTreeMap::keys)
        {
            numbers.insert(folded(principal), 0);
        }
        let (mut users, mut teams) = (0, 0);
        for (principal, number) in &mut numbers {
            let count = if principal.starts_with("team:") { &mut teams } else { &mut users };
            *count += 1;
            *number = *count;
        }
        Self { numbers, show_values }
    }

    /// How output names that one; without a number where nothing is shared with them.
    pub fn name(&self, principal: &str) -> String {
        if self.show_values {
            return principal.to_owned();
        }
        let kind = if principal.starts_with("team:") { "team" } else { "user" };
        match self.numbers.get(&folded(principal)) {
            Some(number) => format!("{kind}:{MASK}#{number}"),
            None => format!("{kind}:{MASK}"),
        }
    }
}

/// Accounts and teams are compared without case.
pub(super) fn folded(principal: &str) -> String {
    principal.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Role;
    use crate::model::{ComponentKey, ComponentType};

    #[test]
    fn a_principal_is_a_user_or_a_team() {
        assert_eq!(principal(" User: ann@fabrikam.example ").unwrap(), "user:ann@fabrikam.example");
        assert_eq!(principal("team:Robots").unwrap(), "team:Robots");
        for wrong in ["", "ann", "user:", "group:x", "user:a\nb", "user:********#1"] {
            let error = principal(wrong).unwrap_err().to_string();
            assert!(!error.contains("ann"), "{error}");
        }
    }

    #[test]
    fn two_can_be_told_apart_and_neither_is_shown() {
        let mut state = State::default();
        let key = ComponentKey::new(ComponentType::CREDENTIAL, "c");
        for principal in ["user:bob@fabrikam.example", "user:ann@fabrikam.example", "team:robots"] {
            state.set_share(&key, principal, Some(Role::View));
        }
        let names = PrincipalNames::new([&state, &state], false);
        assert_eq!(names.name("user:Ann@fabrikam.example"), "user:********#1");
        assert_eq!(names.name("user:bob@fabrikam.example"), "user:********#2");
        assert_eq!(names.name("team:robots"), "team:********#1");
        assert_eq!(names.name("user:else"), "user:********");
        assert_eq!(PrincipalNames::new([&state], true).name("team:robots"), "team:robots");
    }
}
