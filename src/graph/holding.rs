//! Which solution holds a component, and which one brings it. Holding is not bringing: solutions carry customised
//! platform tables, forms and views, which the target has long before.

use std::collections::{HashMap, HashSet};

use crate::model::{Component, ComponentKey, ComponentType, Relation, Solution, Target};

/// Who holds and who brings what, in one set of solutions.
#[derive(Debug)]
pub struct Holdings<'s> {
    held: Vec<HashSet<&'s ComponentKey>>,
    components: Vec<HashMap<&'s ComponentKey, usize>>,
    brought_by: HashMap<&'s ComponentKey, Vec<usize>>,
}

impl<'s> Holdings<'s> {
    /// Reads the set once; solutions are named by their index.
    pub fn new(solutions: &[&'s Solution]) -> Self {
        let mut holdings = Self {
            held: Vec::with_capacity(solutions.len()),
            components: Vec::with_capacity(solutions.len()),
            brought_by: HashMap::new(),
        };
        for (index, solution) in solutions.iter().enumerate() {
            let mut held = HashSet::new();
            let mut components = HashMap::new();
            for (at, component) in solution.components.iter().enumerate() {
                let brings = brings(solution, component);
                for key in std::iter::once(&component.key).chain(&component.aliases) {
                    held.insert(key);
                    components.entry(key).or_insert(at);
                    if brings {
                        let holders = holdings.brought_by.entry(key).or_default();
                        if holders.last() != Some(&index) {
                            holders.push(index);
                        }
                    }
                }
            }
            held.extend(solution.manifest.root_components.iter().filter_map(|root| root.key.as_ref()));
            holdings.held.push(held);
            holdings.components.push(components);
        }
        holdings
    }

    /// Whether the solution holds the component, its own or not.
    pub fn holds(&self, solution: usize, key: &ComponentKey) -> bool {
        self.held[solution].contains(key)
    }

    /// Index of the component in [`Solution::components`], where the solution has its content.
    pub fn component(&self, solution: usize, key: &ComponentKey) -> Option<usize> {
        self.components[solution].get(key).copied()
    }

    /// The solutions that bring the component, by index.
    pub fn brought_by(&self, key: &ComponentKey) -> &[usize] {
        self.brought_by.get(key).map_or(&[], Vec::as_slice)
    }
}

/// Whether a solution brings a component that it holds.
///
/// Flows, connection references, variables, credentials, connectors, apps, bots and their parts, plug-ins and roles
/// always; tables, columns, forms, views, web resources, option sets and whatever else is named, only with the
/// publisher's own prefix or inside a table that has it; never a shell or what is marked `unmodified`.
pub fn brings(solution: &Solution, component: &Component) -> bool {
    if component.shell || component.unmodified {
        return false;
    }
    let prefix = &solution.manifest.publisher.prefix;
    let own = |name: &str| {
        !prefix.is_empty()
            && name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            && name[prefix.len()..].starts_with('_')
    };
    let own_table = || component.table.as_ref().is_some_and(|table| own(&table.key));
    let kind = &component.key.kind;
    if ALWAYS_BROUGHT.contains(kind) {
        return true;
    }
    if *kind == ComponentType::FILE {
        return false;
    }
    if *kind == ComponentType::COLUMN {
        let column = component.key.key.rsplit('.').next().unwrap_or_default();
        return own(column) || own_table();
    }
    if *kind == ComponentType::RELATIONSHIP {
        return own(&component.key.key) || component.uses.iter().any(|used| joins_own_table(used, own));
    }
    if OWN_PREFIX_ONLY.contains(kind) {
        return own(&component.key.key) || own_table();
    }
    component.key.is_guid() || own(&component.key.key) || own_table()
}

/// Whether the model knows every component of the kind that a package holds, so that absence means something.
pub fn is_fully_read(kind: &ComponentType) -> bool {
    const FULLY_READ: &[ComponentType] = &[
        ComponentType::WORKFLOW,
        ComponentType::ENVIRONMENT_VARIABLE,
        ComponentType::CONNECTION_REFERENCE,
        ComponentType::CREDENTIAL,
        ComponentType::CONNECTOR,
        ComponentType::CANVAS_APP,
        ComponentType::BOT,
        ComponentType::ROLE,
        ComponentType::PLUGIN_ASSEMBLY,
    ];
    FULLY_READ.contains(kind)
}

/// Columns such as `ownerid` have no prefix: whoever has the table has them. Real exports name them as missing.
pub fn comes_with_its_table(key: &ComponentKey) -> bool {
    let column = key.key.rsplit('.').next().unwrap_or_default();
    key.kind == ComponentType::COLUMN && !column.contains('_')
}

fn joins_own_table(used: &crate::model::Use, own: impl Fn(&str) -> bool) -> bool {
    used.relation == Relation::RelationshipTable
        && matches!(&used.target, Target::Component(table) if own(&table.key))
}

const ALWAYS_BROUGHT: &[ComponentType] = &[
    ComponentType::WORKFLOW,
    ComponentType::CONNECTION_REFERENCE,
    ComponentType::ENVIRONMENT_VARIABLE,
    ComponentType::CREDENTIAL,
    ComponentType::CONNECTOR,
    ComponentType::CANVAS_APP,
    ComponentType::APP_MODULE,
    ComponentType::BOT,
    ComponentType::BOT_COMPONENT,
    ComponentType::PLUGIN_ASSEMBLY,
    ComponentType::PLUGIN_TYPE,
    ComponentType::PROCESSING_STEP,
    ComponentType::ROLE,
    ComponentType::DESKTOP_FLOW_BINARY,
    ComponentType::WORK_QUEUE,
    ComponentType::AI_MODEL,
];

const OWN_PREFIX_ONLY: &[ComponentType] = &[
    ComponentType::TABLE,
    ComponentType::FORM,
    ComponentType::VIEW,
    ComponentType::CHART,
    ComponentType::WEB_RESOURCE,
    ComponentType::OPTION_SET,
];
