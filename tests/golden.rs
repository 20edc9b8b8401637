//! Pairs of a zip and the folder that the reference packer made of it, and folders with the zip that it packed of them:
//! both directions give the same bytes.

mod support;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use solship::layout::{
    Archive, Archives, Folder, LineEnd, PackKind, PackOptions, PackageFolder, UnpackOptions, UnpackedFolder,
    difference, open_folder, pack, unpack,
};
use solship::package::{OpenOptions, Package};
use solship::xml::{Document, Limits};
use support::corpus::{Row, open, readable, table};

fn files(package: &Package) -> BTreeMap<String, Vec<u8>> {
    let entries = package.entries().iter();
    entries.map(|entry| (entry.path.to_lowercase(), package.read(entry).unwrap())).collect()
}

/// Git may have stored text with LF; a text has no zero byte.
fn without_cr(bytes: &[u8]) -> Vec<u8> {
    if bytes.contains(&0) {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            out.push(byte);
        }
    }
    out
}

fn with_digit(manifest: &[u8], digit: &str) -> Vec<u8> {
    let text = String::from_utf8(manifest.to_vec()).unwrap();
    let start = text.find("<Managed>").unwrap() + "<Managed>".len();
    format!("{}{digit}{}", &text[..start], &text[start + 1..]).into_bytes()
}

/// Where two texts part, with what is around.
fn first_difference(left: &[u8], right: &[u8]) -> String {
    let at = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let around = |bytes: &[u8]| {
        let end = bytes.len().min(at + 120);
        String::from_utf8_lossy(&bytes[at.saturating_sub(120).min(end)..end]).into_owned()
    };
    format!(
        "at byte {at} of {} and {}\n--- is\n{}\n--- expected\n{}",
        left.len(),
        right.len(),
        around(left),
        around(right)
    )
}

/// Compares unpacked files with the tree. For a half, files of the tree that only the other half has are no fault.
fn compare_tree(row: &Row, shared: &Utf8Path) -> Vec<String> {
    let golden = shared.join("golden");
    let [unmanaged, managed] = ["zip_unmanaged", "zip_managed"]
        .map(|column| row.get(column).filter(|path| !path.is_empty()).map(|path| open(&shared.join(path))));
    let tree = files(&open(&golden.join(&row["tree"])));
    let archives: Vec<Archive<'_>> =
        [&unmanaged, &managed].into_iter().flatten().map(|package| Archive::read(package).unwrap()).collect();
    let archives = match &archives[..] {
        [one] => Archives::One(one),
        [unmanaged, managed] => Archives::Both { unmanaged, managed },
        _ => panic!("a row has one zip or two"),
    };
    let options = UnpackOptions { as_packager: true, line_end: LineEnd::Crlf };
    let unpacked = match unpack(archives, &options) {
        Ok(unpacked) => unpacked,
        Err(error) => return vec![error.to_string()],
    };
    let exact = row["eol"] == "exact";
    let normal = |bytes: &[u8]| if exact { bytes.to_vec() } else { without_cr(bytes) };
    let mut faults = Vec::new();
    let mut left_over: Vec<&String> = tree.keys().collect();
    for part in &unpacked.parts {
        let path = part.path().to_lowercase();
        let mut bytes = part.bytes().unwrap();
        if path == "other/solution.xml" && matches!(archives, Archives::One(_)) {
            bytes = with_digit(&bytes, &row["managed_digit"]);
        }
        left_over.retain(|left| **left != path);
        match tree.get(&path) {
            None => faults.push(format!("{path}: not in the tree")),
            Some(expected) if normal(&bytes) == normal(expected) => {}
            Some(expected) => {
                faults.push(format!("{path}: {}", first_difference(&normal(&bytes), &normal(expected))));
            }
        }
    }
    let missing: usize = row.get("missing_half_files").map_or(0, |count| count.parse().unwrap());
    // They are the twins of files that the half has, and nothing else.
    let is_twin = |path: &&&String| {
        let twin = match path.strip_suffix("_managed.xml") {
            Some(stem) => format!("{stem}.xml"),
            None => path.replace(".xml", "_managed.xml"),
        };
        unpacked.parts.iter().any(|part| part.path().to_lowercase() == twin)
    };
    if left_over.len() != missing || !left_over.iter().all(|path| is_twin(&path)) {
        faults.push(format!("only in the tree: {left_over:?}, expected {missing}"));
    }
    faults
}

fn report(name: &str, rows: &[Row], faults: impl Fn(&Row) -> Vec<String> + Sync) {
    let failed: Vec<String> = rows
        .par_iter()
        .map(|row| (row, faults(row)))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(row, faults)| format!("{}: {} faults, the first: {}", row["id"], faults.len(), faults[0]))
        .collect();
    let passed = rows.len() - failed.len();
    println!("{name}: {passed} of {} rows", rows.len());
    assert!(failed.is_empty(), "{name}: {passed} of {} rows\n\n{}", rows.len(), failed.join("\n\n"));
}

