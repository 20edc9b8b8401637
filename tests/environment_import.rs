//! Every rule of an import once, and what an import, an upgrade and an uninstallation do to layers, values and flows.

mod support;

use solship::environment::import::{
    ImportOptions, Incoming, Mode, Origin, Outcome, Refusal, effective_value, import, promote, refusals,
    settle_flows, uninstall,
};
use solship::environment::{InstalledSolution, State, Value, contradiction, provide};
use solship::model::{
    Component, ComponentKey, ComponentType, Details, ProcessCategory, Relation, Solution, VariableType,
    Version,
};
use support::made::{Made, credential_key, flow_key, reference_key, used, variable_key};

fn incoming(solution: &Solution) -> Incoming {
    Incoming::new(solution, &|_| None, None)
}

fn mode(mode: Mode) -> ImportOptions {
    ImportOptions { mode, ..ImportOptions::default() }
}

fn try_in(state: &mut State, solution: Solution, options: &ImportOptions) -> Result<Outcome, Vec<Refusal>> {
    let incoming = incoming(&solution);
    let told = refusals(state, &incoming, options);
    let result = import(state, &incoming, options);
    assert_eq!(result.as_ref().err().map_or(&[][..], Vec::as_slice), told);
    result
}

/// Imports what must go in.
fn put(state: &mut State, solution: Solution) -> Outcome {
    let name = solution.manifest.unique_name.clone();
    try_in(state, solution, &ImportOptions::default()).unwrap_or_else(|broken| panic!("{name}: {broken:?}"))
}

fn state_of(solutions: Vec<Solution>) -> State {
    let mut state = State::default();
    for solution in solutions {
        put(&mut state, solution);
    }
    state
}

fn provide(state: &mut State, name: &str, version: &str) {
    let solution = InstalledSolution {
        unique_name: name.to_owned(),
        version: Version::new(version),
        managed: true,
        provided: true,
        sequence: state.solutions().len() as u64 + 1,
        ..InstalledSolution::default()
    };
    state.set_solution(name, Some(solution));
}

/// Rule and code of each.
fn codes(refusals: &[Refusal]) -> Vec<String> {
    let code = |refusal: &Refusal| match refusal.error {
        Some(error) => format!("{} {}", refusal.rule, error.code),
        None => refusal.rule.to_owned(),
    };
    refusals.iter().map(code).collect()
}

/// What is refused when the last of them comes after the others.
fn refused(state: State, solution: Solution, how: Mode) -> Vec<String> {
    let mut state = state;
    state.take_touched();
    let answer = try_in(&mut state, solution, &mode(how));
    let codes = answer.as_ref().err().map_or_else(Vec::new, |refusals| codes(refusals));
    assert!(codes.is_empty() || state.take_touched().is_empty(), "a refused import touched something");
    codes
}

fn names(keys: &[ComponentKey]) -> Vec<&str> {
    keys.iter().map(|key| &*key.key).collect()
}

/// The solutions with a layer, from the bottom up; `-` is the unmanaged one.
fn layers(state: &State, key: &ComponentKey) -> Vec<String> {
    let Some(layers) = state.components().get(key) else { return Vec::new() };
    let managed = layers.managed.iter().map(|layer| layer.solution.clone());
    managed.chain(layers.unmanaged.iter().map(|_| "-".to_owned())).collect()
}

fn base(version: &str) -> Made {
    Made::new("Base", version).managed()
}

fn reads(name: &str) -> (Relation, ComponentKey) {
    (Relation::FlowVariable, variable_key(name))
}

fn uses(name: &str) -> (Relation, ComponentKey) {
    (Relation::FlowConnectionReference, reference_key(name))
}

fn calls(number: usize) -> (Relation, ComponentKey) {
    (Relation::FlowChildFlow, flow_key(number))
}

fn with_value(mut solution: Solution, edit: impl FnOnce(&mut Component)) -> Solution {
    edit(solution.components.last_mut().expect("a component"));
    solution
}

