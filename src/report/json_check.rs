//! `solship check --format json`, and its rules.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::check::{Baseline, Check, Page, Rule, is_fixable};
use crate::model::{Code, DataverseError, Finding, Severity, SolutionIdentity, fingerprints};

/// `$schema` of a check.
pub const CHECK_SCHEMA: &str = "urn:solship:schema:check:1";
/// `$schema` of the list of rules.
pub const RULES_SCHEMA: &str = "urn:solship:schema:rules:1";

/// What was found in solutions: `solship check --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship check")]
struct CheckDocument<'c> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// How messages name the environment, where one is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'c str>,
    /// Every package, by name and version.
    solutions: &'c [SolutionIdentity],
    /// What was found, errors first.
    findings: Vec<Fingerprinted<'c>>,
}

/// A finding, and what it is recognised by in the next run.
#[derive(Serialize, JsonSchema)]
struct Fingerprinted<'c> {
    #[serde(flatten)]
    finding: &'c Finding,
    /// Stays the same while lines move and archives are named anew.
    fingerprint: String,
}

/// Every rule: `solship check --list --format json`; or one with its whole page: `--explain CODE`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship check --list")]
struct RulesDocument<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// By code.
    rules: Vec<RuleDocument<'r>>,
}

/// One rule.
#[derive(Serialize, JsonSchema)]
struct RuleDocument<'r> {
    #[serde(flatten)]
    code: Code,
    /// The highest level at which it reports when nobody changes it.
    level: Severity,
    /// What it stands for.
    description: &'static str,
    /// What Dataverse answers, where it answers something.
    #[serde(skip_serializing_if = "Option::is_none")]
    dataverse: Option<DataverseError>,
    /// Whether `--fix` mends some of its findings.
    fixable: bool,
    /// Why it matters, Markdown; none for what has no page.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'r str>,
    /// What it finds, Markdown; only where one is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    bad: Option<&'r str>,
    /// What it is silent on, Markdown; only where one is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    good: Option<&'r str>,
    /// How to mend it, Markdown; none for what has no page.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'r str>,
}

impl RuleDocument<'static> {
    /// With the whole page, or without its examples.
    fn new(code: Code, rule: Option<&'static Rule>, is_whole: bool) -> Self {
        let page = rule.map(Rule::page);
        let part = |read: fn(&Page<'static>) -> &'static str| {
            page.as_ref().map(read).filter(|text| !text.is_empty())
        };
        Self {
            code,
            level: code.level(),
            description: code.description(),
            dataverse: rule.and_then(|rule| rule.dataverse),
            fixable: is_fixable(code),
            why: part(Page::why),
            bad: part(Page::bad).filter(|_| is_whole),
            good: part(Page::good).filter(|_| is_whole),
            fix: part(Page::fix),
        }
    }
}

/// Writes what was found.
pub fn check(writer: &mut dyn Write, check: &Check) -> io::Result<()> {
    let findings = check.findings.iter().zip(fingerprints(&check.findings));
    let findings = findings.map(|(finding, fingerprint)| Fingerprinted { finding, fingerprint });
    write(
        writer,
        &CheckDocument {
            schema: CHECK_SCHEMA,
            version: VERSION,
            environment: check.environment.as_deref(),
            solutions: &check.solutions,
            findings: findings.collect(),
        },
    )
}

/// Writes the rules.
pub fn rules(writer: &mut dyn Write, rules: &[&'static Rule]) -> io::Result<()> {
    let rules = rules.iter().map(|rule| RuleDocument::new(rule.code, Some(rule), false));
    write(writer, &RulesDocument { schema: RULES_SCHEMA, version: VERSION, rules: rules.collect() })
}

/// Writes what one code stands for, in the same form, with the page of its rule, where it has one.
pub fn explain(writer: &mut dyn Write, code: Code, rule: Option<&'static Rule>) -> io::Result<()> {
    let rules = vec![RuleDocument::new(code, rule, true)];
    write(writer, &RulesDocument { schema: RULES_SCHEMA, version: VERSION, rules })
}

/// The schema of [`check`]'s output.
pub fn check_schema() -> Value {
    schema::<CheckDocument<'static>>(CHECK_SCHEMA)
}

/// The schema of [`rules`]'s output.
pub fn rules_schema() -> Value {
    schema::<RulesDocument<'static>>(RULES_SCHEMA)
}

/// The schema of a baseline.
pub fn baseline_schema() -> Value {
    schema::<Baseline>(crate::check::BASELINE_SCHEMA)
}
