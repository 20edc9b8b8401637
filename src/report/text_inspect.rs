//! Solutions as text, one screen each: what it is, credentials and variables, connection references, flows and what they
//! use, what it needs from elsewhere, what is wrong with it.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};

use super::page::{Page, Part, Table, bold, dim, plain};
use super::words::{contents, counted, cut, more, size};
use super::{TextOptions, text_findings};
use crate::graph::{Evidence, Reference};
use crate::inspect::{Inspection, NeedFromElsewhere};
use crate::model::{
    Component, ComponentKey, CredentialKind, CredentialUse, Details, EnvironmentVariable, Masked, Relation,
    SecretReference, UserNameForm, VariableType,
};

/// So many rows of a section are shown.
const ROWS: usize = 20;
/// So many kinds are named in the counts.
const KINDS: usize = 10;
/// So many targets of one kind of reference are named.
const TARGETS: usize = 4;

/// Writes the solutions, one after the other.
pub fn inspect(solutions: &[Inspection], options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    for inspection in solutions {
        page.gap();
        Screen::new(inspection, options).write(&mut page);
    }
    if solutions.len() > 1 {
        page.gap();
        let findings = solutions.iter().flat_map(|inspection| &inspection.findings);
        let count = text_findings::count(findings).unwrap_or_else(|| "no findings".to_owned());
        page.line(0, &[plain(format!("{count} {}", text_findings::in_solutions(solutions.len())))]);
    }
    page.finish()
}

/// One solution, with what is looked up while it is written.
struct Screen<'i> {
    inspection: &'i Inspection,
    options: &'i TextOptions,
    components: HashMap<&'i ComponentKey, &'i Component>,
    references: HashMap<&'i ComponentKey, Vec<&'i Reference>>,
    credential_variables: HashSet<&'i ComponentKey>,
}

impl<'i> Screen<'i> {
    fn new(inspection: &'i Inspection, options: &'i TextOptions) -> Self {
        let mut components = HashMap::new();
        for component in &inspection.components {
            for key in std::iter::once(&component.key).chain(&component.aliases) {
                components.entry(key).or_insert(component);
            }
        }
        let mut references: HashMap<_, Vec<_>> = HashMap::new();
        for reference in &inspection.references {
            if reference.evidence == Evidence::Observed {
                references.entry(&reference.from).or_default().push(reference);
            }
        }
        let credential_variables = inspection
            .components
            .iter()
            .filter_map(|component| match &component.details {
                Details::Credential(credential) => Some(&credential.variables),
                _ => None,
            })
            .flatten()
            .map(|(_, key)| key)
            .collect();
        Self { inspection, options, components, references, credential_variables }
    }

    fn write(&self, page: &mut Page) {
        self.header(page);
        page.gap();
        self.section(
            page,
            "credentials",
            |details| matches!(details, Details::Credential(_)),
            Self::credential,
        );
        self.section(
            page,
            "variables",
            |details| matches!(details, Details::EnvironmentVariable(_)),
            Self::variable,
        );
        self.section(
            page,
            "connection references",
            |details| matches!(details, Details::ConnectionReference(_)),
            Self::connection_reference,
        );
        self.section(page, "desktop flows", |details| matches!(details, Details::DesktopFlow(_)), Self::flow);
        self.section(page, "cloud flows", |details| matches!(details, Details::CloudFlow(_)), Self::flow);
        self.needs(page);
        if !self.inspection.findings.is_empty() {
            page.gap();
            text_findings::write(page, &self.inspection.findings, self.options);
        }
    }

    fn header(&self, page: &mut Page) {
        let inspection = self.inspection;
        let publisher = &inspection.publisher_details;
        let name = [&publisher.display_name, &publisher.unique_name]
            .into_iter()
            .find(|name| !name.is_empty())
            .map_or("unknown", String::as_str);
        let prefix = match publisher.prefix.as_str() {
            "" => String::new(),
            prefix => format!(" ({prefix})"),
        };
        let managed = if inspection.solution.managed { "managed" } else { "unmanaged" };
        let held = format!(
            "{}, {}, {}",
            counted(inspection.components.len(), "component"),
            counted(inspection.entries, "entry"),
            size(inspection.bytes)
        );
        page.line(
            0,
            &[
                bold(format!("{} {}", inspection.solution.unique_name, inspection.solution.version)),
                plain(format!("   {managed}   publisher {name}{prefix}   {held}")),
            ],
        );
        page.line(2, &[dim(&*inspection.solution.source)]);
        if !inspection.counts.is_empty() {
            let kinds = if self.options.all { usize::MAX - 1 } else { KINDS };
            page.line(2, &[plain(contents(&inspection.counts, kinds))]);
        }
    }

