//! Findings that are known and not mended yet: a file of fingerprints. What is in it is not reported; what is in it and no
//! longer found is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Code, Finding, fingerprints};

/// `$schema` of a baseline.
pub const BASELINE_SCHEMA: &str = "urn:solship:schema:baseline:1";
const VERSION: u32 = 1;

/// The file: `solship check --baseline FILE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(title = "solship check --baseline")]
pub struct Baseline {
    #[serde(rename = "$schema")]
    schema: String,
    version: u32,
    findings: Vec<Known>,
}

/// One known finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Known {
    /// Code of the rule.
    code: String,
    /// Unique name of the solution.
    solution: String,
    /// What it is about, for people: the component, or the file.
    about: String,
    /// What it is recognised by.
    fingerprint: String,
}

/// Why a file is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is no JSON of that shape.
    #[error("not a baseline: {0}")]
    Shape(#[from] serde_json::Error),
    /// It is something else, or of another version.
    #[error("not a baseline of this version: its $schema is {found:?}, not {BASELINE_SCHEMA:?}")]
    Schema {
        /// As written.
        found: String,
    },
}

/// What a baseline did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// So many findings are in it.
    pub known: usize,
    /// What is in it and was not found, in words; one line each.
    pub stale: Vec<String>,
}

impl Baseline {
    /// Takes all of these findings in.
    pub fn of(findings: &[Finding]) -> Self {
        let mut known: Vec<Known> = findings
            .iter()
            .zip(fingerprints(findings))
            // What forbids exceptions is not excepted itself.
            .filter(|(finding, _)| !finding.code.is_of_configuration())
            .map(|(finding, fingerprint)| Known {
                code: finding.code.id.to_owned(),
                solution: finding.solution.clone(),
                about: about(finding),
                fingerprint,
            })
            .collect();
        known.sort();
        Self { schema: BASELINE_SCHEMA.to_owned(), version: VERSION, findings: known }
    }

    /// How many findings are in it.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// Reads a file.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text)?;
        if baseline.schema != BASELINE_SCHEMA || baseline.version != VERSION {
            return Err(BaselineError::Schema { found: baseline.schema.chars().take(100).collect() });
        }
        Ok(baseline)
    }

    /// The file: one finding a line group, sorted.
    pub fn text(&self) -> String {
        // Texts and a number: nothing that could not be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Takes the known findings away. With `is_run` it says of a code and the unique name of a solution whether that rule
    /// has looked at that solution: only then something is stale.
    pub fn apply(&self, findings: &mut Vec<Finding>, is_run: &dyn Fn(&str, &str) -> bool) -> Matched {
        let mut left: BTreeMap<&str, &Known> =
            self.findings.iter().map(|known| (known.fingerprint.as_str(), known)).collect();
        let found = fingerprints(findings.iter());
        let before = findings.len();
        let mut found = found.iter();
        findings.retain(|finding| {
            let fingerprint = found.next().filter(|_| !finding.code.is_of_configuration());
            fingerprint.is_none_or(|fingerprint| left.remove(fingerprint.as_str()).is_none())
        });
        let stale = left.values().filter(|known| is_run(&known.code, &known.solution));
        let words = |known: &&Known| {
            let code = Code::find(&known.code).map_or(known.code.as_str(), |code| code.id);
            format!("{code} in {}: {}", known.solution, known.about)
        };
        Matched { known: before - findings.len(), stale: stale.map(words).collect() }
    }
}

fn about(finding: &Finding) -> String {
    match (&finding.component, &finding.place) {
        (Some(component), _) => component.to_string(),
        (None, _) if finding.subject.is_some() => finding.subject.clone().unwrap_or_default(),
        (None, Some(place)) => place.file.rsplit(':').next().unwrap_or_default().to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ComponentKey, ComponentType, Severity, codes};

    fn finding(name: &str) -> Finding {
        let component = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, name);
        Finding {
            component: Some(component),
            ..Finding::new(codes::SECRET_WITHOUT_VALUE, Severity::Note, "Fab", format!("about {name}"))
        }
    }

    #[test]
    fn what_is_known_is_not_reported_and_what_is_gone_is_told() {
        let baseline = Baseline::of(&[finding("fab_A"), finding("fab_B"), finding("fab_B")]);
        assert_eq!(Baseline::read(&baseline.text()).unwrap(), baseline);
        let mut findings = vec![finding("fab_B"), finding("fab_C")];
        let matched = baseline.apply(&mut findings, &|_, _| true);
        assert_eq!(matched.known, 1);
        let variable = |name| format!("SEC003 in Fab: {}", finding(name).component.unwrap());
        // Of two that are alike one is gone.
        assert_eq!(matched.stale.len(), 2);
        assert!(matched.stale.contains(&variable("fab_A")) && matched.stale.contains(&variable("fab_B")));
        assert_eq!(findings, [finding("fab_C")]);
        assert!(baseline.apply(&mut Vec::new(), &|_, _| false).stale.is_empty());
    }

    #[test]
    fn something_else_is_no_baseline() {
        assert!(matches!(Baseline::read("[]"), Err(BaselineError::Shape(_))));
        let other = r#"{"$schema":"urn:solship:schema:plan:1","version":1,"findings":[]}"#;
        assert!(matches!(Baseline::read(other), Err(BaselineError::Schema { .. })));
    }
}
