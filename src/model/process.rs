//! Classic processes: all categories but cloud and desktop flows (`FORMATS.md` §3.1).

use serde::Serialize;

/// What only a classic process has.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// Which kind.
    pub category: ProcessCategory,
    /// Exported as activated.
    pub on: bool,
}

/// Kinds of classic processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ProcessCategory {
    /// 0
    Workflow,
    /// 1
    Dialog,
    /// 2
    BusinessRule,
    /// 3
    Action,
    /// 4
    BusinessProcessFlow,
    /// 7
    AiFlow,
    /// A number that no documentation names (9000 was seen).
    Other(u32),
}

impl ProcessCategory {
    /// What a person calls it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Dialog => "dialog",
            Self::BusinessRule => "business rule",
            Self::Action => "action",
            Self::BusinessProcessFlow => "business process flow",
            Self::AiFlow => "AI flow",
            Self::Other(_) => "process",
        }
    }
}
