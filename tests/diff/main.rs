//! `solship diff`: whole commands on small solutions, laws, and the archives of the corpus.

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod corpus;
mod hidden;
mod laws;
mod own_files;
mod risks;
mod sides;
mod wording;
