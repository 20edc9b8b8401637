//! What two sides of an item have alike, byte for byte: it is looked for first, counted where it differs in what means nothing,
//! and left out of the trees.
//!
//! Of exports with thousands of dependencies most are so, and to build trees of them takes longer than all else. Nothing is
//! found here that the trees would not find. Read [`Shared`] first.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasher, Hasher};

use super::align::longest_rising;
use super::item::{File, Item, Parsed};
use super::tree::{HASHER, Noise};
use super::{unordered, unreadable};
use crate::xml::{Document, Element, NodeKind};

/// Nothing is left out of a tree.
pub(super) const NOTHING_SHARED: &Seen<'static> =
    &Seen { same: BTreeSet::new(), plain: BTreeSet::new(), files: BTreeMap::new() };

/// Elements inside of each other above a list that is looked at.
const MOST_LEVELS: usize = 4;

/// What both sides have alike.
pub(super) struct Shared<'i> {
    /// What is left out of the trees of the first side, and of the second.
    pub(super) sides: [Seen<'i>; 2],
    /// What differs in it and means nothing.
    pub(super) noise: BTreeMap<Noise, usize>,
}

/// What is left out of the trees of one side.
#[derive(Debug, Default)]
pub(super) struct Seen<'i> {
    /// Files that are the same on both sides.
    same: BTreeSet<&'i str>,
    /// Files that one of the sides cannot read: they are compared as texts.
    plain: BTreeSet<&'i str>,
    files: BTreeMap<&'i str, Opened<'i>>,
}

/// A file of which rows are left out.
#[derive(Debug)]
pub(super) struct Opened<'i> {
    document: Parsed<'i>,
    /// Rising numbers of elements.
    rows: Vec<u32>,
}

impl Seen<'_> {
    /// Whether the other side has the same file.
    pub(super) fn is_same(&self, name: &str) -> bool {
        self.same.contains(name)
    }

    /// Whether the file is compared as a text.
    pub(super) fn is_plain(&self, name: &str) -> bool {
        self.plain.contains(name)
    }

    /// The file, where it was opened.
    pub(super) fn file(&self, name: &str) -> Option<&Opened<'_>> {
        self.files.get(name)
    }
}

impl Opened<'_> {
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// Whether the other side has the row alike.
    pub(super) fn is_shared(&self, row: Element<'_>) -> bool {
        self.rows.binary_search(&row.index()).is_ok()
    }
}

impl<'i> Shared<'i> {
    /// Looks at all files that both sides have.
    pub(super) fn of(left: &'i Item, right: &'i Item) -> Self {
        let mut shared = Self { sides: [Seen::default(), Seen::default()], noise: BTreeMap::new() };
        for (name, one) in &left.files {
            let Some(other) = right.files.get(name) else { continue };
            if one.bytes() == other.bytes() {
                for side in &mut shared.sides {
                    side.same.insert(name);
                }
                continue;
            }
            if [one, other].iter().any(|file| unreadable::fault(&file.path, file.bytes()).is_some()) {
                for side in &mut shared.sides {
                    side.plain.insert(name);
                }
                continue;
            }
            let (left, right) = rayon::join(|| one.document(), || other.document());
            if let (Some(left), Some(right)) = (left, right) {
                let rows = shared.lists(one, &left, &right);
                for (side, (document, rows)) in
                    shared.sides.iter_mut().zip([left, right].into_iter().zip(rows))
                {
                    side.files.insert(name, Opened { document, rows });
                }
            }
        }
        shared
    }

    /// Rows that are alike in the lists without an order that stand at the same place in both documents, each list the only
    /// one of its name where it stands.
    fn lists(&mut self, file: &File, left: &Document, right: &Document) -> [Vec<u32>; 2] {
        let mut found = [Vec::new(), Vec::new()];
        let mut pending = vec![(left.root(), right.root(), Vec::new())];
        while let Some((one, other, mut path)) = pending.pop() {
            if one.name() != other.name() || path.len() >= MOST_LEVELS {
                continue;
            }
            path.push(one.name());
            if let Some(noise) = unordered::list(&path) {
                self.rows(file, one, other, noise, &mut found);
                continue;
            }
            let (ones, others) = (single_children(one), single_children(other));
            let both = ones.iter().filter_map(|(name, one)| Some(((*one)?, (*others.get(name)?)?)));
            pending.extend(both.map(|(one, other)| (one, other, path.clone())));
        }
        found.iter_mut().for_each(|rows| rows.sort_unstable());
        found
    }

