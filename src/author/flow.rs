//! Cloud flows and desktop flows: brought out of another solution, removed, turned on and off (`FORMATS.md` §3).
//!
//! Read [`add_flow`] first. What a flow does is not changed here: its files are copied byte for byte.

use std::collections::BTreeSet;

use super::connection_reference::SECTION as REFERENCES;
use super::customizations::insert_row;
use super::files::{CUSTOMIZATIONS, MANIFEST};
use super::identity::bare;
use super::text::{Markup, WithoutRows, XmlText};
use super::variable::definition_path;
use super::{Action, AuthorError, Difference, Editor, SolutionFiles, Step, root_components, variable_value};
use crate::model::{Component, ComponentKey, ComponentType, Details, Relation, Solution, Target, describe};
use crate::text::shell_word;
use crate::xml::{Document, Element};

/// What messages call it.
const WHAT: &str = "flow";
/// The number of its type in the manifest.
const TYPE: u32 = 29;

/// How a flow is brought.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlowOptions {
    /// Bring the flow alone: what it uses is in another solution, which goes in before.
    pub without_needs: bool,
    /// Bring the current values of variables too.
    pub with_values: bool,
}

fn is_flow(component: &Component) -> bool {
    matches!(component.details, Details::CloudFlow(_) | Details::DesktopFlow(_))
}

/// The flow of that display name, id or file.
pub(super) fn find(solution: &Solution, files: &SolutionFiles, name: &str) -> Result<Component, AuthorError> {
    let flows =
        || solution.components.iter().filter(|component| component.key.kind == ComponentType::WORKFLOW);
    let by_id = |id: &str| {
        let key = ComponentKey::new(ComponentType::WORKFLOW, id);
        flows().find(|component| component.key == key)
    };
    let mut found: Vec<&Component> = match bare(name) {
        Some(id) => by_id(&id).into_iter().collect(),
        None => flows().filter(|component| component.name.to_lowercase() == name.to_lowercase()).collect(),
    };
    if found.is_empty() {
        // A file is named as the solution has it, or as a path that ends so.
        let wanted = name.replace('\\', "/").to_lowercase();
        let wanted = wanted.trim_end_matches(".data.xml");
        let is_it = |path: &&String| {
            let path = path.to_lowercase();
            path.starts_with("workflows/") && (wanted == path || wanted.ends_with(&format!("/{path}")))
        };
        if let Some(path) = files.paths().iter().find(is_it)
            && let Some(id) = id_in_name(path)
        {
            found.extend(by_id(&id));
        }
    }
    match found[..] {
        [flow] if is_flow(flow) => Ok(flow.clone()),
        [other] => Err(AuthorError::NotPossible {
            message: format!("{} is neither a cloud flow nor a desktop flow", other.described()),
            hint: "classic processes belong to their table; move them in the portal".to_owned(),
        }),
        [] => {
            let names = flows().filter(|flow| is_flow(flow));
            let likeness =
                |flow: &&Component| strsim::jaro_winkler(&flow.name.to_lowercase(), &name.to_lowercase());
            let nearest = names.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
            Err(AuthorError::NotThere {
                what: WHAT,
                name: name.to_owned(),
                solution: solution.manifest.unique_name.clone(),
                nearest: nearest.filter(|flow| likeness(flow) > 0.7).map(|flow| format!("'{}'", flow.name)),
                make: None,
            })
        }
        [first, ..] => Err(AuthorError::NotPossible {
            message: format!("{} flows are called {name}", found.len()),
            hint: format!("name one by its id, such as {}", first.key.key),
        }),
    }
}

/// A sentence where another flow has that name: the platform allows it, and people take one for the other.
pub(super) fn same_named(solution: &Solution, flow: &Component, name: &str) -> Option<String> {
    let is_other = |other: &&Component| {
        is_flow(other) && other.key != flow.key && other.name.to_lowercase() == name.to_lowercase()
    };
    let other = solution.components.iter().find(is_other)?;
    Some(format!(
        "another {} is called that too, {}: only their ids tell them apart now",
        other.kind_words(),
        other.key.key
    ))
}

/// The id at the end of the name of a flow's file.
fn id_in_name(path: &str) -> Option<String> {
    const GUID_LENGTH: usize = 36;
    let stem = path.rsplit('/').next()?.split_once('.')?.0;
    bare(stem.get(stem.len().checked_sub(GUID_LENGTH)?..)?)
}

