//! Numbers of columns as a person says them (`FORMATS.md` §3), with the name by which such a column is told.
//!
//! A number that is not here stays as it is written. Read [`of`].

/// Table, column, how it is told, and its numbers.
type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const COLUMNS: &[Row] = &[
    ("Workflow", "StateCode", "state", &[("0", "off"), ("1", "on"), ("2", "suspended")]),
    ("Workflow", "StatusCode", "status", &[("1", "draft"), ("2", "activated"), ("3", "suspended")]),
    (
        "Workflow",
        "Category",
        "category",
        &[
            ("0", "workflow"),
            ("1", "dialog"),
            ("2", "business rule"),
            ("3", "action"),
            ("4", "business process flow"),
            ("5", "cloud flow"),
            ("6", "desktop flow"),
            ("7", "AI flow"),
        ],
    ),
    (
        "credential",
        "connectiontype",
        "connection type",
        &[
            ("1", "Azure Key Vault"),
            ("2", "list of user names and passwords"),
            ("3", "list of user names and passwords by group"),
            ("4", "CyberArk"),
            ("5", "certificate"),
            ("6", "machine mapping"),
            ("7", "connection reference"),
        ],
    ),
    (
        "credential",
        "usagetype",
        "used for",
        &[
            ("280920000", "connections"),
            ("280920001", "desktop flows"),
            ("280920002", "network"),
            ("280920003", "computer use"),
        ],
    ),
    (
        "environmentvariabledefinition",
        "secretstore",
        "store",
        &[("0", "Azure Key Vault"), ("1", "Microsoft Dataverse")],
    ),
    ("environmentvariabledefinition", "type", "type", VARIABLE_TYPES),
    ("Definition", "Type", "type", VARIABLE_TYPES),
    ("SolutionManifest", "Managed", "package", &[("0", "unmanaged"), ("1", "managed"), ("2", "both")]),
];

const VARIABLE_TYPES: &[(&str, &str)] = &[
    ("100000000", "text"),
    ("100000001", "number"),
    ("100000002", "yes/no"),
    ("100000003", "JSON"),
    ("100000004", "data source"),
    ("100000005", "secret"),
];

/// How a column is told, and what its number means where that is known.
pub(super) fn of(table: &str, column: &str, number: &str) -> Option<(&'static str, Option<&'static str>)> {
    let (.., label, words) = COLUMNS.iter().find(|(of, name, ..)| *of == table && *name == column)?;
    Some((label, words.iter().find(|(known, _)| *known == number).map(|(_, words)| *words)))
}

/// Whether a text is what a number of this column is told as.
pub(super) fn is_one(column: &str, text: &str) -> bool {
    let rows = COLUMNS.iter().filter(|(_, name, ..)| *name == column);
    rows.flat_map(|(.., words)| *words).any(|(_, known)| *known == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_in_words_and_an_unknown_one_as_it_is() {
        assert_eq!(of("Workflow", "StateCode", "1"), Some(("state", Some("on"))));
        assert_eq!(of("Workflow", "StateCode", "9"), Some(("state", None)));
        assert_eq!(of("Workflow", "Name", "1"), None);
        // No two numbers are told alike: a change would be none.
        for (.., words) in COLUMNS {
            let distinct: std::collections::BTreeSet<&str> = words.iter().map(|(_, words)| *words).collect();
            assert_eq!(distinct.len(), words.len());
        }
    }
}
