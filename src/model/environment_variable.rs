//! Environment variables, definitions and values, in all three generations (`FORMATS.md` §2.2).
//!
//! Read [`EnvironmentVariable`] first. Values go into [`Masked`] as they are read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::manifest::localized_name;
use super::reading::{Reading, XmlPart};
use super::{
    Component, ComponentKey, ComponentType, Details, Masked, ModelError, Place, Relation, SecretReference,
    Use, environment_variable_value,
};
use crate::xml::Element;

/// What only an environment variable has.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentVariable {
    /// `type`.
    #[serde(rename = "variableType")]
    pub kind: VariableType,
    /// The default value, masked; none when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Masked>,
    /// The current value that the package carries, masked; a row without a value counts as none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Masked>,
    /// For a secret: what its value, or else its default, names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretReference>,
    /// For a text: the form of a user name in its value, or else its default, when it looks like one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name_form: Option<UserNameForm>,
    /// `isrequired`.
    pub required: bool,
    /// Where its texts stand, and what it chooses.
    #[serde(skip)]
    pub source: VariableSource,
}

/// What the row of a variable says besides; for rules.
#[derive(Debug, Clone, Default)]
pub struct VariableSource {
    /// Where the default value stands.
    pub default_place: Option<Place>,
    /// Where the current value stands.
    pub value_place: Option<Place>,
    /// The environment whose value `value` is; none for what the package carries.
    pub environment: Option<Place>,
    /// `apiid` of a data source: the id of its connector.
    pub api: Option<String>,
    /// `parameterkey` of a data source: what of the connector it chooses, such as `dataset`.
    pub parameter: Option<String>,
}

/// Most characters, as UTF-16 counts them, of a value or default (`FORMATS.md` §2.1).
const LONGEST_TEXT: usize = 2000;

/// Whether a text is longer than a value or default may be.
pub(crate) fn is_too_long(text: &str) -> bool {
    text.len() > LONGEST_TEXT && text.chars().map(char::len_utf16).sum::<usize>() > LONGEST_TEXT
}

/// What only a value has whose definition is in another package: what it is the value of, only the set can tell.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentVariableValue {
    /// The value, masked; none when the row has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Masked>,
}

/// `type` of an environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VariableType {
    /// 100000000
    Text,
    /// 100000001
    Number,
    /// 100000002
    Boolean,
    /// 100000003
    Json,
    /// 100000004
    DataSource,
    /// 100000005
    Secret,
    /// Another number, or none.
    Unknown(Option<u32>),
}

/// How a user name is written; the name itself is never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UserNameForm {
    /// `DOMAIN\user`
    Domain,
    /// `user@domain`
    Principal,
    /// `user`, or `.\user`
    Local,
}

impl VariableType {
    /// What a person calls it: `yes/no`; none for one that is not known.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("text"),
            Self::Number => Some("number"),
            Self::Boolean => Some("yes/no"),
            Self::Json => Some("JSON"),
            Self::DataSource => Some("data source"),
            Self::Secret => Some("secret"),
            Self::Unknown(_) => None,
        }
    }

    fn of(code: Option<u32>) -> Self {
        match code {
            Some(100_000_000) => Self::Text,
            Some(100_000_001) => Self::Number,
            Some(100_000_002) => Self::Boolean,
            Some(100_000_003) => Self::Json,
            Some(100_000_004) => Self::DataSource,
            Some(100_000_005) => Self::Secret,
            other => Self::Unknown(other),
        }
    }

    /// What a text is instead of a value of this type; none where it is one. Whether a secret's text is a reference
    /// [`SecretReference`] tells, and any text is one of a data source.
    pub(crate) fn fault_of(self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        match self {
            // Numbers are written with a point, whatever the language.
            Self::Number if !text.parse::<f64>().is_ok_and(f64::is_finite) => Some("no number"),
            Self::Boolean
                if !["yes", "no", "true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)) =>
            {
                Some("neither yes nor no")
            }
            Self::Json if crate::json::Document::parse(text.as_bytes().to_vec()).is_err() => Some("no JSON"),
            _ => None,
        }
    }
}

