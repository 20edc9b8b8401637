//! Secrets among the arguments of programs, which only the program tells: `curl -u robot:x`, `mysql -px`, `net use Z: x /user:y`.
//!
//! Read [`behind_command`] first. Options that say by their name what they are belong to [`super::secret_argument`].

use std::ops::Range;

use super::secret_argument::{argument, argument_at, is_argument, is_plain, option};
use super::secret_value::Quote;

/// So far before an option the name of its program is looked for, and around it that of the user.
const NEAR: usize = 256;
/// So far behind `net use` its arguments are looked for.
const CALL: usize = 1024;
/// Most arguments of a command that are looked at.
const ARGUMENTS: usize = 12;

/// Where the secret of an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In the next argument.
    Next,
    /// In the same argument; alone the option makes the program ask.
    Same,
    /// In one of the two.
    Any,
    /// In one of the two, behind this sign or word.
    Behind(&'static str),
    /// In the same argument behind this sign, or in the next one.
    Either(&'static str),
}

/// Options of programs that hold a secret. With `-` as they are written, with `/` in any case.
const OPTIONS: &[(&[&str], &[&str], Form)] = &[
    (&["curl"], &["-u", "--user", "-U", "--proxy-user"], Form::Behind(":")),
    (&["cmdkey"], &["/pass", "-pass"], Form::Either(":")),
    (&["mstsc", "xfreerdp", "xfreerdp3", "wfreerdp", "sdl-freerdp"], &["/p"], Form::Behind(":")),
    (&["sapshcut", "saplogon", "sapgui"], &["-pw"], Form::Behind("=")),
    (
        &["rclone"],
        &["--sftp-pass", "--ftp-pass", "--webdav-pass", "--smb-pass", "--http-pass", "--rc-pass"],
        Form::Either("="),
    ),
    (&["smbclient", "rpcclient", "smbget"], &["-U", "--user"], Form::Behind("%")),
    (&["openssl"], &["-passin", "-passout", "-pass"], Form::Behind("pass:")),
    (
        &["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "mariadb-admin"],
        &["-p"],
        Form::Same,
    ),
    (&["7z", "7za", "7zr", "rar", "unrar", "winrar"], &["-p", "-hp"], Form::Same),
    (&["sqlcmd", "bcp", "osql", "isql"], &["-P"], Form::Any),
    (&["sshpass"], &["-p"], Form::Any),
    (&["schtasks"], &["/rp", "/p"], Form::Next),
    (&["signtool"], &["/p"], Form::Next),
    (&["certutil"], &["-p"], Form::Next),
    (&["plink", "pscp", "psftp", "putty"], &["-pw"], Form::Next),
    (&["keytool", "jarsigner"], &["-storepass", "-keypass", "-srcstorepass", "-deststorepass"], Form::Next),
    (&["ldapsearch", "ldapmodify", "ldapadd"], &["-w"], Form::Next),
    (&["redis-cli"], &["-a"], Form::Next),
];

/// The secret behind the name of a command or a function, or behind an option of a program.
pub(super) fn behind_command(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    let name = &text[word.clone()];
    if name.eq_ignore_ascii_case("ConvertTo-SecureString") {
        let is_value = |argument: &&Range<usize>| !text[(*argument).clone()].starts_with('-');
        let value = arguments(text, word.end, around).iter().find(is_value).cloned();
        return value.filter(|value| !is_plain(&text[value.clone()]));
    }
    if name.eq_ignore_ascii_case("NetworkCredential") {
        return network_credential(text, word.end);
    }
    for (command, secret) in
        [("use", net_use as fn(&str, &Range<usize>, Option<Quote>) -> _), ("user", net_user)]
    {
        if name.eq_ignore_ascii_case(command) && is_behind_net(&text[..word.start]) {
            return secret(text, word, around);
        }
    }
    if name.eq_ignore_ascii_case("-p")
        && let Some(secret) = beside_user(text, word, around)
    {
        return Some(secret);
    }
    of_program(text, word, around).or_else(|| oracle(text, word))
}

/// The password of `New-Object Net.NetworkCredential("robot", "x")`, its second argument.
fn network_credential(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text[from..].trim_start();
    let rest = ["-ArgumentList @", "-ArgumentList"]
        .iter()
        .find_map(|option| rest.strip_prefix(option))
        .map_or(rest, str::trim_start);
    let rest = rest.strip_prefix('(').unwrap_or(rest).trim_start();
    let line = &rest[..rest.floor_char_boundary(CALL)];
    let line = &line[..line.find(['\r', '\n']).unwrap_or(line.len())];
    let start = text.len() - rest.len();
    let text = &text[..start + line.len()];
    let first = match Quote::starting(line) {
        Some((_, length)) => argument_at(text, start, None)?.end + length,
        None => start + line.find([',', ')'])?,
    };
    let second = text.get(first..)?.trim_start().strip_prefix(',')?.trim_start();
    Quote::starting(second)?;
    let secret = argument_at(text, text.len() - second.len(), None)?;
    (!is_plain(&text[secret.clone()])).then_some(secret)
}

/// Programs of Oracle that take `user/password@database`.
const ORACLE: &[&str] = &["sqlplus", "sqlldr", "expdp", "impdp", "exp", "imp", "rman"];
/// Those of them that are words, too.
const WORDS: &[&str] = &["exp", "imp"];

/// The password of `sqlplus scott/x@orcl`.
fn oracle(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let rest = text[word.end..].strip_prefix('/')?;
    let before = &text[..word.start];
    let is_named = before.ends_with("userid=") || before.ends_with("USERID=");
    if !(is_named || is_argument(before)) || !is_behind_program(before, ORACLE) {
        return None;
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';');
    let value = &rest[..rest.find(is_end).unwrap_or(rest.len())];
    let password = value.rsplit_once('@').map(|(password, _)| password);
    // Without a database it is one only as the first argument, and behind no word: `and/or` is none, nor a script and its folder.
    let is_first = || {
        is_behind_program(
            &before[before.trim_end().rfind(char::is_whitespace).map_or(0, |at| at + 1)..],
            ORACLE,
        )
    };
    let is_word = || is_behind_program(before, WORDS);
    let is_path =
        password.is_none() && (value.contains(['/', '\\', '.']) || !is_named && (!is_first() || is_word()));
    let password = password.unwrap_or(value);
    let start = word.end + 1;
    (!is_path && !password.is_empty() && !is_plain(password)).then(|| start..start + password.len())
}

/// The secret of an option that stands in the table.
fn of_program(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    let start = if text[..word.start].ends_with('/') { word.start - 1 } else { word.start };
    let written = &text[start..word.end];
    if !written.starts_with(['-', '/']) || !is_argument(&text[..start]) {
        return None;
    }
    let is_same = |begin: &str, option: &&&str| {
        if option.starts_with('/') { begin.eq_ignore_ascii_case(option) } else { begin == **option }
    };
    // The longest one that fits: `-pw` is not `-p` with a `w` behind it.
    let begins = |option: &&&str| written.get(..option.len()).is_some_and(|begin| is_same(begin, option));
    let (option, form) = OPTIONS
        .iter()
        .filter_map(|(programs, options, form)| {
            let option = options.iter().filter(begins).max_by_key(|option| option.len())?;
            is_behind_program(&text[..start], programs).then_some((*option, *form))
        })
        .max_by_key(|(option, _)| option.len())?;
    let end = start + option.len();
    let is_alone = text[end..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\''))
        && end == word.end;
    // `/p` is no beginning of `/port`.
    if option.starts_with('/') && end != word.end {
        return None;
    }
    let value = match form {
        Form::Next | Form::Any | Form::Behind(_) | Form::Either(_) if is_alone => argument(text, end, around),
        Form::Same | Form::Any | Form::Behind(_) | Form::Either(_) => argument_at(text, end, around),
        Form::Next => None,
    }?;
    // Another option: the program asks.
    let is_option = is_alone && option.starts_with('/') && text[value.clone()].starts_with(['/', '-']);
    if is_option || is_plain(&text[value.clone()]) {
        return None;
    }
    let secret = match form {
        Form::Either(_) if is_alone => value,
        Form::Behind(sign) | Form::Either(sign) => behind_sign(text, value, sign, around)?,
        Form::Next | Form::Same | Form::Any => value,
    };
    (!secret.is_empty() && !is_plain(&text[secret.clone()])).then_some(secret)
}

/// What stands in an argument behind the sign, in quotes of its own, perhaps.
fn behind_sign(text: &str, value: Range<usize>, sign: &str, around: Option<Quote>) -> Option<Range<usize>> {
    // `%User%` is a variable of a script.
    let found = text[value.clone()].find(sign).filter(|found| *found > 0 || sign != "%")?;
    let start = value.start + found + sign.len();
    if found == 0 && Quote::starting(&text[start..]).is_some() {
        return argument_at(text, start, around);
    }
    Some(start..value.end)
}

/// Whether one of these programs is named on the line that ends here.
fn is_behind_program(before: &str, programs: &[&str]) -> bool {
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
    let line = &before[before.rfind(['\r', '\n']).map_or(0, |at| at + 1)..];
    let is_around = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '`' | ';' | '|' | '&' | '=' | ',')
    };
    line.split(is_around).any(|word| {
        let (path, file) = word.rsplit_once(['/', '\\']).unwrap_or(("", word));
        let stem = file
            .len()
            .checked_sub(4)
            .filter(|at| file.get(*at..).is_some_and(|end| end.eq_ignore_ascii_case(".exe")));
        let stem = &file[..stem.unwrap_or(file.len())];
        let is_it = |stem: &str| programs.iter().any(|program| stem.eq_ignore_ascii_case(program));
        // The end of a line, where a script is a text of JSON.
        let behind_escape =
            stem.strip_prefix(['n', 'r', 't']).filter(|_| path.len() < word.len() - file.len());
        is_it(stem) || behind_escape.is_some_and(is_it)
    })
}

