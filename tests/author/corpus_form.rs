//! What `add` writes, made from the facts of real rows, is what real exports hold, byte for byte.

use rayon::prelude::*;
use solship::author::{
    Editor, NewConnectionReference, NewSolution, NewVariable, add_connection_reference, add_variable,
    new_solution,
};
use solship::model::VariableType;
use solship::package::OpenOptions;
use solship::xml::{Document, Element, Limits};

use super::{Place, support};

const COLUMNS: [&str; 11] = [
    "apiid",
    "defaultvalue",
    "description",
    "displayname",
    "introducedversion",
    "iscustomizable",
    "isrequired",
    "parameterkey",
    "parentdefinitionid",
    "secretstore",
    "type",
];

fn kind_of(code: &str) -> Option<VariableType> {
    Some(match code {
        "100000000" => VariableType::Text,
        "100000001" => VariableType::Number,
        "100000002" => VariableType::Boolean,
        "100000003" => VariableType::Json,
        "100000004" => VariableType::DataSource,
        "100000005" => VariableType::Secret,
        _ => return None,
    })
}

/// A solution of that prefix and version, ready to be edited.
fn empty(place: &Place, prefix: &str, version: &str) -> Option<Editor> {
    let path = place.path.join("src");
    let wanted = NewSolution {
        name: "Fab".to_owned(),
        publisher: "Fabrikam".to_owned(),
        prefix: prefix.to_owned(),
        option_value_prefix: 10_000,
        display: None,
        publisher_display: None,
        description: None,
        version: version.to_owned(),
        language: 1033,
    };
    new_solution(&path, &wanted, false).ok()?;
    Editor::open(&path, &OpenOptions::default(), false).ok()
}

fn text(row: Element<'_>, column: &str) -> Option<String> {
    row.child_text(column).map(std::borrow::Cow::into_owned)
}

fn label(row: Element<'_>, column: &str) -> Option<String> {
    row.child(column).and_then(|column| column.attribute("default")).map(std::borrow::Cow::into_owned)
}

/// The definition that `add` makes of these facts; none where the facts are not those of a new variable.
fn variable(bytes: &[u8]) -> Option<Vec<u8>> {
    let document = Document::parse(bytes.to_vec(), &Limits::default()).ok()?;
    let row = document.root();
    let mut labels = row.descendants().filter(|element| element.name() == "label");
    let is_plain = row.children().all(|column| COLUMNS.contains(&column.name()))
        && labels.all(|label| label.attribute("languagecode").as_deref() == Some("1033"))
        && row.children().all(|column| column.children().count() <= 1)
        && text(row, "secretstore").as_deref() == Some("0")
        && text(row, "iscustomizable").as_deref() == Some("1");
    let name = row.attribute("schemaname")?.into_owned();
    let (prefix, _) = name.split_once('_')?;
    let place = Place::new();
    let mut editor = empty(&place, prefix, &text(row, "introducedversion")?).filter(|_| is_plain)?;
    let parent = row.child("parentdefinitionid").and_then(|parent| text(parent, "schemaname"));
    if let Some(parent) = &parent {
        let parent = NewVariable {
            name: Some(parent.clone()),
            kind: Some(VariableType::DataSource),
            connector: Some("x".to_owned()),
            ..NewVariable::default()
        };
        add_variable(&mut editor, &parent).ok()?;
    }
    let wanted = NewVariable {
        name: Some(name.clone()),
        kind: kind_of(&text(row, "type")?),
        default: text(row, "defaultvalue"),
        value: None,
        required: Some(text(row, "isrequired").as_deref() == Some("1")),
        display: label(row, "displayname"),
        description: label(row, "description"),
        connector: text(row, "apiid"),
        parameter_key: text(row, "parameterkey"),
        parent,
    };
    let step = add_variable(&mut editor, &wanted).ok()?;
    editor.finish(vec![step], &Default::default()).ok()?;
    let path = format!("src/environmentvariabledefinitions/{name}/environmentvariabledefinition.xml");
    Some(fs_err::read(place.path.join(path)).expect("a file"))
}