impl UserNameForm {
    /// The form of a text that looks like a user name. A name without a domain could be anything: only where a
    /// credential takes its user name from the variable, `is_user_name`.
    pub(crate) fn of(text: &str, is_user_name: bool) -> Option<Self> {
        let is_plain =
            |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
        let is_account = |part: &str| is_plain(part) && !part.contains(|c| r#"\/"[]:;|=,+*?<>@"#.contains(c));
        if let Some((domain, user)) = text.split_once('\\') {
            return match domain {
                "." => is_account(user).then_some(Self::Local),
                _ => (is_account(domain) && is_account(user)).then_some(Self::Domain),
            };
        }
        if let Some((user, domain)) = text.split_once('@') {
            let is_domain = domain
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
            let is_principal = is_plain(user) && !user.contains(['/', ':', '(', '{']) && is_domain;
            return is_principal.then_some(Self::Principal);
        }
        (is_user_name && is_plain(text)).then_some(Self::Local)
    }
}

/// Reads definitions and values. Credentials must be there already: they say which variables hold user names.
pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    let first = reading.components.len();
    reading.rows("EnvironmentVariables", "Definition", &mut |_, part, row| definition(part, row))?;
    reading.rows(
        "environmentvariabledefinitions",
        "environmentvariabledefinition",
        &mut |_, part, row| definition(part, row),
    )?;
    let mut known = BTreeMap::new();
    for component in reading.components.split_off(first) {
        if !known.contains_key(&component.key) {
            known.insert(component.key.clone(), reading.components.len());
            reading.components.push(component);
        }
    }
    for value in environment_variable_value::read(reading)? {
        let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, &value.schema_name);
        if let Some(component) = known.get(&key).and_then(|at| reading.components.get_mut(*at)) {
            if let Details::EnvironmentVariable(variable) = &mut component.details
                && value.text.is_some()
            {
                variable.value = value.text;
                variable.source.value_place = Some(value.place);
            }
            continue;
        }
        let own = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE_VALUE, &value.schema_name);
        let mut component = Component::new(own, value.schema_name, value.place.clone());
        component.uses.push(Use::new(Relation::VariableValueOf, key, value.place));
        let text = value.text.filter(|text| !text.reveal().is_empty());
        component.details = Details::EnvironmentVariableValue(EnvironmentVariableValue { value: text });
        reading.components.push(component);
    }
    let user_names = user_name_variables(&reading.components);
    for component in &mut reading.components[first..] {
        let is_user_name = user_names.contains(&component.key);
        if let Details::EnvironmentVariable(variable) = &mut component.details {
            variable.settle(is_user_name);
        }
    }
    Ok(())
}

/// Variables from which a credential of this package takes a user name.
fn user_name_variables(components: &[Component]) -> BTreeSet<ComponentKey> {
    let credentials = components.iter().filter_map(|component| match &component.details {
        Details::Credential(credential) => Some(credential),
        _ => None,
    });
    let columns = credentials.flat_map(|credential| &credential.variables);
    let names = columns.filter(|(column, _)| matches!(&**column, "username" | "cyberarkusername"));
    names.map(|(_, variable)| variable.clone()).collect()
}

impl EnvironmentVariable {
    /// Takes the value that wins in an environment in place of what the package says.
    pub fn take_value(&mut self, value: Masked, environment: &Place) {
        self.value = Some(value);
        self.source.value_place = Some(environment.clone());
        self.source.environment = Some(environment.clone());
        self.settle(self.user_name_form.is_some());
    }

    /// What follows from value and default together. Until here an element without text is an empty text; from here on
    /// it is none.
    fn settle(&mut self, is_user_name: bool) {
        let texts = [self.value.take(), self.default.take()];
        let effective = texts.iter().flatten().map(Masked::reveal).find(|text| !text.trim().is_empty());
        match self.kind {
            VariableType::Secret if texts.iter().any(Option::is_some) => {
                self.secret = Some(SecretReference::parse(effective.unwrap_or_default()));
            }
            VariableType::Text => {
                self.user_name_form = effective.and_then(|text| UserNameForm::of(text, is_user_name));
            }
            _ => {}
        }
        [self.value, self.default] = texts.map(|text| text.filter(|text| !text.reveal().is_empty()));
    }
}

