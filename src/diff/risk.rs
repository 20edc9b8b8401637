//! What importing the second side over the first means.
//!
//! The first side stands for what the target has. Read [`consequences`] first; what is said of which kind is in the functions behind
//! it, in the order of [`Level`].

use std::collections::BTreeMap;

use serde::Serialize;

use super::credential;
use super::held::Held;
use super::side::Side;
use crate::graph::brings;
use crate::model::{
    Component, ComponentKey, ComponentType, DataverseError, Details, EnvironmentVariable, Masked, Relation,
    Solution, Use, VariableType,
};

/// One consequence of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Risk {
    /// How grave it is.
    pub level: Level,
    /// One sentence.
    pub words: String,
    /// The component it is about, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentKey>,
    /// What Dataverse answers, where the import is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataverse: Option<DataverseError>,
}

impl Risk {
    pub(super) fn new(level: Level, component: Option<ComponentKey>, words: String) -> Self {
        Self { level, words, component, dataverse: None }
    }
}

/// How grave a consequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Dataverse refuses the import.
    Refused,
    /// Something of the target is deleted.
    Deletes,
    /// Somebody has to do something, or something stops working.
    Action,
    /// Good to know.
    Note,
}

impl Level {
    /// What stands before the sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Deletes => "deletes",
            Self::Action => "to do",
            Self::Note => "note",
        }
    }
}

/// The components of one side by key.
type Components<'s> = BTreeMap<&'s ComponentKey, &'s Component>;

/// A desktop flow that takes or gives something else than before.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) desktop_flow: ComponentKey,
    pub(super) described: String,
    /// `inputs`, `outputs`, or both.
    pub(super) what: &'static str,
}

/// What follows from an import.
#[derive(Debug, Default)]
pub(super) struct Consequences {
    /// The gravest first.
    pub(super) risks: Vec<Risk>,
    /// Desktop flows that others run in another way from now on.
    pub(super) interfaces: Vec<Interface>,
}

/// Everything that is to be said.
pub(super) fn consequences(left: &Side, right: &Side) -> Consequences {
    let mut import = Import::new(left, right);
    let (old, new) = (&left.solution.manifest, &right.solution.manifest);
    if !old.unique_name.eq_ignore_ascii_case(&new.unique_name) {
        import.other_solution();
        return import.found;
    }
    import.publisher();
    import.version();
    import.needs();
    for (key, component) in import.new.clone() {
        match import.old.get(key).copied() {
            Some(before) => import.changed(before, component),
            None => import.added(component),
        }
    }
    if import.same_type() {
        import.removed();
    }
    import.still_used();
    // What is of one level stays in the order in which it was found.
    import.found.risks.sort_by_key(|risk| risk.level);
    import.found
}

/// An import of the second side over the first.
struct Import<'s> {
    left: &'s Side,
    right: &'s Side,
    old: Components<'s>,
    new: Components<'s>,
    held: Held<'s>,
    found: Consequences,
}

