//! Completions and manual pages name what the commands have.

mod support;

use std::collections::BTreeSet;

use support::place::{Place, tree};

#[test]
fn every_shell_completes_every_command() {
    let place = Place::new();
    let commands = commands(&place.must(&["--help"]));
    assert!(commands.len() > 12, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = place.must(&["completions", shell]);
        assert_eq!(text, place.must(&["completions", shell]));
        for command in &commands {
            assert!(text.contains(command.as_str()), "{shell}: {command}");
        }
    }
}

#[test]
fn every_command_has_a_page_with_its_options() {
    let place = Place::new();
    place.must(&["man", "--out", "man1"]);
    let pages = tree(&place.path.join("man1"));
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(path) = open.pop() {
        let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = place.must(&arguments);
        let name =
            std::iter::once("solship").chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join("-");
        let page = pages
            .get(&format!("{name}.1"))
            .unwrap_or_else(|| panic!("no page {name}.1 in {:?}", pages.keys()));
        let page = String::from_utf8(page.clone()).expect("UTF-8").replace('\\', "");
        for option in options(&help) {
            assert!(page.contains(&option), "{name}: {option}");
        }
        seen += 1;
        open.extend(commands(&help).into_iter().map(|command| [path.clone(), vec![command]].concat()));
    }
    assert_eq!(seen, pages.len(), "{:?}", pages.keys());
    let text = place.must(&["man"]);
    assert!(text.contains(".TH solship 1"), "{text}");
    fs_err::write(place.path.join("file"), "").expect("written");
    place.refused(&["man", "--out", "file"]);
}

/// The names under `Commands:`.
fn commands(help: &str) -> Vec<String> {
    let Some((_, rest)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = rest.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

/// The long options of a help text.
fn options(help: &str) -> BTreeSet<String> {
    let starts = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = starts.flat_map(|line| line.split([' ', ',', '=', '[']));
    words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
}
