//! The order rule on solutions made by hand: each clause once, and the laws that hold for every set.

mod support;

use proptest::prelude::*;
use solship::graph::Evidence;
use solship::model::Provided;
use solship::model::{ComponentKey, ComponentType, Relation, Severity, Solution, Version};
use solship::plan::{Options, Plan, plan, plan as plan_with};
use support::made::{Made, flow_key, variable_key};

fn planned(solutions: Vec<Solution>) -> Plan {
    plan(&solutions, &Options::default())
}

fn order(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.solution.unique_name.as_str()).collect()
}

fn codes(plan: &Plan) -> Vec<(&str, Severity)> {
    plan.findings.iter().map(|finding| (finding.code.id, finding.severity)).collect()
}

fn reads(name: &str) -> (Relation, ComponentKey) {
    (Relation::FlowVariable, variable_key(name))
}

#[test]
fn an_observed_reference_orders_and_an_undeclared_one_is_noted() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0").flow(1, &[reads("mak_Limit")]).done(),
        Made::new("Beta", "1.0").variable("mak_Limit").done(),
    ]);
    assert_eq!(order(&plan), ["Beta", "Alpha"]);
    let reason = &plan.steps[1].after[0].reasons[0];
    assert_eq!(reason.evidence, [Evidence::Observed]);
    assert_eq!(reason.words, "cloud flow \"Flow 1\" reads variable mak_Limit");
    assert_eq!(codes(&plan), [("DEP002", Severity::Note)]);
}

#[test]
fn observed_and_declared_are_one_reason_with_both_kinds_of_evidence() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0")
            .flow(1, &[reads("mak_Limit")])
            .missing(flow_key(1), variable_key("mak_limit"), Some(("beta", "1.0")))
            .done(),
        Made::new("Beta", "1.0").variable("mak_Limit").done(),
    ]);
    let reasons = &plan.steps[1].after[0].reasons;
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0].evidence, [Evidence::Observed, Evidence::Declared]);
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
}

#[test]
fn a_named_provider_orders_even_when_its_version_is_too_low_or_the_component_is_not_in_it() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0")
            .flow(1, &[])
            .missing(flow_key(1), variable_key("mak_Limit"), Some(("Beta", "1.2")))
            .done(),
        Made::new("Beta", "1.1").done(),
    ]);
    assert_eq!(order(&plan), ["Beta", "Alpha"]);
    assert_eq!(codes(&plan), [("DEP003", Severity::Error), ("ORD005", Severity::Error)]);
    let message = &plan.findings[0].message;
    assert!(
        message.starts_with("cloud flow ") && message.contains(" needs variable mak_Limit of Beta; Beta 1.1"),
        "{message}"
    );
}

#[test]
fn a_version_that_is_too_low_is_one_finding_for_the_highest_that_is_asked_for() {
    let beta = ["1.2", "1.4", "1.3"].map(|version| Some(("Beta", version)));
    let plan = planned(vec![
        Made::new("Alpha", "1.0")
            .flow(1, &[])
            .missing(flow_key(1), variable_key("mak_A"), beta[0])
            .missing(flow_key(1), variable_key("mak_B"), beta[1])
            .missing(flow_key(1), variable_key("mak_C"), beta[2])
            .done(),
        Made::new("Beta", "1.1").variable("mak_A").variable("mak_B").variable("mak_C").done(),
    ]);
    assert_eq!(codes(&plan), [("ORD005", Severity::Error)]);
    assert_eq!(plan.findings[0].message, "Alpha needs Beta 1.4 or later; the set has 1.1");
}

#[test]
fn a_held_platform_table_is_not_brought() {
    let table = |name: &str| ComponentKey::new(ComponentType::TABLE, name);
    let plan = planned(vec![
        Made::new("Alpha", "1.0").flow(1, &[(Relation::StepTable, table("account"))]).done(),
        Made::new("Beta", "1.0").component(table("account"), "Account", Default::default(), vec![]).done(),
        Made::new("Gamma", "1.0").component(table("mak_robot"), "Robot", Default::default(), vec![]).done(),
        Made::new("Delta", "1.0").flow(2, &[(Relation::StepTable, table("MAK_Robot"))]).done(),
    ]);
    assert!(plan.steps.iter().all(|step| step.solution.unique_name == "Delta" || step.after.is_empty()));
    let delta =
        plan.steps.iter().find(|step| step.solution.unique_name == "Delta").expect("it is in the set");
    assert_eq!(delta.after[0].solution, "Gamma");
}

