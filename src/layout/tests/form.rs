//! The form of the XML that is written.

use super::super::canonical::{Edits, NoFill, XmlWriter};
use super::*;
use crate::xml::{Document, Limits};

fn write(xml: &str, line_end: LineEnd) -> String {
    let document = Document::parse(xml.into(), &Limits::default()).unwrap();
    let mut out = Vec::new();
    let mut writer = XmlWriter::new(&mut out, line_end);
    writer.before_root(&document, 0);
    writer.element(&document, document.root().index(), 0, None, &Edits::default(), &NoFill).unwrap();
    writer.after_root(&document, 0);
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

/// `xml` is written as `expected`, which is written as itself, and says the same.
#[track_caller]
fn form(xml: &str, expected: &str) {
    let written = write(xml, LineEnd::Crlf);
    assert_eq!(written, file(expected));
    assert_eq!(write(&written, LineEnd::Crlf), written, "not stable");
    let lf = write(&written, LineEnd::Lf);
    assert_eq!(lf, file(expected).replace("\r\n", "\n"));
    assert_eq!(write(&lf, LineEnd::Crlf), written);
    let parse = |text: &str| Document::parse(text.into(), &Limits::default()).unwrap();
    assert_eq!(difference(&parse(xml), &parse(&written)), None);
    assert_eq!(difference(&parse(xml), &parse(&lf)), None);
}

#[test]
fn indent() {
    form("<a><b><c>1</c></b><b/></a>", "<a>\n  <b>\n    <c>1</c>\n  </b>\n  <b />\n</a>");
    form("<a>\n\t\t<b>  x  </b>\n\n</a>", "<a>\n  <b>  x  </b>\n</a>");
}

#[test]
fn empty_elements() {
    form(
        "<a><b></b><b/><b />\n<b>\n</b><b> </b></a>",
        "<a>\n  <b></b>\n  <b />\n  <b />\n  <b></b>\n  <b> </b>\n</a>",
    );
}

#[test]
fn mixed_content_is_left_as_it_is() {
    form("<a><b>one <c><d/>  </c> two</b></a>", "<a>\n  <b>one <c><d />  </c> two</b>\n</a>");
    form("<a><b/>late</a>", "<a><b />late</a>");
    form("<a xml:space=\"preserve\"> <b/> </a>", "<a xml:space=\"preserve\"> <b /> </a>");
    form("<a><b xml:space='preserve'>\n</b></a>", "<a>\n  <b xml:space=\"preserve\">\n</b>\n</a>");
}

#[test]
fn attributes() {
    form("<a  b = '1'\n c=\"&apos;&#65;>\"/>", "<a b=\"1\" c=\"'A&gt;\" />");
    form("<a b='\"&quot;'/>", "<a b=\"&quot;&quot;\" />");
    form("<a b=\"1\n2\t3&#10;4&#13;5&#9;6\"/>", "<a b=\"1 2 3&#xA;4&#xD;5&#x9;6\" />");
    form("<a b=\"&lt;&amp;&#x26;&#60;\" />", "<a b=\"&lt;&amp;&amp;&lt;\" />");
}

#[test]
fn texts() {
    form("<a>\"&quot;&apos;' > &#62; &#x26; &#xe9;</a>", "<a>\"\"'' &gt; &gt; &amp; \u{e9}</a>");
    form("<a>one\rtwo\nthree\r\nfour&#13;&#xD;</a>", "<a>one\ntwo\nthree\nfour&#xD;&#xD;</a>");
    form("<a>one&#10;two&#9;</a>", "<a>one\ntwo\t</a>");
}

#[test]
fn references_to_white_space_are_kept_where_they_are_all_there_is() {
    form(
        "<a><b>&#10;</b><b>&#32;</b><b>&#9; </b></a>",
        "<a>\n  <b>&#xA;</b>\n  <b>&#x20;</b>\n  <b>&#x9; </b>\n</a>",
    );
    form("<a>&#10;<b/></a>", "<a>&#xA;<b /></a>");
}

#[test]
fn comments_cdata_and_instructions_are_kept() {
    form(
        "<?xml version='1.0'?><!-- top --><a><!-- one\ntwo --><b><![CDATA[<&>\n]]></b><?go on?></a><?end?>",
        "<!-- top -->\n<a>\n  <!-- one\ntwo -->\n  <b><![CDATA[<&>\n]]></b>\n  <?go on?>\n</a>\n<?end?>",
    );
    form("<a><!-- only --></a>", "<a>\n  <!-- only -->\n</a>");
}

#[test]
fn depth_does_not_matter() {
    let depth = 500;
    let xml = format!("{}x{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(write(&xml, LineEnd::Lf).contains(&format!("\n{}<a>x</a>", "  ".repeat(depth - 1))));
}

#[test]
fn a_difference_is_told_with_its_place() {
    let parse = |text: &str| Document::parse(text.into(), &Limits::default()).unwrap();
    let found = difference(&parse("<a><b c='1'/></a>"), &parse("<a>\n<b c='2'/></a>")).unwrap();
    assert_eq!((found.path.as_str(), found.left.unwrap().column, found.right.unwrap().line), ("a/b", 4, 2));
    for (left, right) in [
        ("<a>x</a>", "<a>y</a>"),
        ("<a> </a>", "<a></a>"),
        ("<a><b/></a>", "<a/>"),
        ("<a/>", "<a><b/></a>"),
        ("<a><b/><c/></a>", "<a><c/><b/></a>"),
        ("<a><!--x--></a>", "<a><!--y--></a>"),
        ("<a><![CDATA[x]]></a>", "<a>x</a>"),
        ("<a>x <b/></a>", "<a>x<b/></a>"),
        ("<a b='&#10;'/>", "<a b=' '/>"),
        ("<!--x--><a/>", "<a/>"),
        (
            "<a><Roles><Role a='1'/><Role a='2'/></Roles></a>",
            "<a><Roles><Role a='1'/><Role a='1'/></Roles></a>",
        ),
    ] {
        assert!(difference(&parse(left), &parse(right)).is_some(), "{left} {right}");
    }
    // Of rows in any order the one that was changed is told, not what stands beside it in the order of checksums.
    let role = |name: char, value: char| format!("<Role name='{name}'>\n<b c='{value}'/></Role>");
    let roles = |rows: &[String]| parse(&format!("<a><Roles>{}</Roles></a>", rows.concat()));
    for changed in 'a'..='h' {
        let before: Vec<String> = ('a'..='h').map(|name| role(name, '1')).collect();
        let after: Vec<String> =
            ('a'..='h').rev().map(|name| role(name, if name == changed { '2' } else { '1' })).collect();
        let found = difference(&roles(&before), &roles(&after)).unwrap();
        let line = |position: Option<crate::text::Position>| position.unwrap().line;
        let number = u32::from(changed) - u32::from('a');
        assert_eq!(found.path, "a/Roles/Role/b");
        assert_eq!((line(found.left), line(found.right)), (2 + number, 9 - number));
        let gone = difference(&roles(&before), &roles(&after[1..])).unwrap();
        assert_eq!((gone.path.as_str(), gone.right), ("a/Roles/Role", None));
    }
    for (left, right) in [
        ("<a b='1' c='2'/>", "<a c='2' b=\"1\"></a>"),
        ("<a>&#65;&gt;</a>", "<a>A></a>"),
        ("<a>\n<b/>\n</a>", "<a><b/></a>"),
        (
            "<a><Roles><Role a='1'/><Role a='2'/></Roles></a>",
            "<a><Roles><Role a='2'/><Role a='1'/></Roles></a>",
        ),
    ] {
        assert_eq!(difference(&parse(left), &parse(right)), None, "{left} {right}");
    }
}
