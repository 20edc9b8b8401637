//! Sharing credentials and variables: who may do what with them (`FORMATS.md` §1.10).
//!
//! Read [`share`] and [`unshare`]: sharing a credential shares its variables, taking it back does not take them back.

use std::str::FromStr;

use super::content::Facts;
use super::principal::folded;
use super::state::{Access, Role, State};
use crate::model::{ComponentKey, ComponentType};

/// Why something cannot be shared, or not taken back. Each says what to do; none repeats the name of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// It is not there.
    #[error("{component} is not in the environment: import the solution that brings it first")]
    NotThere {
        /// As given.
        component: ComponentKey,
    },
    /// It is of another kind.
    #[error("{component} cannot be shared here: only a credential or a variable")]
    OtherKind {
        /// As given.
        component: ComponentKey,
    },
    /// It is not shared with them.
    #[error("{words} is not shared with them: `solship env shares` shows with whom it is")]
    NotShared {
        /// How a sentence names it.
        words: String,
    },
    /// The role is none.
    #[error("`{role}` is no role: view, view-share or co-owner")]
    NotARole {
        /// As given.
        role: String,
    },
}

/// What sharing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// What is shared, as the environment spells it.
    pub component: ComponentKey,
    /// The role before.
    pub before: Option<Role>,
    /// The variables of a credential that were shared along.
    pub variables: Vec<ComponentKey>,
    /// The variables of a credential that stay shared in a role that allows more.
    pub kept: Vec<(ComponentKey, Role)>,
}

/// What taking back did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshared {
    /// What is not shared any more.
    pub component: ComponentKey,
    /// The role before.
    pub before: Role,
    /// The variables of a credential that stay shared, each with its role.
    pub variables: Vec<(ComponentKey, Role)>,
}

impl Role {
    /// Every role, the one that may least first.
    pub const ALL: [Self; 3] = [Self::View, Self::ViewShare, Self::CoOwner];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::ViewShare => "view-share",
            Self::CoOwner => "co-owner",
        }
    }

    /// What somebody with it may do.
    pub fn access(self) -> Access {
        Access {
            use_it: true,
            edit: self == Self::CoOwner,
            delete: self == Self::CoOwner,
            share: self >= Self::ViewShare,
        }
    }
}

impl FromStr for Role {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| ShareError::NotARole { role: text.to_owned() })
    }
}

/// Shares a credential or a variable in a role, or changes the role.
///
/// The variables of a credential come along. In which role Microsoft does not say; here in the same one, and a role that
/// allows more stays.
///
/// # Errors
/// When it is not there or of another kind.
pub fn share(
    state: &mut State,
    component: &ComponentKey,
    principal: &str,
    role: Role,
) -> Result<Shared, ShareError> {
    let component = there(state, component)?;
    let variables = variables_of(state, &component);
    let before = set(state, &component, principal, role);
    let (mut along, mut kept) = (Vec::new(), Vec::new());
    for variable in variables {
        // One that is of what is only said to be there, without being named, cannot be shared here.
        if there(state, &variable).is_err() {
            continue;
        }
        match role_of(state, &variable, principal) {
            Some(known) if known > role => kept.push((variable, known)),
            Some(known) if known == role => {}
            _ => {
                set(state, &variable, principal, role);
                along.push(variable);
            }
        }
    }
    Ok(Shared { component, before, variables: along, kept })
}

/// Takes back what was shared; the variables of a credential stay shared and are named.
///
/// # Errors
/// When it is not there, of another kind, or not shared with them.
pub fn unshare(state: &mut State, component: &ComponentKey, principal: &str) -> Result<Unshared, ShareError> {
    // What is shared can be taken back also where the component is gone.
    let component = match there(state, component) {
        Ok(component) => component,
        Err(ShareError::NotThere { .. }) if state.shares().contains_key(component) => component.clone(),
        Err(error) => return Err(error),
    };
    let Some((spelling, before)) = shared_with(state, &component, principal) else {
        let content = state.components().get(&component).and_then(|layers| layers.effective());
        let words = content.map_or_else(|| component.to_string(), |content| content.words.clone());
        return Err(ShareError::NotShared { words });
    };
    state.set_share(&component, &spelling, None);
    let variables = variables_of(state, &component);
    let still = |variable: ComponentKey| Some((role_of(state, &variable, principal)?, variable));
    let variables =
        variables.into_iter().filter_map(still).map(|(role, variable)| (variable, role)).collect();
    Ok(Unshared { component, before, variables })
}

/// In which role a component is shared with somebody.
pub fn role_of(state: &State, component: &ComponentKey, principal: &str) -> Option<Role> {
    shared_with(state, component, principal).map(|(_, role)| role)
}

