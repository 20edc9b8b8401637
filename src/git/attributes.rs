//! The lines in `.gitattributes`: put in between two marks, and taken out without a trace.
//!
//! Read [`with_lines`] first.

/// Which files are compared and merged by solship.
pub const ATTRIBUTES: &[&str] = &[
    "*.zip diff=solship",
    "*.msapp diff=solship",
    "**/[Oo]ther/[Ss]olution.xml merge=solship",
    "**/[Ww]orkflows/*.json merge=solship",
];

const START: &str = "# >>> solship git setup";
const END: &str = "# <<< solship git setup (solship git setup --undo takes these lines out)";
/// Behind [`START`]: the file was made for the lines.
const NEW_FILE: &str = ", with this file";
/// Behind [`START`]: the line before had no end.
const NEW_LINE_END: &str = ", with the line end before";

/// The content of `.gitattributes` with the lines; `before` is what it holds, none when it is not there. Lines of an earlier
/// setup are replaced.
pub fn with_lines(before: Option<&[u8]>) -> Vec<u8> {
    let bare = match before {
        Some(before) => without_lines(before).unwrap_or_else(|| Some(before.to_vec())),
        None => None,
    };
    let (mut text, note) = match bare {
        None => (Vec::new(), NEW_FILE),
        Some(mut text) if !text.is_empty() && !text.ends_with(b"\n") => {
            text.push(b'\n');
            (text, NEW_LINE_END)
        }
        Some(text) => (text, ""),
    };
    text.extend_from_slice(format!("{START}{note}\n").as_bytes());
    for line in ATTRIBUTES {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    text.extend_from_slice(END.as_bytes());
    text.push(b'\n');
    text
}

/// The content without the lines: none when they are not in it; none inside when the file was made for them and is to go.
pub fn without_lines(content: &[u8]) -> Option<Option<Vec<u8>>> {
    let is_mark = |line: &[u8], mark: &str| line.starts_with(mark.as_bytes());
    let lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
    let start = lines.iter().position(|line| is_mark(line, START))?;
    let end = start + lines[start..].iter().position(|line| is_mark(line, "# <<< solship git setup"))?;
    let note = String::from_utf8_lossy(&lines[start][START.len()..]).trim_end().to_owned();
    let mut before: Vec<u8> = lines[..start].concat();
    let after: Vec<u8> = lines[end + 1..].concat();
    if note == NEW_FILE && before.is_empty() && after.is_empty() {
        return Some(None);
    }
    if note == NEW_LINE_END && after.is_empty() {
        before.pop();
        if before.ends_with(b"\r") {
            before.pop();
        }
    }
    before.extend(after);
    Some(Some(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_taken_out_without_a_trace() {
        for before in [None, Some(&b""[..]), Some(b"*.cs text\n"), Some(b"*.cs text"), Some(b"a\r\nb\r\n")] {
            let with = with_lines(before);
            assert_eq!(without_lines(&with), Some(before.map(<[u8]>::to_vec)), "{before:?}");
            assert_eq!(with_lines(Some(&with)), with, "{before:?}");
        }
        assert_eq!(without_lines(b"*.zip binary\n"), None);
        let mut more = with_lines(Some(b"a"));
        more.extend(b"b\n");
        assert_eq!(without_lines(&more), Some(Some(b"a\nb\n".to_vec())));
    }
}
