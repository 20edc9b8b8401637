//! Folders: a set of parts as the files of a folder, whole or not at all.
//!
//! A new folder is made beside its place and renamed. Into one that is there only what changed is written: staged beside
//! it, then put into place file by file under a journal, deletions last. [`write_folder`] is the way in, [`resolve`] deals
//! with what an interrupted run left. Which files belong to a solution is the caller's word ([`FolderOptions::is_ours`]).

mod ahead;
mod compare;
mod content;
mod journal;
mod line_ends;
mod listing;
mod look;
mod output;
mod plan;
mod seen;
mod stage;
mod sync;
mod threads;

use std::collections::HashSet;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::write::path::NewParents;
use crate::write::{Part, PartSet, WriteError};
use ahead::{Ahead, Written, make_folders};
use content::Checksum;
pub use content::Content;
use journal::Journal;
pub use journal::Resolution;
use look::Look;
use output::Output;
use plan::Plan;
use seen::Seen;
use stage::Stage;
pub use stage::target_of_stage;
use threads::Threads;

/// What is done about line ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Eol {
    /// A text file that differs in line ends only is left alone. New files are written as the parts give them; a rendered
    /// part (one without [`Part::crc32`]) that replaces a file with LF gets LF.
    #[default]
    Auto,
    /// Every byte as the parts give it.
    Crlf,
    /// Every byte as the parts give it, but LF in place of CRLF in rendered parts.
    Lf,
}

/// How a folder is written.
#[derive(Clone, Copy)]
pub struct FolderOptions<'a> {
    /// Whether the file of that path (below the target, with `/`) belongs to a solution: it may be replaced and deleted.
    /// Asked with `/` at the end whether a folder can hold such files; if not, it is not looked into.
    pub is_ours: &'a (dyn Fn(&str) -> bool + Sync),
    /// Delete what is ours and no part any more.
    pub allow_delete: bool,
    /// Replace and delete read-only files too.
    pub clobber: bool,
    /// What is done about line ends.
    pub eol: Eol,
    /// Write nothing, only list.
    pub dry_run: bool,
}

/// What happens to a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// No file of that path was there.
    Added,
    /// It gets other content.
    Changed,
    /// It was there in another letter case.
    Renamed {
        /// As it was spelt.
        from: String,
    },
    /// It is ours and no part any more.
    Deleted,
}

/// A file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Path below the target, with `/`.
    pub path: String,
    /// What happens to it.
    pub kind: ChangeKind,
    /// Bytes before.
    pub old_size: Option<u64>,
    /// Bytes after.
    pub new_size: Option<u64>,
}

/// What was done to a folder, or would be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderSummary {
    /// Files that are not as they were, by path.
    pub changes: Vec<Change>,
    /// Parts whose file was left alone.
    pub unchanged: usize,
    /// What was there and is not ours, by path: left alone. Folders in which nothing is ours have `/` at the end.
    pub kept: Vec<String>,
    /// What is ours and no part any more, and was not deleted because that is not allowed.
    pub left: Vec<String>,
    /// An interrupted run was finished first.
    pub finished_earlier: bool,
    /// What tells the files of the parts, as they are now; none when nothing was written, and when it is not known.
    pub content: Option<Content>,
}

/// Writes the parts as the files of the folder `target`. What an interrupted run left there is finished first. On any error
/// the old state is there again, but for [`WriteError::Interrupted`].
pub fn write_folder<P: Part>(
    target: &Utf8Path,
    parts: &[P],
    options: &FolderOptions<'_>,
) -> Result<FolderSummary, WriteError> {
    let set = PartSet::new(parts)?;
    FolderWriter::open(target, options.dry_run)?.write(&set, options)
}

/// A folder that is about to be written, locked. Dropped without [`FolderWriter::write`] it leaves nothing behind.
#[derive(Debug)]
pub struct FolderWriter {
    target: Utf8PathBuf,
    /// None when nothing is written.
    stage: Option<Stage>,
    parents: NewParents,
    ahead: Ahead,
}

