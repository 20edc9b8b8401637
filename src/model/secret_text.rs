//! Texts with secrets inside: finds them and masks just those parts, so that the rest can be shown.
//!
//! A guard for texts that are not meant to hold secrets (expressions, addresses, excerpts); what is a value stays in
//! [`super::Masked`] as a whole. It knows names (`sig=`, `"password": "…"`, `AccountKey=`), schemes (`Bearer …`,
//! `https://user:secret@host`), addresses of webhooks, tokens by their form and private keys. Read [`masked_text`] first.

use std::ops::Range;

use super::masked::MASK;
use super::secret_argument::behind_name;
use super::secret_command::behind_command;
use super::secret_name::names_secret;
use super::secret_script::in_statement;
use super::secret_value::{Quote, Value, is_known_at_run_time, quote_around, text_end};

/// Whether a secret stands in the text.
pub fn looks_secret(text: &str) -> bool {
    !secret_ranges(text).is_empty()
}

/// The text with every secret in it masked.
pub fn masked_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secret_ranges(text) {
        shown.push_str(&text[from..secret.start]);
        shown.push_str(MASK);
        from = secret.end;
    }
    shown.push_str(&text[from..]);
    shown
}

/// Where the secrets stand, in order, none inside another.
pub(crate) fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    secrets(text).into_iter().map(|secret| secret.range).collect()
}

/// A secret in a text.
#[derive(Debug)]
pub(crate) struct SecretRange {
    pub(crate) range: Range<usize>,
    pub(crate) by: By,
}

/// What says that a text is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// What stands directly before it, or how it looks.
    Form,
    /// The name of an option, an element or a part of a statement, which stands here.
    Name(Range<usize>),
    /// The program that takes it.
    Program,
}

/// The secrets in order, none inside another.
pub(crate) fn secrets(text: &str) -> Vec<SecretRange> {
    let mut found: Vec<SecretRange> = Vec::new();
    let (mut at, mut scanned) = (0, 0);
    let mut around = None;
    while let Some(word) = next_word(text, at) {
        at = word.end;
        around = quote_around(text, scanned, word.start, around);
        scanned = word.start;
        let named = |(range, by)| SecretRange { range, by };
        let formed = |range| SecretRange { range, by: By::Form };
        let secret = after_name(text, &word, around)
            .map(named)
            .or_else(|| {
                in_statement(text, &word)
                    .map(|named| SecretRange { range: named.secret, by: By::Name(named.name) })
            })
            .or_else(|| after_scheme(text, &word, around).map(formed))
            .or_else(|| user_of_address(text, &word).map(formed))
            .or_else(|| private_key(text, &word).map(formed))
            .or_else(|| {
                behind_command(text, &word, around).map(|range| SecretRange { range, by: By::Program })
            })
            .or_else(|| webhook(text, &word).map(formed))
            .or_else(|| telegram(text, &word).map(formed))
            .or_else(|| token(text, &word).map(formed));
        let free = found.last().map_or(0, |last| last.range.end);
        if let Some(SecretRange { range, by }) = secret
            && range.end > range.start.max(free)
        {
            at = at.max(range.end);
            scanned = at;
            found.push(SecretRange { range: range.start.max(free)..range.end, by });
        }
    }
    found
}

/// The next run of letters of Western languages, digits, `_` and `-`. The two digits of a percent-encoded character are no part of it.
fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = from;
    loop {
        start += (start..bytes.len()).position(|at| is_word_at(bytes, at))?;
        let is_encoded = start > 0 && bytes[start - 1] == b'%';
        let digits = bytes[start..].iter().take(2).filter(|byte| byte.is_ascii_hexdigit()).count();
        if is_encoded && digits == 2 && start >= from {
            start += 2;
            if start >= bytes.len() || !is_word_at(bytes, start) {
                continue;
            }
        }
        let end = (start..bytes.len()).find(|at| !is_word_at(bytes, *at)).unwrap_or(bytes.len());
        return Some(start..end);
    }
}

