//! The edges that the packages themselves show: observed references, declared dependencies, parents of patches; and the
//! needs that nothing meets.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;

use super::needs::Needs;
use super::words::{name_of, name_of_needed};
use super::{NeededPart, Options, Reason, finding};
use crate::environment::Strength;
use crate::graph::order::{Precedence, Reach};
use crate::graph::{Evidence, Holdings, is_fully_read};
use crate::model::{
    ComponentKey, ComponentType, DataverseError, Finding, MissingDependency, Provided, Relation, Severity,
    Solution, Target, Version, codes,
};

/// "Before" between solutions by index, with the reasons.
#[derive(Debug, Default)]
pub(super) struct Edges {
    pub(super) graph: Precedence,
    /// By (before, after).
    pub(super) reasons: BTreeMap<(usize, usize), Reasons>,
}

/// The reasons for one edge: one for each pair of components, with all the evidence there is for it.
#[derive(Debug, Default)]
pub(super) struct Reasons(IndexMap<(Option<ComponentKey>, Option<ComponentKey>), Reason>);

impl Reasons {
    fn add(&mut self, reason: Reason) {
        let known = self.0.entry((reason.from.clone(), reason.to.clone())).or_insert_with(|| reason.clone());
        for evidence in reason.evidence {
            if !known.evidence.contains(&evidence) {
                known.evidence.push(evidence);
                known.evidence.sort();
            }
        }
    }

    /// In the order in which they were found: observed before declared.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Reason> {
        self.0.values()
    }

    /// Whether the user's own word is all there is.
    pub(super) fn is_stated(&self) -> bool {
        let mut evidence = self.iter().flat_map(|reason| &reason.evidence);
        evidence.all(|evidence| *evidence == Evidence::Stated)
    }

    /// The first reason.
    pub(super) fn first(&self) -> Option<&Reason> {
        self.0.values().next()
    }
}

impl Edges {
    /// The first statement on the way from one solution to another, when there is no way without statements.
    pub(super) fn stated_way(&self, from: usize, to: usize) -> Option<&Reason> {
        let is_stated = |pair: (usize, usize)| self.reasons.get(&pair).is_some_and(Reasons::is_stated);
        let mut without = Precedence::new(self.graph.len());
        let mut statements = Vec::new();
        for before in 0..self.graph.len() {
            for after in self.graph.successors(before) {
                if is_stated((before, after)) {
                    statements.push((before, after));
                } else {
                    without.add(before, after);
                }
            }
        }
        if statements.is_empty() || without.reachable([from])[to] {
            return None;
        }
        let behind = self.graph.reachable([from]);
        let on_the_way = |&&(before, after): &&(usize, usize)| {
            (before == from || behind[before]) && (after == to || self.graph.reachable([after])[to])
        };
        let pair = statements.iter().find(on_the_way)?;
        self.reasons.get(pair).and_then(Reasons::first)
    }

    pub(super) fn add(&mut self, before: usize, after: usize, reason: Reason) {
        if before == after {
            return;
        }
        self.graph.add(before, after);
        self.reasons.entry((before, after)).or_default().add(reason);
    }
}

/// What was drawn.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) edges: Edges,
    pub(super) needs: Needs,
    pub(super) findings: Vec<Finding>,
}

/// A reference that several solutions could meet.
struct Choice<'d> {
    solution: usize,
    /// Who brings it; the solution itself may be among them.
    holders: &'d [usize],
    /// What is needed, for the note.
    needed: ComponentKey,
    reason: Reason,
}

struct Drawing<'d, 's> {
    solutions: &'d [&'s Solution],
    holdings: &'d Holdings<'s>,
    options: &'d Options,
    by_name: HashMap<String, usize>,
    choices: Vec<Choice<'d>>,
    drawn: Drawn,
}

/// Draws every edge.
pub(super) fn draw(solutions: &[&Solution], holdings: &Holdings<'_>, options: &Options) -> Drawn {
    let mut drawing = Drawing {
        solutions,
        holdings,
        options,
        by_name: solutions
            .iter()
            .enumerate()
            .map(|(index, solution)| (solution.manifest.unique_name.to_lowercase(), index))
            .collect(),
        choices: Vec::new(),
        drawn: Drawn {
            edges: Edges { graph: Precedence::new(solutions.len()), reasons: BTreeMap::new() },
            needs: Needs::default(),
            findings: Vec::new(),
        },
    };
    for solution in 0..solutions.len() {
        drawing.observed(solution);
    }
    for solution in 0..solutions.len() {
        drawing.declared(solution);
        drawing.parent(solution);
    }
    drawing.choose();
    drawing.drawn
}

