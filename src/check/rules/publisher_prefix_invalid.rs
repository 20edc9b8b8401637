//! PKG019: the publisher's prefix is none that Dataverse takes.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::PUBLISHER_PREFIX_INVALID,
    dataverse: None,
    page: include_str!("../../../docs/rules/publisher-prefix-invalid.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let publisher = &subject.solution.manifest.publisher;
    if let Some(fault) = fault(&publisher.prefix) {
        let message = match publisher.prefix.as_str() {
            "" => "the publisher has no prefix".to_owned(),
            prefix => format!("the publisher's prefix {prefix} {fault}"),
        };
        report.add(&subject.place_in_manifest(&["Publisher", "CustomizationPrefix"]), message).help(
            "make a publisher with another prefix: 2 to 8 letters and digits, a letter first, not mscrm",
        );
    }
}

/// Why no publisher can have the prefix.
pub(super) fn fault(prefix: &str) -> Option<&'static str> {
    if !(2..=8).contains(&prefix.chars().count()) {
        Some("does not have 2 to 8 characters")
    } else if !prefix.chars().all(|character| character.is_ascii_alphanumeric()) {
        Some("has other characters than letters and digits")
    } else if !prefix.starts_with(|first: char| first.is_ascii_alphabetic()) {
        Some("does not begin with a letter")
    } else if prefix.to_ascii_lowercase().starts_with("mscrm") {
        Some("is kept for the platform")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn two_to_eight_letters_and_digits_a_letter_first() {
        for good in ["fab", "ab", "a1234567", "Fab", "cr05b"] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in ["", "a", "abcdefghi", "1ab", "fa-b", "fäb", "mscrm", "mscrmab"] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
