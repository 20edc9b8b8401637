//! Secrets that are written out: what a text holds, and what a text under a name must be. A text that is only masked to be
//! safe (see [`secret_ranges`]) is not one yet: here a value must look like one that somebody made or got.
//!
//! Read [`in_text`] first, then [`under_name`].

use std::ops::Range;

use crate::model::{
    By, MASK, Mark, PASSWORDS, SecretRange, Severity, ends_with_webhook, is_azure_key, secret_ranges, secrets,
};
use crate::text::from_base64;

/// So many characters are shown before a secret, and so many behind it.
const BEFORE: usize = 40;
const BEHIND: usize = 20;

/// What kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    PrivateKey,
    SignedAddress,
    ConnectionString,
    Token,
    AddressWithKey,
    AddressWithPassword,
    UserAndPassword,
    Webhook,
    AzureKey,
    /// A long key by its form alone.
    Key,
    /// By the name it stands under alone.
    Named,
    /// By the name of an option, an element or a part of a statement alone.
    Behind,
    /// By the program that takes it alone.
    Argument,
}

impl Kind {
    /// As a sentence names it; of a guess by name that name says what it is.
    pub(super) fn words(self, name: &str) -> &'static str {
        let name = folded(name);
        match self {
            Self::PrivateKey => "a private key",
            Self::SignedAddress => "a signed address",
            Self::ConnectionString => "a connection string with its key",
            Self::Token => "a token",
            Self::AddressWithKey => "an address with a key",
            Self::AddressWithPassword => "an address with a password",
            Self::UserAndPassword => "a user name with its password",
            Self::Webhook => "the address of a webhook, with which anybody can post",
            Self::AzureKey => "a key of a service of Azure",
            Self::Argument => "what a program or a script takes as a password",
            Self::Named | Self::Behind
                if PASSWORDS.iter().any(|end| name.contains(end)) || name.ends_with("pwd") =>
            {
                "what looks like a password"
            }
            Self::Named | Self::Behind if name.ends_with("token") || name == "authorization" => {
                "what looks like a token"
            }
            Self::Named | Self::Behind if !name.ends_with("key") => "what looks like a secret",
            Self::Key | Self::Named | Self::Behind => "what looks like a key",
        }
    }

    /// A guess is a warning.
    pub(super) fn level(self) -> Severity {
        match self {
            Self::Key | Self::Named | Self::Behind | Self::Argument => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// One secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// The secret itself, never to be shown.
    pub(super) range: Range<usize>,
    /// The name it stands under in the text, as written; for a guess by name.
    pub(super) name: String,
}

impl Found {
    /// What stands around the secret, masked, and where the mask is.
    pub(super) fn shown(&self, text: &str) -> (String, Mark) {
        let ranges = secret_ranges(text);
        let within = |from: usize, to: usize| {
            let inside = ranges.iter().filter(move |range| from <= range.start && range.end <= to);
            let ends = inside.clone().map(|range| range.start).chain([to]);
            let starts = [from].into_iter().chain(inside.map(|range| range.end));
            starts.zip(ends).map(|(from, to)| text[from..to].replace(char::is_control, " ")).collect()
        };
        let before: Vec<String> = within(0, self.range.start);
        let after: Vec<String> = within(self.range.end, text.len());
        let before = window(before.iter().rev().map(|part| part.chars().rev().collect()), BEFORE);
        let before: String = before.chars().rev().collect();
        let start = before.chars().count() as u32;
        let after = window(after.into_iter(), BEHIND);
        (format!("{before}{MASK}{after}"), Mark { start, length: MASK.len() as u32 })
    }
}

/// So many characters of texts with a mask between each two, which is not cut; a sign behind them where more follows.
fn window(parts: impl Iterator<Item = String>, most: usize) -> String {
    let mut shown = String::new();
    let mut left = most;
    for (at, part) in parts.enumerate() {
        if at > 0 {
            if left < MASK.len() {
                shown.push('…');
                return shown;
            }
            shown.push_str(MASK);
            left -= MASK.len();
        }
        shown.extend(part.chars().take(left));
        if part.chars().count() > left {
            shown.push('…');
            return shown;
        }
        left -= part.chars().count();
    }
    shown
}

/// A name and a mask in the place of the secret that stands under it.
pub(super) fn masked_under(name: &str) -> (String, Mark) {
    let name = format!("\"{name}\": ");
    (format!("{name}{MASK}"), Mark { start: name.chars().count() as u32, length: MASK.len() as u32 })
}

/// The surest secret that is written out in a text. In an expression of the platform a guess is none: what stands beside a
/// name there is code.
pub(super) fn in_text(text: &str) -> Option<Found> {
    let is_code = is_expression(text);
    let found = secrets(text).into_iter().filter_map(|secret| {
        classify(text, secret.range.clone()).or_else(|| by_what_stands_before(text, secret))
    });
    found.filter(|found| !is_code || found.kind.level() == Severity::Error).min_by_key(|found| found.kind)
}

/// Most digits of a port.
const PORT: usize = 5;

/// A guess by what the secret stands behind: the name of an option, an element or a part of a statement, or a program.
fn by_what_stands_before(text: &str, SecretRange { range, by }: SecretRange) -> Option<Found> {
    let value = &text[range.clone()];
    // A text with a variable in it is known at run time only.
    if value.contains('%') || value.contains('$') && value.starts_with(['$', '(']) {
        return None;
    }
    match by {
        By::Form => None,
        By::Name(name) => {
            let name = text[name].trim_start_matches('-').trim_matches(['\'', '\\', ':', ' ']);
            is_given(name, value).then(|| Found { kind: Kind::Behind, range, name: name.to_owned() })
        }
        // A number may be a port.
        By::Program if value.len() <= PORT && value.bytes().all(|byte| byte.is_ascii_digit()) => None,
        By::Program => (is_value(value) && !NO_SECRETS.contains(&&*folded(value))).then(|| Found {
            kind: Kind::Argument,
            range,
            name: String::new(),
        }),
    }
}

/// A text that the run time evaluates as a whole.
fn is_expression(text: &str) -> bool {
    text.starts_with('@') && !text.starts_with("@@") && !text.starts_with("@{")
}

fn classify(text: &str, range: Range<usize>) -> Option<Found> {
    let (before, value) = (&text[..range.start], &text[range.clone()]);
    // What closes the text around an address is masked with it.
    let value = value.trim_end_matches([')', ']', '}', '.', ',', ';', '\'']);
    let found = |kind, name: &str| Some(Found { kind, range: range.clone(), name: name.to_owned() });
    if before.ends_with("PRIVATE KEY-----") {
        return (value.len() >= 64 && is_literal(value)).then(|| found(Kind::PrivateKey, "")).flatten();
    }
    if before.strip_suffix('/').is_some_and(ends_with_webhook) {
        return is_made(value, 20).then(|| found(Kind::Webhook, "")).flatten();
    }
    let (written, separator) = name_before(before);
    let name = folded(written);
    // A header holds the scheme and then the token.
    let token = value.trim().rsplit(' ').next().unwrap_or_default();
    match &*name {
        "sig" | "signature" | "sharedaccesssignature" => {
            let is_address =
                text.contains("://") || text.contains("SharedAccessSignature") || before.contains("&");
            (is_address && is_made(value, 20)).then(|| found(Kind::SignedAddress, &name)).flatten()
        }
        "accountkey" | "sharedaccesskey" => {
            is_made(value, 20).then(|| found(Kind::ConnectionString, &name)).flatten()
        }
        "code" | "key" => is_made(value, 20).then(|| found(Kind::AddressWithKey, &name)).flatten(),
        "authorization" | "basic" if is_user_and_password(token) => found(Kind::UserAndPassword, &name),
        "authorization" | "bearer" | "basic" => {
            is_made(token, 16).then(|| found(Kind::Token, &name)).flatten()
        }
        "password" | "pwd" if separator == '=' && is_connection_string(text) => {
            is_value(value).then(|| found(Kind::ConnectionString, &name)).flatten()
        }
        _ if is_user_of_address(before) => {
            is_value(value).then(|| found(Kind::AddressWithPassword, "")).flatten()
        }
        _ if is_azure_key(value) && is_made(value, 84) => found(Kind::AzureKey, &name),
        _ if is_given_token(value) => found(Kind::Token, &name),
        "" => (value.len() == 88 && value.ends_with("==") && is_made(value, 88))
            .then(|| found(Kind::Key, ""))
            .flatten(),
        // In prose a colon means nothing.
        _ => {
            let is_given = separator == '=' || before.ends_with(['"', '\'']);
            (is_given && under_name(&name, value)).then(|| found(Kind::Named, written)).flatten()
        }
    }
}

/// The name that ends before the separator before a value, and the separator; a blank one where there is none.
fn name_before(before: &str) -> (&str, char) {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '\\');
    let rest = before.trim_end_matches(is_quote).trim_end();
    let (rest, separator) = match rest.strip_suffix("%3D").or_else(|| rest.strip_suffix("%3d")) {
        Some(rest) => (rest, '='),
        None => match rest.strip_suffix(['=', ':']) {
            Some(shorter) => (shorter, rest[shorter.len()..].chars().next().unwrap_or(' ')),
            None => (rest, ' '),
        },
    };
    let rest = rest.trim_end().trim_end_matches(is_quote);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let start =
        rest.rfind(|c| !is_part(c)).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
    let name = &rest[start..];
    if separator == ' ' && !matches!(&*folded(name), "bearer" | "basic") {
        return ("", ' ');
    }
    (name, separator)
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `Server=x;User Id=y;Password=z`
fn is_connection_string(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["server=", "data source=", "host=", "user id=", "uid=", "provider="]
        .iter()
        .any(|part| text.contains(part))
        && text.contains(';')
}

/// `scheme://user:`
fn is_user_of_address(before: &str) -> bool {
    let Some(user) = before.strip_suffix(':') else { return false };
    user.rfind("://").is_some_and(|at| user.len() > at + 3 && !user[at + 3..].contains(['/', '@', ' ', '?']))
}

/// What `Basic` has behind it: base64 of `user:password`.
fn is_user_and_password(token: &str) -> bool {
    let text = from_base64(token).and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.filter(|text| !text.contains(char::is_control));
    text.is_some_and(|text| {
        text.split_once(':').is_some_and(|(_, password)| !password.is_empty() && is_literal(&text))
    })
}

/// The id of an access key of Amazon Web Services; the one in their handbook ends with `EXAMPLE`.
fn is_access_key_id(value: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    value.strip_prefix("AKIA").is_some_and(|id| id.len() == 16 && id.bytes().all(is_part))
        && is_literal(value)
}

/// Tokens that say by themselves what they are.
fn is_given_token(value: &str) -> bool {
    if value.starts_with("eyJ") {
        let parts: Vec<&str> = value.split('.').collect();
        return parts.len() >= 3 && parts[..2].iter().all(|part| part.len() >= 10);
    }
    // A secret of an application in Microsoft Entra.
    if value.find("Q~").is_some_and(|at| (1..=4).contains(&at) && value.as_bytes()[at - 1].is_ascii_digit()) {
        return is_made(value, 30);
    }
    if is_access_key_id(value) {
        return true;
    }
    let starts = ["ghp_", "github_pat_", "xoxb-", "xoxp-", "sk-"];
    starts.iter().any(|start| value.starts_with(start)) && is_made(value, 20)
}

/// Made by a machine: no blank, letters and digits in it, not one letter again and again.
fn is_made(value: &str, least: usize) -> bool {
    value.len() >= least
        && is_literal(value)
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_graphic())
        && value.bytes().collect::<std::collections::BTreeSet<u8>>().len() >= 8
}

