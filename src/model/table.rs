//! Tables: section `Entities` of customizations.xml with the columns, alternate keys, forms, views and charts inside, and
//! `EntityMaps`. What the columns hold is not known here.

use std::collections::HashSet;

use super::reading::{Reading, XmlPart};
use super::section::{is_unmodified, rows, text};
use super::{Component, ComponentKey, ComponentType, form, manifest};
use crate::xml::Element;

/// Root behaviour of a table of which only the shell travels (`FORMATS.md` §5.2).
const SHELL_ONLY: u8 = 2;

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    let roots = reading.manifest.root_components.iter().filter(|root| root.behavior == SHELL_ONLY);
    let shells: HashSet<ComponentKey> = roots.filter_map(|root| root.key.clone()).collect();
    for element in rows(&part, "Entities", "Entity") {
        let Some(mut component) = table(&part, element) else { continue };
        component.shell = shells.contains(&component.key);
        let key = component.key.clone();
        reading.components.push(component);
        Inside { reading, part: &part, table: &key }.read(element);
    }
    for map in rows(&part, "EntityMaps", "EntityMap") {
        let (Some(source), Some(target)) = (text(map, "EntitySource"), text(map, "EntityTarget")) else {
            continue;
        };
        let key = ComponentKey::new(ComponentType::TABLE_MAP, &format!("{source} {target}"));
        reading.components.push(Component::new(key, "", part.place(map)));
    }
}

fn table(part: &XmlPart, element: Element<'_>) -> Option<Component> {
    let entity = element.child("EntityInfo").and_then(|info| info.child("entity"));
    let named = entity.and_then(|entity| entity.attribute("Name"));
    let name = named.map(|name| name.trim().to_owned()).or_else(|| text(element, "Name"))?;
    let display_name = element.child("Name").and_then(|name| name.attribute("LocalizedName"));
    let key = ComponentKey::new(ComponentType::TABLE, &name);
    let mut component = Component::new(key, display_name.unwrap_or_default(), part.place(element));
    component.unmodified = entity.is_some_and(is_unmodified);
    Some(component)
}

/// What one table has inside.
struct Inside<'r, 'p> {
    reading: &'r mut Reading<'p>,
    part: &'r XmlPart,
    table: &'r ComponentKey,
}

impl Inside<'_, '_> {
    fn read(&mut self, element: Element<'_>) {
        for child in element.children() {
            match child.name() {
                "EntityInfo" => {
                    for part in child.children().flat_map(|entity| entity.children()) {
                        match part.name() {
                            "attributes" => part.children().for_each(|column| self.column(column)),
                            "EntityKeys" => part.children().for_each(|key| self.alternate_key(key)),
                            _ => {}
                        }
                    }
                }
                "FormXml" => {
                    let forms = child.children().flat_map(|forms| forms.children());
                    forms.for_each(|form| self.form(form));
                }
                "SavedQueries" => {
                    let views = child.children().flat_map(|views| views.children());
                    views.for_each(|view| self.named_by(view, ComponentType::VIEW, "savedqueryid"));
                }
                "Visualizations" => child.children().for_each(|chart| {
                    self.named_by(chart, ComponentType::CHART, "savedqueryvisualizationid");
                }),
                "CustomControlDefaultConfigs" => child.children().for_each(|control| {
                    let kind = ComponentType::CUSTOM_CONTROL_DEFAULT;
                    self.named_by(control, kind, "CustomControlDefaultConfigId");
                }),
                _ => {}
            }
        }
    }

    fn add(&mut self, element: Element<'_>, kind: ComponentType, key: &str, name: &str) {
        let component = Component::new(ComponentKey::new(kind, key), name, self.part.place(element));
        self.push(component, element);
    }

    fn push(&mut self, mut component: Component, element: Element<'_>) {
        component.table = Some(self.table.clone());
        component.unmodified = is_unmodified(element);
        self.reading.components.push(component);
    }

