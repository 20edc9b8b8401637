//! One part of a solution, and what it uses.

use std::ops::Range;

use serde::Serialize;

use super::account_text::{account_ranges, domain_account_ranges};
use super::masked::MASK;
use super::{
    CloudFlow, ComponentKey, ComponentType, ConnectionReference, Credential, DesktopFlow,
    EnvironmentVariable, EnvironmentVariableValue, Masked, Place, Process, UserNameForm, looks_secret,
    masked_text,
};

/// One part of a solution.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// Its identity.
    #[serde(flatten)]
    pub key: ComponentKey,
    /// Other identities under which it is referred to (a custom connector: GUID and encoded name).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<ComponentKey>,
    /// Display name; the key where it has none.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// The table that a column, form, view or chart is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<ComponentKey>,
    /// The source says `unmodified`: it travels along but is not this solution's own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unmodified: bool,
    /// Root behaviour 2: the shell only, for other parts to hang on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shell: bool,
    /// What only this kind has.
    #[serde(flatten)]
    pub details: Details,
    /// What it refers to, in the order of the source.
    #[serde(skip)]
    pub uses: Vec<Use>,
}

impl Component {
    /// What a person calls the kind: "cloud flow", "business rule", else the type's words.
    pub fn kind_words(&self) -> &str {
        match &self.details {
            Details::CloudFlow(_) => "cloud flow",
            Details::DesktopFlow(_) => "desktop flow",
            Details::Process(process) => process.category.words(),
            _ => self.key.kind.words(),
        }
    }

    /// How a sentence names it: `cloud flow "Run payroll"`, `variable fab_Limit`.
    pub fn described(&self) -> String {
        describe(self.kind_words(), &self.key, Some(&self.name))
    }
}

/// How a sentence names a component: by its display name where its key is a GUID, else by its key.
pub fn describe(kind_words: &str, key: &ComponentKey, name: Option<&str>) -> String {
    match name {
        Some(name) if key.is_guid() && !name.is_empty() && name != &*key.key => {
            format!("{kind_words} \"{name}\"")
        }
        _ => format!("{kind_words} {}", key.key),
    }
}

/// What only one kind of component has. Kinds without facts of their own are `Other`.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Details {
    /// A credential.
    Credential(Credential),
    /// An environment variable definition, with its value if the package has one.
    EnvironmentVariable(EnvironmentVariable),
    /// The value of an environment variable that is defined in another package.
    EnvironmentVariableValue(EnvironmentVariableValue),
    /// A connection reference.
    ConnectionReference(ConnectionReference),
    /// A cloud flow.
    CloudFlow(CloudFlow),
    /// A desktop flow.
    DesktopFlow(DesktopFlow),
    /// A classic process: workflow, dialog, business rule, action, business process flow.
    Process(Process),
    /// Nothing more is known.
    #[default]
    #[serde(untagged)]
    #[schemars(schema_with = "no_details")]
    Other,
}

/// The schema of a component without details: none of the other members is there.
fn no_details(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let members = [
        "credential",
        "environmentVariable",
        "environmentVariableValue",
        "connectionReference",
        "cloudFlow",
        "desktopFlow",
        "process",
    ];
    let there: Vec<_> = members.map(|member| serde_json::json!({ "required": [member] })).into();
    schemars::json_schema!({ "not": { "anyOf": there } })
}

/// One reference from a component to another.
#[derive(Debug, Clone)]
pub struct Use {
    /// Which kind of reference.
    pub relation: Relation,
    /// The column, for a lookup of a row of a generic table.
    pub column: Option<String>,
    /// To what.
    pub target: Target,
    /// Where the reference stands.
    pub place: Place,
}

impl Use {
    /// Whether it is a reference to that component.
    pub fn is_to(&self, key: &ComponentKey) -> bool {
        matches!(&self.target, Target::Component(target) if target == key)
    }
}

impl Component {
    /// A component without aliases, table, details and uses.
    pub(crate) fn new(key: ComponentKey, name: impl Into<String>, place: Place) -> Self {
        let name = shown_name(&key.kind, name.into());
        let name = if name.trim().is_empty() { key.key.to_string() } else { name };
        Self {
            key,
            aliases: Vec::new(),
            name,
            place,
            table: None,
            unmodified: false,
            shell: false,
            details: Details::Other,
            uses: Vec::new(),
        }
    }
}

/// A display name without what people put into it and no output may show: a secret, an account of a domain, and in the
/// name of what signs in an address, too.
pub(crate) fn shown_name(kind: &ComponentType, name: String) -> String {
    let name = if looks_secret(&name) { masked_text(&name) } else { name };
    if *kind == ComponentType::CONNECTION_REFERENCE || *kind == ComponentType::CREDENTIAL {
        if UserNameForm::of(name.trim(), false) == Some(UserNameForm::Domain) {
            return MASK.to_owned();
        }
        return without(&name, account_ranges(&name));
    }
    without(&name, domain_account_ranges(&name))
}

/// The text with a mask in place of each of these.
fn without(text: &str, ranges: Vec<Range<usize>>) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        shown.push_str(&text[from..range.start]);
        shown.push_str(MASK);
        from = range.end;
    }
    shown.push_str(&text[from..]);
    shown
}

impl Use {
    /// A reference to a component.
    pub(crate) fn new(relation: Relation, target: ComponentKey, place: Place) -> Self {
        Self { relation, column: None, target: Target::Component(target), place }
    }

