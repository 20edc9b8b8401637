//! `[Content_Types].xml`, made from the names of the other entries.

use std::collections::HashSet;

use super::super::canonical::push_escaped_value;

const HEAD: &str = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"xml\" ContentType=\"text/xml\" />";

/// `paths` are the copied entries in their order.
pub(crate) fn content_types<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<u8> {
    let mut defaults = HEAD.as_bytes().to_vec();
    let mut overrides = Vec::new();
    let mut seen = HashSet::from(["xml".to_owned()]);
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if extension.is_empty() || extension.eq_ignore_ascii_case("xml") {
            overrides.extend_from_slice(b"<Override PartName=\"/");
            push_escaped_value(&mut overrides, path);
            overrides.extend_from_slice(b"\" ContentType=\"application/octet-stream\" />");
        } else if seen.insert(extension.to_lowercase()) {
            defaults.extend_from_slice(b"<Default Extension=\"");
            push_escaped_value(&mut defaults, extension);
            defaults.extend_from_slice(b"\" ContentType=\"application/octet-stream\" />");
        }
    }
    defaults.extend_from_slice(&overrides);
    defaults.extend_from_slice(b"</Types>");
    defaults
}
