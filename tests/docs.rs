//! The book in `docs/`: its links lead somewhere, its table of contents is whole, and what is made of the registry of rules is up to date.
//!
//! `SOLSHIP_UPDATE_PAGES=1` writes the list of rules again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use solship::check::rules;

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Utf8Path) -> String {
    // A checkout on Windows may have other line ends.
    fs_err::read_to_string(path).expect("a page").replace("\r\n", "\n")
}

/// All pages of the book, by path.
fn pages() -> Vec<Utf8PathBuf> {
    let files = walkdir::WalkDir::new(root().join("docs")).sort_by_file_name();
    let paths = files.into_iter().map(|file| Utf8PathBuf::from_path_buf(file.unwrap().into_path()).unwrap());
    paths.filter(|path| path.extension() == Some("md")).collect()
}

/// The lines of a page that are no code.
fn lines(text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// The targets of the links of a page.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in lines(text) {
        // Code in a line shows what it holds.
        let outside: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        for (_, rest) in outside.match_indices("](").map(|(at, _)| outside.split_at(at + 2)) {
            links.extend(rest.split_once(')').map(|(target, _)| target.to_owned()));
        }
    }
    links
}

/// What stands behind `#` in links to the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    for line in lines(text) {
        let heading = line.trim_start_matches('#');
        let level = line.len() - heading.len();
        if !(1..=6).contains(&level) || !heading.starts_with(' ') {
            continue;
        }
        let mut anchor = String::new();
        for character in heading.trim().chars() {
            match character {
                ' ' => anchor.push('-'),
                '_' | '-' => anchor.push(character),
                _ if character.is_alphanumeric() => anchor.extend(character.to_lowercase()),
                _ => {}
            }
        }
        let count = counts.entry(anchor.clone()).or_default();
        anchors.insert(if *count == 0 { anchor } else { format!("{anchor}-{count}") });
        *count += 1;
    }
    anchors
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = String::new();
    let mut count = 0;
    let book = root().join("docs");
    let others = ["README.md", "CHANGELOG.md", "BENCHMARKS.md", "fixtures/README.md"];
    let files: Vec<Utf8PathBuf> = pages().into_iter().chain(others.map(|name| root().join(name))).collect();
    for page in files {
        let text = read(&page);
        for link in links(&text) {
            if link.contains("://") {
                continue;
            }
            count += 1;
            let (path, anchor) =
                link.split_once('#').map_or((&*link, None), |(path, anchor)| (path, Some(anchor)));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let Ok(target) = target.canonicalize_utf8() else {
                let _ = writeln!(wrong, "{page}: {link} is not there");
                continue;
            };
            let is_of_book = target.starts_with(book.canonicalize_utf8().unwrap());
            if page.starts_with(&book) && !is_of_book {
                let _ = writeln!(wrong, "{page}: {link} leads out of the book");
            }
            if let Some(anchor) = anchor
                && !anchors(&read(&target)).contains(anchor)
            {
                let _ = writeln!(wrong, "{page}: {link} names no heading");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 150, "only {count} links are seen");
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let summary = root().join("docs/SUMMARY.md");
    let mut listed = links(&read(&summary));
    let count = listed.len();
    listed.sort();
    listed.dedup();
    assert_eq!(listed.len(), count, "a page is listed twice");
    let there: Vec<String> = pages()
        .into_iter()
        .filter(|page| *page != summary)
        .map(|page| page.strip_prefix(root().join("docs")).unwrap().as_str().replace('\\', "/"))
        .collect();
    let there: BTreeSet<String> = there.into_iter().collect();
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), there);
}

/// A page whose end, behind that line, is made: compared, or written again.
fn assert_made(path: &str, behind: &str, made: &str) {
    let path = root().join(path);
    let text = read(&path);
    let (before, end) = text.split_once(&format!("{behind}\n")).expect("the line");
    #[expect(clippy::disallowed_methods, reason = "a test, not the library")]
    let update = std::env::var("SOLSHIP_UPDATE_PAGES").is_ok_and(|value| value == "1");
    if update {
        fs_err::write(&path, format!("{before}{behind}\n{made}")).expect("writes");
    }
    assert!(end == made, "{path} is another than made of the rules; SOLSHIP_UPDATE_PAGES=1 writes it again");
}

#[test]
fn the_rules_are_those_of_the_registry() {
    let mut table = String::from("\n| code | | level | |\n|---|---|---|---|\n");
    let mut summary = String::new();
    for rule in rules() {
        let (id, name) = (rule.code.id, rule.code.name);
        let level = rule.code.level().word();
        let what = rule.code.description();
        let _ = writeln!(table, "| [{id}](rules/{name}.md) | {name} | {level} | {what} |");
        let _ = writeln!(summary, "  - [{id} {name}](rules/{name}.md)");
    }
    assert_made(
        "docs/rules.md",
        "<!-- From here on made of the rules: SOLSHIP_UPDATE_PAGES=1 cargo test --test docs -->",
        &table,
    );
    assert_made("docs/SUMMARY.md", "- [Rules](rules.md)", &summary);
}

#[test]
fn every_schema_is_in_the_index() {
    let page = read(&root().join("docs/schemas.md"));
    let mut listed: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    let mut there: Vec<String> = fs_err::read_dir(root().join("schemas"))
        .expect("schemas")
        .map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"))
        .map(|name| name.strip_suffix(".schema.json").expect("a schema").to_owned())
        .collect();
    listed.sort_unstable();
    there.sort();
    assert_eq!(listed, there);
}
