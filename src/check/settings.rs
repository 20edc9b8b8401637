//! What the user says of the target and of what is tolerated.

use crate::model::Version;
use crate::plan;

/// How rules look.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the target has, and what is stated of the set.
    pub plan: plan::Options,
    /// Version of the platform that solutions are imported into.
    pub platform_version: Option<Version>,
    /// Most bytes of a solution zip.
    pub max_size: u64,
    /// Cloud of the target.
    pub cloud: Cloud,
}

/// Clouds in which not everything is available.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cloud {
    /// Everything is.
    #[default]
    Public,
    /// US Government: no credentials (`FORMATS.md` §9.3).
    UsGovernment,
    /// China, run by 21Vianet: no machine mapping.
    China,
}

/// Sources disagree on what Dataverse takes: 29, 95 and 120 MB are named.
const MAX_SIZE: u64 = 95 * 1024 * 1024;

impl Default for Settings {
    fn default() -> Self {
        Self {
            plan: plan::Options::default(),
            platform_version: None,
            max_size: MAX_SIZE,
            cloud: Cloud::default(),
        }
    }
}

impl Settings {
    /// Whether the user said what the target has, so that everything else is missing there.
    pub(super) fn knows_target(&self) -> bool {
        !self.plan.provided.is_empty()
    }
}
