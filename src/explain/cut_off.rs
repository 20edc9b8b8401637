//! Logs that were cut off: what is there is made a whole document again, so that it is read like any other.
//!
//! Nothing is guessed: what is open at the end is closed there. Read [`xml`] and [`json`] first.

/// Closes what a cut-off XML text leaves open; none where it is cut off in no place that is known, or not at all.
pub(super) fn xml(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    let mut kept = String::new();
    loop {
        let Some(start) = text[at..].find('<').map(|found| at + found) else {
            kept.push_str(without_half_reference(text));
            break;
        };
        let end_of = |mark: &str| text[start..].find(mark).map(|found| start + found + mark.len());
        let end = if text[start..].starts_with("<!--") {
            end_of("-->")
        } else if text[start..].starts_with("<![CDATA[") {
            end_of("]]>")
        } else if text[start..].starts_with("<?") {
            end_of("?>")
        } else {
            let tag = Tag::read(text, start);
            if tag.end.is_some() {
                if bytes.get(start + 1) == Some(&b'/') {
                    (open.pop() == Some(tag.name)).then_some(())?;
                } else if !tag.is_empty {
                    open.push(tag.name);
                }
            } else if !tag.name.is_empty() && bytes.get(start + 1) != Some(&b'/') {
                // The last tag is often the one that matters: its long text is why the log was too long.
                kept.push_str(&text[..start]);
                kept.push_str(&tag.closed(text, start));
                kept.push('>');
                open.push(tag.name);
                break;
            }
            tag.end
        };
        match end {
            Some(end) => at = end,
            None => {
                kept.push_str(&text[..start]);
                break;
            }
        }
    }
    if open.is_empty() {
        return None;
    }
    for name in open.into_iter().rev() {
        kept.push_str("</");
        kept.push_str(name);
        kept.push('>');
    }
    Some(kept)
}

/// A tag, as far as it is there.
struct Tag<'t> {
    name: &'t str,
    /// `<a/>`
    is_empty: bool,
    /// Behind its `>`; none where the text ends before.
    end: Option<usize>,
    /// Up to where it is whole: its name, or its last value that is.
    whole: usize,
    /// The quote of the value in which the text ends.
    quote: Option<char>,
}

impl<'t> Tag<'t> {
    fn read(text: &'t str, start: usize) -> Self {
        let inner = text[start + 1..].strip_prefix('/').map_or(start + 1, |_| start + 2);
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '>' | '/');
        let name_end = text[inner..].find(is_end).map_or(text.len(), |found| inner + found);
        // A name at the very end may be the beginning of a longer one.
        let name = if name_end == text.len() { "" } else { &text[inner..name_end] };
        let mut tag = Self { name, is_empty: false, end: None, whole: name_end, quote: None };
        for (offset, letter) in text[name_end..].char_indices() {
            let at = name_end + offset;
            match (tag.quote, letter) {
                (None, '"' | '\'') => tag.quote = Some(letter),
                (Some(quote), _) if quote == letter => {
                    tag.quote = None;
                    tag.whole = at + 1;
                }
                (None, '>') => {
                    tag.is_empty = text[..at].ends_with('/');
                    tag.end = Some(at + 1);
                    break;
                }
                _ => {}
            }
        }
        tag
    }

    /// What is there of it, without its `>`.
    fn closed(&self, text: &str, start: usize) -> String {
        match self.quote {
            Some(quote) => format!("{}{quote}", without_half_reference(&text[start..])),
            None => text[start..self.whole].to_owned(),
        }
    }
}

/// The longest reference is `&#x10FFFF;`.
const LONGEST_REFERENCE: usize = 10;

fn without_half_reference(text: &str) -> &str {
    match text.rfind('&') {
        Some(at) if text.len() - at < LONGEST_REFERENCE && !text[at..].contains(';') => &text[..at],
        _ => text,
    }
}

