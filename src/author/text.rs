//! Edits of XML text: rows put in and taken out, every other byte as it was.
//!
//! Read [`XmlText`] first; [`Markup`] is a row that is written. A row that is put in takes the line ends and the indentation
//! of what is around it, and taking it out gives the bytes from before.

use std::borrow::Cow;
use std::ops::Range;

use super::names::with_line_feeds;
use crate::xml::{Document, Element};

/// An element that is to be written: its own tag, and either text or elements inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Markup {
    name: Cow<'static, str>,
    attributes: Vec<(Cow<'static, str>, String)>,
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Empty,
    Text(String),
    Elements(Vec<Markup>),
    /// The whole element as it is written elsewhere.
    Copied(String),
}

impl Markup {
    /// An element with nothing inside: `<name />`.
    pub(crate) fn empty(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), attributes: Vec::new(), content: Content::Empty }
    }

    /// An element with text inside.
    pub(crate) fn text(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), ..Self::empty(name) }
    }

    /// An element with elements inside.
    pub(crate) fn of(name: impl Into<Cow<'static, str>>, inside: Vec<Self>) -> Self {
        Self { content: Content::Elements(inside), ..Self::empty(name) }
    }

    /// An element as it is written in another file of the same indentation.
    pub(super) fn copied(text: &str) -> Self {
        Self { content: Content::Copied(text.replace("\r\n", "\n")), ..Self::empty("") }
    }

    /// The same with one more attribute.
    pub(crate) fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// The text inside, where it is text and there are no attributes.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) if self.attributes.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The element in lines, the first one not indented.
    pub(crate) fn lines(&self, new_line: &str, indent: &str) -> String {
        let mut out = String::new();
        self.write(&mut out, new_line, indent);
        out
    }

    // As deep as the code that makes it.
    fn write(&self, out: &mut String, new_line: &str, indent: &str) {
        if let Content::Copied(text) = &self.content {
            out.push_str(&text.replace('\n', new_line));
            return;
        }
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(out, value, new_line, true);
            out.push('"');
        }
        match &self.content {
            Content::Empty | Content::Copied(_) => out.push_str(" />"),
            Content::Text(text) => {
                out.push('>');
                escape(out, text, new_line, false);
                self.close(out);
            }
            Content::Elements(inside) => {
                out.push('>');
                let deeper = format!("{indent}  ");
                for element in inside {
                    out.push_str(new_line);
                    out.push_str(&deeper);
                    element.write(out, new_line, &deeper);
                }
                out.push_str(new_line);
                out.push_str(indent);
                self.close(out);
            }
        }
    }

    fn close(&self, out: &mut String) {
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// Text as the platform's exports escape it. A line break in text becomes one of the file's.
fn escape(out: &mut String, text: &str, new_line: &str, is_attribute: bool) {
    for character in with_line_feeds(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if is_attribute => out.push_str("&quot;"),
            '\n' if is_attribute => out.push_str("&#xA;"),
            '\t' if is_attribute => out.push_str("&#x9;"),
            '\n' => out.push_str(new_line),
            other => out.push(other),
        }
    }
}

/// The characters that no XML can hold.
pub(super) fn is_xml_text(text: &str) -> bool {
    text.chars().all(|character| match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ',
    })
}

/// A document and the edits that are made to its text.
#[derive(Debug)]
pub(crate) struct XmlText<'d> {
    document: &'d Document,
    edits: Vec<(Range<usize>, String)>,
}

