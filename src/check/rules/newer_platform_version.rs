//! PKG022: the package was exported from a later version of the platform than the target has.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, Version, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::NEWER_PLATFORM,
    dataverse: Some(DataverseError::PACKAGE_VERSION_TOO_HIGH),
    page: include_str!("../../../docs/rules/newer-platform-version.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let Some(target) = &subject.settings.platform_version else { return };
    let root = subject.manifest.document.root();
    let Some(package) = of_package(subject) else { return };
    if release(&package) > release(target) {
        let [major, minor] = release(&package);
        report
            .add(
                &subject.manifest.place(root),
                format!(
                    "the package is one of version {major}.{minor} of the platform; the target has {target}"
                ),
            )
            .help(format!(
                "export it for the version of the target: TargetVersion {target} of ExportSolution"
            ));
    }
}

/// The version of the platform whose form the package has.
pub(super) fn of_package(subject: &Subject<'_>) -> Option<Version> {
    let root = subject.manifest.document.root();
    // The build of the source in `version` says the same in its first two numbers.
    let written = root.attribute("SolutionPackageVersion").or_else(|| root.attribute("version"))?;
    Some(Version::new(&written))
}

/// Builds differ all the time and do not matter.
fn release(version: &Version) -> [u64; 2] {
    let [major, minor, ..] = version.parts();
    [major, minor]
}
