//! Rows of the generic component tables, in every container (`FORMATS.md` §1.7, §5.6): a section of customizations.xml
//! named after the entity set, a file `<set>/<key>/<table>.xml`, below another row's folder or not, and `Assets/<set>.xml`.
//! One mechanism for all tables: a row is a component of its table, named by its key columns, and refers to what its
//! lookup columns name. Rows that only join two others are in `link.rs`.
//!
//! Read [`component`] first.

use std::collections::HashSet;
use std::sync::Arc;

use super::link::{self, Link};
use super::reading::{Reading, XmlPart};
use super::section::{is_known, is_unmodified};
use super::{Component, ComponentKey, ComponentType, ModelError, Place, Relation, Use, other};
use crate::xml::Element;

/// Sets whose rows have a reader of their own.
const READ_ELSEWHERE: &[&str] = &[
    "credentials",
    "environmentvariabledefinitions",
    "environmentvariablevalues",
    "connectionreferences",
    "workqueues",
    "desktopflowbinaries",
];

/// Folder of the sets that join rows.
const ASSETS: &str = "assets";

/// Whether a section of customizations.xml is a set of rows: their names are lower case, all others begin with a capital.
pub(crate) fn is_set(section: &str) -> bool {
    section.starts_with(|first: char| first.is_ascii_lowercase()) && !is_known(section)
}

fn is_read_elsewhere(set: &str) -> bool {
    READ_ELSEWHERE.iter().any(|known| known.eq_ignore_ascii_case(set))
}

pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    let mut links = Vec::new();
    let customizations = reading.customizations.clone();
    let sections = customizations.document.root().children();
    for section in sections.filter(|section| is_set(section.name()) && !is_read_elsewhere(section.name())) {
        rows(reading, &customizations, section, &mut links);
    }
    let mut folders = HashSet::new();
    let package = reading.package;
    for entry in package.entries() {
        let segments: Vec<&str> = entry.path.split('/').collect();
        if let [folder, file] = segments[..]
            && folder.eq_ignore_ascii_case(ASSETS)
            && strip_suffix(file, "set.xml").is_some()
        {
            if let Some(part) = reading.xml(&entry.path)? {
                rows(reading, &part, part.document.root(), &mut links);
            }
            continue;
        }
        let Some(file) = RowFile::of(&segments) else { continue };
        folders.insert(format!("{}/{}/", segments[0], segments[1]));
        if is_read_elsewhere(file.set) {
            continue;
        }
        if file.is_json {
            // Seen for one table only; its file repeats the key, which is the folder.
            reading.take(&entry.path);
            let key = ComponentKey::new(ComponentType::named(file.table), file.key);
            let place = Place::whole(&Arc::from(package.place_of(&entry.path)));
            reading.components.push(Component::new(key, "", place));
        } else if let Some(part) = reading.xml(&entry.path)? {
            let row = part.document.root();
            // The folder is named by the key, should the row itself not say it.
            let unnamed = || {
                let key = ComponentKey::new(ComponentType::named(file.table), file.key);
                Component::new(key, "", part.place(row))
            };
            let found = component(&part, row, file.parent).unwrap_or_else(unnamed);
            reading.components.push(found);
        }
    }
    // Whatever else lies in the folder of a row is part of the row.
    reading.take_folders(folders);
    link::resolve(reading, links);
    Ok(())
}

fn rows(reading: &mut Reading<'_>, part: &XmlPart, set: Element<'_>, links: &mut Vec<Link>) {
    for row in set.children() {
        match Link::of(part, row) {
            Some(link) => links.push(link),
            None => {
                let found = component(part, row, None).or_else(|| other::identified(part, row));
                reading.components.extend(found);
            }
        }
    }
}

/// The path of a row's file: `<set>/<key>/<table>.xml`, or that below the folder of another row.
#[derive(Debug, PartialEq, Eq)]
struct RowFile<'p> {
    set: &'p str,
    key: &'p str,
    table: &'p str,
    /// The key of the row around it.
    parent: Option<&'p str>,
    is_json: bool,
}

