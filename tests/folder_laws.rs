//! People and git edit folders: whatever they do, packing and unpacking again gives every file back, or says which one not.
//!
//! Over the fixtures, and over real folders of the reference packer when the shared data is there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use camino::Utf8Path;
use proptest::prelude::*;
use solship::layout::{LineEnd, PackKind};
use solship::mapping::Ours;
use solship::package::{OpenOptions, Package};
use solship::transfer::{PackRequest, SourceFolder, UnpackRequest, pack, unpack};
use solship::write::{ArchiveOptions, Eol};

mod support;
use support::corpus::table;
use support::place::{Place, Tree, fixture, put, tree, zip_of};
use support::shared;

/// Real folders of at most so many bytes are taken, so many of them.
const LARGEST: usize = 300_000;
const REAL: usize = 20;

/// Unpacked folders, files only.
static FOLDERS: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let mut folders = Vec::new();
    for name in ["FabFlows", "FabShared", "FabRobots", "FabRobotAccess"] {
        let place = Place::new();
        zip_of(&fixture(name), &place.path.join("Fab.zip"));
        place.must(&["unpack", "Fab.zip", "src"]);
        folders.push(tree(&place.path.join("src")));
    }
    if let Some(golden) = shared("golden") {
        let corpus = golden.parent().expect("the shared data");
        let mut of_kinds = BTreeSet::new();
        for row in table(&golden.join("pairs.tsv")) {
            let zip =
                if row["zip_unmanaged"].is_empty() { &row["zip_managed"] } else { &row["zip_unmanaged"] };
            let place = Place::new();
            let zip = corpus.join(zip);
            // One of each set of component kinds.
            if !zip.exists() || folders.len() == REAL || of_kinds.contains(&row["components"]) {
                continue;
            }
            place.must(&["unpack", zip.as_str(), "src"]);
            let found = tree(&place.path.join("src"));
            if found.values().map(Vec::len).sum::<usize>() < LARGEST {
                of_kinds.insert(row["components"].clone());
                folders.push(found);
            }
        }
        assert!(folders.len() > 10, "only {} folders", folders.len());
    }
    for folder in &mut folders {
        folder.retain(|path, _| !path.ends_with('/'));
    }
    folders
});

