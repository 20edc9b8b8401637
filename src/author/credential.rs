//! Credentials: a row that names variables, never a secret (`FORMATS.md` §1).
//!
//! Read [`NewCredential`] first. How a row is written is in `credential_form.rs`.

use super::credential_form::{CredentialContainer, CredentialForm, Learned};
use super::customizations::{Section, insert_row, remove_row};
use super::files::CUSTOMIZATIONS;
use super::identity::{bare, id_of};
use super::names::{check_filled, check_text, is_same_text};
use super::text::{Markup, XmlText};
use super::variable::{line_end_of_variables, set_column};
use super::{Action, AuthorError, Difference, Editor, NewVariable, Step, add_variable};
use crate::model::{
    Component, ComponentKey, ComponentType, Credential, CredentialKind, CredentialUse, Details, Masked,
    UserNameForm, VariableType,
};
use crate::text::shell_word;
use crate::xml::Document;

/// What messages call it.
const WHAT: &str = "credential";
/// Longest name, and longest id of a CyberArk application.
const NAME_LENGTH: usize = 100;
/// Longest description.
const DESCRIPTION_LENGTH: usize = 100_000;

const SECTION: Section = Section { set: "credentials", table: "credential", key: "credentialid" };

/// Where the password comes from, with the variables by name; none is one that still has to be chosen.
#[derive(Debug, Clone)]
pub enum CredentialStore {
    /// Azure Key Vault: user name and password.
    KeyVault {
        /// Text variable with the user name.
        user: Option<String>,
        /// Secret variable with the password.
        password: Option<String>,
    },
    /// CyberArk (preview).
    CyberArk {
        /// Text variable with the user name.
        user: Option<String>,
        /// Text variable with the safe.
        safe: Option<String>,
        /// Text variable with the object.
        object: Option<String>,
        /// Id of the application.
        application_id: Option<String>,
    },
    /// A certificate in Azure Key Vault.
    Certificate {
        /// Text variable with the user name.
        user: Option<String>,
        /// Secret variable with the certificate.
        certificate: Option<String>,
    },
}

/// A credential that is wanted.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Display name.
    pub name: String,
    /// Where the password comes from.
    pub store: CredentialStore,
    /// What it may be used for; nothing said: connections.
    pub uses: Vec<CredentialUse>,
    /// Description.
    pub description: Option<String>,
    /// Id of the row; none: made of publisher, solution and name.
    pub id: Option<String>,
    /// Text of a user name for the variable, which is made when it is not there.
    pub user_value: Option<String>,
    /// Reference for the secret variable, which is made when it is not there.
    pub secret_id: Option<String>,
    /// The connection reference whose connection is to sign in with it.
    pub signs_in: Option<String>,
    /// How the row is written.
    pub form: Option<CredentialForm>,
}

/// What is to change in a credential. Its variables cannot be changed, as on the platform.
#[derive(Debug, Clone, Default)]
pub struct CredentialChange {
    /// Display name.
    pub name: Option<String>,
    /// Description; the inner none takes it away.
    pub description: Option<Option<String>>,
    /// What it may be used for.
    pub uses: Option<Vec<CredentialUse>>,
}

/// A column that names a variable.
struct Column<'c> {
    name: &'static str,
    words: &'static str,
    option: &'static str,
    kind: VariableType,
    variable: Option<&'c str>,
}

impl NewCredential {
    /// What of the row that is written is known from the example that its form was learned from; nothing without one.
    pub fn learned(&self) -> Option<Learned> {
        let mut columns = vec!["name", "connectiontype"];
        columns.extend(self.description.as_ref().map(|_| "description"));
        columns.extend(self.store.columns().iter().map(|column| column.name));
        if matches!(self.store, CredentialStore::CyberArk { .. }) {
            columns.push("cyberarkapplicationid");
        }
        self.form.as_ref()?.learned(&columns)
    }
}

impl CredentialStore {
    fn kind(&self) -> (u32, CredentialKind) {
        match self {
            Self::KeyVault { .. } => (1, CredentialKind::UserNamePassword),
            Self::CyberArk { .. } => (4, CredentialKind::CyberArk),
            Self::Certificate { .. } => (5, CredentialKind::Certificate),
        }
    }

