//! A checked order as text: what is wrong with it, and how it stands.

use super::page::{Page, bold, plain};
use super::words::counted;
use super::{TextOptions, text_findings};
use crate::gate::Gate;
use crate::model::Severity;

/// Writes a gate.
pub fn gate(gate: &Gate, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    text_findings::write(&mut page, &gate.findings, options);
    page.gap();
    let in_solutions = text_findings::in_solutions(gate.solutions);
    let count = text_findings::count(&gate.findings);
    let is_broken = gate.findings.iter().any(|finding| finding.severity == Severity::Error);
    if is_broken {
        page.line(0, &[plain(format!("{} {in_solutions}", count.unwrap_or_default()))]);
        return page.finish();
    }
    let mut line = vec![
        bold(format!("the order of {} holds", gate.order)),
        plain(format!(": {}", counted(gate.solutions, "solution"))),
    ];
    if let Some(count) = count {
        line.push(plain(format!("; {count}")));
    }
    page.line(0, &line);
    page.finish()
}
