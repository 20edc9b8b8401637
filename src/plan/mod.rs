//! The order in which solutions must be imported, and why.
//!
//! Read [`Plan`] first, then [`plan`]: choose the packages that count, draw the edges, let policy give way where it must,
//! order, explain.

mod choose;
mod cycles;
mod edges;
mod environment;
mod needs;
mod policy;
mod since;
mod stated;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::{Before, SignsIn};
use crate::graph::{Evidence, Holdings, PlatformClass};
use crate::model::{
    Code, ComponentKey, Details, Finding, Place, Provided, Relation, Severity, Solution, SolutionIdentity,
    Target, Version, codes, sort_findings,
};
pub use choose::choose;
use edges::Edges;
pub(crate) use edges::is_reported;

/// Settings of a plan.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Solutions that the target has.
    pub provided: Vec<Provided>,
    /// Of two packages of one name and version the unmanaged one counts.
    pub prefer_unmanaged: bool,
    /// Which credentials are signed in with.
    pub signs_in: Vec<SignsIn>,
    /// Which solutions come before others.
    pub before: Vec<Before>,
}

/// The import order of a set of solutions, with the reason for every "before".
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Every solution that counts, in import order; members of a cycle stand together.
    pub steps: Vec<Step>,
    /// Circles of solutions that need each other.
    pub cycles: Vec<Cycle>,
    /// What the documented rule of the platform adds: credentials before what may sign in with them.
    pub policies: Vec<Policy>,
    /// Needs that nothing in the set meets, one a provider or component.
    pub unresolved: Vec<Need>,
    /// Needs on the platform's own solutions, which the target must have.
    pub platform: Vec<Need>,
    /// Solutions of the set that the target has as they are, so that they are not imported again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unchanged: Vec<SolutionIdentity>,
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
    /// The solutions that come before it because of what the packages show, and why.
    pub after: Vec<Predecessor>,
    /// The policy that holds it back, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyReason>,
}

/// Solutions with credentials, and the solutions that wait for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Unique names of the solutions that come first.
    pub before: Vec<String>,
    /// Unique names of the solutions that wait.
    pub after: Vec<String>,
}

/// Why a policy holds for one solution.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyReason {
    /// Index in [`Plan::policies`].
    pub policy: usize,
    /// One sentence: what may sign in, and how that is known.
    pub words: String,
    /// The component that may sign in with a credential.
    pub component: ComponentKey,
    /// Where that shows.
    pub place: Place,
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
    /// How it is known, the strongest first.
    pub evidence: Vec<Evidence>,
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
    /// The version that the target is said to have, where it is too low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_version: Option<Version>,
    /// For a platform solution: whether every environment has it (`base`) or only those with the app (`app`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformClass>,
    /// The components, each with who needs it.
    pub components: Vec<NeededPart>,
    /// Unique names of the solutions that need it.
    pub needed_by: Vec<String>,
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

/// Orders the solutions. The order of `solutions` does not matter.
pub fn plan(solutions: &[Solution], options: &Options) -> Plan {
    let mut findings: Vec<Finding> = Vec::new();
    let chosen = choose(solutions, options, &mut findings);
    let holdings = Holdings::new(&chosen);

    let mut drawn = edges::draw(&chosen, &holdings, options);
    let settled = stated::add(&chosen, &holdings, options, &mut drawn);
    let cycles = drawn.edges.graph.cycles();
    let policy = policy::apply(&chosen, &drawn.edges, &settled, &mut findings);

    let mut ranks: Vec<(u8, String)> = chosen.iter().map(|solution| rank(solution)).collect();
    ranks.resize(policy.graph.len(), (0, String::new()));
    let order = policy.graph.order(&ranks, &cycles);

    let mut cycle_of: Vec<Option<usize>> = vec![None; chosen.len()];
    for (at, cycle) in cycles.iter().enumerate() {
        cycle.iter().for_each(|&node| cycle_of[node] = Some(at));
    }
    let mut after = predecessors(&chosen, &drawn.edges);
    let steps = order
        .into_iter()
        .filter(|&node| node < chosen.len())
        .enumerate()
        .map(|(index, node)| Step {
            number: index + 1,
            solution: chosen[node].identity(),
            contents: words::contents(chosen[node]),
            cycle: cycle_of[node],
            after: std::mem::take(&mut after[node]),
            policy: policy.reasons[node].clone(),
        })
        .collect();

    let cycles: Vec<Cycle> =
        cycles.iter().map(|group| cycles::explain(&chosen, &holdings, &drawn.edges, group)).collect();
    findings.extend(cycles.iter().map(cycles::finding));
    findings.extend(drawn.findings);
    let (unresolved, platform) = drawn.needs.finish();
    findings.extend(needs::findings(unresolved.iter().chain(&platform)));
    findings.extend(managed_on_unmanaged(&chosen, &drawn.edges));
    for solution in &chosen {
        findings.extend(solution.findings.iter().cloned());
        findings.extend(unknown_credentials(solution, &settled));
        findings.extend(unresolved_expressions(solution));
    }
    sort_findings(&mut findings);
    Plan { steps, cycles, policies: policy.policies, unresolved, platform, unchanged: Vec::new(), findings }
}

