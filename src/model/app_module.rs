//! Model-driven apps: section `AppModules` of customizations.xml. What an app shows is named by type number and schema
//! name or GUID; its settings and pages are rows of generic tables inside the app.

use super::reading::{Reading, XmlPart};
use super::section::{is_unmodified, rows, text};
use super::{Component, ComponentKey, ComponentType, Relation, Use, manifest, row};
use crate::xml::Element;

/// Sets of rows inside an app.
const SETS: &[&str] = &["appsettings", "appelements"];

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for element in rows(&part, "AppModules", "AppModule") {
        let Some(name) = text(element, "UniqueName") else { continue };
        let key = ComponentKey::new(ComponentType::APP_MODULE, &name);
        let mut component = Component::new(key, manifest::localized_name(element), part.place(element));
        component.unmodified = is_unmodified(element);
        component.uses = uses(&part, element);
        let mut inside = Vec::new();
        for set in element.children().filter(|set| SETS.contains(&set.name())) {
            let parent = (set.name() == "appsettings").then_some(&*name);
            for row in set.children() {
                let Some(found) = row::component(&part, row, parent) else { continue };
                // A bare row has its columns in another solution: the app only has it.
                if row.children().next().is_none() {
                    component.uses.push(row::lookup(set.name(), found.key, found.place));
                } else {
                    inside.push(found);
                }
            }
        }
        reading.components.push(component);
        reading.components.append(&mut inside);
    }
}

fn uses(part: &XmlPart, app: Element<'_>) -> Vec<Use> {
    let mut uses = Vec::new();
    for list in app.children() {
        let (relation, row_name) = match list.name() {
            "AppModuleComponents" => (Relation::AppModuleComponent, "AppModuleComponent"),
            "AppModuleRoleMaps" => (Relation::AppModuleRole, "Role"),
            _ => continue,
        };
        for row in list.children().filter(|row| row.name() == row_name) {
            let attribute = |name| row.attribute(name).filter(|value| !value.trim().is_empty());
            let Some(key) = attribute("schemaName").or_else(|| attribute("id")) else { continue };
            let kind = match relation {
                Relation::AppModuleRole => ComponentType::ROLE,
                _ => kind(attribute("type").as_deref().unwrap_or_default()),
            };
            uses.push(Use::new(relation, ComponentKey::new(kind, &key), part.place(row)));
        }
    }
    uses
}

/// A number without a known table stays as it is.
fn kind(code: &str) -> ComponentType {
    let known = code.trim().parse().ok().and_then(ComponentType::from_code);
    known.unwrap_or_else(|| ComponentType::named(code.trim()))
}

#[cfg(test)]
mod tests {
    use crate::model::Relation;
    use crate::model::testing::{customizations, uses};

    #[test]
    fn components_roles_and_rows_inside() {
        let solution = customizations(
            r#"<AppModules><AppModule><UniqueName>fab_App</UniqueName><AppModuleComponents>
<AppModuleComponent type="1" schemaName="fab_machine" />
<AppModuleComponent type="26" id="{0c0ffee0-0000-4000-8000-000000000001}" />
<AppModuleComponent type="10099" schemaName="fab_x" /><AppModuleComponent type="1" />
</AppModuleComponents><AppModuleRoleMaps><Role id="{0c0ffee0-0000-4000-8000-000000000002}" /></AppModuleRoleMaps>
<LocalizedNames><LocalizedName description="Fabrikam" languagecode="1033" /></LocalizedNames>
<appsettings><appsetting settingdefinitionid.uniquename="AllowNotifications"><value>false</value></appsetting></appsettings>
<appelements><appelement uniquename="fab_page"><canvasappid><name>fab_page_22fad</name></canvasappid></appelement>
<appelement uniquename="fab_other" /></appelements>
</AppModule></AppModules>"#,
            &[],
        );
        let [app, setting, page] = &solution.components[..] else { panic!("three") };
        assert_eq!((&*app.key.key, &*app.name), ("fab_App", "Fabrikam"));
        let at = |place: &str| format!("test.zip:customizations.xml:{place}");
        let shows = Relation::AppModuleComponent;
        assert_eq!(
            uses(app),
            [
                (shows, "entity:fab_machine".into(), at("3:1")),
                (shows, "savedquery:0c0ffee0-0000-4000-8000-000000000001".into(), at("4:1")),
                (shows, "10099:fab_x".into(), at("5:1")),
                (Relation::AppModuleRole, "role:0c0ffee0-0000-4000-8000-000000000002".into(), at("6:42")),
                (Relation::RowLookup, "appelement:fab_other".into(), at("10:1")),
            ]
        );
        assert_eq!(
            (setting.key.kind.as_str(), &*setting.key.key),
            ("appsetting", "fab_App.AllowNotifications")
        );
        assert_eq!(
            uses(setting),
            [(Relation::RowLookup, "settingdefinition:AllowNotifications".into(), at("8:14"))]
        );
        assert_eq!((page.key.kind.as_str(), &*page.key.key), ("appelement", "fab_page"));
        assert_eq!(uses(page), [(Relation::RowLookup, "canvasapp:fab_page_22fad".into(), at("9:61"))]);
    }
}
