//! Names of accounts inside of texts: `user@host.domain`, and `DOMAIN\user` in the forms that are nothing else.
//!
//! A backslash stands in paths, escapes, patterns and keys of the registry, too. So the domain is written as Windows writes its
//! short name, in capitals; any other spelling counts only behind a name that says that an account follows. Read
//! [`account_ranges`] first.

use std::ops::Range;

use super::account_folder::folder_ranges;

/// Where every account stands, in order, none inside another.
pub(crate) fn account_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = address_ranges(text);
    for more in [folder_ranges(text), domain_account_ranges(text)] {
        let known = found.len();
        let is_apart = |account: &Range<usize>| {
            !found[..known].iter().any(|other| other.start < account.end && account.start < other.end)
        };
        let apart: Vec<Range<usize>> = more.into_iter().filter(is_apart).collect();
        found.extend(apart);
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Whether a `user@host.domain` stands in the text.
pub(crate) fn holds_address(text: &str) -> bool {
    !address_ranges(text).is_empty()
}

/// Where every `user@host.domain` stands, in order.
pub(crate) fn address_ranges(text: &str) -> Vec<Range<usize>> {
    let is_part = |character: char| character.is_alphanumeric() || "._%+-@#'".contains(character);
    let mut found = Vec::new();
    let mut scanned = 0;
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        // All of these were looked at together.
        if at < scanned {
            continue;
        }
        let start = text[..at].char_indices().rev().take_while(|(_, part)| is_part(*part)).last();
        let start = start.map_or(at, |(start, _)| start);
        let end = text[at..].find(|character| !is_part(character)).map_or(text.len(), |end| at + end);
        scanned = end;
        let is_address = text[start..end].split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && host.trim_end_matches('.').contains('.') && !is_annotation(host)
        });
        if is_address {
            found.push(start..end);
        }
    }
    found
}

/// `column@OData.Community.Display.V1.FormattedValue`: what an answer of Dataverse says of a column.
fn is_annotation(host: &str) -> bool {
    const NAMESPACES: &[&str] = &["odata.", "microsoft.dynamics.crm."];
    NAMESPACES
        .iter()
        .any(|start| host.get(..start.len()).is_some_and(|host| host.eq_ignore_ascii_case(start)))
}

/// The longest short name of a domain.
const MOST_OF_DOMAIN: usize = 15;
/// The longest name of an account that is looked at.
const MOST_OF_USER: usize = 64;
/// Most backslashes in a row that are one: escaped in a script that is a text of JSON in another one.
const MOST_SLASHES: usize = 8;
/// So far before an account the name is looked for that says what follows.
const NAME_BEFORE: usize = 48;

/// Beginnings of keys of the registry, and what Windows calls its own accounts after.
const NO_DOMAINS: &[&str] = &["HKLM", "HKCU", "HKCR", "HKCC", "HKU", "AUTHORITY", "BUILTIN"];
/// Ends of names behind which an account stands.
const NAMES: &[&str] = &["user", "username", "userid", "login", "loginname", "account", "uid", "principal"];
/// Endings of files: what stands there is a path.
const FILES: &[&str] = &[
    "exe", "dll", "bat", "cmd", "ps1", "vbs", "js", "txt", "csv", "log", "ini", "xml", "json", "html", "htm",
    "css", "pdf", "doc", "docx", "xls", "xlsx", "xlsm", "ppt", "pptx", "msg", "eml", "zip", "png", "jpg",
    "gif", "mdb", "accdb", "lnk",
];

/// Where every `DOMAIN\user` stands, in order, the backslash as often escaped as it is.
pub(super) fn domain_account_ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut scanned = 0;
    for at in memchr::memchr_iter(b'\\', bytes) {
        if at < scanned {
            continue;
        }
        let slashes = bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
        scanned = at + slashes;
        if slashes > MOST_SLASHES || !slashes.is_power_of_two() {
            continue;
        }
        let mut domain = before(text, at);
        // The end of a line before it, where backslashes are escaped.
        if slashes > 1
            && text[..domain.start].ends_with('\\')
            && text[domain.clone()].starts_with(['n', 'r', 't'])
        {
            domain.start += 1;
        }
        let user = behind(text, scanned);
        if is_account(text, &domain, slashes, &user) {
            found.push(domain.start..user.end);
            scanned = user.end;
        }
    }
    found
}

/// What could be a domain and ends here.
fn before(text: &str, end: usize) -> Range<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let count = text.as_bytes()[..end].iter().rev().take(MOST_OF_DOMAIN + 1).take_while(is_part).count();
    end - count..end
}

/// What could be a user and starts here.
fn behind(text: &str, start: usize) -> Range<usize> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    let rest = &text[start..];
    let length = rest.char_indices().find(|(_, c)| !is_part(*c)).map_or(rest.len(), |(at, _)| at);
    let name = rest[..length].trim_end_matches('.');
    start..start + name.len()
}

