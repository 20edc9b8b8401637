//! Plans customizations.xml: which pieces go into which section.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};

use super::super::archive::child_indices;
use super::super::canonical::{Edit, Edits, XSI_NAMESPACE, is_verbatim};
use super::super::namespaces::XSI;
use super::super::note::Note;
use super::super::rules::{CUSTOMIZATIONS, RULES, Rule, SECTION_ORDER, Shape};
use super::assembly::{Assembly, Filling};
use super::folder::{Chosen, Folder, Indexed};
use super::{LayoutError, PackOptions};
use crate::xml::{Attribute, Document, Element, NodeKind};

/// The plan of customizations.xml.
pub(super) fn assemble<'a>(
    folder: &'a Folder<'a>,
    chosen: &Chosen,
    options: &PackOptions,
    notes: &mut Vec<Note>,
) -> Result<Assembly<'a>, LayoutError> {
    let mut plan = Plan { edits: Vec::new(), fillings: Vec::new() };
    let root = folder.customizations.root();
    for (number, rule) in RULES.iter().enumerate() {
        let section = root.child(rule.section);
        let filling = match rule.shape {
            Shape::Rows(_) | Shape::Grouped { .. } => {
                let rows = &chosen[number];
                (!rows.is_empty()).then(|| Filling::Rows { rule, rows: rows.clone() })
            }
            Shape::Whole => chosen[number].first().map(|row| Filling::Whole { rule, file: row.file }),
            Shape::Indexed { name, .. } => match folder.indexed.get(&number) {
                Some(indexed) => {
                    for (path, document) in indexed.files.iter().chain(&indexed.index) {
                        check_group(path, document, rule.section)?;
                        refuse_attributes(path, document, root)?;
                        let rows = document.root().index();
                        let mut nodes = outside(document).chain(child_indices(document, rows));
                        if nodes.any(|node| document.element(node).is_none()) {
                            notes.push(Note::CommentMoves { path: path.clone() });
                        }
                    }
                    let order = relations(indexed, name, notes);
                    (!order.is_empty()).then_some(Filling::Indexed { number, order })
                }
                None => None,
            },
        };
        if let (Shape::Whole, Some(section), Some(Filling::Whole { file, .. })) =
            (rule.shape, section, &filling)
            && section.children().next().is_some()
        {
            return Err(held_twice(rule, folder.path(*file)));
        }
        plan.put(rule, section, filling, root);
    }
    refuse_text_around(root, &plan.edits, &folder.customizations_path)?;
    Ok(Assembly {
        folder,
        line_end: options.line_end,
        edits: Edits::new(plan.edits),
        fillings: plan.fillings,
    })
}

/// In an element that is written as it is, what is to be put between its children, or to be changed in them, would be lost.
pub(super) fn refuse_text_around(
    element: Element<'_>,
    edits: &[(u32, Edit)],
    path: &str,
) -> Result<(), LayoutError> {
    // What is put at the end of the element itself, and the two forms of an empty section, lose nothing.
    let changes = |(index, edit): &(u32, Edit)| *index != element.index() && !matches!(edit, Edit::Empty);
    if is_verbatim(element) && edits.iter().any(changes) {
        let element = element.name().to_owned();
        return Err(LayoutError::TextBetweenRows { path: path.to_owned(), element });
    }
    Ok(())
}

pub(super) fn held_twice(rule: &Rule, path: &str) -> LayoutError {
    LayoutError::Collision {
        path: rule.section.to_owned(),
        first: format!("the section in {}", CUSTOMIZATIONS.1),
        second: path.to_owned(),
    }
}

struct Plan<'a> {
    edits: Vec<(u32, Edit)>,
    fillings: Vec<Filling<'a>>,
}

impl<'a> Plan<'a> {
    fn put(
        &mut self,
        rule: &'static Rule,
        section: Option<Element<'_>>,
        filling: Option<Filling<'a>>,
        root: Element<'_>,
    ) {
        match (section, filling) {
            (None, None) => {}
            (Some(section), None) => {
                if rule.short_when_empty && section.children().next().is_none() && !section.has_text() {
                    self.edits.push((section.index(), Edit::Empty));
                }
            }
            (Some(section), Some(filling)) => {
                let edit = match filling {
                    Filling::Whole { .. } => Edit::Replace(self.fillings.len()),
                    _ => Edit::Fill(self.fillings.len()),
                };
                self.edits.push((section.index(), edit));
                self.fillings.push(filling);
            }
            (None, Some(filling)) => {
                let filling = match filling {
                    whole @ Filling::Whole { .. } => whole,
                    rows => Filling::Section { name: rule.section, inside: Box::new(rows) },
                };
                self.insert(rule.section, filling, root);
            }
        }
    }

