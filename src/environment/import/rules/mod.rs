//! The rules of an import, one a file, in the order in which the platform looks: at the manifest, at what it needs, at its
//! components. Each tells of everything that breaks it.

use super::Refusal;
use super::checked::Checked;

macro_rules! rules {
    ($($rule:ident),* $(,)?) => {
        $(mod $rule;)*

        /// Every broken rule.
        pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
            const RULES: &[fn(&Checked<'_>) -> Vec<Refusal>] = &[$($rule::broken),*];
            RULES.iter().flat_map(|rule| rule(checked)).collect()
        }
    };
}

rules! {
    system_solution,
    publisher_changed,
    managed_mismatch,
    lower_version,
    staged_upgrade,
    patch_parent,
    parent_locked,
    solution_not_installed,
    missing_dependency,
    managed_needs_unmanaged,
    root_component_missing,
    process_name_taken,
    lookup_missing,
    credential_variables,
    component_in_use,
}
