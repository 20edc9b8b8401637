use super::*;
use crate::model::{Finding, Severity, codes};

fn read(text: &str) -> Config {
    Config::read("solship.toml", text.into()).unwrap()
}

fn fault(text: &str) -> String {
    Config::read("solship.toml", text.into()).unwrap_err().to_string()
}

#[test]
fn everything_is_read_with_its_place() {
    let config = read(
        r#"solutions = ["src/*", "dist/*.zip"]
order = ["A"]
provided = ["CreatorKitCore@1.0", "FabBase"]

[[signs-in]]
connection-reference = "fab_desktop"
credential = "Robot 7"

[[signs-in]]
desktop-flow = "Post payroll"
credential = "0c0ffee0-0000-4000-8000-000000000001"

[[before]]
first = "FabBase"
then = "FabFlows"
because = "data is loaded in between"

[levels]
ORD008 = "error"
provider-chosen = "allow"

[[exceptions]]
code = "DEP003"
solution = "FabFlows"
reason = "the part is made by hand"
"#,
    );
    assert_eq!(config.solutions[1].0, "dist/*.zip");
    assert_eq!(config.solutions[1].1.to_string(), "solship.toml:1:23");
    assert!(config.has_order && config.unknown.is_empty());
    assert_eq!(config.provided[0].unique_name, "CreatorKitCore");
    assert_eq!(config.signs_in[0].signer, Signer::ConnectionReference("fab_desktop".to_owned()));
    assert_eq!(config.signs_in[0].place.to_string(), "solship.toml:5:1");
    assert_eq!(config.signs_in[1].signer, Signer::DesktopFlow("Post payroll".to_owned()));
    assert_eq!((&*config.before[0].first, &*config.before[0].then), ("FabBase", "FabFlows"));
    assert_eq!(config.levels[0].level, Level::At(Severity::Error));
    assert_eq!((config.levels[1].code, config.levels[1].level), (codes::PROVIDER_CHOSEN, Level::Allow));
    assert_eq!(config.exceptions[0].reason, "the part is made by hand");
}

#[test]
fn unknown_keys_are_told_with_the_nearest() {
    let config = read(
        "solution = []\n[[signs-in]]\nconection-reference='a'\nconnection-reference='b'\ncredential='c'\nzzz=1\n",
    );
    let told: Vec<_> =
        config.unknown.iter().map(|unknown| (&*unknown.key, unknown.nearest, unknown.place.line)).collect();
    assert_eq!(
        told,
        [
            ("solution", Some("solutions"), 1),
            ("conection-reference", Some("connection-reference"), 3),
            ("zzz", None, 6)
        ]
    );
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    for (text, expected) in [
        ("solutions = 'a'", "solship.toml:1:13: `solutions` must be a list of texts, not an empty text"),
        (
            "solutions = ['../a']",
            "solship.toml:1:14: `../a` leads out of the folder of this file; name such solutions on the command line",
        ),
        (
            "solutions = ['/a']",
            "solship.toml:1:14: `/a` leads out of the folder of this file; name such solutions on the command line",
        ),
        ("provided = ['a@b']", "solship.toml:1:13: `b` is no version: write one such as 1.2.0.0"),
        (
            "\n[[signs-in]]\ncredential = 'a'",
            "solship.toml:2:1: one of `connection-reference` and `desktop-flow` must be here",
        ),
        ("[[signs-in]]\ndesktop-flow = 'a'", "solship.toml:1:1: `credential` is missing here"),
        ("before = 1", "solship.toml:1:10: `before` must be tables, each under a [[heading]], not integer"),
        ("[levels]\nORD999 = 'note'", "solship.toml:2:10: `ORD999` is no rule"),
        (
            "[levels]\nprovider-choosen = 'note'",
            "solship.toml:2:20: `provider-choosen` is no rule; the nearest is provider-chosen",
        ),
        (
            "[levels]\nORD008 = 'off'",
            "solship.toml:2:10: `off` is no level: write error, warning, note or allow",
        ),
        ("[[exceptions]]\ncode = 'ORD008'", "solship.toml:1:1: an exception needs a reason"),
    ] {
        assert_eq!(fault(text), expected, "{text}");
    }
    assert!(fault("a = ").starts_with("solship.toml:1:"));
}

fn found() -> Vec<Finding> {
    vec![
        Finding::new(codes::SAME_SOLUTION_TWICE, Severity::Warning, "FabFlows", "one"),
        Finding::new(codes::MISSING_PROVIDER, Severity::Error, "FabFlows", "two"),
        Finding::new(codes::MISSING_PROVIDER, Severity::Error, "FabShared", "three"),
    ]
}

#[test]
fn levels_and_exceptions_are_applied_and_counted() {
    let config = read(
        "[levels]\nORD008='allow'\nORD004='warning'\n[[exceptions]]\ncode='ORD004'\nsolution='fabflows'\nreason='x'",
    );
    let mut findings = found();
    assert_eq!(config.apply(&mut findings, false, &[]), Silenced { findings: 2, changed: 1 });
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].severity, &*findings[0].message), (Severity::Warning, "three"));
}

#[test]
fn what_softens_is_itself_a_finding_when_forbidden() {
    let config =
        read("[levels]\nORD008='error'\nORD004='warning'\n[[exceptions]]\ncode='DEP001'\nreason='x'");
    let mut findings = found();
    config.apply(&mut findings, true, &[]);
    let told: Vec<_> = findings.iter().map(|finding| (finding.code.id, finding.severity)).collect();
    assert_eq!(
        told,
        [
            ("CFG001", Severity::Error),
            ("CFG002", Severity::Error),
            ("ORD008", Severity::Error),
            ("ORD004", Severity::Warning),
            ("ORD004", Severity::Warning)
        ]
    );
}

#[test]
fn deep_tables_are_refused() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("{}b = 1", "a.".repeat(100_000)),
        format!("[{}b]", "a.".repeat(100_000)),
    ] {
        assert!(fault(&text).starts_with("solship.toml"));
    }
}

#[test]
fn parts_are_read_with_what_goes_there() {
    let config = read(
        "[[split]]\npart = \"Pay\"\nnames = [\"*pay*\"]\n[[split]]\npart = \"Roles\"\ntypes = [\"role\"]\nname = [\"x\"]\n",
    );
    let [pay, roles] = &config.split[..] else { panic!("two rows") };
    assert_eq!((&*pay.part, pay.names[0].as_str(), pay.place.line), ("Pay", "*pay*", 1));
    let [(role, place)] = &roles.types[..] else { panic!("one type") };
    assert_eq!((&**role, place.line, place.column), ("role", 6, 10));
    assert_eq!((&*config.unknown[0].key, config.unknown[0].nearest), ("name", Some("names")));
    assert_eq!(
        fault("[[split]]\npart = \"A\"\n"),
        "solship.toml:1:1: one of `types` and `names` must be here"
    );
    assert_eq!(
        fault("[[split]]\npart = \"a/b\"\ntypes = [\"role\"]\n"),
        "solship.toml:1:1: `a/b` is no name of a part: letters of English, digits and underscores make one"
    );
    assert!(fault("[[split]]\npart = \"A\"\nnames = [\"[\"]\n").contains("is no pattern"));
}
