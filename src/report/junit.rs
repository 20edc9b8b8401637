//! `--format junit`: findings as test cases, for the test pages of build services. One suite a solution, one case a rule
//! that has something to say; what counts is a failure. Where it is known which rules looked, those that found nothing are
//! cases as well.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::escape;
use crate::model::{Code, Finding, Severity};

/// What the suites are made of.
#[derive(Debug)]
pub struct Suites<'s> {
    /// What made the report. What is about none of the solutions stands under it.
    pub name: &'s str,
    /// Unique names of the solutions; several packages of one are one suite.
    pub solutions: Vec<&'s str>,
    /// The rules that looked at each solution.
    pub looked: &'s [Code],
    /// The lowest level that is a failure.
    pub failing: Severity,
}

impl Suites<'_> {
    /// Writes the findings.
    pub fn of<'f>(
        &self,
        findings: impl IntoIterator<Item = &'f Finding>,
    ) -> Result<String, quick_junit::SerializeError> {
        let mut index: BTreeMap<String, usize> = BTreeMap::new();
        let mut suites: Vec<(&str, BTreeMap<Code, Vec<&Finding>>)> = Vec::new();
        for solution in &self.solutions {
            index.entry(solution.to_lowercase()).or_insert_with(|| {
                suites.push((solution, self.looked.iter().map(|code| (*code, Vec::new())).collect()));
                suites.len() - 1
            });
        }
        let mut others: BTreeMap<Code, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            let suite = match index.get(&finding.solution.to_lowercase()) {
                Some(&at) => &mut suites[at].1,
                None => &mut others,
            };
            suite.entry(finding.code).or_default().push(finding);
        }
        let mut report = Report::new(shown(self.name));
        for (solution, by_code) in suites {
            report.add_test_suite(self.suite(solution, by_code));
        }
        if !others.is_empty() {
            report.add_test_suite(self.suite(self.name, others));
        }
        let mut text = report.to_string()?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }

    fn suite(&self, name: &str, by_code: BTreeMap<Code, Vec<&Finding>>) -> TestSuite {
        let mut suite = TestSuite::new(shown(name));
        if by_code.is_empty() {
            suite.add_test_case(case(name, "nothing to report", TestCaseStatus::success()));
        }
        for (code, findings) in by_code {
            let failing = findings.iter().find(|finding| finding.severity >= self.failing);
            let text: String = findings.iter().map(|finding| words(finding)).collect();
            let title = format!("{} {}", code.id, code.name);
            let case = if findings.is_empty() {
                case(name, &title, TestCaseStatus::success())
            } else if let Some(failing) = failing {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(code.id).set_message(shown(&failing.message)).set_description(text);
                case(name, &title, status)
            } else {
                let mut case = case(name, &title, TestCaseStatus::success());
                case.set_system_out(text);
                case
            };
            suite.add_test_case(case);
        }
        suite
    }
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(shown(name), status);
    case.set_classname(shown(class));
    case
}

fn words(finding: &Finding) -> String {
    let mut text = format!("{}: {}\n", finding.severity.word(), shown(&finding.message));
    if let Some(place) = &finding.place {
        let _ = writeln!(text, "  {}", shown(&place.to_string()));
    }
    for because in &finding.because {
        let _ = write!(text, "  because {}", shown(&because.words));
        let place = because.place.as_ref().map(|place| format!(" ({})", shown(&place.to_string())));
        let _ = writeln!(text, "{}", place.unwrap_or_default());
    }
    if let Some(otherwise) = &finding.otherwise {
        let _ = writeln!(text, "  otherwise {}", shown(otherwise));
    }
    if let Some(answer) = &finding.dataverse {
        let _ = writeln!(text, "  Dataverse: {}: {}", answer.title(), answer.message);
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(text, "  help: {}", shown(help));
    }
    text
}

/// What XML cannot hold is escaped as on a terminal.
fn shown(text: &str) -> String {
    let text = escape::shown(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    // Whoever prints the file to a log gives each of its lines to the build service.
    escape::line_start(&text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codes;

    #[test]
    fn an_error_is_a_failure_and_a_note_is_output() {
        let found = [
            Finding::new(codes::MISSING_PROVIDER, Severity::Error, "fabflows", "a < b \u{1} ]]>"),
            Finding::new(codes::PROVIDER_CHOSEN, Severity::Note, "FabFlows", "chosen"),
            Finding::new(codes::STATED_BUT_ABSENT, Severity::Note, "", "nowhere"),
        ];
        let suites = Suites {
            name: "solship plan",
            solutions: vec!["FabShared", "FabFlows", "fabflows"],
            looked: &[],
            failing: Severity::Error,
        };
        let text = suites.of(&found).unwrap();
        let strict = Suites { failing: Severity::Note, ..suites }.of(&found).unwrap();
        assert!(strict.contains(r#"name="solship plan" tests="4" skipped="0" failures="3""#), "{strict}");
        for expected in [
            r#"<testsuites name="solship plan" tests="4" skipped="0" failures="1" errors="0">"#,
            r#"<testsuite name="FabShared" tests="1" skipped="0" errors="0" failures="0">"#,
            r#"<testcase name="nothing to report" classname="FabShared"/>"#,
            r#"<testcase name="ORD004 missing-provider" classname="FabFlows">"#,
            r#"<failure message="a &lt; b \u{1} ]]&gt;" type="ORD004">error: a &lt; b \u{1} ]]&gt;"#,
            "<system-out>note: chosen",
            r#"<testsuite name="solship plan" tests="1" skipped="0" errors="0" failures="0">"#,
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        let text = Suites {
            name: "solship check",
            solutions: vec!["FabShared"],
            looked: &[codes::PACKAGED_VALUE],
            failing: Severity::Error,
        };
        let text = text.of(&found).unwrap();
        let silent = r#"<testcase name="VAR001 packaged-value" classname="FabShared"/>"#;
        assert!(text.contains(silent), "{text}");
    }
}
