//! The action for GitHub, the hooks for pre-commit and the pipelines in the documentation: their YAML is read, what they name is there,
//! and their scripts are run in a shell against the built binary.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use camino::Utf8Path;
use support::folder::Folder;
use yaml_rust2::{Yaml, YamlLoader};

fn read(path: &str) -> String {
    fs_err::read_to_string(Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

fn yaml(path: &str, text: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(documents.len(), 1, "{path}");
    documents.remove(0)
}

/// The YAML blocks of a page.
fn blocks(path: &str) -> Vec<Yaml> {
    let text = read(path).replace("\r\n", "\n");
    let parts = text.split("```yaml\n").skip(1).map(|rest| rest.split_once("```").expect("an end").0);
    parts.map(|block| yaml(path, block)).collect()
}

fn text<'y>(value: &'y Yaml, key: &str) -> &'y str {
    value[key].as_str().unwrap_or_default()
}

/// What stands between `${{` and `}}`, without blanks around it.
fn expressions(text: &str) -> Vec<String> {
    let parts = text.split("${{").skip(1).map(|rest| rest.split_once("}}").expect("an end").0);
    parts.map(|expression| expression.trim().to_owned()).collect()
}

/// A repository with the release of the fixtures in `src`, in which an order, and a flow that changed after the first commit.
fn repository() -> Folder {
    let folder = Folder::new();
    folder.copy("fixtures/release", "src");
    folder.file("order.txt", "FabRobotAccess\nFabShared\nFabRobots\nFabFlows\n");
    folder.file(".solship-tests/summary.md", "").file(".solship-tests/path", "");
    folder.git(&["init", "-q"]).git(&["add", "src", "order.txt"]).git(&["commit", "-q", "-m", "one"]);
    let flow = "src/FabFlows/Workflows/Runpayroll-0C0FDED0-57C0-4F6C-8B9D-BE79CEB56D91.json";
    folder.edit(flow, "\"unattended\"", "\"attended\"");
    folder
}

/// Runs a script as a runner does, with variables.
fn bash(folder: &Folder, script: &str, variables: &BTreeMap<String, String>) -> Output {
    let binary = Utf8Path::new(env!("CARGO_BIN_EXE_solship")).parent().expect("a folder");
    let path = std::env::var_os("PATH").expect("a path").into_string().expect("UTF-8");
    Command::new("bash")
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script])
        .current_dir(&folder.path)
        .env("PATH", format!("{binary}:{path}"))
        .env("RUNNER_TEMP", folder.path.join(".solship-tests"))
        .env("GITHUB_STEP_SUMMARY", folder.path.join(".solship-tests/summary.md"))
        .env("GITHUB_PATH", folder.path.join(".solship-tests/path"))
        .env("AGENT_TEMPDIRECTORY", folder.path.join(".solship-tests"))
        .envs(variables)
        .stdin(Stdio::null())
        .output()
        .expect("bash")
}

/// The steps of the action with these inputs, by name: exit code, stdout and stderr. A step whose condition asks for an
/// input that is empty is left out.
fn action(folder: &Folder, given: &[(&str, &str)]) -> BTreeMap<String, (i32, String)> {
    let action = yaml("action.yml", &read("action.yml"));
    let inputs = action["inputs"].as_hash().expect("inputs");
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for (name, input) in inputs {
        values.insert(name.as_str().expect("a name").to_owned(), text(input, "default").to_owned());
    }
    for (name, value) in given {
        assert!(values.insert((*name).to_owned(), (*value).to_owned()).is_some(), "no input {name}");
    }
    let mut results = BTreeMap::new();
    for step in action["runs"]["steps"].as_vec().expect("steps") {
        let condition = text(step, "if");
        if values
            .iter()
            .any(|(name, value)| value.is_empty() && condition.contains(&format!("inputs.{name} != ''")))
        {
            continue;
        }
        let mut variables = BTreeMap::new();
        for (name, value) in step["env"].as_hash().expect("env") {
            let expression = expressions(value.as_str().expect("a text"));
            let value = match expression[0].strip_prefix("inputs.") {
                Some(input) => values.get(input).unwrap_or_else(|| panic!("no input {input}")).clone(),
                None => env!("CARGO_MANIFEST_DIR").to_owned(),
            };
            variables.insert(name.as_str().expect("a name").to_owned(), value);
        }
        let output = bash(folder, text(step, "run"), &variables);
        let told = String::from_utf8(output.stdout).expect("UTF-8")
            + &String::from_utf8(output.stderr).expect("UTF-8");
        results.insert(text(step, "name").to_owned(), (output.status.code().expect("a code"), told));
    }
    results
}

/// The inputs for the repository of the tests.
const GIVEN: [(&str, &str); 5] = [
    ("solutions", "src/FabRobotAccess\nsrc/FabShared/\nsrc/FabRobots\nsrc/FabFlows\n"),
    ("order", "order.txt"),
    ("provided", "MicrosoftFlowExtensionsCore@1.10.18.1"),
    ("base", "HEAD"),
    ("binary", env!("CARGO_BIN_EXE_solship")),
];

