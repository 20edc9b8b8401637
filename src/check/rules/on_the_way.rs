//! What reading, planning, the list of secrets and the target environment find: their rules have a page and no code here.

use crate::check::rule::{Rule, Run};
use crate::model::{DataverseError, codes};

macro_rules! found {
    ($($constant:ident $dataverse:expr, $page:literal;)*) => {
        pub(super) static RULES: &[Rule] = &[$(Rule {
            code: codes::$constant,
            dataverse: $dataverse,
            page: include_str!(concat!("../../../docs/rules/", $page, ".md")),
            run: Run::OnTheWay,
        }),*];
    };
}

found! {
    DANGLING_REFERENCE None, "dangling-reference";
    UNDECLARED_REFERENCE None, "undeclared-reference";
    PROVIDER_LACKS_COMPONENT Some(DataverseError::MISSING_DEPENDENCIES), "provider-lacks-component";
    MANAGED_NEEDS_UNMANAGED None, "managed-needs-unmanaged";
    PLATFORM_SOLUTION_NEEDED Some(DataverseError::SOLUTION_NOT_INSTALLED), "platform-solution-needed";
    UNRESOLVED_REFERENCE None, "unresolved-reference";
    UNMET_NEED Some(DataverseError::MISSING_DEPENDENCIES), "unmet-need";
    DEPENDENCY_CYCLE None, "dependency-cycle";
    MISSING_PROVIDER Some(DataverseError::SOLUTION_NOT_INSTALLED), "missing-provider";
    PROVIDER_VERSION_TOO_LOW Some(DataverseError::SOLUTION_NOT_INSTALLED), "provider-version-too-low";
    SAME_SOLUTION_TWICE None, "same-solution-twice";
    MANAGED_AND_UNMANAGED None, "managed-and-unmanaged";
    POLICY_GAVE_WAY None, "policy-gave-way";
    PROVIDER_CHOSEN None, "provider-chosen";
    ONE_NAME_TWO_PUBLISHERS Some(DataverseError::PUBLISHER_CHANGED), "one-name-two-publishers";
    STATED_BUT_ABSENT None, "stated-but-absent";
    NEEDS_ITSELF None, "needs-itself";
    CREDENTIAL_BESIDE_FLOWS None, "credential-beside-flows";
    CONNECTION_ID_INVALID None, "connection-id-invalid";
    SETTING_OTHER_CONNECTOR None, "setting-other-connector";
    SETTING_OF_OTHER_TYPE None, "setting-of-other-type";
    SETTING_WITHOUT_COMPONENT None, "setting-without-component";
    SETTING_TWICE None, "setting-twice";
    SETTING_NOT_REPLACED None, "setting-not-replaced";
    ENVIRONMENT_REFUSES None, "environment-refuses";
    VALUE_NOT_GIVEN None, "value-not-given";
    CONNECTION_NOT_BOUND None, "connection-not-bound";
    FLOW_STAYS_OFF None, "flow-stays-off";
    CONNECTION_OUTDATED None, "connection-outdated";
    UNMANAGED_OVER_MANAGED None, "unmanaged-over-managed";
    CONNECTION_INCOMPLETE None, "connection-incomplete";
    UPGRADE_STAGED None, "upgrade-staged";
    DUPLICATE_KEY None, "duplicate-key";
    CREDENTIAL_USE_UNKNOWN None, "credential-use-unknown";
    INVALID_KEY_VAULT_REFERENCE None, "invalid-key-vault-reference";
    SECRET_WITHOUT_VALUE None, "secret-without-value";
    PASSWORD_NOT_SECRET None, "password-not-secret";
    USER_NAME_IS_SECRET None, "username-is-secret";
    CREDENTIAL_INCOMPLETE None, "credential-incomplete";
    CREDENTIAL_VARIABLE_ABSENT None, "credential-variable-absent";
    ROTATION_DEPRECATED None, "rotation-deprecated";
    VAULT_IN_TWO_PLACES None, "vault-in-two-places";
}
