//! `solship graph`: whole outputs on the fixtures, and the network of real archives against their references.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use rayon::prelude::*;
use solship::excerpt::{Excerpt, Selection, components, solutions};
use solship::graph::{Link, Network, find, references};
use solship::model::Solution;
use solship::plan::{Options, plan};
use solship::report::{TextOptions, text_graph, tsv};
use support::made::Made;

fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_solship"))
        .arg("graph")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    let code = output.status.code().expect("an exit code");
    format!("exit code {code}\n--- stdout\n{}--- stderr\n{}", text(output.stdout), text(output.stderr))
}

#[test]
fn this_is_how_it_looks() {
    const RELEASE: &str = "fixtures/release";
    for (name, arguments) in [
        ("whole", &[RELEASE][..]),
        ("from", &[RELEASE, "--from", "Run payroll"]),
        ("to", &[RELEASE, "--to", "fab_sharepoint"]),
        ("between", &[RELEASE, "--from", "Enter invoices", "--to", "connector:shared_sharepointonline"]),
        ("depth", &[RELEASE, "--from", "Run payroll", "--depth", "1", "--format", "tsv"]),
        ("types", &[RELEASE, "--type", "variable", "--type", "credential", "--format", "mermaid"]),
        ("solutions", &[RELEASE, "--level", "solution"]),
        ("solutions_dot", &[RELEASE, "--level", "solution", "--format", "dot"]),
        ("solutions_json", &[RELEASE, "--level", "solution", "--from", "fabrobots", "--format", "json"]),
        ("cycle", &["fixtures/cycle", "--level", "solution"]),
        ("no_such_type", &[RELEASE, "--type", "dialog"]),
        ("no_such_node", &[RELEASE, "--from", "Run pay roll"]),
        ("no_such_solution", &[RELEASE, "--level", "solution", "--to", "FabRobot"]),
    ] {
        insta::assert_snapshot!(name, run(arguments));
    }
}

/// Pairs "this needs that" of an excerpt of solutions, ways over a policy taken as one step.
fn pairs(excerpt: &Excerpt) -> BTreeSet<(String, String)> {
    let name = |node: usize| excerpt.nodes[node].key.clone();
    let is_policy = |node: usize| excerpt.nodes[node].type_name == "policy";
    let mut pairs = BTreeSet::new();
    for edge in &excerpt.edges {
        if is_policy(edge.to) {
            let beyond = excerpt.edges.iter().filter(|other| other.from == edge.to);
            pairs.extend(beyond.map(|other| (name(edge.from), name(other.to))));
        } else if !is_policy(edge.from) && !excerpt.nodes[edge.to].absent {
            pairs.insert((name(edge.from), name(edge.to)));
        }
    }
    // One that holds both may be on both sides of a policy.
    pairs.retain(|(from, to)| from != to);
    pairs
}

#[test]
fn solutions_of_the_scenarios_need_what_comes_before_them() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let mut count = 0;
    for folder in scenarios.read_dir_utf8().unwrap().map(|folder| folder.unwrap().into_path()) {
        if !folder.is_dir() {
            continue;
        }
        let files = folder.read_dir_utf8().unwrap().map(|file| file.unwrap().into_path());
        let zips = files.filter(|file| file.extension() == Some("zip"));
        let held: Vec<Solution> =
            zips.map(|path| Solution::read(&support::corpus::open(&path)).unwrap()).collect();
        let expected = fs_err::read_to_string(folder.join("expected.json")).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
        let name = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let constraints = expected["constraints"].as_array().unwrap().iter();
        let wanted: BTreeSet<(String, String)> =
            constraints.map(|one| (name(&one["after"]), name(&one["before"]))).collect();
        let excerpt = solutions(&plan(&held, &Options::default()), &Selection::default()).unwrap();
        assert_eq!(pairs(&excerpt), wanted, "{folder}");
        count += wanted.len();
    }
    assert!(count >= 12, "{count} pairs");
}

