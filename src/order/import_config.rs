//! `ImportConfig.xml`: the order of the `configsolutionfile` elements is the order of the import (`FORMATS.md` §7.1, §7.4).

use std::sync::Arc;

use super::slots::{Piece, without_header};
use super::{OrderError, OrderFault};
use crate::model::Place;
use crate::xml::{Document, Element, Limits, NodeKind};

/// The rows of an `ImportConfig.xml`.
pub(super) fn rows(file: &Arc<str>, text: &str) -> Result<Vec<(String, Piece)>, OrderError> {
    let document =
        Document::parse(text.as_bytes().to_vec(), &Limits::default()).map_err(|error| OrderError {
            place: Place::new(file, error.position()),
            fault: OrderFault::Xml { fault: error.fault().clone() },
        })?;
    let root = document.root();
    if root.name() != "configdatastorage" {
        let fault = OrderFault::NotImportConfig { found: root.name().to_owned() };
        return Err(OrderError { place: Place::new(file, root.position()), fault });
    }
    let mut rows = Vec::new();
    for solutions in root.children().filter(|child| child.name() == "solutions") {
        rows_of(file, text, solutions, &mut rows)?;
    }
    Ok(rows)
}

fn rows_of(
    file: &Arc<str>,
    text: &str,
    solutions: Element<'_>,
    rows: &mut Vec<(String, Piece)>,
) -> Result<(), OrderError> {
    // A comment belongs to the row before it when it stands on its line, else to the row after it.
    let mut lead: Option<usize> = None;
    let mut behind = Some(solutions.inner_range().start);
    let mut first = true;
    for node in solutions.nodes() {
        match (node.kind, node.element) {
            (NodeKind::Comment, _) => {
                let on_line = behind.take().filter(|&end| !text[end..node.range.start].contains('\n'));
                match on_line {
                    Some(_) if first => behind = Some(node.range.end),
                    Some(_) if lead.is_none() => {
                        if let Some((_, piece)) = rows.last_mut() {
                            piece.tail = piece.value.end..node.range.end;
                            behind = Some(node.range.end);
                        }
                    }
                    _ => {
                        lead.get_or_insert(node.range.start);
                    }
                }
            }
            (_, Some(element)) if element.name() == "configsolutionfile" => {
                let name = element.attribute("solutionpackagefilename").unwrap_or_default();
                if name.trim().is_empty() {
                    let place = Place::new(file, element.position());
                    return Err(OrderError { place, fault: OrderFault::NoFileName });
                }
                let value = node.range;
                let mut lead = lead.take().unwrap_or(value.start)..value.start;
                if std::mem::take(&mut first) {
                    lead = without_header(text, lead);
                }
                behind = Some(value.end);
                let tail = value.end..value.end;
                rows.push((name.trim().to_owned(), Piece { lead, value, tail }));
            }
            (_, Some(_)) => (lead, behind) = (None, None),
            _ => {}
        }
    }
    Ok(())
}
