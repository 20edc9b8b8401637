//! A deployment and what an environment holds.

use solship::deploy::{Action, Deployment, DeploymentState, Part, StaysOff, Step, StepState};
use solship::environment::overview::{KindCount, Named, Off, Overlaid, Overview, Staged};
use solship::environment::{InstalledSolution, LogEntry};
use solship::model::*;
use solship::report::json_environment::Done;

use super::Texts;

impl Texts {
    fn deployed(&self, name: &str, action: Action, state: StepState) -> Step {
        let part = |kind: &str, key: &str| Part {
            component: self.key(ComponentType::WORKFLOW, key),
            kind: self.text(kind),
            words: self.text(key),
        };
        Step {
            solution: self.identity(name, "3.1.0.0"),
            action,
            state,
            before: (action == Action::Upgrade).then(|| Version::new(&self.text("3.0.0.0"))),
            added: vec![part("cloud flow", "Pay"), part("cloud flow", "Check")],
            changed: vec![part("credential", "Robot 7")],
            deleted: vec![part("variable", "fab_Old")],
            asked: vec![self.key(ComponentType::ENVIRONMENT_VARIABLE, "fab_Limit")],
            unbound: vec![self.key(ComponentType::CONNECTION_REFERENCE, "fab_mail")],
            off: vec![StaysOff {
                flow: self.key(ComponentType::WORKFLOW, "Pay"),
                words: self.text("cloud flow \"Pay\""),
                why: self.text("connection reference fab_mail is bound to no connection"),
            }],
            given: vec![self.key(ComponentType::ENVIRONMENT_VARIABLE, "fab_User")],
            notes: vec![self.text("hidden: the unmanaged layer stays in force")],
        }
    }

    /// A deployment that stopped in the middle.
    pub(crate) fn deployment(&self) -> Deployment {
        Deployment {
            environment: self.text("local:uat"),
            state: DeploymentState::Stopped,
            steps: vec![
                self.deployed("FabRobotAccess", Action::Upgrade, StepState::Done),
                self.deployed("FabShared", Action::None, StepState::Done),
                self.deployed("FabRobots", Action::Install, StepState::Failed),
                self.deployed("FabFlows", Action::Install, StepState::Planned),
            ],
            absent: vec![self.text("FabGone")],
            nearest: [(self.text("FabGone"), vec![self.text("FabGone2")])].into(),
            findings: vec![self.lost(codes::ENVIRONMENT_REFUSES)],
        }
    }

    /// An environment in which much waits for somebody.
    pub(crate) fn overview(&self) -> Overview {
        let named = |kind, key: &str| Named { component: self.key(kind, key), words: self.text(key) };
        Overview {
            environment: self.text("local:uat"),
            solutions: vec![InstalledSolution {
                unique_name: self.text("FabFlows"),
                version: Version::new(&self.text("3.1.0.0")),
                publisher: self.text("fabrikam"),
                parent: Some(self.text("FabBase")),
                sequence: 1,
                ..InstalledSolution::default()
            }],
            components: vec![KindCount { kind: self.text("cloud flow"), count: 2 }],
            connections: 1,
            shared: 1,
            unset: vec![named(ComponentType::ENVIRONMENT_VARIABLE, "fab_Limit")],
            unbound: vec![named(ComponentType::CONNECTION_REFERENCE, "fab_mail")],
            off: vec![Off {
                flow: named(ComponentType::WORKFLOW, "Pay"),
                why: Some(self.text("fab_mail is bound to no connection")),
            }],
            staged: vec![Staged {
                solution: self.text("FabBase"),
                from: Some(Version::new(&self.text("1.0"))),
                version: Version::new(&self.text("1.1")),
            }],
            overlaid: vec![Overlaid {
                component: named(ComponentType::WORKFLOW, "Check"),
                over: vec![self.text("FabBase")],
                held_in: vec![self.text("FabFlows")],
            }],
        }
    }

    /// A log of one line.
    pub(crate) fn log(&self) -> Vec<LogEntry> {
        vec![LogEntry {
            time: 1_795_941_000,
            words: self.text("imported FabFlows 3.1.0.0 (unmanaged)"),
            solution: Some(self.identity("FabFlows", "3.1.0.0")),
            sha256: Some("4be1".repeat(16)),
            content: Some("0c0f".repeat(16)),
        }]
    }

    /// Something that was done to an environment.
    pub(crate) fn done(&self) -> Done {
        Done {
            notes: vec![self.text("unset: fab_Limit")],
            next: Some("solship env set local:uat VARIABLE < FILE".to_owned()),
            ..Done::new(&self.text("local:uat"), &self.text("restored from uat.json"))
        }
    }
}
