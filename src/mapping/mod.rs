//! Which files of a packager folder are the solution's, and which are read from another place.
//!
//! Map files as `SolutionPackager /map` reads them, and the names that are never packed and never deleted. What the
//! files hold, and the commands, are not known here. Read [`Map`] first, then [`Ours`].

mod bounds;
mod directive;
mod error;
mod ignore_file;
mod map_file;
mod ours;
mod path;
mod pattern;
mod search;
#[cfg(test)]
mod testing;
mod variables;

pub use bounds::Bounds;
pub use error::{MapError, MapFault};
pub use ignore_file::{IGNORE_FILE, OursError, line_taking_back};
pub use map_file::{Covered, Covering, Located, Map, Variables};
pub use ours::{Ours, Reason, is_reserved};
