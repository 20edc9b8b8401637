//! Every command line of `solship` that the documentation, the action and the hooks show is one that the program takes: an option that
//! gets another name is found here.

use camino::{Utf8Path, Utf8PathBuf};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::{Arguments, with_answers};

/// The files that show commands.
fn files() -> Vec<Utf8PathBuf> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = ["README.md", "CHANGELOG.md", "BENCHMARKS.md", "action.yml", ".pre-commit-hooks.yaml"];
    let mut files: Vec<Utf8PathBuf> = names.map(|name| root.join(name)).into();
    for entry in walkdir::WalkDir::new(root.join("docs")).sort_by_file_name() {
        let path = Utf8PathBuf::from_path_buf(entry.expect("an entry").into_path()).expect("UTF-8");
        if path.extension() == Some("md") {
            files.push(path);
        }
    }
    files
}

/// A command line that is shown.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    /// From 1.
    line: usize,
    words: Vec<String>,
    /// Only the beginning may stand there, as among the words of a sentence.
    is_inline: bool,
}

/// All command lines of a page.
fn in_page(text: &str) -> Vec<Shown> {
    let mut shown = Vec::new();
    // None outside of a block; else whether it holds commands.
    let mut block: Option<bool> = None;
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = match block {
                None => Some(["sh", "console", "yaml"].contains(&language)),
                Some(_) => None,
            };
            continue;
        }
        if block == Some(false) {
            continue;
        }
        if block.is_some() {
            let mut whole = line.to_owned();
            while whole.ends_with('\\') {
                whole.pop();
                let Some((_, more)) = lines.next() else { break };
                whole.push_str(more.trim_start().trim_start_matches("> "));
            }
            let found = in_script(&whole).into_iter();
            shown.extend(found.map(|words| Shown { line: index + 1, words, is_inline: false }));
        } else {
            let spans = line.split('`').skip(1).step_by(2).filter(|span| span.starts_with("solship "));
            shown.extend(spans.map(|span| Shown { line: index + 1, words: words(span), is_inline: true }));
        }
    }
    shown
}

/// All command lines of a YAML file.
fn in_yaml(text: &str, is_inline: bool) -> Vec<Shown> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(index, line)| {
            in_script(line).into_iter().map(move |words| Shown { line: index + 1, words, is_inline })
        })
        .collect()
}

/// The command lines of `solship` in a line of a script, of YAML or of a session.
fn in_script(line: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("solship ") {
        let before = line[..at].trim_end();
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let starts = before.is_empty()
            || [":", "$", "-", "|", "||", "&&", ";", "!", "if", "then", "do", "{"].contains(&word)
            || word.ends_with([';', ':', '('])
            || is_assignment(before.trim_start().trim_start_matches("$ "));
        let is_word = before.len() < at || before.ends_with('(') || before.is_empty();
        if starts && is_word {
            found.push(words(&line[at..]));
        }
    }
    found
}

/// `NAME=value`, as it stands before a command.
fn is_assignment(text: &str) -> bool {
    let name = text.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The words of a command line, up to where the shell does something else with it.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), character) if open == character => quote = None,
            (Some(_), character) => word.get_or_insert_default().push(character),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (None, '$') if characters.peek() == Some(&'{') => {
                // `${NAME}` and `${{ inputs.name }}` are one word.
                let mut depth = 0;
                for character in characters.by_ref() {
                    depth += i32::from(character == '{') - i32::from(character == '}');
                    if depth == 0 {
                        break;
                    }
                }
                word.get_or_insert_default().push('X');
            }
            (None, '|' | ';' | '&' | '<' | '>' | ')') => break,
            (None, '#') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (None, character) => word.get_or_insert_default().push(character),
        }
    }
    // The 2 of `2>&1` is no word of the command.
    words.extend(word.filter(|word| word != "2"));
    words
}

