//! Every hostile XML and JSON text gets its verdict, for the right reason.

mod support;

use solship::json;
use solship::xml::{Document, Limits};

/// The fault of each case that is refused, by the name of its variant.
const XML: &[(&str, &str)] = &[
    ("01-billion-laughs", "Doctype"),
    ("02-quadratic-blowup", "Doctype"),
    ("03-external-entity", "Doctype"),
    ("04-external-dtd", "Doctype"),
    ("05-undefined-entity", "Entity"),
    ("06-deep-1000", "Depth"),
    ("07-deep-200000", "Depth"),
    ("08-attrs-50000", "Attributes"),
    ("09-xmlns-50000", "Attributes"),
    ("10-duplicate-attr", "DuplicateAttribute"),
    ("11-ns-duplicate-attr", "DuplicateAttribute"),
    ("12-mismatched-end", "EndTag"),
    ("13-unclosed", "Unclosed"),
    ("14-two-roots", "SecondRoot"),
    ("15-text-after-root", "TextOutside"),
    ("16-nul-byte", "Character"),
    ("17-control-charref", "CharacterReference"),
    ("18-bad-utf8", "NotUtf8"),
    ("19-utf16-bom", "Encoding"),
    ("20-decl-lies-latin1", "Encoding"),
    ("21-latin1-no-decl", "NotUtf8"),
    ("24-space-before-decl", "MisplacedDeclaration"),
    ("25-cdata-close-in-text", "CDataEnd"),
    ("26-double-hyphen-comment", "Comment"),
    ("27-lt-in-attr", "LessThanInValue"),
    ("28-unquoted-attr", "AttributeSyntax"),
    ("29-no-space-attrs", "AttributeSyntax"),
    ("30-bare-amp", "Ampersand"),
    ("31-undeclared-prefix", "UndeclaredPrefix"),
    ("32-xmlns-rebind-xml", "ReservedPrefix"),
    ("33-empty", "NoRoot"),
    ("34-only-decl", "NoRoot"),
    ("35-pi-xml-inside", "MisplacedDeclaration"),
    ("36-10MB-attr", "Token"),
    ("37-bad-name", "Name"),
    ("38-truncated-tag", "CutOff"),
    ("39-surrogate-charref", "CharacterReference"),
];

/// The same for JSON.
const JSON: &[(&str, &str)] = &[
    ("02-deep-129", "Depth"),
    ("03-deep-1e6", "Depth"),
    ("12-NaN", "IllFormed"),
    ("13-trailing-comma", "IllFormed"),
    ("14-comment", "IllFormed"),
    ("16-lone-surrogate", "IllFormed"),
    ("20-raw-control", "IllFormed"),
    ("21-bad-utf8", "NotUtf8"),
    ("22-trailing-garbage", "IllFormed"),
    ("23-two-docs", "IllFormed"),
    ("24-empty", "CutOff"),
    ("25-leading-zero", "IllFormed"),
    ("26-single-quotes", "IllFormed"),
    ("27-truncated", "CutOff"),
];

/// The name of the variant.
fn name(fault: &impl std::fmt::Debug) -> String {
    format!("{fault:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
}

#[test]
fn every_xml_case_has_its_verdict() {
    let Some(hostile) = support::shared("hostile") else { return };
    let table = fs_err::read_to_string(hostile.join("expected.tsv")).expect("expected.tsv");
    let mut cases = 0;
    for line in table.lines().filter(|line| line.starts_with("xml\t")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let case = columns[1];
        let bytes = fs_err::read(hostile.join(format!("xml/{case}.xml"))).expect("a case");
        let copy = bytes.clone();
        let verdict = Document::parse(bytes, &Limits::default());
        let expected = XML.iter().find(|(name, _)| *name == case).map(|(_, fault)| (*fault).to_owned());
        assert_eq!(columns[2] == "reject", expected.is_some(), "{case}: the table here");
        assert_eq!(verdict.as_ref().err().map(|error| name(error.fault())), expected, "{case}");
        if let Ok(document) = verdict {
            assert_eq!(document.bytes(), copy, "{case}: bytes kept");
        }
        cases += 1;
    }
    assert!(cases >= 41);
}

#[test]
fn every_json_case_has_its_verdict() {
    let Some(hostile) = support::shared("hostile") else { return };
    let table = fs_err::read_to_string(hostile.join("expected.tsv")).expect("expected.tsv");
    let mut cases = 0;
    for line in table.lines().filter(|line| line.starts_with("json\t")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let case = columns[1];
        let bytes = fs_err::read(hostile.join(format!("json/{case}.json"))).expect("a case");
        let verdict = json::Document::parse(bytes.clone());
        let expected = JSON.iter().find(|(name, _)| *name == case).map(|(_, error)| (*error).to_owned());
        assert_eq!(columns[2] == "reject", expected.is_some(), "{case}: the table here");
        assert_eq!(verdict.as_ref().err().map(name), expected, "{case}");
        if let Ok(document) = verdict {
            assert_eq!(document.bytes(), bytes, "{case}: bytes kept");
            let has_duplicate = columns.get(3).is_some_and(|why| why.contains("both places"));
            assert_eq!(!document.duplicate_keys().is_empty(), has_duplicate, "{case}");
        }
        cases += 1;
    }
    assert!(cases >= 30);
}
