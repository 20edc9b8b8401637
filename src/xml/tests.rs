//! What is refused and where, and what the index says of what is read.

use std::borrow::Cow;

use super::*;

fn parse(text: &str) -> Result<Document, XmlError> {
    if text.len() < 10_000 {
        pieces::testing::give_the_same(text, &Limits::default());
    }
    Document::parse(text.as_bytes().to_vec(), &Limits::default())
}

fn document(text: &str) -> Document {
    parse(text).unwrap_or_else(|error| panic!("{text:?}: {error} at {:?}", error.position()))
}

/// Name of the fault's variant, and its byte offset.
fn fault(text: &str) -> (String, usize) {
    let error = parse(text).map(|_| ()).expect_err(text);
    let name = format!("{:?}", error.fault());
    (name.split([' ', '{']).next().unwrap_or_default().to_owned(), error.position().offset)
}

#[test]
fn each_fault_has_its_cause_and_its_place() {
    for (text, name, offset) in [
        // Outside of the outermost element.
        ("", "NoRoot", 0),
        ("  <!-- --> ", "NoRoot", 11),
        ("x<a/>", "TextOutside", 0),
        ("<a/> x", "TextOutside", 5),
        ("<a/>\n&lt;", "TextOutside", 5),
        ("<a/><![CDATA[]]>", "TextOutside", 4),
        ("\u{FEFF}\u{FEFF}<a/>", "TextOutside", 3),
        ("<a/><b/>", "SecondRoot", 4),
        ("<!DOCTYPE a><a/>", "Doctype", 0),
        ("<!doctype a><a/>", "Doctype", 0),
        ("<a><!DOCTYPE a></a>", "Doctype", 3),
        ("<a><!ELEMENT a></a>", "Name", 3),
        // Declarations and instructions.
        (" <?xml version='1.0'?><a/>", "MisplacedDeclaration", 1),
        ("<?xml?><a/>", "Declaration", 0),
        ("<?xml version='2.0'?><a/>", "Declaration", 15),
        ("<?xml encoding='utf-8'?><a/>", "Declaration", 6),
        ("<?xml version='1.0' standalone='maybe'?><a/>", "Declaration", 32),
        ("<?xml version='1.0' standalone='no' encoding='utf-8'?><a/>", "Declaration", 36),
        ("<?xml version='1.0' encoding='utf-16'?><a/>", "Encoding", 30),
        ("<?XML version='1.0'?><a/>", "Target", 2),
        ("<a><?1?></a>", "Name", 5),
        ("<a><?b:c d?></a>", "Name", 5),
        ("<a><??></a>", "Name", 5),
        ("<a><?></a>", "Name", 3),
        // Tags.
        ("< a/>", "Name", 1),
        ("<>", "Name", 1),
        ("<a:b:c/>", "Name", 1),
        ("<:a/>", "Name", 1),
        ("<a:/>", "Name", 1),
        ("<a b:1='x'/>", "Name", 3),
        ("<a$/>", "AttributeSyntax", 2),
        ("<a b/>", "AttributeSyntax", 4),
        ("<a b = />", "AttributeSyntax", 7),
        ("<a b=c/>", "AttributeSyntax", 5),
        ("<a b='1'c='2'/>", "AttributeSyntax", 8),
        ("<a b='<'/>", "LessThanInValue", 6),
        ("<a b='&'/>", "Ampersand", 6),
        ("<a b='1' c='2' b='3'/>", "DuplicateAttribute", 15),
        ("<a></a b='1'>", "EndTag", 3),
        ("<a></b>", "EndTag", 3),
        ("<a></ a>", "EndTag", 3),
        ("<a></a></a>", "EndWithoutStart", 7),
        ("</a>", "EndWithoutStart", 0),
        ("<a><b></b>", "Unclosed", 0),
        // Cut off.
        ("<", "CutOff", 0),
        ("<a", "CutOff", 0),
        ("<a b='>", "CutOff", 0),
        ("<a></a", "CutOff", 3),
        ("<a><!-- ", "CutOff", 3),
        ("<a><!-->", "CutOff", 3),
        ("<a><!--->", "CutOff", 3),
        ("<a><![CDATA[ ]>", "CutOff", 3),
        ("<a><![cdata[]]></a>", "Name", 3),
        ("<a><?b ", "CutOff", 3),
        // Text.
        ("<a>]]></a>", "CDataEnd", 3),
        ("<a b=']]>'><![CDATA[]]>x]]></a>", "CDataEnd", 24),
        ("<a>x & y</a>", "Ampersand", 5),
        ("<a>&amp</a>", "Ampersand", 3),
        ("<a>&#;</a>", "Ampersand", 3),
        ("<a>&#x;</a>", "Ampersand", 3),
        ("<a>&#X41;</a>", "Ampersand", 3),
        ("<a>&#+65;</a>", "Ampersand", 3),
        ("<a>&nbsp;</a>", "Entity", 3),
        ("<a>&#xFFFE;</a>", "CharacterReference", 3),
        ("<a>&#1114112;</a>", "CharacterReference", 3),
        ("<a>&#99999999999999999999;</a>", "CharacterReference", 3),
        ("<a>\u{1}</a>", "Character", 3),
        ("<a b='\u{FFFF}'/>", "Character", 6),
        ("<a><!-- -- --></a>", "Comment", 8),
        ("<a><!-- ---></a>", "Comment", 8),
        // Namespaces.
        ("<a b:c=''/>", "UndeclaredPrefix", 3),
        ("<a><b xmlns:p='u'/><p:c/></a>", "UndeclaredPrefix", 20),
        ("<a xmlns:p=''/>", "EmptyNamespace", 3),
        ("<a xmlns:xmlns='u'/>", "ReservedPrefix", 3),
        ("<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", "ReservedPrefix", 3),
        ("<a xmlns:p='http://www.w3.org/XML/1998/namespac&#101;'/>", "ReservedPrefix", 3),
        ("<a xmlns='http://www.w3.org/XML/1998/namespace'/>", "ReservedPrefix", 3),
        ("<xmlns:a/>", "ReservedPrefix", 1),
        ("<a xmlns:p='u' xmlns:q='&#117;' p:x='' q:x=''/>", "DuplicateAttribute", 39),
    ] {
        assert_eq!(fault(text), (name.to_owned(), offset), "{text}");
    }
}

