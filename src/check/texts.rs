//! The texts in the files of flows, each with its place: the strings of a JSON file, the lines of a desktop script.
//!
//! Read [`strings`] first. What a text means is for the rules.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::Value;

use super::subject::Subject;
use crate::json::push_pointer;
use crate::model::{Component, JsonPart, Place, XmlPart};
use crate::xml::Element;

/// Every string of a file that is a value, not a key, with its JSON pointer.
pub(super) fn strings(part: &JsonPart) -> impl Iterator<Item = (String, &str)> {
    strings_of(part.document.value(), "")
}

const DEFINITION: &str = "/properties/definition";

const PARAMETERS: &str = "/properties/definition/parameters";

/// Every string that the actions and triggers of a cloud flow work with: their inputs, conditions and loops, and the
/// defaults of the flow's own parameters. Not what describes them, nor the default of an environment variable.
pub(super) fn given(part: &JsonPart) -> impl Iterator<Item = (String, &str)> {
    let is_own = |name: &str| {
        let parameter = part.document.value().pointer(&format!("{PARAMETERS}/{name}"));
        parameter.is_some_and(|parameter| parameter.pointer("/metadata/schemaName").is_none())
    };
    let sections = ["/properties/definition/triggers", "/properties/definition/actions", PARAMETERS];
    let values = sections.into_iter().filter_map(|at| Some((at, part.document.value().pointer(at)?)));
    let texts = values.flat_map(|(at, value)| strings_of(value, at));
    texts.filter(move |(pointer, _)| is_given(&pointer[DEFINITION.len() + 1..], &is_own))
}

/// Whether a pointer, from `triggers`, `actions` or `parameters` on, leads into what an action works with.
fn is_given(pointer: &str, is_own_parameter: &dyn Fn(&str) -> bool) -> bool {
    let mut steps = pointer.split('/');
    if let Some(parameter) = pointer.strip_prefix("parameters/") {
        let (name, member) = parameter.split_once('/').unwrap_or_default();
        return member.split('/').next() == Some("defaultValue") && is_own_parameter(name);
    }
    let mut next = steps.next();
    while let Some(step) = next {
        next = match step {
            // What follows is a name, and then a member of what has it.
            "triggers" | "actions" | "cases" => steps.nth(1),
            "else" | "default" => steps.next(),
            _ => return ["inputs", "expression", "foreach", "conditions", "limit", "case"].contains(&step),
        };
    }
    false
}

/// Every string in a value, the pointers beginning with that of the value. The depth is the input's: no recursion.
pub(super) fn strings_of<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (String, &'v str)> {
    let mut pointer = pointer.to_owned();
    let mut open: Vec<(usize, Members<'v>)> = Vec::new();
    let mut next = Some(value);
    std::iter::from_fn(move || {
        loop {
            match next.take() {
                Some(Value::String(text)) => return Some((pointer.clone(), text.as_str())),
                Some(Value::Object(members)) => open.push((pointer.len(), Members::Object(members.iter()))),
                Some(Value::Array(items)) => {
                    open.push((pointer.len(), Members::Array(items.iter().enumerate())))
                }
                _ => {}
            }
            let (length, members) = open.last_mut()?;
            pointer.truncate(*length);
            match members.push_next(&mut pointer) {
                Some(inside) => next = Some(inside),
                None => {
                    open.pop();
                }
            }
        }
    })
}

/// What is left of an object or array.
enum Members<'v> {
    Object(serde_json::map::Iter<'v>),
    Array(std::iter::Enumerate<std::slice::Iter<'v, Value>>),
}

impl<'v> Members<'v> {
    /// The next value; its step goes behind the pointer.
    fn push_next(&mut self, pointer: &mut String) -> Option<&'v Value> {
        match self {
            Self::Object(members) => {
                let (name, value) = members.next()?;
                push_pointer(pointer, name);
                Some(value)
            }
            Self::Array(items) => {
                let (at, value) = items.next()?;
                push_pointer(pointer, &at.to_string());
                Some(value)
            }
        }
    }
}

/// One kind of what flows name and belongs to one environment.
pub(super) struct Names {
    /// One of these stands in every file that names something, so that most files are not looked through.
    pub(super) hints: &'static [&'static str],
    /// The names in a text. Behind it what the text is called: the member of JSON, or the name beside a value.
    pub(super) find: for<'t> fn(&'t str, &str) -> Vec<&'t str>,
}

