//! Finds nodes by what a person calls them; when nothing is called so, what is called nearly so.

use super::network::{Identity, Network, Node};
use super::sort_key;
use crate::model::{
    ComponentKey, ComponentType, Details, SecretReference, custom_api, looks_secret, masked_text,
};

/// At most so many names are proposed.
const PROPOSED: usize = 5;
/// A name that is less alike is not proposed (Jaro-Winkler, 1 is equal).
const ALIKE: f64 = 0.85;

/// The nodes that `what` means, in the order of [`sort_key`]; names compare without case.
///
/// - `vault:NAME`; `secret:VAULT/NAME`, or the whole resource id with or without `secret:`;
/// - a schema name, logical name, unique name, GUID or display name of a component, or the name or API id of a connector;
/// - `TYPE:NAME` for those of one type only, in the platform's words or by the name of its table.
pub fn find(network: &Network<'_>, what: &str) -> Vec<usize> {
    let what = what.trim();
    let mut found: Vec<usize> = if let Some(id) = resource_id(what) {
        (0..network.nodes().len()).filter(|&node| is_secret_of(network, node, id)).collect()
    } else {
        let with_type = what.split_once(':').map(|(kind, name)| (kind.trim().to_lowercase(), name.trim()));
        let mut found = match with_type {
            Some((kind, name)) => called(network, name, |node| is_of_type(node, &kind)),
            None => Vec::new(),
        };
        if found.is_empty() {
            // A colon may be part of a name.
            found = called(network, what, |_| true);
        }
        found
    };
    found.sort_by_cached_key(|&node| (sort_key(&network.nodes()[node]), node));
    found.dedup();
    found
}

/// What is called nearly so, the most alike first, each as it can be asked for: `variable:fab_Limit`.
pub fn nearest(network: &Network<'_>, what: &str) -> Vec<String> {
    // Of a resource id only the end is a name.
    let name = match SecretReference::parse(resource_id(what).unwrap_or_default()) {
        SecretReference::KeyVault(reference) => format!("{}/{}", reference.vault, reference.secret),
        SecretReference::Invalid(_) => match what.split_once(':') {
            Some((kind, name))
                if network.nodes().iter().any(|node| is_of_type(node, &kind.to_lowercase())) =>
            {
                name.to_owned()
            }
            _ => what.to_owned(),
        },
    };
    let candidates = network.nodes().iter().enumerate();
    let candidates = candidates.map(|(at, node)| (at, [Some(node.key()), node.name().map(str::to_owned)]));
    let alike = most_alike(&name, candidates, |&at| (sort_key(&network.nodes()[at]), at));
    let mut proposed: Vec<String> = Vec::new();
    for node in alike.into_iter().map(|at| &network.nodes()[at]) {
        let name = match node.identity {
            Identity::Component(key) if key.is_guid() => node.name().unwrap_or(&key.key).to_owned(),
            _ => node.key(),
        };
        let name = format!("{}:{name}", node.kind_words());
        if !proposed.contains(&name) && proposed.len() < PROPOSED {
            proposed.push(name);
        }
    }
    proposed
}

/// Those candidates of whose names one is much like `name`, the most alike first, then by `order`.
pub fn most_alike<T, const N: usize, O: Ord>(
    name: &str,
    candidates: impl IntoIterator<Item = (T, [Option<String>; N])>,
    order: impl Fn(&T) -> O,
) -> Vec<T> {
    let name = name.trim().to_lowercase();
    let mut alike: Vec<(u32, T)> = Vec::new();
    for (candidate, names) in candidates {
        let names = names.into_iter().flatten();
        let likeness = names.map(|other| likeness(&name, &other.to_lowercase())).fold(0.0, f64::max);
        if likeness >= ALIKE {
            // Close enough to tell them apart, and it can be compared.
            alike.push(((likeness * 1e6) as u32, candidate));
        }
    }
    alike.sort_by_cached_key(|(likeness, candidate)| (std::cmp::Reverse(*likeness), order(candidate)));
    alike.into_iter().map(|(_, candidate)| candidate).collect()
}

/// From 0 to 1. Who knows a part of the name gets it as well.
fn likeness(name: &str, other: &str) -> f64 {
    if name.is_empty() || other.is_empty() {
        return 0.0;
    }
    let alike = strsim::jaro_winkler(name, other);
    if name.chars().count() >= 3 && other.contains(name) { alike.max(0.9) } else { alike }
}

