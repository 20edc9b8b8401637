//! Secret variables.

use super::{back_again, unpacked};

const ID: &str = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot8";

#[test]
fn the_reference_becomes_the_default_value() {
    let place = unpacked("FabShared");
    let address = "https://fab-kv.vault.azure.net/secrets/robot8/0123";
    let parts = ["--subscription", "0c0ffee0-0000-4000-8000-000000000001", "--resource-group", "rg-robots"];
    place.must(
        &[&["add", "secret", "fab_Robot8Password", address], &parts[..], &["--solution", "src"]].concat(),
    );
    let path = "src/environmentvariabledefinitions/fab_Robot8Password/environmentvariabledefinition.xml";
    let text = fs_err::read_to_string(place.path.join(path)).expect("a file");
    assert!(
        text.contains(&format!("<defaultvalue>{ID}</defaultvalue>"))
            && text.contains("<type>100000005</type>"),
        "{text}"
    );
    let stdout = place.must(&["add", "secret", "fab_Robot8Password", ID, "--solution", "src"]);
    assert!(stdout.starts_with("already there, equal"), "{stdout}");
    place.must(&[
        "set",
        "secret",
        "fab_Robot8Password",
        &ID.replace("robot8", "robot9"),
        "--solution",
        "src",
    ]);
    let stderr = place.refused(&["add", "secret", "fab_Robot8Password", ID, "--solution", "src"]);
    assert!(stderr.contains("default value is another one") && !stderr.contains("robot9"), "{stderr}");
    back_again(&place, &["add", "secret", "fab_Other", ID, "--as-value"], &["remove", "secret", "fab_Other"]);
}

#[test]
fn a_wrong_part_is_told_with_where_it_is_found() {
    let place = unpacked("FabRobotAccess");
    let mut all = String::new();
    for arguments in [
        &["fab_S", "https://fab-kv.vault.azure.net/secrets/robot8"][..],
        &[
            "fab_S",
            "--subscription",
            "0c0ffee0-0000-4000-8000-000000000001",
            "--vault",
            "fab-kv",
            "--secret",
            "robot8",
        ],
        &[
            "fab_S",
            "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab_kv/secrets/robot8",
        ],
        &[
            "fab_S",
            "/subscriptions/0c0ffee0-0000-4000-8000-00000000000/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot8",
        ],
        &[
            "fab_S",
            "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVaults/vaults/fab-kv/secrets/robot8",
        ],
        &[
            "fab_S",
            "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot_8",
        ],
        &["fab_S", "hunter2"],
        &["fab_S"],
    ] {
        let stderr = place.refused(&[&["add", "secret"], arguments, &["--solution", "src"]].concat());
        assert!(!stderr.contains("hunter2"), "{stderr}");
        all.push_str(&format!("$ add secret {}\n{stderr}\n", arguments.join(" ")));
    }
    all.push_str(&place.refused(&["set", "secret", "fab_Robot7User", ID, "--solution", "src"]));
    insta::assert_snapshot!(all);
}