#[test]
fn every_rule_of_the_manifest() {
    let there = || state_of(vec![base("1.1").done()]);
    let unmanaged = || state_of(vec![Made::new("Base", "1.1").done()]);
    let patch = |version: &str| Made::new("Fix", version).managed().patch_of("base");
    let patched = || state_of(vec![base("1.1").done(), patch("1.1.1").done()]);
    let up = Mode::Usual;
    for (what, state, solution, how, expected) in [
        (
            "a layer",
            State::default(),
            Made::new("active", "1").done(),
            up,
            &["system-solution 0x80048046"][..],
        ),
        (
            "managed default",
            State::default(),
            Made::new("Default", "1").managed().done(),
            up,
            &["system-solution 0x80048049"],
        ),
        ("default", State::default(), Made::new("Default", "1").done(), up, &[]),
        ("publisher", there(), base("2").publisher("Other").done(), up, &["publisher-changed 0x8004801C"]),
        ("publisher in other letters", there(), base("2").publisher("MAKER").done(), up, &[]),
        ("managed over unmanaged", unmanaged(), base("2").done(), up, &["managed-mismatch 0x80048040"]),
        (
            "unmanaged over managed",
            there(),
            Made::new("base", "2").done(),
            up,
            &["managed-mismatch 0x80048041"],
        ),
        ("lower", there(), base("1.0").done(), Mode::Update, &["lower-version"]),
        ("the same as upgrade", there(), base("1.1.0").done(), up, &["lower-version"]),
        ("the same staged", there(), base("1.1.0").done(), Mode::Stage, &["lower-version"]),
        ("the same as update", there(), base("1.1.0").done(), Mode::Update, &[]),
        ("the same unmanaged", unmanaged(), Made::new("Base", "1.1").done(), up, &[]),
        ("lower unmanaged", unmanaged(), Made::new("Base", "1.0.9").done(), up, &["lower-version"]),
        ("a patch", there(), patch("1.1.1").done(), up, &[]),
        ("a patch alone", State::default(), patch("1.1.1").done(), up, &["patch-parent 0x80048034"]),
        ("another minor", there(), patch("1.2").done(), up, &["patch-parent 0x80048539"]),
        ("no higher build", there(), patch("1.1").done(), up, &["patch-parent 0x80048539"]),
        (
            "unmanaged patch",
            there(),
            Made::new("Fix", "1.1.1").patch_of("Base").done(),
            up,
            &["patch-parent"],
        ),
        (
            "patch of a patch",
            patched(),
            Made::new("Fix2", "1.1.2").managed().patch_of("Fix").done(),
            up,
            &["patch-parent"],
        ),
        ("no patch any more", patched(), Made::new("Fix", "1.1.2").managed().done(), up, &["patch-parent"]),
        ("newer patch", patched(), patch("1.1.2").done(), up, &[]),
        ("locked", patched(), base("1.2").done(), Mode::Update, &["parent-locked"]),
        ("rolled up", patched(), base("1.2").done(), up, &[]),
        ("staged patch", patched(), patch("1.1.2").done(), Mode::Stage, &["import-mode"]),
        ("upgraded patch", patched(), patch("1.1.2").done(), Mode::Upgrade, &["import-mode"]),
        ("upgraded unmanaged", unmanaged(), Made::new("Base", "2").done(), Mode::Upgrade, &["import-mode"]),
        ("upgraded and new", State::default(), Made::new("Base", "2").done(), Mode::Upgrade, &[]),
        ("staged unmanaged", unmanaged(), Made::new("Base", "2").done(), Mode::Stage, &["import-mode"]),
        ("staged and new", State::default(), base("1").done(), Mode::Stage, &[]),
    ] {
        assert_eq!(refused(state, solution, how), expected, "{what}");
    }
}

#[test]
fn nothing_goes_over_a_staged_upgrade() {
    let mut state = state_of(vec![base("1").done()]);
    try_in(&mut state, base("2").done(), &mode(Mode::Stage)).expect("staged");
    for (solution, how) in [
        (base("3").done(), Mode::Usual),
        (base("3").done(), Mode::Stage),
        (Made::new("BASE_UPGRADE", "3").managed().done(), Mode::Usual),
    ] {
        assert_eq!(refused(state.clone(), solution, how), ["staged-upgrade"]);
    }
}