#[test]
fn credentials_come_before_what_may_sign_in_and_two_that_hold_both_are_free() {
    let plan = planned(vec![
        Made::new("Flows", "1.0").robot_flow(1).done(),
        Made::new("Both1", "1.0").credential(2, "Robot 1").robot_flow(3).done(),
        Made::new("Both2", "1.0").credential(4, "Robot 2").robot_flow(5).done(),
        Made::new("Zed", "1.0").credential(6, "Robot 3").done(),
        Made::new("Connections", "1.0").connection_reference("mak_desktop", "shared_uiflow").done(),
        Made::new("Mail", "1.0").connection_reference("mak_mail", "shared_office365").done(),
    ]);
    assert_eq!(order(&plan), ["Zed", "Both1", "Both2", "Flows", "Connections", "Mail"]);
    let waits: Vec<_> = plan.policies.iter().map(|policy| (&policy.before[..], &policy.after[..])).collect();
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        waits,
        [
            (&texts(&["Both1", "Both2", "Zed"])[..], &texts(&["Connections", "Flows"])[..]),
            (&texts(&["Zed"])[..], &texts(&["Both1", "Both2"])[..]),
        ]
    );
    // Nothing is known of the order between the two: that is said, with what would have to move.
    assert_eq!(codes(&plan), [("ORD016", Severity::Note)]);
    let help = plan.findings[0].help.as_deref().unwrap();
    assert!(help.ends_with("such as credential \"Robot 1\" out of Both1"), "{help}");
}

#[test]
fn a_policy_that_would_close_a_cycle_gives_way_and_is_reported() {
    let plan = planned(vec![
        Made::new("Access", "1.0").credential(1, "Robot").flow(2, &[reads("mak_Region")]).done(),
        Made::new("Robots", "1.0").robot_flow(3).variable("mak_Region").done(),
        Made::new("Others", "1.0").robot_flow(4).done(),
    ]);
    assert!(plan.cycles.is_empty());
    assert_eq!(order(&plan), ["Robots", "Access", "Others"]);
    assert!(codes(&plan).contains(&("ORD010", Severity::Warning)));
    let help =
        plan.findings.iter().find(|finding| finding.code.id == "ORD010").unwrap().help.as_deref().unwrap();
    assert!(help.starts_with("move credential \"Robot\" of Access"), "{help}");
    assert_eq!(plan.policies.len(), 1);
    assert_eq!(plan.policies[0].after, ["Others"]);
}

#[test]
fn an_accepted_policy_counts_for_the_next() {
    // Two pairs would close a circle only together: A1 → F2 (A1 needs nothing), F1 before A2, F2 before A1.
    let plan = planned(vec![
        Made::new("A1", "1.0").credential(1, "One").flow(11, &[reads("mak_f2")]).done(),
        Made::new("A2", "1.0").credential(2, "Two").flow(12, &[reads("mak_f1")]).done(),
        Made::new("F1", "1.0").robot_flow(3).variable("mak_f1").done(),
        Made::new("F2", "1.0").robot_flow(4).variable("mak_f2").done(),
    ]);
    assert!(plan.cycles.is_empty());
    // By name A1 → F1 is taken first; then F2 → A1 → F1 → A2, so nothing else fits.
    assert_eq!(order(&plan), ["F2", "A1", "F1", "A2"]);
    assert_eq!(codes(&plan).iter().filter(|(code, _)| *code == "ORD010").count(), 3);
}

