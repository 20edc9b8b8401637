//! `inspect` and `plan` over all real archives, one by one and all at once: no panic, damaged ones are named, and the
//! same bytes whatever the order of the arguments and the number of threads.

mod support;

use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use support::corpus::{index, is_damaged, readable};

fn solship(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_solship")).args(arguments).output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

#[test]
fn every_archive_is_inspected_and_planned_alone() {
    let Some(corpus) = support::shared("corpus") else { return };
    let rows = index(&corpus);
    let problems: Vec<String> = rows
        .par_iter()
        .flat_map_iter(|row| {
            let path = corpus.join(&row["path"]);
            ["inspect", "plan"].into_iter().filter_map(move |command| {
                let output = solship(&[command, path.as_str()]);
                let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
                let code = output.status.code();
                let good = if is_damaged(row) {
                    code == Some(2) && stdout.is_empty() && stderr.contains(path.file_name().expect("a name"))
                } else if command == "inspect" {
                    code == Some(0) && stdout.starts_with(&row["unique_name"])
                } else {
                    code.is_some_and(|code| code < 2) && stdout.contains(&row["unique_name"])
                };
                (!good).then(|| format!("{command} {path}: {code:?}\n{stdout}\n{stderr}"))
            })
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn all_at_once_the_damaged_ones_are_named_and_nothing_else_is_printed() {
    let Some(corpus) = support::shared("corpus") else { return };
    let damaged: Vec<String> =
        index(&corpus).iter().filter(|row| is_damaged(row)).map(|row| row["path"].clone()).collect();
    assert!(damaged.len() >= 4);
    for command in ["inspect", "plan"] {
        let output = solship(&[command, corpus.join("zips").as_str(), "--recursive"]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command}: {stderr}");
        assert!(output.stdout.is_empty(), "{command}");
        for path in &damaged {
            let name = Utf8Path::new(path).file_name().expect("a name");
            assert!(stderr.contains(name), "{command}: {name} is not named in\n{stderr}");
        }
    }
}

#[test]
fn all_at_once_every_solution_is_in_the_plan_once() {
    let Some(corpus) = support::shared("corpus") else { return };
    let zips = corpus.join("zips");
    let output = solship(&["plan", zips.as_str(), "--recursive", "--skip-unreadable", "--format", "list"]);
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
    let mut wanted: Vec<String> =
        readable(&corpus).iter().map(|row| row["unique_name"].to_lowercase()).collect();
    wanted.sort();
    wanted.dedup();
    let mut names: Vec<String> = text(&output.stdout).lines().map(str::to_lowercase).collect();
    names.sort();
    assert_eq!(names, wanted);
}

#[test]
fn argument_order_and_threads_do_not_change_a_byte() {
    let Some(corpus) = support::shared("corpus") else { return };
    let mut zips: Vec<Utf8PathBuf> = readable(&corpus).iter().map(|row| corpus.join(&row["path"])).collect();
    for (command, format) in [("plan", "text"), ("plan", "json"), ("inspect", "json")] {
        let mut run = |threads: &str| {
            zips.reverse();
            let mut arguments = vec![command, "--format", format, "--threads", threads];
            arguments.extend(zips.iter().map(|path| path.as_str()));
            let output = solship(&arguments);
            assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
            (output.stdout, output.stderr)
        };
        let (one, many) = (run("1"), run("8"));
        assert!(one == many, "{command} --format {format} differs between argument orders and thread counts");
    }
}
