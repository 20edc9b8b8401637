//! What is refused rather than lost.

use super::*;

fn refused(sections: &str, entries: &[(&str, &str)]) -> String {
    let all = customizations(sections);
    let mut entries = entries.to_vec();
    entries.push(("customizations.xml", &all));
    let package = package(&entries);
    let archive = Archive::read(&package).unwrap();
    unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap_err().to_string()
}

fn not_packed(change: impl FnOnce(&mut Files)) -> LayoutError {
    let mut folder = unpacked("<Roles /><EntityMaps /><EntityRelationships />", &[]);
    change(&mut folder);
    packed(&folder, PackKind::Unmanaged).unwrap_err()
}

#[test]
fn two_parts_of_one_name_are_named_both() {
    assert_eq!(
        refused("<Roles><Role name=\"A:b\" /><Role name=\"a?B\" /></Roles>", &[]),
        "Roles/A_b.xml: wanted by two parts: Role at customizations.xml:1:79; Role at customizations.xml:1:98"
    );
    assert_eq!(
        refused(
            "<Roles><Role name=\"a\" /></Roles>",
            &[("Other/Solution.xml", "x"), ("solution.xml", &manifest(0))]
        ),
        "entry Other/Solution.xml: pack would take it for a part of solution.xml"
    );
    assert_eq!(
        refused(
            "<WebResources><WebResource><Name>a</Name><FileName>/WebResources/1</FileName></WebResource>\
             <WebResource><Name>a/b</Name><FileName>/WebResources/2</FileName></WebResource></WebResources>",
            &[("WebResources/1", "1"), ("WebResources/2", "2")]
        ),
        "WebResources/a: wanted by two parts: WebResources/1; WebResource at customizations.xml:1:163"
    );
}

#[test]
fn an_entry_that_would_not_come_back_is_named() {
    for (entry, section) in [
        ("Roles/x.xml", "Roles"),
        ("Workflows/x.json.data.xml", "Workflows"),
        ("Entities/a/FormXml/main/x.xml", "FormXml"),
        ("Other/Relationships.xml", "EntityRelationships"),
        ("Connectors/x.json", "another folder of the archive"),
        ("Entities/a/Formulas/x.xaml", "another folder of the archive"),
        ("Other/[Content_Types].xml", "[Content_Types].xml"),
    ] {
        assert_eq!(
            refused("", &[(entry, "x")]),
            format!("entry {entry}: pack would take it for a part of {section}")
        );
    }
}

#[test]
fn unsafe_names_are_refused() {
    for name in ["NUL", "aux.x", "a/.."] {
        let sections = format!(
            "<WebResources><WebResource><Name>{name}</Name><FileName>/WebResources/1</FileName></WebResource></WebResources>"
        );
        let all = customizations(&sections);
        let package = package(&[("customizations.xml", &all), ("WebResources/1", "x")]);
        let archive = Archive::read(&package).unwrap();
        match unpack(Archives::One(&archive), &UnpackOptions::default()) {
            Err(LayoutError::UnsafeName { .. }) => {}
            // What leaves the folder has no place in it: the row stays.
            Ok(unpacked) => assert!(matches!(unpacked.notes[..], [Note::Kept { .. }]), "{name}"),
            Err(other) => panic!("{name}: {other}"),
        }
    }
}

#[test]
fn files_that_are_not_what_their_place_says_are_named() {
    let put = |path: &str, content: &str| {
        let (path, content) = (path.to_owned(), content.to_owned());
        not_packed(move |folder| drop(folder.insert(path, content))).to_string()
    };
    assert_eq!(put("Roles/a.xml", "<Rolle />"), "Roles/a.xml: the root element is Rolle, expected Role");
    assert_eq!(put("Roles/a.xml", "<Role>").split(':').next(), Some("Roles/a.xml"));
    assert_eq!(
        put("Other/Relationships/a.xml", "<EntityRelationships>text</EntityRelationships>"),
        "Other/Relationships/a.xml: text between the elements of EntityRelationships"
    );
    assert_eq!(
        put("Entities/a/RibbonDiff.xml", "<RibbonDiffXml />"),
        "Entities/a/RibbonDiff.xml: Entities/a/Entity.xml is not there"
    );
    assert_eq!(
        put("AppModules/a/AppModule_managed.xml", "<AppModule />"),
        "AppModules/a/AppModule_managed.xml: no twin for the unmanaged package"
    );
}

