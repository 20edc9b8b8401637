//! `--format azure`: findings as commands that Azure Pipelines turns into issues of the run
//! (<https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>).

use std::fmt::Write as _;

use super::github::{body, file};
use super::text_findings::Scope;
use super::{escape, text_findings};
use crate::model::{Finding, Severity};

/// One command for each error and warning, errors first, and a last line that is for people. The service knows no notes:
/// they are lines without a command.
pub fn findings<'f>(findings: impl IntoIterator<Item = &'f Finding>, scope: impl Into<Scope<'f>>) -> String {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let mut text = String::new();
    for finding in &findings {
        let message = format!("{}: {}", finding.code.name, body(finding));
        if finding.severity == Severity::Note {
            let line = format!("note {} {}", finding.code.id, message.replace('\n', "; "));
            let _ = writeln!(text, "{}", escape::shown(&line));
            continue;
        }
        let mut properties = format!("type={};", finding.severity.word());
        if let Some(place) = &finding.place {
            let _ = write!(properties, "sourcepath={};", encoded(file(place)));
            // Lines of an entry are no lines of the archive.
            if place.line > 0 && file(place) == &*place.file {
                let _ = write!(properties, "linenumber={};columnnumber={};", place.line, place.column);
            }
        }
        let _ = write!(properties, "code={};", finding.code.id);
        let _ = writeln!(text, "##vso[task.logissue {properties}]{}", encoded(&message));
    }
    let count = text_findings::count(findings.iter().copied()).unwrap_or_else(|| "no findings".to_owned());
    let _ = writeln!(text, "{count} {}", scope.into().words(&|text| escape::shown(text).into_owned()));
    text
}

/// What would end a property or the command is encoded as its agent decodes it; what acts on a terminal is escaped.
fn encoded(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        escape::shown(line)
            .replace('%', "%AZP25")
            .replace(';', "%3B")
            .replace('\r', "%0D")
            .replace(']', "%5D")
    });
    lines.collect::<Vec<_>>().join("%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Place, codes};
    use crate::text::Position;

    #[test]
    fn a_finding_is_one_command_and_a_note_is_a_line() {
        let place =
            |file: &str| Place::new(&std::sync::Arc::from(file), Position { offset: 0, line: 3, column: 5 });
        let error = Finding {
            place: Some(place("src/a;b.xml")),
            help: Some("100 %".to_owned()),
            ..Finding::new(codes::MISSING_PROVIDER, Severity::Error, "Fab", "a [b];\r##vso[task.complete]x")
        };
        let archive = Finding {
            place: Some(place("A.zip:x.json")),
            ..Finding::new(codes::MISSING_PROVIDER, Severity::Warning, "Fab", "two")
        };
        let note = Finding::new(codes::PROVIDER_CHOSEN, Severity::Note, "Fab", "three\nfour ##vso[task.x]");
        assert_eq!(
            findings([&error, &archive, &note], 2),
            "##vso[task.logissue type=error;sourcepath=src/a%3Bb.xml;linenumber=3;columnnumber=5;code=ORD004;]\
             missing-provider: a [b%5D%3B\\r#\\u{23}vso[task.complete%5Dx%0Ahelp: 100 %AZP25\n\
             ##vso[task.logissue type=warning;sourcepath=A.zip;code=ORD004;]missing-provider: two%0AA.zip:x.json:3:5\n\
             note ORD011 provider-chosen: three; four #\\u{23}vso[task.x]\n\
             1 error, 1 warning, 1 note in 2 solutions\n"
        );
    }
}
