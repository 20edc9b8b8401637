//! What holds for every archive and every folder, over ones made at random.

use proptest::prelude::*;

use super::*;
use crate::xml::{Document, Limits};

/// Text with all that needs care in XML.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(" "),
        Just("\n"),
        Just("\r\n"),
        Just("a"),
        Just("é"),
        Just("&amp;"),
        Just("&#13;"),
        Just("&#x9;"),
        Just("&quot;"),
        Just("&#10;"),
        Just(">"),
        Just("\""),
        Just("\t"),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// An element of any content.
fn element() -> impl Strategy<Value = String> {
    let attribute = text().prop_map(|value| value.replace('"', "'"));
    let leaf = prop_oneof![
        text().prop_map(|text| format!("<t>{text}</t>")),
        attribute.prop_map(|value| format!("<e a=\"{value}\"/>")),
        text().prop_map(|text| format!("<!--{text}-->")),
        text().prop_map(|text| format!("<![CDATA[{text}]]>")),
        text(),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(|inside| format!("<n>{}</n>", inside.concat()))
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("a".to_owned()),
        Just("B".to_owned()),
        Just("b_1".to_owned()),
        Just("b1".to_owned()),
        Just("x:y".to_owned()),
        Just("z é".to_owned()),
    ]
}

/// Sections with rows whose names may collide.
fn sections() -> impl Strategy<Value = String> {
    let row = (0..6_usize, name(), element(), any::<bool>());
    proptest::collection::vec(row, 0..8).prop_map(|rows| {
        let section = |kind: usize| -> String {
            rows.iter()
                .filter(|(own, ..)| *own == kind)
                .map(|(_, name, inside, flag)| match kind {
                    0 => format!("<Role name=\"{name}\">{inside}</Role>"),
                    1 => format!("<optionset Name=\"{name}\">{inside}</optionset>"),
                    2 => format!(
                        "<Entity><Name>{name}</Name><FormXml><forms type=\"{}\"><systemform><formid>{name}</formid>{inside}\
                         </systemform></forms></FormXml><RibbonDiffXml>{inside}</RibbonDiffXml></Entity>",
                        if *flag { "main" } else { "card" }
                    ),
                    3 => format!(
                        "<EntityRelationship Name=\"{name}\"><ReferencedEntityName>e</ReferencedEntityName>{inside}\
                         </EntityRelationship>"
                    ),
                    4 => format!("<CanvasApp><Name>{name}</Name>{inside}</CanvasApp>"),
                    _ => inside.clone(),
                })
                .collect()
        };
        format!(
            "<Entities>{}</Entities><Roles>{}</Roles><EntityRelationships>{}</EntityRelationships>\
             <optionsets>{}</optionsets><CanvasApps>{}</CanvasApps><Other>{}</Other>",
            section(2), section(0), section(3), section(1), section(4), section(5)
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_archive_comes_back(sections in sections()) {
        let xml = customizations(&sections);
        let package = package(&[("customizations.xml", &xml)]);
        let archive = Archive::read(&package).unwrap();
        let unpacked = match unpack(Archives::One(&archive), &UnpackOptions::default()) {
            Ok(unpacked) => unpacked,
            // Two rows of one name.
            Err(LayoutError::Collision { .. }) => return Ok(()),
            Err(error) => panic!("{error}"),
        };
        let folder = files(&unpacked.parts);
        let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
        let parse = |text: &str| Document::parse(text.into(), &Limits::default()).unwrap();
        prop_assert_eq!(difference(&parse(&xml), &parse(&packed["customizations.xml"])), None);
        let entries: Vec<(&str, &str)> =
            packed.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
        let again = super::package(&entries);
        let archive = Archive::read(&again).unwrap();
        let second = unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap();
        prop_assert_eq!(folder, files(&second.parts));
    }

    /// Edits of a folder are in the archive, or pack names the file.
    #[test]
    fn no_edit_of_a_folder_is_lost(
        edits in proptest::collection::vec((0..8_usize, name(), element()), 1..6),
        lf in any::<bool>(),
    ) {
        let mut folder = unpacked(
            "<Roles><Role name=\"a\"><n /></Role></Roles><Entities><Entity><Name>a</Name></Entity></Entities>",
            &[("Assets/x.json", "{}")],
        );
        for (at, (kind, name, inside)) in edits.iter().enumerate() {
            // A mark that must be found again.
            let mark = format!("<mark>edit{at}</mark>{inside}");
            let name = name.replace(':', "_");
            let (path, content) = match kind {
                0 => (format!("Roles/{name}.xml"), format!("<Role name=\"{name}\">{mark}</Role>")),
                1 => (format!("OptionSets/{name}.xml"), format!("<optionset>{mark}</optionset>")),
                2 => (format!("Entities/{name}/Entity.xml"), format!("<Entity><Name>{name}</Name>{mark}</Entity>")),
                3 => (
                    format!("Entities/{name}/FormXml/main/{name}.xml"),
                    format!("<forms><systemform>{mark}</systemform>{}</forms>", if *inside == "a" { "a" } else { "" }),
                ),
                4 => (format!("Other/Relationships/{name}.xml"), format!("<EntityRelationships><r>{mark}</r></EntityRelationships>")),
                5 => (format!("Assets/{name}"), mark),
                6 => ("Other/EntityMaps.xml".to_owned(), format!("<EntityMaps>{mark}</EntityMaps>")),
                _ => (format!("Entities/{name}/RibbonDiff.xml"), format!("<RibbonDiffXml>{mark}</RibbonDiffXml>")),
            };
            let content = if *kind == 5 { content } else { format!("<!--mark>{at}<-->{content}<!--mark>end{at}<-->") };
            folder.retain(|other, _| other.to_lowercase() != path.to_lowercase());
            folder.insert(path, if lf { content.replace("\r\n", "\n") } else { content });
        }
        let (packed, ..) = match packed(&folder, PackKind::Unmanaged) {
            Ok(packed) => packed,
            Err(error) => {
                let named = folder.keys().any(|path| error.to_string().contains(path.as_str()));
                prop_assert!(named, "{}", error);
                return Ok(());
            }
        };
        for content in folder.values() {
            let marks = content.split('<');
            for mark in marks.filter_map(|piece| piece.trim_start_matches("!--").strip_prefix("mark>")) {
                let found = packed.values().any(|entry| entry.contains(&format!("mark>{mark}<")));
                prop_assert!(found, "{}", mark);
            }
        }
    }
}
