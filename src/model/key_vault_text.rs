//! Resource ids of vaults inside of texts. Vault and secret are shown, subscription and group are not, as of the reference that
//! a secret variable holds.

use std::ops::Range;

use super::is_guid;

/// Characters of a GUID.
const GUID: usize = 36;
/// Longest way from the subscription to the vault that is looked at.
const MOST: usize = 512;

/// Where subscription and group of a vault stand, in order: between `/subscriptions/` and `/providers/Microsoft.KeyVault/vaults/`,
/// the slashes as they are or percent-encoded.
pub(crate) fn vault_place_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr2_iter(b's', b'S', text.as_bytes()) {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let Some(rest) = without_case(&text[at..], "subscriptions") else { continue };
        let Some((rest, slash)) =
            ["/", "%2F"].iter().find_map(|slash| Some((without_case(rest, slash)?, slash)))
        else {
            continue;
        };
        let start = text.len() - rest.len();
        let is_known = rest.get(..GUID).is_some_and(is_guid) || rest.starts_with(['@', '{', '<']);
        let near = &rest[..rest.floor_char_boundary(MOST)];
        let near = &near[..near.find(['\r', '\n', '"']).unwrap_or(near.len())];
        let provider =
            format!("{slash}providers{slash}microsoft.keyvault{slash}vaults{slash}").to_ascii_lowercase();
        if is_known && let Some(end) = near.to_ascii_lowercase().find(&provider) {
            found.push(start..start + end);
        }
    }
    found
}

fn without_case<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    text.get(..start.len())?.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_reference_only_vault_and_secret_are_shown() {
        const GUID: &str = "0c0ffee0-0000-4000-8000-000000000001";
        let shown = |text: &str| {
            let mut shown = text.to_owned();
            for range in vault_place_ranges(text).into_iter().rev() {
                shown.replace_range(range, "***");
            }
            shown
        };
        let id = |place: &str| {
            format!("/subscriptions/{place}/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7")
        };
        assert_eq!(shown(&id(&format!("{GUID}/resourceGroups/rg"))), id("***"));
        let both = format!("{0} and https://m.example{0}?v=1", id(&format!("{GUID}/resourcegroups/rg")));
        assert_eq!(shown(&both), format!("{0} and https://m.example{0}?v=1", id("***")));
        let encoded = |place: &str| id(place).replace('/', "%2F");
        assert_eq!(shown(&encoded(&format!("{GUID}%2FresourceGroups%2Frg"))), encoded("***"));
        for text in
            ["/subscriptions/", "my subscriptions/ x", &format!("/subscriptions/{GUID}/resourceGroups/rg")]
        {
            assert_eq!(shown(text), text);
        }
    }
}
