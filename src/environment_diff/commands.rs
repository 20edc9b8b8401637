//! The commands of solship that take the steps of a plan. What is not known, or is not shown, stands in capitals.

use std::collections::BTreeMap;

use crate::environment::connect::{ParameterSet, RUN_OWNER, TARGET, shown};
use crate::environment::{Connection, InstalledSolution, Role, SolutionName, named_in_command};
use crate::model::{ComponentKey, ComponentType, connection_id};
use crate::text::shell_word;

/// Writes commands for one environment.
pub(super) struct Commands<'s> {
    /// How they name it.
    environment: String,
    /// Where packages are.
    sources: &'s BTreeMap<SolutionName, String>,
    show_values: bool,
}

impl<'s> Commands<'s> {
    pub(super) fn new(label: &str, sources: &'s BTreeMap<SolutionName, String>, show_values: bool) -> Self {
        Self { environment: named_in_command(label), sources, show_values }
    }

    /// Of words as they stand.
    fn command(&self, verb: &str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
        [format!("solship {verb} {}", self.environment)]
            .into_iter()
            .chain(words)
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(super) fn uninstall(&self, solution: &InstalledSolution, delete_components: bool) -> String {
        let delete = if delete_components { " --delete-components" } else { "" };
        format!("solship undeploy {}{delete} --env {}", shell_word(&solution.unique_name), self.environment)
    }

    pub(super) fn provide(&self, solution: &InstalledSolution) -> String {
        self.command("env provide", &[&solution.unique_name, &solution.version.to_string()])
    }

    /// Where the package is; none where that is not known.
    fn source(&self, solution: &InstalledSolution) -> Option<&str> {
        let name = solution.upgrade_of.as_ref().unwrap_or(&solution.unique_name);
        self.sources.get(&SolutionName::new(name)).map(String::as_str)
    }

    /// What FILE stands for in [`Self::import`], where it stands there.
    pub(super) fn file(&self, solution: &InstalledSolution) -> Option<String> {
        let name = solution.upgrade_of.as_ref().unwrap_or(&solution.unique_name);
        let form = if solution.managed { "managed" } else { "unmanaged" };
        let is_unknown = self.source(solution).is_none();
        is_unknown.then(|| format!("FILE is the package of {name} {} ({form})", solution.version))
    }

    /// `over_itself`: the same version is there, over which only an update goes.
    pub(super) fn import(&self, solution: &InstalledSolution, over_itself: bool) -> String {
        let package = self.source(solution).map_or_else(|| "FILE".to_owned(), shell_word);
        let mode = match solution.upgrade_of {
            Some(_) => " --stage",
            None if over_itself && solution.managed => " --update",
            None => "",
        };
        format!("solship deploy {package}{mode} --env {}", self.environment)
    }

    /// Only a credential is deleted by itself.
    pub(super) fn delete(&self, component: &ComponentKey) -> Option<String> {
        (component.kind == ComponentType::CREDENTIAL)
            .then(|| self.command("env remove", &["credential", &component.key]))
    }

    pub(super) fn connect(&self, connection: &Connection, id: &str) -> String {
        let shown = if self.show_values { connection.name.clone() } else { shown(&connection.name) };
        let name = if shown == connection.name { &*connection.name } else { "NAME" };
        let command = self.command("env connect", &["new", &connection.connector, name]);
        // One of which only an odd id is known gets one of its own.
        let id = connection_id(id).map(|id| format!(" --id {id}")).unwrap_or_default();
        format!("{command}{id}")
    }

    /// `free`: a reference may still be bound to it.
    pub(super) fn delete_connection(&self, id: &str, free: bool) -> String {
        let words: &[&str] = if free { &["delete", id, "--free"] } else { &["delete", id] };
        self.command("env connect", words)
    }

    /// None for a way to sign in that is not known here.
    pub(super) fn sign_in(&self, connection: &Connection, id: &str) -> Option<String> {
        let set = connection.parameter_set.as_deref()?.parse::<ParameterSet>().ok()?;
        let mut words = vec!["sign-in", id, "--as", set.name()];
        if let Some(credential) = &connection.credential {
            words.extend(["--credential", &*credential.key]);
        }
        for (option, parameter) in [("--target", TARGET), ("--run-owner", RUN_OWNER)] {
            if let Some(value) = connection.parameters.get(parameter) {
                words.extend([option, value]);
            }
        }
        Some(self.command("env connect", &words))
    }

    pub(super) fn bind(&self, reference: &ComponentKey, id: &str) -> String {
        self.command("env connect", &["bind", &reference.key, id])
    }

    pub(super) fn free(&self, reference: &ComponentKey) -> String {
        self.command("env connect", &["free", &reference.key])
    }

    pub(super) fn set(&self, variable: &ComponentKey) -> String {
        format!("{} --from FILE", self.command("env set", &[&variable.key]))
    }

    pub(super) fn unset(&self, variable: &ComponentKey) -> String {
        self.command("env set", &[&variable.key, "--unset"])
    }

    /// Shares, or takes back where there is no role.
    pub(super) fn share(
        &self,
        component: &ComponentKey,
        principal: &str,
        role: Option<Role>,
    ) -> Option<String> {
        let kind = match &component.kind {
            kind if *kind == ComponentType::CREDENTIAL => "credential",
            kind if *kind == ComponentType::ENVIRONMENT_VARIABLE => "variable",
            _ => return None,
        };
        let who = if self.show_values { shell_word(principal) } else { "PRINCIPAL".to_owned() };
        let (verb, role) = match role {
            Some(role) => ("env share", format!(" --role {}", role.name())),
            None => ("env unshare", String::new()),
        };
        Some(format!("{} --with {who}{role}", self.command(verb, &[kind, &component.key])))
    }
}