#[test]
fn every_way_in_which_a_declared_need_is_met_or_not() {
    let limit = || variable_key("mak_Limit");
    let needs =
        |provider| Made::new("Top", "1").managed().flow(1, &[]).missing(flow_key(1), limit(), provider);
    let asks = |version| needs(Some(("base", version))).done();
    let has = || state_of(vec![base("1.1").variable("mak_Limit").done()]);
    let lacks = || state_of(vec![base("1.1").done()]);
    let elsewhere = || state_of(vec![Made::new("Other", "1").managed().variable("mak_limit").done()]);
    let loose = || state_of(vec![Made::new("Dev", "1").variable("mak_Limit").done()]);
    let unmanaged = || state_of(vec![Made::new("Base", "1.1").variable("mak_Limit").done()]);
    let provided = |version: &str| {
        let mut state = State::default();
        provide(&mut state, "Base", version);
        state
    };
    let table = || ComponentKey::new(ComponentType::TABLE, "mak_machine");
    let not_read = || Made::new("Top", "1").missing(flow_key(1), table(), Some(("Base", "1"))).done();
    let owner = ComponentKey::new(ComponentType::COLUMN, "mak_machine.ownerid");
    let none = State::default;
    for (what, state, solution, expected) in [
        ("there", has(), asks("1.1"), &[][..]),
        ("too low", has(), asks("1.2"), &["solution-not-installed 0x80048034"]),
        ("not there", none(), asks("1.1"), &["solution-not-installed 0x80048034"]),
        ("another has it", elsewhere(), asks("1.1"), &[]),
        ("provider lacks it", lacks(), asks("1.1"), &["missing-dependency 0x8004801D"]),
        ("said to be there", provided("1.1"), asks("1.1"), &[]),
        ("said to be there, lower", provided("1.0"), asks("1.1"), &["solution-not-installed 0x80048034"]),
        ("not read in full", lacks(), not_read(), &[]),
        ("in the package", none(), needs(Some(("Base", "1"))).variable("mak_Limit").done(), &[]),
        ("of the platform", none(), needs(Some(("msdyn_AISolution", "9"))).done(), &[]),
        (
            "of an app",
            none(),
            needs(Some(("msdynce_Sales", "9"))).done(),
            &["solution-not-installed 0x80048034"],
        ),
        ("no provider", none(), needs(None).done(), &["missing-dependency 0x8004801D"]),
        ("no provider, there", has(), needs(None).done(), &[]),
        (
            "active",
            none(),
            Made::new("Top", "1").missing_active(flow_key(1), limit()).done(),
            &["missing-dependency 0x8004801D"],
        ),
        (
            "active, platform's column",
            none(),
            Made::new("Top", "1").missing_active(flow_key(1), owner).done(),
            &[],
        ),
        ("itself", none(), needs(Some(("Top", "1"))).done(), &["missing-dependency 0x8004801D"]),
        ("unmanaged layer", loose(), needs(None).done(), &["managed-needs-unmanaged 0x8004801D"]),
        ("unmanaged provider", unmanaged(), asks("1.1"), &["managed-needs-unmanaged 0x8004801D"]),
        (
            "unmanaged for unmanaged",
            loose(),
            Made::new("Top", "1").missing_active(flow_key(1), limit()).done(),
            &[],
        ),
    ] {
        assert_eq!(refused(state, solution, Mode::Usual), expected, "{what}");
    }
}

#[test]
fn a_provider_is_told_once_with_the_highest_version() {
    let top = Made::new("Top", "1")
        .missing(flow_key(1), variable_key("mak_A"), Some(("Base", "1.1")))
        .missing(flow_key(1), variable_key("mak_B"), Some(("BASE", "1.2")));
    let broken = try_in(&mut State::default(), top.done(), &ImportOptions::default()).unwrap_err();
    let words: Vec<&str> = broken.iter().map(|refusal| &*refusal.words).collect();
    assert_eq!(
        words,
        [format!(
            "BASE 1.2 or later is required and it is not installed: process {} needs variable mak_B",
            flow_key(1).key
        )]
    );
    assert_eq!(broken[0].place.as_ref().map(|place| place.line), Some(41));
}

