//! What one layer says of a component: as much of it as the rules of an import ask for.

use serde::{Deserialize, Serialize};

use super::value::Value;
use crate::model::{
    Component, ComponentKey, CredentialKind, CredentialUse, Details, Relation, Target, Use, VariableType,
};

/// What one layer says of a component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// How a sentence names it: `cloud flow "Run payroll"`.
    pub words: String,
    /// Other identities under which it is referred to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub aliases: Vec<ComponentKey>,
    /// SHA-256 of its canonical form without values; none where the content is in no file of its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fingerprint: Option<String>,
    /// The package only holds it: it is the platform's, or another solution brings it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub held_only: bool,
    /// What it refers to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub needs: Vec<Need>,
    /// What only its kind has.
    pub facts: Facts,
}

/// One thing that a component refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// What.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// The verb: "cloud flow X *runs* desktop flow Y".
    pub words: String,
    /// How the platform takes it when it is not there.
    pub strength: Strength,
}

/// How the platform takes it when what is referred to is not there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum Strength {
    /// A lookup to a row: the import fails.
    Lookup,
    /// A name or id inside a text: the import goes through, and what refers does not work.
    Text,
    /// Mostly a part of the platform, or a guess: nothing is said of it.
    Loose,
}

/// What only one kind of component has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Facts {
    /// An environment variable definition.
    #[serde(rename_all = "camelCase")]
    Variable {
        /// Its type.
        #[serde(rename = "variableType")]
        kind: VariableType,
        /// Its default value.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        default: Option<Value>,
        /// The value that the package carries.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        packaged: Option<Value>,
    },
    /// The value of a variable that another package defines.
    VariableValue {
        /// The value.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        packaged: Option<Value>,
    },
    /// A connection reference.
    ConnectionReference {
        /// `shared_x`.
        connector: String,
    },
    /// A cloud flow.
    #[serde(rename_all = "camelCase")]
    CloudFlow {
        /// Exported as activated.
        on: bool,
        /// It may sign in with a credential.
        runs_desktop_flows: bool,
    },
    /// A desktop flow.
    #[serde(rename_all = "camelCase")]
    DesktopFlow {
        /// It gets a credential itself.
        uses_credentials: bool,
    },
    /// A credential.
    Credential {
        /// Its kind.
        #[serde(rename = "credentialKind")]
        kind: CredentialKind,
        /// Variables by column.
        variables: Vec<(String, ComponentKey)>,
        /// Where it may be used; empty where that is not said.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        uses: Vec<CredentialUse>,
    },
    /// A classic process.
    Process {
        /// What a person calls its category: `workflow`, `business rule`.
        category: String,
        /// Display name.
        name: String,
    },
    /// Anything else.
    Other,
}

impl Content {
    /// What a package says of a component. `brings`: it is its own; `fingerprint`: as of [`Content::fingerprint`].
    pub fn new(component: &Component, brings: bool, fingerprint: Option<String>) -> Self {
        Self {
            words: component.described(),
            aliases: component.aliases.clone(),
            fingerprint,
            held_only: !brings,
            needs: component.uses.iter().filter_map(Need::new).collect(),
            facts: Facts::new(component),
        }
    }
}

impl Content {
    /// The values that it carries, by the member of [`Facts`] that holds them.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let (default, packaged) = match &self.facts {
            Facts::Variable { default, packaged, .. } => (default.as_ref(), packaged.as_ref()),
            Facts::VariableValue { packaged } => (None, packaged.as_ref()),
            _ => (None, None),
        };
        default.map(|value| ("default", value)).into_iter().chain(packaged.map(|value| ("packaged", value)))
    }

    /// What a person calls the kind of the component, singular.
    pub fn kind<'c>(&'c self, key: &'c ComponentKey) -> &'c str {
        match &self.facts {
            Facts::CloudFlow { .. } => "cloud flow",
            Facts::DesktopFlow { .. } => "desktop flow",
            Facts::Process { category, .. } => category,
            _ => key.kind.words(),
        }
    }

    /// The value of that name, where there is one.
    pub fn value_mut(&mut self, name: &str) -> Option<&mut Value> {
        match (&mut self.facts, name) {
            (Facts::Variable { default, .. }, "default") => default.as_mut(),
            (Facts::Variable { packaged, .. } | Facts::VariableValue { packaged }, "packaged") => {
                packaged.as_mut()
            }
            _ => None,
        }
    }
}

impl Need {
    fn new(used: &Use) -> Option<Self> {
        let Target::Component(component) = &used.target else { return None };
        Some(Self {
            component: component.clone(),
            words: used.relation.words().to_owned(),
            strength: Strength::of(used.relation),
        })
    }
}

impl Strength {
    /// Which references are lookups to a row, and which stand in a text.
    pub(crate) fn of(relation: Relation) -> Self {
        use Relation::*;
        match relation {
            CredentialUserName
            | CredentialPassword
            | CredentialCertificate
            | CredentialCyberArkSafe
            | CredentialCyberArkObject
            | CredentialCyberArkUserName
            | CredentialConnectionReference
            | CredentialDefault
            | VariableParent
            | VariableValueOf
            | VariableConnectionReference
            | ConnectionReferenceConnector
            | BotComponentConnectionReference
            | BotComponentVariable
            | BotComponentFlow => Self::Lookup,
            FlowConnectionReference
            | FlowVariable
            | FlowChildFlow
            | FlowDesktopFlow
            | DesktopFlowChildFlow
            | DesktopFlowConnectionReference
            | DesktopFlowWorkQueue
            | DesktopFlowVariable
            | CanvasAppConnectionReference
            | CanvasAppVariable
            | CanvasAppFlow => Self::Text,
            _ => Self::Loose,
        }
    }
}

impl Facts {
    fn new(component: &Component) -> Self {
        let value = |text: &Option<crate::model::Masked>| text.clone().map(Value::Known);
        match &component.details {
            Details::EnvironmentVariable(variable) => Self::Variable {
                kind: variable.kind,
                default: value(&variable.default),
                packaged: value(&variable.value),
            },
            Details::EnvironmentVariableValue(row) => Self::VariableValue { packaged: value(&row.value) },
            Details::ConnectionReference(reference) => {
                Self::ConnectionReference { connector: reference.connector().to_owned() }
            }
            Details::CloudFlow(flow) => {
                Self::CloudFlow { on: flow.on, runs_desktop_flows: flow.runs_desktop_flows }
            }
            Details::DesktopFlow(flow) => Self::DesktopFlow { uses_credentials: flow.uses_credentials },
            Details::Credential(credential) => {
                let (variables, uses) = (credential.variables.clone(), credential.uses.clone());
                Self::Credential { kind: credential.kind, variables, uses }
            }
            Details::Process(process) => {
                Self::Process { category: process.category.words().to_owned(), name: component.name.clone() }
            }
            Details::Other => Self::Other,
        }
    }
}
