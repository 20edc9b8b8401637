//! Graphs as drawings: arrows point from the one that needs to the one that is needed; what only a policy suggests is dashed.

use super::drawing::{Drawing, EdgeLine, NodeLook};
use crate::excerpt::{Ends, Excerpt};
use crate::graph::{NodeFacts, Proof};
use crate::where_used::WhereUsed;

/// An excerpt of the graph.
pub fn excerpt(excerpt: &Excerpt) -> Drawing {
    let asked: &[usize] = match &excerpt.ends {
        Some(Ends::From(nodes) | Ends::To(nodes)) => nodes,
        None => &[],
    };
    let mut drawing = Drawing::default();
    for (index, facts) in excerpt.nodes.iter().enumerate() {
        drawing.node(lines(facts), look(facts, asked.contains(&index)));
    }
    for edge in &excerpt.edges {
        drawing.edge(
            edge.from,
            edge.to,
            label(&edge.proofs, edge.references(), edge.policy),
            line(edge.policy),
        );
    }
    drawing
}

/// Where something is used; each answer on its own.
pub fn where_used(result: &WhereUsed) -> Drawing {
    let mut drawing = Drawing::default();
    for answer in &result.answers {
        let first = drawing.nodes.len();
        for (index, node) in answer.nodes.iter().enumerate() {
            drawing.node(lines(&node.facts), look(&node.facts, index == 0));
        }
        for step in &answer.steps {
            let label =
                if step.may { "may".to_owned() } else { label(&step.proofs, step.proofs.len(), false) };
            drawing.edge(first + step.by, first + step.used, label, line(step.may));
        }
    }
    drawing
}

fn lines(facts: &NodeFacts) -> Vec<String> {
    let mut lines = vec![facts.words.clone()];
    if facts.absent {
        lines.push("not in the set".to_owned());
    } else if !facts.solutions.is_empty() {
        let names: Vec<&str> = facts.solutions.iter().map(|solution| solution.unique_name.as_str()).collect();
        lines.push(match names[..] {
            [first, _, _, ..] => format!("{first} and {} more", names.len() - 1),
            _ => names.join(", "),
        });
    }
    lines
}

fn look(facts: &NodeFacts, is_asked: bool) -> NodeLook {
    match (is_asked, facts.absent) {
        (true, _) => NodeLook::Asked,
        (false, true) => NodeLook::Absent,
        (false, false) => NodeLook::Plain,
    }
}

fn line(is_policy: bool) -> EdgeLine {
    if is_policy { EdgeLine::Dashed } else { EdgeLine::Solid }
}

/// The first verb; between solutions, where each reference is a sentence, how many there are.
fn label(proofs: &[Proof], references: usize, is_policy: bool) -> String {
    let is_sentence = |proof: &Proof| matches!(&*proof.relation, "after" | "needs");
    match proofs {
        _ if is_policy => "policy".to_owned(),
        [] => String::new(),
        [first, ..] if is_sentence(first) => match references {
            1 => String::new(),
            count => super::words::counted(count, "reason"),
        },
        [first, ..] => first.words.to_string(),
    }
}
