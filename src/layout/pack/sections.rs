//! Plans customizations.xml: which pieces go into which section.

use std::collections::HashMap;

use super::super::canonical::{Edit, Edits};
use super::super::note::Note;
use super::super::rules::{CUSTOMIZATIONS, RULES, Rule, SECTION_ORDER, Shape};
use super::assembly::{Assembly, Filling};
use super::folder::{Chosen, Folder, Indexed};
use super::{LayoutError, PackOptions};
use crate::xml::Element;

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
            Shape::Indexed { name, .. } => folder.indexed.get(&number).and_then(|indexed| {
                let order = relations(indexed, name, notes);
                (!order.is_empty()).then_some(Filling::Indexed { number, order })
            }),
        };
        if let (Shape::Whole, Some(section), Some(Filling::Whole { file, .. })) =
            (rule.shape, section, &filling)
            && section.children().next().is_some()
        {
            return Err(held_twice(rule, folder.path(*file)));
        }
        plan.put(rule, section, filling, root);
    }
    Ok(Assembly {
        folder,
        line_end: options.line_end,
        edits: Edits::new(plan.edits),
        fillings: plan.fillings,
    })
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

/// The rows of all files in the order of the list; those that it does not name come last.
fn relations(indexed: &Indexed, name: &str, notes: &mut Vec<Note>) -> Vec<(usize, u32)> {
    let mut by_name: HashMap<String, Vec<(usize, u32)>> = HashMap::new();
    let mut all = Vec::new();
    for (file, (_, document)) in indexed.files.iter().enumerate() {
        for row in super::super::archive::child_indices(document, document.root().index()) {
            let row_name = document.element(row).and_then(|row| row.attribute(name));
            if let Some(row_name) = &row_name {
                by_name.entry(row_name.clone().into_owned()).or_default().push((file, row));
            }
            all.push((file, row, row_name.map(std::borrow::Cow::into_owned)));
        }
    }
    by_name.values_mut().for_each(|rows| rows.reverse());
    let mut order = Vec::with_capacity(all.len());
    let mut listed = std::collections::HashSet::new();
    if let Some(index) = &indexed.index {
        for row in index.root().children() {
            let row_name = row.attribute(name).unwrap_or_default();
            match by_name.get_mut(row_name.as_ref()).and_then(Vec::pop) {
                Some(found) => {
                    listed.insert(found);
                    order.push(found);
                }
                None => notes.push(Note::MissingRelationship { name: row_name.into_owned() }),
            }
        }
    }
    for (file, row, row_name) in all {
        if listed.insert((file, row)) {
            order.push((file, row));
            if let Some(name) = row_name.filter(|_| indexed.index.is_some()) {
                notes.push(Note::UnlistedRelationship { name });
            }
        }
    }
    order
}
