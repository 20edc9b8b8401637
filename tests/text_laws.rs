//! Laws of the XML and JSON readers, on texts made at random.

use proptest::prelude::*;
use solship::json;
use solship::xml::{Document, Element, Limits, Node, NodeKind};

/// An element as it is written and as it has to be read.
#[derive(Debug, Clone)]
struct Made {
    written: String,
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Made>,
}

/// What stands inside of an element: as written, as text, and as an element.
type Piece = (String, String, Option<Made>);

/// Written and meant.
fn characters(is_value: bool) -> impl Strategy<Value = (String, String)> {
    let plain = "[ a-z0-9=/#;é\u{4E2D}\u{1F600}\u{FEFF}]{0,6}".prop_map(|text| (text.clone(), text));
    let pair = |written: &str, meant: &str| Just((written.to_owned(), meant.to_owned()));
    let blank = if is_value { " " } else { "\n" };
    let one = prop_oneof![
        4 => plain,
        1 => pair("&amp;", "&"),
        1 => pair("&lt;", "<"),
        1 => pair("&#x41;", "A"),
        1 => pair("&#10;", "\n"),
        1 => pair("&#0000128512;", "\u{1F600}"),
        1 => pair("\n", blank),
        1 => pair(">", ">"),
    ];
    prop::collection::vec(one, 0..4).prop_map(|pieces| {
        pieces.into_iter().fold((String::new(), String::new()), |(written, meant), (more, means)| {
            (written + &more, meant + &means)
        })
    })
}

fn attributes() -> impl Strategy<Value = Vec<(String, String, String)>> {
    let one = ("[a-zé_][a-z0-9.-]{0,3}", characters(true), any::<bool>(), "[ \n\t]{1,2}", "[ \r]{0,1}")
        .prop_map(|(name, (written, meant), is_double, before, around)| {
            let quote = if is_double { '"' } else { '\'' };
            (format!("{before}{name}{around}={around}{quote}{written}{quote}"), name, meant)
        });
    prop::collection::vec(one, 0..4).prop_map(|mut attributes| {
        attributes.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
        attributes.dedup_by(|(_, one, _), (_, other, _)| one == other);
        attributes.retain(|(_, name, _)| name != "xmlns");
        attributes
    })
}

fn element(inside: impl Strategy<Value = Vec<Piece>>) -> impl Strategy<Value = Made> {
    let name = "[A-Za-zé_][A-Za-z0-9._-]{0,5}";
    (name, attributes(), inside, any::<bool>()).prop_map(|(name, attributes, inside, is_short)| {
        let tag: String = attributes.iter().map(|(written, ..)| written.as_str()).collect();
        let inner: String = inside.iter().map(|(written, ..)| written.as_str()).collect();
        let written = if inner.is_empty() && is_short {
            format!("<{name}{tag}/>")
        } else {
            format!("<{name}{tag} >{inner}</{name}\n>")
        };
        let text = inside.iter().map(|(_, text, _)| text.as_str()).collect();
        let children = inside.into_iter().filter_map(|(.., child)| child).collect();
        let attributes = attributes.into_iter().map(|(_, name, value)| (name, value)).collect();
        Made { written, name, attributes, text, children }
    })
}

fn other_piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        characters(false).prop_map(|(written, meant)| (written, meant, None)),
        "[a-z<&> é]{0,5}".prop_map(|text| (format!("<![CDATA[{text}]]>"), text, None)),
        "[a-z<&> ]{0,5}".prop_map(|text| (format!("<!--{text}-->"), String::new(), None)),
        "[a-z<&> ]{0,5}".prop_map(|text| (format!("<?p {text}?>"), String::new(), None)),
    ]
}

fn root() -> impl Strategy<Value = Made> {
    let leaf = element(prop::collection::vec(other_piece(), 0..3));
    leaf.prop_recursive(4, 40, 5, |inner| {
        let child = inner.prop_map(|made| (made.written.clone(), String::new(), Some(made)));
        element(prop::collection::vec(prop_oneof![other_piece(), child], 0..5))
    })
}

fn check(element: Element<'_>, made: &Made) {
    assert_eq!(element.name(), made.name);
    let attributes: Vec<(String, String)> = element
        .attributes()
        .map(|attribute| (attribute.name.to_owned(), attribute.value().into_owned()))
        .collect();
    assert_eq!(attributes, made.attributes);
    assert_eq!(element.text(), made.text);
    let children: Vec<Element<'_>> = element.children().collect();
    assert_eq!(children.len(), made.children.len());
    for (child, made) in children.into_iter().zip(&made.children) {
        check(child, made);
    }
}

fn append<'d>(nodes: impl Iterator<Item = Node<'d>>, text: &str, whole: &mut String) {
    for node in nodes {
        let Some(element) = node.element else {
            assert_ne!(node.kind, NodeKind::Element);
            whole.push_str(&text[node.range]);
            continue;
        };
        let (range, inner) = (element.range(), element.inner_range());
        whole.push_str(&text[range.start..inner.start]);
        append(element.nodes(), text, whole);
        whole.push_str(&text[inner.end..range.end]);
    }
}

fn parts(document: &Document, text: &str) -> String {
    let mut whole = String::new();
    append(document.nodes(), text, &mut whole);
    whole
}

