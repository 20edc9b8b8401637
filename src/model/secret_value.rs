//! Where the value of a secret ends: what stands behind its name may be quoted, a part of a connection string, the rest of
//! a header, or a parameter of an address. Where that is in doubt the value goes on.
//!
//! Read [`Value::behind`] first. Which names have secret values is for [`super::secret_text`].

use std::ops::Range;

/// So far behind a name a semicolon still makes a connection string of what stands there.
const NEAR: usize = 512;
/// The function that joins texts.
const CONCAT: &str = "concat";
/// Longest words before the name of a pair: `;Jet OLEDB:Database Password=`.
const WORDS: usize = 64;
/// Quotes of JSON, scripts and expressions, and the same in XML.
const MARKS: &[&str] = &["'''", "'", "\"", "&quot;", "&apos;", "&#34;", "&#39;"];

/// A quote, as often escaped as it is where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    mark: &'static str,
    slashes: usize,
}

impl Quote {
    /// The quote that a text starts with, and its length.
    pub(super) fn starting(text: &str) -> Option<(Self, usize)> {
        let slashes = text.len() - text.trim_start_matches('\\').len();
        let mark = MARKS.iter().find(|mark| text[slashes..].starts_with(**mark))?;
        Some((Self { mark, slashes }, slashes + mark.len()))
    }

    /// The length of the quote that a text ends with.
    pub(super) fn ending(text: &str) -> Option<usize> {
        let mark = MARKS.iter().find(|mark| text.ends_with(**mark))?;
        let slashes = text[..text.len() - mark.len()].bytes().rev().take_while(|byte| *byte == b'\\').count();
        Some(slashes + mark.len())
    }

    /// Where a text in this quote ends; neither at a quote of its own, which is doubled or escaped once more, nor at one that
    /// does not look like an end. A backslash of a connection string escapes nothing.
    pub(super) fn end(self, value: &str, has_escapes: bool, is_end: impl Fn(&str) -> bool) -> Option<usize> {
        let mut at = 0;
        loop {
            let found = at + value[at..].find(self.mark)?;
            let before = &value[at..found];
            let slashes = before.len() - before.trim_end_matches('\\').len();
            let behind = found + self.mark.len();
            at = behind;
            if has_escapes && slashes % (2 * (self.slashes + 1)) != self.slashes {
                continue;
            }
            let next = value[behind..].trim_start_matches('\\');
            let is_doubled = value.len() - behind - next.len() == self.slashes && next.starts_with(self.mark);
            if is_doubled && self.mark != "'''" {
                at = value.len() - next.len() + self.mark.len();
            } else if is_end(&value[behind..]) {
                return Some(found - self.slashes);
            }
        }
    }
}

/// The quote around what follows `to`, when `around` is the one around `from`: the last one that looks like a start.
pub(super) fn quote_around(text: &str, from: usize, to: usize, around: Option<Quote>) -> Option<Quote> {
    let mut around = around;
    let mut at = from;
    while let Some(found) = memchr::memchr3(b'\'', b'"', b'&', &text.as_bytes()[at..to]) {
        let start = at + found;
        at = start + 1;
        let Some((quote, length)) = Quote::starting(&text[start..]) else { continue };
        at = (start + length).min(to).max(at);
        let behind = &text[start + length..];
        if quote.mark.len() == 1 && behind.starts_with(quote.mark) {
            at = (at + 1).min(to).max(at);
            continue;
        }
        let before = &text[from..start];
        let slashes = before.len() - before.trim_end_matches('\\').len();
        let before = text[..start - slashes].chars().next_back();
        let starts = before.is_none_or(|c| c.is_whitespace() || "([{,:;=>$&'\"".contains(c));
        let goes_on = behind.chars().next().is_some_and(|c| !c.is_whitespace() && !",)}]:;".contains(c));
        around = (starts && goes_on).then_some(Quote { mark: quote.mark, slashes });
    }
    around
}

/// What stands behind a name and is its value.
pub(super) struct Value<'t> {
    text: &'t str,
    /// Where the name stands.
    name: Range<usize>,
    /// The quote around the name and its value.
    around: Option<Quote>,
    /// The name is one of a query.
    is_query: bool,
    separator: Separator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Equals,
    /// As a part of an address that is a parameter itself.
    Encoded,
    Colon,
    /// Of a script: `SET Password TO 'x'`.
    To,
}

