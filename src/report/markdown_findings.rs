//! Findings as a list of Markdown. Every text of an input is a code span.

use std::fmt::Write as _;

use super::escape::markdown_span as span;
use super::text_findings;
use super::text_findings::Scope;
use crate::model::{Finding, Severity};

/// The findings as a list, errors first, and how many there are.
pub fn findings<'s>(findings: &[Finding], scope: impl Into<Scope<'s>>) -> String {
    let mut text = String::new();
    for finding in findings {
        let level = match finding.severity {
            Severity::Error => "**error**",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let _ =
            write!(text, "- {level} {} {}: {}", finding.code.id, finding.code.name, span(&finding.message));
        if let Some(place) = &finding.place {
            let _ = write!(text, ", {}", span(&place.to_string()));
        }
        text.push('\n');
        for because in &finding.because {
            let _ = write!(text, "  - because {}", span(&because.words));
            let place = because.place.as_ref().map(|place| format!(", {}", span(&place.to_string())));
            let _ = writeln!(text, "{}", place.unwrap_or_default());
        }
        if let Some(otherwise) = &finding.otherwise {
            let _ = writeln!(text, "  - otherwise {}", span(otherwise));
        }
        if let Some(answer) = &finding.dataverse {
            let _ = writeln!(text, "  - Dataverse: {}: {}", answer.title(), span(answer.message));
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  - help: {}", span(help));
        }
    }
    if !findings.is_empty() {
        text.push('\n');
    }
    let count = text_findings::count(findings).unwrap_or_else(|| "No findings".to_owned());
    let _ = writeln!(text, "{count} {}", scope.into().words(&|text| span(text).to_string()));
    text
}
