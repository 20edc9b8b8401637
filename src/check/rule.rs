//! One rule: what it is about, how it looks, what it reports.

use super::page::Page;
use super::set::Set;
use super::subject::Subject;
use crate::model::{Code, Component, DataverseError, Finding, Mark, Place, Severity, Solution};

/// One thing that is looked for.
#[derive(Debug)]
pub struct Rule {
    /// Code, name, level and one sentence.
    pub code: Code,
    /// What Dataverse answers, where it answers something.
    pub dataverse: Option<DataverseError>,
    /// Its page in `docs/rules/`, as written.
    pub(super) page: &'static str,
    pub(super) run: Run,
}

/// How a rule looks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Run {
    /// At one solution and its files.
    Solution(fn(&Subject<'_>, &mut Report<'_>)),
    /// At all packages of the set, which are no longer open.
    Set(fn(&Set<'_>, &mut Report<'_>)),
    /// At each solution, and at all of them.
    Both(fn(&Subject<'_>, &mut Report<'_>), fn(&Set<'_>, &mut Report<'_>)),
    /// Not here: reading, planning or the list of secrets finds it on the way.
    OnTheWay,
}

impl Rule {
    /// What it is, why it matters, how to mend it, with both examples.
    pub fn page(&self) -> Page<'static> {
        Page::read(self.page)
    }
}

/// What a rule says.
#[derive(Debug)]
pub(super) struct Report<'r> {
    rule: &'r Rule,
    solution: &'r str,
    findings: Vec<Finding>,
}

impl<'r> Report<'r> {
    pub(super) fn new(rule: &'r Rule, solution: &'r str) -> Self {
        Self { rule, solution, findings: Vec::new() }
    }

    /// At the rule's own level. Whatever else is known is set on what it gives.
    pub(super) fn add(&mut self, place: &Place, message: impl Into<String>) -> &mut Finding {
        let solution = self.solution;
        self.add_of(solution, place, message)
    }

    /// About another solution than the one that is looked at; for rules over the set.
    pub(super) fn add_of(
        &mut self,
        solution: &str,
        place: &Place,
        message: impl Into<String>,
    ) -> &mut Finding {
        let code = self.rule.code;
        self.findings.push(Finding {
            place: Some(place.clone()),
            dataverse: self.rule.dataverse,
            ..Finding::new(code, code.level(), solution, message)
        });
        let at = self.findings.len() - 1;
        &mut self.findings[at]
    }

    /// About a component, where it stands.
    pub(super) fn about(&mut self, component: &Component, message: impl Into<String>) -> &mut Finding {
        let finding = self.add(&component.place, message);
        finding.component = Some(component.key.clone());
        finding
    }

    /// About a component of a solution of the set, where it stands.
    pub(super) fn about_of(
        &mut self,
        solution: &Solution,
        component: &Component,
        message: impl Into<String>,
    ) -> &mut Finding {
        let finding = self.add_of(&solution.manifest.unique_name, &component.place, message);
        finding.component = Some(component.key.clone());
        finding
    }

    /// What another part of the library found. What Dataverse answers to it is the rule's.
    pub(super) fn take(&mut self, finding: Finding) -> &mut Finding {
        let dataverse = self.rule.dataverse.filter(|_| finding.severity > Severity::Note);
        self.findings.push(Finding { dataverse, ..finding });
        let at = self.findings.len() - 1;
        &mut self.findings[at]
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.findings
    }
}

/// Setters that can be chained behind a report.
impl Finding {
    /// What to do next.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// What happens when it is left so.
    pub(super) fn otherwise(&mut self, words: impl Into<String>) -> &mut Self {
        self.otherwise = Some(words.into());
        self
    }

    /// Where, when that is not where the component starts.
    pub(super) fn at(&mut self, place: Place) -> &mut Self {
        self.place = Some(place);
        self
    }

    /// At another level than the rule's own.
    pub(super) fn level(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        if severity == Severity::Note {
            self.dataverse = None;
        }
        self
    }

    /// What is shown of the place, where the line itself would show what no output may.
    pub(super) fn shown(&mut self, excerpt: impl Into<String>) -> &mut Self {
        let excerpt = excerpt.into();
        self.mark =
            Some(Mark { start: 0, length: u32::try_from(excerpt.chars().count()).unwrap_or(u32::MAX) });
        self.excerpt = Some(excerpt);
        self
    }

    /// Which component.
    pub(super) fn of(&mut self, key: &crate::model::ComponentKey) -> &mut Self {
        self.component = Some(key.clone());
        self
    }

    /// What it is about, where that is no component.
    pub(super) fn subject(&mut self, subject: impl Into<String>) -> &mut Self {
        self.subject = Some(subject.into());
        self
    }

    /// What it rests on elsewhere.
    pub(super) fn because(&mut self, words: impl Into<String>, place: Option<Place>) -> &mut Self {
        self.because.push(crate::model::Because { words: words.into(), place });
        self
    }
}
