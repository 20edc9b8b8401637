//! `${NAME}` in the texts of a settings file, replaced by what the environment of the process has.

use std::sync::Arc;

use serde_json::Value;

use super::SettingsError;
use super::file::{member, place, refuse_key_twice};
use crate::json::Document;

/// The file with every `${NAME}` replaced, and how many there were. `$${` stands for `${`. Any JSON file will do.
///
/// # Errors
/// When it is no JSON, a key stands twice, or a name is not set; the value of none is told.
pub fn fill(
    file: &str,
    bytes: Vec<u8>,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<(Vec<u8>, usize), SettingsError> {
    let document =
        Document::parse(bytes).map_err(|error| SettingsError::Json { file: file.to_owned(), error })?;
    let file: Arc<str> = file.into();
    refuse_key_twice(&file, &document)?;
    let mut open = vec![(String::new(), document.value())];
    let mut edits = Vec::new();
    let mut count = 0;
    let mut faults: Vec<SettingsError> = Vec::new();
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(members.iter().map(|(name, value)| (member(&pointer, name), value)));
            }
            Value::Array(values) => {
                open.extend(
                    values.iter().enumerate().map(|(at, value)| (member(&pointer, &at.to_string()), value)),
                );
            }
            Value::String(text) if text.contains("${") => {
                let at = || place(&file, &document, &pointer);
                match filled(text, variables) {
                    Ok((filled, found)) => {
                        count += found;
                        edits.extend(
                            document.range(&pointer).map(|range| (range, Value::from(filled).to_string())),
                        );
                    }
                    Err(Fault::Unset(name)) => faults.push(SettingsError::Unset { place: at(), name }),
                    Err(Fault::Form) => faults.push(SettingsError::Placeholder { place: at() }),
                }
            }
            _ => {}
        }
    }
    let line = |fault: &SettingsError| match fault {
        SettingsError::Unset { place, .. } | SettingsError::Placeholder { place } => {
            (place.line, place.column)
        }
        _ => (0, 0),
    };
    if let Some(first) = faults.into_iter().min_by_key(line) {
        return Err(first);
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut bytes = document.bytes().to_vec();
    for (range, text) in edits {
        bytes.splice(range, text.into_bytes());
    }
    Ok((bytes, count))
}

enum Fault {
    Unset(String),
    Form,
}

fn filled(text: &str, variables: &dyn Fn(&str) -> Option<String>) -> Result<(String, usize), Fault> {
    let mut out = String::new();
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = after;
            continue;
        }
        out.push_str(before);
        let end = after.find('}').ok_or(Fault::Form)?;
        let name = &after[..end];
        if !is_name(name) {
            return Err(Fault::Form);
        }
        out.push_str(&variables(name).ok_or_else(|| Fault::Unset(name.to_owned()))?);
        count += 1;
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    Ok((out, count))
}

/// Whether what stands between `${` and `}` is a name.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, String> {
        let variables = |name: &str| (name == "FAB_URL").then(|| "https://x/\"\\".to_owned());
        let filled = fill("s.json", text.as_bytes().to_vec(), &variables);
        filled.map(|(bytes, _)| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_replaced_and_nothing_else() {
        assert_eq!(
            of("{ \"a\" : \"1${FAB_URL}2\",\r\n \"b\": [\"$${FAB_URL}\", \"$5\"] }").unwrap(),
            "{ \"a\" : \"1https://x/\\\"\\\\2\",\r\n \"b\": [\"${FAB_URL}\", \"$5\"] }"
        );
        assert_eq!(of("{\"a\":1.00}").unwrap(), "{\"a\":1.00}");
    }

    #[test]
    fn what_cannot_be_replaced_is_told_by_its_name_and_place() {
        assert_eq!(
            of("{\"a\":\"${FAB_URL}\",\n\"b\":\"${FAB_NONE}\"}").unwrap_err(),
            "s.json:2:5: the environment variable FAB_NONE is not set"
        );
        assert!(of("{\"a\":\"${FAB\"}").unwrap_err().contains("no name stands between ${ and }"));
        assert!(of("{\"a\":\"${}\"}").unwrap_err().contains("no name"));
        assert_eq!(
            of("{\"a\":\"x\",\n\"a\":\"${FAB_URL}\"}").unwrap_err(),
            "s.json:2:1: the key /a stands twice, first in line 1"
        );
    }
}