#[test]
fn a_policy_between_many_is_one_node() {
    let mut held = Vec::new();
    for number in 1..=3 {
        held.push(Made::new(&format!("Access{number}"), "1.0").credential(number, "Robot").done());
        held.push(Made::new(&format!("Robots{number}"), "1.0").robot_flow(10 + number).done());
    }
    let excerpt = solutions(&plan(&held, &Options::default()), &Selection::default()).unwrap();
    assert_eq!((excerpt.nodes.len(), excerpt.edges.len()), (7, 6));
    assert!(excerpt.edges.iter().all(|edge| edge.policy));
    assert_eq!(pairs(&excerpt).len(), 9);
    let to = Selection { to: Some("ACCESS2".to_owned()), ..Selection::default() };
    let excerpt = solutions(&plan(&held, &Options::default()), &to).unwrap();
    // The three that wait, the policy, and the goal.
    assert_eq!(excerpt.nodes.len(), 5);
}

/// What an edge and a reference have in common: the two nodes, the relation, and the place.
type Fact = (usize, usize, String, String);

#[test]
fn the_network_of_a_real_archive_is_its_references() {
    let Some(corpus) = support::shared("corpus") else { return };
    let counts: Vec<usize> = support::corpus::solutions(&corpus)
        .into_par_iter()
        .map(|(_, solution)| {
            let solutions = [&solution];
            let network = Network::new(&solutions, &[]);
            let mut edges: BTreeMap<Fact, i64> = BTreeMap::new();
            for edge in network.edges() {
                let relation = match edge.link {
                    Link::Reference(relation) => relation.name(),
                    Link::Declared => "declared",
                    Link::OfConnector
                    | Link::UsesConnector
                    | Link::NamesSecret
                    | Link::InVault
                    | Link::Stated => {
                        continue;
                    }
                };
                let fact = (edge.from, edge.to, relation.to_owned(), edge.place.to_string());
                *edges.entry(fact).or_default() += 1;
            }
            let mut count = 0;
            for reference in references(&solution) {
                let Some(to) = &reference.to else { continue };
                let node = |key| {
                    network
                        .node_of(key)
                        .unwrap_or_else(|| panic!("{}: {key} is not one node", solution.source))
                };
                let relation = reference.relation.map_or("declared", |relation| relation.name());
                let fact =
                    (node(&reference.from), node(to), relation.to_owned(), reference.place.to_string());
                *edges.entry(fact).or_default() -= 1;
                count += 1;
            }
            edges.retain(|_, count| *count != 0);
            assert!(edges.is_empty(), "{}: {edges:?}", solution.source);
            count
        })
        .collect();
    let references: usize = counts.iter().sum();
    assert!(references > 40_000, "only {references} references");
}

#[test]
fn all_real_archives_together_can_be_drawn_and_searched() {
    let Some(corpus) = support::shared("corpus") else { return };
    let all = support::corpus::solutions(&corpus);
    let held: Vec<&Solution> = all.iter().map(|(_, solution)| solution).collect();
    let network = Network::new(&held, &[]);
    for solution in &held {
        for component in &solution.components {
            let node = network.node_of(&component.key).expect("a node");
            let holders = network.holder_names(node);
            let name = &solution.manifest.unique_name;
            assert!(
                holders.iter().any(|holder| holder.eq_ignore_ascii_case(name)),
                "{} in {name}",
                component.key
            );
        }
    }
    let sharepoint = find(&network, "shared_sharepointonline");
    assert_eq!(sharepoint.len(), 1);
    assert!(network.needed_by(sharepoint[0]).count() > 10);
    let excerpt = components(&network, &Selection::default()).expect("everything");
    assert_eq!(excerpt.nodes.len(), network.nodes().len());
    let references: usize = excerpt.edges.iter().map(|edge| edge.proofs.len()).sum();
    assert_eq!(references, network.edges().len());
    assert_eq!(tsv::graph(&excerpt).lines().count(), references + 1);
    let text = text_graph::graph(&excerpt, &TextOptions::default());
    assert!(text.lines().count() < 10_000, "{}", text.lines().count());
}