/// What somebody does to a folder; a number chooses the file.
#[derive(Debug, Clone)]
enum Edit {
    Remove(usize),
    /// Adds a file of that name beside another.
    Add(usize, &'static str, Vec<u8>),
    /// Gives another name in the same folder.
    Rename(usize, &'static str),
    /// Moves into another folder.
    Move(usize, &'static str),
    /// A second file of the same content.
    Copy(usize, &'static str),
    /// The name in other letter case.
    Respell(usize),
    /// The attributes of the n-th tag in reverse order.
    Attributes(usize, usize),
    /// LF in place of CRLF, or CRLF in place of LF.
    LineFeeds(usize),
    CarriageReturns(usize),
    /// Puts something between the n-th and the next tag.
    Insert(usize, usize, &'static str),
    /// Cuts the n-th part of a hundred off.
    Truncate(usize, usize),
    /// Other bytes.
    Replace(usize, Vec<u8>),
    /// With or without a byte order mark.
    Mark(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let file = || 0..10_000_usize;
    let name = || {
        prop::sample::select(vec![
            "a.xml",
            "b.json",
            "c.data.xml",
            "d.json.data.xml",
            "Entity.xml",
            "e.meta.xml",
            "f",
            "g.bin",
            "h_managed.xml",
            "Customizations.xml",
            "[Content_Types].xml",
            "\u{fc}ber.txt",
            "README.md",
        ])
    };
    let folder = || {
        prop::sample::select(vec![
            "",
            "Workflows/",
            "Other/",
            "Entities/fab_a/",
            "Entities/fab_a/FormXml/main/",
            "Roles/",
            "OptionSets/",
            "WebResources/",
            "WebResources/a/b/",
            "Other/Relationships/",
            "CanvasApps/",
            "Connectors/",
            "Assets/",
            "AppModules/fab_app/",
            "PluginAssemblies/x/",
            "Controls/c/",
            "Unknown/deep/",
        ])
    };
    let bytes = || {
        prop_oneof![
            Just(Vec::new()),
            Just(b"text\nof\r\nlines\r".to_vec()),
            Just(b"<x a=\"1\" b=\"2\"><y/></x>".to_vec()),
            Just(b"\xff\xfe\0<broken".to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
        ]
    };
    let inside = prop::sample::select(vec![
        "<!-- a comment -->",
        "text",
        "<unknown a=\"1\" c=\"&quot;\" b=\"2\">x &amp; y</unknown>",
        "\n\n  ",
        "<![CDATA[<z>]]>",
        "<?pi data?>",
        "&#xD;",
        "\u{65e5}\u{672c}",
    ]);
    prop_oneof![
        file().prop_map(Edit::Remove),
        (file(), name(), bytes()).prop_map(|(file, name, bytes)| Edit::Add(file, name, bytes)),
        (file(), name()).prop_map(|(file, name)| Edit::Rename(file, name)),
        (file(), folder()).prop_map(|(file, folder)| Edit::Move(file, folder)),
        (file(), name()).prop_map(|(file, name)| Edit::Copy(file, name)),
        file().prop_map(Edit::Respell),
        (file(), file()).prop_map(|(file, tag)| Edit::Attributes(file, tag)),
        file().prop_map(Edit::LineFeeds),
        file().prop_map(Edit::CarriageReturns),
        (file(), file(), inside).prop_map(|(file, tag, what)| Edit::Insert(file, tag, what)),
        (file(), 0..100_usize).prop_map(|(file, part)| Edit::Truncate(file, part)),
        (file(), bytes()).prop_map(|(file, bytes)| Edit::Replace(file, bytes)),
        file().prop_map(Edit::Mark),
    ]
}

/// Makes the edit, and gives the paths that it touched.
fn apply(edit: &Edit, folder: &mut Tree) -> Vec<String> {
    let chosen =
        |folder: &Tree, number: usize| folder.keys().nth(number % folder.len()).cloned().expect("not empty");
    let parent = |path: &str| path[..path.rfind('/').map_or(0, |slash| slash + 1)].to_owned();
    if folder.is_empty() {
        return Vec::new();
    }
    let change = |folder: &mut Tree, number: usize, change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let path = chosen(folder, number);
        let old = folder.remove(&path).expect("there");
        folder.insert(path.clone(), change(old));
        vec![path]
    };
    match edit {
        Edit::Remove(file) => {
            let path = chosen(folder, *file);
            folder.remove(&path);
            vec![path]
        }
        Edit::Add(file, name, bytes) => {
            let path = format!("{}{name}", parent(&chosen(folder, *file)));
            folder.insert(path.clone(), bytes.clone());
            vec![path]
        }
        Edit::Rename(file, _) | Edit::Move(file, _) | Edit::Respell(file) => {
            let old = chosen(folder, *file);
            let new = match edit {
                Edit::Rename(_, name) => format!("{}{name}", parent(&old)),
                Edit::Move(_, to) => format!("{to}{}", &old[parent(&old).len()..]),
                _ => format!("{}{}", parent(&old), old[parent(&old).len()..].to_uppercase()),
            };
            let bytes = folder.remove(&old).expect("there");
            folder.insert(new.clone(), bytes);
            vec![old, new]
        }
        Edit::Copy(file, name) => {
            let old = chosen(folder, *file);
            let new = format!("{}{name}", parent(&old));
            let bytes = folder[&old].clone();
            folder.insert(new.clone(), bytes);
            vec![old, new]
        }
        Edit::Attributes(file, tag) => change(folder, *file, &|bytes| reverse_attributes(bytes, *tag)),
        Edit::LineFeeds(file) => change(folder, *file, &|bytes| replaced(&bytes, "\r\n", "\n")),
        Edit::CarriageReturns(file) => {
            change(folder, *file, &|bytes| replaced(&replaced(&bytes, "\r\n", "\n"), "\n", "\r\n"))
        }
        Edit::Insert(file, tag, what) => change(folder, *file, &|bytes| {
            let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'>').collect();
            if ends.is_empty() {
                return bytes;
            }
            let at = ends[tag % ends.len()] + 1;
            [&bytes[..at], what.as_bytes(), &bytes[at..]].concat()
        }),
        Edit::Truncate(file, part) => {
            change(folder, *file, &|bytes| bytes[..bytes.len() * part / 100].to_vec())
        }
        Edit::Replace(file, with) => change(folder, *file, &|_| with.clone()),
        Edit::Mark(file) => change(folder, *file, &|bytes| match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => rest.to_vec(),
            None => [b"\xef\xbb\xbf", &bytes[..]].concat(),
        }),
    }
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace(from, to).into_bytes(),
        Err(_) => bytes.to_vec(),
    }
}

/// Name and attributes of a tag.
fn tag_parts(inside: &str) -> (&str, Vec<&str>) {
    let inside = inside.trim_end_matches('/');
    let name_end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(name_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(quote) = rest.find(['"', '\'']) else { break };
        let mark = rest.as_bytes()[quote] as char;
        let Some(end) = rest[quote + 1..].find(mark) else { break };
        let (attribute, behind) = rest.split_at(quote + end + 2);
        attributes.push(attribute);
        rest = behind;
    }
    (name, attributes)
}

fn reverse_attributes(bytes: Vec<u8>, number: usize) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
    let mut tags = Vec::new();
    for (start, _) in text.match_indices('<') {
        if let Some(length) = text[start..].find('>')
            && text[start + 1..].starts_with(|first: char| first.is_ascii_alphabetic())
            && tag_parts(&text[start + 1..start + length]).1.len() > 1
        {
            tags.push((start + 1, start + length));
        }
    }
    if tags.is_empty() {
        return bytes;
    }
    let (start, end) = tags[number % tags.len()];
    let (name, mut attributes) = tag_parts(&text[start..end]);
    attributes.reverse();
    let slash = if text[start..end].ends_with('/') { "/" } else { "" };
    format!("{}{name} {}{slash}{}", &text[..start], attributes.join(" "), &text[end..]).into_bytes()
}

/// XML without what means nothing: order of attributes, white space between tags, the two forms of an empty element, the
/// declaration and the namespace that the packager puts on every root. Written for this test alone.
fn meaning(bytes: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut tokens: Vec<String> = Vec::new();
    // White space around the one value that pack sets.
    let text = text.replace("<Managed>&#xD;", "<Managed>");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let start = rest.find('<').unwrap_or(rest.len());
        let (before, from) = rest.split_at(start);
        if !before.trim().is_empty() {
            let text = before.replace("&quot;", "\"").replace("&apos;", "'").replace("&gt;", ">");
            // Indentation around text that stands beside elements.
            tokens.push(text.trim().to_owned());
        }
        if from.is_empty() {
            break;
        }
        let end = if from.starts_with("<!--") {
            from.find("-->").map(|at| at + 3)
        } else if from.starts_with("<![CDATA[") {
            from.find("]]>").map(|at| at + 3)
        } else {
            from.find('>').map(|at| at + 1)
        };
        let Some(end) = end else {
            tokens.push(from.to_owned());
            break;
        };
        let tag = &from[..end];
        rest = &from[end..];
        // Comments are counted over all files: one outside of the outermost element moves to the file around the row.
        if tag.starts_with("<?") || tag.starts_with("<!--") {
            continue;
        }
        if tag.starts_with("<!") || tag.starts_with("</") {
            tokens.push(tag.to_owned());
            continue;
        }
        let (name, mut attributes) = tag_parts(&tag[1..tag.len() - 1]);
        attributes.retain(|attribute| !attribute.starts_with("xmlns:xsi="));
        attributes.sort_unstable();
        tokens.push(format!(
            "<{name} {}>",
            attributes.join(" ").replace("&gt;", ">").replace("&apos;", "'").replace('\'', "\"")
        ));
        if tag.ends_with("/>") {
            tokens.push(format!("</{name}>"));
        }
    }
    Some(tokens)
}

/// Rows of these files are put in order by unpack.
fn is_sorted(path: &str) -> bool {
    let path = path.to_lowercase();
    path == "other/solution.xml" || path.starts_with("other/relationships") || path.ends_with("appmodule.xml")
}

fn is_same(path: &str, edited: &[u8], found: &[u8]) -> bool {
    if edited == found {
        return true;
    }
    // Rows of their own files are copied; so is what is no XML.
    let lower = path.to_lowercase();
    if !lower.ends_with(".xml") || lower.starts_with("environmentvariabledefinitions/") {
        return false;
    }
    match (meaning(edited), meaning(found)) {
        (Some(mut edited), Some(mut found)) => {
            if is_sorted(path) {
                edited.sort_unstable();
                found.sort_unstable();
            }
            if lower == "other/customizations.xml" || lower.ends_with("/entity.xml") {
                // Into these go the empty places of sections that other files fill, and parts that unpack does not cut out:
                // it may hold more, and must not hold less.
                return edited.iter().all(|token| match found.iter().position(|other| other == token) {
                    Some(at) => {
                        found.remove(at);
                        true
                    }
                    None => false,
                });
            }
            edited == found
        }
        _ => false,
    }
}

/// How often the comments and instructions that edits put in stand in a file.
fn remarks(bytes: &[u8]) -> usize {
    ["<!-- a comment -->", "<?pi data?>"]
        .iter()
        .map(|what| bytes.windows(what.len()).filter(|part| *part == what.as_bytes()).count())
        .sum()
}

/// Whether all of a file stands in one piece in a file that can hold it.
fn stays_whole(bytes: &[u8], folder: &Tree) -> bool {
    let Some(row) = meaning(bytes).filter(|row| !row.is_empty()) else { return false };
    let holders = folder
        .iter()
        .filter(|(path, _)| *path == "Other/Customizations.xml" || path.ends_with("/Entity.xml"));
    holders
        .filter_map(|(_, found)| meaning(found))
        .any(|whole| whole.windows(row.len()).any(|part| part == row))
}

/// Packs; the message of a refusal, or the words of all findings.
fn packed(folder: &Utf8Path, target: &Utf8Path) -> Result<Vec<String>, String> {
    let ours = Ours::new(folder).expect("readable");
    let source = SourceFolder::open(folder, &ours, None, &OpenOptions::default())
        .map_err(|error| error.to_string())?;
    let kind = match source.is_managed().map_err(|error| error.to_string())? {
        true => PackKind::Managed,
        false => PackKind::Unmanaged,
    };
    let summary = pack(&PackRequest {
        folder: &source,
        targets: &[(target.to_owned(), kind)],
        line_end: LineEnd::Crlf,
        version: None,
        use_unmanaged_for_missing_managed: false,
        archive: ArchiveOptions::default(),
        dry_run: false,
    })
    .map_err(|error| error.to_string())?;
    let left_alone = source.left_alone().keys().cloned();
    Ok(summary.findings.into_iter().map(|finding| finding.message).chain(left_alone).collect())
}

fn unpacked(zip: &Utf8Path, folder: &Utf8Path) -> Result<Tree, String> {
    let package = Package::open(zip, &OpenOptions::default()).map_err(|error| error.to_string())?;
    let ours = Ours::new(folder).expect("readable");
    unpack(UnpackRequest {
        packages: &[package],
        target: folder,
        as_packager: false,
        map: None,
        ours,
        force: false,
        allow_delete: true,
        clobber: false,
        eol: Eol::Auto,
        dry_run: false,
        records: None,
    })
    .map_err(|error| error.to_string())?;
    Ok(tree(folder))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_of_a_folder_is_lost_silently(folder in 0..10_000_usize, edits in prop::collection::vec(edit(), 0..4)) {
        let mut folder = FOLDERS[folder % FOLDERS.len()].clone();
        let touched: Vec<String> = edits.iter().flat_map(|edit| apply(edit, &mut folder)).collect();
        // What a folder on disk cannot hold.
        let is_file_and_folder = |path: &String| folder.range(format!("{path}/")..).next().is_some_and(|(other, _)| other.starts_with(&format!("{path}/")));
        prop_assume!(!folder.keys().any(is_file_and_folder));
        let place = Place::new();
        let source = place.path.join("src");
        fs_err::create_dir(&source).expect("makes");
        put(&source, &folder);
        let zip = place.path.join("Fab.zip");
        let said = match packed(&source, &zip) {
            Ok(said) => said,
            Err(error) => {
                let names_it = touched.iter().any(|path| {
                    let stem = path.rsplit('/').next().expect("a name");
                    error.contains(path.as_str()) || error.contains(stem)
                });
                prop_assert!(names_it, "refused without the file: {error}\n{edits:?}\n{touched:?}");
                return Ok(());
            }
        };
        let again = match unpacked(&zip, &place.path.join("again")) {
            Ok(again) => again,
            Err(error) => {
                // Two files of one row: both are in the archive, and unpack names the place that both want.
                let names_it = error.contains("wanted by two parts") && touched.iter().any(|path| error.contains(path.as_str()));
                prop_assert!(names_it, "packed, and cannot be unpacked: {error}\n{edits:?}\n{touched:?}");
                return Ok(());
            }
        };
        let is_said = |path: &String| said.iter().any(|words| words.contains(path.as_str()));
        let put_in: usize = folder.iter().filter(|(path, _)| !is_said(path)).map(|(_, bytes)| remarks(bytes)).sum();
        let found: usize = again.values().map(|bytes| remarks(bytes)).sum();
        prop_assert!(found >= put_in, "{} of {put_in} comments are lost\n{edits:?}\n{touched:?}", put_in - found);
        // Every file of the second folder that is not in the first can be one that went to where its row says it belongs.
        let mut moved: Vec<&String> = again.keys().filter(|path| !path.ends_with('/') && !folder.contains_key(*path)).collect();
        for (path, bytes) in &folder {
            if again.get(path).is_some_and(|found| is_same(path, bytes, found)) || is_said(path) {
                continue;
            }
            // Unpack leaves a row where it is when there is text between the rows, or its name is none.
            if stays_whole(bytes, &again) {
                continue;
            }
            let at = moved.iter().position(|other| is_same(path, bytes, &again[*other]));
            prop_assert!(at.is_some(), "{path} is lost\n{edits:?}\n{touched:?}\nsaid {said:?}\nelsewhere {moved:?}\n{:?}\n{:?}",
                String::from_utf8_lossy(bytes).chars().take(600).collect::<String>(), again.get(path).map(|found| String::from_utf8_lossy(found).chars().take(600).collect::<String>()));
            moved.remove(at.expect("it was there a line above"));
        }
    }
}