impl FolderWriter {
    /// Locks the folder, unless nothing is to be written. What an interrupted run left is not touched yet.
    ///
    /// # Errors
    /// When another run writes there, or nothing can be written beside it.
    pub fn open(target: &Utf8Path, dry_run: bool) -> Result<Self, WriteError> {
        let mut parents = NewParents::default();
        let target = real_target(target, if dry_run { None } else { Some(&mut parents) })?;
        let stage = if dry_run { None } else { Some(Stage::open(&target)?) };
        Ok(Self { target, stage, parents, ahead: Ahead::default() })
    }

    /// Does what can be done before it is known which parts there will be, until that `is_due`: on all threads but the one that
    /// finds it out, whose work goes first. `guess` are parts that are most likely among them, and `is_ours` is what
    /// [`FolderOptions::is_ours`] will most likely say. It cannot fail: what does is done again by [`FolderWriter::write`], as is
    /// what is not done.
    pub fn begin<P: Part>(
        &mut self,
        guess: &[P],
        is_ours: &(dyn Fn(&str) -> bool + Sync),
        is_due: &AtomicBool,
    ) {
        let threads = Threads::Spare(is_due);
        // What an interrupted run left is settled first, and only when there is something to write.
        if !matches!(is_interrupted(&self.target), Ok(false)) {
            return;
        }
        if self.target.exists() {
            self.look(is_ours, threads);
        } else if let Some(stage) = &self.stage {
            self.ahead.written = Written::new(stage, guess, threads).unwrap_or_default();
        }
    }