    /// A reference that only the run time resolves: `text` is the expression.
    pub(crate) fn expression(relation: Relation, text: &str, place: Place) -> Self {
        Self { relation, column: None, target: Target::Expression(Masked::new(text)), place }
    }
}

/// What a reference points at.
#[derive(Debug, Clone)]
pub enum Target {
    /// A component.
    Component(ComponentKey),
    /// An expression where an id should stand: known at run time only.
    Expression(Masked),
}

macro_rules! relations {
    ($($variant:ident = $name:literal, $words:literal;)*) => {
        /// The kinds of references (`FORMATS.md` §3.5).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
        pub enum Relation {
            $(#[doc = $words] #[serde(rename = $name)] $variant,)*
        }

        impl Relation {
            /// Kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The verb between the two components: "cloud flow X *runs* desktop flow Y".
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }

            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }
    };
}

relations! {
    FlowConnectionReference = "flow-connectionreference", "uses";
    FlowVariable = "flow-envvar", "reads";
    FlowChildFlow = "flow-childflow", "calls";
    FlowDesktopFlow = "flow-desktopflow", "runs";
    FlowConnector = "flow-connector", "uses";
    DesktopFlowChildFlow = "desktopflow-childflow", "runs";
    DesktopFlowConnectionReference = "desktopflow-connectionreference", "uses";
    DesktopFlowWorkQueue = "desktopflow-workqueue", "uses";
    DesktopFlowBinary = "desktopflow-binary", "needs";
    DesktopFlowVariable = "desktopflow-envvar", "reads";
    DesktopFlowCredential = "desktopflow-credential", "signs in with";
    BinaryWorkflow = "binary-workflow", "is part of";
    VariableParent = "envvar-parent", "belongs to";
    VariableValueOf = "envvarvalue-envvar", "is the value of";
    VariableConnectionReference = "envvar-connectionreference", "uses";
    ConnectionReferenceConnector = "connectionreference-connector", "is a connection of";
    CredentialUserName = "credential-username", "takes its user name from";
    CredentialPassword = "credential-password", "takes its password from";
    CredentialCertificate = "credential-certificate", "takes its certificate from";
    CredentialCyberArkSafe = "credential-cyberarksafe", "takes its safe from";
    CredentialCyberArkObject = "credential-cyberarkobject", "takes its object from";
    CredentialCyberArkUserName = "credential-cyberarkusername", "takes its user name from";
    CredentialConnectionReference = "credential-connectionreference", "uses";
    CredentialDefault = "credential-defaultcredential", "falls back on";
    CredentialPossible = "credential-possible", "may use";
    CanvasAppConnectionReference = "canvasapp-connectionreference", "uses";
    CanvasAppConnector = "canvasapp-connector", "uses";
    CanvasAppTable = "canvasapp-entity", "reads";
    CanvasAppVariable = "canvasapp-environmentvariabledefinition", "reads";
    CanvasAppFlow = "canvasapp-workflow", "calls";
    CanvasAppControl = "canvasapp-customcontrol", "uses";
    CanvasAppCanvasApp = "canvasapp-canvasapp", "uses";
    CanvasAppOther = "canvasapp-other", "uses";
    AppModuleComponent = "appmodule-component", "shows";
    AppModuleRole = "appmodule-role", "is for";
    BotComponentOf = "bot-botcomponent", "has";
    BotComponentCollection = "bot-botcomponentcollection", "has";
    BotComponentLink = "botcomponent-botcomponent", "leads to";
    BotComponentConnectionReference = "botcomponent-connectionreference", "uses";
    BotComponentVariable = "botcomponent-environmentvariabledefinition", "reads";
    BotComponentFlow = "botcomponent-workflow", "calls";
    BotComponentAiModel = "botcomponent-msdyn_aimodel", "uses";
    BotComponentSearch = "botcomponent-dvtablesearch", "searches";
    StepPluginType = "step-plugintype", "runs";
    StepTable = "step-entity", "listens to";
    FormWebResource = "form-webresource", "shows";
    RelationshipTable = "relationship-entity", "joins";
    RowLookup = "row-lookup", "refers to";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_no_secret_and_no_account() {
        let shown = |kind: ComponentType, name: &str| shown_name(&kind, name.to_owned());
        for (name, expected) in [
            ("Outlook robot7@fabrikam.example", "Outlook ********"),
            ("(robot7@fabrikam.example), é", "(********), é"),
            ("Mail @ work", "Mail @ work"),
            (r"FABRIKAM\robot7", "********"),
            ("SharePoint fab-2f9c1", "SharePoint fab-2f9c1"),
            ("", ""),
        ] {
            assert_eq!(shown(ComponentType::CONNECTION_REFERENCE, name), expected);
        }
        // The address that a flow writes to is no account that it signs in with.
        assert_eq!(
            shown(ComponentType::WORKFLOW, "Tell info@fabrikam.example"),
            "Tell info@fabrikam.example"
        );
        assert_eq!(
            shown(ComponentType::WORKFLOW, "Post to https://x/?sig=abc"),
            "Post to https://x/?sig=********"
        );
        assert_eq!(shown(ComponentType::ENVIRONMENT_VARIABLE, "Password of robot 7"), "Password of robot 7");
    }
}