/// Where there is a choice: credential solutions, variable solutions, connectors, desktop flows, cloud flows, the rest;
/// then unique name.
fn rank(solution: &Solution) -> (u8, String) {
    let kind = |component: &crate::model::Component| match (&component.details, component.key.kind.as_str()) {
        (Details::Credential(_), _) => 0,
        (Details::EnvironmentVariable(_), _) => 1,
        (_, "connector") => 2,
        (Details::DesktopFlow(_), _) => 3,
        (Details::CloudFlow(_), _) => 4,
        _ => 5,
    };
    let first = solution.components.iter().map(kind).min().unwrap_or(5);
    (first, solution.manifest.unique_name.to_lowercase())
}

fn predecessors(chosen: &[&Solution], edges: &Edges) -> Vec<Vec<Predecessor>> {
    let mut after: Vec<BTreeMap<String, Predecessor>> = vec![BTreeMap::new(); chosen.len()];
    for (&(before, node), reasons) in &edges.reasons {
        let name = chosen[before].manifest.unique_name.clone();
        after[node].insert(
            name.to_lowercase(),
            Predecessor { solution: name, reasons: reasons.iter().cloned().collect() },
        );
    }
    after.into_iter().map(|predecessors| predecessors.into_values().collect()).collect()
}

fn finding(code: Code, severity: Severity, solution: &Solution, message: String) -> Finding {
    Finding::new(code, severity, &solution.manifest.unique_name, message)
}

fn managed_on_unmanaged(chosen: &[&Solution], edges: &Edges) -> Vec<Finding> {
    let pairs = edges
        .reasons
        .iter()
        .filter(|((before, after), _)| chosen[*after].manifest.managed && !chosen[*before].manifest.managed);
    pairs
        .map(|(&(before, after), reasons)| {
            let needed = &chosen[before].manifest.unique_name;
            let first = reasons.first();
            Finding {
                component: first.and_then(|reason| reason.to.clone()),
                subject: Some(needed.clone()),
                place: first.and_then(|reason| reason.place.clone()),
                help: Some(format!("export {needed} as managed, or plan it with its managed package")),
                ..finding(
                    codes::MANAGED_NEEDS_UNMANAGED,
                    Severity::Error,
                    chosen[after],
                    format!("the managed solution needs {needed}, which is unmanaged here"),
                )
            }
        })
        .collect()
}

/// Desktop flows that sign in with a credential of which neither a package nor the user says which one it is.
fn unknown_credentials(solution: &Solution, settled: &stated::Settled) -> Vec<Finding> {
    let flows = solution.components.iter().filter(|component| {
        matches!(&component.details, Details::DesktopFlow(flow) if flow.uses_credentials)
            && !component.uses.iter().any(|used| used.relation == Relation::DesktopFlowCredential)
            && !settled.holds(component)
    });
    flows
        .map(|flow| Finding {
            component: Some(flow.key.clone()),
            place: Some(flow.place.clone()),
            help: Some("say it in solship.toml: [[signs-in]] with desktop-flow and credential".to_owned()),
            ..finding(
                codes::CREDENTIAL_USE_UNKNOWN,
                Severity::Note,
                solution,
                format!(
                    "{} uses credential actions, and no package tells which credential",
                    flow.described()
                ),
            )
        })
        .collect()
}

fn unresolved_expressions(solution: &Solution) -> Vec<Finding> {
    let uses = solution
        .components
        .iter()
        .flat_map(|component| component.uses.iter().map(move |used| (component, used)));
    uses.filter(|(_, used)| matches!(used.target, Target::Expression(_)))
        .map(|(component, used)| Finding {
            component: Some(component.key.clone()),
            place: Some(used.place.clone()),
            ..finding(
                codes::UNRESOLVED_REFERENCE,
                Severity::Note,
                solution,
                format!(
                    "{} {} something that an expression names at run time; no order can be read from it",
                    component.described(),
                    used.relation.words()
                ),
            )
        })
        .collect()
}
