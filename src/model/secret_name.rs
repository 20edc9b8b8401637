//! Names that say that what stands under them is secret, or an account: of members, columns and headers, and of what a text
//! names. One list for all.

/// Ends of names of passwords, in several languages; what joins words is left out.
pub(crate) const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "kennwort",
    "contraseña",
    "contrasena",
    "motdepasse",
    "wachtwoord",
];
/// Ends of other names whose values are secret, wherever they stand.
const ENDS: &[&str] = &[
    "secret",
    "apikey",
    "accesskey",
    "accountkey",
    "sharedkey",
    "saskey",
    "privatekey",
    "encryptionkey",
    "decryptionkey",
    "subscriptionkey",
    "functionkey",
    "functionskey",
    "token",
];
/// Ends of names that stand by chance in longer ones, too: `desenhado`, the end of a made-up name.
const SHORT_ENDS: &[&str] = &["pwd", "senha"];
/// Whole names whose values are secret.
const NAMES: &[&str] = &["sig", "signature", "sharedaccesssignature", "sharedaccesskey", "authorization"];
/// What names a column or member whose text is secret, beside these; in a text such a word may be part of code.
const OF_FIELDS: &[&str] = &["authvalue", "secureconfiguration", "connectionstring", "authorization"];
/// Names whose values are secret in the query of an address: the key of an Azure function is its `code`.
const OF_QUERIES: &[&str] = &["code", "key"];
/// Names whose text is an account.
const ACCOUNTS: &[&str] = &["username", "userid", "login", "loginname", "impersonatingusername", "account"];

/// What ends as such a name does and is part of the public name of an assembly.
const PUBLIC: &str = "publickeytoken";

/// Whether a name in a text says that a secret follows; `is_query`: it is one of the query of an address.
pub(super) fn names_secret(name: &str, is_query: bool) -> bool {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.contains(&&*name)
        || (name != PUBLIC && PASSWORDS.iter().chain(ENDS).chain(SHORT_ENDS).any(|end| name.ends_with(end)))
        || (is_query && OF_QUERIES.contains(&&*name))
}

/// Whether the name of a field, or a part of it, says that its text is secret or an account.
pub(crate) fn is_hidden_field(name: &str) -> bool {
    // A file may be called after what it does; `item/fab_apikey` is none.
    if name.rsplit_once(['/', '\\']).is_some_and(|(_, file)| file.contains('.')) {
        return false;
    }
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    if name == PUBLIC {
        return false;
    }
    PASSWORDS.iter().chain(ENDS).chain(OF_FIELDS).any(|word| name.contains(word))
        || SHORT_ENDS.iter().any(|end| name.ends_with(end))
        || NAMES.contains(&&*name)
        || ACCOUNTS.contains(&&*name)
}

/// Whether the name of a member of a query says so.
pub(crate) fn is_hidden_parameter(name: &str) -> bool {
    names_secret(name, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_languages_are_known() {
        for name in ["Kennwort", "DB-Passwort", "Contraseña", "contrasena", "Mot_de_passe", "Senha", "vPwd"]
        {
            assert!(is_hidden_field(name) && names_secret(name, false), "{name}");
        }
    }

    #[test]
    fn headers_with_keys_are_known() {
        for name in
            ["x-functions-key", "Ocp-Apim-Subscription-Key", "api-key", "x-api-key", "X-Auth-Token", "sig"]
        {
            assert!(is_hidden_field(name) && names_secret(name, false), "{name}");
        }
        assert!(!is_hidden_field("WebResources/fab_/acquireToken.js") && is_hidden_field("item/fab_apikey"));
        assert!(is_hidden_parameter("code") && !is_hidden_field("code") && !is_hidden_field("key"));
        for name in
            ["name", "subject", "primaryKey", "codes", "signatures", "PublicKeyToken", "table_Wpw/data"]
        {
            assert!(!is_hidden_field(name) && !is_hidden_parameter(name), "{name}");
        }
    }
}
