//! Credentials, in both container forms (`FORMATS.md` §1).
//!
//! Read [`Credential`] first. No real export of one has been seen: every column is optional here, and what the JSON columns
//! hold is opaque, so each identity in them is only a *possible* reference (§10 row 2).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize, Serializer};

use super::reading::{Reading, XmlPart};
use super::{Component, ComponentKey, ComponentType, Details, ModelError, Relation, Use, is_guid};
use crate::xml::Element;

/// What only a credential has.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// `connectiontype`.
    pub kind: CredentialKind,
    /// `usagetype`, a multi-select choice.
    pub uses: Vec<CredentialUse>,
    /// Variables by column (`username`, `password`, `certificate`, `cyberarksafe` …), in the order of the source.
    #[serde(serialize_with = "columns_with_variables")]
    #[schemars(with = "Vec<ColumnVariable>")]
    pub variables: Vec<(String, ComponentKey)>,
    /// Other columns that are filled, by name, in the order of the source; their values are not kept.
    pub columns: Vec<String>,
}

/// How [`Credential::variables`] is written: `{ "column": "username", "type": …, "key": … }`.
#[derive(Serialize, schemars::JsonSchema)]
struct ColumnVariable<'c> {
    /// The column of the credential.
    column: &'c str,
    /// The variable.
    #[serde(flatten)]
    variable: &'c ComponentKey,
}

fn columns_with_variables<S: Serializer>(
    variables: &[(String, ComponentKey)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(variables.iter().map(|(column, variable)| ColumnVariable { column, variable }))
}

impl Credential {
    /// The variable of a column.
    pub fn variable(&self, column: &str) -> Option<&ComponentKey> {
        self.variables.iter().find(|(name, _)| name == column).map(|(_, key)| key)
    }
}

/// `connectiontype` (`FORMATS.md` §1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CredentialKind {
    /// 1, Azure Key Vault
    UserNamePassword,
    /// 2
    UserNamePasswordList,
    /// 3
    UserNamePasswordListWithGroupMapping,
    /// 4
    CyberArk,
    /// 5
    Certificate,
    /// 6
    MachineMapping,
    /// 7
    ConnectionReference,
    /// Another number, or none.
    Unknown(Option<u32>),
}

impl CredentialKind {
    fn of(code: Option<u32>) -> Self {
        match code {
            Some(1) => Self::UserNamePassword,
            Some(2) => Self::UserNamePasswordList,
            Some(3) => Self::UserNamePasswordListWithGroupMapping,
            Some(4) => Self::CyberArk,
            Some(5) => Self::Certificate,
            Some(6) => Self::MachineMapping,
            Some(7) => Self::ConnectionReference,
            other => Self::Unknown(other),
        }
    }
}

/// `usagetype`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum CredentialUse {
    /// 280920000
    Connection,
    /// 280920001
    DesktopFlow,
    /// 280920002
    Network,
    /// 280920003
    ComputerUse,
    /// Another number.
    Unknown(u32),
}

impl CredentialUse {
    fn of(code: u32) -> Self {
        match code {
            280_920_000 => Self::Connection,
            280_920_001 => Self::DesktopFlow,
            280_920_002 => Self::Network,
            280_920_003 => Self::ComputerUse,
            other => Self::Unknown(other),
        }
    }

    /// The number.
    pub fn code(self) -> u32 {
        match self {
            Self::Connection => 280_920_000,
            Self::DesktopFlow => 280_920_001,
            Self::Network => 280_920_002,
            Self::ComputerUse => 280_920_003,
            Self::Unknown(code) => code,
        }
    }

    /// What a person calls the places where a credential of that use can be chosen.
    pub fn words(self) -> String {
        match self {
            Self::Connection => "connections".to_owned(),
            Self::DesktopFlow => "desktop flows".to_owned(),
            Self::Network => "network".to_owned(),
            Self::ComputerUse => "computer use".to_owned(),
            Self::Unknown(number) => format!("unknown use {number}"),
        }
    }

    /// Whether connections sign in with a credential of these uses. Where none is said it is the default, connections.
    pub fn are_for_connections(uses: &[Self]) -> bool {
        uses.is_empty() || uses.contains(&Self::Connection)
    }

    /// The text form of the multi-select is not known: every number counts, whatever stands between them. The `-1` around
    /// a collection of choices in the platform's wire form is none of them.
    fn all(text: &str) -> Vec<Self> {
        let tokens = text.split(|character: char| !character.is_ascii_digit() && character != '-');
        let mut uses: Vec<Self> = tokens.filter_map(|token| token.parse().ok()).map(Self::of).collect();
        uses.sort();
        uses.dedup();
        uses
    }
}

/// Lookups of a variable.
const VARIABLE_COLUMNS: &[(&str, Relation)] = &[
    ("username", Relation::CredentialUserName),
    ("password", Relation::CredentialPassword),
    ("certificate", Relation::CredentialCertificate),
    ("cyberarksafe", Relation::CredentialCyberArkSafe),
    ("cyberarkobject", Relation::CredentialCyberArkObject),
    ("cyberarkusername", Relation::CredentialCyberArkUserName),
];

