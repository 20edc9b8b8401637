//! Line ends of one kind.

use memchr::memchr_iter;

/// Which line ends a file gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineEnds {
    /// A file with one kind stays as it is: a version control system may have been asked for it. One with both gets the kind
    /// that most of its lines have, CRLF where they are as many, as the packager writes it.
    #[default]
    Auto,
    /// CRLF, as the packager writes it.
    Crlf,
    /// LF.
    Lf,
}

impl LineEnds {
    /// The text with these line ends; none where it has them. A CR that stands alone is no line end.
    pub(super) fn applied(self, text: &[u8]) -> Option<Vec<u8>> {
        let is_crlf = |feed: &usize| *feed > 0 && text[feed - 1] == b'\r';
        let all = memchr_iter(b'\n', text).count();
        let crlf = memchr_iter(b'\n', text).filter(is_crlf).count();
        let wants_crlf = match self {
            _ if all == 0 => return None,
            Self::Auto if crlf == 0 || crlf == all => return None,
            Self::Auto => crlf * 2 >= all,
            Self::Crlf => true,
            Self::Lf => false,
        };
        if crlf == if wants_crlf { all } else { 0 } {
            return None;
        }
        let mut written = Vec::with_capacity(text.len() + all);
        let mut from = 0;
        for feed in memchr_iter(b'\n', text) {
            let end = if is_crlf(&feed) { feed - 1 } else { feed };
            written.extend_from_slice(&text[from..end]);
            written.extend_from_slice(if wants_crlf { b"\r\n" } else { b"\n" });
            from = feed + 1;
        }
        written.extend_from_slice(&text[from..]);
        // `\r\r\n` has a CR before its line end, and would have another one.
        (written != text).then_some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::LineEnds::{Auto, Crlf, Lf};

    #[test]
    fn one_kind_stays_and_of_two_the_more_frequent_is_taken() {
        for (kind, text, expected) in [
            (Auto, "a\nb\n", None),
            (Auto, "a\r\nb\r\n", None),
            (Auto, "a\r\nb\n", Some("a\r\nb\r\n")),
            (Auto, "a\nb\nc\r\nd\re", Some("a\nb\nc\nd\re")),
            (Crlf, "a\nb", Some("a\r\nb")),
            (Crlf, "a\r\n", None),
            (Lf, "a\r\nb", Some("a\nb")),
            (Lf, "", None),
        ] {
            let found = kind.applied(text.as_bytes());
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{kind:?} {text:?}");
            if let Some(found) = found {
                assert_eq!(kind.applied(&found), None);
            }
        }
    }
}
