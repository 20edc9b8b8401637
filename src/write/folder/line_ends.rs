//! CRLF and LF: what a version control system may have changed in a text file.

use std::io::{self, Write};

use memchr::memchr;

/// Drops each CR that stands before a LF; what comes in pieces is treated as one text.
#[derive(Debug, Default)]
pub(super) struct LineFeeds {
    /// The piece before ended with a CR, which is not passed on yet.
    carriage_return: bool,
}

impl LineFeeds {
    /// Appends `bytes` without those CRs to `out`.
    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        if self.carriage_return && bytes[0] != b'\n' {
            out.push(b'\r');
        }
        self.carriage_return = false;
        while let Some(at) = memchr(b'\r', bytes) {
            out.extend_from_slice(&bytes[..at]);
            match bytes.get(at + 1) {
                None => {
                    self.carriage_return = true;
                    return;
                }
                Some(b'\n') => {}
                Some(_) => out.push(b'\r'),
            }
            bytes = &bytes[at + 1..];
        }
        out.extend_from_slice(bytes);
    }

    /// Appends a CR at the very end.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.carriage_return) {
            out.push(b'\r');
        }
    }
}

/// Writes with LF what comes with CRLF.
pub(super) struct LineFeedWriter<W> {
    inner: W,
    line_feeds: LineFeeds,
    scratch: Vec<u8>,
}

impl<W: Write> LineFeedWriter<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, line_feeds: LineFeeds::default(), scratch: Vec::new() }
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.scratch.clear();
        self.line_feeds.end(&mut self.scratch);
        self.inner.write_all(&self.scratch)
    }
}

impl<W: Write> Write for LineFeedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.scratch.clear();
        self.line_feeds.push(bytes, &mut self.scratch);
        self.inner.write_all(&self.scratch)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::LineFeedWriter;

    fn with_line_feeds(pieces: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = LineFeedWriter::new(&mut out);
        pieces.iter().for_each(|piece| writer.write_all(piece).expect("writes"));
        writer.end().expect("writes");
        out
    }

    #[test]
    fn only_the_line_ends_change() {
        assert_eq!(with_line_feeds(&[b"a\r\nb\nc\rd\r\r\n\r"]), b"a\nb\nc\rd\r\n\r");
        assert_eq!(with_line_feeds(&[b"a\r", b"\nb\r", b"c\r", b"", b"\n"]), b"a\nb\rc\n");
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "[\r\nab]{0,40}", cut in 0_usize..40, again in 0_usize..40) {
            let bytes = text.as_bytes();
            let cut = cut.min(bytes.len());
            let again = cut + again.min(bytes.len() - cut);
            let whole = text.replace("\r\n", "\n");
            let pieces = [&bytes[..cut], &bytes[cut..again], &bytes[again..]];
            prop_assert_eq!(with_line_feeds(&pieces), whole.into_bytes());
        }
    }
}
