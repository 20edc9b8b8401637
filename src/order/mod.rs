//! Files that say in which order solutions are imported: reads them, and writes them back with their rows in another order.
//! Which order is right is not known here.
//!
//! Read [`Order`] first. One file a form; `slots.rs` moves the rows.

mod error;
mod import_config;
mod list;
mod slots;
mod toml;

use std::sync::Arc;

pub use error::{OrderError, OrderFault};
use slots::Piece;

use crate::model::{Place, masked_text};
use crate::text::{LineIndex, mark_length, wide_encoding};

/// So many characters of a row are shown.
const EXCERPT: usize = 100;

/// The form of a file with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// `ImportConfig.xml` of a Package Deployer package (`FORMATS.md` §7.4).
    ImportConfig,
    /// One unique name or file a line; `#` starts a comment.
    List,
    /// `order = […]` in `solship.toml`.
    Toml,
}

/// An import order as a file states it.
#[derive(Debug, Clone)]
pub struct Order {
    /// What the user called the file.
    pub file: Arc<str>,
    /// Its form.
    pub kind: OrderKind,
    /// What it lists, from the first to the last.
    pub rows: Vec<Row>,
    text: String,
    pieces: Vec<Piece>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The unique name or file, as written.
    pub name: String,
    /// Where.
    pub place: Place,
    /// What stands there, cut.
    pub excerpt: String,
}

/// The last part of a path, of either system.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

impl Row {
    /// Whether the row names a file, not a unique name.
    pub fn is_file(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        name.ends_with(".zip") || name.contains(['/', '\\'])
    }

    /// The last part of the name of the file.
    pub fn file_name(&self) -> &str {
        file_name(&self.name)
    }
}

impl Order {
    /// Reads an order. A name that ends with `.toml` is TOML; else a text that starts with `<` is an `ImportConfig.xml`.
    pub fn read(file: &str, bytes: Vec<u8>) -> Result<Self, OrderError> {
        let file: Arc<str> = file.into();
        let fault = |fault| OrderError { place: Place::whole(&file), fault };
        if let Some(found) = wide_encoding(&bytes) {
            return Err(fault(OrderFault::Encoding { found }));
        }
        let text = String::from_utf8(bytes).map_err(|_| fault(OrderFault::NotUtf8))?;
        let start = text[mark_length(text.as_bytes())..].trim_start();
        let (kind, found) = if file.to_ascii_lowercase().ends_with(".toml") {
            (OrderKind::Toml, toml::rows(&file, &text)?)
        } else if start.starts_with('<') {
            (OrderKind::ImportConfig, import_config::rows(&file, &text)?)
        } else {
            (OrderKind::List, list::rows(&text))
        };
        if found.is_empty() {
            return Err(fault(OrderFault::Empty));
        }
        let lines = LineIndex::new(text.as_bytes());
        let (rows, pieces) = found
            .into_iter()
            .map(|(name, piece)| {
                let place = Place::new(&file, lines.position(text.as_bytes(), piece.value.start));
                (Row { name, place, excerpt: excerpt(&text, piece.value.start) }, piece)
            })
            .unzip();
        Ok(Self { file, kind, rows, text, pieces })
    }

    /// The file with its rows in another order: `order[i]` is the row that comes to stand at `i`. Comments travel with
    /// their row; everything else keeps its place.
    pub fn rearranged(&self, order: &[usize]) -> String {
        slots::rearranged(&self.text, &self.pieces, order)
    }
}

/// The line around an offset without its indentation, cut, secrets masked.
fn excerpt(text: &str, at: usize) -> String {
    // A file of one line can be megabytes and hold every row: no more of it is read than may be shown.
    let mut window = at.saturating_sub(4 * EXCERPT).max(mark_length(text.as_bytes()).min(at));
    while !text.is_char_boundary(window) {
        window += 1;
    }
    let start = text[window..at].rfind('\n').map_or(window, |line_end| window + line_end + 1);
    let line = line_from(text, start);
    // Of a long line what stands at the place is shown.
    let line = if line.chars().count() > EXCERPT { line_from(text, at) } else { line };
    let shown = masked_text(line.trim());
    match shown.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

/// The rest of a line, of a long one some times what is shown: a secret is masked before the line is cut.
fn line_from(text: &str, from: usize) -> &str {
    let rest = &text[from..];
    let end = rest.char_indices().take(8 * EXCERPT).find(|&(_, character)| character == '\n');
    let end = end.or_else(|| rest.char_indices().nth(8 * EXCERPT)).map_or(rest.len(), |(end, _)| end);
    &rest[..end]
}

#[cfg(test)]
mod tests;
