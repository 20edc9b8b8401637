use proptest::prelude::*;

use super::*;
use crate::environment::testing as made;
use crate::environment::{Facts, Role, State, Value, connect, share};
use crate::model::{ComponentType, Version};

fn side<'s>(label: &'s str, state: &'s State) -> Side<'s> {
    Side::environment(label, state)
}

fn between(left: &State, right: &State) -> EnvironmentDiff {
    compare(side("local:a", left), side("local:b", right), false)
}

fn steps(diff: &EnvironmentDiff) -> Vec<String> {
    diff.plan.iter().map(|step| format!("{} {}", step.action.words(), step.words)).collect()
}

fn robot() -> ComponentKey {
    made::key(ComponentType::CREDENTIAL, made::CREDENTIAL)
}

/// An environment after some changes, each by its number.
fn changed(numbers: &[usize]) -> State {
    let mut state = made::robots();
    let desktop = connect::reference("fab_Desktop");
    for number in numbers {
        match number {
            0 => state.set_value(&made::variable("fab_User"), Some(Value::new("robot8"))),
            1 => state.set_value(&made::variable("fab_Password"), Some(Value::Set)),
            2 => {
                let new = connect::NewConnection {
                    id: None,
                    connector: "shared_uiflow",
                    name: "ann@fabrikam.example",
                    created: None,
                    environment: "local:a",
                };
                let id = connect::create(&mut state, &new).unwrap();
                connect::bind(&mut state, &desktop, &id).unwrap();
            }
            3 => drop(share::share(&mut state, &robot(), "user:ann@fabrikam.example", Role::View)),
            4 => drop(share::share(&mut state, &robot(), "team:robots", Role::CoOwner)),
            9 | 10 => {
                let (connector, name) =
                    if *number == 9 { ("shared_sql", "Stock") } else { ("shared_uiflow", "Robots") };
                let new = connect::NewConnection {
                    id: None,
                    connector,
                    name,
                    created: None,
                    environment: "local:a",
                };
                connect::create(&mut state, &new).unwrap();
            }
            5 => made::install(&mut state, "FabFlows", true),
            6 => {
                let table = made::key(ComponentType::TABLE, "fab_robot");
                let facts = || made::content(&table, "fab_robot", Facts::Other);
                made::managed(&mut state, &table, facts(), "FabFlows");
                state.change_component(&table, |layers| layers.unmanaged = Some(facts()));
            }
            7 => {
                let mut solution = state.solution("FabRobots").unwrap().clone();
                solution.version = Version::new("1.1.0.0");
                state.set_solution("FabRobots", Some(solution));
            }
            _ => state.set_value(&made::variable("fab_User"), Some(Value::new("robot9"))),
        }
    }
    state
}

