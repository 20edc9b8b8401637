//! What was done to a solution that was edited, as text: a line a step, the files under it.

use super::page::{Ink, Page, Part, Table, bold, dim, plain};
use super::words::counted;
use crate::author::{Action, Edited};
use crate::write::ChangeKind;

/// What was done, or would be.
pub fn edited(edited: &Edited, color: bool) -> String {
    let mut page = Page::new(color);
    for step in &edited.steps {
        let words = match &step.action {
            Action::Added => "added",
            Action::Changed => "changed",
            Action::Removed => "removed",
            Action::Renamed { .. } => "renamed",
            Action::Unchanged => "already there, equal:",
        };
        let mut line = vec![plain(format!("{words} ")), bold(step.component.clone())];
        if let Action::Renamed { from } = &step.action {
            line.push(dim(format!("   was {from}")));
        }
        page.line(0, &line);
        for note in &step.notes {
            page.line(2, &[dim(note.clone())]);
        }
    }
    let mut table = Table::new(2);
    for change in &edited.changes {
        let (sign, words) = match &change.kind {
            ChangeKind::Added => (plain("+"), String::new()),
            ChangeKind::Changed => (Part::new(Ink::Yellow, "~"), String::new()),
            ChangeKind::Renamed { from } => (Part::new(Ink::Yellow, "~"), format!("was {from}")),
            ChangeKind::Deleted => (Part::new(Ink::Red, "-"), String::new()),
        };
        table.row([sign, plain(&change.path), dim(words)]);
    }
    table.write(&mut page);
    page.line(0, &[plain(summary(edited))]);
    page.finish()
}

/// What came of it in the end: `src: 2 files written`.
pub fn summary(edited: &Edited) -> String {
    let solution = &edited.solution;
    let files = counted(edited.changes.len(), "file");
    match (edited.changes.len(), edited.dry_run) {
        (0, _) => format!("{}: nothing to write", solution.source),
        (_, true) => format!("{}: {files} to write. Nothing was written.", solution.source),
        (_, false) => format!("{}: {files} written", solution.source),
    }
}
