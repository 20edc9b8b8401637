//! Members of a file that nothing was read from.

use serde_json::Value;

use crate::json::push_pointer;

/// Values have their text in a member that is read and never written again.
const VALUES: [&str; 3] = ["default", "packaged", "value"];

/// The JSON pointer of the first member of `given` that `understood`, which is what was read of it written again, lacks.
/// What says nothing (null, false, an empty list) may be left out there.
pub(super) fn unknown(given: &Value, understood: &Value) -> Option<String> {
    let mut pending = vec![(String::new(), "", given, understood)];
    while let Some((pointer, name, given, understood)) = pending.pop() {
        match (given, understood) {
            (Value::Object(given), Value::Object(understood)) => {
                for (member, value) in given {
                    let mut pointer = pointer.clone();
                    push_pointer(&mut pointer, member);
                    match understood.get(member) {
                        Some(other) => pending.push((pointer, member, value, other)),
                        None if says_nothing(value) => {}
                        None if member == "text" && VALUES.contains(&name) => {}
                        None => return Some(pointer),
                    }
                }
            }
            (Value::Array(given), Value::Array(understood)) => {
                for (at, (value, other)) in given.iter().zip(understood).enumerate() {
                    pending.push((format!("{pointer}/{at}"), name, value, other));
                }
            }
            _ => {}
        }
    }
    None
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(says) => !says,
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) | Value::String(_) => false,
    }
}
