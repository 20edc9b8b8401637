//! What the source found missing in the solution itself: `<MissingDependencies>` of `solution.xml`, and the identities that its
//! rows carry (`FORMATS.md` §5.2–5.3).
//!
//! Read [`MissingDependency`] first. Whether a need is met is not known here.

use serde::Serialize;

use super::component::shown_name;
use super::reading::XmlPart;
use super::{ComponentKey, ComponentType, Place, Version, connector};
use crate::xml::{self, Element};

/// One `<MissingDependency>`.
#[derive(Debug, Clone)]
pub struct MissingDependency {
    /// What is needed.
    pub required: NeededComponent,
    /// By what.
    pub dependent: NeededComponent,
    /// Unique name of the solution that has it; none when only the unmanaged layer of the source had it (`Active`).
    pub provider: Option<String>,
    /// The source had it in its unmanaged layer only: the row says `Active`.
    pub unmanaged_layer: bool,
    /// The version of it that the source had.
    pub provider_version: Option<Version>,
    /// Packages that the source says hold the provider, by `<package>`; empty in most exports.
    pub packages: Vec<ProvidingPackage>,
    /// Where.
    pub place: Place,
}

/// `<package>` inside `<Required>`: a package that installs what is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProvidingPackage {
    /// Unique name of its anchor solution.
    pub name: String,
    /// The version of it that the source had.
    pub version: Option<Version>,
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

impl MissingDependency {
    /// The rows in a piece of XML, such as the platform's messages carry; none where it is not well-formed.
    pub(crate) fn read_fragment(rows: &str) -> Vec<Self> {
        let text = format!("<MissingDependencies>{rows}</MissingDependencies>");
        let Ok(document) = xml::Document::parse(text.into_bytes(), &xml::Limits::default()) else {
            return Vec::new();
        };
        let part = XmlPart::alone("message", document);
        let rows: Vec<Element<'_>> = part.document.root().children().collect();
        rows.into_iter().map(|row| Self::read(&part, row)).collect()
    }

    pub(super) fn read(part: &XmlPart, row: Element<'_>) -> Self {
        let required = row.child("Required");
        let named = named_solution(row);
        let unmanaged_layer = named.as_ref().is_some_and(is_unmanaged_layer);
        let (provider, provider_version) = named
            .filter(|named| !named.0.is_empty() && !unmanaged_layer)
            .map_or((None, None), |(name, version)| (Some(name), version));
        let packages = required.into_iter().flat_map(|side| side.children());
        Self {
            required: NeededComponent::read(required),
            dependent: NeededComponent::read(row.child("Dependent")),
            provider,
            unmanaged_layer,
            provider_version,
            packages: packages
                .filter(|child| child.name() == "package")
                .map(ProvidingPackage::read)
                .collect(),
            place: part.place(row),
        }
    }
}

/// A solution that has what is needed, and the version of it that the source had.
type Named = (String, Option<Version>);

fn named_solution(row: Element<'_>) -> Option<Named> {
    row.child("Required")?.attribute("solution").map(|text| name_and_version(&text))
}

fn is_unmanaged_layer((name, _): &Named) -> bool {
    name.eq_ignore_ascii_case("Active")
}

/// The solutions that the rows of a manifest need, one a row, and nothing else of them; as [`MissingDependency::provider`].
pub(crate) fn needed_solutions(manifest: &xml::Document) -> impl Iterator<Item = Named> {
    let rows = manifest.root().child("SolutionManifest").and_then(|root| root.child("MissingDependencies"));
    let rows = rows.into_iter().flat_map(|rows| rows.children());
    let named = rows.filter(|row| row.name() == "MissingDependency").filter_map(named_solution);
    named.filter(|named| !named.0.is_empty() && !is_unmanaged_layer(named))
}

impl ProvidingPackage {
    /// Older exports also write attributes `appName` and `version`; the text names the anchor solution in both.
    fn read(element: Element<'_>) -> Self {
        let (name, version) = name_and_version(&element.text());
        let name = if name.is_empty() { attribute(element, "appName").unwrap_or_default() } else { name };
        let version = version.or_else(|| attribute(element, "version").map(|text| Version::new(&text)));
        Self { name, version }
    }
}

