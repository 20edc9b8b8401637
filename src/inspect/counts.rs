//! How many components of each kind a solution holds.

use std::collections::BTreeMap;

use crate::model::Component;
use crate::plan::Count;

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
        let kind = component.kind_words();
        let rank = MOST_TELLING.iter().position(|known| *known == kind).unwrap_or(MOST_TELLING.len());
        *counts.entry((rank, kind)).or_default() += 1;
    }
    counts.into_iter().map(|((_, kind), count)| Count { kind: kind.to_owned(), count }).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::count_kinds;
    use crate::model::{Component, ComponentKey, ComponentType, Details, Place};

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