impl<'d> Drawing<'d, '_> {
    fn observed(&mut self, index: usize) {
        let solution = self.solutions[index];
        // What is declared, and by which solution of the set it is declared to come.
        let mut declared: HashMap<&ComponentKey, Option<usize>> = HashMap::new();
        for missing in &solution.manifest.missing_dependencies {
            let provider = missing.provider.as_ref();
            let provider = provider.and_then(|name| self.by_name.get(&name.to_lowercase()).copied());
            for key in &missing.required.keys {
                let known = declared.entry(key).or_default();
                *known = known.or(provider);
            }
        }
        let mut undeclared: HashSet<&ComponentKey> = HashSet::new();
        for component in &solution.components {
            for used in &component.uses {
                let Target::Component(needed) = &used.target else { continue };
                if self.holdings.holds(index, needed) {
                    continue;
                }
                let mut holders = self.holdings.brought_by(needed);
                let named = declared.get(needed).copied().flatten();
                if let Some(at) = holders.iter().position(|&holder| Some(holder) == named) {
                    holders = &holders[at..=at];
                }
                let declared = declared.contains_key(needed);
                let Some(holder) = first_other(holders, index) else {
                    if !declared && is_reported(used.relation) {
                        self.drawn.needs.dangling(NeededPart {
                            component: needed.clone(),
                            name: None,
                            solution: solution.manifest.unique_name.clone(),
                            used_by: component.described(),
                            declared: false,
                            place: used.place.clone(),
                        });
                    }
                    continue;
                };
                let needed_words = name_of(self.solutions, self.holdings, holder, needed);
                if !declared && undeclared.insert(needed) {
                    self.drawn.findings.push(Finding {
                        component: Some(needed.clone()),
                        place: Some(used.place.clone()),
                        ..finding(
                            codes::UNDECLARED_REFERENCE,
                            Severity::Note,
                            solution,
                            format!(
                                "{} {} {needed_words}, which is neither in the package nor in its missing dependencies",
                                component.described(),
                                used.relation.words(),
                            ),
                        )
                    });
                }
                let reason = Reason {
                    evidence: vec![Evidence::Observed],
                    words: format!("{} {} {needed_words}", component.described(), used.relation.words()),
                    from: Some(component.key.clone()),
                    to: Some(self.identity(holder, needed)),
                    place: Some(used.place.clone()),
                };
                self.meet(index, holders, needed, reason);
            }
        }
    }

    fn declared(&mut self, index: usize) {
        let solution = self.solutions[index];
        let mut asks: BTreeMap<usize, (&Version, &MissingDependency)> = BTreeMap::new();
        for missing in &solution.manifest.missing_dependencies {
            let Some(provider) = &missing.provider else {
                self.declared_without_provider(index, missing);
                continue;
            };
            match self.by_name.get(&provider.to_lowercase()) {
                Some(&before) if before == index => self.needs_itself(index, missing),
                Some(&before) => {
                    if let Some(asked) = &missing.provider_version {
                        let highest = asks.entry(before).or_insert((asked, missing));
                        if asked > highest.0 {
                            *highest = (asked, missing);
                        }
                    }
                    self.check_holds(index, before, missing);
                    let reason = self.declared_reason(index, Some(before), missing);
                    self.drawn.edges.add(before, index, reason);
                }
                None if self.is_provided(provider, missing) => {}
                None => {
                    if !self.meet_declared(index, missing) {
                        let part = self.declared_part(index, missing);
                        let there = self
                            .options
                            .provided
                            .iter()
                            .filter(|provided| provided.unique_name.eq_ignore_ascii_case(provider));
                        let there = there.filter_map(|provided| provided.version.as_ref()).max();
                        self.drawn.needs.on_provider(
                            provider,
                            missing.provider_version.as_ref(),
                            there,
                            part,
                        );
                    }
                }
            }
        }
        for (before, (asked, missing)) in asks {
            self.check_version(index, before, asked, missing);
        }
    }

    /// It lists as missing what it names itself as the provider of: an earlier version had it, this one does not.
    fn needs_itself(&mut self, index: usize, missing: &MissingDependency) {
        let solution = self.solutions[index];
        if missing.required.keys.iter().any(|key| self.holdings.holds(index, key)) {
            return;
        }
        let name = &solution.manifest.unique_name;
        let needed = name_of_needed(self.solutions, self.holdings, Some(index), &missing.required);
        let used_by = name_of_needed(self.solutions, self.holdings, Some(index), &missing.dependent);
        self.drawn.findings.push(Finding {
            component: missing.required.keys.first().cloned(),
            place: Some(missing.place.clone()),
            help: Some(format!(
                "put {needed} into {name} and export it again; an import works only where an earlier version brought it"
            )),
            ..finding(
                codes::NEEDS_ITSELF,
                Severity::Warning,
                solution,
                format!("{used_by} needs {needed} of {name} itself, which does not hold it"),
            )
        });
    }

    /// The source had it in its unmanaged layer only, so no solution is named.
    fn declared_without_provider(&mut self, index: usize, missing: &MissingDependency) {
        if missing.required.keys.iter().any(|key| self.holdings.holds(index, key)) {
            return;
        }
        if !self.meet_declared(index, missing) {
            let part = self.declared_part(index, missing);
            self.drawn.needs.dangling(part);
        }
    }

    /// Whether another solution brings what is declared as missing.
    fn meet_declared(&mut self, index: usize, missing: &MissingDependency) -> bool {
        let met = missing.required.keys.iter().find_map(|key| {
            let holders = self.holdings.brought_by(key);
            Some((holders, first_other(holders, index)?))
        });
        let Some((holders, holder)) = met else { return false };
        let reason = self.declared_reason(index, Some(holder), missing);
        self.meet(index, holders, &missing.required.keys[0], reason);
        true
    }

    fn parent(&mut self, index: usize) {
        let solution = self.solutions[index];
        let Some((parent, place)) = &solution.manifest.parent else { return };
        match self.by_name.get(&parent.to_lowercase()) {
            Some(&before) => self.drawn.edges.add(
                before,
                index,
                Reason {
                    evidence: vec![Evidence::Parent],
                    words: format!("{} is a patch of {parent}", solution.manifest.unique_name),
                    from: None,
                    to: None,
                    place: Some(place.clone()),
                },
            ),
            None if self.provided_version(parent).is_some() => {}
            None => self.drawn.needs.on_provider(
                parent,
                None,
                None,
                NeededPart {
                    component: ComponentKey::new(ComponentType::named("solution"), parent),
                    name: None,
                    solution: solution.manifest.unique_name.clone(),
                    used_by: format!("patch {}", solution.manifest.unique_name),
                    declared: true,
                    place: place.clone(),
                },
            ),
        }
    }

    /// One edge when one solution can meet the need; else it waits until all such edges are known.
    fn meet(&mut self, index: usize, holders: &'d [usize], needed: &ComponentKey, reason: Reason) {
        let mut others = others(holders, index);
        match (others.next(), others.next()) {
            (Some(before), None) => self.drawn.edges.add(before, index, reason),
            _ => self.choices.push(Choice { solution: index, holders, needed: needed.clone(), reason }),
        }
    }

    /// One of several holders first is enough: the one that is declared, then one that is already forced, then the
    /// first by name that closes no cycle.
    fn choose(&mut self) {
        if self.choices.is_empty() {
            return;
        }
        let mut reach = Reach::new(&self.drawn.edges.graph);
        let mut noted: HashSet<(usize, &[usize])> = HashSet::new();
        for choice in std::mem::take(&mut self.choices) {
            let Choice { solution, holders, needed, reason } = choice;
            let candidates = || others(holders, solution);
            let direct = candidates().find(|&before| self.drawn.edges.graph.precedes(before, solution));
            let forced = || candidates().find(|&before| reach.reaches(before, solution));
            let harmless = || candidates().find(|&before| !reach.reaches(solution, before));
            let first = || candidates().next();
            let Some(before) = direct.or_else(forced).or_else(harmless).or_else(first) else { continue };
            self.drawn.edges.add(before, solution, reason);
            reach.add(before, solution);
            if noted.insert((solution, holders)) {
                let name = |at: usize| self.solutions[at].manifest.unique_name.as_str();
                let mut names: Vec<String> =
                    candidates().take(HOLDERS_NAMED).map(|at| name(at).to_owned()).collect();
                let unnamed = candidates().skip(HOLDERS_NAMED).count();
                if unnamed > 0 {
                    names.push(format!("{unnamed} more"));
                }
                let message = format!(
                    "{needed} is in {}; {} is taken as the one that comes first",
                    names.join(" and "),
                    name(before)
                );
                let note = finding(codes::PROVIDER_CHOSEN, Severity::Note, self.solutions[solution], message);
                self.drawn.findings.push(Finding { component: Some(needed), ..note });
            }
        }
    }

    /// One finding a provider, for the highest version that is asked for.
    fn check_version(&mut self, index: usize, before: usize, asked: &Version, missing: &MissingDependency) {
        let (solution, provider) = (self.solutions[index], self.solutions[before]);
        let name = &provider.manifest.unique_name;
        if provider.manifest.version >= *asked {
            return;
        }
        self.drawn.findings.push(Finding {
            place: Some(missing.place.clone()),
            subject: Some(name.clone()),
            dataverse: Some(DataverseError::SOLUTION_NOT_INSTALLED),
            help: Some(format!("take {name} {asked} or later into the set")),
            ..finding(
                codes::PROVIDER_VERSION_TOO_LOW,
                Severity::Error,
                solution,
                format!(
                    "{} needs {name} {asked} or later; the set has {}",
                    solution.manifest.unique_name, provider.manifest.version
                ),
            )
        });
    }

    fn check_holds(&mut self, index: usize, before: usize, missing: &MissingDependency) {
        let (solution, provider) = (self.solutions[index], self.solutions[before]);
        let name = &provider.manifest.unique_name;
        let keys = &missing.required.keys;
        let lacks = keys.iter().any(|key| is_fully_read(&key.kind))
            && !keys.iter().any(|key| self.holdings.holds(before, key));
        // A patch carries only what it changes; the rest is in its parent.
        if lacks && provider.manifest.parent.is_none() {
            let needed = name_of_needed(self.solutions, self.holdings, None, &missing.required);
            let used_by = name_of_needed(self.solutions, self.holdings, Some(index), &missing.dependent);
            self.drawn.findings.push(Finding {
                component: keys.first().cloned(),
                place: Some(missing.place.clone()),
                dataverse: Some(DataverseError::MISSING_DEPENDENCIES),
                ..finding(
                    codes::PROVIDER_LACKS_COMPONENT,
                    Severity::Error,
                    solution,
                    format!(
                        "{used_by} needs {needed} of {name}; {name} {} does not have it",
                        provider.manifest.version
                    ),
                )
            });
        }
    }

    fn declared_reason(&self, index: usize, before: Option<usize>, missing: &MissingDependency) -> Reason {
        let used_by = name_of_needed(self.solutions, self.holdings, Some(index), &missing.dependent);
        let needed = name_of_needed(self.solutions, self.holdings, before, &missing.required);
        Reason {
            evidence: vec![Evidence::Declared],
            words: format!("{used_by} needs {needed}"),
            from: missing.dependent.keys.first().map(|key| self.identity(index, key)),
            to: missing.required.keys.first().map(|key| match before {
                Some(before) => missing
                    .required
                    .keys
                    .iter()
                    .find(|key| self.holdings.component(before, key).is_some())
                    .map_or_else(|| key.clone(), |held| self.identity(before, held)),
                None => key.clone(),
            }),
            place: Some(missing.place.clone()),
        }
    }

    fn declared_part(&self, index: usize, missing: &MissingDependency) -> NeededPart {
        let unknown = || ComponentKey::new(ComponentType::named("component"), &missing.required.name);
        NeededPart {
            component: missing.required.keys.first().cloned().unwrap_or_else(unknown),
            name: Some(missing.required.name.clone()).filter(|name| !name.is_empty()),
            solution: self.solutions[index].manifest.unique_name.clone(),
            used_by: name_of_needed(self.solutions, self.holdings, Some(index), &missing.dependent),
            declared: true,
            place: missing.place.clone(),
        }
    }

    /// The key under which the holder registers the component, so that aliases of one component are one.
    fn identity(&self, holder: usize, key: &ComponentKey) -> ComponentKey {
        match self.holdings.component(holder, key) {
            Some(at) => self.solutions[holder].components[at].key.clone(),
            None => key.clone(),
        }
    }

    fn provided_version(&self, name: &str) -> Option<&Provided> {
        self.options.provided.iter().find(|provided| provided.unique_name.eq_ignore_ascii_case(name))
    }

    fn is_provided(&self, name: &str, missing: &MissingDependency) -> bool {
        self.options.provided.iter().filter(|provided| provided.unique_name.eq_ignore_ascii_case(name)).any(
            |provided| match (&provided.version, &missing.provider_version) {
                (Some(there), Some(asked)) => there >= asked,
                _ => true,
            },
        )
    }
}

/// The holders of a component but for the solution that needs it.
fn others(holders: &[usize], index: usize) -> impl Iterator<Item = usize> + '_ {
    holders.iter().copied().filter(move |&at| at != index)
}

fn first_other(holders: &[usize], index: usize) -> Option<usize> {
    others(holders, index).next()
}

/// So many holders of one component are named.
const HOLDERS_NAMED: usize = 3;

/// Whether a reference that nothing meets is reported. The others mostly point at parts of the platform, or were read from
/// columns of which only a guess is known.
pub(crate) fn is_reported(relation: Relation) -> bool {
    relation != Relation::VariableValueOf && Strength::of(relation) != Strength::Loose
}
