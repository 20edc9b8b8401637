//! What reading, planning and the list of secrets find: their rules have a page and no code here.

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
    MISSING_PROVIDER Some(DataverseError::SOLUTION_NOT_INSTALLED), "missing-provider";
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
