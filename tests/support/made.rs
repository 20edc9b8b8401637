//! Solutions made by hand, without any file.

use std::sync::Arc;

use solship::model::{
    CloudFlow, Component, ComponentKey, ComponentType, ConnectionReference, Credential, CredentialKind,
    Details, EnvironmentVariable, Manifest, Masked, MissingDependency, NeededComponent, Place, Process,
    ProcessCategory, Publisher, Relation, RootComponent, Solution, Target, Use, VariableType, Version,
};

/// A solution that grows by calls.
pub struct Made(Solution);

/// A place in a file that is not there.
pub fn place(solution: &str, line: u32) -> Place {
    Place { file: format!("{solution}.zip:customizations.xml").into(), line, column: 1, pointer: None }
}

/// A GUID that is always the same for a number.
pub fn guid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// The key of a flow by number.
pub fn flow_key(number: usize) -> ComponentKey {
    ComponentKey::new(ComponentType::WORKFLOW, &guid(number))
}

/// The key of a variable.
pub fn variable_key(name: &str) -> ComponentKey {
    ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, name)
}

/// The key of a connection reference.
pub fn reference_key(name: &str) -> ComponentKey {
    ComponentKey::new(ComponentType::CONNECTION_REFERENCE, name)
}

/// The key of a credential by number.
pub fn credential_key(number: usize) -> ComponentKey {
    ComponentKey::new(ComponentType::CREDENTIAL, &guid(number))
}

/// A reference to a component.
pub fn used(relation: Relation, target: &ComponentKey, solution: &str) -> Use {
    Use { relation, column: None, target: Target::Component(target.clone()), place: place(solution, 100) }
}

impl Made {
    /// An empty unmanaged solution of publisher `maker`, prefix `mak`.
    pub fn new(unique_name: &str, version: &str) -> Self {
        Self(Solution {
            source: Arc::from(format!("{unique_name}_{version}.zip")),
            is_folder: false,
            entries: 3,
            bytes: 1000,
            manifest: Manifest {
                unique_name: unique_name.to_owned(),
                display_name: unique_name.to_owned(),
                version: Version::new(version),
                managed: false,
                parent: None,
                publisher: Publisher {
                    unique_name: "maker".to_owned(),
                    display_name: "Maker".to_owned(),
                    prefix: "mak".to_owned(),
                },
                root_components: Vec::new(),
                missing_dependencies: Vec::new(),
                place: place(unique_name, 1),
            },
            components: Vec::new(),
            findings: Vec::new(),
        })
    }

    /// Makes it managed.
    pub fn managed(mut self) -> Self {
        self.0.manifest.managed = true;
        self
    }

    /// Sets the publisher's unique name.
    pub fn publisher(mut self, unique_name: &str) -> Self {
        self.0.manifest.publisher.unique_name = unique_name.to_owned();
        self
    }

    /// Makes it a patch.
    pub fn patch_of(mut self, parent: &str) -> Self {
        self.0.manifest.parent = Some((parent.to_owned(), place(parent, 2)));
        self
    }

    /// Adds a component.
    pub fn component(mut self, key: ComponentKey, name: &str, details: Details, uses: Vec<Use>) -> Self {
        let line = self.0.components.len() as u32 + 10;
        self.0.components.push(Component {
            key,
            aliases: Vec::new(),
            name: name.to_owned(),
            place: place(&self.0.manifest.unique_name, line),
            table: None,
            unmodified: false,
            shell: false,
            details,
            uses,
        });
        self
    }

    /// Adds a text variable.
    pub fn variable(self, name: &str) -> Self {
        let details = Details::EnvironmentVariable(EnvironmentVariable {
            kind: VariableType::Text,
            default: None,
            value: None,
            secret: None,
            user_name_form: None,
            required: false,
            source: solship::model::VariableSource::default(),
        });
        self.component(variable_key(name), name, details, Vec::new())
    }

    /// Adds a connection reference of a connector.
    pub fn connection_reference(self, name: &str, connector: &str) -> Self {
        let connector_id = format!("/providers/Microsoft.PowerApps/apis/{connector}");
        let details = Details::ConnectionReference(ConnectionReference { connector_id });
        self.component(
            ComponentKey::new(ComponentType::CONNECTION_REFERENCE, name),
            name,
            details,
            Vec::new(),
        )
    }

