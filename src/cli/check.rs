//! `solship check`: what is wrong with solutions, before Dataverse says it.

use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use solship::author::{AuthorError, Editor};
use solship::check::{self, Baseline, Check, Checked, Cloud, Rule, Settings, Target, rule, rules};
use solship::config::{self as configuration, apply_levels};
use solship::model::{Code, Provided, Severity, Version, codes};
use solship::report::{
    azure, exit, github, json_check, junit, markdown_findings, sarif, text_check, text_patch, text_rules,
};
use solship::write::{self, ArchiveOptions};

use super::config::{self, Loaded};
use super::environment;
use super::inputs::{InputArguments, Outcome};
use super::message::{Level, say};
use super::prefer::PreferArguments;
use super::size::size;
use super::{FailArguments, Streams, TextArguments, release};

/// A baseline of 100,000 findings is smaller.
const MOST_BASELINE_BYTES: u64 = 64 << 20;
/// So many findings that a baseline holds in vain are named.
const STALE: usize = 5;

/// Check solutions for what Dataverse refuses, and for what it imports and cannot work
///
/// Every file of every package is read. What the target has is not known unless --env or --provided says it: a solution that the
/// package itself declares as needed is a note then. Exit code: 0 fine, 1 a finding at or over --fail-on, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship check FabFlows.zip
  solship check release/ --fail-on warning --format github
  solship check release/ --baseline known.json --write-baseline
  solship check release/ --env uat
  solship check --env uat
  solship check --explain SEC004
  solship check src/FabFlows --fix --dry-run")]
pub(crate) struct CheckArguments {
    /// List every rule
    #[arg(long, conflicts_with_all = ["explain", "solutions"])]
    list: bool,
    /// Say what a code or name stands for, why it matters and how to mend it
    #[arg(long, value_name = "CODE", value_parser = code_of_rule, conflicts_with = "solutions")]
    explain: Option<Code>,
    #[command(flatten)]
    prefer: PreferArguments,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    rules: RuleArguments,
    #[command(flatten)]
    target: TargetArguments,
    #[command(flatten)]
    fail: FailArguments,
}

