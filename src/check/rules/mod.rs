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
    needs_unmanaged_layer
    connection_reference_missing
    connector_mismatch
    hard_coded_environment_address
    connection_reference_unused
    plain_connection
    child_flow_missing
    flow_off
    desktop_flow_binary_missing
    desktop_flow_binary_orphaned
    old_desktop_flow_schema
    work_queue_missing
    account_in_connection_references
    hard_coded_tenant_id
    ill_formed_file
    unusual_archive
    missing_file
    root_without_content
    content_without_root
    foreign_prefix
    publisher_prefix_invalid
    default_solution
    version_form
    newer_platform_version
    too_large
    reserved_name
    blocked_attachment
    guid_twice
    names_equal_but_for_case
    patch_version
    option_set_missing
    plugin_types_removed
    older_platform_version
    secret_in_plain_value
    credential_use_unfit
    credential_other_connector
    rotation_unfit
    rotation_incomplete
    credential_not_in_cloud
    cyberark_preview
    credential_column_unfit
    packaged_value
    variable_without_value
    value_of_other_type
    value_too_long
    variable_name_invalid
    variable_foreign_prefix
    parent_variable_missing
    flow_variable_missing
    default_differs
}

/// Every rule, those that look by themselves first.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    OWN.iter().chain(on_the_way::RULES)
}

/// The rule of a code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    rules().find(|rule| rule.code == code)
}