/// `-p x`, where a user is named beside it.
fn beside_user(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    if !is_argument(&text[..word.start]) {
        return None;
    }
    let from = text.floor_char_boundary(word.start.saturating_sub(NEAR));
    let to = text.floor_char_boundary((word.end + NEAR).min(text.len()));
    let start = text[from..word.start].rfind(['\r', '\n']).map_or(from, |at| from + at);
    let end = text[word.end..to].find(['\r', '\n']).map_or(to, |at| word.end + at);
    let is_user = |word: &str| {
        let word = word.split(['=', ':']).next().unwrap_or_default();
        ["-u", "-user", "--user", "--username", "-username"]
            .iter()
            .any(|user| word.eq_ignore_ascii_case(user))
    };
    if !text[start..end].split_whitespace().any(is_user) {
        return None;
    }
    // `-p 8080:80` of other programs are ports. One number may be either, and is masked.
    let is_ports = |value: &str| {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        value.split_once(':').is_some_and(|(outer, inner)| is_number(outer) && is_number(inner))
    };
    let is_none = |value: &str| is_plain(value) || is_ports(value);
    option(text, word, around).filter(|secret| !is_none(&text[secret.clone()]))
}

fn is_behind_net(before: &str) -> bool {
    let trimmed = before.trim_end_matches(' ');
    let is_net = |end: &str| end.eq_ignore_ascii_case("net") || end.eq_ignore_ascii_case("net.exe");
    trimmed.len() < before.len()
        && [3, 7].iter().any(|length| {
            trimmed.len().checked_sub(*length).and_then(|at| trimmed.get(at..)).is_some_and(is_net)
        })
}