#[test]
fn every_command_line_in_the_documentation_is_taken() {
    let mut wrong = String::new();
    let mut count = 0;
    for path in files() {
        let text = fs_err::read_to_string(&path).expect("a page").replace("\r\n", "\n");
        let shown = match path.extension() {
            Some("md") => in_page(&text),
            // Hooks are given more words by who uses them.
            _ => in_yaml(&text, path.file_name() == Some(".pre-commit-hooks.yaml")),
        };
        assert!(path.extension() == Some("md") || shown.len() >= 3, "{path}: {shown:?}");
        for shown in shown {
            count += 1;
            let words = shown.words.iter().map(std::ffi::OsString::from);
            let Err(error) = Arguments::try_parse_from(with_answers(words)) else { continue };
            let is_taken = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
                ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand | ErrorKind::ArgumentConflict => {
                    false
                }
                // What a variable holds is not known here.
                ErrorKind::InvalidValue if shown.words.iter().any(|word| word.starts_with('$')) => true,
                _ => shown.is_inline,
            };
            if !is_taken {
                wrong.push_str(&format!("{path}:{}: {}\n  {error}", shown.line, shown.words.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 300, "only {count} command lines are seen");
}

/// The beginning of a sentence that is a command: its names, options with their values, and placeholders in capitals.
fn command_in(sentence: &str) -> Vec<String> {
    let mut command = Arguments::command();
    let mut found = vec!["solship".to_owned()];
    let mut is_value = false;
    for word in sentence.split_whitespace().skip(1) {
        let word = word.trim_end_matches([',', ';', '.', ':', ')', '"', ']']);
        let is_placeholder = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_uppercase());
        if let Some(inner) = command.find_subcommand(word) {
            command = inner.clone();
        } else if !(is_value || is_placeholder || word.starts_with('-')) {
            break;
        }
        is_value = word.starts_with("--");
        found.push(word.to_owned());
    }
    found
}

/// What is wrong with a command that a sentence names: it may end before its placeholders, but not have others.
fn wrong_with(command: &[String]) -> Option<String> {
    let mut known = Arguments::command();
    for word in &command[1..] {
        known = known.find_subcommand(word).cloned().unwrap_or(known);
    }
    let placeholders = command.iter().filter(|word| word.chars().all(|letter| letter.is_ascii_uppercase()));
    let placeholders: Vec<&String> = placeholders.collect();
    let wanted: Vec<String> = known
        .get_positionals()
        // What takes several takes files of any kind.
        .filter(|argument| {
            argument.get_action().takes_values() && !matches!(argument.get_action(), clap::ArgAction::Append)
        })
        .filter_map(|argument| argument.get_value_names()?.first().map(ToString::to_string))
        .collect();
    if !placeholders.iter().zip(&wanted).all(|(shown, wanted)| *shown == wanted) {
        return Some(format!("takes {wanted:?} first"));
    }
    let error = Arguments::try_parse_from(command.iter().map(std::ffi::OsString::from)).err()?;
    let is_taken = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
        ErrorKind::MissingRequiredArgument => placeholders.is_empty(),
        _ => false,
    };
    (!is_taken).then(|| error.to_string())
}

#[test]
fn every_command_that_the_causes_of_failed_imports_name_is_taken() {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain/causes.toml");
    let text = fs_err::read_to_string(&path).expect("the table");
    let mut wrong = String::new();
    let mut count = 0;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        for (at, _) in line.match_indices("solship ") {
            count += 1;
            let command = command_in(&line[at..]);
            if let Some(error) = wrong_with(&command) {
                wrong.push_str(&format!("{path}:{}: {}\n  {error}\n", index + 1, command.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 10, "only {count} commands are seen");
    for other in
        ["solship settings sync SOLUTION", "solship settings sync SOLUTION --file FILE", "solship plans"]
    {
        assert!(wrong_with(&command_in(other)).is_some() || command_in(other).len() == 1, "{other}");
    }
}

#[test]
fn command_lines_are_found_in_every_form() {
    let page = "`solship plan` and `solship check --list`\n\n```console\n$ A='b c' solship env set uat x \\\n>     --from f 2>&1\nsolship says\n```\n\
        ```yaml\n- run: solship plan \"${{ inputs.path }}\" | solship check 'a b'; solship pack x # y\n  with: cargo install solship --locked\n```\n";
    let found: Vec<String> = in_page(page).into_iter().map(|shown| shown.words.join("·")).collect();
    assert_eq!(
        found,
        [
            "solship·plan",
            "solship·check·--list",
            "solship·env·set·uat·x·--from·f",
            "solship·says",
            "solship·plan·${{ inputs.path }}",
            "solship·check·a b",
            "solship·pack·x"
        ]
    );
}
