//! `solship format`: whole commands, and the archives of the corpus.

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod corpus;
