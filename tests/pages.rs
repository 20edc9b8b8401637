//! What the README and the pages of the documentation show is what the commands print.

mod support;

use solship::config::Config;
use solship::order::Order;
use support::page::Page;

#[cfg(unix)]
#[test]
fn the_tutorial_runs_from_an_empty_folder() {
    Page::new("docs/tutorial.md").runs(&support::folder::Folder::new());
}

#[cfg(unix)]
fn runs_beside_the_fixtures(page: &str) {
    let folder = support::folder::Folder::new();
    folder.copy("fixtures", "fixtures");
    Page::new(page).runs(&folder);
}

#[cfg(unix)]
#[test]
fn the_readme_runs() {
    runs_beside_the_fixtures("README.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_the_order_runs() {
    runs_beside_the_fixtures("docs/order.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_secrets_runs() {
    runs_beside_the_fixtures("docs/secrets.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_the_configuration_runs() {
    runs_beside_the_fixtures("docs/configuration.md");
}

#[test]
fn what_is_shown_is_compared_line_by_line_but_for_what_is_left_out() {
    use support::page::matches;
    assert!(matches(&["a", "b"], &["a", "b"]));
    assert!(!matches(&["a", "b"], &["a"]) && !matches(&["a"], &["a", "b"]) && !matches(&["a"], &["a "]));
    assert!(matches(&["a", "…", "d"], &["a", "b", "c", "d"]) && matches(&["a", "…"], &["a"]));
    assert!(!matches(&["a", "…", "d"], &["a", "b", "c"]));
    assert!(matches(&["its id is …"], &["its id is 7"]) && matches(&["a … c … e"], &["a b c d e"]));
    assert!(!matches(&["its id is …."], &["its id is 7"]) && !matches(&["a … x … e"], &["a b c d e"]));
}

/// A page with commands is run.
#[test]
fn every_page_with_commands_is_run() {
    let root = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = fs_err::read_to_string(root.join("tests/pages.rs")).expect("this file");
    for file in walkdir::WalkDir::new(root.join("docs")) {
        let path = camino::Utf8PathBuf::from_path_buf(file.expect("a file").into_path()).expect("UTF-8");
        let name = path.strip_prefix(root).expect("below").as_str().replace('\\', "/");
        if path.extension() == Some("md")
            && fs_err::read_to_string(&path).expect("a page").contains("```console")
        {
            assert!(tests.contains(&format!("(\"{name}\")")), "{name} has commands that are not run");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_page_on_comparing_runs() {
    runs_beside_the_fixtures("docs/diff.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_environments_runs() {
    runs_beside_the_fixtures("docs/environments.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_splitting_runs() {
    runs_beside_the_fixtures("docs/split.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_git_runs() {
    runs_beside_the_fixtures("docs/git.md");
}

#[cfg(unix)]
#[test]
fn the_page_for_those_who_come_from_pac_runs() {
    runs_beside_the_fixtures("docs/pac.md");
}

#[cfg(unix)]
#[test]
fn the_page_on_plain_shells_runs() {
    runs_beside_the_fixtures("docs/ci/shell.md");
}

/// Word by word, in one folder with the settings file of the block before.
#[cfg(unix)]
#[test]
fn the_readme_rehearses_a_release() {
    let text = fs_err::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("a page");
    let (_, section) = text.split_once("\n### Environments\n").expect("a section");
    let (_, block) = section.split_once("```sh\n").expect("a block");
    let (block, _) = block.split_once("```").expect("its end");
    let folder = support::folder::Folder::new();
    folder.copy("fixtures/release", "release");
    let (code, printed) = support::page::shell(&folder, "solship settings new release --out uat.json", 0);
    assert_eq!(code, 0, "{printed}");
    for command in block.lines() {
        // Nobody is there to be asked, and with a finding or a difference the code is 1.
        let (command, _) = command.split_once('#').unwrap_or((command, ""));
        let asks = command.starts_with("solship undeploy");
        let command = format!("{}{}", command.trim_end(), if asks { " --yes" } else { "" });
        let (code, printed) = support::page::shell(&folder, &command, 0);
        let differs = command.contains("solship diff ");
        assert_eq!(code, i32::from(differs), "{command}: {printed}");
    }
}

/// Each command of the index writes a document of the schema beside it.
#[cfg(unix)]
#[test]
fn the_commands_in_the_index_of_schemas_write_them() {
    const PREPARED: &str = "set -e
mkdir release src; cp -r fixtures/release/* release; cp -r release old; cp fixtures/order.txt fixtures/import-failed.txt .
mv import-failed.txt import.log
solship merge release -o FabAll.zip --name FabAll; solship merge release -o FabFlows.zip --name FabFlows
solship unpack FabFlows.zip src/FabFlows; solship split FabAll.zip -o parts
solship settings new release --out uat.json; cp uat.json prod.json
for name in uat prod; do solship env new $name; solship env provide $name MicrosoftFlowExtensionsCore 1.10.18.1; done";
    let folder = support::folder::Folder::new();
    folder.copy("fixtures", "fixtures");
    let (code, printed) = support::page::shell(&folder, PREPARED, 0);
    assert_eq!(code, 0, "{printed}");
    let page =
        fs_err::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schemas.md")).expect("a page");
    let mut wrong = String::new();
    for row in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let (schema, rest) = row.split_once("` | `").expect("two columns");
        let command = rest.trim_end_matches("` |");
        let (code, printed) = support::page::shell(&folder, &format!("exec 2>/dev/null\n{command}"), 0);
        let mut words = command.split(' ').skip_while(|word| !["--out", "--baseline"].contains(word)).skip(1);
        let document = match words.next() {
            Some(file) => fs_err::read_to_string(folder.path.join(file)).unwrap_or_default(),
            None => printed,
        };
        let document: serde_json::Value = serde_json::from_str(&document).unwrap_or_default();
        let name = match schema {
            "sarif-github" => "https://json.schemastore.org/sarif-2.1.0.json".to_owned(),
            schema => format!("urn:solship:schema:{schema}:1"),
        };
        if document["$schema"] != *name {
            wrong.push_str(&format!("{command}: exit code {code}, {} and not {name}\n", document["$schema"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_configuration_in_the_readme_is_read() {
    let text = Page::new("README.md").block("<!-- file: example/solship.toml -->");
    let config = Config::read("solship.toml", text.clone().into_bytes()).expect("a configuration");
    assert_eq!(config.unknown, []);
    assert_eq!((config.solutions.len(), config.provided.len(), config.before.len()), (2, 1, 1));
    assert_eq!((config.signs_in.len(), config.levels.len(), config.exceptions.len()), (1, 1, 1));
    assert_eq!(config.split.len(), 1);
    assert_eq!(Order::read("solship.toml", text.into_bytes()).expect("an order").rows.len(), 4);
}