impl<'s> Import<'s> {
    fn new(left: &'s Side, right: &'s Side) -> Self {
        let components = |solution: &'s Solution| {
            solution.components.iter().map(|component| (&component.key, component)).collect()
        };
        Self {
            left,
            right,
            old: components(&left.solution),
            new: components(&right.solution),
            held: Held::of(&right.solution),
            found: Consequences::default(),
        }
    }

    fn say(&mut self, level: Level, about: Option<&Component>, words: String) {
        let component = about.map(|component| component.key.clone());
        self.found.risks.push(Risk::new(level, component, words));
    }

    fn refuse(&mut self, error: DataverseError, words: String) {
        let risk = Risk { level: Level::Refused, words, component: None, dataverse: Some(error) };
        self.found.risks.push(risk);
    }

    /// Whether the package is a managed one.
    fn managed(&self) -> bool {
        self.right.solution.manifest.managed
    }

    /// Whether both are managed, or both unmanaged. Says what follows where they are not.
    fn same_type(&mut self) -> bool {
        match (self.left.solution.manifest.managed, self.managed()) {
            (false, true) => self.refuse(
                DataverseError::MANAGED_OVER_UNMANAGED,
                "a managed package is not imported over the unmanaged solution: uninstall that one first, or import \
                 elsewhere"
                    .to_owned(),
            ),
            (true, false) => self.refuse(
                DataverseError::UNMANAGED_OVER_MANAGED,
                "an unmanaged package is not imported over the managed solution: uninstall that one first, or export \
                 a managed package"
                    .to_owned(),
            ),
            _ => return true,
        }
        false
    }

    /// Two solutions that have nothing to do with each other, as far as the platform knows.
    fn other_solution(&mut self) {
        let (old, new) = (&self.left.solution.manifest, &self.right.solution.manifest);
        let is_patch =
            new.parent.as_ref().is_some_and(|(parent, _)| parent.eq_ignore_ascii_case(&old.unique_name));
        let words = if is_patch {
            format!(
                "{} is a patch of {}: it adds to it and deletes nothing",
                new.unique_name, old.unique_name
            )
        } else {
            format!(
                "{} is another solution than {}: it is installed beside it, updates nothing of it and deletes nothing",
                new.unique_name, old.unique_name
            )
        };
        self.say(Level::Note, None, words);
    }

    fn publisher(&mut self) {
        let (old, new) = (&self.left.solution.manifest.publisher, &self.right.solution.manifest.publisher);
        if old.unique_name.eq_ignore_ascii_case(&new.unique_name) {
            return;
        }
        let words = format!(
            "the publisher was {} and is {}: that of an installed solution cannot be changed",
            old.unique_name, new.unique_name
        );
        self.refuse(DataverseError::PUBLISHER_CHANGED, words);
    }

    fn version(&mut self) {
        if self.left.solution.manifest.managed != self.managed() {
            // Two exports of one state; neither is imported over the other.
            return;
        }
        let (old, new) = (&self.left.solution.manifest.version, &self.right.solution.manifest.version);
        if new > old {
            return;
        }
        let words = if new == old {
            format!("the version is not raised: it is {new} on both sides, and an upgrade needs a higher one")
        } else {
            format!("the version goes down from {old} to {new}: an upgrade needs a higher one")
        };
        self.say(Level::Action, None, words);
    }

    /// Solutions that the target did not need to have, or not in that version.
    fn needs(&mut self) {
        let (old, new) = (self.left.needs(), self.right.needs());
        for (name, (written, version)) in new {
            let words = match (old.get(&name), version) {
                (Some((_, known)), version) if *known >= version => continue,
                (Some(_), Some(version)) => {
                    format!(
                        "the target must have {written} {version} or later: a lower version was enough before"
                    )
                }
                (None, Some(version)) => {
                    format!("the target must have {written} {version} or later: it was not needed before")
                }
                (_, None) => format!("the target must have {written}: it was not needed before"),
            };
            self.say(Level::Action, None, words);
        }
    }

    fn added(&mut self, component: &Component) {
        let name = component.described();
        match &component.details {
            Details::EnvironmentVariable(variable) if variable.value.is_some() => {
                self.value(component, None, variable.value.as_ref());
            }
            Details::EnvironmentVariable(variable) if variable.default.is_none() => {
                let words = format!(
                    "{name} is new and has neither a default nor a packaged value: give the target one"
                );
                self.say(Level::Action, Some(component), words);
            }
            Details::EnvironmentVariableValue(value) => self.value(component, None, value.value.as_ref()),
            Details::ConnectionReference(_) => {
                let words = format!("{name} is new: bind it to a connection");
                self.say(Level::Action, Some(component), words);
            }
            Details::Credential(_) => self.new_credential(component),
            _ => {}
        }
    }

    /// A credential is known by its GUID; people know it by its name.
    fn new_credential(&mut self, component: &Component) {
        let is_namesake = |other: &&Component| {
            other.key.kind == ComponentType::CREDENTIAL && other.name.eq_ignore_ascii_case(&component.name)
        };
        if !self.old.values().any(is_namesake) {
            return;
        }
        let words = format!(
            "{} has another GUID than the one of that name: it is a new credential, and connections that sign in with \
             the old one do not follow",
            component.described()
        );
        self.say(Level::Action, Some(component), words);
    }

    fn changed(&mut self, before: &Component, after: &'s Component) {
        match (&before.details, &after.details) {
            (Details::EnvironmentVariable(old), Details::EnvironmentVariable(new)) => {
                self.variable(after, old, new);
            }
            (Details::EnvironmentVariableValue(old), Details::EnvironmentVariableValue(new)) => {
                self.value(after, old.value.as_ref(), new.value.as_ref());
            }
            (Details::Credential(old), Details::Credential(new)) => {
                let (left, right) = (&self.left.solution, &self.right.solution);
                if let Some(variables) = credential::other_variables([(left, old), (right, new)]) {
                    let words = format!(
                        "{} takes other variables ({variables}): those of an existing credential cannot be changed; make a \
                         new one",
                        after.described()
                    );
                    self.say(Level::Action, Some(after), words);
                }
            }
            (Details::ConnectionReference(old), Details::ConnectionReference(new))
                if !old.connector().eq_ignore_ascii_case(new.connector()) =>
            {
                let words = format!("{} is of another connector: bind it anew", after.described());
                self.say(Level::Action, Some(after), words);
            }
            (Details::DesktopFlow(_), Details::DesktopFlow(_)) => self.desktop_flow(before, after),
            _ => {}
        }
    }

    fn variable(&mut self, after: &Component, old: &EnvironmentVariable, new: &EnvironmentVariable) {
        let name = after.described();
        if old.kind != new.kind {
            let words = format!(
                "{name} is a {} and was a {}: Dataverse does not check the value that a target has; give it one that \
                 fits",
                type_words(new.kind),
                type_words(old.kind)
            );
            self.say(Level::Action, Some(after), words);
        }
        let has = |variable: &EnvironmentVariable| variable.default.is_some() || variable.value.is_some();
        if has(old) && !has(new) {
            let words = format!(
                "{name} has neither a default nor a packaged value any more: a target without a value of its own \
                 needs one"
            );
            self.say(Level::Action, Some(after), words);
        } else if old.default != new.default && new.default.is_some() {
            let words =
                format!("where the target has a value of its own for {name}, the new default is not used");
            self.say(Level::Note, Some(after), words);
        } else if old.default.is_some() && new.default.is_none() {
            let words = format!("{name} has no default any more, only its packaged value");
            self.say(Level::Note, Some(after), words);
        }
        self.value(after, old.value.as_ref(), new.value.as_ref());
        if let Some(secrets) = credential::other_secret(old, new) {
            let right = self.right;
            for user in &right.solution.components {
                for column in credential::filled_by(user, &after.key) {
                    let words = format!("{} takes its {column} from {name}: {secrets}", user.described());
                    self.say(Level::Note, Some(user), words);
                }
            }
        }
    }

    /// A packaged value is a component of its own: a managed one lies below what was set in the target, an unmanaged one takes
    /// its place.
    fn value(&mut self, component: &Component, old: Option<&Masked>, new: Option<&Masked>) {
        if old == new {
            return;
        }
        let name = component.described();
        let (level, words) = match (old.is_some(), new.is_some(), self.managed()) {
            (was, true, true) => (
                Level::Note,
                format!(
                    "{name} has {} packaged value: the import brings it; a value that was set in the target stays in \
                     force",
                    if was { "another" } else { "a" }
                ),
            ),
            (was, true, false) => (
                Level::Action,
                format!(
                    "{name} has {} packaged value: the import writes it over the value of the target; take it out of \
                     the package if that is to stay",
                    if was { "another" } else { "a" }
                ),
            ),
            (_, false, true) => (
                Level::Deletes,
                format!(
                    "an upgrade deletes the packaged value of {name}: where no other value was set in the target, only the \
                     default is left"
                ),
            ),
            (_, false, false) => (
                Level::Note,
                format!("{name} has no packaged value any more: the value that the target has stays there"),
            ),
        };
        self.say(level, Some(component), words);
    }

    /// Who runs a desktop flow hands over its inputs and takes its outputs by name.
    fn desktop_flow(&mut self, before: &Component, after: &Component) {
        let inputs = self.left.inputs(&before.key) != self.right.inputs(&after.key);
        let outputs = match (&before.details, &after.details) {
            (Details::DesktopFlow(old), Details::DesktopFlow(new)) => old.outputs != new.outputs,
            _ => false,
        };
        let what = match (inputs, outputs) {
            (true, true) => "inputs and outputs",
            (true, false) => "inputs",
            (false, true) => "outputs",
            (false, false) => return,
        };
        let interface = Interface { desktop_flow: after.key.clone(), described: after.described(), what };
        let callers: Vec<&Component> =
            self.new.values().copied().filter(|caller| runs(caller, &after.key)).collect();
        for caller in callers {
            let words =
                format!("{} runs {}, of which the {what} changed", caller.described(), interface.described);
            self.say(Level::Action, Some(caller), words);
        }
        self.found.interfaces.push(interface);
    }

    /// What only the first side has: an upgrade deletes it, any other import leaves it there.
    fn removed(&mut self) {
        let old: Vec<&Component> = self.old.values().copied().collect();
        let gone: Vec<&Component> = old
            .into_iter()
            .filter(|component| !self.held.has(component))
            // Parts go with the whole of them.
            .filter(|part| part.table.as_ref().is_none_or(|table| self.new.contains_key(table)))
            .filter(|component| !component.unmodified && component.key.kind != ComponentType::FILE)
            .collect();
        if gone.is_empty() {
            return;
        }
        if !self.managed() {
            let (shown, more) = gone.split_at(if gone.len() <= NAMED + 1 { gone.len() } else { NAMED });
            let mut names: Vec<String> = shown.iter().map(|component| component.described()).collect();
            if !more.is_empty() {
                names.push(format!("{} more", more.len()));
            }
            let words = format!(
                "an unmanaged import deletes nothing: delete by hand what the target is not to keep ({})",
                names.join(", ")
            );
            self.say(Level::Note, None, words);
            return;
        }
        for component in gone {
            let name = component.described();
            let words = if !brings(&self.left.solution, component) {
                format!("an upgrade takes away what the solution had added to {name}")
            } else if component.key.kind == ComponentType::TABLE {
                format!("an upgrade deletes {name} with all its rows")
            } else if component.key.kind == ComponentType::COLUMN {
                format!("an upgrade deletes {name} with all its values")
            } else {
                format!("an upgrade deletes {name}")
            };
            self.say(Level::Deletes, Some(component), words);
        }
    }

    /// What is gone from the package, and used by what stays: in the package, or in the target.
    fn still_used(&mut self) {
        let gone: Vec<&Component> = self
            .old
            .iter()
            .filter(|(key, component)| NEEDED.contains(&key.kind) && !self.held.has(component))
            .map(|(_, component)| *component)
            .collect();
        let mut words = Vec::new();
        for user in self.new.values() {
            words.extend(gone.iter().filter(|gone| uses(user, gone)).map(|gone| {
                let text = format!(
                    "{} still {} {}, which the package no longer has",
                    user.described(),
                    verb(user, gone),
                    gone.described()
                );
                (*user, text)
            }));
        }
        let left =
            if self.managed() { "an update, which deletes nothing, leaves" } else { "the import leaves" };
        for user in gone.iter().filter(|user| user.key.kind == ComponentType::WORKFLOW) {
            let used: Vec<String> =
                gone.iter().filter(|gone| uses(user, gone)).map(|gone| gone.described()).collect();
            if !used.is_empty() {
                let text = format!(
                    "{left} {} in the target, with {} that it uses: switch it off if it is not to run",
                    user.described(),
                    used.join(", ")
                );
                words.push((*user, text));
            }
        }
        for (user, text) in words {
            self.say(Level::Action, Some(user), text);
        }
    }
}

