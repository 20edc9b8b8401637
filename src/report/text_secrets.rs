//! Secrets as text: the vaults with their secrets, the credentials, what is not filled yet, then the checklist.

use super::page::{Page, Table, bold, dim, plain};
use super::words::{cut, more};
use super::{TextOptions, secret_phrases as phrases, text_findings};
use crate::model::{Code, Finding, codes};
use crate::secrets::{CredentialNeeds, Prerequisite, Secrets, Vault};

/// So many secrets of a vault, and so many credentials, are shown.
const ROWS: usize = 20;
/// So many credentials of one variable are named.
const USES: usize = 4;
/// The findings that say what is not filled.
const NOT_FILLED: [Code; 3] =
    [codes::INVALID_KEY_VAULT_REFERENCE, codes::SECRET_WITHOUT_VALUE, codes::CREDENTIAL_VARIABLE_ABSENT];

/// Writes everything that the set needs.
pub fn secrets(secrets: &Secrets, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    for vault in &secrets.vaults {
        page.gap();
        write_vault(&mut page, vault, options);
    }
    if !secrets.credentials.is_empty() {
        page.gap();
        page.line(0, &[bold("credentials")]);
        write_credentials(&mut page, &secrets.credentials, options);
    }
    let is_not_filled = |finding: &&Finding| NOT_FILLED.contains(&finding.code);
    if secrets.findings.iter().any(|finding| is_not_filled(&finding)) {
        page.gap();
        page.line(0, &[bold("not filled yet")]);
        text_findings::write(&mut page, secrets.findings.iter().filter(is_not_filled), options);
    }
    checklist(&mut page, secrets);
    if secrets.findings.iter().any(|finding| !is_not_filled(&finding)) {
        page.gap();
        let others = secrets.findings.iter().filter(|finding| !is_not_filled(finding));
        text_findings::write(&mut page, others, options);
    }
    page.gap();
    let mut last = phrases::summary(secrets);
    if let Some(count) = text_findings::count(&secrets.findings) {
        last.push_str(&format!("; {count}"));
    }
    page.line(0, &[bold(last)]);
    page.finish()
}

fn write_vault(page: &mut Page, vault: &Vault, options: &TextOptions) {
    let of = phrases::place_of(vault).text();
    page.line(0, &[bold(format!("vault {}", vault.name)), plain(format!("   {of}"))]);
    let mut table = Table::new(2);
    let shown = cut(vault.secrets.len(), ROWS, options.all);
    for secret in &vault.secrets[..shown] {
        for (at, variable) in secret.variables.iter().enumerate() {
            let uses = cut(variable.used_by.len(), USES, options.all);
            let mut used_by = phrases::used_by(&variable.used_by[..uses]).text();
            if uses < variable.used_by.len() {
                used_by.push_str(&format!(" {}", more(variable.used_by.len() - uses)));
            }
            table.row([
                plain(if at == 0 { &*secret.name } else { "" }),
                plain(phrases::variable(variable).text()),
                plain(used_by),
            ]);
        }
    }
    table.write(page);
    if shown < vault.secrets.len() {
        page.line(2, &[dim(more(vault.secrets.len() - shown))]);
    }
}

fn write_credentials(page: &mut Page, credentials: &[CredentialNeeds], options: &TextOptions) {
    let mut table = Table::new(2);
    let shown = cut(credentials.len(), ROWS, options.all);
    for credential in &credentials[..shown] {
        let mut cells = vec![
            plain(format!("{} ({})", credential.name, credential.solution)),
            plain(phrases::kind(credential)),
        ];
        cells.extend(credential.columns.iter().map(|column| plain(phrases::column(column).text())));
        cells.push(plain(phrases::usage(credential)));
        cells.extend(phrases::signed_in_by(credential).map(|phrase| plain(phrase.text())));
        table.row(cells);
    }
    table.write(page);
    if shown < credentials.len() {
        page.line(2, &[dim(more(credentials.len() - shown))]);
    }
}

fn checklist(page: &mut Page, secrets: &Secrets) {
    if secrets.vaults.is_empty() && secrets.prerequisites.is_empty() {
        return;
    }
    page.gap();
    page.line(0, &[bold("to be true before the import")]);
    for vault in &secrets.vaults {
        page.line(2, &[bold(format!("vault {}", vault.name))]);
        for point in &vault.prerequisites {
            // The secrets stand above, one line each.
            let words = match point {
                Prerequisite::SecretExists { .. } => continue,
                Prerequisite::VaultExists => {
                    let secrets = if vault.secrets.len() == 1 { "secret" } else { "secrets" };
                    format!("the vault and its {secrets} above exist")
                }
                point => phrases::prerequisite(point, Some(vault)).text(),
            };
            page.line(4, &[plain("[ ] "), plain(words)]);
        }
    }
    for point in &secrets.prerequisites {
        page.line(2, &[plain("[ ] "), plain(phrases::prerequisite(point, None).text())]);
    }
    if !secrets.vaults.is_empty() {
        page.line(2, &[dim("--format az prints a script of read-only az commands that checks these points")]);
    }
}
