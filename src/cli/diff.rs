//! `solship diff` and `solship canonical`: what changed between two states of solutions, and one state as a stable text.

use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use solship::diff::{self, DiffError, Options, SetDiff, SetsError, Which};
use solship::environment::Environment;
use solship::environment::snapshot::HashKey;
use solship::environment_diff::{
    self, EnvironmentDiff, Packaged, Packages, Side as EnvironmentSide, of_packages,
};
use solship::model::{Solution, SolutionIdentity};
use solship::package::Package;
use solship::report::{
    exit, html_diff, json_diff, json_environment_diff, markdown_diff, markdown_environment_diff, text_diff,
    text_environment_diff,
};
use solship::text::shell_word;
use solship::verify::content;

use super::config;
use super::config::ConfigArguments;
use super::environment;
use super::inputs::{InputArguments, Outcome, Sources};
use super::message::{Level, say};
use super::revision::{self, Checkout};
use super::{Streams, TextArguments};

/// Show what changed between two states of a solution, by meaning
///
/// Lists without an order, running numbers, version stamps and indentation are noise: counted, not shown. At the end stands what
/// importing B over A means. Each side is a zip, a folder, a folder of these, or REV:PATH in a git repository; or an environment, which
/// is compared with another one or with solutions. Exit code: 0 no difference, 1 a difference, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(
    override_usage = "solship diff [OPTIONS] A B",
    after_help = "Examples:
  solship diff FabFlows_3.0.zip FabFlows_3.1.zip
  solship diff HEAD:src/FabFlows src/FabFlows
  solship diff old/ new/ --stat
  solship diff v3.0:src/FabFlows src/FabFlows --format markdown > comment.md
  solship diff local:uat prod.json --format plan
  solship diff local:uat release/*.zip"
)]
pub(crate) struct DiffArguments {
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Only how many changes each component has
    #[arg(long, conflicts_with = "name_only")]
    stat: bool,
    /// Only the names of the components
    #[arg(long)]
    name_only: bool,
    /// Say where the noise is
    #[arg(long)]
    noise: bool,
    /// Leave components of this type out, such as table or web-resource (repeatable)
    #[arg(long, value_name = "TYPE")]
    ignore: Vec<String>,
    /// Look at components of this type only (repeatable)
    #[arg(long, value_name = "TYPE")]
    only: Vec<String>,
    /// Show values and accounts; environments only
    #[arg(long)]
    show_values: bool,
    /// Exit with 0 when something differs, too
    #[arg(long)]
    exit_zero: bool,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Html,
    /// What would bring the second environment to the first
    Plan,
}

/// Print everything that a solution holds as one stable text, for any tool that compares texts
///
/// Lists without an order are sorted, noise is left out, secrets and values of variables are masked. Two exports that differ in
/// nothing but noise give the same text.
#[derive(Debug, Args)]
#[command(
    override_usage = "solship canonical [OPTIONS] SOLUTION",
    after_help = "Examples:
  solship canonical FabFlows.zip > FabFlows.txt
  diff <(solship canonical a.zip) <(solship canonical b.zip)
  solship canonical a.zip --hash-key ~/.config/solship.key    # another secret is another mark"
)]
pub(crate) struct CanonicalArguments {
    /// File with at least 16 bytes: behind each masked text a mark made with this key, another one when the text is another one
    #[arg(long, value_name = "FILE")]
    hash_key: Option<Utf8PathBuf>,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

pub(super) fn diff(arguments: &DiffArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    if arguments.inputs.solutions.iter().any(is_environment) {
        return environment::run(streams, |streams| environments(arguments, streams));
    }
    if arguments.format == Format::Plan {
        say(
            streams.stderr,
            Level::Error,
            "a plan is made for an environment: solship diff ENV ENV, or ENV SOLUTION…",
        );
        return Ok(exit::UNUSABLE);
    }
    if arguments.show_values {
        say(
            streams.stderr,
            Level::Error,
            "--show-values is for environments: of solutions no value is shown",
        );
        say(
            streams.stderr,
            Level::Hint,
            "values that a package holds: solship inspect SOLUTION --show-values",
        );
        return Ok(exit::UNUSABLE);
    }
    let is_ignored =
        |only: &String| arguments.ignore.iter().any(|ignored| ignored.eq_ignore_ascii_case(only));
    if !arguments.only.is_empty() && arguments.only.iter().all(is_ignored) {
        say(streams.stderr, Level::Error, "--ignore takes away all that --only names");
        return Ok(exit::UNUSABLE);
    }
    let [left, right] = &arguments.inputs.solutions[..] else {
        say(streams.stderr, Level::Error, "two sides are compared: solship diff A B");
        return Ok(exit::UNUSABLE);
    };
    let Some([mut left, mut right]) = both_sides([left, right], arguments, streams)? else {
        hint_at_environments([left, right], streams);
        return Ok(exit::UNUSABLE);
    };
    let options = Options { ignore: arguments.ignore.clone(), only: arguments.only.clone() };
    let packages = (std::mem::take(&mut left.packages), std::mem::take(&mut right.packages));
    let mut found = match diff::sets(packages.0, packages.1, &options) {
        Ok(found) => found,
        Err(SetsError::UnknownType(error)) => {
            say(streams.stderr, Level::Error, &error.to_string());
            if !error.nearest.is_empty() {
                say(streams.stderr, Level::Hint, &format!("nearest: {}", error.nearest.join(", ")));
            }
            say(streams.stderr, Level::Hint, &format!("there are: {}", error.known.join(", ")));
            return Ok(exit::UNUSABLE);
        }
        Err(error) => {
            let words = right.called(&left.called(&error.to_string()));
            say(streams.stderr, Level::Error, &words);
            return Ok(exit::UNUSABLE);
        }
    };
    name_revisions(&mut found, &left, &right);
    for left_out in &found.left_out {
        say(streams.stderr, Level::Warning, &left_out.words());
    }
    show(arguments, &found, streams)?;
    Ok(if found.is_empty() || arguments.exit_zero { exit::DONE } else { exit::FOUND })
}

pub(super) fn canonical(arguments: &CanonicalArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let [solution] = &arguments.inputs.solutions[..] else {
        say(streams.stderr, Level::Error, "one solution is printed: solship canonical SOLUTION");
        return Ok(exit::UNUSABLE);
    };
    let Some(side) = side(solution, &arguments.inputs, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let key = match arguments.hash_key.as_ref().map(|path| hash_key(path)).transpose() {
        Ok(key) => key,
        Err(words) => {
            say(streams.stderr, Level::Error, &words);
            return Ok(exit::UNUSABLE);
        }
    };
    let mark = |name: &str, text: &str| {
        key.as_ref().map_or_else(String::new, |key| {
            // With the length of the name, so that nothing can be moved from one to the other.
            let hash = key.hash(&format!("{} {name} {text}", name.len()));
            format!(" #{}", &hash[..MARK_DIGITS])
        })
    };
    for package in &side.packages {
        match diff::canonical_marked(package, &mark) {
            Ok(text) => streams.stdout.write_all(text.as_bytes())?,
            Err(error) => {
                say(streams.stderr, Level::Error, &side.called(&error.to_string()));
                return Ok(exit::UNUSABLE);
            }
        }
    }
    Ok(exit::DONE)
}

/// Most bytes of the file with a key.
const MOST_BYTES_OF_KEY: u64 = 64 << 10;
/// So many digits of a hash tell one text from another, as in `solship git textconv`.
const MARK_DIGITS: usize = 12;

/// The key of a file; why there is none, in words.
fn hash_key(path: &Utf8Path) -> Result<HashKey, String> {
    HashKey::new(&config::read(path, MOST_BYTES_OF_KEY)?).ok_or_else(|| {
        format!(
            "{path}: the key is shorter than 16 bytes; a good one: head -c 32 /dev/urandom | base64 > FILE"
        )
    })
}

/// Whether a side names an environment: a store, or the file of a snapshot, which no solution is.
fn is_environment(side: &Utf8PathBuf) -> bool {
    if side.exists() {
        return side.is_file() && side.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    }
    side.as_str().starts_with("local:") || side.as_str().starts_with("file:")
}

/// Says how an environment is named, where a side is called like one and no such file is there.
fn hint_at_environments(sides: [&Utf8PathBuf; 2], streams: &mut Streams<'_>) {
    // Why they cannot be listed is not what was asked.
    let Ok(names) = environment::names(streams) else { return };
    let is_one = |side: &Utf8PathBuf| !side.exists() && names.iter().any(|name| name == side.as_str());
    if sides.iter().any(|side| is_one(side)) {
        let written = |side: &Utf8PathBuf| {
            if is_one(side) { format!("local:{side}") } else { shell_word(side.as_str()).to_string() }
        };
        let words =
            format!("an environment is meant? solship diff {} {}", written(sides[0]), written(sides[1]));
        say(streams.stderr, Level::Hint, &words);
    }
}

/// Compares two environments, or one with packages.
fn environments(
    arguments: &DiffArguments,
    streams: &mut Streams<'_>,
) -> io::Result<Result<u8, environment::Refused>> {
    let sides = &arguments.inputs.solutions;
    let refused =
        |words: &str| Ok(Err(environment::Refused::new(words, "solship diff ENV ENV, or ENV SOLUTION…")));
    if !matches!(arguments.format, Format::Text | Format::Json | Format::Markdown | Format::Plan) {
        return refused("environments are compared as text, json, markdown or plan");
    }
    let of_solutions = [
        (arguments.stat, "--stat"),
        (arguments.name_only, "--name-only"),
        (arguments.noise, "--noise"),
        (!arguments.ignore.is_empty(), "--ignore"),
        (!arguments.only.is_empty(), "--only"),
    ];
    if let Some((_, option)) = of_solutions.into_iter().find(|(is_given, _)| *is_given) {
        let message =
            format!("{option} is for two states of solutions: environments are compared as a whole");
        return Ok(Err(environment::Refused::new(
            message,
            "--format plan and --format json are for environments too",
        )));
    }
    let (first, last, middle) = match &sides[..] {
        [first, middle @ .., last] => (first, last, middle),
        _ => return refused("two sides are compared"),
    };
    let opened = match (is_environment(first), is_environment(last)) {
        (true, true) if middle.is_empty() => {
            let (one, other) = match (open(first, streams), open(last, streams)) {
                (Ok(one), Ok(other)) => (one, other),
                (Err(refused), _) | (_, Err(refused)) => return Ok(Err(refused)),
            };
            compare(&environment_side(&*one), &environment_side(&*other), arguments.show_values)
        }
        (left, right) if left != right && !middle.iter().any(is_environment) => {
            let (environment, solutions) =
                if left { (first, &sides[1..]) } else { (last, &sides[..sides.len() - 1]) };
            let environment = match open(environment, streams) {
                Ok(environment) => environment,
                Err(refused) => return Ok(Err(refused)),
            };
            let (mut read, mut known) = (Vec::new(), Vec::new());
            for solution in solutions {
                let Some(side) = side(solution, &arguments.inputs, arguments.text.all, streams)? else {
                    return Ok(Ok(exit::UNUSABLE));
                };
                for package in &side.packages {
                    match packaged(package) {
                        Ok((solution, packaged)) => {
                            read.push(solution);
                            known.push(packaged);
                        }
                        Err(words) => return Ok(Err(words.into())),
                    }
                }
            }
            let Packages { state, sources } = of_packages(&read, &known);
            let label = solutions.iter().map(|solution| solution.as_str()).collect::<Vec<_>>().join(" ");
            let packages = EnvironmentSide {
                packages: true,
                sources: &sources,
                ..EnvironmentSide::environment(&label, &state)
            };
            let environment = environment_side(&*environment);
            if left {
                compare(&environment, &packages, arguments.show_values)
            } else {
                compare(&packages, &environment, arguments.show_values)
            }
        }
        _ => return refused("an environment is compared with one other, or with solutions"),
    };
    let options = arguments.text.options(streams);
    let text = match arguments.format {
        Format::Json => {
            json_environment_diff::diff(streams.stdout, &opened)?;
            String::new()
        }
        Format::Markdown => markdown_environment_diff::diff(&opened),
        Format::Plan => text_environment_diff::plan(&opened, &options),
        Format::Text | Format::Html => text_environment_diff::diff(&opened, &options),
    };
    streams.stdout.write_all(text.as_bytes())?;
    Ok(Ok(if opened.is_empty() || arguments.exit_zero { exit::DONE } else { exit::FOUND }))
}

/// What a deployment would keep of a package.
fn packaged(package: &Package) -> Result<(Solution, Packaged), String> {
    let solution = Solution::read(package).map_err(|error| error.to_string())?;
    let packaged = Packaged {
        fingerprints: match diff::fingerprints(package) {
            // As in a deployment: what cannot be unpacked is compared by what is known of it.
            Err(DiffError::Layout { .. }) => Default::default(),
            fingerprints => fingerprints.map_err(|error| error.to_string())?,
        },
        content: content(package).map_err(|error| error.to_string())?.map(|content| content.sha256),
    };
    Ok((solution, packaged))
}

fn open(side: &Utf8PathBuf, streams: &Streams<'_>) -> Result<Box<dyn Environment>, environment::Refused> {
    environment::open(side.as_str(), streams, false)
}

fn environment_side(environment: &dyn Environment) -> EnvironmentSide<'_> {
    EnvironmentSide {
        told: environment.told(),
        ..EnvironmentSide::environment(environment.label(), environment.state())
    }
}

fn compare(left: &EnvironmentSide<'_>, right: &EnvironmentSide<'_>, show_values: bool) -> EnvironmentDiff {
    environment_diff::compare(*left, *right, show_values)
}

/// The packages of one side.
struct Side {
    packages: Vec<Package>,
    checkout: Option<Checkout>,
}

impl Side {
    /// A text in which a revision is called as the user called it.
    fn called(&self, text: &str) -> String {
        called(self.checkout.as_ref(), text)
    }
}

fn called(checkout: Option<&Checkout>, text: &str) -> String {
    checkout.map_or_else(|| text.to_owned(), |checkout| checkout.called(text))
}

/// Opens a side. None when it cannot be read; the reasons are on stderr then.
fn side(
    written: &Utf8PathBuf,
    inputs: &InputArguments,
    all: bool,
    streams: &mut Streams<'_>,
) -> io::Result<Option<Side>> {
    let (said, side) = side_alone(written, inputs, all, streams.stdin, streams.config);
    // Nobody may be reading it.
    let _ = streams.stderr.write_all(&said);
    side
}

/// Opens both sides at once: of a folder everything is read then. None when one of them cannot be read; the reasons are on
/// stderr then.
fn both_sides(
    written: [&Utf8PathBuf; 2],
    arguments: &DiffArguments,
    streams: &mut Streams<'_>,
) -> io::Result<Option<[Side; 2]>> {
    let (inputs, all, config) = (&arguments.inputs, arguments.text.all, streams.config);
    let alone = |written| side_alone(written, inputs, all, &mut io::empty(), config);
    let [left, right] = if written.iter().any(|side| *side == "-") {
        written.map(|written| side_alone(written, inputs, all, streams.stdin, config))
    } else {
        rayon::join(|| alone(written[0]), || alone(written[1])).into()
    };
    let mut sides = Vec::new();
    for (said, side) in [left, right] {
        // Nobody may be reading it.
        let _ = streams.stderr.write_all(&said);
        // What is wrong with the second side is not told where something is wrong with the first.
        let Some(side) = side? else { return Ok(None) };
        sides.push(side);
    }
    Ok(<[Side; 2]>::try_from(sides).ok())
}

/// Opens a side, and what it has to say on stderr.
fn side_alone(
    written: &Utf8PathBuf,
    inputs: &InputArguments,
    all: bool,
    stdin: &mut dyn Read,
    config: &ConfigArguments,
) -> (Vec<u8>, io::Result<Option<Side>>) {
    let mut said = Vec::new();
    let is_there = written == "-" || written.exists();
    let checkout = if !is_there && revision::is_revision(written.as_str()) {
        match revision::take_out(written.as_str()) {
            Ok(checkout) => Some(checkout),
            Err(words) => {
                say(&mut said, Level::Error, &words);
                return (said, Ok(None));
            }
        }
    } else {
        None
    };
    if let Some(left_out) = checkout.as_ref().and_then(|checkout| checkout.left_out.as_ref()) {
        say(&mut said, Level::Warning, left_out);
    }
    let path = checkout.as_ref().map_or(written, |checkout| &checkout.path);
    let half = inputs.kind;
    let (mut of_inputs, mut nowhere) = (Vec::new(), io::sink());
    let sources = Sources::named(vec![path.clone()]);
    // What is opened comes from stdin, and what is said goes to stderr; no more is asked for.
    let mut streams = Streams {
        stdin,
        stdout: &mut nowhere,
        stdout_color: false,
        stderr: &mut of_inputs,
        is_interactive: false,
        variables: &|_| None,
        working_folder: None,
        config,
        program: None,
        source_date_epoch: None,
        now: 0,
    };
    let packages = inputs.read_each_of(&sources, all, &mut streams, &|input, options| {
        let Some(package) = input.open(half, options)? else { return Ok(Outcome::NoSolution) };
        // What is in it is read when it is compared, and nothing can be left out any more then.
        if inputs.skip_unreadable {
            diff::readable(&package)?;
        }
        let warnings = package.warnings().to_vec();
        Ok(Outcome::Read(Box::new(package), warnings))
    });
    said.extend(called(checkout.as_ref(), &String::from_utf8_lossy(&of_inputs)).as_bytes());
    let side = packages.map(|packages| {
        packages.map(|mut packages| {
            packages.sort_by(|one, other| one.label().cmp(other.label()));
            Side { packages, checkout }
        })
    });
    (said, side)
}

/// A revision is called as the user called it, not by the folder that it was taken out to.
fn name_revisions(found: &mut SetDiff, left: &Side, right: &Side) {
    let rename = |identity: &mut SolutionIdentity, side: &Side| {
        identity.source = side.called(&identity.source).into();
    };
    for one in &mut found.solutions {
        rename(&mut one.left, left);
        rename(&mut one.right, right);
    }
    found.removed.iter_mut().for_each(|identity| rename(identity, left));
    found.added.iter_mut().for_each(|identity| rename(identity, right));
    for left_out in &mut found.left_out {
        let side = if left_out.side == Which::Left { left } else { right };
        rename(&mut left_out.solution, side);
        rename(&mut left_out.instead, side);
    }
}

fn show(arguments: &DiffArguments, found: &SetDiff, streams: &mut Streams<'_>) -> io::Result<()> {
    let text = match arguments.format {
        Format::Text => {
            let detail = match (arguments.stat, arguments.name_only) {
                (true, _) => text_diff::Detail::Counts,
                (_, true) => text_diff::Detail::Names,
                _ => text_diff::Detail::Changes,
            };
            text_diff::diff(found, detail, arguments.noise, &arguments.text.options(streams))
        }
        Format::Json => return json_diff::diff(streams.stdout, found),
        Format::Markdown => markdown_diff::diff(found),
        Format::Html => html_diff::diff(found),
        // Refused before anything is compared.
        Format::Plan => String::new(),
    };
    streams.stdout.write_all(text.as_bytes())
}
