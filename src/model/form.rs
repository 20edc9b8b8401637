//! Forms: those of tables, dashboards and dialogs, which the platform keeps in one table, and the web resources that
//! they show and run. What else is on a form is not known here.

use std::collections::HashSet;

use memchr::memmem;

use super::reading::{Reading, XmlPart};
use super::section::{is_unmodified, rows, text};
use super::{Component, ComponentKey, ComponentType, Relation, Use, manifest};
use crate::xml::Element;

/// Sections of forms that are not inside a table.
const SECTIONS: &[(&str, &str)] = &[
    ("Dashboards", "Dashboard"),
    ("InteractionCentricDashboards", "InteractionCentricDashboard"),
    ("Dialogs", "Dialog"),
];

/// How an attribute names a web resource.
const SCHEME: &str = "$webresource:";

/// Class ids of the controls that show a web resource: a page, and an image.
const WEB_RESOURCE_CONTROLS: &[&str] =
    &["{9fdf5f91-88b1-47f4-ad53-c11efc01a01d}", "{587cdf98-c1d5-4bde-8473-14a0bc7644a7}"];

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for (section, row) in SECTIONS {
        for element in rows(&part, section, row) {
            if let Some(mut component) = component(&part, element, "FormId") {
                component.unmodified = is_unmodified(element);
                reading.components.push(component);
            }
        }
    }
}

/// The form of that element, with its web resources; `id` is the child with its GUID.
pub(crate) fn component(part: &XmlPart, element: Element<'_>, id: &str) -> Option<Component> {
    let key = ComponentKey::new(ComponentType::FORM, &text(element, id)?);
    let mut component = Component::new(key, manifest::localized_name(element), part.place(element));
    component.uses = web_resources(part, element);
    Some(component)
}

/// Each web resource once, at its first place: libraries, web resource controls, and every attribute with the scheme
/// (icons and pages of the navigation, older script includes).
fn web_resources(part: &XmlPart, form: Element<'_>) -> Vec<Use> {
    let bytes = &part.document.bytes()[form.range()];
    // Most forms have none; looking at the bytes first saves looking at every element.
    let has = |text: &str| memmem::find(bytes, text.as_bytes()).is_some();
    let (libraries, controls, schemes) = (has("<Library"), has("<Url"), has(SCHEME));
    if !(libraries || controls || schemes) {
        return Vec::new();
    }
    let mut found = HashSet::new();
    let mut uses = Vec::new();
    let mut add = |name: &str, element: Element<'_>| {
        let name = name.trim();
        let name = name.strip_prefix(SCHEME).unwrap_or(name);
        let name = name.split(['?', '#']).next().unwrap_or_default();
        if name.is_empty() {
            return;
        }
        let key = ComponentKey::new(ComponentType::WEB_RESOURCE, name);
        if found.insert(key.clone()) {
            uses.push(Use::new(Relation::FormWebResource, key, part.place(element)));
        }
    };
    for element in form.descendants() {
        match element.name() {
            "Library" => {
                if let Some(name) = element.attribute("name") {
                    add(&name, element);
                }
            }
            "Url" if is_in_web_resource_control(element) => add(&element.text(), element),
            _ => {}
        }
        if schemes {
            for attribute in element.attributes().filter(|found| found.raw_value.starts_with(SCHEME)) {
                add(&attribute.value(), element);
            }
        }
    }
    uses
}

fn is_in_web_resource_control(url: Element<'_>) -> bool {
    let control = url.parent().and_then(|parameters| parameters.parent());
    let class = control.and_then(|control| control.attribute("classid"));
    class.is_some_and(|class| {
        WEB_RESOURCE_CONTROLS.iter().any(|known| known.eq_ignore_ascii_case(class.trim()))
    })
}

#[cfg(test)]
mod tests {
    use crate::model::testing::{customizations, uses};

    #[test]
    fn web_resources_of_a_form() {
        let solution = customizations(
            r#"<Entities><Entity><Name>fab_machine</Name><FormXml><forms type="main"><systemform>
<formid>{0c0ffee0-0000-4000-8000-000000000001}</formid><form>
<control id="WebResource_map" classid="{9FDF5F91-88B1-47f4-AD53-C11EFC01A01D}"><parameters>
<Url>fab_/map.html</Url></parameters></control>
<control classid="{FD2A7985-3187-444E-908D-6624B21F69C0}"><parameters><Url>https://example.com</Url></parameters></control>
<Navigation><NavBarItem Icon="$webresource:fab_/icon.png" Url="$webresource:fab_/page.html?data=1" /><NavBarItem Icon="$webresource:" /></Navigation>
<formLibraries><Library name="fab_/form.js" libraryUniqueId="{0c0ffee0-0000-4000-8000-000000000002}" />
<Library name="FAB_/form.js" /><Library name="$webresource:fab_/more.js" /></formLibraries>
</form></systemform></forms></FormXml></Entity></Entities>"#,
            &[],
        );
        let form = &solution.components[1];
        let found: Vec<_> =
            uses(form).into_iter().map(|(relation, key, place)| (relation.name(), key, place)).collect();
        let expect = |key: &str, place: &str| {
            let place = format!("test.zip:customizations.xml:{place}");
            ("form-webresource", format!("webresource:{key}"), place)
        };
        assert_eq!(
            found,
            [
                expect("fab_/map.html", "5:1"),
                expect("fab_/icon.png", "7:13"),
                expect("fab_/page.html", "7:13"),
                expect("fab_/form.js", "8:16"),
                expect("fab_/more.js", "9:32"),
            ]
        );
    }

    #[test]
    fn dashboards_and_dialogs_are_forms() {
        let solution = customizations(
            "<Dashboards><Dashboard><LocalizedNames><LocalizedName description='Load' languagecode='1033' />\
             </LocalizedNames><FormId>{0c0ffee0-0000-4000-8000-000000000001}</FormId></Dashboard><Dashboard /></Dashboards>\n\
             <Dialogs><Dialog><FormId>{0c0ffee0-0000-4000-8000-000000000002}</FormId></Dialog></Dialogs>",
            &[],
        );
        let facts: Vec<_> = solution
            .components
            .iter()
            .map(|found| (found.key.kind.as_str(), &*found.key.key, &*found.name))
            .collect();
        let id = |number| format!("0c0ffee0-0000-4000-8000-00000000000{number}");
        assert_eq!(facts, [("systemform", &*id(1), "Load"), ("systemform", &*id(2), &*id(2))]);
    }
}
