//! `solship add`: a component put into a solution.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand, ValueEnum};
use solship::author::{
    AuthorError, CredentialContainer, CredentialForm, CredentialStore, Editor, FlowOptions, Learned,
    NewConnectionReference, NewCredential, NewVariable, SolutionFiles, Step, add_connection_reference,
    add_credential, add_flow, add_secret, add_variable,
};
use solship::model::{CredentialUse, VariableType};

use super::EditArguments;
use super::secret_arguments::SecretArguments;
use crate::cli::Streams;
use crate::cli::message::{Level, say};

/// Add a component to a solution folder or zip
///
/// In a folder every other byte stays as it was; a zip is packed anew, as `pack` does it. What is there already as asked for is left alone; what differs is told, and nothing
/// is written. Exit code: 0 done or already there, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Variable(Box<VariableArguments>),
    Secret(Box<SecretVariableArguments>),
    ConnectionReference(ConnectionReferenceArguments),
    Credential(Box<CredentialArguments>),
    Flow(FlowArguments),
}

pub(in crate::cli) fn run(arguments: &AddArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    match &arguments.what {
        What::Variable(arguments) => arguments.run(streams),
        What::Secret(arguments) => arguments.run(streams),
        What::ConnectionReference(arguments) => arguments.run(streams),
        What::Credential(arguments) => arguments.run(streams),
        What::Flow(arguments) => arguments.run(streams),
    }
}

/// Add an environment variable
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship add variable fab_Robot7User --type string --default 'FABRIKAM\\robot7'
  solship add variable --display 'Invoice limit' --type number --default 500   # named fab_Invoicelimit")]
struct VariableArguments {
    /// Schema name; without it: the prefix and the display name without blanks
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Type
    #[arg(long = "type", value_name = "TYPE", default_value = "string")]
    kind: VariableKind,
    /// Default value, for environments that set none
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    default: Option<String>,
    /// Current value; it goes along into every environment
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    value: Option<String>,
    /// An environment must give a value
    #[arg(long)]
    required: bool,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// For a data source: the connector, such as shared_sharepointonline
    #[arg(long, value_name = "CONNECTOR")]
    connector: Option<String>,
    /// For a data source: which parameter of the connector it holds, such as dataset or table
    #[arg(long, value_name = "KEY")]
    parameter_key: Option<String>,
    /// For a data source: the variable that it belongs to, as a list to its site
    #[arg(long, value_name = "NAME")]
    parent: Option<String>,
    #[command(flatten)]
    edit: EditArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum VariableKind {
    #[value(alias = "text")]
    String,
    Number,
    Boolean,
    Json,
    DataSource,
    Secret,
}

impl VariableKind {
    fn of_model(self) -> VariableType {
        match self {
            Self::String => VariableType::Text,
            Self::Number => VariableType::Number,
            Self::Boolean => VariableType::Boolean,
            Self::Json => VariableType::Json,
            Self::DataSource => VariableType::DataSource,
            Self::Secret => VariableType::Secret,
        }
    }
}

impl VariableArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let wanted = NewVariable {
            name: self.name.clone(),
            kind: Some(self.kind.of_model()),
            default: self.default.clone(),
            value: self.value.clone(),
            required: self.required.then_some(true),
            display: self.display.clone(),
            description: self.description.clone(),
            connector: self.connector.clone(),
            parameter_key: self.parameter_key.clone(),
            parent: self.parent.clone(),
        };
        self.edit.run(streams, |editor, _| Ok(vec![add_variable(editor, &wanted)?]))
    }
}

/// Add a secret variable, which names a secret in Azure Key Vault
///
/// The secret itself never passes: a variable holds the resource id of a secret. It becomes the default value, so that a
/// settings file can give an environment a vault of its own; --as-value makes it the current value, which goes along into
/// every environment.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship add secret fab_Robot7Password /subscriptions/ID/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7
  solship add secret fab_Robot7Password https://fab-kv.vault.azure.net/secrets/robot7 --subscription ID --resource-group rg-robots
  solship add secret fab_Robot7Password --subscription ID --resource-group rg-robots --vault fab-kv --secret robot7")]
struct SecretVariableArguments {
    /// Schema name of the variable
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    secret: SecretArguments,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// An environment must give a value
    #[arg(long)]
    required: bool,
    #[command(flatten)]
    edit: EditArguments,
}

