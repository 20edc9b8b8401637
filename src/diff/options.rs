//! Which types of components are looked at: `--only`, `--ignore`.
//!
//! A type is named by the platform's table (`connectionreference`) or by the words for it (`connection-reference`,
//! `cloud-flow`). Read [`Options`] first.

use std::collections::BTreeSet;

use super::SetsError;
use crate::graph::most_alike;
use crate::model::{ComponentType, Solution};
use crate::package::Package;

/// What is compared.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Types of components that are not looked at: a table's name or the words for it.
    pub ignore: Vec<String>,
    /// The only types that are looked at; none: all.
    pub only: Vec<String>,
}

/// A type that neither the platform nor one of the solutions has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` is no type of component")]
pub struct UnknownType {
    /// As it was written.
    pub written: String,
    /// The types that are called nearly so, the most alike first.
    pub nearest: Vec<String>,
    /// Every type that is known, by the words for it.
    pub known: Vec<String>,
}

/// Types that no component of the model has, and words that tell the processes apart.
const OTHERS: &[&str] = &[
    "solution",
    "cloud flow",
    "desktop flow",
    "workflow",
    "dialog",
    "business rule",
    "action",
    "business process flow",
    "AI flow",
    "relationships of table",
];
/// What people call a type besides.
const ALSO: &[(&str, &str)] = &[("environment variable", "variable"), ("flow", "workflow")];
/// So many near ones are proposed.
const PROPOSED: usize = 3;

impl Options {
    /// Refuses a type that is no type of the platform and that no component of the packages has.
    ///
    /// # Errors
    /// The first such type, those of `only` before those of `ignore`; or when a package is no solution.
    pub(super) fn check<'p>(&self, packages: impl Iterator<Item = &'p Package>) -> Result<(), SetsError> {
        let mut packages = Some(packages);
        let mut of_packages = BTreeSet::new();
        for written in self.only.iter().chain(&self.ignore) {
            let wanted = plain(written);
            if is_known(&wanted) {
                continue;
            }
            // Tables of other makers: which there are only the packages tell.
            for package in packages.take().into_iter().flatten() {
                let components = Solution::read(package)?.components;
                of_packages.extend(components.iter().map(|component| plain(component.key.kind.as_str())));
            }
            if !of_packages.contains(&wanted) {
                return Err(UnknownType::new(written, &of_packages).into());
            }
        }
        Ok(())
    }

    /// Whether components of a type are looked at; `words` tell what a person calls this one.
    pub(super) fn covers(&self, kind: &ComponentType, words: &str) -> bool {
        let is = |wanted: &String| {
            let wanted = plain(wanted);
            let wanted = ALSO.iter().find(|(also, _)| *also == wanted).map_or(&*wanted, |(_, name)| name);
            [kind.as_str(), kind.words(), words].into_iter().any(|name| plain(name) == wanted)
        };
        !self.ignore.iter().any(is) && (self.only.is_empty() || self.only.iter().any(is))
    }

    /// Whether everything is looked at.
    pub(super) fn is_all(&self) -> bool {
        self.ignore.is_empty() && self.only.is_empty()
    }
}

impl UnknownType {
    fn new(written: &str, of_packages: &BTreeSet<String>) -> Self {
        let mut known: Vec<String> = ComponentType::ALL
            .iter()
            .map(|kind| kind.words())
            .chain(OTHERS.iter().copied())
            .chain(of_packages.iter().filter(|name| !is_known(name)).map(String::as_str))
            .map(|name| plain(name).replace(' ', "-"))
            .collect();
        known.sort();
        known.dedup();
        let candidates = known.iter().map(|name| (name, [Some(name.clone())]));
        let mut nearest: Vec<String> =
            most_alike(&plain(written).replace(' ', "-"), candidates, |name| (*name).clone())
                .into_iter()
                .cloned()
                .collect();
        nearest.truncate(PROPOSED);
        Self { written: written.to_owned(), nearest, known }
    }
}

/// A name of a type in the form in which it is compared.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', '_'], " ")
}

fn is_known(plain_name: &str) -> bool {
    let is = |name: &str| plain(name) == plain_name;
    ComponentType::ALL.iter().any(|kind| is(kind.as_str()) || is(kind.words()))
        || OTHERS.iter().any(|name| is(name))
        || ALSO.iter().any(|(also, _)| is(also))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(names: &[&str]) -> Options {
        Options { only: names.iter().map(|name| (*name).to_owned()).collect(), ..Options::default() }
    }

    #[test]
    fn a_type_is_named_by_its_table_or_in_words() {
        for (wanted, kind, words) in [
            ("connectionreference", ComponentType::CONNECTION_REFERENCE, "connection reference"),
            ("Connection-Reference", ComponentType::CONNECTION_REFERENCE, "connection reference"),
            ("plug-in-step", ComponentType::PROCESSING_STEP, "plug-in step"),
            ("environment-variable", ComponentType::ENVIRONMENT_VARIABLE, "variable"),
            ("cloud-flow", ComponentType::WORKFLOW, "cloud flow"),
            ("flow", ComponentType::WORKFLOW, "desktop flow"),
        ] {
            assert!(only(&[wanted]).covers(&kind, words), "{wanted}");
            assert!(only(&[wanted]).check(std::iter::empty()).is_ok(), "{wanted}");
        }
        assert!(!only(&["cloud-flow"]).covers(&ComponentType::WORKFLOW, "desktop flow"));
        assert!(!only(&["cloud"]).covers(&ComponentType::WORKFLOW, "cloud flow"));
    }

    #[test]
    fn no_type_is_refused_and_the_nearest_named() {
        let refused = |options: Options| match options.check(std::iter::empty()) {
            Err(SetsError::UnknownType(error)) => error,
            other => panic!("{other:?}"),
        };
        let error = refused(only(&["variable", "tables"]));
        assert_eq!((&*error.written, &*error.nearest[0]), ("tables", "table"));
        assert!(refused(only(&["nonsense"])).nearest.is_empty());
        let ignore = Options { ignore: vec!["web-resorce".to_owned()], ..Options::default() };
        assert_eq!(refused(ignore).nearest[0], "web-resource");
    }
}
