//! Orders held against what solutions demand: scenarios and real archives with each form of an order, releases made at
//! random with known edges, and the command as the user sees it.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use proptest::prelude::*;
use serde_json::Value;
use solship::config::{Before, Signer, SignsIn};
use solship::gate::{Gate, check, corrected};
use solship::model::{ComponentKey, ComponentType, Relation, Severity, Solution};
use solship::order::Order;
use solship::package::{OpenOptions, Package};
use solship::plan::{Options, Plan, plan};
use solship::report::{import_config, list};
use support::made::{Made, flow_key, guid, place, variable_key};

/// The three forms of an order of these names.
fn orders(names: &[&str]) -> Vec<Order> {
    let rows: String = names
        .iter()
        .map(|name| {
            format!("    <configsolutionfile solutionpackagefilename=\"{name}.zip\" /> <!-- {name} -->\n")
        })
        .collect();
    let xml = format!("<configdatastorage>\n  <solutions>\n{rows}  </solutions>\n</configdatastorage>\n");
    let text: String = names.iter().map(|name| format!("# about {name}\n{name}\n")).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("  \"{name}\", # {name}\n")).collect();
    let toml = format!("order = [\n{}]\n", quoted.concat());
    let read = |file: &str, text: String| Order::read(file, text.into_bytes()).expect("an order");
    vec![read("ImportConfig.xml", xml), read("order.txt", text), read("solship.toml", toml)]
}

fn gate(order: &Order, planned: &Plan, solutions: &[Solution]) -> Gate {
    check(&order.file, &order.rows, planned, solutions, "help")
}

/// What is wrong with the order of two solutions, as (code, after, message).
fn broken(gate: &Gate) -> Vec<(&str, &str, &str)> {
    let findings = gate.findings.iter().filter(|finding| matches!(finding.code.id, "ORD001" | "ORD002"));
    findings.map(|finding| (finding.code.id, &*finding.solution, &*finding.message)).collect()
}

fn names(planned: &Plan) -> Vec<&str> {
    planned.steps.iter().map(|step| &*step.solution.unique_name).collect()
}

/// The order with its rows put right, read again.
fn fixed(order: &Order, planned: &Plan, solutions: &[Solution]) -> Order {
    let rows = corrected(&order.rows, planned, solutions);
    Order::read(&order.file, order.rearranged(&rows).into_bytes()).expect("an order")
}

fn solutions_in(folder: &Utf8Path) -> Vec<Solution> {
    let children = folder.read_dir_utf8().expect("a folder").map(|child| child.expect("a child").into_path());
    let mut zips: Vec<Utf8PathBuf> = children.filter(|child| child.extension() == Some("zip")).collect();
    zips.sort();
    let open = |path: &Utf8PathBuf| Package::open(path, &OpenOptions::default()).expect("a scenario opens");
    zips.iter().map(|path| Solution::read(&open(path)).expect("a solution")).collect()
}

#[test]
fn each_reversed_pair_of_a_scenario_is_caught_and_put_right() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let mut pairs = 0;
    for folder in
        scenarios.read_dir_utf8().expect("a folder").map(|child| child.expect("a child").into_path())
    {
        let Ok(text) = fs_err::read_to_string(folder.join("expected.json")) else { continue };
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        let solutions = solutions_in(&folder);
        let planned = plan(&solutions, &Options::default());
        let empty = Vec::new();
        let constraints = expected["constraints"].as_array().unwrap_or(&empty);
        let mut kinds: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for constraint in constraints {
            let text = |member: &str| constraint[member].as_str().expect(member);
            kinds.entry((text("before"), text("after"))).or_default().insert(text("evidence"));
        }
        for ((before, after), evidence) in kinds {
            let mut reversed = names(&planned);
            let at = |name: &str| reversed.iter().position(|other| *other == name).expect("a solution");
            let (one, other) = (at(before), at(after));
            if one < other {
                reversed.swap(one, other);
            }
            let code = if evidence.iter().eq(["policy"].iter()) { "ORD001" } else { "ORD002" };
            for order in orders(&reversed) {
                let found = gate(&order, &planned, &solutions);
                let message = format!("{after} is imported before {before}");
                assert!(
                    broken(&found).contains(&(code, after, &message)),
                    "{folder} {}: {:?}",
                    order.file,
                    broken(&found)
                );
                let fixed = fixed(&order, &planned, &solutions);
                if planned.cycles.is_empty() {
                    assert_eq!(broken(&gate(&fixed, &planned, &solutions)), [], "{folder} {}", order.file);
                }
                assert_eq!(
                    corrected(&fixed.rows, &planned, &solutions),
                    (0..fixed.rows.len()).collect::<Vec<_>>()
                );
            }
            pairs += 1;
        }
    }
    assert!(pairs > 10, "{pairs} pairs");
}

