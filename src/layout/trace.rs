//! Which file of the folder a byte of a packed entry came from, so that a place can be told as the user's own.
//!
//! Read [`Traced`] first.

/// The bytes of an entry, and where each element of it stands in the folder.
#[derive(Debug)]
pub struct Traced {
    /// All bytes; each piece with the line ends of its file.
    pub bytes: Vec<u8>,
    pub(super) marks: Marks,
}

/// Where pieces came from, in the order of the output.
#[derive(Debug, Default)]
pub(super) struct Marks {
    files: Vec<String>,
    marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    output: u32,
    source: u32,
    file: u32,
}

impl Traced {
    /// The file of the folder and the byte offset in it. Exact at each element that is as the packager writes it; none
    /// for what is made anew.
    pub fn origin(&self, offset: usize) -> Option<(&str, usize)> {
        let after = self.marks.marks.partition_point(|mark| mark.output as usize <= offset);
        let mark = self.marks.marks.get(after.checked_sub(1)?)?;
        let file = self.marks.files.get(mark.file as usize)?;
        Some((file, mark.source as usize + (offset - mark.output as usize)))
    }
}

impl Marks {
    /// One file from the start.
    pub(super) fn of_file(path: &str) -> Self {
        Self { files: vec![path.to_owned()], marks: vec![Mark { output: 0, source: 0, file: 0 }] }
    }

    /// The number of a file.
    pub(super) fn file(&mut self, path: &str) -> u32 {
        if self.files.last().is_none_or(|last| last != path) {
            self.files.push(path.to_owned());
        }
        self.files.len() as u32 - 1
    }

    pub(super) fn push(&mut self, output: usize, file: u32, source: u32) {
        // Offsets in XML fit, or it would not have been read.
        if let Ok(output) = u32::try_from(output) {
            self.marks.push(Mark { output, source, file });
        }
    }
}
