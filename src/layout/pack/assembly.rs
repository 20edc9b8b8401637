//! Writes customizations.xml from `Other/Customizations.xml` and the files that go into it, one at a time.

use std::cell::RefCell;
use std::io::Write;

use super::super::archive::{child_indices, parse};
use super::super::canonical::{Edit, Edits, Fill, LineEnd, NoFill, RootTag, Trace, XmlWriter};
use super::super::namespaces::needless;
use super::super::note::Note;
use super::super::pattern::{Pattern, strip_suffix};
use super::super::rules::{DATA_SUFFIX, Files, Rule, Shape};
use super::LayoutError;
use super::files::folder_of;
use super::folder::{Folder, InnerFile, RowFile};
use super::placed::{Placed, Row};
use super::sections::{check_group, held_twice, outside, refuse_text_around};
use crate::xml::{Document, Element};

/// The plan of customizations.xml; its pieces are read while it is written.
pub(in crate::layout) struct Assembly<'a> {
    pub(super) folder: &'a Folder<'a>,
    pub(super) line_end: LineEnd,
    pub(super) edits: Edits,
    pub(super) fillings: Vec<Filling<'a>>,
}

/// What goes into one place.
#[derive(Debug)]
pub(super) enum Filling<'a> {
    /// The roots of these files.
    Rows { rule: &'static Rule, rows: Vec<RowFile> },
    /// The root of this file, which is the section.
    Whole { rule: &'static Rule, file: usize },
    /// Rows of the read files of an indexed section.
    Indexed { number: usize, order: Vec<(usize, u32)> },
    /// A section that is not there, with what is in it.
    Section { name: &'a str, inside: Box<Filling<'a>> },
    /// One after the other.
    Several(Vec<Filling<'a>>),
}

impl Assembly<'_> {
    pub(in crate::layout) fn write_to(&self, out: &mut dyn Write) -> Result<(), LayoutError> {
        let mut writer = XmlWriter::new(out, self.line_end);
        self.write_document(&mut writer)?;
        writer.finish()
    }

    /// As [`Assembly::write_to`], and says which element of which file was written where.
    pub(in crate::layout) fn write_traced(&self, out: &mut dyn Write) -> Result<Trace, LayoutError> {
        let mut writer = XmlWriter::new(out, self.line_end);
        writer.start_trace(&self.folder.customizations_path);
        self.write_document(&mut writer)?;
        let trace = writer.take_trace().unwrap_or_default();
        writer.finish()?;
        Ok(trace)
    }

    fn write_document(&self, writer: &mut XmlWriter<'_>) -> Result<(), LayoutError> {
        let document = &self.folder.customizations;
        let placed = RefCell::new(Placed::new(self.folder)?);
        let writing = Writing { folder: self.folder, fillings: &self.fillings, placed };
        writer.before_root(document, 0);
        writer.element(document, document.root().index(), 0, None, &self.edits, &writing)?;
        writer.after_root(document, 0);
        Ok(())
    }
}

/// One run of writing.
struct Writing<'w> {
    folder: &'w Folder<'w>,
    fillings: &'w [Filling<'w>],
    placed: RefCell<Placed>,
}

