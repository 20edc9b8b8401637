//! Environment variables, definitions and values, in all three generations (`FORMATS.md` §2.2).

use serde::Serialize;

use super::{Masked, SecretReference};

/// What only an environment variable has.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentVariable {
    /// `type`.
    #[serde(rename = "variableType")]
    pub kind: VariableType,
    /// The default value, masked; none when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Masked>,
    /// The current value that the package carries, masked; a row without a value counts as none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Masked>,
    /// For a secret: what its value, or else its default, names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretReference>,
    /// For a text: the form of a user name in its value, or else its default, when it looks like one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name_form: Option<UserNameForm>,
    /// `isrequired`.
    pub required: bool,
}

/// `type` of an environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VariableType {
    /// 100000000
    Text,
    /// 100000001
    Number,
    /// 100000002
    Boolean,
    /// 100000003
    Json,
    /// 100000004
    DataSource,
    /// 100000005
    Secret,
    /// Another number, or none.
    Unknown(Option<u32>),
}

/// How a user name is written; the name itself is never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UserNameForm {
    /// `DOMAIN\user`
    Domain,
    /// `user@domain`
    Principal,
    /// `user`, or `.\user`
    Local,
}
