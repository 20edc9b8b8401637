//! `solship check` as a command: what it prints in each form, what it leaves out, and what it mends.

mod support;

use std::io::Write;

use serde_json::Value;
use solship::check::{Example, rule};
use solship::model::codes;
use support::folder::Folder;

/// Solutions of the bad examples of some rules.
trait Examples {
    /// Unpacks the bad example of a rule; its solutions become folders of that name below `below`.
    fn bad(&self, code: solship::model::Code, below: &str) -> &Self;

    /// Packs the solution of the bad example of a rule, with another text in it.
    fn bad_zip(&self, code: solship::model::Code, path: &str, edit: (&str, &str)) -> &Self;
}

impl Examples for Folder {
    fn bad(&self, code: solship::model::Code, below: &str) -> &Self {
        let page = rule(code).expect("a rule").page();
        for solution in Example::read(page.bad()).unwrap().solutions {
            for (path, text) in &solution.files {
                let name = solution.label.trim_end_matches(".zip");
                self.file(&format!("{below}/{name}/{path}"), text);
            }
        }
        self
    }

    fn bad_zip(&self, code: solship::model::Code, path: &str, (from, to): (&str, &str)) -> &Self {
        let page = rule(code).expect("a rule").page();
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in &Example::read(page.bad()).unwrap().solutions[0].files {
            writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            let text = if from.is_empty() { text.clone() } else { text.replace(from, to) };
            writer.write_all(text.as_bytes()).unwrap();
        }
        fs_err::write(self.path.join(path), writer.finish().unwrap().into_inner()).unwrap();
        self
    }
}

/// One solution with a packaged value, which is a warning, and one with a version behind its secret, which is an error.
fn two() -> Folder {
    let folder = Folder::new();
    folder.bad(codes::PACKAGED_VALUE, "a").bad(codes::INVALID_KEY_VAULT_REFERENCE, "b");
    folder
}

#[test]
fn findings_are_shown_in_every_form() {
    let folder = two();
    for format in ["text", "markdown", "github", "azure"] {
        insta::assert_snapshot!(
            format!("format_{format}"),
            folder.told(&["check", "a/FabFlows", "--format", format])
        );
    }
    let (code, json, _) = folder.run(&["check", "a/FabFlows", "--format", "json"]);
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&json).unwrap();
    let schema = solship::report::json_check::check_schema();
    assert!(jsonschema::draft202012::is_valid(&schema, &document), "{json}");
    assert_eq!(document["findings"][0]["fingerprint"].as_str().unwrap().len(), 32);
}

#[test]
fn sarif_is_what_github_reads() {
    let folder = two();
    let schema =
        fs_err::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/sarif-github.schema.json"));
    let schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    for arguments in
        [&["check", "a", "--format", "sarif"][..], &["check", "a", "b", "-r", "--format", "sarif"]]
    {
        let (_, sarif, _) = folder.run(arguments);
        let document: Value = serde_json::from_str(&sarif).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{sarif}");
        let results = document["runs"][0]["results"].as_array().unwrap();
        assert!(!results.is_empty());
        let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(!rules[index]["help"]["markdown"].as_str().unwrap().is_empty());
        }
    }
}

/// Two findings of one rule in one line of a file.
fn two_in_a_line() -> Folder {
    let folder = Folder::new();
    folder.bad(codes::PACKAGED_VALUE, "a");
    folder.file("a/FabFlows/customizations.xml", "<ImportExportXml />");
    let row = |name: &str| format!("<RootComponent type=\"29\" id=\"{{{name}}}\" behavior=\"0\" />");
    let rows = row("0c0ffee0-0000-4000-8000-000000000001") + &row("0c0ffee0-0000-4000-8000-000000000002");
    let manifest = format!(
        "<ImportExportXml><SolutionManifest><UniqueName>FabFlows</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed>\
         <Publisher><UniqueName>fabrikam</UniqueName><CustomizationPrefix>fab</CustomizationPrefix></Publisher>\
         <RootComponents>{rows}</RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>"
    );
    folder.file("a/FabFlows/solution.xml", &manifest);
    folder
}