#[test]
fn every_rule_of_the_components() {
    let root = |code, key| Made::new("Top", "1").root(code, key, 0).done();
    let table = |name: &str| ComponentKey::new(ComponentType::TABLE, name);
    let connector = ComponentKey::new(ComponentType::CONNECTOR, "shared_mak-5fpay");
    let custom = || {
        let made = Made::new("Top", "1").connection_reference("mak_Pay", "shared_mak-5fpay").done();
        let uses = vec![used(Relation::ConnectionReferenceConnector, &connector, "Top")];
        with_value(made, |component| component.uses = uses)
    };
    let connector_there = || {
        let key = ComponentKey::new(ComponentType::CONNECTOR, "ffa60bcf-0f43-42fe-a75e-edaec83d1b26");
        let made = Made::new("Base", "1").component(key, "Pay", Details::Other, Vec::new()).done();
        state_of(vec![with_value(made, |component| component.aliases = vec![connector.clone()])])
    };
    let workflow = |solution: &str, number, name: &str, category| {
        Made::new(solution, "1").process(number, category, name).done()
    };
    let check = || state_of(vec![workflow("Base", 1, "Check", ProcessCategory::Workflow)]);
    let robot = || state_of(vec![Made::new("Base", "1").variable("mak_A").credential_of(7, "mak_A").done()]);
    let managed_base = || state_of(vec![base("1").variable("mak_A").credential_of(7, "mak_A").done()]);
    let none = State::default;
    for (what, state, solution, expected) in [
        ("own root", none(), root(1, table("mak_machine")), &["root-component-missing 0x8004801F"][..]),
        ("foreign root", none(), root(1, table("account")), &[]),
        ("ribbon", none(), root(50, ComponentKey::new(ComponentType::RIBBON, "mak_machine")), &[]),
        ("process as root", none(), root(29, flow_key(1)), &["root-component-missing 0x8004801F"]),
        (
            "root that what is said to be there may have",
            {
                let mut state = State::default();
                provide(&mut state, "Base", "1");
                state
            },
            Made::new("Top", "1")
                .root(29, flow_key(1), 0)
                .missing(flow_key(2), table("x"), Some(("base", "1")))
                .done(),
            &[],
        ),
        ("root that is there", check(), root(29, flow_key(1)), &[]),
        (
            "lookup",
            none(),
            Made::new("Top", "1").credential_of(1, "mak_A").done(),
            &["lookup-missing 0x8004F036"],
        ),
        (
            "lookup in the package",
            none(),
            Made::new("Top", "1").credential_of(1, "mak_A").variable("mak_A").done(),
            &[],
        ),
        ("lookup that is there", robot(), Made::new("Top", "1").credential_of(1, "mak_A").done(), &[]),
        ("custom connector", none(), custom(), &["lookup-missing 0x8004F036"]),
        ("custom connector by its other name", connector_there(), custom(), &[]),
        (
            "managed lookup into the unmanaged layer",
            robot(),
            Made::new("Top", "1").managed().credential_of(1, "mak_A").done(),
            &["managed-needs-unmanaged 0x8004801D"],
        ),
        ("text", none(), Made::new("Top", "1").flow(1, &[reads("mak_A"), calls(9)]).done(), &[]),
        (
            "name taken",
            check(),
            workflow("Top", 2, "check ", ProcessCategory::Workflow),
            &["process-name-taken 0x80048027"],
        ),
        ("other category", check(), workflow("Top", 2, "Check", ProcessCategory::Action), &[]),
        ("same process", check(), workflow("Top", 1, "Check", ProcessCategory::Workflow), &[]),
        (
            "business rules",
            state_of(vec![workflow("Base", 1, "Lock", ProcessCategory::BusinessRule)]),
            workflow("Top", 2, "Lock", ProcessCategory::BusinessRule),
            &[],
        ),
        (
            "credential with another variable",
            robot(),
            Made::new("Top", "1").variable("mak_B").credential_of(7, "mak_B").done(),
            &["credential-variables"],
        ),
        (
            "what is used elsewhere",
            {
                let mut state = managed_base();
                put(&mut state, Made::new("Top", "1").managed().credential_of(1, "mak_A").done());
                state
            },
            base("2").done(),
            &["component-in-use 0x8004F01D"],
        ),
        ("the same with an update", managed_base(), base("2").done(), &[]),
        (
            "the new version refers to what it lacks",
            managed_base(),
            base("2").credential_of(7, "mak_A").done(),
            &["lookup-missing 0x8004F036"],
        ),
    ] {
        assert_eq!(refused(state, solution, Mode::Usual), expected, "{what}");
    }
}