#[test]
fn declared_edges_of_real_archives_hold_in_the_plan_and_the_gate_accepts_it_in_every_form() {
    let Some(corpus) = support::shared("corpus") else { return };
    let solutions: Vec<Solution> =
        support::corpus::solutions(&corpus).into_iter().map(|(_, solution)| solution).collect();
    let planned = plan(&solutions, &Options::default());
    let position: BTreeMap<String, usize> =
        names(&planned).iter().enumerate().map(|(at, name)| (name.to_lowercase(), at)).collect();
    let mut edges = 0;
    for step in &planned.steps {
        let solution =
            solutions.iter().find(|solution| solution.source == step.solution.source).expect("its package");
        for missing in &solution.manifest.missing_dependencies {
            let Some(provider) = &missing.provider else { continue };
            let Some(&before) = position.get(&provider.to_lowercase()).filter(|&&at| at + 1 != step.number)
            else {
                continue;
            };
            let is_after = step.after.iter().any(|after| after.solution.eq_ignore_ascii_case(provider));
            assert!(is_after, "{} declares {provider}", step.solution.unique_name);
            let in_cycle = step.cycle.is_some() && step.cycle == planned.steps[before].cycle;
            assert!(before < step.number || in_cycle, "{} before {provider}", step.solution.unique_name);
            edges += 1;
        }
    }
    assert!(edges > 100, "{edges} declared edges");
    let read = |file: &str, text: String| Order::read(file, text.into_bytes()).expect("an order");
    let mut written = orders(&names(&planned));
    written.push(read("written.xml", import_config::plan(&planned)));
    written.push(read("written.txt", list::plan(&planned)));
    for order in written {
        let found = gate(&order, &planned, &solutions);
        for (_, after, message) in broken(&found) {
            let step = &planned.steps[position[&after.to_lowercase()]];
            assert!(step.cycle.is_some(), "{}: {message}", order.file);
        }
        let listing =
            found.findings.iter().filter(|finding| matches!(finding.code.id, "ORD006" | "ORD007" | "ORD014"));
        assert_eq!(
            listing.map(|finding| &finding.message).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{}",
            order.file
        );
    }
}

/// What an edge of a made release is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Observed,
    Declared,
    Stated,
}

/// A release made at random, by number.
#[derive(Debug, Clone)]
struct Release {
    edges: Vec<(usize, usize, Kind)>,
    credentials: Vec<usize>,
    robots: Vec<usize>,
    /// Every number, in the order in which the solutions are listed.
    shuffled: Vec<usize>,
}

/// A release with known edges: each from a lower number to a higher one, so that no cycle is in it. The names do not follow
/// the numbers. Solutions with credentials come from the lower third, what may sign in from the upper one.
fn release() -> impl Strategy<Value = Release> {
    (prop_oneof![9 => 10..60usize, 1 => 300..=500usize]).prop_flat_map(|count| {
        let kind = prop_oneof![Just(Kind::Observed), Just(Kind::Declared), Just(Kind::Stated)];
        let edges = prop::collection::vec((0..count, 0..count, kind), 0..3 * count);
        let credentials = prop::collection::vec(0..count / 3, 0..3);
        let robots = prop::collection::vec(count - count / 3..count, 0..4);
        let shuffled = Just((0..count).collect::<Vec<_>>()).prop_shuffle();
        (edges, credentials, robots, shuffled).prop_map(|(edges, credentials, robots, shuffled)| Release {
            edges,
            credentials,
            robots,
            shuffled,
        })
    })
}

fn name(number: usize) -> String {
    // Neighbours in number are no neighbours in name.
    format!("Sol{:03}", (number * 7919) % 1000)
}

