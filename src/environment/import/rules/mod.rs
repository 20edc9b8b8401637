//! The rules of an import, one a file, in the order in which the platform looks: at the manifest, at what it needs, at its
//! components. Each tells of everything that breaks it.

use super::Refusal;
use super::checked::Checked;

macro_rules! rules {
    (first { $($first:ident),* $(,)? } $($rule:ident),* $(,)?) => {
        $(mod $first;)*
        $(mod $rule;)*

        /// Every broken rule. A package that is the wrong one as such is told so once: what else would be broken follows from it,
        /// or is another package's affair.
        pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
            type Rule = fn(&Checked<'_>) -> Vec<Refusal>;
            const FIRST: &[Rule] = &[$($first::broken),*];
            const RULES: &[Rule] = &[$($rule::broken),*];
            let first = FIRST.iter().map(|rule| rule(checked)).find(|refusals| !refusals.is_empty());
            first.unwrap_or_else(|| RULES.iter().flat_map(|rule| rule(checked)).collect())
        }
    };
}

rules! {
    first {
        system_solution,
        publisher_changed,
        managed_mismatch,
        lower_version,
    }
    import_mode,
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
