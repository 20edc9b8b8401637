//! Levels of rules and exceptions from them.

use super::table::{Reader, Table, nearest};
use super::{Config, ConfigError, ConfigFault, UnknownKey};
use crate::model::{Code, Finding, Place, Severity, codes, sort_findings};

/// At which level a rule reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// At this one.
    At(Severity),
    /// Not at all.
    Allow,
}

/// One line of `[levels]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelSetting {
    /// The rule.
    pub code: Code,
    /// Its level here.
    pub level: Level,
    /// Where.
    pub place: Place,
}

/// One of `[[exceptions]]`: what a rule says of one solution, or of some files, is not reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The rule.
    pub code: Code,
    /// Unique name of the solution; none: of every one.
    pub solution: Option<String>,
    /// Pattern of the file, as a place calls it or as its archive or folder has it; none: of every one.
    pub path: Option<glob::Pattern>,
    /// Why.
    pub reason: String,
    /// Where.
    pub place: Place,
}

/// What a configuration did to findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Silenced {
    /// So many were taken away.
    pub findings: usize,
    /// So many have another level.
    pub changed: usize,
}

impl Config {
    /// Gives the findings their levels, takes away what is excepted or allowed, and sorts them again. With `forbid` every level that is
    /// lower than the rule's own, and every exception, is a finding of its own. The rules in `named` get their level elsewhere.
    pub fn apply(&self, findings: &mut Vec<Finding>, forbid: bool, named: &[Code]) -> Silenced {
        let mut silenced = Silenced::default();
        let before = findings.len();
        findings.retain(|finding| !self.exceptions.iter().any(|exception| exception.covers(finding)));
        findings.retain_mut(|finding| {
            let setting = self.levels.iter().find(|setting| setting.code == finding.code);
            let setting = setting.filter(|setting| !named.contains(&setting.code));
            let Some(setting) = setting else { return true };
            let Level::At(level) = setting.level else { return false };
            silenced.changed += usize::from(finding.severity != level);
            finding.severity = level;
            true
        });
        silenced.findings = before - findings.len();
        if forbid {
            findings
                .extend(self.levels.iter().filter(|setting| setting.lowers()).map(LevelSetting::forbidden));
            findings.extend(self.exceptions.iter().map(Exception::forbidden));
        }
        sort_findings(findings);
        silenced
    }
}

impl LevelSetting {
    /// Whether the rule reports at a higher level when nobody changes it.
    fn lowers(&self) -> bool {
        match self.level {
            Level::Allow => true,
            Level::At(level) => level < self.code.level(),
        }
    }

    fn forbidden(&self) -> Finding {
        let message = format!("the level of {} ({}) is lowered", self.code.id, self.code.name);
        Finding {
            place: Some(self.place.clone()),
            help: Some("take the line away, or run without --forbid-exceptions".to_owned()),
            ..Finding::new(codes::LEVEL_LOWERED, Severity::Error, "", message)
        }
    }
}

impl Exception {
    fn covers(&self, finding: &Finding) -> bool {
        self.code == finding.code
            && self.path.as_ref().is_none_or(|pattern| {
                finding.place.as_ref().is_some_and(|place| covers_file(pattern, &place.file))
            })
            && self.solution.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&finding.solution))
    }

    fn forbidden(&self) -> Finding {
        let of = self.solution.as_ref().map(|name| format!(" for {name}")).unwrap_or_default();
        let message = format!("an exception from {} ({}){of}: {}", self.code.id, self.code.name, self.reason);
        Finding {
            place: Some(self.place.clone()),
            help: Some("take it away, or run without --forbid-exceptions".to_owned()),
            ..Finding::new(
                codes::EXCEPTION_STATED,
                Severity::Error,
                self.solution.as_deref().unwrap_or_default(),
                message,
            )
        }
    }
}

/// Whether a pattern is of a file, or of the end of its path: what stands behind an archive or a folder.
fn covers_file(pattern: &glob::Pattern, file: &str) -> bool {
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
    let separators = file.match_indices(['/', ':']).map(|(at, _)| at + 1);
    std::iter::once(0).chain(separators).any(|start| pattern.matches_with(&file[start..], options))
}

/// Gives findings their levels, takes away what is allowed, and sorts them again; of several for one code the last counts.
pub fn apply_levels(levels: &[(Code, Level)], findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        let level = levels.iter().rev().find(|(code, _)| *code == finding.code);
        match level {
            Some((_, Level::Allow)) => return false,
            Some((_, Level::At(level))) => finding.severity = *level,
            None => {}
        }
        true
    });
    sort_findings(findings);
}

/// `[levels]`, in the order of the file.
pub(super) fn levels(top: &Table<'_, '_>) -> Result<Vec<LevelSetting>, ConfigError> {
    let mut settings = Vec::new();
    for (name, level, place) in top.texts("levels")? {
        let code = code(name).map_err(|fault| ConfigError { place: place.clone(), fault })?;
        let level = match level {
            "error" => Level::At(Severity::Error),
            "warning" => Level::At(Severity::Warning),
            "note" => Level::At(Severity::Note),
            "allow" => Level::Allow,
            _ => {
                let fault = ConfigFault::Level { written: level.to_owned() };
                return Err(ConfigError { place, fault });
            }
        };
        settings.push(LevelSetting { code, level, place });
    }
    settings.sort_by(|one, other| one.place.cmp(&other.place));
    Ok(settings)
}

/// `[[exceptions]]`
pub(super) fn exceptions(
    reader: &Reader<'_>,
    top: &Table<'_, '_>,
    unknown: &mut Vec<UnknownKey>,
) -> Result<Vec<Exception>, ConfigError> {
    let mut exceptions = Vec::new();
    for table in top.tables("exceptions")? {
        let row = reader.table(table, &["code", "solution", "path", "reason"], unknown);
        exceptions.push(Exception {
            code: code(&row.required("code")?).map_err(|fault| row.fault(fault))?,
            solution: row.string("solution")?,
            path: match row.string("path")? {
                Some(written) => Some(pattern(&written).map_err(|fault| row.fault(fault))?),
                None => None,
            },
            reason: row.string("reason")?.ok_or_else(|| row.fault(ConfigFault::NoReason))?,
            place: row.place(),
        });
    }
    Ok(exceptions)
}

fn pattern(written: &str) -> Result<glob::Pattern, ConfigFault> {
    glob::Pattern::new(written)
        .map_err(|error| ConfigFault::Pattern { written: written.to_owned(), reason: error.msg.to_owned() })
}

/// A rule by its code or its name.
fn code(written: &str) -> Result<Code, ConfigFault> {
    Code::find(written).ok_or_else(|| ConfigFault::Rule {
        written: written.to_owned(),
        nearest: nearest(written, codes::ALL.iter().map(|code| code.name)),
    })
}
