//! What stands in the local configuration of a repository.

use crate::text::shell_word;

/// The sections that hold nothing but these settings.
pub const SECTIONS: &[&str] = &["diff.solship", "merge.solship"];

/// One line of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name, as `git config` takes it.
    pub name: &'static str,
    /// Value.
    pub value: String,
}

/// The settings, given the absolute paths of the program and of the key file. git hands them to a shell.
pub fn settings(program: &str, key_file: &str) -> Vec<Setting> {
    let program = shell_word(program);
    // In the command of a merge driver a percent sign starts a placeholder.
    let in_driver = program.replace('%', "%%");
    let key_file = shell_word(key_file);
    vec![
        Setting {
            name: "diff.solship.textconv",
            value: format!("{program} git textconv --key {key_file} --"),
        },
        Setting { name: "merge.solship.name", value: "solship: by what the parts are called".to_owned() },
        Setting {
            name: "merge.solship.driver",
            // git puts the path in quotes itself.
            value: format!("{in_driver} git merge-driver --marker-size %L --path=%P -- %O %A %B"),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_the_shell() {
        let found = settings("/opt/it's 100%/solship; rm -rf x", "/r/.git/solship/key");
        assert_eq!(
            found[0].value,
            r"'/opt/it'\''s 100%/solship; rm -rf x' git textconv --key /r/.git/solship/key --"
        );
        assert!(found[2].value.starts_with(r"'/opt/it'\''s 100%%/solship; rm -rf x' git merge-driver"));
    }
}
