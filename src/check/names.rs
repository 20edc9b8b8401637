//! What texts name that belongs to one environment or one tenant: addresses and ids, found by their form.
//!
//! Read [`ENVIRONMENTS`] first.

use super::texts::Names;
use crate::model::is_guid;

/// Addresses and ids of environments.
pub(super) const ENVIRONMENTS: Names = Names {
    hints: &["dynamics", "appsplatform", "environment.api", "nvironments"],
    find: |text, _| environments(text),
};

/// Ids of tenants.
pub(super) const TENANTS: Names =
    Names { hints: &["login.", "sts.windows", "enant", "ENANT"], find: tenants };

/// Domains below which every environment has its own name, in every cloud.
const ENVIRONMENT_DOMAINS: &[&str] =
    &["dynamics.com", "dynamics.cn", "microsoftdynamics.us", "microsoftdynamics.de", "appsplatform.us"];

/// Hosts of the platform that have the form of an environment and are none.
const NOT_ENVIRONMENTS: &[&str] = &["disco", "globaldisco"];

/// The addresses of environments in a text: `fab.crm4.dynamics.com`, `….environment.api.powerplatform.com`,
/// `environments/<id>`.
fn environments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = hosts(text).filter(|host| is_environment(host)).collect();
    for (at, before) in text.match_indices("nvironments/") {
        let id = leading(&text[at + before.len()..], |c| c.is_ascii_alphanumeric() || c == '-');
        let guid = id.strip_prefix("Default-").or_else(|| id.strip_prefix("default-")).unwrap_or(id);
        if is_guid(guid) {
            found.push(id);
        }
    }
    found
}

/// What of the text could be a host: letters, digits, hyphens and dots.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'));
    words.map(|word| word.trim_matches('.')).filter(|word| word.contains('.'))
}

fn is_environment(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    // `<30 digits>.<2 digits>.environment.api.powerplatform.com`
    if let Some((id, _)) = host.split_once(".environment.api.") {
        return id.bytes().filter(u8::is_ascii_hexdigit).count() == 32;
    }
    let Some(below) =
        ENVIRONMENT_DOMAINS.iter().find_map(|domain| host.strip_suffix(domain)?.strip_suffix('.'))
    else {
        return false;
    };
    let mut labels = below.rsplit('.');
    let is_region = labels.next().is_some_and(|label| {
        label.strip_prefix("crm").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let name =
        labels.next().map(|label| if label == "api" { labels.next().unwrap_or_default() } else { label });
    is_region && name.is_some_and(|name| !name.is_empty() && !NOT_ENVIRONMENTS.contains(&name))
}

/// Hosts that give out tokens, each with the tenant as the first part of the path.
const SIGN_IN_HOSTS: &[&str] = &[
    "login.microsoftonline.com/",
    "login.microsoftonline.us/",
    "login.partner.microsoftonline.cn/",
    "login.chinacloudapi.cn/",
    "login.windows.net/",
    "sts.windows.net/",
];

/// Ids that stand in the place of a tenant's: a blank, and the one of personal accounts. Words such as `common` are no ids.
const NO_TENANTS: &[&str] = &["00000000-0000-0000-0000-000000000000", "9188040d-6c67-4c5b-b112-36a304b66dad"];

/// The ids of tenants in the addresses of a text, or the text itself where it is called so.
fn tenants<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let mut found = tenants_or_none(text, name);
    found.retain(|id| !NO_TENANTS.iter().any(|none| id.eq_ignore_ascii_case(none)));
    found
}

fn tenants_or_none<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    if is_of_tenant(name) && is_guid(text.trim()) {
        return vec![text.trim()];
    }
    let mut found = Vec::new();
    for host in SIGN_IN_HOSTS {
        for (at, host) in text.match_indices(host) {
            let id = leading(&text[at + host.len()..], |c| c.is_ascii_hexdigit() || c == '-');
            if is_guid(id) {
                found.push(id);
            }
        }
    }
    found
}

/// Whether something of that name holds the id of a tenant.
fn is_of_tenant(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    ["tenant", "tenantid"].iter().any(|known| plain.eq_ignore_ascii_case(known))
}

fn leading(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !is_part(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_told_by_their_address() {
        for (text, found) in [
            ("https://fab.crm4.dynamics.com/api/data/v9.2", "fab.crm4.dynamics.com"),
            ("@concat('https://fab-test.api.crm.dynamics.com', '/x')", "fab-test.api.crm.dynamics.com"),
            ("fab.crm9.dynamics.com.", "fab.crm9.dynamics.com"),
            ("https://fab.crm.microsoftdynamics.us/", "fab.crm.microsoftdynamics.us"),
            (
                "https://0c0ffee00000400080000000000000.01.environment.api.powerplatform.com:443/x",
                "0c0ffee00000400080000000000000.01.environment.api.powerplatform.com",
            ),
            (
                "https://make.powerautomate.com/environments/0c0ffee0-0000-4000-8000-000000000001/flows",
                "0c0ffee0-0000-4000-8000-000000000001",
            ),
            (
                "/Environments/Default-0c0ffee0-0000-4000-8000-000000000001",
                "Default-0c0ffee0-0000-4000-8000-000000000001",
            ),
        ] {
            assert_eq!(environments(text), [found], "{text}");
        }
        for text in [
            "",
            "https://globaldisco.crm.dynamics.com/api",
            "https://crm.dynamics.com/",
            "https://@{variables('org')}.crm.dynamics.com/",
            "https://home.dynamics.com",
            "https://fab.operations.dynamics.com",
            "https://api.powerplatform.com/environments/@{variables('x')}",
            "fab.crmx.dynamics.com",
        ] {
            assert!(environments(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn tenants_are_told_by_where_they_stand() {
        let id = "0c0ffee0-0000-4000-8000-000000000001";
        assert_eq!(tenants(&format!("https://login.microsoftonline.com/{id}/oauth2/token"), ""), [id]);
        for word in [NO_TENANTS, &["common", "organizations", "consumers"]].concat() {
            assert!(
                tenants(&format!("https://login.microsoftonline.com/{word}/oauth2/token"), "").is_empty()
            );
            assert!(tenants(word, "tenantId").is_empty());
        }
        assert!(tenants("https://login.microsoftonline.com/common/oauth2/token", "").is_empty());
        assert!(tenants(&format!("https://fabrikam.example/{id}"), "value").is_empty());
        for name in ["TenantId", "tenant_id", "tenant", "Tenant Id"] {
            assert_eq!(tenants(id, name), [id], "{name}");
        }
        assert!(tenants(id, "sharedWithTenant").is_empty() && tenants("x", "tenant").is_empty());
    }
}
