//! What no output shows of a whole file: secrets, names of accounts, where vaults are, and the values and defaults of variables, whose text may
//! be anything. One place knows them, for excerpts and for diffs.
//!
//! Read [`HiddenText`] first.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

use super::account_text::account_ranges;
use super::key_vault_text::vault_place_ranges;
use super::masked::MASK;
use super::secret_name::is_hidden_field;
use super::secret_text::secret_ranges;
use super::unread_json;

/// Where values of variables stand in a file.
#[derive(Debug)]
pub(crate) struct HiddenText {
    values: Vec<Range<usize>>,
}

impl HiddenText {
    /// Looks through the text of a file; its name tells in which form values stand in it.
    pub(crate) fn new(text: &str, file: &str) -> Self {
        if file.to_ascii_lowercase().ends_with(".json") && !is_readable(text) {
            return Self::of_unread_json(text);
        }
        Self { values: value_ranges(text, file) }
    }

    /// Of a text of JSON that cannot be read, or one that is compared with such a text: there no value is shown.
    fn of_unread_json(text: &str) -> Self {
        Self { values: unread_json::value_ranges(text) }
    }

    /// What is hidden in a piece of the text, counted from where the piece starts; in order, none inside another.
    pub(crate) fn ranges(&self, text: &str, piece: Range<usize>) -> Vec<Range<usize>> {
        let part = &text[piece.clone()];
        let mut ranges = secret_ranges(part);
        ranges.extend(account_ranges(part));
        ranges.extend(vault_place_ranges(part));
        let first = self.values.partition_point(|value| value.end <= piece.start);
        let within = self.values[first..].iter().take_while(|value| value.start < piece.end);
        ranges.extend(
            within.map(|value| {
                value.start.max(piece.start) - piece.start..value.end.min(piece.end) - piece.start
            }),
        );
        merged(ranges)
    }
}

fn is_readable(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The whole text of a file, masked; it has the same lines as before.
pub fn masked_file(text: &str, file: &str) -> String {
    masked(text, &HiddenText::new(text, file))
}

/// A text of JSON without any value, as far as it can be told; it has the same lines as before.
pub(crate) fn masked_unread_json(text: &str) -> String {
    masked(text, &HiddenText::of_unread_json(text))
}

fn masked(text: &str, hidden: &HiddenText) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for hidden in hidden.ranges(text, 0..text.len()) {
        shown.push_str(&text[from..hidden.start]);
        for line in text[hidden.clone()].split_inclusive(['\r', '\n']) {
            let words = line.trim_end_matches(['\r', '\n']);
            if !words.is_empty() {
                shown.push_str(MASK);
            }
            shown.push_str(&line[words.len()..]);
        }
        from = hidden.end;
    }
    shown.push_str(&text[from..]);
    shown
}

/// A name of a part, an action or a file, without what no output shows.
pub(crate) fn hidden_name(name: &str) -> Cow<'_, str> {
    // What hides something has one of these; a short word hides nothing.
    let may_hide = name.len() >= 20 || name.contains(['\\', '@', '=', ':', '~']);
    if may_hide { Cow::Owned(masked_file(name, "")) } else { Cow::Borrowed(name) }
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The texts of values of variables, in order, none inside another.
fn value_ranges(text: &str, file: &str) -> Vec<Range<usize>> {
    let file = file.to_ascii_lowercase();
    // A file that holds nothing but values.
    let is_apart = file.ends_with("environmentvariablevalues.json")
        || file.ends_with("environment_variable_values.json");
    let member = if is_apart { "\"value\"" } else { "\"defaultvalue\"" };
    let small = text.to_ascii_lowercase();
    let mut ranges = behind(&small, member, json_value);
    ranges.extend(behind(&small, XML_START, xml_value));
    ranges.extend(named_values(&small));
    merged(ranges)
}

/// So far before a value the name beside it is looked for.
const NEAR: usize = 512;