/// The file of a current value that `add` makes of a real one; none where that one holds more than a new one does.
fn value(bytes: &[u8]) -> Option<Vec<u8>> {
    let document: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let row = document.pointer("/environmentvariablevalues/environmentvariablevalue")?.as_object()?;
    let value = row.get("value")?.as_str().filter(|_| row.len() == 2 && row["iscustomizable"] == "1")?;
    let place = Place::new();
    let mut editor = empty(&place, "fab", "1.0.0.0")?;
    let wanted = NewVariable {
        name: Some("fab_Value".to_owned()),
        value: Some(value.to_owned()),
        ..NewVariable::default()
    };
    let step = add_variable(&mut editor, &wanted).ok()?;
    editor.finish(vec![step], &Default::default()).ok()?;
    let path = "src/environmentvariabledefinitions/fab_Value/environmentvariablevalues.json";
    Some(fs_err::read(place.path.join(path)).expect("a file"))
}

/// The row that `add` makes of these facts.
fn reference(row: Element<'_>) -> Option<String> {
    let has_prompting = row.child("promptingbehavior").is_some();
    let is_new = matches!(text(row, "promptingbehavior").as_deref(), None | Some("0"))
        && row.child("customconnectorid").is_none()
        && text(row, "iscustomizable").as_deref() == Some("1");
    let name = row.attribute("connectionreferencelogicalname")?.into_owned();
    let (prefix, _) = name.split_once('_')?;
    let place = Place::new();
    let mut editor = empty(&place, prefix, "1.0.0.0").filter(|_| is_new && has_prompting)?;
    let wanted = NewConnectionReference {
        name: Some(name),
        connector: text(row, "connectorid")?,
        display: text(row, "connectionreferencedisplayname"),
        description: text(row, "description"),
    };
    let step = add_connection_reference(&mut editor, &wanted).ok()?;
    editor.finish(vec![step], &Default::default()).ok()?;
    let text = fs_err::read_to_string(place.path.join("src/Other/Customizations.xml")).expect("a file");
    let start = text.find("<connectionreference ").expect("a row");
    let end = text.find("</connectionreference>").expect("a row");
    Some(text[start..end].to_owned())
}

#[test]
fn what_add_writes_is_what_real_exports_hold() {
    let Some(corpus) = support::shared("corpus") else { return };
    let rows = support::corpus::readable(&corpus);
    let counts: Vec<[usize; 5]> = rows
        .par_iter()
        .map(|row| {
            let path = corpus.join(&row["path"]);
            let package = support::corpus::open(&path);
            let mut counts = [0; 5];
            for entry in package.entries() {
                if entry.path.ends_with("/environmentvariablevalues.json") {
                    let real = package.read(entry).expect("readable");
                    if let Some(made) = value(&real).filter(|_| real.contains(&b'\r')) {
                        let shown = String::from_utf8_lossy(&real).into_owned();
                        assert_eq!(String::from_utf8_lossy(&made), shown, "{path} {}", entry.path);
                        counts[4] += 1;
                    }
                }
                if !entry.path.ends_with("/environmentvariabledefinition.xml") {
                    continue;
                }
                let real = package.read(entry).expect("readable");
                counts[1] += 1;
                // Exports have CRLF; what went through a repository may have lost it.
                if let Some(made) = variable(&real).filter(|_| real.contains(&b'\r')) {
                    let shown = String::from_utf8_lossy(&real).into_owned();
                    assert_eq!(String::from_utf8_lossy(&made), shown, "{path} {}", entry.path);
                    counts[0] += 1;
                }
            }
            let Some(entry) = package.entry("customizations.xml") else { return counts };
            let Ok(document) = Document::parse(package.read(entry).expect("readable"), &Limits::default())
            else {
                return counts;
            };
            let sections =
                document.root().children().filter(|section| section.name() == "connectionreferences");
            for row in sections.flat_map(|section| section.children()) {
                counts[3] += 1;
                if let Some(made) = reference(row) {
                    let real = String::from_utf8_lossy(&document.bytes()[row.range()])
                        .replace("</connectionreference>", "");
                    // Four archives were made again with LF.
                    assert_eq!(made.replace("\r\n", "\n"), real.replace("\r\n", "\n"), "{path}");
                    counts[2] += 1;
                }
            }
            counts
        })
        .collect();
    let [variables, all_variables, references, all_references, values] =
        counts.into_iter().fold([0; 5], |sum, counts| std::array::from_fn(|at| sum[at] + counts[at]));
    println!(
        "{variables} of {all_variables} variables, {references} of {all_references} connection references, {values} values"
    );
    assert!(
        variables > 150 && references > 80 && values > 4,
        "{variables} of {all_variables}, {references} of {all_references}, {values}"
    );
}