fn is_account(text: &str, domain: &Range<usize>, slashes: usize, user: &Range<usize>) -> bool {
    let (name, account) = (&text[domain.clone()], &text[user.clone()]);
    let (around, next) = (&text[..domain.start], &text[user.end..]);
    let count = account.chars().count();
    if !(2..=MOST_OF_DOMAIN).contains(&name.len()) || !(2..=MOST_OF_USER).contains(&count) {
        return false;
    }
    // A longer path, an address, a variable, a part of another name.
    let is_joined =
        |c: char| c.is_alphanumeric() || matches!(c, '\\' | '/' | '%' | '.' | '-' | '$' | '@' | '#');
    let around = ["\\n", "\\r", "\\t"]
        .iter()
        .find_map(|end| around.strip_suffix(end).filter(|_| slashes > 1))
        .unwrap_or(around);
    if around.ends_with(is_joined)
        || next.starts_with(['/', '(', '*', '+', '{', '[', ':'])
        || goes_on(next, slashes)
    {
        return false;
    }
    if account
        .rsplit_once('.')
        .is_some_and(|(_, end)| FILES.iter().any(|file| end.eq_ignore_ascii_case(file)))
    {
        return false;
    }
    if NO_DOMAINS.contains(&name)
        || around.ends_with("HKEY_")
        || around.ends_with("HKEY_LOCAL_")
        || around.ends_with("HKEY_CURRENT_")
    {
        return false;
    }
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_short_name = letters >= 2
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && !name.ends_with('-')
        && !name.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_escape = slashes == 1 && is_escape(account);
    // Two abbreviations, `PSA\OPS`, are none.
    let is_abbreviation = count < 4 && account.chars().all(|c| c.is_uppercase());
    (is_short_name && !is_escape && !is_abbreviation) || is_announced(around)
}

/// `nNEXT` of `OUT\nNEXT`: what is behind a backslash ends a line.
fn is_escape(behind: &str) -> bool {
    let is_part = |c: char| c.is_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    behind.strip_prefix(['n', 'r', 't']).is_some_and(|rest| !rest.starts_with(is_part))
}

/// Whether one more part of a path follows.
fn goes_on(next: &str, slashes: usize) -> bool {
    let rest = next.trim_start_matches('\\');
    next.len() - rest.len() == slashes
        && !is_escape(rest)
        && rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Whether a name that says that an account follows stands before: `Username: $'''`, `"user":"`, `SET Login TO '`.
fn is_announced(around: &str) -> bool {
    let around = &around[around.ceil_char_boundary(around.len().saturating_sub(NAME_BEFORE))..];
    let is_quote = |c: char| matches!(c, '"' | '\'' | '\\' | '$');
    let rest = around.trim_end_matches(is_quote).trim_end();
    let Some(rest) = rest.strip_suffix([':', '=']).or_else(|| rest.strip_suffix(" TO")) else { return false };
    let rest = rest.trim_end().trim_end_matches(is_quote);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let start =
        rest.rfind(|c| !is_part(c)).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
    let name: String =
        rest[start..].chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    NAMES.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        account_ranges(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn an_account_is_told_by_its_form() {
        for (text, account) in [
            (r"as FABRIKAM\robot7 now", r"FABRIKAM\robot7"),
            (r"FABRIKAM\svc-robot.7$", r"FABRIKAM\svc-robot.7$"),
            (r"Log_in_as_FABRIKAM\robot7", r"FABRIKAM\robot7"),
            (r"ask FAB-EU\JSMITH.", r"FAB-EU\JSMITH"),
            (r"CORP\nancy, CORP", r"CORP\nancy"),
            (r"(CORP\tom)", r"CORP\tom"),
            (r#"{"x":"FABRIKAM\\robot7"}"#, r"FABRIKAM\\robot7"),
            (r#"\"FABRIKAM\\\\robot7\""#, r"FABRIKAM\\\\robot7"),
            (r"\nFABRIKAM\\robot7\nNext", r"FABRIKAM\\robot7"),
            (r"FABRIKAM\robot7\nNEXT", r"FABRIKAM\robot7"),
            (r"SET User TO $'''fabrikam\\robot7'''", r"fabrikam\\robot7"),
            (r"WebAutomation.X Username: $'''Fabrikam\\robot7'''", r"Fabrikam\\robot7"),
            (r#""userName": "fabrikam\\Müller""#, r"fabrikam\\Müller"),
            (r"User ID=corp\robot7;Pwd=x", r"corp\robot7"),
            ("to robot7@fabrikam.example now", "robot7@fabrikam.example"),
        ] {
            assert_eq!(found(text), [account], "{text}");
        }
    }

    #[test]
    fn what_only_has_a_backslash_is_none() {
        for text in [
            r"C:\Temp",
            r"D:\FAB\robot7",
            r"\\SERVER\Share",
            r"FAB\sub\file",
            r"BIN\tool.exe",
            r"%APPDATA%\Fab",
            r"HKEY_LOCAL_MACHINE\Software",
            r"HKLM\Software",
            r"NT AUTHORITY\SYSTEM",
            r"BUILTIN\Users",
            r"PSA\OPS Integration",
            r"MIT\n */",
            r"AND\nNONINFRINGEMENT",
            r"DD\MM\YYYY",
            r"^[A-Z]\d+\w*$",
            r"\bFROM\b",
            r"ID\d{4}",
            r"folder\file",
            r"Fabrikam\robot7",
            r"text: folder\file",
            "body('x')?['_fab_status_value@OData.Community.Display.V1.FormattedValue']",
            "\\u00e9\\n",
            "\\",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in ["\\", "FAB\\", "FAB\\a", "a@", "user: ", "A\\\\"] {
            account_ranges(&piece.repeat(100_000));
        }
    }
}
