//! The line that a finding is about: cut to what fits on a screen, secrets in it masked.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::model::{Finding, HiddenText, MASK, Mark};
use crate::package::Package;

/// Most characters of a line that are shown; most flows are one long line.
const MOST_CHARACTERS: usize = 100;
/// So many of them stand before what is meant.
const BEFORE: usize = 30;
/// A secret that starts before the window is known as one from what stands this far before it.
const CONTEXT: usize = 4000;
/// Stands where a line was cut.
const CUT: char = '…';

/// Sets [`Finding::excerpt`] of the findings that have a place in these packages, and none yet. Packages are opened by
/// `open`, each once, by what the user called them.
pub fn excerpts(
    findings: &mut [Finding],
    sources: impl IntoIterator<Item = Arc<str>>,
    open: &mut dyn FnMut(&str) -> Option<Package>,
) {
    // Of two sources, one inside the other, the longer one is meant: it comes last.
    let mut of_source: BTreeMap<Arc<str>, Vec<usize>> =
        sources.into_iter().map(|source| (source, Vec::new())).collect();
    for (at, finding) in findings.iter().enumerate() {
        let Some(place) = finding.place.as_ref().filter(|place| place.line > 0 && finding.excerpt.is_none())
        else {
            continue;
        };
        if let Some((_, wanted)) =
            of_source.iter_mut().rev().find(|(source, _)| place.within(source).is_some())
        {
            wanted.push(at);
        }
    }
    for (source, wanted) in of_source {
        if wanted.is_empty() {
            continue;
        }
        let Some(package) = open(&source) else { continue };
        let mut by_file: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for at in wanted {
            if let Some(place) = &findings[at].place {
                by_file.entry(place.file.clone()).or_default().push(at);
            }
        }
        for (file, wanted) in by_file {
            // The text only helps: what cannot be read for it is no fault of the check.
            let Ok(Some(bytes)) = package.read_place(&file) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let lines = Lines::new(&text, &file);
            for at in wanted {
                let Some(place) = &findings[at].place else { continue };
                if let Some((excerpt, mark)) = lines.around(place.line, place.column) {
                    findings[at].excerpt = Some(excerpt);
                    findings[at].mark = Some(mark);
                }
            }
        }
    }
}

/// Where the lines of a text start.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    hidden: HiddenText,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, file: &str) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { text, starts: starts.collect(), hidden: HiddenText::new(text, file) }
    }

    /// What stands around a column of a line, and which of it is meant. Both are counted from 1.
    fn around(&self, line: u32, column: u32) -> Option<(String, Mark)> {
        let start = *self.starts.get((line as usize).checked_sub(1)?)?;
        let end = self.starts.get(line as usize).map_or(self.text.len(), |next| next - 1);
        let line = self.text[start..end].trim_end_matches('\r');
        let start = start + line.len() - line.trim_start_matches('\u{feff}').len();
        let line = line.trim_start_matches('\u{feff}');
        let meant = line.char_indices().nth((column as usize).checked_sub(1)?).map(|(at, _)| at)?;
        Some(excerpt(line, meant, &|piece| {
            self.hidden.ranges(self.text, start + piece.start..start + piece.end)
        }))
    }
}

/// With `hidden` it says what is hidden in a piece of the line.
fn excerpt(line: &str, meant: usize, hidden: &dyn Fn(Range<usize>) -> Vec<Range<usize>>) -> (String, Mark) {
    // No more of a line of megabytes is looked at than can be told apart as a secret around the window.
    let from = back(line, meant, BEFORE + CONTEXT);
    let to = forth(line, meant, MOST_CHARACTERS + CONTEXT);
    let nearby = &line[from..to];
    let meant = meant - from;
    let token = token(&nearby[meant..]);
    let (shown, [at, end]) = masked(nearby, [meant, meant + token], &hidden(from..to));
    let window_start =
        if from == 0 && shown[..at].chars().count() <= BEFORE { 0 } else { back(&shown, at, BEFORE) };
    let mut text = String::new();
    let mut start = shown[window_start..at].chars().count();
    if window_start > 0 || from > 0 {
        text.push(CUT);
        start += 1;
    }
    let window_end = forth(&shown, window_start, MOST_CHARACTERS);
    text.push_str(&shown[window_start..window_end]);
    if window_end < shown.len() || to < line.len() {
        text.push(CUT);
    }
    let length = shown[at..end.min(window_end).max(at)].chars().count().max(1);
    // Leading blanks say nothing.
    let blanks = text.chars().take_while(|character| character.is_whitespace()).count().min(start);
    let text: String = text.chars().skip(blanks).collect();
    (text, Mark { start: (start - blanks) as u32, length: length as u32 })
}

