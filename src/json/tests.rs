//! What is refused and where, and where the parts of what is read stand.

use super::*;

fn document(text: &str) -> Document {
    Document::parse(text.as_bytes().to_vec()).expect("well-formed")
}

#[test]
fn a_pointer_leads_to_line_and_column() {
    let document = document("\u{FEFF}{\n  \"a/b\": [1, {\"~\": \"é\"}, true],\n  \"c\": null }");
    let place = |pointer: &str| document.position(pointer).map(|found| (found.line, found.column));
    assert_eq!(place("/a~1b"), Some((2, 10)));
    assert_eq!(place("/a~1b/0"), Some((2, 11)));
    assert_eq!(place("/a~1b/1/~0"), Some((2, 20)));
    assert_eq!(place("/a~1b/2"), Some((2, 26)));
    assert_eq!(place("/c"), Some((3, 8)));
    assert_eq!(place("/d"), None);
    assert_eq!(place("/a~1b/7"), None);
}

#[test]
fn a_key_that_stands_twice_is_named_with_both_places_and_the_last_one_counts() {
    let document = document("{\"x\": [{\"k\": 1, \"\\u006b\": 2}]}");
    let [duplicate] = document.duplicate_keys() else { panic!("one") };
    assert_eq!(duplicate.pointer, "/x/0/k");
    assert_eq!((duplicate.first.column, duplicate.second.column), (9, 17));
    assert_eq!(document.value().pointer("/x/0/k"), Some(&2.into()));
    assert_eq!(document.position("/x/0/k").map(|found| found.column), Some(27));
}

#[test]
fn many_members_are_compared_too() {
    let members: Vec<String> = (0..20).chain([7]).map(|number| format!("\"k{number}\": 0")).collect();
    let document = document(&format!("{{{}}}", members.join(",")));
    assert_eq!(document.duplicate_keys()[0].pointer, "/k7");
}

#[test]
fn a_fault_has_its_place_and_no_place_in_its_words() {
    let error = Document::parse(b"\xEF\xBB\xBF{\n \"a\": x}".to_vec()).expect_err("ill-formed");
    assert_eq!((error.position().line, error.position().column), (2, 7));
    assert_eq!(error.to_string(), "ill-formed JSON: expected value");
}

#[test]
fn a_utf_16_text_is_named_as_one() {
    let error = Document::parse(b"\xFF\xFE{\0}\0".to_vec()).expect_err("UTF-16");
    assert_eq!(error.to_string(), "the text is UTF-16 (little endian); only UTF-8 is read");
}

/// Name of the error's variant, and its byte offset.
fn fault(bytes: &[u8]) -> (String, usize) {
    let error = Document::parse(bytes.to_vec()).map(|_| ()).expect_err("refused");
    let name = format!("{error:?}");
    (name.split([' ', '{']).next().unwrap_or_default().to_owned(), error.position().offset)
}

#[test]
fn each_fault_has_its_cause_and_its_place() {
    for (text, name, offset) in [
        (&b""[..], "CutOff", 0),
        (b"\xEF\xBB\xBF", "CutOff", 3),
        (b"{\"a\":", "CutOff", 5),
        (b"[1,\n\"a", "CutOff", 6),
        (b"NaN", "IllFormed", 0),
        (b"[1,]", "IllFormed", 3),
        (b"[1] // c", "IllFormed", 4),
        (b"{}\n{}", "IllFormed", 3),
        (b"01", "IllFormed", 1),
        (b"{'a':1}", "IllFormed", 1),
        (b"\xEF\xBB\xBF\n\n {'a':1}", "IllFormed", 7),
        (b"\"a\nb\"", "IllFormed", 2),
        ("[é]".as_bytes(), "IllFormed", 1),
        (b"\"\xFF\"", "NotUtf8", 1),
        (b"{\0}\0", "Encoding", 0),
        (b"\0\0\xFE\xFF", "Encoding", 0),
    ] {
        assert_eq!(fault(text), (name.to_owned(), offset), "{}", text.escape_ascii());
    }
}

#[test]
fn depth_has_a_limit_that_is_named() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let pointer = "/0".repeat(126);
    assert_eq!(document(&deep(127)).position(&pointer).map(|found| found.offset), Some(126));
    assert_eq!(fault(deep(128).as_bytes()), ("Depth".to_owned(), 127));
    let error = Document::parse("[".repeat(1_000_000).into_bytes()).expect_err("too deep");
    assert_eq!(error.to_string(), "over the limit of 127 levels of objects and arrays");
}

#[test]
fn a_pointer_is_read_as_its_rfc_says() {
    let document = document("{\"\": 1, \"a\": [0, 1], \"~1\": 2, \"01\": {\"0\": 3}}");
    let found = |pointer: &str| document.position(pointer).map(|found| found.offset);
    for pointer in ["", "/", "/a", "/a/0", "/a/1", "/~01", "/01/0"] {
        assert!(found(pointer).is_some() && document.value().pointer(pointer).is_some(), "{pointer}");
    }
    for pointer in ["a", "/a/01", "/a/+1", "/a/-", "/a/2", "/a/", "/a/0/0", "/~1", "/b"] {
        assert_eq!(found(pointer), None, "{pointer}");
        assert_eq!(document.value().pointer(pointer), None, "{pointer}");
    }
}

#[test]
fn a_key_has_a_place_too() {
    let document = document("{ \"a\": [ {\"b\" : 1} ] }");
    let found = |pointer: &str| document.position_of_key(pointer).map(|found| found.offset);
    assert_eq!(found("/a"), Some(2));
    assert_eq!(found("/a/0/b"), Some(10));
    assert_eq!(found("/a/0"), None);
    assert_eq!(found(""), None);
}

#[test]
fn a_key_that_stands_three_times_is_reported_twice_in_the_order_of_the_text() {
    let document = document("{\"b\":1,\"a\":1,\"a\":2,\"b\":2,\"a\":3}");
    let found: Vec<_> = document
        .duplicate_keys()
        .iter()
        .map(|key| (key.pointer.as_str(), key.first.offset, key.second.offset))
        .collect();
    assert_eq!(found, [("/a", 7, 13), ("/b", 1, 19), ("/a", 7, 25)]);
}

#[test]
fn many_requests_and_many_duplicates_take_little_time() {
    // Each of these would take minutes if a request or a report cost as much as the text is long.
    let members: String = (0..60_000).map(|number| format!("\"é{number}\":[{number}],")).collect();
    let long = document(&format!("{{{members}\"last\":[{}0]}}", "0,".repeat(100_000)));
    for number in 0..60_000 {
        assert!(long.position(&format!("/é{number}/0")).is_some());
        assert!(long.position(&format!("/last/{number}")).is_some());
    }
    let twice: String = (0..50_000).map(|number| format!("\"{number}\":0,")).collect::<String>().repeat(2);
    assert_eq!(document(&format!("{{{twice}\"\":0}}")).duplicate_keys().len(), 1000);
    let in_array = "{\"a\":0,\"a\":0},".repeat(50_000);
    assert_eq!(document(&format!("[{in_array}0]")).duplicate_keys().len(), 1000);
    let long_name = "x".repeat(600_000);
    let same = "\"a\":0,".repeat(100_000);
    assert_eq!(document(&format!("{{\"{long_name}\":{{{same}\"a\":0}}}}")).duplicate_keys().len(), 2);
}