impl<'t> Value<'t> {
    /// The value of a name. None where there is none, or it is known at run time only.
    pub(super) fn behind(
        text: &'t str,
        name: &Range<usize>,
        around: Option<Quote>,
        is_query: bool,
        is_header: bool,
    ) -> Option<Range<usize>> {
        let rest = &text[name.end..];
        let quoted = Quote::starting(rest);
        let rest = rest[quoted.map_or(0, |(_, length)| length)..].trim_start();
        // The key of a record: `x['password'] = 'y'`. What has no quotes is code there.
        let of_record = rest.strip_prefix(']').filter(|_| quoted.is_some());
        let (separator, rest) = separated(of_record.map_or(rest, str::trim_start))?;
        let has_quotes = |rest: &str| Quote::starting(rest.trim_start().trim_start_matches('$')).is_some();
        if of_record.is_some() && !has_quotes(rest) {
            return None;
        }
        let around = around.filter(|_| quoted.is_none());
        let value = Self { text, name: name.clone(), around, is_query, separator };
        let found = value.range(rest.trim_start(), quoted.is_some(), is_header)?;
        let shown = found.trim().trim_end_matches([',', ';', '}', ')']);
        if matches!(shown, "" | "null" | "true" | "false" | "{" | "[") {
            return None;
        }
        let start = found.as_ptr() as usize - text.as_ptr() as usize;
        Some(start..start + found.len())
    }

    fn range(&self, rest: &'t str, is_member: bool, is_header: bool) -> Option<&'t str> {
        let is_pair = self.separator == Separator::Equals && self.is_behind_pair();
        // `==` and `=>` of code, `$'''` of scripts.
        let signs: &[char] = match self.separator {
            _ if is_pair || is_header => &[],
            Separator::Equals => &['=', '>'],
            _ => &['$'],
        };
        let behind = rest.strip_prefix(signs).map(str::trim_start);
        let rest = behind.filter(|behind| Quote::starting(behind).is_some()).unwrap_or(rest);
        // In a connection string two braces are the start of a value that begins with one.
        if is_known_at_run_time(rest) && !(is_pair && rest.starts_with('{')) {
            return None;
        }
        if let Some((mut quote, mut length)) = Quote::starting(rest) {
            if quote.mark == "'''" && self.separator == Separator::Equals {
                (quote.mark, length) = ("'", length - 2);
            }
            let value = &rest[length..];
            if self.around == Some(quote) && is_closed(value) {
                return self.joined(quote, value);
            }
            if is_known_at_run_time(value) {
                return None;
            }
            let is_end = |behind: &str| is_closed(if is_pair { behind.trim_start() } else { behind });
            return Some(
                &value[..quote.end(value, !is_pair || quote.slashes > 0, is_end).unwrap_or(value.len())],
            );
        }
        if is_member {
            let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']' | '\\' | '"' | '\'');
            let is_inside = rest.starts_with(['{', '[']);
            return (!is_inside).then(|| &rest[..rest.find(is_end).unwrap_or(rest.len())]);
        }
        Some(&rest[..self.plain_end(rest, is_header)])
    }

    /// The next text of `@concat('password=', 'x')`; `rest` starts behind the one that the name is the end of.
    fn joined(&self, quote: Quote, rest: &'t str) -> Option<&'t str> {
        let before = &self.text[..self.name.start];
        let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
        let call = before.rfind('(').map(|at| &before[..at])?;
        let start = call.len().checked_sub(CONCAT.len())?;
        let is_concat = call.get(start..).is_some_and(|name| name.eq_ignore_ascii_case(CONCAT));
        let rest = rest.trim_start().strip_prefix(',')?.trim_start();
        let (next, length) = Quote::starting(rest)?;
        if !is_concat || next != quote {
            return None;
        }
        let value = &rest[length..];
        let value = &value[..next.end(value, true, is_closed)?];
        (!is_known_at_run_time(value)).then_some(value)
    }

    fn plain_end(&self, rest: &str, is_header: bool) -> usize {
        if is_header {
            return text_end(rest, self.around);
        }
        if self.separator == Separator::Equals && !self.is_query {
            let near = &rest[..rest.floor_char_boundary(NEAR)];
            let near = &near[..text_end(near, self.around)];
            if self.is_behind_pair() || near.contains(';') {
                let rest = &rest[..text_end(rest, self.around)];
                return semicolon(rest, brace_end(rest)).unwrap_or(rest.len());
            }
        }
        let is_end = |c: char| c.is_whitespace() || (self.is_query && matches!(c, '"' | '<' | '>'));
        let rest = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let rest = &rest[..text_end(rest, self.around)];
        let rest = &rest[..next_parameter(rest).unwrap_or(rest.len())];
        if self.separator != Separator::Encoded {
            return rest.len();
        }
        let small = rest.to_ascii_lowercase();
        let ends = ["%26", "%3b", "%22", "%27"].iter().filter_map(|end| small.find(end));
        ends.min().unwrap_or(rest.len())
    }

    /// Whether `…;` stands before the name, or before the words that belong to it.
    fn is_behind_pair(&self) -> bool {
        let before = &self.text[..self.name.start];
        let before = &before[before.ceil_char_boundary(before.len().saturating_sub(WORDS))..];
        let before =
            before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ':' | '_'));
        !self.is_query && before.ends_with(';')
    }
}

