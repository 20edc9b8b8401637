//! Canvas apps: section `CanvasApps` of customizations.xml. What an app uses stands in JSON texts inside its elements
//! (`FORMATS.md` §3.5); the app's own file is not read.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::reading::{Reading, XmlPart};
use super::section::{is_unmodified, rows, text};
use super::{Component, ComponentKey, ComponentType, Place, Relation, Severity, Use, codes};
use crate::json::push_pointer;
use crate::xml::Element;

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for element in rows(&part, "CanvasApps", "CanvasApp") {
        let Some(name) = text(element, "Name") else { continue };
        let key = ComponentKey::new(ComponentType::CANVAS_APP, &name);
        let display_name = text(element, "DisplayName").unwrap_or_default();
        let mut component = Component::new(key, display_name, part.place(element));
        component.unmodified = is_unmodified(element);
        for child in element.children() {
            match child.name() {
                "DocumentUri" | "BackgroundImageUri" => take(reading, &part, child, &component),
                "AdditionalUris" => {
                    for uri in child.children() {
                        take(reading, &part, uri, &component);
                    }
                }
                _ => {}
            }
        }
        let mut app = App::default();
        app.connections(&Json::of(reading, &part, element, "ConnectionReferences"));
        app.databases(&Json::of(reading, &part, element, "DatabaseReferences"));
        app.dependencies(&Json::of(reading, &part, element, "CdsDependencies"));
        app.libraries(&Json::of(reading, &part, element, "AppComponentDependencies"));
        component.uses = app.finish();
        reading.components.push(component);
    }
}

fn take(reading: &mut Reading<'_>, part: &XmlPart, uri: Element<'_>, app: &Component) {
    if !uri.text().trim().is_empty() {
        reading.take_named(&uri.text(), app, part.place(uri));
    }
}

/// A JSON text in an element; null when there is none.
struct Json {
    value: Value,
    /// Of the element.
    place: Place,
}

impl Json {
    fn of(reading: &mut Reading<'_>, part: &XmlPart, app: Element<'_>, name: &str) -> Self {
        let Some(element) = app.child(name) else {
            return Self { value: Value::Null, place: part.place(app) };
        };
        let place = part.place(element);
        let text = element.text();
        let value = match text.trim() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|error| {
                let message = format!("<{name}> is no JSON: {error}");
                reading.report(codes::ILL_FORMED_FILE, Severity::Error, place.clone(), message);
                Value::Null
            }),
        };
        Self { value, place }
    }

    fn place(&self, pointer: &str) -> Place {
        self.place.clone().with_pointer(pointer)
    }
}

/// What is found in one app.
#[derive(Default)]
struct App {
    uses: Vec<Use>,
    /// Found beside the places that list dependencies: counts only where those do not have it.
    besides: Vec<Use>,
    /// Logical names of tables by the name of their set.
    tables: HashMap<String, String>,
}

impl App {
    fn connections(&mut self, json: &Json) {
        for (name, connection) in json.value.as_object().into_iter().flatten() {
            let pointer = child("", name);
            let mut add = |path: &str, relation: Relation, kind: ComponentType| {
                let text = connection.pointer(path).and_then(Value::as_str).unwrap_or_default();
                let key = ComponentKey::new(kind, text);
                if !key.key.is_empty() {
                    self.uses.push(Use::new(relation, key, json.place(&format!("{pointer}{path}"))));
                }
            };
            add(
                "/xrmConnectionReferenceLogicalName",
                Relation::CanvasAppConnectionReference,
                ComponentType::CONNECTION_REFERENCE,
            );
            add("/customApiLogicalName", Relation::CanvasAppConnector, ComponentType::CONNECTOR);
            add("/parameterHints/workflowEntityId/value", Relation::CanvasAppFlow, ComponentType::WORKFLOW);
        }
        self.variables(json);
    }

    fn databases(&mut self, json: &Json) {
        for (name, database) in json.value.as_object().into_iter().flatten() {
            let Some(sources) = database.get("dataSources").and_then(Value::as_object) else { continue };
            let pointer = child(&child("", name), "dataSources");
            for (name, source) in sources {
                let text = |name: &str| source.get(name).and_then(Value::as_str).unwrap_or_default().trim();
                let table = text("logicalName");
                if table.is_empty() {
                    continue;
                }
                self.tables.insert(text("entitySetName").to_lowercase(), table.to_owned());
                let place = json.place(&child(&child(&pointer, name), "logicalName"));
                let key = ComponentKey::new(ComponentType::TABLE, table);
                self.besides.push(Use::new(Relation::CanvasAppTable, key, place));
            }
        }
        self.variables(json);
    }

