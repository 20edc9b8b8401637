//! Rows that only join two others (N:N), such as `Assets/botcomponent_workflowset.xml` (`FORMATS.md` §5.6): each is a
//! reference from one of the two to the other.

use std::collections::HashMap;

use super::reading::{Reading, XmlPart};
use super::row::{lookup, target_table};
use super::{Component, ComponentKey, ComponentType, Place, Relation, Use};
use crate::xml::Element;

/// One row.
pub(super) struct Link {
    /// The table of such rows.
    table: ComponentType,
    ends: [End; 2],
    place: Place,
}

/// A lookup that is part of the row's key: `botcomponentid.schemaname="…"`.
struct End {
    column: String,
    target: ComponentKey,
}

/// What a row between two tables says of them, from the first to the second.
const RELATIONS: &[(ComponentType, ComponentType, Relation)] = &[
    (ComponentType::BOT, ComponentType::BOT_COMPONENT, Relation::BotComponentOf),
    (ComponentType::BOT_COMPONENT, ComponentType::BOT_COMPONENT, Relation::BotComponentLink),
    (
        ComponentType::BOT_COMPONENT,
        ComponentType::CONNECTION_REFERENCE,
        Relation::BotComponentConnectionReference,
    ),
    (ComponentType::BOT_COMPONENT, ComponentType::ENVIRONMENT_VARIABLE, Relation::BotComponentVariable),
    (ComponentType::BOT_COMPONENT, ComponentType::WORKFLOW, Relation::BotComponentFlow),
    (ComponentType::BOT_COMPONENT, ComponentType::AI_MODEL, Relation::BotComponentAiModel),
    (ComponentType::BOT_COMPONENT, ComponentType::TABLE_SEARCH, Relation::BotComponentSearch),
    (ComponentType::BOT, ComponentType::BOT_COMPONENT_COLLECTION, Relation::BotComponentCollection),
];

impl Link {
    /// The row, if its key is two lookups and nothing else.
    pub(super) fn of(part: &XmlPart, row: Element<'_>) -> Option<Self> {
        let mut ends = Vec::new();
        for attribute in row.attributes() {
            let (column, key_column) = attribute.name.split_once('.')?;
            let target = ComponentKey::new(target_table(column, key_column), &attribute.value());
            ends.push(End { column: column.to_owned(), target });
        }
        // The order of the attributes differs between exports.
        ends.sort_by(|one, other| one.column.cmp(&other.column));
        let mut ends: [End; 2] = ends.try_into().ok()?;
        if relation(&ends[0].target, &ends[1].target).is_none()
            && relation(&ends[1].target, &ends[0].target).is_some()
        {
            ends.swap(0, 1);
        }
        Some(Self { table: ComponentType::named(row.name()), ends, place: part.place(row) })
    }
}

fn relation(from: &ComponentKey, to: &ComponentKey) -> Option<Relation> {
    let known = RELATIONS.iter().find(|(one, other, _)| *one == from.kind && *other == to.kind);
    known.map(|(.., relation)| *relation)
}

