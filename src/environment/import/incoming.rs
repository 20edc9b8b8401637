//! What a package brings to an environment: as much of it as the rules and the layers ask for.
//!
//! Read [`Incoming`] first.

use std::collections::HashMap;

use super::super::content::{Content, Need};
use super::super::state::{SolutionName, State};
use crate::graph::brings;
use crate::model::{
    Component, ComponentKey, MissingDependency, Place, RootComponent, Solution, Target, Version,
};

/// A package on its way in.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Unique name.
    pub unique_name: String,
    /// Version.
    pub version: Version,
    /// Managed or not.
    pub managed: bool,
    /// Unique name of the publisher.
    pub publisher: String,
    /// Unique name of the parent, for a patch, and where it stands.
    pub parent: Option<(String, Place)>,
    /// SHA-256 of the content of the package.
    pub content: Option<String>,
    /// Where the manifest is.
    pub place: Place,
    pub(super) components: Vec<IncomingComponent>,
    /// Root components that the package does not hold.
    pub(super) roots: Vec<IncomingRoot>,
    pub(super) missing: Vec<MissingDependency>,
    /// Index in `components` by key and alias.
    by_key: HashMap<ComponentKey, usize>,
}

/// One component of a package.
#[derive(Debug, Clone)]
pub(super) struct IncomingComponent {
    pub(super) key: ComponentKey,
    pub(super) content: Content,
    /// Where the references stand, one for each of [`Content::needs`].
    pub(super) need_places: Vec<Place>,
    pub(super) place: Place,
    /// It is neither a shell nor unmodified: its content is in the package, whoever it belongs to.
    has_content: bool,
}

/// A root component without content.
#[derive(Debug, Clone)]
pub(super) struct IncomingRoot {
    pub(super) key: ComponentKey,
    pub(super) place: Place,
    /// The solution would bring it: it is no part of the platform.
    pub(super) is_own: bool,
}

impl Incoming {
    /// What a package brings. `fingerprint` gives the hash of the canonical form of a component, `content` is the hash of the
    /// content of the package; both only tell later what changed.
    pub fn new(
        solution: &Solution,
        fingerprint: &dyn Fn(&ComponentKey) -> Option<String>,
        content: Option<String>,
    ) -> Self {
        let manifest = &solution.manifest;
        let mut incoming = Self {
            unique_name: manifest.unique_name.clone(),
            version: manifest.version.clone(),
            managed: manifest.managed,
            publisher: manifest.publisher.unique_name.clone(),
            parent: manifest.parent.clone(),
            content,
            place: manifest.place.clone(),
            components: Vec::with_capacity(solution.components.len()),
            roots: Vec::new(),
            missing: manifest.missing_dependencies.clone(),
            by_key: HashMap::with_capacity(solution.components.len()),
        };
        for component in &solution.components {
            // Of two components of one key the first counts, as everywhere.
            let at = incoming.components.len();
            if *incoming.by_key.entry(component.key.clone()).or_insert(at) == at {
                incoming.components.push(IncomingComponent::new(solution, component, fingerprint));
            }
        }
        for (at, component) in incoming.components.iter().enumerate() {
            for alias in &component.content.aliases {
                incoming.by_key.entry(alias.clone()).or_insert(at);
            }
        }
        let roots = manifest.root_components.iter();
        incoming.roots = roots.filter_map(|row| incoming.root(solution, row)).collect();
        incoming
    }

    fn root(&self, solution: &Solution, row: &RootComponent) -> Option<IncomingRoot> {
        /// Types that real exports list without holding them: ribbons, variables and their values, image columns.
        const OFTEN_WITHOUT_CONTENT: &[u32] = &[50, 380, 381, 431];
        let key = row.key.as_ref().filter(|key| !self.by_key.contains_key(*key))?;
        let bare = Component::new(key.clone(), "", row.place.clone());
        let is_own =
            !OFTEN_WITHOUT_CONTENT.contains(&row.code) && row.behavior != 2 && brings(solution, &bare);
        Some(IncomingRoot { key: key.clone(), place: row.place.clone(), is_own })
    }

    /// The component of that key or alias.
    pub(super) fn component(&self, key: &ComponentKey) -> Option<&IncomingComponent> {
        self.by_key.get(key).map(|at| &self.components[*at])
    }

    /// Whether it brings the component.
    pub(crate) fn brings(&self, key: &ComponentKey) -> bool {
        self.component(key).is_some_and(|component| !component.content.held_only)
    }

    /// Whether the content of the component is in it.
    pub(super) fn has_content(&self, key: &ComponentKey) -> bool {
        self.component(key).is_some_and(|component| component.has_content)
    }

    /// Whether a state has everything that it brings, held by the solution of that name. A component may be gone although the
    /// solution is there: a credential that was deleted.
    pub fn is_whole_in(&self, state: &State, unique_name: &str) -> bool {
        let name = SolutionName::new(unique_name);
        let is_own = |other: &str| SolutionName::new(other) == name;
        let mut brought = self.components.iter().filter(|component| !component.content.held_only);
        brought.all(|component| {
            state.components().get(&component.key).is_some_and(|layers| {
                if self.managed {
                    layers.managed.iter().any(|layer| is_own(&layer.solution))
                } else {
                    layers.unmanaged.is_some() && layers.unmanaged_in.iter().any(|other| is_own(other))
                }
            })
        })
    }

    /// The name under which it is compared.
    pub(super) fn is_named(&self, unique_name: &str) -> bool {
        SolutionName::new(unique_name) == SolutionName::new(&self.unique_name)
    }
}

impl IncomingComponent {
    fn new(
        solution: &Solution,
        component: &Component,
        fingerprint: &dyn Fn(&ComponentKey) -> Option<String>,
    ) -> Self {
        let is_brought = brings(solution, component);
        let needs = component.uses.iter().filter(|used| matches!(used.target, Target::Component(_)));
        Self {
            key: component.key.clone(),
            content: Content::new(component, is_brought, fingerprint(&component.key)),
            need_places: needs.map(|used| used.place.clone()).collect(),
            place: component.place.clone(),
            has_content: !component.shell && !component.unmodified,
        }
    }

    /// What it refers to, with the places.
    pub(super) fn needs(&self) -> impl Iterator<Item = (&Need, &Place)> {
        self.content.needs.iter().zip(&self.need_places)
    }
}