/// Two names can be one only when `number * 7919 % 1000` repeats, which 500 numbers do not.
fn made(
    count: usize,
    edges: &[(usize, usize, Kind)],
    credentials: &[usize],
    robots: &[usize],
) -> (Vec<Solution>, Options, BTreeMap<(usize, usize), bool>) {
    let mut known: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    let mut options = Options::default();
    let mut uses: Vec<Vec<(Relation, ComponentKey)>> = vec![Vec::new(); count];
    let mut declared: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(one, other, kind) in edges {
        let (before, after) = (one.min(other), one.max(other));
        if before == after {
            continue;
        }
        known.insert((before, after), false);
        match kind {
            Kind::Observed => {
                uses[after].push((Relation::FlowVariable, variable_key(&format!("mak_v{before}"))))
            }
            Kind::Declared => declared[after].push(before),
            Kind::Stated => options.before.push(Before {
                first: name(before),
                then: name(after),
                because: None,
                place: place("solship.toml", 1),
            }),
        }
    }
    for &credential in credentials {
        for &robot in robots {
            known.entry((credential, robot)).or_insert(true);
        }
    }
    let solutions = (0..count).map(|number| {
        let mut made =
            Made::new(&name(number), "1.0").variable(&format!("mak_v{number}")).flow(number, &uses[number]);
        for provider in &declared[number] {
            let provider_name = name(*provider);
            let required = variable_key(&format!("mak_v{provider}"));
            made = made.missing(flow_key(number), required, Some((provider_name.as_str(), "1.0")));
        }
        if credentials.contains(&number) {
            made = made.credential(10_000 + number, "Robot");
        }
        if robots.contains(&number) {
            made = made.robot_flow(20_000 + number);
        }
        made.done()
    });
    (solutions.collect(), options, known)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn random_releases_are_planned_caught_and_put_right(release in release()) {
        let Release { edges, credentials, robots, shuffled } = release;
        let count = shuffled.len();
        let (solutions, options, known) = made(count, &edges, &credentials, &robots);
        let planned = plan(&solutions, &options);
        prop_assert!(planned.cycles.is_empty());
        let order = names(&planned);
        prop_assert_eq!(order.len(), count);
        let at = |list: &[&str], number: usize| list.iter().position(|found| *found == name(number)).expect("every solution");
        for &(before, after) in known.keys() {
            prop_assert!(at(&order, before) < at(&order, after), "{} before {}", name(before), name(after));
        }
        let shuffled: Vec<String> = shuffled.into_iter().map(name).collect();
        let shuffled: Vec<&str> = shuffled.iter().map(String::as_str).collect();
        for given in orders(&shuffled) {
            let found = gate(&given, &planned, &solutions);
            let told: BTreeSet<(&str, String)> =
                broken(&found).into_iter().map(|(code, _, message)| (code, message.to_owned())).collect();
            let expected: BTreeSet<(&str, String)> = known
                .iter()
                .filter(|&(&(before, after), _)| at(&shuffled, before) > at(&shuffled, after))
                .map(|(&(before, after), &is_policy)| {
                    let code = if is_policy { "ORD001" } else { "ORD002" };
                    (code, format!("{} is imported before {}", name(after), name(before)))
                })
                .collect();
            prop_assert_eq!(&told, &expected);
            let right = fixed(&given, &planned, &solutions);
            let held = gate(&right, &planned, &solutions);
            prop_assert_eq!(broken(&held), vec![]);
            let again = corrected(&right.rows, &planned, &solutions);
            prop_assert!(again.iter().enumerate().all(|(at, row)| at == *row));
        }
    }
}

