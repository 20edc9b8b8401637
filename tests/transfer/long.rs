//! A long archive is unpacked into a new folder while it is read: nothing shows of that but the time.

use camino::Utf8Path;

use super::place::{Place, files_of, run, zip_of};

/// Of about 100 KB.
fn table(name: &str) -> String {
    let attribute = |number| {
        format!(
            "<attribute PhysicalName=\"fab_{number}\"><Type>nvarchar</Type><Name>fab_{number}</Name>\
             <displaynames><displayname description=\"Number {number} &amp; so on\" languagecode=\"1033\" /></displaynames></attribute>\r\n"
        )
    };
    let attributes: String = (0..500).map(attribute).collect();
    format!(
        "<Entity>\r\n<Name LocalizedName=\"{name}\" OriginalName=\"{name}\">{name}</Name><EntityInfo><entity Name=\"{name}\">\
         <attributes>{attributes}</attributes></entity></EntityInfo>\
         <FormXml><forms type=\"main\"><systemform><formid>{{{name}}}</formid><form /></systemform></forms></FormXml></Entity>"
    )
}

/// `Fab.zip` with 30 such tables, and what stands between two of them and behind all.
fn place(between: &str, behind: &str) -> Place {
    let tables: Vec<String> = (0..30).map(|number| table(&format!("fab_table{number}"))).collect();
    let (first, last) = tables.split_at(17);
    let xml = format!(
        "<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n  <Entities>{}{between}{}</Entities>{behind}</ImportExportXml>",
        first.concat(),
        last.concat()
    );
    assert!(xml.len() > 2 << 20, "{} bytes are no long file", xml.len());
    let place = Place::new("FabShared");
    let manifest = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release/FabShared/solution.xml");
    place.write("long/solution.xml", fs_err::read(manifest).expect("readable"));
    place.write("long/customizations.xml", xml);
    zip_of(&place.path.join("long"), &place.path.join("Fab.zip"), &[]);
    fs_err::remove_dir_all(place.path.join("long")).expect("there");
    place
}

const FLOW: &str = "<Workflows><Workflow WorkflowId=\"{a}\" Name=\"Gone\"><JsonFileName>/Workflows/Gone-A.json</JsonFileName>\
                    </Workflow></Workflows>";

#[test]
fn a_new_folder_holds_what_one_that_was_there_holds() {
    for (between, behind, code) in [
        ("", "<Roles></Roles>", 0),
        // What stays in customizations.xml, and what there is to say, with its line.
        ("<!-- a comment -->", "", 0),
        ("", FLOW, 1),
        ("<!-- a comment -->", FLOW, 1),
    ] {
        let place = place(between, behind);
        // A folder that is there is not written while the archive is read.
        fs_err::create_dir(place.path.join("held")).expect("writable");
        let [new, there] = ["new", "held"].map(|target| {
            let (stdout, stderr) = run(&place.path, code, &["unpack", "Fab.zip", target]);
            ((stdout + &stderr).replace(target, "TARGET"), place.files(target))
        });
        assert_eq!(new.0, there.0);
        assert!(new.1 == there.1, "{between:?} {behind:?}: other files");
        let table =
            new.1.iter().find(|(path, _)| path == "Entities/fab_table29/Entity.xml").expect("the last");
        assert!(table.1.len() > 50_000, "{} bytes", table.1.len());
        run(&place.path, code, &["pack", "new", "again.zip"]);
        run(&place.path, code, &["unpack", "again.zip", "again"]);
        assert!(place.files("again") == new.1, "{between:?} {behind:?}: unpack of pack is another folder");
        let left: Vec<_> =
            files_of(&place.path).into_iter().filter(|(path, _)| path.starts_with('.')).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn what_is_wrong_far_behind_is_told_and_leaves_nothing() {
    for (between, behind, told) in [
        ("</Entity>", "", "customizations.xml:8519:154: "),
        ("", "</Roles>", "customizations.xml:15032:"),
        ("<Entity><Name>fab_table3</Name></Entity>", "", "wanted by two parts"),
    ] {
        let place = place(between, behind);
        let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "new"]);
        assert!(stderr.contains(told), "{stderr}");
        let files: Vec<_> = files_of(&place.path).into_iter().map(|(path, _)| path).collect();
        assert_eq!(files, ["Fab.zip"]);
    }
}
