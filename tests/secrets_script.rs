//! The script of `solship secrets --format az`, run against an `az` of our own that says what we want.
#![cfg(unix)]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use camino::Utf8Path;
use solship::model::CredentialKind;
use solship::secrets::{Secrets, secrets};
use support::made::Made;
use support::secrets::{SUBSCRIPTION, credential, reference, rotation, secret};

/// What an Azure says in which everything is as it should be; `ANSWER` comes first, and counts.
const AZ: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$LOG"
case "$*" in
ANSWER
'cloud show '*) echo AzureCloud ;;
'provider show '*) echo Registered ;;
'keyvault show '*'--query id '*) echo /the/vault ;;
'keyvault show '*enableRbacAuthorization*) echo true ;;
'keyvault show '*accessPolicies*) printf 'one\tlist\nobject-1\tlist,get\n' ;;
'keyvault show '*tenantId*) echo tenant-1 ;;
'keyvault show '*networkAcls*) echo Enabled:Allow ;;
'account show '*) echo tenant-1 ;;
'resource show '*) echo robot:true ;;
'role assignment list '*) printf 'Reader\nKey Vault Secrets User\n' ;;
'ad '*) echo object-1 ;;
'eventgrid event-subscription list '*) echo LogicApp1 ;;
*) echo "what is $*" >&2; exit 2 ;;
esac
"#;

fn set() -> Secrets {
    let made =
        secret(Made::new("Access", "1.0"), "mak_A", Some(&reference("rg-(robots)", "mak-kv", "robot")));
    let made = credential(made, 1, CredentialKind::UserNamePassword, &[]);
    secrets(&[rotation(made, 5, Some("mak-kv")).done()])
}

/// Runs the script with such an `az`; its lines, its exit code, and the commands that `az` was given.
fn checked(shell: &str, answer: &str, makers: &[&str]) -> (Vec<String>, Option<i32>, Vec<String>) {
    let guard = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(guard.path()).unwrap();
    let (az, script, log) = (folder.join("az"), folder.join("check.sh"), folder.join("log"));
    fs_err::write(&az, AZ.replace("ANSWER", answer)).unwrap();
    fs_err::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    fs_err::write(&script, solship::report::az::secrets(&set())).unwrap();
    let syntax = Command::new(shell).args(["-n", script.as_str()]).output().unwrap();
    assert!(syntax.status.success(), "{}", String::from_utf8_lossy(&syntax.stderr));
    let path = std::env::var_os("PATH").unwrap().into_string().unwrap();
    let output = Command::new(shell)
        .arg(&script)
        .args(makers)
        .env("PATH", format!("{folder}:{path}"))
        .env("LOG", &log)
        .output()
        .unwrap();
    let commands = fs_err::read_to_string(&log).unwrap();
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    (lines(&String::from_utf8(output.stdout).unwrap()), output.status.code(), lines(&commands))
}

