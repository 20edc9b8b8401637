//! PKG028: the version of a patch does not fit its parent (`FORMATS.md` §5.4).

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{DataverseError, Version, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::PATCH_VERSION,
    dataverse: Some(DataverseError::PATCH_VERSION),
    page: include_str!("../../../docs/rules/patch-version.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for patch in &set.solutions {
        let Some((name, place)) = &patch.manifest.parent else { continue };
        // Any package of the parent will do; that there is none is told already.
        let parents =
            || set.packages.iter().filter(|parent| parent.manifest.unique_name.eq_ignore_ascii_case(name));
        let version = &patch.manifest.version;
        if parents().any(|parent| fits(version, &parent.manifest.version)) {
            continue;
        }
        let Some(parent) = parents().max_by_key(|parent| &parent.manifest.version) else { continue };
        let [major, minor, build, _] = parent.manifest.version.parts();
        report
            .add_of(
                &patch.manifest.unique_name,
                place,
                format!("{version} is no version of a patch of {name} {}", parent.manifest.version),
            )
            .subject(name.as_str())
            .because(format!("{name} is here"), Some(parent.manifest.place.clone()))
            .help(format!(
                "give the patch the first two numbers of its parent and a higher third or fourth one, such as {major}.{minor}.{}.0",
                build.saturating_add(1)
            ));
    }
}

/// Major and minor are the parent's, build and revision higher.
fn fits(patch: &Version, parent: &Version) -> bool {
    patch.parts()[..2] == parent.parts()[..2] && patch > parent
}

#[cfg(test)]
mod tests {
    use super::{Version, fits};

    #[test]
    fn a_patch_has_a_higher_build_or_revision() {
        let parent = Version::new("1.2.3.4");
        for (patch, is_fit) in
            [("1.2.3.5", true), ("1.2.4", true), ("1.2.3.4", false), ("1.2.3", false), ("1.3.0.0", false)]
        {
            assert_eq!(fits(&Version::new(patch), &parent), is_fit, "{patch}");
        }
    }
}