    /// Rows of two lists that are alike but for attributes that mean nothing; the order of the lists means nothing.
    fn rows(
        &mut self,
        file: &File,
        left: Element<'_>,
        right: Element<'_>,
        order: Noise,
        found: &mut [Vec<u32>; 2],
    ) {
        let Some(name) = left.children().next().map(|row| row.name()) else { return };
        let read = |list| {
            let rows =
                Element::children(&list).filter(|row| row.name() == name && !file.leaves_out(list, *row));
            rows.map(Row::read).collect::<Vec<Row<'_>>>()
        };
        let (ones, others) = rayon::join(|| read(left), || read(right));
        let mut alike: HashMap<u64, VecDeque<usize>> = HashMap::with_capacity(others.len());
        for (at, row) in others.iter().enumerate() {
            alike.entry(row.sum).or_default().push_back(at);
        }
        let mut places = Vec::with_capacity(ones.len());
        for one in &ones {
            let Some(at) = alike.get_mut(&one.sum).and_then(VecDeque::pop_front) else { continue };
            let other = &others[at];
            for ((noise, value), (_, other)) in one.noise.iter().zip(&other.noise) {
                if value != other {
                    *self.noise.entry(*noise).or_default() += 1;
                }
            }
            found[0].push(one.index);
            found[1].push(other.index);
            places.push(at);
        }
        let moved = places.len() - longest_rising(&places).len();
        if moved > 0 {
            *self.noise.entry(order).or_default() += moved;
        }
    }
}