/// What could be a password or key that a person wrote down.
fn is_value(value: &str) -> bool {
    let value = value.trim();
    (4..=4096).contains(&value.len()) && is_literal(value) && !value.contains(char::is_whitespace)
}

/// Neither computed at run time nor left to be filled in.
fn is_literal(value: &str) -> bool {
    let value = value.trim();
    const COMPUTED: &[&str] = &["@{", "{{", "${", "#{", "$(", "('", "(\"", "<", ">", "…", "...", "]", "["];
    const LEFT_OPEN: &[&str] = &[
        "your",
        "placeholder",
        "xxxx",
        "****",
        "••",
        "redacted",
        "removed",
        "replace",
        "insert",
        "changeme",
        "dummy",
        "sample",
        "example",
        "todo",
        "here",
    ];
    let is_call = value.starts_with('@')
        && value[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        && value.contains('(');
    let small = value.to_ascii_lowercase();
    let first = value.chars().next();
    !is_call
        && !value.starts_with('%')
        && !COMPUTED.iter().any(|part| value.contains(part))
        && !LEFT_OPEN.iter().any(|word| small.contains(word))
        && value.chars().any(|character| Some(character) != first)
}

/// Other names whose values are secret, folded; also as ends of longer names.
const NAMES: &[&str] = &[
    "pwd",
    "secret",
    "secretkey",
    "apikey",
    "accesskey",
    "accountkey",
    "sharedkey",
    "subscriptionkey",
    "functionskey",
    "functionkey",
    "encryptionkey",
    "decryptionkey",
    "privatekey",
    "accesstoken",
    "refreshtoken",
    "bearertoken",
    "apitoken",
    "authtoken",
    "authorization",
    "clientsecret",
];

/// Texts that stand under such names and are none: types, states, and where the secret itself is.
const NO_SECRETS: &[&str] = &[
    "string",
    "securestring",
    "object",
    "boolean",
    "integer",
    "null",
    "none",
    "true",
    "false",
    "undefined",
    "password",
    "secret",
    "token",
    "apikey",
    "text",
    "body",
    "header",
    "query",
    "basic",
    "bearer",
    "oauth",
    "anonymous",
    "azurekeyvault",
    "keyvault",
    "optional",
    "required",
    "enabled",
    "disabled",
];

/// Whether a name says that what stands under it is secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = folded(name);
    NAMES.iter().chain(PASSWORDS).any(|secret| name.ends_with(secret))
        && !name.starts_with("is")
        && !name.starts_with("has")
}

