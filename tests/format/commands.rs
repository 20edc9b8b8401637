//! Whole commands.

use crate::support::place::{Place, changes, fixture, zip_of};

/// A place with the folder `src` of a solution whose needs are not in order.
fn place() -> Place {
    let place = Place::new();
    zip_of(&fixture("FabRobots"), &place.path.join("FabRobots.zip"));
    place.must(&["unpack", "FabRobots.zip", "src"]);
    place
}

#[test]
fn a_folder_is_formatted_once() {
    let place = place();
    let before = place.tree();
    let (code, listed, _) = place.run(&["format", "src", "--check"]);
    assert_eq!(code, Some(1), "{listed}");
    assert!(listed.contains("~   Other/Solution.xml") && listed.contains("Nothing was written."), "{listed}");
    place.must(&["format", "src", "--dry-run"]);
    assert_eq!(changes(&before, &place.tree()), Vec::<String>::new());

    let text = place.must(&["format", "src"]);
    assert!(text.ends_with("as they should be\n"), "{text}");
    let after = place.tree();
    let changed = changes(&before, &after);
    assert!(changed.iter().all(|path| path.ends_with(".xml") && path.starts_with("src/")), "{changed:?}");
    assert!(changed.contains(&"src/Other/Solution.xml".to_owned()), "{changed:?}");
    let text = place.must(&["format", "src", "--check"]);
    assert!(text.starts_with("src: nothing to format"), "{text}");
    assert_eq!(changes(&after, &place.tree()), Vec::<String>::new());
    // What it says is the same.
    place.must(&["pack", "src", "Packed.zip"]);
    place.must(&["diff", "FabRobots.zip", "Packed.zip"]);
}

#[test]
fn line_ends_are_of_one_kind() {
    let place = place();
    place.must(&["format", "src"]);
    let file = place.path.join("src/Other/Solution.xml");
    let crlf = fs_err::read_to_string(&file).unwrap();
    assert!(crlf.contains("\r\n"));
    fs_err::write(&file, crlf.replacen("\r\n", "\n", 2)).unwrap();
    place.must(&["format", "src"]);
    assert_eq!(fs_err::read_to_string(&file).unwrap(), crlf);
    place.must(&["format", "src", "--eol", "lf"]);
    let lf = fs_err::read_to_string(&file).unwrap();
    assert_eq!(lf, crlf.replace("\r\n", "\n"));
    place.must(&["format", "src"]);
    assert_eq!(fs_err::read_to_string(&file).unwrap(), lf);
    place.must(&["format", "src", "--eol", "crlf", "--format", "json"]);
    assert_eq!(fs_err::read_to_string(&file).unwrap(), crlf);
}

#[test]
fn what_is_no_solution_folder_is_refused() {
    let place = place();
    let refused = place.refused(&["format", "."]);
    assert!(refused.contains("no folder that unpack wrote"), "{refused}");
    place.refused(&["format", "FabRobots.zip"]);
    place.refused(&["format", "nowhere"]);
    fs_err::write(place.path.join("src/Other/Customizations.xml"), "<a>").unwrap();
    let refused = place.refused(&["format", "src"]);
    assert!(refused.contains("src/Other/Customizations.xml:1:"), "{refused}");
}
