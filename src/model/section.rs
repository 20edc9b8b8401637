//! The sections of `customizations.xml` whose elements have an identity and a name and nothing more that is read here:
//! one [`Rule`] a kind (`FORMATS.md` §5.5). Kinds with references or parts have a reader of their own.

use super::reading::{Reading, XmlPart};
use super::{Component, ComponentKey, ComponentType, manifest};
use crate::xml::Element;

/// How one kind of element says what it is.
struct Rule {
    /// The elements below the root that lead to it, the element itself last.
    path: &'static [&'static str],
    kind: ComponentType,
    /// The texts that make up the key, joined by a blank.
    key: &'static [Text],
    name: Name,
    /// The child that names the element's file.
    file: Option<&'static str>,
}

/// Where a text stands.
enum Text {
    Attribute(&'static str),
    Child(&'static str),
    /// It is always the same: there is one of the kind.
    Fixed(&'static str),
}

/// Where the display name stands.
enum Name {
    Text(Text),
    /// `LocalizedNames/LocalizedName`, first language.
    Localized,
    /// It has none.
    None,
}

impl Rule {
    const fn new(
        path: &'static [&'static str],
        kind: ComponentType,
        key: &'static [Text],
        name: Name,
    ) -> Self {
        Self { path, kind, key, name, file: None }
    }
}

use Text::{Attribute, Child, Fixed};

const RULES: &[Rule] = &[
    Rule::new(&["Roles", "Role"], ComponentType::ROLE, &[Attribute("id")], Name::Text(Attribute("name"))),
    Rule::new(
        &["FieldSecurityProfiles", "FieldSecurityProfile"],
        ComponentType::FIELD_SECURITY_PROFILE,
        &[Attribute("fieldsecurityprofileid")],
        Name::Text(Attribute("name")),
    ),
    Rule::new(
        &["Templates", "EmailTemplates", "EmailTemplate"],
        ComponentType::EMAIL_TEMPLATE,
        &[Child("templateid")],
        Name::Text(Child("title")),
    ),
    Rule::new(&["RibbonDiffXml"], ComponentType::RIBBON, &[Fixed(":RibbonDiffXml")], Name::None),
    Rule::new(
        &["ConnectionRoles", "ConnectionRoles", "ConnectionRole"],
        ComponentType::CONNECTION_ROLE,
        &[Child("connectionroleid")],
        Name::Text(Child("name")),
    ),
    // The classic site map: there is one in an environment, and solution.xml lists it without a key.
    Rule::new(&["SiteMap", "SiteMap"], ComponentType::SITE_MAP, &[Fixed("sitemap")], Name::None),
    Rule::new(
        &["AppModuleSiteMaps", "AppModuleSiteMap"],
        ComponentType::SITE_MAP,
        &[Child("SiteMapUniqueName")],
        Name::Localized,
    ),
    Rule::new(
        &["EntityImageConfigs", "EntityImageConfig"],
        ComponentType::TABLE_IMAGE,
        &[Child("parententitylogicalname")],
        Name::None,
    ),
    Rule::new(
        &["AttributeImageConfigs", "AttributeImageConfig"],
        ComponentType::COLUMN_IMAGE,
        &[Child("parententitylogicalname"), Child("attributelogicalname")],
        Name::None,
    ),
    Rule::new(
        &["optionsets", "optionset"],
        ComponentType::OPTION_SET,
        &[Attribute("Name")],
        Name::Text(Attribute("localizedName")),
    ),
    Rule::new(&["Reports", "Report"], ComponentType::REPORT, &[Child("reportid")], Name::Text(Child("name"))),
    Rule::new(&["Slas", "Sla"], ComponentType::SLA, &[Attribute("SLAId")], Name::Text(Attribute("Name"))),
    Rule {
        path: &["CustomControls", "CustomControl"],
        kind: ComponentType::CUSTOM_CONTROL,
        key: &[Child("Name")],
        name: Name::None,
        file: Some("FileName"),
    },
    Rule::new(
        &["ServiceEndpoints", "ServiceEndpoint"],
        ComponentType::SERVICE_ENDPOINT,
        &[Attribute("ServiceEndpointId")],
        Name::Text(Attribute("Name")),
    ),
    Rule::new(
        &["AIModels", "AIModel"],
        ComponentType::AI_MODEL,
        &[Child("msdyn_aimodelid")],
        Name::Text(Child("msdyn_name")),
    ),
];

/// Sections that have a reader of their own, or that hold nothing with an identity.
const READ_ELSEWHERE: &[&str] = &[
    "Entities",
    "EntityRelationships",
    "EntityMaps",
    "Workflows",
    "WebResources",
    "SolutionPluginAssemblies",
    "SdkMessageProcessingSteps",
    "AppModules",
    "CanvasApps",
    "Connectors",
    "EnvironmentVariables",
    "Dashboards",
    "InteractionCentricDashboards",
    "Dialogs",
    "Languages",
    "OrganizationSettings",
    "IsvConfig",
    "RelationshipRoles",
];

/// Whether some reader knows the section by its name.
pub(crate) fn is_known(section: &str) -> bool {
    READ_ELSEWHERE.contains(&section) || RULES.iter().any(|rule| rule.path[0] == section)
}

/// The elements `row` in every section of that name.
pub(crate) fn rows<'d>(
    part: &'d XmlPart,
    section: &'static str,
    row: &'static str,
) -> impl Iterator<Item = Element<'d>> {
    let sections = part.document.root().children().filter(move |element| element.name() == section);
    sections.flat_map(|section| section.children()).filter(move |element| element.name() == row)
}