/// The text with its secrets masked, and where two offsets of it are then; one inside of a secret is where that starts.
fn masked(text: &str, offsets: [usize; 2], secrets: &[Range<usize>]) -> (String, [usize; 2]) {
    let mut shown = String::with_capacity(text.len());
    let mut moved = offsets;
    let mut from = 0;
    for secret in secrets {
        shown.push_str(&text[from..secret.start]);
        for (offset, moved) in offsets.iter().zip(&mut moved) {
            if *offset > secret.start {
                let start = shown.len();
                *moved =
                    if *offset >= secret.end { start + MASK.len() + (*offset - secret.end) } else { start };
            }
        }
        shown.push_str(MASK);
        from = secret.end;
    }
    // What lies behind the last secret moves by what all of them grew.
    shown.push_str(&text[from..]);
    if moved[1] < moved[0] {
        moved[1] = moved[0];
    }
    (shown, moved)
}

/// So many characters before `at`.
fn back(text: &str, at: usize, characters: usize) -> usize {
    text[..at].char_indices().rev().take(characters).last().map_or(at, |(start, _)| start)
}

/// So many characters behind `at`.
fn forth(text: &str, at: usize, characters: usize) -> usize {
    text[at..].char_indices().nth(characters).map_or(text.len(), |(end, _)| at + end)
}

/// Bytes of what starts here: a tag, a text in quotes, or a word.
fn token(text: &str) -> usize {
    let rest = text.get(1..).unwrap_or_default();
    let end = match text.as_bytes().first() {
        Some(b'<') => rest.find('>').map(|at| at + 2),
        Some(b'"') => {
            let mut escaped = false;
            let quote = rest.bytes().position(|byte| {
                let ends = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                ends
            });
            quote.map(|at| at + 2)
        }
        _ => text.find(|character: char| character.is_whitespace() || ",;<>{}[]\"".contains(character)),
    };
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, column: u32) -> (String, String) {
        let (text, mark) = Lines::new(line, "").around(1, column).unwrap();
        let marked = text.chars().skip(mark.start as usize).take(mark.length as usize).collect();
        (text, marked)
    }

    #[test]
    fn a_short_line_is_shown_whole_and_marked() {
        let (text, marked) = shown("    <Managed>7</Managed>\r\n<x/>", 5);
        assert_eq!((&*text, &*marked), ("<Managed>7</Managed>", "<Managed>"));
        let (text, marked) = shown(r#"{"a":"b\"c","d":1}"#, 6);
        assert_eq!((&*text, &*marked), (r#"{"a":"b\"c","d":1}"#, r#""b\"c""#));
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let line = format!("{}\"here\",{}", "é".repeat(500), "z".repeat(500));
        let (text, marked) = shown(&line, 501);
        assert_eq!(marked, "\"here\"");
        assert_eq!(text.chars().count(), MOST_CHARACTERS + 2);
        assert!(text.starts_with("…é") && text.ends_with("z…"), "{text}");
    }

    #[test]
    fn no_secret_is_shown_on_either_side() {
        let line =
            r#"{"x":"https://h/a?sig=abcdefghijklmnop","uri":"https://h/b?sig=qrstuvwxyzabcdef","z":"here"}"#;
        for column in [2, 6, 40, 47, 80, 86] {
            let (text, _) = shown(line, column);
            assert!(!text.contains("abcdefg") && !text.contains("qrstuv"), "{text}");
        }
    }

    #[test]
    fn no_account_is_shown() {
        let line =
            r#"[{"name":"a","connectionDisplayName":"robot7@fabrikam.example"},{"password":"x@y.example"}]"#;
        let (text, _) = shown(line, 1);
        assert_eq!(text, r#"[{"name":"a","connectionDisplayName":"********"},{"password":"********"}]"#);
    }

    #[test]
    fn no_value_of_a_variable_is_shown() {
        let shown = |line: &str, file: &str| Lines::new(line, file).around(1, 1).unwrap().0;
        assert_eq!(
            shown("<a><defaultvalue>geheim</defaultvalue></a>", "x.xml"),
            "<a><defaultvalue>********</defaultvalue></a>"
        );
        assert_eq!(
            shown(r#"{"defaultValue": "ge\"heim","n":1,"DefaultValue":""}"#, "x.json"),
            r#"{"defaultValue": "********","n":1,"DefaultValue":""}"#
        );
        assert_eq!(shown(r#""value":"geheim""#, "a/environmentvariablevalues.json"), r#""value":"********""#);
        assert_eq!(shown(r#"{"value":"plain"}"#, "x.json"), r#"{"value":"plain"}"#);
        // In what cannot be read no value is shown.
        assert_eq!(shown(r#"{"value":"geheim",}"#, "x.json"), r#"{"value":"********",}"#);
        assert_eq!(shown(r#""defaultValue":"geheim cut of"#, "x.json"), r#""defaultValue":"********"#);
        let second = Lines::new("<defaultvalue>one\ngeheim</defaultvalue>", "x.xml").around(2, 3).unwrap();
        assert_eq!((second.0.as_str(), second.1.start), ("********</defaultvalue>", 0));
    }

    #[test]
    fn a_column_behind_the_line_has_no_excerpt() {
        assert!(Lines::new("ab\ncd", "").around(1, 4).is_none());
        assert!(Lines::new("ab\ncd", "").around(3, 1).is_none());
        assert!(Lines::new("ab\ncd", "").around(0, 1).is_none());
    }
}
