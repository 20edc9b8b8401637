//! Lines on stderr: `error: …`, `warning: …`, `hint: …`.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use solship::report::escaped;

/// What a line on stderr is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level {
    Error,
    Warning,
    Hint,
}

/// Writes one line. The stream takes the colour away where none is wanted; the message is escaped here.
pub(super) fn say(stderr: &mut dyn Write, level: Level, message: &str) -> io::Result<()> {
    let (style, word) = match level {
        Level::Error => (AnsiColor::Red.on_default().bold(), "error"),
        Level::Warning => (AnsiColor::Yellow.on_default().bold(), "warning"),
        Level::Hint => (Style::new().bold(), "hint"),
    };
    writeln!(stderr, "{style}{word}{style:#}: {}", escaped(message))
}
