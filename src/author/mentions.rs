//! Names of components in texts that are read as no component: scripts and pages of web resources, definitions of custom
//! connectors, texts inside of forms, flows and bots.
//!
//! Read [`Mention`] first. What the model reads as a reference is not looked for here: it is found there, and more surely.

use std::ops::Range;

use super::files::{CUSTOMIZATIONS, MANIFEST};
use super::{AuthorError, Editor};
use crate::model::{Component, ComponentType};
use crate::text::LineIndex;

/// What stands around a name that is a text of its own, as scripts, JSON and XML write it; the longest first.
const QUOTES: [&str; 12] =
    ["\\u0022", "\\u0027", "&quot;", "&apos;", "&#39;", "%22", "%27", "\\\"", "\\'", "\"", "'", "`"];
/// The function that definitions of connectors and connections call: `@environmentVariables("fab_Url")`.
const FUNCTION: &[u8] = b"environmentvariables";
/// So many places are told.
const MOST: usize = 5;

/// How sure it is that a text means the component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sureness {
    /// `@environmentVariables("fab_Url")`.
    Call,
    /// The whole text between quotes, in the same letters.
    Quoted,
    /// A word of it.
    Word,
}

/// A place in a text where the name of a component stands.
#[derive(Debug)]
struct Mention {
    /// The file.
    path: String,
    /// The name in it.
    range: Range<usize>,
    /// The place, as it is told.
    place: String,
    sureness: Sureness,
}

impl Mention {
    /// Whether a new name may take the place of the old one.
    fn can_be_renamed(&self) -> bool {
        let path = self.path.to_lowercase();
        let is_own_text = path.starts_with("webresources/") || path.starts_with("connectors/");
        match self.sureness {
            Sureness::Call => true,
            // Elsewhere a text may be a label, or a value that the flow compares with.
            Sureness::Quoted => is_own_text,
            Sureness::Word => false,
        }
    }
}

/// Refuses when a text names a variable for sure; a sentence with the places where one may name the component.
pub(super) fn refuse(editor: &mut Editor, component: &Component) -> Result<Option<String>, AuthorError> {
    let (sure, guesses): (Vec<Mention>, Vec<Mention>) =
        of(editor, component)?.into_iter().partition(|mention| mention.sureness != Sureness::Word);
    if !sure.is_empty() {
        let users = sure.into_iter().map(|mention| mention.place).collect();
        return Err(AuthorError::InUse { component: component.described(), users });
    }
    Ok(told(&guesses, &format!("{} stands as a word in", component.key.key), "see whether it is meant"))
}

/// Gives the component its new name in the texts that name it for sure; a sentence with the places that keep the old one.
pub(super) fn rename(
    editor: &mut Editor,
    component: &Component,
    new: &str,
) -> Result<Option<String>, AuthorError> {
    let (sure, others): (Vec<Mention>, Vec<Mention>) =
        of(editor, component)?.into_iter().partition(Mention::can_be_renamed);
    let mut paths: Vec<&str> = sure.iter().map(|mention| &*mention.path).collect();
    paths.dedup();
    for path in paths {
        let Some(mut bytes) = editor.files.read(path)? else { continue };
        for mention in sure.iter().rev().filter(|mention| mention.path == path) {
            bytes.splice(mention.range.clone(), new.bytes());
        }
        editor.put(path, bytes);
    }
    Ok(told(
        &others,
        &format!("{} still stands in", component.key.key),
        "see whether it is meant, and change it there",
    ))
}

fn told(mentions: &[Mention], before: &str, after: &str) -> Option<String> {
    if mentions.is_empty() {
        return None;
    }
    let places: Vec<&str> = mentions.iter().take(MOST).map(|mention| &*mention.place).collect();
    let more = match mentions.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("{before} {}{more}: {after}", places.join(", ")))
}

