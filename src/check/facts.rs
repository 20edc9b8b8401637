//! What rules over the set need of the files of one solution, which are closed by then.
//!
//! Read [`Facts`] first.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::subject::Subject;
use crate::model::{Component, ComponentKey, ComponentType, Details, Place, as_utf8, entry_path};
use crate::xml::Element;

/// What is kept of one solution.
#[derive(Debug)]
pub(super) struct Facts {
    /// Flows and other processes, and the hash of what each of them does.
    pub(super) processes: BTreeMap<ComponentKey, [u8; 32]>,
    /// Custom columns whose values are those of a global option set.
    pub(super) option_sets: Vec<OptionSetUse>,
}

/// One column with a global option set.
#[derive(Debug)]
pub(super) struct OptionSetUse {
    pub(super) column: ComponentKey,
    /// Of the option set, as written.
    pub(super) name: String,
    pub(super) place: Place,
}

impl OptionSetUse {
    /// Without the table.
    pub(super) fn column_name(&self) -> &str {
        self.column.key.rsplit('.').next().unwrap_or_default()
    }
}

impl Facts {
    pub(super) fn read(subject: &Subject<'_>) -> Self {
        let processes = subject.solution.components.iter().filter(|component| !component.unmodified);
        let processes =
            processes.filter_map(|component| Some((component.key.clone(), process(subject, component)?)));
        Self { processes: processes.collect(), option_sets: option_sets(subject) }
    }
}

/// The hash of name and content; none where the content cannot be read, and for what is no process. How the file is laid out
/// does not matter, nor what exports write of the solution that a process is in.
fn process(subject: &Subject<'_>, component: &Component) -> Option<[u8; 32]> {
    let row = match component.details {
        Details::CloudFlow(_) | Details::DesktopFlow(_) | Details::Process(_) => {
            subject.process(&component.key)?
        }
        _ => return None,
    };
    let mut hash = Sha256::new();
    hash.update(component.name.as_bytes());
    hash.update([0]);
    let mut add = |bytes: &[u8]| {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        for piece in bytes.split(u8::is_ascii_whitespace) {
            hash.update(piece);
        }
    };
    if let Some(flow) = subject.flow(&component.key) {
        add(flow.document.bytes());
    } else if let Some(script) = row.child("Definition") {
        add(script.text().as_bytes());
    } else {
        let file = row.child_text("XamlFileName")?;
        let entry = subject.package.entry(&entry_path(&file))?;
        add(&as_utf8(subject.read(entry)?));
    }
    Some(hash.finalize().into())
}

fn option_sets(subject: &Subject<'_>) -> Vec<OptionSetUse> {
    let mut found = Vec::new();
    let sections = subject.customizations.document.root().children();
    let tables =
        sections.filter(|section| section.name() == "Entities").flat_map(|section| section.children());
    for entity in tables.filter_map(|table| table.child("EntityInfo")?.child("entity")) {
        let Some(table) = entity.attribute("Name") else { continue };
        let columns = entity.child("attributes").into_iter().flat_map(|columns| columns.children());
        for column in columns {
            let Some((name, element)) = option_set(column) else { continue };
            let column_name = column.child_text("LogicalName").or_else(|| column.child_text("Name"));
            let Some(column_name) = column_name else { continue };
            let key = format!("{}.{}", table.trim(), column_name.trim().to_lowercase());
            found.push(OptionSetUse {
                column: ComponentKey::new(ComponentType::COLUMN, &key),
                name,
                place: subject.customizations.place(element),
            });
        }
    }
    found
}

/// The global option set of a custom column that is the solution's own, and the element that names it.
fn option_set(column: Element<'_>) -> Option<(String, Element<'_>)> {
    let element = column.child("OptionSetName")?;
    let name = element.text().trim().to_owned();
    let is_custom = column.child_text("IsCustomField").is_some_and(|digit| digit.trim() == "1");
    let is_own = column.attribute("unmodified").is_none_or(|digit| digit.trim() != "1");
    (!name.is_empty() && is_custom && is_own && column.child("optionset").is_none())
        .then_some((name, element))
}
