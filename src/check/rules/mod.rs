//! Every rule, one file each; what is found on the way is in [`on_the_way`]. [`RULES`] is the registry.

mod on_the_way;

use super::rule::Rule;
use crate::model::Code;

macro_rules! registry {
    ($($rule:ident)*) => {
        $(mod $rule;)*

        /// The rules that look by themselves.
        static OWN: &[Rule] = &[$($rule::RULE),*];
    };
}

// In the order of the codes.
registry! {
    secret_in_plain_value
    credential_use_unfit
    credential_other_connector
    rotation_unfit
    rotation_incomplete
    credential_not_in_cloud
    cyberark_preview
    credential_column_unfit
    packaged_value
}

/// Every rule, those that look by themselves first.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    OWN.iter().chain(on_the_way::RULES)
}

/// The rule of a code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    rules().find(|rule| rule.code == code)
}