/// The text of a child, without blanks around it; none when it is empty.
pub(crate) fn text(element: Element<'_>, child: &str) -> Option<String> {
    let text = element.child_text(child)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The source says that the element travels along without being this solution's own.
pub(crate) fn is_unmodified(element: Element<'_>) -> bool {
    element.attribute("unmodified").is_some_and(|digit| digit.trim() == "1")
}

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for section in part.document.root().children() {
        for rule in RULES.iter().filter(|rule| rule.path[0] == section.name()) {
            let mut found = vec![section];
            for name in &rule.path[1..] {
                let inside = found.iter().flat_map(|element| element.children());
                found = inside.filter(|element| element.name() == *name).collect();
            }
            for element in found {
                rule.read(reading, &part, element);
            }
        }
    }
    let folders = reading.components.iter();
    let folders = folders.filter(|component| component.key.kind == ComponentType::CUSTOM_CONTROL);
    let folders: Vec<String> = folders.map(|control| format!("Controls/{}/", control.key.key)).collect();
    reading.take_folders(folders);
}

impl Rule {
    fn read(&self, reading: &mut Reading<'_>, part: &XmlPart, element: Element<'_>) {
        let key: Vec<String> = self.key.iter().filter_map(|text| text.of(element)).collect();
        if key.is_empty() {
            return;
        }
        let key = ComponentKey::new(self.kind.clone(), &key.join(" "));
        let name = match &self.name {
            Name::Text(text) => text.of(element).unwrap_or_default(),
            Name::Localized => manifest::localized_name(element),
            Name::None => String::new(),
        };
        let mut component = Component::new(key, name, part.place(element));
        component.unmodified = is_unmodified(element);
        if let Some(file) = self.file.and_then(|file| element.child(file)) {
            reading.take_named(&file.text(), &component, part.place(file));
        }
        reading.components.push(component);
    }
}

