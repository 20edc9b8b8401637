//! Connection references: section `connectionreferences` of customizations.xml (`FORMATS.md` §4).

use serde::Serialize;

/// What only a connection reference has.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionReference {
    /// `/providers/Microsoft.PowerApps/apis/shared_x`.
    pub connector_id: String,
}

impl ConnectionReference {
    /// Last part of the connector's id: `shared_x`.
    pub fn connector(&self) -> &str {
        self.connector_id.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is of the connector of desktop flows, whose connections sign in with credentials.
    pub fn is_for_desktop_flows(&self) -> bool {
        self.connector().eq_ignore_ascii_case("shared_uiflow")
    }
}