#[test]
fn two_findings_in_one_line_both_appear() {
    let folder = two_in_a_line();
    let (_, sarif, _) = folder.run(&["check", "a/FabFlows", "--format", "sarif"]);
    let document: Value = serde_json::from_str(&sarif).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    let own: Vec<&Value> = results.iter().filter(|result| result["ruleId"] == "PKG007").collect();
    let line = |result: &Value| result["locations"][0]["physicalLocation"]["region"]["startLine"].clone();
    assert_eq!(own.len(), 2, "{sarif}");
    assert_eq!(line(own[0]), line(own[1]));
    assert_ne!(own[0]["partialFingerprints"], own[1]["partialFingerprints"]);
    for format in ["text", "github", "azure", "markdown", "junit"] {
        let (_, text, _) = folder.run(&["check", "a/FabFlows", "--format", format]);
        for id in ["000000000001", "000000000002"] {
            assert!(text.contains(id), "{format}: {text}");
        }
    }
}

#[test]
fn junit_has_a_case_for_each_rule_and_solution() {
    let folder = two();
    let (_, junit, _) = folder.run(&["check", "a/FabFlows", "--format", "junit"]);
    let limits = solship::xml::Limits::default();
    let document = solship::xml::Document::parse(junit.clone().into_bytes(), &limits).unwrap();
    let root = document.root();
    assert_eq!(root.name(), "testsuites");
    let suites: Vec<_> = root.children().collect();
    let number = |element: solship::xml::Element<'_>, name| {
        element.attribute(name).unwrap_or_else(|| panic!("{name}")).parse::<usize>().unwrap()
    };
    let mut cases = 0;
    for suite in &suites {
        assert_eq!(suite.name(), "testsuite");
        assert_eq!(number(*suite, "tests"), suite.children().count());
        let failing = suite.children().filter(|case| case.child("failure").is_some()).count();
        assert_eq!((number(*suite, "failures"), number(*suite, "errors")), (failing, 0));
        for case in suite.children() {
            assert_eq!(case.name(), "testcase");
            assert!(case.attribute("name").is_some() && case.attribute("classname").is_some());
            assert!(case.children().all(|child| matches!(child.name(), "failure" | "system-out")));
            cases += 1;
        }
    }
    assert_eq!(number(root, "tests"), cases);
    assert_eq!(cases, solship::check::rules().count(), "{junit}");
}

#[test]
fn options_change_levels() {
    let folder = two();
    let code = |arguments: &[&str]| folder.run(&[&["check", "a/FabFlows"], arguments].concat()).0;
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["--deny", "VAR001"]), 1);
    assert_eq!(code(&["--deny", "packaged-value"]), 1);
    assert_eq!(code(&["--deny", "VAR001", "--warn", "VAR001"]), 0);
    assert_eq!(code(&["--deny", "VAR001", "--allow", "var001"]), 0);
    assert_eq!(code(&["--fail-on", "warning"]), 1);
    assert_eq!(code(&["--deny", "VAR99"]), 2);
    let (_, text, _) = folder.run(&["check", "a/FabFlows", "--allow", "VAR001"]);
    assert!(!text.contains("VAR001"), "{text}");
    insta::assert_snapshot!(
        "unknown_rule",
        folder.told(&["check", "a/FabFlows", "--allow", "packaged-vale"])
    );
}

#[test]
fn a_configuration_excepts_by_path_and_says_so() {
    let folder = two();
    let exception = |path: &str| {
        format!("[[exceptions]]\ncode = \"VAR001\"\npath = \"{path}\"\nreason = \"a test value\"\n")
    };
    let found = |path: &str| {
        folder.file("solship.toml", exception(path));
        let (_, text, stderr) = folder.run(&["check", "a/FabFlows"]);
        (text.contains("VAR001"), stderr.contains("it silences 1 finding"))
    };
    assert_eq!(found("environmentvariabledefinitions/*/*"), (false, true));
    assert_eq!(found("**/fab_Limit/*.json"), (false, true));
    assert_eq!(found("a/FabFlows/**"), (false, true));
    assert_eq!(found("environmentvariabledefinitions/*"), (true, false));
    folder.file("solship.toml", exception("**").replace("reason = \"a test value\"\n", ""));
    insta::assert_snapshot!("no_reason", folder.told(&["check", "a/FabFlows"]));
}

