//! Secrets as Markdown, for a release note or an issue: the same as text, with boxes to tick.
//!
//! Every text of an input stands in a code span: nothing in one is a link, a mention or HTML.

use std::fmt::Write as _;

use super::secret_phrases::{self as phrases, Phrase, Piece};
use super::{escape, text_findings};
use crate::model::Severity;
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
        let _ = writeln!(page, "{}{usage}", if usage.is_empty() { "" } else { ", " });
    }
    if !secrets.prerequisites.is_empty() {
        page.push_str("\nTo be true before the import:\n\n");
        for point in &secrets.prerequisites {
            let _ = writeln!(page, "- [ ] {}", markdown(&phrases::prerequisite(point, None)));
        }
    }
    if let Some(count) = text_findings::count(&secrets.findings) {
        let _ = writeln!(page, "\n## Findings: {count}\n");
    }
    for finding in &secrets.findings {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let _ =
            write!(page, "- {level} {} {}: {}", finding.code.id, finding.code.name, span(&finding.message));
        if let Some(place) = &finding.place {
            let _ = write!(page, ", {}", span(&place.to_string()));
        }
        if let Some(help) = &finding.help {
            let _ = write!(page, ". Help: {}", span(help));
        }
        page.push('\n');
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

/// A code span around a text, with a fence that is longer than any in it.
fn span(text: &str) -> String {
    let shown = escape::shown(text);
    let (mut longest, mut run) = (0, 0);
    for character in shown.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // A blank at each end is taken off again, where the text is not of blanks only.
    let is_edged = shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) || shown.is_empty();
    let blank = if is_edged { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn no_text_ends_its_code_span() {
        assert_eq!(span("fab-kv"), "`fab-kv`");
        assert_eq!(span("a`b``c"), "```a`b``c```");
        assert_eq!(span("`@user"), "`` `@user ``");
        assert_eq!(span("a\n# b"), "`a\\n# b`");
        assert_eq!(span(""), "`  `");
    }
}
