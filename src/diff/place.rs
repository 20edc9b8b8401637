//! Which component a file of the unpacked form belongs to. What belongs to none is a file of its own.

use crate::model::{ComponentKey, ComponentType};

/// The component of a path, names compared without case.
pub(super) fn component_of(path: &str) -> ComponentKey {
    let segments: Vec<&str> = path.split('/').collect();
    let key = |kind: ComponentType, key: &str| ComponentKey::new(kind, key);
    let file = segments.last().copied().unwrap_or_default();
    let stem = stem(file);
    match (segments[0].to_ascii_lowercase().as_str(), segments.len()) {
        ("workflows", 2) => key(ComponentType::WORKFLOW, guid_at_end(stem).unwrap_or(stem)),
        ("environmentvariabledefinitions", 3) => key(ComponentType::ENVIRONMENT_VARIABLE, segments[1]),
        ("desktopflowbinaries", _) if segments.len() > 2 => {
            key(ComponentType::DESKTOP_FLOW_BINARY, segments[1])
        }
        ("credentials", 3) => key(ComponentType::CREDENTIAL, segments[1]),
        ("entities", 5) if segments[2].eq_ignore_ascii_case("FormXml") => key(ComponentType::FORM, stem),
        ("entities", 4) if segments[2].eq_ignore_ascii_case("SavedQueries") => key(ComponentType::VIEW, stem),
        ("entities", 4) if segments[2].eq_ignore_ascii_case("Visualizations") => {
            key(ComponentType::CHART, stem)
        }
        ("entities", _) if segments.len() > 2 => key(ComponentType::TABLE, segments[1]),
        ("roles", 2) => key(ComponentType::ROLE, stem),
        ("optionsets", 2) => key(ComponentType::OPTION_SET, stem),
        ("webresources", _) if segments.len() > 1 => {
            let name = &path[segments[0].len() + 1..];
            key(ComponentType::WEB_RESOURCE, name.strip_suffix(".data.xml").unwrap_or(name))
        }
        ("appmodules", 3) => key(ComponentType::APP_MODULE, segments[1]),
        ("appmodulesitemaps", 3) => key(ComponentType::SITE_MAP, segments[1]),
        ("canvasapps", 2) => key(ComponentType::CANVAS_APP, canvas_app(file)),
        ("connectors", 2) => key(ComponentType::CONNECTOR, connector(stem)),
        ("pluginassemblies", _) if segments.len() > 1 => key(ComponentType::PLUGIN_ASSEMBLY, stem),
        ("sdkmessageprocessingsteps", 2) => key(ComponentType::PROCESSING_STEP, stem),
        ("controls", _) if segments.len() > 2 => key(ComponentType::CUSTOM_CONTROL, segments[1]),
        ("bots", _) if segments.len() > 2 => key(ComponentType::BOT, segments[1]),
        ("botcomponents", _) if segments.len() > 2 => key(ComponentType::BOT_COMPONENT, segments[1]),
        ("other", 3) if segments[1].eq_ignore_ascii_case("Relationships") => {
            key(ComponentType::named("relationships of table"), stem)
        }
        // `customapis/fab_Pay/customapi.xml`: the file is called as the table of its row.
        (_, 3) if file.len() > 4 && file.to_ascii_lowercase().ends_with(".xml") => {
            key(ComponentType::named(stem), segments[1])
        }
        _ => key(ComponentType::FILE, path),
    }
}

/// The name of a file without what the packager and the platform put behind it.
fn stem(file: &str) -> &str {
    let mut stem = file;
    for ending in [".data.xml", ".xml", ".json", ".xaml", ".dll", "_managed"] {
        let cut = stem.len().checked_sub(ending.len()).filter(|cut| stem.is_char_boundary(*cut));
        if let Some(cut) = cut.filter(|cut| stem[*cut..].eq_ignore_ascii_case(ending)) {
            stem = &stem[..cut];
        }
    }
    stem
}

/// The GUID at the end of `Name-GUID`.
fn guid_at_end(stem: &str) -> Option<&str> {
    let start = stem.len().checked_sub(36).filter(|start| stem.is_char_boundary(*start))?;
    let guid = &stem[start..];
    crate::model::is_guid(guid).then_some(guid)
}

/// `fab_app_1234_DocumentUri.msapp`, `fab_app_1234.meta.xml` and whatever else starts with the name of the app.
fn canvas_app(file: &str) -> &str {
    const ENDINGS: &[&str] =
        &[".meta.xml", "_documenturi.msapp", "_backgroundimageuri", "_additionaluris", "_identity.json"];
    let lower = file.to_ascii_lowercase();
    let cut = ENDINGS.iter().filter_map(|ending| lower.find(ending)).min();
    cut.map_or(file, |cut| &file[..cut])
}

/// `fab_payroll_openapidefinition.json` and the other files of a connector.
fn connector(stem: &str) -> &str {
    const ENDINGS: &[&str] = &[
        "_openapidefinition",
        "_connectionparameters",
        "_policytemplateinstances",
        "_customcode",
        "_iconblob",
        "_scriptoperations",
        "_connectionparametersets",
    ];
    let lower = stem.to_ascii_lowercase();
    let cut = ENDINGS.iter().filter_map(|ending| lower.find(ending)).min();
    cut.map_or(stem, |cut| &stem[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_component_have_one_key() {
        for (path, expected) in [
            (
                "Workflows/Pay-0C0FFEE0-0000-4000-8000-000000000001.json",
                "process 0C0FFEE0-0000-4000-8000-000000000001",
            ),
            (
                "Workflows/Pay-0C0FFEE0-0000-4000-8000-000000000001.json.data.xml",
                "process 0C0FFEE0-0000-4000-8000-000000000001",
            ),
            ("environmentvariabledefinitions/fab_A/environmentvariablevalues.json", "variable fab_A"),
            (
                "Entities/fab_x/FormXml/main/{0c0ffee0-0000-4000-8000-000000000001}_managed.xml",
                "form 0c0ffee0-0000-4000-8000-000000000001",
            ),
            ("Entities/fab_x/RibbonDiff.xml", "table fab_x"),
            ("WebResources/fab_/a/b.js.data.xml", "web resource fab_/a/b.js"),
            ("CanvasApps/fab_app_1_DocumentUri.msapp", "canvas app fab_app_1"),
            ("CanvasApps/fab_app_1.meta.xml", "canvas app fab_app_1"),
            ("customapis/fab_Pay/customapi.xml", "custom API fab_Pay"),
            ("Other/Relationships/fab_x.xml", "relationships of table fab_x"),
            ("Assets/a.xml", "file Assets/a.xml"),
            ("x", "file x"),
        ] {
            assert_eq!(component_of(path).to_string(), expected, "{path}");
        }
    }
}
