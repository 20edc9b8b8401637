//! What `solship check` found, as compilers show it: the line, the mark under it, and what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;

use super::escape::shown;
use super::page::{Page, bold, dim, plain};
use super::text_findings::{count, in_solutions, level};
use super::words::{cut, more};
use super::{TextOptions, escape};
use crate::check::Check;
use crate::model::{Finding, Severity};

/// So many findings of one code are shown.
const OF_ONE_CODE: usize = 5;
/// So many of the things that a finding rests on are shown.
const REASONS: usize = 3;
/// Excerpts are short already: nothing is cut once more.
const WIDTH: usize = 400;

/// Writes the findings, errors first; of one code at most a few.
pub fn check(check: &Check, options: &TextOptions) -> String {
    let mut by_code: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in &check.findings {
        by_code.entry((std::cmp::Reverse(finding.severity), finding.code)).or_default().push(finding);
    }
    let mut text = String::new();
    for ((severity, code), findings) in by_code {
        let head = [level(severity.0), plain(format!("[{}] {}: ", code.id, code.name))];
        let shown = cut(findings.len(), OF_ONE_CODE, options.all);
        for finding in &findings[..shown] {
            let mut page = Page::new(options.color);
            page.line(0, &[&head[..], &[bold(&finding.message)]].concat());
            text.push_str(&page.finish());
            text.push_str(&body(finding, options.color));
        }
        if shown < findings.len() {
            let mut page = Page::new(options.color);
            page.line(0, &[&head[..], &[dim(more(findings.len() - shown))]].concat());
            text.push_str(&page.finish());
        }
    }
    let mut page = Page::new(options.color);
    let count = count(&check.findings).unwrap_or_else(|| "no findings".to_owned());
    let mut told = vec![plain(format!("{count} {}", in_solutions(check.solutions.len())))];
    if let Some(first) = check.findings.first() {
        told.push(dim(format!("   solship check --explain {} says more", first.code.id)));
        text.push('\n');
    }
    page.line(0, &told);
    text + &page.finish()
}

/// The line with its mark, and what else is known. Nothing where nothing is.
fn body(finding: &Finding, color: bool) -> String {
    let mut group = Group::with_level(of(finding.severity));
    if let Some(place) = &finding.place {
        let pointer = place.pointer.as_deref().filter(|pointer| !pointer.is_empty());
        let pointer = pointer.map(|pointer| format!("  {}", one_line(pointer))).unwrap_or_default();
        // The place is written whole, so that it can be pasted into an editor.
        group = group.element(Origin::path(one_line(&place.to_string()) + &pointer));
        if let (Some(excerpt), Some(mark)) = (&finding.excerpt, finding.mark) {
            let (source, span) = marked(excerpt, mark.start as usize, mark.length as usize);
            let annotation = AnnotationKind::Primary.span(span);
            group = group.element(
                Snippet::source(source).line_start(place.line as usize).annotation(annotation),
            );
        }
    }
    let mut notes: Vec<(Level<'static>, String)> = Vec::new();
    let told = cut(finding.because.len(), REASONS, false);
    for because in &finding.because[..told] {
        let place = because.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        notes.push((Level::NOTE.with_name("because"), format!("{}{place}", because.words)));
    }
    if told < finding.because.len() {
        notes.push((Level::NOTE.with_name("because"), more(finding.because.len() - told)));
    }
    if let Some(otherwise) = &finding.otherwise {
        notes.push((Level::NOTE.with_name("otherwise"), otherwise.clone()));
    }
    if let Some(answer) = &finding.dataverse {
        let words = format!("{} {}: {}", answer.code, answer.name, answer.message);
        notes.push((Level::NOTE.with_name("Dataverse"), words));
    }
    if let Some(help) = &finding.help {
        notes.push((Level::HELP, help.clone()));
    }
    for (level, words) in notes {
        group = group.element(level.message(one_line(&words)));
    }
    if group.is_empty() {
        return String::new();
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.term_width(WIDTH).render(&[group]);
    text.push('\n');
    text
}

fn of(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// A text of an input as part of a line that starts with something of our own.
fn one_line(text: &str) -> String {
    shown(text).into_owned()
}

/// The excerpt as it may be shown, and the bytes of what is meant in it.
fn marked(excerpt: &str, start: usize, length: usize) -> (String, std::ops::Range<usize>) {
    let part = |from: usize, characters: usize| -> String {
        excerpt.chars().skip(from).take(characters).map(|character| if character == '\t' { ' ' } else { character }).collect()
    };
    let before = shown(&part(0, start)).into_owned();
    let meant = shown(&part(start, length)).into_owned();
    let after = shown(&part(start + length, usize::MAX)).into_owned();
    let span = before.len()..before.len() + meant.len();
    // What only becomes a command where the parts meet is caught as well.
    let source = before + &meant + &after;
    match escape::shown(&source) {
        std::borrow::Cow::Borrowed(_) => (source, span),
        std::borrow::Cow::Owned(escaped) => (escaped, 0..0),
    }
}
