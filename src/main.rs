//! The `solship` command.
fn main() {}
