//! What is reported: code, name, severity, place, words, help.

use serde::Serialize;

use super::{ComponentKey, Place};

/// How bad it is. Ordered: a note is less than an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// May go wrong.
    Warning,
    /// Goes wrong.
    Error,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A kind of finding: a short code for machines and a kebab-case name for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Code {
    /// Such as `ORD003`.
    #[serde(rename = "code")]
    pub id: &'static str,
    /// Such as `dependency-cycle`.
    pub name: &'static str,
}

/// All codes; a code is never used again for something else.
pub mod codes {
    use super::{Code, Severity};

    macro_rules! codes {
        ($($constant:ident = $id:literal, $name:literal, $level:ident, $doc:literal;)*) => {
            $(#[doc = $doc] pub const $constant: Code = Code { id: $id, name: $name };)*
            impl Code {
                /// The highest level at which it is reported when nobody changes it.
                pub fn level(&self) -> Severity {
                    match self.id { $($id => Severity::$level,)* _ => Severity::Error }
                }
            }

            impl Code {
                /// What it stands for, in one sentence.
                pub fn description(&self) -> &'static str {
                    match self.id { $($id => $doc,)* _ => self.name }
                }
            }

            /// Every code, in the order of their ids.
            pub const ALL: &[Code] = &[$($constant),*];
        };
    }

