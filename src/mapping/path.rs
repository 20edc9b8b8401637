//! Names and paths as the packager compares them: without case, with either separator.

/// The name without its case. Folded character by character, so that a name folds the same wherever it stands.
pub(super) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.chars().flat_map(char::to_lowercase).collect()
}

/// The parts of a path in a folder, `/` or `\` between them. None of one that has no parts, starts at a root, goes upward,
/// or, on Windows, names a drive or a stream: no such path is a file of the folder.
pub(super) fn parts(relative: &str) -> Option<Vec<&str>> {
    if relative.starts_with(['/', '\\']) || cfg!(windows) && relative.contains(':') {
        return None;
    }
    let parts: Vec<&str> =
        relative.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    (!parts.is_empty() && !parts.contains(&"..")).then_some(parts)
}

/// The order of a folder's files that the packager packs in: upper-cased, by code point.
pub(super) fn order_key(parts: &[String]) -> Vec<String> {
    parts.iter().map(|part| part.chars().flat_map(char::to_uppercase).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_separators_part_a_path() {
        assert_eq!(parts(r"WebResources\new_/./a.js"), Some(vec!["WebResources", "new_", "a.js"]));
    }

    #[test]
    fn a_path_that_leaves_the_folder_has_no_parts() {
        for path in ["", ".", "/etc/passwd", r"\Windows", "a/../../b", r"..\b"] {
            assert_eq!(parts(path), None, "{path}");
        }
    }

    #[test]
    fn underscores_come_after_letters() {
        let key = |name: &str| order_key(&[name.to_owned()]);
        assert!(key("mytoolsadmin_x") < key("mytools_x"));
    }
}
