//! PKG021: the version of the solution is not of two to four numbers.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::VERSION_FORM,
    dataverse: None,
    page: include_str!("../../../docs/rules/version-form.md"),
    run: Run::Solution(check),
};

/// The largest number that a part may have: the platform keeps each in 31 bits.
const LARGEST: u32 = i32::MAX.unsigned_abs();

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let version = subject.solution.manifest.version.to_string();
    if !is_version(&version) {
        report
            .add(
                &subject.place_in_manifest(&["Version"]),
                format!("the version \"{version}\" is not of two to four numbers with dots between them"),
            )
            .help(if subject.solution.is_editable() {
                format!("solship version {} --set 1.0.0.0", subject.solution.source_word())
            } else {
                "give the solution a version such as 1.0.0.0 in the source and export again".to_owned()
            });
    }
}

fn is_version(version: &str) -> bool {
    let is_number = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|part| part <= LARGEST)
    };
    (2..=4).contains(&version.split('.').count()) && version.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn two_to_four_numbers() {
        for good in ["1.0", "1.2.3", "1.0.02407.1937", "0.0.0.2147483647"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "1", "1.0.0.0.0", "1.0-beta", "1.", "v1.0", "1.+2", "1.0.0.2147483648"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