    codes! {
        LEVEL_LOWERED = "CFG001", "level-lowered", Error, "The configuration lowers the level of a rule.";
        EXCEPTION_STATED = "CFG002", "exception-stated", Error, "The configuration states an exception from a rule.";
        DANGLING_REFERENCE = "DEP001", "dangling-reference", Error, "A component is used that no package brings and nothing declares.";
        UNDECLARED_REFERENCE = "DEP002", "undeclared-reference", Note, "A used component is in another package, and not declared as missing.";
        PROVIDER_LACKS_COMPONENT = "DEP003", "provider-lacks-component", Error, "The named solution is there and lacks the component.";
        MANAGED_NEEDS_UNMANAGED = "DEP004", "managed-needs-unmanaged", Error, "A managed solution needs a component of an unmanaged one.";
        PLATFORM_SOLUTION_NEEDED = "DEP005", "platform-solution-needed", Warning, "The target must have a solution of the platform.";
        UNRESOLVED_REFERENCE = "DEP006", "unresolved-reference", Note, "An expression stands where an id should; what it names is known at run time only.";
        UNMET_NEED = "DEP007", "unmet-need", Error, "A component is declared as missing, and no package brings it.";
        SETTING_NOT_FILLED = "ENV001", "setting-not-filled", Warning, "An entry of a settings file is not filled.";
        SETTING_EMPTY = "ENV002", "setting-empty", Error, "A variable has an empty value in a settings file, which the platform refuses.";
        CONNECTION_ID_INVALID = "ENV003", "connection-id-invalid", Error, "What fills a connection reference is no id of a connection.";
        SETTING_OTHER_CONNECTOR = "ENV004", "setting-other-connector", Error, "A connection reference has another connector in the solution.";
        SETTING_OF_OTHER_TYPE = "ENV005", "setting-of-other-type", Error, "A value is none of the variable's type.";
        SETTING_WITHOUT_COMPONENT = "ENV006", "setting-without-component", Warning, "An entry of a settings file is for what no solution has.";
        SETTING_MISSING = "ENV007", "setting-missing", Warning, "A settings file has no entry for what a solution or another file has.";
        SETTING_TWICE = "ENV008", "setting-twice", Error, "One name stands twice in a settings file.";
        FLOW_BEFORE_CREDENTIAL = "ORD001", "flow-before-credential", Error, "A solution is imported before the credential that it may sign in with.";
        DEPENDENT_BEFORE_PROVIDER = "ORD002", "dependent-before-provider", Error, "A solution is imported before one that it needs.";
        DEPENDENCY_CYCLE = "ORD003", "dependency-cycle", Error, "Solutions need each other in a circle.";
        MISSING_PROVIDER = "ORD004", "missing-provider", Error, "A named solution is needed and not there.";
        PROVIDER_VERSION_TOO_LOW = "ORD005", "provider-version-too-low", Error, "The solution is there, in a lower version than asked for.";
        LISTED_BUT_ABSENT = "ORD006", "listed-but-absent", Error, "The order lists a solution that is not among the packages.";
        PRESENT_BUT_NOT_LISTED = "ORD007", "present-but-not-listed", Warning, "A package is there that the order does not list.";
        SAME_SOLUTION_TWICE = "ORD008", "same-solution-twice", Warning, "One solution in two packages; the higher version counts.";
        MANAGED_AND_UNMANAGED = "ORD009", "managed-and-unmanaged", Warning, "One version of a solution managed and unmanaged.";
        POLICY_GAVE_WAY = "ORD010", "policy-gave-way", Error, "A policy edge would have closed a cycle and was left out.";
        PROVIDER_CHOSEN = "ORD011", "provider-chosen", Note, "Several packages bring the component; one was taken.";
        ONE_NAME_TWO_PUBLISHERS = "ORD012", "one-name-two-publishers", Error, "Two packages of one name are from different publishers.";
        STATED_BUT_ABSENT = "ORD013", "stated-but-absent", Note, "The configuration states something of a part that no package holds.";
        LISTED_TWICE = "ORD014", "listed-twice", Warning, "The order lists one package more than once.";
        NEEDS_ITSELF = "ORD015", "needs-itself", Warning, "A solution names itself as the provider of what it lacks.";
        CREDENTIAL_BESIDE_FLOWS = "ORD016", "credential-beside-flows", Note, "Solutions that each hold a credential and what may sign in with one.";
        LOWER_VERSION_LATER = "ORD017", "lower-version-later", Error, "A package of a solution stands behind a higher version of it.";
        ILL_FORMED_FILE = "PKG001", "ill-formed-file", Error, "A component file is no well-formed XML or JSON.";
        DUPLICATE_KEY = "PKG002", "duplicate-key", Warning, "One key stands twice in a JSON object.";
        UNUSUAL_ARCHIVE = "PKG003", "unusual-archive", Warning, "The archive has a fault that does no harm.";
        MISSING_FILE = "PKG004", "missing-file", Error, "A file that the XML names is not in the package.";
        PART_LEFT_OUT = "PKG005", "part-left-out", Warning, "A part was left out, as asked for.";
        LAYOUT_NOTE = "PKG006", "layout-note", Warning, "Something about the folder form that is worth knowing.";
        ROOT_WITHOUT_CONTENT = "PKG007", "root-component-without-content", Warning, "A root component is listed, and the package does not hold it.";
        CONTENT_WITHOUT_ROOT = "PKG008", "content-without-root-component", Warning, "The package holds a component of a kind that is always listed, and does not list it.";
        ENTRY_NOT_CARRIED = "PKG009", "entry-not-carried", Error, "An entry or file does not come back as it was after unpack and pack.";
        XML_NOT_CARRIED = "PKG010", "xml-not-carried", Error, "The XML does not say the same after unpack and pack.";
        NOT_REPEATABLE = "PKG011", "not-repeatable", Error, "Two runs gave other bytes.";
        NO_FOLDER_FORM = "PKG012", "no-folder-form", Error, "The archive cannot be unpacked without losing something.";
        NOT_BUILT_FROM = "PKG013", "not-built-from", Error, "An entry of the archive does not come from the folder.";
        OTHER_NAME = "PKG014", "other-name", Warning, "A file of the folder comes back under another name.";
        MAP_WITHOUT_MATCH = "PKG015", "map-without-match", Warning, "A line of the map file for one file matches none.";
        MAP_CHOICE = "PKG016", "map-choice", Warning, "A file is mapped to several places; one was taken.";
        USUALLY_LEFT_ALONE = "PKG017", "usually-left-alone", Warning, "The package has a file of a name that is otherwise the user's own.";
        CREDENTIAL_USE_UNKNOWN = "SEC001", "credential-use-unknown", Note, "A desktop flow uses credentials; no package says which.";
        INVALID_KEY_VAULT_REFERENCE = "SEC002", "invalid-key-vault-reference", Error, "A secret variable holds no reference to a secret in Azure Key Vault.";
        SECRET_WITHOUT_VALUE = "SEC003", "secret-without-value", Note, "A secret variable, or one of a credential, has neither value nor default.";
        PASSWORD_NOT_SECRET = "SEC005", "password-not-secret", Error, "The password of a credential is in a variable that is no secret.";
        USER_NAME_IS_SECRET = "SEC006", "username-is-secret", Warning, "The user name of a credential is in a secret variable.";
        CREDENTIAL_INCOMPLETE = "SEC007", "credential-incomplete", Warning, "A credential lacks what its kind needs.";
        CREDENTIAL_VARIABLE_ABSENT = "SEC008", "credential-variable-absent", Warning, "A variable of a credential is in no package of the set.";
        ROTATION_DEPRECATED = "SEC009", "rotation-deprecated", Note, "A flow tells Dataverse of new versions of secrets; credentials no longer need that.";
        VAULT_IN_TWO_PLACES = "SEC010", "vault-in-two-places", Warning, "One vault is named in two resource groups or subscriptions.";
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which kind.
    #[serde(flatten)]
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Unique name of the solution it is about.
    pub solution: String,
    /// The component it is about, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentKey>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What stands there, cut, where seeing it helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// What, in one sentence without the code.
    pub message: String,
    /// What it rests on elsewhere, the strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Because>,
    /// What happens when it is left so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// What Dataverse would answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataverse: Option<DataverseError>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// One thing that a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Because {
    /// One sentence.
    pub words: String,
    /// Where it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// An error that Dataverse answers at import, as its reference of error codes has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct DataverseError {
    /// Such as `0x8004801D`.
    pub code: &'static str,
    /// Such as `ImportMissingDependenciesError`.
    pub name: &'static str,
    /// Its text, or the part of it that is always the same.
    pub message: &'static str,
}

impl DataverseError {
    /// A component is needed that neither the target nor the package has.
    pub const MISSING_DEPENDENCIES: Self = Self {
        code: "0x8004801D",
        name: "ImportMissingDependenciesError",
        message: "The following solution cannot be imported. Some dependencies are missing.",
    };
    /// A solution is needed that the target does not have, or has in a lower version.
    pub const SOLUTION_NOT_INSTALLED: Self = Self {
        code: "0x80048034",
        name: "ImportDependencySolutionError",
        message: "requires solutions that are not currently installed. Import the following solutions before Importing this one",
    };
}

impl Finding {
    /// A finding about a solution; whatever else is known is set on it.
    pub fn new(code: Code, severity: Severity, solution: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            solution: solution.to_owned(),
            component: None,
            place: None,
            excerpt: None,
            message: message.into(),
            because: Vec::new(),
            otherwise: None,
            dataverse: None,
            help: None,
        }
    }
}

/// Errors first, then by code, solution, component, place and words; each once.
pub fn sort_findings(findings: &mut Vec<Finding>) {
    findings.sort_by(|one, other| {
        let key = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.code);
        key(one)
            .cmp(&key(other))
            .then_with(|| one.solution.cmp(&other.solution))
            .then_with(|| one.component.cmp(&other.component))
            .then_with(|| one.place.cmp(&other.place))
            .then_with(|| one.message.cmp(&other.message))
    });
    findings.dedup();
}
