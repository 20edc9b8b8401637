//! The packager layout as a table: one rule for each kind of component, read by both directions (`LAYOUT.md` §2).
//!
//! A new kind is one more [`Rule`] here and one more test. How a rule is carried out is in `unpack/` and `pack/`.

/// How one section of customizations.xml (or, as an inner rule, one element of an entity) becomes files and returns.
#[derive(Debug)]
pub(super) struct Rule {
    /// Name of the section: a child of the root, or of the row for an inner rule.
    pub(super) section: &'static str,
    /// What becomes a file.
    pub(super) shape: Shape,
    /// Where the file is put; see [`Pattern`](super::pattern::Pattern).
    pub(super) path: &'static str,
    /// Child without which a row stays where it is; the reference packer loses such a row.
    pub(super) needs: Option<&'static str>,
    /// Whether the file's root gets `xmlns:xsi` where it uses no such prefix.
    pub(super) declares_xsi: bool,
    /// Child of the row whose rows are put in order: by type as text, then by schema name.
    pub(super) sorted: Option<&'static str>,
    /// Whether an empty section is always written `<x />` on pack.
    pub(super) short_when_empty: bool,
    /// Which files of the archive belong to the rows.
    pub(super) files: Files,
    /// What is cut out of each row.
    pub(super) inner: &'static [Rule],
}

/// What of a section becomes a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Each element of this name is the root of its file.
    Rows(&'static str),
    /// Each `row`, inside the `group` that stands around it; the group loses the attribute that the path names.
    Grouped {
        /// Element directly in the section.
        group: &'static str,
        /// Attribute of the group that is not written into the file.
        without: Option<&'static str>,
        /// Element directly in the group.
        row: &'static str,
    },
    /// The section itself, unless it is empty.
    Whole,
    /// Rows gathered in one file for each value of a field, and a list of all of them by name in the file `index`.
    Indexed {
        /// Element directly in the section.
        row: &'static str,
        /// Attribute by which the list is sorted and rows are found again.
        name: &'static str,
        /// File of the list.
        index: &'static str,
    },
}

