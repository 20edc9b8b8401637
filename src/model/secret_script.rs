//! Secrets in the statements of a desktop flow whose name stands elsewhere: the default of an input, a text that is put into a
//! field of a window, a list.
//!
//! Read [`in_statement`] first.

use std::ops::Range;

use super::secret_argument::is_plain;
use super::secret_name::is_hidden_field;
use super::secret_value::{Quote, is_closed};

/// So far before a text the rest of its statement is looked for; a description may stand between.
const NEAR: usize = 4096;
/// Longest names of fields of a window.
const NAME: usize = 256;

/// Where a text stands, and what is called after a secret there.
pub(super) struct Named {
    pub(super) name: Range<usize>,
    pub(super) secret: Range<usize>,
}

/// The secret behind a word of a statement.
pub(super) fn in_statement(text: &str, word: &Range<usize>) -> Option<Named> {
    let named = match &text[word.clone()] {
        "DefaultValue" => input(text, word),
        "Text" => field(text, word),
        _ => list(text, word),
    }?;
    (!named.secret.is_empty() && !is_plain(&text[named.secret.clone()])).then_some(named)
}

/// What stands before a word in its statement.
fn before<'t>(text: &'t str, word: &Range<usize>) -> &'t str {
    let near = &text[text.ceil_char_boundary(word.start.saturating_sub(NEAR))..word.start];
    &near[near.rfind(['\r', '\n']).map_or(0, |at| at + 1)..]
}

/// `@INPUT Password : { 'Type': 'String', 'DefaultValue': 'x' }`
fn input(text: &str, word: &Range<usize>) -> Option<Named> {
    const INPUT: &str = "@INPUT ";
    let rest = text[word.end..].strip_prefix('\'')?.trim_start().strip_prefix(':')?;
    let before = before(text, word);
    let found = before.rfind(INPUT)? + INPUT.len();
    let name = before[found..].split([' ', ':']).next()?;
    // The next statement, where the script is a text of JSON.
    if !is_hidden_field(name) || before[found..].contains("}\\r") || before[found..].contains("}\\n") {
        return None;
    }
    let start = word.start - before.len() + found;
    Some(Named { name: start..start + name.len(), secret: quoted(text, text.len() - rest.len())? })
}

/// `PopulateTextField TextBox: appmask['Window SAP']['Edit Password'] Text: $'''x'''`
fn field(text: &str, word: &Range<usize>) -> Option<Named> {
    let rest = text[word.end..].strip_prefix(": ")?;
    let before = before(text, word);
    let element = before.trim_end().strip_suffix(']')?;
    let close = Quote::ending(element)?;
    let inside = &element[..element.len() - close];
    let near = &inside[inside.ceil_char_boundary(inside.len().saturating_sub(NAME))..];
    let mask = near.rfind("['").map(|at| at + 2)?;
    let name = &near[mask..];
    if !before.contains("appmask[") || !is_hidden_field(name) {
        return None;
    }
    let start = word.start - before.len() + inside.len() - name.len();
    Some(Named { name: start..start + name.len(), secret: quoted(text, text.len() - rest.len())? })
}

/// `SET PasswordList TO ['a', 'b']`
fn list(text: &str, word: &Range<usize>) -> Option<Named> {
    let rest = text[word.end..].strip_prefix(" TO ")?.trim_start();
    let (open, close) = [('[', ']'), ('{', '}')].into_iter().find(|(open, _)| rest.starts_with(*open))?;
    if !text[..word.start].ends_with("SET ") || !is_hidden_field(&text[word.clone()]) {
        return None;
    }
    let start = text.len() - rest.len() + open.len_utf8();
    let line = &rest[open.len_utf8()..];
    let line = &line[..line.floor_char_boundary(NEAR)];
    let line = &line[..line.find(['\r', '\n']).unwrap_or(line.len())];
    // A closing bracket in a text of the list is none: where no other one follows, this one is meant.
    let end = line.rfind(close).unwrap_or(line.len());
    let end = line[..end].find(&*format!("{close}\\r")).unwrap_or(end);
    line[..end].contains('\'').then(|| Named { name: word.clone(), secret: start..start + end })
}

