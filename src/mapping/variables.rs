//! `%NAME%` in a map file.

/// Puts the values in. A lone `%`, `%%` and what cannot be a name stay as they are. The error is the name that is not set.
pub(super) fn expand(written: &str, variables: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(start) = rest.find('%') {
        text.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        match after.find('%').map(|end| (&after[..end], &after[end + 1..])) {
            Some((name, behind)) if is_name(name) => {
                text.push_str(&variables(name).ok_or_else(|| name.to_owned())?);
                rest = behind;
            }
            _ => {
                text.push('%');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    Ok(text)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<String> {
        match name {
            "A" => Some("one".to_owned()),
            "EMPTY" => Some(String::new()),
            "SELF" => Some("%A%".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn values_replace_names() {
        assert_eq!(expand(r"..\%A%\x%A%%EMPTY%", &value).unwrap(), r"..\one\xone");
    }

    #[test]
    fn a_value_is_not_expanded_again() {
        assert_eq!(expand("%SELF%", &value).unwrap(), "%A%");
    }

    #[test]
    fn what_is_no_name_stays() {
        for text in ["100%", "%%", r"50%\a\60%", "%"] {
            assert_eq!(expand(text, &value).unwrap(), text);
        }
        assert_eq!(expand(r"5%\%A%", &value).unwrap(), r"5%\one");
    }

    #[test]
    fn an_unset_name_is_named() {
        assert_eq!(expand(r"..\%NONE%\x", &value).unwrap_err(), "NONE");
    }
}