fn shared() -> Option<Utf8PathBuf> {
    let golden = support::shared("golden")?;
    golden.parent().map(Utf8Path::to_owned)
}

#[test]
fn unpack_gives_the_folder_of_every_pair() {
    let Some(shared) = shared() else { return };
    let rows = table(&shared.join("golden").join("pairs.tsv"));
    assert_eq!(rows.len(), 100);
    report("pairs", &rows, |row| compare_tree(row, &shared));
}

#[test]
fn unpack_gives_every_half_of_a_folder() {
    let Some(shared) = shared() else { return };
    let rows = table(&shared.join("golden").join("halves.tsv"));
    assert_eq!(rows.len(), 21);
    report("halves", &rows, |row| compare_tree(row, &shared));
}

/// Compares the entries of a packed folder with the zip that the reference packer made of it.
fn compare_zip(row: &Row, shared: &Utf8Path) -> Vec<String> {
    let tree = open(&shared.join("golden").join(&row["tree"]));
    let view = PackageFolder::new(&tree);
    let zip = open(&shared.join(&row["zip"]));
    let options = PackOptions {
        kind: if row["package_type"] == "Managed" { PackKind::Managed } else { PackKind::Unmanaged },
        line_end: if row["eol"] == "LF" { LineEnd::Lf } else { LineEnd::Crlf },
        ..PackOptions::default()
    };
    let folder = Folder::read(&view).unwrap_or_else(|error| panic!("{}: {error}", row["id"]));
    let packed = match pack(&folder, &options) {
        Ok(packed) => packed,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    let (mut rebuilt, mut line_ends) = (0, 0);
    let mut names: Vec<&str> = packed.parts.iter().map(|part| part.path()).collect();
    let mut expected: Vec<&str> = zip.entries().iter().map(|entry| entry.path.as_str()).collect();
    if row["entries"] != "identical" {
        names.sort_unstable();
        expected.sort_unstable();
    }
    if names != expected {
        let at = names.iter().zip(&expected).take_while(|(left, right)| left == right).count();
        faults.push(format!(
            "entries part at {at}\n--- is\n{}\n--- expected\n{}",
            names[at.min(names.len())..].join("\n"),
            expected[at.min(expected.len())..].join("\n")
        ));
    }
    for part in &packed.parts {
        let Some(entry) = zip.entry(part.path()) else { continue };
        let bytes = part.bytes().unwrap_or_else(|error| panic!("{}: {error}", row["id"]));
        let expected = zip.read(entry).unwrap();
        let column = match part.path() {
            "customizations.xml" => "customizations",
            "solution.xml" => "solution",
            // The order of the entries decides that of the types.
            "[Content_Types].xml" if row["entries"] != "identical" => "entries",
            "[Content_Types].xml" => "content_types",
            _ => "",
        };
        let equal = match row.get(column).map(String::as_str) {
            Some("identical") => bytes == expected,
            Some("same lines, other order" | "same set, other order") => {
                sorted_lines(&bytes) == sorted_lines(&expected)
            }
            _ if bytes == expected => true,
            // The canvas option built the app anew, or the tree was stored by git.
            _ if part.path().ends_with(".msapp") => {
                rebuilt += 1;
                true
            }
            _ => {
                line_ends += 1;
                without_cr(&bytes) == without_cr(&expected)
            }
        };
        if !equal {
            faults.push(format!("{}: {}", part.path(), first_difference(&bytes, &expected)));
        }
    }
    let told = |column: &str| row[column].parse::<usize>().unwrap();
    if (rebuilt, line_ends) != (told("parts_msapp_rebuilt"), told("parts_eol")) {
        faults.push(format!("{rebuilt} apps and {line_ends} line ends differ"));
    }
    faults
}

fn sorted_lines(bytes: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> =
        bytes.split(|&byte| byte == b'\n' || byte == b'>').map(<[u8]>::trim_ascii).collect();
    lines.sort_unstable();
    lines.concat()
}

#[test]
fn pack_gives_the_zip_of_every_folder() {
    let Some(shared) = shared() else { return };
    let rows = table(&shared.join("golden").join("packs.tsv"));
    assert_eq!(rows.len(), 104);
    report("packs", &rows, |row| compare_zip(row, &shared));
}

/// Every archive of the corpus that can be read.
fn corpus(shared: &Utf8Path) -> Vec<Utf8PathBuf> {
    let corpus = shared.join("corpus");
    readable(&corpus).iter().map(|row| corpus.join(&row["path"])).collect()
}

/// Unpacks, packs and unpacks again; what must be equal is compared.
fn there_and_back(path: &Utf8Path, line_end: LineEnd) -> Vec<String> {
    let package = open(path);
    let archive = match Archive::read(&package) {
        Ok(archive) => archive,
        Err(error) => return vec![error.to_string()],
    };
    let options = UnpackOptions { as_packager: false, line_end };
    let unpacked = match unpack(Archives::One(&archive), &options) {
        Ok(unpacked) => unpacked,
        Err(error) => return vec![error.to_string()],
    };
    let view = UnpackedFolder::new(&unpacked);
    let kind = if archive.is_managed() { PackKind::Managed } else { PackKind::Unmanaged };
    let pack_options = PackOptions { kind, line_end, ..PackOptions::default() };
    let folder = Folder::read(&view).unwrap();
    let packed = match pack(&folder, &pack_options) {
        Ok(packed) => packed,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for part in &packed.parts {
        let bytes = part.bytes().unwrap();
        let Some(entry) = package.entries().iter().find(|entry| entry.path == part.path()) else {
            faults.push(format!("{}: new", part.path()));
            continue;
        };
        let original = package.read(entry).unwrap();
        match part.path() {
            "customizations.xml" | "solution.xml" => {
                let parse = |bytes| Document::parse(bytes, &Limits::default()).unwrap();
                if let Some(found) = difference(&parse(original), &parse(bytes.clone())) {
                    faults.push(format!("{}: {found:?}", part.path()));
                }
            }
            "[Content_Types].xml" => {}
            _ if bytes == original => {}
            path => faults.push(format!("{path}: other bytes")),
        }
        let stored =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(part.path(), stored).unwrap();
        std::io::Write::write_all(&mut zip, &bytes).unwrap();
    }
    if packed.parts.len() != package.entries().len() {
        faults.push(format!("{} entries, packed {}", package.entries().len(), packed.parts.len()));
    }
    let again =
        Package::from_bytes("again", zip.finish().unwrap().into_inner(), &OpenOptions::default()).unwrap();
    let archive = Archive::read(&again).unwrap();
    let second = unpack(Archives::One(&archive), &options).unwrap();
    for (left, right) in unpacked.parts.iter().zip(&second.parts) {
        let (one, other) = (left.bytes().unwrap(), right.bytes().unwrap());
        if left.path() != right.path() || one != other {
            faults.push(format!("{} and {}: {}", left.path(), right.path(), first_difference(&other, &one)));
            break;
        }
    }
    if unpacked.parts.len() != second.parts.len() {
        faults.push(format!("{} files, then {}", unpacked.parts.len(), second.parts.len()));
    }
    faults
}

#[test]
fn nothing_is_lost_there_and_back() {
    let Some(shared) = shared() else { return };
    let rows: Vec<Row> =
        corpus(&shared).iter().map(|path| Row::from([("id".to_owned(), path.to_string())])).collect();
    assert!(rows.len() > 300, "{}", rows.len());
    report("corpus", &rows, |row| {
        let mut faults = there_and_back(Utf8Path::new(&row["id"]), LineEnd::Crlf);
        faults.extend(there_and_back(Utf8Path::new(&row["id"]), LineEnd::Lf));
        faults
    });
}

/// Every element of the packed XML is where its place says, in a file of the folder.
fn check_places(row: &Row, shared: &Utf8Path) -> Vec<String> {
    let tree = open(&shared.join("golden").join(&row["tree"]));
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    for entry in tree.entries() {
        let file = folder.join(&entry.path);
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
        fs_err::write(file, tree.read(entry).unwrap()).unwrap();
    }
    let kind = if row["package_type"] == "Managed" { PackKind::Managed } else { PackKind::Unmanaged };
    let package = open_folder(folder, Some(kind), &|_| true, &OpenOptions::default()).unwrap();
    let mut files: BTreeMap<String, Vec<Vec<char>>> = BTreeMap::new();
    let entry = package.entry("customizations.xml").unwrap();
    let document = Document::parse(package.read(entry).unwrap(), &Limits::default()).unwrap();
    let mut faults = Vec::new();
    for element in std::iter::once(document.root()).chain(document.root().descendants()) {
        let (file, line, column) = entry.origins().unwrap().at(element.offset()).unwrap();
        let lines = files.entry(file.to_string()).or_insert_with(|| {
            let text = fs_err::read_to_string(&**file).unwrap();
            text.split('\n').map(|line| line.chars().collect()).collect()
        });
        let text: String = lines[line as usize - 1][column as usize - 1..].iter().collect();
        if !text.starts_with(&format!("<{}", element.name())) {
            faults.push(format!("{} at {}: not at {file}:{line}:{column}", element.name(), element.offset()));
        }
    }
    faults
}

#[test]
fn places_of_a_packed_folder_are_those_of_its_files() {
    let Some(shared) = shared() else { return };
    let rows = table(&shared.join("golden").join("packs.tsv"));
    assert_eq!(rows.len(), 104);
    report("places", &rows, |row| check_places(row, &shared));
}
