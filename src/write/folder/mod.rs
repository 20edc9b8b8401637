//! Folders: a set of parts as the files of a folder, whole or not at all.
//!
//! A new folder is made beside its place and renamed. Into one that is there only what changed is written: staged beside
//! it, then put into place file by file under a journal, deletions last. [`write_folder`] is the way in, [`resolve`] deals
//! with what an interrupted run left. Which files belong to a solution is the caller's word ([`FolderOptions::is_ours`]).

mod ahead;
mod carry_out;
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

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use crate::write::path::NewParents;
use crate::write::{Part, PartSet, WriteError};
use ahead::Ahead;
pub(crate) use ahead::EarlyFiles;
use carry_out::{create, list, plan_of_new, update};
pub(crate) use content::Checksum;
pub use content::Content;
use journal::Journal;
pub use journal::Resolution;
use look::Look;
use plan::Plan;
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
    /// What tells the files of the parts, as they are now; none when it is only listed what would be done, and when it is not
    /// known.
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
    finished_earlier: bool,
}

impl FolderWriter {
    /// Locks the folder, unless nothing is to be written. What an interrupted run left is touched by
    /// [`FolderWriter::settle`] or [`FolderWriter::write`] only.
    ///
    /// # Errors
    /// When another run writes there, or nothing can be written beside it.
    pub fn open(target: &Utf8Path, dry_run: bool) -> Result<Self, WriteError> {
        let mut parents = NewParents::default();
        let target = real_target(target, if dry_run { None } else { Some(&mut parents) })?;
        let stage = if dry_run { None } else { Some(Stage::open(&target)?) };
        Ok(Self { target, stage, parents, ahead: Ahead::default(), finished_earlier: false })
    }

    /// Finishes what an interrupted run left, for whoever looks into the folder before it is written.
    ///
    /// # Errors
    /// When it cannot be finished, and when nothing is to be written.
    pub fn settle(&mut self) -> Result<(), WriteError> {
        if is_interrupted(&self.target)? {
            let pending = || WriteError::JournalPending { path: self.target.clone() };
            let stage = self.stage.as_ref().ok_or_else(pending)?;
            self.finished_earlier = settle(&self.target, stage, Resolution::Finish)?.is_some();
        }
        Ok(())
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
        } else if !is_due.load(Ordering::Relaxed)
            && let Some(early) = self.early()
        {
            // One that announces nothing is not known to be right afterwards.
            let put = |part: &P, buffer: &mut Vec<u8>| part.crc32().and_then(|_| early.put(part, buffer));
            threads.each(guess, put);
        }
    }

    /// Takes files of a folder that is not there yet before it is known which parts there will be. Those that parts announce, by
    /// size and CRC-32, are not written again. None when nothing can be written early.
    pub(crate) fn early(&mut self) -> Option<Arc<EarlyFiles>> {
        if self.ahead.early.is_none()
            && let Some(stage) = &self.stage
            && matches!(is_interrupted(&self.target), Ok(false))
            && !self.target.exists()
        {
            self.ahead.early = EarlyFiles::new(stage).ok().map(Arc::new);
        }
        self.ahead.early.clone()
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
            finished_earlier: self.finished_earlier,
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
                create(&target, &stage, set, options, ahead.early)
            };
            let finished_earlier = self.finished_earlier || settled.is_some();
            Ok(FolderSummary { finished_earlier, ..summary? })
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

#[cfg(test)]
mod tests;