#[test]
fn an_attribute_around_relationships_is_refused() {
    for path in ["Other/Relationships/a.xml", "Other/Relationships.xml"] {
        for (attributes, lost) in
            [("", None), (XSI, None), (" owner='x'", Some("owner")), (" xmlns:b='c'", Some("xmlns:b"))]
        {
            let tree = BTreeMap::from([
                ("Other/Solution.xml".to_owned(), manifest(0)),
                ("Other/Customizations.xml".to_owned(), "<ImportExportXml />".to_owned()),
                (
                    path.to_owned(),
                    format!(
                        "<EntityRelationships{attributes}><EntityRelationship Name='r'><a /></EntityRelationship></EntityRelationships>"
                    ),
                ),
            ]);
            let told = packed(&tree, PackKind::Unmanaged).err().map(|error| error.to_string());
            let expected =
                lost.map(|lost| format!("{path}: the attribute {lost} of EntityRelationships would be lost"));
            assert_eq!(told, expected);
        }
    }
}

#[test]
fn a_package_that_lacks_what_the_other_has_is_told() {
    let app = |name: &str| format!("<AppModule><UniqueName>{name}</UniqueName></AppModule>");
    let tree = BTreeMap::from([
        ("Other/Solution.xml".to_owned(), manifest(2)),
        (
            "Other/Customizations.xml".to_owned(),
            "<ImportExportXml><AppModules /></ImportExportXml>".to_owned(),
        ),
        ("AppModules/a/AppModule.xml".to_owned(), app("a")),
        ("AppModules/a/AppModule_managed.xml".to_owned(), app("a")),
        ("AppModules/b/AppModule.xml".to_owned(), app("b")),
    ]);
    let (.., notes) = packed(&tree, PackKind::Unmanaged).unwrap();
    assert_eq!(notes, []);
    let (entries, _, notes) = packed(&tree, PackKind::Managed).unwrap();
    assert!(!entries["customizations.xml"].contains("<UniqueName>b<"));
    let told: Vec<String> = notes.iter().map(Note::to_string).collect();
    assert_eq!(
        told,
        ["AppModules/b/AppModule.xml: no twin for the managed package, which is packed without it"]
    );
    assert!(notes[0].help().unwrap().starts_with("--useUnmanagedFileForMissingManaged"));
}

#[test]
fn a_section_in_two_places_is_refused() {
    let error = not_packed(|folder| {
        let text =
            folder["Other/Customizations.xml"].replace("<EntityMaps />", "<EntityMaps><x /></EntityMaps>");
        folder.insert("Other/Customizations.xml".into(), text);
        folder.insert("Other/EntityMaps.xml".into(), "<EntityMaps><y /></EntityMaps>".into());
    });
    assert!(matches!(error, LayoutError::Collision { .. }), "{error}");
}

#[test]
fn a_folder_without_its_main_files_is_refused() {
    let error = not_packed(|folder| drop(folder.remove("Other/Customizations.xml")));
    assert!(matches!(error, LayoutError::Missing { path: "Other/Customizations.xml" }), "{error}");
}

#[test]
fn what_the_xml_names_and_is_not_there_is_noted() {
    let xml = customizations(
        "<Workflows><Workflow Name=\"a\"><JsonFileName>/Workflows/a.json</JsonFileName></Workflow></Workflows>",
    );
    let package = package(&[("customizations.xml", &xml)]);
    let archive = Archive::read(&package).unwrap();
    let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap();
    assert!(
        matches!(&unpacked.notes[..], [Note::MissingFile { path, .. }] if path == "Workflows/a.json"),
        "{:?}",
        unpacked.notes
    );
    let (_, _, notes) = packed(&files(&unpacked.parts), PackKind::Unmanaged).unwrap();
    assert!(
        matches!(&notes[..], [Note::MissingFile { path, .. }] if path == "Workflows/a.json"),
        "{notes:?}"
    );
}

#[test]
fn relationships_that_the_list_and_the_files_do_not_share_are_noted() {
    let row = |name: &str| {
        format!(
            "<EntityRelationship Name=\"{name}\"><ReferencedEntityName>e</ReferencedEntityName></EntityRelationship>"
        )
    };
    let mut folder =
        unpacked(&format!("<EntityRelationships>{}{}</EntityRelationships>", row("a"), row("b")), &[]);
    let index = folder["Other/Relationships.xml"].replace("Name=\"a\"", "Name=\"c\"");
    folder.insert("Other/Relationships.xml".into(), index);
    let (packed, _, notes) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert_eq!(
        notes,
        [Note::MissingRelationship { name: "c".into() }, Note::UnlistedRelationship { name: "a".into() },]
    );
    let text = &packed["customizations.xml"];
    assert!(text.find("Name=\"b\"") < text.find("Name=\"a\""));
}

