//! SEC012: a connection of another connector than desktop flows is set up for a credential.

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::config::Signer;
use crate::model::{ComponentKey, ComponentType, Details, Relation, Severity, Target, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CREDENTIAL_OTHER_CONNECTOR,
    dataverse: None,
    page: include_str!("../../../docs/rules/credential-other-connector.md"),
    run: Run::Set(check),
};

const HELP: &str = "credentials sign in connections of shared_uiflow only; sign the connection in by hand, and take the credential away from it";

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for stated in &set.settings.plan.signs_in {
        let Signer::ConnectionReference(name) = &stated.signer else { continue };
        let key = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, name);
        let Some((solution, reference, connector)) = other_connector(set, &key) else { continue };
        let message = format!(
            "{reference} is stated to sign in with credential \"{}\" and is of connector {connector}",
            stated.credential
        );
        report.add_of(&solution, &stated.place, message).of(&key).help(HELP);
    }
    // What a credential does with its connection reference is documented by the name of the column alone.
    for (solution, component) in set.components() {
        if !matches!(component.details, Details::Credential(_)) {
            continue;
        }
        let uses = component.uses.iter();
        for used in uses.filter(|used| used.relation == Relation::CredentialConnectionReference) {
            let Target::Component(key) = &used.target else { continue };
            let Some((_, reference, connector)) = other_connector(set, key) else { continue };
            let message =
                format!("{} is for {reference}, which is of connector {connector}", component.described());
            report
                .about_of(solution, component, message)
                .at(used.place.clone())
                .level(Severity::Warning)
                .help(HELP);
        }
    }
}

/// Solution, name and connector of a connection reference of the set that is of another connector.
fn other_connector(set: &Set<'_>, key: &ComponentKey) -> Option<(String, String, String)> {
    let (solution, component) = set.find(key)?;
    let Details::ConnectionReference(reference) = &component.details else { return None };
    if reference.is_for_desktop_flows() || reference.connector().is_empty() {
        return None;
    }
    let name = solution.manifest.unique_name.clone();
    Some((name, component.described(), reference.connector().to_owned()))
}