#[test]
fn what_is_stated_narrows_the_policy() {
    let reference = |name: &str| ComponentKey::new(ComponentType::CONNECTION_REFERENCE, name);
    let solutions = || {
        vec![
            Made::new("Access", "1.0").credential(1, "Robot 7").done(),
            Made::new("Other", "1.0").credential(2, "Robot 8").done(),
            Made::new("Shared", "1.0").connection_reference("mak_desktop", "shared_uiflow").done(),
            Made::new("Flows", "1.0")
                .flow(3, &[(Relation::FlowConnectionReference, reference("mak_desktop"))])
                .done(),
        ]
    };
    let signs_in = |signer: Signer, credential: &str| SignsIn {
        signer,
        credential: credential.to_owned(),
        place: place("solship.toml", 12),
    };
    let before = |planned: &Plan, name: &str| {
        let step = planned.steps.iter().find(|step| step.solution.unique_name == name).expect("a step");
        let after: Vec<String> = step.after.iter().map(|after| after.solution.clone()).collect();
        let policy = step.policy.as_ref().map(|reason| planned.policies[reason.policy].before.clone());
        (after, policy.unwrap_or_default())
    };
    let set = solutions();
    let open = plan(&set, &Options::default());
    assert_eq!(before(&open, "Shared"), (vec![], vec!["Access".to_owned(), "Other".to_owned()]));

    let by_name = signs_in(Signer::ConnectionReference("mak_desktop".to_owned()), "robot 7");
    let planned = plan(&set, &Options { signs_in: vec![by_name.clone()], ..Options::default() });
    assert_eq!(before(&planned, "Shared"), (vec!["Access".to_owned()], vec![]));
    assert_eq!(before(&planned, "Flows"), (vec!["Access".to_owned(), "Shared".to_owned()], vec![]));
    let reason =
        &planned.steps.iter().find(|step| step.solution.unique_name == "Shared").unwrap().after[0].reasons[0];
    assert_eq!(reason.words, "connection reference mak_desktop signs in with credential \"Robot 7\"");
    assert_eq!(reason.place.as_ref().unwrap().line, 12);
    // Only the use of a credential stands behind it: the code is that of the policy.
    let order = &orders(&["Shared", "Access", "Other", "Flows"])[1];
    let gate = gate(order, &planned, &set);
    assert_eq!(broken(&gate), [("ORD001", "Shared", "Shared is imported before Access")]);

    let by_id = signs_in(Signer::ConnectionReference("mak_desktop".to_owned()), &guid(2));
    let planned = plan(&set, &Options { signs_in: vec![by_id], ..Options::default() });
    assert_eq!(before(&planned, "Shared"), (vec!["Other".to_owned()], vec![]));

    let nobody = signs_in(Signer::ConnectionReference("mak_desktop".to_owned()), "Robot 9");
    let planned = plan(&set, &Options { signs_in: vec![nobody], ..Options::default() });
    assert_eq!(before(&planned, "Shared").1.len(), 2);
    let told: Vec<_> = planned.findings.iter().filter(|finding| finding.code.id == "ORD013").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "credential \"Robot 9\" is in no package of the set");

    let mut two = solutions();
    two.push(Made::new("Third", "1.0").credential(5, "Robot 7").done());
    let planned = plan(&two, &Options { signs_in: vec![by_name], ..Options::default() });
    let told: Vec<_> = planned.findings.iter().filter(|finding| finding.code.id == "ORD013").collect();
    assert_eq!(told[0].message, "2 credentials are called \"robot 7\": state the one by its GUID");
}

#[test]
fn a_statement_against_the_rule_is_told_as_the_fault() {
    let before = |first: &str, then: &str| Before {
        first: first.to_owned(),
        then: then.to_owned(),
        because: None,
        place: place("solship.toml", 7),
    };
    let access = || Made::new("Access", "1.0").credential(1, "Robot").variable("mak_user");
    let set = vec![access().done(), Made::new("Flows", "1.0").robot_flow(2).done()];
    let planned = plan(&set, &Options { before: vec![before("Flows", "Access")], ..Options::default() });
    assert_eq!(names(&planned), ["Flows", "Access"]);
    let told: Vec<_> = planned.findings.iter().filter(|finding| finding.code.id == "ORD010").collect();
    assert_eq!((told.len(), told[0].severity), (1, Severity::Error));
    assert_eq!(told[0].place.as_ref().map(|place| place.line), Some(7));

    // Where the packages themselves hold the credential back, they are named, and it is a warning.
    let needs = [(Relation::FlowVariable, variable_key("mak_region"))];
    let set = vec![
        access().flow(3, &needs).done(),
        Made::new("Flows", "1.0").robot_flow(2).variable("mak_region").done(),
    ];
    let planned = plan(&set, &Options { before: vec![before("Flows", "Access")], ..Options::default() });
    let told = planned.findings.iter().find(|finding| finding.code.id == "ORD010").expect("it gives way");
    assert_eq!(told.severity, Severity::Warning);

    // A circle that a statement closes is broken by taking the statement away.
    let set = vec![
        access().done(),
        Made::new("Flows", "1.0").flow(2, &[(Relation::FlowVariable, variable_key("mak_user"))]).done(),
    ];
    let planned = plan(&set, &Options { before: vec![before("Flows", "Access")], ..Options::default() });
    assert_eq!(planned.cycles.len(), 1);
    assert!(
        planned.cycles[0].way_out.starts_with("take away what solship.toml"),
        "{}",
        planned.cycles[0].way_out
    );
}