/// Which files of the archive belong to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    /// None.
    None,
    /// The one beside: the row's file is that path and `.data.xml`.
    Beside,
    /// The one beside, and all others of its folder.
    BesideWithFolder,
    /// The one beside; in the archive it has the name that this child of the row gives.
    Renamed(&'static str),
    /// Those that these children of the row name, in their order there.
    Named(&'static [&'static str]),
    /// All of this folder of the archive; in the unpacked form they lie in the folder of the rows.
    Folder(&'static str),
    /// Those of this folder of the archive whose name starts with the row's name and `-`; in the unpacked form they lie
    /// below the row's folder.
    Prefixed(&'static str),
}

const RULE: Rule = Rule {
    section: "",
    shape: Shape::Whole,
    path: "",
    needs: None,
    declares_xsi: true,
    sorted: None,
    short_when_empty: false,
    files: Files::None,
    inner: &[],
};

/// Ending of the files of rows that lie beside a file of the archive.
pub(super) const DATA_SUFFIX: &str = ".data.xml";

/// The manifest in the archive and in the folder.
pub(super) const SOLUTION: (&str, &str) = ("solution.xml", "Other/Solution.xml");
/// What holds all sections in the archive and in the folder.
pub(super) const CUSTOMIZATIONS: (&str, &str) = ("customizations.xml", "Other/Customizations.xml");
/// Made again on pack.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
/// Child of the manifest whose rows are put in order on unpack.
pub(super) const ROOT_COMPONENTS: &str = "RootComponents";

/// All sections that are split, in the order in which exports have them.
pub(super) const RULES: &[Rule] = &[
    Rule {
        section: "Entities",
        shape: Shape::Rows("Entity"),
        path: "Entities/{Name}/Entity.xml",
        files: Files::Prefixed("Formulas/"),
        inner: ENTITY_RULES,
        ..RULE
    },
    Rule { section: "Roles", shape: Shape::Rows("Role"), path: "Roles/{@name}.xml", ..RULE },
    Rule {
        section: "Workflows",
        shape: Shape::Rows("Workflow"),
        path: "Workflows/{path:JsonFileName|XamlFileName}.data.xml",
        short_when_empty: true,
        files: Files::Beside,
        ..RULE
    },
    Rule {
        section: "FieldSecurityProfiles",
        path: "Other/FieldSecurityProfiles.xml",
        short_when_empty: true,
        ..RULE
    },
    Rule { section: "RibbonDiffXml", path: "Other/RibbonDiff.xml", ..RULE },
    Rule { section: "ConnectionRoles", path: "Other/ConnectionRoles.xml", ..RULE },
    Rule { section: "SiteMap", path: "Other/SiteMap{_managed}.xml", ..RULE },
    Rule { section: "EntityMaps", path: "Other/EntityMaps.xml", ..RULE },
    Rule {
        section: "EntityRelationships",
        shape: Shape::Indexed { row: "EntityRelationship", name: "Name", index: "Other/Relationships.xml" },
        path: "Other/Relationships/{ReferencedEntityName|FirstEntityName}.xml",
        ..RULE
    },
    Rule { section: "optionsets", shape: Shape::Rows("optionset"), path: "OptionSets/{@Name}.xml", ..RULE },
    Rule { section: "Dashboards", shape: Shape::Rows("Dashboard"), path: "Dashboards/{FormId}.xml", ..RULE },
    Rule {
        section: "InteractionCentricDashboards",
        shape: Shape::Rows("InteractionCentricDashboard"),
        path: "InteractionCentricDashboards/{FormId}.xml",
        ..RULE
    },
    Rule { section: "Dialogs", shape: Shape::Rows("Dialog"), path: "Dialogs/{FormId}.xml", ..RULE },
    Rule {
        section: "WebResources",
        shape: Shape::Rows("WebResource"),
        path: "WebResources/{tree:Name}.data.xml",
        needs: Some("FileName"),
        files: Files::Renamed("FileName"),
        ..RULE
    },
    Rule {
        section: "CustomControls",
        shape: Shape::Rows("CustomControl"),
        path: "Controls/{path:FileName}.data.xml",
        files: Files::BesideWithFolder,
        ..RULE
    },
    Rule {
        section: "SolutionPluginAssemblies",
        shape: Shape::Rows("PluginAssembly"),
        path: "PluginAssemblies/{path:FileName}.data.xml",
        files: Files::Beside,
        ..RULE
    },
    Rule {
        section: "SdkMessageProcessingSteps",
        shape: Shape::Rows("SdkMessageProcessingStep"),
        path: "SdkMessageProcessingSteps/{@SdkMessageProcessingStepId}.xml",
        ..RULE
    },
    Rule {
        section: "AppModuleSiteMaps",
        shape: Shape::Rows("AppModuleSiteMap"),
        path: "AppModuleSiteMaps/{SiteMapUniqueName}/AppModuleSiteMap{_managed}.xml",
        ..RULE
    },
    Rule {
        section: "AppModules",
        shape: Shape::Rows("AppModule"),
        path: "AppModules/{UniqueName}/AppModule{_managed}.xml",
        declares_xsi: false,
        sorted: Some("AppModuleComponents"),
        ..RULE
    },
    Rule {
        section: "EntityDataSources",
        shape: Shape::Rows("EntityDataSource"),
        path: "EntityDataSources/{@EntityDataSourceId|@entitydatasourceid|@id|EntityDataSourceId|entitydatasourceid|id}.xml",
        ..RULE
    },
    Rule {
        section: "CanvasApps",
        shape: Shape::Rows("CanvasApp"),
        path: "CanvasApps/{Name}.meta.xml",
        files: Files::Named(&["BackgroundImageUri", "DocumentUri", "AdditionalUris"]),
        ..RULE
    },
    Rule {
        section: "Connectors",
        shape: Shape::Rows("Connector"),
        path: "Connectors/{name}.xml",
        files: Files::Folder("Connector/"),
        ..RULE
    },
];

/// What is cut out of an entity. Paths are below the folder of its file.
const ENTITY_RULES: &[Rule] = &[
    Rule {
        section: "FormXml",
        shape: Shape::Grouped { group: "forms", without: Some("type"), row: "systemform" },
        path: "FormXml/{..@type}/{formid}{_managed}.xml",
        ..RULE
    },
    Rule {
        section: "SavedQueries",
        shape: Shape::Grouped { group: "savedqueries", without: None, row: "savedquery" },
        path: "SavedQueries/{savedqueryid}.xml",
        ..RULE
    },
    Rule {
        section: "Visualizations",
        shape: Shape::Rows("visualization"),
        path: "Visualizations/{savedqueryvisualizationid}.xml",
        ..RULE
    },
    Rule { section: "RibbonDiffXml", path: "RibbonDiff.xml", ..RULE },
];

/// The sections that every export has, be they empty, in their order; behind them it has `Languages`, which is not empty.
pub(crate) const EMPTY_SECTIONS: [&str; 11] = [
    "Entities",
    "Roles",
    "Workflows",
    "FieldSecurityProfiles",
    "Templates",
    "EntityMaps",
    "EntityRelationships",
    "OrganizationSettings",
    "optionsets",
    "CustomControls",
    "EntityDataProviders",
];

/// Where a section stands among the others: those of tables, in lower case, by name where connection references stand.
pub(crate) fn section_rank(section: &str) -> Option<(usize, &str)> {
    let of = |name: &str| SECTION_ORDER.iter().position(|known| *known == name);
    let is_table = section.starts_with(|first: char| first.is_ascii_lowercase()) && section != "optionsets";
    if is_table { Some((of("connectionreferences")?, section)) } else { Some((of(section)?, "")) }
}

/// All sections in the order in which real exports have them; for a section that has files and is not there yet.
pub(super) const SECTION_ORDER: &[&str] = &[
    "Entities",
    "Roles",
    "Workflows",
    "FieldSecurityProfiles",
    "Templates",
    "RibbonDiffXml",
    "ConnectionRoles",
    "SiteMap",
    "EntityImageConfigs",
    "AttributeImageConfigs",
    "EntityMaps",
    "EntityRelationships",
    "EnvironmentVariables",
    "OrganizationSettings",
    "optionsets",
    "MobileOfflineProfiles",
    "Reports",
    "Dashboards",
    "InteractionCentricDashboards",
    "Dialogs",
    "WebResources",
    "CustomControls",
    "SolutionPluginAssemblies",
    "SdkMessageProcessingSteps",
    "ServiceEndpoints",
    "AppModuleSiteMaps",
    "AppModules",
    "EntityDataProviders",
    "EntityDataSources",
    "CanvasApps",
    "Connectors",
    "AIModels",
    "connectionreferences",
    "Languages",
    "StoredProcedures",
];