impl Writing<'_> {
    fn write(
        &self,
        writer: &mut XmlWriter<'_>,
        filling: &Filling<'_>,
        depth: usize,
    ) -> Result<(), LayoutError> {
        match filling {
            Filling::Rows { rule, rows } => {
                let pattern = Pattern::new(rule.path);
                rows.iter().try_for_each(|row| self.row(writer, rule, &pattern, row, depth))
            }
            Filling::Whole { rule, file } => {
                let document = self.read(*file, rule.section)?;
                self.file(writer, &document, *file, depth)
            }
            Filling::Indexed { number, order } => {
                let indexed = &self.folder.indexed[number];
                for (&(_, row), (path, document)) in
                    order.iter().filter_map(|node| Some((node, indexed.file(node.0)?)))
                {
                    writer.line(depth);
                    let before = writer.enter(path);
                    writer.element(document, row, depth, None, &Edits::default(), &NoFill)?;
                    writer.leave(before);
                }
                Ok(())
            }
            Filling::Section { name, inside } => {
                writer.line(depth);
                writer.open_plain(name);
                self.write(writer, inside, depth + 1)?;
                writer.line(depth);
                writer.close_named(name);
                Ok(())
            }
            Filling::Several(several) => {
                several.iter().try_for_each(|filling| self.write(writer, filling, depth))
            }
        }
    }

    fn read(&self, file: usize, expected: &'static str) -> Result<Document, LayoutError> {
        let path = self.folder.path(file);
        let document = parse(path, self.folder.view.read(file)?)?;
        let found = document.root().name();
        if found != expected {
            return Err(LayoutError::Root { path: path.to_owned(), expected, found: found.to_owned() });
        }
        Ok(document)
    }

    /// The root of a file, with the comments around it, without the declarations that it does not need here.
    fn file(
        &self,
        writer: &mut XmlWriter<'_>,
        document: &Document,
        file: usize,
        depth: usize,
    ) -> Result<(), LayoutError> {
        let before = writer.enter(self.folder.path(file));
        self.document(writer, document, file, depth, &Edits::default(), &NoFill)?;
        writer.leave(before);
        Ok(())
    }

    fn document(
        &self,
        writer: &mut XmlWriter<'_>,
        document: &Document,
        file: usize,
        depth: usize,
        edits: &Edits,
        fill: &dyn Fill,
    ) -> Result<(), LayoutError> {
        let tag =
            RootTag { drop: needless(document.root(), &self.folder.customizations), ..RootTag::default() };
        if outside(document).next().is_some() {
            self.folder.note_writing(Note::CommentMoves { path: self.folder.path(file).to_owned() });
        }
        writer.line(depth);
        writer.before_root(document, depth);
        writer.element(document, document.root().index(), depth, Some(&tag), edits, fill)?;
        writer.after_root(document, depth);
        Ok(())
    }

    /// The file that a row names stands beside the place of the row, whatever the file of the row is called.
    fn expect_beside(&self, rule: &Rule, place: Option<&str>, file: usize) {
        if let Some(place) = place
            && matches!(rule.files, Files::Beside | Files::BesideWithFolder)
            && let Some(named) = strip_suffix(place, DATA_SUFFIX)
            && self.folder.entry_at(named).is_none()
        {
            let named_by = self.folder.path(file).to_owned();
            self.folder.note_writing(Note::MissingFile { path: named.to_owned(), named_by });
        }
    }

    /// Takes the place of a row; none where unpacking leaves it in customizations.xml.
    fn take(
        &self,
        rule: &Rule,
        pattern: &Pattern,
        folder: &str,
        element: Element<'_>,
        group: Option<&str>,
        file: usize,
    ) -> Result<Option<String>, LayoutError> {
        let row = Row { element, group, file: self.folder.path(file) };
        self.placed.borrow_mut().take(rule, pattern, folder, &row)
    }

    fn row(
        &self,
        writer: &mut XmlWriter<'_>,
        rule: &'static Rule,
        pattern: &Pattern,
        row: &RowFile,
        depth: usize,
    ) -> Result<(), LayoutError> {
        let Shape::Rows(expected) = rule.shape else { return Ok(()) };
        let document = self.read(row.file, expected)?;
        let root = document.root();
        let place = self.take(rule, pattern, "", root, None, row.file)?;
        self.expect_beside(rule, place.as_deref(), row.file);
        if row.inner.iter().all(Vec::is_empty) {
            return self.file(writer, &document, row.file, depth);
        }
        let mut edits = Vec::new();
        let mut at_end = Vec::new();
        for (number, (inner, files)) in rule.inner.iter().zip(&row.inner).enumerate() {
            if files.is_empty() {
                continue;
            }
            let whole = matches!(inner.shape, Shape::Whole);
            match root.child(inner.section) {
                Some(section) if whole => {
                    if section.children().next().is_some() {
                        return Err(held_twice(inner, self.folder.path(files[0].file)));
                    }
                    edits.push((section.index(), Edit::Replace(number)));
                }
                Some(section) => edits.push((section.index(), Edit::Fill(number))),
                None => {
                    let mut later =
                        rule.inner[number + 1..].iter().filter_map(|later| root.child(later.section));
                    match later.next() {
                        Some(later) => edits.push((later.index(), Edit::Before(number))),
                        None => at_end.push(number),
                    }
                }
            }
        }
        if !at_end.is_empty() {
            edits.push((root.index(), Edit::Fill(AT_END)));
        }
        refuse_text_around(root, &edits, self.folder.path(row.file))?;
        let own_folder = place.as_deref().map(|place| folder_of(place).to_owned());
        let fill = InnerFill {
            writing: self,
            rule,
            row,
            own_folder,
            missing: &|section| root.child(section).is_none(),
            at_end,
        };
        let before = writer.enter(self.folder.path(row.file));
        self.document(writer, &document, row.file, depth, &Edits::new(edits), &fill)?;
        writer.leave(before);
        Ok(())
    }
}

/// What is in a file of a group, with its comments before the last row at the latest: unpacking gives a comment to the
/// row behind it, which would be one of another file. And whether one does not come back where it was.
fn comments_first(document: &Document) -> (Vec<u32>, bool) {
    let before: Vec<u32> = child_indices(document, document.root().index()).collect();
    let mut nodes: Vec<u32> = outside(document).collect();
    let mut is_moved = !nodes.is_empty();
    nodes.extend(&before);
    let is_row = |node: &u32| document.element(*node).is_some();
    if let Some(last) = nodes.iter().rposition(is_row)
        && last + 1 < nodes.len()
    {
        nodes[last..].rotate_left(1);
        is_moved = true;
    }
    (nodes, is_moved)
}

/// Number of the filling at the end of a row.
const AT_END: usize = usize::MAX;

impl Fill for Writing<'_> {
    fn fill(&self, writer: &mut XmlWriter<'_>, number: usize, depth: usize) -> Result<(), LayoutError> {
        self.write(writer, &self.fillings[number], depth)
    }
}

