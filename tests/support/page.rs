//! A page whose commands are run: what it shows is what they print.
//!
//! In a `console` block a line that starts with `$ ` is a command, lines that start with `> ` behind it go on with it, and the rest is what
//! it prints, on stdout and stderr. A line that is only `…` stands for any lines, `…` in a line for any text in that line. A command ends
//! with exit code 0, unless the next one is `echo $?`. Comments before a block say more:
//!
//! - `<!-- file: PATH -->`: the next block is what stands in this file, which the reader writes;
//! - `<!-- run: COMMAND -->`: a command that is run and not shown;
//! - `<!-- script -->`: the next block is a script, which must succeed.
//!
//! All run in one folder, in the order of the page. `SOLSHIP_UPDATE_PAGES=1` writes what is printed into the page, where it is not
//! what stands there.

use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use super::folder::Folder;

/// What is done with a part of a page.
enum Step {
    /// A file is written.
    File { path: String, content: String },
    /// A command is run and prints the lines of that range.
    Command { text: String, shown: std::ops::Range<usize> },
    /// A command or a script is run.
    Hidden(String),
}

/// A page of the documentation.
pub struct Page {
    path: Utf8PathBuf,
    lines: Vec<String>,
}

impl Page {
    /// The page at a path of the project.
    pub fn new(path: &str) -> Self {
        let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        // A checkout on Windows may have changed the line ends.
        let text = fs_err::read_to_string(&path).expect("a page").replace("\r\n", "\n");
        Self { path, lines: text.lines().map(str::to_owned).collect() }
    }

    /// Runs everything on the page in a folder, and fails where something else is printed than stands there.
    pub fn runs(&mut self, folder: &Folder) {
        #[expect(clippy::disallowed_methods, reason = "a test, not the library")]
        let update = std::env::var("SOLSHIP_UPDATE_PAGES").is_ok_and(|value| value == "1");
        let steps = self.steps();
        let mut wrong = String::new();
        let mut printed_instead = Vec::new();
        let mut code = 0;
        let mut commands = 0;
        for (index, step) in steps.iter().enumerate() {
            match step {
                Step::File { path, content } => {
                    folder.file(path, content);
                }
                Step::Hidden(text) => {
                    let (code, printed) = shell(folder, &format!("set -e\n{text}"), 0);
                    assert_eq!(code, 0, "{}: {text}\n{printed}", self.path);
                }
                Step::Command { text, shown } => {
                    commands += 1;
                    let (own, printed) = shell(folder, text, code);
                    code = own;
                    let is_asked =
                        matches!(steps.get(index + 1), Some(Step::Command { text, .. }) if text == "echo $?");
                    if code != 0 && !is_asked {
                        wrong.push_str(&format!("{}:{}: {text}\nexit code {code}\n", self.path, shown.start));
                    }
                    let shown_lines: Vec<&str> =
                        self.lines[shown.clone()].iter().map(String::as_str).collect();
                    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
                    if !matches(&shown_lines, &printed) {
                        wrong.push_str(&format!(
                            "{}:{}: {text}\n--- shown\n{}\n--- printed\n{}\n",
                            self.path,
                            shown.start,
                            shown_lines.join("\n"),
                            printed.join("\n")
                        ));
                        let lines: Vec<String> = printed.iter().map(|line| (*line).to_owned()).collect();
                        printed_instead.push((shown.clone(), lines));
                    }
                }
            }
        }
        assert!(commands > 0, "{}: no command", self.path);
        if update {
            for (range, lines) in printed_instead.into_iter().rev() {
                self.lines.splice(range, lines);
            }
            fs_err::write(&self.path, self.lines.join("\n") + "\n").expect("writes");
        }
        assert!(wrong.is_empty(), "{wrong}SOLSHIP_UPDATE_PAGES=1 writes what is printed into the page");
    }

    /// The text between the fences of the block behind a comment.
    pub fn block(&self, comment: &str) -> String {
        let start = self.lines.iter().position(|line| line == comment).expect("the comment") + 2;
        let end = self.end(start);
        self.lines[start..end].iter().map(|line| format!("{line}\n")).collect()
    }

    /// Where the block ends whose first line is that one.
    fn end(&self, start: usize) -> usize {
        let length = self.lines[start..].iter().position(|line| line == "```");
        start + length.unwrap_or_else(|| panic!("{}:{start}: the block has no end", self.path))
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut comment = String::new();
        let mut at = 0;
        while at < self.lines.len() {
            let line = self.lines[at].as_str();
            at += 1;
            if let Some(text) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
                match text.strip_prefix("run: ") {
                    Some(command) => steps.push(Step::Hidden(command.to_owned())),
                    None => text.clone_into(&mut comment),
                }
                continue;
            }
            let Some(language) = line.strip_prefix("```") else {
                if !line.is_empty() {
                    comment.clear();
                }
                continue;
            };
            let end = self.end(at);
            let content = || self.lines[at..end].iter().map(|line| format!("{line}\n")).collect::<String>();
            if let Some(path) = comment.strip_prefix("file: ") {
                steps.push(Step::File { path: path.to_owned(), content: content() });
            } else if comment == "script" {
                steps.push(Step::Hidden(content()));
            } else if language == "console" {
                self.commands(at, end, &mut steps);
            }
            comment.clear();
            at = end + 1;
        }
        steps
    }

    /// The commands of a block.
    fn commands(&self, start: usize, end: usize, steps: &mut Vec<Step>) {
        let mut at = start;
        while at < end {
            let text = self.lines[at].strip_prefix("$ ");
            let mut text = text.unwrap_or_else(|| panic!("{}:{}: no command", self.path, at + 1)).to_owned();
            at += 1;
            while let Some(more) = self.lines[at..end].first().and_then(|line| line.strip_prefix("> ")) {
                text = format!("{text}\n{more}");
                at += 1;
            }
            let from = at;
            while at < end && !self.lines[at].starts_with("$ ") {
                at += 1;
            }
            steps.push(Step::Command { text, shown: from..at });
        }
    }
}

/// Runs a command in a shell whose last exit code was that one, with the binary in its path; gives its exit code, and
/// stdout and stderr as one text.
pub fn shell(folder: &Folder, text: &str, code: i32) -> (i32, String) {
    let binary = Utf8Path::new(env!("CARGO_BIN_EXE_solship")).parent().expect("a folder");
    let output = Command::new("sh")
        .args(["-c", &format!("PATH='{binary}':$PATH\nexec 2>&1\n(exit {code})\n{text}")])
        .current_dir(&folder.path)
        .env("NO_COLOR", "1")
        .env("SOLSHIP_HOME", folder.path.join(".solship"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Fabrikam")
        .env("GIT_AUTHOR_EMAIL", "releases@fabrikam.example")
        .env("GIT_COMMITTER_NAME", "Fabrikam")
        .env("GIT_COMMITTER_EMAIL", "releases@fabrikam.example")
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    (output.status.code().expect("an exit code"), printed)
}

/// Whether these lines are what is shown, where a line `…` stands for any lines and `…` in a line for any text.
pub fn matches(shown: &[&str], printed: &[&str]) -> bool {
    let Some((first, rest)) = shown.split_first() else { return printed.is_empty() };
    if *first == "…" {
        return (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]));
    }
    let Some((line, lines)) = printed.split_first() else { return false };
    line_matches(first, line) && matches(rest, lines)
}

fn line_matches(shown: &str, printed: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|start| printed.strip_prefix(start)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