impl<'p> RowFile<'p> {
    fn of(segments: &[&'p str]) -> Option<Self> {
        let [.., set, key, file] = segments[..] else { return None };
        if segments.len().is_multiple_of(2) {
            return None;
        }
        let (table, is_json) = match strip_suffix(file, ".xml") {
            Some(table) => (table, false),
            None => (strip_suffix(file, ".json")?, true),
        };
        // `bots/<key>/bot.xml`, `dvtablesearchentities/<key>/dvtablesearchentity.xml`: a set is the plural of its table.
        let stem = table.strip_suffix(['y', 'Y']).unwrap_or(table);
        let plural = set.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem));
        if stem.is_empty() || !plural || set.len() <= table.len() {
            return None;
        }
        let parent = segments.len().checked_sub(4).map(|at| segments[at]).filter(|_| segments.len() > 3);
        Some(Self { set, key, table, parent, is_json })
    }
}

/// Case does not matter in paths.
fn strip_suffix<'t>(text: &'t str, suffix: &str) -> Option<&'t str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (start, end) = text.split_at_checked(at)?;
    end.eq_ignore_ascii_case(suffix).then_some(start)
}

/// The component of one row. `parent` is the key of the row whose part it is and without which its own key says little
/// (`customapirequestparameters` have short names that many APIs use).
pub(crate) fn component(part: &XmlPart, row: Element<'_>, parent: Option<&str>) -> Option<Component> {
    let mut uses = Vec::new();
    let mut keys: Vec<String> = parent.into_iter().map(str::to_owned).collect();
    let of_parent = keys.len();
    for attribute in row.attributes().filter(|attribute| !is_about_xml(attribute.name)) {
        let value = attribute.value();
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        keys.push(value.to_owned());
        // A key column that is a lookup: `aiplugin.name`.
        if let Some((column, key_column)) = attribute.name.split_once('.') {
            let target = ComponentKey::new(target_table(column, key_column), value);
            uses.push(lookup(column, target, part.place(row)));
        }
    }
    if keys.len() == of_parent {
        return None;
    }
    let mut name = String::new();
    for column in row.children() {
        if NAME_COLUMNS.contains(&column.name()) && name.is_empty() {
            let default = column.attribute("default");
            default.unwrap_or_else(|| column.text()).trim().clone_into(&mut name);
        }
        uses.extend(lookup_of(part, column));
    }
    let key = ComponentKey::new(ComponentType::named(row.name()), &keys.join("."));
    if name.is_empty() {
        name = keys.swap_remove(keys.len() - 1);
    }
    let mut component = Component::new(key, name, part.place(row));
    component.unmodified = is_unmodified(row);
    component.uses = uses;
    Some(component)
}

/// Columns that hold a display name.
const NAME_COLUMNS: &[&str] = &["displayname", "name", "msdyn_displayname", "msdyn_name"];

fn is_about_xml(attribute: &str) -> bool {
    attribute.starts_with("xmlns") || matches!(attribute, "unmodified" | "solutionaction")
}

/// What a lookup column refers to: a column whose only content is one element named after a key column of the target.
/// Labels (`<label description=…>`) have attributes, lookups have none.
fn lookup_of(part: &XmlPart, column: Element<'_>) -> Option<Use> {
    let mut inside = column.children();
    let (first, second) = (inside.next()?, inside.next());
    let plain =
        |element: Element<'_>| element.attributes().next().is_none() && element.children().next().is_none();
    if column.attributes().next().is_some() || !plain(first) {
        return None;
    }
    let value = first.text();
    let target = match second {
        None => ComponentKey::new(target_table(column.name(), first.name()), &value),
        // A column of a table has two keys: `entityid.logicalname`, `logicalname`.
        Some(second) if inside.next().is_none() && plain(second) => {
            let (table, name) = match (first.name(), second.name()) {
                ("entityid.logicalname", "logicalname") => (value, second.text()),
                ("logicalname", "entityid.logicalname") => (second.text(), value),
                _ => return None,
            };
            ComponentKey::new(ComponentType::COLUMN, &format!("{}.{}", table.trim(), name.trim()))
        }
        Some(_) => return None,
    };
    (!target.key.is_empty()).then(|| lookup(column.name(), target, part.place(first)))
}

/// A reference from a lookup column.
pub(super) fn lookup(column: &str, target: ComponentKey, place: Place) -> Use {
    let mut used = Use::new(Relation::RowLookup, target, place);
    used.column = Some(column.to_owned());
    used
}

