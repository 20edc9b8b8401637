//! What is unpacked in pieces is what is unpacked as a whole, or is not done.

use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::layout::unpack::read_pieces_of;
use crate::write::Checksum;

/// The files, and whether there is something to say of them.
type Outcome = Option<(Files, bool)>;

fn whole(package: &Package, options: &UnpackOptions) -> Outcome {
    let archive = Archive::read(package).ok()?;
    let unpacked = unpack(Archives::One(&archive), options).ok()?;
    Some((files(&unpacked.parts), !unpacked.notes.is_empty()))
}

/// With pieces of about so many bytes.
fn in_pieces(package: &Package, options: &UnpackOptions, length: usize) -> Outcome {
    let written = Mutex::new(Files::new());
    let write = |part: &Part<'_>, _: &mut Vec<u8>| {
        let bytes = part.bytes().ok()?;
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        let text = String::from_utf8(bytes).ok()?;
        let written_one = Checksum { size: text.len() as u64, crc32: crc.sum() };
        written.lock().unwrap().insert(part.path().to_owned(), text).is_none().then_some(written_one)
    };
    let (archive, rows) = read_pieces_of(package, options, length, &write)?;
    let unpacked = unpack_rest(&archive, rows, options).ok()?;
    let mut written = written.into_inner().unwrap();
    let mut files = Files::new();
    for part in &unpacked.parts {
        let text = match written.remove(part.path()) {
            Some(text) => {
                assert_eq!(part.size(), Some(text.len() as u64), "{}", part.path());
                assert!(part.bytes().is_err(), "{} is given up", part.path());
                text
            }
            None => String::from_utf8(part.bytes().unwrap()).unwrap(),
        };
        files.insert(part.path().to_owned(), text);
    }
    assert!(written.is_empty(), "written and no part: {:?}", written.keys());
    Some((files, !unpacked.notes.is_empty()))
}

fn of(customizations: &str) -> Package {
    package(&[("customizations.xml", customizations), ("Workflows/a.json", "{}")])
}

fn entity(name: &str) -> String {
    format!(
        "<Entity>\r\n<Name>{name}</Name><EntityInfo><entity Name=\"{name}\"><attributes /></entity></EntityInfo>\
         <FormXml><forms type=\"main\"><systemform><formid>{{{name}}}</formid><form a='1'/></systemform></forms></FormXml>\
         </Entity>"
    )
}

fn entities(names: &[&str]) -> String {
    let rows: String = names.iter().map(|name| entity(name) + "\r\n  ").collect();
    format!("<Entities>\r\n  {rows}</Entities>")
}

#[test]
fn pieces_make_the_files_that_the_whole_makes() {
    let options = UnpackOptions::default();
    let names = ["fab_a", "fab_b", "fab_c", "fab_d", "fab_e"];
    let list = entities(&names);
    let others = "<Roles></Roles><Workflows><Workflow Name=\"w\"><JsonFileName>/Workflows/a.json</JsonFileName></Workflow></Workflows>";
    for customizations in [
        customizations(&format!("{list}{others}")),
        customizations(&format!("<EntityMaps /><Roles></Roles>\r\n{list}{others}")),
        format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n{}", customizations(&list)),
        format!(
            "<ImportExportXml xmlns:a=\"urn:a\"><Entities b=\"&gt;\">{}</Entities></ImportExportXml>",
            entity("x")
        ),
    ] {
        let package = of(&customizations);
        let whole = whole(&package, &options).expect("well-formed");
        for length in [1, 100, 700, 1 << 20] {
            assert_eq!(
                in_pieces(&package, &options, length),
                Some(whole.clone()),
                "{length}: {customizations}"
            );
        }
    }
}

