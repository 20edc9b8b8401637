//! `solship git textconv`: an archive as text, for `git diff`.

use std::io;

use camino::Utf8PathBuf;
use clap::Args;
use solship::git::{KEY_BYTES, Key, MOST_FILE_BYTES, MOST_SECONDS, text};
use solship::report::{escaped, exit};

use super::given::{read, within};
use crate::cli::Streams;

/// Print a solution zip or a canvas app as one stable text; git diff calls it
///
/// The text is that of solship canonical. Behind what is masked stands a mark, which is another one when the text is another one; it
/// is made with the key of the repository. What cannot be read, or is over a limit (64 MB, 128 MB inflated, 20,000 entries, 2
/// million pieces of markup, 20 seconds), is one line that says so. Exit code: always 0, for git shows nothing otherwise.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship git textconv FabFlows.zip")]
pub(super) struct TextconvArguments {
    /// File
    #[arg(value_name = "FILE")]
    file: Utf8PathBuf,
    /// File with the key for the marks; without it there are none
    #[arg(long, value_name = "FILE")]
    key: Option<Utf8PathBuf>,
}

pub(super) fn run(arguments: &TextconvArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let key = arguments.key.as_ref().and_then(|path| Key::new(&read(path, KEY_BYTES as u64).ok()?));
    let file = arguments.file.clone();
    let told = within(MOST_SECONDS, move || text(read(&file, MOST_FILE_BYTES)?, key.as_ref()));
    match told {
        Ok(text) => streams.stdout.write_all(text.as_bytes())?,
        Err(reason) => writeln!(streams.stdout, "not readable: {}", escaped(&reason))?,
    }
    Ok(exit::DONE)
}
