//! The current value of a variable, in the file beside its definition (`FORMATS.md` §2.2).

use serde_json::Value;

use super::{AuthorError, Editor};
use crate::json::Document;

/// The row of a value inside its file.
const ROW: &str = "/environmentvariablevalues/environmentvariablevalue";

/// The path of the file.
pub(super) fn path(schema_name: &str) -> String {
    format!("environmentvariabledefinitions/{schema_name}/environmentvariablevalues.json")
}

/// Sets the value; nothing else of a file that is there changes.
pub(super) fn set(
    editor: &mut Editor,
    schema_name: &str,
    value: &str,
    new_line: &str,
) -> Result<(), AuthorError> {
    let path = path(schema_name);
    let written = Value::String(value.to_owned()).to_string();
    let Some(document) = document(editor, schema_name)? else {
        let lines = [
            "{",
            "  \"environmentvariablevalues\": {",
            "    \"environmentvariablevalue\": {",
            "      \"iscustomizable\": \"1\",",
            &format!("      \"value\": {written}"),
            "    }",
            "  }",
            "}",
        ];
        editor.put(&path, lines.join(new_line).into_bytes());
        return Ok(());
    };
    let mut bytes = document.bytes().to_vec();
    if let Some(range) = document.range(&format!("{ROW}/value")) {
        bytes.splice(range, written.into_bytes());
    } else {
        let unknown = || AuthorError::UnknownForm { place: editor.files.place_of(&path) };
        let row = document.value().pointer(ROW).and_then(Value::as_object).ok_or_else(unknown)?;
        let (last, _) = row.iter().next_back().ok_or_else(unknown)?;
        let key = format!("{ROW}/{last}");
        let (start, end) = document
            .position_of_key(&key)
            .zip(document.range(&key))
            .map(|(key, value)| (key.offset, value.end))
            .ok_or_else(unknown)?;
        // The member goes behind the last one, on a line of its own where that one has one.
        let blanks = bytes[..start].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
        let blanks = String::from_utf8_lossy(&bytes[start - blanks..start]).into_owned();
        bytes.splice(end..end, format!(",{blanks}\"value\": {written}").into_bytes());
    }
    editor.put(&path, bytes);
    Ok(())
}

/// Takes the value away, and the file with it.
pub(super) fn remove(editor: &mut Editor, schema_name: &str) {
    editor.remove_file(&path(schema_name));
}

fn document(editor: &Editor, schema_name: &str) -> Result<Option<Document>, AuthorError> {
    let path = path(schema_name);
    let Some(bytes) = editor.files.read(&path)? else { return Ok(None) };
    let document = Document::parse(bytes)
        .map_err(|error| AuthorError::Json { place: editor.files.place_of(&path), error })?;
    Ok(Some(document))
}
