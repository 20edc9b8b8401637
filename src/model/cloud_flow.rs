//! Cloud flows (category 5): the row in customizations.xml and the JSON beside it (`FORMATS.md` §3.3).

use serde::Serialize;

/// What only a cloud flow has.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CloudFlow {
    /// Exported as activated.
    pub on: bool,
    /// It may sign in with a credential: it uses the connector of desktop flows, or runs a desktop flow.
    pub runs_desktop_flows: bool,
    /// Connectors that it uses, `shared_x`, sorted.
    pub connectors: Vec<String>,
}
