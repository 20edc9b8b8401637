//! Reads Microsoft Power Platform (Dataverse) solutions and says in which order they must be imported, and why.
//!
//! The floors, from the ground up; a module imports only from its own floor or from floors below it:
//!
//! | floor | modules |
//! |---|---|
//! | 0 | [`text`], [`package`], [`xml`], [`json`], [`write`] |
//! | 1 | [`model`], [`layout`], [`mapping`], [`order`], [`config`] |
//! | 2 | [`graph`] |
//! | 3 | [`environment`] |
//! | 4 | [`author`], [`check`], [`deploy`], [`diff`], [`environment_diff`], [`explain`], [`format`](mod@format), [`git`], [`plan`], [`gate`], [`excerpt`], [`inspect`], [`merge_driver`], [`secrets`], [`settings`], [`split`], [`transfer`], [`verify`], [`where_used`] |
//! | 5 | [`report`] |
//! | 6 | `cli` (in the binary) |
//!
//! Read [`model::Solution`] first: everything above works on it.

pub mod author;
pub mod check;
pub mod config;
pub mod deploy;
pub mod diff;
pub mod environment;
pub mod environment_diff;
pub mod excerpt;
pub mod explain;
pub mod format;
pub mod gate;
pub mod git;
pub mod graph;
pub mod inspect;
pub mod json;
pub mod layout;
pub mod mapping;
pub mod merge_driver;
pub mod model;
pub mod order;
pub mod package;
pub mod plan;
pub mod report;
pub mod secrets;
pub mod settings;
pub mod split;
pub mod text;
pub mod transfer;
pub mod verify;
pub mod where_used;
pub mod write;
pub mod xml;
