//! The floors of the crate: a module imports only from its own floor or from floors below it, without circles; and the
//! crates that one place owns are used nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

fn source() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file: path below `src`, text without comments.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for file in walkdir::WalkDir::new(source()) {
        let file = Utf8PathBuf::from_path_buf(file.unwrap().into_path()).unwrap();
        if file.extension() == Some("rs") {
            let text = fs_err::read_to_string(&file).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let path = file.strip_prefix(source()).unwrap().as_str().replace('\\', "/");
            files.insert(path, code.join("\n"));
        }
    }
    files
}

/// The floor of each module, from the table at the top of `lib.rs`.
fn floors() -> BTreeMap<String, u32> {
    let library = fs_err::read_to_string(source().join("lib.rs")).unwrap();
    let mut floors = BTreeMap::new();
    for line in library.lines().filter_map(|line| line.strip_prefix("//! |")) {
        let Some((floor, modules)) = line.split_once('|') else { continue };
        let Ok(floor) = floor.trim().parse() else { continue };
        for module in modules.split('`').skip(1).step_by(2) {
            floors.insert(module.to_owned(), floor);
        }
    }
    floors
}

/// The top module of a file: `report` of `report/json.rs`; none for `lib.rs` and `main.rs`.
fn module(path: &str) -> Option<&str> {
    let top = path.split('/').next()?;
    let top = top.strip_suffix(".rs").unwrap_or(top);
    (top != "lib" && top != "main").then_some(top)
}

/// The names after every `root::` in `code`, those in braces as well.
fn names_after<'c>(code: &'c str, root: &str) -> BTreeSet<&'c str> {
    let name_of = |text: &'c str| {
        let end = text.find(|character: char| !character.is_alphanumeric() && character != '_');
        &text[..end.unwrap_or(text.len())]
    };
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|character| character.is_alphanumeric() || character == '_') {
            continue;
        }
        let rest = &code[at + root.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(name_of(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (at, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                ',' if depth == 0 => {
                    names.insert(name_of(group[start..at].trim_start()));
                    start = at + 1;
                }
                '}' if depth == 0 => {
                    names.insert(name_of(group[start..at].trim_start()));
                    break;
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    names.remove("");
    names
}

/// Which modules each module imports from.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let floors = floors();
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, code) in files() {
        let Some(own) = module(&path) else { continue };
        let all = names_after(&code, "crate::").into_iter().chain(names_after(&code, "solship::"));
        let others = all.filter(|name| *name != own && floors.contains_key(*name)).map(str::to_owned);
        imports.entry(own.to_owned()).or_default().extend(others);
    }
    imports
}

#[test]
fn every_module_has_a_floor() {
    let floors = floors();
    for path in files().keys() {
        if let Some(module) = module(path) {
            assert!(floors.contains_key(module), "{path}: `{module}` is not in the table of src/lib.rs");
        }
    }
}

#[test]
fn nothing_imports_from_a_floor_above() {
    let floors = floors();
    for (module, others) in imports() {
        for other in others {
            assert!(floors[&other] <= floors[&module], "{module} imports from {other}, which is above it");
        }
    }
}

#[test]
fn modules_do_not_import_from_each_other() {
    let mut imports = imports();
    // What imports nothing that is still there is in no circle.
    while let Some(free) =
        imports.iter().find(|(_, others)| others.is_empty()).map(|(module, _)| module.clone())
    {
        imports.remove(&free);
        for others in imports.values_mut() {
            others.remove(&free);
        }
    }
    assert!(imports.is_empty(), "circles among {imports:?}");
}

#[test]
fn one_place_owns_zips_xml_terminals_and_the_environment() {
    for (path, code) in files() {
        let uses = |name: &str| !names_after(&code, name).is_empty();
        assert!(
            path == "package/zip.rs" || !uses("zip::ZipArchive") && !code.contains("use ::zip::"),
            "{path}: zip"
        );
        assert!(path.starts_with("xml/") || !uses("quick_xml::"), "{path}: quick-xml");
        assert!(path == "main.rs" || !uses("std::env::") && !uses("env::var"), "{path}: environment");
        assert!(path == "main.rs" || !uses("anyhow::"), "{path}: anyhow");
        let is_binary = path == "main.rs" || path.starts_with("cli/");
        for macro_name in ["println!", "print!", "eprintln!", "eprint!", "dbg!", "process::exit"] {
            assert!(is_binary || !code.contains(macro_name), "{path}: {macro_name}");
        }
    }
}

#[test]
fn names_are_found_in_every_form() {
    let code =
        "use crate::{json, xml::Document, model::{a, b}};\nfn f() { crate::text::g(); mycrate::no(); }";
    let names: Vec<_> = names_after(code, "crate::").into_iter().collect();
    assert_eq!(names, ["json", "model", "text", "xml"]);
}
