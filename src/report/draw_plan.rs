//! A plan as a drawing: an arrow from each solution to what must come after it.

use std::collections::HashMap;

use super::drawing::{Drawing, EdgeLine, NodeLook};
use crate::plan::Plan;

/// Boxes in import order, policies dashed. A policy with several solutions on each side is one small box between them.
pub fn plan(plan: &Plan) -> Drawing {
    let mut drawing = Drawing::default();
    let mut boxes: HashMap<&str, usize> = HashMap::new();
    for step in &plan.steps {
        let lines = [step.solution.unique_name.clone(), step.solution.version.to_string()];
        boxes.insert(&step.solution.unique_name, drawing.node(lines, NodeLook::Plain));
    }
    for step in &plan.steps {
        for after in &step.after {
            let label = match after.reasons.len() {
                1 => "1 reason".to_owned(),
                more => format!("{more} reasons"),
            };
            let (from, to) = (boxes[&*after.solution], boxes[&*step.solution.unique_name]);
            drawing.edge(from, to, label, EdgeLine::Solid);
        }
    }
    for policy in &plan.policies {
        let shown = |before: &str, after: &str| {
            let step = plan.steps.iter().find(|step| step.solution.unique_name == after);
            step.is_some_and(|step| step.after.iter().any(|known| known.solution == before))
        };
        let node = |name: &String| boxes[&**name];
        if let ([before], _) = (&policy.before[..], &policy.after[..]) {
            for after in policy.after.iter().filter(|after| !shown(before, after)) {
                drawing.edge(node(before), node(after), "policy", EdgeLine::Dashed);
            }
            continue;
        }
        let group = drawing.node(["credentials first"], NodeLook::Absent);
        policy.before.iter().for_each(|name| drawing.edge(node(name), group, "", EdgeLine::Dashed));
        policy.after.iter().for_each(|name| drawing.edge(group, node(name), "policy", EdgeLine::Dashed));
    }
    drawing
}