#[test]
fn listing_faults_are_told() {
    let solutions = vec![
        Made::new("Alpha", "1.0").variable("mak_a").done(),
        Made::new("Beta", "1.0").flow(1, &[(Relation::FlowVariable, variable_key("mak_a"))]).done(),
        Made::new("Gamma", "1.0").done(),
    ];
    let planned = plan(&solutions, &Options::default());
    let order = &orders(&["Beta", "Delta", "Beta"])[1];
    let found = gate(order, &planned, &solutions);
    let told: Vec<_> = found
        .findings
        .iter()
        .map(|finding| {
            (
                finding.code.id,
                finding.severity,
                &*finding.message,
                finding.place.as_ref().map(|place| place.line),
            )
        })
        .collect();
    use Severity::{Error, Note, Warning};
    assert_eq!(
        told,
        [
            ("ORD002", Error, "Beta is imported and Alpha, which it needs, is not listed", Some(2)),
            ("ORD002", Error, "Beta is imported and Alpha, which it needs, is not listed", Some(6)),
            ("ORD006", Error, "Delta is listed, and no package of the set is that", Some(4)),
            ("ORD007", Warning, "Alpha (Alpha_1.0.zip) is not listed in order.txt", None),
            ("ORD007", Warning, "Gamma (Gamma_1.0.zip) is not listed in order.txt", None),
            ("ORD014", Warning, "Beta is listed twice", Some(6)),
            ("DEP002", Note, &*found.findings.last().unwrap().message, Some(100)),
        ]
    );
    // Rows that name nothing, or something again, keep their place.
    assert_eq!(corrected(&order.rows, &planned, &solutions), [0, 1, 2]);
}

#[test]
fn each_package_of_a_solution_is_an_import_of_its_own() {
    let solutions = vec![
        Made::new("Shared", "1.0").variable("mak_a").done(),
        Made::new("Shared", "2.0").variable("mak_a").done(),
        Made::new("Flows", "1.0").flow(1, &[(Relation::FlowVariable, variable_key("mak_a"))]).done(),
        Made::new("Flows", "2.0").flow(1, &[(Relation::FlowVariable, variable_key("mak_a"))]).done(),
    ];
    let planned = plan(&solutions, &Options::default());
    let order = |rows: &[&str]| {
        Order::read("order.txt", rows.iter().map(|row| format!("{row}.zip\n")).collect::<String>().into())
            .unwrap()
    };
    let told = |order: &Order| -> Vec<(String, String)> {
        let found = gate(order, &planned, &solutions);
        let errors = found.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| (finding.code.id.to_owned(), finding.message.clone())).collect()
    };
    let finding = |code: &str, message: &str| (code.to_owned(), message.to_owned());
    // An earlier release and the next one, each in its order.
    assert_eq!(told(&order(&["Shared_1.0", "Flows_1.0", "Shared_2.0", "Flows_2.0"])), []);
    let early = order(&["Flows_1.0", "Shared_1.0", "Shared_2.0", "Flows_2.0"]);
    assert_eq!(told(&early), [finding("ORD002", "Flows is imported before Shared")]);
    let stale = order(&["Shared_1.0", "Flows_2.0", "Shared_2.0"]);
    assert_eq!(told(&stale), [finding("ORD002", "Flows is imported before Shared")]);
    let down = order(&["Shared_2.0", "Shared_1.0", "Flows_2.0"]);
    assert_eq!(told(&down), [finding("ORD017", "Shared 1.0 is imported after 2.0")]);
    for wrong in [&early, &stale, &down] {
        assert_eq!(told(&fixed(wrong, &planned, &solutions)), []);
    }
    let names: Vec<String> =
        fixed(&down, &planned, &solutions).rows.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Shared_1.0.zip", "Shared_2.0.zip", "Flows_2.0.zip"]);
}

#[test]
fn a_row_shows_no_secret() {
    let solutions = vec![Made::new("Alpha", "1.0").done()];
    let planned = plan(&solutions, &Options::default());
    let order =
        Order::read("o.txt", "https://x.example/A.zip?sv=1&sig=abcDEF123SECRETSIG\nAlpha\n".into()).unwrap();
    let found = gate(&order, &planned, &solutions);
    assert!(!serde_json::to_string(&found).unwrap().contains("SECRETSIG"));
    assert!(found.findings.iter().any(|finding| finding.code.id == "ORD006"));
}

// The command.

struct Folder {
    path: Utf8PathBuf,
    _guard: tempfile::TempDir,
}

impl Folder {
    /// A copy of the release of the fixtures.
    fn release() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().to_owned();
        let fixtures = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release");
        for entry in walkdir::WalkDir::new(&fixtures) {
            let entry = entry.unwrap();
            let to = path
                .join("release")
                .join(Utf8Path::from_path(entry.path()).unwrap().strip_prefix(&fixtures).unwrap());
            if entry.file_type().is_dir() {
                fs_err::create_dir_all(&to).unwrap();
            } else {
                fs_err::copy(entry.path(), &to).unwrap();
            }
        }
        Self { path, _guard: guard }
    }

    fn write(&self, path: &str, text: &str) {
        fs_err::write(self.path.join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.path.join(path)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_solship"));
        command.args(arguments).current_dir(&self.path).env_remove("NO_COLOR").stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let code = output.status.code().expect("an exit code");
        format!("exit code {code}\n--- stdout\n{}--- stderr\n{}", text(&output.stdout), text(&output.stderr))
    }
}

