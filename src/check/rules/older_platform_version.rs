//! PKG031: the package is one of an earlier major version of the platform than the target's.

use super::newer_platform_version::of_package;
use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::OLDER_PLATFORM,
    dataverse: Some(DataverseError::PACKAGE_NEEDS_UPGRADE),
    page: include_str!("../../../docs/rules/older-platform-version.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let Some(target) = &subject.settings.platform_version else { return };
    let Some(package) = of_package(subject) else { return };
    let ([major, minor, ..], [of_target, ..]) = (package.parts(), target.parts());
    if major < of_target {
        report
            .add(
                &subject.manifest.place(subject.manifest.document.root()),
                format!(
                    "the package is one of version {major}.{minor} of the platform; the target has {target}"
                ),
            )
            .otherwise("the import changes it to the form of the target, with a warning")
            .help("import it once where its version is at home, and export it from the target's version");
    }
}
