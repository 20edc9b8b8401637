//! Where a program keeps what is the user's own, as each system has it.

use camino::Utf8PathBuf;

use super::Streams;

/// For what is to stay. None where it is not known.
pub(super) fn data(streams: &Streams<'_>) -> Option<Utf8PathBuf> {
    let base = if cfg!(windows) {
        variable(streams, "LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        below_home(streams, "Library/Application Support")
    } else {
        absolute(streams, "XDG_DATA_HOME").or_else(|| below_home(streams, ".local/share"))
    };
    Some(base?.join("solship"))
}

/// For what can be made again: `$SOLSHIP_CACHE`, or the usual folder. None where it is not known, and where that variable is
/// empty: then nothing is kept.
pub(super) fn cache(streams: &Streams<'_>) -> Option<Utf8PathBuf> {
    if let Some(own) = (streams.variables)("SOLSHIP_CACHE") {
        return Some(own).filter(|own| !own.is_empty()).map(Utf8PathBuf::from);
    }
    let base = if cfg!(windows) {
        return Some(variable(streams, "LOCALAPPDATA")?.join("solship/cache"));
    } else if cfg!(target_os = "macos") {
        home(streams).map(|home| home.join("Library/Caches"))
    } else {
        absolute(streams, "XDG_CACHE_HOME").or_else(|| Some(home(streams)?.join(".cache")))
    };
    Some(base?.join("solship"))
}

/// A path in an environment variable; one that is empty counts as not set.
pub(super) fn variable(streams: &Streams<'_>, name: &str) -> Option<Utf8PathBuf> {
    (streams.variables)(name).filter(|value| !value.is_empty()).map(Utf8PathBuf::from)
}

/// A relative one counts as not set, too (XDG Base Directory Specification).
fn absolute(streams: &Streams<'_>, name: &str) -> Option<Utf8PathBuf> {
    variable(streams, name).filter(|path| path.is_absolute())
}

/// A home that is there: for what nobody asked to keep none is made.
fn home(streams: &Streams<'_>) -> Option<Utf8PathBuf> {
    variable(streams, "HOME").filter(|home| home.is_absolute() && home.is_dir())
}

fn below_home(streams: &Streams<'_>, folder: &str) -> Option<Utf8PathBuf> {
    variable(streams, "HOME").map(|home| home.join(folder))
}