const WRONG: &str =
    "# the release\n\nFabShared\n# identities\nFabRobotAccess # first?\nFabRobots\nFabFlows\n";

#[test]
fn a_broken_order_is_refused_and_put_right() {
    let folder = Folder::release();
    folder.write("order.txt", WRONG);
    insta::assert_snapshot!("check", folder.run(&["plan", "--check", "order.txt", "release"]));
    insta::assert_snapshot!("check_fix", folder.run(&["plan", "--check", "order.txt", "--fix", "release"]));
    assert_eq!(
        folder.read("order.txt"),
        "# the release\n\n# identities\nFabRobotAccess # first?\nFabShared\nFabRobots\nFabFlows\n"
    );
    let again = folder.run(&["plan", "--check", "order.txt", "--fix", "release"]);
    assert!(
        again.starts_with("exit code 0\n") && again.ends_with("fixed: order.txt: nothing to move\n"),
        "{again}"
    );
    for format in ["json", "markdown", "github", "sarif", "junit"] {
        folder.write("order.txt", WRONG);
        let told = folder.run(&["plan", "--check", "order.txt", "release", "--format", format]);
        assert!(told.starts_with("exit code 1\n"), "{told}");
        insta::assert_snapshot!(format!("check_{format}"), told);
    }
    let told = folder.run(&["plan", "--check", "order.txt", "release", "--format", "dot"]);
    assert!(told.starts_with("exit code 2\n"), "{told}");
}

