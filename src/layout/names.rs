//! Orders of names, and which names are safe on every system.

use std::cmp::Ordering;

/// Key by which the lists that unpack writes are sorted: case does not count, punctuation before digits before letters.
pub(crate) fn listed_key(text: &str) -> Vec<(u8, char)> {
    let weight = |character: char| match character {
        character if character.is_alphabetic() => (2, character),
        character if character.is_numeric() => (1, character),
        character => (0, character),
    };
    text.chars().flat_map(char::to_lowercase).map(weight).collect()
}

/// Order in which pack takes the files of a folder: upper-cased, by code unit; the files of a folder before its
/// sub-folders.
pub(super) fn compare_in_folders(left: &str, right: &str) -> Ordering {
    let mut lefts = left.split('/').peekable();
    let mut rights = right.split('/').peekable();
    loop {
        match (lefts.next(), rights.next()) {
            (Some(left_name), Some(right_name)) => {
                let left_is_folder = lefts.peek().is_some();
                let order = left_is_folder
                    .cmp(&rights.peek().is_some())
                    .then_with(|| compare_names(left_name, right_name))
                    .then_with(|| left_name.cmp(right_name));
                if order.is_ne() {
                    return order;
                }
            }
            (left_name, right_name) => return left_name.is_some().cmp(&right_name.is_some()),
        }
    }
}

/// Upper-cased, by code unit.
pub(super) fn compare_names(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        // Most names: the same order, without looking at characters.
        let [left, right] = [left, right].map(|name| name.bytes().map(|byte| byte.to_ascii_uppercase()));
        return left.cmp(right);
    }
    upper(left).cmp(upper(right))
}

fn upper(text: &str) -> impl Iterator<Item = u16> + '_ {
    text.chars().flat_map(|character| {
        let mut upper = character.to_uppercase();
        let only = upper.next().filter(|_| upper.next().is_none()).unwrap_or(character);
        let mut units = [0; 2];
        let length = only.encode_utf16(&mut units).len();
        units.into_iter().take(length)
    })
}

/// What two paths have in common that are the same file on some system.
pub(super) fn folded(path: &str) -> String {
    path.to_lowercase()
}

/// Whether every system can hold that path, below a folder.
pub(super) fn is_safe(path: &str) -> bool {
    path.split('/').all(is_safe_name)
}

fn is_safe_name(name: &str) -> bool {
    let forbidden = |character: char| {
        matches!(character, '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*') || character.is_control()
    };
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let device = ["CON", "PRN", "AUX", "NUL"].iter().any(|device| stem.eq_ignore_ascii_case(device))
        || stem.len() == 4
            && stem.is_char_boundary(3)
            && ["COM", "LPT"].iter().any(|device| stem[..3].eq_ignore_ascii_case(device))
            && stem.ends_with(|digit: char| digit.is_ascii_digit() && digit != '0');
    !name.is_empty() && !name.ends_with(['.', ' ']) && !name.contains(forbidden) && !device
}
