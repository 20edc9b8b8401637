//! What `solship check` found, as compilers show it: the line, the mark under it, and what to do.

use std::collections::{BTreeMap, HashSet};

use super::TextOptions;
use super::escape::shown;
use super::page::{Ink, Page, Part, bold, dim, plain};
use super::text_findings::{Scope, count, level};
use super::words::{cut, more};
use crate::check::Check;
use crate::model::{Finding, Severity};

/// So many findings of one code are shown.
const OF_ONE_CODE: usize = 5;
/// So many of the things that a finding rests on are shown.
const REASONS: usize = 3;

/// Writes the findings, errors first; of one code at most a few.
pub fn check(check: &Check, options: &TextOptions) -> String {
    let mut by_code: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in &check.findings {
        by_code.entry((std::cmp::Reverse(finding.severity), finding.code)).or_default().push(finding);
    }
    let mut page = Page::new(options.color);
    let mut told = HashSet::new();
    for ((severity, code), findings) in by_code {
        let head = [level(severity.0), plain(format!("[{}] {}: ", code.id, code.name))];
        let shown = cut(findings.len(), OF_ONE_CODE, options.all);
        for finding in &findings[..shown] {
            page.line(0, &[&head[..], &[bold(&finding.message)]].concat());
            body(&mut page, finding, &mut told);
        }
        if shown < findings.len() {
            page.line(0, &[&head[..], &[dim(more(findings.len() - shown))]].concat());
        }
    }
    page.gap();
    let count = count(&check.findings).unwrap_or_else(|| "no findings".to_owned());
    let mut last = vec![plain(format!("{count} {}", Scope::from(check).words(&str::to_owned)))];
    if let Some(first) = check.findings.first() {
        last.push(dim(format!("   solship check --explain {} says more", first.code.id)));
    }
    page.line(0, &last);
    page.finish()
}

/// The place, the line with its mark, and what else is known.
fn body(page: &mut Page, finding: &Finding, told: &mut HashSet<String>) {
    if let Some(place) = &finding.place {
        let mut parts = vec![dim("  --> "), plain(place.to_string())];
        if let Some(pointer) = place.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
            parts.push(dim(format!("  {pointer}")));
        }
        page.line(0, &parts);
    }
    match (&finding.excerpt, finding.mark) {
        (Some(excerpt), Some(mark)) => {
            let [before, meant, after] = cut_at(excerpt, mark.start as usize, mark.length as usize);
            let carets = "^".repeat(width(&meant).max(1));
            let blanks = " ".repeat(width(&before));
            page.line(0, &[dim("   | "), plain(before + &meant + &after)]);
            page.line(0, &[dim("   | "), plain(blanks), Part::new(ink(finding.severity), carets)]);
        }
        (Some(excerpt), None) => page.line(0, &[dim("   | "), plain(excerpt)]),
        (None, _) => {}
    }
    let mut note = |name: &str, words: String| {
        page.line(0, &[dim("   = "), bold(name), plain(": "), plain(words)]);
    };
    let shown = cut(finding.because.len(), REASONS, false);
    for because in &finding.because[..shown] {
        let place = because.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        note("because", format!("{}{place}", because.words));
    }
    if shown < finding.because.len() {
        note("because", more(finding.because.len() - shown));
    }
    if let Some(otherwise) = &finding.otherwise {
        note("otherwise", otherwise.clone());
    }
    // What stands above already is not repeated.
    if let Some(answer) = &finding.dataverse {
        let words = format!("{}: {}", answer.title(), answer.message);
        if told.insert(words.clone()) {
            note("Dataverse", words);
        }
    }
    if let Some(help) = &finding.help
        && told.insert(help.clone())
    {
        note("help", help.clone());
    }
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Red,
        Severity::Warning => Ink::Yellow,
        Severity::Note => Ink::Bold,
    }
}

/// What stands before the mark, in it and behind it, as it may be shown.
fn cut_at(excerpt: &str, start: usize, length: usize) -> [String; 3] {
    let part = |from: usize, characters: usize| -> String {
        let characters = excerpt.chars().skip(from).take(characters);
        let text: String =
            characters.map(|character| if character == '\t' { ' ' } else { character }).collect();
        shown(&text).into_owned()
    };
    [part(0, start), part(start, length), part(start + length, usize::MAX)]
}

/// Columns of a terminal.
fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Mark, Place, codes};
    use crate::text::Position;

    #[test]
    fn the_mark_stands_under_what_is_meant() {
        let place = Place::new(&"A.zip:x.json".into(), Position { offset: 0, line: 1, column: 4127 });
        let finding = Finding {
            place: Some(place.with_pointer("/uri")),
            excerpt: Some("…\t界\u{1b}\"uri\": \"x\"".to_owned()),
            mark: Some(Mark { start: 4, length: 5 }),
            help: Some("do it".to_owned()),
            ..Finding::new(codes::SECRET_IN_PLAIN_VALUE, Severity::Error, "Fab", "a secret")
        };
        let check = Check { findings: vec![finding.clone(), finding], ..Check::default() };
        let text = super::check(&check, &TextOptions::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[..5],
            [
                "error[SEC004] secret-in-plain-value: a secret",
                "  --> A.zip:x.json:1:4127  /uri",
                r#"   | … 界\u{1b}"uri": "x""#,
                r#"   |           ^^^^^"#,
                "   = help: do it",
            ]
        );
        assert_eq!(text.matches("help").count(), 1);
        assert!(
            text.ends_with("2 errors in 0 solutions   solship check --explain SEC004 says more\n"),
            "{text}"
        );
    }
}
