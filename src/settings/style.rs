//! How a settings file is written: line ends, indentation, blanks. What is added to a file has its form.
//!
//! Read [`Style`] first.

use super::edit::{Members, indent_at};
use super::file::member;
use crate::json::Document;

/// How objects and arrays are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Style {
    /// The line end; none where the whole file is one line.
    new_line: Option<&'static str>,
    /// One step of indentation.
    unit: String,
    /// What stands between a name and its value.
    colon: String,
    /// What stands behind a comma on a line.
    gap: String,
    /// What stands inside of braces on a line.
    pad: String,
    /// Whether an item of a list has a line for each member.
    has_lines: bool,
}

impl Style {
    /// Two blanks a step, as in the files of `pac solution create-settings`.
    pub(super) fn usual() -> Self {
        Self {
            new_line: Some("\n"),
            unit: "  ".to_owned(),
            colon: ": ".to_owned(),
            gap: " ".to_owned(),
            pad: String::new(),
            has_lines: true,
        }
    }

    /// The style of a file; `examples` are the pointers of items, the best first.
    pub(super) fn of(document: &Document, examples: &[&str]) -> Self {
        let usual = Self::usual();
        let bytes = document.bytes();
        let Some(root) = document.range("") else { return usual };
        // In JSON a line feed stands between values only. One behind the end is no line of the file.
        let new_line = match memchr::memchr(b'\n', &bytes[root.clone()]) {
            Some(at) if at > 0 && bytes[root.start + at - 1] == b'\r' => Some("\r\n"),
            Some(_) => Some("\n"),
            None => None,
        };
        let shown = examples.iter().find_map(|item| Shown::of(document, item));
        let outermost = Shown::of(document, "");
        let outside = indent_at(document, root.start);
        let unit = outermost
            .as_ref()
            .filter(|_| new_line.is_some())
            .and_then(|members| indent_at(document, members.first).strip_prefix(outside))
            .filter(|unit| !unit.is_empty());
        let any = shown.as_ref().or(outermost.as_ref());
        let colon = any.map_or(if new_line.is_some() { ": " } else { ":" }, |members| &members.colon);
        let on_line =
            |blanks: Option<&str>| blanks.filter(|blanks| !blanks.contains('\n')).map(str::to_owned);
        Self {
            new_line,
            unit: unit.map_or(usual.unit, str::to_owned),
            gap: on_line(any.and_then(|members| members.gap.as_deref()))
                .unwrap_or_else(|| if colon.ends_with(' ') { " " } else { "" }.to_owned()),
            pad: on_line(any.map(|members| &*members.pad)).unwrap_or_default(),
            has_lines: new_line.is_some() && shown.as_ref().is_none_or(|members| members.pad.contains('\n')),
            colon: colon.to_owned(),
        }
    }

    /// One step further in.
    pub(super) fn deeper(&self, indent: &str) -> String {
        format!("{indent}{}", self.unit)
    }

    /// What stands behind a comma on a line.
    pub(super) fn gap(&self) -> &str {
        &self.gap
    }

    /// What stands between a bracket and what is on a line of its own.
    pub(super) fn between(&self, indent: &str) -> String {
        self.new_line.map_or_else(|| self.pad.clone(), |new_line| format!("{new_line}{indent}"))
    }

    /// What stands behind a comma.
    pub(super) fn behind_comma(&self, indent: &str) -> String {
        self.new_line.map_or_else(|| self.gap.clone(), |new_line| format!("{new_line}{indent}"))
    }

    /// An object of texts, the first line not indented.
    pub(super) fn object(&self, members: &[(&str, String)], indent: &str) -> String {
        let inner = self.deeper(indent);
        let (open, comma, close) = match self.new_line.filter(|_| self.has_lines) {
            Some(new_line) => {
                let line = format!("{new_line}{inner}");
                (line.clone(), format!(",{line}"), format!("{new_line}{indent}"))
            }
            None => (self.pad.clone(), format!(",{}", self.gap), self.pad.clone()),
        };
        let members: Vec<String> = members
            .iter()
            .map(|(name, text)| format!("\"{name}\"{}{}", self.colon, serde_json::Value::from(text.as_str())))
            .collect();
        format!("{{{open}{}{close}}}", members.join(&comma))
    }

    /// An array of objects.
    pub(super) fn array(&self, items: &[Members<'_>], indent: &str) -> String {
        if items.is_empty() {
            return "[]".to_owned();
        }
        let inner = self.deeper(indent);
        let rows: Vec<String> = items.iter().map(|item| self.object(item, &inner)).collect();
        match self.new_line {
            Some(new_line) => {
                format!("[{new_line}{inner}{}{new_line}{indent}]", rows.join(&format!(",{new_line}{inner}")))
            }
            None => format!("[{}{}{}]", self.pad, rows.join(&format!(",{}", self.gap)), self.pad),
        }
    }

    /// A member of the outermost object.
    pub(super) fn member(&self, name: &str, items: &[Members<'_>], outside: &str) -> String {
        format!("\"{name}\"{}{}", self.colon, self.array(items, &self.deeper(outside)))
    }
}

/// What the first members of an object show.
struct Shown {
    /// Where the first name starts.
    first: usize,
    /// Between the brace and the first name.
    pad: String,
    /// Between the first name and its value.
    colon: String,
    /// Between the comma behind the first member and the second name.
    gap: Option<String>,
}

impl Shown {
    fn of(document: &Document, pointer: &str) -> Option<Self> {
        let text = std::str::from_utf8(document.bytes()).ok()?;
        let whole = document.range(pointer)?;
        let value = document.value().pointer(pointer)?.as_object()?;
        let mut starts: Vec<(usize, String)> = value
            .keys()
            .map(|name| member(pointer, name))
            .filter_map(|member| Some((document.position_of_key(&member)?.offset, member)))
            .collect();
        starts.sort_unstable();
        let (first, pointer) = starts.first()?;
        let range = document.range(pointer)?;
        // The name ends with the last quote in front of its value.
        let name_end = first + text[*first..range.start].rfind('"')? + 1;
        let gap = starts.get(1).and_then(|(second, _)| {
            let between = &text[range.end..*second];
            Some(between[between.find(',')? + 1..].to_owned())
        });
        Some(Self {
            first: *first,
            pad: text[whole.start + 1..*first].to_owned(),
            colon: text[name_end..range.start].to_owned(),
            gap,
        })
    }
}
