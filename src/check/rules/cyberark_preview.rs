//! SEC016: a credential takes its password from CyberArk.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{CredentialKind, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CYBERARK_PREVIEW,
    dataverse: None,
    page: include_str!("../../../docs/rules/cyberark-preview.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, credential) in subject.credentials() {
        if credential.kind == CredentialKind::CyberArk {
            report
                .about(component, format!("{} takes its password from CyberArk, a preview", component.described()))
                .help("add the application with its certificate to each machine or group of the target; that does not travel");
        }
    }
}