/// Closes what a cut-off JSON text leaves open; none where nothing is open.
pub(super) fn json(text: &str) -> Option<String> {
    let mut open: Vec<char> = Vec::new();
    // Where the text is cut, and with what it goes on there: the last place at which a member or an item was whole.
    let mut whole = (0, String::new());
    let mut is_in_string = false;
    let mut is_escaped = false;
    let mut is_value = false;
    for (at, letter) in text.char_indices() {
        if is_in_string {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => {
                    is_in_string = false;
                    if is_value || open.last() == Some(&']') {
                        whole = (at + 1, closing(&open));
                    }
                }
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => is_in_string = true,
            '{' | '[' => {
                open.push(if letter == '{' { '}' } else { ']' });
                is_value = false;
                whole = (at + 1, closing(&open));
            }
            '}' | ']' => {
                (open.pop() == Some(letter)).then_some(())?;
                whole = (at + 1, closing(&open));
            }
            ':' => is_value = true,
            ',' => {
                is_value = false;
                whole = (at, closing(&open));
            }
            _ => {}
        }
    }
    if open.is_empty() {
        return None;
    }
    // A value in the middle of which the text ends is kept: it is often the message.
    if is_in_string && (is_value || open.last() == Some(&']')) {
        let kept = without_half_escape(text, is_escaped);
        return Some(format!("{kept}\"{}", closing(&open)));
    }
    Some(format!("{}{}", &text[..whole.0], whole.1))
}

fn closing(open: &[char]) -> String {
    open.iter().rev().collect()
}

/// `\`, and `\u` with fewer than four digits, and the first half of a pair, which stands before either.
fn without_half_escape(text: &str, is_escaped: bool) -> &str {
    let mut text = if is_escaped { &text[..text.len() - 1] } else { text };
    while let Some(at) = half_escape(text) {
        text = &text[..at];
    }
    text
}

/// Where an escape starts at the end of the text that is no character alone.
fn half_escape(text: &str) -> Option<usize> {
    let last = text.char_indices().rev().take(5).find(|(at, letter)| {
        let backslashes = text[..*at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        *letter == 'u' && backslashes % 2 == 1
    });
    let (at, _) = last?;
    let digits = &text[at + 1..];
    let is_first_of_two =
        || u32::from_str_radix(digits, 16).is_ok_and(|code| (0xD800..0xDC00).contains(&code));
    (digits.len() < 4 || (digits.len() == 4 && is_first_of_two())).then_some(at - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "<?xml version=\"1.0\"?><!-- a --><j><w n=\"1 > 0\"><r t='it &amp; that &#x41;'/></w><e>a &lt; b</e></j>";
    const JSON: &str =
        r#"{"a": [1, true, {"b": "say \"so\" \u00e4 \\ 𝄞 \ud834\udd1e"}], "c": {"d": "e"}, "f": null}"#;

    #[test]
    fn wherever_a_text_is_cut_it_can_be_read() {
        for end in (0..XML.len()).filter(|end| XML.is_char_boundary(*end)) {
            let text = &XML[..end];
            let is_in_root = end > XML.find("<j>").unwrap() + 2;
            let Some(whole) = xml(text) else {
                assert!(!is_in_root, "{text}");
                continue;
            };
            let read =
                crate::xml::Document::parse(whole.clone().into_bytes(), &crate::xml::Limits::default());
            assert!(read.is_ok(), "{text}\n{whole}\n{read:?}");
        }
        for end in (1..JSON.len()).filter(|end| JSON.is_char_boundary(*end)) {
            let whole = json(&JSON[..end]).unwrap_or_else(|| panic!("{}", &JSON[..end]));
            let read = serde_json::from_str::<serde_json::Value>(&whole);
            assert!(read.is_ok(), "{}\n{whole}\n{read:?}", &JSON[..end]);
        }
        assert_eq!((xml(XML), json(JSON)), (None, None));
        assert_eq!((xml("plain"), json("plain")), (None, None));
    }

    #[test]
    fn the_value_in_which_a_text_ends_is_kept() {
        assert_eq!(xml("<a><r t=\"why it fa").unwrap(), "<a><r t=\"why it fa\"></r></a>");
        assert_eq!(xml("<a><r t=\"why\" u").unwrap(), "<a><r t=\"why\"></r></a>");
        assert_eq!(xml("<a>why it&am").unwrap(), "<a>why it</a>");
        assert_eq!(json(r#"[{"m": "why it fa"#).unwrap(), r#"[{"m": "why it fa"}]"#);
        assert_eq!(json(r#"{"m": 1, "n"#).unwrap(), r#"{"m": 1}"#);
        assert_eq!(json(r#"{"m": 1, "n": tr"#).unwrap(), r#"{"m": 1}"#);
    }
}