#[test]
fn layers_keep_the_order_of_installation() {
    let limit = variable_key("mak_Limit");
    let mut state = state_of(vec![
        base("1").done(),
        Made::new("Top", "1").managed().variable_with("mak_Limit", Some("5"), None).done(),
    ]);
    put(&mut state, Made::new("Dev", "1").variable("mak_limit").done());
    assert_eq!(layers(&state, &limit), ["Top", "-"]);
    // The older solution gets the component later, and lies below.
    let outcome = put(&mut state, base("2").variable_with("mak_Limit", Some("7"), None).done());
    assert_eq!(layers(&state, &limit), ["Base", "Top", "-"]);
    assert_eq!(names(&outcome.changed), ["mak_Limit"]);
    assert_eq!(outcome.notes, ["hidden: the unmanaged layer over variable mak_limit stays in force"]);
    assert_eq!(outcome.before.map(|version| version.to_string()).as_deref(), Some("1"));
    assert!(effective_value(&state, &limit).is_none(), "the unmanaged layer has no default");

    let outcome = uninstall(&mut state, "DEV", true).expect("nothing needs it");
    assert_eq!(outcome.notes, ["uncovered: variable mak_limit is now from Top"]);
    assert_eq!(effective_value(&state, &limit), Some((Value::new("5"), Origin::Default)));
    uninstall(&mut state, "Top", false).expect("nothing needs it");
    assert_eq!(effective_value(&state, &limit), Some((Value::new("7"), Origin::Default)));
    let outcome = uninstall(&mut state, "Base", false).expect("nothing needs it");
    assert_eq!(names(&outcome.deleted), ["mak_Limit"]);
    assert!(state.components().is_empty() && state.solutions().is_empty());
}

#[test]
fn an_upgrade_deletes_what_is_gone_and_an_update_does_not() {
    let old = || state_of(vec![base("1").variable("mak_A").variable("mak_B").done()]);
    let new = || base("2").variable("mak_B").variable("mak_C").done();
    let mut state = old();
    let outcome = try_in(&mut state, new(), &mode(Mode::Update)).unwrap();
    assert_eq!((names(&outcome.added), names(&outcome.deleted)), (vec!["mak_C"], vec![]));
    assert_eq!(state.held_by("base").count(), 3);
    let mut state = old();
    let outcome = put(&mut state, new());
    assert_eq!((names(&outcome.added), names(&outcome.deleted)), (vec!["mak_C"], vec!["mak_A"]));
    assert_eq!(names(&outcome.unchanged), ["mak_B"]);
    assert_eq!(state.solution("Base").map(|solution| solution.sequence), Some(1));
}

#[test]
fn a_staged_upgrade_takes_the_place_of_the_old_version_when_it_is_applied() {
    let mut state = state_of(vec![
        base("1").variable("mak_A").variable("mak_B").done(),
        Made::new("Top", "1").managed().variable("mak_B").done(),
        Made::new("Fix", "1.0.1").managed().patch_of("Base").variable("mak_P").done(),
    ]);
    let mut upgraded = state.clone();
    let new = || base("2").variable("mak_B").variable("mak_C").done();
    put(&mut upgraded, new());
    let outcome = try_in(&mut state, new(), &mode(Mode::Stage)).unwrap();
    assert_eq!(outcome.solution.unique_name, "Base_Upgrade");
    assert_eq!(layers(&state, &variable_key("mak_B")), ["Base", "Top", "Base_Upgrade"]);
    assert_eq!(
        codes(&uninstall(&mut state, "Base", false).unwrap_err()),
        ["patch-hangs-on-it", "upgrade-staged"]
    );

    // While something needs what would go, it is not applied.
    put(&mut state, Made::new("User", "1").managed().credential_of(1, "mak_P").done());
    let refused = promote(&mut state, "Base").unwrap_err();
    assert_eq!(codes(&refused), ["component-in-use 0x8004F01D"]);
    assert_eq!(
        refused[0].words,
        "credential \"Credential 1\" of User takes its password from variable mak_P, which would be deleted"
    );
    uninstall(&mut state, "User", false).unwrap();

    let outcome = promote(&mut state, "base_upgrade").unwrap();
    assert_eq!(names(&outcome.deleted), ["mak_A", "mak_P"]);
    assert_eq!(outcome.notes, ["rolled up: patch Fix is gone"]);
    assert_eq!(state.components(), upgraded.components());
    assert_eq!(state.solutions(), upgraded.solutions());
    assert_eq!(codes(&promote(&mut state, "Base").unwrap_err()), ["no-staged-upgrade"]);
    assert_eq!(codes(&promote(&mut state, "Nobody").unwrap_err()), ["not-installed"]);
}

#[test]
fn what_is_needed_is_not_uninstalled() {
    let mut state = state_of(vec![
        base("1").variable("mak_A").connection_reference("mak_Mail", "shared_office365").flow(8, &[]).done(),
        Made::new("Named", "1")
            .managed()
            .missing(flow_key(1), variable_key("mak_A"), Some(("base", "1")))
            .done(),
        Made::new("Flows", "1").flow(1, &[uses("mak_Mail")]).flow(2, &[calls(8)]).done(),
    ]);
    let needed = uninstall(&mut state, "Base", false).unwrap_err();
    assert_eq!(
        codes(&needed),
        ["solution-needed 0x8004F01D", "component-in-use 0x8004F01D", "component-in-use 0x8004F01D"]
    );
    uninstall(&mut state, "Named", false).unwrap();
    uninstall(&mut state, "Flows", true).unwrap();
    uninstall(&mut state, "Base", false).unwrap();
    assert!(state.components().is_empty());
}

