//! Credentials, in both container forms (`FORMATS.md` §1).

use serde::{Serialize, Serializer};

use super::ComponentKey;

/// What only a credential has.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// `connectiontype`.
    pub kind: CredentialKind,
    /// `usagetype`, a multi-select choice.
    pub uses: Vec<CredentialUse>,
    /// Variables by column (`username`, `password`, `certificate`, `cyberarksafe` …), in the order of the source.
    #[serde(serialize_with = "columns_with_variables")]
    #[schemars(with = "Vec<ColumnVariable>")]
    pub variables: Vec<(String, ComponentKey)>,
    /// Other columns that are filled, by name, in the order of the source; their values are not kept.
    pub columns: Vec<String>,
}

/// How [`Credential::variables`] is written: `{ "column": "username", "type": …, "key": … }`.
#[derive(Serialize, schemars::JsonSchema)]
struct ColumnVariable<'c> {
    /// The column of the credential.
    column: &'c str,
    /// The variable.
    #[serde(flatten)]
    variable: &'c ComponentKey,
}

fn columns_with_variables<S: Serializer>(
    variables: &[(String, ComponentKey)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(variables.iter().map(|(column, variable)| ColumnVariable { column, variable }))
}

impl Credential {
    /// The variable of a column.
    pub fn variable(&self, column: &str) -> Option<&ComponentKey> {
        self.variables.iter().find(|(name, _)| name == column).map(|(_, key)| key)
    }
}

/// `connectiontype` (`FORMATS.md` §1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CredentialKind {
    /// 1, Azure Key Vault
    UserNamePassword,
    /// 2
    UserNamePasswordList,
    /// 3
    UserNamePasswordListWithGroupMapping,
    /// 4
    CyberArk,
    /// 5
    Certificate,
    /// 6
    MachineMapping,
    /// 7
    ConnectionReference,
    /// Another number, or none.
    Unknown(Option<u32>),
}

/// `usagetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CredentialUse {
    /// 280920000
    Connection,
    /// 280920001
    DesktopFlow,
    /// 280920002
    Network,
    /// 280920003
    ComputerUse,
    /// Another number.
    Unknown(u32),
}
