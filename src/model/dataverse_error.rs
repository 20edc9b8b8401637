//! What Dataverse answers at import, by its own reference of error codes (learn.microsoft.com, "Web service error codes").
//!
//! Which finding leads to which answer is not known here. Read [`DataverseError`] first.

use std::borrow::Cow;

use serde::Serialize;

/// An error that Dataverse answers at import, as its reference of error codes has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct DataverseError {
    /// Such as `0x8004801D`.
    pub code: &'static str,
    /// Such as `ImportMissingDependenciesError`; empty where the vendor publishes none.
    pub name: &'static str,
    /// Its text, or the part of it that is always the same.
    pub message: &'static str,
}

impl DataverseError {
    /// Code and name in one line.
    pub fn title(&self) -> Cow<'static, str> {
        match self.name {
            "" => Cow::Borrowed(self.code),
            name => Cow::Owned(format!("{} {name}", self.code)),
        }
    }
}

macro_rules! errors {
    ($($(#[$doc:meta])* $constant:ident = $code:literal, $name:literal, $message:literal;)*) => {
        impl DataverseError {
            $($(#[$doc])* pub const $constant: Self = Self { code: $code, name: $name, message: $message };)*

            /// Every error that is known here, in the order of the codes.
            pub const ALL: &[Self] = &[$(Self::$constant),*];
        }
    };
}

errors! {
    /// The solution is larger than what is taken.
    TOO_LARGE = "0x80040375", "ImportFileTooLargeToUpload", "The import file is too large to upload.";
    /// A file of a type that the environment blocks.
    ATTACHMENT_BLOCKED = "0x80043E09", "AttachmentBlocked",
        "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.";
    /// XML that is not well-formed.
    NOT_WELL_FORMED = "0x80048013", "ImportNonWellFormedFileError",
        "Invalid customization file. This file is not well formed.";
    /// XML that the schema does not allow.
    SCHEMA_INVALID = "0x8004801A", "ImportXsdValidationError",
        "The import file is invalid. XSD validation failed";
    /// A solution of that name is there, from another publisher.
    PUBLISHER_CHANGED = "0x8004801C", "ImportWrongPublisherError",
        "The following managed solution cannot be imported. The publisher name cannot be changed";
    /// A component is needed that neither the target nor the package has.
    MISSING_DEPENDENCIES = "0x8004801D", "ImportMissingDependenciesError",
        "The following solution cannot be imported. Some dependencies are missing.";
    /// A wrapper: it says nothing by itself, the reason is in what it wraps.
    /// Needs an environment: nothing here reports it.
    IMPORT_FAILED = "0x8004801E", "ImportGenericError",
        "The import failed. For more information, see the related error messages.";
    /// A root component is neither in the package nor in the target.
    ROOT_NOT_IN_TARGET = "0x8004801F", "ImportMissingComponent",
        "Cannot add a Root Component because it is not in the target system.";
    /// Labels in a language that the target has not enabled; a warning at import.
    /// Needs an environment: nothing here reports it.
    LANGUAGES_IGNORED = "0x80048026", "ImportLanguagesIgnoredError",
        "Translated labels for the following languages could not be imported because they have not been enabled for this organization";
    /// Another process of the target has the name.
    /// Only the rules of an environment tell it.
    PROCESS_NAME_TAKEN = "0x80048027", "ImportWorkflowNameConflictError",
        "cannot be imported because a workflow with same name and different unique identifier exists in the target system. Change the name of this workflow, and then try again.";
    /// XML that says what it must not.
    /// Only the schema of an environment tells: nothing here reports it.
    INVALID_XML = "0x8004802C", "ImportInvalidXmlError",
        "This solution package cannot be imported because it contains invalid XML. You can attempt to repair the file by manually editing the XML contents using the information found in the schema validation errors, or you can contact your solution provider.";
    /// A wrapper: it says nothing by itself, the reason is in what it wraps.
    SOLUTION_FAILED = "0x80048033", "ImportSolutionError", "An error occurred while importing a Solution.";
    /// A solution is needed that the target does not have, or has in a lower version.
    SOLUTION_NOT_INSTALLED = "0x80048034", "ImportDependencySolutionError",
        "requires solutions that are not currently installed. Import the following solutions before Importing this one";
    /// The target has it managed, and it cannot be upgraded.
    /// Needs an environment: nothing here reports it.
    MANAGED_NOT_UPGRADED = "0x80048038", "ImportSolutionManagedError",
        "already exists in this system as managed and cannot be upgraded.";
    /// A column takes its values from a global option set that is nowhere.
    OPTION_SET_MISSING = "0x80048039", "ImportOptionSetAttributeError",
        "was not imported as it references a non-existing global Option Set";
    /// A component is in the package and not among its root components.
    ROOT_NOT_DECLARED = "0x8004803A", "ImportMissingRootComponentEntry",
        "is not declared in the solution file as a root component. To fix this, import again using the XML file that was generated when you exported the solution.";
    /// The target has it unmanaged, the package is managed.
    /// Only the rules of an environment tell it.
    MANAGED_OVER_UNMANAGED = "0x80048040", "ImportSolutionManagedToUnmanagedMismatch",
        "The solution is already installed on this system as an unmanaged solution and the package supplied is attempting to install it in managed mode. Import can only update solutions when the modes match. Uninstall the current solution and try again.";
    /// The target has it managed, the package is unmanaged.
    /// Only the rules of an environment tell it.
    UNMANAGED_OVER_MANAGED = "0x80048041", "ImportSolutionUnmanagedToManagedMismatch",
        "The solution is already installed on this system as a managed solution and the package supplied is attempting to install it in unmanaged mode. Import can only update solutions when the modes match. Uninstall the current solution and try again.";
    /// A solution that every environment has, and that no import may touch.
    SYSTEM_SOLUTION = "0x80048046", "ImportSystemSolutionError", "System solution cannot be imported.";
    /// The default solution as a managed one.
    DEFAULT_AS_MANAGED = "0x80048049", "ImportDefaultAsPackageError",
        "The package supplied for the default solution is trying to install it in managed mode. The default solution cannot be managed. In the XML for the default solution, set the Managed value back to \"false\" and try to import the solution again.";
    /// A file of the archive's root is not there.
    BAD_ZIP_FILE = "0x80048060", "ImportCustomizationsBadZipFileError",
        "The solution file is invalid. The compressed file must contain the following files at its root: solution.xml, customizations.xml, and [Content_Types].xml.";
    /// A column has no valid prefix.
    ATTRIBUTE_PREFIX = "0x80048062", "ImportAttributeNameError",
        "Custom attribute names must start with a valid customization prefix. The prefix for a solution component should match the prefix that is specified for the publisher of the solution.";
    /// A package that this version of the platform cannot read.
    /// Needs an environment: nothing here reports it.
    PACKAGE_NOT_VALID = "0x80048066", "ImportSolutionPackageNotValid",
        "The solution package you are importing was generated on a version of Microsoft Dynamics 365 that cannot be imported into this system.";
    /// A package of an earlier version, which is changed at import; a warning.
    PACKAGE_NEEDS_UPGRADE = "0x80048067", "ImportSolutionPackageNeedsUpgrade",
        "The solution package you are importing was generated on a different version of Microsoft Dynamics 365. The system will attempt to transform the package prior to import.";
    /// A package of a later version than the target's.
    PACKAGE_VERSION_TOO_HIGH = "0x80048068", "ImportSolutionPackageInvalidSolutionPackageVersion",
        "You can only import solutions with a package version of the target's or earlier into this organization.";
    /// A plug-in type of the target is not in the new assembly, whose version stayed.
    PLUGIN_TYPES_REMOVED = "0x80048071", "ImportNewPluginTypesError",
        "Existing plug-in types have been removed. Please update major or minor verion of plug-in assembly.";
    /// The version of a patch does not fit its parent. The reference of error codes has no such code; number and words are
    /// in the vendor's article about it ("Error code 80048539 when importing solution patch"), which gives no name.
    PATCH_VERSION = "0x80048539", "", "Patch version is invalid for parent version";
    /// Something of another solution needs a component of the one that is to go.
    /// Only the rules of an environment tell it.
    UNINSTALL_WITH_DEPENDENCIES = "0x8004F01D", "CannotUninstallWithDependencies",
        "Solution dependencies exist, cannot uninstall.";
    /// Something needs a component that is to be deleted.
    /// Only the rules of an environment tell it.
    COMPONENT_IN_USE = "0x8004F01F", "CannotDeleteInUseComponent",
        "component cannot be deleted because it is referenced by other components. For a list of referenced components, use the RetrieveDependenciesForDeleteRequest.";
    /// A component refers to one that is neither in the package nor in the target. Number and words are in the vendor's
    /// article about it ("An error occurred calculating dependencies for this component"), which gives no name.
    /// Only the rules of an environment tell it.
    DEPENDENT_COMPONENT_MISSING = "0x8004F036", "",
        "The dependent component does not exist. Failure trying to associate it as a dependency. Missing dependency lookup type = PrimaryKeyLookup.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::DataverseError;

    #[test]
    fn every_code_is_there_once_and_of_one_form() {
        let codes: BTreeSet<&str> = DataverseError::ALL.iter().map(|error| error.code).collect();
        assert_eq!(codes.len(), DataverseError::ALL.len());
        assert!(DataverseError::ALL.is_sorted_by_key(|error| error.code));
        for error in DataverseError::ALL {
            let digits = error.code.strip_prefix("0x").unwrap_or_default();
            let is_digit = |digit: char| digit.is_ascii_digit() || ('A'..='F').contains(&digit);
            assert!(digits.len() == 8 && digits.chars().all(is_digit), "{}", error.code);
            assert!(error.name.chars().all(|character| character.is_ascii_alphanumeric()), "{}", error.name);
            assert!(!error.message.is_empty() && !error.message.contains("{0}"), "{}", error.code);
        }
    }

    #[test]
    fn an_error_without_a_name_is_called_by_its_code() {
        assert_eq!(DataverseError::PATCH_VERSION.title(), "0x80048539");
        assert_eq!(DataverseError::SOLUTION_FAILED.title(), "0x80048033 ImportSolutionError");
    }
}
