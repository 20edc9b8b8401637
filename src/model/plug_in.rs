//! Plug-ins: assemblies with their types, and the steps that run them (sections `SolutionPluginAssemblies` and
//! `SdkMessageProcessingSteps` of customizations.xml). The assemblies themselves are not read.
//!
//! A type and an assembly are named with version, culture and key token, which change from one package to the next; the
//! name without them is an alias, and what a step refers to.

use super::reading::{Reading, XmlPart};
use super::section::{is_unmodified, rows, text};
use super::{Component, ComponentKey, ComponentType, Relation, Use};
use crate::xml::Element;

/// `EventHandlerTypeCode` of a step that calls a service endpoint.
const SERVICE_ENDPOINT: &str = "4618";

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for element in rows(&part, "SolutionPluginAssemblies", "PluginAssembly") {
        assembly(reading, &part, element);
    }
    for element in rows(&part, "SdkMessageProcessingSteps", "SdkMessageProcessingStep") {
        step(reading, &part, element);
    }
}

fn assembly(reading: &mut Reading<'_>, part: &XmlPart, element: Element<'_>) {
    let Some(full_name) = attribute(element, "FullName") else { return };
    let short = simple_name(&full_name, 1);
    let kind = ComponentType::PLUGIN_ASSEMBLY;
    let key = ComponentKey::new(kind.clone(), &full_name);
    let mut component = Component::new(key, short, part.place(element));
    component.unmodified = is_unmodified(element);
    component.aliases =
        aliases(&component.key, [Some(short.to_owned()), attribute(element, "PluginAssemblyId")]);
    if let Some(file) = element.child("FileName") {
        reading.take_named(&file.text(), &component, part.place(file));
    }
    reading.components.push(component);
    let types = element.children().filter(|child| child.name() == "PluginTypes");
    for element in types.flat_map(|types| types.children()).filter(|child| child.name() == "PluginType") {
        plug_in_type(reading, part, element);
    }
}

fn plug_in_type(reading: &mut Reading<'_>, part: &XmlPart, element: Element<'_>) {
    let name = attribute(element, "Name");
    let Some(full_name) = attribute(element, "AssemblyQualifiedName").or_else(|| name.clone()) else {
        return;
    };
    let key = ComponentKey::new(ComponentType::PLUGIN_TYPE, &full_name);
    let mut component = Component::new(key, name.unwrap_or_default(), part.place(element));
    let short = simple_name(&full_name, 2).to_owned();
    component.aliases = aliases(&component.key, [Some(short), attribute(element, "PluginTypeId")]);
    reading.components.push(component);
}

fn step(reading: &mut Reading<'_>, part: &XmlPart, element: Element<'_>) {
    let Some(id) = attribute(element, "SdkMessageProcessingStepId") else { return };
    let key = ComponentKey::new(ComponentType::PROCESSING_STEP, &id);
    let name = attribute(element, "Name").unwrap_or_default();
    let mut component = Component::new(key, name, part.place(element));
    component.unmodified = is_unmodified(element);
    let calls_endpoint = text(element, "EventHandlerTypeCode").is_some_and(|code| code == SERVICE_ENDPOINT);
    for child in element.children() {
        let (relation, kind) = match child.name() {
            "PluginTypeName" => (Relation::StepPluginType, ComponentType::PLUGIN_TYPE),
            "PrimaryEntity" => (Relation::StepTable, ComponentType::TABLE),
            "EventHandler" if calls_endpoint => (Relation::RowLookup, ComponentType::SERVICE_ENDPOINT),
            // A step of a Power Fx rule.
            "fxexpressionid" => (Relation::RowLookup, ComponentType::POWER_FX_RULE),
            _ => continue,
        };
        let Some((target, place)) = part.lookup(child) else { continue };
        let target = if relation == Relation::StepPluginType { simple_name(&target, 2) } else { &target };
        let mut used = Use::new(relation, ComponentKey::new(kind, target), place);
        used.column = (relation == Relation::RowLookup).then(|| child.name().to_lowercase());
        component.uses.push(used);
    }
    reading.components.push(component);
}

