//! `order = […]` in `solship.toml`.

use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::slots::{Piece, without_header};
use super::{OrderError, OrderFault};
use crate::model::Place;
use crate::text::LineIndex;

/// The rows of the array; none when there is no `order`.
pub(super) fn rows(file: &Arc<str>, text: &str) -> Result<Vec<(String, Piece)>, OrderError> {
    let place =
        |offset: usize| Place::new(file, LineIndex::new(text.as_bytes()).position(text.as_bytes(), offset));
    let table = DeTable::parse(text).map_err(|error| OrderError {
        place: error.span().map_or_else(|| Place::whole(file), |span| place(span.start)),
        fault: OrderFault::Toml { message: error.message().to_owned() },
    })?;
    let Some(order) = table.get_ref().get("order") else { return Ok(Vec::new()) };
    let not_names = |span: Range<usize>| OrderError { place: place(span.start), fault: OrderFault::NotNames };
    let array = order.get_ref().as_array().ok_or_else(|| not_names(order.span()))?;
    let mut names = Vec::with_capacity(array.len());
    for value in array.iter() {
        let DeValue::String(name) = value.get_ref() else { return Err(not_names(value.span())) };
        if name.trim().is_empty() {
            return Err(not_names(value.span()));
        }
        names.push((name.trim().to_owned(), value.span()));
    }
    let mut rows: Vec<(String, Piece)> = Vec::with_capacity(names.len());
    // What stands on the line of the bracket is about the whole array.
    let open = order.span().start + 1;
    let mut from = tail(text, open).unwrap_or(open..open).end;
    for (name, value) in names {
        let between = &text[from..value.start];
        let mut lead = from + between.find('#').unwrap_or(between.len())..value.start;
        if rows.is_empty() {
            lead = without_header(text, lead);
        }
        let behind = comma(text, value.end).unwrap_or(value.end);
        let tail = tail(text, behind).unwrap_or(behind..behind);
        from = tail.end;
        rows.push((name, Piece { lead, value, tail }));
    }
    Ok(rows)
}

/// Behind the comma that follows, if one follows; blanks and comments may stand before it.
fn comma(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text[at..].trim_start();
        at = text.len() - rest.len();
        if rest.starts_with('#') {
            at += rest.find('\n')?;
        } else {
            return rest.starts_with(',').then_some(at + 1);
        }
    }
}

/// The comment that follows on the same line, with the blanks before it.
fn tail(text: &str, from: usize) -> Option<Range<usize>> {
    // The rest of the line is read only where it is a comment: an array of one line has many rows.
    let rest = &text[from..];
    if !rest.trim_start_matches([' ', '\t']).starts_with('#') {
        return None;
    }
    let line = rest.split('\n').next().unwrap_or_default();
    Some(from..from + line.trim_end().len())
}