/// `{"name":"Password","type":"string","value":"x"}`: values of variables, headers and fields that are called after a secret.
fn named_values(small: &str) -> Vec<Range<usize>> {
    const VALUE: &str = "\"value\"";
    let is_named = |at: usize| {
        let before = &small[small.ceil_char_boundary(at.saturating_sub(NEAR))..at];
        let members = &before[before.rfind('{').map_or(0, |at| at + 1)..];
        ["\"name\"", "\"key\""].iter().any(|name| {
            let value = members.split_once(name).and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
            let text = value.and_then(|value| value.trim_start().strip_prefix('"'));
            text.and_then(|text| text.split_once('"')).is_some_and(|(name, _)| is_hidden_field(name))
        })
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memmem::find_iter(small.as_bytes(), VALUE) {
        if found.last().is_some_and(|last| at < last.end) || !is_named(at) {
            continue;
        }
        // What is known at run time only is no secret, and tells what a flow does.
        let value = json_value(small, at + VALUE.len());
        found.extend(value.filter(|value| !small[value.clone()].starts_with('@')));
    }
    found
}

/// What stands behind each of these words. What is inside of a value is not looked at, so that a text is read once.
fn behind(small: &str, word: &str, value: fn(&str, usize) -> Option<Range<usize>>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for start in memchr::memmem::find_iter(small.as_bytes(), word) {
        if start < at {
            continue;
        }
        if let Some(range) = value(small, start + word.len()) {
            at = range.end;
            found.push(range);
        }
    }
    found
}

const XML_START: &str = "<defaultvalue";
const XML_END: &str = "</defaultvalue";

/// Everything up to the end tag, be it text, CDATA or more elements.
fn xml_value(small: &str, from: usize) -> Option<Range<usize>> {
    let rest = &small[from..];
    if !rest.starts_with(|next: char| next == '>' || next.is_whitespace()) {
        return None;
    }
    let tag_end = rest.find(['<', '>'])?;
    if rest[..tag_end].ends_with('/') || rest[tag_end..].starts_with('<') {
        return None;
    }
    let start = from + tag_end + 1;
    let end = small[start..].find(XML_END).map_or(small.len(), |end| start + end);
    (end > start).then_some(start..end)
}

/// The value of a member, of any kind; a text without its quotes. One that is cut off reaches to the end.
fn json_value(small: &str, from: usize) -> Option<Range<usize>> {
    let value = small[from..].trim_start().strip_prefix(':')?.trim_start();
    let start = small.len() - value.len();
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<IgnoredAny>();
    let end = match values.next() {
        Some(Ok(_)) => start + values.byte_offset(),
        _ => small.len(),
    };
    let is_whole = |quote: &str| end - start > 1 && small[start..end].ends_with(quote);
    let range = match value.strip_prefix('"') {
        Some(_) if is_whole("\"") => start + 1..end - 1,
        Some(_) => start + 1..end,
        None if matches!(&small[start..end], "null" | "{}" | "[]") => return None,
        None => start..end,
    };
    (range.end > range.start).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    const APART: &str = "a/environmentvariablevalues.json";

    #[test]
    fn a_value_is_masked_in_whatever_way_it_is_written() {
        for (written, shown) in [
            (r#"{"value" : "geheim"}"#, r#"{"value" : "********"}"#),
            ("{\"value\":\n  \"geheim\"}", "{\"value\":\n  \"********\"}"),
            (
                r#"[{"value":"geheim"},{"Value":"ge\"heim"}]"#,
                r#"[{"value":"********"},{"Value":"********"}]"#,
            ),
            (r#"{"value":4711,"x":1}"#, r#"{"value":********,"x":1}"#),
            ("{\"value\":{\"a\":\n\"geheim\"}}", "{\"value\":********\n********}"),
            (r#"{"value":null,"value":""}"#, r#"{"value":null,"value":""}"#),
            (r#"{"value":"geheim cut of"#, r#"{"value":"********"#),
        ] {
            assert_eq!(masked_file(written, APART), shown);
        }
        for (written, shown) in [
            (
                "<defaultvalue>one\r\ntwo\n\nthree</defaultvalue>",
                "<defaultvalue>********\r\n********\n\n********</defaultvalue>",
            ),
            (
                "<DefaultValue a='b'><![CDATA[geheim<]]></DefaultValue>",
                "<DefaultValue a='b'>********</DefaultValue>",
            ),
            (
                "<defaultvalue /><defaultvalues>x</defaultvalues>",
                "<defaultvalue /><defaultvalues>x</defaultvalues>",
            ),
            (
                r#"{"defaultValue" :"geheim","value":"plain"}"#,
                r#"{"defaultValue" :"********","value":"plain"}"#,
            ),
        ] {
            assert_eq!(masked_file(written, "x"), shown);
        }
    }

    #[test]
    fn a_value_is_masked_that_is_called_after_a_secret() {
        for (written, shown) in [
            (
                r#"{"inputs":{"variables":[{"name":"Password","type":"string","value":"geheim"}]}}"#,
                r#"{"inputs":{"variables":[{"name":"Password","type":"string","value":"********"}]}}"#,
            ),
            (r#"{"key": "Api-Key", "value": "geheim"}"#, r#"{"key": "Api-Key", "value": "********"}"#),
            (
                r#"{"name":"Password","value":"@variables('x')"}"#,
                r#"{"name":"Password","value":"@variables('x')"}"#,
            ),
            (r#"{"name":"Limit","value":"plain"}"#, r#"{"name":"Limit","value":"plain"}"#),
            (r#"{"name":"Password","x":{"value":"plain"}}"#, r#"{"name":"Password","x":{"value":"plain"}}"#),
        ] {
            assert_eq!(masked_file(written, "x.json"), shown);
        }
    }

    #[test]
    fn a_piece_knows_what_started_before_it() {
        let text = "<a>\n<defaultvalue>one\ntwo</defaultvalue>\n</a>";
        let second = text.find("two").unwrap();
        assert_eq!(HiddenText::new(text, "x").ranges(text, second..second + 8), vec![0..3; 1]);
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in [
            "\"defaultvalue\":\"",
            "<defaultvalue>",
            "<defaultvalue ",
            "\"defaultvalue\":[",
            "\"defaultvalue\":{\"a\":",
            "{\"name\":\"password\",\"value\":\"",
            "{\"name\":\"password\",\"value\":",
            "\"value\"",
        ] {
            masked_file(&piece.repeat(50_000), "x");
        }
    }
}
