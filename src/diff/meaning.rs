//! What tells the rows of a document from each other without order and noise: a key for people, and a checksum of all that a
//! row says. For those who put rows in order or merge them.
//!
//! Read [`Meanings`] first.

use sha2::{Digest, Sha256};

use super::unordered;
use crate::xml::{Document, Element, NodeKind};

/// The longest path of `unordered.toml` has two names; more are not looked at.
const LONGEST_PATH: usize = 4;

/// Checksum of what an element says.
pub(crate) type Meaning = [u8; 16];

/// Whether the order of what stands inside of an element means nothing.
pub(crate) fn is_unordered(element: Element<'_>) -> bool {
    unordered::list(&path_of(element)).is_some()
}

/// Whether the order of the items of a JSON list means nothing; `path` is that of the element around it and of the names inside.
pub(crate) fn is_unordered_path(path: &[&str]) -> bool {
    unordered::list(path).is_some()
}

/// Whether the value of an attribute of an element means nothing.
pub(crate) fn is_noise(element: Element<'_>, attribute: &str) -> bool {
    let mut path = path_of(element);
    let name = format!("@{attribute}");
    path.push(&name);
    unordered::value(&path).is_some()
}

/// Names of the elements around an element and its own, from the outside in; only the innermost of them.
pub(crate) fn path_of(element: Element<'_>) -> Vec<&str> {
    let mut path: Vec<&str> = Vec::new();
    let mut next = Some(element);
    while let Some(element) = next.filter(|_| path.len() < LONGEST_PATH) {
        path.push(element.name());
        next = element.parent();
    }
    path.reverse();
    path
}

/// The meanings of all elements of a document: equal where two elements differ in nothing but line ends, white space between
/// elements, the order of attributes and of lists without an order, and noise.
#[derive(Debug)]
pub(crate) struct Meanings {
    sums: Vec<Meaning>,
}

impl Meanings {
    /// Works them out, from the inside out.
    pub(crate) fn of(document: &Document) -> Self {
        let count = document.records().len();
        let mut sums = vec![Meaning::default(); count];
        // What is inside an element has a higher number.
        for index in (0..u32::try_from(count).unwrap_or(u32::MAX)).rev() {
            if let Some(element) = document.element(index) {
                sums[index as usize] = meaning(document, element, &sums);
            }
        }
        Self { sums }
    }

    /// That of an element of the document.
    pub(crate) fn get(&self, element: Element<'_>) -> Meaning {
        self.sums[element.index() as usize]
    }
}

fn meaning(document: &Document, element: Element<'_>, sums: &[Meaning]) -> Meaning {
    let mut attributes: Vec<(&str, String)> = element
        .attributes()
        .filter(|attribute| !is_noise(element, attribute.name))
        .map(|attribute| (attribute.name, attribute.value().into_owned()))
        .collect();
    attributes.sort_unstable();
    let mut hasher = Sha256::new();
    let mut add = |kind: u8, bytes: &[u8]| {
        // With its length, so that nothing can be moved from one part to the next.
        hasher.update([kind]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    add(0, element.name().as_bytes());
    for (name, value) in &attributes {
        add(1, name.as_bytes());
        add(2, value.as_bytes());
    }
    let has_children = element.children().next().is_some();
    let mut parts: Vec<(u8, Vec<u8>)> = Vec::new();
    for node in element.nodes() {
        let raw = &document.bytes()[node.range];
        match (node.kind, node.element) {
            (_, Some(child)) => parts.push((3, sums[child.index() as usize].to_vec())),
            (NodeKind::Text, _) => {
                let text = std::str::from_utf8(raw).unwrap_or_default();
                // White space with a line break in it is none to the packager either.
                let is_formatting = text.trim().is_empty() && (has_children || text.contains('\n'));
                if !is_formatting {
                    let text = crate::xml::unescaped(&text.replace("\r\n", "\n")).into_owned();
                    parts.push((4, text.into_bytes()));
                }
            }
            (NodeKind::Comment, _) => parts.push((5, raw.to_vec())),
            _ => parts.push((6, raw.to_vec())),
        }
    }
    if is_unordered(element) {
        parts.sort_unstable();
    }
    for (kind, bytes) in &parts {
        add(*kind, bytes);
    }
    let sum = hasher.finalize();
    let mut meaning = Meaning::default();
    meaning.copy_from_slice(&sum[..16]);
    meaning
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn of(text: &str) -> Meaning {
        let document = Document::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        Meanings::of(&document).get(document.root())
    }

    #[test]
    fn order_and_noise_are_no_meaning_and_all_else_is() {
        let rows = |inside: &str| of(&format!("<M><MissingDependencies>{inside}</MissingDependencies></M>"));
        let (one, other) = ("<D><Required key='1' id='a'/></D>", "<D><Required id='b' key='2'/></D>");
        assert_eq!(rows(&format!("{one}{other}")), rows(&format!("{other}\r\n  {one}")));
        assert_eq!(rows("<D><Required key='1' id='a'/></D>"), rows("<D><Required key='7' id='a' /></D>"));
        assert_ne!(rows(one), rows(other));
        assert_ne!(of("<a><b/><c/></a>"), of("<a><c/><b/></a>"));
        assert_ne!(of("<a> </a>"), of("<a></a>"));
        assert_eq!(of("<a>\n </a>"), of("<a></a>"));
        assert_eq!(of("<a>x\r\ny</a>"), of("<a>x\ny</a>"));
    }
}