    fn columns(&self) -> Vec<Column<'_>> {
        fn column<'c>(
            name: &'static str,
            words: &'static str,
            option: &'static str,
            kind: VariableType,
            variable: &'c Option<String>,
        ) -> Column<'c> {
            Column { name, words, option, kind, variable: variable.as_deref() }
        }
        let (text, secret) = (VariableType::Text, VariableType::Secret);
        match self {
            Self::KeyVault { user, password } => vec![
                column("password", "password", "--password", secret, password),
                column("username", "user name", "--user", text, user),
            ],
            Self::CyberArk { user, safe, object, .. } => vec![
                column("cyberarkobject", "object", "--object", text, object),
                column("cyberarksafe", "safe", "--safe", text, safe),
                column("cyberarkusername", "user name", "--user", text, user),
            ],
            Self::Certificate { user, certificate } => vec![
                column("certificate", "certificate", "--certificate", secret, certificate),
                column("username", "user name", "--user", text, user),
            ],
        }
    }
}

/// Adds a credential. Variables that are not there are made when their content is given.
///
/// # Errors
/// When the platform would not take it, or it is there and differs.
pub fn add_credential(editor: &mut Editor, wanted: &NewCredential) -> Result<Vec<Step>, AuthorError> {
    check_filled("name", &wanted.name, NAME_LENGTH)?;
    if let Some(description) = &wanted.description {
        check_filled("description", description, DESCRIPTION_LENGTH)?;
    }
    let uses = uses_of(&wanted.uses);
    check_uses(wanted.store.kind().1, &uses)?;
    if let CredentialStore::CyberArk { application_id: Some(id), .. } = &wanted.store {
        check_application_id(id)?;
    }
    let id = match &wanted.id {
        Some(id) => Some(bare(id).ok_or_else(|| AuthorError::Text {
            what: "id",
            fault: "no GUID".to_owned(),
            hint: "32 hexadecimal digits in groups of 8-4-4-4-12, or leave it out",
        })?),
        None => None,
    };
    let there = by_name(editor, &wanted.name)?;
    if wanted.signs_in.is_some() {
        let found = there.as_ref().filter(|_| wanted.uses.is_empty()).map(|component| &component.details);
        check_signs_in(match found {
            Some(Details::Credential(credential)) => &credential.uses,
            _ => &uses,
        })?;
    }
    let signs_in = wanted.signs_in.as_deref().map(|name| signs_in(editor, name, &wanted.name)).transpose()?;
    let mut steps = Vec::new();
    let columns = wanted.store.columns();
    let mut lookups: Vec<(&str, String)> = Vec::new();
    for column in &columns {
        lookups.push((column.name, variable_of(editor, wanted, column, &mut steps)?));
    }
    if let Some(there) = there {
        steps.push(compare(editor, &there, wanted, &uses, &lookups, id.as_deref())?);
        return Ok(steps);
    }
    let solution = editor.solution()?;
    let id = id.unwrap_or_else(|| id_of(&solution.manifest, WHAT, &wanted.name));
    let key = ComponentKey::new(ComponentType::CREDENTIAL, &id);
    if let Some(other) = solution.components.iter().find(|component| component.key == key) {
        return Err(AuthorError::NotPossible {
            message: format!("{} has this id already", other.described()),
            hint: "give the new one another --id, or another name".to_owned(),
        });
    }
    let form = form_of(editor, wanted.form.as_ref())?;
    let mut texts =
        vec![("connectiontype", wanted.store.kind().0.to_string()), ("name", wanted.name.clone())];
    if let Some(description) = &wanted.description {
        texts.push(("description", description.clone()));
    }
    if let CredentialStore::CyberArk { application_id, .. } = &wanted.store {
        let Some(application_id) = application_id else {
            return Err(AuthorError::NotPossible {
                message: "a CyberArk credential has the id of an application, and none is given".to_owned(),
                hint: "--application-id, as it is registered in CyberArk's Central Credential Provider"
                    .to_owned(),
            });
        };
        texts.push(("cyberarkapplicationid", application_id.clone()));
    }
    let codes: Vec<u32> = uses.iter().map(|used| used.code()).collect();
    let row = form.row(&id, &texts, &lookups, &codes);
    match form.container {
        CredentialContainer::Section => insert_row(editor, &SECTION, &id, &row)?,
        CredentialContainer::Folder => {
            let new_line = line_end_of_variables(editor)?;
            editor.put(&path(&id), row.lines(new_line, "").into_bytes());
        }
    }
    let name = &solution.manifest.unique_name;
    let mut step = Step::new(Action::Added, format!("{WHAT} \"{}\"", wanted.name)).note(format!(
        "{name} goes into an environment before the solutions whose flows sign in with it: solship plan"
    ));
    if matches!(wanted.store, CredentialStore::CyberArk { .. }) {
        step = step.note("credentials from CyberArk are a preview of the platform");
    }
    steps.push(step.notes(signs_in.into_iter().flatten()));
    Ok(steps)
}