    fn section(
        &self,
        page: &mut Page,
        title: &str,
        is_of_section: fn(&Details) -> bool,
        cells: fn(&Self, &'i Component) -> Vec<Part>,
    ) {
        let rows: Vec<_> =
            self.inspection.components.iter().filter(|component| is_of_section(&component.details)).collect();
        if rows.is_empty() {
            return;
        }
        page.line(0, &[bold(title)]);
        let shown = cut(rows.len(), ROWS, self.options.all);
        let mut table = Table::new(2);
        for component in &rows[..shown] {
            table.row(cells(self, component));
        }
        table.write(page);
        if shown < rows.len() {
            page.line(2, &[dim(more(rows.len() - shown))]);
        }
    }

    fn credential(&self, component: &'i Component) -> Vec<Part> {
        let Details::Credential(credential) = &component.details else { return vec![] };
        let mut cells = vec![plain(&component.name), plain(credential_kind(credential.kind))];
        for (column, key) in &credential.variables {
            cells.push(plain(format!("{} {}{}", column_words(column), key.key, self.secret_of(key))));
        }
        if !credential.uses.is_empty() {
            cells.push(plain(format!("for {}", uses(&credential.uses))));
        }
        cells
    }

    /// ` → vault fab-kv, secret robot7`, for a secret variable.
    fn secret_of(&self, key: &ComponentKey) -> String {
        let Some(component) = self.components.get(key) else { return " (not in this package)".to_owned() };
        let Details::EnvironmentVariable(variable) = &component.details else { return String::new() };
        match &variable.secret {
            Some(secret) => format!(" → {}", secret_words(secret)),
            None => String::new(),
        }
    }

    fn variable(&self, component: &'i Component) -> Vec<Part> {
        let Details::EnvironmentVariable(variable) = &component.details else { return vec![] };
        let is_secret = variable.kind == VariableType::Secret;
        let mut set =
            self.text_words(if is_secret { "reference" } else { "default" }, variable.default.as_ref());
        if let Some(form) = variable.user_name_form {
            set.push_str(&format!(" ({})", form_words(form)));
        }
        let mut cells = vec![
            plain(&*component.key.key),
            plain(variable_type(variable)),
            plain(set),
            plain(self.text_words("packaged value", variable.value.as_ref())),
            plain(if variable.required { "required" } else { "" }),
        ];
        // Where a credential uses the secret, its line has said which one it is.
        let told = self.credential_variables.contains(&component.key);
        if let Some(secret) = variable.secret.as_ref().filter(|_| !told) {
            cells.push(plain(secret_words(secret)));
        }
        cells
    }

    /// `default set`, `no packaged value`; with `--show-values` the text itself.
    fn text_words(&self, what: &str, text: Option<&Masked>) -> String {
        match text {
            None => format!("no {what}"),
            Some(text) if self.options.show_values => format!("{what} \"{}\"", text.reveal()),
            Some(_) if what == "packaged value" => "has a packaged value".to_owned(),
            Some(_) => format!("{what} set"),
        }
    }

    fn connection_reference(&self, component: &'i Component) -> Vec<Part> {
        let Details::ConnectionReference(reference) = &component.details else { return vec![] };
        let mut connector = reference.connector().to_owned();
        if connector.is_empty() {
            connector = "no connector".to_owned();
        }
        if reference.is_for_desktop_flows() {
            connector.push_str(" (runs desktop flows)");
        }
        let name = if component.name.eq_ignore_ascii_case(&component.key.key) { "" } else { &component.name };
        vec![plain(&*component.key.key), plain(connector), plain(name)]
    }

    fn flow(&self, component: &'i Component) -> Vec<Part> {
        let mut cells = vec![plain(&component.name)];
        match &component.details {
            Details::CloudFlow(flow) => cells.push(plain(if flow.on { "on" } else { "off" })),
            Details::DesktopFlow(flow) if flow.uses_credentials => cells.push(plain("gets a credential")),
            _ => cells.push(plain("")),
        }
        cells.push(plain(self.uses_of(component)));
        cells
    }

    /// `runs desktop flow "Post payroll"; uses connection reference fab_mail, connection reference fab_excel`.
    fn uses_of(&self, component: &Component) -> String {
        let mut verbs: IndexMap<&str, IndexSet<String>> = IndexMap::new();
        for reference in self.references.get(&component.key).into_iter().flatten() {
            let Some(relation) = reference.relation else { continue };
            let Some(target) = &reference.to else { continue };
            // The connection reference says which connector it is.
            if relation == Relation::FlowConnector {
                continue;
            }
            let target = match self.components.get(target) {
                Some(component) => component.described(),
                None => target.to_string(),
            };
            verbs.entry(relation.words()).or_default().insert(target);
        }
        let told: Vec<String> = verbs
            .iter()
            .map(|(verb, targets)| {
                let shown = cut(targets.len(), TARGETS, self.options.all);
                let rest = match targets.len() - shown {
                    0 => String::new(),
                    rest => format!(" {}", more(rest)),
                };
                let named: Vec<&str> = targets.iter().take(shown).map(String::as_str).collect();
                format!("{verb} {}{rest}", named.join(", "))
            })
            .collect();
        told.join("; ")
    }

    fn needs(&self, page: &mut Page) {
        let needs = &self.inspection.needs;
        if needs.is_empty() {
            page.line(0, &[bold("needs from elsewhere"), plain("   none")]);
            return;
        }
        page.line(0, &[bold("needs from elsewhere")]);
        let mut table = Table::new(2);
        let shown = cut(needs.len(), ROWS, self.options.all);
        for need in &needs[..shown] {
            let what = match (&need.provider, &need.lowest_version) {
                (Some(provider), Some(version)) => format!("{provider} {version} or later"),
                (Some(provider), None) => provider.clone(),
                (None, _) => "no solution named".to_owned(),
            };
            for (index, words) in needed(need, self.options).into_iter().enumerate() {
                table.row([plain(if index == 0 { what.as_str() } else { "" }), plain(words)]);
            }
        }
        table.write(page);
        if shown < needs.len() {
            page.line(2, &[dim(more(needs.len() - shown))]);
        }
    }
}

/// What is needed of one provider, a row each: one where the provider is named, more where nothing else says what it is.
fn needed(need: &NeedFromElsewhere, options: &TextOptions) -> Vec<String> {
    let most = match need.provider {
        _ if options.all => usize::MAX,
        Some(_) => 1,
        None => ROWS,
    };
    let mut told: Vec<String> = need
        .components
        .iter()
        .take(most)
        .map(|part| format!("{}, used by {}", part.words, part.used_by))
        .collect();
    if let Some(last) = told.last_mut().filter(|_| need.components.len() > most) {
        last.push_str(&format!(" {}", more(need.components.len() - most)));
    }
    told
}

/// A kind of credentials in words.
pub(super) fn credential_kind(kind: CredentialKind) -> String {
    match kind {
        CredentialKind::UserNamePassword => "Azure Key Vault".to_owned(),
        CredentialKind::UserNamePasswordList => "list of user names and passwords".to_owned(),
        CredentialKind::UserNamePasswordListWithGroupMapping => {
            "list of user names and passwords by group".to_owned()
        }
        CredentialKind::CyberArk => "CyberArk".to_owned(),
        CredentialKind::Certificate => "certificate".to_owned(),
        CredentialKind::MachineMapping => "machine mapping".to_owned(),
        CredentialKind::ConnectionReference => "connection reference".to_owned(),
        CredentialKind::Unknown(Some(number)) => format!("unknown type {number}"),
        CredentialKind::Unknown(None) => "no type".to_owned(),
    }
}

pub(super) fn uses(uses: &[CredentialUse]) -> String {
    let told: Vec<String> = uses.iter().map(|usage| usage.words()).collect();
    super::words::listed(&told)
}

pub(super) fn column_words(column: &str) -> &str {
    match column {
        "username" | "cyberarkusername" => "user",
        "cyberarksafe" => "safe",
        "cyberarkobject" => "object",
        other => other,
    }
}

fn secret_words(secret: &SecretReference) -> String {
    match secret {
        SecretReference::KeyVault(reference) => {
            format!("vault {}, secret {}", reference.vault, reference.secret)
        }
        SecretReference::Invalid(fault) => format!("no valid reference to a secret: {}", fault.words()),
    }
}

pub(super) fn form_words(form: UserNameForm) -> &'static str {
    match form {
        UserNameForm::Domain => r"DOMAIN\user form",
        UserNameForm::Principal => "user@domain form",
        UserNameForm::Local => "local user form",
    }
}

fn variable_type(variable: &EnvironmentVariable) -> String {
    match variable.kind {
        VariableType::Unknown(Some(number)) => format!("unknown type {number}"),
        kind => kind.words().unwrap_or("no type").to_owned(),
    }
}
