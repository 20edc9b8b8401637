//! What the `map` attribute of a file directive matches.

use super::path::fold;

/// The last part of a path that stands for any folder below.
pub(super) const ANY_DEPTH: &str = "**";

/// Files that the packager writes beside a component's own, from its node. Builds do not make them.
pub(super) const NODE_FILE: &str = ".data.xml";

/// A file name, `*` in it for any characters.
#[derive(Debug)]
pub(super) struct NamePattern {
    folded: String,
}

impl NamePattern {
    pub(super) fn new(written: &str) -> Self {
        // As on Windows, `*.*` is every name, also one without a dot.
        let folded = if written == "*.*" { "*".to_owned() } else { fold(written) };
        Self { folded }
    }

    fn has_wildcard(&self) -> bool {
        self.folded.contains('*')
    }

    /// Whether `folded` matches. A `.data.xml` has to be meant: `*.*` leaves it, `*.data.xml` takes it.
    fn matches(&self, folded: &str) -> bool {
        if self.has_wildcard() && is_node_file(folded) && !is_node_file(&self.folded) {
            return false;
        }
        wildcard_matches(&self.folded, folded)
    }
}

/// Whether the packager writes this file from a node of customizations.xml.
pub(super) fn is_node_file(folded: &str) -> bool {
    folded.ends_with(NODE_FILE)
}

/// Goes back only to the last `*`, so that no pattern takes more than pattern times text.
fn wildcard_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at_pattern, mut at_text) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at_text < text.len() {
        if pattern.get(at_pattern) == Some(&b'*') {
            star = Some((at_pattern, at_text));
            at_pattern += 1;
        } else if pattern.get(at_pattern) == Some(&text[at_text]) {
            at_pattern += 1;
            at_text += 1;
        } else if let Some((star_at, covered)) = star {
            star = Some((star_at, covered + 1));
            at_pattern = star_at + 1;
            at_text = covered + 1;
        } else {
            return false;
        }
    }
    pattern[at_pattern..].iter().all(|&byte| byte == b'*')
}

/// A file pattern: where the file is, and its name.
#[derive(Debug)]
pub(super) struct FilePattern {
    /// None: in any folder.
    pub(super) folder: Option<Vec<String>>,
    /// In a folder below that folder, at any depth; not in the folder itself.
    pub(super) below: bool,
    pub(super) name: NamePattern,
}

impl FilePattern {
    /// Whether the file matches, and then how many of its folders the pattern names.
    pub(super) fn matches(&self, folded: &[String]) -> Option<usize> {
        let (name, folders) = folded.split_last()?;
        let named = match &self.folder {
            None => 0,
            Some(named) if folders.starts_with(named) => {
                let deeper = folders.len() > named.len();
                if deeper != self.below {
                    return None;
                }
                named.len()
            }
            Some(_) => return None,
        };
        self.name.matches(name).then_some(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        NamePattern::new(pattern).matches(&fold(name))
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(matches("*.js", "A.b.JS"));
        assert!(matches("new_*.j*s", "NEW_x.js"));
        assert!(matches("a*b*c", "aXbXbXc"));
        assert!(!matches("*.js", "a.jsx"));
        assert!(!matches("a*b*c", "aXcXb"));
        assert!(matches("*.*", "new_script"));
    }

    #[test]
    fn many_stars_take_no_long_time() {
        assert!(!matches(&"*a".repeat(2_000), &"b".repeat(20_000)));
    }

    #[test]
    fn a_node_file_has_to_be_meant() {
        assert!(!matches("*.*", "a.js.data.xml"));
        assert!(!matches("*.xml", "a.js.DATA.xml"));
        assert!(matches("*.data.xml", "a.js.data.xml"));
        assert!(matches("a.js.data.xml", "a.js.data.xml"));
        assert!(matches("*.xml", "metadata.xml"));
    }
}
