//! How single differences are told.

use crate::support::folder::Folder;

const SOLUTION: &str = "<ImportExportXml><SolutionManifest><UniqueName>Fab</UniqueName><Version>1.0.0.0</Version>\
    <Managed>0</Managed><Publisher><UniqueName>fabrikam</UniqueName></Publisher><RootComponents />\
    <MissingDependencies /></SolutionManifest></ImportExportXml>";
const CUSTOMIZATIONS: &str = "<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><credentials>\
    <credential credentialid=\"0c0ffee0-0000-4000-8000-000000000003\"><connectiontype>1</connectiontype><name>Robot 7</name>\
    <password><schemaname>fab_Password</schemaname></password><usagetype>280920000</usagetype>\
    </credential></credentials></ImportExportXml>";

/// A variable that names a secret.
fn variable(name: &str, secret: &str) -> String {
    format!(
        "<environmentvariabledefinition schemaname=\"{name}\"><defaultvalue>/subscriptions/9253f6b7-3fe6-47be-9ba0-57171ed40c22/\
         resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/{secret}</defaultvalue>\
         <displayname default=\"{name}\" /><secretstore>0</secretstore><type>100000005</type></environmentvariabledefinition>"
    )
}

/// Where a variable is defined.
fn definition(side: &str, name: &str) -> String {
    format!("{side}/environmentvariabledefinitions/{name}/environmentvariabledefinition.xml")
}

fn two() -> Folder {
    let folder = Folder::new();
    for side in ["a", "b"] {
        folder
            .file(&format!("{side}/solution.xml"), SOLUTION)
            .file(&format!("{side}/customizations.xml"), CUSTOMIZATIONS)
            .file(&definition(side, "fab_Password"), variable("fab_Password", "robot7"))
            .file(&definition(side, "fab_Other"), variable("fab_Other", "robot8"))
            .file(
                &format!("{side}/bots/fab_Bot/bot.xml"),
                "<bot schemaname=\"fab_Bot\"><synchronizationstatus>{\"lastPublishedOnUtc\":\"2026-01-01T00:00:00Z\",\
                 \"state\":1}</synchronizationstatus></bot>",
            );
    }
    folder.edit("b/solution.xml", "<Version>1.0", "<Version>1.1");
    folder
}

#[test]
fn a_credential_is_followed_to_its_secret() {
    let folder = two();
    folder.edit(&definition("b", "fab_Password"), "secrets/robot7", "secrets/robot9");
    insta::assert_snapshot!("other_secret", folder.told(&["diff", "a", "b"]));
    let folder = two();
    folder.edit("b/customizations.xml", "fab_Password", "fab_Other");
    insta::assert_snapshot!("other_variable", folder.told(&["diff", "a", "b"]));
}

#[test]
fn a_credential_of_another_solution_is_followed_to_its_secret() {
    let folder = Folder::new();
    for (side, secret) in [("a", "robot7"), ("b", "robot9")] {
        folder
            .file(&format!("{side}/Access/solution.xml"), SOLUTION)
            .file(&format!("{side}/Access/customizations.xml"), CUSTOMIZATIONS)
            .file(&format!("{side}/Vars/solution.xml"), SOLUTION.replace(">Fab<", ">FabVars<"))
            .file(&format!("{side}/Vars/customizations.xml"), "<ImportExportXml />")
            .file(&definition(&format!("{side}/Vars"), "fab_Password"), variable("fab_Password", secret));
    }
    let (code, told, _) = folder.run(&["diff", "a", "b"]);
    let words = "credential \"Robot 7\" of Fab takes its password from variable fab_Password of FabVars: \
                 secret robot7 of vault fab-kv → secret robot9 of vault fab-kv";
    let told: Vec<&str> = told.split_whitespace().collect();
    assert_eq!((code, told.join(" ").matches(words).count()), (1, 1), "{told:?}");
}

#[test]
fn codes_are_told_in_words() {
    let folder = two();
    folder
        .edit("b/customizations.xml", "<connectiontype>1", "<connectiontype>4")
        .edit("b/customizations.xml", "280920000", "280920003")
        .edit(&definition("b", "fab_Other"), "<secretstore>0", "<secretstore>1");
    insta::assert_snapshot!("codes", folder.told(&["diff", "a", "b"]));
}

#[test]
fn a_dependency_is_told_once() {
    let folder = two();
    folder.edit(
        "b/solution.xml",
        "<MissingDependencies />",
        "<MissingDependencies><MissingDependency><Required type=\"1\" schemaName=\"fab_x\" solution=\"FabBase (1.0)\" />\
         <Dependent type=\"29\" id=\"{0c0ffee0-0000-4000-8000-000000000001}\" /></MissingDependency>\
         <MissingDependency><Required type=\"1\" /><Dependent type=\"29\" /></MissingDependency></MissingDependencies>",
    );
    insta::assert_snapshot!("dependency", folder.told(&["diff", "a", "b"]));
}

#[test]
fn files_are_told_by_kind_and_size() {
    let folder = two();
    folder.file("b/extra.bin", [0; 1234]);
    for (side, start) in [("a", &b"\x89PNG\r\n"[..]), ("b", b"GIF8")] {
        let mut image = start.to_vec();
        image.resize(18_000, 0);
        folder.file(&format!("{side}/image.bin"), image);
    }
    insta::assert_snapshot!("files", folder.told(&["diff", "a", "b"]));
}

#[test]
fn a_time_of_publishing_is_noise_and_another_namespace_is_none() {
    let folder = two();
    folder.edit("b/solution.xml", "<Version>1.1", "<Version>1.0").edit(
        "b/bots/fab_Bot/bot.xml",
        "2026-01",
        "2026-02",
    );
    let told = folder.told(&["diff", "a", "b", "--noise"]);
    assert!(told.starts_with("exit code 0") && told.contains("times of publishing"), "{told}");
    folder.edit("b/customizations.xml", "2001/XMLSchema-instance", "1999/Other");
    let told = folder.told(&["diff", "a", "b"]);
    assert!(told.starts_with("exit code 1") && told.contains("1999/Other"), "{told}");
}

#[test]
fn what_cannot_be_read_is_left_out_whatever_its_form() {
    let folder = crate::commands::two();
    folder.file("b/FabRobots/customizations.xml", "<ImportExportXml><Workflows>");
    let told = folder.told(&["diff", "a", "b", "--skip-unreadable", "--stat"]);
    assert!(told.starts_with("exit code 1") && told.contains("left out: b/FabRobots"), "{told}");
    assert!(folder.told(&["diff", "a", "b"]).starts_with("exit code 2"));
}

#[test]
fn an_environment_is_hinted_at() {
    let folder = two();
    folder.file("home/environments/uat.db", "");
    let told = |side: &str| {
        let mut command = folder.command(&["diff", side, "b"]);
        command.env("SOLSHIP_HOME", folder.path.join("home"));
        crate::support::folder::told(&command.output().unwrap())
    };
    assert!(
        told("uat").contains("hint: an environment is meant? solship diff local:uat b"),
        "{}",
        told("uat")
    );
    assert!(!told("other").contains("environment is meant"));
}
