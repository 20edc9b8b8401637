//! Why an import failed: the cause under the codes that only wrap it, by the platform's words and never by a code alone.
//!
//! Read [`Explanation`] first, then [`explain`]: find the messages, find the causes that are known in them, say what is
//! missing and which package of the set would bring it.

mod causes;
mod cut_off;
mod encoding;
mod messages;
mod parts;
mod provider;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Serialize;

use crate::model::{
    ComponentKey, ComponentType, DataverseError, MASK, SecretReference, Solution, SolutionIdentity, Version,
    describe, masked_file,
};
use causes::Known;
use messages::{Message, Messages};
use provider::Providers;

/// What a failed import says, explained.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The causes that were found, the likeliest first: what else failed is mostly a consequence.
    pub causes: Vec<Cause>,
    /// Unique or display name of the solution that failed, where a message says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    /// Messages that nothing here explains, masked.
    pub unexplained: Vec<Unexplained>,
    /// So many messages of failures were read.
    pub failures: usize,
    /// So many messages of warnings were read.
    pub warnings: usize,
    /// The text ends too early: what else failed is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut_off: bool,
}

/// One cause.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Kebab-case name.
    pub name: String,
    /// One sentence.
    pub words: String,
    /// The platform's error, where its words belong to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataverse: Option<DataverseError>,
    /// The component it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentKey>,
    /// What is missing, or still used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What to do, the first thing first.
    pub first: Vec<String>,
    /// In so many messages.
    pub messages: usize,
    /// The messages were warnings only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    /// Where the words are known from.
    pub source: &'static str,
}

/// Something that is missing, or that is still used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// What, in words.
    pub words: String,
    /// Its identity, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentKey>,
    /// By what it is needed or used, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<String>,
    /// Unique name of the solution that the source had it from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    /// The version of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The source had it in its unmanaged layer only, in no solution.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unmanaged_layer: bool,
    /// What the packages at hand say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided: Option<Provided>,
}

impl Part {
    fn new(words: String) -> Self {
        Self {
            words,
            component: None,
            used_by: None,
            solution: None,
            version: None,
            unmanaged_layer: false,
            provided: None,
        }
    }
}

/// What the packages at hand say of something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Provided {
    /// These bring it: import one of them first.
    By {
        /// Which.
        packages: Vec<SolutionIdentity>,
    },
    /// One brings it, and needs the solution that failed as well.
    InACircle {
        /// Which.
        package: SolutionIdentity,
        /// What to move, in one sentence.
        way_out: String,
    },
    /// One has the name, and a lower version.
    TooLow {
        /// Which.
        package: SolutionIdentity,
    },
    /// None.
    ByNone,
}

/// A message that nothing explains.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Unexplained {
    /// Its words, masked and cut.
    pub words: String,
    /// The code beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is about, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

impl Explanation {
    /// Whether every failure has a cause that is known; a wrapper alone is none.
    pub fn is_explained(&self) -> bool {
        let is_wrapper = |cause: &Cause| cause.name == causes::WRAPPER;
        let has_cause = self.causes.iter().any(|cause| !is_wrapper(cause) && !cause.warning);
        (self.failures == 0 && !self.cut_off) || has_cause
    }
}

/// The text of what an import left: in UTF-8, in UTF-16, or in the one-byte encoding that its declaration names; none of
/// anything else.
pub fn decoded(bytes: Vec<u8>) -> Option<String> {
    encoding::decoded(bytes)
}

/// Characters of a message that nothing explains.
const LONGEST: usize = 300;

/// Explains the text that a failed import left; `solutions` are the packages at hand.
pub fn explain(text: &str, solutions: &[Solution]) -> Explanation {
    let Messages { all: messages, is_cut_off } = messages::messages(text);
    let solution = messages.iter().find_map(|message| parts::failed_solution(&message.text));
    let providers = Providers::new(solutions, solution.as_deref());
    let mut causes: BTreeMap<(usize, String), Cause> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for message in &messages {
        let found = causes::find(&message.text);
        if found.is_empty() && !message.is_warning {
            unexplained.push(Unexplained {
                words: cut(&shown(&message.text)),
                code: message.code.clone(),
                about: message.about.as_ref().map(|(kind, name)| shown(&format!("{kind} {name}"))),
            });
        }
        for (at, known, groups) in found {
            let mut cause = cause(known, &groups, message, &providers);
            let parts = std::mem::take(&mut cause.parts);
            let known = causes.entry((at, cause.words.clone())).or_insert_with(|| Cause {
                messages: 0,
                warning: true,
                ..cause
            });
            known.messages += 1;
            known.warning &= message.is_warning;
            for part in parts {
                if !known.parts.contains(&part) {
                    known.parts.push(part);
                }
            }
        }
    }
    let mut causes: Vec<((usize, String), Cause)> = causes.into_iter().collect();
    without_general(&mut causes);
    // A wrapper is told only where nothing else is known.
    let is_wrapper = |cause: &Cause| cause.name == causes::WRAPPER;
    if causes.iter().any(|(_, cause)| !is_wrapper(cause)) {
        causes.retain(|(_, cause)| !is_wrapper(cause));
    }
    causes.sort_by_key(|((at, _), cause)| (cause.warning, *at));
    let is_warning = messages.iter().filter(|message| message.is_warning).count();
    Explanation {
        causes: causes.into_iter().map(|(_, cause)| cause).collect(),
        solution: solution.map(|name| shown(&name)),
        unexplained,
        failures: messages.len() - is_warning,
        warnings: is_warning,
        cut_off: is_cut_off,
    }
}