impl<'d> XmlText<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self { document, edits: Vec::new() }
    }

    /// The line end of the document; CRLF, as in exports, where it has none.
    pub(crate) fn new_line(&self) -> &'static str {
        let bytes = self.document.bytes();
        match memchr::memchr(b'\n', bytes) {
            Some(at) if at == 0 || bytes[at - 1] != b'\r' => "\n",
            _ => "\r\n",
        }
    }

    /// The blanks in front of an element on its line; none when something else stands there.
    fn indent_of(&self, element: Element<'_>) -> Option<&'d str> {
        let before = &self.document.bytes()[..element.offset()];
        let start = before.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |at| at + 1);
        let is_line = start == 0 || before[start - 1] == b'\n';
        if is_line { std::str::from_utf8(&before[start..]).ok() } else { None }
    }

    /// The blanks and line ends in front of an offset.
    fn blanks_before(&self, offset: usize) -> &'d str {
        let before = &self.document.bytes()[..offset];
        let start = before.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
        std::str::from_utf8(&before[start..]).unwrap_or_default()
    }

    /// The indentation of what is inside an element.
    fn indent_inside(&self, parent: Element<'_>) -> String {
        match parent.children().next().and_then(|child| self.indent_of(child)) {
            Some(indent) => indent.to_owned(),
            None => format!("{}  ", self.indent_of(parent).unwrap_or_default()),
        }
    }

    /// Puts an element inside `parent`, in front of its child `before`, or last.
    pub(super) fn insert(&mut self, parent: Element<'_>, before: Option<Element<'_>>, markup: &Markup) {
        let new_line = self.new_line();
        let indent = self.indent_inside(parent);
        let row = markup.lines(new_line, &indent);
        // The same blanks as in front of the row beside it, so that taking the row out again leaves what was there.
        if let Some(before) = before {
            let blanks = self.blanks_before(before.offset());
            self.replace(before.offset()..before.offset(), format!("{row}{blanks}"));
            return;
        }
        if let Some(last) = parent.children().last() {
            let end = last.range().end;
            let blanks = self.blanks_before(last.offset());
            self.replace(end..end, format!("{blanks}{row}"));
            return;
        }
        let outside = self.indent_of(parent).unwrap_or_default();
        let row = format!("{new_line}{indent}{row}{new_line}{outside}");
        if parent.is_empty_tag() {
            let end = parent.range().end;
            let tag = &self.document.bytes()[parent.range()];
            let blanks =
                tag[..tag.len() - 2].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.replace(end - 2 - blanks..end, format!(">{row}</{}>", parent.name()));
        } else {
            // Only blanks, comments or text are inside: they stay in front.
            let end = parent.inner_range().end;
            let inside = &self.document.bytes()[parent.inner_range()];
            let blanks = inside.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.replace(end - blanks..end, row);
        }
    }

    /// Puts the first row into a section that is there and empty, which no export has. The closing tag stands right behind the
    /// row: by that [`XmlText::remove_row`] knows that the section is to stay.
    pub(super) fn insert_first(&mut self, section: Element<'_>, row: &Markup) {
        let new_line = self.new_line();
        let indent = self.indent_inside(section);
        let row = row.lines(new_line, &indent);
        let end = section.range().end;
        let from = if section.is_empty_tag() {
            let tag = &self.document.bytes()[section.range()];
            let blanks =
                tag[..tag.len() - 2].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            end - 2 - blanks
        } else {
            section.inner_range().start - 1
        };
        self.replace(from..end, format!(">{new_line}{indent}{row}</{}>", section.name()));
    }

    /// Takes an element out, with the blanks in front of it.
    pub(super) fn remove(&mut self, element: Element<'_>) {
        let range = element.range();
        let blanks = self.blanks_before(range.start).len();
        self.replace(range.start - blanks..range.end, String::new());
    }

    /// Makes an element `<name />`, its attributes kept.
    pub(super) fn empty(&mut self, element: Element<'_>) {
        let inner = element.inner_range();
        if !element.is_empty_tag() {
            self.replace(inner.start - 1..element.range().end, " />".to_owned());
        }
    }

    /// Takes out one of the rows of a section; without it, nothing is left, the whole section or what is inside goes.
    pub(super) fn remove_row(&mut self, section: Element<'_>, row: Element<'_>, without_rows: WithoutRows) {
        let is_alone = section.children().count() == 1
            && section.nodes().all(|node| {
                node.element.is_some()
                    || self.document.bytes()[node.range].iter().all(u8::is_ascii_whitespace)
            });
        let was_there = row.range().end == section.inner_range().end
            && self.blanks_before(row.range().start).contains('\n');
        match without_rows {
            _ if !is_alone => self.remove(row),
            WithoutRows::Gone if was_there => self.empty(section),
            WithoutRows::Gone => self.remove(section),
            WithoutRows::EmptyTag => self.empty(section),
        }
    }

    /// Replaces the text inside an element.
    pub(crate) fn set_text(&mut self, element: Element<'_>, text: &str) {
        let mut escaped = String::new();
        escape(&mut escaped, text, self.new_line(), false);
        if element.is_empty_tag() {
            let end = element.range().end;
            let tag = &self.document.bytes()[element.range()];
            let blanks =
                tag[..tag.len() - 2].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.replace(end - 2 - blanks..end, format!(">{escaped}</{}>", element.name()));
        } else {
            self.replace(element.inner_range(), escaped);
        }
    }

    /// Replaces an element.
    pub(super) fn replace_element(&mut self, element: Element<'_>, markup: &Markup) {
        let indent = self.indent_of(element).unwrap_or_default().to_owned();
        let lines = markup.lines(self.new_line(), &indent);
        self.replace(element.range(), lines);
    }

    /// Replaces the value of an attribute; false when there is none of that name.
    pub(crate) fn set_attribute(&mut self, element: Element<'_>, name: &str, value: &str) -> bool {
        let Some(attribute) = element.attributes().find(|attribute| attribute.name == name) else {
            return false;
        };
        let mut escaped = String::new();
        escape(&mut escaped, value, self.new_line(), true);
        // The other kind of quote around it stays: an apostrophe must not end the value.
        if self.document.bytes()[attribute.value_offset - 1] == b'\'' {
            escaped = escaped.replace('\'', "&apos;");
        }
        let range = attribute.value_offset..attribute.value_offset + attribute.raw_value.len();
        self.replace(range, escaped);
        true
    }

    /// Replaces a range of the document.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: String) {
        self.edits.push((range, text));
    }

    /// The bytes with all edits.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let bytes = self.document.bytes();
        let mut out =
            Vec::with_capacity(bytes.len() + self.edits.iter().map(|(_, text)| text.len()).sum::<usize>());
        let mut at = 0;
        for (range, text) in &self.edits {
            debug_assert!(range.start >= at, "edits overlap");
            out.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
            out.extend_from_slice(text.as_bytes());
            at = range.end;
        }
        out.extend_from_slice(&bytes[at..]);
        out
    }
}

