//! What differs between two environments, or between an environment and packages; and what would bring one to the other.
//!
//! Read [`EnvironmentDiff`] first, then [`compare`]. Both sides are sorted maps that are walked once, side by side. Nothing
//! in a result shows a value or an account, unless that was asked for.

mod commands;
mod connections;
mod packages;
mod pairs;
mod plan;
mod sections;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::environment::import::Origin;
use crate::environment::{PrincipalNames, Role, SolutionName, State, Told, Value};
use crate::model::{ComponentKey, CredentialKind, Version};
pub use packages::{Packaged, Packages, of_packages};
pub use plan::{Action, Step};

/// What differs between two environments.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentDiff {
    /// How messages name the first.
    pub left: String,
    /// How messages name the second.
    pub right: String,
    /// Solutions that one of them lacks or has in another version or form.
    pub solutions: Vec<SolutionDifference>,
    /// Components that one of them lacks, or whose content or winning layer differs; without credentials.
    pub components: Vec<Difference<WinningLayer>>,
    /// Variables of both whose values differ.
    pub variables: Vec<Difference<VariableState>>,
    /// Connection references of both that are bound to something else: ids differ by nature and do not count.
    pub connection_references: Vec<Difference<BoundConnection>>,
    /// Other connections that one of them lacks or that sign in otherwise; they are known by connector and name.
    pub connections: Vec<ConnectionDifference>,
    /// Credentials that one of them lacks, or that differ.
    pub credentials: Vec<Difference<CredentialState>>,
    /// What is shared with others, or in another role.
    pub shares: Vec<ShareDifference>,
    /// Flows of both that are on in one of them only.
    pub flows: Vec<Difference<FlowState>>,
    /// Variables of which it cannot be told whether their values differ: a side says only that there is one.
    pub untold: Vec<Untold>,
    /// What is shared in both, and it cannot be told whether with the same accounts: a side does not name them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untold_shares: Vec<Found>,
    /// Variables without any value, and where.
    pub unset: Vec<Found>,
    /// Components whose unmanaged layer covers managed ones, and where.
    pub drift: Vec<Found>,
    /// What would bring the second to the first, in an order that is allowed; where one side is packages, the environment to
    /// them.
    pub plan: Vec<Step>,
    /// What the plan brings it to: the label of the one side.
    #[serde(skip)]
    pub plan_to: String,
    /// What the plan changes: the label of the other.
    #[serde(skip)]
    pub plan_from: String,
}

/// A solution that differs.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SolutionDifference {
    /// Unique name.
    pub unique_name: String,
    /// What the first has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<SolutionState>,
    /// What the second has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<SolutionState>,
    /// Version and form are the same, and the packages were not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other_content: bool,
}

/// How a solution is there.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SolutionState {
    /// Version.
    pub version: Version,
    /// Managed or not.
    pub managed: bool,
    /// A staged upgrade that is not applied yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub staged: bool,
}

/// A component that differs. A side that is not there has none of it.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference<T> {
    /// Which one.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
    /// What the first has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<T>,
    /// What the second has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<T>,
    /// What helps to understand it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// From which layer a component is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WinningLayer {
    /// The unmanaged layer wins.
    pub unmanaged: bool,
    /// Unique names of the solutions: the topmost managed one, or those of the unmanaged layer.
    pub solutions: Vec<String>,
    /// The topmost managed solution below the unmanaged layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
}

/// What value a variable has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariableState {
    /// Where the value comes from.
    pub source: Origin,
    /// The value, masked unless values were asked for.
    pub value: String,
}

/// A connection: what a connection reference is bound to, or one that none is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoundConnection {
    /// Connector of the connection.
    pub connector: String,
    /// Its display name; masked where it is an account, unless values were asked for.
    pub name: String,
    /// How it signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_set: Option<String>,
    /// With which credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<ComponentKey>,
    /// How a sentence names the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_title: Option<String>,
}

/// A connection that differs. A side that is not there has none of that connector and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDifference {
    /// What the first has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<BoundConnection>,
    /// What the second has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<BoundConnection>,
}

