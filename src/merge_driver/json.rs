//! Merges JSON: members by name, all the way down; lists, texts and numbers as wholes.
//!
//! Read [`merge`] first.

use std::collections::BTreeMap;

use super::Sides;
use super::edits::{Edits, lines_of};
use super::scan::Json;
use crate::json::push_pointer;

/// Puts into `edits` what our side gets. The error is why nothing can be said of the parts.
pub(super) fn merge(sides: &Sides<'_>, edits: &mut Edits<'_>) -> Result<(), String> {
    let texts = [read(sides.base, "base")?, read(sides.ours, "ours")?, read(sides.theirs, "theirs")?];
    if texts.iter().any(|text| !text.is_object(0)) {
        return Err("the outermost value is no object".to_owned());
    }
    let mut merge = Merge { texts: &texts, edits, pending: Vec::new() };
    if merge.either([0, 0, 0], "")? {
        while let Some((three, pointer)) = merge.pending.pop() {
            merge.object(three, &pointer)?;
        }
    }
    Ok(())
}

/// Reads one side. The error is in words, and says nothing that the text says.
pub(super) fn read(bytes: &[u8], side: &str) -> Result<Json, String> {
    Json::read(bytes).map_err(|error| format!("{side}: {error}"))
}

/// The same value of all three sides: base, ours, theirs.
type Three = [u32; 3];

struct Merge<'s, 'e, 't> {
    texts: &'s [Json; 3],
    edits: &'e mut Edits<'t>,
    /// Objects that both sides changed, each in another way, and where they stand.
    pending: Vec<(Three, String)>,
}

