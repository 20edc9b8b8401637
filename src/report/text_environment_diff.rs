//! What differs between two environments as text: a section a kind, `-` for what only the first has, `+` for what only the
//! second has, `~` for what both have; and the steps that would bring the second to the first.

use super::TextOptions;
use super::page::{Ink, Page, Part, Table, bold, dim, plain};
use super::words::{counted, cut, listed, more};
use crate::environment::import::Origin;
use crate::environment_diff::{
    BoundConnection, ConnectionDifference, CredentialState, Difference, EnvironmentDiff, FlowState, Found,
    SolutionState, Untold, VariableState, WinningLayer,
};

/// So many lines of one section are shown.
const LINES: usize = 20;

/// One line of a section: sign, what, and what of it.
pub(super) type Row = (&'static str, String, String);

/// A section: what stands over it, and its rows.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) rows: Vec<Row>,
}

/// Writes what differs.
pub fn diff(diff: &EnvironmentDiff, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    page.line(0, &[bold(format!("{} → {}", diff.left, diff.right))]);
    if diff.is_empty() {
        page.line(0, &[plain("no difference")]);
    }
    for section in sections(diff) {
        page.gap();
        page.line(0, &[bold(section.title), dim(format!("   {}", section.rows.len()))]);
        let shown = cut(section.rows.len(), LINES, options.all);
        let mut table = Table::new(2);
        for (sign, what, words) in &section.rows[..shown] {
            let ink = match *sign {
                "-" => Ink::Red,
                "~" => Ink::Yellow,
                "+" => Ink::Bold,
                _ => Ink::Plain,
            };
            table.row([Part::new(ink, format!("{sign} {what}")), plain(words)]);
        }
        table.write(&mut page);
        if shown < section.rows.len() {
            page.line(2, &[dim(more(section.rows.len() - shown))]);
        }
    }
    page.finish()
}

/// Writes the steps that would bring the second to the first. None is left out: a plan that is cut is none.
pub fn plan(diff: &EnvironmentDiff, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let (to, from) = (&diff.plan_to, &diff.plan_from);
    if diff.plan.is_empty() {
        page.line(0, &[plain(format!("nothing to do: {from} is as {to}"))]);
        return page.finish();
    }
    let count = counted(diff.plan.len(), "step");
    page.line(0, &[bold(format!("{count} would bring {from} to {to}"))]);
    page.gap();
    let width = diff.plan.len().to_string().len();
    for step in &diff.plan {
        let note = step.note.as_ref().map_or_else(String::new, |note| format!("   {note}"));
        let number = format!("{:>width$}  ", step.number);
        page.line(2, &[dim(number), plain(format!("{} {}", step.action.words(), step.words)), dim(note)]);
        if let Some(command) = &step.command {
            page.line(width + 6, &[plain(command)]);
        }
    }
    page.finish()
}

/// Every section that has something in it.
pub(super) fn sections(diff: &EnvironmentDiff) -> Vec<Section> {
    let solutions = diff.solutions.iter().map(|one| {
        let between = between(one.left.as_ref(), one.right.as_ref(), solution);
        let words = if one.other_content { format!("{between}  from another package") } else { between };
        (sign(one.left.is_some(), one.right.is_some()), one.unique_name.clone(), words)
    });
    let shares = diff.shares.iter().map(|share| {
        let role = |role: &crate::environment::Role| role.name().to_owned();
        let words = between(share.left.as_ref(), share.right.as_ref(), role);
        let sign = sign(share.left.is_some(), share.right.is_some());
        (sign, share.title.clone(), format!("{}  {words}", share.principal))
    });
    let all = vec![
        Section { title: "solutions", rows: solutions.collect() },
        Section { title: "components", rows: rows(&diff.components, layer) },
        Section { title: "variables", rows: rows_unset(&diff.variables, variable, "unset") },
        Section {
            title: "connection references",
            rows: rows_unset(&diff.connection_references, bound, "not bound"),
        },
        Section { title: "connections", rows: connections(&diff.connections) },
        Section { title: "credentials", rows: rows(&diff.credentials, credential) },
        Section { title: "shares", rows: shares.collect() },
        Section { title: "flows", rows: rows(&diff.flows, flow) },
        Section { title: "values that cannot be told apart", rows: untold(&diff.untold) },
        Section { title: "shares that cannot be told apart", rows: untold_shares(&diff.untold_shares) },
        Section { title: "variables without a value", rows: found(diff, &diff.unset) },
        Section { title: "unmanaged layers over managed ones", rows: found(diff, &diff.drift) },
    ];
    all.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

fn sign(left: bool, right: bool) -> &'static str {
    match (left, right) {
        (true, false) => "-",
        (false, true) => "+",
        _ => "~",
    }
}

/// `one → other`; the one that is there, or what both are.
fn between<T>(left: Option<&T>, right: Option<&T>, words: impl Fn(&T) -> String) -> String {
    match (left.map(&words), right.map(&words)) {
        (Some(one), Some(other)) if one != other => format!("{one} → {other}"),
        (Some(one), _) => one,
        (None, other) => other.unwrap_or_default(),
    }
}