/// Whether a byte is part of a word: of a letter as `ñ`, too, both bytes of which are.
fn is_word_at(bytes: &[u8], at: usize) -> bool {
    const LATIN: u8 = 0xc3;
    is_word(bytes[at]) || bytes[at] == LATIN || (at > 0 && bytes[at - 1] == LATIN)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// `name=value`, `name: value`, `"name": "value"`, and the same escaped in JSON or percent-encoded.
fn after_name(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<(Range<usize>, By)> {
    let name = &text[word.clone()];
    let before = &text[..word.start];
    let is_query = before.ends_with(['?', '&'])
        || ["%3F", "%3f", "%26", "&amp;"].iter().any(|end| before.ends_with(end));
    let is_variable = is_short_variable(text, word);
    if !names_secret(name, is_query) && !is_end_of_name(before, name) && !is_variable {
        return None;
    }
    let by_sign = match text[word.end..].starts_with("']") {
        true => By::Name(word.clone()),
        // What is called so briefly is told by where it stands.
        false if is_variable => By::Program,
        false => By::Form,
    };
    Value::behind(text, word, around, is_query, name.eq_ignore_ascii_case("authorization"))
        .map(|secret| (secret, by_sign))
        .or_else(|| Some((behind_name(text, word, around)?, By::Name(word.clone()))))
}

/// `Mot de passe : x`: the last word of a name of several.
fn is_end_of_name(before: &str, word: &str) -> bool {
    const NAME: (&str, &str) = ("mot de ", "passe");
    let start = before.len().checked_sub(NAME.0.len());
    word.eq_ignore_ascii_case(NAME.1)
        && start.and_then(|start| before.get(start..)).is_some_and(|words| words.eq_ignore_ascii_case(NAME.0))
}

/// `$pw = "x"`: a variable of PowerShell that is given a text.
fn is_short_variable(text: &str, word: &Range<usize>) -> bool {
    const NAMES: &[&str] = &["pw", "pass", "passw", "userpw", "userpass"];
    text[..word.start].ends_with('$')
        && NAMES.iter().any(|name| text[word.clone()].eq_ignore_ascii_case(name))
        && text[word.end..]
            .trim_start()
            .strip_prefix('=')
            .is_some_and(|value| Quote::starting(value.trim_start()).is_some())
}

/// `Bearer x`, `Basic x`: to the blank.
fn after_scheme(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    let scheme = &text[word.clone()];
    if !["bearer", "basic"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let rest = text[word.end..].trim_start_matches(' ');
    let start = text.len() - rest.len();
    let rest = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    let end = text_end(rest, around);
    (start > word.end && end >= 8 && !is_known_at_run_time(rest)).then_some(start..start + end)
}

/// `scheme://user:secret@host`.
fn user_of_address(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let address = text[word.end..].strip_prefix("://")?;
    let end =
        address.find(|c: char| matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '{') || c.is_whitespace());
    let user = address[..end.unwrap_or(address.len())].rsplit_once('@')?.0;
    let colon = user.find(':')?;
    let start = word.end + "://".len();
    Some(start + colon + 1..start + user.len())
}

/// Ends of addresses behind which the rest of the path lets anybody post: Slack, Microsoft Teams.
const WEBHOOKS: &[&str] = &[
    "hooks.slack.com/services",
    "hooks.slack.com/workflows",
    "hooks.slack.com/triggers",
    "webhook.office.com/webhookb2",
    "outlook.office.com/webhook",
    "outlook.office365.com/webhook",
];

/// Whether a text ends with the address of a webhook, but for what is secret in it and the slash before that.
pub(crate) fn ends_with_webhook(text: &str) -> bool {
    let end = |known: &str| text.get(text.len().wrapping_sub(known.len())..);
    WEBHOOKS.iter().any(|known| end(known).is_some_and(|end| end.eq_ignore_ascii_case(known)))
}

/// `https://hooks.slack.com/services/T…/B…/…`
fn webhook(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let rest = text[word.end..].strip_prefix('/')?;
    if !ends_with_webhook(&text[..word.end]) {
        return None;
    }
    let is_path = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=@%".contains(c);
    let length = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
    (length >= 8).then(|| word.end + 1..word.end + 1 + length)
}

/// `https://api.telegram.org/bot123456:…`: the token of a bot, behind its number.
fn telegram(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let number = text[word.clone()].strip_prefix("bot")?;
    if number.len() < 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let rest = &text[word.end..];
    let colon = [":", "%3A", "%3a"].iter().find(|colon| rest.starts_with(**colon))?;
    let token = &rest[colon.len()..];
    let length = token.bytes().take_while(|byte| is_word(*byte)).count();
    let start = word.end + colon.len();
    (length >= 16).then(|| start..start + length)
}

/// `-----BEGIN … PRIVATE KEY-----` to its end.
fn private_key(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    if !text[word.clone()].ends_with("-----BEGIN") {
        return None;
    }
    let rest = &text[word.end..];
    let (header, body) = rest.split_once("-----")?;
    if header.len() > 64 || !header.ends_with("PRIVATE KEY") {
        return None;
    }
    let start = text.len() - body.len();
    Some(start..body.find("-----END").map_or(text.len(), |end| start + end))
}

/// Beginnings of tokens that services give out, with the least length of the whole.
const TOKENS: &[(&str, usize)] = &[
    ("eyJ", 30),
    ("ghp_", 30),
    ("github_pat_", 40),
    ("xoxb-", 24),
    ("xoxp-", 24),
    ("AKIA", 20),
    ("sk-", 32),
];

/// A secret of an application in Microsoft Entra: three characters, a digit, `Q~`, and 31 to 34 more. What goes on behind that
/// belongs to it.
fn client_secret(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let before = text[word.clone()].strip_suffix('Q')?;
    let rest = &text[word.end..];
    let tilde = ["~", "%7E", "%7e"].iter().find(|tilde| rest.starts_with(**tilde))?;
    if !before.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '~' | '.' | '-' | '%');
    let rest = &rest[tilde.len()..];
    let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    // The three characters before the digit, whatever they are.
    let first = text[..word.end].char_indices().rev().take(5).take_while(|(_, c)| is_part(*c)).last();
    let start = first.map_or(word.start, |(at, _)| at);
    (length >= 31).then(|| start..word.end + tilde.len() + length)
}

/// A key that a service of Azure gives out today: 84 letters and digits with its mark inside, and perhaps two more and `==`.
fn azure_key(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    const MARK: &str = "JQQJ9";
    let written = &text[word.clone()];
    let mark = (written.len() >= AZURE_KEY).then(|| written.find(MARK))??;
    let start = mark.checked_sub(BEFORE_MARK)?;
    let key = &written[start..];
    let length = key.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let is_whole = !written[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
    let is_marked = key.as_bytes().get(BEFORE_MARK + MARK.len()).is_some_and(|next| b"9DH".contains(next));
    if !is_whole || !is_marked || !matches!(length, AZURE_KEY | LONG_AZURE_KEY) {
        return None;
    }
    let start = word.start + start;
    let padding = text[start + length..].bytes().take(2).take_while(|byte| *byte == b'=').count();
    Some(start..start + length + padding)
}

/// Characters of such a key; some have two more.
const AZURE_KEY: usize = 84;
const LONG_AZURE_KEY: usize = 86;
/// So many stand before the mark.
const BEFORE_MARK: usize = 52;

/// Whether a text is such a key.
pub(crate) fn is_azure_key(text: &str) -> bool {
    azure_key(text, &(0..text.trim_end_matches('=').len())).is_some_and(|range| range == (0..text.len()))
}

/// A token by its beginning, or a long run of base64 with `=` at the end, as keys of storage accounts are.
fn token(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let rest = &text[word.start..];
    let whole = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    if let Some((_, least)) = TOKENS.iter().find(|(start, _)| rest.starts_with(start)) {
        let length = whole(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        return (length >= *least).then(|| word.start..word.start + length);
    }
    if let Some(secret) = client_secret(text, word).or_else(|| azure_key(text, word)) {
        return Some(secret);
    }
    if text[..word.start].ends_with(['+', '/']) {
        return None;
    }
    let length = whole(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'));
    let padding = rest[length..].bytes().take_while(|byte| *byte == b'=').count();
    (length >= 40 && (1..=2).contains(&padding)).then(|| word.start..word.start + length + padding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        for (text, shown) in [
            (
                "https://x.example/?sv=2022-11-02&sig=aB%2Bc%3D&se=1",
                "https://x.example/?sv=2022-11-02&sig=********&se=1",
            ),
            ("https://f.example/api/run?code=abc==", "https://f.example/api/run?code=********"),
            ("x?a=1&amp;key=abc&amp;b=2", "x?a=1&amp;key=********&amp;b=2"),
            ("https%3A%2F%2Fx%3Fsig%3DaBc%26se%3D1", "https%3A%2F%2Fx%3Fsig%3D********%26se%3D1"),
            (
                "Server=db;User Id=sa;Password=p w;Encrypt=1",
                "Server=db;User Id=sa;Password=********;Encrypt=1",
            ),
            (
                "AccountName=a;AccountKey=k1+/==;EndpointSuffix=e",
                "AccountName=a;AccountKey=********;EndpointSuffix=e",
            ),
            (
                "{\"user\":\"a\",\"password\": \"x\\\"y\",\"n\":1}",
                "{\"user\":\"a\",\"password\": \"********\",\"n\":1}",
            ),
            (
                "{\\\"client_secret\\\":\\\"abc\\\",\\\"n\\\":1}",
                "{\\\"client_secret\\\":\\\"********\\\",\\\"n\\\":1}",
            ),
            ("Authorization: Bearer abcdefgh.ij\nAccept: x", "Authorization: ********\nAccept: x"),
            ("header Bearer abcdefgh1234 end", "header Bearer ******** end"),
            ("amqps://robot:geheim@host.example/q", "amqps://robot:********@host.example/q"),
            ("x-functions-key: abc", "x-functions-key: ********"),
            ("Ocp-Apim-Subscription-Key=abc", "Ocp-Apim-Subscription-Key=********"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----********-----END RSA PRIVATE KEY-----",
            ),
            (
                "https://hooks.slack.com/services/T0AB12CD3/B0EF45GH6/abcDEF123ghi x",
                "https://hooks.slack.com/services/******** x",
            ),
            (
                "'https://fab.webhook.office.com/webhookb2/0c0ffee0-0000@0c0ffee1/IncomingWebhook/0c0f/ee?x=1'",
                "'https://fab.webhook.office.com/webhookb2/********?x=1'",
            ),
            ("id AKIAQ3EGWXYZABCDEFGH, x", "id ********, x"),
            ("t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_ t", "t ******** t"),
            ("é password='ü' é", "é password='********' é"),
        ] {
            assert_eq!(masked_text(text), shown, "{text}");
            assert!(looks_secret(text), "{text}");
            assert!(!shown.contains("geheim"));
        }
    }

    #[test]
    fn a_key_of_a_storage_account_is_told_by_its_form() {
        let key = "q".repeat(43) + "Z+/1" + &"a".repeat(39) + "==";
        assert_eq!(masked_text(&format!("the key {key}.")), "the key ********.");
    }

    #[test]
    fn a_key_of_azure_is_told_by_its_form() {
        let key = "aB3dE5fG7hJ9kL2m".repeat(4)[..52].to_owned() + "JQQJ" + "99BAACYeBjFXJ3w3AAABACOGx7yZ";
        assert_eq!(masked_text(&format!("key: {key}, x")), "key: ********, x");
        assert_eq!(masked_text(&format!("a-{key}")), "a-********");
        assert!(is_azure_key(&key) && !is_azure_key(&key[1..]));
        for text in [&key[1..], &key[..83], &key.replace("JQQJ", "JQQK")] {
            assert_eq!(masked_text(text), *text);
        }
    }

    #[test]
    fn a_secret_of_an_application_is_told_by_its_form() {
        let rest = "bCd-".repeat(8) + "ab";
        assert_eq!(masked_text(&format!("{{\"x\":\"aB37Q~{rest}\"}}")), "{\"x\":\"********\"}");
        assert_eq!(masked_text(&format!("is aB37Q~{rest}. So")), "is ******** So");
        assert_eq!(masked_text(&format!("x=.~B7Q%7E{rest}&y=1")), "x=********&y=1");
        assert_eq!(masked_text("FAQ~a, 7Q~b"), "FAQ~a, 7Q~b");
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        for text in [
            "",
            "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg",
            "@parameters('Robot 7 password (fab_Robot7Password)')",
            "{\"password\":\"@parameters('fab_Robot7Password')\",\"secret\":null,\"token\":\"\"}",
            "password=@{variables('x')}&user=1",
            "https://x.example/page?code",
            "the code: 7, the key: 8",
            "17587d78fc4f49da8dd2b1a564f6044d",
            "/providers/Microsoft.PowerApps/apis/shared_uiflow",
            "robot@fabrikam.example",
            "Basic plan",
            "AKIA",
            "https://hooks.slack.com/services/",
            "https://fab.example/services/T0AB12CD3/B0EF45GH6/x",
            "%",
            "%4",
            "100%25",
        ] {
            assert_eq!(masked_text(text), text);
            assert!(!looks_secret(text), "{text}");
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in [
            "password=@a(",
            "\"password\":\"@{",
            "://a:",
            "-----BEGIN ",
            "eyJ",
            "sig=",
            "Bearer  ",
            "a/",
            "%41",
        ] {
            masked_text(&piece.repeat(100_000));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_masked(text in "(sig|password|key|Bearer |[%=:\"'\\\\@{&?é ])*") {
            masked_text(&text);
        }
    }
}
