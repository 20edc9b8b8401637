//! What happens when a package comes into an environment, or a solution leaves it.
//!
//! Read [`import`] first: it asks every rule of `rules/` and changes the state only when none is broken. All of it are plain
//! functions of [`State`]; where a state is kept is not known here. A rule says in its header which source it has; what no
//! source says is marked as inferred.
//!
//! Layers are as the platform stacks them: managed ones in the order of installation, the unmanaged one on top. An update or
//! an upgrade keeps the place of a solution in that order.
//!
//! A solution also *holds* what it does not *bring*: tables, forms and roles of the platform or of another solution, which
//! it customises, and shells. Such a layer is kept and goes with its solution, but it is not the component: a need is met by a layer
//! that brings it, and deletion is only told of those.

mod checked;
mod declared;
mod effects;
mod flows;
mod incoming;
mod needed;
mod promote;
mod removal;
mod rules;
mod uninstall;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::state::{InstalledSolution, State};
use super::value::Value;
use crate::model::{ComponentKey, DataverseError, Place, Provided, Version};

use checked::Checked;
pub(super) use effects::place_managed;
pub use flows::{FlowChange, settle_flows};
pub use incoming::Incoming;
pub use promote::promote;
pub use uninstall::uninstall;
pub use values::{Origin, effective_value};

/// What becomes of the version that is there (`FORMATS.md` §7.2). An unmanaged solution and a patch are only updated.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// A managed solution is upgraded, anything else is updated.
    #[default]
    Usual,
    /// What the new version lacks is deleted, and patches are rolled up.
    Upgrade,
    /// Nothing is deleted.
    Update,
    /// The new version is installed beside the old one, as `NAME_Upgrade`, until the upgrade is applied.
    Stage,
}

/// How a package is imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// What becomes of the version that is there.
    pub mode: Mode,
    /// Own values of the environment, for variables that the package has.
    pub values: BTreeMap<ComponentKey, Value>,
    /// Ids of connections, for connection references that the package has.
    pub bindings: BTreeMap<ComponentKey, String>,
    /// Codes that whoever looks ahead lets pass. The rules here are the platform's own, which lets nothing pass.
    pub allow: BTreeSet<String>,
}

/// Why the platform does not do it: one broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Name of the rule, kebab-case.
    pub rule: &'static str,
    /// The platform's own answer; none where it is not published or the rule is inferred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<DataverseError>,
    /// One sentence, lower case start.
    pub words: String,
    /// The component that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentKey>,
    /// Where the package says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The solution that is not installed, in the lowest version that would do.
    #[serde(skip)]
    pub lacks: Option<Provided>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The solution as it is there now, or as it was when it left.
    pub solution: InstalledSolution,
    /// The version that was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Version>,
    /// Components that were not there.
    pub added: Vec<ComponentKey>,
    /// Components of which something else is said now.
    pub changed: Vec<ComponentKey>,
    /// Components that are no longer there.
    pub deleted: Vec<ComponentKey>,
    /// Components of which the same is said as before.
    pub unchanged: Vec<ComponentKey>,
    /// Variables of the package without any value.
    pub asked: Vec<ComponentKey>,
    /// Connection references of the package that are bound to no connection.
    pub unbound: Vec<ComponentKey>,
    /// Flows of the package that were exported as on and stay off, and why.
    pub off: Vec<(ComponentKey, String)>,
    /// What is to be known of references to secrets that changed, one sentence each; the notes have it, too.
    #[serde(skip)]
    pub secrets: Vec<String>,
    /// What else is worth telling, one sentence each.
    pub notes: Vec<String>,
}

impl Refusal {
    fn new(rule: &'static str, error: impl Into<Option<DataverseError>>, words: impl Into<String>) -> Self {
        Self { rule, error: error.into(), words: words.into(), component: None, place: None, lacks: None }
    }

    fn of(mut self, component: &ComponentKey) -> Self {
        self.component = Some(component.clone());
        self
    }

    fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }
}

impl Outcome {
    fn new(solution: InstalledSolution, before: Option<Version>) -> Self {
        Self {
            solution,
            before,
            added: Vec::new(),
            changed: Vec::new(),
            deleted: Vec::new(),
            unchanged: Vec::new(),
            asked: Vec::new(),
            unbound: Vec::new(),
            off: Vec::new(),
            secrets: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Every rule that an import would break, in the order in which the platform looks. Nothing is changed.
pub fn refusals(state: &State, incoming: &Incoming, options: &ImportOptions) -> Vec<Refusal> {
    rules::broken(&Checked::new(state, incoming, options))
}

/// Imports a package.
///
/// # Errors
/// Every rule that it would break; then nothing is changed.
pub fn import(
    state: &mut State,
    incoming: &Incoming,
    options: &ImportOptions,
) -> Result<Outcome, Vec<Refusal>> {
    let checked = Checked::new(state, incoming, options);
    let refusals = rules::broken(&checked);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let settled = checked.settle();
    Ok(effects::apply(state, incoming, options, settled))
}

/// Unique name of the solution that holds a staged upgrade.
fn holding_name(unique_name: &str) -> String {
    format!("{unique_name}_Upgrade")
}
