//! Connection references: section `connectionreferences` of customizations.xml (`FORMATS.md` §4).
//!
//! Read [`ConnectionReference`] first. The connection behind a reference is in no package.

use serde::Serialize;

use super::reading::{Reading, XmlPart};
use super::{
    Component, ComponentKey, ComponentType, Details, ModelError, Place, Relation, Use, connector, is_guid,
};
use crate::xml::Element;

/// The connector of desktop flows, whose connections sign in with credentials (`FORMATS.md` §1.9).
pub const DESKTOP_FLOWS: &str = "shared_uiflow";

/// What only a connection reference has.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionReference {
    /// `/providers/Microsoft.PowerApps/apis/shared_x`.
    pub connector_id: String,
}

/// That a flow says of which connector a connection reference is.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The connection reference.
    pub reference: ComponentKey,
    /// `shared_x`, or the id of the API.
    pub api: String,
    /// Where the connector stands.
    pub place: Place,
}

impl ConnectionReference {
    /// Last part of the connector's id: `shared_x`.
    pub fn connector(&self) -> &str {
        self.connector_id.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is of the connector of desktop flows, whose connections sign in with credentials.
    pub fn is_for_desktop_flows(&self) -> bool {
        self.connector().eq_ignore_ascii_case(DESKTOP_FLOWS)
    }
}

/// Whether a text is the id of a connection: 32 hexadecimal digits, with or without hyphens; newer ones have `shared-x-` in front.
pub fn is_connection_id(text: &str) -> bool {
    let id = match text.len().checked_sub(36).and_then(|at| text.split_at_checked(at)) {
        Some((front, id)) if front.is_empty() || front.ends_with('-') => id,
        _ => text,
    };
    is_guid(id) || (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    reading.rows("connectionreferences", "connectionreference", &mut |_, part, row| row_of(part, row))
}

fn row_of(part: &XmlPart, row: Element<'_>) -> Option<Component> {
    let logical_name = row
        .attribute("connectionreferencelogicalname")
        .or_else(|| row.child_text("connectionreferencelogicalname"))
        .filter(|name| !name.trim().is_empty())?;
    let name = row.child_text("connectionreferencedisplayname").unwrap_or_default();
    let key = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, &logical_name);
    let mut component = Component::new(key, name.trim(), part.place(row));
    let connector_id = row.child_text("connectorid").unwrap_or_default().trim().to_owned();
    if let Some((id, place)) = row.child("customconnectorid").and_then(|lookup| part.lookup(lookup)) {
        let connector = ComponentKey::new(ComponentType::CONNECTOR, &id);
        component.uses.push(Use::new(Relation::ConnectionReferenceConnector, connector, place));
    } else if let Some(connector) = connector::custom_api(&connector_id) {
        let place = part.place(row.child("connectorid").unwrap_or(row));
        component.uses.push(Use::new(Relation::ConnectionReferenceConnector, connector, place));
    }
    component.details = Details::ConnectionReference(ConnectionReference { connector_id });
    Some(component)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, uses};

    #[test]
    fn the_custom_connector_is_referred_to_by_its_guid() {
        let solution = customizations(
            r#"<connectionreferences>
<connectionreference connectionreferencelogicalname="fab_Desktop">
<connectionreferencedisplayname>Desktop</connectionreferencedisplayname>
<connectorid>/providers/Microsoft.PowerApps/apis/shared_uiflow</connectorid></connectionreference>
<connectionreference connectionreferencelogicalname="fab_Pay">
<connectorid>/providers/Microsoft.PowerApps/apis/shared_fab-5fpay</connectorid>
<customconnectorid><connectorid>ffa60bcf-0f43-42fe-a75e-edaec83d1b26</connectorid></customconnectorid>
</connectionreference><connectionreference /></connectionreferences>"#,
            &[],
        );
        let [desktop, pay] = &solution.components[..] else { panic!("two rows") };
        assert_eq!((&*desktop.key.key, &*desktop.name), ("fab_Desktop", "Desktop"));
        let Details::ConnectionReference(details) = &desktop.details else { panic!() };
        assert!(details.is_for_desktop_flows());
        assert_eq!(pay.name, "fab_Pay");
        assert_eq!(
            uses(pay),
            [(
                Relation::ConnectionReferenceConnector,
                "connector:ffa60bcf-0f43-42fe-a75e-edaec83d1b26".to_owned(),
                "test.zip:customizations.xml:8:20".to_owned()
            )]
        );
    }
}
