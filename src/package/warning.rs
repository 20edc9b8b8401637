//! What was forgiven or is unusual in a package, in a line for people.
//!
//! Read [`Warning`] first.

use super::{NameFault, PackageError};
use crate::text::escape_terminal;

/// Something that was forgiven or is unusual while opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What, in one line, the entry or offset included.
    pub message: String,
}

impl Warning {
    /// One warning about all names that share a kind of fault; when all is strict, the first is refused instead.
    pub(super) fn of_names<'n>(
        label: &str,
        names: impl IntoIterator<Item = (&'n str, NameFault)>,
        is_strict: bool,
    ) -> Result<Option<Self>, PackageError> {
        let mut names = names.into_iter();
        let Some((first, fault)) = names.next() else { return Ok(None) };
        if is_strict {
            let (label, entry) = (label.to_owned(), first.to_owned());
            return Err(PackageError::Name { label, entry, fault });
        }
        let mut message = format!("{}: {fault}", escape_terminal(first));
        match names.count() {
            0 => {}
            1 => message.push_str("; so in 1 more"),
            more => message.push_str(&format!("; so in {more} more")),
        }
        Ok(Some(Self { message }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_for_all() {
        let warning = |count: usize| {
            let names = (0..count).map(|_| ("a\u{1b}/b", NameFault::Backslash));
            Warning::of_names("x.zip", names, false).expect("not strict").map(|warning| warning.message)
        };
        assert_eq!(warning(0), None);
        assert_eq!(warning(1).as_deref(), Some("a\\u{1b}/b: backslashes separate the folders"));
        assert_eq!(warning(5).as_deref(), Some("a\\u{1b}/b: backslashes separate the folders; so in 4 more"));
    }

    #[test]
    fn strict_refuses() {
        let names = || [("a/b", NameFault::Backslash)];
        let refused = Warning::of_names("x.zip", names(), true);
        assert_eq!(refused.expect_err("strict").to_string(), "x.zip: a/b: backslashes separate the folders");
        assert!(Warning::of_names("x.zip", [], true).expect("nothing to refuse").is_none());
    }
}