#[test]
fn an_unmanaged_solution_is_a_container() {
    let made = |name: &str| Made::new(name, "1").variable("mak_A").credential_of(1, "mak_A").done();
    let mut state = state_of(vec![made("One"), made("Two"), Made::new("Only", "1").variable("mak_A").done()]);
    let outcome = uninstall(&mut state, "One", true).unwrap();
    assert!(outcome.deleted.is_empty());
    uninstall(&mut state, "Two", false).unwrap();
    assert_eq!(state.components().len(), 2, "components stay in the unmanaged layer");
    assert_eq!(codes(&uninstall(&mut state, "Only", true).unwrap_err()), ["component-in-use 0x8004F01F"]);
    uninstall(&mut state, "Only", false).unwrap();
    assert!(state.solutions().is_empty());
    assert_eq!(state.components().len(), 2);
}

#[test]
fn a_shell_is_not_the_component() {
    let shell = || {
        let table = ComponentKey::new(ComponentType::TABLE, "mak_machine");
        let made = Made::new("Top", "1").component(table, "Machine", Details::Other, Vec::new()).done();
        with_value(made, |component| component.shell = true)
    };
    let table = ComponentKey::new(ComponentType::TABLE, "mak_machine");
    let needs = || Made::new("Needs", "1").missing_active(flow_key(1), table.clone()).done();
    assert_eq!(refused(state_of(vec![shell()]), needs(), Mode::Usual), ["missing-dependency 0x8004801D"]);
    let brings =
        Made::new("Base", "1").component(table.clone(), "Machine", Details::Other, Vec::new()).done();
    let mut state = state_of(vec![brings, shell()]);
    assert_eq!(refused(state.clone(), needs(), Mode::Usual), [""; 0]);
    assert!(state.components()[&table].is_brought(), "the shell did not come over the table");
    uninstall(&mut state, "Top", true).unwrap();
    assert!(state.components()[&table].is_brought());
}

#[test]
fn an_upgrade_that_leaves_a_shell_takes_the_component_away() {
    let mut state = state_of(vec![
        base("1").variable("mak_A").done(),
        Made::new("User", "1").managed().credential_of(1, "mak_A").done(),
    ]);
    let bare = || with_value(base("2").variable("mak_A").done(), |component| component.shell = true);
    assert_eq!(refused(state.clone(), bare(), Mode::Usual), ["component-in-use 0x8004F01D"]);
    uninstall(&mut state, "User", false).unwrap();
    assert_eq!(refused(state, bare(), Mode::Usual), [""; 0]);
}

#[test]
fn which_value_is_in_force() {
    let limit = variable_key("mak_Limit");
    let managed = |name: &str, value| {
        Made::new(name, "1").managed().variable_with("mak_Limit", Some("0"), value).done()
    };
    let mut state = state_of(vec![managed("Base", None)]);
    let value = |state: &State| effective_value(state, &variable_key("mak_limit"));
    let of = |solution: &str| Origin::Managed { solution: solution.to_owned() };
    assert_eq!(value(&state), Some((Value::new("0"), Origin::Default)));
    put(&mut state, managed("Low", Some("1")));
    put(&mut state, managed("High", Some("2")));
    assert_eq!(value(&state), Some((Value::new("2"), of("High"))));
    uninstall(&mut state, "High", false).unwrap();
    assert_eq!(value(&state), Some((Value::new("1"), of("Low"))));
    state.set_value(&limit, Some(Value::new("own")));
    put(&mut state, managed("High", Some("2")));
    assert_eq!(value(&state), Some((Value::new("own"), Origin::Own)));
    let outcome = put(&mut state, Made::new("Dev", "1").variable_with("mak_Limit", None, Some("dev")).done());
    assert_eq!(value(&state), Some((Value::new("dev"), Origin::Own)));
    assert!(outcome.notes.iter().any(|note| note.contains("was replaced")), "{:?}", outcome.notes);
    put(&mut state, Made::new("Dev", "2").variable("mak_Limit").done());
    assert_eq!(value(&state), Some((Value::new("dev"), Origin::Own)), "an import deletes no value");
    let text = format!("{outcome:?}{}", serde_json::to_string(&outcome).unwrap());
    assert!(!text.contains("dev\""), "a value is shown: {text}");
}

