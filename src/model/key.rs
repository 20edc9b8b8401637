//! The identity of a component across packages and environments.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize};

/// The kind of a component: the logical name of the platform's table that holds it, lower case.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct ComponentType(Cow<'static, str>);

macro_rules! component_types {
    ($($constant:ident = $name:literal, $words:literal, $code:expr;)*) => {
        impl ComponentType {
            $(#[doc = concat!("`", $name, "`")] pub const $constant: Self = Self(Cow::Borrowed($name));)*

            /// Every type that has a name here.
            pub const ALL: &[Self] = &[$(Self::$constant),*];

            /// What a person calls it; the table's name where there is nothing better.
            pub fn words(&self) -> &str {
                match self.as_str() { $($name => $words,)* other => other }
            }

            /// The type of a number in `solution.xml` (`FORMATS.md` appendix A); none for numbers that differ by environment.
            pub fn from_code(code: u32) -> Option<Self> {
                $(if $code == Some(code) { return Some(Self::$constant); })*
                None
            }

            /// The number of the type in `solution.xml`; none for tables whose number differs by environment.
            pub fn code(&self) -> Option<u32> {
                match self.as_str() { $($name => $code,)* _ => None }
            }
        }
    };
}

component_types! {
    TABLE = "entity", "table", Some(1);
    COLUMN = "attribute", "column", Some(2);
    RELATIONSHIP = "entityrelationship", "relationship", Some(10);
    OPTION_SET = "optionset", "option set", Some(9);
    ENTITY_KEY = "entitykey", "key", Some(14);
    ROLE = "role", "role", Some(20);
    VIEW = "savedquery", "view", Some(26);
    WORKFLOW = "workflow", "process", Some(29);
    REPORT = "report", "report", Some(31);
    EMAIL_TEMPLATE = "template", "e-mail template", Some(36);
    RIBBON = "ribboncustomization", "ribbon", Some(50);
    CHART = "savedqueryvisualization", "chart", Some(59);
    FORM = "systemform", "form", Some(60);
    WEB_RESOURCE = "webresource", "web resource", Some(61);
    SITE_MAP = "sitemap", "site map", Some(62);
    CONNECTION_ROLE = "connectionrole", "connection role", Some(63);
    CUSTOM_CONTROL = "customcontrol", "custom control", Some(66);
    CUSTOM_CONTROL_DEFAULT = "customcontroldefaultconfig", "control of a column", Some(68);
    FIELD_SECURITY_PROFILE = "fieldsecurityprofile", "field security profile", Some(70);
    APP_MODULE = "appmodule", "model-driven app", Some(80);
    PLUGIN_TYPE = "plugintype", "plug-in type", Some(90);
    PLUGIN_ASSEMBLY = "pluginassembly", "plug-in assembly", Some(91);
    PROCESSING_STEP = "sdkmessageprocessingstep", "plug-in step", Some(92);
    PROCESSING_STEP_IMAGE = "sdkmessageprocessingstepimage", "plug-in step image", Some(93);
    SERVICE_ENDPOINT = "serviceendpoint", "service endpoint", Some(95);
    ROUTING_RULE = "routingrule", "routing rule", Some(150);
    SLA = "sla", "service level agreement", Some(152);
    CONVERT_RULE = "convertrule", "record creation rule", Some(154);
    MOBILE_OFFLINE_PROFILE = "mobileofflineprofile", "mobile offline profile", Some(161);
    CANVAS_APP = "canvasapp", "canvas app", Some(300);
    CONNECTOR = "connector", "custom connector", Some(372);
    ENVIRONMENT_VARIABLE = "environmentvariabledefinition", "variable", Some(380);
    ENVIRONMENT_VARIABLE_VALUE = "environmentvariablevalue", "variable value", Some(381);
    AI_MODEL = "msdyn_aimodel", "AI model", Some(401);
    COLUMN_IMAGE = "attributeimageconfig", "image column", Some(431);
    TABLE_IMAGE = "entityimageconfig", "table image", Some(432);
    CREDENTIAL = "credential", "credential", None::<u32>;
    CONNECTION_REFERENCE = "connectionreference", "connection reference", None::<u32>;
    DESKTOP_FLOW_BINARY = "desktopflowbinary", "desktop flow binary", None::<u32>;
    WORK_QUEUE = "workqueue", "work queue", None::<u32>;
    BOT = "bot", "agent", None::<u32>;
    BOT_COMPONENT = "botcomponent", "agent component", None::<u32>;
    BOT_COMPONENT_COLLECTION = "botcomponentcollection", "agent component collection", None::<u32>;
    TABLE_SEARCH = "dvtablesearch", "table search", None::<u32>;
    CUSTOM_API = "customapi", "custom API", None::<u32>;
    CUSTOM_API_PARAMETER = "customapirequestparameter", "custom API parameter", None::<u32>;
    CUSTOM_API_RESULT = "customapiresponseproperty", "custom API result", None::<u32>;
    APP_ACTION = "appaction", "command", None::<u32>;
    APP_ELEMENT = "appelement", "app element", None::<u32>;
    APP_SETTING = "appsetting", "app setting", None::<u32>;
    SETTING_DEFINITION = "settingdefinition", "setting definition", None::<u32>;
    TABLE_MAP = "entitymap", "table map", None::<u32>;
    POWER_FX_RULE = "fxexpression", "Power Fx rule", None::<u32>;
    FILE = "file", "file", None::<u32>;
}

impl ComponentType {
    /// The type of that table; the name is lower-cased.
    pub fn named(name: &str) -> Self {
        Self(Cow::Owned(name.to_lowercase()))
    }

    /// Logical name of the table.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ComponentType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Type and key: schema name, logical name, unique name or GUID, whichever the platform uses across environments.
///
/// Compared without case; a GUID also without braces. The spelling of the source is kept for output.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ComponentKey {
    /// Which table.
    #[serde(rename = "type")]
    pub kind: ComponentType,
    /// The key as the source spells it, without braces.
    pub key: Box<str>,
    #[serde(skip)]
    folded: Option<Box<str>>,
}

impl ComponentKey {
    /// A key of that type; braces around a GUID are dropped.
    pub fn new(kind: ComponentType, key: &str) -> Self {
        let key = key.trim();
        let key = key.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(key);
        let folded = key.to_lowercase();
        let folded = (folded != key).then(|| folded.into_boxed_str());
        Self { kind, key: key.into(), folded }
    }

    /// Whether the key is a GUID.
    pub fn is_guid(&self) -> bool {
        is_guid(&self.key)
    }

    /// The key in the form in which it is compared.
    pub fn folded(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.key)
    }
}

/// Whether a text is a GUID without braces.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl<'de> Deserialize<'de> for ComponentKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            r#type: ComponentType,
            key: String,
        }
        let written = Written::deserialize(deserializer)?;
        Ok(Self::new(written.r#type, &written.key))
    }
}

impl PartialEq for ComponentKey {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.folded() == other.folded()
    }
}

impl Eq for ComponentKey {}

impl PartialOrd for ComponentKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ComponentKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kind.cmp(&other.kind).then_with(|| self.folded().cmp(other.folded()))
    }
}

impl Hash for ComponentKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
        self.folded().hash(state);
    }
}

impl fmt::Display for ComponentKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind.words(), self.key)
    }
}