proptest! {
    /// Nothing differs from itself, and nothing is to be done.
    #[test]
    fn an_environment_does_not_differ_from_itself(numbers in prop::collection::vec(0..11usize, 0..8)) {
        let state = changed(&numbers);
        let diff = between(&state, &state);
        prop_assert!(diff.is_empty(), "{diff:?}");
        // Whether a value that is only known to be there is the right one cannot be told.
        prop_assert!(diff.plan.iter().all(|step| step.action == Action::SetValue && step.note.is_some()));
    }

    /// Seen from the other side, the same differs.
    #[test]
    fn a_comparison_mirrors(
        one in prop::collection::vec(0..11usize, 0..8),
        other in prop::collection::vec(0..11usize, 0..8),
    ) {
        let (one, other) = (changed(&one), changed(&other));
        let (there, back) = (between(&one, &other), between(&other, &one));
        prop_assert_eq!(there.is_empty(), back.is_empty());
        fn mirrored<T: Clone + PartialEq + std::fmt::Debug>(there: &[Difference<T>], back: &[Difference<T>]) {
            let sides = |all: &[Difference<T>], turned: bool| -> Vec<_> {
                all.iter().map(|one| {
                    let (left, right) = (one.left.clone(), one.right.clone());
                    (one.component.clone(), if turned { (right, left) } else { (left, right) })
                }).collect()
            };
            assert_eq!(sides(there, false), sides(back, true));
        }
        mirrored(&there.components, &back.components);
        mirrored(&there.variables, &back.variables);
        mirrored(&there.connection_references, &back.connection_references);
        let connections = |all: &[ConnectionDifference], turned: bool| -> Vec<_> {
            all.iter().map(|one| {
                let (left, right) = (one.left.clone(), one.right.clone());
                if turned { (right, left) } else { (left, right) }
            }).collect()
        };
        prop_assert_eq!(connections(&there.connections, false), connections(&back.connections, true));
        mirrored(&there.credentials, &back.credentials);
        mirrored(&there.flows, &back.flows);
        let turned = |all: &[Found]| -> Vec<_> { all.iter().map(|found| (found.component.clone(), found.right, found.left)).collect() };
        let straight = |all: &[Found]| -> Vec<_> { all.iter().map(|found| (found.component.clone(), found.left, found.right)).collect() };
        prop_assert_eq!(straight(&there.drift), turned(&back.drift));
        prop_assert_eq!(straight(&there.unset), turned(&back.unset));
        let origins = |untold: &[Untold]| -> Vec<_> { untold.iter().map(|u| (u.component.clone(), u.left.clone(), u.right.clone())).collect() };
        let turned_origins: Vec<_> = origins(&back.untold).into_iter().map(|(key, left, right)| (key, right, left)).collect();
        prop_assert_eq!(origins(&there.untold), turned_origins);
        let shares = |all: &[ShareDifference], turned: bool| -> Vec<_> {
            all.iter().map(|share| {
                let sides = if turned { (share.right, share.left) } else { (share.left, share.right) };
                (share.component.clone(), share.principal.clone(), sides)
            }).collect()
        };
        prop_assert_eq!(shares(&there.shares, false), shares(&back.shares, true));
        let solutions = |all: &[SolutionDifference], turned: bool| -> Vec<_> {
            all.iter().map(|one| {
                let (left, right) = (one.left.clone(), one.right.clone());
                (one.unique_name.clone(), if turned { (right, left) } else { (left, right) })
            }).collect()
        };
        prop_assert_eq!(solutions(&there.solutions, false), solutions(&back.solutions, true));
    }
}

#[test]
fn no_value_and_no_account_is_shown() {
    let (one, other) = (changed(&[0, 2, 3, 5, 6]), changed(&[8, 4]));
    let told = |show| serde_json::to_string(&compare(side("a", &one), side("b", &other), show)).unwrap();
    let masked = told(false);
    for secret in ["robot8", "robot9", "ann@", "team:robots"] {
        assert!(!masked.contains(secret), "{secret}");
        assert!(told(true).contains(secret), "{secret}");
    }
}

#[test]
fn each_difference_has_its_section_and_its_step() {
    let (one, other) = (changed(&[0, 2, 3, 5, 6]), changed(&[1, 4]));
    let diff = between(&one, &other);
    assert_eq!(diff.solutions[0].unique_name, "FabFlows");
    assert_eq!(diff.components[0].title, "table fab_robot");
    assert_eq!(diff.drift[0].title, "table fab_robot");
    let variables: Vec<&str> = diff.variables.iter().map(|one| &*one.title).collect();
    assert_eq!(variables, ["variable fab_Password", "variable fab_User"]);
    assert_eq!(diff.connection_references[0].left.as_ref().unwrap().name, "********");
    assert_eq!(diff.shares.len(), 6);
    assert_eq!(
        steps(&diff),
        [
            "import solution FabFlows 1.0.0.0 (managed)",
            "make by hand table fab_robot",
            "make connection \"********\" of shared_uiflow",
            "bind connection reference fab_Desktop to connection \"********\" of shared_uiflow",
            "remove the own value of variable fab_Password",
            "set variable fab_User",
            "take back credential \"Robot 7\" from team:********#1",
            "share credential \"Robot 7\" with user:********#1 as view",
            "take back variable fab_Password from team:********#1",
            "share variable fab_Password with user:********#1 as view",
            "take back variable fab_User from team:********#1",
            "share variable fab_User with user:********#1 as view",
        ]
    );
    let back = steps(&between(&other, &one));
    let last =
        ["uninstall solution FabFlows 1.0.0.0 (managed)", "delete connection \"********\" of shared_uiflow"];
    assert!(back.ends_with(&last.map(str::to_owned)), "{back:?}");
}

#[test]
fn what_only_says_that_there_is_a_value_cannot_be_told() {
    let (one, other) = (changed(&[1]), changed(&[1]));
    let diff = between(&one, &other);
    assert!(diff.is_empty());
    assert_eq!(diff.untold[0].title, "variable fab_Password");
    assert_eq!(between(&made::robots(), &one).variables.len(), 1);
}

