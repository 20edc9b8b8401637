//! Files whose names are mostly the user's, in the folder and in the package.

use super::place::{Place, entries_of, run, zip_of};

const README: &str = "Controls/fab_Grid/README.md";
const FIXTURE: &str = "FabRobotAccess";

/// Makes `name` beside `Fab.zip`, with one more entry.
fn package_with(place: &Place, name: &str, entry: (&str, &str)) {
    let source = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release").join(FIXTURE);
    zip_of(&source, &place.path.join(name), &[entry]);
}

#[test]
fn a_file_of_the_user_is_not_overwritten_by_an_entry_of_its_name() {
    let place = Place::new(FIXTURE);
    package_with(&place, "more.zip", ("README.md", "of the package"));
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    for name in ["README.md", "readme.MD"] {
        place.write(&format!("src/{name}"), "mine");
        let before = place.files("src");
        for more in [&[][..], &["--dry-run"]] {
            let (_, stderr) = run(&place.path, 2, &[&["unpack", "more.zip", "src"], more].concat());
            assert!(stderr.contains(name) && stderr.contains("--force"), "{stderr}");
        }
        assert_eq!(place.files("src"), before);
        fs_err::remove_file(place.path.join("src").join(name)).expect("there");
    }
    // The same content is nothing that could be lost.
    place.write("src/README.md", "of the package");
    run(&place.path, 0, &["unpack", "more.zip", "src"]);
    fs_err::remove_file(place.path.join("src/.solshipignore")).expect("written");
    place.write("src/README.md", "mine");
    run(&place.path, 0, &["unpack", "more.zip", "src", "--force"]);
    assert_eq!(place.bytes("src/README.md"), b"of the package");
    // A line of the user's own says that the file is the solution's.
    place.write("src/.solshipignore", "!/README.md\n");
    place.write("src/README.md", "edited");
    run(&place.path, 0, &["unpack", "more.zip", "src"]);
    assert_eq!(place.bytes("src/README.md"), b"of the package");
}

#[test]
fn a_line_goes_with_its_entry_so_that_the_name_is_the_users_again() {
    let place = Place::new(FIXTURE);
    package_with(&place, "more.zip", (README, "of the package"));
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let plain = place.files("src");
    for ignored in [None, Some("*.tmp\n!/README.md")] {
        if let Some(lines) = ignored {
            place.write("src/.solshipignore", lines);
        }
        run(&place.path, 0, &["unpack", "more.zip", "src"]);
        let lines = String::from_utf8(place.bytes("src/.solshipignore")).expect("UTF-8");
        assert!(lines.starts_with(ignored.unwrap_or_default()), "{lines}");
        assert!(lines.ends_with(&format!("!/{README}\n")), "{lines}");
        // What may not be deleted is packed as before.
        run(&place.path, 0, &["unpack", "Fab.zip", "src", "--allowDelete=no"]);
        run(&place.path, 0, &["pack", "src", "out.zip"]);
        assert!(entries_of(&place.path.join("out.zip")).iter().any(|(name, _)| name == README));
        run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
        assert!(!place.path.join("src").join(README).exists());
        place.write(&format!("src/{README}"), "mine");
        run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
        assert_eq!(place.bytes(&format!("src/{README}")), b"mine");
        fs_err::remove_dir_all(place.path.join("src/Controls")).expect("there");
        match ignored {
            None => assert_eq!(place.files("src"), plain),
            Some(lines) => assert_eq!(place.bytes("src/.solshipignore"), format!("{lines}\n").as_bytes()),
        }
    }
}

#[test]
fn what_is_left_alone_makes_no_folder_a_foreign_one() {
    let place = Place::new(FIXTURE);
    let users = [".git/HEAD", ".gitkeep", "README.md", ".solshipignore"];
    for path in users {
        place.write(&format!("src/{path}"), "*.tmp");
    }
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    for path in users {
        assert_eq!(place.bytes(&format!("src/{path}")), b"*.tmp", "{path}");
    }
    place.write("other/README.md", "");
    place.write("other/thesis.txt", "");
    let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "other"]);
    assert!(stderr.contains("not empty"), "{stderr}");
}
