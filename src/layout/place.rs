//! What a path of the folder is: a row of a rule, one of the files that every solution has, or a copied entry.

use std::sync::LazyLock;

use super::pattern::{Pattern, strip_prefix};
use super::rules::{CONTENT_TYPES, CUSTOMIZATIONS, Files, RULES, Rule, SOLUTION, Shape};

/// What a path of the folder is.
#[derive(Debug, Clone)]
pub(super) enum Place<'p> {
    /// The manifest.
    Manifest,
    /// What holds all sections.
    Customizations,
    /// Made again on pack.
    ContentTypes,
    /// The list of an indexed section.
    Index { rule: usize },
    /// The file of a row, of rows, or of a whole section.
    Row { rule: &'static Rule, number: usize, managed: bool },
    /// A file that is cut out of a row.
    Inner { outer: usize, inner: usize, folder: &'p str, group: &'p str, managed: bool },
    /// Copied; with its path in the archive.
    Entry(String),
}

impl Place<'_> {
    /// Section of customizations.xml, for messages.
    pub(super) fn section(&self) -> &'static str {
        match self {
            Self::Manifest => SOLUTION.0,
            Self::Customizations => CUSTOMIZATIONS.0,
            Self::ContentTypes => CONTENT_TYPES,
            Self::Index { rule } => RULES[*rule].section,
            Self::Row { rule, .. } => rule.section,
            Self::Inner { outer, inner, .. } => RULES[*outer].inner[*inner].section,
            Self::Entry(_) => "another folder of the archive",
        }
    }
}

pub(super) struct Patterns {
    pub(super) own: Pattern,
    pub(super) inner: Vec<Pattern>,
}

/// The patterns of [`RULES`], in their order.
pub(super) static PATTERNS: LazyLock<Vec<Patterns>> = LazyLock::new(|| {
    let patterns = |rule: &Rule| Patterns {
        own: Pattern::new(rule.path),
        inner: rule.inner.iter().map(|inner| Pattern::new(inner.path)).collect(),
    };
    RULES.iter().map(patterns).collect()
});

/// What the path is. Names are compared without case.
pub(super) fn place_of(path: &str) -> Place<'_> {
    if path.eq_ignore_ascii_case(SOLUTION.1) {
        return Place::Manifest;
    }
    if path.eq_ignore_ascii_case(CUSTOMIZATIONS.1) {
        return Place::Customizations;
    }
    let other = strip_prefix(path, "Other/").unwrap_or(path);
    if other.eq_ignore_ascii_case(CONTENT_TYPES) {
        return Place::ContentTypes;
    }
    for (number, (rule, patterns)) in RULES.iter().zip(PATTERNS.iter()).enumerate() {
        if let Shape::Indexed { index, .. } = rule.shape
            && path.eq_ignore_ascii_case(index)
        {
            return Place::Index { rule: number };
        }
        if let Some(found) = patterns.own.find(path) {
            return Place::Row { rule, number, managed: found.managed };
        }
        if let Some(place) = inner_place(path, number, rule, patterns) {
            return place;
        }
        if let Files::Folder(entry_folder) = rule.files
            && let Some((folder, rest)) = path.split_once('/')
            && rule.path.split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(folder))
        {
            return Place::Entry(format!("{entry_folder}{rest}"));
        }
    }
    Place::Entry(path.to_owned())
}

/// Whether each of the two packages of a solution has a file of its own there.
pub(super) fn has_twin(path: &str) -> bool {
    match place_of(path) {
        Place::Row { number, .. } => PATTERNS[number].own.has_twin(),
        Place::Inner { outer, inner, .. } => PATTERNS[outer].inner[inner].has_twin(),
        Place::Manifest
        | Place::Customizations
        | Place::ContentTypes
        | Place::Index { .. }
        | Place::Entry(_) => false,
    }
}

/// Whether the packager itself writes the file at this path of a folder: the manifest, the customizations, and what is cut out
/// of them. All others are copied byte for byte.
pub fn is_written_by_packager(path: &str) -> bool {
    !matches!(place_of(path), Place::ContentTypes | Place::Entry(_))
}

/// Two folders down: the folder of the rows, then that of one row.
fn inner_place<'p>(path: &'p str, number: usize, rule: &Rule, patterns: &Patterns) -> Option<Place<'p>> {
    if patterns.inner.is_empty() && !matches!(rule.files, Files::Prefixed(_)) {
        return None;
    }
    let (top, below) = path.split_once('/')?;
    let own = rule.path.split('/').next()?;
    if !own.eq_ignore_ascii_case(top) {
        return None;
    }
    let (row, rest) = below.split_once('/')?;
    if let Files::Prefixed(entry_folder) = rule.files
        && let Some(name) = strip_prefix(rest, entry_folder)
        && !name.contains('/')
    {
        return Some(Place::Entry(format!("{entry_folder}{name}")));
    }
    patterns.inner.iter().enumerate().find_map(|(inner, pattern)| {
        let found = pattern.find(rest)?;
        let folder = &path[..top.len() + row.len() + 2];
        Some(Place::Inner { outer: number, inner, folder, group: found.first, managed: found.managed })
    })
}