    /// Sources whose address is a variable's value: `environmentVariableName` at any depth.
    fn variables(&mut self, json: &Json) {
        let mut pending = vec![(String::new(), &json.value)];
        while let Some((pointer, value)) = pending.pop() {
            let first = pending.len();
            match value {
                Value::Object(members) => {
                    for (name, member) in members {
                        let pointer = child(&pointer, name);
                        match member {
                            Value::String(text) if name == "environmentVariableName" => {
                                let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, text);
                                if !key.key.is_empty() {
                                    let place = json.place(&pointer);
                                    self.besides.push(Use::new(Relation::CanvasAppVariable, key, place));
                                }
                            }
                            Value::Object(_) | Value::Array(_) => pending.push((pointer, member)),
                            _ => {}
                        }
                    }
                }
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    pending.extend(items.map(|(at, item)| (format!("{pointer}/{at}"), item)));
                }
                _ => {}
            }
            pending[first..].reverse();
        }
    }

    /// The numbers of component types differ by environment, so the name counts where there is one.
    fn dependencies(&mut self, json: &Json) {
        let list = json.value.get("cdsdependencies").and_then(Value::as_array);
        for (at, dependency) in list.into_iter().flatten().enumerate() {
            let text = |name: &str| dependency.get(name).and_then(Value::as_str).unwrap_or_default().trim();
            let code = dependency.get("componenttype").and_then(Value::as_u64);
            let kind = match text("componenttypeplatformname") {
                "" => code.and_then(|code| ComponentType::from_code(u32::try_from(code).ok()?)),
                name => Some(ComponentType::named(name)),
            };
            let Some(kind) = kind else { continue };
            let set = || self.tables.get(&text("entitysetname").to_lowercase()).map(String::as_str);
            let named = [text("logicalname"), text("dependencyid")].into_iter().find(|name| !name.is_empty());
            let Some(name) = named.or_else(set) else { continue };
            let relation = relation(&kind);
            let place = json.place(&format!("/cdsdependencies/{at}"));
            self.uses.push(Use::new(relation, ComponentKey::new(kind, name), place));
        }
    }

    fn libraries(&mut self, json: &Json) {
        for (at, dependency) in json.value.as_array().into_iter().flatten().enumerate() {
            let name = "appComponentLibraryLogicalName";
            let library = dependency.get(name).and_then(Value::as_str).unwrap_or_default();
            let key = ComponentKey::new(ComponentType::CANVAS_APP, library);
            if !key.key.is_empty() {
                let place = json.place(&format!("/{at}/{name}"));
                self.besides.push(Use::new(Relation::CanvasAppCanvasApp, key, place));
            }
        }
    }

    fn finish(self) -> Vec<Use> {
        let mut uses = self.uses;
        let known = uses.iter().filter_map(target).cloned();
        let mut known: HashSet<ComponentKey> = known.collect();
        uses.extend(
            self.besides.into_iter().filter(|used| target(used).is_some_and(|key| known.insert(key.clone()))),
        );
        uses
    }
}

fn target(used: &Use) -> Option<&ComponentKey> {
    match &used.target {
        super::Target::Component(key) => Some(key),
        super::Target::Expression(_) => None,
    }
}

fn relation(kind: &ComponentType) -> Relation {
    const RELATIONS: &[(ComponentType, Relation)] = &[
        (ComponentType::TABLE, Relation::CanvasAppTable),
        (ComponentType::CONNECTION_REFERENCE, Relation::CanvasAppConnectionReference),
        (ComponentType::CONNECTOR, Relation::CanvasAppConnector),
        (ComponentType::ENVIRONMENT_VARIABLE, Relation::CanvasAppVariable),
        (ComponentType::WORKFLOW, Relation::CanvasAppFlow),
        (ComponentType::CUSTOM_CONTROL, Relation::CanvasAppControl),
        (ComponentType::CANVAS_APP, Relation::CanvasAppCanvasApp),
    ];
    let known = RELATIONS.iter().find(|(known, _)| known == kind);
    known.map_or(Relation::CanvasAppOther, |(_, relation)| *relation)
}

fn child(pointer: &str, name: &str) -> String {
    let mut pointer = pointer.to_owned();
    push_pointer(&mut pointer, name);
    pointer
}

#[cfg(test)]
mod tests {
    use crate::model::testing::{customizations, uses};
    use crate::model::{Relation, Solution, codes};

    fn app(inside: &str, files: &[(&str, &str)]) -> Solution {
        let text = format!(
            "<CanvasApps><CanvasApp><Name>fab_pay_f5d60</Name><DisplayName>Pay</DisplayName>\n{inside}</CanvasApp></CanvasApps>"
        );
        customizations(&text, files)
    }

    fn found(solution: &Solution) -> Vec<(Relation, String, String)> {
        let strip = |place: String| place.trim_start_matches("test.zip:customizations.xml:").to_owned();
        let found = uses(&solution.components[0]).into_iter();
        found.map(|(relation, key, place)| (relation, key, strip(place))).collect()
    }

