//! Which types of components are looked at: `--only`, `--ignore`.
//!
//! A type is named by the platform's table (`connectionreference`) or by the words for it (`connection-reference`,
//! `cloud-flow`). Read [`Options`] first.

use super::SetsError;
use crate::graph::type_name;
use crate::model::{Component, ComponentType, Solution};
use crate::package::Package;

/// What is compared.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Types of components that are not looked at: a table's name or the words for it.
    pub ignore: Vec<String>,
    /// The only types that are looked at; none: all.
    pub only: Vec<String>,
}

impl Options {
    /// Refuses a type that is no type of the platform and that no component of the packages has.
    ///
    /// # Errors
    /// The first such type, those of `only` before those of `ignore`; or when a package is no solution.
    pub(super) fn check<'p>(&self, packages: impl Iterator<Item = &'p Package>) -> Result<(), SetsError> {
        let mut packages = Some(packages);
        let mut components: Vec<Component> = Vec::new();
        for written in self.only.iter().chain(&self.ignore).filter(|written| !type_name::is_known(written)) {
            for package in packages.take().into_iter().flatten() {
                components.extend(Solution::read(package)?.components);
            }
            type_name::check(written, &components)?;
        }
        Ok(())
    }

    /// Whether components of a type are looked at; `words` tell what a person calls this one.
    pub(super) fn covers(&self, kind: &ComponentType, words: &str) -> bool {
        let is = |wanted: &String| type_name::is_named(wanted, kind, words);
        !self.ignore.iter().any(is) && (self.only.is_empty() || self.only.iter().any(is))
    }

    /// Whether everything is looked at.
    pub(super) fn is_all(&self) -> bool {
        self.ignore.is_empty() && self.only.is_empty()
    }
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