    /// Adds a Key Vault credential without variables.
    pub fn credential(self, number: usize, name: &str) -> Self {
        let details = Details::Credential(Credential {
            kind: CredentialKind::UserNamePassword,
            uses: Vec::new(),
            variables: Vec::new(),
            columns: Vec::new(),
        });
        self.component(ComponentKey::new(ComponentType::CREDENTIAL, &guid(number)), name, details, Vec::new())
    }

    /// Adds a cloud flow that uses what is named.
    pub fn flow(self, number: usize, uses: &[(Relation, ComponentKey)]) -> Self {
        let name = &self.0.manifest.unique_name;
        let uses = uses
            .iter()
            .enumerate()
            .map(|(at, (relation, key))| Use {
                relation: *relation,
                column: None,
                target: Target::Component(key.clone()),
                place: place(name, 100 + at as u32),
            })
            .collect();
        self.component(
            flow_key(number),
            &format!("Flow {number}"),
            Details::CloudFlow(CloudFlow::default()),
            uses,
        )
    }

    /// Adds a cloud flow that runs desktop flows.
    pub fn robot_flow(self, number: usize) -> Self {
        let details = Details::CloudFlow(CloudFlow { runs_desktop_flows: true, ..CloudFlow::default() });
        self.component(flow_key(number), &format!("Flow {number}"), details, Vec::new())
    }

    /// Adds a row to MissingDependencies: `dependent` needs `required` of `provider`.
    pub fn missing(
        mut self,
        dependent: ComponentKey,
        required: ComponentKey,
        provider: Option<(&str, &str)>,
    ) -> Self {
        let side = |key: ComponentKey| NeededComponent { name: String::new(), keys: vec![key], parent: None };
        let line = self.0.manifest.missing_dependencies.len() as u32 + 40;
        self.0.manifest.missing_dependencies.push(MissingDependency {
            unmanaged_layer: false,
            required: side(required),
            dependent: side(dependent),
            provider: provider.map(|(name, _)| name.to_owned()),
            provider_version: provider.map(|(_, version)| Version::new(version)),
            packages: Vec::new(),
            place: place(&self.0.manifest.unique_name, line),
        });
        self
    }

    /// Adds a text variable with a default and a value.
    pub fn variable_with(self, name: &str, default: Option<&str>, value: Option<&str>) -> Self {
        let details = Details::EnvironmentVariable(EnvironmentVariable {
            kind: VariableType::Text,
            default: default.map(Masked::new),
            value: value.map(Masked::new),
            secret: None,
            user_name_form: None,
            required: false,
            source: solship::model::VariableSource::default(),
        });
        self.component(variable_key(name), name, details, Vec::new())
    }

    /// Adds a credential that takes its password from a variable.
    pub fn credential_of(self, number: usize, variable: &str) -> Self {
        let key = variable_key(variable);
        let uses = vec![used(Relation::CredentialPassword, &key, &self.0.manifest.unique_name)];
        let details = Details::Credential(Credential {
            kind: CredentialKind::UserNamePassword,
            uses: Vec::new(),
            variables: vec![("password".to_owned(), key)],
            columns: Vec::new(),
        });
        self.component(credential_key(number), &format!("Credential {number}"), details, uses)
    }

    /// Adds a cloud flow that was exported as on.
    pub fn flow_on(self, number: usize, uses: &[(Relation, ComponentKey)]) -> Self {
        let mut made = self.flow(number, uses);
        if let Some(Component { details: Details::CloudFlow(flow), .. }) = made.0.components.last_mut() {
            flow.on = true;
        }
        made
    }

    /// Adds a classic process.
    pub fn process(self, number: usize, category: ProcessCategory, name: &str) -> Self {
        self.component(flow_key(number), name, Details::Process(Process { category, on: true }), Vec::new())
    }

    /// Adds a root component.
    pub fn root(mut self, code: u32, key: ComponentKey, behavior: u8) -> Self {
        let place = place(&self.0.manifest.unique_name, 30);
        self.0.manifest.root_components.push(RootComponent { code, key: Some(key), behavior, place });
        self
    }

    /// Adds a row to MissingDependencies that says `Active`.
    pub fn missing_active(self, dependent: ComponentKey, required: ComponentKey) -> Self {
        let mut made = self.missing(dependent, required, None);
        if let Some(row) = made.0.manifest.missing_dependencies.last_mut() {
            row.unmanaged_layer = true;
        }
        made
    }

    /// The solution.
    pub fn done(self) -> Solution {
        self.0
    }
}
