//! The schemas in `schemas/` are made from the types, and what is printed matches them.
//!
//! `SOLSHIP_UPDATE_SCHEMAS=1` writes them again.

mod results;

use results::Texts;
use serde_json::Value;
use solship::report::{
    json, json_check, json_connections, json_deploy, json_diff, json_edited, json_environment,
    json_environment_diff, json_explain, json_format, json_settings, json_split, json_transfer,
};

const HOSTILE: Texts = Texts(|text| format!("\u{1b}{text}\u{202e}\n"));
const PLAIN: Texts = Texts(str::to_owned);

fn checked_in(name: &str) -> String {
    format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"))
}

fn assert_same(name: &str, schema: &Value) {
    let mut written = serde_json::to_string_pretty(schema).unwrap();
    written.push('\n');
    let path = checked_in(name);
    #[expect(clippy::disallowed_methods, reason = "a test, not the library")]
    let update = std::env::var("SOLSHIP_UPDATE_SCHEMAS").is_ok_and(|value| value == "1");
    if update {
        fs_err::write(&path, &written).unwrap();
    }
    // A checkout on Windows may have other line ends.
    let found = fs_err::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert!(
        found == written,
        "{path} is not what the types say; SOLSHIP_UPDATE_SCHEMAS=1 cargo test writes it again"
    );
}

fn assert_valid(schema: &Value, document: &[u8]) {
    let document: Value = serde_json::from_slice(document).unwrap();
    let validator = jsonschema::draft202012::new(schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn schemas_are_those_of_the_types() {
    assert_same("plan", &json::plan_schema());
    assert_same("gate", &json::gate_schema());
    assert_same("inspect", &json::inspect_schema());
    assert_same("where-used", &json::where_used_schema());
    assert_same("graph", &json::graph_schema());
    assert_same("verify", &json::verify_schema());
    assert_same("secrets", &json::secrets_schema());
    assert_same("attestation", &json::attestation_schema());
    assert_same("unpack", &json_transfer::unpack_schema());
    assert_same("edited", &json_edited::schema());
    assert_same("check", &json_check::check_schema());
    assert_same("diff", &json_diff::diff_schema());
    assert_same("explain-import", &json_explain::explain_schema());
    assert_same("environment-diff", &json_environment_diff::diff_schema());
    assert_same("environment-connections", &json_connections::connections_schema());
    assert_same("environment-shares", &json_connections::shares_schema());
    assert_same("format", &json_format::format_schema());
    assert_same("rules", &json_check::rules_schema());
    assert_same("baseline", &json_check::baseline_schema());
    assert_same("settings-sync", &json_settings::sync_schema());
    assert_same("settings-check", &json_settings::check_schema());
    assert_same("settings-diff", &json_settings::diff_schema());
    assert_same("split", &json_split::split_schema());
    assert_same("merge", &json_split::merge_schema());
    assert_same("pack", &json_transfer::pack_schema());
    assert_same("deployment", &json_deploy::deployment_schema());
    assert_same("environment", &json_environment::snapshot_schema());
    assert_same("environment-change", &json_environment::done_schema());
    assert_same("environment-list", &json_environment::list_schema());
    assert_same("environment-overview", &json_environment::overview_schema());
    assert_same("environment-log", &json_environment::log_schema());
}

#[test]
fn plans_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        for plan in [texts.plan(), texts.cycle()] {
            let mut document = Vec::new();
            json::plan(&mut document, &plan).unwrap();
            assert_valid(&json::plan_schema(), &document);
        }
    }
}

#[test]
fn splits_and_merges_match_their_schemas() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json_split::split(&mut document, &texts.split(), &[(texts.0)("parts/a.zip")], false).unwrap();
        assert_valid(&json_split::split_schema(), &document);
        let mut document = Vec::new();
        json_split::merge(&mut document, &texts.merged(), &(texts.0)("a.zip"), false).unwrap();
        assert_valid(&json_split::merge_schema(), &document);
    }
}

#[test]
fn checks_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json_check::check(&mut document, &texts.check()).unwrap();
        assert_valid(&json_check::check_schema(), &document);
    }
}

#[test]
fn diffs_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json_diff::diff(&mut document, &texts.diff()).unwrap();
        assert_valid(&json_diff::diff_schema(), &document);
    }
}