/// Lookup columns that do not tell their table, and whose target's key column does not either.
const COLUMN_TABLES: &[(&str, &str)] = &[
    ("canvasappid", "canvasapp"),
    ("datasetid", "powerbidataset"),
    ("msdyn_agentscriptid", "msdyn_productivityagentscript"),
    ("msdyn_anchortab", "msdyn_applicationtabtemplate"),
    ("msdyn_productivitypaneid", "msdyn_paneconfiguration"),
    ("msdyn_toolid", "msdyn_panetoolconfiguration"),
    ("onclickeventformulacomponentlibraryid", "canvasapp"),
    ("parentdefinitionid", "environmentvariabledefinition"),
    ("visibilityformulacomponentlibraryid", "canvasapp"),
];

/// Key columns that tell their table.
const KEY_TABLES: &[(&str, &str)] = &[
    ("connectionreferencelogicalname", "connectionreference"),
    ("logicalname", "entity"),
    ("plugintypeexportkey", "plugintype"),
];

/// The table that a lookup column points at. A package does not say; the name of the target's key column does (`workflowid`
/// is the id of a `workflow`), or else that of the lookup column itself (`parentbotid`, `botcomponentidone`).
pub(super) fn target_table(column: &str, key_column: &str) -> ComponentType {
    let find = |pairs: &[(&str, &'static str)], name: &str| {
        pairs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, table)| *table)
    };
    if let Some(table) = find(KEY_TABLES, key_column).or_else(|| find(COLUMN_TABLES, column)) {
        return ComponentType::named(table);
    }
    if let Some(table) = strip_suffix(key_column, "id").filter(|table| !table.is_empty()) {
        return ComponentType::named(table);
    }
    let column =
        ["idone", "idtwo", "id"].into_iter().find_map(|end| strip_suffix(column, end)).unwrap_or(column);
    ComponentType::named(column.strip_prefix("parent").filter(|rest| !rest.is_empty()).unwrap_or(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, solution, uses};

    #[test]
    fn paths_of_rows() {
        let of = |path: &'static str| {
            let segments: Vec<_> = path.split('/').collect();
            RowFile::of(&segments).map(|file| (file.set, file.key, file.table, file.parent, file.is_json))
        };
        assert_eq!(of("bots/fab_Bot/bot.xml"), Some(("bots", "fab_Bot", "bot", None, false)));
        let nested = "customapis/fab_Pay/customapirequestparameters/Amount/customapirequestparameter.xml";
        let expected =
            ("customapirequestparameters", "Amount", "customapirequestparameter", Some("fab_Pay"), false);
        assert_eq!(of(nested), Some(expected));
        assert!(of("dvtablesearchentities/0c0ffee0/dvtablesearchentity.xml").is_some());
        assert!(of("fxexpressions/fab_Rule/fxexpression.json").is_some_and(|file| file.4));
        for other in [
            "bots/fab_Bot/configuration.json",
            "bots/fab_Bot/bots.xml",
            "bots/bot.xml",
            "bots/x/y/bot.xml",
            "Controls/fab/ControlManifest.xml",
            "bot.xml",
            "y/a/y.xml",
            "",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn tables_of_lookups() {
        for (column, key_column, table) in [
            ("process", "workflowid", "workflow"),
            ("parentbotid", "schemaname", "bot"),
            ("parentbotcomponentid", "schemaname", "botcomponent"),
            ("botcomponentidone", "schemaname", "botcomponent"),
            ("aiplugin", "name", "aiplugin"),
            ("contextentity", "logicalname", "entity"),
            ("plugintypeid", "plugintypeexportkey", "plugintype"),
            ("msdyn_toolid", "msdyn_uniquename", "msdyn_panetoolconfiguration"),
            ("connectionreferenceid", "connectionreferencelogicalname", "connectionreference"),
            ("parent", "uniquename", "parent"),
            ("id", "id", ""),
        ] {
            assert_eq!(target_table(column, key_column).as_str(), table, "{column} {key_column}");
        }
    }

    #[test]
    fn rows_of_every_container() {
        let api = r#"<customapi uniquename="fab_Pay">
  <displayname default="Pay"><label description="Pay" languagecode="1033" /></displayname>
  <plugintypeid><plugintypeid>0c0ffee0-0000-4000-8000-000000000001</plugintypeid></plugintypeid>
</customapi>"#;
        let parameter = r#"<customapirequestparameter uniquename="Amount"><name>Amount</name></customapirequestparameter>"#;
        let skill = r#"<aiskillconfig uniquename="fab_skill"><attribute>
<entityid.logicalname>fab_machine</entityid.logicalname><logicalname>fab_load</logicalname></attribute></aiskillconfig>"#;
        let solution = customizations(
            r#"<fab_pages><fab_page fab_pageid="0c0ffee0-0000-4000-8000-000000000002"><fab_parent><schemaname /></fab_parent></fab_page><fab_page /></fab_pages>
<connectionreferences><connectionreference connectionreferencelogicalname="fab_Mail" /></connectionreferences>"#,
            &[
                ("customapis/fab_Pay/customapi.xml", api),
                ("customapis/fab_Pay/notes.txt", ""),
                (
                    "customapis/fab_Pay/customapirequestparameters/Amount/customapirequestparameter.xml",
                    parameter,
                ),
                ("aiskillconfigs/fab_skill/aiskillconfig.xml", skill),
                ("fxexpressions/fab_Rule/fxexpression.json", "{}"),
                ("fxexpressions/fab_Rule/expression.yaml", "1"),
                (
                    "environmentvariabledefinitions/fab_Limit/environmentvariabledefinition.xml",
                    "<environmentvariabledefinition schemaname='fab_Limit' />",
                ),
            ],
        );
        let rows: Vec<_> = solution
            .components
            .iter()
            .map(|found| format!("{} {} {}", found.key.kind.as_str(), found.key.key, found.name))
            .collect();
        assert_eq!(
            rows[2..],
            [
                "fab_page 0c0ffee0-0000-4000-8000-000000000002 0c0ffee0-0000-4000-8000-000000000002",
                "customapi fab_Pay Pay",
                "customapirequestparameter fab_Pay.Amount Amount",
                "aiskillconfig fab_skill fab_skill",
                "fxexpression fab_Rule fab_Rule",
            ]
        );
        let at = |place: &str| format!("test.zip:{place}");
        let [.., api, _, skill, _] = &solution.components[..] else { panic!("more") };
        let place = at("customapis/fab_Pay/customapi.xml:3:17");
        let target = "plugintype:0c0ffee0-0000-4000-8000-000000000001".to_owned();
        assert_eq!(uses(api), [(Relation::RowLookup, target, place)]);
        assert_eq!(api.uses[0].column.as_deref(), Some("plugintypeid"));
        let place = at("aiskillconfigs/fab_skill/aiskillconfig.xml:2:1");
        assert_eq!(uses(skill), [(Relation::RowLookup, "attribute:fab_machine.fab_load".into(), place)]);
    }

    #[test]
    fn a_key_column_may_be_a_lookup() {
        let path = "aipluginoperations/aiplugin.name=fab_Plan,operationid=go/aipluginoperation.xml";
        let text = r#"<aipluginoperation aiplugin.name="fab_Plan" operationid="go" />"#;
        let solution = solution(&[(path, text)]);
        let [row] = &solution.components[..] else { panic!("one") };
        assert_eq!((row.key.kind.as_str(), &*row.key.key), ("aipluginoperation", "fab_Plan.go"));
        assert_eq!(uses(row)[0].1, "aiplugin:fab_Plan");
    }

    #[test]
    fn a_row_without_key_columns_is_named_by_its_folder_or_its_id() {
        let solution = customizations(
            "<teamtemplates><teamtemplate><teamtemplateid>{0c0ffee0-0000-4000-8000-000000000001}</teamtemplateid>\
             </teamtemplate><teamtemplate /></teamtemplates>",
            &[("bots/fab_Bot/bot.xml", "<bot />")],
        );
        let rows: Vec<_> =
            solution.components.iter().map(|found| (found.key.kind.as_str(), &*found.key.key)).collect();
        assert_eq!(rows, [("teamtemplate", "0c0ffee0-0000-4000-8000-000000000001"), ("bot", "fab_Bot")]);
    }

    #[test]
    fn an_ill_formed_row_is_a_finding() {
        let solution = solution(&[("bots/fab_Bot/bot.xml", "<bot schemaname='fab_Bot'>")]);
        assert!(solution.components.is_empty());
        assert_eq!(solution.findings.len(), 1);
    }
}