/// What was asked for as it may be said again: a resource id not whole, and no secret.
pub fn shown_name(what: &str) -> String {
    let Some(id) = resource_id(what) else {
        return if looks_secret(what) { masked_text(what) } else { what.trim().to_owned() };
    };
    match SecretReference::parse(id) {
        SecretReference::KeyVault(id) => format!("secret {} in vault {} with that id", id.secret, id.vault),
        SecretReference::Invalid(_) => "that resource id, which is not one of a secret".to_owned(),
    }
}

/// What is asked for.
struct Name {
    folded: String,
    /// The name of a custom connector's API without what the environment adds.
    connector: Option<ComponentKey>,
    /// The name of a connector of the platform, of its whole id.
    last_segment: String,
}

impl Name {
    fn new(name: &str) -> Self {
        let name = name.trim();
        let without_braces = name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(name);
        let is_api = name.to_lowercase().contains("/apis/");
        let last = if is_api { name.rsplit('/').next().unwrap_or_default() } else { name };
        Self {
            folded: without_braces.to_lowercase(),
            connector: custom_api(name),
            last_segment: last.to_lowercase(),
        }
    }
}

/// Whether a node is of a type, by the platform's name of it or in words.
pub fn is_of_type(node: &Node<'_>, kind: &str) -> bool {
    let kind = kind.trim().to_lowercase();
    node.type_name() == kind
        || node.kind_words().to_lowercase() == kind
        || matches!(node.identity, Identity::Component(key) if key.kind.words().to_lowercase() == kind)
        // The words for a connector do not tell whose it is.
        || (kind == "connector" && node.type_name() == ComponentType::CONNECTOR.as_str())
}

/// The nodes of a name, those among them that are wanted; one may be there twice, in no order.
fn called(network: &Network<'_>, name: &str, is_wanted: impl Fn(&Node<'_>) -> bool) -> Vec<usize> {
    if name.is_empty() {
        return Vec::new();
    }
    let name = Name::new(name);
    let is_key = |key: &ComponentKey| {
        let is_api = || key.kind == ComponentType::CONNECTOR && Some(key) == name.connector.as_ref();
        key.folded() == name.folded || is_api()
    };
    let by_key = network.known.iter().filter(|(key, _)| is_key(key)).map(|(_, &node)| node);
    let by_name = network.nodes().iter().enumerate().filter(|(_, node)| {
        let is_own = match node.identity {
            Identity::Vault(vault) => vault.to_lowercase() == name.folded,
            Identity::Secret { vault, secret } => format!("{vault}/{secret}").to_lowercase() == name.folded,
            Identity::Connector(connector) => connector.to_lowercase() == name.last_segment,
            // A name that several components claim is not among the known keys.
            Identity::Component(_) => {
                node.component.is_some_and(|component| component.aliases.iter().any(is_key))
            }
        };
        is_own || node.name().is_some_and(|own| own.to_lowercase() == name.folded)
    });
    let all = by_key.chain(by_name.map(|(index, _)| index));
    all.filter(|&node| is_wanted(&network.nodes()[node])).collect()
}

/// The resource id in `what`, where it is one.
fn resource_id(what: &str) -> Option<&str> {
    let what = what.trim();
    let rest = match what.split_once(':') {
        Some((kind, rest)) if kind.trim().eq_ignore_ascii_case("secret") => rest.trim(),
        _ => what,
    };
    let start = "/subscriptions/";
    rest.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start)).then_some(rest)
}

/// Whether a node is the secret of a resource id: not only its vault and name, but also subscription and group are those
/// that a variable of the set gives.
fn is_secret_of(network: &Network<'_>, node: usize, id: &str) -> bool {
    let Identity::Secret { .. } = network.nodes()[node].identity else { return false };
    let SecretReference::KeyVault(asked) = SecretReference::parse(id) else { return false };
    let variables = network.needed_by(node).filter_map(|edge| network.nodes()[edge.from].component);
    variables
        .filter_map(|component| match &component.details {
            Details::EnvironmentVariable(variable) => variable.secret.as_ref(),
            _ => None,
        })
        .any(|secret| match secret {
            SecretReference::KeyVault(found) => [
                (&found.vault, &asked.vault),
                (&found.secret, &asked.secret),
                (&found.resource_group, &asked.resource_group),
                (&found.subscription, &asked.subscription),
            ]
            .into_iter()
            .all(|(one, other)| one.eq_ignore_ascii_case(other)),
            SecretReference::Invalid(_) => false,
        })
}
