//! The command reference in `docs/reference.md`: made of the definitions of the commands, as the manual pages are.
//!
//! `SOLSHIP_UPDATE_PAGES=1 cargo test --bin solship` writes it again.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory};

use super::Arguments;

/// The heading of options that every command has that reads packages: told once.
const PACKAGES: &str = "Packages";

/// The page.
fn page() -> String {
    let mut root = Arguments::command();
    root.build();
    let mut text = String::from(
        "# Command reference\n\n<!-- Made of the definitions of the commands: SOLSHIP_UPDATE_PAGES=1 cargo test --bin solship -->\n\n",
    );
    let _ = writeln!(text, "{}.\n", escaped(&root.get_about().map(ToString::to_string).unwrap_or_default()));
    text.push_str("| command | |\n|---|---|\n");
    for command in visible(&root) {
        let name = full_name(command);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let _ =
            writeln!(text, "| [`{name}`](#{}) | {} |", anchor(&name), escaped(&about).replace('|', "\\|"));
    }
    text.push_str("\n## Options of all commands\n\n");
    for argument in root.get_arguments().filter(|argument| !argument.is_hide_set()) {
        item(&mut text, argument);
    }
    let mut sections = String::new();
    let mut packages: Option<String> = None;
    let mut open: Vec<&Command> = visible(&root).collect();
    open.reverse();
    while let Some(command) = open.pop() {
        section(&mut sections, command, &mut packages);
        open.extend(visible(command).collect::<Vec<_>>().into_iter().rev());
    }
    let _ = write!(
        text,
        "\n## Packages\n\nAll commands that read packages have these.\n\n{}",
        packages.unwrap_or_default()
    );
    text + &sections
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inside| inside.get_name() != "help" && !inside.is_hide_set())
}

/// All words of a command.
fn full_name(command: &Command) -> String {
    command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// What follows `#` in a link to the heading of a command.
fn anchor(name: &str) -> String {
    name.chars()
        .filter(|character| !"<>".contains(*character))
        .collect::<String>()
        .to_lowercase()
        .replace(' ', "-")
}

fn section(text: &mut String, command: &Command, packages: &mut Option<String>) {
    let name = full_name(command);
    let _ = writeln!(text, "\n## {}\n", escaped(&name));
    let about =
        command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(text, "{}\n", escaped(&about));
    let usage = command.clone().render_usage().to_string();
    let _ = writeln!(text, "```text\n{}\n```\n", usage.trim_start_matches("Usage: "));
    let inside: Vec<&Command> = visible(command).collect();
    if !inside.is_empty() {
        for inside in inside {
            let name = full_name(inside);
            let about = inside.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "- [`{name}`](#{}): {}", anchor(&name), escaped(&about));
        }
        text.push('\n');
    }
    let mut headings: Vec<Option<&str>> = Vec::new();
    let own = |argument: &&Arg| {
        !argument.is_hide_set()
            && !argument.is_global_set()
            && !matches!(argument.get_id().as_str(), "help" | "version")
    };
    for argument in command.get_arguments().filter(own) {
        let heading = argument.get_help_heading();
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    headings.sort_by_key(Option::is_some);
    for heading in headings {
        let mut items = String::new();
        for argument in
            command.get_arguments().filter(own).filter(|argument| argument.get_help_heading() == heading)
        {
            item(&mut items, argument);
        }
        match heading {
            Some(PACKAGES) => {
                let told = packages.get_or_insert_with(|| items.clone());
                assert_eq!(*told, items, "{name}: the options of packages are others");
                text.push_str("And the options of [packages](#packages).\n\n");
            }
            Some(heading) => {
                let _ = writeln!(text, "{heading}:\n\n{items}");
            }
            None => {
                let _ = writeln!(text, "{items}");
            }
        }
    }
    if let Some(help) = command.get_after_long_help().or_else(|| command.get_after_help()) {
        let help = help.to_string();
        match help.strip_prefix("Examples:\n") {
            Some(examples) => {
                let lines: Vec<&str> =
                    examples.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
                let _ = writeln!(text, "Examples:\n\n```sh\n{}\n```", lines.join("\n"));
            }
            None => {
                let _ = writeln!(text, "{}", escaped(&help));
            }
        }
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
}

/// One argument as a row of a list.
fn item(text: &mut String, argument: &Arg) {
    let help =
        argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let _ =
        write!(text, "- `{}`: {}", spelled(argument), escaped(&help).replace("\n\n", " ").replace('\n', " "));
    let takes_values = argument.get_action().takes_values();
    let values: Vec<_> = argument
        .get_possible_values()
        .into_iter()
        .filter(|value| takes_values && !value.is_hide_set())
        .collect();
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
    let mut more = Vec::new();
    if takes_values && !defaults.is_empty() && !argument.is_hide_default_value_set() {
        more.push(format!("default {}", defaults.join(", ")));
    }
    if !values.is_empty() && values.iter().all(|value| value.get_help().is_none()) {
        let names: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
        more.push(format!("one of {}", names.join(", ")));
    }
    if !more.is_empty() {
        let _ = write!(text, " ({})", more.join("; "));
    }
    text.push('\n');
    for value in values.iter().filter(|value| value.get_help().is_some()) {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "  - `{}`: {}", value.get_name(), escaped(&help));
    }
}

/// An argument as it is typed.
fn spelled(argument: &Arg) -> String {
    let takes_values = argument.get_action().takes_values();
    let names: Vec<String> =
        argument.get_value_names().unwrap_or_default().iter().map(|name| format!("<{name}>")).collect();
    let mut spelled = Vec::new();
    spelled.extend(argument.get_short().map(|short| format!("-{short}")));
    spelled.extend(argument.get_long().map(|long| format!("--{long}")));
    for alias in argument.get_visible_aliases().unwrap_or_default() {
        spelled.push(format!("--{alias}"));
    }
    let spelled = spelled.join(", ");
    match (spelled.is_empty(), takes_values) {
        (true, _) => names.join(" "),
        (false, true) => format!("{spelled} {}", names.join(" ")),
        (false, false) => spelled,
    }
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    text.replace('<', "\\<").replace('*', "\\*").replace('[', "\\[")
}

#[test]
fn the_command_reference_is_that_of_the_commands() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");
    let page = page();
    // Read when the test is compiled: nothing but main.rs reads the environment.
    let update = option_env!("SOLSHIP_UPDATE_PAGES") == Some("1");
    if update {
        fs_err::write(path, &page).expect("writes");
    }
    // A checkout on Windows may have other line ends.
    let found = fs_err::read_to_string(path).expect("a page").replace("\r\n", "\n");
    assert!(
        found == page,
        "{path} is another; SOLSHIP_UPDATE_PAGES=1 cargo test --bin solship writes it again"
    );
}
