//! A plan as text: the order with its reasons first, then what is missing, then what is wrong, last the next step.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::page::{Group, Page, Part, Table, bold, dim, plain};
use super::words::{contents, counted, cut, listed, more, thousands};
use super::{TextOptions, text_findings};
use crate::graph::{Evidence, PlatformClass};
use crate::model::{Finding, Place, Severity, Version, codes, describe};
use crate::plan::{Cycle, Need, NeededPart, Plan, PolicyReason, Reason, Step};
use crate::text::shell_word;

/// So many reasons of one "after" are shown.
const REASONS: usize = 2;
/// So many "after" of one step are shown.
const PREDECESSORS: usize = 6;
/// So many kinds are named in the contents of a step.
const KINDS: usize = 3;
/// So many needs are shown.
const NEEDS: usize = 20;
/// So many members of a cycle are named.
const MEMBERS: usize = 8;
/// So many options are put together in the closing line of the needs.
const SILENCERS: usize = 3;

/// Writes a plan.
pub fn plan(plan: &Plan, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    title(&mut page, plan);
    steps(&mut page, plan, options);
    unchanged(&mut page, plan, options);
    cycles(&mut page, plan, options);
    unresolved(&mut page, &plan.unresolved, options);
    platform(&mut page, &plan.platform, options);
    let shown = Shown::new(plan);
    let apart: Vec<&Finding> = plan.findings.iter().filter(|finding| !shown.holds(finding)).collect();
    if !apart.is_empty() {
        page.gap();
        text_findings::write(&mut page, apart, options);
    }
    closing(&mut page, plan);
    page.finish()
}

fn title(page: &mut Page, plan: &Plan) {
    let managed = plan.steps.iter().filter(|step| step.solution.managed).count();
    let noun = if managed > 0 && managed == plan.steps.len() { "managed solution" } else { "solution" };
    let in_cycles: usize = plan.steps.iter().filter(|step| step.cycle.is_some()).count();
    let words = match (plan.steps.len(), in_cycles) {
        (0, _) => "no solution to import".to_owned(),
        (1, _) => format!("1 {noun} to import"),
        (count, 0) => format!("{}, import in this order", counted(count, noun)),
        (count, _) => {
            format!("{}; {} of them need each other in a circle", counted(count, noun), thousands(in_cycles))
        }
    };
    page.line(0, &[bold(words)]);
}

fn steps(page: &mut Page, plan: &Plan, options: &TextOptions) {
    if plan.steps.is_empty() {
        return;
    }
    page.gap();
    let managed = plan.steps.iter().filter(|step| step.solution.managed).count();
    let mixed = managed > 0 && managed < plan.steps.len();
    let number_width = plan.steps.len().to_string().len();
    let head = |step: &Step| {
        let mut cells = vec![
            plain(format!("{:>number_width$}", step.number)),
            bold(&step.solution.unique_name),
            plain(step.solution.version.to_string()),
        ];
        if mixed {
            cells.push(plain(if step.solution.managed { "managed" } else { "unmanaged" }));
        }
        // Two more blanks set what it carries apart from what it is.
        let mut carries =
            "  ".to_owned() + &contents(&step.contents, if options.all { usize::MAX - 1 } else { KINDS });
        if step.cycle.is_some() {
            let comma = if step.contents.is_empty() { "" } else { ", " };
            carries = format!("{carries}{comma}in the circle below");
        }
        cells.push(plain(carries));
        cells
    };
    // Steps are aligned with steps and reasons with reasons, over the whole order.
    let steps = Group { indent: 2, gap: 2 };
    let reasons = Group { indent: 2 + number_width + 4, gap: 3 };
    let mut table = Table::with_groups(vec![steps, reasons]);
    for step in &plan.steps {
        table.row_in(0, head(step));
        let after: Vec<_> = step
            .after
            .iter()
            .filter(|after| options.all || !is_in_same_cycle(plan, step, &after.solution))
            .collect();
        let shown = cut(after.len(), PREDECESSORS, options.all);
        for after in &after[..shown] {
            for row in reason_rows(&format!("after {}", after.solution), &after.reasons, options) {
                table.row_in(1, row);
            }
        }
        if shown < after.len() {
            let rest = after.len() - shown;
            table.row_in(1, [dim(format!("… and after {} more (--all)", thousands(rest)))]);
        }
        if let Some(reason) = &step.policy {
            for row in policy_rows(plan, step, reason, options) {
                table.row_in(1, row);
            }
        }
    }
    table.write(page);
}