#[test]
fn a_patch_comes_after_its_parent() {
    let plan = planned(vec![
        Made::new("Alpha_Patch_1", "1.0.1").patch_of("Zulu").done(),
        Made::new("Zulu", "1.0.0").done(),
    ]);
    assert_eq!(order(&plan), ["Zulu", "Alpha_Patch_1"]);
    assert_eq!(plan.steps[1].after[0].reasons[0].evidence, [Evidence::Parent]);
}

#[test]
fn a_cycle_is_an_error_with_every_arc_and_a_way_out() {
    let plan = planned(vec![
        Made::new("North", "1.0")
            .flow(1, &[(Relation::FlowChildFlow, flow_key(2))])
            .variable("mak_Region")
            .done(),
        Made::new("South", "1.0").flow(2, &[reads("mak_Region")]).done(),
        Made::new("Island", "1.0").variable("mak_Other").done(),
    ]);
    assert_eq!(plan.cycles.len(), 1);
    let cycle = &plan.cycles[0];
    assert_eq!(cycle.members, ["North", "South"]);
    assert!(cycle.arcs.iter().all(|arc| !arc.reasons.is_empty()));
    assert_eq!(
        cycle.way_out,
        "move variable mak_Region from North to a solution that comes before both, or put North and South together in one solution"
    );
    assert_eq!(plan.steps.len(), 3);
    assert!(codes(&plan).contains(&("ORD003", Severity::Error)));
}

#[test]
fn a_solution_that_names_itself_is_no_cycle() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0")
            .flow(1, &[])
            .missing(flow_key(1), variable_key("mak_X"), Some(("Alpha", "1.0")))
            .done(),
    ]);
    assert!(plan.cycles.is_empty());
    assert_eq!(codes(&plan), [("ORD015", Severity::Warning)]);
    let help = plan.findings[0].help.as_deref().unwrap();
    assert!(help.starts_with("put variable mak_X into Alpha and export it again"), "{help}");
}

#[test]
fn two_cycles_that_do_not_touch_are_two_each_with_its_way_out() {
    let reads = |name: &str| [(Relation::FlowVariable, variable_key(name))];
    let plan = planned(vec![
        Made::new("North", "1.0").variable("mak_n").flow(1, &reads("mak_s")).done(),
        Made::new("South", "1.0").variable("mak_s").flow(2, &reads("mak_n")).done(),
        Made::new("East", "1.0").variable("mak_e").flow(3, &reads("mak_w")).done(),
        Made::new("West", "1.0").variable("mak_w").flow(4, &reads("mak_e")).done(),
    ]);
    let ways: Vec<(&[String], &str)> =
        plan.cycles.iter().map(|cycle| (&cycle.members[..], &*cycle.way_out)).collect();
    let texts = |names: [&str; 2]| names.map(str::to_owned);
    let (first, second) = (texts(["East", "West"]), texts(["North", "South"]));
    assert_eq!(ways.len(), 2);
    for ((members, way_out), expected, variables) in
        [(ways[0], first, ["mak_e", "mak_w"]), (ways[1], second, ["mak_n", "mak_s"])]
    {
        assert_eq!(members, expected);
        assert!(
            variables.iter().any(|name| way_out.starts_with(&format!("move variable {name} from"))),
            "{way_out}"
        );
    }
}

#[test]
fn the_higher_version_counts_and_managed_before_unmanaged() {
    let plan = planned(vec![
        Made::new("Core", "1.9.0.0").done(),
        Made::new("core", "1.10.0.0").done(),
        Made::new("Core", "1.10").managed().done(),
    ]);
    assert_eq!(plan.steps.len(), 1);
    assert!(plan.steps[0].solution.managed);
    assert_eq!(codes(&plan), [("ORD008", Severity::Warning), ("ORD009", Severity::Warning)]);
    let options = Options { prefer_unmanaged: true, ..Options::default() };
    let solutions = [Made::new("Core", "1").managed().done(), Made::new("Core", "1").done()];
    assert!(!plan_with(&solutions, &options).steps[0].solution.managed);
}

#[test]
fn one_name_from_two_publishers_is_an_error() {
    let plan =
        planned(vec![Made::new("Core", "1.0").done(), Made::new("Core", "2.0").publisher("somebody").done()]);
    assert!(codes(&plan).contains(&("ORD012", Severity::Error)));
}

