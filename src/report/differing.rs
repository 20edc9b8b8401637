//! Texts cut to where they differ.

use crate::diff::{Hunk, Line};

/// Most characters of one of them that are shown.
const MOST: usize = 80;
/// So many equal ones stay on either side.
const AROUND: usize = 20;

/// Both texts, short enough for one line: what is equal at both ends gives way first. An empty one is told as such.
pub(super) fn differing(before: &str, after: &str) -> (String, String) {
    let (one, other): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    if one.len() <= MOST && other.len() <= MOST {
        return (shown(&one, 0, one.len()), shown(&other, 0, other.len()));
    }
    let start = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let most = one.len().min(other.len()) - start;
    let end =
        one.iter().rev().zip(other.iter().rev()).take(most).take_while(|(one, other)| one == other).count();
    let window = |text: &[char]| {
        let from = start.saturating_sub(AROUND);
        let to = (text.len() - end + AROUND).min(text.len());
        shown(text, from, to.min(from + MOST))
    };
    (window(&one), window(&other))
}

/// A longer line of a file is cut to where it differs: it may be the whole file.
const MOST_OF_LINE: usize = 200;

/// The lines of a hunk, none longer than a screen can take. A removed line is held against the added one that stands for it.
pub(super) fn lines(hunk: &Hunk) -> Vec<Line> {
    let is_long = |text: &str| text.chars().nth(MOST_OF_LINE).is_some();
    let mut shown = Vec::with_capacity(hunk.lines.len());
    let mut rest = &hunk.lines[..];
    while let Some(first) = rest.first() {
        let removed = rest.iter().take_while(|line| matches!(line, Line::Removed(_))).count();
        let added = rest[removed..].iter().take_while(|line| matches!(line, Line::Added(_))).count();
        if removed + added == 0 {
            let (Line::Same(text) | Line::Removed(text) | Line::Added(text)) = first;
            shown.push(Line::Same(cut(text)));
            rest = &rest[1..];
            continue;
        }
        let text = |line: &Line| match line {
            Line::Same(text) | Line::Removed(text) | Line::Added(text) => text.clone(),
        };
        let mut before: Vec<String> = rest[..removed].iter().map(text).collect();
        let mut after: Vec<String> = rest[removed..removed + added].iter().map(text).collect();
        for (one, other) in before.iter_mut().zip(&mut after) {
            if is_long(one) || is_long(other) {
                (*one, *other) = differing(one, other);
            }
        }
        shown.extend(before.iter().map(|text| Line::Removed(cut(text))));
        shown.extend(after.iter().map(|text| Line::Added(cut(text))));
        rest = &rest[removed + added..];
    }
    shown
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_OF_LINE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn shown(text: &[char], from: usize, to: usize) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    shown.extend(&text[from..to]);
    if to < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{differing, lines};
    use crate::diff::{Hunk, Line};

    #[test]
    fn short_texts_stay_and_long_ones_are_cut_to_the_difference() {
        assert_eq!(differing("Day", "Hour"), ("Day".to_owned(), "Hour".to_owned()));
        assert_eq!(differing("", "x"), ("\"\"".to_owned(), "x".to_owned()));
        let text = |middle: &str| format!("{}{middle}{}", "a".repeat(100), "z".repeat(100));
        let (before, after) = differing(&text("ONE"), &text("TWO"));
        assert_eq!(before, format!("…{}ONE{}…", "a".repeat(20), "z".repeat(20)));
        assert_eq!(after, format!("…{}TWO{}…", "a".repeat(20), "z".repeat(20)));
        let (before, after) = differing(&"x".repeat(500), &"x".repeat(600));
        assert!(before.chars().count() <= 82 && after.chars().count() <= 82 && before != after);
    }

    #[test]
    fn a_long_line_is_cut_to_where_it_differs() {
        let text = |middle: &str| format!("{}{middle}{}", "a".repeat(5000), "z".repeat(5000));
        let hunk = Hunk {
            left: 1,
            right: 1,
            lines: vec![
                Line::Same("s".repeat(300)),
                Line::Removed(text("ONE")),
                Line::Removed("short".to_owned()),
                Line::Added(text("TWO")),
            ],
        };
        let around = |middle: &str| format!("…{}{middle}{}…", "a".repeat(20), "z".repeat(20));
        assert_eq!(
            lines(&hunk),
            [
                Line::Same(format!("{}…", "s".repeat(200))),
                Line::Removed(around("ONE")),
                Line::Removed("short".to_owned()),
                Line::Added(around("TWO")),
            ]
        );
    }
}