/// The id of an application in CyberArk is compared as a text: what cannot be seen in it would never match.
fn check_application_id(id: &str) -> Result<(), AuthorError> {
    check_filled("application id", id, NAME_LENGTH)?;
    if id.trim() != id || id.contains(char::is_control) {
        return Err(AuthorError::Text {
            what: "application id",
            fault: "a blank stands around it, or a line break is in it".to_owned(),
            hint: "write it as it is registered in CyberArk's Central Credential Provider",
        });
    }
    Ok(())
}

/// A connection signs in with a credential that may be used there.
fn check_signs_in(uses: &[CredentialUse]) -> Result<(), AuthorError> {
    if CredentialUse::are_for_connections(uses) {
        return Ok(());
    }
    let uses = uses.iter().map(|used| used.words()).collect::<Vec<_>>().join(" and ");
    Err(AuthorError::NotPossible {
        message: format!("a credential that may be used for {uses} alone signs in no connection"),
        hint: "let it with --use connection too, or leave --signs-in out".to_owned(),
    })
}

/// Only connections of desktop flows sign in with a credential. Which one does is in no package.
fn signs_in(editor: &mut Editor, reference: &str, credential: &str) -> Result<Vec<String>, AuthorError> {
    let is_name =
        reference.split_once('_').is_some_and(|(prefix, own)| !prefix.is_empty() && !own.is_empty())
            && reference.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if !is_name {
        return Err(AuthorError::Name {
            what: "connection reference",
            name: reference.to_owned(),
            fault: "no logical name, which is a prefix, an underscore, letters and digits".to_owned(),
            instead: Some("fab_desktop; solship inspect lists those of a solution".to_owned()),
        });
    }
    let mut notes = Vec::new();
    if let Some(there) = editor.component(ComponentType::CONNECTION_REFERENCE, reference)?
        && let Details::ConnectionReference(details) = &there.details
    {
        if details.is_for_desktop_flows() {
            return Ok(vec![stated(reference, credential)]);
        }
        return Err(AuthorError::NotPossible {
            message: format!(
                "{} is of connector {}, which cannot use a credential",
                there.described(),
                details.connector()
            ),
            hint: "only desktop flows sign in with credentials: a reference of connector shared_uiflow"
                .to_owned(),
        });
    }
    let near = editor.existing(ComponentType::CONNECTION_REFERENCE, "connection reference", reference).err();
    if let Some(AuthorError::NotThere { nearest, solution, .. }) = near {
        let meant = nearest.map(|name| format!("; {name} is")).unwrap_or_default();
        notes.push(format!(
            "connection reference {reference} is not in {solution}{meant}: what it connects to is not checked"
        ));
    }
    notes.push(stated(reference, credential));
    Ok(notes)
}

fn stated(reference: &str, credential: &str) -> String {
    let credential = credential.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "no package says which connection signs in with it; in solship.toml: [[signs-in]] connection-reference = \"{reference}\", credential = \"{credential}\""
    )
}

/// The form that is given, else that of a credential that is there.
fn form_of(editor: &Editor, given: Option<&CredentialForm>) -> Result<CredentialForm, AuthorError> {
    let there = CredentialForm::of(&editor.files)?;
    match (given, there) {
        (Some(given), Some(there)) if given.container != there.container => Err(AuthorError::NotPossible {
            message: "the credentials of this solution are in the other container".to_owned(),
            hint: "leave --container and --like out: the new one is written as those that are there"
                .to_owned(),
        }),
        (Some(given), _) => Ok(given.clone()),
        (None, Some(there)) => Ok(there),
        (None, None) => Err(AuthorError::NoForm),
    }
}

