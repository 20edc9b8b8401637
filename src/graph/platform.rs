//! The platform's own solutions, which no release brings. The rows are in `platform.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// Which environments have a solution of the platform.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PlatformClass {
    /// Every Dataverse environment, or every one with Power Automate, Copilot Studio, AI Builder or Power Pages.
    Base,
    /// Those with a Dynamics 365 or other first-party app.
    App,
}

#[derive(Deserialize)]
struct Table {
    solution: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: Option<String>,
    prefix: Option<String>,
    class: PlatformClass,
    #[serde(rename = "source")]
    _source: String,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("platform.toml")).expect("a test reads the table"));

/// The class of a solution of the platform; none for every other solution. Names compare without case.
pub fn platform_class(unique_name: &str) -> Option<PlatformClass> {
    let starts_with = |prefix: &str| {
        unique_name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let by_name = TABLE
        .solution
        .iter()
        .find(|row| row.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(unique_name)));
    let by_prefix = || {
        let rows = TABLE.solution.iter().filter(|row| row.prefix.as_deref().is_some_and(starts_with));
        rows.max_by_key(|row| row.prefix.as_ref().map_or(0, String::len))
    };
    by_name.or_else(by_prefix).map(|row| row.class)
}

/// The solution that is a layer of every environment and never travels, by that name.
pub fn system_solution(unique_name: &str) -> Option<&'static str> {
    const LAYERS: &[&str] = &["Active", "Basic", "System"];
    LAYERS.iter().copied().find(|layer| layer.eq_ignore_ascii_case(unique_name))
}

/// Whether it is the solution with everything in it that is not managed.
pub fn is_default_solution(unique_name: &str) -> bool {
    unique_name.eq_ignore_ascii_case("Default")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_or_a_prefix() {
        assert!(TABLE.solution.iter().all(|row| row.name.is_some() != row.prefix.is_some()));
    }

    #[test]
    fn a_name_counts_before_a_prefix_and_case_does_not() {
        assert_eq!(platform_class("MSDYN_aisolution"), Some(PlatformClass::Base));
        assert_eq!(platform_class("msdyn_SalesOmniChannel"), Some(PlatformClass::App));
        assert_eq!(platform_class("msdynce_Sales"), Some(PlatformClass::App));
        assert_eq!(platform_class("CreatorKitCore"), None);
        assert_eq!(platform_class("é"), None);
    }
}