#[test]
fn a_baseline_holds_back_what_is_known() {
    let folder = two();
    insta::assert_snapshot!("no_baseline", folder.told(&["check", "a/FabFlows", "--baseline", "known.json"]));
    let write = ["check", "a/FabFlows", "--baseline", "known.json", "--write-baseline"];
    let (code, text, _) = folder.run(&write);
    assert_eq!(code, 0, "{text}");
    let known = fs_err::read_to_string(folder.path.join("known.json")).unwrap();
    let document: Value = serde_json::from_str(&known).unwrap();
    assert!(jsonschema::draft202012::is_valid(&solship::report::json_check::baseline_schema(), &document));
    let (code, text, _) =
        folder.run(&["check", "a/FabFlows", "--baseline", "known.json", "--fail-on", "note"]);
    assert_eq!((code, &*text), (0, "no findings in 1 solution\n"));
    // The same findings under other line numbers are known, and what is gone is told.
    let path = "a/FabFlows/environmentvariabledefinitions/fab_Limit/environmentvariabledefinition.xml";
    let text = fs_err::read_to_string(folder.path.join(path)).unwrap();
    folder.file(path, format!("\n\n{text}"));
    assert_eq!(folder.run(&["check", "a/FabFlows", "--baseline", "known.json", "--fail-on", "note"]).0, 0);
    fs_err::remove_dir_all(folder.path.join("a/FabFlows/environmentvariabledefinitions")).unwrap();
    insta::assert_snapshot!("stale", folder.told(&["check", "a/FabFlows", "--baseline", "known.json"]));
    folder.file("other.json", "{}");
    let (code, _, stderr) =
        folder.run(&["check", "a/FabFlows", "--baseline", "other.json", "--write-baseline"]);
    assert!(code == 2 && stderr.contains("not overwritten"), "{stderr}");
}

