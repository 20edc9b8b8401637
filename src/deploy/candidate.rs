//! A package that is to be deployed, read as far as a deployment needs it.

use crate::diff::{DiffError, fingerprints};
use crate::environment::import::Incoming;
use crate::model::{ModelError, Solution};
use crate::package::Package;
use crate::verify::{VerifyError, content};

/// The packages of a deployment.
#[derive(Debug, Default)]
pub struct Release {
    /// What they hold.
    pub solutions: Vec<Solution>,
    /// What they bring, in the same order.
    pub candidates: Vec<Candidate>,
}

/// What a package brings to an environment.
#[derive(Debug)]
pub struct Candidate {
    /// What an import looks at.
    pub incoming: Incoming,
    /// SHA-256 of the archive, for the log; none for a folder.
    pub sha256: Option<String>,
}

/// Why a package cannot be deployed.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// It cannot be read.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// It cannot be brought into the form in which it is compared.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// Its content cannot be counted.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

impl Candidate {
    /// Reads a package.
    ///
    /// # Errors
    /// When it is no solution, or cannot be read.
    pub fn read(package: &Package, sha256: Option<String>) -> Result<(Solution, Self), DeployError> {
        let solution = Solution::read(package)?;
        let candidate = Self::of(package, &solution, sha256)?;
        Ok((solution, candidate))
    }

    /// What a package brings that was read already.
    ///
    /// # Errors
    /// When it cannot be compared or counted.
    pub fn of(package: &Package, solution: &Solution, sha256: Option<String>) -> Result<Self, DeployError> {
        // What cannot be unpacked can be imported all the same; then less is known of what changed.
        let fingerprints = match fingerprints(package) {
            Err(DiffError::Layout { .. }) => Default::default(),
            fingerprints => fingerprints?,
        };
        let content = content(package)?.map(|content| content.sha256);
        let incoming = Incoming::new(solution, &|key| fingerprints.get(key).cloned(), content);
        Ok(Self { incoming, sha256 })
    }
}
