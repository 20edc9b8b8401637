//! A plan without what need not be imported again.

use std::collections::HashSet;

use super::{Need, Plan, PolicyReason};
use crate::model::SolutionIdentity;

impl Plan {
    /// Takes away the solutions that the target has as they are. The order of the others stays, also where it came from
    /// one between them; what was said of those that are gone goes with them.
    pub fn leave_out(&mut self, is_there: impl Fn(&SolutionIdentity) -> bool) {
        let (gone, stay): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.steps).into_iter().partition(|step| is_there(&step.solution));
        let names: HashSet<String> = gone.iter().map(|step| step.solution.unique_name.clone()).collect();
        self.unchanged.extend(gone.into_iter().map(|step| step.solution));
        self.steps = stay;
        for policy in &mut self.policies {
            policy.before.retain(|name| !names.contains(name));
            policy.after.retain(|name| !names.contains(name));
        }
        for (number, step) in self.steps.iter_mut().enumerate() {
            step.number = number + 1;
            step.after.retain(|after| !names.contains(&after.solution));
        }
        let of_others = |need: &mut Need| {
            need.components.retain(|part| !names.contains(&part.solution));
            need.needed_by.retain(|name| !names.contains(name));
            !need.components.is_empty()
        };
        // What holds nobody back any more goes, and the others move up.
        let mut number = 0;
        let held: Vec<Option<usize>> = self
            .policies
            .iter()
            .map(|policy| {
                let holds = !policy.before.is_empty() && !policy.after.is_empty();
                number += usize::from(holds);
                holds.then(|| number - 1)
            })
            .collect();
        for step in &mut self.steps {
            step.policy = step.policy.take().and_then(|reason| {
                let policy = held.get(reason.policy).copied().flatten()?;
                Some(PolicyReason { policy, ..reason })
            });
        }
        self.policies.retain(|policy| !policy.before.is_empty() && !policy.after.is_empty());
        self.unresolved.retain_mut(of_others);
        self.platform.retain_mut(of_others);
        self.findings.retain(|finding| !names.contains(&finding.solution));
    }
}
