//! Which files of a packager folder are read from another place.
//!
//! Map files as `SolutionPackager /map` reads them. What the
//! files hold, and the commands, are not known here. Read [`Map`] first.

mod bounds;
mod directive;
mod error;
mod map_file;
mod path;
mod pattern;
mod search;
#[cfg(test)]
mod testing;
mod variables;

pub use bounds::Bounds;
pub use error::{MapError, MapFault};
pub use map_file::{Located, Map, Variables};
