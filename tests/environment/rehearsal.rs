//! What a deployment finds out before anything is done, of solutions made by hand; and what tells whether a component changed.

use std::collections::BTreeSet;

use solship::deploy::{
    Action as Deployed, Candidate, DeploymentState, Options, Release, StepState, prepare, rehearse,
};
use solship::environment::import::{ImportOptions, Incoming, Mode, import};
use solship::environment::{State, Value};
use solship::environment_diff::{Action, Side, compare};
use solship::model::{Place, Relation, Solution, codes};
use solship::order::Row;
use solship::package::{OpenOptions, Package};

use super::support::made::{Made, flow_key, reference_key, variable_key};
use super::support::place::{Place as Folder, fixture, zip_of};

fn release(solutions: Vec<Solution>) -> Release {
    let candidate = |solution: &Solution| Candidate {
        incoming: Incoming::new(solution, &|_| None, Some(format!("content of {}", solution.source))),
        sha256: None,
    };
    let candidates = solutions.iter().map(candidate).collect();
    Release { solutions, candidates }
}

fn rows(release: &Release) -> Vec<Row> {
    let row = |solution: &Solution| Row {
        name: solution.source.to_string(),
        place: Place::whole(&solution.source),
        excerpt: String::new(),
    };
    release.solutions.iter().map(row).collect()
}

#[test]
fn a_text_that_names_what_comes_later_is_told_or_let_pass() {
    let release = release(vec![
        Made::new("Parents", "1.0").flow(1, &[(Relation::FlowChildFlow, flow_key(2))]).done(),
        Made::new("Children", "1.0").flow(2, &[]).done(),
    ]);
    let mut options = Options { in_order: Some(rows(&release)), ..Options::default() };
    let state = State::default();
    let refused = prepare("x", &state, &release, &options).deployment;
    assert_eq!(refused.state, DeploymentState::Refused);
    let errors: Vec<_> = refused.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(errors, [codes::DEPENDENT_BEFORE_PROVIDER]);
    options.allow = BTreeSet::from([codes::DEPENDENT_BEFORE_PROVIDER]);
    assert_eq!(prepare("x", &state, &release, &options).deployment.state, DeploymentState::Planned);
    options.in_order = None;
    options.allow.clear();
    let planned = prepare("x", &state, &release, &options).deployment;
    let order: Vec<&str> = planned.steps.iter().map(|step| &*step.solution.unique_name).collect();
    assert_eq!(order, ["Children", "Parents"]);
}

#[test]
fn a_second_run_through_two_versions_has_nothing_to_do() {
    let release = release(vec![
        Made::new("Core", "1.9").managed().flow(1, &[]).done(),
        Made::new("Core", "1.10").managed().flow(1, &[]).flow(2, &[]).done(),
        Made::new("Client", "1.0").managed().flow(3, &[(Relation::FlowChildFlow, flow_key(2))]).done(),
    ]);
    let options = Options { in_order: Some(rows(&release)), ..Options::default() };
    let actions = |state: &State| {
        let (prepared, end) = rehearse("x", state, &release, &options);
        assert_eq!(prepared.deployment.state, DeploymentState::Planned, "{:?}", prepared.deployment.findings);
        (prepared.deployment.steps.iter().map(|step| step.action).collect::<Vec<_>>(), end)
    };
    let (first, end) = actions(&State::default());
    assert_eq!(first, [Deployed::Install, Deployed::Upgrade, Deployed::Install]);
    let (second, _) = actions(&end);
    assert_eq!(second, [Deployed::None; 3]);

    // Without the higher version in the run it would be a step back.
    let mut back = options.in_order.clone().expect("given");
    back.truncate(1);
    let options = Options { in_order: Some(back), ..Options::default() };
    assert_eq!(prepare("x", &end, &release, &options).deployment.state, DeploymentState::Refused);
}

#[test]
fn a_patch_between_two_versions_of_its_parent_is_no_fault() {
    let release = release(vec![
        Made::new("Base", "1.0.0.0").managed().flow(1, &[]).done(),
        Made::new("Patch", "1.0.1.0").managed().patch_of("Base").flow(1, &[]).done(),
        Made::new("Base", "2.0.0.0").managed().flow(1, &[]).done(),
    ]);
    let options = Options { in_order: Some(rows(&release)), ..Options::default() };
    let done = prepare("x", &State::default(), &release, &options).deployment;
    assert!(done.findings.is_empty(), "{:?}", done.findings);
    assert_eq!(done.state, DeploymentState::Planned);
    let free = prepare("x", &State::default(), &release, &Options::default()).deployment;
    assert_eq!(free.state, DeploymentState::Refused, "a patch of a version that is not in the plan");
}

#[test]
fn what_a_later_package_brings_is_to_be_moved() {
    let mut release = release(vec![
        Made::new("Logins", "1.0").managed().credential_of(1, "mak_User").done(),
        Made::new("Values", "1.0").managed().variable("mak_User").done(),
    ]);
    let help = |release: &Release| {
        let options = Options { in_order: Some(rows(release)), ..Options::default() };
        let refused = prepare("x", &State::default(), release, &options).deployment;
        assert_eq!(refused.state, DeploymentState::Refused);
        refused.findings[0].help.clone().unwrap_or_default()
    };
    assert_eq!(help(&release), "Values comes later: move it before Logins, or leave out --in-order");
    // What is refused in any order is refused without --in-order too.
    let lost = Made::new("Lost", "1.0.1.0").managed().patch_of("Nowhere").done();
    let more = self::release(vec![lost]);
    release.solutions.extend(more.solutions);
    release.candidates.extend(more.candidates);
    assert_eq!(help(&release), "Values comes later: move it before Logins");
}

