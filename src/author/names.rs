//! Names of components that the publisher of a solution makes.

use super::AuthorError;
use super::text::is_xml_text;

/// The name that the portal proposes: prefix, underscore, display name without what no name holds.
pub fn proposed_name(prefix: &str, display: &str) -> String {
    let kept: String = display.chars().filter(|character| is_name_character(*character)).collect();
    format!("{prefix}_{kept}")
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Checks the schema name of a new component: the publisher's prefix, an underscore, letters, digits and underscores.
pub(super) fn check_name(
    what: &'static str,
    name: &str,
    prefix: &str,
    most: usize,
) -> Result<(), AuthorError> {
    let fault = |fault: String, instead: Option<String>| {
        Err(AuthorError::Name { what, name: name.to_owned(), fault, instead })
    };
    let own = name.split_once('_').map_or(name, |(_, own)| own);
    let instead = || {
        let proposed = proposed_name(prefix, own);
        (proposed.len() > prefix.len() + 1 && proposed.len() <= most).then_some(proposed)
    };
    if prefix.is_empty() {
        return fault("the solution's publisher has no prefix".to_owned(), None);
    }
    if let Some(character) = name.chars().find(|character| !is_name_character(*character)) {
        let shown =
            if character == ' ' { "a blank".to_owned() } else { format!("the character {character}") };
        let proposed = match name.strip_prefix(&format!("{prefix}_")) {
            Some(own) => proposed_name(prefix, own),
            None => proposed_name(prefix, name),
        };
        return fault(
            format!("{shown} is in it; letters, digits and underscores make a name"),
            (proposed.len() > prefix.len() + 1).then_some(proposed),
        );
    }
    let Some(own) = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')) else {
        return fault(
            format!("the publisher's prefix is {prefix}, and a new name starts with {prefix}_"),
            instead(),
        );
    };
    if own.is_empty() {
        return fault("nothing follows the prefix".to_owned(), None);
    }
    if name.len() > most {
        return Err(AuthorError::Text {
            what,
            fault: format!("a name of {} characters; at most {most} are allowed", name.len()),
            hint: "choose a shorter name",
        });
    }
    Ok(())
}

/// Checks a text of a person: not over the column's length, and nothing in it that no XML can hold.
pub(super) fn check_text(what: &'static str, text: &str, most: usize) -> Result<(), AuthorError> {
    let count = text.chars().map(char::len_utf16).sum::<usize>();
    if count > most {
        return Err(AuthorError::Text {
            what,
            fault: format!("{count} characters; at most {most} are allowed"),
            hint: "shorten it",
        });
    }
    if !is_xml_text(text) {
        return Err(AuthorError::Text {
            what,
            fault: "a control character is in it".to_owned(),
            hint: "leave it out: no solution file can hold it",
        });
    }
    Ok(())
}

/// Whether the text of a column is the one that is asked for: it has the line ends of its file, and is read without the
/// blanks around it.
pub(super) fn is_same_text(there: Option<&str>, asked: &str) -> bool {
    let there = there.unwrap_or_default();
    with_line_feeds(there).trim() == with_line_feeds(asked).trim()
}

/// The text with one kind of line ends.
pub(super) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A text that must say something.
pub(super) fn check_filled(what: &'static str, text: &str, most: usize) -> Result<(), AuthorError> {
    if text.trim().is_empty() {
        return Err(AuthorError::Text {
            what,
            fault: "it is empty".to_owned(),
            hint: "give it a text, or leave the option out",
        });
    }
    check_text(what, text, most)
}