impl NeededComponent {
    fn read(side: Option<Element<'_>>) -> Self {
        let Some(side) = side else { return Self { keys: Vec::new(), name: String::new(), parent: None } };
        let name = attribute(side, "displayName").unwrap_or_default();
        let mut keys = keys(side);
        if keys.is_empty() {
            // The classic site map has no key at all (§5.2): there is one of it, its type is its name.
            let kind = kind(side);
            let key = if name.is_empty() { kind.as_str() } else { &name };
            keys.push(ComponentKey::new(kind.clone(), key));
        }
        let name = shown_name(&kind(side), name);
        let parent =
            attribute(side, "parentSchemaName").map(|table| ComponentKey::new(ComponentType::TABLE, &table));
        Self { keys, name, parent }
    }
}

/// The type of a row: a number of the platform's own types, or the table's schema name. A number without a known table
/// stays as it is.
fn kind(row: Element<'_>) -> ComponentType {
    let written = attribute(row, "type").unwrap_or_default();
    match written.parse() {
        Ok(code) => ComponentType::from_code(code).unwrap_or_else(|| ComponentType::named(&written)),
        Err(_) => ComponentType::named(&written),
    }
}

/// Every identity that a row carries; first the one by which components of that type are known in the model.
pub(super) fn keys(row: Element<'_>) -> Vec<ComponentKey> {
    let kind = kind(row);
    let schema_name = attribute(row, "schemaName");
    let id = attribute(row, "id");
    let mut keys: Vec<String> = Vec::new();
    if is_known_by_id(&kind) {
        keys.extend(id);
        // A view's or chart's `schemaName` is its display name, which several of them share.
        if keys.is_empty() || !is_named_for_people(&kind) {
            keys.extend(schema_name);
        }
    } else {
        keys.extend(match (&schema_name, attribute(row, "parentSchemaName")) {
            (Some(column), Some(table)) if kind == ComponentType::COLUMN => Some(format!("{table}.{column}")),
            _ => schema_name,
        });
        keys.extend(id);
    }
    let columns: Vec<String> = row
        .attributes()
        .filter(|attribute| attribute.name.starts_with("id."))
        .map(|attribute| attribute.value().trim().to_owned())
        .filter(|value| !value.is_empty())
        .collect();
    if !columns.is_empty() {
        keys.push(columns.join("."));
    }
    if kind == ComponentType::CONNECTOR {
        let names = keys.iter().flat_map(|name| connector::encoded_names(name)).collect::<Vec<_>>();
        keys.extend(names);
    }
    keys.iter().map(|key| ComponentKey::new(kind.clone(), key)).collect()
}

fn is_known_by_id(kind: &ComponentType) -> bool {
    const BY_ID: &[ComponentType] = &[
        ComponentType::WORKFLOW,
        ComponentType::ROLE,
        ComponentType::VIEW,
        ComponentType::CHART,
        ComponentType::FORM,
        ComponentType::CONNECTOR,
        ComponentType::PLUGIN_TYPE,
        ComponentType::PLUGIN_ASSEMBLY,
        ComponentType::PROCESSING_STEP,
    ];
    BY_ID.contains(kind)
}

fn is_named_for_people(kind: &ComponentType) -> bool {
    [ComponentType::VIEW, ComponentType::CHART, ComponentType::FORM].contains(kind)
}

