//! What stands against taking components away: what other components need of them.
//!
//! [D removing-dependencies] a component cannot be deleted while another one has a dependency on it. Which references the platform
//! tracks is inferred from what real exports declare as missing (`FORMATS.md` §5.3): lookups to rows, and what cloud flows use of
//! connection references, variables and child flows. That a desktop flow runs another one is not tracked.

use std::collections::BTreeSet;

use super::super::content::{Content, Facts, Need, Strength};
use super::super::state::State;
use super::flows::is_assumed;
use super::removal::{Owner, Removal};
use super::{Incoming, Refusal};
use crate::model::{ComponentKey, ComponentType, DataverseError};

/// One refusal for each component that something else still needs. `replaced`: the package whose layers come in place of the old.
pub(super) fn broken(
    state: &State,
    removal: &Removal,
    replaced: Option<&Incoming>,
    rule: &'static str,
    error: DataverseError,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for key in &removal.gone {
        let Some(layers) = state.components().get(key) else { continue };
        let identities = layers.contents().flat_map(|content| &content.aliases).chain([key]);
        let identities: BTreeSet<&ComponentKey> = identities.collect();
        let used = identities.into_iter().find_map(|id| first_user(state, removal, replaced, key, id));
        if let Some((user, verb, owner)) = used {
            let what = layers.effective().map_or_else(|| key.to_string(), |content| content.words.clone());
            let words = format!("{user} of {owner} {verb} {what}, which would be deleted");
            refusals.push(Refusal::new(rule, error, words).of(key));
        }
    }
    refusals
}

/// Who needs a component that goes, under one of its identities: its words, the verb, and whose it is.
fn first_user(
    state: &State,
    removal: &Removal,
    replaced: Option<&Incoming>,
    gone: &ComponentKey,
    identity: &ComponentKey,
) -> Option<(String, String, String)> {
    let is_elsewhere = |other: &ComponentKey| {
        let mut known = state.known_as(other);
        known.any(|(key, layers)| key != gone && !removal.gone.contains(key) && layers.is_brought())
    };
    if is_elsewhere(identity) {
        return None;
    }
    let is_desktop_flow = is_desktop_flow(state, gone);
    let users = state.users_of(identity).filter(|user| !removal.gone.contains(*user));
    for user in users.filter(|user| !is_assumed(state, user, identity)) {
        let Some(layers) = state.components().get(user) else { continue };
        for (owner, content) in removal.remaining(user, layers) {
            let is_replaced = replaced.is_some_and(|incoming| {
                matches!(owner, Owner::Managed(solution) if incoming.is_named(solution))
                    && incoming.component(user).is_some_and(|component| component.key == *user)
            });
            let mut needs = content.needs.iter().filter(|need| need.component == *identity);
            let tracked = needs.find(|need| is_tracked(content, need, is_desktop_flow));
            if let Some(need) = tracked.filter(|_| !content.held_only && !is_replaced) {
                return Some((content.words.clone(), need.words.clone(), owner.words()));
            }
        }
    }
    None
}

fn is_desktop_flow(state: &State, key: &ComponentKey) -> bool {
    let effective = state.components().get(key).and_then(|layers| layers.effective());
    effective.is_some_and(|content| matches!(content.facts, Facts::DesktopFlow { .. }))
}

/// Whether the platform keeps a record of the reference.
fn is_tracked(user: &Content, need: &Need, to_desktop_flow: bool) -> bool {
    match need.strength {
        Strength::Lookup => true,
        Strength::Loose => false,
        Strength::Text => {
            matches!(user.facts, Facts::CloudFlow { .. })
                && !to_desktop_flow
                && [
                    ComponentType::CONNECTION_REFERENCE,
                    ComponentType::ENVIRONMENT_VARIABLE,
                    ComponentType::WORKFLOW,
                ]
                .contains(&need.component.kind)
        }
    }
}
