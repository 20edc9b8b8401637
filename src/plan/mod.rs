//! The order in which solutions must be imported, and why.
//!
//! Read [`Plan`] first; the rule is in the design notes of the README.

use serde::Serialize;

use crate::graph::Evidence;
use crate::model::{ComponentKey, Finding, Place, Solution, SolutionIdentity, Version};

/// What the target already has.
#[derive(Debug, Clone)]
pub struct Provided {
    /// Unique name.
    pub unique_name: String,
    /// Version; none: whatever is asked for.
    pub version: Option<Version>,
}

/// Settings of a plan.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Solutions that the target has.
    pub provided: Vec<Provided>,
    /// Of two packages of one name and version the unmanaged one counts.
    pub prefer_unmanaged: bool,
}

/// The import order of a set of solutions, with the reason for every "before".
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Every solution that counts, in import order; members of a cycle stand together.
    pub steps: Vec<Step>,
    /// Circles of solutions that need each other.
    pub cycles: Vec<Cycle>,
    /// Needs that nothing in the set meets, one a provider or component.
    pub unresolved: Vec<Need>,
    /// Needs on the platform's own solutions, which the target must have.
    pub platform: Vec<Need>,
    /// What is to be said of the set, errors first.
    pub findings: Vec<Finding>,
}

/// One solution in the order.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// Which solution.
    #[serde(flatten)]
    pub solution: SolutionIdentity,
    /// What it carries, the most telling kinds first: `("credential", 1)`.
    pub contents: Vec<Count>,
    /// Index in [`Plan::cycles`], for a member of a cycle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<usize>,
    /// The solutions that come before it, and why.
    pub after: Vec<Predecessor>,
}

/// How many components of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Count {
    /// What a person calls the kind, singular.
    pub kind: String,
    /// How many.
    pub count: usize,
}

/// A solution that comes before another.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Predecessor {
    /// Unique name.
    pub solution: String,
    /// Why, the strongest evidence first.
    pub reasons: Vec<Reason>,
}

/// One reason for one "before".
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// How it is known.
    pub evidence: Evidence,
    /// One sentence: `desktop flow "Enter invoice" uses connection reference fab_sharepoint`.
    pub words: String,
    /// The component that needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<ComponentKey>,
    /// The component that is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<ComponentKey>,
    /// Where the evidence stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A circle of solutions.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cycle {
    /// All solutions that reach each other, by name.
    pub members: Vec<String>,
    /// The shortest loop through them: each `solution` must come after `needs`.
    pub arcs: Vec<Arc>,
    /// What to move to break it, in one sentence.
    pub way_out: String,
}

/// One arc of a cycle.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Arc {
    /// The solution that needs.
    pub solution: String,
    /// The solution that is needed.
    pub needs: String,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Something that is needed and that no package of the set brings.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// The solution that has it, where the package names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The lowest version that meets everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowest_version: Option<Version>,
    /// For a platform solution: whether every environment has it (`base`) or only those with the app (`app`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformClass>,
    /// The components, each with who needs it.
    pub components: Vec<NeededPart>,
    /// Unique names of the solutions that need it.
    pub needed_by: Vec<String>,
}

/// Which environments have a solution of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlatformClass {
    /// Every Dataverse environment, or every one with Power Automate, Copilot Studio, AI Builder or Power Pages.
    Base,
    /// Those with a Dynamics 365 or other first-party app.
    App,
}

/// One component that is needed.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeededPart {
    /// What is needed.
    pub component: ComponentKey,
    /// Its display name, where the package says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Unique name of the solution that needs it.
    pub solution: String,
    /// What needs it, in words: `desktop flow "Post payroll"`.
    pub used_by: String,
    /// Whether MissingDependencies list it.
    pub declared: bool,
    /// Where.
    pub place: Place,
}

/// Orders the solutions.
pub fn plan(_solutions: &[Solution], _options: &Options) -> Plan {
    Plan { steps: vec![], cycles: vec![], unresolved: vec![], platform: vec![], findings: vec![] }
}