impl SecretVariableArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let wanted = NewVariable {
            name: Some(self.name.clone()),
            required: self.required.then_some(true),
            display: self.display.clone(),
            description: self.description.clone(),
            ..NewVariable::default()
        };
        self.edit.run(streams, |editor, _| {
            Ok(vec![add_secret(editor, &wanted, &self.secret.parts(), self.secret.place())?])
        })
    }
}

/// Add a connection reference
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship add connection-reference fab_sharepoint --connector shared_sharepointonline
  solship add connection-reference fab_desktop --connector shared_uiflow --display 'Desktop flows'")]
struct ConnectionReferenceArguments {
    /// Logical name; without it: the prefix and the display name without blanks
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Connector: its name, such as shared_sharepointonline, or its whole id
    #[arg(long, value_name = "CONNECTOR")]
    connector: String,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    edit: EditArguments,
}

impl ConnectionReferenceArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let wanted = NewConnectionReference {
            name: self.name.clone(),
            connector: self.connector.clone(),
            display: self.display.clone(),
            description: self.description.clone(),
        };
        self.edit.run(streams, |editor, _| Ok(vec![add_connection_reference(editor, &wanted)?]))
    }
}

/// Add a credential, which names variables with the user name and with the reference to the password
///
/// How a credential is written inside a solution is shown by no public export. --like learns it from an export of yours and
/// is the recommended way; without it choose --container, and import the result into a test environment first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship add credential 'Robot 7' --key-vault --user fab_Robot7User --password fab_Robot7Password --like Export.zip
  solship add credential 'Robot 7' --key-vault --user fab_Robot7User --user-value 'FABRIKAM\\robot7' \\
      --password fab_Robot7Password --secret-id /subscriptions/… --container section
  solship add credential 'Robot 7' --certificate --user fab_Robot7User --pfx fab_Robot7Certificate --like Export.zip")]
#[command(group = clap::ArgGroup::new("store").required(true).args(["key_vault", "cyberark", "certificate"]))]
struct CredentialArguments {
    /// Display name
    #[arg(value_name = "NAME")]
    name: String,
    /// User name and password, the password in Azure Key Vault
    #[arg(long)]
    key_vault: bool,
    /// Password in CyberArk (a preview of the platform)
    #[arg(long)]
    cyberark: bool,
    /// Certificate in Azure Key Vault; for connections only
    #[arg(long)]
    certificate: bool,
    /// Text variable with the user name
    #[arg(long, value_name = "VAR")]
    user: Option<String>,
    /// Secret variable with the password
    #[arg(long, value_name = "VAR", requires = "key_vault")]
    password: Option<String>,
    /// Secret variable with the certificate
    #[arg(long, value_name = "VAR", requires = "certificate")]
    pfx: Option<String>,
    /// Text variable with the safe of CyberArk
    #[arg(long, value_name = "VAR", requires = "cyberark")]
    safe: Option<String>,
    /// Text variable with the object in the safe
    #[arg(long, value_name = "VAR", requires = "cyberark")]
    object: Option<String>,
    /// Id of the application in CyberArk
    #[arg(long, value_name = "ID", requires = "cyberark")]
    application_id: Option<String>,
    /// Make the variable of --user on the way, with this default value
    #[arg(long, value_name = "TEXT")]
    user_value: Option<String>,
    /// Make the secret variable on the way, with this reference
    #[arg(long, value_name = "RESOURCE-ID")]
    secret_id: Option<String>,
    /// What it may be used for (repeatable); default: connection
    #[arg(long = "use", value_name = "WHERE")]
    uses: Vec<Usage>,
    /// Connection reference whose connection is to sign in with it: checked, and told how to state it
    #[arg(long, value_name = "NAME")]
    signs_in: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Id of the row; default: made of publisher, solution and name
    #[arg(long, value_name = "GUID")]
    id: Option<String>,
    /// Write it as the credentials of this export are written
    #[arg(long, value_name = "EXPORT", conflicts_with = "container")]
    like: Option<Utf8PathBuf>,
    /// Write it as rows of other tables are written; unverified
    #[arg(long, value_name = "CONTAINER")]
    container: Option<Container>,
    #[command(flatten)]
    edit: EditArguments,
}

/// What a credential may be used for.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Usage {
    /// Connections of desktop flows
    Connection,
    /// The action Get credential of desktop flows
    DesktopFlow,
    /// Networks of hosted machine groups
    Network,
}

