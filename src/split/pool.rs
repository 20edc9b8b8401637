//! The units of several solutions as one set, and which of them needs which.
//!
//! Read [`Pool`] first. A unit is a number from here on.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::content::{Content, Unit};
use crate::graph::brings;
use crate::model::{Component, ComponentKey, Details, MissingDependency, Relation, Target};
use crate::package::PackageError;

/// Solutions taken apart.
pub(super) struct Pool {
    pub(super) contents: Vec<Content>,
    /// The number of the first unit of each.
    firsts: Vec<usize>,
    /// The unit of each key, aliases among them, by solution.
    keys: Vec<HashMap<ComponentKey, Holder>>,
}

/// Where a component is.
#[derive(Debug, Clone, Copy)]
struct Holder {
    unit: usize,
    /// Index of the component in its solution.
    component: usize,
    /// The solution brings it; else the target has it long before.
    is_brought: bool,
}

/// One unit needs another.
#[derive(Debug, Clone)]
pub(super) struct Need {
    /// The unit that needs.
    pub(super) from: usize,
    /// The unit that is needed.
    pub(super) to: usize,
    /// Why; none for a row that only joins the other and something else.
    pub(super) link: Option<NeedLink>,
}

/// The components of a need.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NeedLink {
    /// Index of the component that needs, in its solution.
    pub(super) from: usize,
    /// Index of the component that is needed, in its solution.
    pub(super) to: usize,
    /// What it does with it; none where only the manifest says so.
    pub(super) relation: Option<Relation>,
}

impl Pool {
    pub(super) fn new(contents: Vec<Content>) -> Self {
        let mut firsts = Vec::with_capacity(contents.len());
        let mut keys = Vec::with_capacity(contents.len());
        let mut first = 0;
        for content in &contents {
            firsts.push(first);
            let mut of_content = HashMap::new();
            for (unit, found) in content.units.iter().enumerate() {
                for &component in &found.components {
                    let known = content.component(component);
                    let is_brought = brings(&content.solution, known);
                    for key in std::iter::once(&known.key).chain(&known.aliases) {
                        of_content.entry(key.clone()).or_insert(Holder {
                            unit: first + unit,
                            component,
                            is_brought,
                        });
                    }
                }
            }
            keys.push(of_content);
            first += content.units.len();
        }
        Self { contents, firsts, keys }
    }

    /// How many units there are.
    pub(super) fn len(&self) -> usize {
        self.firsts.last().copied().unwrap_or_default()
            + self.contents.last().map_or(0, |content| content.units.len())
    }

    /// The units of a solution.
    pub(super) fn units_of(&self, content: usize) -> Range<usize> {
        self.firsts[content]..self.firsts[content] + self.contents[content].units.len()
    }

    /// The solution of a unit, and its number there.
    pub(super) fn place_of(&self, unit: usize) -> (usize, usize) {
        let content = self.firsts.partition_point(|first| *first <= unit) - 1;
        // Of solutions without units the last one is found, which has this unit.
        (content, unit - self.firsts[content])
    }

    pub(super) fn unit(&self, unit: usize) -> &Unit {
        let (content, unit) = self.place_of(unit);
        &self.contents[content].units[unit]
    }

    /// What the unit is first of all.
    pub(super) fn primary(&self, unit: usize) -> Option<&Component> {
        let (content, unit) = self.place_of(unit);
        self.contents[content].primary(unit)
    }

    pub(super) fn component(&self, unit: usize, at: usize) -> &Component {
        self.contents[self.place_of(unit).0].component(at)
    }

    /// How a sentence names a unit.
    pub(super) fn title(&self, unit: usize) -> String {
        let (content, unit) = self.place_of(unit);
        self.contents[content].title(unit)
    }

    /// Whether a unit only joins others and goes where they go.
    pub(super) fn is_link(&self, unit: usize) -> bool {
        let unit = self.unit(unit);
        unit.components.is_empty() && !unit.ends.is_empty()
    }

    /// The unit of a component, of this solution first.
    pub(super) fn holder(&self, content: usize, key: &ComponentKey) -> Option<usize> {
        self.find(content, key).map(|holder| holder.unit)
    }

