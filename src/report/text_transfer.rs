//! `unpack` and `pack` as text: what changed, one line a file; then the count.

use super::TextOptions;
use super::page::{Ink, Page, Part, Table, bold, dim, plain};
use super::text_findings;
use super::words::{counted, cut, more, size, thousands};
use crate::layout::Kind;
use crate::model::{Finding, Severity};
use crate::transfer::{PackSummary, UnpackSummary};
use crate::write::{Change, ChangeKind};

/// So many files are listed.
const CHANGES: usize = 20;
/// So many files that were left alone are listed.
const LEFT_ALONE: usize = 5;

/// What was unpacked, or would be.
pub fn unpack(summary: &UnpackSummary, least: Option<Severity>, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let changes = &summary.folder.changes;
    // A new folder is not listed file by file, unless it is only looked at.
    let is_new =
        changes.iter().all(|change| change.kind == ChangeKind::Added) && summary.folder.unchanged == 0;
    let shown =
        if is_new && !summary.dry_run && !options.all { 0 } else { cut(changes.len(), CHANGES, options.all) };
    let mut table = Table::new(2);
    for change in &changes[..shown] {
        table.row(row(change));
    }
    table.write(&mut page);
    if shown > 0 && shown < changes.len() {
        page.line(2, &[dim(more(changes.len() - shown))]);
    }
    list(&mut page, "not written, a map file says so: ", &summary.mapped, options);
    list(
        &mut page,
        "mapped, and written all the same, as no other file names them: ",
        &summary.placeholders,
        options,
    );
    list(&mut page, "not in the package, and not deleted: ", &summary.folder.left, options);
    if !summary.folder.left.is_empty() {
        let words =
            "it is the solution's to pack, and the next unpack deletes it, unless .solshipignore names it";
        page.line(2, &[dim(words)]);
    }
    let left_alone: Vec<String> = summary
        .left_alone
        .iter()
        .map(|(path, reason)| match reason {
            Some(reason) => format!("{path} ({reason})"),
            None => path.clone(),
        })
        .collect();
    list(&mut page, "left alone: ", &left_alone, options);
    findings(&mut page, &summary.findings, least, options);
    if summary.folder.finished_earlier {
        page.line(0, &[plain("an interrupted run was finished first")]);
    }
    page.line(0, &[plain(unpacked(summary))]);
    page.finish()
}

fn row(change: &Change) -> [Part; 3] {
    let sizes = |old: Option<u64>, new: Option<u64>| match (old, new) {
        (Some(old), Some(new)) => format!("{} → {} bytes", thousands(old as usize), thousands(new as usize)),
        (_, Some(new)) => format!("{} bytes", thousands(new as usize)),
        _ => String::new(),
    };
    let (sign, words) = match &change.kind {
        ChangeKind::Added => (plain("+"), format!("new, {}", sizes(None, change.new_size))),
        ChangeKind::Changed => (Part::new(Ink::Yellow, "~"), sizes(change.old_size, change.new_size)),
        ChangeKind::Renamed { from } => (Part::new(Ink::Yellow, "~"), format!("was {from}")),
        ChangeKind::Deleted => (Part::new(Ink::Red, "-"), "no longer in the package".to_owned()),
    };
    [sign, plain(&change.path), dim(words)]
}

fn unpacked(summary: &UnpackSummary) -> String {
    let kind = match summary.kind {
        Kind::Unmanaged => "unmanaged",
        Kind::Managed => "managed",
        Kind::Both => "unmanaged and managed",
    };
    let count = |wanted: fn(&ChangeKind) -> bool| {
        summary.folder.changes.iter().filter(|change| wanted(&change.kind)).count()
    };
    let deleted = count(|kind| *kind == ChangeKind::Deleted);
    let written = summary.folder.changes.len() - deleted;
    let [to_write, to_delete] =
        if summary.dry_run { ["to write", "to delete"] } else { ["written", "deleted"] };
    let mut words = vec![format!("{} {to_write}", counted(written, "file"))];
    if deleted > 0 {
        words.push(format!("{} {to_delete}", thousands(deleted)));
    }
    if summary.folder.unchanged > 0 {
        words.push(format!("{} unchanged", thousands(summary.folder.unchanged)));
    }
    if summary.dry_run {
        return format!("{}. Nothing was written.", words.join(", "));
    }
    format!("{} holds the {kind} package now: {}", summary.target, words.join(", "))
}

/// What was packed, or would be.
pub fn pack(summary: &PackSummary, least: Option<Severity>, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let left_alone: Vec<String> =
        summary.left_alone.iter().map(|(path, reason)| format!("{path} ({reason})")).collect();
    list(&mut page, "not packed: ", &left_alone, options);
    let mapped: Vec<String> =
        summary.mapped.iter().map(|(path, place)| format!("{path} from {place}")).collect();
    list(&mut page, "read as the map file says: ", &mapped, options);
    findings(&mut page, &summary.findings, least, options);
    for written in &summary.written {
        let kind = if written.managed { "managed" } else { "unmanaged" };
        let entries = if written.entries == 1 {
            "1 entry".to_owned()
        } else {
            format!("{} entries", thousands(written.entries))
        };
        let words = match written.bytes {
            Some(bytes) => format!("{kind}, {entries}, {}", size(bytes)),
            None => format!("{kind}, {entries}. Nothing was written."),
        };
        page.line(0, &[bold(written.path.as_str()), plain(format!("   {words}"))]);
    }
    page.finish()
}

fn list(page: &mut Page, head: &str, items: &[String], options: &TextOptions) {
    if items.is_empty() {
        return;
    }
    let shown = cut(items.len(), LEFT_ALONE, options.all);
    let mut text = items[..shown].join(", ");
    if shown < items.len() {
        text = format!("{text}, {}", more(items.len() - shown));
    }
    page.line(2, &[dim(head), plain(text)]);
}

fn findings(page: &mut Page, all: &[Finding], least: Option<Severity>, options: &TextOptions) {
    let Some(least) = least else { return };
    text_findings::write(page, all.iter().filter(|finding| finding.severity >= least), options);
}