#[test]
fn what_xml_allows_is_read() {
    for text in [
        "<a/>",
        "\u{FEFF}<?xml version='1.0' encoding=\"UTF-8\" standalone='yes' ?>\r\n<!-- a - b --><?p?><a/>\n<?q >?>",
        "<a></a  >",
        "<é ü='&#x41;&#65;&apos;'>\u{FEFF}\u{85}\u{10FFFF}</é>",
        "<a b='>'>]] > ]>&gt;</a>",
        "<a b = '1'\n\tc\r\n=\"'\"/>",
        "<a><!----><!-- > --><!-->--></a>",
        "<a><![CDATA[]]]]><![CDATA[>& < ]]]></a>",
        "<a xml:space='preserve' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<p:a xmlns:p='u' xmlns:q='v' p:x='' q:x='' x=''><b xmlns:p='w' xmlns=''/></p:a>",
        "<a>&#x0000000000000000000000000000000000000000000000000000000000000000000000000041;</a>",
    ] {
        document(text);
    }
}

#[test]
fn limits_hold_and_can_be_raised() {
    let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    document(&deep(512));
    assert_eq!(fault(&deep(513)), ("Depth".to_owned(), 512 * 3));
    let wide = |count: usize| {
        let attributes: String = (0..count).map(|number| format!(" a{number}=''")).collect();
        format!("<a{attributes}/>")
    };
    document(&wide(1024));
    assert_eq!(fault(&wide(1025)).0, "Attributes");
    let long = |bytes: usize| format!("<a b='{}'/>", "x".repeat(bytes - "<a b=''/>".len()));
    document(&long(1 << 20));
    assert_eq!(fault(&long((1 << 20) + 1)), ("Token".to_owned(), 0));
    let raised = Limits { depth: 513, attributes: 1025, token_bytes: (1 << 20) + 1 };
    for text in [deep(513), wide(1025), long((1 << 20) + 1)] {
        assert!(Document::parse(text.into_bytes(), &raised).is_ok());
    }
}