/// What is left out because the target has it.
fn unchanged(page: &mut Page, plan: &Plan, options: &TextOptions) {
    if plan.unchanged.is_empty() {
        return;
    }
    page.gap();
    let names: Vec<&str> = plan.unchanged.iter().map(|solution| solution.unique_name.as_str()).collect();
    let shown = cut(names.len(), MEMBERS, options.all);
    let mut line = vec![
        plain(format!("{} unchanged, not imported again: ", thousands(names.len()))),
        plain(names[..shown].join(", ")),
    ];
    if shown < names.len() {
        line.push(dim(format!(" {}", more(names.len() - shown))));
    }
    page.line(0, &line);
}

/// Whether the predecessor is in the cycle of the step: the cycle is shown apart.
fn is_in_same_cycle(plan: &Plan, step: &Step, predecessor: &str) -> bool {
    let cycle = step.cycle.and_then(|index| plan.cycles.get(index));
    cycle.is_some_and(|cycle| cycle.members.iter().any(|member| member == predecessor))
}

/// The rows for the credentials that come before a step. Solutions that it comes after anyhow are not named again.
fn policy_rows(plan: &Plan, step: &Step, reason: &PolicyReason, options: &TextOptions) -> Vec<Vec<Part>> {
    let Some(policy) = plan.policies.get(reason.policy) else { return vec![] };
    let is_named = |name: &String| step.after.iter().any(|after| after.solution == *name);
    let before: Vec<&str> =
        policy.before.iter().filter(|name| options.all || !is_named(name)).map(String::as_str).collect();
    let Some((first, others)) = before.split_first() else { return vec![] };
    let mut rows = vec![
        vec![plain(format!("after {first}")), plain(format!("policy: {}", reason.words))],
        vec![plain(""), dim(reason.place.to_string())],
    ];
    let shown = if options.all || others.len() == 1 { others } else { &[] };
    rows.extend(shown.iter().map(|name| vec![plain(format!("after {name}")), plain("policy: the same")]));
    if shown.len() < others.len() {
        let rest = format!("… and after {} more solutions with credentials (--all)", thousands(others.len()));
        rows.push(vec![plain(""), dim(rest)]);
    }
    rows
}

/// The rows under one "after" or one arc: first what it is, then the words and under them the place.
fn reason_rows(head: &str, reasons: &[Reason], options: &TextOptions) -> Vec<Vec<Part>> {
    let mut rows = Vec::new();
    let mut told = HashSet::new();
    // A reason that stands in several places is one reason.
    let reasons: Vec<&Reason> =
        reasons.iter().filter(|reason| options.all || told.insert(&reason.words)).collect();
    let shown = cut(reasons.len(), REASONS, options.all);
    for reason in &reasons[..shown] {
        let first = if rows.is_empty() { plain(head) } else { plain("") };
        let prefix = match reason.evidence.first() {
            Some(Evidence::Declared) => "declared: ",
            Some(Evidence::Policy) => "policy: ",
            Some(Evidence::Stated) => "stated: ",
            Some(Evidence::Observed | Evidence::Parent) | None => "",
        };
        rows.push(vec![first, plain(format!("{prefix}{}", reason.words))]);
        if let Some(place) = &reason.place {
            rows.push(vec![plain(""), dim(place.to_string())]);
        }
    }
    if rows.is_empty() {
        rows.push(vec![plain(head)]);
    }
    if shown < reasons.len() {
        rows.push(vec![plain(""), dim(rest_of_reasons(&reasons[shown..]))]);
    }
    rows
}

