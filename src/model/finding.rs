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
    use super::Code;

    macro_rules! codes {
        ($($constant:ident = $id:literal, $name:literal, $doc:literal;)*) => {
            $(#[doc = $doc] pub const $constant: Code = Code { id: $id, name: $name };)*
            /// Every code, in order.
            pub const ALL: &[Code] = &[$($constant),*];
        };
    }

    codes! {
        DEPENDENCY_CYCLE = "ORD003", "dependency-cycle", "Solutions need each other in a circle.";
        MISSING_PROVIDER = "ORD004", "missing-provider", "A named solution is needed and not there.";
        PROVIDER_VERSION_TOO_LOW = "ORD005", "provider-version-too-low", "The solution is there, in a lower version than asked for.";
        SAME_SOLUTION_TWICE = "ORD008", "same-solution-twice", "One solution in two packages; the higher version counts.";
        MANAGED_AND_UNMANAGED = "ORD009", "managed-and-unmanaged", "One version of a solution managed and unmanaged.";
        POLICY_GAVE_WAY = "ORD010", "policy-gave-way", "A policy edge would have closed a cycle and was left out.";
        PROVIDER_CHOSEN = "ORD011", "provider-chosen", "Several packages bring the component; one was taken.";
        ONE_NAME_TWO_PUBLISHERS = "ORD012", "one-name-two-publishers", "Two packages of one name are from different publishers.";
        DANGLING_REFERENCE = "DEP001", "dangling-reference", "A component is used that no package brings and nothing declares.";
        UNDECLARED_REFERENCE = "DEP002", "undeclared-reference", "A used component is in another package, and not declared as missing.";
        PROVIDER_LACKS_COMPONENT = "DEP003", "provider-lacks-component", "The named solution is there and lacks the component.";
        MANAGED_NEEDS_UNMANAGED = "DEP004", "managed-needs-unmanaged", "A managed solution needs a component of an unmanaged one.";
        PLATFORM_SOLUTION_NEEDED = "DEP005", "platform-solution-needed", "The target must have a solution of the platform.";
        UNRESOLVED_REFERENCE = "DEP006", "unresolved-reference", "An expression stands where an id should; what it names is known at run time only.";
        UNMET_NEED = "DEP007", "unmet-need", "A component is declared as missing, and no package brings it.";
        CREDENTIAL_USE_UNKNOWN = "SEC001", "credential-use-unknown", "A desktop flow uses credentials; no package says which.";
        INVALID_KEY_VAULT_REFERENCE = "SEC002", "invalid-key-vault-reference", "A secret variable holds no reference to a secret in Azure Key Vault.";
        SECRET_WITHOUT_VALUE = "SEC003", "secret-without-value", "A secret variable, or one of a credential, has neither value nor default.";
        PASSWORD_NOT_SECRET = "SEC005", "password-not-secret", "The password of a credential is in a variable that is no secret.";
        USER_NAME_IS_SECRET = "SEC006", "username-is-secret", "The user name of a credential is in a secret variable.";
        CREDENTIAL_INCOMPLETE = "SEC007", "credential-incomplete", "A credential lacks what its kind needs.";
        CREDENTIAL_VARIABLE_ABSENT = "SEC008", "credential-variable-absent", "A variable of a credential is in no package of the set.";
        ROTATION_DEPRECATED = "SEC009", "rotation-deprecated", "A flow tells Dataverse of new versions of secrets; credentials no longer need that.";
        VAULT_IN_TWO_PLACES = "SEC010", "vault-in-two-places", "One vault is named in two resource groups or subscriptions.";
        ILL_FORMED_FILE = "PKG001", "ill-formed-file", "A component file is no well-formed XML or JSON.";
        DUPLICATE_KEY = "PKG002", "duplicate-key", "One key stands twice in a JSON object.";
        UNUSUAL_ARCHIVE = "PKG003", "unusual-archive", "The archive has a fault that does no harm.";
        PART_LEFT_OUT = "PKG005", "part-left-out", "A part was left out, as asked for.";
        LAYOUT_NOTE = "PKG006", "layout-note", "Something about the folder form that is worth knowing.";
        MISSING_FILE = "PKG004", "missing-file", "A file that the XML names is not in the package.";
        ROOT_WITHOUT_CONTENT = "PKG007", "root-component-without-content", "A root component is listed, and the package does not hold it.";
        CONTENT_WITHOUT_ROOT = "PKG008", "content-without-root-component", "The package holds a component of a kind that is always listed, and does not list it.";
        ENTRY_NOT_CARRIED = "PKG009", "entry-not-carried", "An entry or file does not come back as it was after unpack and pack.";
        XML_NOT_CARRIED = "PKG010", "xml-not-carried", "The XML does not say the same after unpack and pack.";
        NOT_REPEATABLE = "PKG011", "not-repeatable", "Two runs gave other bytes.";
        NO_FOLDER_FORM = "PKG012", "no-folder-form", "The archive cannot be unpacked without losing something.";
        NOT_BUILT_FROM = "PKG013", "not-built-from", "An entry of the archive does not come from the folder.";
        OTHER_NAME = "PKG014", "other-name", "A file of the folder comes back under another name.";
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
    /// What, in one sentence without the code.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}
