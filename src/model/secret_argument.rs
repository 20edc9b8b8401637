//! Secrets behind a name without `=` or `:` between the two: options of a program (`--password x`), elements of XML, arguments
//! of a function.
//!
//! Read [`behind_name`] first. Names are those of [`super::secret_name`]; what only the program tells is in
//! [`super::secret_command`].

use std::ops::Range;

use super::secret_value::{Quote, is_closed, is_known_at_run_time, text_end};

/// Longest names of elements, with their prefix.
const NAME: usize = 96;
/// Longer values are not looked at for being a variable.
const PLAIN: usize = 256;
/// So far before a member its call of `setProperty` starts.
const CALL: usize = 512;
/// What closes a start tag, and what opens the end tag: as it is, in XML and in JSON.
const TAGS: &[(&str, &str)] = &[(">", "<"), ("&gt;", "&lt;"), ("\\u003e", "\\u003c"), ("\\u003E", "\\u003C")];

/// The secret behind a name that says so: an option, an element, or a member of a call.
pub(super) fn behind_name(text: &str, name: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    element(text, name)
        .or_else(|| option(text, name, around))
        .or_else(|| property(text, name))
        .filter(|secret| !is_plain(&text[secret.clone()]))
}

/// What is no secret whatever it is called: an expression, a variable of a script, a truth value, a short number.
pub(super) fn is_plain(value: &str) -> bool {
    let value = value.trim();
    if value.len() > PLAIN {
        return false;
    }
    is_known_at_run_time(value)
        || is_variable(value)
        || matches!(value, "" | "true" | "false" | "null")
        || (value.len() <= 2 && value.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `$password`, `$env:PASSWORD`, `${x}`, `$(…)`: a variable of a shell.
fn is_variable(value: &str) -> bool {
    let Some(name) = value.strip_prefix('$') else { return false };
    name.starts_with(['{', '('])
        || (name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.')))
}

/// `<password>x</password>`.
fn element(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    // A prefix of a namespace may stand between; `\u003cpassword` is one word.
    let near = text.ceil_char_boundary(name.end.saturating_sub(NAME));
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.');
    let before = text[near..name.end].trim_end_matches(is_part);
    let (close, open) = TAGS.iter().find(|(_, open)| {
        let escaped = near + before.len().saturating_sub(1);
        before.ends_with(open)
            || text.get(escaped..).is_some_and(|text| open.len() > 4 && text.starts_with(open))
    })?;
    // Behind the name its attributes may stand, and nothing else.
    let rest = &text[name.end..];
    let tag = rest[..rest.floor_char_boundary(CALL)].find(close)?;
    let attributes = &rest[..tag];
    let is_name = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
    if !is_name || attributes.ends_with('/') || attributes.contains(open) {
        return None;
    }
    let inside = &rest[tag + close.len()..];
    let (inside, end) = match inside.strip_prefix("<![CDATA[") {
        Some(inside) => (inside, inside.find("]]>")),
        None => (inside, inside.find(open)),
    };
    let start = text.len() - inside.len();
    let end = end.unwrap_or(inside.len());
    let is_closed = inside[end..].trim_start_matches(open).trim_start_matches('\\').starts_with(['/', ']']);
    // Behind a sign, and without its end tag, it is what stands for a value: `client_secret=<client_secret>`.
    let is_placeholder = !is_closed && before.trim_end_matches(open).ends_with(['=', ':', '"', '\'']);
    (!is_placeholder).then_some(start..start + end)
}

/// `--password x`, `-Password 'x'`.
pub(super) fn option(text: &str, name: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    let is_option = text[name.clone()].starts_with('-') && is_argument(&text[..name.start]);
    if !is_option {
        return None;
    }
    argument(text, name.end, around).filter(|value| !text[value.clone()].starts_with('-'))
}

/// Whether what stands behind this may be an argument of a program.
pub(super) fn is_argument(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '\'' | '"' | '(' | '`'))
}

/// `setProperty(x, 'password', 'y')`.
fn property(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let call = &text[text.ceil_char_boundary(name.start.saturating_sub(CALL))..name.start];
    let small = call.to_ascii_lowercase();
    if !call.ends_with(['\'', '"'])
        || !["setproperty(", "addproperty("].iter().any(|call| small.contains(call))
    {
        return None;
    }
    let (_, length) = Quote::starting(&text[name.end..])?;
    let rest = text[name.end + length..].trim_start().strip_prefix(',')?.trim_start();
    let (_, length) = Quote::starting(rest)?;
    let value = quoted(text, text.len() - rest.len())?;
    // Its last argument.
    let behind = text.get(value.end + length..).unwrap_or_default();
    behind.trim_start().starts_with([')', '}']).then_some(value)
}

/// The next argument on the same line: in quotes, else to the blank.
pub(super) fn argument(text: &str, from: usize, around: Option<Quote>) -> Option<Range<usize>> {
    let start = text.len() - text[from..].trim_start_matches([' ', '\t']).len();
    if start == from { None } else { argument_at(text, start, around) }
}

/// The argument, or its rest, that starts here.
pub(super) fn argument_at(text: &str, start: usize, around: Option<Quote>) -> Option<Range<usize>> {
    let rest = &text[start..];
    let of_script = rest.strip_prefix('$').filter(|rest| rest.starts_with('\''));
    if rest.is_empty() || rest.starts_with(['\r', '\n']) {
        return None;
    }
    if let Some((quote, _)) = Quote::starting(of_script.unwrap_or(rest)) {
        // The end of the text that the command stands in.
        if around == Some(quote) {
            return None;
        }
        return quoted(text, text.len() - of_script.unwrap_or(rest).len());
    }
    let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    let end = text_end(word, around);
    (end > 0).then_some(start..start + end)
}

/// What is in the quotes that start here.
fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    let (quote, length) = Quote::starting(&text[start..])?;
    let start = start + length;
    let value = &text[start..];
    if is_known_at_run_time(value) {
        return None;
    }
    let end = quote.end(value, true, is_closed).unwrap_or(value.len());
    (end > 0).then_some(start..start + end)
}

