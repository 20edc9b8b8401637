//! Merges two edits of one file by what its parts are called, as `git merge` asks a merge driver to: additions and removals of
//! both sides are united, and what only one side changed is taken over. All else of our side stays byte for byte.
//!
//! A file that both sides added began with nothing: what both have in common stands for the base.
//!
//! A merged file must not be broken where neither side was: `faults.rs` goes over it.
//!
//! On any doubt there are conflict markers, as git's own: around the part in question where it has lines of its own, else around
//! all that differs. Nothing is read or written here. Read [`merge`] first.

mod common;
mod edits;
mod faults;
mod flow_faults;
mod json;
mod rows;
mod scan;
mod xml;

use crate::text::mark_length;
use edits::Edits;

/// Most bytes of a file that is merged by what its parts are called; real ones stay below 3 MB.
pub const MOST_BYTES: u64 = 16 << 20;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// XML, as `Other/Solution.xml`.
    Xml,
    /// JSON, as a cloud flow.
    Json,
}

impl Kind {
    /// Judged by the ending of its name, else by its first character.
    pub fn of(path: &str, content: &[u8]) -> Option<Self> {
        let lower = path.to_ascii_lowercase();
        if lower.ends_with(".xml") {
            return Some(Self::Xml);
        }
        if lower.ends_with(".json") {
            return Some(Self::Json);
        }
        match content[mark_length(content)..].iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'<') => Some(Self::Xml),
            Some(b'{') => Some(Self::Json),
            _ => None,
        }
    }
}

/// The three states of a file.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'t> {
    /// What both began with.
    pub base: &'t [u8],
    /// What the merge goes into.
    pub ours: &'t [u8],
    /// What is merged into it.
    pub theirs: &'t [u8],
}

/// What a merge gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The file.
    pub content: Vec<u8>,
    /// Why there are conflict markers in it; none where there are none. Names of parts, never what they say.
    pub doubts: Vec<String>,
}

/// Merges. `marker_size` is how many characters a conflict marker has: 7, unless git asks for more.
pub fn merge(kind: Option<Kind>, sides: &Sides<'_>, marker_size: usize) -> Merged {
    let clean = |content: &[u8]| Merged { content: content.to_vec(), doubts: Vec::new() };
    if sides.ours == sides.theirs || sides.theirs == sides.base {
        return clean(sides.ours);
    }
    if sides.ours == sides.base {
        return clean(sides.theirs);
    }
    let common = match kind.filter(|_| is_blank(sides.base)) {
        Some(kind) => match common::common(kind, sides.ours, sides.theirs) {
            Ok(common) => Some(common),
            Err(doubt) => return refuse(sides, marker_size, &doubt),
        },
        None => None,
    };
    let sides = &Sides { base: common.as_deref().unwrap_or(sides.base), ..*sides };
    let mut edits = Edits::new(sides.ours, marker_size);
    let merged = match kind {
        Some(Kind::Xml) => xml::merge(sides, &mut edits),
        Some(Kind::Json) => json::merge(sides, &mut edits),
        None => Err("neither XML nor JSON".to_owned()),
    };
    let doubts = edits.doubts.clone();
    match merged {
        Err(doubt) => refuse(sides, marker_size, &doubt),
        Ok(()) => match edits.applied() {
            Some(content) if !doubts.is_empty() => Merged { content, doubts },
            Some(content) if is_well_formed(kind, &content) => {
                let faults = kind.map(|kind| faults::new_faults(kind, sides, &content)).unwrap_or_default();
                if faults.is_empty() {
                    return Merged { content, doubts };
                }
                // The two edits stand in two places: no region holds both.
                Merged { content: edits::whole(sides.ours, sides.theirs, marker_size), doubts: faults }
            }
            _ => refuse(sides, marker_size, "both sides changed the same lines"),
        },
    }
}

/// Leaves the merge to a person: conflict markers around all that differs.
pub fn refuse(sides: &Sides<'_>, marker_size: usize, doubt: &str) -> Merged {
    Merged { content: edits::whole(sides.ours, sides.theirs, marker_size), doubts: vec![doubt.to_owned()] }
}

/// Whether there was no file, as git says it.
fn is_blank(base: &[u8]) -> bool {
    base[mark_length(base)..].iter().all(u8::is_ascii_whitespace)
}

/// What is written without markers can be read.
fn is_well_formed(kind: Option<Kind>, content: &[u8]) -> bool {
    match kind {
        Some(Kind::Xml) => {
            crate::xml::Document::parse(content.to_vec(), &crate::xml::Limits::default()).is_ok()
        }
        Some(Kind::Json) => crate::json::Document::parse(content.to_vec())
            .is_ok_and(|document| document.duplicate_keys().is_empty()),
        None => false,
    }
}

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod tests;
