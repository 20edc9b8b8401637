//! `solution.xml`: names, publisher, root components and missing dependencies (`FORMATS.md` §5.1–5.4).
//!
//! Read [`Manifest`] first. Whether a need is met is not known here.

use std::sync::Arc;

use serde::Serialize;

use super::missing_dependency::keys;
use super::{ComponentKey, MissingDependency, ModelError, Place, SolutionIdentity, Version};
use crate::model::reading::XmlPart;
use crate::xml::Element;

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

impl Manifest {
    /// Reads the manifest.
    pub(crate) fn read(part: &XmlPart) -> Result<Self, ModelError> {
        let manifest = Self::read_without_needs(part)?;
        let missing = part.document.root().child("SolutionManifest").into_iter().flat_map(|root| {
            rows(root, "MissingDependencies", "MissingDependency")
                .map(|row| MissingDependency::read(part, row))
        });
        Ok(Self { missing_dependencies: missing.collect(), ..manifest })
    }

    /// How the solution is named in results.
    pub(crate) fn identity(&self, source: Arc<str>) -> SolutionIdentity {
        SolutionIdentity {
            unique_name: self.unique_name.clone(),
            version: self.version.clone(),
            managed: self.managed,
            publisher: self.publisher.unique_name.clone(),
            source,
        }
    }

    /// Reads all of it but the missing dependencies.
    pub(crate) fn read_without_needs(part: &XmlPart) -> Result<Self, ModelError> {
        let missing = |element| ModelError::Manifest { file: part.file.clone(), element };
        let root = part.document.root().child("SolutionManifest").ok_or(missing("SolutionManifest"))?;
        // Everything else calls the solution by it.
        let unique_name = root.child_text("UniqueName").filter(|name| !name.trim().is_empty());
        let unique_name = unique_name.ok_or(missing("UniqueName"))?;
        let version = root.child_text("Version").ok_or(missing("Version"))?;
        Ok(Self {
            unique_name: unique_name.trim().to_owned(),
            display_name: localized_name(root),
            version: Version::new(&version),
            managed: root.child_text("Managed").is_some_and(|digit| digit.trim() == "1"),
            parent: root.child("ParentSolution").and_then(|parent| parent_name(part, parent)),
            publisher: root.child("Publisher").map(publisher).unwrap_or_default(),
            root_components: rows(root, "RootComponents", "RootComponent")
                .map(|row| RootComponent::read(part, row))
                .collect(),
            missing_dependencies: Vec::new(),
            place: part.place(root),
        })
    }
}

impl RootComponent {
    fn read(part: &XmlPart, row: Element<'_>) -> Self {
        let number = |name| row.attribute(name).and_then(|text| text.trim().parse().ok());
        Self {
            code: number("type").unwrap_or(0),
            key: keys(row).into_iter().next(),
            behavior: number("behavior").and_then(|number| u8::try_from(number).ok()).unwrap_or(0),
            place: part.place(row),
        }
    }
}

fn rows<'d>(root: Element<'d>, section: &str, row: &'static str) -> impl Iterator<Item = Element<'d>> {
    let section = root.child(section);
    section.into_iter().flat_map(|section| section.children()).filter(move |child| child.name() == row)
}

