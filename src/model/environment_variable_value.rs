//! The values of environment variables that a package carries, in the files of all generations (`FORMATS.md` §2.2). Which
//! definition a value belongs to is known by schema name only. Read [`PackagedValue`] first; its text is masked at once.

use serde_json::Value;

use super::reading::{JsonPart, Reading};
use super::{Masked, ModelError, Place};
use crate::json::push_pointer;

/// A value of a variable, wherever the package keeps it.
pub(super) struct PackagedValue {
    pub(super) schema_name: String,
    pub(super) text: Option<Masked>,
    pub(super) place: Place,
}

/// Values beside the definitions, and in the one file of the first generation and of the layout for git.
pub(super) fn read(reading: &mut Reading<'_>) -> Result<Vec<PackagedValue>, ModelError> {
    let mut values = Vec::new();
    for path in reading.files(&["environmentvariabledefinitions", "*", "environmentvariablevalues.json"]) {
        let Some(part) = reading.json(&path)? else { continue };
        collect(&part, path.split('/').nth(1), &mut values);
    }
    if let Some(part) = reading.json("environment_variable_values.json")? {
        collect(&part, None, &mut values);
    }
    Ok(values)
}

/// The value rows of a file: an object or an array, at the root or below one or two members whose names begin with
/// `environmentvariablevalue`.
fn collect(part: &JsonPart, folder: Option<&str>, values: &mut Vec<PackagedValue>) {
    let mut pointer = String::new();
    let mut rows = part.document.value();
    while let Some((name, inner)) = rows.as_object().and_then(|object| {
        object.iter().find(|(name, inner)| {
            name.to_ascii_lowercase().starts_with("environmentvariablevalue")
                && (inner.is_object() || inner.is_array())
        })
    }) {
        push_pointer(&mut pointer, name);
        rows = inner;
    }
    match rows {
        Value::Array(rows) => {
            for (at, row) in rows.iter().enumerate() {
                values.extend(value_of(part, &format!("{pointer}/{at}"), row, folder));
            }
        }
        row => values.extend(value_of(part, &pointer, row, folder)),
    }
}

fn value_of(part: &JsonPart, pointer: &str, row: &Value, folder: Option<&str>) -> Option<PackagedValue> {
    let row = row.as_object()?;
    let schema_name = row.iter().find_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let is_name =
            matches!(&*name, "@schemaname" | "schemaname" | "environmentvariabledefinition.schemaname");
        value.as_str().filter(|text| is_name && !text.trim().is_empty())
    });
    let schema_name = schema_name.or(folder)?.trim().to_owned();
    let text =
        row.iter().find(|(name, _)| name.eq_ignore_ascii_case("value")).and_then(|(_, value)| match value {
            Value::Null => None,
            Value::String(text) => Some(Masked::new(text)),
            other => Some(Masked::new(other.to_string())),
        });
    Some(PackagedValue { schema_name, text, place: part.place(pointer) })
}
