//! One solution made into several that import in the right order, or several into one; no byte of a component changes.
//!
//! A package is taken apart into units in the form of an archive (`content.rs`), the needs between units are drawn
//! (`pool.rs`), each unit is given a part (`groups.rs`, `arrange.rs`, `circle.rs`), and the archives are put together
//! (`build.rs`). Read [`Split`] first, then [`split`].

mod arrange;
mod assemble;
mod build;
mod circle;
mod content;
mod dependency;
mod error;
mod groups;
mod manifest;
mod merge;
mod owners;
mod pool;
mod result;
mod rows;
mod write;

use std::collections::BTreeSet;

pub use assemble::Entry;
pub use error::SplitError;
pub use merge::{Merged, merge};
pub use result::{Part, Placed, Split};
pub use write::{Form, write_merged, write_parts};

use crate::author::check_unique_name;
use crate::config::SplitRule;
use crate::graph::order::{Precedence, Reach};
use crate::graph::type_name;
use crate::model::{ComponentType, Details, Solution, SolutionIdentity, codes};
use crate::package::Package;
use crate::plan;
use arrange::arrange;

use circle::Circles;

use build::{Placement, Target, build};
use content::Content;
use groups::Parts;
use pool::{Need, Pool};

/// What is wanted.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The parts; none: the standard ones by kind.
    pub rules: Vec<SplitRule>,
    /// Managed solutions too.
    pub force: bool,
}

/// Splits one solution into parts; of several that need each other in a circle, moves components so that they have an order.
///
/// # Errors
/// When a package cannot be read, is managed (unless forced) or a patch, or the parts cannot be.
pub fn split(packages: &[Package], options: &Options) -> Result<Split, SplitError> {
    let mut contents = Vec::with_capacity(packages.len());
    for package in packages {
        contents.push(Content::read(package)?);
    }
    contents.sort_by_key(|content| content.solution.manifest.unique_name.to_lowercase());
    check(&contents, options.force)?;
    let pool = Pool::new(contents);
    check_types(&pool, &options.rules)?;
    let needs = pool.needs();
    match &pool.contents[..] {
        [_] => by_kind(&pool, &needs, options),
        _ => of_circles(&pool, &needs),
    }
}

/// What can be taken apart.
fn check(contents: &[Content], force: bool) -> Result<(), SplitError> {
    for content in contents {
        let manifest = &content.solution.manifest;
        let name = manifest.unique_name.clone();
        if manifest.managed && !force {
            return Err(SplitError::Managed { name });
        }
        if let Some((parent, _)) = &manifest.parent {
            return Err(SplitError::Patch { name, parent: parent.clone() });
        }
    }
    for pair in contents.windows(2) {
        let [one, other] = [&pair[0].solution.manifest, &pair[1].solution.manifest];
        if one.unique_name.eq_ignore_ascii_case(&other.unique_name) {
            return Err(SplitError::SolutionTwice {
                name: one.unique_name.clone(),
                one: pair[0].solution.source.to_string(),
                other: pair[1].solution.source.to_string(),
            });
        }
        if one.managed != other.managed {
            let (one, other) = if one.managed { (one, other) } else { (other, one) };
            return Err(SplitError::Kinds { one: one.unique_name.clone(), other: other.unique_name.clone() });
        }
    }
    Ok(())
}

/// Every type that a rule names is one of the platform or of a component here.
fn check_types(pool: &Pool, rules: &[SplitRule]) -> Result<(), SplitError> {
    for (written, place) in rules.iter().flat_map(|rule| &rule.types) {
        let components = pool.contents.iter().flat_map(|content| &content.solution.components);
        type_name::check(written, components)
            .map_err(|error| SplitError::Type { place: place.clone(), error })?;
    }
    Ok(())
}

