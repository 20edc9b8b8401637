//! PKG001: a component file is no well-formed XML or JSON. Those that the model reads are found on the way; here are those
//! that it only carries. Web resources are the makers' own and may be anything.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, Place, as_utf8, codes};
use crate::text::Position;
use crate::{json, xml};

pub(super) const RULE: Rule = Rule {
    code: codes::ILL_FORMED_FILE,
    dataverse: Some(DataverseError::NOT_WELL_FORMED),
    page: include_str!("../../../docs/rules/ill-formed-file.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for entry in subject.package.entries() {
        let Some(form) = form(&entry.path) else { continue };
        let Some(bytes) = subject.read(entry) else { continue };
        if let Some((position, message)) = form.fault(as_utf8(bytes)) {
            let file = subject.package.place_of(&entry.path).into();
            let finding = report.add(&Place::new(&file, position), message);
            if form == Form::Json {
                finding.dataverse = None;
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Xml,
    Json,
}

impl Form {
    fn fault(self, bytes: Vec<u8>) -> Option<(Position, String)> {
        match self {
            Self::Xml => {
                let error = xml::Document::parse(bytes, &xml::Limits::default()).err()?;
                Some((error.position(), error.to_string()))
            }
            Self::Json => {
                let error = json::Document::parse(bytes).err()?;
                Some((error.position(), error.to_string()))
            }
        }
    }
}

/// What a file must be that the model does not read: processes and formulas in XAML, the files of connectors, the manifests
/// of controls.
fn form(path: &str) -> Option<Form> {
    let path = path.to_ascii_lowercase();
    let folder = path.split('/').next().unwrap_or_default();
    match (folder, path.rsplit('.').next()?) {
        ("workflows" | "formulas", "xaml") => Some(Form::Xml),
        ("controls", "xml") | ("[content_types].xml", "xml") => Some(Form::Xml),
        ("connector", "json") => Some(Form::Json),
        _ => None,
    }
}
