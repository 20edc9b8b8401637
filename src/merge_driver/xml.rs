//! Merges XML: elements by name, rows of lists by what tells them from each other, texts and attributes as wholes.
//!
//! Read [`merge`] first; what a row is called is `rows.rs`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Sides;
use super::edits::{Edits, lines_of};
use super::rows::{Order, Rows, Side, beside_rows, differ_in_spelling_only, rows, value_of};
use crate::diff::{Meanings, is_noise};
use crate::xml::{Attribute, Document, Element, Limits};

/// The same element of all three sides: base, ours, theirs.
type Three<'d> = [Element<'d>; 3];

/// Puts into `edits` what our side gets. The error is why nothing can be said of the parts.
pub(super) fn merge(sides: &Sides<'_>, edits: &mut Edits<'_>) -> Result<(), String> {
    let documents = [read(sides.base, "base")?, read(sides.ours, "ours")?, read(sides.theirs, "theirs")?];
    let meanings = [0, 1, 2].map(|side: usize| Meanings::of(&documents[side]));
    let mut merge = Merge { meanings: &meanings, edits, pending: Vec::new() };
    let roots = [0, 1, 2].map(|side: usize| documents[side].root());
    let around = roots.map(around);
    if around[0] != around[1] || around[1] != around[2] {
        return Err("the sides differ outside of the outermost element".to_owned());
    }
    merge.either(roots)?;
    while let Some(three) = merge.pending.pop() {
        merge.inside(three)?;
    }
    Ok(())
}

/// Reads one side. The error is in words, and says nothing that the text says.
pub(super) fn read(bytes: &[u8], side: &str) -> Result<Document, String> {
    Document::parse(bytes.to_vec(), &Limits::default())
        .map_err(|error| format!("{side}: line {}: {}", error.position().line, error.without_names()))
}

/// Comments and instructions around the outermost element.
fn around(root: Element<'_>) -> Vec<Vec<u8>> {
    let document = root.document();
    let nodes = document.nodes().filter(|node| node.element.is_none());
    let bytes = nodes.map(|node| document.bytes()[node.range].trim_ascii().to_vec());
    bytes.filter(|bytes| !bytes.is_empty()).collect()
}

struct Merge<'d, 'm, 'e, 't> {
    meanings: &'m [Meanings; 3],
    edits: &'e mut Edits<'t>,
    /// What both sides changed, each in another way.
    pending: Vec<Three<'d>>,
}

fn bytes<'d>(element: Element<'d>, range: Range<usize>) -> &'d [u8] {
    &element.document().bytes()[range]
}

