//! What a person calls a component, in the platform's words.

use std::collections::BTreeMap;

use crate::model::{Component, ComponentKey, ComponentType, Details, ProcessCategory};
use crate::plan::Count;

/// What a person calls the kind of the component, singular: `cloud flow`.
pub fn kind_words(component: &Component) -> &str {
    match &component.details {
        Details::CloudFlow(_) => "cloud flow",
        Details::DesktopFlow(_) => "desktop flow",
        Details::Process(process) => match process.category {
            ProcessCategory::Workflow => "classic workflow",
            ProcessCategory::Dialog => "dialog",
            ProcessCategory::BusinessRule => "business rule",
            ProcessCategory::Action => "action",
            ProcessCategory::BusinessProcessFlow => "business process flow",
            ProcessCategory::AiFlow => "AI flow",
            ProcessCategory::Other(_) => "process",
        },
        _ => component.key.kind.words(),
    }
}

/// Whether people know components of that type by their key (`fab_sharepoint`) and not by a display name.
fn known_by_key(kind: &ComponentType) -> bool {
    [
        ComponentType::ENVIRONMENT_VARIABLE,
        ComponentType::CONNECTION_REFERENCE,
        ComponentType::TABLE,
        ComponentType::COLUMN,
        ComponentType::RELATIONSHIP,
        ComponentType::OPTION_SET,
        ComponentType::WEB_RESOURCE,
        ComponentType::FILE,
    ]
    .contains(kind)
}

/// Kind and name: `desktop flow "Post payroll"`, `connection reference fab_sharepoint`.
pub fn component_words(component: &Component) -> String {
    name_words(kind_words(component), &component.key, &component.name)
}

/// The same for a component that is known from outside only; `name` may be empty.
pub fn key_words(key: &ComponentKey, name: &str) -> String {
    name_words(key.kind.words(), key, name)
}

fn name_words(kind: &str, key: &ComponentKey, name: &str) -> String {
    if name.is_empty() || name.eq_ignore_ascii_case(&key.key) || known_by_key(&key.kind) {
        format!("{kind} {}", key.key)
    } else {
        format!("{kind} \"{name}\"")
    }
}

/// The kinds that say most about a solution, first the most telling.
const MOST_TELLING: &[&str] = &[
    "credential",
    "variable",
    "connection reference",
    "custom connector",
    "desktop flow",
    "cloud flow",
    "agent",
    "canvas app",
    "model-driven app",
    "work queue",
    "AI model",
    "table",
    "plug-in assembly",
    "role",
];

/// How many components of each kind there are, the most telling kinds first, then by name.
pub fn count_kinds(components: &[Component]) -> Vec<Count> {
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for component in components {
        let kind = kind_words(component);
        let rank = MOST_TELLING.iter().position(|known| *known == kind).unwrap_or(MOST_TELLING.len());
        *counts.entry((rank, kind)).or_default() += 1;
    }
    counts.into_iter().map(|((_, kind), count)| Count { kind: kind.to_owned(), count }).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{component_words, count_kinds, key_words};
    use crate::model::{CloudFlow, Component, ComponentKey, ComponentType, Details, Place};

    fn component(kind: ComponentType, key: &str, name: &str, details: Details) -> Component {
        Component {
            key: ComponentKey::new(kind, key),
            aliases: vec![],
            name: name.to_owned(),
            place: Place::whole(&Arc::from("a.zip:customizations.xml")),
            table: None,
            unmodified: false,
            shell: false,
            details,
            uses: vec![],
        }
    }

    #[test]
    fn flows_go_by_name_and_references_by_key() {
        let flow = component(
            ComponentType::WORKFLOW,
            "0c0f0000-0000-0000-0000-000000000001",
            "Run payroll",
            Details::CloudFlow(CloudFlow::default()),
        );
        assert_eq!(component_words(&flow), "cloud flow \"Run payroll\"");
        let reference = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, "fab_sharepoint");
        assert_eq!(key_words(&reference, "SharePoint"), "connection reference fab_sharepoint");
        let queue = ComponentKey::new(ComponentType::WORK_QUEUE, "payroll");
        assert_eq!(key_words(&queue, ""), "work queue payroll");
    }

    #[test]
    fn the_most_telling_kinds_come_first() {
        let components = [
            component(ComponentType::named("msdyn_thing"), "1", "1", Details::Other),
            component(ComponentType::ROLE, "2", "2", Details::Other),
            component(ComponentType::CHART, "3", "3", Details::Other),
            component(ComponentType::CREDENTIAL, "4", "4", Details::Other),
            component(ComponentType::ROLE, "5", "5", Details::Other),
        ];
        let counts = count_kinds(&components);
        let told: Vec<_> = counts.iter().map(|count| (count.kind.as_str(), count.count)).collect();
        assert_eq!(told, [("credential", 1), ("role", 2), ("chart", 1), ("msdyn_thing", 1)]);
    }
}
