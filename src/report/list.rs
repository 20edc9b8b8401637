//! `--format list`: for scripts, one unique name a line.

use super::page::{Page, plain};
use crate::plan::Plan;

/// Every solution's unique name once, in import order; members of a cycle stand together.
pub fn plan(plan: &Plan) -> String {
    let mut page = Page::new(false);
    for step in &plan.steps {
        page.line(0, &[plain(&step.solution.unique_name)]);
    }
    page.finish()
}
