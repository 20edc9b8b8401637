//! A plan without what need not be imported again.

use std::collections::HashSet;

use super::{Need, Plan};
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
            let is_held = |policy: usize| !self.policies[policy].before.is_empty();
            step.policy = step.policy.take().filter(|reason| is_held(reason.policy));
        }
        let of_others = |need: &mut Need| {
            need.components.retain(|part| !names.contains(&part.solution));
            need.needed_by.retain(|name| !names.contains(name));
            !need.components.is_empty()
        };
        self.unresolved.retain_mut(of_others);
        self.platform.retain_mut(of_others);
        self.findings.retain(|finding| !names.contains(&finding.solution));
    }
}
