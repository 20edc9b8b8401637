//! `solship split` and `solship merge`.

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod corpus;
mod laws;