#[test]
fn a_wrong_encoding_is_named() {
    let refused = |bytes: &[u8]| Document::parse(bytes.to_vec(), &Limits::default()).expect_err("refused");
    assert_eq!(
        refused(b"\xFF\xFE<\0a\0").to_string(),
        "the text is UTF-16 (little endian); only UTF-8 is read"
    );
    let declared = refused(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xE9</a>");
    assert_eq!(declared.to_string(), "the text is declared as iso-8859-1; only UTF-8 is read");
    assert_eq!(declared.position().offset, 30);
    let plain = refused(b"<a>\n\xE9</a>");
    assert_eq!(*plain.fault(), XmlFault::NotUtf8 {});
    assert_eq!((plain.position().line, plain.position().column), (2, 1));
}

#[test]
fn a_place_counts_characters_and_no_byte_order_mark() {
    let document = document("\u{FEFF}<a><b/>\n  é<c/></a>");
    let places: Vec<_> = document.root().children().map(|child| child.position()).collect();
    assert_eq!((places[0].offset, places[0].line, places[0].column), (6, 1, 4));
    assert_eq!((places[1].line, places[1].column), (2, 4));
}

#[test]
fn text_joins_the_direct_pieces() {
    let document = document("<a>one &lt;<!-- no --><b>skip</b><![CDATA[<two> & ]]>three<?p i?></a>");
    assert_eq!(document.root().text(), "one <<two> & three");
}

#[test]
fn plain_text_is_borrowed() {
    assert!(matches!(document("<a> x\r\n </a>").root().text(), Cow::Borrowed(" x\r\n ")));
    assert!(matches!(document("<a/>").root().text(), Cow::Borrowed("")));
    assert_eq!(document("<a>&#13;&quot;&apos;&#x1F600;</a>").root().text(), "\r\"'\u{1F600}");
}

#[test]
fn a_literal_blank_in_a_value_is_a_space_and_a_written_one_stays() {
    let document = document("<a b='1\t2\r\n3\r4\n5&#10;6&#9;7&#13;8&amp;amp;'/>");
    assert_eq!(document.root().attribute("b").as_deref(), Some("1 2 3 4 5\n6\t7\r8&amp;"));
}

#[test]
fn attributes_are_found_with_the_place_of_their_value() {
    let text = "<a\n b = 'é' c=\"x=y/>\" /><!-- -->";
    let document = document(text);
    let found: Vec<_> = document.root().attributes().collect();
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].name, found[0].raw_value), ("b", "é"));
    assert_eq!((found[1].name, found[1].raw_value), ("c", "x=y/>"));
    for attribute in found {
        assert!(text[attribute.value_offset..].starts_with(attribute.raw_value));
    }
}

#[test]
fn the_index_knows_how_an_element_is_written() {
    let document = document("<a><b/><b></b><b /><b b='/'></b></a>");
    let forms: Vec<bool> = document.root().children().map(|child| child.is_empty_tag()).collect();
    assert_eq!(forms, [true, false, true, false]);
}

#[test]
fn nodes_are_all_there_is() {
    let text = "\u{FEFF}<?xml version='1.0'?>\n<!--c--><a>t<b/><![CDATA[d]]><?p?>&lt;</a>\n";
    let document = document(text);
    let kinds: Vec<NodeKind> = document.nodes().map(|node| node.kind).collect();
    use NodeKind::*;
    assert_eq!(kinds, [Declaration, Text, Comment, Element, Text]);
    let inside: Vec<(NodeKind, &str)> =
        document.root().nodes().map(|node| (node.kind, &text[node.range])).collect();
    assert_eq!(
        inside,
        [(Text, "t"), (Element, "<b/>"), (CData, "<![CDATA[d]]>"), (Instruction, "<?p?>"), (Text, "&lt;")]
    );
}

#[test]
fn a_tree_is_walked_in_both_directions() {
    let document = document("<a><b><c/></b><!-- --><d><c/></d></a>");
    let names = |elements: Vec<Element<'_>>| elements.iter().map(|e| e.name().to_owned()).collect::<String>();
    assert_eq!(names(document.root().children().collect()), "bd");
    assert_eq!(names(document.root().descendants().collect()), "bcdc");
    let last = document.root().descendants().last().expect("c");
    assert_eq!(last.parent().map(|parent| parent.name()), Some("d"));
    assert!(document.root().parent().is_none());
}

#[test]
fn many_attributes_and_prefixes_take_linear_time() {
    // A quadratic check of any of these would take minutes.
    let attributes: String = (0..1000).map(|number| format!(" n:a{number}=''")).collect();
    let tags = format!("<b{attributes}/>").repeat(200);
    let name = "u".repeat(500_000);
    document(&format!("<a xmlns:n='{name}'>{tags}</a>"));
    let declared: String = (0..1000).map(|number| format!(" xmlns:p{number}='{number}'")).collect();
    document(&format!("<a{declared}>{}</a>", "<p0:b/>".repeat(200_000)));
}
