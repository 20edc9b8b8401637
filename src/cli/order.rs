//! Orders that the user names: reads them, finds the packages beside them, and writes them back.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use solship::gate::named;
use solship::model::{Place, Provided, Solution};
use solship::order::{Order, Row};
use solship::package::{PackageError, find};
use solship::write::replace_file;

use super::config;

/// An order is a few hundred lines; what is larger is something else.
const MOST_BYTES: u64 = 16 << 20;

/// Reads an order; why not, in words.
pub(super) fn read(path: &Utf8Path) -> Result<Order, String> {
    let bytes = config::read(path, MOST_BYTES)?;
    Order::read(path.as_str(), bytes).map_err(|error| error.to_string())
}

/// The packages beside an order: every one in its folder, and the files below that it names.
pub(super) fn beside(order: &Order) -> Result<Vec<Utf8PathBuf>, String> {
    let folder = match Utf8Path::new(&*order.file).parent() {
        Some(folder) if !folder.as_str().is_empty() => folder,
        _ => Utf8Path::new("."),
    };
    let mut paths = Vec::new();
    for row in order.rows.iter().filter(|row| row.is_file()) {
        let name = row.name.replace('\\', "/");
        let is_outside =
            name.starts_with('/') || name.split('/').any(|part| part == "..") || name.contains(':');
        if is_outside {
            return Err(format!("{}: {} is not in the folder of the order", row.place, row.name));
        }
        // What is not there is a finding of its own.
        paths.extend(spelled(folder, &name));
    }
    match find(folder, false) {
        Ok(found) => paths.extend(found.packages),
        Err(PackageError::NoSolution { .. }) => {}
        Err(error) => return Err(error.to_string()),
    }
    if paths.is_empty() {
        return Err(format!("{}: none of the packages that it lists is beside it", order.file));
    }
    let plain = |path: Utf8PathBuf| path.strip_prefix("./").map(Utf8Path::to_owned).unwrap_or(path);
    Ok(paths.into_iter().map(plain).collect())
}

/// The path below a folder that has this name, as the system spells it: names compare without case.
fn spelled(folder: &Utf8Path, name: &str) -> Option<Utf8PathBuf> {
    let mut path = folder.to_owned();
    for part in name.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let exact = path.join(part);
        path = if exact.exists() {
            exact
        } else {
            let lower = part.to_lowercase();
            let children = path.read_dir_utf8().ok()?.filter_map(|child| Some(child.ok()?.into_path()));
            children.filter(|child| child.file_name().unwrap_or_default().to_lowercase() == lower).min()?
        };
    }
    Some(path)
}

/// Without the packages that the order cannot mean: when a row names a file, other packages of that solution; and what no row
/// names and the target is said to have.
pub(super) fn those_that_count(set: Vec<Solution>, rows: &[Row], provided: &[Provided]) -> Vec<Solution> {
    let found = named(rows, &set);
    let named: HashSet<usize> = found.iter().flatten().copied().collect();
    let by_file: HashSet<String> = rows
        .iter()
        .zip(&found)
        .filter(|(row, _)| row.is_file())
        .filter_map(|(_, found)| Some(set[(*found)?].manifest.unique_name.to_lowercase()))
        .collect();
    let by_name: HashSet<String> =
        named.iter().map(|&at| set[at].manifest.unique_name.to_lowercase()).collect();
    let there: HashSet<String> =
        provided.iter().map(|provided| provided.unique_name.to_lowercase()).collect();
    let counts = |at: usize, solution: &Solution| {
        let name = solution.manifest.unique_name.to_lowercase();
        if by_file.contains(&name) {
            named.contains(&at)
        } else {
            by_name.contains(&name) || !there.contains(&name)
        }
    };
    set.into_iter()
        .enumerate()
        .filter(|(at, solution)| counts(*at, solution))
        .map(|(_, solution)| solution)
        .collect()
}

/// The arguments as rows; each must be one package.
pub(super) fn of_arguments(arguments: &[Utf8PathBuf], set: &[Solution]) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (at, argument) in arguments.iter().enumerate() {
        let is_stdin = argument == "-";
        let found = if is_stdin { 1 } else { find(argument, false).map_or(1, |found| found.packages.len()) };
        if found > 1 {
            return Err(format!("--in-order: {argument} holds {found} solutions; name them one by one"));
        }
        let name = if is_stdin { "stdin" } else { argument.as_str() };
        // A folder around one package: the package is what is called by its path.
        let below = |solution: &&Solution| Utf8Path::new(&*solution.source).parent() == Some(argument);
        let name = set.iter().find(below).map_or(name, |solution| &*solution.source);
        // The argument is the place, so that what reads findings has a file to show.
        let place = Place::whole(&name.into());
        rows.push(Row { name: name.to_owned(), place, excerpt: format!("argument {}", at + 1) });
    }
    Ok(rows)
}

/// What was written.
pub(super) struct Moved {
    pub(super) words: String,
    pub(super) rows: Vec<Row>,
}

/// Writes the order back with its rows in another order; nothing when they stand so already.
pub(super) fn rewrite(order: &Order, rows: &[usize]) -> Result<Moved, String> {
    let moved = rows.iter().enumerate().filter(|(at, row)| at != *row).count();
    if moved == 0 {
        let words = format!("{}: nothing to move", order.file);
        return Ok(Moved { words, rows: order.rows.clone() });
    }
    let text = order.rearranged(rows);
    // What would be written is read again first: nothing may be lost on the way.
    let again = Order::read(&order.file, text.clone().into_bytes()).map_err(|error| error.to_string())?;
    let expected: Vec<&str> = rows.iter().map(|&row| &*order.rows[row].name).collect();
    let written: Vec<&str> = again.rows.iter().map(|row| &*row.name).collect();
    if written != expected {
        return Err(format!("{}: its rows cannot be moved without a change; move them by hand", order.file));
    }
    replace_file(Utf8Path::new(&*order.file), text.as_bytes()).map_err(|error| error.to_string())?;
    let noun = if moved == 1 { "row" } else { "rows" };
    Ok(Moved { words: format!("{}: {moved} {noun} moved", order.file), rows: again.rows })
}
