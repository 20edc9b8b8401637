//! Custom connectors: section `Connectors` of customizations.xml (`FORMATS.md` §5.6), and the names by which they are
//! referred to. The connectors of the platform itself are no components and not known here.
//!
//! A custom connector has several identities: its GUID; its name (`wine_5Fpayroll`); and the encoded name of its API
//! (`shared_wine-5fpayroll`), to which the environment adds `-5f` and sixteen hexadecimal digits, once or twice.

use super::reading::Reading;
use super::{Component, ComponentKey, ComponentType};

pub(crate) fn read(reading: &mut Reading<'_>) {
    let customizations = reading.customizations.clone();
    let sections = customizations.document.root().children().filter(|section| section.name() == "Connectors");
    for row in sections.flat_map(|section| section.children()).filter(|row| row.name() == "Connector") {
        let text = |name| row.child_text(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let (id, name) = (text("connectorid"), text("name"));
        let key = ComponentKey::new(ComponentType::CONNECTOR, if id.is_empty() { &name } else { &id });
        if key.key.is_empty() {
            continue;
        }
        let display_name = text("displayname");
        let display_name = if display_name.is_empty() { name.clone() } else { display_name };
        let mut component = Component::new(key, display_name, customizations.place(row));
        component.aliases = aliases(&name);
        for column in row.children() {
            let path = column.text();
            if path.trim().to_ascii_lowercase().starts_with("/connector/") {
                reading.take_named(&path, &component, customizations.place(column));
            }
        }
        reading.components.push(component);
    }
}

fn aliases(name: &str) -> Vec<ComponentKey> {
    if name.is_empty() {
        return Vec::new();
    }
    let names = std::iter::once(name.to_owned()).chain(encoded_names(name));
    names.map(|name| ComponentKey::new(ComponentType::CONNECTOR, &name)).collect()
}

/// The names that the API of a connector of this name may have, without what the environment adds. All three were seen:
/// `fab_5Fpay` is `shared_fab-5fpay`, `fab_pay-5Froll` is `shared_fab-5fpay-5froll`, `fab_pay` is `shared_pay`.
pub(crate) fn encoded_names(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    match name.split_once('_') {
        Some((prefix, rest)) if rest.starts_with("5f") => vec![format!("shared_{prefix}-{rest}")],
        Some((prefix, rest)) => vec![format!("shared_{prefix}-5f{rest}"), format!("shared_{rest}")],
        None => Vec::new(),
    }
}

/// The key of the custom connector behind the name or id of an API, without what the environment added; none for the
/// connectors of the platform, whose names hold no encoded underscore.
pub(crate) fn custom_api(api: &str) -> Option<ComponentKey> {
    const ADDED: usize = "-5f".len() + 16;
    let mut name = api.rsplit('/').next()?.to_lowercase();
    if !name.starts_with("shared_") || !name.contains("-5f") {
        return None;
    }
    while let Some((start, added)) = name.len().checked_sub(ADDED).and_then(|at| name.split_at_checked(at)) {
        let is_added =
            added.strip_prefix("-5f").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if !is_added {
            break;
        }
        name.truncate(start.len());
    }
    Some(ComponentKey::new(ComponentType::CONNECTOR, &name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codes;
    use crate::model::testing::customizations;

    #[test]
    fn a_connector_has_its_guid_its_name_and_its_encoded_name() {
        let solution = customizations(
            "<Connectors><Connector><connectorid>ffa60bcf-0f43-42fe-a75e-edaec83d1b26</connectorid>\
             <displayname>Payroll service</displayname><name>fab_5Fpayroll</name>\
             <openapidefinition>/Connector/fab_5Fpayroll_openapidefinition.json</openapidefinition>\
             <iconblob>/Connector/fab_5Fpayroll_iconblob.Png</iconblob></Connector></Connectors>",
            &[("Connector/fab_5Fpayroll_openapidefinition.json", "{}")],
        );
        let connector = &solution.components[0];
        assert_eq!(&*connector.key.key, "ffa60bcf-0f43-42fe-a75e-edaec83d1b26");
        assert_eq!(connector.name, "Payroll service");
        let aliases: Vec<&str> = connector.aliases.iter().map(|alias| &*alias.key).collect();
        assert_eq!(aliases, ["fab_5Fpayroll", "shared_fab-5fpayroll"]);
        let missing: Vec<_> =
            solution.findings.iter().map(|finding| (finding.code, &*finding.message)).collect();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].0, codes::MISSING_FILE);
        assert!(missing[0].1.contains("iconblob"));
    }

    #[test]
    fn what_the_environment_adds_to_the_name_of_an_api_is_left_out() {
        let key = |api: &str| custom_api(api).map(|key| key.key.to_string());
        let added = "-5fcb336cc1377ded3a-5fe4caae088dbe83f8";
        assert_eq!(key(&format!("shared_usage{added}")).as_deref(), Some("shared_usage"));
        assert_eq!(
            key("/providers/Microsoft.PowerApps/apis/shared_fab-5Fpayroll-5fcb336cc1377ded3a").as_deref(),
            Some("shared_fab-5fpayroll")
        );
        assert_eq!(key("shared_fab-5fpayroll").as_deref(), Some("shared_fab-5fpayroll"));
        assert_eq!(key("shared_office365"), None);
        assert_eq!(key("@parameters('x-5f')"), None);
        assert_eq!(key("shared_é-5f"), Some("shared_é-5f".to_owned()));
    }

    #[test]
    fn every_seen_spelling_leads_from_the_name_to_the_api() {
        for (name, api) in [
            (
                "admin_5Foffice-20365-20management-20api",
                "shared_admin-5foffice-20365-20management-20api-5fb4d92da55d0c1d25",
            ),
            ("new_podcastcopilot-5Fconnector", "shared_new-5fpodcastcopilot-5fconnector-5fb697511ee35570e9"),
            ("mcscat_azureusage", "shared_azureusage-5fcb336cc1377ded3a-5fe4caae088dbe83f8"),
        ] {
            assert!(aliases(name).contains(&custom_api(api).unwrap()), "{name}");
        }
    }
}
