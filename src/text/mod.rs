//! Where something stands in a text, in which encoding it is, and how it gets to a terminal unharmed.
//!
//! What the text means is not known here. Read [`LineIndex`] first.

mod amount;
mod base64;
mod edits;
mod encoding;
mod escape;
mod hex;
mod line_index;
mod moment;
mod shell;
mod words;

pub(crate) use amount::{size, thousands};
pub use base64::from_base64;
pub(crate) use edits::edits;
pub use encoding::{mark_length, wide_encoding};
pub use escape::{acts_on_terminal, escape_terminal};
pub use hex::hex;
pub use line_index::{LineIndex, Position, PositionWalk};
pub use moment::moment;
pub use shell::shell_word;
pub(crate) use words::position_below;
