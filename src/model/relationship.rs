//! Relationships between tables: section `EntityRelationships` of customizations.xml.

use super::reading::Reading;
use super::section::{is_unmodified, rows};
use super::{Component, ComponentKey, ComponentType, Relation, Use};

/// The children that name a table: the first two of 1:N, the others of N:N.
const TABLES: &[&str] =
    &["ReferencingEntityName", "ReferencedEntityName", "FirstEntityName", "SecondEntityName"];

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    for element in rows(&part, "EntityRelationships", "EntityRelationship") {
        let Some(name) = element.attribute("Name").filter(|name| !name.trim().is_empty()) else { continue };
        let key = ComponentKey::new(ComponentType::RELATIONSHIP, &name);
        let mut component = Component::new(key, "", part.place(element));
        component.unmodified = is_unmodified(element);
        for child in element.children().filter(|child| TABLES.contains(&child.name())) {
            let table = ComponentKey::new(ComponentType::TABLE, &child.text());
            if !table.key.is_empty() {
                component.uses.push(Use::new(Relation::RelationshipTable, table, part.place(child)));
            }
        }
        reading.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Relation;
    use crate::model::testing::{customizations, uses};

    #[test]
    fn both_kinds_name_two_tables() {
        let solution = customizations(
            r#"<EntityRelationships><EntityRelationship Name="fab_machine_account">
<EntityRelationshipType>OneToMany</EntityRelationshipType>
<ReferencingEntityName>fab_Machine</ReferencingEntityName><ReferencedEntityName>Account</ReferencedEntityName>
</EntityRelationship>
<EntityRelationship Name="fab_machine_part" unmodified="1"><FirstEntityName>fab_Machine</FirstEntityName>
<SecondEntityName>fab_Part</SecondEntityName><IntersectEntityName>fab_machine_part</IntersectEntityName></EntityRelationship>
<EntityRelationship /></EntityRelationships>"#,
            &[],
        );
        let [one, many] = &solution.components[..] else { panic!("two relationships") };
        let expect = |table: &str, place: &str| {
            let place = format!("test.zip:customizations.xml:{place}");
            (Relation::RelationshipTable, format!("entity:{table}"), place)
        };
        assert_eq!(uses(one), [expect("fab_Machine", "4:1"), expect("Account", "4:59")]);
        assert_eq!(uses(many), [expect("fab_Machine", "6:60"), expect("fab_Part", "7:1")]);
        assert_eq!((&*one.key.key, one.unmodified, many.unmodified), ("fab_machine_account", false, true));
    }
}