/// The row of a flow where it has a file of its own: the path.
pub(super) fn row_path(files: &SolutionFiles, id: &str) -> Result<Option<String>, AuthorError> {
    for path in files.paths() {
        let lower = path.to_lowercase();
        if !lower.starts_with("workflows/") || !lower.ends_with(".data.xml") {
            continue;
        }
        // Names of files are only names: the row says which flow it is.
        let may_be = id_in_name(&path).is_none_or(|found| found.eq_ignore_ascii_case(id));
        if may_be && is_row_of(files.xml(&path)?.root(), id) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn is_row_of(row: Element<'_>, id: &str) -> bool {
    let found = row.attribute("WorkflowId").and_then(|found| bare(&found));
    found.is_some_and(|found| found.eq_ignore_ascii_case(id))
}

/// The file that a row names.
pub(super) fn json_path(row: Element<'_>) -> Option<String> {
    let path = row.child_text("JsonFileName")?;
    let path = path.trim().replace('\\', "/").trim_start_matches('/').to_owned();
    (!path.is_empty()).then_some(path)
}

/// Brings a flow out of another solution, with its binaries, and with the connection references and variables that it uses
/// and that this solution does not have.
///
/// # Errors
/// When there is no such flow, or something of it is there already and differs.
pub fn add_flow(
    editor: &mut Editor,
    name: &str,
    from: &SolutionFiles,
    options: FlowOptions,
) -> Result<Vec<Step>, AuthorError> {
    let solution = from.solution()?;
    let flow = find(&solution, from, name)?;
    let id = &*flow.key.key;
    let whole;
    let (from, path) = match row_path(from, id)? {
        Some(path) => (from, path),
        // The rows are in the customizations: split them as unpacking does.
        None => {
            whole = from.split()?;
            let path = row_path(&whole, id)?;
            let place = whole.place_of("Workflows");
            (&whole, path.ok_or(AuthorError::MissingFile { place })?)
        }
    };
    let row = from.xml(&path)?;
    let missing = |path: &str| AuthorError::MissingFile { place: from.place_of(path) };
    let json = json_path(row.root()).ok_or_else(|| missing("JsonFileName"))?;
    let json = from.spelled(&json).ok_or_else(|| missing(&json))?;
    let mut steps = Vec::new();
    if !options.without_needs {
        bring_needs(editor, &solution, &flow, from, options, &mut steps)?;
    }
    let row_bytes = with_line_ends(editor, row.bytes())?;
    let mut files = vec![(path, row_bytes)];
    for path in std::iter::once(json).chain(binaries(&solution, &flow, from)) {
        let bytes = from.read(&path)?.ok_or_else(|| missing(&path))?;
        files.push((path, bytes));
    }
    if let Some(there) = editor.component(ComponentType::WORKFLOW, id)? {
        steps.push(compare(editor, &there, &files)?);
        return Ok(steps);
    }
    for (path, _) in &files {
        if editor.files.spelled(path).is_some() {
            return Err(AuthorError::InTheWay { place: editor.files.place_of(path) });
        }
    }
    for (path, bytes) in files {
        editor.put(&path, bytes);
    }
    root_components::insert(editor, TYPE, id)?;
    let own = editor.solution()?;
    let mut step = Step::new(Action::Added, flow.described()).notes(same_named(&own, &flow, &flow.name));
    for note in not_brought(editor, &solution, &flow, from, options)? {
        step = step.note(note);
    }
    steps.push(step);
    Ok(steps)
}

/// XML that was cut out takes the line ends of the folder it comes into.
fn with_line_ends(editor: &Editor, bytes: &[u8]) -> Result<Vec<u8>, AuthorError> {
    let manifest = editor.files.xml(MANIFEST)?;
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    Ok(text.replace('\n', XmlText::new(&manifest).new_line()).into_bytes())
}

/// All files of the binaries of a desktop flow.
fn binaries(solution: &Solution, flow: &Component, files: &SolutionFiles) -> Vec<String> {
    let is_part = |component: &&Component| {
        component.key.kind == ComponentType::DESKTOP_FLOW_BINARY
            && component
                .uses
                .iter()
                .any(|used| used.relation == Relation::BinaryWorkflow && used.is_to(&flow.key))
    };
    let folders: Vec<String> = solution
        .components
        .iter()
        .filter(is_part)
        .map(|component| format!("desktopflowbinaries/{}/", component.key.key.to_lowercase()))
        .collect();
    let is_in = |path: &String| folders.iter().any(|folder| path.to_lowercase().starts_with(folder));
    files.paths().into_iter().filter(is_in).collect()
}

/// The flow that is there against the one that would be brought.
fn compare(editor: &Editor, there: &Component, files: &[(String, Vec<u8>)]) -> Result<Step, AuthorError> {
    let mut differences = Vec::new();
    let mut differs = |fact| {
        let difference = Difference { fact, there: None, asked: None };
        if !differences.contains(&difference) {
            differences.push(difference);
        }
    };
    let own_row = row_path(&editor.files, &there.key.key)?;
    for (number, (path, bytes)) in files.iter().enumerate() {
        let own = match number {
            0 => own_row.as_deref().unwrap_or(path),
            _ => path,
        };
        if editor.files.read(own)?.as_ref() != Some(bytes) {
            differs(match number {
                0 => "its row",
                1 => "its definition",
                _ => "a binary of it",
            });
        }
    }
    if differences.is_empty() {
        return Ok(Step::new(Action::Unchanged, there.described()));
    }
    let hint = format!(
        "to take the other one: solship remove flow {}{}, then add it again",
        there.key.key,
        editor.option()
    );
    Err(AuthorError::Differs { component: there.described(), differences, hint })
}

/// What a flow uses, of the kinds that are brought with it; each once.
fn needs(component: &Component) -> BTreeSet<ComponentKey> {
    let kinds = [ComponentType::CONNECTION_REFERENCE, ComponentType::ENVIRONMENT_VARIABLE];
    let targets = component.uses.iter().filter_map(|used| match &used.target {
        Target::Component(key) => Some(key.clone()),
        Target::Expression(_) => None,
    });
    targets.filter(|key| kinds.contains(&key.kind)).collect()
}

fn in_solution<'s>(solution: &'s Solution, key: &ComponentKey) -> Option<&'s Component> {
    solution.components.iter().find(|component| component.key == *key)
}

