//! What an interrupted run left: `unpack --undo` and `--finish`, and what every other command says when it meets it.

use std::io;

use camino::Utf8Path;
use solship::package::PackageError;
use solship::report::exit;
use solship::transfer::TransferError;
use solship::write::{Resolution, WriteError, is_begun, resolve};

use super::Streams;
use super::message::{Level, say};
use super::transfer::Stop;

/// Finishes or takes back what was begun in a folder.
pub(super) fn settle(
    folder: &Utf8Path,
    resolution: Resolution,
    streams: &mut Streams<'_>,
) -> Result<u8, Stop> {
    let is_begun = is_begun(folder).map_err(TransferError::from)?;
    let done = resolve(folder, resolution).map_err(TransferError::from)?;
    let told = match (done, resolution) {
        (None, _) if !is_begun && !folder.exists() => {
            let path = folder.to_owned();
            return Err(TransferError::from(PackageError::NotFound { path }).into());
        }
        // The run had not come to the files, or was through with them.
        (None, _) if is_begun => "nothing is half written; what an interrupted run left is removed",
        (None, _) => "no run was interrupted here, nothing to do",
        (Some(Resolution::Finish), _) => "the interrupted run is finished",
        (Some(Resolution::Undo), Resolution::Undo) => "as it was before the interrupted run",
        (Some(Resolution::Undo), Resolution::Finish) => {
            let message = format!(
                "{folder}: the interrupted run was being taken back; it is as it was before that run now"
            );
            say(streams.stderr, Level::Error, &message);
            say(streams.stderr, Level::Hint, "unpack again");
            return Ok(exit::UNUSABLE);
        }
    };
    say_line(streams, &format!("{folder}: {told}"))?;
    Ok(exit::DONE)
}

fn say_line(streams: &mut Streams<'_>, line: &str) -> io::Result<()> {
    writeln!(streams.stdout, "{}", solship::report::escaped(line))
}

/// What to do about a folder that cannot be relied on.
pub(super) fn hint(error: &WriteError) -> Option<String> {
    match error {
        WriteError::JournalPending { path } => {
            let folder = quoted(path.as_str());
            Some(format!("solship unpack --finish {folder} does the rest of it, solship unpack --undo {folder} takes it back"))
        }
        WriteError::JournalElsewhere { mark, .. } => Some(format!(
            "move it back to where that run began, and finish it there (solship unpack --finish DIR); or restore its files and remove {mark}"
        )),
        WriteError::NotWritable { .. } => Some(NOT_WRITABLE.to_owned()),
        WriteError::Locked { .. } => Some("wait until it has ended".to_owned()),
        WriteError::UnknownJournal { .. } => {
            Some("use the version of solship that was interrupted; or restore the folder and remove the folder of the journal".to_owned())
        }
        _ => None,
    }
}

/// What to do where nothing may be written.
pub(super) const NOT_WRITABLE: &str = "ls -ld shows who may write there: change that, or name another place";

/// As one word of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/._-+,=@%".contains(character);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        text.to_owned()
    } else if text.starts_with('-') {
        quoted(&format!("./{text}"))
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted("src/Fab-1.0"), "src/Fab-1.0");
        assert_eq!(quoted("my src"), "'my src'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("--undo"), "./--undo");
    }
}