/// Every place where the name of the component stands, by file and place.
fn of(editor: &mut Editor, component: &Component) -> Result<Vec<Mention>, AuthorError> {
    let name = &*component.key.key;
    let is_variable = component.key.kind == ComponentType::ENVIRONMENT_VARIABLE;
    let solution = editor.solution()?;
    // A table or column of the same letters may be meant as well.
    let is_other = |other: &Component| {
        let last = other.key.key.rsplit(['.', '/']).next().unwrap_or_default();
        other.key.kind != component.key.kind && last.eq_ignore_ascii_case(name)
    };
    // No function of the platform takes the name of a connection reference from a text.
    let can_be_sure = is_variable && !solution.components.iter().any(is_other);
    let mut mentions = Vec::new();
    for path in editor.files.paths() {
        let lower = path.to_lowercase();
        let is_read = lower.starts_with("environmentvariabledefinitions/")
            || [MANIFEST, CUSTOMIZATIONS].iter().any(|read| path.eq_ignore_ascii_case(read));
        if is_read {
            continue;
        }
        let Some(bytes) = editor.files.read(&path)? else { continue };
        if memchr::memchr(0, &bytes).is_some() || std::str::from_utf8(&bytes).is_err() {
            continue;
        }
        let found = in_text(&bytes, name);
        if found.is_empty() {
            continue;
        }
        let lines = LineIndex::new(&bytes);
        for (range, sureness) in found {
            let sureness = match sureness {
                Sureness::Quoted if !can_be_sure => Sureness::Word,
                other => other,
            };
            // Parameters of flows are labelled with the names of their variables.
            if sureness == Sureness::Word && lower.starts_with("workflows/") {
                continue;
            }
            let position = lines.position(&bytes, range.start);
            let place = format!("{}:{}:{}", editor.files.place_of(&path), position.line, position.column);
            mentions.push(Mention { path: path.clone(), range, place, sureness });
        }
    }
    Ok(mentions)
}

/// Where the name stands as a word of its own.
fn in_text(bytes: &[u8], name: &str) -> Vec<(Range<usize>, Sureness)> {
    if name.is_empty() {
        return Vec::new();
    }
    // ASCII letters alone: offsets stay.
    let (folded, wanted) = (bytes.to_ascii_lowercase(), name.to_ascii_lowercase());
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut found = Vec::new();
    for start in memchr::memmem::find_iter(&folded, wanted.as_bytes()) {
        let range = start..start + wanted.len();
        let (before, after) = (&folded[..start], &folded[range.end..]);
        if before.last().is_some_and(is_word) || after.first().is_some_and(is_word) {
            // `\u0022fab_Url` is a quote and the name.
            if !QUOTES.iter().any(|quote| is_quoted(before, after, quote)) {
                continue;
            }
        }
        let quote = QUOTES.iter().find(|quote| is_quoted(before, after, quote));
        let sureness = match quote {
            Some(quote) if is_call(&before[..before.len() - quote.len()]) => Sureness::Call,
            Some(_) if bytes[range.clone()] == *name.as_bytes() => Sureness::Quoted,
            _ => Sureness::Word,
        };
        found.push((range, sureness));
    }
    found
}

fn is_quoted(before: &[u8], after: &[u8], quote: &str) -> bool {
    before.ends_with(quote.as_bytes()) && after.starts_with(quote.as_bytes())
}

/// Whether what stands in front of the quote calls the function.
fn is_call(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    before.strip_suffix(b"(").is_some_and(|before| before.trim_ascii_end().ends_with(FUNCTION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_from_a_word_and_from_a_part_of_one() {
        use Sureness::{Call, Quoted, Word};
        for (text, expected) in [
            ("get(\"fab_Url\")", &[Quoted][..]),
            ("get('fab_Url', `fab_Url`)", &[Quoted, Quoted]),
            ("{\"host\":\"@environmentVariables(\\\"fab_Url\\\")\"}", &[Call]),
            ("@EnvironmentVariables( 'FAB_url')", &[Call]),
            ("<a b=\"@environmentVariables(&quot;fab_Url&quot;)\"/>", &[Call]),
            ("{\"a\":\"x \\u0022fab_Url\\u0022\"}", &[Quoted]),
            ("get(\"fab_url\")", &[Word]),
            ("// fab_Url is read", &[Word]),
            ("\"fab_Url of robots\"", &[Word]),
            ("fab_Urls xfab_Url _fab_Url fab_Url2", &[]),
            ("é\u{feff}fab_Urlé", &[Word]),
            ("", &[]),
        ] {
            let found: Vec<Sureness> =
                in_text(text.as_bytes(), "fab_Url").into_iter().map(|(_, sureness)| sureness).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
