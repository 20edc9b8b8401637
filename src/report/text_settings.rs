//! Settings files as text: what was made, what was done, what is wrong. No value is known here.

use super::page::{Ink, Page, Part, Table, dim, plain};
use super::words::{counted, thousands};
use super::{TextOptions, escaped, text_findings};
use crate::model::Finding;
use crate::settings::{Change, Kind, Needs, Synced};

/// A file that was made.
pub fn made(file: &str, needs: &Needs) -> String {
    let count =
        if needs.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", thousands(needs.len())) };
    format!("{}: {count} to fill\n", escaped(file))
}

/// What was done to bring a file up.
pub fn synced(file: &str, synced: &Synced, dry_run: bool, color: bool) -> String {
    let mut page = Page::new(color);
    let mut table = Table::new(2);
    let mut rows = |sign: Part, entries: &[(Kind, String)], words: &str| {
        for (kind, name) in entries {
            table.row([sign.clone(), plain(format!("{} {name}", kind.words())), dim(words)]);
        }
    };
    rows(plain("+"), &synced.added, "new, not filled");
    rows(Part::new(Ink::Red, "-"), &synced.dropped, "in no solution any more");
    rows(
        Part::new(Ink::Yellow, "!"),
        &synced.kept,
        "in no solution any more, kept because it is filled (--prune)",
    );
    table.write(&mut page);
    let changed = synced.added.len() + synced.dropped.len();
    let words = match (changed, dry_run) {
        (0, _) => format!("{file}: up to date"),
        (_, true) => format!("{file}: {} to do. Nothing was written.", counted(changed, "change")),
        (_, false) => format!("{file}: {} added, {} dropped", synced.added.len(), synced.dropped.len()),
    };
    page.line(0, &[plain(words)]);
    page.finish()
}

/// What is wrong with files.
pub fn checked(findings: &[Finding], files: usize, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    text_findings::write(&mut page, findings, options);
    page.gap();
    let count = text_findings::count(findings).unwrap_or_else(|| "no findings".to_owned());
    page.line(0, &[plain(format!("{count} in {}", counted(files, "file")))]);
    page.finish()
}

/// A file that was made of several.
pub fn merged(file: &str, files: usize) -> String {
    format!("{}: made of {}\n", escaped(file), counted(files, "file"))
}

/// A file that was filled in.
pub fn filled(file: &str, count: usize) -> String {
    format!("{}: {} filled in\n", escaped(file), counted(count, "place"))
}

/// What two files have that is not the same.
pub fn difference(changes: &[(Kind, String, Change)], color: bool) -> String {
    let mut page = Page::new(color);
    let mut table = Table::new(0);
    for (kind, name, change) in changes {
        let (sign, words) = match change {
            Change::Added => (plain("+"), "only in the second"),
            Change::Removed => (Part::new(Ink::Red, "-"), "only in the first"),
            Change::Filled => (Part::new(Ink::Yellow, "~"), "not filled → filled"),
            Change::Emptied => (Part::new(Ink::Yellow, "~"), "filled → not filled"),
            Change::Changed => (Part::new(Ink::Yellow, "~"), "filled otherwise"),
            Change::Connector => (Part::new(Ink::Yellow, "~"), "another connector"),
        };
        table.row([sign, plain(format!("{} {name}", kind.words())), dim(words)]);
    }
    table.write(&mut page);
    let words = match changes.len() {
        0 => "no difference".to_owned(),
        count => counted(count, "difference"),
    };
    page.line(0, &[plain(words)]);
    page.finish()
}
