//! That no tail of a secret is shown, whatever characters it has.

use proptest::prelude::*;

use super::{masked_text, secret_ranges};

#[test]
fn a_secret_is_masked_to_its_end() {
    for (text, shown) in [
        ("User ID=sa;Password=Tr0ub4dor&Horse7;Encrypt=1", "User ID=sa;Password=********;Encrypt=1"),
        ("Pwd=a,b", "Pwd=********"),
        ("Server=db;Pwd=a\"b'c<d\\e", "Server=db;Pwd=********"),
        ("Pwd=a b&c;Server=db", "Pwd=********;Server=db"),
        ("Server=db;Password=\"a\"\"b;c\";Encrypt=1", "Server=db;Password=\"********\";Encrypt=1"),
        ("Server=db;Password='a''b;c'", "Server=db;Password='********'"),
        ("Driver={x};Pwd={a;b}}c};Server=y", "Driver={x};Pwd=********;Server=y"),
        ("Server=db;Jet OLEDB:Database Password=a&b", "Server=db;Jet OLEDB:Database Password=********"),
        ("<a>Server=db;Pwd=a&amp;b&lt;c;Encrypt=1</a>", "<a>Server=db;Pwd=********;Encrypt=1</a>"),
        ("<a>Server=db;Pwd=a&amp;b</a>", "<a>Server=db;Pwd=********</a>"),
        ("{\"password\": \"two words\",\"n\":1}", "{\"password\": \"********\",\"n\":1}"),
        (
            "{\\\"password\\\":\\\"a\\\\\\\"b c\\\",\\\"n\\\":1}",
            "{\\\"password\\\":\\\"********\\\",\\\"n\\\":1}",
        ),
        ("&quot;password&quot;: &quot;a b&quot;, n", "&quot;password&quot;: &quot;********&quot;, n"),
        ("{\"c\":\"Server=db;Pwd=a\\\"b\",\"n\":1}", "{\"c\":\"Server=db;Pwd=********\",\"n\":1}"),
        (
            "@concat('Server=db;Pwd=a''b;x=', variables('x'))",
            "@concat('Server=db;Pwd=********;x=', variables('x'))",
        ),
        ("Authorization: Basic a,b<c \"d\nAccept: x", "Authorization: ********\nAccept: x"),
        ("{\"Authorization: Key a b\", 1}", "{\"Authorization: ********\", 1}"),
        ("x Bearer abcd!efg,hij end", "x Bearer ******** end"),
        ("https://x.example/?password=a%26b,c&d=1", "https://x.example/?password=********&d=1"),
        ("Email.Send Password: $'''two words''' Port: 25", "Email.Send Password: $'''********''' Port: 25"),
        ("SET ApiKey TO $'''two words'''", "SET ApiKey TO $'''********'''"),
        ("password == 'two words'", "password == '********'"),
    ] {
        assert_eq!(masked_text(text), shown, "{text}");
    }
    for text in [
        "@concat('Server=db;Password=', variables('x'), ';Encrypt=1')",
        "@concat('Bearer ', body('x')?['token'])",
        "{\"password\":{\"type\":\"string\"},\"secret\":[1]}",
    ] {
        assert!(secret_ranges(text).is_empty(), "{text}");
    }
}

/// No four characters in a row of the secret, as it is written there, are shown, but for those that stand around it.
fn assert_hidden(form: &dyn Fn(&str) -> String, written: &str) -> Result<(), TestCaseError> {
    let (text, around) = (form(written), form("\0"));
    let shown = masked_text(&text).replace(super::MASK, "\u{1}");
    let characters: Vec<char> = written.chars().collect();
    for run in characters.windows(4) {
        let run: String = run.iter().collect();
        prop_assert!(around.contains(&run) || !shown.contains(&run), "{} of {} in {}", run, text, shown);
    }
    Ok(())
}

fn is_computed(secret: &str) -> bool {
    super::secret_value::is_known_at_run_time(secret)
}

proptest! {
    #[test]
    fn no_tail_of_a_password_is_shown(any in "[ -~]{8,24}", start in "[A-Za-z0-9!#$%^*]") {
        // A closing tag ends the text around a secret.
        prop_assume!(!is_computed(&any) && !any.trim().is_empty() && !any.contains("</"));
        // What cannot stand in a value without quotes: the semicolon, and a quote at its start.
        let plain = format!("{start}{}", any.replace(';', ":"));
        prop_assume!(!is_computed(&plain));
        let json = |text: &str| {
            let quoted = serde_json::to_string(text).unwrap();
            quoted[1..quoted.len() - 1].to_owned()
        };
        let xml = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let encoded: String = any.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let pairs = |secret: &str| format!("Server=db;User ID=sa;Password={secret};Encrypt=1");
        let member = |secret: &str| format!("{{\"user\":\"a\",\"password\": \"{secret}\",\"n\":1}}");
        // The secret is escaped as often as the member is put into another text.
        let member_in = |secret: &str| member("\0").replace('"', "\\\"").replace('\0', secret);
        let hidden = assert_hidden;
        hidden(&pairs, &plain)?;
        hidden(&|secret| format!("Server=db;User ID=sa;Password={secret}"), &plain)?;
        hidden(&|secret| format!("Pwd={secret};Server=db"), &plain)?;
        hidden(&|secret| format!("Authorization: Basic {secret}\nAccept: x"), &plain)?;
        hidden(&|secret| format!("GET x\nAuthorization: {secret}"), &plain)?;
        hidden(&|secret| format!("x Bearer {secret}"), &plain.replace(' ', "-"))?;
        hidden(&|secret| format!("Email.Send Password: $'''{secret}''' Port: 25"), &plain.replace('\'', "-"))?;
        hidden(&|secret| format!("{{\"x\":\"{}\",\"y\":1}}", pairs(secret)), &json(&plain))?;
        hidden(&|secret| format!("<a>{}</a>", pairs(secret)), &xml(&plain))?;
        hidden(&|secret| format!("https://x.example/?password={secret}&x=1"), &encoded)?;
        for secret in [&plain, &any] {
            hidden(&|secret| format!("Server=db;Password=\"{secret}\";Encrypt=1"), &secret.replace('"', "\"\""))?;
            hidden(&|secret| format!("Server=db;Password='{secret}'"), &secret.replace('\'', "''"))?;
            hidden(&|secret| format!("Driver=x;Pwd={{{secret}}};Server=db"), &secret.replace('}', "}}"))?;
            hidden(&member, &json(secret))?;
            hidden(&member_in, &json(&json(secret)))?;
            hidden(&|secret| format!("{{\"h\":{{\"Authorization\":\"Basic {secret}\"}}}}"), &json(secret))?;
        }
    }
}
