//! What is reported: code, name, severity, place, words, help.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{ComponentKey, DataverseError, Place};
use crate::text::hex;

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
                /// Whether it tells what the configuration does to others, and nothing of solutions.
                pub fn is_of_configuration(&self) -> bool {
                    self.id.starts_with("CFG")
                }

                /// What it stands for, in one sentence.
                pub fn description(&self) -> &'static str {
                    match self.id { $($id => $doc,)* _ => self.name }
                }
            }

            impl Code {
                /// A code by its id or its name, whatever the case.
                pub fn find(written: &str) -> Option<Self> {
                    let is_it = |code: &&Self| {
                        code.id.eq_ignore_ascii_case(written) || code.name.eq_ignore_ascii_case(written)
                    };
                    ALL.iter().find(is_it).copied()
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
        NEEDS_UNMANAGED_LAYER = "DEP008", "needs-unmanaged-layer", Error, "A component is declared as missing that only the unmanaged layer of an environment has.";
        SETTING_NOT_FILLED = "ENV001", "setting-not-filled", Warning, "An entry of a settings file is not filled.";
        SETTING_EMPTY = "ENV002", "setting-empty", Error, "A variable has an empty value in a settings file, which the platform refuses.";
        CONNECTION_ID_INVALID = "ENV003", "connection-id-invalid", Error, "What fills a connection reference is no id of a connection.";
        SETTING_OTHER_CONNECTOR = "ENV004", "setting-other-connector", Error, "A connection reference has another connector in the solution.";
        SETTING_OF_OTHER_TYPE = "ENV005", "setting-of-other-type", Error, "A value is none of the variable's type.";
        SETTING_WITHOUT_COMPONENT = "ENV006", "setting-without-component", Warning, "An entry of a settings file is for what no solution has.";
        SETTING_MISSING = "ENV007", "setting-missing", Warning, "A settings file has no entry for what a solution or another file has.";
        SETTING_TWICE = "ENV008", "setting-twice", Error, "One name stands twice in a settings file.";
        SETTING_NOT_REPLACED = "ENV009", "setting-not-replaced", Error, "A settings file that is imported with still has a ${NAME} in it.";
        ENVIRONMENT_REFUSES = "ENV020", "environment-refuses", Error, "The environment refuses an import or an uninstallation, by a rule of the platform.";
        VALUE_NOT_GIVEN = "ENV021", "value-not-given", Warning, "A variable has no value in the environment.";
        CONNECTION_NOT_BOUND = "ENV022", "connection-not-bound", Warning, "A connection reference is bound to no connection of the environment.";
        FLOW_STAYS_OFF = "ENV023", "flow-stays-off", Warning, "A flow that was exported as on stays off in the environment.";
        CONNECTION_OUTDATED = "ENV024", "connection-outdated", Warning, "A connection of desktop flows was last signed in before April 2024.";
        UNMANAGED_OVER_MANAGED = "ENV025", "unmanaged-over-managed", Warning, "A component has an unmanaged layer over a managed one.";
        CONNECTION_INCOMPLETE = "ENV026", "connection-incomplete", Warning, "A connection of desktop flows does not say how it signs in, or on which machine.";
        UPGRADE_STAGED = "ENV027", "upgrade-staged", Warning, "An upgrade of a solution is staged in the environment and not applied.";
        CONNECTION_REFERENCE_MISSING = "FLW001", "connection-reference-missing", Error, "A flow uses a connection reference that no package brings.";
        CONNECTOR_MISMATCH = "FLW002", "connector-mismatch", Error, "A flow uses a connection reference that is one of another connector.";
        HARD_CODED_ADDRESS = "FLW003", "hard-coded-environment-address", Warning, "A flow names the address of an environment.";
        CONNECTION_REFERENCE_UNUSED = "FLW004", "connection-reference-unused", Note, "A connection reference is used by nothing in the set.";
        PLAIN_CONNECTION = "FLW005", "plain-connection", Warning, "A flow is bound to a connection instead of a connection reference.";
        CHILD_FLOW_MISSING = "FLW006", "child-flow-missing", Error, "A flow runs a flow that no package brings.";
        FLOW_OFF = "FLW007", "flow-off", Note, "A cloud flow is turned off in the package.";
        BINARY_MISSING = "FLW008", "desktop-flow-binary-missing", Error, "A desktop flow needs a binary that the package does not hold.";
        BINARY_ORPHANED = "FLW009", "desktop-flow-binary-orphaned", Warning, "A binary belongs to no desktop flow of the package.";
        OLD_DESKTOP_FLOW_SCHEMA = "FLW010", "old-desktop-flow-schema", Warning, "A desktop flow is in the old schema, whose dependencies no solution records.";
        WORK_QUEUE_MISSING = "FLW011", "work-queue-missing", Error, "A desktop flow uses a work queue that no package brings.";
        ACCOUNT_IN_CONNECTION = "FLW012", "account-in-connection-references", Warning, "The connection references of a flow hold the name of an account.";
        HARD_CODED_TENANT = "FLW013", "hard-coded-tenant-id", Warning, "A flow names a tenant by its id.";
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
        MISSING_FILE = "PKG004", "missing-file", Error, "A file that the XML names, or that every archive has, is not in the package.";
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
        FOREIGN_PREFIX = "PKG018", "foreign-prefix", Error, "A table or column has another prefix than the publisher's, or a column none.";
        PUBLISHER_PREFIX_INVALID = "PKG019", "publisher-prefix-invalid", Error, "The publisher's prefix is none that Dataverse takes.";
        DEFAULT_SOLUTION = "PKG020", "default-solution", Error, "The package is the default solution of an environment.";
        VERSION_FORM = "PKG021", "version-form", Error, "The version of the solution is not of two to four numbers.";
        NEWER_PLATFORM = "PKG022", "newer-platform-version", Error, "The package was exported from a later version of the platform than the target has.";
        TOO_LARGE = "PKG023", "too-large", Error, "The package is larger than Dataverse takes.";
        RESERVED_NAME = "PKG024", "reserved-name", Error, "The unique name ends with what the platform keeps for upgrades.";
        BLOCKED_ATTACHMENT = "PKG025", "blocked-attachment", Warning, "A file is of a type that environments block as an attachment.";
        GUID_TWICE = "PKG026", "guid-twice", Error, "One GUID stands for two components with different content.";
        NAMES_EQUAL_BUT_CASE = "PKG027", "names-equal-but-for-case", Warning, "Two names differ in nothing but the case of letters.";
        PATCH_VERSION = "PKG028", "patch-version", Error, "The version of a patch does not fit its parent.";
        OPTION_SET_MISSING = "PKG029", "option-set-missing", Error, "A column takes its values from an option set that no package brings.";
        PLUGIN_TYPES_REMOVED = "PKG030", "plugin-types-removed", Warning, "A later version of a solution lacks plug-in types of an earlier one.";
        OLDER_PLATFORM = "PKG031", "older-platform-version", Note, "The package is one of an earlier major version of the platform than the target's.";
        CREDENTIAL_USE_UNKNOWN = "SEC001", "credential-use-unknown", Note, "A desktop flow uses credentials; no package says which.";
        INVALID_KEY_VAULT_REFERENCE = "SEC002", "invalid-key-vault-reference", Error, "A secret variable holds no reference to a secret in Azure Key Vault.";
        SECRET_WITHOUT_VALUE = "SEC003", "secret-without-value", Note, "A secret variable, or one of a credential, has neither value nor default.";
        SECRET_IN_PLAIN_VALUE = "SEC004", "secret-in-plain-value", Error, "A secret stands in a plain variable, a flow or a script.";
        PASSWORD_NOT_SECRET = "SEC005", "password-not-secret", Error, "The password of a credential is in a variable that is no secret.";
        USER_NAME_IS_SECRET = "SEC006", "username-is-secret", Warning, "The user name of a credential is in a secret variable.";
        CREDENTIAL_INCOMPLETE = "SEC007", "credential-incomplete", Warning, "A credential lacks what its kind needs.";
        CREDENTIAL_VARIABLE_ABSENT = "SEC008", "credential-variable-absent", Error, "A variable of a credential is in no package of the set.";
        ROTATION_DEPRECATED = "SEC009", "rotation-deprecated", Note, "A flow tells Dataverse of new versions of secrets; credentials no longer need that.";
        VAULT_IN_TWO_PLACES = "SEC010", "vault-in-two-places", Warning, "One vault is named in two resource groups or subscriptions.";
        CREDENTIAL_USE_UNFIT = "SEC011", "credential-use-unfit", Warning, "A credential of this kind cannot be used for what it is set up for.";
        CREDENTIAL_OTHER_CONNECTOR = "SEC012", "credential-other-connector", Error, "A connection of another connector than desktop flows cannot sign in with a credential.";
        ROTATION_UNFIT = "SEC013", "rotation-unfit", Warning, "A flow that tells Dataverse of new secrets has a trigger or parameters that do not do that.";
        ROTATION_INCOMPLETE = "SEC014", "rotation-incomplete", Note, "Flows tell Dataverse of new secrets of some vaults, and not of others that are in use.";
        CREDENTIAL_NOT_IN_CLOUD = "SEC015", "credential-not-in-cloud", Error, "Credentials of this kind are not available in the cloud of the target.";
        CYBERARK_PREVIEW = "SEC016", "cyberark-preview", Note, "Credentials in CyberArk are a preview.";
        CREDENTIAL_COLUMN_UNFIT = "SEC017", "credential-column-unfit", Warning, "A credential has a column filled that its kind does not read.";
        PACKAGED_VALUE = "VAR001", "packaged-value", Warning, "A package carries the current value of an environment variable.";
        VARIABLE_WITHOUT_VALUE = "VAR002", "variable-without-value", Note, "An environment variable has neither a default nor a value.";
        VALUE_OF_OTHER_TYPE = "VAR003", "value-of-other-type", Error, "A value or default is none of the variable's type.";
        VALUE_TOO_LONG = "VAR004", "value-too-long", Error, "A value or default has more than 2,000 characters.";
        VARIABLE_NAME_INVALID = "VAR005", "variable-name-invalid", Error, "The name of an environment variable is reserved or ill-formed.";
        VARIABLE_FOREIGN_PREFIX = "VAR006", "variable-foreign-prefix", Warning, "An environment variable has another prefix than the publisher's.";
        PARENT_VARIABLE_MISSING = "VAR007", "parent-variable-missing", Error, "An environment variable belongs to one that no package brings.";
        FLOW_VARIABLE_MISSING = "VAR008", "flow-variable-missing", Error, "A flow reads an environment variable that no package brings.";
        DEFAULT_DIFFERS = "VAR009", "default-differs", Note, "The default of a variable in a flow is not the variable's own.";
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
    /// What it is about where that is no component: a provider, another package, a vault.
    #[serde(skip)]
    pub subject: Option<String>,
    /// What it is recognised by in the next run, once that is settled: see [`set_fingerprints`].
    #[serde(skip)]
    pub fingerprint: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What stands there, cut, where seeing it helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// What of the excerpt is meant, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
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

/// Characters of an excerpt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Mark {
    /// The first one, from 0.
    pub start: u32,
    /// How many.
    pub length: u32,
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

impl Finding {
    /// A finding about a solution; whatever else is known is set on it.
    pub fn new(code: Code, severity: Severity, solution: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            solution: solution.to_owned(),
            component: None,
            subject: None,
            fingerprint: None,
            place: None,
            excerpt: None,
            mark: None,
            message: message.into(),
            because: Vec::new(),
            otherwise: None,
            dataverse: None,
            help: None,
        }
    }
}

/// Settles what each finding is recognised by, before any is taken away: of code, solution, component or subject and file,
/// JSON pointer, and, of several that are alike in all of these, the number. It stays the same while lines move and packages
/// are named anew. With `path` it gives the path of a place within its package.
pub fn set_fingerprints(findings: &mut [Finding], path: &dyn Fn(&Place) -> String) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let mut text = format!("{}\n{}\n", finding.code.id, finding.solution.to_lowercase());
        let place = finding.place.as_ref();
        match (&finding.component, &finding.subject) {
            (Some(component), subject) => {
                let subject = subject.as_deref().unwrap_or_default();
                text.push_str(&format!("{}:{}\t{subject}", component.kind.as_str(), component.folded()));
            }
            (None, Some(subject)) => text.push_str(&format!("\t{}", subject.to_lowercase())),
            (None, None) => text.push_str(&place.map(path).unwrap_or_default().to_lowercase()),
        }
        text.push('\n');
        text.push_str(place.and_then(|place| place.pointer.as_deref()).unwrap_or_default());
        let number = seen.entry(text.clone()).or_default();
        *number += 1;
        text.push_str(&format!("\n{number}"));
        let hash = Sha256::digest(text);
        finding.fingerprint = Some(hex(&hash[..16]));
    }
}

