//! Which names are safe: a path that means the same file, inside the target, on every system.
//!
//! Names that are fine alone and not beside each other are the matter of `collisions.rs`. Read [`check`] first.

use caseless::Caseless;

use crate::text::escape_terminal;

/// The longest file name of the usual file systems: 255 bytes on Linux, 255 UTF-16 units on Windows and macOS, which are
/// never more than the bytes.
const COMPONENT_BYTES: usize = 255;

/// Names that Windows gives to devices, in every folder and with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// What is wrong with a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// No name at all.
    #[error("the name is empty")]
    Empty,
    /// Begins at the root of a file system.
    #[error("an absolute path")]
    Absolute,
    /// Begins with the letter of a drive.
    #[error("a path on a drive")]
    Drive,
    /// Two slashes in a row.
    #[error("an empty part of the path, at byte {at} of the name")]
    EmptyPart {
        /// Where in the name.
        at: usize,
    },
    /// A part that is the folder itself.
    #[error("the part `.`, at byte {at} of the name")]
    Dot {
        /// Where in the name.
        at: usize,
    },
    /// A part that leads out of the folder.
    #[error("the part `..`, at byte {at} of the name")]
    DotDot {
        /// Where in the name.
        at: usize,
    },
    /// A control character, or one that changes the direction of the text or breaks the line.
    #[error("the character U+{:04X}, at byte {at} of the name", u32::from(*.character))]
    Control {
        /// Where in the name.
        at: usize,
        /// Which.
        character: char,
    },
    /// A character that Windows forbids in names.
    #[error("the character `{character}`, which Windows forbids, at byte {at} of the name")]
    Forbidden {
        /// Where in the name.
        at: usize,
        /// Which.
        character: char,
    },
    /// A part that ends with a dot or a space; Windows drops these.
    #[error("a part that ends with a dot or a space, at byte {at} of the name")]
    TrailingDotOrSpace {
        /// Where the part begins.
        at: usize,
    },
    /// The name of a device on Windows.
    #[error("the name of a device on Windows, at byte {at} of the name")]
    Device {
        /// Where the part begins.
        at: usize,
    },
    /// The folder of a git repository, in some disguise perhaps.
    #[error("the name `.git` or one that some system takes for it, at byte {at} of the name")]
    Git {
        /// Where the part begins.
        at: usize,
    },
    /// A part that is too long for the usual file systems. No option raises this.
    #[error("a part of {actual} bytes, at byte {at} of the name; file systems take {limit}")]
    PartTooLong {
        /// Where the part begins.
        at: usize,
        /// What file systems take.
        limit: usize,
        /// What the part has.
        actual: usize,
    },
    /// Folders that are separated by backslashes. A warning unless all is strict.
    #[error("backslashes separate the folders")]
    Backslash,
    /// The name is not ASCII and not flagged as UTF-8. A warning when that is forgiven.
    #[error("the encoding of the name is not stated; it was read as CP437")]
    GuessedEncoding,
    /// Equal to another name, for systems that ignore case or Unicode normalisation.
    #[error("the same name as {} on some systems", escape_terminal(.other))]
    Same {
        /// The other name.
        other: String,
    },
    /// A file here, a folder there.
    #[error("cannot stand beside {}: one name, a file and a folder", escape_terminal(.other))]
    FileAndFolder {
        /// The other name.
        other: String,
    },
    /// The folder is spelled in two ways: one folder on some systems, two on others. A warning unless all is strict.
    #[error("its folder is spelled {} elsewhere", escape_terminal(.other))]
    FolderSpelledTwice {
        /// The other spelling.
        other: String,
    },
}

/// Checks one path with `/` between its parts; the `/` that marks a folder is not part of it.
pub(crate) fn check(path: &str) -> Result<(), NameFault> {
    if path.is_empty() {
        return Err(NameFault::Empty);
    }
    if path.starts_with('/') {
        return Err(NameFault::Absolute);
    }
    if let [letter, b':', ..] = path.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        return Err(NameFault::Drive);
    }
    for (at, character) in path.char_indices() {
        if is_control(character) {
            return Err(NameFault::Control { at, character });
        }
        if matches!(character, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') {
            return Err(NameFault::Forbidden { at, character });
        }
    }
    let mut at = 0;
    for part in path.split('/') {
        check_part(part, at)?;
        at += part.len() + 1;
    }
    Ok(())
}

/// Controls, the Unicode characters that control the direction of text (property Bidi_Control), and those that break a
/// line. Other invisible characters are part of some scripts and are left alone.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn check_part(part: &str, at: usize) -> Result<(), NameFault> {
    match part {
        "" => return Err(NameFault::EmptyPart { at }),
        "." => return Err(NameFault::Dot { at }),
        ".." => return Err(NameFault::DotDot { at }),
        _ => {}
    }
    if part.len() > COMPONENT_BYTES {
        return Err(NameFault::PartTooLong { at, limit: COMPONENT_BYTES, actual: part.len() });
    }
    if is_git(part) {
        return Err(NameFault::Git { at });
    }
    if part.ends_with(['.', ' ']) {
        return Err(NameFault::TrailingDotOrSpace { at });
    }
    if is_device(part) {
        return Err(NameFault::Device { at });
    }
    Ok(())
}

