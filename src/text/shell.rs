//! Words of a command that somebody may paste into a shell.

/// One word of a POSIX shell: as it is where that is safe, else in single quotes.
pub fn shell_word(word: &str) -> String {
    let is_safe = |character: char| character.is_alphanumeric() || "_-./@%+:,".contains(character);
    if !word.is_empty() && word.chars().all(is_safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_shell_word_is_one_word() {
        assert_eq!(shell_word("Fab@1.0.0.0"), "Fab@1.0.0.0");
        assert_eq!(shell_word("it's; rm"), r"'it'\''s; rm'");
        assert_eq!(shell_word(""), "''");
    }
}