/// By finding what it is recognised by: what is settled, or what the findings alone give.
pub fn fingerprints<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<String> {
    let mut findings: Vec<Finding> = findings.into_iter().cloned().collect();
    if findings.iter().any(|finding| finding.fingerprint.is_none()) {
        let mut unsettled: Vec<Finding> = findings.clone();
        set_fingerprints(&mut unsettled, &|place| in_archive(&place.file).to_owned());
        for (finding, own) in findings.iter_mut().zip(unsettled) {
            finding.fingerprint = finding.fingerprint.take().or(own.fingerprint);
        }
    }
    findings.into_iter().filter_map(|finding| finding.fingerprint).collect()
}

/// The path behind the name of an archive, which has its version in its name; any other path as it is.
fn in_archive(file: &str) -> &str {
    let small = file.to_ascii_lowercase();
    small.find(".zip:").map_or(file, |at| &file[at + ".zip:".len()..])
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_is_about_another_subject_or_file_is_recognised_as_another() {
        let place = |file: &str| Some(Place::whole(&Arc::from(file)));
        let provider = |name: &str| Finding {
            subject: Some(name.to_owned()),
            place: place("a.zip:solution.xml"),
            ..Finding::new(codes::MISSING_PROVIDER, Severity::Error, "Fab", "x")
        };
        let ill_formed = |file: &str| Finding {
            place: place(file),
            ..Finding::new(codes::ILL_FORMED_FILE, Severity::Error, "Fab", "x")
        };
        let of = |finding: Finding| fingerprints([&finding]).remove(0);
        assert_ne!(of(provider("A")), of(provider("B")));
        assert_ne!(of(ill_formed("a.zip:fab_A/d.xml")), of(ill_formed("a.zip:fab_B/d.xml")));
        assert_eq!(of(ill_formed("a_1_0.zip:fab_A/d.xml")), of(ill_formed("out/a.zip:fab_A/d.xml")));
    }
}