/// What is in quotes behind a sign: `'x'`, `$'''x'''`. What is encrypted has a letter before them.
fn quoted(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text[from..].trim_start_matches(' ');
    let rest = rest.strip_prefix('$').unwrap_or(rest);
    let (quote, length) = Quote::starting(rest).filter(|_| rest.starts_with('\''))?;
    let value = &rest[length..];
    let start = text.len() - value.len();
    Some(start..start + quote.end(value, true, is_closed).unwrap_or(value.len()))
}

#[cfg(test)]
mod tests {
    use crate::model::masked_text;

    #[test]
    fn what_a_statement_calls_a_secret_elsewhere_is_masked() {
        for (text, shown) in [
            (
                "@INPUT Password : { 'Description': '', 'FriendlyName': 'Password', 'Type': 'String', 'DefaultValue': 'Geheim7' }",
                "@INPUT Password : { 'Description': '', 'FriendlyName': 'Password', 'Type': 'String', 'DefaultValue': '********' }",
            ),
            (
                r"{\r\n@INPUT vKennwort : { 'DefaultValue': 'Geheim7' }\r\n@INPUT Limit : { 'DefaultValue': '7' }",
                r"{\r\n@INPUT vKennwort : { 'DefaultValue': '********' }\r\n@INPUT Limit : { 'DefaultValue': '7' }",
            ),
            ("SET Creds['password'] TO $'''Geheim7'''", "SET Creds['password'] TO $'''********'''"),
            ("$Creds['password'] = \"Geheim7\"", "$Creds['password'] = \"********\""),
            ("SET PasswordList TO ['a','b']", "SET PasswordList TO [********]"),
            ("SET Passwords TO { 'x': 'Geheim7' }\r\nNEXT", "SET Passwords TO {********}\r\nNEXT"),
            (
                "UI.PopulateTextField TextBox: appmask['Window SAP']['Edit Password'] Text: $'''Geheim7''' Mode: A",
                "UI.PopulateTextField TextBox: appmask['Window SAP']['Edit Password'] Text: $'''********''' Mode: A",
            ),
            (
                r"UI.X TextBox: appmask['Window']['Edit \'Kennwort:\''] Text: 'Geheim7'",
                r"UI.X TextBox: appmask['Window']['Edit \'Kennwort:\''] Text: '********'",
            ),
        ] {
            assert_eq!(masked_text(text), shown, "{text}");
        }
    }

    #[test]
    fn what_no_statement_calls_so_is_shown() {
        for text in [
            "@INPUT Note : { 'Description': 'Password', 'DefaultValue': 'Geheim7' }",
            "@INPUT Password : { 'Type': 'String', 'DefaultValue': '' }",
            "@INPUT Password : { 'Type': 'String', 'DefaultValue': '%Other%' }",
            "SET Creds['user'] TO $'''robot7'''",
            "SET Creds['password'] TO Given",
            "SET Creds['password'] TO $'''%Given%'''",
            "SET PasswordList TO []",
            "SET PasswordList TO [Given]",
            "UI.X TextBox: appmask['Window']['Edit Password'] Text: Given",
            "UI.X TextBox: appmask['Window']['Edit Password'] Text: P'AQAAANCMnd8BFdERjHoAwE'",
            "UI.X TextBox: appmask['Window Password']['Edit Name'] Text: 'Geheim7'",
            "x['password'] Text: 'Geheim7'",
        ] {
            assert_eq!(masked_text(text), text);
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in [
            "@INPUT Password : { 'DefaultValue': '",
            "SET Passwords TO [",
            "appmask['Password'] Text: '",
            "['Text",
            "SET Creds['password'] TO ",
        ] {
            masked_text(&piece.repeat(30_000));
        }
    }
}
