//! What one solution needs and does not hold itself: what `solution.xml` says is missing, and what its components use beside that.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::model::{Component, ComponentKey, Place, Solution, Target, Version, describe};
use crate::plan::is_reported;

/// What is needed from one other solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeedFromElsewhere {
    /// Unique name of the solution that has it; none where the package names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The lowest version that is said to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowest_version: Option<Version>,
    /// What is needed of it, each component with each of its users once.
    pub components: Vec<ForeignComponent>,
}

/// One component that is needed and not in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForeignComponent {
    /// What is needed.
    pub component: ComponentKey,
    /// What a person calls it: `connection reference fab_sharepoint`.
    pub words: String,
    /// What needs it: `desktop flow "Post payroll"`.
    pub used_by: String,
    /// Whether MissingDependencies list it.
    pub declared: bool,
    /// Where.
    pub place: Place,
}

/// Named providers by name, then what no provider is named for.
pub(super) fn needs(solution: &Solution) -> Vec<NeedFromElsewhere> {
    let own = own_components(&solution.components);
    let mut declared = HashSet::new();
    let mut seen = HashSet::new();
    // Without case, as solutions are compared; what nobody is named for comes last.
    let mut grouped: BTreeMap<(bool, String), NeedFromElsewhere> = BTreeMap::new();
    let mut add = |provider: Option<&str>, version: Option<&Version>, component: ForeignComponent| {
        let sort = (provider.is_none(), provider.unwrap_or_default().to_lowercase());
        let need = grouped.entry(sort.clone()).or_insert_with(|| NeedFromElsewhere {
            provider: provider.map(str::to_owned),
            lowest_version: None,
            components: Vec::new(),
        });
        if need.lowest_version.as_ref() < version {
            need.lowest_version = version.cloned();
        }
        if seen.insert((sort, component.component.clone(), component.used_by.clone())) {
            need.components.push(component);
        }
    };
    for missing in &solution.manifest.missing_dependencies {
        declared.extend(missing.required.keys.iter().cloned());
        let Some(key) = missing.required.keys.first() else { continue };
        let used_by = match missing.dependent.keys.iter().find_map(|key| own.get(key)) {
            Some(component) => component.described(),
            None => match missing.dependent.keys.first() {
                Some(key) => describe(key.kind.words(), key, Some(&missing.dependent.name)),
                None => missing.dependent.name.clone(),
            },
        };
        let component = ForeignComponent {
            component: key.clone(),
            words: describe(key.kind.words(), key, Some(&missing.required.name)),
            used_by,
            declared: true,
            place: missing.place.clone(),
        };
        add(missing.provider.as_deref(), missing.provider_version.as_ref(), component);
    }
    for component in &solution.components {
        for used in &component.uses {
            let Target::Component(key) = &used.target else { continue };
            if own.contains_key(key) || declared.contains(key) || !is_reported(used.relation) {
                continue;
            }
            let foreign = ForeignComponent {
                component: key.clone(),
                words: key.to_string(),
                used_by: component.described(),
                declared: false,
                place: used.place.clone(),
            };
            add(None, None, foreign);
        }
    }
    grouped.into_values().collect()
}

fn own_components(components: &[Component]) -> HashMap<&ComponentKey, &Component> {
    let mut own = HashMap::new();
    for component in components {
        own.entry(&component.key).or_insert(component);
        for alias in &component.aliases {
            own.entry(alias).or_insert(component);
        }
    }
    own
}