    /// Puts a section that is not there before the first that comes later in exports.
    fn insert(&mut self, section: &str, filling: Filling<'a>, root: Element<'_>) {
        let rank = |name: &str| SECTION_ORDER.iter().position(|known| *known == name);
        let own = rank(section);
        let later = root.children().find(|child| rank(child.name()) > own);
        if let Some(later) = later {
            self.edits.push((later.index(), Edit::Before(self.fillings.len())));
            self.fillings.push(filling);
            return;
        }
        let at_end = self.edits.iter().find_map(|(index, edit)| match edit {
            Edit::Fill(number) if *index == root.index() => Some(*number),
            _ => None,
        });
        match at_end {
            Some(number) => match &mut self.fillings[number] {
                Filling::Several(several) => several.push(filling),
                other => unreachable!("only several fillings stand at the end of the root: {other:?}"),
            },
            None => {
                self.edits.push((root.index(), Edit::Fill(self.fillings.len())));
                self.fillings.push(Filling::Several(vec![filling]));
            }
        }
    }
}

/// Number of a file of an indexed section, and the index of a node in it.
type Node = (usize, u32);

/// The rows of all files in the order of the list; those that it does not name come last. Comments come along.
fn relations(indexed: &Indexed, name: &str, notes: &mut Vec<Note>) -> Vec<Node> {
    let mut order = Vec::new();
    let mut by_name: HashMap<String, VecDeque<Node>> = HashMap::new();
    let mut all = Vec::new();
    for (file, (_, document)) in indexed.files.iter().enumerate() {
        order.extend(outside(document).map(|node| (file, node)));
        for node in child_indices(document, document.root().index()) {
            let row_name = document.element(node).and_then(|row| row.attribute(name));
            if let Some(row_name) = &row_name {
                by_name.entry(row_name.clone().into_owned()).or_default().push_back((file, node));
            }
            all.push(((file, node), row_name.map(Cow::into_owned)));
        }
    }
    let mut listed = HashSet::new();
    if let Some((_, index)) = &indexed.index {
        let file = indexed.files.len();
        order.extend(outside(index).map(|node| (file, node)));
        for node in child_indices(index, index.root().index()) {
            let Some(row) = index.element(node) else {
                order.push((file, node));
                continue;
            };
            let row_name = row.attribute(name).unwrap_or_default();
            if let Some(found) = by_name.get_mut(row_name.as_ref()).and_then(VecDeque::pop_front) {
                listed.insert(found);
                order.push(found);
            } else if row.has_text() || row.children().next().is_some() {
                // More than a name: somebody wrote the row itself into the list.
                order.push((file, node));
            } else {
                notes.push(Note::MissingRelationship { name: row_name.into_owned() });
            }
        }
    }
    for (node, row_name) in all {
        if listed.insert(node) {
            order.push(node);
            if let Some(name) = row_name.filter(|_| indexed.index.is_some()) {
                notes.push(Note::UnlistedRelationship { name });
            }
        }
    }
    order
}

/// Of the element around the rows only these go into the archive; its declaration of `xsi` is that of every file.
fn refuse_attributes(path: &str, document: &Document, around: Element<'_>) -> Result<(), LayoutError> {
    let root = document.root();
    let is_carried = |attribute: &Attribute<'_>| {
        let value = attribute.value();
        let declares = attribute.name == "xmlns" || attribute.name.starts_with("xmlns:");
        attribute.name == XSI && value == XSI_NAMESPACE
            || declares && around.attribute(attribute.name).is_some_and(|outer| outer == value)
    };
    match root.attributes().find(|attribute| !is_carried(attribute)) {
        None => Ok(()),
        Some(attribute) => Err(LayoutError::AttributeOfRows {
            path: path.to_owned(),
            element: root.name().to_owned(),
            attribute: attribute.name.to_owned(),
        }),
    }
}

/// Comments and instructions outside of the outermost element.
pub(super) fn outside(document: &Document) -> impl Iterator<Item = u32> + '_ {
    let root = document.root().index();
    (0..).zip(document.records()).filter_map(move |(index, record)| {
        let is_outside = record.parent == u32::MAX && record.kind != NodeKind::Declaration;
        (is_outside && index != root).then_some(index)
    })
}

/// A file of rows is a group with rows and nothing between them that would be lost.
pub(super) fn check_group(
    path: &str,
    document: &Document,
    expected: &'static str,
) -> Result<(), LayoutError> {
    let root = document.root();
    if root.name() != expected {
        let found = root.name().to_owned();
        return Err(LayoutError::Root { path: path.to_owned(), expected, found });
    }
    if root.has_text() {
        let element = root.name().to_owned();
        return Err(LayoutError::TextBetweenRows { path: path.to_owned(), element });
    }
    Ok(())
}
