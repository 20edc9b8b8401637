//! The version of a solution: those characters of the manifest and nothing else.

use super::files::MANIFEST;
use super::text::XmlText;
use super::{Action, AuthorError, Editor, Step};

/// Which part of a version counts up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionPart {
    /// The first.
    Major,
    /// The second.
    Minor,
    /// The third.
    Build,
    /// The fourth.
    Revision,
}

/// The version with one part counted up and those behind it zero; a part that is not there is added.
///
/// # Errors
/// When the version is not made of numbers, or the part is the highest there is.
pub fn bumped(version: &str, part: VersionPart) -> Result<String, AuthorError> {
    let wrong = |fault: String| AuthorError::Text {
        what: "version",
        fault,
        hint: "solship version --set 1.2.3.4 gives it another one",
    };
    let at = part as usize;
    let mut parts: Vec<String> = version.trim().split('.').map(str::to_owned).collect();
    let numbers: Option<Vec<u32>> = parts.iter().map(|part| part.parse().ok()).collect();
    let numbers = numbers.ok_or_else(|| wrong(format!("{version} is not made of numbers")))?;
    if parts.len() > 4 {
        return Err(wrong(format!("{version} has more than four parts")));
    }
    let number = numbers.get(at).copied().unwrap_or_default();
    let number = number
        .checked_add(1)
        .filter(|number| *number <= MOST)
        .ok_or_else(|| wrong(format!("{version} cannot count up")))?;
    // What stands in front stays as it is written.
    let length = parts.len().max(at + 1);
    parts.resize(length, "0".to_owned());
    parts[at] = number.to_string();
    parts[at + 1..].fill("0".to_owned());
    Ok(parts.join("."))
}

/// The highest number that the platform, which reads versions as .NET does, takes for a part.
const MOST: u32 = i32::MAX as u32;

/// Checks that a text is a version: two to four numbers with dots. Zeros in front are fine: exports have `1.0.02407.1937`.
///
/// # Errors
/// When it is none.
pub fn check_version(text: &str) -> Result<(), AuthorError> {
    let parts: Vec<&str> = text.split('.').collect();
    let is_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = |part: &&str| part.parse::<u32>().is_ok_and(|number| number <= MOST);
    let fault = if !(2..=4).contains(&parts.len()) || !parts.iter().all(is_digits) {
        "not two to four numbers with dots".to_owned()
    } else if !parts.iter().all(is_number) {
        format!("a part of it is over {MOST}")
    } else {
        return Ok(());
    };
    Err(AuthorError::Text { what: "version", fault, hint: "such as 1.2.3.4" })
}

/// Gives the solution that version.
///
/// # Errors
/// When it is none, or the manifest has no version.
pub fn set_version(editor: &mut Editor, version: &str) -> Result<Step, AuthorError> {
    check_version(version)?;
    let solution = editor.solution()?;
    let before = solution.manifest.version.to_string();
    let document = editor.files.xml(MANIFEST)?;
    let element = document.root().child("SolutionManifest").and_then(|manifest| manifest.child("Version"));
    let Some(element) = element else {
        return Err(AuthorError::MissingElement {
            place: editor.files.place_of(MANIFEST),
            element: "Version",
        });
    };
    let name = &solution.manifest.unique_name;
    if element.text() == version {
        return Ok(Step::new(Action::Unchanged, format!("{name} {version}")));
    }
    let mut text = XmlText::new(&document);
    text.set_text(element, version);
    editor.put(MANIFEST, text.finish());
    Ok(Step::new(Action::Changed, format!("{name} {before} → {version}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_other_texts() {
        for version in ["1.0", "1.2.3", "01.2.3.4", "1.0.02407.1937", "1.2.3.2147483647"] {
            assert!(check_version(version).is_ok(), "{version}");
        }
        for version in ["", "1", "1.2.3.4.5", "1..2", "1.x", "+1.2", "1.2.3.2147483648"] {
            assert!(check_version(version).is_err(), "{version}");
        }
    }

    #[test]
    fn parts_count_up() {
        use VersionPart::{Build, Major, Minor, Revision};
        for (version, part, expected) in [
            ("1.2.3.4", Major, "2.0.0.0"),
            ("1.2.3.4", Minor, "1.3.0.0"),
            ("1.2.3.4", Build, "1.2.4.0"),
            ("1.2.3.4", Revision, "1.2.3.5"),
            ("1.2", Minor, "1.3"),
            ("1.2", Revision, "1.2.0.1"),
            ("1.0.02407.1937", Revision, "1.0.02407.1938"),
        ] {
            assert_eq!(bumped(version, part).unwrap(), expected, "{version}");
        }
        for version in ["1.x", "", "1.2.3.4.5", "1.2.3.2147483647"] {
            assert!(bumped(version, Revision).is_err(), "{version}");
        }
    }
}