    /// Whether the files of the folder that are ours are just those of this content, all of them: then this is what there is to
    /// say of it. None when they are not, and when that cannot be told.
    ///
    /// # Errors
    /// When a run that was interrupted left the folder half written.
    pub fn holds(
        &mut self,
        content: &Content,
        is_ours: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Option<FolderSummary>, WriteError> {
        if !matches!(is_interrupted(&self.target), Ok(false)) || !self.target.is_dir() {
            return Ok(None);
        }
        self.look(is_ours, Threads::All);
        let found = self.ahead.look.as_ref().and_then(|look| look.whole(is_ours));
        let Some(found) = found.filter(|found| found.content == *content) else { return Ok(None) };
        stage::refuse_marked(&self.target)?;
        Ok(Some(FolderSummary {
            unchanged: found.files,
            kept: found.others,
            content: Some(found.content),
            ..FolderSummary::default()
        }))
    }

    fn look(&mut self, is_ours: &(dyn Fn(&str) -> bool + Sync), threads: Threads<'_>) {
        self.ahead.look.get_or_insert_with(Look::begin).go_on(&self.target, is_ours, threads);
    }

    /// Writes the parts, as [`write_folder`] does.
    ///
    /// # Errors
    /// As [`write_folder`].
    pub fn write<P: Part>(
        mut self,
        set: &PartSet<'_, P>,
        options: &FolderOptions<'_>,
    ) -> Result<FolderSummary, WriteError> {
        let parts = set.parts;
        if self.ahead.look.is_some() {
            self.look(options.is_ours, Threads::All);
        }
        let (target, ahead) = (self.target.clone(), std::mem::take(&mut self.ahead));
        let seen = ahead.look.map(Look::seen).unwrap_or_default();
        let Some(stage) = self.stage.take() else {
            if is_interrupted(&target)? {
                return Err(WriteError::JournalPending { path: target });
            }
            stage::refuse_marked(&target)?;
            let is_there = target.exists();
            let plan = if is_there {
                Plan::make(&target, set, options, &seen)?
            } else {
                plan_of_new(parts, options)
            };
            return list(plan, parts);
        };
        let settled = settle(&target, &stage, Resolution::Finish);
        let written = settled.and_then(|settled| {
            stage::refuse_marked(&target)?;
            let is_there = target.exists();
            let summary = if is_there {
                update(&target, &stage, set, options, &seen)
            } else {
                create(&target, &stage, set, options, ahead.written)
            };
            Ok(FolderSummary { finished_earlier: settled.is_some(), ..summary? })
        });
        leave(stage);
        let summary = written?;
        std::mem::take(&mut self.parents).keep();
        Ok(summary)
    }
}

impl Drop for FolderWriter {
    fn drop(&mut self) {
        if let Some(stage) = self.stage.take() {
            leave(stage);
        }
    }
}

/// Removes the stage. With a journal it is what the next run needs.
fn leave(stage: Stage) {
    if matches!(Journal::load(&stage.folder), Ok(None)) {
        stage.remove();
    }
}

/// How often a mark is met without its journal before it is one that was moved.
const LOOKS: usize = 3;

/// Whether an interrupted run left a journal for `target`. Says nothing about a run that is at work now.
pub fn is_interrupted(target: &Utf8Path) -> Result<bool, WriteError> {
    let target = real_target(target, None)?;
    for place in stage::places(&target) {
        if Journal::load(&place)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a run is at work on `target` or left something there, be it of use or not.
pub fn is_begun(target: &Utf8Path) -> Result<bool, WriteError> {
    Ok(stage::places(&real_target(target, None)?).iter().any(|place| place.is_dir()))
}

/// Refuses a folder whose files cannot be relied on: a run was interrupted among them, or is there now. For those who read.
pub fn refuse_interrupted(target: &Utf8Path) -> Result<(), WriteError> {
    let real = real_target(target, None)?;
    // A mark that is met first may be that of a run that began since its journal was looked for.
    for _ in 0..LOOKS {
        for place in stage::places(&real) {
            if Journal::load(&place)?.is_none() {
                continue;
            }
            let path = target.to_owned();
            if stage::is_at_work(&place) {
                return Err(WriteError::Locked { path });
            }
            // A run that was at work a moment ago may have ended since.
            if Journal::load(&place)?.is_some() {
                return Err(WriteError::JournalPending { path });
            }
        }
        if !stage::is_marked(&real) {
            return Ok(());
        }
    }
    stage::refuse_marked(target)
}

/// Finishes or takes back what an interrupted run left for `target`; says what was done, none where there was nothing. A run
/// whose taking back was begun can only be taken back. What it left beside a target that is whole is removed.
pub fn resolve(target: &Utf8Path, resolution: Resolution) -> Result<Option<Resolution>, WriteError> {
    let target = real_target(target, None)?;
    let Some(stage) = Stage::open_existing(&target)? else {
        stage::refuse_marked(&target)?;
        return Ok(None);
    };
    let done = settle(&target, &stage, resolution)?;
    stage.remove();
    stage::refuse_marked(&target)?;
    Ok(done)
}

fn settle(
    target: &Utf8Path,
    stage: &Stage,
    resolution: Resolution,
) -> Result<Option<Resolution>, WriteError> {
    let Some((journal, begun)) = Journal::load(&stage.folder)? else {
        // One that is not whole means nothing.
        Journal::remove(stage)?;
        return Ok(None);
    };
    let resolution = if begun == Resolution::Undo { begun } else { resolution };
    match resolution {
        Resolution::Finish => journal.finish(target, stage)?,
        Resolution::Undo => journal.undo(target, stage)?,
    }
    end(target, stage)?;
    Ok(Some(resolution))
}

/// All steps are done, or taken back. The mark goes before the journal, without which it would stay.
fn end(target: &Utf8Path, stage: &Stage) -> Result<(), WriteError> {
    stage::unmark(target)?;
    Journal::remove(stage)
}

/// The target without links. Where it is not there, its parents are made, or it is left as it is.
fn real_target(target: &Utf8Path, parents: Option<&mut NewParents>) -> Result<Utf8PathBuf, WriteError> {
    let io = |error| WriteError::io(target, error);
    match fs_err::metadata(target) {
        Ok(metadata) if metadata.is_dir() => return target.canonicalize_utf8().map_err(io),
        Ok(_) => return Err(WriteError::NotAFolder { path: target.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(io(error)),
    }
    if target.is_symlink() {
        return Err(WriteError::SymbolicLink { path: target.to_owned() });
    }
    let name = target.file_name().ok_or_else(|| WriteError::NoName { path: target.to_owned() })?;
    let parent = match target.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent,
        _ => Utf8Path::new("."),
    };
    if !parent.exists() {
        let Some(parents) = parents else { return Ok(target.to_owned()) };
        parents.make(parent)?;
    }
    Ok(parent.canonicalize_utf8().map_err(io)?.join(name))
}

/// Writes on all threads, and tells what each one was. Of several faults the one of the first write is returned.
fn put_all<P: Part>(
    parts: &[P],
    writes: &[plan::Write],
    output: impl Fn(&plan::Write) -> Output + Sync,
) -> Result<Vec<Checksum>, WriteError> {
    let written: Vec<OnceLock<Checksum>> = writes.iter().map(|_| OnceLock::new()).collect();
    let fault = writes
        .par_iter()
        .zip(&written)
        .map_init(Vec::new, |buffer, (write, written)| {
            let checksum = output(write).put(&parts[write.part], write.line_feeds, buffer)?;
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
        unchanged: plan.unchanged,
        kept: plan.kept,
        left: plan.left,
        finished_earlier: false,
        content: None,
    }
}

/// What tells the files of the parts, those that were written and those that stay as they were seen.
fn content<P: Part>(parts: &[P], plan: &Plan, written: &[Checksum], seen: &Seen) -> Option<Content> {
    let mut checksums: Vec<_> = parts.iter().map(|part| seen.checksum(part.path())).collect();
    for (write, written) in plan.writes.iter().zip(written) {
        checksums[write.part] = Some(*written);
    }
    Content::of(parts.iter().map(Part::path).zip(checksums))
}

fn list<P: Part>(plan: Plan, parts: &[P]) -> Result<FolderSummary, WriteError> {
    let written = put_all(parts, &plan.writes, |_| Output::Listed)?;
    Ok(summarise(plan, &written))
}

fn plan_of_new<P: Part>(parts: &[P], options: &FolderOptions<'_>) -> Plan {
    let mut plan = Plan::default();
    for (index, part) in parts.iter().enumerate() {
        let line_feeds = options.eol == Eol::Lf && part.crc32().is_none();
        plan.writes.push(plan::Write { step: index, part: index, change: index, line_feeds });
        let path = part.path().to_owned();
        plan.changes.push(Change { path, kind: ChangeKind::Added, old_size: None, new_size: None });
    }
    plan
}

fn create<P: Part>(
    target: &Utf8Path,
    stage: &Stage,
    set: &PartSet<'_, P>,
    options: &FolderOptions<'_>,
    mut written: Written,
) -> Result<FolderSummary, WriteError> {
    let parts = set.parts;
    let tree = stage.tree();
    let make = |folder: &Utf8Path| fs_err::create_dir(folder).map_err(|error| WriteError::io(folder, error));
    if written.files.is_empty() {
        stage.prepare()?;
        make(&tree)?;
        written.folders.clear();
    } else {
        written.keep_wanted(&tree, set)?;
    }
    let made: HashSet<&str> = written.folders.iter().map(String::as_str).collect();
    make_folders(&tree, set.folders.keys().copied().filter(|folder| !made.contains(folder)))?;
    let plan = plan_of_new(parts, options);
    let written = put_all(parts, &plan.writes, |write| {
        let path = parts[write.part].path();
        match written.files.get(path) {
            Some(written) => Output::Written(*written),
            None => Output::File(tree.join(path), None),
        }
    })?;
    sync::all_below(&stage.folder)?;
    fs_err::rename(&tree, target).map_err(|error| WriteError::io(target, error))?;
    let content = content(parts, &plan, &written, &Seen::default());
    Ok(FolderSummary { content, ..summarise(plan, &written) })
}

fn update<P: Part>(
    target: &Utf8Path,
    stage: &Stage,
    set: &PartSet<'_, P>,
    options: &FolderOptions<'_>,
    seen: &Seen,
) -> Result<FolderSummary, WriteError> {
    let parts = set.parts;
    let mut plan = Plan::make(target, set, options, seen)?;
    if plan.steps.is_empty() {
        let content = content(parts, &plan, &[], seen);
        return Ok(FolderSummary { content, ..summarise(plan, &[]) });
    }
    stage.prepare()?;
    let changes = &plan.changes;
    let written = put_all(parts, &plan.writes, |write| {
        let change = &changes[write.change];
        let replaced = (change.kind == ChangeKind::Changed).then(|| target.join(&change.path));
        let permissions = replaced.and_then(|file| Some(fs_err::metadata(file).ok()?.permissions()));
        Output::File(stage.new_file(write.step), permissions)
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
    let content = content(parts, &plan, &written, seen);
    Ok(FolderSummary { content, ..summarise(plan, &written) })
}

#[cfg(test)]
mod tests;
