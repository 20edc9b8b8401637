//! Names of people in paths: their folder in Windows, `C:\Users\robot.seven\Desktop`, and their site in OneDrive,
//! `/personal/robot_seven_fabrikam_com/Documents`.
//!
//! Read [`folder_ranges`] first.

use std::ops::Range;

/// Folders that each Windows has, whoever works there.
const OF_NOBODY: &[&str] = &[
    "public",
    "default",
    "default user",
    "default.migrated",
    "all users",
    "administrator",
    "admin",
    "username",
    "user",
    "user name",
    "desktop.ini",
];
/// What the folders of people stand in.
const USERS: &[&str] = &["users", "documents and settings"];
/// What the site of a person stands behind.
const SITES: &str = "personal";
/// Longer names are none.
const LONGEST: usize = 64;
/// Most characters that separate two folders: a backslash is escaped in a script that is a text of JSON in another one.
const MOST_SIGNS: usize = 8;

/// Where every name stands, in order.
pub(super) fn folder_ranges(text: &str) -> Vec<Range<usize>> {
    let small = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for word in USERS {
        for at in memchr::memmem::find_iter(small.as_bytes(), word) {
            let (before, end) = (&small[..at], at + word.len());
            found.extend(separator(&small[end..]).filter(|_| is_drive(before)).and_then(|sign| {
                let start = end + sign;
                let name = windows_name(&text[start..]);
                is_person(name).then(|| start..start + name.len())
            }));
        }
    }
    for at in memchr::memmem::find_iter(small.as_bytes(), SITES) {
        let (before, end) = (&small[..at], at + SITES.len());
        let is_part = ["/", "%2f"].iter().any(|sign| before.ends_with(sign));
        found.extend(separator(&small[end..]).filter(|_| is_part).and_then(|sign| {
            let start = end + sign;
            let name = site_name(&text[start..]);
            // `robot_seven_fabrikam_com`: the name, the domain, and how that ends.
            let parts = name.split('_').filter(|part| !part.is_empty()).count();
            (parts >= 3 && name.len() <= 2 * LONGEST).then(|| start..start + name.len())
        }));
    }
    found.sort_by_key(|range| range.start);
    found
}

/// The length of what separates two folders.
fn separator(rest: &str) -> Option<usize> {
    if rest.starts_with('/') {
        return Some(1);
    }
    if rest.starts_with("%2f") || rest.starts_with("%5c") {
        return Some(3);
    }
    let count = rest.bytes().take_while(|byte| *byte == b'\\').count();
    // In JSON a slash may be escaped.
    let count = if count > 0 && rest[count..].starts_with('/') { count + 1 } else { count };
    (1..=MOST_SIGNS).contains(&count).then_some(count)
}

/// Whether a text ends with the root of a drive: `C:\`, `\\server\c$\`, `%SystemDrive%\`.
fn is_drive(before: &str) -> bool {
    let rest = ["%2f", "%5c"].iter().find_map(|sign| before.strip_suffix(sign));
    let rest = rest.unwrap_or_else(|| before.trim_end_matches(['\\', '/']));
    rest.len() < before.len()
        && (rest.ends_with("%systemdrive%")
            || [":", "$", "%3a"].iter().any(|sign| {
                let drive = rest.strip_suffix(sign);
                drive.is_some_and(|drive| drive.ends_with(|c: char| c.is_ascii_alphabetic()))
            }))
}

/// The name of a folder; with blanks in it only where one more folder follows.
fn windows_name(rest: &str) -> &str {
    let is_end = |c: char| "\\/\"'<>|:*?%@{},;()[]=`\r\n\t".contains(c);
    let end = rest.find(is_end).unwrap_or(rest.len());
    let name = &rest[..end];
    let goes_on = rest[end..].starts_with(['\\', '/']) || rest[end..].starts_with("%5");
    if goes_on && name.chars().count() <= LONGEST {
        return name;
    }
    name.split(' ').next().unwrap_or_default().trim_end_matches('.')
}

fn site_name(rest: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())]
}

fn is_person(name: &str) -> bool {
    let count = name.chars().count();
    (2..=LONGEST).contains(&count)
        && !name.starts_with(['$', '.', '…', '-', '~'])
        && name.chars().any(char::is_alphabetic)
        && !OF_NOBODY.iter().any(|nobody| name.eq_ignore_ascii_case(nobody))
}

#[cfg(test)]
mod tests {
    use crate::model::masked_file;

    #[test]
    fn people_are_hidden_in_paths() {
        for (text, shown) in [
            (r"C:\Users\robot.seven\Desktop\a.txt", r"C:\Users\********\Desktop\a.txt"),
            (r#"{"x":"c:\\users\\Robot Seven\\a b"}"#, r#"{"x":"c:\\users\\********\\a b"}"#),
            (r"'D:\Users\robot7' is", r"'D:\Users\********' is"),
            (r"in C:\Users\robot7 to D:\x", r"in C:\Users\******** to D:\x"),
            ("file:///C:/Users/robot7/a", "file:///C:/Users/********/a"),
            (r"\\srv\c$\Users\robot7\a", r"\\srv\c$\Users\********\a"),
            (r"C:\Documents and Settings\robot7\a", r"C:\Documents and Settings\********\a"),
            (
                "https://fab-my.sharepoint.com/personal/robot_seven_fabrikam_example/Documents",
                "https://fab-my.sharepoint.com/personal/********/Documents",
            ),
            ("%2fpersonal%2frobot7_fabrikam_example%2fDocuments", "%2fpersonal%2f********%2fDocuments"),
        ] {
            assert_eq!(masked_file(text, "x"), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_person_is_shown() {
        for text in [
            r"C:\Users\Public\Desktop",
            r"C:\Users\Default\a",
            r"C:\Users\%USERNAME%\a",
            r"C:\Users\$env:USERNAME\a",
            r"C:\Users\@{variables('x')}\a",
            r"C:\Users\<name>\a",
            r"C:\Users\",
            r"C:\Users",
            r"C:\Users\Administrator\a",
            "https://graph.example/v1.0/users/robot7/messages",
            "/api/users/robot7",
            r"Tables\Users\Name",
            "https://fab.example/personal/settings/a",
            "a personal/one_two_three x",
        ] {
            assert_eq!(masked_file(text, "x"), text);
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in ["c:\\users\\", "users", "/personal/", "\\", "c:\\users\\a "] {
            super::folder_ranges(&piece.repeat(100_000));
        }
    }
}
