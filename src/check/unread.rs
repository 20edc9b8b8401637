//! Files that could not be read: what only they could tell is not known, and no rule may take it for absent.

use crate::model::{ComponentType, Finding, Solution, codes};

/// Whether a file could not be read that lies below this folder, or belongs to a component of one of these kinds. The
/// folder is in small letters.
pub(super) fn has_unread(solution: &Solution, folder: &str, kinds: &[ComponentType]) -> bool {
    let folder = format!("{folder}/");
    let is_below = |finding: &Finding| {
        let file = finding.place.as_ref().map(|place| place.file.to_lowercase()).unwrap_or_default();
        file.match_indices(&folder).any(|(at, _)| at == 0 || file[..at].ends_with([':', '/']))
    };
    solution.findings.iter().any(|finding| {
        [codes::ILL_FORMED_FILE, codes::MISSING_FILE].contains(&finding.code)
            && (is_below(finding)
                || finding.component.as_ref().is_some_and(|component| kinds.contains(&component.kind)))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    const FLOW: &str = "<Workflows><Workflow WorkflowId='{0c0ffee0-0000-4000-8000-000000000002}' Name='Pay'>\
        <JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category></Workflow></Workflows>\
        <connectionreferences><connectionreference connectionreferencelogicalname='fab_Sql'>\
        <connectorid>/providers/Microsoft.PowerApps/apis/shared_sql</connectorid></connectionreference>\
        </connectionreferences>";

    #[test]
    fn a_reference_may_be_used_by_a_flow_that_cannot_be_read() {
        let unused = |flow: &str| {
            found(codes::CONNECTION_REFERENCE_UNUSED, &(file("customizations.xml", FLOW) + flow)).len()
        };
        assert_eq!(unused(&file("Workflows/Pay.json", "{}")), 1);
        assert_eq!(unused(&file("Workflows/Pay.json", "{")), 0);
        assert_eq!(unused(""), 0);
    }

    #[test]
    fn a_variable_may_have_a_value_in_a_file_that_cannot_be_read() {
        let folder = "environmentvariabledefinitions/fab_Limit";
        let definition = file(
            &format!("{folder}/environmentvariabledefinition.xml"),
            "<environmentvariabledefinition schemaname='fab_Limit'><type>100000000</type></environmentvariabledefinition>",
        );
        let without = |values: &str| {
            let values = file(&format!("{folder}/environmentvariablevalues.json"), values);
            found(codes::VARIABLE_WITHOUT_VALUE, &(definition.clone() + &values)).len()
        };
        assert_eq!(without("{}"), 1);
        assert_eq!(without("{"), 0);
    }
}