/// Columns with opaque JSON.
const OPAQUE_COLUMNS: &[&str] = &["credentials", "groupmapping", "logincontext"];

/// Columns that every row has, or that have a field of their own.
const PLAIN_COLUMNS: &[&str] =
    &["credentialid", "name", "connectiontype", "usagetype", "iscustomizable", "statecode", "statuscode"];

pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    reading.rows("credentials", "credential", &mut |_, part, row| row_of(part, row))
}

fn row_of(part: &XmlPart, row: Element<'_>) -> Option<Component> {
    let text = |name| row.child_text(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let name = text("name");
    let id = row.attribute("credentialid").map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| text("credentialid"));
    let key = ComponentKey::new(ComponentType::CREDENTIAL, if id.is_empty() { &name } else { &id });
    if key.key.is_empty() {
        return None;
    }
    let mut component = Component::new(key, name, part.place(row));
    let mut credential = Credential {
        kind: CredentialKind::of(text("connectiontype").parse().ok()),
        uses: row
            .child("usagetype")
            .map(|column| CredentialUse::all(&part.inner(column)))
            .unwrap_or_default(),
        variables: Vec::new(),
        columns: Vec::new(),
    };
    for column in row.children().filter(|column| !PLAIN_COLUMNS.contains(&column.name())) {
        let Some((value, place)) = part.lookup(column) else { continue };
        let name = column.name();
        if let Some((_, relation)) = VARIABLE_COLUMNS.iter().find(|(variable, _)| *variable == name) {
            let variable = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, &value);
            credential.variables.push((name.to_owned(), variable.clone()));
            component.uses.push(Use::new(*relation, variable, place));
            continue;
        }
        credential.columns.push(name.to_owned());
        if name == "connectionreference" {
            let target = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, &value);
            component.uses.push(Use::new(Relation::CredentialConnectionReference, target, place));
        } else if name == "defaultcredential" {
            let target = ComponentKey::new(ComponentType::CREDENTIAL, &value);
            component.uses.push(Use::new(Relation::CredentialDefault, target, place));
        } else if OPAQUE_COLUMNS.contains(&name) {
            for target in identities(&part.inner(column)) {
                if target != component.key {
                    let place = part.place(column);
                    component.uses.push(Use::new(Relation::CredentialPossible, target, place));
                }
            }
        }
    }
    component.details = Details::Credential(credential);
    Some(component)
}

/// Every GUID, as a credential, and every quoted schema name, as a variable, in a text of unknown layout; each once, in
/// the order of the text. It need not be well-formed JSON.
pub(crate) fn identities(text: &str) -> Vec<ComponentKey> {
    let mut found: Vec<ComponentKey> = Vec::new();
    let mut known: BTreeSet<ComponentKey> = BTreeSet::new();
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let before = rest[..start].chars().next_back();
        let end = rest[start..].find(|character| !is_part(character)).map_or(rest.len(), |end| start + end);
        let (token, after) = (&rest[start..end], &rest[end..]);
        let target = if is_guid(token) {
            Some(ComponentKey::new(ComponentType::CREDENTIAL, token))
        } else if before.is_some_and(is_quote) && is_end_of_value(after) && is_schema_name(token) {
            Some(ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, token))
        } else {
            None
        };
        found.extend(target.filter(|target| known.insert(target.clone())));
        rest = after;
    }
    found
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'')
}

/// A quote that no colon follows: the end of a value, not of a member's name.
fn is_end_of_value(after: &str) -> bool {
    let after = after.trim_start_matches('\\');
    after.strip_prefix(is_quote).is_some_and(|after| !after.trim_start().starts_with(':'))
}