fn publisher(element: Element<'_>) -> Publisher {
    let text = |name| element.child_text(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    Publisher {
        unique_name: text("UniqueName"),
        display_name: localized_name(element),
        prefix: text("CustomizationPrefix"),
    }
}

/// `LocalizedNames/LocalizedName` in the first language.
pub(crate) fn localized_name(element: Element<'_>) -> String {
    let names = element.child("LocalizedNames");
    let first = names.and_then(|names| names.child("LocalizedName"));
    first.and_then(|name| name.attribute("description")).map(|text| text.into_owned()).unwrap_or_default()
}

/// The children of `<ParentSolution>` are not known (§5.4): its `UniqueName` if it has one, else its text.
fn parent_name(part: &XmlPart, parent: Element<'_>) -> Option<(String, Place)> {
    let named = parent.child("UniqueName").unwrap_or(parent);
    let name = named.text().trim().to_owned();
    (!name.is_empty()).then(|| (name, part.place(named)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::solution;

    fn manifest(inside: &str) -> Manifest {
        let text = format!(
            "<ImportExportXml><SolutionManifest><UniqueName>FabFlows</UniqueName><Version>1.2</Version>\n\
             {inside}</SolutionManifest></ImportExportXml>"
        );
        solution(&[("solution.xml", &text)]).manifest
    }

    #[test]
    fn names_and_publisher() {
        let manifest = manifest(
            r#"<LocalizedNames><LocalizedName description="Flows &amp; more" languagecode="1033" />
<LocalizedName description="Abläufe" languagecode="1031" /></LocalizedNames><Managed>1</Managed>
<Publisher><UniqueName>fabrikam</UniqueName><LocalizedNames><LocalizedName description="Fabrikam" languagecode="1033" />
</LocalizedNames><CustomizationPrefix>fab</CustomizationPrefix></Publisher>"#,
        );
        assert_eq!((&*manifest.unique_name, &*manifest.display_name), ("FabFlows", "Flows & more"));
        assert!(manifest.managed);
        let publisher = manifest.publisher;
        assert_eq!(
            (&*publisher.unique_name, &*publisher.display_name, &*publisher.prefix),
            ("fabrikam", "Fabrikam", "fab")
        );
        assert!(manifest.parent.is_none());
    }

    #[test]
    fn a_patch_names_its_parent_in_whatever_layout() {
        for text in [
            "<ParentSolution> FabCore </ParentSolution>",
            "<ParentSolution><UniqueName>FabCore</UniqueName></ParentSolution>",
        ] {
            let (name, place) = manifest(text).parent.expect("a parent");
            assert_eq!((&*name, place.line), ("FabCore", 2));
        }
        assert!(manifest("<ParentSolution />").parent.is_none());
    }

    #[test]
    fn a_solution_without_a_name_is_none() {
        let text = "<ImportExportXml><SolutionManifest><UniqueName> </UniqueName><Version>1.0</Version></SolutionManifest></ImportExportXml>";
        let limits = crate::xml::Limits::default();
        let document = crate::xml::Document::parse(text.as_bytes().to_vec(), &limits).expect("well-formed");
        let part = XmlPart::alone("solution.xml", document);
        let error = Manifest::read(&part).expect_err("no name");
        assert_eq!(
            error.to_string(),
            "solution.xml: not a solution manifest: no <UniqueName> (Dataverse: 0x8004801A ImportXsdValidationError)"
        );
    }

    #[test]
    fn root_components_of_every_form() {
        let manifest = manifest(
            r#"<RootComponents>
<RootComponent type="1" schemaName="fab_Machine" behavior="2" />
<RootComponent type="29" id="{0C0FFEE0-0000-4000-8000-000000000001}" behavior="0" />
<RootComponent type="372" id="{0c0ffee0-0000-4000-8000-000000000002}" schemaName="fab_5Fpay" behavior="0" />
<RootComponent type="62" behavior="0" />
<RootComponent type="9999" schemaName="x" />
<RootComponent />
</RootComponents>"#,
        );
        let facts: Vec<_> = manifest
            .root_components
            .iter()
            .map(|row| {
                (row.code, row.behavior, row.key.as_ref().map(|key| format!("{}:{}", key.kind, key.key)))
            })
            .collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            facts,
            [
                (1, 2, some("entity:fab_Machine")),
                (29, 0, some("workflow:0C0FFEE0-0000-4000-8000-000000000001")),
                (372, 0, some("connector:0c0ffee0-0000-4000-8000-000000000002")),
                (62, 0, None),
                (9999, 0, some("9999:x")),
                (0, 0, None),
            ]
        );
        assert_eq!(manifest.root_components[1].place.line, 4);
    }
}