#[test]
fn an_order_takes_the_packages_beside_it() {
    let folder = Folder::release();
    fs_err::create_dir_all(folder.path.join("zips/later")).unwrap();
    for (name, zip) in [
        ("FabRobotAccess", "FabRobotAccess.zip"),
        ("FabShared", "later/FabShared.zip"),
        ("FabRobots", "FabRobots.zip"),
        ("FabFlows", "FabFlows.zip"),
    ] {
        let (from, to) = (folder.path.join("release").join(name), folder.path.join("zips").join(zip));
        support::place::zip_of(&from, &to);
    }
    folder.write("release/order.txt", "FabShared\nFabFlows\n");
    let told = folder.run(&[
        "plan",
        "--check",
        "release/order.txt",
        "--provided",
        "FabRobots",
        "--provided",
        "FabRobotAccess",
    ]);
    assert!(told.starts_with("exit code 0\n"), "{told}");
    assert!(told.contains("the order of release/order.txt holds: 2 solutions"), "{told}");
    // What no row names counts too, unless the target has it; with the folder as SOLUTION the same is said.
    let result = |told: &str| told.split_once("--- stderr").unwrap().0.to_owned();
    let told = folder.run(&["plan", "--check", "release/order.txt"]);
    assert_eq!(result(&told), result(&folder.run(&["plan", "--check", "release/order.txt", "release"])));
    insta::assert_snapshot!("check_beside", told);
    // Files are found without case, below the folder too.
    let row = |name: &str| format!("<configsolutionfile solutionpackagefilename='{name}'/>");
    let names = ["fabrobotaccess.zip", "Later\\FABSHARED.zip", "FabRobots.zip", "fabflows.ZIP"];
    folder.write(
        "zips/ImportConfig.xml",
        &format!("<configdatastorage><solutions>{}</solutions></configdatastorage>", names.map(row).concat()),
    );
    let told = folder.run(&["plan", "--check", "zips/ImportConfig.xml", "--format", "json"]);
    let gate: Value = serde_json::from_str(result(&told).split_once("--- stdout\n").unwrap().1).unwrap();
    let solutions: Vec<&Value> =
        gate["rows"].as_array().unwrap().iter().map(|row| &row["solution"]).collect();
    assert_eq!(solutions, ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"]);
    assert!(told.starts_with("exit code 0\n"), "{told}");
    folder.write("release/ImportConfig.xml", "<configdatastorage><solutions><configsolutionfile solutionpackagefilename='../x.zip'/></solutions></configdatastorage>");
    insta::assert_snapshot!("check_outside", folder.run(&["plan", "--check", "release/ImportConfig.xml"]));
    insta::assert_snapshot!("check_nothing", folder.run(&["plan", "--check", "release/none.xml"]));
}

#[test]
fn the_order_of_the_arguments() {
    let folder = Folder::release();
    let at = |name: &str| format!("release/{name}");
    let [access, shared, robots, flows] = ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"].map(at);
    let right = folder.run(&["plan", "--in-order", &access, &shared, &robots, &flows]);
    assert!(
        right.starts_with("exit code 0\n") && right.contains("the order of the arguments holds: 4 solutions"),
        "{right}"
    );
    insta::assert_snapshot!(
        "in_order",
        folder.run(&["plan", "--in-order", &shared, &access, &robots, &flows])
    );
    insta::assert_snapshot!("in_order_folder", folder.run(&["plan", "--in-order", "release"]));
}

#[test]
fn a_configuration_says_what_the_release_is() {
    let folder = Folder::release();
    folder.write(
        "solship.toml",
        r#"solutions = ["release/*"]
order = ["FabShared", "FabRobotAccess", "FabRobots", "FabFlows"]
provideds = []

[[signs-in]]
connection-reference = "fab_desktop"
credential = "Robot 7"

[levels]
credential-use-unknown = "allow"
"#,
    );
    insta::assert_snapshot!("configured", folder.run(&["plan"]));
    insta::assert_snapshot!("configured_check", folder.run(&["plan", "--check", "solship.toml"]));
    insta::assert_snapshot!("configured_strict", folder.run(&["plan", "--forbid-exceptions"]));
    let told = folder.run(&["plan", "--no-config"]);
    insta::assert_snapshot!("not_configured", told);
    let told = folder.run(&["plan", "--check", "solship.toml", "--fix"]);
    assert!(told.starts_with("exit code 0\n"), "{told}");
    assert!(
        folder
            .read("solship.toml")
            .contains("order = [\"FabRobotAccess\", \"FabShared\", \"FabRobots\", \"FabFlows\"]\n")
    );
}

#[cfg(unix)]
#[test]
fn patterns_lead_nowhere_through_links() {
    let folder = Folder::release();
    let outside = Folder::release();
    std::os::unix::fs::symlink(outside.path.join("release"), folder.path.join("out")).unwrap();
    for name in ["a", "b", "c"] {
        std::os::unix::fs::symlink(".", folder.path.join(name)).unwrap();
    }
    folder.write("solship.toml", "solutions = [\"out/*\", \"*/*/*/*/*/*/*/*/*/*/*/*/*/*\"]\n");
    let told = folder.run(&["plan"]);
    assert!(told.starts_with("exit code 2\n"), "{told}");
    assert!(
        told.contains("warning: solship.toml:1:14: nothing is there that this pattern matches"),
        "{told}"
    );
    folder.write("solship.toml", "solutions = [\"./rel*/Fab[RS]*\", \"**/FabFlows\"]\n");
    let told = folder.run(&["plan", "--format", "list"]);
    assert!(
        told.contains("--- stdout\nFabRobotAccess\nFabShared\nFabRobots\nFabFlows\n--- stderr"),
        "{told}"
    );
}

#[test]
fn only_what_changed_is_planned() {
    let folder = Folder::release();
    fs_err::create_dir(folder.path.join("old")).unwrap();
    for name in ["FabRobotAccess", "FabShared"] {
        fs_err::rename(folder.path.join("release").join(name), folder.path.join("old").join(name)).unwrap();
    }
    insta::assert_snapshot!("since", folder.run(&["plan", "release", "old", "--since", "old"]));
}

#[test]
fn a_target_with_too_low_a_version_is_told() {
    let folder = Folder::release();
    let set = ["release/FabFlows", "release/FabRobots", "release/FabRobotAccess"];
    let run = |provided: &str, more: &[&str]| {
        folder.run(&[&["plan"], &set[..], &["--provided", provided], more].concat())
    };
    insta::assert_snapshot!("provided_too_low", run("FabShared@1.0", &[]));
    let markdown = run("FabShared@1.0", &["--format", "markdown"]);
    assert!(markdown.contains("; the target has `1.0`\n"), "{markdown}");
    assert!(run("FabShared@2.0.1.4", &[]).starts_with("exit code 0\n"));
}

#[test]
fn a_plan_in_every_form() {
    let folder = Folder::release();
    for format in ["markdown", "importconfig", "mermaid", "dot", "github", "sarif", "junit"] {
        let told = folder.run(&["plan", "release", "--format", format]);
        assert!(told.starts_with("exit code 0\n"), "{told}");
        insta::assert_snapshot!(format!("plan_{format}"), told);
    }
}

#[test]
fn a_zip_and_a_folder_of_the_same_content_are_the_same() {
    let folder = Folder::release();
    fs_err::create_dir(folder.path.join("zips")).unwrap();
    for name in ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"] {
        let zip = folder.path.join(format!("zips/{name}.zip"));
        support::place::zip_of(&folder.path.join("release").join(name), &zip);
        folder.run(&["unpack", zip.as_str(), folder.path.join("packager").join(name).as_str()]);
    }
    for (new, old) in [("release", "zips"), ("zips", "release"), ("packager", "zips"), ("zips", "packager")] {
        let told = folder.run(&["plan", new, "--since", old, "--format", "markdown"]);
        assert!(told.starts_with("exit code 0\n"), "{told}");
        let unchanged =
            "**Unchanged, not imported again**: `FabRobotAccess`, `FabShared`, `FabRobots`, `FabFlows`\n";
        assert!(told.contains(unchanged), "{new} since {old}: {told}");
        assert!(told.ends_with("\nNo findings in 0 solutions\n--- stderr\n"), "{told}");
    }
    let json = folder.run(&["plan", "zips", "--since", "release", "--format", "json"]);
    assert!(json.contains("\"policies\": []"), "{json}");
    // One comment more in one of them, and it is planned again.
    let changed = "release/FabRobots/customizations.xml";
    folder.write(changed, &format!("{}\n<!-- -->\n", folder.read(changed).trim_end()));
    let told = folder.run(&["plan", "release", "--since", "zips", "--format", "list"]);
    assert!(told.contains("--- stdout\nFabRobots\n--- stderr"), "{told}");
}