    /// The component of another solution of the set that meets a need which a solution lists; none where the row names a
    /// provider that is none of the set, whatever else the set holds.
    pub(super) fn meets<'m>(
        &self,
        content: usize,
        missing: &'m MissingDependency,
    ) -> Option<&'m ComponentKey> {
        let is_one = |provider: &String| {
            let mut names = self.contents.iter().map(|content| &content.solution.manifest.unique_name);
            names.any(|name| name.eq_ignore_ascii_case(provider))
        };
        let is_elsewhere = |key: &&ComponentKey| {
            let holder = self.find(content, key);
            holder.is_some_and(|holder| self.place_of(holder.unit).0 != content && holder.is_brought)
        };
        missing
            .required
            .keys
            .iter()
            .find(is_elsewhere)
            .filter(|_| missing.provider.as_ref().is_none_or(is_one))
    }

    /// In this solution, else in the first other one that brings it.
    fn find(&self, content: usize, key: &ComponentKey) -> Option<Holder> {
        let own = self.keys[content].get(key);
        let others = self.keys.iter().filter_map(|keys| keys.get(key).filter(|holder| holder.is_brought));
        own.into_iter().chain(others).next().copied()
    }

    /// Every need of one unit on another that the solutions themselves bring.
    pub(super) fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        for unit in 0..self.len() {
            let (content, _) = self.place_of(unit);
            let found = self.unit(unit);
            let ends = found.ends.iter().filter_map(|key| self.find(content, key)).map(|holder| holder.unit);
            let ends: BTreeSet<usize> = ends.filter(|end| *end != unit).collect();
            needs.extend(ends.into_iter().map(|to| Need { from: unit, to, link: None }));
            for &from in &found.components {
                for used in &self.contents[content].component(from).uses {
                    let Target::Component(target) = &used.target else { continue };
                    needs.extend(self.need(content, unit, from, target, Some(used.relation)));
                }
            }
        }
        for (content, found) in self.contents.iter().enumerate() {
            for missing in &found.solution.manifest.missing_dependencies {
                let dependent = missing.dependent.keys.iter().find_map(|key| self.keys[content].get(key));
                let Some(dependent) = dependent else { continue };
                if let Some(key) = self.meets(content, missing) {
                    needs.extend(self.need(content, dependent.unit, dependent.component, key, None));
                }
            }
        }
        needs
    }

    fn need(
        &self,
        content: usize,
        from_unit: usize,
        from: usize,
        target: &ComponentKey,
        relation: Option<Relation>,
    ) -> Option<Need> {
        let holder =
            self.find(content, target).filter(|holder| holder.is_brought && holder.unit != from_unit)?;
        let link = NeedLink { from, to: holder.component, relation };
        Some(Need { from: from_unit, to: holder.unit, link: Some(link) })
    }

    /// What cloud flows need of the tables of their own solution that they name in a file: a trigger works only where the table
    /// is, and a flow whose table is elsewhere has a row that says so in exports (`FORMATS.md` §5.3).
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn named_tables(&self) -> Result<Vec<Need>, PackageError> {
        let mut needs = Vec::new();
        for (content, &first) in self.contents.iter().zip(&self.firsts) {
            // By name, of its rows too: the unit of a table, and its number among the components.
            let mut tables: HashMap<String, (usize, usize)> = HashMap::new();
            for section in content.customizations.sections.iter().filter(|section| section.name == "Entities")
            {
                for row in &section.rows.rows {
                    let Some(unit) = row.unit else { continue };
                    let Some(&at) = content.units[unit].components.first() else { continue };
                    let table = content.component(at);
                    if !brings(&content.solution, table) {
                        continue;
                    }
                    tables.insert(table.key.folded().to_owned(), (first + unit, at));
                    let set = between(&row.bytes, b"<EntitySetName>", b"<");
                    tables.extend(set.map(|set| (set.to_lowercase(), (first + unit, at))));
                }
            }
            if tables.is_empty() {
                continue;
            }
            for (unit, found) in content.units.iter().enumerate() {
                let Some(&flow) = found.components.first() else { continue };
                if !matches!(content.component(flow).details, Details::CloudFlow(_)) {
                    continue;
                }
                for path in found.files.iter().filter(|path| path.to_lowercase().ends_with(".json")) {
                    let Some(entry) = content.package.entry(path) else { continue };
                    let text = String::from_utf8_lossy(&content.package.read(entry)?).to_lowercase();
                    let named: BTreeSet<(usize, usize)> =
                        text.split('"').filter_map(|piece| tables.get(piece)).copied().collect();
                    needs.extend(named.into_iter().map(|(to, table)| Need {
                        from: first + unit,
                        to,
                        link: Some(NeedLink { from: flow, to: table, relation: None }),
                    }));
                }
            }
        }
        Ok(needs)
    }

    /// A need as a sentence.
    pub(super) fn words(&self, need: &Need) -> String {
        match &need.link {
            Some(link) => {
                let verb = link.relation.map_or("needs", Relation::words);
                let from = self.component(need.from, link.from).described();
                format!("{from} {verb} {}", self.component(need.to, link.to).described())
            }
            None => format!("{} joins {}", self.title(need.from), self.title(need.to)),
        }
    }
}

/// The text between two marks.
fn between<'b>(bytes: &'b [u8], start: &[u8], end: &[u8]) -> Option<&'b str> {
    let from = memchr::memmem::find(bytes, start)? + start.len();
    let length = memchr::memmem::find(&bytes[from..], end)?;
    std::str::from_utf8(&bytes[from..from + length]).ok()
}