impl Names {
    /// Looks through what the actions of cloud flows work with and through the scripts of desktop flows. Calls `tell` once
    /// for each flow and name, with the first place and the number of places.
    pub(super) fn each(&self, subject: &Subject<'_>, tell: &mut dyn FnMut(&Component, &str, Place, usize)) {
        let is_hinted = |bytes: &[u8]| {
            self.hints.iter().any(|hint| memchr::memmem::find(bytes, hint.as_bytes()).is_some())
        };
        for (component, _) in subject.cloud_flows() {
            let Some(part) = subject.flow(&component.key) else { continue };
            if !is_hinted(part.document.bytes()) {
                continue;
            }
            let mut found: IndexMap<String, (String, usize)> = IndexMap::new();
            for (pointer, text) in given(part) {
                for name in (self.find)(text, member(part, &pointer)) {
                    found.entry(name.to_ascii_lowercase()).or_insert_with(|| (pointer.clone(), 0)).1 += 1;
                }
            }
            for (name, (pointer, places)) in found {
                tell(component, &name, part.place(&pointer), places);
            }
        }
        for (component, _) in subject.desktop_flows() {
            let column = subject.process(&component.key).and_then(|row| row.child("Definition"));
            let bytes = subject.customizations.document.bytes();
            if !column.is_some_and(|column| bytes.get(column.inner_range()).is_some_and(is_hinted)) {
                continue;
            }
            let Some(script) = subject.script(&component.key) else { continue };
            let mut found: IndexMap<String, (Place, usize)> = IndexMap::new();
            for line in script.lines().iter().filter(|line| !line.is_comment) {
                for name in (self.find)(&line.text, "") {
                    let entry = found.entry(name.to_ascii_lowercase());
                    entry.or_insert_with(|| (script.place(line, name), 0)).1 += 1;
                }
            }
            for (name, (place, places)) in found {
                tell(component, &name, place, places);
            }
        }
    }
}

/// What a value is called: its member, or for the `value` of a variable the `name` beside it.
fn member<'p>(part: &'p JsonPart, pointer: &'p str) -> &'p str {
    let (object, member) = pointer.rsplit_once('/').unwrap_or_default();
    let beside = || part.document.value().pointer(object)?.get("name")?.as_str();
    match member {
        "value" => beside().unwrap_or(member),
        // Of a parameter.
        "defaultValue" => object.rsplit('/').next().unwrap_or(member),
        _ => member,
    }
}

/// The script of a desktop flow: a column of XML that holds one JSON string.
pub(super) struct Script<'s> {
    part: &'s XmlPart,
    column: Element<'s>,
    lines: Vec<ScriptLine>,
}

/// One line of a script.
pub(super) struct ScriptLine {
    /// As a person sees it.
    pub(super) text: String,
    /// It does nothing: all of it is a comment.
    pub(super) is_comment: bool,
    /// Its bytes in the XML, escaped for JSON and then for XML.
    raw: Range<usize>,
}

impl<'s> Script<'s> {
    /// Reads the column `Definition`; none when it holds no JSON string, which is reported already.
    pub(super) fn read(part: &'s XmlPart, column: Element<'s>) -> Option<Self> {
        let Ok(Value::String(script)) = serde_json::from_str(&column.text()) else { return None };
        let inner = column.inner_range();
        let mut raw = raw_lines(part.document.bytes().get(inner.clone())?, inner.start).into_iter();
        let mut in_comment = false;
        let lines = script.split('\n').map(|text| {
            let text = text.trim_end_matches('\r');
            let statement = text.trim();
            let is_comment = in_comment || statement.starts_with('#') || statement.starts_with("/#");
            in_comment = (in_comment || statement.starts_with("/#")) && !statement.ends_with("#/");
            ScriptLine { text: text.to_owned(), is_comment, raw: raw.next().unwrap_or(inner.clone()) }
        });
        let lines = lines.collect();
        Some(Self { part, column, lines })
    }

