//! `--format junit`: findings as test cases, for the test pages of build services. One suite a solution, one case a rule
//! that has something to say; an error is a failure. Where it is known which rules looked, those that found nothing are
//! cases as well.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::escape;
use crate::model::{Code, Finding, Severity};

/// Writes the findings about these solutions, by unique name. What is about none of them stands under `name`. `looked` are the
/// rules that looked at each solution.
pub fn findings<'f>(
    name: &str,
    solutions: impl IntoIterator<Item = &'f str>,
    looked: &[Code],
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Result<String, quick_junit::SerializeError> {
    let mut suites: Vec<(&str, BTreeMap<Code, Vec<&Finding>>)> =
        solutions.into_iter().map(|solution| (solution, BTreeMap::new())).collect();
    let mut others: BTreeMap<Code, Vec<&Finding>> = BTreeMap::new();
    let index: BTreeMap<String, usize> =
        suites.iter().enumerate().map(|(at, (solution, _))| (solution.to_lowercase(), at)).collect();
    for finding in findings {
        let suite = match index.get(&finding.solution.to_lowercase()) {
            Some(&at) => &mut suites[at].1,
            None => &mut others,
        };
        suite.entry(finding.code).or_default().push(finding);
    }
    let mut report = Report::new(shown(name));
    for (solution, mut by_code) in suites {
        for code in looked {
            by_code.entry(*code).or_default();
        }
        report.add_test_suite(suite(solution, by_code));
    }
    if !others.is_empty() {
        report.add_test_suite(suite(name, others));
    }
    let mut text = report.to_string()?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

fn suite(name: &str, by_code: BTreeMap<Code, Vec<&Finding>>) -> TestSuite {
    let mut suite = TestSuite::new(shown(name));
    if by_code.is_empty() {
        suite.add_test_case(case(name, "nothing to report", TestCaseStatus::success()));
    }
    for (code, findings) in by_code {
        let is_failure = findings.iter().any(|finding| finding.severity == Severity::Error);
        let text: String = findings.iter().map(|finding| words(finding)).collect();
        let title = format!("{} {}", code.id, code.name);
        let case = if findings.is_empty() {
            case(name, &title, TestCaseStatus::success())
        } else if is_failure {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(code.id).set_message(shown(&findings[0].message)).set_description(text);
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
        let text = findings("solship plan", ["FabShared", "FabFlows"], &[], &found).unwrap();
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
        let text = findings("solship check", ["FabShared"], &[codes::PACKAGED_VALUE], &found).unwrap();
        let silent = r#"<testcase name="VAR001 packaged-value" classname="FabShared"/>"#;
        assert!(text.contains(silent), "{text}");
    }
}