impl<'d> Merge<'d, '_, '_, '_> {
    fn same(&self, one: (usize, Element<'d>), other: (usize, Element<'d>)) -> bool {
        self.meanings[one.0].get(one.1) == self.meanings[other.0].get(other.1)
            || differ_in_spelling_only(one.1, other.1)
    }

    /// An element that is there on all sides.
    fn either(&mut self, [base, ours, theirs]: Three<'d>) -> Result<(), String> {
        if self.same((1, ours), (2, theirs)) || self.same((0, base), (2, theirs)) {
            return Ok(());
        }
        if self.same((0, base), (1, ours)) {
            let text = self.edits.adapted(bytes(theirs, theirs.range()));
            self.edits.replace(ours.range(), text);
            return Ok(());
        }
        if base.name() != ours.name() || ours.name() != theirs.name() {
            return self.conflict(ours, theirs);
        }
        self.pending.push([base, ours, theirs]);
        Ok(())
    }

    /// An element that both sides changed.
    fn inside(&mut self, three: Three<'d>) -> Result<(), String> {
        let [_, ours, theirs] = three;
        let Some(tag) = self.tag(three) else { return self.conflict(ours, theirs) };
        if three.iter().all(|element| element.children().next().is_none()) {
            return self.text(three, tag);
        }
        let beside = three.map(beside_rows);
        if beside[0] != beside[1] || beside[1] != beside[2] {
            return self.conflict(ours, theirs);
        }
        let sides =
            [0, 1, 2].map(|side: usize| Side { element: three[side], meanings: &self.meanings[side] });
        let Some((order, rows)) = rows(sides) else { return self.conflict(ours, theirs) };
        let [in_base, in_ours, in_theirs] = &rows;
        // Rows without a name that both took out and both put in may be one row that both changed.
        let both_lost = in_base.in_order.iter().any(|(key, _)| {
            in_ours.get(key).is_none() && in_theirs.get(key).is_none() && key.starts_with('\0')
        });
        let both_gained = in_ours.has_nameless_besides([in_base, in_theirs])
            && in_theirs.has_nameless_besides([in_base, in_ours]);
        if both_lost && both_gained {
            return self.conflict(ours, theirs);
        }
        if order == Order::Matters && !is_order_kept(in_base, in_ours, in_theirs) {
            return self.conflict(ours, theirs);
        }
        if in_ours.in_order.is_empty() && !tag.is_empty() {
            return self.conflict(ours, theirs);
        }
        for (range, text) in tag {
            self.edits.replace(range, text);
        }
        self.rows(ours, &rows)
    }

    fn rows(&mut self, parent: Element<'d>, rows: &[Rows<'d>; 3]) -> Result<(), String> {
        let [in_base, in_ours, in_theirs] = rows;
        for (key, ours) in &in_ours.in_order {
            match (in_base.get(key), in_theirs.get(key)) {
                (Some(base), Some(theirs)) => self.either([base, *ours, theirs])?,
                (None, Some(theirs)) if !self.same((1, *ours), (2, theirs)) => {
                    self.conflict(*ours, theirs)?
                }
                (Some(base), None) if self.same((0, base), (1, *ours)) => {
                    let lines = lines_of(bytes_of(*ours), &ours.range());
                    self.edits.replace(lines.unwrap_or(ours.range()), Vec::new());
                }
                (Some(_), None) => {
                    let lines = lines_of(bytes_of(*ours), &ours.range());
                    let lines = lines.ok_or_else(|| removed(*ours))?;
                    self.edits.conflict(lines, b"", removed(*ours));
                }
                (None, _) => {}
            }
        }
        let mut before = None;
        let mut added = Vec::new();
        for (key, theirs) in &in_theirs.in_order {
            if let Some(ours) = in_ours.get(key) {
                before = Some(ours);
                continue;
            }
            match in_base.get(key) {
                None => added.push((before, *theirs)),
                // We took it out.
                Some(base) if self.same((0, base), (2, *theirs)) => {}
                Some(_) => {
                    let lines =
                        lines_of(bytes_of(*theirs), &theirs.range()).ok_or_else(|| removed(*theirs))?;
                    let at = before.and_then(line_behind).ok_or_else(|| removed(*theirs))?;
                    self.edits.conflict(at..at, bytes(*theirs, lines), removed(*theirs));
                }
            }
        }
        if added.is_empty() {
            return Ok(());
        }
        match in_ours.in_order.first() {
            None => self.fill(parent, &added),
            Some((_, first)) => {
                for (before, theirs) in added {
                    self.insert(before, *first, theirs);
                }
                Ok(())
            }
        }
    }

    /// Puts one of their rows behind one of ours, or before the first: on a line of its own where ours has one.
    fn insert(&mut self, before: Option<Element<'d>>, first: Element<'d>, theirs: Element<'d>) {
        let own = before.unwrap_or(first);
        let Some(own_lines) = lines_of(bytes_of(own), &own.range()) else {
            let at = before.map_or(first.range().start, |before| before.range().end);
            let text = self.edits.adapted(bytes(theirs, theirs.range()));
            return self.edits.replace(at..at, text);
        };
        let at = if before.is_some() { own_lines.end } else { own_lines.start };
        let text = match lines_of(bytes_of(theirs), &theirs.range()) {
            Some(lines) => self.edits.adapted(bytes(theirs, lines)),
            None => {
                let indent = bytes(own, own_lines.start..own.range().start);
                let row = self.edits.adapted(bytes(theirs, theirs.range()));
                [indent, &row, self.edits.line_end()].concat()
            }
        };
        self.edits.replace(at..at, text);
    }

    /// Puts their rows into an element of ours that has none.
    fn fill(
        &mut self,
        parent: Element<'d>,
        added: &[(Option<Element<'d>>, Element<'d>)],
    ) -> Result<(), String> {
        let mut text = Vec::new();
        let mut has_lines = true;
        for (_, theirs) in added {
            match lines_of(bytes_of(*theirs), &theirs.range()).filter(|_| has_lines) {
                Some(lines) => text.extend(self.edits.adapted(bytes(*theirs, lines))),
                None => {
                    if !text.is_empty() && has_lines {
                        return Err(changed(parent));
                    }
                    has_lines = false;
                    text.extend(self.edits.adapted(bytes(*theirs, theirs.range())));
                }
            }
        }
        if has_lines {
            let all = bytes_of(parent);
            let blanks = |byte: &&u8| matches!(byte, b' ' | b'\t');
            let indent = all[..parent.range().start].iter().rev().take_while(blanks).count();
            text = [self.edits.line_end(), &text, &all[parent.range().start - indent..parent.range().start]]
                .concat();
        }
        if !parent.is_empty_tag() {
            self.edits.replace(parent.inner_range(), text);
            return Ok(());
        }
        let end = parent.range().end;
        let tag = bytes(parent, parent.range());
        let slash = tag.len() - "/>".len();
        let blanks = tag[..slash].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
        let text = [b">", &text[..], b"</", parent.name().as_bytes(), b">"].concat();
        self.edits.replace(end - "/>".len() - blanks..end, text);
        Ok(())
    }

    /// An element without elements inside, on all sides.
    fn text(
        &mut self,
        [base, ours, theirs]: Three<'d>,
        tag: Vec<(Range<usize>, Vec<u8>)>,
    ) -> Result<(), String> {
        let plain = |element: Element<'d>| {
            let text = String::from_utf8_lossy(bytes(element, element.inner_range())).replace("\r\n", "\n");
            text.into_bytes()
        };
        let (in_base, in_ours, in_theirs) = (plain(base), plain(ours), plain(theirs));
        if in_ours != in_theirs && in_base != in_theirs {
            if in_base != in_ours || ours.is_empty_tag() {
                return self.conflict(ours, theirs);
            }
            let text = self.edits.adapted(bytes(theirs, theirs.inner_range()));
            self.edits.replace(ours.inner_range(), text);
        }
        for (range, text) in tag {
            self.edits.replace(range, text);
        }
        Ok(())
    }

    /// What our start tag gets; none where both changed one attribute in two ways.
    fn tag(&self, [base, ours, theirs]: Three<'d>) -> Option<Vec<(Range<usize>, Vec<u8>)>> {
        let find = |element: Element<'d>, name: &str| element.attributes().find(|found| found.name == name);
        let names = [base, ours, theirs].into_iter().flat_map(|element| element.attributes());
        let names: BTreeSet<&str> = names.map(|attribute| attribute.name).collect();
        let value = |found: &Option<Attribute<'d>>| found.map(|attribute| value_of(ours, &attribute));
        let mut edits = Vec::new();
        for name in names {
            let [in_base, in_ours, in_theirs] = [base, ours, theirs].map(|element| find(element, name));
            let (was, our, their) = (value(&in_base), value(&in_ours), value(&in_theirs));
            if our == their || was == their || is_noise(ours, name) {
                continue;
            }
            if was != our {
                return None;
            }
            let quote = |element: Element<'d>, attribute: &Attribute<'d>| {
                bytes_of(element)[attribute.value_offset + attribute.raw_value.len()]
            };
            match (in_ours, in_theirs) {
                (Some(our), Some(their)) => {
                    if their.raw_value.as_bytes().contains(&quote(ours, &our)) {
                        return None;
                    }
                    let range = our.value_offset..our.value_offset + our.raw_value.len();
                    edits.push((range, self.edits.adapted(their.raw_value.as_bytes())));
                }
                (None, Some(their)) => {
                    let last = ours.attributes().last();
                    let at = last.map_or(ours.offset() + 1 + ours.name().len(), |last| {
                        last.value_offset + last.raw_value.len() + 1
                    });
                    let quote = [quote(theirs, &their)];
                    let text =
                        [b" ", name.as_bytes(), b"=", &quote, their.raw_value.as_bytes(), &quote].concat();
                    edits.push((at..at, text));
                }
                (Some(_), None) => return None,
                (None, None) => {}
            }
        }
        Some(edits)
    }

    fn conflict(&mut self, ours: Element<'d>, theirs: Element<'d>) -> Result<(), String> {
        let (own, other) =
            (lines_of(bytes_of(ours), &ours.range()), lines_of(bytes_of(theirs), &theirs.range()));
        let (Some(own), Some(other)) = (own, other) else { return Err(changed(ours)) };
        self.edits.conflict(own, bytes(theirs, other), changed(ours));
        Ok(())
    }
}

fn bytes_of(element: Element<'_>) -> &[u8] {
    element.document().bytes()
}

/// Where the line behind an element starts.
fn line_behind(element: Element<'_>) -> Option<usize> {
    lines_of(bytes_of(element), &element.range()).map(|lines| lines.end)
}

/// Where order means something: at most one side may have added, removed or moved.
fn is_order_kept(base: &Rows<'_>, ours: &Rows<'_>, theirs: &Rows<'_>) -> bool {
    let keys = |rows: &Rows<'_>| rows.in_order.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    let (was, our, their) = (keys(base), keys(ours), keys(theirs));
    // What moved on their side only would have to move on ours.
    their == was || (our == was && base.shared_with(theirs) == theirs.shared_with(base))
}

fn changed(element: Element<'_>) -> String {
    format!("both sides changed {}", crate::diff::path_of(element).join("/"))
}

fn removed(element: Element<'_>) -> String {
    format!("one side removed {}, the other changed it", crate::diff::path_of(element).join("/"))
}