/// Takes out what a row of the same name before it says more exactly, of the same words or of those around them.
fn without_general(causes: &mut Vec<((usize, String), Cause)>) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for ((at, _), cause) in causes.iter().filter(|(_, cause)| !cause.warning) {
        first.entry(cause.name.clone()).or_insert(*at);
    }
    let mut kept: Vec<((usize, String), Cause)> = Vec::with_capacity(causes.len());
    for ((at, words), cause) in causes.drain(..) {
        let is_said = causes::names_nothing(at) && first.get(&cause.name).is_some_and(|first| *first < at);
        let exact = kept.iter_mut().find(|((_, _), known)| is_said && known.name == cause.name);
        match exact {
            Some((_, exact)) => {
                let new = cause.parts.into_iter().filter(|part| !exact.parts.contains(part));
                let new: Vec<Part> = new.collect();
                exact.parts.extend(new);
            }
            None => kept.push(((at, words), cause)),
        }
    }
    *causes = kept;
}

fn cause(
    known: &'static Known,
    groups: &Captures<'_>,
    message: &Message,
    providers: &Providers<'_>,
) -> Cause {
    let component = component(known, groups);
    let named = |name: &str| -> String {
        let text = groups.name(name).map_or("", |group| group.as_str());
        match name {
            "component" => match &component {
                Some(key) => providers.described(key),
                None if text.is_empty() => "a component".to_owned(),
                None => shown(text),
            },
            "user" => {
                let kind = groups.name("user_kind").map_or("", |group| group.as_str());
                providers.described(&ComponentKey::new(ComponentType::named(kind), text))
            }
            "secret" => {
                reference_in_parts(text).unwrap_or_else(|| "a secret that a variable names".to_owned())
            }
            "connector" => shown(text.rsplit('/').next().unwrap_or_default()),
            _ => shown(text),
        }
    };
    let mut found = match &*known.name {
        "missing-dependencies" => parts::missing_dependencies(&message.text, &|key| providers.described(key)),
        "still-used" => parts::still_used(&message.text),
        "solution-not-installed" => parts::solutions(&message.text),
        "dependent-component-missing" | "root-component-missing" => component
            .iter()
            .map(|key| Part { component: Some(key.clone()), ..Part::new(providers.described(key)) })
            .collect(),
        _ => Vec::new(),
    };
    if known.name != "still-used" {
        providers.fill(&mut found);
    }
    let error = known.code.as_deref();
    Cause {
        name: known.name.clone(),
        words: filled(&known.words, &named),
        dataverse: DataverseError::ALL.iter().find(|known| Some(known.code) == error).copied(),
        parts: found,
        first: known.first.iter().map(|step| filled(step, &named)).collect(),
        component,
        messages: 1,
        warning: message.is_warning,
        source: &known.source,
    }
}

/// The platform has two numbers for connectors: this one is in messages, the other one in solutions.
const CONNECTOR_OF_MESSAGES: u32 = 371;

/// What the group `component` names: a row of the table that the cause or another group tells.
fn component(known: &Known, groups: &Captures<'_>) -> Option<ComponentKey> {
    let name = groups.name("component")?.as_str().trim_matches(['\'', '"', '\\']);
    if name.is_empty() {
        return None;
    }
    let code = groups.name("code").and_then(|code| code.as_str().parse().ok());
    let of_code = |code: u32| match code {
        CONNECTOR_OF_MESSAGES => Some(ComponentType::CONNECTOR),
        _ => ComponentType::from_code(code),
    };
    let kind = match (&known.kind, groups.name("kind"), code.and_then(of_code)) {
        (Some(kind), _, _) => ComponentType::named(kind),
        (None, Some(kind), _) => ComponentType::named(kind.as_str()),
        (None, None, Some(kind)) => kind,
        (None, None, None) => return None,
    };
    Some(ComponentKey::new(kind, name))
}

/// A text of a message as it is shown: no secret, no account, and of a resource of Azure its last part only.
fn shown(text: &str) -> String {
    let text = RESOURCE.replace_all(text, |found: &Captures<'_>| {
        reference_in_parts(&found[0]).unwrap_or_else(|| MASK.to_owned())
    });
    let text = ACCOUNT.replace_all(&text, |found: &Captures<'_>| {
        format!("{}{MASK}", found.get(1).map_or("", |kept| kept.as_str()))
    });
    masked_file(&text, "")
}

/// A resource id of Azure.
static RESOURCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"/subscriptions/[^\s'\x22,;)]+").expect("a test uses the pattern"));
/// `DOMAIN\user`, and what a connection string calls the user.
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)(\b(?:user id|userid|uid|user name|username)\s*=\s*)[^;\s'\x22]+|\b[a-z][a-z0-9.-]*\\[a-z0-9._$-]+";
    Regex::new(pattern).expect("a test uses the pattern")
});

/// A reference to a secret, in parts; none where the text is no such reference.
fn reference_in_parts(text: &str) -> Option<String> {
    match SecretReference::parse(text) {
        SecretReference::KeyVault(reference) => {
            Some(format!("secret {} of vault {}", reference.secret, reference.vault))
        }
        SecretReference::Invalid(_) => None,
    }
}

/// A sentence with its `{names}` filled.
fn filled(words: &str, named: &dyn Fn(&str) -> String) -> String {
    let mut sentence = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        sentence.push_str(before);
        sentence.push_str(&named(name));
        rest = after;
    }
    sentence + rest
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How a sentence names something of which only type and name are known.
fn described(key: &ComponentKey, name: Option<&str>) -> String {
    shown(&describe(key.kind.words(), key, name))
}
