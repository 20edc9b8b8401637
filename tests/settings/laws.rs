//! What holds of every settings file and every set of solutions.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use solship::model::Masked;
use solship::settings::{Kind, Needs, SettingsFile, merge, sync};

use crate::support::made::Made;

/// Names of which files and solutions have some.
const NAMES: [&str; 7] = ["fab_A", "fab_b", "fab_C", "fab_d", "fab_E", "fab_f", "fab_G"];

fn needs(variables: &[usize], references: &[usize]) -> Needs {
    let mut made = Made::new("Fab", "1.0.0.0");
    for name in variables {
        made = made.variable(NAMES[*name]);
    }
    for name in references {
        made = made.connection_reference(NAMES[*name], "shared_x");
    }
    Needs::of([&made.done()])
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// One step of indentation; none for a file of one line.
    indent: Option<&'static str>,
    /// Blanks behind commas and colons of a file of one line.
    has_gaps: bool,
    crlf: bool,
    mark: bool,
    /// A line end behind the last brace.
    last_line: bool,
}

/// A file of one line, with a blank behind every comma and colon.
struct WithGaps;

impl serde_json::ser::Formatter for WithGaps {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, out: &mut W) -> std::io::Result<()> {
        out.write_all(b": ")
    }
}

impl Form {
    fn any() -> impl Strategy<Value = Self> {
        let indent = prop_oneof![Just(None), Just(Some("  ")), Just(Some("    ")), Just(Some("\t"))];
        (indent, any::<[bool; 4]>()).prop_map(|(indent, [has_gaps, crlf, mark, last_line])| Self {
            indent,
            has_gaps,
            crlf,
            mark,
            last_line,
        })
    }

    fn write(self, value: &Value) -> String {
        let mut bytes = Vec::new();
        match self.indent {
            Some(indent) => {
                let form = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
                value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, form))
            }
            None if self.has_gaps => {
                value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, WithGaps))
            }
            None => serde_json::to_writer(&mut bytes, value),
        }
        .expect("JSON");
        let text = String::from_utf8(bytes).expect("UTF-8") + if self.last_line { "\n" } else { "" };
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text };
        if self.mark { format!("\u{feff}{text}") } else { text }
    }
}

/// A file in one of several forms: indentation, line ends, a mark, unknown keys.
fn file() -> impl Strategy<Value = String> {
    formed().prop_map(|(value, form)| form.write(&value))
}

fn formed() -> impl Strategy<Value = (Value, Form)> {
    let value = prop_oneof![Just(Value::Null), Just(json!("")), "[a-zé\"\\\\\n]{1,6}".prop_map(Value::from)];
    let entry = (0..NAMES.len(), value.clone(), any::<bool>());
    let list = || prop::collection::vec(entry.clone(), 0..6);
    (list(), list(), any::<bool>(), Form::any()).prop_map(|(variables, references, has_references, form)| {
        let rows = |kind: Kind, rows: Vec<(usize, Value, bool)>| -> Vec<Value> {
            let mut seen = std::collections::BTreeSet::new();
            rows.into_iter()
                .filter(|(name, ..)| seen.insert(*name))
                .map(|(name, value, more)| {
                    let mut row = json!({ (kind.name()): NAMES[name], (kind.content()): value });
                    if more {
                        row["Unknown"] = json!({ "a": [1.50, null] });
                    }
                    row
                })
                .collect()
        };
        let mut root = json!({ "Before": 1 });
        root["EnvironmentVariables"] = rows(Kind::Variable, variables).into();
        if has_references {
            root["ConnectionReferences"] = rows(Kind::ConnectionReference, references).into();
        }
        root["CopilotAgents"] = json!([{ "x": "y" }]);
        (root, form)
    })
}

fn filled(file: &SettingsFile) -> BTreeMap<(Kind, String), Option<String>> {
    let entries = file.entries.iter().filter(|entry| entry.is_filled());
    entries
        .map(|entry| {
            (
                (entry.kind, entry.name.clone()),
                entry.content.as_ref().map(|content: &Masked| content.reveal().to_owned()),
            )
        })
        .collect()
}