#[test]
fn what_an_import_asks_for_and_what_options_give() {
    let solution = || {
        Made::new("Top", "1")
            .variable("mak_A")
            .variable_with("mak_B", Some("b"), None)
            .connection_reference("mak_Mail", "shared_office365")
            .flow_on(1, &[uses("mak_Mail"), reads("mak_A")])
            .done()
    };
    let mut state = State::default();
    let outcome = put(&mut state, solution());
    assert_eq!((names(&outcome.asked), names(&outcome.unbound)), (vec!["mak_A"], vec!["mak_Mail"]));
    let why = "connection reference mak_Mail is bound to no connection; variable mak_A has no value";
    assert_eq!(outcome.off, [(flow_key(1), why.to_owned())]);
    let mut options = mode(Mode::Usual);
    options.values.insert(variable_key("MAK_A"), Value::new("a"));
    let id = "0c0ffee0-0000-4000-8000-0000000000c1";
    options.bindings.insert(reference_key("mak_mail"), id.to_owned());
    options.values.insert(variable_key("mak_Elsewhere"), Value::new("x"));
    let outcome = try_in(&mut state, solution(), &options).unwrap();
    assert!(outcome.asked.is_empty() && outcome.unbound.is_empty() && outcome.off.is_empty());
    assert_eq!(state.values().len(), 1);
    assert_eq!(state.flows(), &[(flow_key(1), true)].into());
    let unknown = format!("is bound to connection {id}, of which nothing is known here");
    assert!(outcome.notes[0].ends_with(&unknown), "{:?}", outcome.notes);
    // What is no id may be anything.
    options.bindings.insert(reference_key("mak_mail"), "hunter2".to_owned());
    let outcome = try_in(&mut state.clone(), solution(), &options).unwrap();
    assert!(outcome.notes[0].ends_with("is bound to what is no id of a connection"), "{:?}", outcome.notes);
    // What is there is not asked for again.
    assert!(put(&mut state, solution()).asked.is_empty());
    uninstall(&mut state, "Top", true).unwrap();
    assert!(state.values().is_empty() && state.bindings().is_empty() && state.flows().is_empty());
}

#[test]
fn a_flow_waits_for_its_children() {
    let mut state = State::default();
    let parent =
        put(&mut state, Made::new("Parents", "1").flow_on(1, &[calls(2)]).flow_on(9, &[calls(9)]).done());
    assert_eq!(parent.off, [(flow_key(1), format!("process {} is not there", flow_key(2).key))]);
    let children =
        Made::new("Children", "1").flow_on(2, &[calls(3)]).flow_on(3, &[calls(2), uses("mak_Mail")]);
    let outcome = put(&mut state, children.connection_reference("mak_Mail", "shared_office365").done());
    assert_eq!(outcome.off.len(), 2);
    assert_eq!(outcome.off[0].1, "cloud flow \"Flow 3\" is off");
    let on = |state: &State| state.flows().values().filter(|on| **on).count();
    assert_eq!(on(&state), 1, "a flow that calls itself does not wait");
    state.set_binding(&reference_key("mak_Mail"), Some("c1".to_owned()));
    let changes = settle_flows(&mut state, [reference_key("mak_Mail")]);
    assert_eq!((changes.len(), on(&state)), (3, 4));
    assert_eq!(
        changes[0].note().as_deref(),
        Some("cloud flow \"Flow 1\" was turned on: everything that it uses is there")
    );
    // An off export turns the whole chain off.
    let outcome = put(&mut state, Made::new("Children", "2").flow(3, &[]).done());
    assert!(outcome.off.is_empty(), "it was exported as off");
    assert_eq!(outcome.notes.len(), 2);
    assert_eq!(on(&state), 1);
}

