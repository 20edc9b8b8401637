//! `add`, `set`, `rename` and `remove` with the binary, on folders and archives: what is written, what is left as it was, and
//! what is refused.

#[path = "../support/mod.rs"]
mod support;

mod at_once;
mod connection_reference;
mod corpus_form;
mod credential;
mod flow;
mod mentions;
mod new_solution;
mod rename;
mod secret;
mod variable;
mod version;

use support::place::{Place, fixture, zip_of};

/// A folder `src` in the packager's layout, and the archive `Fab.zip` it came from.
fn unpacked(name: &str) -> Place {
    let place = Place::new();
    zip_of(&fixture(name), &place.path.join("Fab.zip"));
    place.must(&["unpack", "Fab.zip", "src"]);
    place
}

/// Runs an edit on the folder and on an archive of it: the archive must be what packing the edited folder gives.
fn edit_both(place: &Place, arguments: &[&str]) -> String {
    place.must(&["pack", "src", "edited.zip"]);
    let with = |solution: &'static str| [arguments, &["--solution", solution]].concat();
    let stdout = place.must(&with("src"));
    place.must(&with("edited.zip"));
    place.must(&["pack", "src", "packed.zip"]);
    let bytes = |name: &str| fs_err::read(place.path.join(name)).expect("a file");
    assert!(bytes("edited.zip") == bytes("packed.zip"), "{arguments:?}: not what packing gives");
    stdout
}

/// What `add` and then `remove` leave of the folder is what was there before.
fn back_again(place: &Place, add: &[&str], remove: &[&str]) {
    let before = support::place::tree(&place.path.join("src"));
    place.must(&[add, &["--solution", "src"]].concat());
    let after = support::place::tree(&place.path.join("src"));
    assert!(before != after, "{add:?} did nothing");
    place.must(&[remove, &["--solution", "src"]].concat());
    let changes = support::place::changes(&before, &support::place::tree(&place.path.join("src")));
    assert_eq!(changes, Vec::<String>::new(), "{remove:?}");
}