/// So many components are named in one sentence.
const NAMED: usize = 3;

/// What nothing runs without.
pub(super) const NEEDED: &[ComponentType] = &[
    ComponentType::ENVIRONMENT_VARIABLE,
    ComponentType::CONNECTION_REFERENCE,
    ComponentType::CREDENTIAL,
    ComponentType::WORKFLOW,
    ComponentType::CONNECTOR,
    ComponentType::WORK_QUEUE,
];

pub(super) fn uses(user: &Component, used: &Component) -> bool {
    user.key != used.key && user.uses.iter().any(|reference| reference.is_to(&used.key))
}

/// Whether a component runs a desktop flow.
pub(super) fn runs(caller: &Component, desktop_flow: &ComponentKey) -> bool {
    let is_run = |used: &Use| {
        matches!(used.relation, Relation::FlowDesktopFlow | Relation::DesktopFlowChildFlow)
            && used.is_to(desktop_flow)
    };
    caller.uses.iter().any(is_run)
}

/// `runs`, `reads`, `uses`.
pub(super) fn verb(user: &Component, used: &Component) -> &'static str {
    user.uses
        .iter()
        .find(|reference| reference.is_to(&used.key))
        .map_or("uses", |reference| reference.relation.words())
}

fn type_words(kind: VariableType) -> &'static str {
    kind.words().unwrap_or("variable of unknown type")
}