fn rows<T>(differences: &[Difference<T>], words: impl Fn(&T) -> String) -> Vec<Row> {
    let row = |one: &Difference<T>| {
        let (left, right) = (one.left.as_ref(), one.right.as_ref());
        let is_both = left.is_some() && left.map(&words) == right.map(&words);
        let told = between(left, right, &words);
        let told = if is_both { format!("other content  {told}") } else { told };
        let hint = one.hint.as_ref().map_or_else(String::new, |hint| format!("  {hint}"));
        (sign(left.is_some(), right.is_some()), one.title.clone(), format!("{told}{hint}"))
    };
    differences.iter().map(row).collect()
}

/// Of what both sides have: a side may be empty.
fn rows_unset<T>(differences: &[Difference<T>], words: impl Fn(&T) -> String, unset: &str) -> Vec<Row> {
    let side = |side: Option<&T>| side.map_or_else(|| unset.to_owned(), &words);
    let row = |one: &Difference<T>| {
        let (left, right) = (side(one.left.as_ref()), side(one.right.as_ref()));
        let told = if left == right { format!("{left}, another") } else { format!("{left} → {right}") };
        ("~", one.title.clone(), told)
    };
    differences.iter().map(row).collect()
}

fn found(diff: &EnvironmentDiff, found: &[Found]) -> Vec<Row> {
    let place = |one: &Found| match (one.left, one.right) {
        (true, true) => "in both".to_owned(),
        (true, false) => format!("in {}", diff.left),
        _ => format!("in {}", diff.right),
    };
    found.iter().map(|one| (" ", one.title.clone(), place(one))).collect()
}

/// Values that are only known to be there, and where they come from.
fn untold_shares(untold: &[Found]) -> Vec<Row> {
    untold
        .iter()
        .map(|one| (" ", one.title.clone(), "a side does not name the accounts".to_owned()))
        .collect()
}

fn untold(untold: &[Untold]) -> Vec<Row> {
    let words = |one: &Untold| match (origin(&one.left), origin(&one.right)) {
        (left, right) if left == right => format!("{left} in both"),
        (left, right) => format!("{left} → {right}"),
    };
    untold.iter().map(|one| (" ", one.title.clone(), words(one))).collect()
}

fn solution(solution: &SolutionState) -> String {
    let form = if solution.managed { "managed" } else { "unmanaged" };
    let staged = if solution.staged { ", a staged upgrade" } else { "" };
    format!("{} {form}{staged}", solution.version)
}

fn layer(layer: &WinningLayer) -> String {
    match (&layer.covers, &layer.solutions[..]) {
        (Some(covered), _) => format!("unmanaged over {covered}"),
        (None, []) => "unmanaged".to_owned(),
        (None, solutions) => listed(solutions),
    }
}

fn variable(variable: &VariableState) -> String {
    format!("{} {}", origin(&variable.source), variable.value)
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Own => "own value".to_owned(),
        Origin::Unmanaged => "value of an unmanaged package".to_owned(),
        Origin::Managed { solution } => format!("value of {solution}"),
        Origin::Default => "default".to_owned(),
    }
}

fn bound(connection: &BoundConnection) -> String {
    let with = signs_in(connection).map(|words| format!(", {words}")).unwrap_or_default();
    format!("{}{with}", called(connection))
}

fn called(connection: &BoundConnection) -> String {
    format!("\"{}\" of {}", connection.name, connection.connector)
}

fn signs_in(connection: &BoundConnection) -> Option<String> {
    match (&connection.parameter_set, &connection.credential) {
        (_, Some(credential)) => {
            let title = connection.credential_title.clone().unwrap_or_else(|| credential.to_string());
            Some(format!("signs in with {title}"))
        }
        (set, None) => set.clone(),
    }
}

fn connections(differences: &[ConnectionDifference]) -> Vec<Row> {
    let row = |one: &ConnectionDifference| {
        let (left, right) = (one.left.as_ref(), one.right.as_ref());
        let words = |side: &BoundConnection| signs_in(side).unwrap_or_else(|| "no way to sign in".to_owned());
        let told = match (left, right) {
            (Some(_), Some(_)) => between(left, right, words),
            _ => left.or(right).and_then(signs_in).unwrap_or_default(),
        };
        let what = right.or(left).map(called).unwrap_or_default();
        (sign(left.is_some(), right.is_some()), what, told)
    };
    differences.iter().map(row).collect()
}

fn credential(credential: &CredentialState) -> String {
    let variables: Vec<String> =
        credential.variables.iter().map(|(column, variable)| format!("{column} {variable}")).collect();
    format!("{}  {}", layer(&credential.layer), variables.join(", "))
}

fn flow(flow: &FlowState) -> String {
    if flow.on { "on" } else { "off" }.to_owned()
}