#[test]
fn a_baseline_of_more_solutions_is_not_stale_for_those_that_are_not_read() {
    let folder = two();
    let (code, text, _) =
        folder.run(&["check", "a/FabFlows", "b/FabFlows", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(code, 0, "{text}");
    let known = fs_err::read_to_string(folder.path.join("known.json")).unwrap();
    folder.file("known.json", known.replacen("\"solution\": \"FabFlows\"", "\"solution\": \"FabOther\"", 1));
    let (_, _, stderr) = folder.run(&["check", "b/FabFlows", "--baseline", "known.json", "--all"]);
    assert!(!stderr.contains("in FabOther"), "{stderr}");
    // What the configuration allows was not looked for.
    folder.file("known.json", &known);
    folder.file("solship.toml", "[levels]\nVAR001 = \"allow\"\n");
    let (_, _, stderr) = folder.run(&["check", "a/FabFlows", "--baseline", "known.json", "--all"]);
    assert!(!stderr.contains("no longer found: VAR001"), "{stderr}");
}

#[test]
fn what_forbids_exceptions_is_not_excepted() {
    let folder = two();
    folder.file("solship.toml", "[levels]\nVAR001 = \"allow\"\n");
    let forbid = ["check", "a/FabFlows", "--forbid-exceptions"];
    assert_eq!(folder.run(&forbid).0, 1);
    let (code, _, stderr) = folder.run(&[&forbid[..], &["--allow", "CFG001"]].concat());
    assert!(code == 2 && stderr.contains("without that option"), "{stderr}");
    let baseline = [&forbid[..], &["--baseline", "known.json"]].concat();
    folder.run(&[&baseline[..], &["--write-baseline"]].concat());
    assert!(!fs_err::read_to_string(folder.path.join("known.json")).unwrap().contains("CFG001"));
    assert_eq!(folder.run(&baseline).0, 1);
}

#[test]
fn fingerprints_stay_when_others_are_known_and_packages_are_named_anew() {
    let folder = two_in_a_line();
    let fingerprints = |arguments: &[&str]| -> Vec<String> {
        let (_, json, _) = folder.run(&[&["check", "--format", "json"], arguments].concat());
        let document: Value = serde_json::from_str(&json).unwrap();
        let findings = document["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let all = fingerprints(&["a/FabFlows"]);
    assert!(all.len() > 2);
    folder.run(&["check", "a/FabFlows", "--baseline", "known.json", "--write-baseline"]);
    let mut known: Value =
        serde_json::from_slice(&fs_err::read(folder.path.join("known.json")).unwrap()).unwrap();
    known["findings"].as_array_mut().unwrap().retain(|known| known["fingerprint"] == all[0].as_str());
    folder.file("known.json", known.to_string());
    assert_eq!(fingerprints(&["a/FabFlows", "--baseline", "known.json"]), all[1..]);
    fs_err::rename(folder.path.join("a/FabFlows"), folder.path.join("anew")).unwrap();
    assert_eq!(fingerprints(&["anew"]), all);
}

#[test]
fn one_solution_is_one_suite_of_what_was_looked_for() {
    let folder = two();
    let run = |arguments: &[&str]| {
        folder.run(&[&["check", "a/FabFlows", "b/FabFlows", "--format", "junit"], arguments].concat()).1
    };
    let junit = run(&[]);
    assert_eq!(junit.matches("<testsuite ").count(), 1, "{junit}");
    assert!(!junit.contains("<failure message=\"environment variable \\"), "{junit}");
    let failed = |junit: &str| junit.contains("type=\"VAR001\"");
    assert!(!failed(&junit) && failed(&run(&["--fail-on", "warning"])));
    folder.file("solship.toml", "[levels]\nVAR001 = \"allow\"\n");
    assert!(!run(&[]).contains("VAR001"));
}

#[test]
fn sarif_names_files_from_the_working_folder() {
    let folder = two();
    let path = folder.path.canonicalize_utf8().unwrap().join("a/FabFlows");
    let (_, sarif, _) = folder.run(&["check", path.as_str(), "--format", "sarif"]);
    assert!(sarif.contains("\"uri\": \"a/FabFlows/") && !sarif.contains("file://"), "{sarif}");
}

#[test]
fn no_diff_shows_a_value() {
    for to in ["\"value\" : ", "\"value\":\n    ", "\"value\": \"geheim\", \"value\": "] {
        let folder = Folder::new();
        folder.bad_zip(codes::PACKAGED_VALUE, "a.zip", ("\"value\": ", to));
        let (_, text, stderr) = folder.run(&["check", "a.zip", "--fix", "--dry-run"]);
        assert!(text.contains("--- a.zip:environmentvariabledefinitions/"), "{text}{stderr}");
        assert!(text.contains("********") && !text.contains("geheim") && !text.contains("750"), "{text}");
    }
}

#[test]
fn help_names_the_package_and_a_finding_the_place_of_its_value() {
    let folder = Folder::new();
    folder.bad_zip(codes::PACKAGED_VALUE, "it's.zip", ("", ""));
    folder.bad_zip(codes::INVALID_KEY_VAULT_REFERENCE, "b.zip", ("", ""));
    folder.bad_zip(codes::FLOW_OFF, "c.zip", ("", ""));
    let finding = |zip: &str, code: &str| -> Value {
        let (_, json, _) = folder.run(&["check", zip, "--format", "json"]);
        let document: Value = serde_json::from_str(&json).unwrap();
        let mut findings = document["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("{json}")).clone()
    };
    let value = finding("it's.zip", "VAR001");
    assert_eq!(value["help"], r"take the value out: solship check 'it'\''s.zip' --fix");
    assert_eq!((&value["place"]["line"], &value["place"]["column"]), (&1.into(), &62.into()));
    let secret = finding("b.zip", "SEC002");
    assert!(secret["place"]["column"].as_u64().unwrap() > 1, "{secret}");
    assert_eq!(secret["excerpt"], "********");
    let flow = finding("c.zip", "FLW007");
    assert!(flow["help"].as_str().unwrap().ends_with(" --state on --solution c.zip"), "{flow}");
}

/// The words of a command as a shell reads them.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_that_is_told_can_be_given() {
    let mut commands = std::collections::BTreeSet::new();
    for rule in solship::check::rules() {
        let page = rule.page();
        for span in page.fix().replace('\n', " ").split('`').skip(1).step_by(2) {
            commands.extend(span.starts_with("solship ").then(|| span.to_owned()));
        }
        for finding in Example::read(page.bad()).unwrap().check().unwrap().findings {
            let help = finding.help.unwrap_or_default();
            let at =
                if help.starts_with("solship ") { Some(0) } else { help.find(": solship ").map(|at| at + 2) };
            commands.extend(at.map(|at| help[at..].to_owned()));
        }
    }
    assert!(commands.len() > 20, "{commands:?}");
    let folder = Folder::new();
    let mut wrong = Vec::new();
    for command in commands {
        let words = words(&command);
        let arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        // A command that is only named must be there; one with its arguments must be taken.
        let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let (code, _, stderr) = if arguments.len() < 3 && arguments.iter().all(is_name) {
            folder.run(&[&["help"], &arguments[..]].concat())
        } else {
            folder.run(&arguments)
        };
        if stderr.contains("--help") || (arguments.len() < 2 && code != 0) {
            wrong.push(format!("{command}\n{stderr}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_needs_no_guess_is_mended() {
    let folder = Folder::new();
    folder.bad_zip(codes::PACKAGED_VALUE, "a.zip", ("", ""));
    let id = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";
    let versioned = format!("{id}/0123456789abcdef0123456789abcdef");
    let written = ("https://fab-kv.vault.azure.net/secrets/robot7", &*versioned);
    folder.bad_zip(codes::INVALID_KEY_VAULT_REFERENCE, "b.zip", written);
    insta::assert_snapshot!("fix_dry_run", folder.told(&["check", "a.zip", "--fix", "--dry-run"]));
    let bytes = |path: &str| fs_err::read(folder.path.join(path)).unwrap();
    for (zip, code) in [("a.zip", "VAR001"), ("b.zip", "SEC002")] {
        let before = bytes(zip);
        let (_, text, _) = folder.run(&["check", zip]);
        assert!(text.contains(code), "{text}");
        let (_, _, stderr) = folder.run(&["check", zip, "--fix", "--dry-run"]);
        assert!(!stderr.contains("fixed"), "{stderr}");
        assert_eq!(bytes(zip), before);
        let (_, text, stderr) = folder.run(&["check", zip, "--fix"]);
        assert!(stderr.contains(&format!("fixed: {zip}")) && !text.contains(code), "{stderr}{text}");
        let after = bytes(zip);
        assert_ne!(after, before);
        let (_, _, stderr) = folder.run(&["check", zip, "--fix"]);
        assert!(stderr.contains("nothing here can be mended"), "{stderr}");
        assert_eq!(bytes(zip), after);
    }
    let (_, shown, _) = folder.run(&["secrets", "b.zip"]);
    assert!(shown.contains("robot7"), "{shown}");
}

#[test]
fn the_list_and_a_page_are_shown() {
    let folder = Folder::new();
    let (code, list, _) = folder.run(&["check", "--list"]);
    assert_eq!(code, 0);
    assert_eq!(list.lines().count(), solship::check::rules().count() + 3, "{list}");
    let (code, json, _) = folder.run(&["check", "--list", "--format", "json"]);
    let document: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(code, 0);
    assert!(jsonschema::draft202012::is_valid(&solship::report::json_check::rules_schema(), &document));
    for code in ["packaged-value", "PKG013"] {
        let (exit, json, _) = folder.run(&["check", "--explain", code, "--format", "json"]);
        let document: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(exit, 0);
        assert!(jsonschema::draft202012::is_valid(&solship::report::json_check::rules_schema(), &document));
        let parts = ["why", "bad", "good", "fix"].map(|part| document["rules"][0][part].is_string());
        assert_eq!(parts, [code == "packaged-value"; 4], "{json}");
    }
    for what in [&["--list"][..], &["--explain", "SEC004"]] {
        let (exit, shown, stderr) = folder.run(&[&["check"], what, &["--format", "sarif"]].concat());
        assert_eq!((exit, &*shown), (2, ""));
        assert!(stderr.ends_with(" is text or json\n"), "{stderr}");
    }
    insta::assert_snapshot!("explain", folder.told(&["check", "--explain", "packaged-value"]));
    insta::assert_snapshot!("explain_without_page", folder.told(&["check", "--explain", "PKG013"]));
}

#[test]
fn the_command_line_goes_before_the_configuration() {
    let folder = two();
    folder.file("solship.toml", "[levels]\nVAR001 = \"allow\"\n");
    let run = |arguments: &[&str]| folder.run(&[&["check", "a/FabFlows"], arguments].concat());
    let (code, text, stderr) = run(&[]);
    assert!(code == 0 && !text.contains("VAR001") && stderr.contains("silences 1"), "{text}{stderr}");
    let (code, text, stderr) = run(&["--deny", "VAR001"]);
    assert!(code == 1 && text.contains("error[VAR001]") && !stderr.contains("silences"), "{text}{stderr}");
    assert_eq!(run(&["--warn", "VAR001", "--fail-on", "warning"]).0, 1);
    assert_eq!(run(&["--deny", "VAR001", "--forbid-exceptions"]).0, 1);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let folder = two();
    for (arguments, words) in [
        (&["a/FabFlows", "--fix", "--dry-run", "--format", "json"][..], "--fix --dry-run shows a diff"),
        (
            &["a/FabFlows", "--baseline", "b.json", "--write-baseline", "--format", "sarif"],
            "--write-baseline",
        ),
        (&["-", "--fix"], "a zip on stdin cannot be mended"),
    ] {
        let (code, stdout, stderr) = folder.run(&[&["check"], arguments].concat());
        assert!(code == 2 && stdout.is_empty() && stderr.contains(words), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    folder.file("b.json", "{}");
    let (code, _, stderr) = folder.run(&["check", "a/FabFlows", "--baseline", "b.json"]);
    assert!(code == 2 && !stderr.contains("hint"), "{stderr}");
}

#[test]
fn a_value_without_a_default_is_not_taken_away() {
    let folder = Folder::new();
    folder.bad_zip(codes::PACKAGED_VALUE, "a.zip", ("<defaultvalue>500</defaultvalue>", ""));
    let bytes = || fs_err::read(folder.path.join("a.zip")).unwrap();
    let before = bytes();
    let (_, text, stderr) = folder.run(&["check", "a.zip", "--fix"]);
    assert!(text.contains("VAR001"), "{text}");
    assert!(stderr.contains("not mended: a.zip: environment variable fab_Limit has no default"), "{stderr}");
    assert!(stderr.contains("solship set variable fab_Limit --no-value --solution a.zip"), "{stderr}");
    assert_eq!(bytes(), before);
    // The finding names a command that does it.
    assert!(!text.contains("solship check a.zip --fix"), "{text}");
    let help: Vec<&str> = text.split_whitespace().collect();
    let command = ["set", "variable", "fab_Limit", "--no-value", "--solution", "a.zip"];
    assert!(help.join(" ").contains(&command.join(" ")), "{text}");
    assert_eq!(folder.run(&command).0, 0);
    assert!(!folder.run(&["check", "a.zip"]).1.contains("VAR001"));
}

#[test]
fn a_dry_run_says_that_a_zip_is_packed_anew() {
    let folder = Folder::new();
    folder.bad(codes::PACKAGED_VALUE, "a").bad_zip(codes::PACKAGED_VALUE, "a.zip", ("", ""));
    let told = |path: &str| folder.run(&["check", path, "--fix", "--dry-run"]).2;
    assert!(told("a.zip").contains("a.zip: the zip is packed anew, as pack does it"));
    assert!(!told("a/FabFlows").contains("packed anew"));
}