#[test]
fn a_solution_in_two_packages_counts_once_everywhere() {
    const COMMANDS: [&[&str]; 3] = [&["where-used", "shared_sharepointonline"], &["graph"], &["secrets"]];
    let folder = Folder::release();
    let alone = COMMANDS.map(|command| folder.run(&[command, &["release"]].concat()));
    fs_err::create_dir(folder.path.join("zips")).unwrap();
    let zip = folder.path.join("zips/FabFlows.zip");
    support::place::zip_of(&folder.path.join("release/FabFlows"), &zip);
    folder.write("solship.toml", "solutions = [\"release/*\", \"zips/*.zip\"]\n");
    let result = |told: &str| told.split_once("--- stderr").unwrap().0.to_owned();
    for (command, expected) in COMMANDS.iter().zip(alone) {
        let told = folder.run(command);
        assert_eq!(result(&told), result(&expected));
        assert!(told.ends_with("config: solship.toml is used\n"), "{told}");
        let is_told = told.contains("warning: zips/FabFlows.zip:solution.xml:")
            && told.contains(
                ": FabFlows 3.1.0.0 is there in two packages; release/FabFlows counts; take the other away if that is wrong\n",
            );
        // FabFlows has nothing to do with secrets.
        assert_eq!(is_told, command[0] != "secrets", "{told}");
    }
}

#[test]
fn levels_hold_for_secrets_too() {
    let folder = Folder::release();
    let values = "release/FabRobotAccess/environmentvariabledefinitions/fab_Robot7Password/environmentvariabledefinition.xml";
    folder.write(values, &folder.read(values).replace("/secrets/", "/keys/"));
    let told = folder.run(&["secrets", "release"]);
    assert!(told.starts_with("exit code 1\n") && told.contains("error[SEC002]"), "{told}");
    folder.write("solship.toml", "[levels]\nSEC002 = \"note\"\n");
    let told = folder.run(&["secrets", "release"]);
    assert!(told.starts_with("exit code 0\n") && told.contains("note[SEC002]"), "{told}");
    assert!(told.ends_with("config: solship.toml is used; it changes the level of 1 finding\n"), "{told}");
    let told = folder.run(&["secrets", "release", "--forbid-exceptions"]);
    assert!(told.starts_with("exit code 1\n") && told.contains("error[CFG001]"), "{told}");
}

#[test]
fn every_command_that_reads_a_configuration_names_it() {
    let folder = Folder::release();
    folder.write("solship.toml", "solutions = [\"release/FabShared\"]\n");
    for command in ["plan", "inspect", "secrets", "graph", "verify"] {
        let told = folder.run(&[command]);
        assert!(told.contains("\nconfig: solship.toml is used\n"), "{command}: {told}");
        let told = folder.run(&[command, "--no-config"]);
        assert!(told.starts_with("exit code 2\n") && !told.contains("config: "), "{command}: {told}");
    }
}
