//! PKG018: a table or column has another prefix than the publisher's, or a column none.

use std::collections::{HashMap, HashSet};

use super::publisher_prefix_invalid;
use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Component, ComponentKey, ComponentType, DataverseError, Severity, codes};
use crate::xml::Element;

pub(super) const RULE: Rule = Rule {
    code: codes::FOREIGN_PREFIX,
    dataverse: Some(DataverseError::ATTRIBUTE_PREFIX),
    page: include_str!("../../../docs/rules/foreign-prefix.md"),
    run: Run::Solution(check),
};

/// What the platform itself makes, in every solution: tables and columns of business process flows, of Dynamics 365 apps
/// and of Power Pages.
pub(super) const OF_THE_PLATFORM: &[&str] = &["bpf", "msdyn", "msdynce", "adx", "mspp"];

/// The image of a row: the platform makes it as a custom column without a prefix, in whatever table.
const IMAGE: &str = "entityimage";

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let prefix = subject.solution.manifest.publisher.prefix.as_str();
    if prefix.is_empty() {
        return;
    }
    let components: HashMap<&ComponentKey, &Component> =
        subject.solution.components.iter().map(|component| (&component.key, component)).collect();
    // With all its parts: a table of which only parts travel is another solution's.
    let roots = subject.solution.manifest.root_components.iter().filter(|root| root.behavior == 0);
    let whole: HashSet<&ComponentKey> = roots.filter_map(|root| root.key.as_ref()).collect();
    let sections = subject.customizations.document.root().children();
    for element in
        sections.filter(|section| section.name() == "Entities").flat_map(|section| section.children())
    {
        let entity = element.child("EntityInfo").and_then(|info| info.child("entity"));
        let Some((entity, name)) = entity.and_then(|entity| Some((entity, entity.attribute("Name")?))) else {
            continue;
        };
        let key = ComponentKey::new(ComponentType::TABLE, &name);
        let of_table = foreign(key.folded(), prefix);
        if let Some(foreign) = of_table {
            let table = components.get(&key).filter(|table| !table.unmodified && !table.shell);
            if let Some(table) = table.filter(|_| whole.contains(&key)) {
                tell(table, foreign, prefix, report);
            }
        }
        for column in entity.child("attributes").into_iter().flat_map(|columns| columns.children()) {
            let Some(name) = column.child_text("LogicalName").or_else(|| column.child_text("Name")) else {
                continue;
            };
            let name = name.trim().to_lowercase();
            if !is_custom(column) || name == IMAGE {
                continue;
            }
            let foreign = foreign(&name, prefix);
            // What has the prefix of a foreign table belongs to that table.
            if (foreign.is_none() && has_prefix(&name)) || (foreign.is_some() && foreign == of_table) {
                continue;
            }
            let key = ComponentKey::new(ComponentType::COLUMN, &format!("{}.{name}", key.key));
            let Some(column) = components.get(&key).filter(|column| !column.unmodified) else { continue };
            match foreign {
                Some(foreign) => tell(column, foreign, prefix, report),
                None => tell_bare(column, prefix, report),
            }
        }
    }
}

/// Dataverse refuses it.
fn tell_bare(column: &Component, prefix: &str, report: &mut Report<'_>) {
    report
        .about(column, format!("{} has no prefix; that of the publisher is {prefix}", column.described()))
        .otherwise("the import fails")
        .help(format!("give it a name that starts with {prefix}_, here and wherever it is named"));
}

fn tell(component: &Component, foreign: &str, prefix: &str, report: &mut Report<'_>) {
    let finding = report.about(
        component,
        format!(
            "{} has the prefix {foreign}; the publisher of the solution has {prefix}",
            component.described()
        ),
    );
    finding.level(Severity::Warning).help("keep it in a solution of its own publisher, or make it anew under this one: a name cannot be changed later");
    // Another valid prefix is imported as it is.
    if component.key.kind != ComponentType::COLUMN || publisher_prefix_invalid::fault(foreign).is_none() {
        finding.dataverse = None;
    }
}

/// The prefix of a name, when it is neither the publisher's nor one of the platform.
fn foreign<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let (found, _) = name.split_once('_').filter(|_| has_prefix(name))?;
    (!found.eq_ignore_ascii_case(prefix) && !OF_THE_PLATFORM.contains(&found)).then_some(found)
}

pub(super) fn has_prefix(name: &str) -> bool {
    name.find('_').is_some_and(|at| at > 0)
}

/// Columns of the platform have underscores too: `address1_city`.
fn is_custom(column: Element<'_>) -> bool {
    column.child_text("IsCustomField").is_some_and(|digit| digit.trim() == "1")
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    fn in_table(table: &str, root: &str, columns: &[(&str, u8)]) -> Vec<String> {
        let column = |(name, custom): &(&str, u8)| {
            format!(
                "<attribute><LogicalName>{name}</LogicalName><IsCustomField>{custom}</IsCustomField></attribute>"
            )
        };
        let columns: String = columns.iter().map(column).collect();
        let entities = format!(
            "<Entities><Entity><EntityInfo><entity Name='{table}'><attributes>{columns}</attributes></entity>\
             </EntityInfo></Entity></Entities>"
        );
        let roots = format!("<RootComponents>{root}</RootComponents>");
        found(codes::FOREIGN_PREFIX, &(file("solution.xml", &roots) + &file("customizations.xml", &entities)))
    }

    #[test]
    fn columns_that_somebody_made() {
        let columns =
            [("new_speed", 1), ("fab_speed", 1), ("address1_city", 0), ("bpf_name", 1), ("entityimage", 1)];
        let told =
            "warning: column fab_Machine.new_speed has the prefix new; the publisher of the solution has fab";
        assert_eq!(in_table("fab_Machine", "", &columns), [told]);
        assert_eq!(in_table("Account", "", &columns).len(), 1);
    }

    #[test]
    fn a_column_without_any_prefix() {
        let columns = [("speed", 1), ("_load", 1), ("ownerid", 0)];
        let told = |name: &str| {
            format!("error: column fab_Machine.{name} has no prefix; that of the publisher is fab")
        };
        assert_eq!(in_table("fab_Machine", "", &columns), [told("_load"), told("speed")]);
    }

    #[test]
    fn columns_of_a_foreign_table() {
        let columns = [("new_speed", 1), ("old_speed", 1), ("fab_speed", 1), ("speed", 1)];
        let told = in_table("new_Machine", "", &columns);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("error: column new_Machine.speed has no prefix"), "{told:?}");
        assert!(told[1].starts_with("warning: column new_Machine.old_speed has the prefix old"), "{told:?}");
    }

    #[test]
    fn a_table_that_travels_as_a_whole() {
        let columns = [("new_speed", 1)];
        let root = |behavior: u8| {
            format!("<RootComponent type='1' schemaName='new_Machine' behavior='{behavior}' />")
        };
        let told = "warning: table new_Machine has the prefix new; the publisher of the solution has fab";
        assert_eq!(in_table("new_Machine", &root(0), &columns), [told]);
        assert_eq!(in_table("new_Machine", &root(1), &columns), [""; 0]);
        assert_eq!(in_table("new_Machine", &root(2), &columns), [""; 0]);
    }
}