#[test]
fn the_action_names_only_what_is_there() {
    let source = read("action.yml");
    let action = yaml("action.yml", &source);
    assert_eq!(text(&action["runs"], "using"), "composite");
    let inputs: Vec<&str> = action["inputs"]
        .as_hash()
        .expect("inputs")
        .keys()
        .map(|name| name.as_str().expect("a name"))
        .collect();
    let mut used = Vec::new();
    for expression in expressions(&source) {
        for word in expression.split([' ', '!', '(', ')']).filter(|word| !word.is_empty()) {
            match word.strip_prefix("inputs.") {
                Some(input) => {
                    assert!(inputs.contains(&input), "no input {input}");
                    used.push(input.to_owned());
                }
                None => {
                    let known = [
                        "github.action_path",
                        "steps.install.outcome",
                        "'success'",
                        "cancelled",
                        "&&",
                        "=",
                        "==",
                        "''",
                    ];
                    assert!(known.contains(&word), "{word}")
                }
            }
        }
    }
    for input in &inputs {
        assert!(used.iter().any(|used| used == input), "{input} is used by nothing");
        assert!(!text(&action["inputs"][*input], "description").is_empty(), "{input} has no description");
    }
    for step in action["runs"]["steps"].as_vec().expect("steps") {
        assert_eq!(text(step, "shell"), "bash");
        // What comes from outside goes through a variable, never into the text of the script.
        assert_eq!(expressions(text(step, "run")), Vec::<String>::new());
        for (name, _) in step["env"].as_hash().expect("env") {
            let name = format!("${}", name.as_str().expect("a name"));
            assert!(text(step, "run").contains(&name), "{name} is used by nothing");
        }
    }
}

#[test]
fn the_action_checks_a_release_and_tells_it_in_the_summary() {
    let folder = repository();
    let steps = action(&folder, &GIVEN);
    assert_eq!(steps.len(), 4);
    for (name, (code, told)) in &steps {
        assert_eq!(*code, 0, "{name}: {told}");
    }
    assert!(
        steps["Import order"].1.contains("::notice file=src/FabRobots/customizations.xml,line=39"),
        "{steps:?}"
    );
    assert!(steps["Check"].1.contains("FLW007"), "{steps:?}");
    insta::assert_snapshot!(
        fs_err::read_to_string(folder.path.join(".solship-tests/summary.md")).expect("a summary")
    );
    let sarif = fs_err::read_to_string(folder.path.join("solship.sarif")).expect("a file");
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(2));
    let path = fs_err::read_to_string(folder.path.join(".solship-tests/path")).expect("a path");
    let installed = Utf8Path::new(path.trim()).join("solship");
    assert!(fs_err::metadata(&installed).expect("installed").permissions().mode() & 0o111 != 0);
}

#[test]
fn the_action_fails_where_the_order_does_not_hold() {
    let folder = repository();
    folder.file("order.txt", "FabShared\nFabRobotAccess\nFabRobots\nFabFlows\n");
    let steps = action(&folder, &GIVEN);
    let (code, told) = &steps["Import order"];
    assert_eq!(*code, 1, "{told}");
    assert!(told.contains("::error file=order.txt,line=1,col=1,title=ORD001"), "{told}");
    // The rest is told all the same.
    assert_eq!(steps["Check"].0, 0);
    let summary = fs_err::read_to_string(folder.path.join(".solship-tests/summary.md")).expect("a summary");
    assert!(summary.contains("ORD001") && summary.contains("## What the change means"), "{summary}");
}

#[test]
fn the_action_takes_what_the_configuration_names_and_says_what_is_new() {
    let folder = repository();
    folder.file("solship.toml", "solutions = [\"src/*\"]\n");
    let steps = action(&folder, &GIVEN[4..]);
    assert_eq!(steps.len(), 3, "nothing is compared");
    assert!(steps.values().all(|(code, _)| *code == 0), "{steps:?}");

    folder.copy("fixtures/cycle/FabArchive", "src/FabArchive");
    let given =
        [("solutions", "src/FabArchive\nsrc/FabFlows"), ("base", "HEAD"), ("fail-on", "never"), GIVEN[4]];
    let steps = action(&folder, &given);
    assert!(steps.values().all(|(code, _)| *code == 0), "{steps:?}");
    let summary = fs_err::read_to_string(folder.path.join(".solship-tests/summary.md")).expect("a summary");
    assert!(summary.contains("src/FabArchive is new"), "{summary}");
}

/// A shallow checkout does not have the base of a pull request.
#[test]
fn the_action_says_when_there_is_nothing_to_compare_with() {
    let folder = repository();
    let steps = action(&folder, &[GIVEN[0], ("base", "0123456789abcdef0123456789abcdef01234567"), GIVEN[4]]);
    let (code, told) = &steps["What the change means"];
    assert_eq!(*code, 2, "{told}");
    assert!(told.starts_with("::error::") && told.contains("fetch-depth: 0"), "{told}");
}