/// A component goes from one solution to another of the same publisher only.
fn check_publishers<'c>(contents: impl Iterator<Item = &'c Content>) -> Result<(), SplitError> {
    let mut first: Option<&Solution> = None;
    for content in contents {
        let solution = &content.solution;
        let known = *first.get_or_insert(solution);
        let [one, other] = [&known.manifest, &solution.manifest];
        if !one.publisher.unique_name.eq_ignore_ascii_case(&other.publisher.unique_name) {
            return Err(SplitError::Publishers {
                one: one.unique_name.clone(),
                publisher: one.publisher.unique_name.clone(),
                other: other.unique_name.clone(),
                other_publisher: other.publisher.unique_name.clone(),
            });
        }
    }
    Ok(())
}

fn by_kind(pool: &Pool, needs: &[Need], options: &Options) -> Result<Split, SplitError> {
    let parts = Parts::new(pool, needs, &options.rules);
    let pairs: Vec<(usize, usize)> = needs.iter().map(|need| (need.from, need.to)).collect();
    // Into the part of everything else whatever it is may go; a foreign thing in any other part is the last resort.
    let cost = |_: usize, part: usize| if part == parts.rest { 1 } else { pool.len() + 1 };
    let wishes = pool.named_tables()?;
    let wished: Vec<(usize, usize)> = wishes.iter().map(|wish| (wish.from, wish.to)).collect();
    let found = arrange(&parts.of, &cost, &pairs, &wished);
    let around = Circles::new(pool, needs);
    let content = &pool.contents[0];
    let original = &content.solution.manifest;
    let identity = content.solution.identity();
    if found.order.len() < 2 {
        let part = found.order.first().and_then(|part| parts.wanted.get(*part));
        let what =
            part.map_or("it is empty".to_owned(), |part| format!("all of it is of one part: {}", part.what));
        // Where all of several kinds ends together, one of the needs that make it so is told.
        let moved = (0..pool.len()).find_map(|unit| {
            let cause = found.because[unit]?;
            let is_moved = parts.of[unit].is_some_and(|part| part != found.part_of[unit]);
            needs.iter().find(|need| is_moved && need.from == unit && need.to == cause)
        });
        let what = moved.map_or(what, |need| {
            format!(
                "its parts would need each other in a circle, so that all stays together: {}",
                around.words(pool, need)
            )
        });
        return Ok(Split {
            solutions: vec![identity],
            parts: Vec::new(),
            unchanged: Vec::new(),
            notes: vec![what],
            in_place: Vec::new(),
        });
    }
    let number = |part: usize| found.order.iter().position(|known| *known == part).unwrap_or_default();
    let mut targets = Vec::new();
    for &part in &found.order {
        let wanted = &parts.wanted[part];
        let unique_name = format!("{}_{}", original.unique_name, wanted.suffix);
        check_unique_name("solution", &unique_name)?;
        let suffix = format!(" - {}", wanted.display);
        targets.push(Target {
            base: 0,
            unique_name,
            display: Box::new(move |name: &str| format!("{name}{suffix}")),
            version: original.version.to_string(),
        });
    }
    let part_of: Vec<usize> = found.part_of.iter().map(|part| number(*part)).collect();
    let last = targets.len() - 1;
    let rest = found.order.iter().position(|part| *part == parts.rest).unwrap_or(last);
    let copies = BTreeSet::new();
    let fallback = |_: usize| rest;
    // What closes no circle of parts is listed, so that a plan of the parts gives their order.
    let (met, late) = met(&wishes, needs, &part_of, targets.len());
    let listed: Vec<Need> = needs.iter().chain(met).cloned().collect();
    let placement =
        Placement { pool, needs: &listed, part_of: &part_of, copies: &copies, fallback: &fallback };
    let archives = build(&placement, &targets)?;
    let because = |unit: usize| -> Option<(String, bool)> {
        let is_moved = parts.of[unit].is_some_and(|part| part != found.part_of[unit]);
        if let Some(cause) = found.because[unit].filter(|_| is_moved) {
            let need = needs.iter().find(|need| need.from == unit && need.to == cause)?;
            // What only follows something that moves is in no circle that matters.
            let is_moved = parts.of[cause].is_some_and(|part| part != found.part_of[cause]);
            let words = if is_moved { pool.words(need) } else { around.words(pool, need) };
            return Some((words, true));
        }
        // A variable is with the credential that takes its value from it.
        let is_variable =
            pool.primary(unit).is_some_and(|found| found.key.kind == ComponentType::ENVIRONMENT_VARIABLE);
        if !is_variable || (!options.rules.is_empty() && found.part_of[unit] == parts.rest) {
            return None;
        }
        let signs_in = |need: &&Need| {
            let from = pool.primary(need.from);
            let is_there = found.part_of[need.from] == found.part_of[unit];
            need.to == unit
                && is_there
                && from.is_some_and(|from| matches!(from.details, Details::Credential(_)))
        };
        let need = needs.iter().find(signs_in)?;
        Some((pool.words(need), false))
    };
    let mut made = Vec::new();
    for (at, ((entries, target), part)) in archives.into_iter().zip(&targets).zip(&found.order).enumerate() {
        let components = placed(pool, (0..pool.len()).filter(|unit| part_of[*unit] == at), &because);
        made.push((entries, target.unique_name.clone(), Some(parts.wanted[*part].what.clone()), components));
    }
    let mut split = in_order(made, vec![identity])?;
    let late: BTreeSet<usize> = late.into_iter().map(|wish| wish.from).collect();
    if let Some(first) = late.first() {
        let more = if late.len() > 1 { format!(" and {} more", late.len() - 1) } else { String::new() };
        split.notes.push(format!(
            "{}{more} name tables of a part that comes later: a trigger on such a table works only after it; turn the flows on then",
            pool.title(*first)
        ));
    }
    for rule in &options.rules {
        let is_used =
            split.parts.iter().any(|part| part.solution.unique_name.ends_with(&format!("_{}", rule.part)));
        if !is_used {
            split.notes.push(format!("{}: nothing goes to the part {}", rule.place, rule.part));
        }
    }
    let name = &original.unique_name;
    split.in_place = vec![
        format!(
            "import the parts, in this order, before {name} is upgraded or deleted: what a managed {name} alone holds goes with it, tables with their data"
        ),
        format!("then uninstall {name}, or upgrade it to a version without these components"),
    ];
    Ok(split)
}

