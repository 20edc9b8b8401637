//! Lines on stderr: `error: …`, `warning: …`, `note: …`, `hint: …`, `skipped: …`, `config: …`, `fixed: …`.

use std::io::{self, BufRead, Write};

use anstyle::{AnsiColor, Style};
use solship::report::escaped;

use super::Streams;

/// What a line on stderr is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level {
    Error,
    Warning,
    Note,
    Hint,
    Skipped,
    Config,
    Fixed,
}

/// Writes one line. The stream takes the colour away where none is wanted; the message is escaped here.
///
/// Nobody may be reading stderr; that changes neither the result nor the exit code.
pub(super) fn say(stderr: &mut dyn Write, level: Level, message: &str) {
    let (style, word) = match level {
        Level::Error => (AnsiColor::Red.on_default().bold(), "error"),
        Level::Warning => (AnsiColor::Yellow.on_default().bold(), "warning"),
        Level::Note => (Style::new(), "note"),
        Level::Hint => (Style::new().bold(), "hint"),
        Level::Skipped => (Style::new(), "skipped"),
        Level::Config => (Style::new(), "config"),
        Level::Fixed => (Style::new(), "fixed"),
    };
    let _ = writeln!(stderr, "{style}{word}{style:#}: {}", escaped(message));
}

/// Asks on stderr; the answer is no unless it is yes. Only where somebody can be asked.
pub(super) fn is_confirmed(streams: &mut Streams<'_>, question: &str) -> io::Result<bool> {
    let _ = write!(streams.stderr, "{} [y/N] ", escaped(question));
    let mut answer = String::new();
    io::BufReader::new(&mut *streams.stdin).read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