/// A path with blanks and marks of the shell is a path.
#[test]
fn the_binary_may_be_one_in_path() {
    let folder = repository();
    let mut given = GIVEN;
    given[4].1 = "solship";
    let results = action(&folder, &given);
    assert_eq!(results["Install solship"].0, 0, "{results:?}");
    assert!(folder.path.join(".solship-tests/solship/bin/solship").exists());
}

#[test]
fn the_action_takes_odd_names() {
    let folder = repository();
    let odd = "src/a b $(touch evil) 'x\" *";
    folder.copy("fixtures/release/FabRobotAccess", odd);
    let steps = action(&folder, &[("solutions", odd), ("base", "HEAD"), GIVEN[4]]);
    assert!(steps.values().all(|(code, _)| *code == 0), "{steps:?}");
    assert!(!folder.path.join("evil").exists());
}

#[test]
fn the_hooks_run_with_the_arguments_of_the_documentation() {
    let hooks = yaml(".pre-commit-hooks.yaml", &read(".pre-commit-hooks.yaml"));
    let hooks = hooks.as_vec().expect("hooks");
    let page = blocks("docs/git.md");
    let used = page[0]["repos"][0]["hooks"].as_vec().expect("hooks");
    assert_eq!(used.len(), hooks.len());
    let folder = repository();
    for (hook, used) in hooks.iter().zip(used) {
        assert_eq!(text(hook, "id"), text(used, "id"));
        assert_eq!(text(hook, "language"), "rust");
        assert!(regex::Regex::new(text(hook, "files")).is_ok());
        assert_eq!(hook["pass_filenames"].as_bool(), Some(false));
        if text(hook, "id") == "solship-format" {
            // What is formatted is a folder as unpack makes it.
            let folder = &folder;
            let made = "solship merge src -o A.zip --name FabFlows && rm -r src/FabFlows && solship unpack A.zip src/FabFlows && solship format src/FabFlows";
            assert!(bash(folder, made, &BTreeMap::new()).status.success());
        }
        let arguments: Vec<&str> = used["args"]
            .as_vec()
            .expect("arguments")
            .iter()
            .map(|word| word.as_str().expect("a word"))
            .collect();
        let output =
            bash(&folder, &format!("{} {}", text(hook, "entry"), arguments.join(" ")), &BTreeMap::new());
        assert!(output.status.success(), "{} {}", text(hook, "id"), String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_workflow_in_the_documentation_gives_inputs_that_the_action_has() {
    let action = yaml("action.yml", &read("action.yml"));
    let page = blocks("docs/ci/github-actions.md");
    let steps = page[0]["jobs"]["solutions"]["steps"].as_vec().expect("steps");
    let step =
        steps.iter().find(|step| text(step, "uses").starts_with("OWNER/solship@")).expect("the action");
    for (input, _) in step["with"].as_hash().expect("inputs") {
        assert!(!action["inputs"][input.as_str().expect("a name")].is_badvalue(), "no input {input:?}");
    }
    let table = read("docs/ci/github-actions.md");
    for (input, _) in action["inputs"].as_hash().expect("inputs") {
        let row = format!("| `{}` | ", input.as_str().expect("a name"));
        assert!(table.contains(&row), "the table has no row for {input:?}");
    }
}

#[test]
fn the_yaml_in_the_documentation_is_yaml() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for file in walkdir::WalkDir::new(root.join("docs")) {
        let path = camino::Utf8PathBuf::from_path_buf(file.expect("a file").into_path()).expect("UTF-8");
        if path.extension() == Some("md") {
            count += blocks(path.strip_prefix(root).expect("below").as_str()).len();
        }
    }
    assert!(count >= 6, "{count}");
}

/// The commands of the pages on pipelines, one after the other, in a repository.
#[test]
fn the_steps_in_the_documentation_run() {
    let folder = repository();
    folder.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let made = "mkdir settings; solship settings new src --out settings/uat.json";
    assert!(bash(&folder, made, &BTreeMap::new()).status.success());
    let variables: BTreeMap<String, String> = [("BASE", "HEAD"), ("TARGET", "main")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let mut count = 0;
    for page in ["docs/ci/github-actions.md", "docs/ci/azure-devops.md"] {
        for block in blocks(page) {
            let steps = [&block, &block["steps"]].into_iter().find_map(Yaml::as_vec);
            for step in steps.into_iter().flatten() {
                let script = [text(step, "run"), text(step, "bash")].concat();
                if script.is_empty() {
                    continue;
                }
                count += 1;
                let output = bash(&folder, &script, &variables);
                let told = [output.stdout, output.stderr].concat();
                assert!(output.status.success(), "{page}: {script}\n{}", String::from_utf8_lossy(&told));
            }
        }
    }
    assert_eq!(count, 9);
}
