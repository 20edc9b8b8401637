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
}
