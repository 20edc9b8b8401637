//! Where something is used, as a tree: the thing itself, under it what uses it, under that what uses those; beside each the
//! solutions that hold it, how the use is known, and where it stands. The last line says how much stands on it.

use super::page::{Page, Part, Table, bold, dim, plain};
use super::tree::{Again, Branch, Content, rows};
use super::words::{counted, thousands};
use super::{TextOptions, text_inspect};
use crate::graph::{Evidence, NodeFacts, Proof};
use crate::where_used::{Answer, UsageNode, UsageStep, WhereUsed};

/// So many solutions are named beside a node.
const SOLUTIONS: usize = 2;

/// Writes the answers, one after the other.
pub fn where_used(result: &WhereUsed, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    if result.answers.len() > 1 {
        let count = thousands(result.answers.len());
        page.line(
            0,
            &[bold(format!("{count} have that name")), dim("   TYPE:NAME, or the key, asks for one")],
        );
    }
    for answer in &result.answers {
        page.gap();
        tree(&mut page, answer, options);
        closing(&mut page, answer);
    }
    page.finish()
}

fn tree(page: &mut Page, answer: &Answer, options: &TextOptions) {
    let mut branches = vec![Vec::new(); answer.nodes.len()];
    for (edge, step) in answer.steps.iter().enumerate() {
        branches[step.used].push(Branch { node: step.by, edge });
    }
    let mut table = Table::of_trees();
    for row in rows(&[0], &branches, options.all) {
        match row.content {
            Content::Root(node) => {
                let facts = &answer.nodes[node].facts;
                table.row([
                    bold(node_words(facts, Again::No)),
                    plain(solutions(facts, options)),
                    plain(state(facts)),
                ]);
            }
            Content::Branch(branch, again) => {
                let step = &answer.steps[branch.edge];
                let node = &answer.nodes[branch.node];
                // What continues the tree beside further lines of one branch.
                let below = row.prefix.replace('├', "│").replace('└', " ");
                let words = format!("{}{}", row.prefix, node_words(&node.facts, again));
                step_rows(&mut table, words, &below, node, step, options);
            }
            Content::More(count) => {
                table.row([dim(format!("{}… and {} more (--all)", row.prefix, thousands(count)))]);
            }
            Content::Deeper(count) => {
                let words = format!("{}… {} more below (--all, --format json)", row.prefix, thousands(count));
                table.row([dim(words)]);
            }
        }
    }
    table.write(page);
}

/// One row; with `--all` one for each place.
fn step_rows(
    table: &mut Table,
    words: String,
    below: &str,
    node: &UsageNode,
    step: &UsageStep,
    options: &TextOptions,
) {
    let facts = &node.facts;
    let shown = if options.all { step.proofs.len() } else { 1 };
    let mut head = vec![plain(words), plain(solutions(facts, options)), plain(state(facts))];
    for (index, proof) in step.proofs.iter().take(shown).enumerate() {
        let mut how = proof_words(proof, step.may);
        if index + 1 == shown && step.proofs.len() > shown {
            how.push_str(&format!(", in {} more", counted(step.proofs.len() - shown, "place")));
        }
        let place = match (&proof.place, proof.evidence) {
            (Some(place), evidence) if evidence != Evidence::Stated => place.to_string(),
            _ => String::new(),
        };
        table.row(head.into_iter().chain([plain(how), dim(place)]));
        head = vec![plain(below), plain(""), plain("")];
    }
    if step.proofs.is_empty() {
        let may = if step.may { "may" } else { "" };
        table.row(head.into_iter().chain([plain(may)]));
    }
}

/// What is said of the step: `uses it`, `stated in solship.toml:12`.
fn proof_words(proof: &Proof, may: bool) -> String {
    match proof.evidence {
        // It says "may" itself.
        Evidence::Policy => proof.words.to_string(),
        Evidence::Stated => match &proof.place {
            Some(place) if place.line > 0 => format!("stated in {}:{}", place.file, place.line),
            Some(place) => format!("stated in {}", place.file),
            None => "stated".to_owned(),
        },
        Evidence::Declared => format!("declared: {} it", proof.words),
        Evidence::Observed | Evidence::Parent if may && !proof.words.starts_with("may ") => {
            format!("may: {} it", proof.words)
        }
        Evidence::Observed | Evidence::Parent => format!("{} it", proof.words),
    }
}

pub(super) fn node_words(facts: &NodeFacts, again: Again) -> String {
    let kind = match facts.credential_kind {
        Some(kind) if again == Again::No => format!(" ({})", text_inspect::credential_kind(kind)),
        _ => String::new(),
    };
    format!("{}{kind}{}", facts.words, again.words())
}

/// The solutions that hold a node, or that none does.
pub(super) fn solutions(facts: &NodeFacts, options: &TextOptions) -> String {
    if facts.absent {
        return "not in the set".to_owned();
    }
    let names: Vec<&str> = facts.solutions.iter().map(|solution| solution.unique_name.as_str()).collect();
    let shown = super::words::cut(names.len(), SOLUTIONS, options.all);
    let mut words = names[..shown].join(", ");
    if shown < names.len() {
        words.push_str(&format!(" and {} more", thousands(names.len() - shown)));
    }
    words
}

pub(super) fn state(facts: &NodeFacts) -> &'static str {
    match facts.on {
        Some(true) => "on",
        Some(false) => "off",
        None => "",
    }
}

fn closing(page: &mut Page, answer: &Answer) {
    let kind = answer.nodes.first().map_or("thing", |node| kind_of(&node.facts));
    let totals = answer.totals;
    let solutions = counted(totals.solutions, "solution");
    let words = match (totals.flows, totals.flows_that_may) {
        _ if answer.steps.is_empty() => "nothing in this set uses it".to_owned(),
        (0, 0) => format!("no flow stands on this {kind}"),
        (1, 0) => format!("1 flow in {solutions} stands on this {kind}"),
        (flows, 0) => format!("{} in {solutions} stand on this {kind}", counted(flows, "flow")),
        (0, may) => format!("{} in {solutions} may stand on this {kind}", counted(may, "flow")),
        (flows, may) => {
            let verb = if flows == 1 { "stands" } else { "stand" };
            let flows = counted(flows, "flow");
            format!("{flows} in {solutions} {verb} on this {kind}, {} more may", thousands(may))
        }
    };
    page.line(0, &[bold(words)]);
    let is_policy = |proof: &Proof| proof.evidence == Evidence::Policy;
    if answer.steps.iter().any(|step| step.may && step.proofs.iter().all(is_policy)) {
        let note: Part = dim("may: no package tells which connection or flow signs in with which credential");
        page.line(0, &[note]);
    }
}

/// The kind in words: what stands before the name.
fn kind_of(facts: &NodeFacts) -> &str {
    match facts.type_name.as_str() {
        "vault" | "secret" | "connector" => &facts.type_name,
        _ => facts
            .words
            .strip_suffix(&format!(" {}", facts.key))
            .unwrap_or_else(|| facts.words.split_once(" \"").map_or("component", |(kind, _)| kind)),
    }
}
