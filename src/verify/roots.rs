//! Whether `<RootComponents>` and the content of a package fit together (`FORMATS.md` §5.2).
//!
//! Real exports list components that they do not hold, and hold some that they do not list; neither is an error.

use std::collections::HashSet;

use crate::model::{
    Component, ComponentKey, ComponentType, Details, Finding, Place, ProcessCategory, RootComponent,
    Severity, Solution, codes,
};

/// Types that real exports list without holding them: ribbons, variables and their values, image columns.
const OFTEN_WITHOUT_CONTENT: &[u32] = &[50, 380, 381, 431];

/// Types of which real exports list every one that they hold. Parts of a table, and kinds that the platform calls by
/// another number in each environment, are none of them.
const ALWAYS_LISTED: &[ComponentType] = &[
    ComponentType::TABLE,
    ComponentType::OPTION_SET,
    ComponentType::ROLE,
    ComponentType::WORKFLOW,
    ComponentType::REPORT,
    ComponentType::EMAIL_TEMPLATE,
    ComponentType::WEB_RESOURCE,
    ComponentType::SITE_MAP,
    ComponentType::CONNECTION_ROLE,
    ComponentType::CUSTOM_CONTROL,
    ComponentType::FIELD_SECURITY_PROFILE,
    ComponentType::APP_MODULE,
    ComponentType::PLUGIN_ASSEMBLY,
    ComponentType::PROCESSING_STEP,
    ComponentType::SERVICE_ENDPOINT,
    ComponentType::SLA,
    ComponentType::CANVAS_APP,
    ComponentType::CONNECTOR,
    ComponentType::AI_MODEL,
];

/// Where things stand, when that is not where the model says.
pub(crate) trait Places {
    /// The place of a row of `<RootComponents>`, by its number.
    fn root(&self, number: usize, row: &RootComponent) -> Place;
    /// The place of a component.
    fn component(&self, component: &Component) -> Place;
}

/// The places of the model.
pub(crate) struct AsRead;

impl Places for AsRead {
    fn root(&self, _: usize, row: &RootComponent) -> Place {
        row.place.clone()
    }

    fn component(&self, component: &Component) -> Place {
        component.place.clone()
    }
}

/// What does not fit.
pub(super) fn findings(solution: &Solution, places: &dyn Places) -> Vec<Finding> {
    let mut findings = without_content(solution, places);
    findings.extend(without_root(solution, places));
    findings
}

/// Rows of `<RootComponents>` whose component the package does not hold.
pub(crate) fn without_content(solution: &Solution, places: &dyn Places) -> Vec<Finding> {
    let held: HashSet<&ComponentKey> = solution.components.iter().flat_map(keys).collect();
    let kinds: HashSet<&ComponentType> =
        solution.components.iter().map(|component| &component.key.kind).collect();
    let mut findings = Vec::new();
    for (number, row) in solution.manifest.root_components.iter().enumerate() {
        let is_held = match &row.key {
            Some(key) => held.contains(key),
            // There is one of the kind, and its row has no key: the classic site map.
            None => ComponentType::from_code(row.code).is_some_and(|kind| kinds.contains(&kind)),
        };
        if is_held {
            continue;
        }
        let often = OFTEN_WITHOUT_CONTENT.contains(&row.code);
        let what = row.key.as_ref().map_or_else(|| format!("type {}", row.code), ToString::to_string);
        let severity = if often { Severity::Note } else { Severity::Warning };
        let message = format!("{what} is a root component, and the package does not hold it");
        findings.push(Finding {
            component: row.key.clone(),
            place: Some(places.root(number, row)),
            ..Finding::new(codes::ROOT_WITHOUT_CONTENT, severity, &solution.manifest.unique_name, message)
        });
    }
    findings
}

/// Components of a kind that is always listed, and which are not.
pub(crate) fn without_root(solution: &Solution, places: &dyn Places) -> Vec<Finding> {
    let mut findings = Vec::new();
    let roots = &solution.manifest.root_components;
    let listed: HashSet<&ComponentKey> = roots.iter().filter_map(|row| row.key.as_ref()).collect();
    let without_key: HashSet<ComponentType> = roots
        .iter()
        .filter(|row| row.key.is_none())
        .filter_map(|row| ComponentType::from_code(row.code))
        .collect();
    for component in solution.components.iter().filter(|component| is_always_listed(component)) {
        let is_listed =
            keys(component).any(|key| listed.contains(key)) || without_key.contains(&component.key.kind);
        if !is_listed {
            let message = format!("{} is not among the root components", component.described());
            let name = &solution.manifest.unique_name;
            findings.push(Finding {
                component: Some(component.key.clone()),
                place: Some(places.component(component)),
                ..Finding::new(codes::CONTENT_WITHOUT_ROOT, Severity::Warning, name, message)
            });
        }
    }
    findings
}

fn keys(component: &Component) -> impl Iterator<Item = &ComponentKey> {
    std::iter::once(&component.key).chain(&component.aliases)
}

fn is_always_listed(component: &Component) -> bool {
    if component.unmodified || !ALWAYS_LISTED.contains(&component.key.kind) {
        return false;
    }
    // A business rule is part of its table.
    !matches!(&component.details, Details::Process(process) if process.category == ProcessCategory::BusinessRule)
}