#[test]
fn two_credentials_of_one_name_are_told() {
    let one = made::robots();
    let mut other = made::robots();
    let content = other.components()[&robot()].effective().unwrap().clone();
    let twin = made::key(ComponentType::CREDENTIAL, "0c0ffee0-0000-4000-8000-00000000000f");
    other.change_component(&robot(), |layers| layers.unmanaged = None);
    made::unmanaged(&mut other, &twin, content, "FabRobots");
    let diff = between(&one, &other);
    let hints: Vec<&str> = diff.credentials.iter().filter_map(|one| one.hint.as_deref()).collect();
    assert_eq!(hints.len(), 2);
    assert!(hints[0].contains("00000000000f") && hints[1].contains(made::CREDENTIAL));
}

#[test]
fn a_lower_version_goes_and_comes_back_with_what_stands_on_it() {
    let (mut to, mut from) = (State::default(), State::default());
    for state in [&mut to, &mut from] {
        made::install(state, "FabBase", true);
        made::install(state, "FabTop", true);
        let table = made::key(ComponentType::TABLE, "fab_base");
        made::managed(state, &table, made::content(&table, "x", Facts::Other), "FabBase");
        let flow = made::key(ComponentType::WORKFLOW, "0c0ffee0-0000-4000-8000-000000000009");
        let mut content =
            made::content(&flow, "Top", Facts::CloudFlow { on: true, runs_desktop_flows: false });
        content.needs.push(made::need(table));
        made::managed(state, &flow, content, "FabTop");
    }
    let mut higher = from.solution("FabBase").unwrap().clone();
    higher.version = Version::new("2.0.0.0");
    from.set_solution("FabBase", Some(higher));
    made::install(&mut from, "FabOld", true);
    made::install(&mut from, "FabOlder", true);
    assert_eq!(
        steps(&between(&to, &from)),
        [
            "uninstall solution FabTop 1.0.0.0 (managed)",
            "uninstall solution FabBase 2.0.0.0 (managed)",
            "import solution FabBase 1.0.0.0 (managed)",
            "import solution FabTop 1.0.0.0 (managed)",
            "uninstall solution FabOlder 1.0.0.0 (managed)",
            "uninstall solution FabOld 1.0.0.0 (managed)",
        ]
    );
}

#[test]
fn a_child_flow_goes_on_first_and_off_last() {
    let (mut to, mut from) = (made::robots(), made::robots());
    let flow = |digit: char| {
        made::key(ComponentType::WORKFLOW, &format!("0c0ffee0-0000-4000-8000-0000000000a{digit}"))
    };
    for state in [&mut to, &mut from] {
        for (parent, child) in [('1', '2'), ('2', '3'), ('3', '4'), ('4', '3')] {
            let facts = Facts::CloudFlow { on: true, runs_desktop_flows: false };
            let mut content = made::content(&flow(parent), &format!("Flow {parent}"), facts);
            content.needs.push(made::need(flow(child)));
            made::unmanaged(state, &flow(parent), content, "FabRobots");
        }
    }
    for digit in ['1', '2', '3', '4'] {
        to.set_flow(&flow(digit), Some(true));
        from.set_flow(&flow(digit), Some(false));
    }
    let on = steps(&between(&to, &from));
    let names = |steps: &[String]| {
        steps.iter().map(|step| step.split('"').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&on).last().unwrap(), "Flow 1");
    assert_eq!(names(&on)[2], "Flow 2");
    let off = names(&steps(&between(&from, &to)));
    assert_eq!(off[..2], ["Flow 1", "Flow 2"]);
}

#[test]
fn of_packages_only_what_they_hold_is_compared() {
    let environment = changed(&[2, 3, 5, 6]);
    let packages = changed(&[7]);
    let sources = BTreeMap::from([(SolutionName::new("FabRobots"), "out/FabRobots.zip".to_owned())]);
    let packages =
        Side { packages: true, sources: &sources, ..Side::environment("FabRobots.zip", &packages) };
    let diff = compare(side("local:a", &environment), packages, false);
    assert_eq!(diff.solutions.iter().map(|one| &*one.unique_name).collect::<Vec<_>>(), ["FabRobots"]);
    assert!(diff.components.is_empty() && diff.shares.is_empty());
    // Only what the packages bring comes, and nothing goes that is in none of them.
    let commands: Vec<_> = diff.plan.iter().map(|step| step.command.as_deref()).collect();
    assert_eq!(commands, [Some("solship deploy out/FabRobots.zip --env local:a")]);
    assert!(diff.connection_references.is_empty() && diff.drift.is_empty());
}