#[test]
fn a_managed_that_is_no_digit_is_named() {
    let manifest = |folder: &mut Files| {
        let text = folder["Other/Solution.xml"].replacen("<Managed>", "<Managed>text", 1);
        folder.insert("Other/Solution.xml".to_owned(), text);
    };
    let refused = not_packed(manifest);
    assert!(
        matches!(&refused, LayoutError::ManagedDigit { found, .. } if found.starts_with("text")),
        "{refused}"
    );
}

/// An element with text is written as it is: what belongs between its children was once left out without a word.
#[test]
fn text_around_what_is_put_in_is_named() {
    let role = "Roles/a.xml";
    let entity = "Entities/e/Entity.xml";
    for (path, before) in
        [("Other/Customizations.xml", "<Roles"), (entity, "<FormXml"), ("Other/Solution.xml", "<Managed")]
    {
        let mut folder = unpacked("<Roles /><Entities />", &[]);
        folder.insert(role.to_owned(), "<Role name=\"a\" />".to_owned());
        folder.insert(entity.to_owned(), "<Entity><Name>e</Name><FormXml /></Entity>".to_owned());
        let form = "<forms><systemform><formid>f</formid></systemform></forms>";
        folder.insert("Entities/e/FormXml/main/f_managed.xml".to_owned(), form.to_owned());
        packed(&folder, PackKind::Managed).expect("as it is");
        let text = folder[path].replacen(before, &format!("text{before}"), 1);
        assert!(text != folder[path], "{path}");
        folder.insert(path.to_owned(), text);
        let refused = packed(&folder, PackKind::Managed).unwrap_err();
        assert!(
            matches!(&refused, LayoutError::TextBetweenRows { path: found, .. } if found == path),
            "{refused}"
        );
    }
}

/// Two files of one row would give an archive that cannot be unpacked. Case does not tell them apart.
#[test]
fn two_files_of_one_component_are_named() {
    let form = "<forms><systemform><formid>f</formid></systemform></forms>";
    let entity = "<Entity><Name>E</Name><FormXml /><SavedQueries /></Entity>";
    let query = "<savedqueries><savedquery><savedqueryid>q</savedqueryid></savedquery></savedqueries>";
    let held = "<ImportExportXml><Entities /><Roles><Role name=\"a\" /></Roles></ImportExportXml>";
    for (files, path) in [
        (
            &[("Roles/a.xml", "<Role name=\"a\" />"), ("Roles/b.xml", "<Role name=\"A\" />")][..],
            "Roles/A.xml",
        ),
        (&[("Entities/e/Entity.xml", entity), ("Entities/f/Entity.xml", entity)], "Entities/E/Entity.xml"),
        (
            &[
                ("Entities/e/Entity.xml", entity),
                ("Entities/e/FormXml/main/f.xml", form),
                ("Entities/e/FormXml/main/g.xml", form),
            ],
            "Entities/E/FormXml/main/f.xml",
        ),
        (
            &[
                ("Entities/e/Entity.xml", entity),
                ("Entities/e/SavedQueries/q.xml", query),
                ("Entities/e/SavedQueries/r.xml", query),
            ],
            "Entities/E/SavedQueries/q.xml",
        ),
        (&[("Other/Customizations.xml", held), ("Roles/b.xml", "<Role name=\"a\" />")], "Roles/a.xml"),
    ] {
        let mut folder = unpacked("<Entities /><Roles />", &[]);
        folder.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        let refused = packed(&folder, PackKind::Unmanaged).unwrap_err();
        assert!(
            matches!(&refused, LayoutError::OneRowTwice { path: found, .. } if found == path),
            "{path}: {refused}"
        );
        let (last, _) = files.last().expect("a file");
        folder.remove(*last);
        packed(&folder, PackKind::Unmanaged).expect("one of them is enough");
    }
    // The same id in two groups, and a row that stays where it is, are no two of one.
    let mut folder = unpacked("<Entities /><WebResources />", &[]);
    folder.insert("Entities/e/Entity.xml".to_owned(), entity.to_owned());
    for group in ["main", "quick"] {
        folder.insert(format!("Entities/e/FormXml/{group}/f.xml"), form.to_owned());
    }
    for name in ["x.js", "y.js"] {
        folder.insert(
            format!("WebResources/{name}.data.xml"),
            "<WebResource><Name>x.js</Name></WebResource>".into(),
        );
    }
    packed(&folder, PackKind::Unmanaged).expect("all of them are packed");
}
