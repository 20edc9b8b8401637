//! FLW002: a flow takes a connection reference to be of another connector than it is of.

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Binding, Component, Details, Relation, codes, custom_api};

pub(super) const RULE: Rule = Rule {
    code: codes::CONNECTOR_MISMATCH,
    dataverse: None,
    page: include_str!("../../../docs/rules/connector-mismatch.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for (solution, component) in set.components() {
        let bindings: &[Binding] = match &component.details {
            Details::CloudFlow(flow) => &flow.bindings,
            Details::DesktopFlow(flow) => &flow.bindings,
            _ => continue,
        };
        for binding in bindings {
            let Some((_, found)) = set.find(&binding.reference) else { continue };
            let Details::ConnectionReference(reference) = &found.details else { continue };
            let taken = binding.api.rsplit('/').next().unwrap_or_default();
            let connector = reference.connector();
            if !is_of_platform(taken) || !is_of_platform(connector) || is_custom(found) {
                continue;
            }
            if !taken.eq_ignore_ascii_case(connector) {
                let message = format!(
                    "{} uses {} as one of {taken}, and it is one of {connector}",
                    component.described(),
                    found.described()
                );
                report
                    .about_of(solution, component, message)
                    .at(binding.place.clone())
                    .because(format!("{} is of {connector}", found.described()), Some(found.place.clone()))
                    .otherwise("the actions of the flow find no connection that they can use")
                    .help(format!("choose a connection reference of {taken} in the flow and export again"));
            }
        }
    }
}

/// A connector of the platform itself. Custom ones have several names, and no two of them are compared here.
fn is_of_platform(connector: &str) -> bool {
    connector.to_ascii_lowercase().starts_with("shared_") && custom_api(connector).is_none()
}

fn is_custom(reference: &Component) -> bool {
    reference.uses.iter().any(|used| used.relation == Relation::ConnectionReferenceConnector)
}

#[cfg(test)]
mod tests {
    use crate::check::Example;

    /// Whether it is reported that a flow takes a reference to be of `taken`, when that is of `connector`.
    fn is_found(taken: &str, connector: &str) -> bool {
        let example = format!(
            r#"
`customizations.xml`:

```xml
<Workflows><Workflow WorkflowId="{{0c0ffee0-0000-4000-8000-000000000001}}" Name="Pay"><JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category><StateCode>1</StateCode></Workflow></Workflows>
<connectionreferences><connectionreference connectionreferencelogicalname="fab_pay"><connectorid>/providers/Microsoft.PowerApps/apis/{connector}</connectorid></connectionreference></connectionreferences>
```

`Workflows/Pay.json`:

```json
{{"properties": {{"connectionReferences": {{"x": {{"connection": {{"connectionReferenceLogicalName": "FAB_Pay"}}, "api": {{"name": "{taken}"}}}}}}}}}}
```
"#
        );
        let check = Example::read(&example).unwrap().check().unwrap();
        check.findings.iter().any(|finding| finding.code == super::RULE.code)
    }

    #[test]
    fn only_connectors_of_the_platform_are_compared() {
        assert!(is_found("shared_office365", "shared_sharepointonline"));
        assert!(!is_found("shared_Office365", "shared_office365"));
        // A custom connector goes by several names, and the environment adds to them.
        assert!(!is_found("shared_fab-5fpay", "shared_fab-5fpay-5f0123456789abcdef"));
        assert!(!is_found("shared_pay", "shared_fab-5fpay"));
        assert!(!is_found("", "shared_office365"));
    }
}
