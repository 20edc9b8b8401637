//! The prefixes that are declared around the place that is read.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::XmlFault;
use super::characters::{resolve_value, shown};
use super::parse::Faulty;
use super::tag::{QualifiedName, Tag};

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// Number of a namespace name: names can be long, and every use of a prefix would compare them.
type NamespaceId = u32;

/// That of `xml`, which needs no declaration.
const XML_ID: NamespaceId = 0;

#[derive(Debug, Default, Clone)]
pub(super) struct Namespaces<'b> {
    ids: HashMap<Cow<'b, str>, NamespaceId>,
    /// By prefix, the innermost declaration last.
    declared: HashMap<&'b str, Vec<NamespaceId>>,
    /// The prefixes that the open elements declare, each with the depth of its element.
    opened: Vec<(usize, &'b str)>,
}

impl<'b> Namespaces<'b> {
    /// As they are for a piece of the text inside, in which none of the elements that declare them ends.
    pub(super) fn inherited(self) -> Self {
        Self { opened: Vec::new(), ..self }
    }

    /// Whether none but the outermost element declares anything that holds here.
    pub(super) fn is_of_outermost(&self) -> bool {
        self.opened.iter().all(|(depth, _)| *depth == 0)
    }

    /// Whether no element is open that declares something.
    pub(super) fn is_closed(&self) -> bool {
        self.opened.is_empty()
    }

    /// Declares what the tag declares and looks up what it uses. `depth` is that of the element.
    pub(super) fn open(&mut self, text: &'b str, tag: &Tag, depth: usize) -> Result<(), Faulty> {
        for attribute in &tag.attributes {
            let value = &text[attribute.value.clone()];
            match attribute.name.parts(text) {
                Some(("xmlns", prefix)) => {
                    self.declare(prefix, resolve_value(value), depth)
                        .map_err(|fault| (attribute.name.start, fault))?;
                }
                None if attribute.name.text(text) == "xmlns"
                    && [XML_NAMESPACE, XMLNS_NAMESPACE].contains(&&*resolve_value(value)) =>
                {
                    return Err((attribute.name.start, XmlFault::ReservedPrefix {}));
                }
                _ => {}
            }
        }
        self.resolve(text, tag.name)?;
        // One prefixed attribute is usual; the set is for more.
        let mut first = None;
        let mut seen = HashSet::new();
        for attribute in &tag.attributes {
            if let Some(("xmlns", _)) = attribute.name.parts(text) {
                continue;
            }
            let Some(expanded) = self.resolve(text, attribute.name)? else { continue };
            let is_twice = match first {
                None => first.replace(expanded).is_some(),
                Some(first) => first == expanded || !seen.insert(expanded),
            };
            if is_twice {
                return Err(attribute.duplicate(text));
            }
        }
        Ok(())
    }

    fn declare(&mut self, prefix: &'b str, name: Cow<'b, str>, depth: usize) -> Result<(), XmlFault> {
        if prefix == "xmlns" || name == XMLNS_NAMESPACE || (prefix == "xml") != (name == XML_NAMESPACE) {
            return Err(XmlFault::ReservedPrefix {});
        }
        if name.is_empty() {
            return Err(XmlFault::EmptyNamespace { prefix: shown(prefix) });
        }
        let next = self.ids.len() as NamespaceId + XML_ID + 1;
        let id = if prefix == "xml" { XML_ID } else { *self.ids.entry(name).or_insert(next) };
        self.declared.entry(prefix).or_default().push(id);
        self.opened.push((depth, prefix));
        Ok(())
    }

    /// Namespace and local part of a name with a prefix; none without one.
    fn resolve(&self, text: &'b str, name: QualifiedName) -> Result<Option<(NamespaceId, &'b str)>, Faulty> {
        let Some((prefix, local)) = name.parts(text) else { return Ok(None) };
        let id = match prefix {
            "xml" => XML_ID,
            "xmlns" => return Err((name.start, XmlFault::ReservedPrefix {})),
            _ => match self.declared.get(prefix).and_then(|ids| ids.last()) {
                Some(&id) => id,
                None => return Err((name.start, XmlFault::UndeclaredPrefix { prefix: shown(prefix) })),
            },
        };
        Ok(Some((id, local)))
    }

    /// Forgets what the element of that depth declared.
    #[inline]
    pub(super) fn close(&mut self, depth: usize) {
        while let Some(&(opened, prefix)) = self.opened.last() {
            if opened < depth {
                break;
            }
            self.opened.pop();
            if let Some(ids) = self.declared.get_mut(prefix) {
                ids.pop();
            }
        }
    }
}