    fn column(&mut self, column: Element<'_>) {
        let (mut name, mut logical_name, mut display_name) = (None, None, None);
        let mut formula = None;
        for child in column.children() {
            match child.name() {
                "Name" => name = Some(child.text()),
                "LogicalName" => logical_name = Some(child.text()),
                "displaynames" => display_name = child.child("displayname"),
                "FormulaDefinitionFileName" => formula = Some(child),
                _ => {}
            }
        }
        let Some(name) = logical_name.or(name).or_else(|| column.attribute("PhysicalName")) else { return };
        if name.trim().is_empty() {
            return;
        }
        let key = format!("{}.{}", self.table.key, name.trim());
        let display_name = display_name.and_then(|name| name.attribute("description"));
        let display_name = display_name.as_deref().unwrap_or_else(|| name.trim());
        let key = ComponentKey::new(ComponentType::COLUMN, &key);
        let component = Component::new(key, display_name, self.part.place(column));
        if let Some(formula) = formula
            && !formula.text().trim().is_empty()
        {
            self.reading.take_named(&formula.text(), &component, self.part.place(formula));
        }
        self.push(component, column);
    }

    fn alternate_key(&mut self, element: Element<'_>) {
        if let Some(name) = text(element, "LogicalName") {
            let display_name = element.child("displaynames").and_then(|names| names.child("displayname"));
            let display_name = display_name.and_then(|name| name.attribute("description"));
            let key = format!("{}.{name}", self.table.key);
            self.add(element, ComponentType::ENTITY_KEY, &key, display_name.as_deref().unwrap_or(&name));
        }
    }

    fn form(&mut self, element: Element<'_>) {
        if let Some(component) = form::component(self.part, element, "formid") {
            self.push(component, element);
        }
    }

    fn named_by(&mut self, element: Element<'_>, kind: ComponentType, id: &str) {
        if let Some(id) = text(element, id) {
            self.add(element, kind, &id, &manifest::localized_name(element));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::testing::{customizations, solution};
    use crate::model::{Component, ComponentType, Solution, codes};

    const MACHINE: &str = r#"<Entities><Entity>
<Name LocalizedName="Machine" OriginalName="Machine">fab_Machine</Name>
<EntityInfo><entity Name="fab_Machine"><attributes>
<attribute PhysicalName="fab_MachineId"><Name>fab_machineid</Name><LogicalName>fab_machineid</LogicalName>
<displaynames><displayname description="Machine id" languagecode="1033" /></displaynames></attribute>
<attribute PhysicalName="fab_Load" unmodified="1"><Name>fab_load</Name>
<FormulaDefinitionFileName>/Formulas/fab_machine-fab_load.xaml</FormulaDefinitionFileName></attribute>
</attributes><EntityKeys><EntityKey><Name>fab_Number</Name><LogicalName>fab_number</LogicalName></EntityKey></EntityKeys>
</entity></EntityInfo>
<FormXml><forms type="main"><systemform><formid>{0c0ffee0-0000-4000-8000-000000000001}</formid>
<LocalizedNames><LocalizedName description="Main" languagecode="1033" /></LocalizedNames></systemform></forms></FormXml>
<SavedQueries><savedqueries><savedquery><savedqueryid>{0c0ffee0-0000-4000-8000-000000000002}</savedqueryid></savedquery></savedqueries></SavedQueries>
<Visualizations><visualization unmodified="1"><savedqueryvisualizationid>{0c0ffee0-0000-4000-8000-000000000003}</savedqueryvisualizationid></visualization></Visualizations>
</Entity>
<Entity><Name LocalizedName="Account">Account</Name><EntityInfo><entity Name="Account" unmodified="1"><attributes /></entity></EntityInfo></Entity>
<Entity><Name>Contact</Name></Entity>
</Entities>"#;

    fn find<'s>(solution: &'s Solution, key: &str) -> &'s Component {
        solution.components.iter().find(|component| component.key.folded() == key).expect(key)
    }

