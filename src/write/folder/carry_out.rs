//! A plan is carried out: parts become files, in a new folder or in one that is there.

use std::sync::{Arc, OnceLock};

use camino::Utf8Path;
use rayon::prelude::*;

use super::ahead::EarlyFiles;
use super::content::{Checksum, Content};
use super::journal::Journal;
use super::output::Output;
use super::plan::{self, Plan};
use super::seen::Seen;
use super::stage::{self, Stage};
use super::{Change, ChangeKind, Eol, FolderOptions, FolderSummary, end, sync};
use crate::write::{Part, PartSet, WriteError};

/// Writes on all threads, and tells what each one was. Of several faults the one of the first write is returned.
pub(super) fn put_all(
    writes: &[plan::Write],
    put: impl Fn(&plan::Write, &mut Vec<u8>) -> Result<Checksum, WriteError> + Sync,
) -> Result<Vec<Checksum>, WriteError> {
    let written: Vec<OnceLock<Checksum>> = writes.iter().map(|_| OnceLock::new()).collect();
    let fault = writes
        .par_iter()
        .zip(&written)
        .map_init(Vec::new, |buffer, (write, written)| {
            let checksum = put(write, buffer)?;
            written.get_or_init(|| checksum);
            Ok(())
        })
        .find_first(Result::is_err);
    match fault {
        Some(Err(error)) => Err(error),
        _ => Ok(written.into_iter().map(|written| written.into_inner().unwrap_or_default()).collect()),
    }
}

fn summarise(mut plan: Plan, written: &[Checksum]) -> FolderSummary {
    for (write, written) in plan.writes.iter().zip(written) {
        plan.changes[write.change].new_size = Some(written.size);
    }
    plan.changes.sort();
    FolderSummary {
        changes: plan.changes,
        unchanged: plan.same.len(),
        kept: plan.kept,
        left: plan.left,
        finished_earlier: false,
        content: None,
    }
}

/// What tells the files of the parts, those that were written and those that stay.
fn content<P: Part>(parts: &[P], plan: &Plan, written: &[Checksum]) -> Option<Content> {
    let mut checksums = vec![None; parts.len()];
    for &(part, checksum) in &plan.same {
        checksums[part] = checksum;
    }
    for (write, written) in plan.writes.iter().zip(written) {
        checksums[write.part] = Some(*written);
    }
    Content::of(parts.iter().map(Part::path).zip(checksums))
}

pub(super) fn list<P: Part>(plan: Plan, parts: &[P]) -> Result<FolderSummary, WriteError> {
    let written = put_all(&plan.writes, |write, buffer| {
        Output::Listed.put(&parts[write.part], write.line_feeds, buffer)
    })?;
    Ok(summarise(plan, &written))
}

pub(super) fn plan_of_new<P: Part>(parts: &[P], options: &FolderOptions<'_>) -> Plan {
    let mut plan = Plan::default();
    for (index, part) in parts.iter().enumerate() {
        let line_feeds = options.eol == Eol::Lf && part.crc32().is_none();
        plan.writes.push(plan::Write { step: index, part: index, change: index, line_feeds });
        let path = part.path().to_owned();
        plan.changes.push(Change { path, kind: ChangeKind::Added, old_size: None, new_size: None });
    }
    plan
}

pub(super) fn create<P: Part>(
    target: &Utf8Path,
    stage: &Stage,
    set: &PartSet<'_, P>,
    options: &FolderOptions<'_>,
    early: Option<Arc<EarlyFiles>>,
) -> Result<FolderSummary, WriteError> {
    let parts = set.parts;
    let early = early.map_or_else(|| EarlyFiles::new(stage).map(Arc::new), Ok)?;
    let (there, plan) = rayon::join(|| early.keep_wanted(set), || plan_of_new(parts, options));
    let there = there?;
    let written = put_all(&plan.writes, |write, buffer| {
        let part = &parts[write.part];
        there.get(part.path()).copied().map_or_else(|| early.write(part, write.line_feeds, buffer), Ok)
    })?;
    let tree = stage.tree();
    sync::all_below(&stage.folder)?;
    fs_err::rename(&tree, target).map_err(|error| WriteError::io(target, error))?;
    let (content, ()) = rayon::join(|| content(parts, &plan, &written), move || drop((there, early)));
    Ok(FolderSummary { content, ..summarise(plan, &written) })
}

pub(super) fn update<P: Part>(
    target: &Utf8Path,
    stage: &Stage,
    set: &PartSet<'_, P>,
    options: &FolderOptions<'_>,
    seen: &Seen,
) -> Result<FolderSummary, WriteError> {
    let parts = set.parts;
    let mut plan = Plan::make(target, set, options, seen)?;
    if plan.steps.is_empty() {
        let content = content(parts, &plan, &[]);
        return Ok(FolderSummary { content, ..summarise(plan, &[]) });
    }
    stage.prepare()?;
    let changes = &plan.changes;
    let written = put_all(&plan.writes, |write, buffer| {
        let change = &changes[write.change];
        let replaced = (change.kind == ChangeKind::Changed).then(|| target.join(&change.path));
        let permissions = replaced.and_then(|file| Some(fs_err::metadata(file).ok()?.permissions()));
        let output = Output::File(stage.new_file(write.step), permissions);
        output.put(&parts[write.part], write.line_feeds, buffer)
    })?;
    let journal = Journal::new(std::mem::take(&mut plan.steps));
    // Nothing in the target has been touched: a journal would make the next run do what this one could not.
    journal.save(stage).and_then(|()| sync::all_below(&stage.folder)).inspect_err(|_| {
        let _ = Journal::remove(stage);
    })?;
    stage::mark(target);
    if let Err(error) = journal.finish(target, stage).and_then(|()| end(target, stage)) {
        let undone = journal.undo(target, stage).and_then(|()| end(target, stage));
        return Err(match undone {
            Ok(()) => error,
            Err(undo) => WriteError::Interrupted {
                path: target.to_owned(),
                source: Box::new(error),
                undo: Box::new(undo),
            },
        });
    }
    let content = content(parts, &plan, &written);
    Ok(FolderSummary { content, ..summarise(plan, &written) })
}