#[test]
fn where_values_come_from_is_told_where_they_cannot_be_compared() {
    let mut own = changed(&[]);
    own.set_value(&made::variable("fab_User"), Some(Value::Set));
    let mut default = changed(&[]);
    default.change_component(&made::variable("fab_User"), |layers| {
        let content =
            layers.unmanaged.as_mut().or_else(|| layers.managed.last_mut().map(|layer| &mut layer.content));
        if let Some(Facts::Variable { default, .. }) = content.map(|content| &mut content.facts) {
            *default = Some(Value::Set);
        }
    });
    default.set_value(&made::variable("fab_User"), None);
    let diff = between(&own, &default);
    let [untold] = &diff.untold[..] else { panic!("{:?}", diff.untold) };
    assert_eq!((&untold.left, &untold.right), (&Origin::Own, &Origin::Default));
    let back = between(&default, &own);
    assert_eq!(back.plan[0].command.as_deref(), Some("solship env set local:b fab_User --unset"));
}

/// Hashes under two keys tell nothing of each other, and who stands behind a number or a hash is not known elsewhere.
#[test]
fn what_cannot_be_compared_is_no_difference() {
    let (own, other) = (changed(&[]), changed(&[]));
    let hashed = |state: &State, hash: &str, who: &str| {
        let mut state = state.clone();
        state.set_value(&made::variable("fab_User"), Some(Value::Hash(hash.to_owned())));
        let principals: Vec<(ComponentKey, String)> = state
            .shares()
            .iter()
            .flat_map(|(key, with)| with.keys().map(|who| (key.clone(), who.clone())))
            .collect();
        for (key, known) in principals {
            state.set_share(&key, &known, None);
        }
        state.set_share(&made::variable("fab_User"), who, Some(Role::View));
        state
    };
    let (one, two) = (hashed(&own, "aa", "user:hmac-sha256:aa"), hashed(&other, "bb", "user:hmac-sha256:bb"));
    let with = |left: Told<'_>, right: Told<'_>| {
        let left = Side { told: left, ..side("a.json", &one) };
        let right = Side { told: right, ..side("local:b", &two) };
        compare(left, right, false)
    };
    let same = with(Told::Hashed(Some("k")), Told::Hashed(Some("k")));
    assert_eq!((same.variables.len(), same.shares.len(), same.untold.len()), (1, 2, 0));
    for (left, right) in [
        (Told::Hashed(Some("k")), Told::Hashed(Some("l"))),
        (Told::Hashed(Some("k")), Told::Known),
        (Told::Unknown, Told::Known),
        (Told::Unknown, Told::Unknown),
    ] {
        let diff = with(left, right);
        assert!(diff.is_empty(), "{diff:?}");
        assert_eq!((diff.untold.len(), diff.untold_shares.len()), (1, 1));
        let actions: Vec<Action> = diff.plan.iter().map(|step| step.action).collect();
        assert_eq!(actions, [Action::SetValue], "unless it has that value already");
    }
}

/// Two environments of 20,000 components are compared and planned for.
#[test]
fn large_environments_are_walked_once() {
    let large = |version: &str| {
        let mut state = State::default();
        for solution in 0..200 {
            let name = format!("Fab{solution:03}");
            made::install(&mut state, &name, true);
            let mut installed = state.solution(&name).unwrap().clone();
            installed.version = Version::new(version);
            state.set_solution(&name, Some(installed));
            for number in 0..100 {
                let table = made::key(ComponentType::TABLE, &format!("fab_{solution}_{number}"));
                let mut content = made::content(&table, "x", Facts::Other);
                content.fingerprint = Some(version.to_owned());
                made::managed(&mut state, &table, content, &name);
            }
        }
        state
    };
    let (one, other) = (large("1.0.0.0"), large("2.0.0.0"));
    let diff = between(&one, &other);
    assert_eq!((diff.components.len(), diff.solutions.len()), (20_000, 200));
    // Each goes and comes back in the lower version.
    assert_eq!(diff.plan.len(), 400);
}
