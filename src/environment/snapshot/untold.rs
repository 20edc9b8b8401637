//! What a state itself does not know of values and accounts, since it came from a snapshot that does not tell them.

use std::collections::BTreeSet;

use super::super::State;
use super::detail;
use crate::model::ComponentKey;

/// What is not known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// Variables whose own value is not.
    pub own: Vec<ComponentKey>,
    /// Variables and rows of values with a default, or a value of a package, that is not.
    pub packaged: Vec<ComponentKey>,
    /// Components that are shared with somebody who is not.
    pub shares: Vec<ComponentKey>,
    /// Ids of connections with parameters that are not.
    pub connections: Vec<String>,
}

impl Untold {
    /// Looks at everything.
    pub fn of(state: &State) -> Self {
        let own = state.values().iter().filter(|(_, value)| value.text().is_none());
        let packaged = state.components().iter().filter(|(_, layers)| {
            layers.contents().flat_map(|content| content.values()).any(|(_, value)| value.text().is_none())
        });
        let is_nameless = |who: &String| !detail::is_named(who);
        let shares = state.shares().iter().filter(|(_, with)| with.keys().any(is_nameless));
        let connections = state.connections().iter();
        let connections =
            connections.filter(|(_, own)| own.parameters.values().any(|text| !detail::is_told(text)));
        Self {
            own: own.map(|(key, _)| key.clone()).collect(),
            packaged: packaged.map(|(key, _)| key.clone()).collect(),
            shares: shares.map(|(key, _)| key.clone()).collect(),
            connections: connections.map(|(id, _)| id.clone()).collect(),
        }
    }

    /// Whether everything is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The variables of which a value is not known, by name, each once.
    pub fn variables(&self) -> BTreeSet<&str> {
        // The row of a value has the name of its variable.
        self.own.iter().chain(&self.packaged).map(|key| &*key.key).collect()
    }
}