/// Hangs each link on the row that it goes out from. When the package does not have that row, but the other one, and the
/// link has no direction of its own, on the other; when it has neither, the joining row itself becomes a component that
/// refers to both.
pub(super) fn resolve(reading: &mut Reading<'_>, links: Vec<Link>) {
    if links.is_empty() {
        return;
    }
    let components = reading.components.iter().enumerate();
    let mut owners: HashMap<ComponentKey, usize> = HashMap::new();
    for (at, component) in components {
        owners.entry(component.key.clone()).or_insert(at);
    }
    for Link { table, ends: [from, to], place } in links {
        if from.target.key.is_empty() || to.target.key.is_empty() {
            continue;
        }
        let relation = relation(&from.target, &to.target);
        let (owner, from, to) = match (owners.get(&from.target), owners.get(&to.target)) {
            (Some(owner), _) => (Some(*owner), from, to),
            (None, Some(owner)) if relation.is_none() => (Some(*owner), to, from),
            _ => (None, from, to),
        };
        let used = match relation {
            Some(relation) => Use::new(relation, to.target.clone(), place.clone()),
            None => lookup(&to.column, to.target.clone(), place.clone()),
        };
        match owner {
            Some(owner) => reading.components[owner].uses.push(used),
            None => {
                let key = format!("{}.{}", from.target.key, to.target.key);
                let mut component = Component::new(ComponentKey::new(table, &key), "", place.clone());
                component.uses = vec![lookup(&from.column, from.target, place), used];
                reading.components.push(component);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, solution, uses};

    const BOT: (&str, &str) = ("bots/fab_Bot/bot.xml", "<bot schemaname='fab_Bot'><name>Helper</name></bot>");
    const TOPIC: (&str, &str) = (
        "botcomponents/fab_Bot.topic.Pay/botcomponent.xml",
        "<botcomponent schemaname='fab_Bot.topic.Pay' />",
    );

    #[test]
    fn links_of_agents() {
        let flows = r#"<botcomponent_workflowset>
<botcomponent_workflow botcomponentid.schemaname="fab_bot.topic.pay" workflowid.workflowid="0c0ffee0-0000-4000-8000-000000000001"><iscustomizable>1</iscustomizable></botcomponent_workflow>
</botcomponent_workflowset>"#;
        let parts = r#"<bot_botcomponentset><bot_botcomponent botcomponentid.schemaname="fab_Bot.topic.Pay" botid.schemaname="fab_Bot" />
<bot_botcomponent botid.schemaname="fab_Bot" botcomponentid.schemaname="fab_Bot.topic.Hello" /></bot_botcomponentset>"#;
        let searches = r#"<botcomponent_dvtablesearchset><botcomponent_dvtablesearch botcomponentid.schemaname="fab_Bot.topic.Pay"
 dvtablesearchid.dvtablesearchid="0c0ffee0-0000-4000-8000-000000000002" /></botcomponent_dvtablesearchset>"#;
        let solution = solution(&[
            ("Assets/botcomponent_workflowset.xml", flows),
            ("Assets/bot_botcomponentset.xml", parts),
            ("Assets/botcomponent_dvtablesearchset.xml", searches),
            BOT,
            TOPIC,
        ]);
        let [bot, topic] = &solution.components[..] else { panic!("two components") };
        assert_eq!((&bot.key.kind, &*bot.name), (&ComponentType::BOT, "Helper"));
        let at = |place: &str| format!("test.zip:Assets/{place}");
        assert_eq!(
            uses(bot),
            [
                (
                    Relation::BotComponentOf,
                    "botcomponent:fab_Bot.topic.Pay".into(),
                    at("bot_botcomponentset.xml:1:22")
                ),
                (
                    Relation::BotComponentOf,
                    "botcomponent:fab_Bot.topic.Hello".into(),
                    at("bot_botcomponentset.xml:2:1")
                ),
            ]
        );
        assert_eq!(
            uses(topic),
            [
                (
                    Relation::BotComponentFlow,
                    "workflow:0c0ffee0-0000-4000-8000-000000000001".into(),
                    at("botcomponent_workflowset.xml:2:1")
                ),
                (
                    Relation::BotComponentSearch,
                    "dvtablesearch:0c0ffee0-0000-4000-8000-000000000002".into(),
                    at("botcomponent_dvtablesearchset.xml:1:32")
                ),
            ]
        );
    }

    #[test]
    fn an_older_export_has_them_inline() {
        let solution = customizations(
            r#"<botcomponent_botcomponentset><botcomponent_botcomponent botcomponentidtwo.schemaname="fab_Bot.topic.Hello"
 botcomponentidone.schemaname="fab_Bot.topic.Pay" /></botcomponent_botcomponentset>"#,
            &[TOPIC],
        );
        let [topic] = &solution.components[..] else { panic!("one component") };
        let place = "test.zip:customizations.xml:2:31".to_owned();
        let target = "botcomponent:fab_Bot.topic.Hello".to_owned();
        assert_eq!(uses(topic), [(Relation::BotComponentLink, target, place)]);
    }

    #[test]
    fn without_its_owner_the_row_stands_for_itself() {
        let text = r#"<botcomponent_workflowset><botcomponent_workflow botcomponentid.schemaname="fab_Bot.topic.Pay"
 workflowid.workflowid="0c0ffee0-0000-4000-8000-000000000001" /></botcomponent_workflowset>"#;
        let solution = solution(&[("Assets/botcomponent_workflowset.xml", text)]);
        let [row] = &solution.components[..] else { panic!("one component") };
        let key = "fab_Bot.topic.Pay.0c0ffee0-0000-4000-8000-000000000001";
        assert_eq!((row.key.kind.as_str(), &*row.key.key), ("botcomponent_workflow", key));
        let relations: Vec<_> = row.uses.iter().map(|used| used.relation).collect();
        assert_eq!(relations, [Relation::RowLookup, Relation::BotComponentFlow]);
    }

    #[test]
    fn other_tables_are_joined_by_lookups() {
        let text = r#"<fab_config_fab_toolset><fab_config_fab_tool fab_configid.fab_uniquename="desk" fab_toolid.fab_uniquename="search" /></fab_config_fab_toolset>"#;
        let tool = ("fab_tools/search/fab_tool.xml", "<fab_tool fab_uniquename='search' />");
        let solution = customizations(text, &[tool]);
        let [tool] = &solution.components[..] else { panic!("one component") };
        let place = "test.zip:customizations.xml:2:25".to_owned();
        assert_eq!(uses(tool), [(Relation::RowLookup, "fab_config:desk".into(), place)]);
        assert_eq!(tool.uses[0].column.as_deref(), Some("fab_configid"));
    }
}
