//! PKG030: a later version of a solution lacks plug-in types of an earlier one, and the assembly's version stayed.

use std::collections::BTreeSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Component, ComponentType, DataverseError, Solution, Version, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::PLUGIN_TYPES_REMOVED,
    dataverse: Some(DataverseError::PLUGIN_TYPES_REMOVED),
    page: include_str!("../../../docs/rules/plugin-types-removed.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    // By name and version.
    for pair in set.packages.windows(2) {
        let [earlier, later] = pair else { continue };
        let (one, other) = (&earlier.manifest, &later.manifest);
        if one.unique_name.eq_ignore_ascii_case(&other.unique_name) && one.version < other.version {
            compare(earlier, later, report);
        }
    }
}

fn compare(earlier: &Solution, later: &Solution, report: &mut Report<'_>) {
    for assembly in of_kind(later, &ComponentType::PLUGIN_ASSEMBLY) {
        let name = folded(part(assembly, 0));
        let same = |other: &&Component| folded(part(other, 0)) == name;
        let Some(before) = of_kind(earlier, &ComponentType::PLUGIN_ASSEMBLY).find(same) else { continue };
        if release(assembly) > release(before) {
            continue;
        }
        let kept: BTreeSet<String> = types(later, &name).map(folded).collect();
        let removed: Vec<&str> =
            types(earlier, &name).filter(|found| !kept.contains(&folded(found))).collect();
        let Some(first) = removed.first() else { continue };
        let more = match removed.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let version = &earlier.manifest.version;
        let message = format!(
            "plug-in assembly {} no longer has the type {first}{more}, which {version} of the solution has",
            part(assembly, 0)
        );
        report
            .about_of(later, assembly, message)
            .because("the earlier version has it here", Some(before.place.clone()))
            .otherwise("where the earlier version is installed the import fails")
            .help("give the assembly a higher major or minor version, or keep the type");
    }
}

fn of_kind<'s>(solution: &'s Solution, kind: &ComponentType) -> impl Iterator<Item = &'s Component> {
    solution.components.iter().filter(move |component| component.key.kind == *kind)
}

/// The plug-in types of an assembly: `Fab.OnCreate` of `Fab.OnCreate, Fab.Plugins, Version=1.0.0.0, …`.
fn types<'s>(solution: &'s Solution, assembly: &str) -> impl Iterator<Item = &'s str> {
    of_kind(solution, &ComponentType::PLUGIN_TYPE)
        .filter(move |component| folded(part(component, 1)) == assembly)
        .map(|component| part(component, 0))
}

/// Of what stands between commas in the full name; a blank one where there is no more.
fn part(component: &Component, number: usize) -> &str {
    component.key.key.split(',').nth(number).unwrap_or_default().trim()
}

fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// The first two numbers of the version of an assembly.
fn release(assembly: &Component) -> [u64; 2] {
    let version = assembly.key.key.split(',').find_map(|part| part.trim().strip_prefix("Version="));
    let [major, minor, ..] = Version::new(version.unwrap_or_default()).parts();
    [major, minor]
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    fn solution(label: &str, version: &str, assembly: &str, types: &[&str]) -> String {
        let types: String = types
            .iter()
            .map(|name| {
                format!("<PluginType Name='{name}' AssemblyQualifiedName='{name}, Fab.Plugins, Version={assembly}' />")
            })
            .collect();
        let manifest = format!("<UniqueName>Fab</UniqueName><Version>{version}</Version>");
        let assemblies = format!(
            "<SolutionPluginAssemblies><PluginAssembly FullName='Fab.Plugins, Version={assembly}'>\
             <PluginTypes>{types}</PluginTypes></PluginAssembly></SolutionPluginAssemblies>"
        );
        file(&format!("{label}.zip:solution.xml"), &manifest)
            + &file(&format!("{label}.zip:customizations.xml"), &assemblies)
    }

    #[test]
    fn types_that_a_later_version_lacks() {
        let earlier = solution("b", "1.0", "1.0.0.0", &["Fab.A", "Fab.B"]);
        let count = |later: &str| found(codes::PLUGIN_TYPES_REMOVED, &(earlier.clone() + later)).len();
        assert_eq!(count(&solution("a", "1.1", "1.0.1.0", &["Fab.A"])), 1);
        assert_eq!(count(&solution("a", "1.1", "1.1.0.0", &["Fab.A"])), 0);
        assert_eq!(count(&solution("a", "1.1", "1.0.0.0", &["Fab.B", "Fab.A", "Fab.C"])), 0);
        assert_eq!(count(&solution("a", "1.0", "1.0.0.0", &["Fab.A"])), 0);
    }
}