#[cfg(test)]
mod tests {
    use crate::model::masked_text;

    #[test]
    fn a_password_without_a_sign_before_it_is_masked() {
        for (text, shown) in [
            ("app.exe --password geheim -v", "app.exe --password ******** -v"),
            ("app.exe -password 'ge heim' -v", "app.exe -password '********' -v"),
            ("\"app.exe --client-secret geheim\"", "\"app.exe --client-secret ********\""),
            ("app --token geheim\nnext", "app --token ********\nnext"),
            ("<password>ge heim</password>", "<password>********</password>"),
            ("<s:Password Type=\"x\">geheim</s:Password>", "<s:Password Type=\"x\">********</s:Password>"),
            ("&lt;pwd&gt;geheim&lt;/pwd&gt;", "&lt;pwd&gt;********&lt;/pwd&gt;"),
            ("\\u003cpwd\\u003egeheim\\u003c/pwd\\u003e", "\\u003cpwd\\u003e********\\u003c/pwd\\u003e"),
            ("<pwd>geheim<br/>x", "<pwd>********<br/>x"),
            ("<a>x</a> <pwd>gehe", "<a>x</a> <pwd>********"),
            ("<pwd><![CDATA[ge<heim]]></pwd>", "<pwd><![CDATA[********]]></pwd>"),
            (
                "@setProperty(outputs('x'),'password', 'geheim')",
                "@setProperty(outputs('x'),'password', '********')",
            ),
            ("SET vPwd TO $'''ge heim'''", "SET vPwd TO $'''********'''"),
            ("SET Passwort TO 'geheim'", "SET Passwort TO '********'"),
            ("Contraseña: geheim", "Contraseña: ********"),
            ("mot_de_passe=geheim", "mot_de_passe=********"),
            (
                "https://api.telegram.org/bot123456789:AAgeheim-geheim_geheim/sendMessage",
                "https://api.telegram.org/bot123456789:********/sendMessage",
            ),
            (
                "https://outlook.office.com/webhook/0c0ffee0-geheim@x/IncomingWebhook/1",
                "https://outlook.office.com/webhook/********",
            ),
        ] {
            assert_eq!(masked_text(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_known_at_run_time_only_is_shown() {
        for text in [
            "app.exe --password @{variables('x')}",
            "app.exe --password %Password% -v",
            "app.exe --password -v",
            "@concat('app.exe --password ', variables('x'))",
            "<password>@{variables('x')}</password><token>true</token>",
            "<password><schemaname>fab_X</schemaname></password>",
            "<password /><a>x</a>",
            "@setProperty(outputs('x'),'password',variables('y'))",
            "client_id=<client_id>&client_secret=<client_secret>&scope=x",
            "x.hasOwnProperty(y);p=[\"text\",\"password\",\"email\"]",
            "SET vPwd TO $'''%Password%'''",
            "SET Passwort TO Other",
        ] {
            assert_eq!(masked_text(text), text);
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in [
            "<password ",
            "<password>@{",
            "password:",
            " --password",
            " --password \"@{",
            " --password \"$",
            "setProperty('password','",
        ] {
            masked_text(&piece.repeat(30_000));
        }
    }
}