/// One definition: the elements of the first generation have the same names in other letters.
fn definition(part: &XmlPart, row: Element<'_>) -> Option<Component> {
    let column = |name: &str| row.children().find(|column| column.name().eq_ignore_ascii_case(name));
    let text = |name| column(name).map(|column| column.text().trim().to_owned()).unwrap_or_default();
    let schema_name = row.attribute("schemaname").map(|name| name.into_owned());
    let schema_name = schema_name.unwrap_or_else(|| text("schemaname"));
    let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, &schema_name);
    if key.key.is_empty() {
        return None;
    }
    let name = column("displayname").map(|column| match column.attribute("default") {
        Some(name) => name.into_owned(),
        None => localized_name(column),
    });
    let mut component = Component::new(key, name.unwrap_or_default().trim(), part.place(row));
    if let Some((parent, place)) = column("parentdefinitionid").and_then(|column| part.lookup(column)) {
        let parent = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, &parent);
        component.uses.push(Use::new(Relation::VariableParent, parent, place));
    }
    if let Some((reference, place)) = column("connectionreferenceid").and_then(|column| part.lookup(column)) {
        let reference = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, &reference);
        component.uses.push(Use::new(Relation::VariableConnectionReference, reference, place));
    }
    let is_nil = |column: &Element<'_>| column.attribute("xsi:nil").is_some_and(|nil| nil == "true");
    component.details = Details::EnvironmentVariable(EnvironmentVariable {
        kind: VariableType::of(text("type").parse().ok()),
        default: column("defaultvalue").filter(|c| !is_nil(c)).map(|c| Masked::new(c.text())),
        value: None,
        secret: None,
        user_name_form: None,
        required: matches!(&*text("isrequired").to_ascii_lowercase(), "1" | "true"),
        source: VariableSource {
            environment: None,
            default_place: column("defaultvalue").map(|column| part.place(column)),
            value_place: None,
            api: Some(text("apiid")).filter(|id| !id.is_empty()),
            parameter: Some(text("parameterkey")).filter(|key| !key.is_empty()),
        },
    });
    Some(component)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{customizations, package, solution, uses};
    use crate::model::{KeyVaultFault, Solution};

    fn variable<'s>(solution: &'s Solution, schema_name: &str) -> &'s EnvironmentVariable {
        let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, schema_name);
        let mut found = solution.components.iter().filter(|component| component.key == key);
        let component = found.next().expect("the variable");
        assert!(found.next().is_none(), "{schema_name} twice");
        let Details::EnvironmentVariable(variable) = &component.details else { panic!("no variable") };
        variable
    }

    fn reveal(masked: &Option<Masked>) -> Option<&str> {
        masked.as_ref().map(Masked::reveal)
    }

    const FOLDER: &str = "environmentvariabledefinitions/fab_Limit";

    fn with_value(value: &str) -> Solution {
        let xml = r#"<environmentvariabledefinition schemaname="fab_Limit"><defaultvalue>5</defaultvalue>
<displayname default="Limit" /><isrequired>1</isrequired>
<parentdefinitionid><schemaname>fab_Site</schemaname></parentdefinitionid>
<type>100000001</type></environmentvariabledefinition>"#;
        let path = |file| format!("{FOLDER}/{file}");
        solution(&[
            (&path("environmentvariabledefinition.xml"), xml),
            (&path("environmentvariablevalues.json"), value),
        ])
    }

    #[test]
    fn definition_and_value_of_the_current_form() {
        let text = r#"{"environmentvariablevalues":{"environmentvariablevalue":{"iscustomizable":"1","value":"7"}}}"#;
        let solution = with_value(text);
        let limit = variable(&solution, "FAB_LIMIT");
        assert_eq!((limit.kind, limit.required), (VariableType::Number, true));
        assert_eq!((reveal(&limit.default), reveal(&limit.value)), (Some("5"), Some("7")));
        assert_eq!(solution.components.len(), 1);
        assert_eq!(solution.components[0].name, "Limit");
        let place = format!("test.zip:{FOLDER}/environmentvariabledefinition.xml:3:21");
        assert_eq!(
            uses(&solution.components[0]),
            [(Relation::VariableParent, "environmentvariabledefinition:fab_Site".to_owned(), place)]
        );
    }

    #[test]
    fn a_value_row_may_be_an_array_name_its_variable_or_hold_nothing() {
        for (text, expected) in [
            (r#"{"environmentvariablevalues":[{"@schemaname":"fab_limit","value":"8"}]}"#, Some("8")),
            (r#"{"environmentvariablevalues":{"environmentvariablevalue":[{"value":9}]}}"#, Some("9")),
            (r#"{"environmentvariablevalues":{"environmentvariablevalue":{"iscustomizable":"1"}}}"#, None),
            (r#"{"environmentvariablevalues":{"environmentvariablevalue":{"value":null}}}"#, None),
            (r#"{"environmentvariablevalues":{"environmentvariablevalue":{"value":""}}}"#, None),
            ("[]", None),
            ("7", None),
        ] {
            assert_eq!(reveal(&variable(&with_value(text), "fab_Limit").value), expected, "{text}");
        }
    }

    #[test]
    fn a_value_file_in_utf_16_is_read() {
        let text = r#"{"environmentvariablevalues":{"environmentvariablevalue":{"value":"Zoë"}}}"#;
        let definition = r#"<environmentvariabledefinition schemaname="fab_Limit" />"#;
        for little in [true, false] {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            let bytes: Vec<u8> =
                units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
            let package = package(&[
                (&format!("{FOLDER}/environmentvariabledefinition.xml"), definition.as_bytes()),
                (&format!("{FOLDER}/environmentvariablevalues.json"), &bytes),
            ]);
            let solution = Solution::read(&package).unwrap();
            assert_eq!(reveal(&variable(&solution, "fab_Limit").value), Some("Zoë"));
        }
    }

    #[test]
    fn the_first_generation_counts_once_beside_the_second() {
        let section = r#"<EnvironmentVariables><Definition IntroducedVersion="1.0"><SchemaName>fab_Limit</SchemaName>
<IsRequired>0</IsRequired><Type>100000000</Type><DefaultValue xsi:nil="true"></DefaultValue>
<DisplayName><LocalizedNames><LocalizedName description="The limit" languagecode="1033" /></LocalizedNames></DisplayName>
</Definition></EnvironmentVariables>"#;
        let values = r#"{"EnvironmentVariableValues":[
{"EnvironmentVariableDefinition.SchemaName":"fab_Limit","EnvironmentVariableValueId":"x","Value":"1"},
{"EnvironmentVariableDefinition.SchemaName":"fab_Else","Value":"2"}]}"#;
        let solution = customizations(
            section,
            &[
                ("environment_variable_values.json", values),
                (
                    "environmentvariabledefinitions/fab_limit/environmentvariabledefinition.xml",
                    r#"<environmentvariabledefinition schemaname="fab_limit" />"#,
                ),
            ],
        );
        let limit = variable(&solution, "fab_Limit");
        assert_eq!(
            (limit.kind, reveal(&limit.value), &limit.default),
            (VariableType::Text, Some("1"), &None)
        );
        assert_eq!(solution.components[0].name, "The limit");
        let [_, value] = &solution.components[..] else { panic!("one definition, one value") };
        assert_eq!(value.key.kind, ComponentType::ENVIRONMENT_VARIABLE_VALUE);
        let Details::EnvironmentVariableValue(details) = &value.details else { panic!("a value") };
        assert_eq!(reveal(&details.value), Some("2"));
        let (relation, target, place) = uses(value).remove(0);
        assert_eq!(
            (relation, &*target),
            (Relation::VariableValueOf, "environmentvariabledefinition:fab_Else")
        );
        assert!(place.ends_with("/EnvironmentVariableValues/1"), "{place}");
    }

    #[test]
    fn an_ill_formed_value_file_is_a_finding() {
        let solution = with_value("{");
        assert_eq!(solution.findings.len(), 1);
        assert_eq!(variable(&solution, "fab_Limit").value, None);
    }

    fn secret(default: &str, value: Option<&str>) -> Option<SecretReference> {
        let mut variable = EnvironmentVariable {
            kind: VariableType::Secret,
            default: (default != "none").then(|| Masked::new(default)),
            value: value.map(Masked::new),
            secret: None,
            user_name_form: None,
            required: false,
            source: VariableSource::default(),
        };
        variable.settle(false);
        variable.secret
    }

    #[test]
    fn a_secret_is_its_value_or_else_its_default() {
        let good = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault\
                    /vaults/fab-kv/secrets/robot7";
        let invalid = |fault| Some(SecretReference::Invalid(fault));
        assert!(matches!(secret(good, None), Some(SecretReference::KeyVault(_))));
        assert!(matches!(secret(good, Some("")), Some(SecretReference::KeyVault(_))));
        assert_eq!(secret(good, Some("x")), invalid(KeyVaultFault::NotAResourceId));
        assert_eq!(secret("", None), invalid(KeyVaultFault::Empty));
        assert_eq!(secret("none", None), None);
    }

    #[test]
    fn user_names_are_told_by_their_form() {
        use UserNameForm::*;
        for (text, form) in [
            (r"FABRIKAM\robot7", Some(Domain)),
            (r".\robot7", Some(Local)),
            ("robot7@fabrikam.example", Some(Principal)),
            ("robot7", None),
            (r"C:\Temp", None),
            (r"\\server\share", None),
            (r"a\b\c", None),
            ("https://user@host.example/x", None),
            ("@parameters", None),
            ("a@b@c", None),
            ("two words", None),
            ("", None),
        ] {
            assert_eq!(UserNameForm::of(text, false), form, "{text}");
        }
        assert_eq!(UserNameForm::of("robot7", true), Some(Local));
        assert_eq!(UserNameForm::of("two words", true), None);
    }

    #[test]
    fn a_plain_name_is_a_user_name_where_a_credential_says_so() {
        let credentials = "<credentials><credential credentialid='0c0ffee0-0000-4000-8000-000000000001'>\
            <username><schemaname>fab_User</schemaname></username></credential></credentials>";
        let definition = |name| {
            format!(
                "<environmentvariabledefinition schemaname='{name}'><defaultvalue>robot7</defaultvalue>\
                 <type>100000000</type></environmentvariabledefinition>"
            )
        };
        let solution = customizations(
            credentials,
            &[
                (
                    "environmentvariabledefinitions/fab_User/environmentvariabledefinition.xml",
                    &definition("fab_User"),
                ),
                (
                    "environmentvariabledefinitions/fab_X/environmentvariabledefinition.xml",
                    &definition("fab_X"),
                ),
            ],
        );
        assert_eq!(variable(&solution, "fab_User").user_name_form, Some(UserNameForm::Local));
        assert_eq!(variable(&solution, "fab_X").user_name_form, None);
    }

    #[test]
    fn a_value_of_another_type_is_told() {
        use VariableType::{Boolean, DataSource, Json, Number, Text};
        for (kind, text) in [
            (Number, "12.5"),
            (Number, " -7 "),
            (Boolean, "Yes"),
            (Boolean, "false"),
            (Json, "{\"a\": [1]}"),
            (Text, "anything"),
            (DataSource, "x"),
        ] {
            assert_eq!(kind.fault_of(text), None, "{text}");
        }
        for (kind, text) in [(Number, "12,5"), (Number, "inf"), (Number, ""), (Boolean, "on"), (Json, "{a}")]
        {
            assert!(kind.fault_of(text).is_some(), "{text}");
        }
        assert!(!is_too_long(&"é".repeat(2000)) && is_too_long(&"x".repeat(2001)));
    }
}
