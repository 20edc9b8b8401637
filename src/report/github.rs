//! `--format github`: findings as commands that GitHub Actions turns into annotations
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use std::fmt::Write as _;

use super::text_findings::Scope;
use super::{escape, text_findings};
use crate::model::{Finding, Place, Severity};

/// One command a finding, errors first, and a last line that is for people.
pub fn findings<'f>(findings: impl IntoIterator<Item = &'f Finding>, scope: impl Into<Scope<'f>>) -> String {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let mut text = String::new();
    for finding in &findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(place) = &finding.place {
            properties.push(format!("file={}", property(file(place))));
            // Lines of an entry are no lines of the archive.
            if place.line > 0 && file(place) == &*place.file {
                properties.push(format!("line={},col={}", place.line, place.column));
            }
        }
        properties.push(format!("title={}", property(&format!("{} {}", finding.code.id, finding.code.name))));
        let _ = writeln!(text, "::{command} {}::{}", properties.join(","), data(&body(finding)));
    }
    let count = text_findings::count(findings.iter().copied()).unwrap_or_else(|| "no findings".to_owned());
    let _ = writeln!(text, "{count} {}", scope.into().words(&|text| escape::shown(text).into_owned()));
    text
}

/// What the command says, in lines: the message, the place in an archive, what it rests on, what to do.
pub(super) fn body(finding: &Finding) -> String {
    let mut message = finding.message.clone();
    if let Some(place) = finding.place.as_ref().filter(|place| file(place) != &*place.file) {
        let _ = write!(message, "\n{place}");
    }
    for because in &finding.because {
        let _ = write!(message, "\nbecause {}", because.words);
        if let Some(place) = &because.place {
            let _ = write!(message, " ({place})");
        }
    }
    if let Some(otherwise) = &finding.otherwise {
        let _ = write!(message, "\notherwise {otherwise}");
    }
    if let Some(answer) = &finding.dataverse {
        let _ = write!(message, "\nDataverse: {}: {}", answer.title(), answer.message);
    }
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    message
}

/// The file itself; of a place in an archive, the archive.
pub(super) fn file(place: &Place) -> &str {
    let lower = place.file.to_ascii_lowercase();
    match lower.find(".zip:") {
        Some(at) => &place.file[..at + ".zip".len()],
        None => &place.file,
    }
}

/// The message: what would end the line or start another command is encoded; what acts on a terminal is escaped.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| escape::shown(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    escape::shown(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Because, codes};
    use crate::text::Position;

    fn place(file: &str) -> Place {
        Place::new(&Arc::from(file), Position { offset: 0, line: 3, column: 5 })
    }

    #[test]
    fn an_annotation_has_the_file_and_the_reasons() {
        let finding = Finding {
            place: Some(place("deploy/a,b:100%.xml")),
            because: vec![Because {
                words: "it\nuses".to_owned(),
                place: Some(place("x/A.ZIP:customizations.xml")),
            }],
            ..Finding::new(
                codes::DEPENDENT_BEFORE_PROVIDER,
                Severity::Error,
                "Fab",
                "A::before\r\n::error::B",
            )
        };
        assert_eq!(
            findings([&finding], 2),
            "::error file=deploy/a%2Cb%3A100%25.xml,line=3,col=5,title=ORD002 dependent-before-provider::\
             A::before\\r%0A::error::B%0Abecause it%0Auses (x/A.ZIP:customizations.xml:3:5)\n1 error in 2 solutions\n"
        );
    }

    #[test]
    fn in_an_archive_the_archive_is_annotated() {
        let note = Finding {
            place: Some(place("x/A.ZIP:customizations.xml")),
            ..Finding::new(codes::PROVIDER_CHOSEN, Severity::Note, "Fab", "chosen")
        };
        let text = findings([&note], 1);
        assert!(text.starts_with(
            "::notice file=x/A.ZIP,title=ORD011 provider-chosen::chosen%0Ax/A.ZIP:customizations.xml:3:5\n"
        ));
        assert_eq!(findings([], 1), "no findings in 1 solution\n");
    }
}