#[test]
fn a_managed_solution_must_not_need_an_unmanaged_one() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0").managed().flow(1, &[reads("mak_Limit")]).done(),
        Made::new("Beta", "1.0").variable("mak_Limit").done(),
    ]);
    assert!(codes(&plan).contains(&("DEP004", Severity::Error)));
}

#[test]
fn a_missing_provider_is_gathered_with_the_lowest_version_that_meets_all_and_provided_silences_it() {
    let solutions = || {
        let needs = |name: &str, version: &str, number: usize| {
            Made::new(name, "1.0")
                .flow(number, &[])
                .missing(flow_key(number), flow_key(900), Some(("Base", version)))
                .done()
        };
        vec![needs("Alpha", "1.9.0.0", 1), needs("Beta", "1.10.0.0", 2)]
    };
    let plan_without = planned(solutions());
    assert_eq!(plan_without.unresolved.len(), 1);
    assert_eq!(plan_without.unresolved[0].lowest_version, Some(Version::new("1.10.0.0")));
    assert_eq!(plan_without.unresolved[0].needed_by, ["Alpha", "Beta"]);
    assert_eq!(codes(&plan_without), [("ORD004", Severity::Error)]);

    let provided = |version: Option<&str>| {
        let version = version.map(Version::new);
        let provided = vec![Provided { unique_name: "BASE".to_owned(), version }];
        plan(&solutions(), &Options { provided, ..Options::default() })
    };
    assert!(provided(None).unresolved.is_empty());
    assert!(provided(Some("1.10")).unresolved.is_empty());
    assert_eq!(provided(Some("1.9")).unresolved[0].needed_by, ["Beta"]);
}

#[test]
fn a_platform_solution_is_a_note_or_a_warning() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0")
            .flow(1, &[])
            .missing(flow_key(1), flow_key(900), Some(("AppModuleWebResources", "2.5")))
            .missing(flow_key(1), flow_key(901), Some(("msdynce_Sales", "9.0")))
            .done(),
    ]);
    assert_eq!(codes(&plan), [("DEP005", Severity::Warning), ("DEP005", Severity::Note)]);
    assert!(plan.unresolved.is_empty());
    assert_eq!(plan.platform.len(), 2);
}

#[test]
fn an_absent_provider_is_replaced_by_a_package_that_brings_the_component() {
    let plan = planned(vec![
        Made::new("Alpha", "1.0")
            .flow(1, &[])
            .missing(flow_key(1), variable_key("mak_Limit"), Some(("OldName", "1.0")))
            .done(),
        Made::new("NewName", "1.0").variable("mak_Limit").done(),
    ]);
    assert_eq!(order(&plan), ["NewName", "Alpha"]);
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
}

#[test]
fn of_several_holders_the_one_that_is_forced_is_taken_then_the_first_that_closes_no_cycle() {
    let plan = planned(vec![
        Made::new("User", "1.0")
            .flow(1, &[reads("mak_Shared"), reads("mak_Only")])
            .variable("mak_Mine")
            .done(),
        // Comes after User itself, so it would close a circle.
        Made::new("Holder1", "1.0").variable("mak_Shared").flow(2, &[reads("mak_Mine")]).done(),
        Made::new("Holder2", "1.0").variable("mak_Shared").done(),
        Made::new("Holder3", "1.0").variable("mak_Shared").variable("mak_Only").done(),
    ]);
    assert!(plan.cycles.is_empty());
    let user = plan.steps.iter().find(|step| step.solution.unique_name == "User").expect("it is in the set");
    let after: Vec<&str> = user.after.iter().map(|before| before.solution.as_str()).collect();
    assert_eq!(after, ["Holder3"]);
    assert!(codes(&plan).contains(&("ORD011", Severity::Note)));

    let plan = planned(vec![
        Made::new("User", "1.0").flow(1, &[reads("mak_Shared")]).variable("mak_Mine").done(),
        Made::new("Holder1", "1.0").variable("mak_Shared").flow(2, &[reads("mak_Mine")]).done(),
        Made::new("Holder2", "1.0").variable("mak_Shared").done(),
    ]);
    assert!(plan.cycles.is_empty());
    assert_eq!(order(&plan), ["Holder2", "User", "Holder1"]);
}