/// The password of `net use Z: \\server\share x /user:y`.
fn net_use(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    let text = &text[..text.floor_char_boundary((word.end + CALL).min(text.len()))];
    let all = arguments(text, word.end, around);
    let is_user = |range: &Range<usize>| {
        ["/user:", "/u:"].iter().any(|user| {
            text[range.clone()].get(..user.len()).is_some_and(|start| start.eq_ignore_ascii_case(user))
        })
    };
    if !all.iter().any(is_user) {
        return None;
    }
    let is_password = |range: &&Range<usize>| {
        let argument = &text[(*range).clone()];
        let is_device = argument == "*" || (argument.len() == 2 && argument.ends_with(':'));
        !is_device && !argument.starts_with(['/', '\\', '%']) && !is_plain(argument)
    };
    all.iter().find(is_password).cloned()
}

/// The password of `net user robot x /add`. Without an option behind it, it may be a sentence.
fn net_user(text: &str, word: &Range<usize>, around: Option<Quote>) -> Option<Range<usize>> {
    let text = &text[..text.floor_char_boundary((word.end + CALL).min(text.len()))];
    let all = arguments(text, word.end, around);
    let is_option = |range: &Range<usize>| text[range.clone()].starts_with('/');
    let password = all.get(1).filter(|password| !is_option(password) && all.get(2).is_some_and(is_option))?;
    let value = &text[password.clone()];
    (value != "*" && !value.starts_with('%') && !is_plain(value)).then(|| password.clone())
}