    #[test]
    fn every_place_that_names_something() {
        let solution = app(
            r#"<ConnectionReferences>{"c1":{"id":"/providers/microsoft.powerapps/apis/shared_logicflows",
"parameterHints":{"workflowName":{"value":"x"},"workflowEntityId":{"value":"0c0ffee0-0000-4000-8000-000000000001"}}},
"c/2":{"xrmConnectionReferenceLogicalName":"fab_Blob","customApiLogicalName":"fab_5Fpay",
"dataSets":{"site":{"datasetOverride":{"environmentVariableName":"fab_Site"},"dataSources":{"L":{"tableNameOverride":{"environmentVariableName":"fab_List"}}}}}}}</ConnectionReferences>
<DatabaseReferences>{"default.cds":{"dataSources":{"Machines":{"entitySetName":"fab_machines","logicalName":"fab_machine"},"Users":{"logicalName":"systemuser"}}}}</DatabaseReferences>
<CdsDependencies>{"cdsdependencies":[{"logicalname":"systemuser","componenttype":1},{"entitysetname":"fab_machines","componenttype":1},
{"entitysetname":"fab_unknown","componenttype":1},{"logicalname":"fab_Mail","componenttype":10080,"componenttypeplatformname":"ConnectionReference"},
{"dependencyid":"","logicalname":"fab_Fab.Gauge","componenttype":66,"componenttypeplatformname":"CustomControl"},
{"logicalname":"fab_Site","componenttype":380,"componenttypeplatformname":"EnvironmentVariableDefinition"},
{"logicalname":"fab_x","componenttype":10999,"componenttypeplatformname":"Fab_Thing"},{"logicalname":"y","componenttype":10999}]}</CdsDependencies>
<AppComponentDependencies>[{"appComponentLibraryLogicalName":"fab_library_0be3a"}]</AppComponentDependencies>"#,
            &[],
        );
        let expect = |relation, key: &str, place: &str| (relation, key.to_owned(), place.to_owned());
        assert_eq!(
            found(&solution),
            [
                expect(
                    Relation::CanvasAppFlow,
                    "workflow:0c0ffee0-0000-4000-8000-000000000001",
                    "3:1 /c1/parameterHints/workflowEntityId/value"
                ),
                expect(
                    Relation::CanvasAppConnectionReference,
                    "connectionreference:fab_Blob",
                    "3:1 /c~12/xrmConnectionReferenceLogicalName"
                ),
                expect(Relation::CanvasAppConnector, "connector:fab_5Fpay", "3:1 /c~12/customApiLogicalName"),
                expect(Relation::CanvasAppTable, "entity:systemuser", "8:1 /cdsdependencies/0"),
                expect(Relation::CanvasAppTable, "entity:fab_machine", "8:1 /cdsdependencies/1"),
                expect(
                    Relation::CanvasAppConnectionReference,
                    "connectionreference:fab_Mail",
                    "8:1 /cdsdependencies/3"
                ),
                expect(Relation::CanvasAppControl, "customcontrol:fab_Fab.Gauge", "8:1 /cdsdependencies/4"),
                expect(
                    Relation::CanvasAppVariable,
                    "environmentvariabledefinition:fab_Site",
                    "8:1 /cdsdependencies/5"
                ),
                expect(Relation::CanvasAppOther, "fab_thing:fab_x", "8:1 /cdsdependencies/6"),
                expect(
                    Relation::CanvasAppVariable,
                    "environmentvariabledefinition:fab_List",
                    "3:1 /c~12/dataSets/site/dataSources/L/tableNameOverride/environmentVariableName"
                ),
                expect(
                    Relation::CanvasAppCanvasApp,
                    "canvasapp:fab_library_0be3a",
                    "13:1 /0/appComponentLibraryLogicalName"
                ),
            ]
        );
    }

    #[test]
    fn files_are_taken() {
        let solution = app(
            "<DocumentUri>/CanvasApps/fab_DocumentUri.msapp</DocumentUri><BackgroundImageUri /><AdditionalUris>\
             <AdditionalUri>/CanvasApps/fab_identity.json</AdditionalUri></AdditionalUris>",
            &[("CanvasApps/fab_DocumentUri.msapp", "PK"), ("CanvasApps/fab_identity.json", "{}")],
        );
        assert_eq!(solution.components.len(), 1);
        assert_eq!(&*solution.components[0].name, "Pay");
        assert!(solution.findings.is_empty());
    }

    #[test]
    fn text_that_is_no_json_is_a_finding() {
        let solution =
            app("<CdsDependencies>{</CdsDependencies><ConnectionReferences>[1]</ConnectionReferences>", &[]);
        assert!(found(&solution).is_empty());
        let [finding] = &solution.findings[..] else { panic!("one finding") };
        assert_eq!((finding.code, finding.place.as_ref().unwrap().line), (codes::ILL_FORMED_FILE, 3));
    }
}
