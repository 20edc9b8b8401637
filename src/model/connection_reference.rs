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

/// The id of a connection in the one form in which it is kept and compared; none where the text is no such id.
///
/// An id is a GUID (`FORMATS.md` §1.9), and newer ones have `shared-x-` in front of it. Addresses of pages and settings
/// files have it as 32 hexadecimal digits, the interface of connections with hyphens: that is one id. Here it has hyphens and small
/// letters.
pub fn connection_id(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let bare = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(&text);
    let (front, id) = [36, 32]
        .into_iter()
        .filter_map(|length| bare.split_at_checked(bare.len().checked_sub(length)?))
        .find(|(front, id)| {
            let is_digits = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            (front.is_empty() || front.ends_with('-')) && (is_guid(id) || is_digits)
        })?;
    let digits: String = id.chars().filter(|character| *character != '-').collect();
    let groups = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Some(format!("{front}{}", groups.join("-")))
}

/// Whether a text is the id of a connection, in any of its forms.
pub fn is_connection_id(text: &str) -> bool {
    connection_id(text).is_some()
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
    fn an_id_of_a_connection_has_one_form_however_it_is_written() {
        let id = "0c0ffee0-0000-4000-8000-00000000000a";
        for written in [
            id,
            "0c0ffee000004000800000000000000a",
            " 0C0FFEE000004000800000000000000A ",
            "{0C0FFEE0-0000-4000-8000-00000000000A}",
        ] {
            assert_eq!(connection_id(written).as_deref(), Some(id), "{written}");
        }
        let newer = "shared-office365-0c0ffee0-0000-4000-8000-00000000000a";
        for written in [newer, "shared-office365-0c0ffee000004000800000000000000a"] {
            assert_eq!(connection_id(written).as_deref(), Some(newer), "{written}");
        }
        for wrong in
            ["", "office", "x0c0ffee0-0000-4000-8000-00000000000a", "0c0ffee0-00004000-8000-00000000000a"]
        {
            assert_eq!(connection_id(wrong), None, "{wrong}");
        }
    }

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
