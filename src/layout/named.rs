//! Which copied files the file of a row names: what must be beside it, on disk or where a map file says.
//!
//! Read [`named_by`] first.

use super::LayoutError;
use super::archive::parse;
use super::pattern::strip_suffix;
use super::place::{Place, place_of};
use super::rules::{DATA_SUFFIX, Files};
use super::unpack::named_files;

/// The files of the folder that the file at `path` names; none for one that is no row. `read` is asked for its bytes only
/// where the names are in it.
///
/// # Errors
/// What `read` says, or when the file is ill-formed.
pub fn named_by(
    path: &str,
    read: impl FnOnce() -> Result<Vec<u8>, LayoutError>,
) -> Result<Vec<String>, LayoutError> {
    let Place::Row { rule, .. } = place_of(path) else { return Ok(Vec::new()) };
    Ok(match rule.files {
        Files::Beside | Files::BesideWithFolder | Files::Renamed(_) => {
            strip_suffix(path, DATA_SUFFIX).map(str::to_owned).into_iter().collect()
        }
        Files::Named(fields) => named_files(parse(path, read()?)?.root(), fields),
        Files::None | Files::Folder(_) | Files::Prefixed(_) => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, text: &str) -> Vec<String> {
        named_by(path, || Ok(text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn rows_name_the_file_beside_them_or_say_which() {
        let unread = |path: &str| named_by(path, || panic!("the name is enough")).unwrap();
        assert_eq!(unread("WebResources/new_/a.js.data.xml"), ["WebResources/new_/a.js"]);
        assert_eq!(unread("PluginAssemblies/Fab-1/Fab.dll.DATA.xml"), ["PluginAssemblies/Fab-1/Fab.dll"]);
        assert!(unread("Roles/Clerk.xml").is_empty() && unread("Assets/a.data.xml").is_empty());
        let app =
            "<CanvasApp><Name>fab_app</Name><DocumentUri>/CanvasApps/fab_app.msapp</DocumentUri></CanvasApp>";
        assert_eq!(named("CanvasApps/fab_app.meta.xml", app), ["CanvasApps/fab_app.msapp"]);
    }
}