fn uses_of(uses: &[CredentialUse]) -> Vec<CredentialUse> {
    let mut uses = if uses.is_empty() { vec![CredentialUse::Connection] } else { uses.to_vec() };
    uses.sort();
    uses.dedup();
    uses
}

/// What each kind may be used for (`FORMATS.md` §1.4).
fn check_uses(kind: CredentialKind, uses: &[CredentialUse]) -> Result<(), AuthorError> {
    let refuse = |message: &str| {
        Err(AuthorError::NotPossible {
            message: message.to_owned(),
            hint: "leave that --use out, or take --key-vault with a password".to_owned(),
        })
    };
    match kind {
        CredentialKind::Certificate if uses.iter().any(|used| *used != CredentialUse::Connection) => {
            refuse("a certificate can be used in connections only, not in desktop flows or networks")
        }
        CredentialKind::CyberArk if uses.contains(&CredentialUse::Network) => {
            refuse("CyberArk can be used in connections and desktop flows; for networks nothing says so")
        }
        _ => Ok(()),
    }
}

/// The variable of a column, by the spelling of its definition; made on the way when its content is given.
fn variable_of(
    editor: &mut Editor,
    wanted: &NewCredential,
    column: &Column<'_>,
    steps: &mut Vec<Step>,
) -> Result<String, AuthorError> {
    let content = match (column.kind, column.words) {
        (VariableType::Secret, _) => &wanted.secret_id,
        (_, "user name") => &wanted.user_value,
        _ => &None,
    };
    let Some(name) = column.variable else {
        let solution = editor.solution()?;
        let fits = |component: &&Component| facts(component).is_some_and(|(kind, _)| kind == column.kind);
        let candidates =
            solution.components.iter().filter(fits).map(|component| component.key.key.to_string());
        return Err(AuthorError::NoVariable {
            column: column.words,
            option: column.option,
            is_secret: column.kind == VariableType::Secret,
            candidates: candidates.collect(),
        });
    };
    if let Some(there) = editor.component(ComponentType::ENVIRONMENT_VARIABLE, name)? {
        check_variable(editor, &there, column)?;
        if let (Some(content), Some((_, text))) = (content, facts(&there))
            && text.is_none_or(|text| text.reveal() != content)
        {
            return Err(AuthorError::Differs {
                component: there.described(),
                differences: vec![Difference { fact: "default value", there: None, asked: None }],
                hint: format!(
                    "leave the option out to use what is there, or: solship set variable {name}{}",
                    editor.option()
                ),
            });
        }
        return Ok(there.key.key.to_string());
    }
    let Some(content) = content else {
        let mut error = editor.existing(ComponentType::ENVIRONMENT_VARIABLE, "variable", name).err();
        if let Some(AuthorError::NotThere { make, .. }) = &mut error {
            *make = Some(match column.kind {
                VariableType::Secret => "--secret-id RESOURCE-ID makes it on the way".to_owned(),
                _ if column.words == "user name" => "--user-value TEXT makes it on the way".to_owned(),
                _ => format!("solship add variable {name} --type string{}", editor.option()),
            });
        }
        return Err(error.unwrap_or(AuthorError::NoName));
    };
    if column.words == "user name" {
        check_user_name(content)?;
    }
    let new = NewVariable {
        name: Some(name.to_owned()),
        kind: Some(column.kind),
        default: Some(content.clone()),
        ..NewVariable::default()
    };
    steps.push(add_variable(editor, &new)?);
    Ok(name.to_owned())
}

fn facts(component: &Component) -> Option<(VariableType, Option<&Masked>)> {
    match &component.details {
        Details::EnvironmentVariable(variable) => {
            Some((variable.kind, variable.value.as_ref().or(variable.default.as_ref())))
        }
        _ => None,
    }
}

fn check_variable(editor: &Editor, there: &Component, column: &Column<'_>) -> Result<(), AuthorError> {
    let Some((kind, content)) = facts(there) else { return Ok(()) };
    if kind != column.kind {
        let (is, must) = match column.kind {
            VariableType::Secret => {
                ("a secret holds it, and this variable is none", "a secret variable: solship add secret NAME")
            }
            _ if kind == VariableType::Secret => {
                ("a secret cannot be one", "a text variable: solship add variable NAME --type string")
            }
            _ => (
                "a text variable holds it, and this one has another type",
                "a text variable: solship add variable NAME --type string",
            ),
        };
        return Err(AuthorError::NotPossible {
            message: format!("{} as {}: {is}", there.described(), column.words),
            hint: format!("{} takes {must}{}", column.option, editor.option()),
        });
    }
    match content {
        Some(text) if column.words == "user name" => check_user_name(text.reveal()),
        _ => Ok(()),
    }
}