/// Brings references and variables, the variables that those belong to included.
fn bring_needs(
    editor: &mut Editor,
    solution: &Solution,
    flow: &Component,
    from: &SolutionFiles,
    options: FlowOptions,
    steps: &mut Vec<Step>,
) -> Result<(), AuthorError> {
    let mut open: Vec<ComponentKey> = needs(flow).into_iter().collect();
    let mut known: BTreeSet<ComponentKey> = open.iter().cloned().collect();
    open.reverse();
    while let Some(key) = open.pop() {
        let Some(component) = in_solution(solution, &key) else { continue };
        for key in needs(component) {
            if known.insert(key.clone()) {
                open.push(key);
            }
        }
        let own = editor.solution()?;
        match in_solution(&own, &key) {
            Some(there) => refuse_other(editor, there, component)?,
            None if key.kind == ComponentType::CONNECTION_REFERENCE => {
                steps.push(bring_reference(editor, component, from)?)
            }
            None => steps.push(bring_variable(editor, component, from, options)?),
        }
    }
    Ok(())
}

/// What is there under the same name must be able to take the place of what the flow used.
fn refuse_other(editor: &Editor, there: &Component, wanted: &Component) -> Result<(), AuthorError> {
    let words = |component: &Component| match &component.details {
        Details::ConnectionReference(reference) => reference.connector().to_lowercase(),
        Details::EnvironmentVariable(variable) => super::variable::kind_words(variable.kind).to_owned(),
        _ => String::new(),
    };
    let (found, asked) = (words(there), words(wanted));
    if found == asked {
        return Ok(());
    }
    let (fact, kind) = if there.key.kind == ComponentType::CONNECTION_REFERENCE {
        ("connector", "connection-reference")
    } else {
        ("type", "variable")
    };
    Err(AuthorError::Differs {
        component: there.described(),
        differences: vec![Difference { fact, there: Some(found), asked: Some(asked) }],
        hint: format!(
            "rename the one that is there: solship rename {kind} {} NEW{}",
            there.key.key,
            editor.option()
        ),
    })
}

fn bring_reference(
    editor: &mut Editor,
    component: &Component,
    from: &SolutionFiles,
) -> Result<Step, AuthorError> {
    let document: Document = from.xml(CUSTOMIZATIONS)?;
    let key = &*component.key.key;
    let Some((_, row)) = REFERENCES.row(&document, key) else {
        return Err(AuthorError::UnknownForm { place: from.place_of(CUSTOMIZATIONS) });
    };
    let text = String::from_utf8_lossy(&document.bytes()[row.range()]).into_owned();
    insert_row(editor, &REFERENCES, key, &Markup::copied(&text))?;
    Ok(Step::new(Action::Added, component.described()))
}

fn bring_variable(
    editor: &mut Editor,
    component: &Component,
    from: &SolutionFiles,
    options: FlowOptions,
) -> Result<Step, AuthorError> {
    let name = &*component.key.key;
    let path = definition_path(name);
    let Some(bytes) = from.read(&path)? else {
        return Err(AuthorError::OldForm { component: component.described() });
    };
    editor.put(&from.spelled(&path).unwrap_or(path), bytes);
    let step = Step::new(Action::Added, component.described());
    let value = variable_value::path(name);
    match from.read(&value)? {
        Some(bytes) if options.with_values => {
            editor.put(&from.spelled(&value).unwrap_or(value), bytes);
            Ok(step)
        }
        Some(_) => Ok(step.note("its current value was not brought; --with-values brings it")),
        None => Ok(step),
    }
}