/// The arguments of a command up to the end of its line, without their quotes.
fn arguments(text: &str, from: usize, around: Option<Quote>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = from;
    while found.len() < ARGUMENTS
        && let Some(next) = argument(text, at, around)
    {
        // Behind the quote that closes it.
        let rest = &text[next.end..];
        let closing = Quote::starting(rest).map_or(0, |(_, length)| length);
        at = next.end + closing;
        found.push(next);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::model::masked_text;

    #[test]
    fn what_a_program_takes_as_a_secret_is_masked() {
        for (text, shown) in [
            ("curl -u robot:geheim https://x.example", "curl -u robot:******** https://x.example"),
            ("curl -urobot:geheim -X POST", "curl -urobot:******** -X POST"),
            ("curl.exe --user \"robot:ge heim\" -v", "curl.exe --user \"robot:********\" -v"),
            (
                "curl \"https://x.example/?a=1&b=2\" -u 'robot:geheim'",
                "curl \"https://x.example/?a=1&b=2\" -u 'robot:********'",
            ),
            (r#"{"x":"cd a\ncurl -u robot:geheim"}"#, r#"{"x":"cd a\ncurl -u robot:********"}"#),
            (r"C:\Tools\curl.exe -u robot:geheim", r"C:\Tools\curl.exe -u robot:********"),
            ("mysql -u root -pgeheim fab", "mysql -u root -p******** fab"),
            ("mysqldump -p'ge heim' fab > x", "mysqldump -p'********' fab > x"),
            ("cmdkey /add:srv /user:robot /pass:geheim", "cmdkey /add:srv /user:robot /pass:********"),
            ("cmdkey /add:srv /PASS:\"ge heim\" /x", "cmdkey /add:srv /PASS:\"********\" /x"),
            ("7z x -pgeheim a.7z", "7z x -p******** a.7z"),
            ("sqlcmd -S db -U sa -P geheim -Q x", "sqlcmd -S db -U sa -P ******** -Q x"),
            ("sqlcmd -S db -U sa -Pgeheim -Q x", "sqlcmd -S db -U sa -P******** -Q x"),
            ("sshpass -p geheim ssh robot", "sshpass -p ******** ssh robot"),
            ("schtasks /create /ru robot /RP geheim", "schtasks /create /ru robot /RP ********"),
            ("plink -l robot -pw geheim srv", "plink -l robot -pw ******** srv"),
            ("openssl rsa -passin pass:geheim -in x", "openssl rsa -passin pass:******** -in x"),
            ("signtool sign /f x.pfx /p geheim x.dll", "signtool sign /f x.pfx /p ******** x.dll"),
            ("net user robot geheim /add", "net user robot ******** /add"),
            ("sqlplus scott/geheim", "sqlplus scott/********"),
            ("exp userid=scott/geheim file=x", "exp userid=scott/******** file=x"),
            ("app -u robot -p geheim; x", "app -u robot -p ******** x"),
            ("app -u robot -p 47114711 x", "app -u robot -p ******** x"),
            (
                "ConvertTo-SecureString \"geheim\" -AsPlainText -Force",
                "ConvertTo-SecureString \"********\" -AsPlainText -Force",
            ),
            (
                "ConvertTo-SecureString -String 'geheim' -Force",
                "ConvertTo-SecureString -String '********' -Force",
            ),
            (
                "net use Z: \\\\srv\\share /user:FAB\\robot geheim\nnext",
                "net use Z: \\\\srv\\share /user:FAB\\robot ********\nnext",
            ),
            ("net use \\\\srv\\s \"ge heim\" /USER:r", "net use \\\\srv\\s \"********\" /USER:r"),
            ("net use Z: \\\\srv\\s geheim /u:robot", "net use Z: \\\\srv\\s ******** /u:robot"),
            ("xfreerdp /u:robot /p:geheim /v:srv", "xfreerdp /u:robot /p:******** /v:srv"),
            ("mstsc.exe /v:srv /p:\"ge heim\"", "mstsc.exe /v:srv /p:\"********\""),
            ("cmdkey /generic:x /user:y /pass geheim", "cmdkey /generic:x /user:y /pass ********"),
            ("sapshcut.exe -user=ROBOT7 -pw=geheim -x", "sapshcut.exe -user=ROBOT7 -pw=******** -x"),
            ("rclone --sftp-pass geheim copy", "rclone --sftp-pass ******** copy"),
            ("rclone --sftp-pass=geheim copy", "rclone --sftp-pass=******** copy"),
            ("sqlplus -S scott/geheim@orcl @run", "sqlplus -S scott/********@orcl @run"),
            ("sqlldr userid=scott/geheim control=x.ctl", "sqlldr userid=scott/******** control=x.ctl"),
            ("smbclient -U bob%geheim //srv/s", "smbclient -U bob%******** //srv/s"),
            (
                "New-Object Net.NetworkCredential(\"bob\", \"ge heim\")",
                "New-Object Net.NetworkCredential(\"bob\", \"********\")",
            ),
            (
                "New-Object System.Net.NetworkCredential -ArgumentList $user, 'geheim'",
                "New-Object System.Net.NetworkCredential -ArgumentList $user, '********'",
            ),
            ("$pw = \"ge heim\"; x", "$pw = \"********\"; x"),
            ("@concat('user=bob;password=','geheim')", "@concat('user=bob;password=','********')"),
            ("X EncryptionKey: $'''ge heim''' Y: 1", "X EncryptionKey: $'''********''' Y: 1"),
            ("mot de passe : geheim", "mot de passe : ********"),
            ("{\"Mot de passe\":\"ge heim\"}", "{\"Mot de passe\":\"********\"}"),
        ] {
            assert_eq!(masked_text(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_of_the_program_is_shown() {
        for text in [
            "curl -u robot: https://x.example",
            "curl -u robot:$PASS -u :",
            "curl -u %User%:%Pwd% x",
            "curl -H a:b -k https://x.example:8080",
            "mysql -p fab",
            "mysqldump --port 3306",
            "other -u a:b -pgeheim",
            "mkdir -pfolder",
            "7z x a.7z -oout",
            "sqlcmd -S db -p 1 -i x.sql",
            "schtasks /query /p",
            "openssl rsa -in x -passout $env:PWD",
            "openssl rsa -in x -passin env:PWD -passout file:x.txt",
            "the net user of it gets /add",
            "net user robot * /add",
            "net user robot /delete",
            "Sales exp report km/hour each",
            "Contract exp and renewal dates, Yes/No",
            "imp note and/or later",
            "use sqlplus and run a/b tests",
            "docker run -u root -p 8080:80 nginx",
            "dotnet build app -k quick",
            "net user robot",
            "mkdir -p folder",
            "app -u robot -p $env:PWD",
            "ConvertTo-SecureString $pwd -AsPlainText -Force",
            "ConvertTo-SecureString \"$pwd\" -AsPlainText",
            "net use Z: \\\\srv\\share /user:robot %Pwd%",
            "net use Z: \\\\srv\\share /user:robot *",
            "for the net use of it",
            "net use Z: \\\\srv\\share /u:robot *",
            "mstsc /v:srv /port:3389 /prompt /public",
            "mstsc /p /v:srv",
            "cmdkey /add:srv /pass /user:robot",
            "sapshcut -pw=%Pwd%",
            "sqlplus scott@orcl @scripts/run.sql",
            "sqlplus scott/%Pwd%@orcl",
            "sqlplus /nolog @scripts/run.sql",
            "the user/password form of sqlplus",
            "smbclient -U %User%%Pwd%",
            "New-Object Net.NetworkCredential($user, $pw)",
            "New-Object Net.NetworkCredential(\"bob\", \"$pw\")",
            "$pw = Get-Credential",
            "pw = \"x\"",
            "@concat('password=', variables('x'))",
            "@replace(variables('x'),'password=','a')",
            "laissez-passe : x",
        ] {
            assert_eq!(masked_text(text), text);
        }
    }

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in [
            " -u -p \"$",
            " net use \"x",
            " net user \"x",
            " curl -u \"",
            " curl -ux:\"",
            " mysql -p'",
            "/pass:\" cmdkey ",
            "ConvertTo-SecureString -",
            "NetworkCredential(\"",
            "sqlplus a/",
            "@concat('password=','",
            "xfreerdp /p:\"",
        ] {
            masked_text(&piece.repeat(30_000));
        }
    }
}
