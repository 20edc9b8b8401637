//! Secrets as Markdown, for a release note or an issue: the same as text, with boxes to tick.
//!
//! Every text of an input stands in a code span: nothing in one is a link, a mention or HTML.

use std::fmt::Write as _;

use super::escape::markdown_span as span;
use super::markdown_findings;
use super::secret_phrases::{self as phrases, Phrase, Piece};
use crate::secrets::Secrets;

/// Writes everything that the set needs.
pub fn secrets(secrets: &Secrets) -> String {
    let mut page = String::from("# Secrets\n\n");
    let _ = writeln!(page, "{}.", phrases::summary(secrets));
    for vault in &secrets.vaults {
        let _ = writeln!(page, "\n## Vault {}\n", span(&vault.name));
        let _ = writeln!(page, "{}\n", markdown(&phrases::place_of(vault)));
        for secret in &vault.secrets {
            for variable in &secret.variables {
                let _ = writeln!(
                    page,
                    "- secret {}, variable {}: {}",
                    span(&secret.name),
                    markdown(&phrases::variable(variable)),
                    markdown(&phrases::used_by(&variable.used_by))
                );
            }
        }
        page.push_str("\nTo be true before the import:\n\n");
        for point in &vault.prerequisites {
            let _ = writeln!(page, "- [ ] {}", markdown(&phrases::prerequisite(point, Some(vault))));
        }
    }
    if !secrets.credentials.is_empty() {
        page.push_str("\n## Credentials\n\n");
    }
    for credential in &secrets.credentials {
        let of = format!("{} ({})", span(&credential.name), span(&credential.solution));
        let _ = write!(page, "- {of}, {}", phrases::kind(credential));
        for column in &credential.columns {
            let _ = write!(page, ", {}", markdown(&phrases::column(column)));
        }
        let usage = phrases::usage(credential);
        let _ = write!(page, "{}{usage}", if usage.is_empty() { "" } else { ", " });
        if let Some(signed_in_by) = phrases::signed_in_by(credential) {
            let _ = write!(page, ", {}", markdown(&signed_in_by));
        }
        page.push('\n');
    }
    if !secrets.prerequisites.is_empty() {
        page.push_str("\nTo be true before the import:\n\n");
        for point in &secrets.prerequisites {
            let _ = writeln!(page, "- [ ] {}", markdown(&phrases::prerequisite(point, None)));
        }
    }
    if !secrets.findings.is_empty() {
        let _ = write!(
            page,
            "\n## Findings\n\n{}",
            markdown_findings::findings(&secrets.findings, secrets.solutions.len())
        );
    }
    page
}

fn markdown(phrase: &Phrase) -> String {
    let pieces = phrase.0.iter().map(|piece| match piece {
        // Our own words hold a backslash, of `DOMAIN\user`, and nothing else that Markdown reads.
        Piece::Words(words) => words.replace('\\', r"\\"),
        Piece::Name(name) => span(name),
    });
    pieces.collect()
}
