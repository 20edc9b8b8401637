//! `solution.xml`: names, publisher, root components and missing dependencies.

use serde::Serialize;

use super::{ComponentKey, ModelError, Place, Version};
use crate::model::reading::XmlPart;

/// What `solution.xml` says.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Unique name.
    pub unique_name: String,
    /// Display name in the first language.
    pub display_name: String,
    /// Version.
    pub version: Version,
    /// Managed or not; a *Both* folder (2) reads as unmanaged.
    pub managed: bool,
    /// Unique name of the parent, for a patch.
    pub parent: Option<(String, Place)>,
    /// Publisher.
    pub publisher: Publisher,
    /// Root components in source order.
    pub root_components: Vec<RootComponent>,
    /// Missing dependencies in source order.
    pub missing_dependencies: Vec<MissingDependency>,
    /// Where the manifest is.
    pub place: Place,
}

/// Who makes the solution.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Publisher {
    /// Unique name.
    pub unique_name: String,
    /// Display name in the first language.
    pub display_name: String,
    /// Customization prefix, without the underscore.
    pub prefix: String,
}

/// One `<RootComponent>`.
#[derive(Debug, Clone)]
pub struct RootComponent {
    /// Component type number.
    pub code: u32,
    /// Identity, where the row has a key.
    pub key: Option<ComponentKey>,
    /// 0 with all parts, 1 without, 2 shell only.
    pub behavior: u8,
    /// Where.
    pub place: Place,
}

/// One `<MissingDependency>`.
#[derive(Debug, Clone)]
pub struct MissingDependency {
    /// What is needed.
    pub required: NeededComponent,
    /// By what.
    pub dependent: NeededComponent,
    /// Unique name of the solution that has it; none when only the unmanaged layer of the source had it (`Active`).
    pub provider: Option<String>,
    /// The version of it that the source had.
    pub provider_version: Option<Version>,
    /// Where.
    pub place: Place,
}

/// One side of a missing dependency.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeededComponent {
    /// Identity; several where the row carries more than one key (schema name and id).
    pub keys: Vec<ComponentKey>,
    /// Display name, empty where there is none.
    pub name: String,
    /// The component around it (the table of a column), where the row says so.
    pub parent: Option<ComponentKey>,
}

impl Manifest {
    /// Reads the manifest.
    pub(crate) fn read(part: &XmlPart) -> Result<Self, ModelError> {
        let missing = |element| ModelError::Manifest { file: part.file.clone(), element };
        let root = part.document.root().child("SolutionManifest").ok_or(missing("SolutionManifest"))?;
        let unique_name = root.child_text("UniqueName").ok_or(missing("UniqueName"))?.into_owned();
        Ok(Self {
            unique_name,
            display_name: String::new(),
            version: Version::new(&root.child_text("Version").ok_or(missing("Version"))?),
            managed: root.child_text("Managed").is_some_and(|digit| digit.trim() == "1"),
            parent: None,
            publisher: Publisher::default(),
            root_components: Vec::new(),
            missing_dependencies: Vec::new(),
            place: part.place(root),
        })
    }
}