#[test]
fn all_is_well() {
    for shell in ["sh", "bash"] {
        let (lines, code, commands) = checked(shell, "", &["maker@maker.example"]);
        let provider =
            |name| format!("ok       resource provider {name} is registered in subscription {SUBSCRIPTION}");
        let expected = [
            "ok       the environment is in no US Government cloud (az is set to AzureCloud)".to_owned(),
            provider("Microsoft.PowerPlatform"),
            provider("Microsoft.EventGrid"),
            "ok       vault mak-kv in resource group rg-(robots)".to_owned(),
            "ok       secret robot in vault mak-kv".to_owned(),
            "ok       the Dataverse service principal 00000007-0000-0000-c000-000000000000 may read the secrets of vault mak-kv"
                .to_owned(),
            "ok       maker maker@maker.example may read the secrets of vault mak-kv".to_owned(),
            "ok       vault mak-kv is in the tenant that you are signed in to, which must be that of the environment"
                .to_owned(),
            "ok       vault mak-kv can be reached by Power Platform".to_owned(),
            "ok       vault mak-kv tells a flow of new versions of its secrets".to_owned(),
            "10 ok, 0 missing, 0 unknown".to_owned(),
        ];
        assert_eq!((&lines[..], code), (&expected[..], Some(0)));
        for command in commands {
            let verb = command.split(" --").next().unwrap();
            assert!(verb.ends_with(" show") || verb.ends_with(" list"), "{command}");
            assert!(!command.starts_with("keyvault secret"), "{command}");
        }
    }
}

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    for (answer, expected) in [
        (
            "'resource show '*) exit 3 ;;",
            "missing  secret robot in vault mak-kv: create it, or correct the variables that name it",
        ),
        (
            "'resource show '*) echo robot:false ;;",
            "missing  secret robot in vault mak-kv: it is disabled; enable it",
        ),
        (
            "'role assignment list '*) printf 'Key Vault Reader\\nNot Key Vault Secrets User\\n' ;;",
            "missing  you (name the other makers as arguments) may read the secrets of vault mak-kv: give the role Key Vault \
             Secrets User on the vault (Key Vault Reader is not enough)",
        ),
        (
            "'provider show '*PowerPlatform*) echo NotRegistered ;;",
            "missing  resource provider Microsoft.PowerPlatform is registered in subscription \
             0c0ffee0-0000-4000-8000-000000000001: it is NotRegistered; an owner of the subscription must register it",
        ),
        (
            "'account show '*) echo tenant-2 ;;",
            "missing  vault mak-kv is in the tenant that you are signed in to, which must be that of the environment: the \
             vault is in tenant tenant-1; use a vault of the same tenant",
        ),
        (
            "*networkAcls*) echo Enabled:Deny ;;",
            "missing  vault mak-kv can be reached by Power Platform: see that the firewall lets the IP ranges of Power \
             Platform in; trusted Microsoft services does not cover it",
        ),
        (
            "*networkAcls*) echo Disabled:Allow ;;",
            "missing  vault mak-kv can be reached by Power Platform: public access is off; a private endpoint needs the \
             virtual network support of Power Platform",
        ),
        (
            "'eventgrid '*) ;;",
            "missing  vault mak-kv tells a flow of new versions of its secrets: turn the flow on in the target, which makes \
             the Event Grid subscription; or leave the flow out, it is deprecated",
        ),
        (
            "'cloud show '*) echo AzureUSGovernment ;;",
            "missing  the environment is in no US Government cloud: az is set to it; credentials do not exist there",
        ),
    ] {
        let (lines, code, _) = checked("sh", answer, &[]);
        assert!(lines.iter().any(|line| line == expected), "{answer}: {lines:#?}");
        assert_eq!((lines.len(), code), (11, Some(1)), "{lines:#?}");
    }
}

#[test]
fn a_vault_with_access_policies_is_asked_for_them() {
    let policies = "*enableRbacAuthorization*) echo false ;;\n'role '*) exit 1 ;;";
    let (lines, code, _) = checked("sh", policies, &[]);
    assert_eq!(code, Some(0), "{lines:#?}");
    for (granted, expected) in
        [("object-1\\tlist,set", Some(1)), ("object-2\\tget", Some(1)), ("object-1\\tall", Some(0))]
    {
        let answer = format!("{policies}\n*accessPolicies*) printf '{granted}\\n' ;;");
        let (lines, code, _) = checked("sh", &answer, &[]);
        assert_eq!(code, expected, "{granted}: {lines:#?}");
    }
}

#[test]
fn without_the_vault_nothing_is_said_of_what_is_in_it() {
    let (lines, code, commands) = checked("sh", "'keyvault show '*) exit 3 ;;", &[]);
    let starts = |word: &str| lines.iter().filter(|line| line.starts_with(word)).count();
    assert_eq!(
        (starts("ok "), starts("missing "), starts("unknown "), code),
        (3, 1, 6, Some(1)),
        "{lines:#?}"
    );
    assert!(!commands.iter().any(|command| command.starts_with("resource show")), "{commands:#?}");
}

#[test]
fn an_az_that_is_not_signed_in_makes_all_unknown() {
    let (lines, code, _) = checked("sh", "*) echo 'please run az login' >&2; exit 1 ;;", &[]);
    assert_eq!((lines.last().map(String::as_str), code), (Some("0 ok, 0 missing, 10 unknown"), Some(2)));
}