#[test]
fn of_several_holders_the_declared_one_is_taken_without_a_note() {
    let plan = planned(vec![
        Made::new("User", "1.0")
            .flow(1, &[reads("mak_Shared"), reads("mak_Only")])
            .missing(flow_key(1), variable_key("mak_Only"), Some(("Holder1", "1.0")))
            .missing(flow_key(1), variable_key("mak_Shared"), Some(("Holder2", "1.0")))
            .done(),
        Made::new("Holder1", "1.0").variable("mak_Shared").variable("mak_Only").done(),
        Made::new("Holder2", "1.0").variable("mak_Shared").done(),
    ]);
    let user = plan.steps.iter().find(|step| step.solution.unique_name == "User").expect("it is in the set");
    for (before, needed) in user.after.iter().zip(["mak_Only", "mak_Shared"]) {
        assert_eq!(before.reasons.len(), 1, "{}", before.solution);
        assert_eq!(before.reasons[0].evidence, [Evidence::Observed, Evidence::Declared]);
        assert_eq!(before.reasons[0].to, Some(variable_key(needed)));
    }
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
}

#[test]
fn an_undeclared_need_that_nothing_meets_is_dangling() {
    let plan = planned(vec![Made::new("Alpha", "1.0").flow(1, &[reads("mak_Nowhere")]).done()]);
    assert_eq!(codes(&plan), [("DEP001", Severity::Error)]);
    assert_eq!(plan.unresolved.len(), 1);
    assert!(!plan.unresolved[0].components[0].declared);
}

/// A set of solutions with known edges: solution `after` reads a variable that only `before` has.
fn chain_of(edges: &[(usize, usize)], count: usize) -> Vec<Solution> {
    (0..count)
        .map(|node| {
            let mut made = Made::new(&format!("S{node:03}"), "1.0").variable(&format!("mak_v{node}"));
            for (at, (before, _)) in edges.iter().filter(|(_, after)| *after == node).enumerate() {
                made = made.flow(node * 1000 + at, &[reads(&format!("mak_v{before}"))]);
            }
            made.done()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any acyclic graph, under any names: the plan is a linear extension of it.
    #[test]
    fn the_plan_is_a_linear_extension(
        count in 2usize..40,
        seed in proptest::collection::vec((0usize..40, 0usize..40), 0..120),
        names in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let place = |node: usize| names.iter().position(|&name| name == node).expect("a permutation");
        let edges: Vec<(usize, usize)> = seed
            .into_iter()
            .filter(|(one, other)| one != other && *one < count && *other < count)
            .map(|(one, other)| if place(one) < place(other) { (one, other) } else { (other, one) })
            .collect();
        let plan = planned(chain_of(&edges, count));
        prop_assert!(plan.cycles.is_empty());
        let order = order(&plan);
        prop_assert_eq!(order.len(), count);
        let at = |node: usize| order.iter().position(|name| *name == format!("S{node:03}")).expect("in the plan");
        for (before, after) in edges {
            prop_assert!(at(before) < at(after));
        }
    }

    /// Any graph, cycles too: every solution once, and the same bytes for any order of the arguments.
    #[test]
    fn the_order_of_the_arguments_does_not_matter(
        edges in proptest::collection::vec((0usize..12, 0usize..12), 0..30),
        shuffled in Just((0..12usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let json = |order: &[usize]| {
            let mut solutions: Vec<Option<Solution>> = chain_of(&edges, 12).into_iter().map(Some).collect();
            let solutions = order.iter().map(|&at| solutions[at].take().expect("each once")).collect();
            let plan = planned(solutions);
            assert_eq!(plan.steps.len(), 12);
            serde_json::to_string(&plan).expect("a plan serialises")
        };
        prop_assert_eq!(json(&(0..12).collect::<Vec<_>>()), json(&shuffled));
    }
}
