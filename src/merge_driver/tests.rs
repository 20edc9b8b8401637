//! Merges of small files, and laws.

use proptest::prelude::*;

use super::*;

fn merged(kind: Kind, base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
    let sides = Sides { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
    let merged = merge(Some(kind), &sides, 7);
    (String::from_utf8(merged.content).unwrap(), merged.doubts)
}

fn clean(kind: Kind, base: &str, ours: &str, theirs: &str) -> String {
    let (text, doubts) = merged(kind, base, ours, theirs);
    assert_eq!(doubts, [""; 0], "{text}");
    text
}

const MANIFEST: &str = "<ImportExportXml version=\"9.1\">\r
  <SolutionManifest>\r
    <UniqueName>Fab</UniqueName>\r
    <Version>1.0.0.0</Version>\r
    <RootComponents>\r
      <RootComponent type=\"29\" id=\"{a}\" behavior=\"0\" />\r
      <RootComponent type=\"29\" id=\"{b}\" behavior=\"0\" />\r
    </RootComponents>\r
    <MissingDependencies />\r
  </SolutionManifest>\r
</ImportExportXml>";

fn with(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn needs(names: &[&str]) -> String {
    let mut text = String::from("<MissingDependencies>\r\n");
    for name in names {
        text.push_str(&format!(
            "      <MissingDependency>\r\n        <Required type=\"1\" schemaName=\"{name}\" solution=\"Base (1.0)\" />\r\n        <Dependent type=\"29\" id=\"{{a}}\" />\r\n      </MissingDependency>\r\n"
        ));
    }
    text + "    </MissingDependencies>"
}

const NO_NEEDS: &str = "<MissingDependencies />";

#[test]
fn rows_that_both_sides_added_are_united() {
    let row = |id: &str| format!("<RootComponent type=\"29\" id=\"{{{id}}}\" behavior=\"0\" />");
    let b = row("b");
    let ours = with(MANIFEST, &[(&b, &format!("{b}\r\n      {}", row("c"))), (NO_NEEDS, &needs(&["x"]))]);
    let theirs = with(MANIFEST, &[(&b, &format!("{b}\r\n      {}", row("d"))), (NO_NEEDS, &needs(&["y"]))]);
    let text = clean(Kind::Xml, MANIFEST, &ours, &theirs);
    let expected = with(
        MANIFEST,
        &[(&b, &format!("{b}\r\n      {}\r\n      {}", row("d"), row("c"))), (NO_NEEDS, &needs(&["y", "x"]))],
    );
    assert_eq!(text, expected);
}

/// Both branches added the file: git has no base for it.
#[test]
fn a_file_that_both_sides_added_is_united_by_key() {
    let row = |id: &str| format!("<RootComponent type=\"29\" id=\"{{{id}}}\" behavior=\"0\" />");
    let b = row("b");
    let ours = with(MANIFEST, &[(&b, &format!("{b}\r\n      {}", row("c"))), (NO_NEEDS, &needs(&["x"]))]);
    let theirs = with(MANIFEST, &[(&b, &format!("{b}\r\n      {}", row("d"))), (NO_NEEDS, &needs(&["y"]))]);
    let expected = with(
        MANIFEST,
        &[(&b, &format!("{b}\r\n      {}\r\n      {}", row("d"), row("c"))), (NO_NEEDS, &needs(&["y", "x"]))],
    );
    for base in ["", "\u{feff}", "\n"] {
        assert_eq!(clean(Kind::Xml, base, &ours, &theirs), expected);
    }
    // A list of theirs where ours has none.
    assert_eq!(
        clean(Kind::Xml, "", MANIFEST, &with(MANIFEST, &[(NO_NEEDS, &needs(&["y"]))])),
        with(MANIFEST, &[(NO_NEEDS, &needs(&["y"]))])
    );

    let ours = "{\n  \"p\": {\n    \"a\": 1,\n    \"b\": {\n      \"x\": [1]\n    }\n  },\n  \"v\": \"1\"\n}";
    let theirs =
        "{\n  \"p\": {\n    \"a\": 1,\n    \"b\": {\n      \"y\": [2]\n    }\n  },\n  \"v\": \"1\"\n}";
    let text = clean(Kind::Json, "", ours, theirs);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value, serde_json::json!({ "p": { "a": 1, "b": { "x": [1], "y": [2] } }, "v": "1" }));
    assert_eq!(clean(Kind::Json, "", ours, ours), ours);
    assert_eq!(clean(Kind::Json, "", ours, ""), ours);
}

#[test]
fn what_both_sides_added_in_two_ways_is_a_conflict() {
    let theirs = with(MANIFEST, &[("1.0.0.0", "1.1.0.0"), (NO_NEEDS, &needs(&["y"]))]);
    let (text, doubts) = merged(Kind::Xml, "", MANIFEST, &theirs);
    assert!(doubts.len() == 1 && doubts[0].contains("Version"), "{doubts:?}");
    assert!(text.contains("<<<<<<<") && text.contains("1.0.0.0") && text.contains("1.1.0.0"), "{text}");
    assert!(text.contains(&needs(&["y"])) && !text.contains(NO_NEEDS), "{text}");

    let (ours, theirs) = ("{\n  \"b\": 2,\n  \"a\": 1\n}", "{\n  \"b\": 3,\n  \"a\": 1,\n  \"c\": 4\n}");
    let (text, doubts) = merged(Kind::Json, "", ours, theirs);
    assert!(doubts.len() == 1 && doubts[0].contains("/b"), "{doubts:?}");
    assert!(text.contains("<<<<<<<") && text.contains("\"c\": 4"), "{text}");
    assert_eq!(text.matches("\"a\": 1").count(), 1, "{text}");

    for (kind, ours, theirs) in [(Kind::Xml, "<a />", "<b />"), (Kind::Json, "[1]", "[2]")] {
        let (text, doubts) = merged(kind, "", ours, theirs);
        assert!(doubts.len() == 1 && text.contains(ours) && text.contains(theirs), "{text}");
    }
}

#[test]
fn a_doubt_says_nothing_that_an_unreadable_text_says() {
    for (kind, text) in [
        (Kind::Xml, "hunter2"),
        (Kind::Xml, "<hunter2>"),
        (Kind::Xml, "<a></hunter2>"),
        (Kind::Xml, "<a>&hunter2;</a>"),
        (Kind::Xml, "<a hunter2='1' hunter2='2'/>"),
        (Kind::Xml, "<hunter2:a/>"),
        (Kind::Json, "hunter2"),
        (Kind::Json, "{\"hunter2\"}"),
        (Kind::Json, "{\"hunter2\": 1, \"hunter2\": 2}"),
    ] {
        for base in ["", "<a/>", "{}"] {
            let (_, doubts) = merged(kind, base, text, "{\"a\": 1}");
            assert!(!doubts.is_empty() && !doubts.join(" ").contains("hunter2"), "{doubts:?}");
        }
    }
}

#[test]
fn what_one_side_took_out_is_out() {
    let a = "      <RootComponent type=\"29\" id=\"{a}\" behavior=\"0\" />\r\n";
    let b = "      <RootComponent type=\"29\" id=\"{b}\" behavior=\"0\" />\r\n";
    let ours = with(MANIFEST, &[(a, "")]);
    let theirs = with(MANIFEST, &[(b, ""), ("1.0.0.0", "1.1.0.0")]);
    let text = clean(Kind::Xml, MANIFEST, &ours, &theirs);
    assert_eq!(text, with(MANIFEST, &[(a, ""), (b, ""), ("1.0.0.0", "1.1.0.0")]));
    // Ours has no row any more, theirs a new one.
    let ours = with(MANIFEST, &[(a, ""), (b, "")]);
    let ours = with(&ours, &[("<RootComponents>\r\n    </RootComponents>", "<RootComponents />")]);
    let c = "      <RootComponent type=\"61\" schemaName=\"c\" />\r\n";
    let theirs = with(MANIFEST, &[(b, &format!("{b}{c}"))]);
    let text = clean(Kind::Xml, MANIFEST, &ours, &theirs);
    assert!(text.contains(&format!("<RootComponents>\r\n{c}    </RootComponents>")), "{text}");
}

#[test]
fn two_versions_are_a_doubt() {
    let ours = with(MANIFEST, &[("1.0.0.0", "1.1.0.0"), (NO_NEEDS, &needs(&["x"]))]);
    let theirs = with(MANIFEST, &[("1.0.0.0", "1.2.0.0"), (NO_NEEDS, &needs(&["y"]))]);
    let (text, doubts) = merged(Kind::Xml, MANIFEST, &ours, &theirs);
    assert_eq!(doubts, ["both sides changed ImportExportXml/SolutionManifest/Version"]);
    let region = "<<<<<<< ours\r\n    <Version>1.1.0.0</Version>\r\n=======\r\n    <Version>1.2.0.0</Version>\r\n>>>>>>> theirs\r\n";
    let expected =
        with(MANIFEST, &[("    <Version>1.0.0.0</Version>\r\n", region), (NO_NEEDS, &needs(&["y", "x"]))]);
    assert_eq!(text, expected);
}

#[test]
fn one_row_changed_in_two_ways_is_a_doubt() {
    let base = with(MANIFEST, &[(NO_NEEDS, &needs(&["x"]))]);
    let ours = with(&base, &[("(1.0)", "(1.1)")]);
    let theirs = with(&base, &[("(1.0)", "(1.2)"), ("behavior=\"0\"", "behavior=\"1\"")]);
    let (text, doubts) = merged(Kind::Xml, &base, &ours, &theirs);
    assert_eq!(doubts.len(), 1);
    assert!(
        text.contains(
            "<<<<<<< ours\r\n        <Required type=\"1\" schemaName=\"x\" solution=\"Base (1.1)\""
        ),
        "{text}"
    );
    assert!(text.contains("id=\"{a}\" behavior=\"1\""), "{text}");
    // Taken out on one side, changed on the other.
    let theirs = with(&base, &[(&needs(&["x"]), NO_NEEDS)]);
    let (text, doubts) = merged(Kind::Xml, &base, &ours, &theirs);
    assert_eq!(doubts.len(), 1, "{text}");
    assert!(text.contains("<<<<<<<") && text.contains(">>>>>>>"), "{text}");
}

#[test]
fn whatever_cannot_be_told_is_left_to_a_person() {
    let twice =
        "<RootComponents><RootComponent type='1' id='a'/><RootComponent type='1' id='a'/></RootComponents>";
    for (base, ours, theirs) in [
        ("<a>", "<a><b/></a>", "<a><c/></a>"),
        ("<a><b>1</b></a>", "<a><b>2</b></a>", "<a><b>3</b></a>"),
        ("<a/>", "<b/>", "<c/>"),
        (
            "<a><i n='1'/><i n='2'/></a>",
            "<a><i n='2'/><i n='1'/></a>",
            "<a><i n='1'/><i n='2'/><i n='3'/></a>",
        ),
        (twice, "<RootComponents/>", "<RootComponents><RootComponent type='1' id='b'/></RootComponents>"),
        ("", "<a/>", "<b/>"),
    ] {
        let (text, doubts) = merged(Kind::Xml, base, ours, theirs);
        assert_eq!(doubts.len(), 1, "{text}");
        assert_eq!(text, format!("<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n"));
    }
}

const FLOW: &str = r#"{
  "properties": {
    "definition": {
      "actions": {
        "First": {
          "type": "Compose",
          "inputs": "1"
        }
      },
      "outputs": {}
    },
    "list": [
      1
    ]
  }
}
"#;