/// What a credential is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialState {
    /// Its kind.
    pub kind: CredentialKind,
    /// Column and schema name of each of its variables.
    pub variables: Vec<(String, String)>,
    /// From which layer it is so.
    pub layer: WinningLayer,
}

/// Whether a flow is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlowState {
    /// Whether it is.
    pub on: bool,
}

/// A share that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShareDifference {
    /// What is shared.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
    /// With whom: `user:********#2` unless values were asked for. The same number is the same account on both sides.
    pub principal: String,
    /// The role in the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Role>,
    /// The role in the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<Role>,
}

/// A component of which something is to be said, and on which side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// Which one.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
    /// On the first side.
    pub left: bool,
    /// On the second side.
    pub right: bool,
}

/// A variable of which it cannot be told whether its values differ, and where each comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Untold {
    /// Which one.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
    /// Where the value of the first side comes from.
    pub left: Origin,
    /// Where the value of the second side comes from.
    pub right: Origin,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    /// How messages name it.
    pub label: &'s str,
    /// What it holds.
    pub state: &'s State,
    /// What it tells of values and accounts.
    pub told: Told<'s>,
    /// It is what packages hold: of the other side only their solutions and components are looked at, and nothing that no
    /// package carries.
    pub packages: bool,
    /// Where the packages are, by solution; of an environment nothing.
    pub sources: &'s BTreeMap<SolutionName, String>,
}

/// Of an environment.
static NO_SOURCES: BTreeMap<SolutionName, String> = BTreeMap::new();

impl<'s> Side<'s> {
    /// An environment.
    pub fn environment(label: &'s str, state: &'s State) -> Self {
        Self { label, state, told: Told::Known, packages: false, sources: &NO_SOURCES }
    }

    /// Whether two values are the same; none where that cannot be known.
    fn is_same(&self, own: &Value, other: &Side<'_>, value: &Value) -> Option<bool> {
        match (own, value) {
            (Value::Hash(_), Value::Hash(_)) if !self.told.has_hashes_of(other.told) => None,
            _ => own.is_same(value),
        }
    }

    /// Whether it can be told if what is shared on both sides is shared with the same accounts.
    fn names_as(&self, other: &Side<'_>) -> bool {
        self.told.names_as(other.told)
    }
}

impl EnvironmentDiff {
    /// Whether nothing differs. What cannot be told, is unset or covers managed layers on both sides is no difference.
    pub fn is_empty(&self) -> bool {
        self.solutions.is_empty()
            && self.components.is_empty()
            && self.variables.is_empty()
            && self.connection_references.is_empty()
            && self.connections.is_empty()
            && self.credentials.is_empty()
            && self.shares.is_empty()
            && self.flows.is_empty()
    }
}

/// Compares two sides; with `show_values` the result holds values and accounts.
pub fn compare(left: Side<'_>, right: Side<'_>, show_values: bool) -> EnvironmentDiff {
    let names = PrincipalNames::new([left.state, right.state], show_values);
    let sides = sections::Sides { left, right, show_values, names: &names };
    let is_packages = left.packages || right.packages;
    let (components, credentials) = sides.components();
    let variables = sides.variables();
    let (shares, untold_shares) = if is_packages { Default::default() } else { sides.shares() };
    // Packages are not changed.
    let (to, from) = if right.packages { (&right, &left) } else { (&left, &right) };
    EnvironmentDiff {
        left: left.label.to_owned(),
        right: right.label.to_owned(),
        solutions: sides.solutions(),
        components,
        credentials,
        variables: variables.differ,
        untold: variables.untold,
        unset: variables.unset,
        connection_references: if is_packages { Vec::new() } else { sides.connection_references() },
        connections: if is_packages { Vec::new() } else { sides.connections() },
        shares,
        untold_shares,
        flows: if is_packages { Vec::new() } else { sides.flows() },
        drift: sides.drift(),
        plan: plan::steps(to, from, &names, show_values),
        plan_to: to.label.to_owned(),
        plan_from: from.label.to_owned(),
    }
}
