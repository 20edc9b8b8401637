//! The walk of the serialiser over the flat index: one pass, no recursion that an input could drive.

use super::tag::{self, RootTag, TagEnd, push_tag};
use super::text;
use super::writer::{Edit, Edits, Fill, NoFill, XmlWriter, name};
use crate::layout::LayoutError;
use crate::xml::{Document, NodeKind, Record};

impl XmlWriter<'_> {
    /// An element with all that is in it, from its `<`.
    pub(in crate::layout) fn element(
        &mut self,
        document: &Document,
        root: u32,
        depth: usize,
        root_tag: Option<&RootTag>,
        edits: &Edits,
        fill: &dyn Fill,
    ) -> Result<(), LayoutError> {
        let records = document.records();
        let end = records[root as usize].next;
        let mut edits = edits.from(root);
        let mut depth = depth;
        let mut open: Option<u32> = None;
        let mut to_fill: Vec<(u32, usize)> = Vec::new();
        let mut index = root;
        while index < end {
            self.flush_when_full()?;
            let mut edit = None;
            while let Some(((edited, found), rest)) = edits.split_first()
                && *edited == index
            {
                edits = rest;
                match found {
                    Edit::Before(number) => fill.fill(self, *number, depth)?,
                    other => edit = Some(other),
                }
            }
            if index != root && !matches!(edit, Some(Edit::Cut | Edit::Replace(_))) {
                self.line(depth);
            }
            let root_tag = root_tag.filter(|_| index == root);
            if self.node(document, index, depth, root_tag, edit, edits, fill)? == Step::Into {
                if let Some(Edit::Fill(number)) = edit {
                    to_fill.push((index, *number));
                }
                open = Some(index);
                depth += 1;
                index += 1;
            } else {
                index = records[index as usize].next;
                let inside = edits.partition_point(|(edited, _)| *edited < index);
                edits = &edits[inside..];
            }
            while let Some(element) = open
                && records[element as usize].next == index
            {
                if let Some((_, number)) = to_fill.pop_if(|(filled, _)| *filled == element) {
                    fill.fill(self, number, depth)?;
                }
                depth -= 1;
                self.line(depth);
                self.close_tag(document, element);
                open = (element != root).then(|| records[element as usize].parent);
            }
        }
        Ok(())
    }

    /// One node: all of it, or its start tag only.
    #[expect(clippy::too_many_arguments, reason = "one step of the walk needs all that the walk knows")]
    fn node(
        &mut self,
        document: &Document,
        index: u32,
        depth: usize,
        root_tag: Option<&RootTag>,
        edit: Option<&Edit>,
        rest: &[(u32, Edit)],
        fill: &dyn Fill,
    ) -> Result<Step, LayoutError> {
        let records = document.records();
        let record = &records[index as usize];
        self.note(document, record);
        match edit {
            Some(Edit::Cut) => {}
            Some(Edit::Replace(number)) => fill.fill(self, *number, depth)?,
            Some(Edit::Empty) => self.tag(document, index, root_tag, TagEnd::Empty),
            Some(Edit::Text(text)) => {
                self.tag(document, index, root_tag, TagEnd::Open);
                text::push_escaped(&mut self.buffer, text);
                self.close_tag(document, index);
            }
            Some(Edit::Reorder(order)) => {
                self.tag(document, index, root_tag, TagEnd::Open);
                for &child in order {
                    self.line(depth + 1);
                    self.leaf_or_element(document, child, depth + 1)?;
                }
                self.line(depth);
                self.close_tag(document, index);
            }
            _ if record.kind != NodeKind::Element => self.leaf_node(document, record),
            Some(Edit::Fill(number)) if is_emptied(records, index, rest) => {
                self.tag(document, index, root_tag, TagEnd::Open);
                fill.fill(self, *number, depth + 1)?;
                self.line(depth);
                self.close_tag(document, index);
            }
            None if record.next == index + 1 => self.leaf(document, record, root_tag),
            None if is_emptied(records, index, rest) => self.tag(document, index, root_tag, TagEnd::Empty),
            _ => {
                let preserve = self.start_tag(document, record, root_tag);
                if !preserve && !record.has_text {
                    return Ok(Step::Into);
                }
                self.verbatim(document, index)?;
                if let Some(Edit::Fill(number)) = edit {
                    fill.fill(self, *number, depth + 1)?;
                }
                self.close_tag(document, index);
            }
        }
        Ok(Step::Over)
    }

    /// A child that is written out of its order. The walk inside it is the same one, with no edits, so that this goes
    /// one level deep only.
    fn leaf_or_element(&mut self, document: &Document, index: u32, depth: usize) -> Result<(), LayoutError> {
        let record = &document.records()[index as usize];
        if record.kind == NodeKind::Element && record.next == index + 1 {
            self.note(document, record);
            self.leaf(document, record, None);
            return self.flush_when_full();
        }
        self.element(document, index, depth, None, &Edits::default(), &NoFill)
    }

    /// An element that holds no other node: most of all elements.
    fn leaf(&mut self, document: &Document, record: &Record, root_tag: Option<&RootTag>) {
        let bytes = document.bytes();
        let tag = &bytes[record.start as usize..record.tag_end as usize];
        let inner = &bytes[record.tag_end as usize..record.inner_end as usize];
        let look = tag::look(tag, record.name_length as usize);
        let empty_tag = record.tag_end == record.end;
        let end_tag_length = if empty_tag { 0 } else { record.name_length + 3 };
        if root_tag.is_none()
            && look.canonical
            && record.end - record.inner_end == end_tag_length
            && text::is_plain(inner)
        {
            self.buffer.extend_from_slice(&bytes[record.start as usize..record.end as usize]);
            return;
        }
        if empty_tag {
            push_tag(&mut self.buffer, tag, record.name_length as usize, root_tag, TagEnd::Empty);
            return;
        }
        if root_tag.is_none() && look.canonical {
            self.buffer.extend_from_slice(tag);
        } else {
            push_tag(&mut self.buffer, tag, record.name_length as usize, root_tag, TagEnd::Open);
        }
        if record.has_text || look.preserve || !text::is_blank_with_line_end(inner) {
            text::push_text(&mut self.buffer, inner, self.line_end);
        }
        self.buffer.extend_from_slice(b"</");
        self.buffer.extend_from_slice(name(document, record));
        self.buffer.push(b'>');
    }

    /// A start tag that stays open; whether white space inside must be kept.
    fn start_tag(&mut self, document: &Document, record: &Record, root_tag: Option<&RootTag>) -> bool {
        let tag = &document.bytes()[record.start as usize..record.tag_end as usize];
        let look = tag::look(tag, record.name_length as usize);
        if root_tag.is_none() && look.canonical {
            self.buffer.extend_from_slice(tag);
        } else {
            push_tag(&mut self.buffer, tag, record.name_length as usize, root_tag, TagEnd::Open);
        }
        look.preserve
    }

    /// All that is inside an element with text: white space is text there.
    fn verbatim(&mut self, document: &Document, root: u32) -> Result<(), LayoutError> {
        let (records, bytes) = (document.records(), document.bytes());
        let end = records[root as usize].next;
        let mut at = records[root as usize].tag_end as usize;
        let mut open = root;
        let mut index = root + 1;
        loop {
            while records[open as usize].next == index {
                let record = &records[open as usize];
                text::push_text(&mut self.buffer, &bytes[at..record.inner_end as usize], self.line_end);
                at = record.end as usize;
                if open == root {
                    return Ok(());
                }
                self.close_tag(document, open);
                open = record.parent;
            }
            debug_assert!(index < end);
            let record = &records[index as usize];
            text::push_text(&mut self.buffer, &bytes[at..record.start as usize], self.line_end);
            at = record.tag_end as usize;
            index += 1;
            self.note(document, record);
            if record.kind != NodeKind::Element {
                self.leaf_node(document, record);
            } else if record.tag_end == record.end {
                let tag = &bytes[record.start as usize..record.tag_end as usize];
                push_tag(&mut self.buffer, tag, record.name_length as usize, None, TagEnd::Empty);
            } else {
                self.start_tag(document, record, None);
                open = index - 1;
            }
            self.flush_when_full()?;
        }
    }

    pub(super) fn leaf_node(&mut self, document: &Document, record: &Record) {
        let raw = &document.bytes()[record.start as usize..record.end as usize];
        text::push_lines(&mut self.buffer, raw, self.line_end);
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    Into,
    Over,
}

/// Whether the element held something and all of it is cut, or it never held anything but white space.
fn is_emptied(records: &[Record], index: u32, rest: &[(u32, Edit)]) -> bool {
    let record = &records[index as usize];
    if record.has_text {
        return false;
    }
    let mut cuts = rest.iter();
    let mut child = index + 1;
    while child < record.next {
        match cuts.find(|(edited, _)| *edited >= child) {
            Some((edited, Edit::Cut)) if *edited == child => child = records[child as usize].next,
            _ => return false,
        }
    }
    true
}
