//! A settings file as it is written, with what is read from it.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::SettingsError;
use crate::json::{Document, push_pointer};
use crate::model::{Masked, Place};

/// Which list an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An environment variable.
    Variable,
    /// A connection reference.
    ConnectionReference,
}

impl Kind {
    /// Both, in the order of the file.
    pub const ALL: [Self; 2] = [Self::Variable, Self::ConnectionReference];

    /// The list.
    pub fn list(self) -> &'static str {
        match self {
            Self::Variable => "EnvironmentVariables",
            Self::ConnectionReference => "ConnectionReferences",
        }
    }

    /// The member that names the component.
    pub fn name(self) -> &'static str {
        match self {
            Self::Variable => "SchemaName",
            Self::ConnectionReference => "LogicalName",
        }
    }

    /// The member that an environment fills.
    pub fn content(self) -> &'static str {
        match self {
            Self::Variable => "Value",
            Self::ConnectionReference => "ConnectionId",
        }
    }

    /// Whether solship or `pac` write that member themselves.
    fn is_known(self, member: &str) -> bool {
        const OF_PAC: [&str; 6] =
            ["ConnectorId", "DefaultValue", "Name", "TypeId", "Description", "IsRequired"];
        member == self.name() || member == self.content() || OF_PAC.contains(&member)
    }

    /// What is wrong with an entry that names no component.
    fn no_name(self) -> &'static str {
        match self {
            Self::Variable => "an entry has no SchemaName",
            Self::ConnectionReference => "an entry has no LogicalName",
        }
    }

    /// What a person calls it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Variable => "variable",
            Self::ConnectionReference => "connection reference",
        }
    }
}

/// One entry of a settings file.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which list.
    pub kind: Kind,
    /// Name of the component.
    pub name: String,
    /// What fills it; none where the member is absent or null, an empty text where it is empty.
    pub content: Option<Masked>,
    /// Connector of a connection reference, where it is named.
    pub connector: Option<String>,
    /// Whether a member is filled of which only the author of the file knows: `ConnectionOwner`.
    pub has_more: bool,
    /// Where it stands.
    pub place: Place,
    /// Its JSON pointer.
    pub pointer: String,
}

impl Entry {
    /// Whether something fills it.
    pub fn is_filled(&self) -> bool {
        self.content.as_ref().is_some_and(|content| !content.reveal().is_empty())
    }
}

/// A settings file. Its bytes stay as they are but for what is edited.
#[derive(Debug)]
pub struct SettingsFile {
    /// What the user called it.
    pub file: Arc<str>,
    pub(super) document: Document,
    /// The entries of both lists, in the order of the file.
    pub entries: Vec<Entry>,
}

impl SettingsFile {
    /// Reads a settings file.
    ///
    /// # Errors
    /// When it is no JSON, or JSON of another form.
    pub fn read(file: &str, bytes: Vec<u8>) -> Result<Self, SettingsError> {
        let document =
            Document::parse(bytes).map_err(|error| SettingsError::Json { file: file.to_owned(), error })?;
        let file: Arc<str> = file.into();
        refuse_key_twice(&file, &document)?;
        let form_at = |pointer: &str, fault| {
            let place =
                if pointer.is_empty() { Place::whole(&file) } else { place(&file, &document, pointer) };
            SettingsError::Form { place, fault }
        };
        let form = |fault| form_at("", fault);
        let root = document.value().as_object().ok_or_else(|| form("it is no object"))?;
        if !Kind::ALL.iter().any(|kind| root.contains_key(kind.list())) {
            return Err(form(if is_second_file(root) {
                "it is the second file of the ALM Accelerator, which names no values"
            } else {
                "it has neither EnvironmentVariables nor ConnectionReferences"
            }));
        }
        let mut entries = Vec::new();
        for kind in Kind::ALL {
            let Some(list) = root.get(kind.list()).filter(|list| !list.is_null()) else { continue };
            let array = format!("/{}", kind.list());
            let rows = list.as_array().ok_or_else(|| form_at(&array, "a list of it is no array"))?;
            for (at, row) in rows.iter().enumerate() {
                let pointer = format!("{array}/{at}");
                let row = row.as_object().ok_or_else(|| form_at(&pointer, "an entry is no object"))?;
                let text = |name: &str| row.get(name).and_then(Value::as_str);
                let name = text(kind.name()).ok_or_else(|| form_at(&pointer, kind.no_name()))?.to_owned();
                let content = match row.get(kind.content()) {
                    None | Some(Value::Null) => None,
                    Some(Value::String(text)) => Some(Masked::new(text)),
                    Some(other) => Some(Masked::new(other.to_string())),
                };
                let connector = text("ConnectorId").map(str::to_owned).filter(|id| !id.is_empty());
                let place = place(&file, &document, &pointer);
                let has_more = row.iter().any(|(name, value)| !kind.is_known(name) && is_filled(value));
                entries.push(Entry { kind, name, content, connector, has_more, place, pointer });
            }
        }
        Ok(Self { file, document, entries })
    }

    /// The entry of that name; names compare without case.
    pub fn entry(&self, kind: Kind, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.kind == kind && entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes as they were read.
    pub fn bytes(&self) -> &[u8] {
        self.document.bytes()
    }
}

/// Whether a value says anything.
fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Readers disagree which one of two counts.
pub(super) fn refuse_key_twice(file: &Arc<str>, document: &Document) -> Result<(), SettingsError> {
    match document.duplicate_keys().first() {
        Some(twice) => Err(SettingsError::KeyTwice {
            place: Place::new(file, twice.second),
            key: twice.pointer.clone(),
            first: twice.first.line,
        }),
        None => Ok(()),
    }
}

/// Where the value at a pointer stands.
pub(super) fn place(file: &Arc<str>, document: &Document, pointer: &str) -> Place {
    match document.position(pointer) {
        Some(position) => Place::new(file, position).with_pointer(pointer),
        None => Place::whole(file),
    }
}

/// `customDeploymentSettings.json`.
fn is_second_file(root: &Map<String, Value>) -> bool {
    const KEYS: [&str; 4] = [
        "ActivateFlowConfiguration",
        "SolutionComponentOwnershipConfiguration",
        "WebhookUrls",
        "AadGroupTeamConfiguration",
    ];
    KEYS.iter().any(|key| root.contains_key(*key))
}

/// The pointer of a member.
pub(super) fn member(pointer: &str, name: &str) -> String {
    let mut pointer = pointer.to_owned();
    push_pointer(&mut pointer, name);
    pointer
}
