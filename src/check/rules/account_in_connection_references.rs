//! FLW012: the connection references of a flow hold the name of an account.

use serde_json::Value;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::check::texts::strings_of;
use crate::model::{Component, MASK, Place, UserNameForm, codes, holds_address};

pub(super) const RULE: Rule = Rule {
    code: codes::ACCOUNT_IN_CONNECTION,
    dataverse: None,
    page: include_str!("../../../docs/rules/account-in-connection-references.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut found: Vec<(&Component, String, Place)> = Vec::new();
    for (component, _) in subject.cloud_flows() {
        let Some(part) = subject.flow(&component.key) else { continue };
        let at = "/properties/connectionReferences";
        let accounts = part.document.value().pointer(at).and_then(|references| first_account(references, at));
        found.extend(accounts.map(|(pointer, name)| (component, name, part.place(&pointer))));
    }
    for (component, _) in subject.desktop_flows() {
        let Some(column) = subject.process(&component.key).and_then(|row| row.child("ConnectionReferences"))
        else {
            continue;
        };
        let Ok(references) = serde_json::from_str::<Value>(&column.text()) else { continue };
        if let Some((pointer, name)) = first_account(&references, "") {
            found.push((component, name, subject.customizations.place(column).with_pointer(&pointer)));
        }
    }
    for (component, name, place) in found {
        report
            .about(
                component,
                format!("{} names an account in {name} of its connection references", component.described()),
            )
            .at(place)
            .shown(format!("\"{name}\": \"{MASK}\""))
            .otherwise("whoever gets the package reads whose connection the flow was made with")
            .help("name the connection after what it is for, or blank the name in the unpacked folder");
    }
}

/// Members that people or the platform put the name of a connection into.
const NAMES: &[&str] = &["displayName", "connectionDisplayName", "accountName", "connectionName"];

/// Where the first name of an account stands, and in which member.
fn first_account(references: &Value, pointer: &str) -> Option<(String, String)> {
    strings_of(references, pointer).find_map(|(pointer, text)| {
        let member = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let is_name = NAMES.iter().any(|name| name.eq_ignore_ascii_case(&member));
        (is_name && is_account(text)).then_some((pointer, member))
    })
}

fn is_account(text: &str) -> bool {
    holds_address(text) || UserNameForm::of(text.trim(), false) == Some(UserNameForm::Domain)
}
