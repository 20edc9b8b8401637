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
#[test]
fn the_readme_runs_beside_the_fixtures() {
    let folder = support::folder::Folder::new();
    folder.copy("fixtures", "fixtures");
    Page::new("README.md").runs(&folder);
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
