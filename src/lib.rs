//! Reads Microsoft Power Platform (Dataverse) solutions: what they hold, what they need, in which order they must be imported and
//! why, what is wrong with them, and what changed between two of them. Everything works on files, offline.
//!
//! # From a file to an answer
//!
//! 1. Open a zip or an unzipped folder with [`package::Package::open`], a folder in the packager's layout with [`layout::open_folder`].
//! 2. Read it with [`model::Solution::read`]. A [`model::Solution`] is plain data: manifest, components, what is wrong with them.
//! 3. Hand the solutions to one function: [`plan::plan`] (order), [`check::one`] and [`check::all`] (findings), [`diff::packages`]
//!    (changes), [`secrets::secrets`] (vaults), [`deploy::prepare`] (rehearsal), [`graph::references`] (what refers to what).
//! 4. Use the result: plain data that serialises with `serde`, or a text by [`report`].
//!
//! Nothing here prints, asks for the time, or reads the system's environment; what is written goes through [`write`](mod@write). Values
//! of variables and texts that look secret are masked as soon as they are read. Every error says in which file and where.
//!
//! Open a solution and list its credentials:
//!
//! ```
//! use solship::model::{Details, Solution};
//! use solship::package::{OpenOptions, Package};
//!
//! let package = Package::open("fixtures/release/FabRobotAccess".into(), &OpenOptions::default())?;
//! let solution = Solution::read(&package)?;
//! assert_eq!(solution.manifest.version.to_string(), "1.2.0.0");
//!
//! for component in &solution.components {
//!     let Details::Credential(credential) = &component.details else { continue };
//!     assert_eq!(component.described(), "credential \"Robot 7\"");
//!     let password = credential.variable("password").expect("a credential with a password");
//!     assert_eq!(&*password.key, "fab_Robot7Password");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Plan a set. The order in which the solutions are given does not matter:
//!
//! ```
//! use solship::model::Solution;
//! use solship::package::{OpenOptions, Package, find};
//! use solship::plan::{Options, plan};
//!
//! let mut solutions = Vec::new();
//! for path in find("fixtures/release".into(), false)?.packages {
//!     solutions.push(Solution::read(&Package::open(&path, &OpenOptions::default())?)?);
//! }
//! let plan = plan(&solutions, &Options::default());
//! let order: Vec<&str> = plan.steps.iter().map(|step| &*step.solution.unique_name).collect();
//! assert_eq!(order, ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"]);
//!
//! // Every "before" has its reasons, with the file and line that show it.
//! let why = &plan.steps[2].after[0];
//! assert_eq!(why.solution, "FabShared");
//! assert!(why.reasons[0].place.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Say what differs between two packages, by meaning:
//!
//! ```
//! use solship::diff::{Options, packages};
//! use solship::package::{OpenOptions, Package};
//!
//! let before = Package::open("fixtures/cycle/FabBilling".into(), &OpenOptions::default())?;
//! let after = Package::open("fixtures/cycle/FabArchive".into(), &OpenOptions::default())?;
//!
//! assert!(packages(&before, &before, &Options::default())?.is_empty());
//! for component in packages(&before, &after, &Options::default())?.components {
//!     println!("{:?} {}", component.state, component.title);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `examples/rehearse.rs` goes on from here: it checks a set, and rehearses its deployment in an environment that is only in memory.
//!
//! # What is where
//!
//! The floors, from the ground up; a module imports only from its own floor or from floors below it:
//!
//! | floor | modules |
//! |---|---|
//! | 0 | [`text`], [`package`], [`xml`], [`json`], [`write`](mod@write) |
//! | 1 | [`model`], [`layout`], [`mapping`], [`order`], [`config`] |
//! | 2 | [`graph`] |
//! | 3 | [`environment`] |
//! | 4 | [`author`], [`check`], [`deploy`], [`diff`], [`environment_diff`], [`explain`], [`format`](mod@format), [`git`], [`plan`], [`gate`], [`excerpt`], [`inspect`], [`merge_driver`], [`secrets`], [`settings`], [`split`], [`transfer`], [`verify`], [`where_used`] |
//! | 5 | [`report`] |
//! | 6 | `cli` (in the binary) |
//!
//! Read [`model::Solution`] first: everything above works on it. What reads zips, XML and SQLite is not part of any signature, so that
//! another version of it changes nothing for you.

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
