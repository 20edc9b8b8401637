//! Environments: the store, snapshots, and what is done with them.

#[path = "../support/mod.rs"]
mod support;

mod commands;
#[cfg(unix)]
mod deploy;
#[cfg(unix)]
mod faults;
mod rehearsal;
mod snapshot;
mod store;