    #[test]
    fn a_table_with_everything_inside() {
        let solution = customizations(MACHINE, &[("Formulas/fab_machine-fab_load.xaml", "<x />")]);
        let facts: Vec<_> = solution
            .components
            .iter()
            .map(|found| {
                let table = found.table.as_ref().map(|table| &*table.key);
                (found.key.kind.as_str(), &*found.key.key, &*found.name, found.place.line, table)
            })
            .collect();
        let table = Some("fab_Machine");
        assert_eq!(
            facts,
            [
                ("entity", "fab_Machine", "Machine", 2, None),
                ("attribute", "fab_Machine.fab_machineid", "Machine id", 5, table),
                ("attribute", "fab_Machine.fab_load", "fab_load", 7, table),
                ("entitykey", "fab_Machine.fab_number", "fab_number", 9, table),
                ("systemform", "0c0ffee0-0000-4000-8000-000000000001", "Main", 11, table),
                (
                    "savedquery",
                    "0c0ffee0-0000-4000-8000-000000000002",
                    "0c0ffee0-0000-4000-8000-000000000002",
                    13,
                    table
                ),
                (
                    "savedqueryvisualization",
                    "0c0ffee0-0000-4000-8000-000000000003",
                    "0c0ffee0-0000-4000-8000-000000000003",
                    14,
                    table
                ),
                ("entity", "Account", "Account", 16, None),
                ("entity", "Contact", "Contact", 17, None),
            ]
        );
        let unmodified = solution.components.iter().filter(|found| found.unmodified);
        let unmodified: Vec<_> = unmodified.map(|found| &*found.key.key).collect();
        assert_eq!(unmodified, ["fab_Machine.fab_load", "0c0ffee0-0000-4000-8000-000000000003", "Account"]);
    }

    #[test]
    fn a_formula_that_is_not_there_is_a_finding() {
        let solution = customizations(MACHINE, &[]);
        let [finding] = &solution.findings[..] else { panic!("one finding") };
        assert_eq!((finding.code, finding.place.as_ref().unwrap().line), (codes::MISSING_FILE, 8));
    }

    #[test]
    fn root_behaviour_two_is_a_shell() {
        let manifest = r#"<ImportExportXml><SolutionManifest><UniqueName>Fab</UniqueName><Version>1.0</Version>
<RootComponents><RootComponent type="1" schemaName="account" behavior="2" />
<RootComponent type="1" schemaName="contact" behavior="1" /></RootComponents></SolutionManifest></ImportExportXml>"#;
        let customizations = format!("<ImportExportXml>{MACHINE}</ImportExportXml>");
        let solution = solution(&[("solution.xml", manifest), ("customizations.xml", &customizations)]);
        assert!(find(&solution, "account").shell);
        assert!(!find(&solution, "contact").shell);
        assert!(!find(&solution, "fab_machine").shell);
    }

    #[test]
    fn maps_have_two_tables_as_their_key() {
        let solution = customizations(
            "<EntityMaps><EntityMap><EntitySource>account</EntitySource><EntityTarget>fab_machine</EntityTarget>\
             </EntityMap><EntityMap /></EntityMaps>",
            &[],
        );
        let [map] = &solution.components[..] else { panic!("one map") };
        assert_eq!((&map.key.kind, &*map.key.key), (&ComponentType::TABLE_MAP, "account fab_machine"));
    }

    #[test]
    fn nothing_without_a_name() {
        let solution = customizations(
            "<Entities><Entity /><Entity><EntityInfo><entity Name='fab_x'><attributes><attribute /></attributes>\
             <EntityKeys><EntityKey /></EntityKeys></entity></EntityInfo><FormXml><forms><systemform /></forms></FormXml>\
             </Entity></Entities>",
            &[],
        );
        let keys: Vec<_> = solution.components.iter().map(|found| &*found.key.key).collect();
        assert_eq!(keys, ["fab_x"]);
    }
}