fn parsed(text: &[u8]) -> SettingsFile {
    SettingsFile::read("s.json", text.to_vec()).expect("a settings file")
}

proptest! {
    #[test]
    fn sync_is_idempotent_and_loses_no_filled_value(
        text in file(),
        variables in prop::collection::btree_set(0..NAMES.len(), 0..NAMES.len()),
        references in prop::collection::btree_set(0..NAMES.len(), 0..NAMES.len()),
    ) {
        let (variables, references): (Vec<usize>, Vec<usize>) = (variables.into_iter().collect(), references.into_iter().collect());
        let needs = needs(&variables, &references);
        let before = parsed(text.as_bytes());
        let synced = sync(&before, &needs, false);
        let after = parsed(&synced.bytes);
        // Every value is still there, under its name.
        prop_assert_eq!(filled(&before), filled(&after));
        // Everything that is asked for is there, once.
        for (kind, names) in [(Kind::Variable, &variables), (Kind::ConnectionReference, &references)] {
            for name in names {
                let count = after.entries.iter().filter(|entry| entry.kind == kind && entry.name == NAMES[*name]).count();
                prop_assert_eq!(count, 1, "{}", NAMES[*name]);
            }
        }
        // Of what is there and not asked for, only what is filled, or holds what others wrote.
        for entry in &after.entries {
            let names = if entry.kind == Kind::Variable { &variables } else { &references };
            prop_assert!(entry.is_filled() || entry.has_more || names.iter().any(|name| NAMES[*name] == entry.name), "{}", entry.name);
        }
        // A second time nothing is done.
        let again = sync(&after, &needs, false);
        prop_assert_eq!(&again.bytes, &synced.bytes);
        prop_assert!(again.added.is_empty() && again.dropped.is_empty());
        // Entries that stay keep their order, and unknown keys are there.
        let (old, new): (Value, Value) = (value(&text), value(&String::from_utf8(synced.bytes).expect("UTF-8")));
        prop_assert_eq!(&old["Before"], &new["Before"]);
        prop_assert_eq!(&old["CopilotAgents"], &new["CopilotAgents"]);
        for kind in Kind::ALL {
            let rows = |value: &Value| value[kind.list()].as_array().cloned().unwrap_or_default();
            let kept: Vec<Value> = rows(&new).into_iter().filter(|row| rows(&old).contains(row)).collect();
            let stay: Vec<Value> = rows(&old).into_iter().filter(|row| rows(&new).contains(row)).collect();
            prop_assert_eq!(kept, stay);
        }
    }

    #[test]
    fn a_file_keeps_its_form(
        (value, form) in formed(),
        variables in prop::collection::btree_set(0..NAMES.len(), 0..NAMES.len()),
        references in prop::collection::btree_set(0..NAMES.len(), 0..NAMES.len()),
        prune in any::<bool>(),
    ) {
        let (variables, references): (Vec<usize>, Vec<usize>) = (variables.into_iter().collect(), references.into_iter().collect());
        let synced = sync(&parsed(form.write(&value).as_bytes()), &needs(&variables, &references), prune);
        let text = String::from_utf8(synced.bytes).expect("UTF-8");
        prop_assert_eq!(form.write(&self::value(&text)), text);
    }

    #[test]
    fn a_file_that_is_up_to_date_is_not_touched(text in file()) {
        let file = parsed(text.as_bytes());
        let names = |kind: Kind| -> Vec<usize> {
            let entries = file.entries.iter().filter(|entry| entry.kind == kind);
            entries.filter_map(|entry| NAMES.iter().position(|name| *name == entry.name)).collect()
        };
        let synced = sync(&file, &needs(&names(Kind::Variable), &names(Kind::ConnectionReference)), true);
        prop_assert_eq!(synced.bytes, text.into_bytes());
    }

    #[test]
    fn a_merge_with_itself_says_the_same(text in file()) {
        let twice = merge(&[parsed(text.as_bytes()), parsed(text.as_bytes())]);
        prop_assert_eq!(value(&String::from_utf8(twice).expect("UTF-8")), value(&text));
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON")
}