/// A publisher's prefix, an underscore, and a name (`FORMATS.md` §2.4).
fn is_schema_name(token: &str) -> bool {
    token.split_once('_').is_some_and(|(prefix, name)| {
        (2..=8).contains(&prefix.len())
            && prefix.starts_with(|character: char| character.is_ascii_alphabetic())
            && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !name.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Solution;
    use crate::model::testing::{customizations, solution, uses};

    const ROW: &str = r#"<credential credentialid="0c0ffee0-0000-4000-8000-000000000001">
<connectiontype>1</connectiontype>
<credentialtype>1</credentialtype>
<name>Robot 7 login</name>
<password><schemaname>fab_Robot7Password</schemaname></password>
<statecode>0</statecode>
<usagetype>280920000,280920001</usagetype>
<username><schemaname>fab_Robot7User</schemaname></username>
</credential>"#;

    fn only(solution: &Solution) -> (&Component, &Credential) {
        let component = solution.components.iter().find(|c| c.key.kind == ComponentType::CREDENTIAL).unwrap();
        let Details::Credential(details) = &component.details else { panic!("no credential") };
        (component, details)
    }

    fn row(inside: &str) -> Solution {
        let id = "0c0ffee0-0000-4000-8000-000000000001";
        let row = format!("<credentials><credential credentialid='{id}'>{inside}</credential></credentials>");
        customizations(&row, &[])
    }

    #[test]
    fn both_containers_read_the_same() {
        let section = customizations(&format!("<credentials>{ROW}</credentials>"), &[]);
        let path = "credentials/0c0ffee0-0000-4000-8000-000000000001/credential.xml";
        let folder = solution(&[(path, ROW)]);
        for solution in [&section, &folder] {
            assert_eq!(solution.components.len(), 1);
            let (component, details) = only(solution);
            assert_eq!(component.name, "Robot 7 login");
            assert_eq!(details.kind, CredentialKind::UserNamePassword);
            assert_eq!(details.uses, [CredentialUse::Connection, CredentialUse::DesktopFlow]);
            assert_eq!(details.columns, ["credentialtype"]);
            assert_eq!(&*details.variable("password").unwrap().key, "fab_Robot7Password");
            let relations: Vec<_> = component.uses.iter().map(|used| used.relation).collect();
            assert_eq!(relations, [Relation::CredentialPassword, Relation::CredentialUserName]);
        }
        let (component, _) = only(&folder);
        assert_eq!(uses(component)[0].2, format!("test.zip:{path}:5:11"));
    }

    #[test]
    fn a_row_in_both_containers_counts_once() {
        let path = "credentials/0C0FFEE0-0000-4000-8000-000000000001/credential.xml";
        assert_eq!(
            customizations(&format!("<credentials>{ROW}</credentials>"), &[(path, ROW)]).components.len(),
            1
        );
    }

    #[test]
    fn the_usage_is_read_in_any_spelling() {
        use CredentialUse::*;
        for text in [
            "280920001;280920002",
            "[280920002, 280920001]",
            "[-1,280920001,280920002,-1]",
            "|280920001|280920002|",
        ] {
            assert_eq!(CredentialUse::all(text), [DesktopFlow, Network], "{text}");
        }
        let nested = row("<usagetype><value>280920003</value><value>7</value></usagetype>");
        assert_eq!(only(&nested).1.uses, [ComputerUse, Unknown(7)]);
        assert_eq!(only(&row("")).1.uses, []);
    }

    #[test]
    fn every_connection_type_has_its_name() {
        let kind = |text: &str| only(&row(&format!("<connectiontype>{text}</connectiontype>"))).1.kind;
        assert_eq!(kind("4"), CredentialKind::CyberArk);
        assert_eq!(kind(" 5 "), CredentialKind::Certificate);
        assert_eq!(kind("6"), CredentialKind::MachineMapping);
        assert_eq!(kind("7"), CredentialKind::ConnectionReference);
        assert_eq!(kind("8"), CredentialKind::Unknown(Some(8)));
        assert_eq!(kind("x"), CredentialKind::Unknown(None));
    }

    #[test]
    fn lookups_of_other_tables_and_by_id_are_followed() {
        let solution = row(
            "<connectionreference><connectionreferencelogicalname>fab_Sql</connectionreferencelogicalname>\
             </connectionreference>\
             <cyberarkapplicationid>RobotApp</cyberarkapplicationid>\
             <defaultcredential><credentialid>0c0ffee0-0000-4000-8000-000000000002</credentialid></defaultcredential>\
             <password><environmentvariabledefinitionid>{0C0FFEE0-0000-4000-8000-000000000003}\
             </environmentvariabledefinitionid></password><username></username>",
        );
        let (component, details) = only(&solution);
        assert_eq!(details.columns, ["connectionreference", "cyberarkapplicationid", "defaultcredential"]);
        let targets: Vec<_> =
            uses(component).into_iter().map(|(relation, target, _)| (relation, target)).collect();
        assert_eq!(
            targets,
            [
                (Relation::CredentialConnectionReference, "connectionreference:fab_Sql".to_owned()),
                (Relation::CredentialDefault, "credential:0c0ffee0-0000-4000-8000-000000000002".to_owned()),
                (
                    Relation::CredentialPassword,
                    "environmentvariabledefinition:0C0FFEE0-0000-4000-8000-000000000003".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn opaque_json_gives_possible_references_even_when_ill_formed() {
        let solution = row(
            r#"<groupmapping>[{"machine_group":"10c0ffee-0000-4000-8000-000000000009","user":"fab_RobotUser",
"text":"{\"password\":\"fab_RobotPassword\"}","word":"not fab_this one",</groupmapping>"#,
        );
        let (component, _) = only(&solution);
        let targets: Vec<_> =
            uses(component).into_iter().map(|(relation, target, _)| (relation, target)).collect();
        let possible = Relation::CredentialPossible;
        assert_eq!(
            targets,
            [
                (possible, "credential:10c0ffee-0000-4000-8000-000000000009".to_owned()),
                (possible, "environmentvariabledefinition:fab_RobotUser".to_owned()),
                (possible, "environmentvariabledefinition:fab_RobotPassword".to_owned()),
            ]
        );
    }

    #[test]
    fn a_row_without_any_identity_is_left_out() {
        assert!(
            customizations("<credentials><credential /><other /></credentials>", &[]).components.is_empty()
        );
    }
}
