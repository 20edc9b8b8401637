//! What was formatted, as text: one line a file, then the count.

use super::page::{Ink, Page, Part, Table, plain};
use super::words::counted;
use crate::format::FormatSummary;

/// What was formatted, or would be.
pub fn format(summary: &FormatSummary, color: bool) -> String {
    let mut page = Page::new(color);
    let mut table = Table::new(2);
    for change in &summary.changes {
        table.row([Part::new(Ink::Yellow, "~"), plain(&change.path)]);
    }
    table.write(&mut page);
    page.line(0, &[plain(counts(summary))]);
    page.finish()
}

/// What came of it in the end: `src: 2 files written, 9 unchanged`.
pub fn counts(summary: &FormatSummary) -> String {
    let files = counted(summary.changes.len(), "file");
    let (folder, unchanged) = (&summary.folder, summary.unchanged);
    match (summary.changes.len(), summary.dry_run) {
        (0, _) => format!("{folder}: nothing to format in {}", counted(unchanged, "file")),
        (_, true) => {
            format!("{folder}: {files} to format, {unchanged} as they should be. Nothing was written.")
        }
        (_, false) => format!("{folder}: {files} formatted, {unchanged} as they should be"),
    }
}
