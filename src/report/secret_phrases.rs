//! What text and Markdown say of secrets: the same words, with the names from inputs told apart, so that each renderer can
//! take the syntax out of them in its own way.

use super::text_inspect::{column_words, credential_kind, form_words, uses};
use super::words::{counted, listed};
use crate::secrets::{
    ColumnUse, CredentialColumn, CredentialNeeds, Prerequisite, SecretVariable, Secrets, Source,
    VariableState, Vault,
};

/// A piece of a phrase.
#[derive(Debug)]
pub(super) enum Piece {
    /// Words of our own.
    Words(String),
    /// A name from an input.
    Name(String),
}

/// A phrase that grows by calls.
#[derive(Debug, Default)]
pub(super) struct Phrase(pub(super) Vec<Piece>);

impl Phrase {
    pub(super) fn of(words: impl Into<String>) -> Self {
        Self::default().words(words)
    }

    pub(super) fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    pub(super) fn name(mut self, name: impl Into<String>) -> Self {
        self.0.push(Piece::Name(name.into()));
        self
    }

    fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// As plain words.
    pub(super) fn text(&self) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Words(text) | Piece::Name(text) => text.as_str(),
        });
        pieces.collect()
    }
}

/// `fab_Robot7Password (FabRobotAccess)`; a value is told, since most name their secret by their default.
pub(super) fn variable(variable: &SecretVariable) -> Phrase {
    let of = match variable.source {
        Source::Environment => ", value of the environment)",
        Source::Value => ", packaged value)",
        Source::Default => ")",
    };
    Phrase::default().name(&*variable.variable.key).words(" (").name(&variable.solution).words(of)
}

/// `password of credential Robot 7, …`.
pub(super) fn used_by(uses: &[ColumnUse]) -> Phrase {
    if uses.is_empty() {
        return Phrase::of("no credential in the set");
    }
    let mut phrase = Phrase::default();
    for (at, used) in uses.iter().enumerate() {
        let before = if at == 0 { "" } else { ", " };
        phrase = match &used.column {
            Some(column) => phrase.words(before).join(label(column)).words(" of credential "),
            None => phrase.words(format!("{before}perhaps credential ")),
        };
        phrase = phrase.name(&used.name);
    }
    phrase
}

/// What a person calls a column. Those that are known have words of ours.
fn label(column: &str) -> Phrase {
    match column {
        "username" | "password" | "certificate" | "cyberarksafe" | "cyberarkobject" | "cyberarkusername" => {
            Phrase::of(column_words(column))
        }
        other => Phrase::default().name(other),
    }
}

/// The kind of a credential, and what of it is not settled yet.
pub(super) fn kind(credential: &CredentialNeeds) -> String {
    use crate::model::CredentialKind::{Certificate, CyberArk};
    let preview = if matches!(credential.kind, CyberArk | Certificate) { " (preview)" } else { "" };
    format!("{}{preview}", credential_kind(credential.kind))
}

/// `user fab_Robot7User (DOMAIN\user form)`.
pub(super) fn column(column: &CredentialColumn) -> Phrase {
    let label = column.column.as_deref().map_or_else(|| Phrase::of("perhaps"), label);
    let phrase = label.words(" ").name(&*column.variable.key);
    match (column.state, column.user_name_form) {
        (VariableState::Filled, Some(form)) => phrase.words(format!(" ({})", form_words(form))),
        (VariableState::Filled, None) => phrase,
        (VariableState::Empty, _) => phrase.words(" (not filled)"),
        (VariableState::Invalid(_), _) => phrase.words(" (no valid reference)"),
        (VariableState::Absent, _) => phrase.words(" (not in this set)"),
    }
}

/// `for connections and desktop flows`; nothing when that is not said.
pub(super) fn usage(credential: &CredentialNeeds) -> String {
    if credential.uses.is_empty() { String::new() } else { format!("for {}", uses(&credential.uses)) }
}

/// `signed in with by connection reference fab_desktop`; none when that is not known.
pub(super) fn signed_in_by(credential: &CredentialNeeds) -> Option<Phrase> {
    let (first, others) = credential.signs_in.split_first()?;
    let mut phrase = Phrase::of(format!("signed in with by {} ", first.kind.words())).name(&*first.key);
    for signer in others {
        phrase = phrase.words(format!(", {} ", signer.kind.words())).name(&*signer.key);
    }
    Some(phrase)
}