#[test]
fn what_is_only_said_to_be_there_is_taken_to_have_what_is_asked_of_it() {
    let mut state = State::default();
    provide(&mut state, "Base", "1");
    let top = Made::new("Top", "1")
        .credential_of(1, "mak_A")
        .flow_on(1, &[uses("mak_Mail")])
        .missing(credential_key(1), variable_key("mak_A"), Some(("Base", "1")))
        .missing(flow_key(1), reference_key("mak_Mail"), Some(("Base", "1")));
    let outcome = put(&mut state, top.done());
    assert!(outcome.off.is_empty(), "{:?}", outcome.off);
    assert_eq!(codes(&uninstall(&mut state, "Base", false).unwrap_err()), ["solution-needed 0x8004F01D"]);
    uninstall(&mut state, "Top", true).unwrap();
    uninstall(&mut state, "Base", false).unwrap();
    provide(&mut state, "Base", "1");
    let outcome = put(&mut state, base("1").variable("mak_A").done());
    assert!(!outcome.solution.provided);
}

fn layers_of(state: &State, key: &ComponentKey) -> Vec<String> {
    let managed = &state.components()[key].managed;
    managed.iter().map(|layer| layer.solution.clone()).collect()
}

#[test]
fn what_is_said_to_be_there_lies_under_everything_that_was_imported() {
    let mut state = state_of(vec![base("1").variable_with("mak_A", Some("x"), None).flow(1, &[]).done()]);
    let components = [variable_key("mak_A"), flow_key(1)];
    for name in ["Foo", "Bar"] {
        provide::provide(&mut state, name, &Version::new("1"), &components).unwrap();
    }
    for key in &components {
        assert_eq!(layers_of(&state, key), ["Foo", "Bar", "Base"]);
    }
    assert_eq!(contradiction(&state), None);
    // The default is that of the solution that was imported.
    assert_eq!(effective_value(&state, &variable_key("mak_A")).unwrap().1, Origin::Default);
    uninstall(&mut state, "Base", false).unwrap();
    assert_eq!(layers_of(&state, &components[0]), ["Foo", "Bar"]);
}

#[test]
fn what_was_only_said_to_be_there_becomes_what_is_imported() {
    let components = [variable_key("mak_A"), variable_key("mak_Gone")];
    for managed in [true, false] {
        let mut state = state_of(vec![Made::new("Top", "1").managed().variable("mak_A").done()]);
        provide::provide(&mut state, "base", &Version::new("0.5"), &components).unwrap();
        state.set_value(&components[1], Some(Value::new("x")));
        let real = Made::new("Base", "1").variable("mak_A");
        let outcome = put(&mut state, if managed { real.managed() } else { real }.done());
        assert!(!outcome.solution.provided);
        assert_eq!(outcome.deleted, components[1..]);
        assert!(state.values().is_empty(), "it hangs on what is gone");
        assert_eq!(contradiction(&state), None);
        let layers = &state.components()[&components[0]];
        assert_eq!(layers.unmanaged.is_some(), !managed);
        assert_eq!(layers_of(&state, &components[0]), if managed { &["Top", "Base"][..] } else { &["Top"] });
    }
}

#[test]
fn no_lower_version_is_said_to_be_there_than_what_is_needed() {
    let mut state = State::default();
    let provided =
        |state: &mut State, version: &str| provide::provide(state, "Base", &Version::new(version), &[]);
    provided(&mut state, "2").unwrap();
    let top = Made::new("Top", "1").managed().flow(1, &[]);
    put(&mut state, top.missing(flow_key(1), variable_key("mak_A"), Some(("base", "1.1"))).done());
    provided(&mut state, "1.1").unwrap();
    let told = provided(&mut state, "1.0.9").unwrap_err().to_string();
    assert_eq!(told, "Top needs Base in version 1.1 or a higher one, and 1.0.9 is lower");
    assert_eq!(state.solution("Base").unwrap().version, Version::new("1.1"));
}

#[test]
fn a_changed_reference_to_a_secret_is_told() {
    let package = |version: &str, default: &str| {
        let made = base(version).variable_with("mak_Password", Some(default), None);
        let mut solution = made.credential_of(1, "mak_Password").done();
        for component in &mut solution.components {
            if let Details::EnvironmentVariable(variable) = &mut component.details {
                variable.kind = VariableType::Secret;
            }
        }
        solution
    };
    let mut state = State::default();
    let told = ["1/one", "2/one", "3/two"].map(|of| {
        let (version, default) = of.split_once('/').unwrap();
        put(&mut state, package(version, default)).secrets
    });
    let note = "mak_Password: a changed reference to a secret may take up to a minute to take effect";
    assert_eq!(told, [vec![], vec![], vec![note.to_owned()]]);
    // Its own value stays in force whatever a package says.
    state.set_value(&variable_key("mak_Password"), Some(Value::new("three")));
    assert_eq!(put(&mut state, package("4", "four")).secrets, [""; 0]);
}