/// The wishes that an order of the parts can meet, those of the order that was found first, and the others.
fn met<'w>(
    wishes: &'w [Need],
    needs: &[Need],
    part_of: &[usize],
    parts: usize,
) -> (Vec<&'w Need>, Vec<&'w Need>) {
    let mut graph = Precedence::new(parts);
    needs.iter().for_each(|need| graph.add(part_of[need.to], part_of[need.from]));
    let mut reach = Reach::new(&graph);
    let is_apart = |wish: &&Need| part_of[wish.from] != part_of[wish.to];
    let mut apart: Vec<&Need> = wishes.iter().filter(is_apart).collect();
    apart.sort_by_key(|wish| part_of[wish.from] < part_of[wish.to]);
    apart.into_iter().partition(|wish| {
        let (table, flow) = (part_of[wish.to], part_of[wish.from]);
        let closes_none = !reach.reaches(flow, table);
        if closes_none {
            reach.add(table, flow);
        }
        closes_none
    })
}

fn of_circles(pool: &Pool, needs: &[Need]) -> Result<Split, SplitError> {
    let Some(opened) = circle::open_circles(pool, needs)? else {
        return Ok(Split {
            solutions: pool.contents.iter().map(|content| content.solution.identity()).collect(),
            parts: Vec::new(),
            unchanged: Vec::new(),
            notes: vec![
                "none of these solutions closes a circle with others; one that is named alone is split by what its parts are"
                    .to_owned(),
            ],
            in_place: Vec::new(),
        });
    };
    check_publishers(opened.members.iter().map(|member| &pool.contents[*member]))?;
    let members: Vec<usize> = opened.members.iter().copied().collect();
    // The others are targets as well, so that rows that name them are right; they are not written.
    let targets: Vec<Target> = pool
        .contents
        .iter()
        .enumerate()
        .map(|(base, content)| Target {
            base,
            unique_name: content.solution.manifest.unique_name.clone(),
            display: Box::new(str::to_owned),
            version: content.solution.manifest.version.to_string(),
        })
        .collect();
    let copies = BTreeSet::new();
    let fallback = |content: usize| content;
    let placement = Placement { pool, needs, part_of: &opened.part_of, copies: &copies, fallback: &fallback };
    let archives = build(&placement, &targets)?;
    let because = |unit: usize| opened.because.get(&unit).map(|need| (pool.words(need), true));
    let mut made = Vec::new();
    let mut unchanged = Vec::new();
    for (at, (entries, target)) in archives.into_iter().zip(&targets).enumerate() {
        if !members.contains(&at) {
            unchanged.push(pool.contents[at].solution.identity());
            continue;
        }
        let units = (0..pool.len()).filter(|unit| opened.part_of[*unit] == at);
        let components = placed(pool, units, &because);
        made.push((entries, target.unique_name.clone(), None, components));
    }
    let identities = members.iter().map(|member| pool.contents[*member].solution.identity()).collect();
    let mut split = in_order(made, identities)?;
    split.unchanged = unchanged;
    split.in_place = vec![
        "raise the version of each, and import them in this order; what moves must be there from its new solution before its old one is upgraded, else tables and their data go".to_owned(),
    ];
    Ok(split)
}

