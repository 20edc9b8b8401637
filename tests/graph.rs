//! `solship graph`: whole outputs on the fixtures, and the network of real archives against their references.

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use rayon::prelude::*;
use solship::excerpt::{Selection, components};
use solship::graph::{Link, Network, find, references};
use solship::model::Solution;
use solship::report::{TextOptions, text_graph, tsv};

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
    let solutions: Vec<&Solution> = all.iter().map(|(_, solution)| solution).collect();
    let network = Network::new(&solutions, &[]);
    for solution in &solutions {
        for component in &solution.components {
            let node = network.node_of(&component.key).expect("a node");
            let held = network.holder_names(node);
            let name = &solution.manifest.unique_name;
            assert!(held.iter().any(|held| held.eq_ignore_ascii_case(name)), "{} in {name}", component.key);
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
