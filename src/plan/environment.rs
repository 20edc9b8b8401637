//! What a plan is told of the environment that is the target.

use std::collections::BTreeSet;

use super::Options;
use crate::config::SignsIn;
use crate::environment::{SolutionName, State, provided, signs_in};
use crate::graph::stated_sign_ins;
use crate::model::Solution;

impl Options {
    /// Takes in what an environment has: solutions that the set has not, and which connection reference signs in with which
    /// credential, as far as the set has both (what else it has is nothing that was stated wrongly). `label` is how messages
    /// name it.
    pub fn tell(&mut self, label: &str, state: &State, set: &[Solution]) {
        let own: BTreeSet<SolutionName> =
            set.iter().map(|solution| SolutionName::new(&solution.manifest.unique_name)).collect();
        let others = provided(state).into_iter();
        self.provided.extend(others.filter(|there| !own.contains(&SolutionName::new(&there.unique_name))));
        let set: Vec<&Solution> = set.iter().collect();
        let fits = |signs_in: &SignsIn| stated_sign_ins(&set, std::slice::from_ref(signs_in)).1.is_empty();
        self.signs_in.extend(signs_in(state, label).into_iter().filter(fits));
    }
}
