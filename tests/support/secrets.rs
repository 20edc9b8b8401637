//! Solutions with secrets, made by hand.

use solship::model::{
    CloudFlow, ComponentKey, ComponentType, Credential, CredentialKind, Details, EnvironmentVariable,
    EnvironmentVariableValue, Masked, Relation, SecretReference, SecretRotation, Target, Use, VariableType,
};

use super::made::{Made, guid, place, variable_key};

/// The subscription of every reference here.
pub const SUBSCRIPTION: &str = "0c0ffee0-0000-4000-8000-000000000001";

/// A reference to a secret.
pub fn reference(group: &str, vault: &str, secret: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}/secrets/{secret}"
    )
}

/// Adds a variable.
pub fn variable(made: Made, name: &str, kind: VariableType, default: Option<&str>) -> Made {
    let secret = default.filter(|_| kind == VariableType::Secret).map(SecretReference::parse);
    let details = EnvironmentVariable {
        kind,
        default: default.map(Masked::new),
        value: None,
        secret,
        user_name_form: None,
        required: false,
        source: solship::model::VariableSource::default(),
    };
    made.component(variable_key(name), name, Details::EnvironmentVariable(details), Vec::new())
}

/// Adds a secret variable.
pub fn secret(made: Made, name: &str, default: Option<&str>) -> Made {
    variable(made, name, VariableType::Secret, default)
}

/// Adds a value whose definition is in another package.
pub fn value(made: Made, name: &str, text: &str) -> Made {
    let details = EnvironmentVariableValue { value: Some(Masked::new(text)) };
    let of = Use {
        relation: Relation::VariableValueOf,
        column: None,
        target: Target::Component(variable_key(name)),
        place: place("Values", 7),
    };
    let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE_VALUE, name);
    made.component(key, name, Details::EnvironmentVariableValue(details), vec![of])
}

/// Adds a credential with variables by column.
pub fn credential(made: Made, number: usize, kind: CredentialKind, variables: &[(&str, &str)]) -> Made {
    let uses = variables.iter().map(|(column, name)| Use {
        relation: match *column {
            "username" => Relation::CredentialUserName,
            "password" => Relation::CredentialPassword,
            "certificate" => Relation::CredentialCertificate,
            "groupmapping" => Relation::CredentialPossible,
            other => panic!("{other}"),
        },
        column: None,
        target: Target::Component(variable_key(name)),
        place: place("Access", 20),
    });
    let uses = uses.collect();
    let details = Credential {
        kind,
        uses: Vec::new(),
        variables: variables.iter().map(|(column, name)| (column.to_string(), variable_key(name))).collect(),
        columns: Vec::new(),
    };
    let key = ComponentKey::new(ComponentType::CREDENTIAL, &guid(number));
    made.component(key, &format!("Robot {number}"), Details::Credential(details), uses)
}

/// Adds a flow that tells Dataverse of new secrets.
pub fn rotation(made: Made, number: usize, vault: Option<&str>) -> Made {
    let flow = CloudFlow {
        rotation: Some(SecretRotation { vault: vault.map(str::to_owned), place: place("Flows", 3) }),
        ..CloudFlow::default()
    };
    let key = ComponentKey::new(ComponentType::WORKFLOW, &guid(number));
    made.component(key, &format!("Tell {number}"), Details::CloudFlow(flow), Vec::new())
}
