//! Needs that nothing in the set meets, gathered by provider.

use std::collections::{BTreeMap, BTreeSet};

use super::{Need, NeededPart};
use crate::graph::{PlatformClass, platform_class};
use crate::model::{ComponentKey, DataverseError, Finding, Severity, Version, codes};

/// Needs by who could meet them.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// By the lower-cased unique name of the provider.
    providers: BTreeMap<String, Need>,
    components: BTreeMap<ComponentKey, Need>,
}

impl Needs {
    /// A need on a named solution that is not in the set; `there` is the version that the target has, too low.
    pub(super) fn on_provider(
        &mut self,
        provider: &str,
        version: Option<&Version>,
        there: Option<&Version>,
        part: NeededPart,
    ) {
        let need = self.providers.entry(provider.to_lowercase()).or_insert_with(|| Need {
            provider: Some(provider.to_owned()),
            platform: platform_class(provider),
            ..empty()
        });
        if version > need.lowest_version.as_ref() {
            need.lowest_version = version.cloned();
        }
        need.target_version = need.target_version.take().or_else(|| there.cloned());
        need.components.push(part);
    }

    /// A need on a component that no solution of the set brings and for which no provider is named.
    pub(super) fn dangling(&mut self, part: NeededPart) {
        self.components.entry(part.component.clone()).or_insert_with(empty).components.push(part);
    }

    /// What the set or the target lacks, and what the platform must have.
    pub(super) fn finish(self) -> (Vec<Need>, Vec<Need>) {
        let needs = self.providers.into_values().chain(self.components.into_values()).map(complete);
        needs.partition(|need| need.platform.is_none())
    }
}

fn empty() -> Need {
    Need {
        provider: None,
        lowest_version: None,
        target_version: None,
        platform: None,
        components: Vec::new(),
        needed_by: Vec::new(),
    }
}

/// One finding a provider, or a component and solution.
pub(super) fn findings<'n>(needs: impl Iterator<Item = &'n Need>) -> Vec<Finding> {
    needs
        .flat_map(|need| match need.provider {
            Some(_) => vec![provider_finding(need)],
            None => component_findings(need),
        })
        .collect()
}

fn complete(mut need: Need) -> Need {
    need.components.sort_by(|one, other| {
        let key = |part: &NeededPart| (part.component.clone(), part.solution.clone(), part.place.clone());
        key(one).cmp(&key(other))
    });
    let names: BTreeSet<&String> = need.components.iter().map(|part| &part.solution).collect();
    need.needed_by = names.into_iter().cloned().collect();
    need
}

fn provider_finding(need: &Need) -> Finding {
    let name = need.provider.as_deref().unwrap_or_default();
    let wanted = match &need.lowest_version {
        Some(version) => format!("{name} {version} or later"),
        None => name.to_owned(),
    };
    let who = need.needed_by.join(", ");
    let there = need.target_version.as_ref().map(|there| format!("; the target has {there}"));
    let (code, severity, message, help) = match (need.platform, &there) {
        (None, Some(there)) => (
            codes::PROVIDER_VERSION_TOO_LOW,
            Severity::Error,
            format!("{who} needs {wanted}{there}"),
            Some("take it into the set, or import it into the target first"),
        ),
        (None, None) => (
            codes::MISSING_PROVIDER,
            Severity::Error,
            format!("{wanted} is needed by {who} and is not in the set"),
            Some("take it into the set, or say that the target has it: --provided"),
        ),
        (Some(PlatformClass::Base), _) => (
            codes::PLATFORM_SOLUTION_NEEDED,
            Severity::Note,
            format!("the target must have {wanted}, a part of the platform; needed by {who}"),
            None,
        ),
        (Some(PlatformClass::App), _) => (
            codes::PLATFORM_SOLUTION_NEEDED,
            Severity::Warning,
            format!("the target must have {wanted}, a part of a Dynamics 365 app; needed by {who}"),
            None,
        ),
    };
    let message = match there.filter(|_| need.platform.is_some()) {
        Some(there) => message + &there,
        None => message,
    };
    Finding {
        subject: Some(name.to_owned()),
        place: need.components.first().map(|part| part.place.clone()),
        dataverse: (severity > Severity::Note).then_some(DataverseError::SOLUTION_NOT_INSTALLED),
        help: help.map(str::to_owned),
        ..Finding::new(code, severity, need.needed_by.first().map_or("", String::as_str), message)
    }
}

/// One for each solution that needs the component.
fn component_findings(need: &Need) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for part in &need.components {
        if findings.last().is_some_and(|last| last.solution == part.solution) {
            continue;
        }
        let component =
            crate::model::describe(part.component.kind.words(), &part.component, part.name.as_deref());
        // What nothing declares the import does not ask for: it succeeds, and what needs the component does not work.
        let (code, answer, message) = if part.declared {
            (
                codes::UNMET_NEED,
                Some(DataverseError::MISSING_DEPENDENCIES),
                format!("{} needs {component}, which no package of the set brings", part.used_by),
            )
        } else {
            let rest = "which no package of the set brings and nothing declares as missing";
            (codes::DANGLING_REFERENCE, None, format!("{} needs {component}, {rest}", part.used_by))
        };
        findings.push(Finding {
            component: Some(part.component.clone()),
            place: Some(part.place.clone()),
            dataverse: answer,
            otherwise: answer
                .is_none()
                .then(|| "the import succeeds, and what needs it does not work".to_owned()),
            ..Finding::new(code, Severity::Error, &part.solution, message)
        });
    }
    findings
}
