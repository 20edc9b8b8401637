//! For the tests of rules: what one of them finds in an example.

use super::Example;
use crate::model::Code;

/// The findings of that code in words: level and message.
pub(crate) fn found(code: Code, example: &str) -> Vec<String> {
    let check = Example::read(example).expect("an example").check().expect("solutions");
    let findings = check.findings.iter().filter(|finding| finding.code == code);
    findings.map(|finding| format!("{}: {}", finding.severity.word(), finding.message)).collect()
}

/// A file of an example.
pub(crate) fn file(place: &str, text: &str) -> String {
    format!("`{place}`:\n\n```text\n{text}\n```\n\n")
}
