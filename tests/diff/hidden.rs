//! What is shown of a difference and what is not, in every command that shows one.

use crate::laws::files;
use crate::support::folder::Folder;

/// File of the flow.
pub(crate) const FLOW: &str = "Workflows/Pay-0C0FFEE0-0000-4000-8000-000000000001.json";

/// The small solution in `a`, and in `b` with texts replaced.
pub(crate) fn two(edits: &[(&str, &str, &str)]) -> Folder {
    let folder = Folder::new();
    for (path, text) in files() {
        for side in ["a", "b"] {
            folder.file(&format!("{side}/{path}"), &text);
        }
    }
    for (path, from, to) in edits {
        folder.edit(&format!("b/{path}"), from, to);
    }
    folder
}

/// What stands on stdout of a comparison.
pub(crate) fn told(edits: &[(&str, &str, &str)]) -> String {
    two(edits).run(&["diff", "a", "b"]).1
}

#[test]
fn no_account_no_key_and_no_place_of_a_vault_is_shown() {
    let made = "aB3dE5fG7hJ9kL2m".repeat(2);
    let id = "/subscriptions/0c0ffee3-0000-4000-8000-000000000001/resourceGroups/rg-geheim/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";
    let inputs = format!(
        r#""inputs":{{"account":{{"said":"as FABRIKAM\\geheim1 from C:\\Temp"}},"entra":"it is abc8Q~{made}zz. So","headers":{{"x-functions-key":"geheim2","Ocp-Apim-Subscription-Key":"geheim3","api-key":"geheim4","x-api-key":"geheim5"}},"queries":{{"code":"geheim6"}},"uri":"https://fab.example/api/run?code=geheim7","vault":"{id}","address":"https://management.example{id}?v=1","parameters":{{"#
    );
    let folder = two(&[
        (FLOW, r#""inputs":{"parameters":{"#, &inputs),
        (FLOW, r#""Scope":{"#, r#""Log_in_as_FABRIKAM\\geheim8":{"type":"Compose","runAfter":{}},"Scope":{"#),
        ("customizations.xml", "Name=\"Pay\"", "Name=\"Pay as FABRIKAM\\geheim9\""),
        ("WebResources/fab_a.js", "two", "user = 'Fabrikam\\geheim10'"),
    ]);
    for command in [
        &["diff", "a", "b", "--all"] as &[&str],
        &["diff", "b", "a", "--all"],
        &["diff", "a", "b", "--all", "--format", "json"],
        &["diff", "a", "b", "--format", "markdown"],
        &["diff", "a", "b", "--format", "html"],
        &["diff", "a", "b", "--stat"],
        &["diff", "a", "b", "--name-only"],
        &["canonical", "b"],
        &["inspect", "b", "--all"],
    ] {
        let (_, shown, _) = folder.run(command);
        for secret in ["geheim", &made, "0c0ffee3"] {
            assert!(!shown.contains(secret), "{command:?}: {secret}\n{shown}");
        }
    }
    insta::assert_snapshot!("hidden_texts", folder.run(&["diff", "a", "b", "--all"]).1);
    let (_, text, _) = folder.run(&["canonical", "b"]);
    assert!(text.contains(
        "vault: /subscriptions/********/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7"
    ));
}

#[test]
fn what_one_side_masks_the_other_one_masks_too() {
    let literal = (FLOW, "\"to\":\"first\"", "\"to\":\"first\",\"password\":\"Geheim-1\"");
    for (path, text, shown) in [
        ("b", "\"to\":\"Bearer abcdefgh1234\"", "inputs.parameters.to  changed; not shown"),
        ("b", "\"to\":\"first password=geheim\"", "first → first password=********"),
    ] {
        let folder = two(&[]);
        folder.edit(&format!("{path}/{FLOW}"), "\"to\":\"first\"", text);
        if text.contains("Bearer") {
            folder.edit(&format!("a/{FLOW}"), "\"to\":\"first\"", "\"to\":\"Bearer geheim\"");
        }
        let (_, told, _) = folder.run(&["diff", "a", "b"]);
        assert!(told.contains(shown) && !told.contains("geheim"), "{told}");
    }
    // A secret that becomes a parameter is told.
    let folder = two(&[literal]);
    folder.edit(
        &format!("a/{FLOW}"),
        "\"to\":\"first\"",
        "\"to\":\"first\",\"password\":\"@parameters('Pwd')\"",
    );
    let (_, told, _) = folder.run(&["diff", "a", "b"]);
    assert!(told.contains("password  @parameters('Pwd') → ********"), "{told}");
}

#[test]
fn characters_that_nobody_sees_are_shown_where_they_differ() {
    for (from, to, shown) in [
        ("\"to\":\"first\"", "\"to\":\"first \"", "first → first·"),
        ("\"to\":\"first\"", "\"to\":\"fi\u{a0}rst\"", "first → fi<U+00A0>rst"),
    ] {
        let told = told(&[(FLOW, from, to)]);
        assert!(told.contains(shown), "{told}");
    }
    let told = told(&[("WebResources/fab_a.js", "two", "\u{feff}two\t")]);
    assert!(told.contains("- two\n") && told.contains("+ <U+FEFF>two\\t\n"), "{told}");
}

#[test]
fn a_definition_that_one_side_cannot_read_is_said_to_be_so() {
    for (from, to) in [
        ("\"actions\":{\"Scope\"", "\"actions\":{}},\"actions\":{\"Scope\""),
        ("\"schemaVersion\":\"1.0.0.0\"", "\"schemaVersion\":\"1.0.0.0\",\"schemaVersion\":\"2\""),
        ("\"type\":\"Request\"", "\"type\":"),
    ] {
        let told = told(&[(FLOW, from, to)]);
        assert!(told.contains("definition  readable → cannot be read: "), "{told}");
        assert!(!told.contains("action") || told.contains("@@ line 1 → 1"), "{told}");
        assert!(!told.contains("  - Scope"), "{told}");
    }
    let told = told(&[(
        FLOW,
        "\"schemaVersion\":\"1.0.0.0\"",
        "\"schemaVersion\":\"1.0.0.0\",\"schemaVersion\":\"2\"",
    )]);
    insta::assert_snapshot!("unreadable", told);
}

#[test]
fn of_a_flow_that_cannot_be_read_no_value_is_shown_on_either_side() {
    let secrets = r#"{"Init":{"type":"InitializeVariable","inputs":{"variables":[{"name":"Password","type":"string","value":"Geheim1"}]}},
"Set":{"type":"SetVariable","inputs":{"name":"vPassword","value":"Geheim2"}},
"Password":{"type":"Compose","inputs":"Geheim3"},
"Call":{"type":"Http","inputs":{"authentication":{"type":"Raw","value":"Geheim4","pfx":"Geheim5"},
"headers":{"Cookie":"Geheim6"},"queries":{"code":"Geheim7"},"body":[{"name":"password","value":"Geheim8"}]}},"Scope":{"#;
    let deep = format!("\"deep\":{}1{},\"schemaVersion\"", "[".repeat(130), "]".repeat(130));
    for (from, to) in [
        ("\"schemaVersion\"", "\n<<<<<<< HEAD\n\"schemaVersion\""),
        ("\"schemaVersion\"", &*deep),
        ("\"1.0.0.0\"", "\"1.0.0.0\","),
    ] {
        let folder = two(&[(FLOW, "\"schemaVersion\"", "\"schemaVersion\"")]);
        for side in ["a", "b"] {
            folder.edit(&format!("{side}/{FLOW}"), "{\"Scope\":{", secrets);
        }
        folder.edit(&format!("b/{FLOW}"), from, to);
        folder.edit(&format!("b/{FLOW}"), "Geheim2", "Geheim9");
        for command in [
            &["canonical", "b"] as &[&str],
            &["diff", "a", "b"],
            &["diff", "b", "a", "--all"],
            &["diff", "a", "b", "--format", "json"],
            &["diff", "a", "b", "--format", "html"],
            &["diff", "a", "b", "--format", "markdown"],
            &["check", "b"],
            &["check", "b", "--format", "json"],
            &["inspect", "b", "--all"],
        ] {
            let (_, shown, told) = folder.run(command);
            assert!(!shown.contains("Geheim") && !told.contains("Geheim"), "{command:?}\n{shown}{told}");
        }
        let (_, text, _) = folder.run(&["canonical", "b"]);
        assert!(text.contains(r#"| "Password":{"type":"********","inputs":"********"},"#), "{text}");
        if from == "\"1.0.0.0\"" {
            insta::assert_snapshot!("unreadable_secrets", folder.run(&["diff", "a", "b"]).1);
        }
    }
}

#[test]
fn an_empty_text_is_told_as_one() {
    let told = told(&[
        (
            "environmentvariabledefinitions/fab_A/environmentvariabledefinition.xml",
            "<type>",
            "<description /><type>",
        ),
        (FLOW, "\"to\":\"first\"", "\"to\":\"\",\"new\":\"\",\"map\":{\"inner\":{\"a\":\"1\"}}"),
    ]);
    for words in [
        "inputs.parameters.to  first → \"\"",
        "new  (not set) → \"\"",
        "map  (not set) → inner",
        "description  (not set) → \"\"",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn what_is_the_same_in_other_words_is_no_change() {
    let edits = [
        ("solution.xml", "<Version>1.0.0.0", "<Version>1.0"),
        (FLOW, "\"templateName\":null", "\"templateName\":\"\""),
        (FLOW, "},\"runAfter\":{}}}", "}}}"),
    ];
    let folder = two(&edits);
    for format in ["text", "markdown", "html"] {
        let (code, told, _) = folder.run(&["diff", "a", "b", "--format", format]);
        assert!(code == 0 && !told.contains('→'), "{told}");
    }
    let told = folder.run(&["diff", "a", "b"]).1;
    let noise = "runAfter that is empty 1, spelling of versions 1, template that is none 1";
    assert!(told.contains(noise), "{told}");
}

#[test]
fn a_secret_variable_that_becomes_a_text_is_two_lines() {
    let file = "environmentvariabledefinitions/fab_A/environmentvariabledefinition.xml";
    let folder = two(&[(file, "100000001", "100000000")]);
    let id = "/subscriptions/0c0ffee3-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";
    folder.edit(&format!("a/{file}"), ">500<", &format!(">{id}<")).edit(
        &format!("a/{file}"),
        "100000001",
        "100000005",
    );
    let told = folder.run(&["diff", "a", "b"]).1;
    assert!(
        told.contains("defaultvalue  secret robot7 of vault fab-kv → 500")
            && told.contains("type  secret → text"),
        "{told}"
    );
    let variable = told.split("\n\n").find(|part| part.starts_with("variable fab_A")).unwrap();
    assert_eq!(variable.lines().count(), 3, "{told}");
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let folder = two(&[]);
    for number in 0..60 {
        folder.file(&format!("b/Assets/{number:03}.txt"), "new\n");
    }
    let script: String = (0..200).map(|line| format!("line {line}\n")).collect();
    folder.file("b/WebResources/fab_a.js", script);
    let told = folder.run(&["diff", "a", "b"]).1;
    assert!(told.contains("+ … and 20 more (--all)\n") && !told.contains("Assets/040"), "{told}");
    assert!(told.contains("    … and 163 more (--all)\n") && told.lines().count() < 110, "{told}");
    let told = folder.run(&["diff", "a", "b", "--all"]).1;
    assert!(!told.contains("--all") && told.contains("Assets/059") && told.contains("+ line 199"), "{told}");
}

#[test]
fn show_values_is_refused_where_it_does_nothing() {
    let folder = two(&[]);
    insta::assert_snapshot!("show_values", folder.told(&["diff", "a", "b", "--show-values"]));
}

#[test]
fn the_canonical_text_tells_masked_texts_apart_under_a_key() {
    let secret = |text: &str| format!("\"to\":\"first\",\"password\":\"{text}\"");
    let folder = two(&[(FLOW, "\"to\":\"first\"", &secret("Geheim-1"))]);
    folder.edit(&format!("a/{FLOW}"), "\"to\":\"first\"", &secret("Geheim-2"));
    folder.file("key", "0123456789abcdef").file("other", "fedcba9876543210").file("short", "x");
    let text = |side: &str, arguments: &[&str]| {
        let (code, text, _) = folder.run(&[&["canonical", side], arguments].concat());
        assert!(code == 0 && !text.contains("Geheim"), "{text}");
        text
    };
    assert_eq!(text("a", &[]), text("b", &[]));
    let key = &["--hash-key", "key"];
    assert_eq!(text("a", key), text("a", key));
    let (one, other) = (text("a", key), text("b", key));
    let differ: Vec<(&str, &str)> =
        one.lines().zip(other.lines()).filter(|(one, other)| one != other).collect();
    assert!(
        matches!(&*differ, [(one, _)] if one.trim_start().starts_with("password: ******** #")),
        "{differ:?}"
    );
    assert_ne!(one, text("a", &["--hash-key", "other"]));
    for file in ["short", "none"] {
        assert_eq!(folder.run(&["canonical", "a", "--hash-key", file]).0, 2);
    }
}

#[test]
fn what_an_import_means_is_told_whatever_types_are_looked_at() {
    let folder = two(&[("customizations.xml", "<StateCode>1", "<StateCode>0")]);
    let (code, told, _) = folder.run(&["diff", "a", "b", "--only", "web-resource"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("some_types", told);
    for format in ["markdown", "html", "json"] {
        let told = folder.run(&["diff", "a", "b", "--only", "web-resource", "--format", format]).1;
        assert!(told.contains("the version is not raised"), "{told}");
    }
    let told = folder.run(&["diff", "a", "a", "--only", "web-resource"]).1;
    assert!(!told.contains("importing"), "{told}");
}