/// A JSON text with blanks and escapes at random places.
fn json_text() -> impl Strategy<Value = String> {
    let blank = || "[ \n\r\t]{0,2}";
    let string = || {
        let piece = prop_oneof![
            Just("\\\"".to_owned()),
            Just("\\\\".to_owned()),
            Just("\\u0041".to_owned()),
            "[a-cé~/:{\\[,]{0,3}"
        ];
        prop::collection::vec(piece, 0..3).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
    };
    let leaf = prop_oneof![
        string(),
        Just("true".to_owned()),
        Just("null".to_owned()),
        "-?[1-9][0-9]{0,2}(\\.[0-9])?([eE][+-]?[0-9])?"
    ];
    let value = leaf.prop_recursive(4, 60, 6, move |inner| {
        let inside = |item: BoxedStrategy<String>| prop::collection::vec(item, 0..6);
        let item = (blank(), inner.clone(), blank())
            .prop_map(|(before, item, after)| format!("{before}{item}{after}"))
            .boxed();
        let member = (blank(), string(), blank(), blank(), inner, blank())
            .prop_map(|(before, key, a, b, item, after)| format!("{before}{key}{a}:{b}{item}{after}"))
            .boxed();
        prop_oneof![
            inside(item).prop_map(|items| format!("[{}]", items.join(","))),
            inside(member).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    });
    (any::<bool>(), blank(), value, blank()).prop_map(|(has_mark, before, value, after)| {
        format!("{}{before}{value}{after}", if has_mark { "\u{FEFF}" } else { "" })
    })
}

/// Reads one value by the grammar, and writes down where each value and key stands; later ones of one pointer win.
struct Naive<'t> {
    text: &'t str,
    at: usize,
    places: std::collections::BTreeMap<String, (usize, Option<usize>)>,
}

impl Naive<'_> {
    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t', '\u{FEFF}']).len();
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while !self.text[self.at..].starts_with('"') {
            self.at += if self.text[self.at..].starts_with('\\') { 2 } else { 1 };
            while !self.text.is_char_boundary(self.at) {
                self.at += 1;
            }
        }
        self.at += 1;
        serde_json::from_str(&self.text[start..self.at]).expect("a string")
    }

    fn value(&mut self, pointer: &str, key: Option<usize>) {
        self.blanks();
        // What stood inside an earlier value of the same pointer is gone.
        self.places.retain(|place, _| !place.starts_with(&format!("{pointer}/")));
        self.places.insert(pointer.to_owned(), (self.at, key));
        match self.text.as_bytes()[self.at] {
            open @ (b'{' | b'[') => {
                self.at += 1;
                let mut index = 0;
                loop {
                    self.blanks();
                    if matches!(self.text.as_bytes()[self.at], b'}' | b']') {
                        break;
                    }
                    let mut inner = pointer.to_owned();
                    let key = (open == b'{').then_some(self.at);
                    if open == b'{' {
                        json::push_pointer(&mut inner, &self.string());
                        self.blanks();
                        self.at += 1;
                    } else {
                        json::push_pointer(&mut inner, &index.to_string());
                    }
                    self.value(&inner, key);
                    index += 1;
                    self.blanks();
                    if self.text.as_bytes()[self.at] == b',' {
                        self.at += 1;
                    }
                }
                self.at += 1;
            }
            b'"' => {
                self.string();
            }
            _ => {
                let rest = &self.text[self.at..];
                self.at += rest.find([',', '}', ']', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
            }
        }
    }
}

proptest! {
    #[test]
    fn a_made_document_is_read_as_it_is_meant(made in root(), before in "[ \n]{0,2}(<!-- -->)?", after in "(<\\?p\\?>)?\n?") {
        let text = format!("{before}{}{after}", made.written);
        let document = Document::parse(text.clone().into_bytes(), &Limits::default()).expect(&text);
        check(document.root(), &made);
        prop_assert_eq!(parts(&document, &text), text);
    }

    #[test]
    fn a_damaged_document_is_refused_or_read_whole(
        made in root(),
        at in any::<prop::sample::Index>(),
        with in prop::sample::select(vec!["<", ">", "/", "&", "\"", "'", "=", "!", "?", "-", "]", "[", ":", ";", " ", "a", "\u{0}", "é", ""]),
        removed in 0_usize..4,
    ) {
        let characters: Vec<char> = made.written.chars().collect();
        let at = at.index(characters.len());
        let end = (at + removed).min(characters.len());
        let text: String =
            characters[..at].iter().copied().chain(with.chars()).chain(characters[end..].iter().copied()).collect();
        match Document::parse(text.clone().into_bytes(), &Limits::default()) {
            Ok(document) => {
                prop_assert_eq!(parts(&document, &text), text.as_str());
                for element in document.root().descendants() {
                    let _ = (element.text(), element.attributes().map(|attribute| attribute.value().len()).sum::<usize>());
                }
            }
            Err(error) => prop_assert!(error.position().offset <= text.len()),
        }
    }

    #[test]
    fn places_in_json_are_those_of_a_naive_scan(text in json_text()) {
        let document = json::Document::parse(text.clone().into_bytes()).expect(&text);
        let mut naive = Naive { text: &text, at: 0, places: Default::default() };
        naive.value("", None);
        for (pointer, (value, key)) in naive.places {
            prop_assert_eq!(document.position(&pointer).map(|place| place.offset), Some(value), "{}", pointer);
            prop_assert_eq!(document.position_of_key(&pointer).map(|place| place.offset), key, "{}", pointer);
            prop_assert!(document.value().pointer(&pointer).is_some(), "{}", pointer);
        }
    }

    #[test]
    fn damaged_json_is_refused_or_read(text in json_text(), at in any::<prop::sample::Index>(), with in "[\"{}\\[\\],:\\\\x0]?") {
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        let text: String = characters[..at].iter().collect::<String>()
            + &with
            + &characters[(at + 1).min(characters.len())..].iter().collect::<String>();
        match json::Document::parse(text.clone().into_bytes()) {
            Ok(document) => prop_assert!(document.position("").is_some()),
            Err(error) => prop_assert!(error.position().offset <= text.len()),
        }
    }
}