/// What stands between a name and its value, and the rest behind it.
fn separated(rest: &str) -> Option<(Separator, &str)> {
    let of_script = |rest: &'_ str| rest.trim_start().trim_start_matches('$').starts_with('\'');
    [
        ("=", Separator::Equals),
        (":", Separator::Colon),
        ("%3D", Separator::Encoded),
        ("%3d", Separator::Encoded),
    ]
    .iter()
    .find_map(|(written, separator)| Some((*separator, rest.strip_prefix(written)?)))
    .or_else(|| Some((Separator::To, rest.strip_prefix("TO ").filter(|rest| of_script(rest))?)))
}

/// An expression of the platform, not a value: `@parameters('x')`, `@{…}`, `{{x}}`; or a variable of a script: `%x%`.
pub(super) fn is_known_at_run_time(value: &str) -> bool {
    if value.starts_with("{{") || value.starts_with("@{") || is_script_variable(value) {
        return true;
    }
    let Some(call) = value.strip_prefix('@') else { return false };
    let name = call.len() - call.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    name > 0 && call[name..].starts_with('(')
}

/// `%Password%`, and behind it the end. What is percent-encoded starts with two digits, and goes on behind the next sign.
fn is_script_variable(value: &str) -> bool {
    let Some(name) =
        value.strip_prefix('%').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    else {
        return false;
    };
    let length =
        name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(name.len());
    let behind = name[length..].strip_prefix('%');
    behind
        .is_some_and(|rest| rest.chars().next().is_none_or(|c| c.is_whitespace() || ",;)<\\\"'".contains(c)))
}

/// Whether a quote before this looks like the end of a text.
pub(super) fn is_closed(behind: &str) -> bool {
    behind.chars().next().is_none_or(|c| c.is_whitespace() || ",;)}]:<>&\\/?|+.\"'".contains(c))
}

/// The end of the text that a value without quotes stands in: its line, its element, the quote around it.
pub(super) fn text_end(rest: &str, around: Option<Quote>) -> usize {
    let rest = &rest[..rest.find(['\r', '\n']).unwrap_or(rest.len())];
    let rest = &rest[..closing_tag(rest).unwrap_or(rest.len())];
    around.and_then(|quote| quote.end(rest, true, is_closed)).unwrap_or(rest.len())
}

/// `</name>`
fn closing_tag(text: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let name = &text[at + 2..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '.');
        let length = name.find(|c| !is_part(c)).unwrap_or_default();
        length > 0 && name[length..].starts_with('>')
    })
}

/// The end of a value in braces, as ODBC has them; the start where there is none.
fn brace_end(rest: &str) -> usize {
    let Some(inside) = rest.strip_prefix('{') else { return 0 };
    let mut at = 0;
    while let Some(found) = inside[at..].find('}') {
        let behind = at + found + 1;
        if !inside[behind..].starts_with('}') {
            return 1 + behind;
        }
        at = behind + 1;
    }
    0
}

/// The next semicolon that is none of a character reference.
fn semicolon(text: &str, from: usize) -> Option<usize> {
    text[from..].match_indices(';').map(|(at, _)| from + at).find(|at| {
        let before = &text[text.ceil_char_boundary(at.saturating_sub(10))..*at];
        let name = before.rsplit_once('&').map(|(_, name)| name);
        !name.is_some_and(|name| {
            let number = name
                .strip_prefix('#')
                .is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_alphanumeric()));
            number || ["amp", "lt", "gt", "quot", "apos", "nbsp"].contains(&name)
        })
    })
}

/// Where the next parameter of an address starts: `&name=`, also as XML and JSON write it.
fn next_parameter(text: &str) -> Option<usize> {
    let ands = ["&", "\\u0026"].iter().flat_map(|and| text.match_indices(*and));
    let starts = ands.filter(|(at, and)| {
        let name = &text[at + and.len()..];
        let name = ["amp;", "#38;"].iter().find_map(|rest| name.strip_prefix(rest)).unwrap_or(name);
        let is_part =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '[' | ']' | '%');
        let length = name.find(|c| !is_part(c)).unwrap_or_default();
        length > 0 && name[length..].starts_with('=')
    });
    starts.map(|(at, _)| at).min()
}
