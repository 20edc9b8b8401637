//! Two sets of solutions: which package is compared with which, and which ones are not compared.
//!
//! Of one solution one package of each type counts on either side, the one of the highest version. Nothing is left out
//! without a word. Read [`sets`] first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::across::{Both, across};
use super::{Compared, Diff, DiffError, Options, Risk, packages, pair};
use crate::graph::UnknownType;
use crate::model::{ModelError, Solution, SolutionIdentity};
use crate::package::Package;

/// Why two sets cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum SetsError {
    /// A type is to be looked at, or left out, that is none.
    #[error(transparent)]
    UnknownType(#[from] UnknownType),
    /// Two of their packages cannot be compared.
    #[error(transparent)]
    Diff(#[from] DiffError),
}

impl From<ModelError> for SetsError {
    fn from(error: ModelError) -> Self {
        Self::Diff(error.into())
    }
}

/// What changed between two sets of solutions.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetDiff {
    /// Solutions of both sides, by name.
    pub solutions: Vec<Diff>,
    /// Solutions that only the second side has.
    pub added: Vec<SolutionIdentity>,
    /// Solutions that only the first side has.
    pub removed: Vec<SolutionIdentity>,
    /// What follows from the solutions that only the first side has, for those of the second.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
    /// Packages that are compared with nothing, since another one of the same solution is.
    pub left_out: Vec<LeftOut>,
    /// Only some types of components were looked at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub some_types: bool,
}

/// A package that is compared with nothing.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct LeftOut {
    /// On which side it is.
    pub side: Which,
    /// Which one.
    pub solution: SolutionIdentity,
    /// Why.
    pub because: Because,
    /// The package of that side that is compared instead.
    pub instead: SolutionIdentity,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The first.
    Left,
    /// The second.
    Right,
}

/// Why a package is compared with nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Because {
    /// The other one has a higher version.
    LowerVersion,
    /// The other one has the same version.
    SameVersion,
    /// The other side has no package of its type, managed or unmanaged.
    OtherType,
}

impl SetDiff {
    /// Whether nothing differs that means something.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.solutions.iter().all(Diff::is_empty)
    }
}

impl LeftOut {
    /// One sentence.
    pub fn words(&self) -> String {
        let (solution, instead) = (&self.solution, &self.instead);
        let why = match self.because {
            Because::LowerVersion => format!("{} has the higher version {}", instead.source, instead.version),
            Because::SameVersion => format!("{} has the same version", instead.source),
            Because::OtherType => format!(
                "the other side has no {} package of it; {} is compared",
                type_words(solution.managed),
                instead.source
            ),
        };
        format!(
            "{}: {} {}, {}, is not compared: {why}",
            solution.source,
            solution.unique_name,
            solution.version,
            type_words(solution.managed)
        )
    }
}

fn type_words(managed: bool) -> &'static str {
    if managed { "managed" } else { "unmanaged" }
}

/// Packages by lower-case unique name and whether they are managed; only their manifests are read yet.
type ByName = BTreeMap<(String, bool), (SolutionIdentity, Package)>;

/// Compares two sets of packages: solutions of one name, or the one of each side whatever its name.
///
/// # Errors
/// When a type is none, a package is no solution, or cannot be unpacked.
pub fn sets(left: Vec<Package>, right: Vec<Package>, options: &Options) -> Result<SetDiff, SetsError> {
    let mut found = SetDiff { some_types: !options.is_all(), ..SetDiff::default() };
    options.check(left.iter().chain(&right))?;
    if let ([one], [other]) = (&*left, &*right) {
        found.solutions.push(packages(one, other, options)?);
        return Ok(found);
    }
    let mut ones = highest(left, Which::Left, &mut found.left_out)?;
    let mut others = highest(right, Which::Right, &mut found.left_out)?;
    let mut compared: BTreeMap<(Which, String), SolutionIdentity> = BTreeMap::new();
    let mut both = Vec::new();
    let keys: Vec<(String, bool)> = ones.keys().cloned().collect();
    for key in keys {
        // A managed and an unmanaged package of one solution are compared where there is nothing closer.
        let closest = [key.clone(), (key.0.clone(), !key.1)].into_iter().find(|key| others.contains_key(key));
        let is_closer = |other: &(String, bool)| *other == key || !ones.contains_key(other);
        if let Some(closest) = closest.filter(is_closer)
            && let (Some((left, one)), Some((right, other))) = (ones.remove(&key), others.remove(&closest))
        {
            compared.insert((Which::Left, key.0.clone()), left);
            compared.insert((Which::Right, key.0), right);
            let Compared { diff, left, right, interfaces } = pair(&one, &other, options)?;
            both.push(Both { diff: found.solutions.len(), left, right, interfaces });
            found.solutions.push(diff);
        }
    }
    let (mut new, mut gone) = (Vec::new(), Vec::new());
    for (side, rest, alone) in
        [(Which::Left, ones, &mut found.removed), (Which::Right, others, &mut found.added)]
    {
        for ((name, _), (identity, package)) in rest {
            // What is compared with nothing must be a solution as well.
            let solution = read(&package)?;
            // The solution is there on both sides, in a package of the other type.
            match compared.get(&(side, name)) {
                Some(instead) => found.left_out.push(LeftOut {
                    side,
                    solution: identity,
                    because: Because::OtherType,
                    instead: instead.clone(),
                }),
                None => {
                    alone.push(identity);
                    if side == Which::Right { &mut new } else { &mut gone }.push(solution);
                }
            }
        }
    }
    found.risks = across(&mut found.solutions, &both, &new, &gone);
    Ok(found)
}

/// Of several versions the highest, of several packages of it the first; the others are left out.
fn highest(packages: Vec<Package>, side: Which, left_out: &mut Vec<LeftOut>) -> Result<ByName, DiffError> {
    let mut named: ByName = BTreeMap::new();
    let mut others: Vec<(SolutionIdentity, Package)> = Vec::new();
    for package in packages {
        let identity = Solution::read_identity(&package)?;
        let key = key(&identity);
        match named.get(&key) {
            Some((known, _)) if known.version >= identity.version => others.push((identity, package)),
            _ => others.extend(named.insert(key, (identity, package))),
        }
    }
    for (solution, package) in others {
        read(&package)?;
        let Some((instead, _)) = named.get(&key(&solution)) else { continue };
        let instead = instead.clone();
        let because =
            if instead.version == solution.version { Because::SameVersion } else { Because::LowerVersion };
        left_out.push(LeftOut { side, solution, because, instead });
    }
    Ok(named)
}

/// The components of a package that is compared with none.
fn read(package: &Package) -> Result<Solution, ModelError> {
    Solution::read_without_needs(package).map(|(solution, _)| solution)
}

fn key(identity: &SolutionIdentity) -> (String, bool) {
    (identity.unique_name.to_lowercase(), identity.managed)
}