/// A point of the checklist; `vault` is the one that it is about, which the heading has named.
pub(super) fn prerequisite(point: &Prerequisite, vault: Option<&Vault>) -> Phrase {
    match point {
        Prerequisite::VaultExists => Phrase::of("the vault exists in that resource group"),
        Prerequisite::SecretExists { secret } => Phrase::of("secret ").name(secret).words(" exists in it"),
        Prerequisite::ProviderRegistered { provider } => {
            let phrase =
                Phrase::of("resource provider ").name(provider).words(" is registered in subscription ");
            phrase.name(vault.map_or("", |vault| &vault.subscription))
        }
        Prerequisite::RoleOfDataverse { role, application_id } => {
            Phrase::of("the Dataverse service principal ")
                .name(application_id)
                .words(format!(" has the role {role} on it"))
        }
        Prerequisite::RoleOfMakers { role } => Phrase::of(format!(
            "whoever imports, and every maker who uses the variables, has the role {role} on it"
        )),
        Prerequisite::SameTenant => Phrase::of("it is in the tenant of the environment"),
        Prerequisite::NetworkOpen => Phrase::of(
            "a firewall lets the IP ranges of Power Platform in (trusted Microsoft services does not cover it); \
             a private endpoint needs Power Platform's virtual network support",
        ),
        Prerequisite::EventSubscription { flows } => {
            let mut phrase = Phrase::of("an Event Grid subscription of it starts ");
            for (at, flow) in flows.iter().enumerate() {
                phrase = phrase.words(if at == 0 { "cloud flow " } else { ", " }).name(flow);
            }
            phrase.words(" (made when the flow is turned on; rotation by flow is deprecated)")
        }
        Prerequisite::VaultsNotNamedYet { provider, role, application_id } => {
            Phrase::of("the vaults of secrets that are not filled yet: resource provider ")
                .name(provider)
                .words(" in their subscription, role ")
                .name(role)
                .words(" for the Dataverse service principal ")
                .name(application_id)
                .words(" and for the makers, the tenant of the environment, open to Power Platform")
        }
        Prerequisite::NotInGovernmentCloud => {
            Phrase::of("the environment is in no US Government cloud: credentials do not exist there")
        }
        Prerequisite::CyberArk => Phrase::of(
            "CyberArk: credentials of it are in preview; every machine or group has the certificate of the application",
        ),
        Prerequisite::Certificate => Phrase::of(
            "certificates: in preview, for connections only; machines are Entra-joined, with Power Automate for desktop \
             2.49 or later",
        ),
        Prerequisite::MachineMapping => Phrase::of(
            "machine mappings: only the default credential travels; map the machines again in the target, with Power \
             Automate for desktop 2.50 or later",
        ),
    }
}

/// `2 secrets in 1 vault, 1 credential in 4 solutions`; one line when there is nothing.
pub(super) fn summary(secrets: &Secrets) -> String {
    let solutions = super::text_findings::in_solutions(secrets.solutions.len());
    if secrets.is_empty() {
        return format!("nothing to prepare: no secret and no credential {solutions}");
    }
    let count: usize = secrets.vaults.iter().map(|vault| vault.secrets.len()).sum();
    let mut told = Vec::new();
    if count > 0 {
        told.push(format!("{} in {}", counted(count, "secret"), counted(secrets.vaults.len(), "vault")));
    }
    for (count, noun) in [
        (secrets.credentials.len(), "credential"),
        (secrets.unfilled.len(), "unfilled variable"),
        (secrets.rotations.len(), "rotation flow"),
    ] {
        if count > 0 {
            told.push(counted(count, noun));
        }
    }
    format!("{} {solutions}", listed(&told))
}

/// `vault fab-kv`, `subscription …`, `resource group …`.
pub(super) fn place_of(vault: &Vault) -> Phrase {
    let phrase = Phrase::of("subscription ").name(&vault.subscription);
    phrase.join(Phrase::of(", resource group ").name(&vault.resource_group))
}