/// What goes into one part.
fn placed(
    pool: &Pool,
    units: impl Iterator<Item = usize>,
    because: &dyn Fn(usize) -> Option<(String, bool)>,
) -> Vec<Placed> {
    let place = |unit: usize| {
        let (because, moved) = because(unit).map_or((None, false), |(words, moved)| (Some(words), moved));
        Placed {
            component: pool.primary(unit).map(|found| found.key.clone()),
            title: pool.title(unit),
            because,
            moved,
        }
    };
    units.filter(|unit| !pool.is_link(*unit)).map(place).collect()
}

/// A part that is made: entries, unique name, what goes there, components.
type Made = (Vec<Entry>, String, Option<String>, Vec<Placed>);

/// The parts in the order in which `plan` imports them.
fn in_order(made: Vec<Made>, solutions: Vec<SolutionIdentity>) -> Result<Split, SplitError> {
    let mut read = Vec::with_capacity(made.len());
    for (entries, name, ..) in &made {
        read.push(Solution::read(&Package::from_files(name, entries.clone())?)?);
    }
    let plan = plan::plan(&read, &plan::Options::default());
    // What a plan of the parts will say against their order is said here already.
    let gave_way = plan.findings.iter().filter(|finding| finding.code == codes::POLICY_GAVE_WAY);
    let notes: Vec<String> = gave_way
        .map(|finding| match &finding.help {
            Some(help) => format!("{}: {help}", finding.message),
            None => finding.message.clone(),
        })
        .collect();
    let mut made: Vec<Option<Made>> = made.into_iter().map(Some).collect();
    let mut parts = Vec::with_capacity(made.len());
    for step in plan.steps {
        let at = read.iter().position(|solution| solution.manifest.unique_name == step.solution.unique_name);
        let Some((at, (entries, _, what, components))) = at.and_then(|at| Some((at, made[at].take()?)))
        else {
            continue;
        };
        parts.push(Part {
            number: parts.len() + 1,
            solution: step.solution,
            display_name: read[at].manifest.display_name.clone(),
            what,
            contents: step.contents,
            after: step.after,
            policy: step.policy.map(|policy| policy.words),
            components,
            entries,
        });
    }
    Ok(Split { solutions, parts, unchanged: Vec::new(), notes, in_place: Vec::new() })
}