/// What becomes of a section whose last row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutRows {
    /// No export writes it without rows.
    Gone,
    /// Every export writes it, as `<section />`.
    EmptyTag,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn document(text: &str) -> Document {
        Document::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap()
    }

    fn row(key: &str) -> Markup {
        Markup::of("row", vec![Markup::text("name", "a < b & \"c\"")]).with("key", key)
    }

    fn inserted(text: &str, before: Option<usize>) -> String {
        let document = document(text);
        let section = document.root().child("rows").unwrap();
        let mut edited = XmlText::new(&document);
        let before = before.and_then(|at| section.children().nth(at));
        edited.insert(section, before, &row("x"));
        String::from_utf8(edited.finish()).unwrap()
    }

    fn removed(text: &str, without_rows: WithoutRows) -> String {
        let document = document(text);
        let section = document.root().child("rows").unwrap();
        let row = section.children().find(|row| row.attribute("key").as_deref() == Some("x")).unwrap();
        let mut edited = XmlText::new(&document);
        edited.remove_row(section, row, without_rows);
        String::from_utf8(edited.finish()).unwrap()
    }

    #[test]
    fn a_row_takes_the_form_of_what_is_around_it() {
        let text = "<a>\r\n  <rows>\r\n    <row key=\"k\" />\r\n  </rows>\r\n</a>";
        assert_eq!(
            inserted(text, None),
            "<a>\r\n  <rows>\r\n    <row key=\"k\" />\r\n    <row key=\"x\">\r\n      <name>a &lt; b &amp; \"c\"</name>\r\n    </row>\r\n  </rows>\r\n</a>"
        );
        assert_eq!(
            inserted("<a>\n\t<rows />\n</a>", None),
            "<a>\n\t<rows>\n\t  <row key=\"x\">\n\t    <name>a &lt; b &amp; \"c\"</name>\n\t  </row>\n\t</rows>\n</a>"
        );
    }

    #[test]
    fn taking_out_gives_the_bytes_from_before() {
        let full = "<a>\r\n  <rows>\r\n    <row key=\"k\" />\r\n    <row key=\"m\" />\r\n  </rows>\r\n</a>";
        for (text, before) in [
            (full, Some(0)),
            (full, Some(1)),
            (full, None),
            ("<a><rows><row/></rows></a>", Some(0)),
            ("<a><rows><row/></rows></a>", None),
            ("<a>\n<rows />\n</a>", None),
        ] {
            assert_eq!(removed(&inserted(text, before), WithoutRows::EmptyTag), text, "{before:?}");
        }
        assert_eq!(
            removed("<a>\n  <x />\n  <rows>\n    <row key='x' />\n  </rows>\n</a>", WithoutRows::Gone),
            "<a>\n  <x />\n</a>"
        );
    }

    #[test]
    fn a_section_that_was_there_without_rows_is_there_again() {
        for text in ["<a>\r\n  <rows />\r\n</a>", "<a>\n\t<rows />\n\t<z />\n</a>"] {
            let document = document(text);
            let mut edited = XmlText::new(&document);
            edited.insert_first(document.root().child("rows").unwrap(), &row("x"));
            let inserted = String::from_utf8(edited.finish()).unwrap();
            assert!(inserted.contains("</row></rows>"), "{inserted}");
            assert_eq!(removed(&inserted, WithoutRows::Gone), text);
        }
    }

    #[test]
    fn texts_are_replaced_and_nothing_else() {
        let document = document("<a v='1' w=\"2\"><b>old</b><c /></a>");
        let root = document.root();
        let mut edited = XmlText::new(&document);
        assert!(edited.set_attribute(root, "v", "it's"));
        assert!(!edited.set_attribute(root, "none", "x"));
        edited.set_text(root.child("b").unwrap(), "n&w");
        edited.set_text(root.child("c").unwrap(), "1");
        assert_eq!(edited.finish(), b"<a v='it&apos;s' w=\"2\"><b>n&amp;w</b><c>1</c></a>");
    }

    #[test]
    fn a_section_with_a_comment_is_not_taken_for_empty() {
        let text = "<a>\n  <rows>\n    <!-- mine -->\n    <row key='x' />\n  </rows>\n</a>";
        assert_eq!(removed(text, WithoutRows::Gone), "<a>\n  <rows>\n    <!-- mine -->\n  </rows>\n</a>");
    }
}