/// What the flow uses and what is not in this solution now, in sentences.
fn not_brought(
    editor: &mut Editor,
    solution: &Solution,
    flow: &Component,
    from: &SolutionFiles,
    options: FlowOptions,
) -> Result<Vec<String>, AuthorError> {
    let own = editor.solution()?;
    let mut notes = Vec::new();
    for used in &flow.uses {
        let Target::Component(key) = &used.target else { continue };
        let known_as = |component: &Component| component.key == *key || component.aliases.contains(key);
        let is_part = key.kind == ComponentType::DESKTOP_FLOW_BINARY;
        if is_part || own.components.iter().any(known_as) {
            continue;
        }
        let there = solution.components.iter().find(|component| known_as(component));
        let words = match there {
            Some(component) => component.described(),
            None => describe(key.kind.words(), key, None),
        };
        let verb = used.relation.words();
        let note = match there {
            Some(component) if is_flow(component) => {
                let (name, path) = (shell_word(&component.name), shell_word(from.path().as_str()));
                format!("it {verb} {words}: solship add flow {name} --from {path}{}", editor.option())
            }
            Some(_) if options.without_needs => format!("it {verb} {words}, which was not brought"),
            _ => format!("it {verb} {words}, which is not in this solution"),
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Ok(notes)
}

/// Removes a flow with its files and binaries, unless something uses it.
///
/// # Errors
/// When it is not there or is used.
pub fn remove_flow(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    let solution = editor.solution()?;
    let flow = find(&solution, &editor.files, name)?;
    let is_user = |other: &&Component| {
        other.key.kind != ComponentType::DESKTOP_FLOW_BINARY
            && other.key != flow.key
            && other.uses.iter().any(|used| used.is_to(&flow.key))
    };
    let users: Vec<String> = solution.components.iter().filter(is_user).map(Component::described).collect();
    if !users.is_empty() {
        return Err(AuthorError::InUse { component: flow.described(), users });
    }
    let id = &*flow.key.key;
    for path in binaries(&solution, &flow, &editor.files) {
        editor.remove_file(&path);
    }
    if let Some(path) = row_path(&editor.files, id)? {
        let row = editor.files.xml(&path)?;
        if let Some(json) = json_path(row.root()) {
            editor.remove_file(&json);
        }
        editor.remove_file(&path);
    } else {
        let document = editor.files.xml(CUSTOMIZATIONS)?;
        let sections = document.root().children().filter(|section| section.name() == "Workflows");
        let mut rows = sections.flat_map(|section| section.children().map(move |row| (section, row)));
        let Some((section, row)) = rows.find(|(_, row)| is_row_of(*row, id)) else {
            return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
        };
        let mut text = XmlText::new(&document);
        text.remove_row(section, row, WithoutRows::EmptyTag);
        let json = json_path(row);
        editor.put(CUSTOMIZATIONS, text.finish());
        if let Some(json) = json {
            editor.remove_file(&json);
        }
    }
    root_components::remove(editor, TYPE, id)?;
    let rest = editor.solution()?;
    let is_unused = |key: &ComponentKey| {
        in_solution(&rest, key).is_some()
            && !rest.components.iter().any(|other| other.uses.iter().any(|used| used.is_to(key)))
    };
    let unused: Vec<String> = needs(&flow)
        .into_iter()
        .filter(is_unused)
        .map(|key| format!("{} {}", key.kind.words(), key.key))
        .collect();
    let step = Step::new(Action::Removed, flow.described());
    if unused.is_empty() {
        return Ok(step);
    }
    Ok(step.note(format!("nothing in the solution uses these any more: {}", unused.join(", "))))
}

/// Turns a flow on or off.
///
/// # Errors
/// When it is not there.
pub fn set_flow_state(editor: &mut Editor, name: &str, is_on: bool) -> Result<Step, AuthorError> {
    let solution = editor.solution()?;
    let flow = find(&solution, &editor.files, name)?;
    let id = &*flow.key.key;
    let path = row_path(&editor.files, id)?.unwrap_or_else(|| CUSTOMIZATIONS.to_owned());
    let document = editor.files.xml(&path)?;
    let all = std::iter::once(document.root()).chain(document.root().descendants());
    let Some(row) = all.into_iter().find(|row| row.name() == "Workflow" && is_row_of(*row, id)) else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(&path) });
    };
    let mut text = XmlText::new(&document);
    for (column, code) in [("StateCode", ["0", "1"]), ("StatusCode", ["1", "2"])] {
        let Some(column) = row.child(column) else {
            return Err(AuthorError::UnknownForm { place: editor.files.place_of(&path) });
        };
        text.set_text(column, code[usize::from(is_on)]);
    }
    editor.put(&path, text.finish());
    editor.changed(flow.described())
}