impl Merge<'_, '_, '_> {
    fn same(&self, one: (usize, u32), other: (usize, u32)) -> bool {
        self.texts[one.0].meaning(one.1) == self.texts[other.0].meaning(other.1)
    }

    /// A value that is there on all sides; false when both sides changed it, each in another way.
    fn either(&mut self, three: Three, pointer: &str) -> Result<bool, String> {
        let [base, ours, theirs] = three;
        let [_, our_text, their_text] = self.texts;
        if self.same((1, ours), (2, theirs)) || self.same((0, base), (2, theirs)) {
            return Ok(true);
        }
        if self.same((0, base), (1, ours)) {
            let text = self.edits.adapted(their_text.raw(theirs));
            self.edits.replace(our_text.range(ours), text);
            return Ok(true);
        }
        let are_objects = (0..3).all(|side| self.texts[side].is_object(three[side]));
        if are_objects {
            self.pending.push((three, pointer.to_owned()));
        }
        Ok(are_objects)
    }

    fn object(&mut self, [base, ours, theirs]: Three, pointer: &str) -> Result<(), String> {
        let [base_text, our_text, their_text] = self.texts;
        let by_key = |text: &Json, object: u32| -> BTreeMap<String, u32> {
            text.members(object).iter().map(|member| (text.key(*member), *member)).collect()
        };
        let (in_base, in_theirs) = (by_key(base_text, base), by_key(their_text, theirs));
        let in_ours = by_key(our_text, ours);
        let at = |key: &str| {
            let mut pointer = pointer.to_owned();
            push_pointer(&mut pointer, key);
            pointer
        };
        let members = our_text.members(ours);
        let mut removed = Vec::with_capacity(members.len());
        for member in members {
            let key = our_text.key(*member);
            let mut is_removed = false;
            match (in_base.get(&key), in_theirs.get(&key)) {
                (Some(base), Some(theirs)) => {
                    if !self.either([*base, *member, *theirs], &at(&key))? {
                        self.conflict(*member, *theirs, &at(&key))?;
                    }
                }
                (None, Some(theirs)) if !self.same((1, *member), (2, *theirs)) => {
                    self.conflict(*member, *theirs, &at(&key))?;
                }
                (Some(base), None) if self.same((0, *base), (1, *member)) => is_removed = true,
                (Some(_), None) => return Err(removed_and_changed(&at(&key))),
                (None, _) => {}
            }
            removed.push(is_removed);
        }
        self.remove(ours, &removed);
        // Their new members, each with the one of ours that stays and that it stands behind.
        let mut before = None;
        let mut added = Vec::new();
        for member in their_text.members(theirs) {
            let key = their_text.key(*member);
            match (in_ours.get(&key), in_base.get(&key)) {
                (Some(ours), _) => before = Some(*ours),
                (None, None) => added.push((before, *member)),
                (None, Some(base)) if self.same((0, *base), (2, *member)) => {}
                (None, Some(_)) => return Err(removed_and_changed(&at(&key))),
            }
        }
        self.add(ours, theirs, &added, removed.iter().all(|is_removed| *is_removed));
        Ok(())
    }

    /// Takes members of ours out, each with one comma.
    fn remove(&mut self, object: u32, removed: &[bool]) {
        let text = &self.texts[1];
        let members = text.members(object);
        let comma_behind = |member: u32| {
            let end = text.range(member).end;
            end + text.bytes()[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
        };
        let mut has_kept = false;
        for (place, member) in members.iter().enumerate() {
            if !removed[place] {
                has_kept = true;
                continue;
            }
            let start = match place.checked_sub(1) {
                None => text.range(object).start + 1,
                Some(before) => comma_behind(members[before]) + usize::from(!has_kept),
            };
            let is_last = place + 1 == members.len();
            let end = if has_kept || is_last { text.range(*member).end } else { comma_behind(*member) + 1 };
            self.edits.replace(start..end, Vec::new());
        }
    }

    /// Puts their new members in, each with one comma.
    fn add(&mut self, ours: u32, theirs: u32, added: &[(Option<u32>, u32)], is_emptied: bool) {
        let [_, our_text, their_text] = self.texts;
        let first_place = our_text.range(ours).start + 1;
        let mut first = Vec::new();
        for (before, member) in added {
            let range = their_text.member_range(*member);
            let blanks = their_text.bytes()[..range.start].iter().rev();
            let blanks = blanks.take_while(|byte| byte.is_ascii_whitespace()).count();
            let text = self.edits.adapted(&their_text.bytes()[range.start - blanks..range.end]);
            match before {
                Some(before) => {
                    let end = our_text.range(*before).end;
                    self.edits.replace(end..end, [b",", &text[..]].concat());
                }
                None => {
                    if !first.is_empty() {
                        first.push(b',');
                    }
                    first.extend(text);
                }
            }
        }
        if first.is_empty() {
            return;
        }
        if !is_emptied {
            first.push(b',');
        } else if our_text.members(ours).is_empty() {
            // The blanks before their closing brace.
            let range = their_text.range(theirs);
            let inside = &their_text.bytes()[range.start..range.end - 1];
            let blanks = inside.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            let own = &our_text.bytes()[first_place..our_text.range(ours).end - 1];
            if own.is_empty() {
                first.extend(self.edits.adapted(&inside[inside.len() - blanks..]));
            }
        }
        self.edits.replace(first_place..first_place, first);
    }

    /// Both sides of a member, between markers.
    fn conflict(&mut self, ours: u32, theirs: u32, pointer: &str) -> Result<(), String> {
        let doubt = format!("both sides changed {pointer}");
        let lines = |text: &Json, member: u32| {
            let mut range = text.member_range(member);
            let behind = &text.bytes()[range.end..];
            let blanks = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let has_comma = behind.get(blanks) == Some(&b',');
            if has_comma {
                range.end += blanks + 1;
            }
            let lines = lines_of(text.bytes(), &range)?;
            Some((lines, has_comma))
        };
        let [_, our_text, their_text] = self.texts;
        let (Some((own, has_comma)), Some((other, _))) = (lines(our_text, ours), lines(their_text, theirs))
        else {
            return Err(doubt);
        };
        let mut text = their_text.bytes()[other.start..their_text.member_range(theirs).end].to_vec();
        if has_comma {
            text.push(b',');
        }
        text.push(b'\n');
        self.edits.conflict(own, &text, doubt);
        Ok(())
    }
}

fn removed_and_changed(pointer: &str) -> String {
    format!("one side removed {pointer}, the other changed it")
}
