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
        let path = entry.path.to_lowercase();
        let Some(form) = form(&path).filter(|_| !subject.parsed.contains(&path)) else { continue };
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

/// What a file must be, by its name in small letters.
fn form(path: &str) -> Option<Form> {
    if path.starts_with("webresources/") {
        return None;
    }
    match path.rsplit_once('.')?.1 {
        "xml" | "xaml" => Some(Form::Xml),
        "json" => Some(Form::Json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    #[test]
    fn every_file_but_web_resources() {
        for (path, text, count) in [
            ("bots/fab_bot/bot.xml", "<bot>", 1),
            ("botcomponents/fab_bot.topic.Hello/data.json", "{", 1),
            ("Assets/rows.xml", "<a></b>", 1),
            ("Workflows/Check.XAML", "<a", 1),
            ("environmentvariabledefinitions/fab_Limit/environmentvariabledefinition.xml", "<a", 1),
            ("environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json", "{", 1),
            ("WebResources/fab_/settings.json", "{", 0),
            ("botcomponents/fab_bot.topic.Hello/data", "{", 0),
            ("Assets/rows.xml", "<a />", 0),
        ] {
            let told = found(codes::ILL_FORMED_FILE, &file(path, text));
            assert_eq!(told.len(), count, "{path}: {told:?}");
        }
    }
}
