//! SEC015: a credential that the cloud of the target does not have.

use crate::check::rule::{Report, Rule, Run};
use crate::check::settings::Cloud;
use crate::check::subject::Subject;
use crate::model::{CredentialKind, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CREDENTIAL_NOT_IN_CLOUD,
    dataverse: None,
    page: include_str!("../../../docs/rules/credential-not-in-cloud.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, credential) in subject.credentials() {
        let is_mapping = credential.kind == CredentialKind::MachineMapping;
        let cloud = match subject.settings.cloud {
            Cloud::UsGovernment => "the clouds of the US Government",
            Cloud::China if is_mapping => "the regions in China",
            Cloud::China | Cloud::Public => continue,
        };
        let what = if is_mapping { "a machine mapping" } else { "a credential" };
        report
            .about(component, format!("{} is {what}, and {cloud} have none", component.described()))
            .otherwise("nothing in the target can sign in with it")
            .help("leave it out of what goes there, and sign the connections of desktop flows in by hand");
    }
}