fn attribute(element: Element<'_>, name: &str) -> Option<String> {
    let value = element.attribute(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The first `parts` of a name whose parts are separated by commas: one for an assembly, two for a type.
fn simple_name(full_name: &str, parts: usize) -> &str {
    let end = full_name.match_indices(',').nth(parts - 1).map_or(full_name.len(), |(at, _)| at);
    full_name[..end].trim()
}

fn aliases(key: &ComponentKey, names: [Option<String>; 2]) -> Vec<ComponentKey> {
    let names = names.into_iter().flatten().map(|name| ComponentKey::new(key.kind.clone(), &name));
    names.filter(|alias| alias != key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, uses};

    #[test]
    fn assemblies_types_and_steps() {
        let solution = customizations(
            r#"<SolutionPluginAssemblies><PluginAssembly FullName="Fab.Plugins, Version=1.3.0.0, Culture=neutral, PublicKeyToken=0c0ffee0"
 PluginAssemblyId="{0c0ffee0-0000-4000-8000-000000000001}"><FileName>/PluginAssemblies/Fab/Fab.dll</FileName><PluginTypes>
<PluginType AssemblyQualifiedName="Fab.OnCreate, Fab.Plugins, Version=1.3.0.0" Name="Fab.OnCreate" /></PluginTypes>
</PluginAssembly></SolutionPluginAssemblies>
<SdkMessageProcessingSteps><SdkMessageProcessingStep Name="Create" SdkMessageProcessingStepId="{0c0ffee0-0000-4000-8000-000000000002}">
<PluginTypeName>Fab.OnCreate, Fab.Plugins, Version=1.2.0.0</PluginTypeName><PrimaryEntity>fab_machine</PrimaryEntity>
<EventHandlerTypeCode>4602</EventHandlerTypeCode></SdkMessageProcessingStep>
<SdkMessageProcessingStep Name="Bus" SdkMessageProcessingStepId="{0c0ffee0-0000-4000-8000-000000000003}">
<fxexpressionid><uniquename>fab_Rule</uniquename></fxexpressionid>
<EventHandler>{0c0ffee0-0000-4000-8000-000000000004}</EventHandler><EventHandlerTypeCode>4618</EventHandlerTypeCode>
</SdkMessageProcessingStep></SdkMessageProcessingSteps>"#,
            &[("PluginAssemblies/Fab/Fab.dll", "MZ")],
        );
        let [assembly, kind, create, bus] = &solution.components[..] else { panic!("four") };
        assert_eq!(&*assembly.name, "Fab.Plugins");
        let aliases: Vec<_> = assembly.aliases.iter().map(|alias| &*alias.key).collect();
        assert_eq!(aliases, ["Fab.Plugins", "0c0ffee0-0000-4000-8000-000000000001"]);
        assert_eq!(
            (&*kind.key.key, &*kind.name),
            ("Fab.OnCreate, Fab.Plugins, Version=1.3.0.0", "Fab.OnCreate")
        );
        assert_eq!(&*kind.aliases[0].key, "Fab.OnCreate, Fab.Plugins");
        let at = |place: &str| format!("test.zip:customizations.xml:{place}");
        assert_eq!(
            uses(create),
            [
                (Relation::StepPluginType, "plugintype:Fab.OnCreate, Fab.Plugins".into(), at("7:1")),
                (Relation::StepTable, "entity:fab_machine".into(), at("7:76")),
            ]
        );
        assert_eq!(
            uses(bus),
            [
                (Relation::RowLookup, "fxexpression:fab_Rule".into(), at("10:17")),
                (
                    Relation::RowLookup,
                    "serviceendpoint:0c0ffee0-0000-4000-8000-000000000004".into(),
                    at("11:1")
                ),
            ]
        );
        assert_eq!(bus.uses[1].column.as_deref(), Some("eventhandler"));
    }

    #[test]
    fn simple_names() {
        assert_eq!(simple_name("Fab.Plugins, Version=1.0", 1), "Fab.Plugins");
        assert_eq!(simple_name("Fab.T, Fab.Plugins , Version=1.0", 2), "Fab.T, Fab.Plugins");
        assert_eq!(simple_name("Fab.T", 2), "Fab.T");
        assert_eq!(simple_name("", 1), "");
    }
}
