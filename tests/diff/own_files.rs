//! What folders of the packager's layout hold and packing does not carry is a difference all the same.

use crate::support::folder::Folder;

const SOLUTION: &str = "<ImportExportXml><SolutionManifest><UniqueName>Fab</UniqueName><Version>1.0.0.0</Version>\
    <Managed>0</Managed><Publisher><UniqueName>fabrikam</UniqueName></Publisher><RootComponents />\
    </SolutionManifest></ImportExportXml>";
const CUSTOMIZATIONS: &str =
    "<ImportExportXml>\n  <Entities />\n  <Workflows />\n  <EntityRelationships />\n</ImportExportXml>\n";
const ENTITY: &str = "<Entity>\n  <Name>fab_Loan</Name>\n  <RibbonDiffXml />\n</Entity>\n";
const INDEX: &str = "<EntityRelationships>\n  <EntityRelationship Name=\"fab_one\" />\n  <EntityRelationship Name=\"fab_two\" />\n\
    </EntityRelationships>\n";
const RELATIONSHIPS: &str = "<EntityRelationships>\n  <EntityRelationship Name=\"fab_one\"><ReferencedEntityName>fab_loan\
    </ReferencedEntityName></EntityRelationship>\n  <EntityRelationship Name=\"fab_two\"><ReferencedEntityName>fab_loan\
    </ReferencedEntityName></EntityRelationship>\n</EntityRelationships>\n";

/// Two alike.
fn two() -> Folder {
    let folder = Folder::new();
    for side in ["a", "b"] {
        folder
            .file(&format!("{side}/Other/Solution.xml"), SOLUTION)
            .file(&format!("{side}/Other/Customizations.xml"), CUSTOMIZATIONS)
            .file(&format!("{side}/Other/Relationships.xml"), INDEX)
            .file(&format!("{side}/Other/Relationships/fab_Loan.xml"), RELATIONSHIPS)
            .file(&format!("{side}/Entities/fab_Loan/Entity.xml"), ENTITY)
            .file(
                &format!("{side}/Entities/fab_Loan/RibbonDiff.xml"),
                "<RibbonDiffXml><a /></RibbonDiffXml>\n",
            );
    }
    folder
}

#[test]
fn nothing_is_told_of_folders_that_are_alike() {
    assert!(two().told(&["diff", "a", "b", "--noise"]).starts_with("exit code 0"));
}

#[test]
fn what_packing_does_not_carry_is_compared() {
    let edits: [(&str, &str, &str, &str); 5] = [
        ("relationship_renamed", "b/Other/Relationships.xml", "\"fab_two\"", "\"fab_three\""),
        ("relationship_gone", "b/Other/Relationships.xml", "<EntityRelationship Name=\"fab_two\" />", ""),
        (
            "relationship_attribute",
            "b/Other/Relationships.xml",
            "Name=\"fab_two\"",
            "Name=\"fab_two\" fab=\"1\"",
        ),
        ("section_gone", "b/Other/Customizations.xml", "<Workflows />", ""),
        (
            "placeholder_attribute",
            "b/Entities/fab_Loan/Entity.xml",
            "<RibbonDiffXml />",
            "<RibbonDiffXml fab=\"1\" />",
        ),
    ];
    let mut all = String::new();
    for (name, path, from, to) in edits {
        let folder = two();
        folder.edit(path, from, to);
        let there = folder.told(&["diff", "a", "b", "--noise"]);
        assert!(there.starts_with("exit code 1"), "{name}: {there}");
        assert!(folder.told(&["diff", "b", "a"]).starts_with("exit code 1"), "{name}");
        all.push_str(&format!("=== {name}\n{there}\n"));
    }
    insta::assert_snapshot!("what_packing_does_not_carry", all);
}

#[test]
fn a_zip_has_nothing_of_it() {
    let folder = two();
    assert!(folder.told(&["pack", "a", "a.zip"]).starts_with("exit code 0"));
    folder.edit("b/Other/Relationships.xml", "<EntityRelationship Name=\"fab_two\" />", "");
    for sides in [["a.zip", "b"], ["b", "a.zip"], ["a.zip", "a"]] {
        assert!(folder.told(&["diff", sides[0], sides[1]]).starts_with("exit code 0"), "{sides:?}");
    }
}

#[test]
fn another_layout_of_the_same_is_no_difference() {
    let folder = two();
    // Indentation, and a name of a file that unpacking would choose otherwise.
    folder.edit("b/Other/Relationships.xml", "  <EntityRelationship", "<EntityRelationship");
    fs_err::rename(
        folder.path.join("b/Other/Relationships/fab_Loan.xml"),
        folder.path.join("b/Other/Relationships/loans.xml"),
    )
    .unwrap();
    let told = folder.told(&["diff", "a", "b"]);
    assert!(told.starts_with("exit code 0"), "{told}");
}
