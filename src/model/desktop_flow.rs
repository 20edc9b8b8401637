//! Desktop flows (category 6), all of them in customizations.xml (`FORMATS.md` §3.4).

use serde::Serialize;

/// What only a desktop flow has.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DesktopFlow {
    /// `containsActiveCredentialsActions` in its metadata: it gets a credential itself.
    pub uses_credentials: bool,
    /// Schema version, such as `2022.07`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<String>,
    /// Binaries that belong to it.
    pub binaries: usize,
}
