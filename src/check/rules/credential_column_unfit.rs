//! SEC017: a credential has a column filled that its kind does not read.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Component, CredentialKind, Place, Relation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CREDENTIAL_COLUMN_UNFIT,
    dataverse: None,
    page: include_str!("../../../docs/rules/credential-column-unfit.md"),
    run: Run::Solution(check),
};

/// Columns that hold what a credential consists of, with the reference that shows where one stands.
const COLUMNS: &[(&str, Option<Relation>)] = &[
    ("username", Some(Relation::CredentialUserName)),
    ("password", Some(Relation::CredentialPassword)),
    ("certificate", Some(Relation::CredentialCertificate)),
    ("cyberarksafe", Some(Relation::CredentialCyberArkSafe)),
    ("cyberarkobject", Some(Relation::CredentialCyberArkObject)),
    ("cyberarkusername", Some(Relation::CredentialCyberArkUserName)),
    ("cyberarkapplicationid", None),
    ("connectionreference", Some(Relation::CredentialConnectionReference)),
    ("defaultcredential", Some(Relation::CredentialDefault)),
    ("credentials", None),
    ("groupmapping", None),
];

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, credential) in subject.credentials() {
        let Some((words, read)) = columns_of(credential.kind) else { continue };
        let is_filled = |column: &str| {
            credential.variable(column).is_some() || credential.columns.iter().any(|name| name == column)
        };
        for (column, relation) in COLUMNS {
            if is_filled(column) && !read.contains(column) {
                let message = format!("{} is {words} and has {column} filled", component.described());
                report
                    .about(component, message)
                    .at(place(component, *relation))
                    .otherwise("the column says nothing, or the credential is not of the kind that was meant")
                    .help(format!(
                        "{words} reads {}; make the credential anew if it should be of another kind",
                        read.join(", ")
                    ));
            }
        }
    }
}

/// The columns that a kind reads (`FORMATS.md` §1.4); none of a kind of which that is not known.
fn columns_of(kind: CredentialKind) -> Option<(&'static str, &'static [&'static str])> {
    match kind {
        CredentialKind::UserNamePassword => Some(("one of Azure Key Vault", &["username", "password"])),
        CredentialKind::CyberArk => Some((
            "one of CyberArk",
            &["cyberarkusername", "cyberarksafe", "cyberarkobject", "cyberarkapplicationid"],
        )),
        CredentialKind::Certificate => Some(("one with a certificate", &["username", "certificate"])),
        CredentialKind::UserNamePasswordList
        | CredentialKind::UserNamePasswordListWithGroupMapping
        | CredentialKind::MachineMapping
        | CredentialKind::ConnectionReference
        | CredentialKind::Unknown(_) => None,
    }
}

fn place(component: &Component, relation: Option<Relation>) -> Place {
    let used = component.uses.iter().find(|used| Some(used.relation) == relation);
    used.map_or(&component.place, |used| &used.place).clone()
}