impl Text {
    fn of(&self, element: Element<'_>) -> Option<String> {
        let text = match self {
            Self::Attribute(name) => element.attribute(name)?.trim().to_owned(),
            Self::Child(name) => text(element, name)?,
            Self::Fixed(text) => (*text).to_owned(),
        };
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Solution;
    use crate::model::testing::customizations;

    fn facts(solution: &Solution) -> Vec<(&str, &str, &str, u32)> {
        let facts = solution.components.iter();
        facts
            .map(|found| (found.key.kind.as_str(), &*found.key.key, &*found.name, found.place.line))
            .collect()
    }

    #[test]
    fn sections_with_an_identity() {
        let solution = customizations(
            r#"<Roles><Role id="{0C0FFEE0-0000-4000-8000-000000000001}" name="Payroll clerk" /></Roles>
<FieldSecurityProfiles><FieldSecurityProfile name="Wages" fieldsecurityprofileid="{0c0ffee0-0000-4000-8000-000000000002}" /></FieldSecurityProfiles>
<Templates /><RibbonDiffXml><CustomActions /></RibbonDiffXml>
<ConnectionRoles><ConnectionRoles><ConnectionRole><connectionroleid>{0c0ffee0-0000-4000-8000-000000000003}</connectionroleid><name>Auditor</name></ConnectionRole></ConnectionRoles></ConnectionRoles>
<SiteMap><SiteMap IntroducedVersion="7.0.0.0"><Area Id="fab" /></SiteMap></SiteMap>
<optionsets><optionset Name="fab_state" localizedName="State" /></optionsets>
<AttributeImageConfigs><AttributeImageConfig><attributelogicalname>fab_photo</attributelogicalname><parententitylogicalname>fab_machine</parententitylogicalname></AttributeImageConfig></AttributeImageConfigs>
<AppModuleSiteMaps><AppModuleSiteMap><SiteMapUniqueName>fab_App</SiteMapUniqueName><LocalizedNames><LocalizedName description="Fabrikam" languagecode="1033" /></LocalizedNames></AppModuleSiteMap></AppModuleSiteMaps>
<AIModels><AIModel><msdyn_aimodelid>{0c0ffee0-0000-4000-8000-000000000004}</msdyn_aimodelid><msdyn_name>Invoices</msdyn_name></AIModel></AIModels>"#,
            &[],
        );
        assert_eq!(
            facts(&solution),
            [
                ("role", "0C0FFEE0-0000-4000-8000-000000000001", "Payroll clerk", 2),
                ("fieldsecurityprofile", "0c0ffee0-0000-4000-8000-000000000002", "Wages", 3),
                ("ribboncustomization", ":RibbonDiffXml", ":RibbonDiffXml", 4),
                ("connectionrole", "0c0ffee0-0000-4000-8000-000000000003", "Auditor", 5),
                ("sitemap", "sitemap", "sitemap", 6),
                ("optionset", "fab_state", "State", 7),
                ("attributeimageconfig", "fab_machine fab_photo", "fab_machine fab_photo", 8),
                ("sitemap", "fab_App", "Fabrikam", 9),
                ("msdyn_aimodel", "0c0ffee0-0000-4000-8000-000000000004", "Invoices", 10),
            ]
        );
    }

    #[test]
    fn a_control_takes_its_folder() {
        let control = "<CustomControls><CustomControl><Name>fab_Fab.Gauge</Name>\
             <FileName>/Controls/fab_Fab.Gauge/ControlManifest.xml</FileName></CustomControl></CustomControls>";
        let files = [
            ("Controls/fab_Fab.Gauge/ControlManifest.xml", "<manifest />"),
            ("Controls/fab_Fab.Gauge/css/gauge.css", ""),
            ("Controls/fab_Fab.Other/bundle.js", ""),
        ];
        let solution = customizations(control, &files);
        let keys: Vec<_> = facts(&solution).into_iter().map(|(kind, key, ..)| (kind, key)).collect();
        assert_eq!(keys, [("customcontrol", "fab_Fab.Gauge"), ("file", "Controls/fab_Fab.Other/bundle.js")]);
    }

    #[test]
    fn an_element_without_a_key_is_no_component() {
        let solution = customizations("<Roles><Role name='x' /><Role id=' ' name='y' /></Roles>", &[]);
        assert!(solution.components.is_empty());
    }
}
