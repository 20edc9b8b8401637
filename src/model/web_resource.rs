//! Web resources: section `WebResources` of customizations.xml. Their contents are not read; an app that shows one by its
//! GUID finds it by the alias.

use super::reading::Reading;
use super::section::{is_unmodified, rows, text};
use super::{Component, ComponentKey, ComponentType};

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for element in rows(&part, "WebResources", "WebResource") {
        let Some(name) = text(element, "Name") else { continue };
        let key = ComponentKey::new(ComponentType::WEB_RESOURCE, &name);
        let display_name = text(element, "DisplayName").unwrap_or_default();
        let mut component = Component::new(key, display_name, part.place(element));
        component.unmodified = is_unmodified(element);
        let id = text(element, "WebResourceId");
        component.aliases.extend(id.map(|id| ComponentKey::new(ComponentType::WEB_RESOURCE, &id)));
        // One that is marked unmodified has no file.
        if let Some(file) = element.child("FileName") {
            reading.take_named(&file.text(), &component, part.place(file));
        }
        reading.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::codes;
    use crate::model::testing::customizations;

    #[test]
    fn name_alias_and_file() {
        let solution = customizations(
            r#"<WebResources><WebResource><WebResourceId>{0C0FFEE0-0000-4000-8000-000000000001}</WebResourceId>
<Name>fab_/form.js</Name><DisplayName>Form script</DisplayName>
<FileName>/WebResources/fab_form.js0C0FFEE0-0000-4000-8000-000000000001</FileName></WebResource>
<WebResource unmodified="1"><Name>fab_/old.js</Name></WebResource>
<WebResource><Name>fab_/lost.js</Name><FileName>/WebResources/lost</FileName></WebResource></WebResources>"#,
            &[("WebResources/fab_form.js0C0FFEE0-0000-4000-8000-000000000001", "x")],
        );
        let [form, old, _] = &solution.components[..] else { panic!("three") };
        assert_eq!((&*form.key.key, &*form.name), ("fab_/form.js", "Form script"));
        assert_eq!(form.aliases[0].folded(), "0c0ffee0-0000-4000-8000-000000000001");
        assert!(old.unmodified && old.aliases.is_empty());
        let [finding] = &solution.findings[..] else { panic!("one finding") };
        assert_eq!((finding.code, finding.place.as_ref().unwrap().line), (codes::MISSING_FILE, 6));
    }
}
