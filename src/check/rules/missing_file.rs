//! PKG004: a file that the XML names, or that every archive has, is not in the package. The former is found on the way.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, codes};
use crate::package::Form;

pub(super) const RULE: Rule = Rule {
    code: codes::MISSING_FILE,
    dataverse: Some(DataverseError::BAD_ZIP_FILE),
    page: include_str!("../../../docs/rules/missing-file.md"),
    run: Run::Solution(check),
};

/// Of the files that an archive must have at its root the one without which it can be read here.
const CONTENT_TYPES: &str = "[Content_Types].xml";

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.package.form() == Form::Zip && subject.package.entry(CONTENT_TYPES).is_none() {
        report
            .add(&subject.whole(), format!("the archive has no {CONTENT_TYPES} at its root"))
            .help("export the solution again, or unpack and pack it: solship pack writes that file");
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{Settings, all, one};
    use crate::model::{codes, testing};

    #[test]
    fn every_archive_has_content_types() {
        let count = |entries: &[(&str, &[u8])]| {
            let settings = Settings::default();
            let checked = one(&testing::package(entries), &settings).expect("a solution");
            let findings = all(vec![checked], &settings, None).findings;
            findings.iter().filter(|finding| finding.code == codes::MISSING_FILE).count()
        };
        assert_eq!(count(&[]), 1);
        assert_eq!(count(&[("[Content_Types].xml", b"<Types />")]), 0);
    }
}