fn check_user_name(text: &str) -> Result<(), AuthorError> {
    check_text("user name", text, 2000)?;
    if UserNameForm::of(text.trim(), true).is_some() {
        return Ok(());
    }
    Err(AuthorError::Text {
        what: "user name",
        fault: "not in a form that machines know".to_owned(),
        hint: "robot7 or .\\robot7 for a local account, DOMAIN\\robot7, or robot7@example.com",
    })
}

fn path(id: &str) -> String {
    format!("credentials/{id}/credential.xml")
}

fn credentials(editor: &mut Editor) -> Result<Vec<Component>, AuthorError> {
    let solution = editor.solution()?;
    let all = solution.components.iter();
    Ok(all.filter(|component| component.key.kind == ComponentType::CREDENTIAL).cloned().collect())
}

fn by_name(editor: &mut Editor, name: &str) -> Result<Option<Component>, AuthorError> {
    // The name that is shown may be masked; what is compared is what stands in the row.
    for component in credentials(editor)? {
        if row_text(editor, &component, "name")?
            .is_some_and(|found| found.to_lowercase() == name.to_lowercase())
        {
            return Ok(Some(component));
        }
    }
    Ok(None)
}

/// The credential of that id or name.
fn existing(editor: &mut Editor, name: &str) -> Result<Component, AuthorError> {
    if let Some(id) = bare(name)
        && let Some(component) = editor.component(ComponentType::CREDENTIAL, &id)?
    {
        return Ok(component);
    }
    let mut found = Vec::new();
    let all = credentials(editor)?;
    for component in &all {
        if row_text(editor, component, "name")?
            .is_some_and(|found| found.to_lowercase() == name.to_lowercase())
        {
            found.push(component.clone());
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(AuthorError::NotThere {
            what: WHAT,
            name: name.to_owned(),
            solution: editor.solution()?.manifest.unique_name.clone(),
            nearest: all.first().map(|component| component.name.clone()),
            make: None,
        }),
        _ => Err(AuthorError::NotPossible {
            message: format!("{} credentials are called {name}", found.len()),
            hint: format!("name one by its id, such as {}", found[0].key.key),
        }),
    }
}

/// The file with the row, and whether it is a section.
fn document(editor: &Editor, id: &str) -> Result<(String, Document, bool), AuthorError> {
    let folder = path(id);
    if let Some(spelled) = editor.files.spelled(&folder) {
        let document = editor.files.xml(&spelled)?;
        return Ok((spelled, document, false));
    }
    Ok((CUSTOMIZATIONS.to_owned(), editor.files.xml(CUSTOMIZATIONS)?, true))
}

fn row_text(editor: &Editor, component: &Component, column: &str) -> Result<Option<String>, AuthorError> {
    let id = &component.key.key;
    let (_, document, is_section) = document(editor, id)?;
    let row = if is_section { SECTION.row(&document, id).map(|(_, row)| row) } else { Some(document.root()) };
    Ok(row.and_then(|row| row.child_text(column)).map(|text| text.trim().to_owned()))
}

fn compare(
    editor: &Editor,
    there: &Component,
    wanted: &NewCredential,
    uses: &[CredentialUse],
    lookups: &[(&str, String)],
    id: Option<&str>,
) -> Result<Step, AuthorError> {
    let Details::Credential(credential) = &there.details else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    };
    let mut differences = variables_that_differ(credential, wanted, lookups);
    if let CredentialStore::CyberArk { application_id: Some(asked), .. } = &wanted.store {
        let found = row_text(editor, there, "cyberarkapplicationid")?;
        if found.as_ref() != Some(asked) {
            differences.push(Difference { fact: "application id", there: None, asked: None });
        }
    }
    let are_variables_equal = differences.is_empty();
    let other = |fact| Difference { fact, there: None, asked: None };
    if !wanted.uses.is_empty() && uses_of(&credential.uses) != uses {
        differences.push(other("use"));
    }
    let description = row_text(editor, there, "description")?;
    if wanted.description.as_deref().is_some_and(|asked| !is_same_text(description.as_deref(), asked)) {
        differences.push(other("description"));
    }
    if id.is_some_and(|id| !there.key.key.eq_ignore_ascii_case(id)) {
        differences.push(other("id"));
    }
    if differences.is_empty() {
        return Ok(Step::new(Action::Unchanged, there.described()));
    }
    let hint = if are_variables_equal {
        format!("solship set credential {}{} changes it", shell_word(&there.name), editor.option())
    } else {
        NEW_ONE.to_owned()
    };
    Err(AuthorError::Differs { component: there.described(), differences, hint })
}