/// `… and 12 more: 10 connection references, 2 variables (--all)`.
fn rest_of_reasons(reasons: &[&Reason]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for key in reasons.iter().filter_map(|reason| reason.to.as_ref()) {
        *kinds.entry(key.kind.words()).or_default() += 1;
    }
    let told: Vec<String> = kinds.iter().take(3).map(|(kind, &count)| counted(count, kind)).collect();
    if told.is_empty() || kinds.len() > 3 || kinds.values().sum::<usize>() < reasons.len() {
        return more(reasons.len());
    }
    format!("… and {} more: {} (--all)", thousands(reasons.len()), told.join(", "))
}

fn cycles(page: &mut Page, plan: &Plan, options: &TextOptions) {
    for cycle in &plan.cycles {
        page.gap();
        let code = codes::DEPENDENCY_CYCLE;
        page.line(
            0,
            &[
                text_findings::level(Severity::Error),
                plain(format!("[{}] {}: ", code.id, code.name)),
                bold(format!("{} need each other", members(cycle, options))),
            ],
        );
        let mut table = Table::new(2);
        for arc in &cycle.arcs {
            let head = format!("{} needs {}", arc.solution, arc.needs);
            for row in reason_rows(&head, &arc.reasons, options) {
                table.row(row);
            }
        }
        table.row([plain("to break it"), plain(&cycle.way_out)]);
        table.write(page);
    }
}

fn members(cycle: &Cycle, options: &TextOptions) -> String {
    let shown = cut(cycle.members.len(), MEMBERS, options.all);
    let mut told = cycle.members[..shown].to_vec();
    if shown < cycle.members.len() {
        told.push(format!("{} more", cycle.members.len() - shown));
    }
    listed(&told)
}

fn unresolved(page: &mut Page, needs: &[Need], options: &TextOptions) {
    if needs.is_empty() {
        return;
    }
    page.gap();
    let title = if needs.len() == 1 {
        "1 need is met by nothing in this set".to_owned()
    } else {
        format!("{} are met by nothing in this set", counted(needs.len(), "need"))
    };
    page.line(0, &[bold(title)]);
    need_lines(page, needs, options, |need| need.target_version.as_ref().map(there));
    let named: Vec<String> = needs.iter().filter_map(silencer).collect();
    if named.is_empty() {
        return;
    }
    let shown = cut(named.len(), SILENCERS, options.all);
    let mut line = vec![plain(format!("say what the target has: {}", named[..shown].join(" ")))];
    if shown < named.len() {
        line.push(dim(format!(" {}", more(named.len() - shown))));
    }
    page.line(2, &line);
}

/// The option that says that the target has it.
fn silencer(need: &Need) -> Option<String> {
    // The user has said already what the target has.
    let provider = need.provider.as_deref().filter(|_| need.target_version.is_none())?;
    let named = match &need.lowest_version {
        Some(version) => format!("{provider}@{version}"),
        None => provider.to_owned(),
    };
    Some(format!("--provided {}", shell_word(&named)))
}

fn platform(page: &mut Page, needs: &[Need], options: &TextOptions) {
    if needs.is_empty() {
        return;
    }
    page.gap();
    let noun = if needs.len() == 1 { "solution" } else { "solutions" };
    page.line(0, &[bold(format!("the target must have {} {noun} of the platform", thousands(needs.len())))]);
    need_lines(page, needs, options, |need| {
        let words = match (&need.target_version, need.platform) {
            (Some(version), _) => there(version),
            (None, Some(PlatformClass::App)) => "only where its app is installed".to_owned(),
            (None, Some(PlatformClass::Base) | None) => "in every environment".to_owned(),
        };
        Some(words)
    });
}

/// What the target has of a provider, too low.
fn there(version: &Version) -> String {
    format!("the target has {version}")
}

fn need_lines(page: &mut Page, needs: &[Need], options: &TextOptions, class: fn(&Need) -> Option<String>) {
    let mut table = Table::new(2);
    let shown = cut(needs.len(), NEEDS, options.all);
    for need in &needs[..shown] {
        let what = match (&need.provider, &need.lowest_version) {
            (Some(provider), Some(version)) => format!("{provider} {version} or later"),
            (Some(provider), None) => provider.clone(),
            (None, _) => need.components.first().map(part_words).unwrap_or_default(),
        };
        let mut head = vec![plain(what), plain(class(need).unwrap_or_default())];
        for words in needed(need, options) {
            table.row([&head[..], &[plain(words)]].concat());
            head = vec![plain(""), plain("")];
        }
    }
    table.write(page);
    if shown < needs.len() {
        page.line(2, &[dim(more(needs.len() - shown))]);
    }
}