/// Which findings count, and which are mended.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
struct RuleArguments {
    /// Report this rule as an error (repeatable); --warn and --allow of the same rule go before it
    #[arg(long, value_name = "CODE", value_parser = code_of_rule)]
    deny: Vec<Code>,
    /// Report this rule as a warning (repeatable)
    #[arg(long, value_name = "CODE", value_parser = lowered)]
    warn: Vec<Code>,
    /// Do not report this rule (repeatable)
    #[arg(long, value_name = "CODE", value_parser = lowered)]
    allow: Vec<Code>,
    /// Report each level that solship.toml lowers, and each exception that it states, as an error
    #[arg(long)]
    forbid_exceptions: bool,
    /// Do not report what is in this file of known findings; say what is in it and no longer found
    #[arg(long, value_name = "FILE")]
    baseline: Option<Utf8PathBuf>,
    /// Write what is found into the baseline instead of reporting it
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    /// Mend what can be mended without guessing (of VAR001, SEC002 and PKG008), and check what is left; a zip is packed anew, as
    /// pack does it
    #[arg(long, conflicts_with = "write_baseline")]
    fix: bool,
    /// With --fix: show what would be mended as a diff, and write nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

/// What is known of the target.
#[derive(Debug, Args)]
#[command(next_help_heading = "Target")]
struct TargetArguments {
    /// The environment that is the target: what it refuses, and what in it waits for somebody; without SOLUTION only the latter,
    /// of all that it holds
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// With --env: settings file with values of variables and connections
    #[arg(long, value_name = "FILE", requires = "env")]
    settings: Option<Utf8PathBuf>,
    /// A solution that the target has (repeatable); what else is needed and not in the set is an error then
    #[arg(long, value_name = "NAME[@VERSION]")]
    provided: Vec<Provided>,
    /// Version of the platform that the target has, such as 9.2.24112.00180
    #[arg(long, value_name = "VERSION", value_parser = version)]
    platform_version: Option<Version>,
    /// Most bytes of a solution zip, such as 95M; sources disagree on what Dataverse takes: 29, 95 and 120 MB are named
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_size: Option<u64>,
    /// Cloud of the target
    #[arg(long, value_name = "CLOUD", default_value = "public")]
    cloud: TargetCloud,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Junit,
    Markdown,
    Github,
    Azure,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TargetCloud {
    Public,
    Usgov,
    China,
}

/// A rule by code or name; the nearest name is told.
pub(super) fn code_of_rule(written: &str) -> Result<Code, String> {
    Code::find(written).ok_or_else(|| {
        let names = codes::ALL.iter().flat_map(|code| [code.id, code.name]);
        let written = written.to_lowercase();
        let likeness = |name: &str| strsim::jaro_winkler(&written, &name.to_lowercase());
        let nearest = names.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
        let nearest = nearest.filter(|name| likeness(name) >= 0.75);
        let hint = nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
        format!("no such rule{hint} (solship check --list lists them)")
    })
}

/// A rule whose level may be lowered: what --forbid-exceptions says of lowered levels stays.
fn lowered(written: &str) -> Result<Code, String> {
    let code = code_of_rule(written)?;
    if code.is_of_configuration() {
        return Err("this tells what --forbid-exceptions forbids; run without that option".to_owned());
    }
    Ok(code)
}

fn version(written: &str) -> Result<Version, String> {
    let numbers: Vec<&str> = written.trim().split('.').collect();
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if numbers.len() > 4 || !numbers.iter().all(is_number) {
        return Err("write one to four numbers, such as 9.2".to_owned());
    }
    Ok(Version::new(written))
}

pub(super) fn run(arguments: &CheckArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    if arguments.list {
        return list(arguments, streams);
    }
    if let Some(code) = arguments.explain {
        return explain(arguments, code, streams);
    }
    if let Some(words) = arguments.contradiction() {
        say(streams.stderr, Level::Error, words);
        return Ok(exit::UNUSABLE);
    }
    let baseline = match &arguments.rules.baseline {
        Some(path) if !arguments.rules.write_baseline => match read_baseline(path) {
            Ok(baseline) => Some(baseline),
            Err(words) => {
                say(streams.stderr, Level::Error, &words);
                if !path.exists() {
                    let hint = "--write-baseline makes the file from what is found now";
                    say(streams.stderr, Level::Hint, hint);
                }
                return Ok(exit::UNUSABLE);
            }
        },
        _ => None,
    };
    let Ok(loaded) = config::load(streams) else { return Ok(exit::UNUSABLE) };
    let settings = settings(arguments, loaded.as_ref());
    let target = match &arguments.target.env {
        Some(env) => match environment::open(env, streams, false) {
            Ok(target) => Some(target),
            Err(refused) => return Ok(refused.tell(streams)),
        },
        None => None,
    };
    let filled = arguments.target.settings.as_deref().map(release::settings).transpose();
    let filled = match filled {
        Ok(filled) => filled,
        Err(refused) => return Ok(refused.tell(streams)),
    };
    let target = target
        .as_ref()
        .map(|target| Target { settings: filled, ..Target::new(target.label(), target.state()) });
    let Some(mut found) = check_all(arguments, loaded.as_ref(), &settings, target.as_ref(), streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let mut silenced = reported(arguments, loaded.as_ref(), &mut found, baseline.as_ref());
    if arguments.rules.fix {
        let Some(mended) = fix(arguments, &found, streams)? else { return Ok(exit::UNUSABLE) };
        if arguments.rules.dry_run {
            return Ok(arguments.fail.exit_code(&found.findings));
        }
        if mended {
            let again = check_all(arguments, loaded.as_ref(), &settings, target.as_ref(), streams)?;
            let Some(again) = again else { return Ok(exit::UNUSABLE) };
            found = again;
            silenced = reported(arguments, loaded.as_ref(), &mut found, baseline.as_ref());
        }
    }
    if let Some(path) = arguments.rules.baseline.as_ref().filter(|_| arguments.rules.write_baseline) {
        return write_baseline(path, &found, loaded.as_ref(), silenced.by_config, streams);
    }
    let sources: Vec<Arc<str>> = found.solutions.iter().map(|solution| solution.source.clone()).collect();
    check::excerpts(&mut found.findings, sources, &mut |source| arguments.inputs.reopen(source));
    show(arguments, loaded.as_ref(), &found, streams)?;
    config::report(loaded.as_ref(), silenced.by_config, streams);
    if let (Some(path), Some(matched)) = (&arguments.rules.baseline, &silenced.by_baseline) {
        report_baseline(path, matched, arguments.text.all, streams);
    }
    Ok(arguments.fail.exit_code(&found.findings))
}

fn explain(arguments: &CheckArguments, code: Code, streams: &mut Streams<'_>) -> io::Result<u8> {
    match arguments.format {
        Format::Text => {
            let text = text_rules::explain(code, rule(code), &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json_check::explain(streams.stdout, code, rule(code))?,
        _ => {
            say(streams.stderr, Level::Error, "the page of a rule is text or json");
            return Ok(exit::UNUSABLE);
        }
    }
    Ok(exit::DONE)
}

fn list(arguments: &CheckArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let mut all: Vec<&Rule> = rules().collect();
    all.sort_by_key(|rule| rule.code);
    match arguments.format {
        Format::Text => {
            let text = text_rules::list(&all, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json_check::rules(streams.stdout, &all)?,
        _ => {
            say(streams.stderr, Level::Error, "the list of rules is text or json");
            return Ok(exit::UNUSABLE);
        }
    }
    Ok(exit::DONE)
}

fn settings(arguments: &CheckArguments, loaded: Option<&Loaded>) -> Settings {
    let standard = Settings::default();
    let mut plan = loaded.map(Loaded::plan_options).unwrap_or_default();
    plan.provided.extend(arguments.target.provided.iter().cloned());
    plan.prefer_unmanaged = arguments.prefer.unmanaged();
    Settings {
        plan,
        platform_version: arguments.target.platform_version.clone(),
        max_size: arguments.target.max_size.unwrap_or(standard.max_size),
        cloud: match arguments.target.cloud {
            TargetCloud::Public => Cloud::Public,
            TargetCloud::Usgov => Cloud::UsGovernment,
            TargetCloud::China => Cloud::China,
        },
    }
}

/// Reads and checks the set. None when it cannot be read as a whole; the reasons are on stderr then.
fn check_all(
    arguments: &CheckArguments,
    loaded: Option<&Loaded>,
    settings: &Settings,
    target: Option<&Target<'_>>,
    streams: &mut Streams<'_>,
) -> io::Result<Option<Check>> {
    if let Some(target) = target
        && arguments.inputs.solutions.is_empty()
    {
        return Ok(Some(check::environment(target)));
    }
    let Some(sources) = arguments.inputs.sources(loaded, streams) else { return Ok(None) };
    let half = arguments.inputs.kind;
    let checked =
        arguments.inputs.read_each_of(&sources, arguments.text.all, streams, &|input, options| {
            let Some(package) = input.open(half, options)? else { return Ok(Outcome::NoSolution) };
            let checked: Checked = match target {
                Some(_) => check::one_for_target(&package, settings)?,
                None => check::one(&package, settings)?,
            };
            Ok(Outcome::Read(Box::new(checked), package.warnings().to_vec()))
        })?;
    let Some(checked) = checked else { return Ok(None) };
    Ok(Some(check::all(checked, settings, target)))
}

/// What is not reported, and why.
struct NotReported {
    by_config: configuration::Silenced,
    by_baseline: Option<check::Matched>,
}

/// Gives findings their levels and takes away what is silenced.
fn reported(
    arguments: &CheckArguments,
    loaded: Option<&Loaded>,
    found: &mut Check,
    baseline: Option<&Baseline>,
) -> NotReported {
    let levels = arguments.rules.levels();
    let named: Vec<Code> = levels.iter().map(|(code, _)| *code).collect();
    let by_config = config::apply(loaded, &mut found.findings, arguments.rules.forbid_exceptions, &named);
    apply_levels(&levels, &mut found.findings);
    let allowed = allowed(arguments, loaded);
    let solutions = &found.solutions;
    let is_run = |code: &str, solution: &str| {
        let is_read = |name: &str| name.eq_ignore_ascii_case(solution);
        !allowed.iter().any(|allowed| allowed.id == code)
            && (solution.is_empty() || solutions.iter().any(|solution| is_read(&solution.unique_name)))
    };
    let by_baseline = baseline.map(|baseline| baseline.apply(&mut found.findings, &is_run));
    NotReported { by_config, by_baseline }
}

/// The rules that report nothing at all.
fn allowed(arguments: &CheckArguments, loaded: Option<&Loaded>) -> Vec<Code> {
    let mut allowed = arguments.rules.allow.clone();
    allowed.extend(loaded.into_iter().flat_map(Loaded::allowed));
    allowed
}

impl CheckArguments {
    /// What was asked for that cannot be.
    fn contradiction(&self) -> Option<&'static str> {
        let is_text = self.format == Format::Text;
        if self.rules.fix && self.target.env.is_some() && self.inputs.solutions.is_empty() {
            return Some("--fix mends solutions: name them");
        }
        if self.target.settings.is_some() && self.inputs.solutions.is_empty() {
            return Some("--settings fills what SOLUTION… asks for: name them");
        }
        if self.rules.fix && self.inputs.solutions.iter().any(|path| path == "-") {
            return Some("a zip on stdin cannot be mended");
        }
        if self.rules.dry_run && !is_text {
            return Some("--fix --dry-run shows a diff, which is text: leave --format out");
        }
        (self.rules.write_baseline && !is_text)
            .then_some("--write-baseline writes the findings into the baseline instead: leave --format out")
    }
}

impl RuleArguments {
    /// The levels that the options give. They stand in three lists, so `--allow` goes before `--warn`, and that before
    /// `--deny`: the most silent one was named on purpose.
    fn levels(&self) -> Vec<(Code, configuration::Level)> {
        let at = |level| move |code: &Code| (*code, level);
        let denied = self.deny.iter().map(at(configuration::Level::At(Severity::Error)));
        let warned = self.warn.iter().map(at(configuration::Level::At(Severity::Warning)));
        let allowed = self.allow.iter().map(at(configuration::Level::Allow));
        denied.chain(warned).chain(allowed).collect()
    }
}

fn show(
    arguments: &CheckArguments,
    loaded: Option<&Loaded>,
    found: &Check,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let text = match arguments.format {
        Format::Text => text_check::check(found, &arguments.text.options(streams)),
        Format::Json => return json_check::check(streams.stdout, found),
        Format::Sarif => {
            return sarif::findings(streams.stdout, &found.findings, streams.working_folder);
        }
        Format::Junit => {
            let names = found.solutions.iter().map(|solution| solution.unique_name.as_str());
            let mut looked: Vec<Code> = rules().map(|rule| rule.code).collect();
            let allowed = allowed(arguments, loaded);
            looked.retain(|code| !allowed.contains(code));
            let suites = junit::Suites {
                name: "solship check",
                solutions: names.collect(),
                looked: &looked,
                failing: arguments.fail.failing(),
            };
            suites.of(&found.findings).map_err(io::Error::other)?
        }
        Format::Markdown => markdown_findings::findings(&found.findings, found),
        Format::Github => github::findings(&found.findings, found),
        Format::Azure => azure::findings(&found.findings, found),
    };
    streams.stdout.write_all(text.as_bytes())
}

fn read_baseline(path: &Utf8Path) -> Result<Baseline, String> {
    let bytes = config::read(path, MOST_BASELINE_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{path}: not UTF-8"))?;
    Baseline::read(&text).map_err(|error| format!("{path}: {error}"))
}

fn write_baseline(
    path: &Utf8Path,
    found: &Check,
    loaded: Option<&Loaded>,
    silenced: configuration::Silenced,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    // What is there and no baseline is something else of the user's.
    if path.exists()
        && let Err(words) = read_baseline(path)
    {
        say(streams.stderr, Level::Error, &format!("{words}; it is not overwritten"));
        return Ok(exit::UNUSABLE);
    }
    let baseline = Baseline::of(&found.findings);
    let text = baseline.text();
    let write = if path.exists() { write::replace_file } else { write::create_plain_file };
    if let Err(error) = write(path, text.as_bytes()) {
        say(streams.stderr, Level::Error, &error.to_string());
        return Ok(exit::UNUSABLE);
    }
    let count = baseline.count();
    let findings = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    writeln!(streams.stdout, "{findings} written to {}", solship::report::escaped(path.as_str()))?;
    config::report(loaded, silenced, streams);
    Ok(exit::DONE)
}

fn report_baseline(path: &Utf8Path, matched: &check::Matched, all: bool, streams: &mut Streams<'_>) {
    let findings =
        |count: usize| if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    say(streams.stderr, Level::Config, &format!("{path} holds back {}", findings(matched.known)));
    if matched.stale.is_empty() {
        return;
    }
    let shown = if all { matched.stale.len() } else { matched.stale.len().min(STALE) };
    for words in &matched.stale[..shown] {
        say(streams.stderr, Level::Warning, &format!("{path}: no longer found: {words}"));
    }
    if shown < matched.stale.len() {
        let rest = matched.stale.len() - shown;
        say(streams.stderr, Level::Warning, &format!("{path}: {rest} more are no longer found (--all)"));
    }
    say(streams.stderr, Level::Hint, "--write-baseline takes them out");
}

/// Mends what can be mended, one package after the other, or shows how. Whether something was; none when it failed, with
/// the reason on stderr.
fn fix(arguments: &CheckArguments, found: &Check, streams: &mut Streams<'_>) -> io::Result<Option<bool>> {
    let archive =
        ArchiveOptions { source_date_epoch: streams.source_date_epoch, threads: None, clobber: false };
    let mut is_mended = false;
    for (source, findings) in check::fixable(found) {
        let path = Utf8Path::new(&*source);
        let opened = Editor::open(path, &arguments.inputs.package.options(), arguments.rules.dry_run);
        let mended = opened.and_then(|mut editor| {
            let mended = check::fix(&mut editor, &findings)?;
            for (why, hint) in &mended.left {
                say(streams.stderr, Level::Warning, &format!("not mended: {source}: {why}"));
                say(streams.stderr, Level::Hint, hint);
            }
            let files = editor.edited_files()?;
            editor.finish(mended.steps, &archive).map(|edited| (edited, files))
        });
        match mended {
            Ok((edited, _)) if edited.changes.is_empty() => {}
            Ok((edited, files)) => {
                is_mended = true;
                if arguments.rules.dry_run {
                    let text = text_patch::files(&files, &arguments.text.options(streams));
                    streams.stdout.write_all(text.as_bytes())?;
                    if path.is_file() {
                        let words = format!("{source}: the zip is packed anew, as pack does it");
                        say(streams.stderr, Level::Note, &words);
                    }
                }
                for step in &edited.steps {
                    let notes = step.notes.join("; ");
                    let words = format!("{source}: {}: {notes}", step.component);
                    if !arguments.rules.dry_run {
                        say(streams.stderr, Level::Fixed, &words);
                    }
                }
            }
            Err(error) => {
                // Neither is edited; what is found in them is reported all the same.
                let is_left =
                    matches!(error, AuthorError::Managed { .. } | AuthorError::ArchiveFolder { .. });
                let level = if is_left { Level::Warning } else { Level::Error };
                say(streams.stderr, level, &format!("not mended: {error}"));
                if matches!(level, Level::Error) {
                    return Ok(None);
                }
            }
        }
    }
    if !is_mended {
        say(streams.stderr, Level::Hint, "nothing here can be mended without guessing");
    }
    Ok(Some(is_mended))
}