#[test]
fn what_an_update_left_is_reached_by_no_command() {
    let release = release(vec![
        Made::new("Core", "1.0").managed().variable("mak_Stays").variable("mak_Old").done(),
        Made::new("Core", "2.0").managed().variable("mak_Stays").done(),
    ]);
    let by = |mode: Mode| {
        let options = |mode| ImportOptions { mode, ..ImportOptions::default() };
        let mut state = State::default();
        for (candidate, mode) in release.candidates.iter().zip([Mode::Usual, mode]) {
            import(&mut state, &candidate.incoming, &options(mode)).expect("imports");
        }
        state
    };
    let (upgraded, mut updated) = (by(Mode::Usual), by(Mode::Update));
    updated.set_value(&variable_key("mak_Old"), Some(Value::new("x")));
    let steps = |to: &State, from: &State| {
        let side = |label, state| Side::environment(label, state);
        compare(side("local:a", to), side("local:b", from), false).plan
    };
    let [left] = &steps(&upgraded, &updated)[..] else { panic!("one step") };
    assert_eq!((left.action, &left.command), (Action::OutOfReach, &None));
    assert!(left.words.contains("mak_Old") && left.note.as_ref().unwrap().contains("an update left it"));
    let [missing, set] = &steps(&updated, &upgraded)[..] else { panic!("two steps") };
    assert_eq!((missing.action, &missing.command), (Action::OutOfReach, &None));
    assert_eq!((set.action, &set.command), (Action::SetValue, &None));
    assert_eq!(set.note.as_deref(), Some("it is not there, see above"));
}

#[test]
fn why_a_flow_is_off_is_said_as_it_is_in_the_end() {
    let release = release(vec![
        Made::new("Parents", "1.0").flow_on(1, &[(Relation::FlowChildFlow, flow_key(2))]).done(),
        Made::new("Children", "1.0")
            .connection_reference("mak_mail", "shared_mail")
            .flow_on(2, &[(Relation::FlowConnectionReference, reference_key("mak_mail"))])
            .done(),
    ]);
    let allow = BTreeSet::from([codes::DEPENDENT_BEFORE_PROVIDER]);
    let options = Options { in_order: Some(rows(&release)), allow, ..Options::default() };
    let deployment = prepare("x", &State::default(), &release, &options).deployment;
    let off = deployment.steps.iter().flat_map(|step| &step.off);
    let why: Vec<&str> = off.map(|off| &*off.why).collect();
    // When the parent came, its child was not there.
    let [parent, child] = why[..] else { panic!("{why:?}") };
    assert!(parent.ends_with(" is off"), "{parent}");
    assert!(child.ends_with("is bound to no connection"), "{child}");
}

#[test]
fn of_several_refusals_each_is_told_once_at_its_root() {
    let release = release(vec![
        Made::new("A", "1.0")
            .missing(variable_key("mak_x"), variable_key("mak_y"), Some(("Nowhere", "1.0")))
            .flow(1, &[])
            .done(),
        Made::new("B", "1.0")
            .flow(2, &[(Relation::FlowChildFlow, flow_key(1))])
            .missing(flow_key(2), flow_key(1), Some(("A", "1.0")))
            .done(),
        Made::new("C", "1.0").flow(3, &[]).done(),
    ]);
    let deployment = prepare("x", &State::default(), &release, &Options::default()).deployment;
    let states: Vec<_> =
        deployment.steps.iter().map(|step| (&*step.solution.unique_name, step.state)).collect();
    assert_eq!(states, [("A", StepState::Refused), ("B", StepState::Waits), ("C", StepState::Planned)]);
    assert_eq!(deployment.findings.len(), 1, "{:?}", deployment.findings);
}

#[test]
fn what_is_there_is_left_alone_and_what_differs_is_not() {
    let one = |version: &str| release(vec![Made::new("A", version).managed().flow(1, &[]).done()]);
    let mut state = State::default();
    let first = one("1.0");
    solship::environment::import::import(&mut state, &first.candidates[0].incoming, &Default::default())
        .expect("taken");
    let action =
        |release: &Release| prepare("x", &state, release, &Options::default()).deployment.steps[0].action;
    assert_eq!(action(&first), Deployed::None);
    assert_eq!(action(&one("1.1")), Deployed::Upgrade);
    let mut other = one("1.0");
    other.candidates[0].incoming.content = Some("else".to_owned());
    assert_eq!(action(&other), Deployed::Upgrade);
}

#[test]
fn a_fingerprint_tells_a_change_and_no_value() {
    let folder = Folder::new();
    let print = |name: &str| {
        let package = Package::open(&folder.path.join(name), &OpenOptions::default()).expect("opens");
        solship::diff::fingerprints(&package).expect("unpacks")
    };
    zip_of(&fixture("FabRobotAccess"), &folder.path.join("a.zip"));
    fs_err::copy(folder.path.join("a.zip"), folder.path.join("b.zip")).expect("copies");
    folder.must(&["set", "variable", "fab_Robot7User", "--default", "FAB\\else", "--solution", "b.zip"]);
    assert_eq!(print("a.zip"), print("b.zip"), "a default value is in no fingerprint");
    folder.must(&["set", "variable", "fab_Robot7User", "--display", "Another name", "--solution", "b.zip"]);
    let (one, other) = (print("a.zip"), print("b.zip"));
    let differ: Vec<_> =
        one.iter().filter(|(key, sum)| other.get(key) != Some(sum)).map(|(key, _)| key).collect();
    assert_eq!(differ, [&variable_key("fab_Robot7User")]);
    // A folder says the same as the archive that it was unpacked from.
    folder.must(&["unpack", "a.zip", "src"]);
    folder.must(&["pack", "src", "c.zip"]);
    assert_eq!(one, print("c.zip"));
}