    /// All lines in order.
    pub(super) fn lines(&self) -> &[ScriptLine] {
        &self.lines
    }

    /// Where a piece of a line stands; where the line starts when the piece is written in another way there.
    pub(super) fn place(&self, line: &ScriptLine, piece: &str) -> Place {
        let Some(raw) = self.part.document.bytes().get(line.raw.clone()) else {
            return self.part.place(self.column);
        };
        let at = memchr::memmem::find(raw, piece.as_bytes()).unwrap_or_default();
        self.part.place_at(line.raw.start + at)
    }
}

/// The lines of a JSON string by its `\n`, which XML writes as they are.
fn raw_lines(bytes: &[u8], start: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let escaped = at + found + 1;
        at = (escaped + 1).min(bytes.len());
        if bytes.get(escaped) == Some(&b'n') {
            lines.push(start + from..start + escaped - 1);
            from = at;
        }
    }
    lines.push(start + from..start + bytes.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    #[test]
    fn every_string_has_its_pointer() {
        let value = serde_json::json!({"a": ["x", {"b/c": "y"}, []], "d": 1, "e": {"f": "z"}});
        let found: Vec<(String, &str)> = strings_of(&value, "/in").collect();
        let found: Vec<(&str, &str)> =
            found.iter().map(|(pointer, text)| (pointer.as_str(), *text)).collect();
        assert_eq!(found, [("/in/a/0", "x"), ("/in/a/1/b~1c", "y"), ("/in/e/f", "z")]);
        assert_eq!(strings_of(&Value::from("x"), "").collect::<Vec<_>>(), [(String::new(), "x")]);
    }

    #[test]
    fn what_actions_work_with() {
        let is_given = |pointer: &str| is_given(pointer, &|name| name == "own");
        for pointer in [
            "triggers/T/inputs/parameters/x",
            "triggers/T/conditions/0/expression",
            "actions/A/inputs",
            "actions/inputs/expression/and/0/equals/1",
            "actions/S/actions/A/inputs/uri",
            "actions/C/else/actions/A/foreach",
            "actions/W/cases/One/case",
            "actions/W/cases/One/actions/A/inputs/x",
            "actions/W/default/actions/A/inputs/x",
            "parameters/own/defaultValue/deep",
        ] {
            assert!(is_given(pointer), "{pointer}");
        }
        for pointer in [
            "actions/A/description",
            "actions/inputs/metadata/x",
            "actions/expression/runAfter/inputs/0",
            "actions/A",
            "actions",
            "parameters/own/metadata/description",
            "parameters/other/defaultValue",
            "parameters",
        ] {
            assert!(!is_given(pointer), "{pointer}");
        }
    }

    #[test]
    fn lines_of_a_script_have_their_places() {
        let text = "<r>\n<Definition>\"# no\\r\\nSET A TO &quot;\\\\n&quot;\\n/# one\\ntwo #/\\nEND\"</Definition></r>"
            .replace("&quot;", "\\&quot;");
        let document = xml::Document::parse(text.into_bytes(), &xml::Limits::default()).unwrap();
        let part = XmlPart::alone("c.xml", document);
        let script = Script::read(&part, part.document.root().child("Definition").unwrap()).unwrap();
        let lines: Vec<(&str, bool)> =
            script.lines().iter().map(|line| (line.text.as_str(), line.is_comment)).collect();
        assert_eq!(
            lines,
            [("# no", true), ("SET A TO \"\\n\"", false), ("/# one", true), ("two #/", true), ("END", false)]
        );
        let place = |at: usize, piece| script.place(&script.lines()[at], piece).to_string();
        assert_eq!((place(1, "A TO"), place(4, "END")), ("c.xml:2:26".to_owned(), "c.xml:2:66".to_owned()));
    }
}
