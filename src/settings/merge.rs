//! Several settings files as one: what a later one fills counts.

use serde_json::{Map, Value};

use super::{Kind, SettingsFile};

/// The files as one: entries of all, in the order of the first and then of the others; what a later file fills counts; every
/// unknown key is kept, the later one where both have it.
pub fn merge(files: &[SettingsFile]) -> Vec<u8> {
    let mut merged = Value::Object(Map::new());
    for file in files {
        if let (Some(into), Some(from)) = (merged.as_object_mut(), file.document.value().as_object()) {
            merge_root(into, from);
        }
    }
    let mut bytes = serde_json::to_vec_pretty(&merged).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn merge_root(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        let kind = Kind::ALL.into_iter().find(|kind| kind.list() == key);
        match (kind, into.get_mut(key).and_then(Value::as_array_mut), value.as_array()) {
            (Some(kind), Some(into), Some(from)) => merge_list(kind, into, from),
            (Some(_), Some(_), None) => {}
            _ => drop(into.insert(key.clone(), value.clone())),
        }
    }
}

fn merge_list(kind: Kind, into: &mut Vec<Value>, from: &[Value]) {
    let name_of = |row: &Value| row.get(kind.name()).and_then(Value::as_str).map(str::to_lowercase);
    for row in from {
        let name = name_of(row);
        let there = into.iter_mut().find(|there| name.is_some() && name_of(there) == name);
        match (there.and_then(Value::as_object_mut), row.as_object()) {
            (Some(there), Some(row)) => {
                for (key, value) in row {
                    let is_unfilled = value.is_null() || value.as_str().is_some_and(str::is_empty);
                    if !(is_unfilled && there.contains_key(key)) {
                        there.insert(key.clone(), value.clone());
                    }
                }
            }
            _ => into.push(row.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_file_fills_counts_and_nothing_is_lost() {
        let file = |text: &str| SettingsFile::read("x", text.as_bytes().to_vec()).unwrap();
        let merged = merge(&[
            file(
                r#"{"EnvironmentVariables":[{"SchemaName":"a","Value":"1","Name":"x"},{"SchemaName":"b","Value":""}],"CopilotAgents":[1]}"#,
            ),
            file(
                r#"{"EnvironmentVariables":[{"SchemaName":"A","Value":"","Kind":2},{"SchemaName":"b","Value":"2"}],"ConnectionReferences":[{"LogicalName":"c"}]}"#,
            ),
        ]);
        let merged: Value = serde_json::from_slice(&merged).unwrap();
        assert_eq!(
            merged,
            serde_json::json!({
                "EnvironmentVariables": [
                    { "SchemaName": "A", "Value": "1", "Name": "x", "Kind": 2 },
                    { "SchemaName": "b", "Value": "2" }
                ],
                "CopilotAgents": [1],
                "ConnectionReferences": [{ "LogicalName": "c" }]
            })
        );
    }
}