fn part_words(part: &NeededPart) -> String {
    describe(part.component.kind.words(), &part.component, part.name.as_deref())
}

/// What is needed of one provider, and by what. One row; with `--all` one for each component.
fn needed(need: &Need, options: &TextOptions) -> Vec<String> {
    let mut told = HashSet::new();
    let rows: Vec<String> = need
        .components
        .iter()
        .map(|part| {
            let mut words = match need.provider {
                Some(_) => format!("{}, used by {}", part_words(part), part.used_by),
                None => format!("used by {}", part.used_by),
            };
            // With one user in all, the steps have said where it is.
            if need.needed_by.len() > 1 {
                words.push_str(&format!(" in {}", part.solution));
            }
            words
        })
        .filter(|row| told.insert(row.clone()))
        .collect();
    match rows.as_slice() {
        [first, rest @ ..] if !options.all && !rest.is_empty() => {
            vec![format!("{first} … and {} more (--all)", thousands(rest.len()))]
        }
        _ => rows,
    }
}

/// What the reader has already seen above the findings.
struct Shown<'p> {
    cycles: bool,
    unresolved: BTreeSet<&'p Place>,
    platform: BTreeSet<&'p Place>,
}

impl<'p> Shown<'p> {
    fn new(plan: &'p Plan) -> Self {
        let places = |needs: &'p [Need]| {
            needs.iter().flat_map(|need| &need.components).map(|part| &part.place).collect()
        };
        Self {
            cycles: !plan.cycles.is_empty(),
            unresolved: places(&plan.unresolved),
            platform: places(&plan.platform),
        }
    }

    /// Whether the finding is about a cycle or a need that stands above.
    fn holds(&self, finding: &Finding) -> bool {
        let among = |places: &BTreeSet<&Place>| match &finding.place {
            Some(place) => places.contains(place),
            None => !places.is_empty(),
        };
        match finding.code {
            codes::DEPENDENCY_CYCLE => self.cycles,
            codes::MISSING_PROVIDER | codes::DANGLING_REFERENCE | codes::UNMET_NEED => {
                among(&self.unresolved)
            }
            // Of one of the set it is said nowhere else.
            codes::PROVIDER_VERSION_TOO_LOW => finding.place.is_some() && among(&self.unresolved),
            codes::PLATFORM_SOLUTION_NEEDED => among(&self.platform),
            _ => false,
        }
    }
}

fn closing(page: &mut Page, plan: &Plan) {
    let count = text_findings::count(&plan.findings);
    if count.is_none() && plan.steps.is_empty() && !plan.unchanged.is_empty() {
        return;
    }
    page.gap();
    let in_solutions = text_findings::in_solutions(plan.steps.len());
    let Some(count) = count else {
        page.line(0, &[plain(format!("nothing is missing {in_solutions}"))]);
        return;
    };
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let errors = plan.findings.iter().filter(is_error).count();
    let next = if errors == 0 {
        "the order holds"
    } else if !plan.cycles.is_empty() {
        "next: break the circle, then plan again"
    } else if !plan.unresolved.is_empty() && plan.unresolved.iter().all(|need| need.target_version.is_some())
    {
        "next: add what is missing to the set, or import it into the target"
    } else if !plan.unresolved.is_empty() {
        "next: add what is missing to the set, or say what the target has"
    } else {
        "next: put right what the errors say, then plan again"
    };
    // Where nothing is left to import there is no order, and what is said is of the environment.
    let line = match plan.steps.len() {
        0 if errors == 0 => format!("{count}; nothing is left to import"),
        0 => format!("{count}; {next}"),
        _ => format!("{count} {in_solutions}; {next}"),
    };
    page.line(0, &[plain(line)]);
}