#[test]
fn actions_that_both_sides_added_are_united() {
    let action =
        |name: &str| format!("        \"{name}\": {{\n          \"type\": \"Terminate\"\n        }}");
    let end = "\"inputs\": \"1\"\n        }";
    let ours = with(FLOW, &[(end, &format!("{end},\n{}", action("Ours"))), ("{}", "{\"o\": 1}")]);
    let theirs = with(FLOW, &[(end, &format!("{end},\n{}", action("Theirs"))), ("\"1\"", "\"2\"")]);
    let text = clean(Kind::Json, FLOW, &ours, &theirs);
    let expected = with(
        FLOW,
        &[
            (end, &format!("\"inputs\": \"2\"\n        }},\n{},\n{}", action("Theirs"), action("Ours"))),
            ("{}", "{\"o\": 1}"),
        ],
    );
    assert_eq!(text, expected);
}

#[test]
fn members_are_taken_out_with_their_commas() {
    let base = r#"{"a":1, "b":2, "c":3, "d":4}"#;
    for (ours, theirs, expected) in [
        (r#"{"b":2, "c":3, "d":4}"#, r#"{"a":1, "b":2, "c":3}"#, r#"{"b":2, "c":3}"#),
        (r#"{"a":9, "b":2, "c":3, "d":4}"#, r#"{"a":1}"#, r#"{"a":9}"#),
        (r#"{"a":1, "b":2, "c":3, "d":9}"#, r#"{"d":4}"#, r#"{ "d":9}"#),
        (r#"{"a":1, "b":2, "c":9, "d":4}"#, r#"{"c":3}"#, r#"{ "c":9}"#),
        (r#"{"a":1}"#, r#"{"b":2,"c":3,"d":4}"#, r#"{}"#),
        (r#"{"a":1, "d":4}"#, r#"{"e":5,"b":2,"c":3}"#, r#"{"e":5}"#),
        (r#"{}"#, r#"{"a":1, "b":2, "c":3, "d":4, "e":5}"#, r#"{ "e":5}"#),
        (
            r#"{"a":1, "b":2, "c":3, "d":9}"#,
            r#"{"e":5, "b":2, "c":3, "d":4}"#,
            r#"{"e":5, "b":2, "c":3, "d":9}"#,
        ),
    ] {
        assert_eq!(clean(Kind::Json, base, ours, theirs), expected, "{ours} {theirs}");
    }
}

#[test]
fn one_member_changed_in_two_ways_is_a_doubt() {
    let ours = with(FLOW, &[("\"inputs\": \"1\"", "\"inputs\": \"o\"")]);
    let theirs = with(FLOW, &[("\"inputs\": \"1\"", "\"inputs\": \"t\""), ("{}", "{\"t\": 1}")]);
    let (text, doubts) = merged(Kind::Json, FLOW, &ours, &theirs);
    assert_eq!(doubts, ["both sides changed /properties/definition/actions/First/inputs"]);
    let region =
        "<<<<<<< ours\n          \"inputs\": \"o\"\n=======\n          \"inputs\": \"t\"\n>>>>>>> theirs\n";
    let expected = with(FLOW, &[("          \"inputs\": \"1\"\n", region), ("{}", "{\"t\": 1}")]);
    assert_eq!(text, expected);
    // Lists are wholes, and one line has no region of its own.
    for (base, ours, theirs) in [
        (r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, r#"{"a":[1,3]}"#),
        (r#"{"a":{"b":1}}"#, r#"{}"#, r#"{"a":{"b":2}}"#),
        (r#"{}"#, r#"{"a":1}"#, r#"{"a":2}"#),
        (r#"{"a":1}"#, r#"{"a":1,"a":2}"#, r#"{"a":3}"#),
        (r#"[1]"#, r#"[1,2]"#, r#"[1,3]"#),
        (r#"{"a":1}"#, r#"{"a":"#, r#"{"a":3}"#),
    ] {
        let (text, doubts) = merged(Kind::Json, base, ours, theirs);
        assert_eq!(doubts.len(), 1, "{text}");
        assert_eq!(text, format!("<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n"));
    }
}

/// A small object, in one of two forms.
fn flow() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(serde_json::json!(1)),
        Just(serde_json::json!("x")),
        Just(serde_json::json!([1, 2]))
    ];
    let value = leaf.prop_recursive(3, 12, 3, |inner| {
        prop::collection::btree_map("[a-d]", inner, 0..4)
            .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()))
    });
    let object = prop::collection::btree_map("[a-d]", value, 0..4)
        .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()));
    (object, any::<bool>()).prop_map(|(value, is_pretty)| {
        if is_pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() }
    })
}

/// A small manifest.
fn manifest() -> impl Strategy<Value = String> {
    let rows = |prefix: &'static str| {
        prop::collection::btree_map("[a-e]", 0..2_u8, 0..4).prop_map(move |rows| {
            let rows = rows.into_iter().map(|(name, value)| {
                format!("\n    <{prefix} type=\"1\" schemaName=\"{name}\" behavior=\"{value}\" />")
            });
            rows.collect::<String>()
        })
    };
    (0..3_u8, rows("RootComponent"), any::<bool>()).prop_map(|(version, rows, is_spread)| {
        let text = format!(
            "<M>\n  <Version>{version}</Version>\n  <RootComponents>{rows}\n  </RootComponents>\n</M>\n"
        );
        if is_spread { text } else { text.replace('\n', "").replace("  ", "") }
    })
}

fn laws(kind: Kind, base: &str, one: &str, other: &str) {
    let value = |text: &str| match kind {
        Kind::Json => serde_json::from_str::<serde_json::Value>(text).unwrap().to_string(),
        Kind::Xml => String::new(),
    };
    let meaning = |text: &str| {
        let document = crate::xml::Document::parse(text.as_bytes().to_vec(), &crate::xml::Limits::default());
        let document = document.unwrap();
        crate::diff::Meanings::of(&document).get(document.root())
    };
    let are_equal = |left: &str, right: &str| match kind {
        Kind::Json => {
            let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            parsed(left) == parsed(right) || value(left) == value(right)
        }
        Kind::Xml => meaning(left) == meaning(right),
    };
    assert_eq!(clean(kind, base, one, base), one);
    assert_eq!(clean(kind, base, base, one), one);
    assert_eq!(clean(kind, base, one, one), one);
    let (there, doubts) = merged(kind, base, one, other);
    let (back, mirrored) = merged(kind, base, other, one);
    assert_eq!(doubts.is_empty(), mirrored.is_empty(), "{base}\n{one}\n{other}");
    if doubts.is_empty() {
        assert!(are_equal(&there, &back), "{base}\n{one}\n{other}\n{there}\n{back}");
        // What is merged again changes nothing any more.
        assert!(are_equal(&clean(kind, one, &there, one), &there));
        if are_equal(base, one) {
            assert!(are_equal(&there, other), "{base}\n{one}\n{other}\n{there}");
        }
    } else {
        assert!(there.contains("<<<<<<< ours") && there.contains(">>>>>>> theirs"), "{there}");
    }
}

/// What a merge of two values should be, said in another way; none for a doubt.
fn model(
    base: &serde_json::Value,
    one: &serde_json::Value,
    other: &serde_json::Value,
) -> Option<serde_json::Value> {
    use serde_json::Value;
    if one == other || base == other {
        return Some(one.clone());
    }
    if base == one {
        return Some(other.clone());
    }
    let (Value::Object(base), Value::Object(one), Value::Object(other)) = (base, one, other) else {
        return None;
    };
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let mut members = serde_json::Map::new();
    for name in names {
        let merged = match (base.get(name), one.get(name), other.get(name)) {
            (None, Some(one), None) => Some(one.clone()),
            (None, None, Some(other)) => Some(other.clone()),
            (None, Some(one), Some(other)) => Some((one == other).then(|| one.clone())?),
            (Some(base), Some(one), Some(other)) => Some(model(base, one, other)?),
            (Some(base), Some(rest), None) | (Some(base), None, Some(rest)) if base == rest => None,
            (Some(_), ..) => return None,
            (None, None, None) => None,
        };
        members.extend(merged.map(|merged| (name.clone(), merged)));
    }
    Some(Value::Object(members))
}

proptest! {
    #[test]
    fn merges_of_json_are_those_of_the_model(base in flow(), one in flow(), other in flow()) {
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let (text, doubts) = merged(Kind::Json, &base, &one, &other);
        let expected = model(&value(&base), &value(&one), &value(&other));
        prop_assert_eq!(doubts.is_empty(), expected.is_some(), "{}\n{}\n{}\n{}", base, one, other, text);
        if let Some(expected) = expected {
            prop_assert_eq!(value(&text), expected, "{}\n{}\n{}\n{}", base, one, other, text);
        }
    }

    #[test]
    fn merges_of_json_obey_the_laws(base in flow(), one in flow(), other in flow()) {
        laws(Kind::Json, &base, &one, &other);
    }

    #[test]
    fn merges_of_xml_obey_the_laws(base in manifest(), one in manifest(), other in manifest()) {
        laws(Kind::Xml, &base, &one, &other);
    }

    #[test]
    fn no_input_is_a_fault(base in ".{0,30}", ours in "[<>{}\":,a/ =\n]{0,30}", theirs in "[<>{}\":,a/ =\n]{0,30}") {
        for kind in [Some(Kind::Xml), Some(Kind::Json), None] {
            let sides = Sides { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
            merge(kind, &sides, 7);
        }
    }
}