#[test]
fn what_is_no_list_of_rows_alone_is_left_to_the_whole() {
    let options = UnpackOptions::default();
    let (a, b) = (entity("fab_a"), entity("fab_b"));
    for customizations in [
        // Nothing to cut, or not so near the beginning.
        customizations(""),
        customizations("<Entities></Entities>"),
        customizations(&format!("<!-- --><Entities>{a}</Entities>")),
        customizations(&format!("<Else /><Entities>{a}</Entities>")),
        // What stays, between rows.
        customizations(&format!("<Entities>{a}<!-- between -->{b}</Entities>")),
        customizations(&format!("<Entities>{a}text{b}</Entities>")),
        customizations(&format!("<Entities>{a}<Other />{b}</Entities>")),
        customizations(&format!("<Entities>{a}<Entity />{b}</Entities>")),
        customizations(&format!("<Entities>{a}{b}</Entities>text")),
        customizations(&format!("<Entities>{a}</Entities ><Other>lost</Other><Entities></Entities>")),
        customizations(&format!("<Entities>{a}</Entities ><Entities>{b}</Entities>")),
        customizations(&format!("<Entities>{a}<!-- --></Entities ><Roles></Roles><Entities></Entities>")),
        format!("<ImportExportXml xml:space=\"preserve\"><Entities>{a}{b}</Entities></ImportExportXml>"),
        customizations(&format!("<Entities xml:space='preserve'>{a}{b}</Entities>")),
        // What is wrong.
        customizations(&format!("<Entities>{a}{a}</Entities>")),
        customizations(&format!("<Entities>{a}<Entity></Entities>")),
        format!("<ImportExportXml><Entities>{a}{b}</Entities>"),
        format!("<ImportExportXml><Entities>{a}{b}"),
        format!("<ImportExportXml><Entities>{a}{b}</Entities></ImportExportXml>text"),
        format!("<ImportExportXml><Entities>{a}\u{1}{b}</Entities></ImportExportXml>"),
    ] {
        for length in [1, 1 << 20] {
            let pieces = in_pieces(&of(&customizations), &options, length);
            assert_eq!(pieces, None, "{length}: {customizations}");
        }
    }
}

#[test]
fn what_looks_like_the_end_of_a_row_is_none() {
    let options = UnpackOptions::default();
    let b = entity("fab_b");
    for customizations in [
        customizations(&format!(
            "<Entities><Entity><Name>n</Name><!--</Entity><Entity>--></Entity>{b}</Entities>"
        )),
        customizations(&format!(
            "<Entities><Entity><x><Entity></Entity><Entity></Entity></x></Entity>{b}</Entities>"
        )),
        customizations(&format!(
            "<Entities><Entity><Name>n</Name><![CDATA[</Entity></Entities>]]></Entity>{b}</Entities>"
        )),
    ] {
        let package = of(&customizations);
        let whole = whole(&package, &options);
        assert!(whole.is_some(), "{customizations}");
        for length in [1, 1 << 20] {
            let pieces = in_pieces(&package, &options, length);
            assert!(pieces.is_none() || pieces == whole, "{length}: {customizations}");
        }
    }
}

#[test]
fn what_a_checksum_refuses_is_not_taken() {
    let content = customizations(&entities(&["fab_a", "fab_b"]));
    let mut zip = zip_of(&[("customizations.xml", &content)]);
    let options = UnpackOptions::default();
    assert!(in_pieces(&opened(zip.clone()), &options, 100).is_some());
    let at = memchr::memmem::find(&zip, b"fab_b</Name>").expect("there");
    zip[at + 4] = b'x';
    assert_eq!(in_pieces(&opened(zip), &options, 100), None);
}

/// Text in which rows and what looks like them stand in any order.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-d]".prop_map(|name| entity(&format!("fab_{name}"))),
        2 => Just("<Entity>".to_owned()),
        2 => Just("</Entity>".to_owned()),
        1 => Just("<Entity />".to_owned()),
        1 => Just("<Entity".to_owned()),
        1 => Just("</Entities>".to_owned()),
        1 => Just("</Entities >".to_owned()),
        1 => Just("</Entities ><Other /><Entities>".to_owned()),
        1 => Just("<Entities>".to_owned()),
        1 => Just("<!--".to_owned()),
        1 => Just("-->".to_owned()),
        1 => Just("<![CDATA[".to_owned()),
        1 => Just("]]>".to_owned()),
        1 => Just("<Roles><Role name=\"r\" /></Roles>".to_owned()),
        1 => Just("<Entities><Entity /></Entities>".to_owned()),
        1 => Just("</ImportExportXml>".to_owned()),
        3 => Just("\r\n  ".to_owned()),
        1 => Just("text".to_owned()),
        1 => Just("&amp;".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_cut_changes_what_is_made(
        inside in any_text(),
        behind in any_text(),
        length in 1_usize..2000,
        as_packager: bool,
    ) {
        let options = UnpackOptions { as_packager, ..UnpackOptions::default() };
        let package = of(&customizations(&format!("<Entities>{inside}</Entities>{behind}")));
        if let Some(made) = in_pieces(&package, &options, length) {
            prop_assert_eq!(Some(made), whole(&package, &options));
        }
    }
}
