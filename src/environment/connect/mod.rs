//! Connections, which no package carries: made, bound to connection references, and signed in with credentials.
//!
//! Read [`create`], [`bind`] and [`sign_in`]: plain functions on a state that change all of what they say, or nothing.

mod binding;
mod connection;
mod error;
mod sign_in;
#[cfg(test)]
mod tests;

pub use binding::{Bound, bind, bound_to, fits, free, reference};
pub use connection::{NewConnection, create, delete, find, lacks, outdated, shown};
pub use error::ConnectError;
pub use sign_in::{NO_PASSWORD, ParameterSet, RUN_OWNER, SignIn, TARGET, sign_in};