/// The value of an attribute, without blanks around it; none when it is empty.
fn attribute(element: Element<'_>, name: &str) -> Option<String> {
    let value = element.attribute(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// `name (version)`; some real exports have a blank before the closing bracket.
fn name_and_version(text: &str) -> Named {
    let text = text.trim();
    match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((name, version)) => (name.trim().to_owned(), Some(Version::new(version))),
        None => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Manifest;
    use crate::model::testing::solution;

    fn manifest(inside: &str) -> Manifest {
        let text = format!(
            "<ImportExportXml><SolutionManifest><UniqueName>FabFlows</UniqueName><Version>1.2</Version>\n\
             {inside}</SolutionManifest></ImportExportXml>"
        );
        solution(&[("solution.xml", &text)]).manifest
    }

    /// Keys of the one needed component of that row.
    fn needed(attributes: &str) -> Vec<String> {
        let row = format!(
            "<MissingDependency><Required {attributes} /><Dependent type='29' id='x' /></MissingDependency>"
        );
        let manifest = manifest(&format!("<MissingDependencies>{row}</MissingDependencies>"));
        let keys = &manifest.missing_dependencies[0].required.keys;
        keys.iter().map(|key| format!("{}:{}", key.kind, key.key)).collect()
    }

    #[test]
    fn missing_dependencies_with_provider_and_packages() {
        let manifest = manifest(
            r#"<MissingDependencies>
<MissingDependency><Required key="1" type="26" schemaName="Active Machines" displayName="Active Machines"
 parentSchemaName="fab_machine" parentDisplayName="Machine" solution="FabCore (1.2.3.4 )" id="{0c0ffee0-0000-4000-8000-000000000003}">
<package>FabCoreAnchor (1.0.0.1)</package><package appName="Fab" version="2.0">FabApp</package></Required>
<Dependent type="62" /></MissingDependency>
<MissingDependency><Required type="connectionreference" id.connectionreferencelogicalname="fab_Mail" solution="Active" />
<Dependent type="29" displayName="Run" id="{0c0ffee0-0000-4000-8000-000000000001}" /></MissingDependency>
<MissingDependency />
</MissingDependencies>"#,
        );
        let [view, reference, empty] = &manifest.missing_dependencies[..] else { panic!("three rows") };
        assert_eq!(view.provider.as_deref(), Some("FabCore"));
        assert_eq!(view.provider_version.as_ref().unwrap().to_string(), "1.2.3.4");
        assert_eq!(view.required.name, "Active Machines");
        assert_eq!(&*view.required.parent.as_ref().unwrap().key, "fab_machine");
        let keys: Vec<_> = view.required.keys.iter().map(|key| &*key.key).collect();
        assert_eq!(keys, ["0c0ffee0-0000-4000-8000-000000000003"]);
        let packages: Vec<_> = view
            .packages
            .iter()
            .map(|package| (&*package.name, package.version.as_ref().map(ToString::to_string)))
            .collect();
        assert_eq!(
            packages,
            [("FabCoreAnchor", Some("1.0.0.1".to_owned())), ("FabApp", Some("2.0".to_owned()))]
        );
        assert_eq!(view.dependent.keys[0], ComponentKey::new(ComponentType::SITE_MAP, "sitemap"));
        assert_eq!(reference.provider, None);
        assert!(reference.unmanaged_layer && !view.unmanaged_layer && !empty.unmanaged_layer);
        assert_eq!(reference.provider_version, None);
        assert_eq!(reference.dependent.name, "Run");
        assert!(empty.required.keys.is_empty());
    }

    #[test]
    fn every_identity_of_a_row_is_a_key() {
        assert_eq!(
            needed("type='2' schemaName='fab_name' parentSchemaName='fab_machine'"),
            ["attribute:fab_machine.fab_name"]
        );
        assert_eq!(needed("type='2' schemaName='fab_name'"), ["attribute:fab_name"]);
        assert_eq!(
            needed("type='EnvironmentVariableDefinition' id.schemaname='fab_X'"),
            ["environmentvariabledefinition:fab_X"]
        );
        assert_eq!(needed("type='msdyn_helppage' id='{0C}'"), ["msdyn_helppage:0C"]);
        assert_eq!(
            needed("type='AppSetting' id.a.uniquename='fab_App' id.b.uniquename='Channel'"),
            ["appsetting:fab_App.Channel"]
        );
        assert_eq!(
            needed("type='372' schemaName='fab_5Fpay' id='{0C}'"),
            ["connector:0C", "connector:fab_5Fpay", "connector:shared_fab-5fpay"]
        );
        assert_eq!(
            needed("type='91' schemaName='Fab.Plugins, Version=1.0.0.0'"),
            ["pluginassembly:Fab.Plugins, Version=1.0.0.0"]
        );
        assert_eq!(needed("type='152' id='{0C}'"), ["sla:0C"]);
        assert_eq!(needed("type='163' id='{0C}'"), ["163:0C"]);
    }
}