#[test]
fn comparisons_of_environments_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json_environment_diff::diff(&mut document, &texts.environment_diff()).unwrap();
        assert_valid(&json_environment_diff::diff_schema(), &document);
    }
}

#[test]
fn environments_and_deployments_match_their_schemas() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json_deploy::deployment(&mut document, &texts.deployment()).unwrap();
        assert_valid(&json_deploy::deployment_schema(), &document);
        let mut document = Vec::new();
        json_environment::overview(&mut document, &texts.overview()).unwrap();
        assert_valid(&json_environment::overview_schema(), &document);
        let mut document = Vec::new();
        json_environment::log(&mut document, "local:uat", &texts.log()).unwrap();
        assert_valid(&json_environment::log_schema(), &document);
        let mut document = Vec::new();
        json_environment::done(&mut document, &texts.done()).unwrap();
        assert_valid(&json_environment::done_schema(), &document);
    }
}

#[test]
fn gates_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json::gate(&mut document, &texts.gate()).unwrap();
        assert_valid(&json::gate_schema(), &document);
    }
}

#[test]
fn inspections_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        for show_values in [false, true] {
            let mut document = Vec::new();
            json::inspect(&mut document, &[texts.inspection()], show_values).unwrap();
            assert_valid(&json::inspect_schema(), &document);
        }
    }
}

#[test]
fn graphs_match_their_schemas() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json::where_used(&mut document, &texts.where_used()).unwrap();
        assert_valid(&json::where_used_schema(), &document);
        let mut document = Vec::new();
        json::graph(&mut document, &texts.excerpt()).unwrap();
        assert_valid(&json::graph_schema(), &document);
    }
}

#[test]
fn verifications_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json::verify(&mut document, &[texts.verification()]).unwrap();
        assert_valid(&json::verify_schema(), &document);
        let mut document = Vec::new();
        json::attestation(&mut document, &texts.attestation()).unwrap();
        assert_valid(&json::attestation_schema(), &document);
    }
}

#[test]
fn what_was_unpacked_and_packed_matches_its_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json_transfer::unpack(&mut document, &texts.unpacked()).unwrap();
        assert_valid(&json_transfer::unpack_schema(), &document);
        let mut document = Vec::new();
        json_transfer::pack(&mut document, &texts.packed()).unwrap();
        assert_valid(&json_transfer::pack_schema(), &document);
    }
}

#[test]
fn what_was_formatted_matches_its_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let changes = texts.unpacked().folder.changes;
        let folder = texts.0("src").into();
        let summary = solship::format::FormatSummary { folder, changes, unchanged: 2, dry_run: true };
        let mut document = Vec::new();
        json_format::format(&mut document, &summary).unwrap();
        assert_valid(&json_format::format_schema(), &document);
    }
}

#[test]
fn secrets_match_their_schema() {
    for texts in [&PLAIN, &HOSTILE] {
        let mut document = Vec::new();
        json::secrets(&mut document, &texts.secrets()).unwrap();
        assert_valid(&json::secrets_schema(), &document);
    }
}

#[test]
fn a_component_with_wrong_details_is_refused() {
    let validator = jsonschema::draft202012::new(&json::inspect_schema()).unwrap();
    let mut document = Vec::new();
    json::inspect(&mut document, &[PLAIN.inspection()], false).unwrap();
    let mut document: Value = serde_json::from_slice(&document).unwrap();
    assert!(validator.is_valid(&document));
    document["solutions"][0]["components"][0]["credential"] = Value::from("none");
    assert!(!validator.is_valid(&document));
}

#[test]
fn a_schema_refuses_what_is_none_of_its_documents() {
    let validator = jsonschema::draft202012::new(&json::plan_schema()).unwrap();
    let mut document = Vec::new();
    json::plan(&mut document, &PLAIN.plan()).unwrap();
    let right: Value = serde_json::from_slice(&document).unwrap();
    assert!(validator.is_valid(&right));
    for (pointer, value) in [
        ("/$schema", Value::from("urn:else")),
        ("/version", Value::from(2)),
        ("/steps/0/number", Value::from("one")),
        ("/steps/2/after/0/reasons/0/evidence", Value::from("guessed")),
        ("/findings/0/severity", Value::from("fatal")),
    ] {
        let mut wrong = right.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&wrong), "{pointer}");
    }
    assert!(!validator.is_valid(&serde_json::json!({})));
}