/// Whether Windows opens a device under this name, whatever the folder: `con`, `CON.xml`, `nul .a.b`, `COM¹`.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    if stem.len() < 3 || stem.len() > 7 {
        return false;
    }
    let stem = stem.to_ascii_lowercase();
    let is_port = |port: &str| {
        stem.strip_prefix(port).is_some_and(|number| {
            let mut number = number.chars();
            // Windows takes the superscript digits of Latin-1 for digits.
            matches!(number.next(), Some('0'..='9' | '¹' | '²' | '³')) && number.next().is_none()
        })
    };
    DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt")
}

/// Whether some file system takes this part for `.git`: without regard to case; with dots, spaces or a stream behind it
/// (Windows); with characters that HFS+ ignores; by its short name.
fn is_git(part: &str) -> bool {
    // Most names: nothing is ignored, and only letters have a case.
    if part.is_ascii() {
        return is_git_stem(stem(part));
    }
    let visible: String = part.chars().filter(|character| !ignored_by_hfs(*character)).collect();
    let folded: String = stem(&visible).chars().default_case_fold().collect();
    is_git_stem(&folded)
}

/// Without a stream, and without the dots and spaces that Windows drops.
fn stem(part: &str) -> &str {
    part.split(':').next().unwrap_or(part).trim_end_matches(['.', ' '])
}

fn is_git_stem(stem: &str) -> bool {
    let short = stem.as_bytes().split_at_checked(4).filter(|(name, _)| name.eq_ignore_ascii_case(b"git~"));
    stem.eq_ignore_ascii_case(".git")
        || short.is_some_and(|(_, number)| number.iter().all(u8::is_ascii_digit))
}

fn ignored_by_hfs(character: char) -> bool {
    matches!(
        character,
        '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_names_are_fine() {
        for name in [
            "solution.xml",
            "[Content_Types].xml",
            "Workflows/RunPayroll-0C0F6A3E-1111-2222-3333-444455556666.json",
            "WebResources/new_/scripts/日本語.js",
            "a b/.gitignore",
            "x.git/config",
            ".github/a",
            "console.xml",
            "com10",
            "lptx",
            "~1",
            "git~x",
            "…/‥",
            "é'`{}()&$!%#@^+=,;-_",
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(check(""), Err(NameFault::Empty));
        assert_eq!(check("/etc/passwd"), Err(NameFault::Absolute));
        assert_eq!(check("//server/share"), Err(NameFault::Absolute));
        assert_eq!(check("c:/a"), Err(NameFault::Drive));
        assert_eq!(check("a/../b"), Err(NameFault::DotDot { at: 2 }));
        assert_eq!(check(".."), Err(NameFault::DotDot { at: 0 }));
        assert_eq!(check("a/."), Err(NameFault::Dot { at: 2 }));
        assert_eq!(check("a//b"), Err(NameFault::EmptyPart { at: 2 }));
        assert_eq!(check("a/"), Err(NameFault::EmptyPart { at: 2 }));
    }

    #[test]
    fn characters_are_safe() {
        for (name, character) in [
            ("a\0b", '\0'),
            ("a\nb", '\n'),
            ("a\u{7f}b", '\u{7f}'),
            ("a\u{85}b", '\u{85}'),
            ("a\u{202e}b", '\u{202e}'),
            ("a\u{2028}b", '\u{2028}'),
        ] {
            assert_eq!(check(name), Err(NameFault::Control { at: 1, character }), "{name:?}");
        }
        for character in ['<', '>', ':', '"', '|', '?', '*', '\\'] {
            let name = format!("é/{character}");
            assert_eq!(check(&name), Err(NameFault::Forbidden { at: 3, character }), "{name}");
        }
    }

    #[test]
    fn devices_are_no_files() {
        for name in [
            "CON",
            "con",
            "prn.txt",
            "Aux.a.b",
            "nul",
            "NUL .xml",
            "com0",
            "COM1",
            "com9.json",
            "COM¹",
            "com².x",
            "LPT³",
            "lpt1",
            "CONIN$",
            "conout$.a",
            "a/nul/b",
        ] {
            assert!(matches!(check(name), Err(NameFault::Device { .. })), "{name}");
        }
    }

    #[test]
    fn ends_of_parts_are_kept_by_windows() {
        for name in ["a.", "a ", "a./b", "b /a", "...", " "] {
            assert!(matches!(check(name), Err(NameFault::TrailingDotOrSpace { .. })), "{name:?}");
        }
    }

    #[test]
    fn git_is_seen_through_disguises() {
        for name in [
            ".git",
            ".GIT/config",
            "a/.Git",
            ".git.",
            ".git ",
            ".git . .",
            "GIT~1",
            "git~2",
            ".g\u{200c}it",
            "\u{feff}.git",
            ".git\u{206f}",
        ] {
            assert!(matches!(check(name), Err(NameFault::Git { .. })), "{name:?}");
        }
        // Alone these are forbidden for their characters already.
        assert!(check(".git:$DATA").is_err());
        assert!(is_git(".git::$INDEX_ALLOCATION"));
        assert!(check(".g\u{200e}it").is_err());
        assert!(is_git(".g\u{200e}it"));
    }

    #[test]
    fn lengths_are_limited() {
        assert_eq!(check(&"n".repeat(255)), Ok(()));
        assert_eq!(check(&"é".repeat(127)), Ok(()));
        let limit = COMPONENT_BYTES;
        assert_eq!(check(&"n".repeat(256)), Err(NameFault::PartTooLong { at: 0, limit, actual: 256 }));
        assert_eq!(
            check(&format!("a/{}", "é".repeat(128))),
            Err(NameFault::PartTooLong { at: 2, limit, actual: 256 })
        );
    }
}
