//! The real archives: the tables beside them, which are damaged, and their models.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use solship::model::{Solution, Version};
use solship::package::{OpenOptions, Package};

/// The fields of a row by the names of their columns.
pub type Row = BTreeMap<String, String>;

/// The rows of a table with a heading.
pub fn table(path: &Utf8Path) -> Vec<Row> {
    let text = fs_err::read_to_string(path).expect("a table");
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().expect("a heading").collect();
    lines.map(|fields| names.iter().cloned().zip(fields).collect()).collect()
}

/// The rows of `index.tsv`, one an archive.
pub fn index(corpus: &Utf8Path) -> Vec<Row> {
    let rows = table(&corpus.join("index.tsv"));
    assert!(rows.len() >= 326, "only {} archives", rows.len());
    rows
}

/// The zip itself is damaged.
pub fn is_no_archive(row: &Row) -> bool {
    ["read-error", "entry-count-mismatch"].iter().any(|odd| row["odd"].contains(odd))
}

/// The zip, or the XML that makes it a solution.
pub fn is_damaged(row: &Row) -> bool {
    is_no_archive(row) || row["odd"].contains("xml-error-customizations")
}

/// The rows of all archives that are not damaged.
pub fn readable(corpus: &Utf8Path) -> Vec<Row> {
    index(corpus).into_iter().filter(|row| !is_damaged(row)).collect()
}

/// Opens an archive that must open.
pub fn open(path: &Utf8Path) -> Package {
    Package::open(path, &OpenOptions::default()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every archive that is not damaged, in the order of `index.tsv`, with its row.
pub fn solutions(corpus: &Utf8Path) -> Vec<(Row, Solution)> {
    let read = |row: Row| {
        let path = corpus.join(&row["path"]);
        let solution = Solution::read(&open(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        (row, solution)
    };
    readable(corpus).into_par_iter().map(read).collect()
}

/// Name, managed, and the paths of two versions that follow each other.
pub struct Pair {
    /// Unique name.
    pub name: String,
    /// `0` or `1`.
    pub managed: String,
    /// Both versions.
    pub versions: [String; 2],
    /// Where they are.
    pub paths: [Utf8PathBuf; 2],
}

/// Archives of one solution whose versions follow each other.
pub fn pairs(corpus: &Utf8Path) -> Vec<Pair> {
    // By name and whether it is managed.
    type Versions = Vec<(Version, String, Utf8PathBuf)>;
    let mut by_name: BTreeMap<(String, String), Versions> = BTreeMap::new();
    for row in readable(corpus) {
        let key = (row["unique_name"].clone(), row["managed"].clone());
        let version = row["version"].clone();
        by_name.entry(key).or_default().push((Version::new(&version), version, corpus.join(&row["path"])));
    }
    let mut pairs = Vec::new();
    for ((name, managed), mut all) in by_name {
        all.sort();
        for two in all.windows(2) {
            pairs.push(Pair {
                name: name.clone(),
                managed: managed.clone(),
                versions: [two[0].1.clone(), two[1].1.clone()],
                paths: [two[0].2.clone(), two[1].2.clone()],
            });
        }
    }
    pairs
}

/// Lines that differ between two texts, as `git diff --numstat` counts them.
pub fn differing_lines(left: &str, right: &str) -> usize {
    let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let operations = similar::capture_diff_slices(similar::Algorithm::Myers, &left, &right);
    operations
        .iter()
        .map(|operation| match operation.tag() {
            similar::DiffTag::Equal => 0,
            _ => operation.old_range().len() + operation.new_range().len(),
        })
        .sum()
}