/// The way round for what cannot be changed.
const NEW_ONE: &str = "where a credential takes user name and password from cannot be changed, as on the platform: add a new credential with another name, let connections use it, then remove this one";

fn variables_that_differ(
    credential: &Credential,
    wanted: &NewCredential,
    lookups: &[(&str, String)],
) -> Vec<Difference> {
    let mut differences = Vec::new();
    if credential.kind != wanted.store.kind().1 {
        differences.push(Difference { fact: "kind", there: None, asked: None });
    }
    for (column, asked) in lookups {
        let there = credential.variable(column).map(|key| key.key.to_string());
        if !there.as_ref().is_some_and(|there| there.eq_ignore_ascii_case(asked)) {
            let fact = wanted
                .store
                .columns()
                .iter()
                .find(|known| known.name == *column)
                .map_or("variable", |known| known.words);
            differences.push(Difference { fact, there, asked: Some(asked.clone()) });
        }
    }
    differences
}

/// Changes name, description and use of a credential.
///
/// # Errors
/// When it is not there, or the platform would not take it.
pub fn set_credential(
    editor: &mut Editor,
    name: &str,
    change: &CredentialChange,
) -> Result<Step, AuthorError> {
    let component = existing(editor, name)?;
    let Details::Credential(credential) = &component.details else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    };
    if let Some(new) = &change.name {
        check_filled("name", new, NAME_LENGTH)?;
        if by_name(editor, new)?.is_some_and(|other| other.key != component.key) {
            return Err(AuthorError::NotPossible {
                message: format!("another credential is called {new}"),
                hint: "choose another name".to_owned(),
            });
        }
    }
    if let Some(Some(description)) = &change.description {
        check_filled("description", description, DESCRIPTION_LENGTH)?;
    }
    let uses = change.uses.as_deref().map(uses_of);
    if let Some(uses) = &uses {
        check_uses(credential.kind, uses)?;
    }
    let id = &*component.key.key;
    let form = CredentialForm::of(&editor.files)?;
    let (path, document, is_section) = document(editor, id)?;
    let row = if is_section { SECTION.row(&document, id).map(|(_, row)| row) } else { Some(document.root()) };
    let Some(row) = row else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(&path) });
    };
    let mut text = XmlText::new(&document);
    if let Some(name) = &change.name {
        set_column(&mut text, row, "name", Some(Markup::text("name", name)));
    }
    if let Some(description) = &change.description {
        let markup = description.as_ref().map(|description| Markup::text("description", description));
        set_column(&mut text, row, "description", markup);
    }
    if let Some(uses) = uses
        && uses != uses_of(&credential.uses)
    {
        let codes: Vec<u32> = uses.iter().map(|used| used.code()).collect();
        let form = form.unwrap_or_else(|| CredentialForm::assumed(CredentialContainer::Section));
        set_column(&mut text, row, "usagetype", Some(Markup::text("usagetype", form.uses_text(&codes))));
    }
    editor.put(&path, text.finish());
    editor.changed(component.described())
}

/// Removes a credential; its variables stay.
///
/// # Errors
/// When it is not there or is used.
pub fn remove_credential(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    let component = existing(editor, name)?;
    editor.refuse_used(&component)?;
    let id = &*component.key.key;
    if editor.files.spelled(&path(id)).is_some() {
        editor.remove_file(&path(id));
    } else if !remove_row(editor, &SECTION, id)? {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    }
    let mut step = Step::new(Action::Removed, component.described());
    if let Details::Credential(credential) = &component.details
        && !credential.variables.is_empty()
    {
        let names: Vec<&str> = credential.variables.iter().map(|(_, key)| &*key.key).collect();
        step = step.note(format!("its variables stay: {}", names.join(", ")));
    }
    Ok(step)
}
