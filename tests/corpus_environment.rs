//! All real archives in planned order into one environment, and out of it again.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use solship::environment::import::{ImportOptions, Incoming, Refusal, import, uninstall};
use solship::environment::{Content, Facts, InstalledSolution, Layer, State};
use solship::model::{ComponentKey, Solution, Version};
use solship::plan::{Options, plan};
use support::corpus::solutions;

/// What an environment is taken to have that no archive brings and for which no solution is named.
const ASSUMED: &str = "Assumed";

fn provide(state: &mut State, name: &str, version: &Version) {
    let sequence = state.solutions().values().map(|solution| solution.sequence).max();
    let solution = InstalledSolution {
        unique_name: name.to_owned(),
        version: version.clone(),
        managed: true,
        provided: true,
        sequence: sequence.map_or(0, |last| last + 1),
        ..InstalledSolution::default()
    };
    state.set_solution(name, Some(solution));
}

fn assume(state: &mut State, component: &ComponentKey) {
    let content = Content {
        words: component.to_string(),
        aliases: Vec::new(),
        fingerprint: None,
        held_only: false,
        needs: Vec::new(),
        facts: Facts::Other,
    };
    state.change_component(component, |layers| {
        layers.managed.insert(0, Layer { solution: ASSUMED.to_owned(), content });
    });
}

/// Enters what is missing. False when that does not help.
fn remedy(state: &mut State, solution: &mut Solution, refusals: &[Refusal]) -> bool {
    let mut did = false;
    for refusal in refusals {
        let Some(component) = &refusal.component else { continue };
        match refusal.rule {
            // The set has the provider in a lower version, or the two need each other.
            "solution-not-installed" => {
                for row in &mut solution.manifest.missing_dependencies {
                    let is_it = row.required.keys.first() == Some(component);
                    if is_it && row.provider.is_some() {
                        row.provider = None;
                        did = true;
                    }
                }
            }
            "missing-dependency"
            | "lookup-missing"
            | "root-component-missing"
            | "managed-needs-unmanaged" => {
                assume(state, component);
                did = true;
            }
            _ => {}
        }
    }
    did
}

#[test]
fn every_archive_goes_in_and_out() {
    let Some(corpus) = support::shared("corpus") else { return };
    let read: Vec<Solution> = solutions(&corpus).into_iter().map(|(_, solution)| solution).collect();
    let plan = plan(&read, &Options::default());
    let mut by_source: BTreeMap<String, Solution> =
        read.into_iter().map(|solution| (solution.source.to_string(), solution)).collect();
    let ordered: Vec<Solution> =
        plan.steps.iter().filter_map(|step| by_source.remove(&*step.solution.source)).collect();
    assert_eq!(ordered.len(), plan.steps.len());

    let mut state = State::default();
    provide(&mut state, ASSUMED, &Version::new("1"));
    let names: BTreeSet<String> =
        ordered.iter().map(|solution| solution.manifest.unique_name.to_lowercase()).collect();
    let mut providers: BTreeMap<String, (String, Version)> = BTreeMap::new();
    for row in ordered.iter().flat_map(|solution| &solution.manifest.missing_dependencies) {
        let Some(provider) = row.provider.as_ref().filter(|name| !names.contains(&name.to_lowercase()))
        else {
            continue;
        };
        let asked = row.provider_version.clone().unwrap_or_default();
        let highest =
            providers.entry(provider.to_lowercase()).or_insert_with(|| (provider.clone(), asked.clone()));
        highest.1 = highest.1.clone().max(asked);
    }
    for (name, version) in providers.values() {
        provide(&mut state, name, version);
    }

    let mut expected: BTreeSet<ComponentKey> = BTreeSet::new();
    // What the plan says the platform would answer, by solution.
    let answers =
        plan.findings.iter().filter_map(|finding| Some((&*finding.solution, finding.dataverse?.code)));
    let foreseen: BTreeSet<(&str, &str)> = answers.collect();
    let mut remedied: BTreeMap<&str, usize> = BTreeMap::new();
    let mut imported = Vec::new();
    let mut left_out: Vec<String> = Vec::new();
    for mut solution in ordered {
        let name = solution.manifest.unique_name.clone();
        loop {
            let incoming = Incoming::new(&solution, &|_| None, None);
            match import(&mut state, &incoming, &ImportOptions::default()) {
                Ok(outcome) => {
                    let told = outcome.added.len() + outcome.changed.len() + outcome.unchanged.len();
                    let keys: BTreeSet<_> = solution.components.iter().map(|c| c.key.clone()).collect();
                    assert_eq!(told, keys.len(), "{name}");
                    expected.extend(keys);
                    imported.push(name);
                    break;
                }
                Err(refusals) => {
                    let is_foreseen = |refusal: &&Refusal| {
                        let code = refusal.error.map(|error| error.code);
                        code.is_some_and(|code| foreseen.contains(&(name.as_str(), code)))
                    };
                    let unforeseen: Vec<&Refusal> =
                        refusals.iter().filter(|refusal| !is_foreseen(refusal)).collect();
                    assert!(unforeseen.is_empty(), "{name}: {unforeseen:?}");
                    for refusal in &refusals {
                        *remedied.entry(refusal.rule).or_default() += 1;
                    }
                    if !remedy(&mut state, &mut solution, &refusals) {
                        left_out.push(format!(
                            "{name}: {:?}",
                            refusals.iter().map(|r| &r.words).collect::<Vec<_>>()
                        ));
                        break;
                    }
                }
            }
        }
    }
    println!("{} solutions, {} components; remedied {remedied:?}", imported.len(), state.components().len());
    assert!(left_out.is_empty(), "{}", left_out.join("\n"));
    expected.extend(state.held_by(ASSUMED).cloned());
    let there: BTreeSet<ComponentKey> = state.components().keys().cloned().collect();
    assert_eq!(there.len(), expected.len());
    assert!(there == expected);

    // Solutions that need each other through texts go in another order than the reverse one.
    let mut passes = 0;
    while !imported.is_empty() {
        let before = imported.len();
        let mut stayed = Vec::new();
        let mut why = Vec::new();
        for name in imported.into_iter().rev() {
            if let Err(refusals) = uninstall(&mut state, &name, true) {
                why.push(format!("{name}: {}", refusals[0].words));
                stayed.insert(0, name);
            }
        }
        passes += 1;
        println!("pass {passes}: {} stay\n{}", stayed.len(), why.join("\n"));
        assert!(stayed.len() < before, "{}", why.join("\n"));
        imported = stayed;
    }
    let rest: Vec<String> = state.solutions().values().map(|solution| solution.unique_name.clone()).collect();
    for name in rest {
        uninstall(&mut state, &name, false).unwrap_or_else(|refusals| panic!("{name}: {refusals:?}"));
    }
    assert!(state.solutions().is_empty() && state.components().is_empty());
    assert!(state.flows().is_empty() && state.values().is_empty() && state.bindings().is_empty());
}
