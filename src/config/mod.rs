//! `solship.toml`: what a repository says of its release once and for all. Finding and opening the file is not done here.
//!
//! Read [`Config`] first; `table.rs` reads values with their places.

mod error;
mod levels;
mod split;
mod table;

use std::sync::Arc;

pub use error::{ConfigError, ConfigFault};
pub use levels::{Exception, Level, LevelSetting, Silenced, apply_levels};
pub use split::SplitRule;

use crate::model::{Place, Provided};
use table::Reader;

/// The name of the file.
pub const FILE_NAME: &str = "solship.toml";

/// What a `solship.toml` says.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the user calls the file.
    pub file: Arc<str>,
    /// `solutions`: patterns of paths, relative to the folder of the file.
    pub solutions: Vec<(String, Place)>,
    /// Whether there is an `order`; [`crate::order`] reads it.
    pub has_order: bool,
    /// `provided`: what every target has.
    pub provided: Vec<Provided>,
    /// `[[signs-in]]`
    pub signs_in: Vec<SignsIn>,
    /// `[[before]]`
    pub before: Vec<Before>,
    /// `[levels]`
    pub levels: Vec<LevelSetting>,
    /// `[[exceptions]]`
    pub exceptions: Vec<Exception>,
    /// `[[split]]`
    pub split: Vec<SplitRule>,
    /// Keys that mean nothing here.
    pub unknown: Vec<UnknownKey>,
}

/// Which credential is signed in with: `[[signs-in]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignsIn {
    /// What signs in.
    pub signer: Signer,
    /// Display name or GUID of the credential.
    pub credential: String,
    /// Where it is stated.
    pub place: Place,
}

/// What signs in with a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// The connection behind a connection reference, by logical name.
    ConnectionReference(String),
    /// The actions of a desktop flow, by display name or GUID.
    DesktopFlow(String),
}

/// That one solution comes before another: `[[before]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Unique name of the solution that comes first.
    pub first: String,
    /// Unique name of the one that comes after it.
    pub then: String,
    /// Why.
    pub because: Option<String>,
    /// Where it is stated.
    pub place: Place,
}

/// A key that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// As written.
    pub key: String,
    /// The known key that is nearest to it.
    pub nearest: Option<&'static str>,
    /// Where.
    pub place: Place,
}

impl Config {
    /// Reads a `solship.toml`.
    pub fn read(file: &str, bytes: Vec<u8>) -> Result<Self, ConfigError> {
        let mut unknown = Vec::new();
        let file: Arc<str> = file.into();
        let text = String::from_utf8(bytes)
            .map_err(|_| ConfigError { place: Place::whole(&file), fault: ConfigFault::NotUtf8 })?;
        let reader = Reader::new(&file, &text);
        let document = reader.parse(&text)?;
        let top = reader.table(
            (document.get_ref(), document.span()),
            &["solutions", "order", "provided", "signs-in", "before", "levels", "exceptions", "split"],
            &mut unknown,
        );
        let solutions = top.strings("solutions")?;
        for (pattern, place) in &solutions {
            if is_outside(pattern) {
                let fault = ConfigFault::Outside { written: pattern.clone() };
                return Err(ConfigError { place: place.clone(), fault });
            }
        }
        let mut provided = Vec::new();
        for (text, place) in top.strings("provided")? {
            let solution =
                text.parse().map_err(|error| ConfigError { place, fault: ConfigFault::Provided(error) })?;
            provided.push(solution);
        }
        let mut signs_in = Vec::new();
        for table in top.tables("signs-in")? {
            let row =
                reader.table(table, &["connection-reference", "desktop-flow", "credential"], &mut unknown);
            let reference = row.string("connection-reference")?;
            let flow = row.string("desktop-flow")?;
            let signer = match (reference, flow) {
                (Some(name), None) => Signer::ConnectionReference(name),
                (None, Some(name)) => Signer::DesktopFlow(name),
                _ => return Err(row.fault(ConfigFault::OneSigner)),
            };
            let credential = row.required("credential")?;
            signs_in.push(SignsIn { signer, credential, place: row.place() });
        }
        let mut before = Vec::new();
        for table in top.tables("before")? {
            let row = reader.table(table, &["first", "then", "because"], &mut unknown);
            before.push(Before {
                first: row.required("first")?,
                then: row.required("then")?,
                because: row.string("because")?,
                place: row.place(),
            });
        }
        let levels = levels::levels(&top)?;
        let exceptions = levels::exceptions(&reader, &top, &mut unknown)?;
        let split = split::rules(&reader, &top, &mut unknown)?;
        let has_order = top.has("order");
        unknown.sort_by(|one, other| one.place.cmp(&other.place));
        Ok(Self {
            file,
            solutions,
            has_order,
            provided,
            signs_in,
            before,
            levels,
            exceptions,
            split,
            unknown,
        })
    }
}

/// Whether a pattern leads out of the folder of the file.
fn is_outside(pattern: &str) -> bool {
    let is_drive = pattern.as_bytes().get(1) == Some(&b':');
    pattern.starts_with(['/', '\\']) || is_drive || pattern.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests;
