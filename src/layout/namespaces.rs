//! Prefixes: what a file needs that was declared further out, and what a row does not need again.

use memchr::memmem;

use super::canonical::XSI_NAMESPACE;
use crate::xml::{Document, Element};

/// Name of the declaration that every file has.
pub(super) const XSI: &str = "xmlns:xsi";

/// The declarations that the root of a file gets last: those of the elements around it, and that of `xsi`, which is left
/// away only where `always` is not asked for and no attribute uses it.
pub(super) fn inherited(element: Element<'_>, always: bool) -> Vec<(String, String)> {
    let mut declarations: Vec<(String, String)> = Vec::new();
    let mut around = element.parent();
    while let Some(outer) = around {
        for attribute in outer.attributes() {
            let declares = attribute.name == "xmlns" || attribute.name.starts_with("xmlns:");
            if declares
                && attribute.name != XSI
                && !declarations.iter().any(|(name, _)| name == attribute.name)
            {
                declarations.push((attribute.name.to_owned(), attribute.value().into_owned()));
            }
        }
        around = outer.parent();
    }
    if always || uses_xsi(element) {
        declarations.push((XSI.to_owned(), XSI_NAMESPACE.to_owned()));
    }
    declarations
}

/// Whether something in the element, its own declaration apart, has the prefix.
pub(super) fn uses_xsi(element: Element<'_>) -> bool {
    let range = element.range();
    let bytes = &element.document().bytes()[range];
    memmem::find_iter(bytes, b"xsi:").any(|at| !bytes[..at].ends_with(b":"))
}

/// The declarations on the root of a row's file that the row does not need where it is put.
pub(super) fn needless(row: Element<'_>, around: &Document) -> Vec<String> {
    let outer = around.root();
    row.attributes()
        .filter(|attribute| {
            let value = attribute.value();
            let declared = outer.attribute(attribute.name).is_some_and(|outer| outer == value);
            match attribute.name {
                XSI => value == XSI_NAMESPACE && (declared || !uses_xsi(row)),
                "xmlns" => declared,
                name => name.starts_with("xmlns:") && declared,
            }
        })
        .map(|attribute| attribute.name.to_owned())
        .collect()
}