/// Whether a text that a name is given is a secret; a field of a window may be called after its password and more.
fn is_given(name: &str, value: &str) -> bool {
    let written = folded(name);
    let end = PASSWORDS.iter().find_map(|password| Some(written.find(password)? + password.len()));
    under_name(end.and_then(|end| written.get(..end)).unwrap_or(&written), value)
}

/// Whether a text under a name is a secret, as far as the name can tell.
pub(super) fn under_name(name: &str, value: &str) -> bool {
    let small = value.trim().to_ascii_lowercase();
    is_secret_name(name)
        && is_value(value)
        && !is_expression(value)
        && !value.contains("@{")
        && !NO_SECRETS.contains(&&*folded(&small))
        && folded(&small) != folded(name)
        && !small.contains("://")
        && !small.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that no scanner of secrets takes a line of this file for one.
    fn made(length: usize) -> String {
        "aB3dE5fG7hJ9kL2m".chars().cycle().take(length).collect()
    }

    #[test]
    fn each_kind_is_told() {
        let key = made(43);
        for (text, kind) in [
            (format!("https://h.example/invoke?sv=1.0&sig={key}"), Kind::SignedAddress),
            (
                format!("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key}=="),
                Kind::ConnectionString,
            ),
            (format!("Server=db;User Id=sa;{}=Geheim7;", "Password"), Kind::ConnectionString),
            (format!("https://f.example/api/run?code={key}=="), Kind::AddressWithKey),
            (format!("Bearer {key}"), Kind::Token),
            (format!("{}: Basic {key}", "Authorization"), Kind::Token),
            (format!("ghp_{}", made(36)), Kind::Token),
            (format!("a{}Q~{}", "B37", made(34)), Kind::Token),
            (format!("eyJ{key}.eyJ{key}.{key}"), Kind::Token),
            (format!("-----BEGIN {}-----\n{key}{key}\n-----END", "PRIVATE KEY"), Kind::PrivateKey),
            (format!("amqps://robot:{}@h.example/q", "Geheim7"), Kind::AddressWithPassword),
            (format!("{}==", made(86)), Kind::Key),
            (format!("{{\"user\":\"a\",\"{}\":\"Geheim7\"}}", "password"), Kind::Named),
            (format!("client_{}=Geheim7&grant_type=x", "secret"), Kind::Named),
        ] {
            assert_eq!(in_text(&text).map(|found| found.kind), Some(kind), "{text}");
        }
        // The surest one is told.
        let both = format!("{}=Geheim7&x=1 https://h.example/?a=1&sig={key}", "pwd");
        assert_eq!(in_text(&both).map(|found| found.kind), Some(Kind::SignedAddress));
    }

    #[test]
    fn what_is_shown_is_cut_with_a_sign_and_never_in_a_mask() {
        let shown = |text: &str| {
            let found = in_text(text).expect("a secret");
            let (excerpt, mark) = found.shown(text);
            let marked: String =
                excerpt.chars().skip(mark.start as usize).take(mark.length as usize).collect();
            assert_eq!(marked, MASK);
            (excerpt, found.name)
        };
        let (client, user) = ("client_secret", "é".repeat(50));
        let (excerpt, name) = shown(&format!("user={user}&{client}=Geheim7&x=1"));
        assert_eq!((&*excerpt, &*name), (&*format!("…{}&{client}=********&x=1", "é".repeat(25)), client));
        let key = made(43);
        let first =
            format!("https://h.example/a?x={}&pwd=Geheim7&a=b&c=dddd&sig={key}&y={user}", "a".repeat(9));
        assert_eq!(
            shown(&first).0,
            format!("…x=aaaaaaaaa&pwd=********&a=b&c=dddd&sig=********&y={}…", "é".repeat(17))
        );
    }

    #[test]
    fn what_is_no_secret_is_none() {
        for text in [
            "@parameters('Robot 7 password (fab_Robot7Password)')",
            "https://h.example/?sig=@{variables('signature')}",
            "{\"password\":\"@{body('Get')?['value']}\",\"secret\":\"\",\"token\":null}",
            "@replace(outputs('x'),'token=', '')",
            "password: please enter it",
            "Password=********;Server=a;",
            "Server=a;Password=<your password>;",
            "api_key=YOUR_API_KEY",
            "{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\"}}}",
            "Bearer @{variables('token')}",
            "the signature: Kind regards",
            "eyJrZXkiOiJ2YWx1ZSIsImEiOiJiIn0aaaaaaaaaaaaaaaa",
        ] {
            assert_eq!(in_text(text), None, "{text}");
        }
        assert!(under_name("x-functions-key", "aB3dE5") && under_name("fab_ClientSecret", "Geheim7"));
        for (name, value) in [
            ("password", "string"),
            ("password", ""),
            ("password", "Password"),
            ("isSecret", "aB3dE5"),
            ("secret", "/subscriptions/0/resourceGroups/rg"),
            ("secret", "https://kv.vault.example/secrets/a"),
            ("password", "@triggerBody()['x']"),
            ("nextPageToken", "aB3dE5"),
            ("signature", "Kind regards"),
        ] {
            assert!(!under_name(name, value), "{name} {value}");
        }
    }
}