/// Elements directly inside by name; none for a name that several have.
fn single_children(element: Element<'_>) -> BTreeMap<&str, Option<Element<'_>>> {
    let mut found = BTreeMap::new();
    for child in element.children() {
        found.entry(child.name()).and_modify(|known| *known = None).or_insert(Some(child));
    }
    found
}

/// A row of a list.
struct Row<'d> {
    index: u32,
    /// Of its names, values and texts as they are written, but for blanks between elements and for values that mean nothing.
    sum: u64,
    /// Those values.
    noise: Vec<(Noise, &'d str)>,
}

impl<'d> Row<'d> {
    fn read(row: Element<'d>) -> Self {
        let mut noise = Vec::new();
        let mut hasher = HASHER.build_hasher();
        let mut add = |kind: u8, bytes: &[u8]| {
            // With its length, so that nothing can be moved from one part to the next.
            hasher.write_u64(u64::from(kind) << 56 | bytes.len() as u64);
            hasher.write(bytes);
        };
        let mut pending = vec![Some(row)];
        while let Some(next) = pending.pop() {
            let Some(element) = next else {
                add(1, b"");
                continue;
            };
            let bytes = element.document().bytes();
            let mut from = element.offset();
            for (attribute, kind) in unordered::noise_attributes(element) {
                add(2, &bytes[from..attribute.value_offset]);
                from = attribute.value_offset + attribute.raw_value.len();
                noise.push((kind, attribute.raw_value));
            }
            add(3, &bytes[from..element.inner_range().start]);
            pending.push(None);
            let before = pending.len();
            let has_children = element.children().next().is_some();
            for part in element.nodes() {
                let text = &bytes[part.range];
                match (part.kind, part.element) {
                    (_, Some(child)) => pending.push(Some(child)),
                    (NodeKind::Text, _) if has_children && text.trim_ascii().is_empty() => {}
                    // Where it stands among the elements is told by the number of those before it.
                    _ => {
                        add(4, &(pending.len() as u32).to_le_bytes());
                        add(5, text);
                    }
                }
            }
            pending[before..].reverse();
        }
        Self { index: row.index(), sum: hasher.finish(), noise }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diff::columns::Known;
    use crate::diff::compare::{Found, compare};
    use crate::diff::item::{Content, MANIFEST, Telling};
    use crate::diff::side::solution_key;
    use crate::xml::Limits;

    /// A manifest with rows of dependencies, each of a number, its running number, a version and a way of writing it.
    fn item(rows: &[(u8, u8, u8, u8)]) -> Item {
        let row = |(number, key, version, form): &(u8, u8, u8, u8)| {
            let name = match form {
                0 => format!("id=\"{{0C0FFEE0-0000-4000-8000-0000000000{number:02X}}}\""),
                1 => format!("displayName=\"Pay\" id=\"0c0ffee0-0000-4000-8000-0000000000{number:02x}\""),
                _ => format!("id=\"{{0c0ffee0-0000-4000-8000-0000000000{number:02x}}}\" displayName=\"Pay\""),
            };
            let blank = if *form == 3 { "\r\n  " } else { "" };
            format!(
                "<MissingDependency>{blank}<Required key=\"{key}\" type=\"1\" schemaName=\"fab_{number}\" solution=\"FabBase \
                 ({version}.0)\" /><Dependent key=\"{key}\" type=\"29\" {name} /></MissingDependency>"
            )
        };
        let rows: String = rows.iter().map(row).collect();
        let text = format!(
            "<ImportExportXml><SolutionManifest><UniqueName>FabFlows</UniqueName><MissingDependencies>{rows}\
             </MissingDependencies></SolutionManifest></ImportExportXml>"
        );
        let document = Document::parse(text.into_bytes(), &Limits::default()).unwrap();
        let file =
            File { path: MANIFEST.to_owned(), content: Content::Document(document.into()), refused: None };
        Item { files: BTreeMap::from([(MANIFEST.to_owned(), file)]), rows: Vec::new() }
    }

    /// What is found with and without looking for what is alike, and how many rows were left out.
    fn both_ways(left: &Item, right: &Item) -> (Found, Found, usize) {
        let (key, known) = (solution_key(), Known::default());
        let telling = Telling { known: &known, budget: 0 };
        let tree = |item: &Item, seen: &Seen<'_>| item.tree(&key, &telling, seen);
        let slow = compare(&tree(left, NOTHING_SHARED), &tree(right, NOTHING_SHARED));
        let shared = Shared::of(left, right);
        let left_out = shared.sides[0].file(MANIFEST).map_or(0, |file| file.rows.len());
        let mut fast = compare(&tree(left, &shared.sides[0]), &tree(right, &shared.sides[1]));
        for (noise, count) in shared.noise {
            *fast.noise.entry(noise).or_default() += count;
        }
        (slow, fast, left_out)
    }

    fn told(found: &Found) -> Vec<String> {
        let mut told: Vec<String> = found
            .changes
            .iter()
            .map(|change| format!("{} {:?}", change.path.words(), change.changed))
            .collect();
        told.sort();
        told
    }

    #[test]
    fn rows_in_another_order_with_other_numbers_are_left_out_and_counted() {
        let left: Vec<_> = (0..50).map(|number| (number, number, 1, 0)).collect();
        let right: Vec<_> = (0..50).map(|number| (49 - number, number, 1, 0)).collect();
        let (slow, fast, left_out) = both_ways(&item(&left), &item(&right));
        assert!(fast.changes.is_empty());
        assert_eq!((&slow.noise, left_out), (&fast.noise, 50));
        assert_eq!(fast.noise[&Noise("order of dependencies")], 49);
    }

    #[test]
    fn one_row_for_another_is_no_change_of_it() {
        let rows = |last: u8| -> Vec<_> { (0..9).chain([last]).map(|number| (number, 1, 1, 0)).collect() };
        let (slow, fast, left_out) = both_ways(&item(&rows(20)), &item(&rows(21)));
        assert_eq!((told(&slow), left_out), (told(&fast), 9));
        assert_eq!(fast.changes.len(), 2);
    }

    proptest! {
        #[test]
        fn the_same_is_found_as_without(
            left in prop::collection::vec((0..12_u8, 0..3_u8, 1..3_u8, 0..4_u8), 0..12),
            right in prop::collection::vec((0..12_u8, 0..3_u8, 1..3_u8, 0..4_u8), 0..12),
        ) {
            let (slow, fast, _) = both_ways(&item(&left), &item(&right));
            prop_assert_eq!(told(&slow), told(&fast));
        }
    }
}
