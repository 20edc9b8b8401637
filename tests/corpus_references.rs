//! What the readers find in real archives, against the counts of an independent reader: references by kind
//! (`references.tsv`) and components by kind (`index.tsv`).

mod support;

use std::collections::{BTreeMap, BTreeSet};

use solship::model::{ComponentType, Details, ProcessCategory, Relation, Solution, Target, VariableType};
use support::corpus::{solutions, table};

/// Kinds of references that are compared; the names are those of [`Relation::name`], and `declared`.
const KINDS: &[&str] = &[
    "declared",
    "flow-connectionreference",
    "flow-envvar",
    "flow-childflow",
    "flow-desktopflow",
    "flow-connector",
    "desktopflow-childflow",
    "desktopflow-connectionreference",
    "desktopflow-workqueue",
    "desktopflow-binary",
    "desktopflow-envvar",
    "desktopflow-credential",
    "binary-workflow",
    "envvar-parent",
    "envvar-connectionreference",
    "connectionreference-connector",
    "credential-username",
    "credential-password",
    "credential-certificate",
    "credential-connectionreference",
    "credential-defaultcredential",
];

/// A count that differs, and why: end of the path, kind, theirs, ours, reason.
type Explained = (&'static str, &'static str, usize, usize, &'static str);

/// References. (None: both readers agree.)
const EXPLAINED: &[Explained] = &[];

/// Variables in customizations.xml and in `environment_variable_values.json`: counted apart by the other reader, and only
/// the definitions (`envvar_inline`).
const FIRST_GENERATION: &str = "variables of the first generation";

/// The value file has a row without a value: the other reader counts rows, we count values.
const ROW_WITHOUT_VALUE: &str = "rows without a value";

/// Components.
const EXPLAINED_COMPONENTS: &[Explained] = &[
    ("PowerPlatformGitHubALM_1_0_0_63_managed.zip", "envvar_string", 0, 8, FIRST_GENERATION),
    ("PowerPlatformGitHubALM_1_0_0_63_managed.zip", "envvar_boolean", 0, 1, FIRST_GENERATION),
    ("PowerPlatformGitHubALM_1_0_0_63_managed.zip", "envvar_values", 0, 9, FIRST_GENERATION),
    ("PowerPlatformGitHubALM_1_0_0_72_managed.zip", "envvar_string", 0, 8, FIRST_GENERATION),
    ("PowerPlatformGitHubALM_1_0_0_72_managed.zip", "envvar_boolean", 0, 1, FIRST_GENERATION),
    ("PowerPlatformGitHubALM_1_0_0_72_managed.zip", "envvar_values", 0, 9, FIRST_GENERATION),
    ("CenterofExcellenceAuditComponents_1_5_managed.zip", "envvar_string", 0, 5, FIRST_GENERATION),
    ("CenterofExcellenceAuditComponents_1_5_managed.zip", "envvar_boolean", 0, 1, FIRST_GENERATION),
    ("CenterofExcellenceNurtureComponents_1_5_managed.zip", "envvar_string", 0, 2, FIRST_GENERATION),
    ("PowerPlatformAdmin_1_1_0_0_managed_(2).zip", "envvar_string", 0, 1, FIRST_GENERATION),
    ("UseronbaordingAgent_1_0_0_14_managed.zip", "envvar_values", 2, 0, ROW_WITHOUT_VALUE),
    ("ReturnToSchoolSetupFlows_1_0_0_5_managed.zip", "envvar_values", 1, 0, ROW_WITHOUT_VALUE),
    ("LiveAvatar_1_0_0_1.zip", "envvar_values", 4, 1, ROW_WITHOUT_VALUE),
];

/// A column of `index.tsv`, or a sum of columns, and how the model counts the same.
type Column = (&'static str, fn(&Solution) -> usize);

const COLUMNS: &[Column] = &[
    ("root_components", |solution| solution.manifest.root_components.len()),
    ("missing_deps", |solution| solution.manifest.missing_dependencies.len()),
    ("wf_total", |solution| of_type(solution, &ComponentType::WORKFLOW)),
    ("wf_cat0_workflow", |solution| processes(solution, ProcessCategory::Workflow)),
    ("wf_cat1_dialog", |solution| processes(solution, ProcessCategory::Dialog)),
    ("wf_cat2_businessrule", |solution| processes(solution, ProcessCategory::BusinessRule)),
    ("wf_cat3_action", |solution| processes(solution, ProcessCategory::Action)),
    ("wf_cat4_bpf", |solution| processes(solution, ProcessCategory::BusinessProcessFlow)),
    ("wf_cat5_cloudflow", |solution| count(solution, |details| matches!(details, Details::CloudFlow(_)))),
    ("wf_cat6_desktopflow", |solution| count(solution, |details| matches!(details, Details::DesktopFlow(_)))),
    ("envvar_defs+envvar_inline", |solution| of_type(solution, &ComponentType::ENVIRONMENT_VARIABLE)),
    ("envvar_string", |solution| variables(solution, VariableType::Text)),
    ("envvar_number", |solution| variables(solution, VariableType::Number)),
    ("envvar_boolean", |solution| variables(solution, VariableType::Boolean)),
    ("envvar_json", |solution| variables(solution, VariableType::Json)),
    ("envvar_datasource", |solution| variables(solution, VariableType::DataSource)),
    ("envvar_secret", |solution| variables(solution, VariableType::Secret)),
    ("envvar_values", |solution| {
        let of = |details: &Details| matches!(details, Details::EnvironmentVariable(v) if v.value.is_some());
        count(solution, of) + of_type(solution, &ComponentType::ENVIRONMENT_VARIABLE_VALUE)
    }),
    ("connection_refs", |solution| of_type(solution, &ComponentType::CONNECTION_REFERENCE)),
    ("connrefs_uiflow", |solution| {
        let of = |details: &Details| matches!(details, Details::ConnectionReference(r) if r.is_for_desktop_flows());
        count(solution, of)
    }),
    ("credentials", |solution| of_type(solution, &ComponentType::CREDENTIAL)),
    ("workqueues", |solution| of_type(solution, &ComponentType::WORK_QUEUE)),
    ("desktopflow_binaries", |solution| of_type(solution, &ComponentType::DESKTOP_FLOW_BINARY)),
    ("connectors", |solution| of_type(solution, &ComponentType::CONNECTOR)),
];

fn of_type(solution: &Solution, kind: &ComponentType) -> usize {
    solution.components.iter().filter(|component| component.key.kind == *kind).count()
}

fn count(solution: &Solution, wanted: impl Fn(&Details) -> bool) -> usize {
    solution.components.iter().filter(|component| wanted(&component.details)).count()
}

fn processes(solution: &Solution, category: ProcessCategory) -> usize {
    count(solution, |details| matches!(details, Details::Process(process) if process.category == category))
}

fn variables(solution: &Solution, kind: VariableType) -> usize {
    count(
        solution,
        |details| matches!(details, Details::EnvironmentVariable(variable) if variable.kind == kind),
    )
}

/// References of one solution by kind: one for each distinct target and place.
fn counts(solution: &Solution) -> BTreeMap<&'static str, usize> {
    let mut distinct: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for component in &solution.components {
        for used in &component.uses {
            let target = match &used.target {
                Target::Component(key) => format!("{} {}", key.kind, key.folded()),
                Target::Expression(_) => "?".to_owned(),
            };
            let from = component.key.folded();
            let one = format!("{from} {target} {} {:?}", used.place, used.place.pointer);
            distinct.entry(used.relation.name()).or_default().insert(one);
        }
    }
    let mut counts: BTreeMap<_, _> = distinct.into_iter().map(|(kind, all)| (kind, all.len())).collect();
    counts.insert("declared", solution.manifest.missing_dependencies.len());
    counts
}

/// Lines of what differs without a reason, and of reasons for what does not differ.
fn differences(found: Vec<(String, String, usize, usize)>, explained: &[Explained]) -> Vec<String> {
    let mut open: BTreeSet<_> =
        explained.iter().map(|(path, kind, theirs, ours, _)| (*path, *kind, *theirs, *ours)).collect();
    let mut lines = Vec::new();
    for (path, kind, theirs, ours) in found.iter().filter(|(_, _, theirs, ours)| theirs != ours) {
        let reason = explained.iter().find(|(end, of, their, our, _)| {
            path.ends_with(end) && of == kind && their == theirs && our == ours
        });
        match reason {
            Some((end, of, their, our, _)) => {
                open.remove(&(*end, *of, *their, *our));
            }
            None => lines.push(format!("{path}: {kind}: theirs {theirs}, ours {ours}")),
        }
    }
    lines.extend(open.iter().map(|row| format!("explained, but does not differ so: {row:?}")));
    lines
}

#[test]
fn references_are_those_of_the_independent_reader() {
    let Some(corpus) = support::shared("corpus") else { return };
    for kind in KINDS.iter().filter(|kind| **kind != "declared") {
        assert!(Relation::ALL.iter().any(|relation| relation.name() == *kind), "{kind} is no relation");
    }
    let mut theirs: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in table(&corpus.join("references.tsv")) {
        theirs.insert((row["path"].clone(), row["kind"].clone()), row["references"].parse().unwrap());
    }
    let mut found = Vec::new();
    for (row, solution) in solutions(&corpus) {
        let ours = counts(&solution);
        for kind in KINDS {
            let path = row["path"].clone();
            let expected = theirs.get(&(path.clone(), (*kind).to_owned())).copied().unwrap_or(0);
            found.push((path, (*kind).to_owned(), expected, ours.get(kind).copied().unwrap_or(0)));
        }
    }
    let total: usize = found.iter().map(|(_, _, _, ours)| ours).sum();
    println!("{total} references of {} kinds compared", KINDS.len());
    assert!(total > 10_000, "only {total} references compared");
    let lines = differences(found, EXPLAINED);
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn components_are_those_of_the_independent_reader() {
    let Some(corpus) = support::shared("corpus") else { return };
    let mut found = Vec::new();
    for (row, solution) in solutions(&corpus) {
        for (column, ours) in COLUMNS {
            let theirs = column.split('+').map(|column| row[column].parse().unwrap_or(0)).sum();
            found.push((row["path"].clone(), (*column).to_owned(), theirs, ours(&solution)));
        }
        assert_eq!(row["unique_name"], solution.manifest.unique_name, "{}", row["path"]);
        assert_eq!(row["publisher"], solution.manifest.publisher.unique_name, "{}", row["path"]);
        assert_eq!(row["managed"] == "1", solution.manifest.managed, "{}", row["path"]);
    }
    let lines = differences(found, EXPLAINED_COMPONENTS);
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}
