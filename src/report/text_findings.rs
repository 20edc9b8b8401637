//! Findings as text: level, code, name, message; the place and the help under it.

use std::collections::{BTreeMap, HashSet};

use super::TextOptions;
use super::page::{Ink, Page, Part, Table, bold, dim, plain};
use super::words::{counted, more, thousands};
use crate::check::Check;
use crate::model::{Finding, Place, Severity};

/// So many findings of one code are shown.
const OF_ONE_CODE: usize = 5;
/// So many of the things that a finding rests on are shown.
const REASONS: usize = 3;

/// Writes the findings, errors first; of one code at most a few.
pub(super) fn write<'f>(
    page: &mut Page,
    findings: impl IntoIterator<Item = &'f Finding>,
    options: &TextOptions,
) {
    let mut by_code: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_code.entry((std::cmp::Reverse(finding.severity), finding.code)).or_default().push(finding);
    }
    let mut told = HashSet::new();
    for ((severity, code), findings) in by_code {
        let shown = super::words::cut(findings.len(), OF_ONE_CODE, options.all);
        for finding in &findings[..shown] {
            let head = [level(severity.0), plain(format!("[{}] {}: ", code.id, code.name))];
            let mut line = [&head[..], &[bold(&finding.message)]].concat();
            // In columns it has a row of its own.
            if let Some(answer) = finding.dataverse.filter(|_| is_short(finding)) {
                line.push(dim(format!(" ({})", answer.title())));
            }
            page.line(0, &line);
            // Help that stands above already is not repeated.
            body(page, finding, finding.help.as_ref().filter(|help| told.insert(help.as_str())));
        }
        if shown < findings.len() {
            let rest = [level(severity.0), plain(format!("[{}] {}: ", code.id, code.name))];
            page.line(0, &[&rest[..], &[dim(more(findings.len() - shown))]].concat());
        }
    }
}

/// Whether there is no more to tell than a place and help.
fn is_short(finding: &Finding) -> bool {
    finding.excerpt.is_none() && finding.because.is_empty() && finding.otherwise.is_none()
}

/// What stands under the head: in columns where there is more than a place and help.
fn body(page: &mut Page, finding: &Finding, help: Option<&String>) {
    if is_short(finding) {
        if let Some(place) = &finding.place {
            page.line(2, &place_parts(place));
        }
        if let Some(help) = help {
            page.line(2, &[dim("help: "), plain(help)]);
        }
        return;
    }
    let mut table = Table::new(2);
    if let Some(place) = &finding.place {
        let within = finding.excerpt.as_deref().or(place.pointer.as_deref());
        table.row([plain(place.to_string()), dim(within.unwrap_or_default())]);
    }
    let shown = super::words::cut(finding.because.len(), REASONS, false);
    for (number, because) in finding.because[..shown].iter().enumerate() {
        table.row([dim(if number == 0 { "because" } else { "" }), plain(&because.words)]);
        if let Some(place) = &because.place {
            table.row([plain(""), dim(place.to_string())]);
        }
    }
    if shown < finding.because.len() {
        table.row([plain(""), dim(format!("… and {} more", thousands(finding.because.len() - shown)))]);
    }
    if let Some(otherwise) = &finding.otherwise {
        table.row([dim("otherwise"), plain(otherwise)]);
    }
    if let Some(answer) = &finding.dataverse {
        table.row([dim("Dataverse"), plain(answer.title())]);
        table.row([plain(""), dim(answer.message)]);
    }
    if let Some(help) = help {
        table.row([dim("help"), plain(help)]);
    }
    table.write(page);
}

/// The word for a level, in its colour.
pub(super) fn level(severity: Severity) -> Part {
    match severity {
        Severity::Error => Part::new(Ink::Red, severity.word()),
        Severity::Warning => Part::new(Ink::Yellow, severity.word()),
        Severity::Note => plain(severity.word()),
    }
}

/// A place to paste into an editor, and the JSON pointer beside it.
fn place_parts(place: &Place) -> Vec<Part> {
    let mut parts = vec![plain(place.to_string())];
    if let Some(pointer) = place.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        parts.push(dim(format!("  {pointer}")));
    }
    parts
}

/// `1 error, 2 warnings`; none when there is none.
pub(super) fn count<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Option<String> {
    let mut counts = [0; 3];
    for finding in findings {
        counts[finding.severity as usize] += 1;
    }
    let told: Vec<String> = [(counts[2], "error"), (counts[1], "warning"), (counts[0], "note")]
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// `in 1 solution`.
pub(super) fn in_solutions(count: usize) -> String {
    if count == 1 { "in 1 solution".to_owned() } else { format!("in {} solutions", thousands(count)) }
}

/// What findings are about: solutions, an environment, or solutions that go there.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'s> {
    pub(super) solutions: usize,
    /// How messages name it.
    pub(super) environment: Option<&'s str>,
}

impl From<usize> for Scope<'_> {
    fn from(solutions: usize) -> Self {
        Self { solutions, environment: None }
    }
}

impl<'c> From<&'c Check> for Scope<'c> {
    fn from(check: &'c Check) -> Self {
        Self { solutions: check.solutions.len(), environment: check.environment.as_deref() }
    }
}

impl Scope<'_> {
    /// `in 2 solutions`, `in local:uat`, `in 2 solutions for local:uat`; `written` is how a form writes a text of the user's.
    pub(super) fn words(self, written: &dyn Fn(&str) -> String) -> String {
        match self.environment.map(written) {
            None => in_solutions(self.solutions),
            Some(environment) if self.solutions == 0 => format!("in {environment}"),
            Some(environment) => format!("{} for {environment}", in_solutions(self.solutions)),
        }
    }
}