/// Fills the sections of one row.
struct InnerFill<'f> {
    writing: &'f Writing<'f>,
    rule: &'static Rule,
    row: &'f RowFile,
    /// Where unpacking puts what is cut out of the row; none where it leaves the row in customizations.xml.
    own_folder: Option<String>,
    missing: &'f dyn Fn(&str) -> bool,
    at_end: Vec<usize>,
}

impl Fill for InnerFill<'_> {
    fn fill(&self, writer: &mut XmlWriter<'_>, number: usize, depth: usize) -> Result<(), LayoutError> {
        if number == AT_END {
            return self.at_end.iter().try_for_each(|&number| self.fill(writer, number, depth));
        }
        let inner = &self.rule.inner[number];
        let files = &self.row.inner[number];
        let whole = matches!(inner.shape, Shape::Whole);
        if whole || !(self.missing)(inner.section) {
            return self.section(writer, inner, files, depth);
        }
        writer.line(depth);
        writer.open_plain(inner.section);
        self.section(writer, inner, files, depth + 1)?;
        writer.line(depth);
        writer.close_named(inner.section);
        Ok(())
    }
}

impl InnerFill<'_> {
    fn section(
        &self,
        writer: &mut XmlWriter<'_>,
        rule: &'static Rule,
        files: &[InnerFile],
        depth: usize,
    ) -> Result<(), LayoutError> {
        match rule.shape {
            Shape::Grouped { .. } => self.groups(writer, rule, files, depth),
            Shape::Rows(expected) => {
                let pattern = Pattern::new(rule.path);
                files.iter().try_for_each(|file| {
                    let document = self.writing.read(file.file, expected)?;
                    self.take(rule, &pattern, document.root(), None, file.file)?;
                    self.writing.file(writer, &document, file.file, depth)
                })
            }
            Shape::Whole => files.iter().try_for_each(|file| {
                let document = self.writing.read(file.file, rule.section)?;
                self.writing.file(writer, &document, file.file, depth)
            }),
            Shape::Indexed { .. } => Ok(()),
        }
    }

    fn take(
        &self,
        rule: &Rule,
        pattern: &Pattern,
        row: Element<'_>,
        group: Option<&str>,
        file: usize,
    ) -> Result<(), LayoutError> {
        match &self.own_folder {
            Some(folder) => self.writing.take(rule, pattern, folder, row, group, file).map(drop),
            None => Ok(()),
        }
    }

    /// Groups in order of first appearance, each with the rows of its files.
    fn groups(
        &self,
        writer: &mut XmlWriter<'_>,
        rule: &'static Rule,
        files: &[InnerFile],
        depth: usize,
    ) -> Result<(), LayoutError> {
        let Shape::Grouped { group, without, row } = rule.shape else { return Ok(()) };
        let pattern = Pattern::new(rule.path);
        let key = |file: &InnerFile| without.map(|_| file.group.clone()).unwrap_or_default();
        let mut keys: Vec<String> = Vec::new();
        for file in files {
            if !keys.contains(&key(file)) {
                keys.push(key(file));
            }
        }
        for current in keys {
            let mut open: Option<(Document, Vec<(String, String)>)> = None;
            for file in files.iter().filter(|file| key(file) == current) {
                let document = self.writing.read(file.file, group)?;
                let root = document.root();
                let path = self.writing.folder.path(file.file);
                check_group(path, &document, group)?;
                for element in root.children().filter(|child| child.name() == row) {
                    self.take(rule, &pattern, element, without.map(|_| current.as_str()), file.file)?;
                }
                let drop = needless(root, &self.writing.folder.customizations);
                let attributes: Vec<(String, String)> = root
                    .attributes()
                    .filter(|attribute| !drop.iter().any(|name| name == attribute.name))
                    .map(|attribute| (attribute.name.to_owned(), attribute.value().into_owned()))
                    .collect();
                let before = writer.enter(path);
                let same = open.as_ref().is_some_and(|(_, opened)| *opened == attributes);
                if !same {
                    if let Some((opened, _)) = &open {
                        writer.line(depth);
                        writer.close_tag(opened, opened.root().index());
                    }
                    let first = without.map(|name| (name.to_owned(), current.clone())).into_iter().collect();
                    let tag = RootTag { drop, first, last: Vec::new() };
                    writer.line(depth);
                    writer.open_tag(&document, root.index(), &tag);
                }
                let (nodes, is_moved) = comments_first(&document);
                if is_moved {
                    self.writing.folder.note_writing(Note::CommentMoves { path: path.to_owned() });
                }
                for child in nodes {
                    writer.line(depth + 1);
                    writer.element(&document, child, depth + 1, None, &Edits::default(), &NoFill)?;
                }
                writer.leave(before);
                if !same {
                    open = Some((document, attributes));
                }
            }
            if let Some((opened, _)) = open {
                writer.line(depth);
                writer.close_tag(&opened, opened.root().index());
            }
        }
        Ok(())
    }
}