/// The variables of a credential, each once; none for anything else.
pub fn variables_of(state: &State, credential: &ComponentKey) -> Vec<ComponentKey> {
    let Some(content) = state.component(credential).and_then(|(_, layers)| layers.effective()) else {
        return Vec::new();
    };
    let Facts::Credential { variables, .. } = &content.facts else { return Vec::new() };
    let spelled = |key: &ComponentKey| state.component(key).map_or(key, |(key, _)| key).clone();
    let mut keys: Vec<ComponentKey> = variables.iter().map(|(_, variable)| spelled(variable)).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// How the state spells them, and their role.
fn shared_with(state: &State, component: &ComponentKey, principal: &str) -> Option<(String, Role)> {
    let principals = state.shares().get(component)?;
    let wanted = folded(principal);
    let found = principals.iter().find(|(known, _)| folded(known) == wanted)?;
    Some((found.0.clone(), *found.1))
}

fn set(state: &mut State, component: &ComponentKey, principal: &str, role: Role) -> Option<Role> {
    let known = shared_with(state, component, principal);
    let spelling = known.as_ref().map_or(principal, |(spelling, _)| spelling);
    state.set_share(component, spelling, Some(role));
    known.map(|(_, role)| role)
}

fn there(state: &State, component: &ComponentKey) -> Result<ComponentKey, ShareError> {
    if ![ComponentType::CREDENTIAL, ComponentType::ENVIRONMENT_VARIABLE].contains(&component.kind) {
        return Err(ShareError::OtherKind { component: component.clone() });
    }
    // What is only held is of another solution, which is not there.
    let found = state.component(component).filter(|(_, layers)| layers.is_brought());
    found.map(|(key, _)| key.clone()).ok_or_else(|| ShareError::NotThere { component: component.clone() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Content;
    use super::super::testing::{CREDENTIAL, content, key, managed, robots, variable};
    use super::*;

    fn robot() -> ComponentKey {
        key(ComponentType::CREDENTIAL, CREDENTIAL)
    }

    #[test]
    fn sharing_a_credential_shares_its_variables_and_taking_it_back_does_not() {
        let mut state = robots();
        let (ann, variables) =
            ("user:ann@fabrikam.example", [variable("fab_Password"), variable("fab_User")]);
        share(&mut state, &variables[1], ann, Role::CoOwner).unwrap();
        let shared = share(&mut state, &robot(), ann, Role::ViewShare).unwrap();
        assert_eq!(shared.variables, variables[..1]);
        assert_eq!(role_of(&state, &variables[0], ann), Some(Role::ViewShare));
        assert_eq!(role_of(&state, &variables[1], ann), Some(Role::CoOwner));
        let again = share(&mut state, &robot(), "user:ANN@fabrikam.example", Role::View).unwrap();
        assert_eq!((again.before, again.variables.len()), (Some(Role::ViewShare), 0));
        let kept = [(variables[0].clone(), Role::ViewShare), (variables[1].clone(), Role::CoOwner)];
        assert_eq!(again.kept, kept);
        assert_eq!(state.shares()[&robot()].len(), 1);
        let taken = unshare(&mut state, &robot(), "USER:ann@fabrikam.example").unwrap();
        assert_eq!(taken.before, Role::View);
        let [password, user] = variables;
        assert_eq!(taken.variables, [(password, Role::ViewShare), (user, Role::CoOwner)]);
        let error = unshare(&mut state, &robot(), ann).unwrap_err().to_string();
        assert!(error.contains("Robot 7") && !error.contains("ann@"), "{error}");
    }

    #[test]
    fn only_credentials_and_variables_that_are_there_are_shared() {
        let mut state = robots();
        let reference = super::super::connect::reference("fab_Desktop");
        assert!(matches!(
            share(&mut state, &reference, "team:a", Role::View),
            Err(ShareError::OtherKind { .. })
        ));
        let gone = variable("fab_Gone");
        assert!(matches!(share(&mut state, &gone, "team:a", Role::View), Err(ShareError::NotThere { .. })));
        let held = variable("fab_Held");
        let content = Content { held_only: true, ..content(&held, "Held", Facts::Other) };
        managed(&mut state, &held, content, "FabRobots");
        assert!(matches!(share(&mut state, &held, "team:a", Role::View), Err(ShareError::NotThere { .. })));
        assert!(state.shares().is_empty());
    }

    #[test]
    fn who_may_what() {
        let table = Role::ALL.map(|role| {
            let access = role.access();
            (role.name(), access.use_it, access.edit, access.delete, access.share)
        });
        assert_eq!(
            table,
            [
                ("view", true, false, false, false),
                ("view-share", true, false, false, true),
                ("co-owner", true, true, true, true),
            ]
        );
        for role in Role::ALL {
            assert_eq!(role.name().to_uppercase().parse(), Ok(role));
        }
        assert!("owner".parse::<Role>().is_err());
    }

    proptest! {
        /// Taking back gives what was, but for the variables of a credential, which stay shared.
        #[test]
        fn unsharing_undoes_sharing(steps in prop::collection::vec((0..3usize, 0..3usize, 0..3usize), 0..12)) {
            let mut state = robots();
            let components = [robot(), variable("fab_User"), variable("fab_Password")];
            let who = ["user:ann", "user:bob", "team:robots"];
            for (component, principal, role) in steps {
                let (component, principal) = (&components[component], who[principal]);
                let before = state.shares().clone();
                let had = role_of(&state, component, principal);
                share(&mut state, component, principal, Role::ALL[role]).unwrap();
                prop_assert_eq!(role_of(&state, component, principal), Some(Role::ALL[role]));
                for variable in variables_of(&state, component) {
                    prop_assert!(role_of(&state, &variable, principal) >= Some(Role::ALL[role]));
                }
                let mut undone = state.clone();
                let taken = unshare(&mut undone, component, principal).unwrap();
                prop_assert_eq!(taken.variables.len(), variables_of(&state, component).len());
                if had.is_none() && taken.variables.is_empty() {
                    prop_assert_eq!(undone.shares(), &before);
                }
            }
        }
    }
}