impl Usage {
    pub(super) fn of_model(self) -> CredentialUse {
        match self {
            Self::Connection => CredentialUse::Connection,
            Self::DesktopFlow => CredentialUse::DesktopFlow,
            Self::Network => CredentialUse::Network,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Container {
    /// A section of customizations.xml
    Section,
    /// A file of its own
    Folder,
}

impl CredentialArguments {
    fn store(&self) -> CredentialStore {
        let user = self.user.clone();
        if self.cyberark {
            let (safe, object) = (self.safe.clone(), self.object.clone());
            CredentialStore::CyberArk { user, safe, object, application_id: self.application_id.clone() }
        } else if self.certificate {
            CredentialStore::Certificate { user, certificate: self.pfx.clone() }
        } else {
            CredentialStore::KeyVault { user, password: self.password.clone() }
        }
    }

    fn form(&self) -> Result<Option<CredentialForm>, AuthorError> {
        if let Some(path) = &self.like {
            return Ok(Some(CredentialForm::like(path, &self.edit.package().options())?));
        }
        Ok(self.container.map(|container| {
            CredentialForm::assumed(match container {
                Container::Section => CredentialContainer::Section,
                Container::Folder => CredentialContainer::Folder,
            })
        }))
    }

    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        self.edit.run(streams, |editor, streams| self.add(editor, streams))
    }

    fn add(&self, editor: &mut Editor, streams: &mut Streams<'_>) -> Result<Vec<Step>, AuthorError> {
        let wanted = NewCredential {
            name: self.name.clone(),
            store: self.store(),
            uses: self.uses.iter().map(|used| used.of_model()).collect(),
            description: self.description.clone(),
            id: self.id.clone(),
            user_value: self.user_value.clone(),
            secret_id: self.secret_id.clone(),
            signs_in: self.signs_in.clone(),
            form: self.form()?,
        };
        let steps = add_credential(editor, &wanted)?;
        match (&self.like, wanted.learned()) {
            (Some(like), Some(learned)) => say_learned(like, &learned, &steps, streams),
            _ => say_unverified(&steps, streams),
        }
        Ok(steps)
    }
}

/// Says what the example shows of the row that was written, and what it does not.
fn say_learned(like: &Utf8Path, learned: &Learned, steps: &[Step], streams: &mut Streams<'_>) {
    if !is_written(steps) {
        return;
    }
    let shown = format!("as in {like}: {}", learned.shown.join(", "));
    say(streams.stderr, Level::Note, &shown);
    if !learned.guessed.is_empty() {
        let guessed = format!(
            "not shown by {like}, and guessed: {}; try the import in a test environment",
            learned.guessed.join(", ")
        );
        say(streams.stderr, Level::Warning, &guessed);
    }
    if !learned.left_out.is_empty() {
        let left_out =
            format!("only in {like}, of unknown use, and left out: {}", learned.left_out.join(", "));
        say(streams.stderr, Level::Warning, &left_out);
    }
}

fn is_written(steps: &[Step]) -> bool {
    steps.last().is_some_and(|step| step.action != solship::author::Action::Unchanged)
}

/// Said once by every command that writes the form of a credential.
pub(super) fn say_unverified(steps: &[Step], streams: &mut Streams<'_>) {
    if is_written(steps) {
        let message = "the form of a credential inside a solution is unverified: try the import in a test environment, or give --like EXPORT.zip";
        say(streams.stderr, Level::Warning, message);
    }
}

/// Bring a cloud flow or desktop flow out of another solution, with its binaries and what it uses
///
/// Connection references and variables that the flow uses come along when this solution does not have them; current values
/// of variables do not, unless --with-values. Flows that it runs are named, with the command that brings them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship add flow 'Run payroll' --from Export.zip
  solship add flow Workflows/RunPayroll-0C0F….json --from src/FabFlows
  solship add flow 'Run payroll' --from Export.zip --without-needs   # the references are in a solution that goes in before")]
struct FlowArguments {
    /// Display name, id or file of the flow
    #[arg(value_name = "FLOW")]
    flow: String,
    /// Solution zip or folder that has it
    #[arg(long, value_name = "SOLUTION")]
    from: Utf8PathBuf,
    /// Bring the flow alone
    #[arg(long, conflicts_with = "with_values")]
    without_needs: bool,
    /// Bring the current values of variables too
    #[arg(long)]
    with_values: bool,
    #[command(flatten)]
    edit: EditArguments,
}

impl FlowArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        self.edit.run(streams, |editor, _| {
            let from = SolutionFiles::open_to_read(&self.from, &self.edit.package().options())?;
            let options = FlowOptions { without_needs: self.without_needs, with_values: self.with_values };
            add_flow(editor, &self.flow, &from, options)
        })
    }
}
