//! Renderers on results made by hand: how they look, that no text of an input leaves as syntax, and that no value of a
//! variable leaves at all.

mod results;

use results::Texts;
use solship::model::Severity;
use solship::report::drawing::{Drawing, EdgeLine, NodeLook};
use solship::report::{
    TextOptions, az, azure, dot, drawn_graph, github, html_diff, import_config, json, json_check,
    json_deploy, json_diff, json_environment, json_environment_diff, json_split, json_transfer, list,
    markdown_deploy, markdown_diff, markdown_environment_diff, markdown_findings, markdown_plan,
    markdown_secrets, mermaid, sarif, text_check, text_deploy, text_diff, text_environment,
    text_environment_diff, text_gate, text_graph, text_inspect, text_plan, text_secrets, text_split,
    text_transfer, text_verify, text_where_used, tsv,
};

const PLAIN: Texts = Texts(str::to_owned);

/// Everything that means something to a terminal, a build service, a page, a table or a shell.
const SYNTAX: &str = "\u{1b}[31m\u{9b}2J\r\n::error file=x::y\n##vso[task.complete]##[error]\u{202e}\u{2066}\u{2028}\u{2029}\u{feff}\t\
                      <script>alert(1)</script>|`$(id)`[x](javascript:y)=cmd|' /C calc'!A0\"';\\\u{7f}\0";
/// The same at the start of the text, which is where GitHub looks for commands.
const HOSTILE: Texts = Texts(|text| format!("::error::{text}{SYNTAX}{text}"));

/// Every output there is, with its name.
fn outputs(texts: &Texts) -> Vec<(&'static str, String)> {
    let in_memory = |write: &dyn Fn(&mut dyn std::io::Write) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let options = TextOptions::default();
    let all = TextOptions { all: true, show_values: true, ..options };
    let inspections = [texts.inspection(), texts.inspection()];
    vec![
        ("plan", text_plan::plan(&texts.plan(), &options)),
        ("plan --all", text_plan::plan(&texts.plan(), &all)),
        ("cycle", text_plan::plan(&texts.cycle(), &options)),
        ("cycle --all", text_plan::plan(&texts.cycle(), &all)),
        ("list", list::plan(&texts.plan())),
        ("gate", text_gate::gate(&texts.gate(), &options)),
        ("gate json", in_memory(&|writer| json::gate(writer, &texts.gate()))),
        ("plan markdown", markdown_plan::plan(&texts.plan())),
        ("gate markdown", markdown_findings::findings(&texts.gate().findings, 2)),
        ("import config", import_config::plan(&texts.plan())),
        ("split", text_split::split(&texts.split(), true, &(texts.0)("written"), &options)),
        (
            "split json",
            in_memory(&|writer| json_split::split(writer, &texts.split(), &[(texts.0)("a")], true)),
        ),
        ("merge", text_split::merge(&texts.merged(), &(texts.0)("written"), &options)),
        (
            "merge json",
            in_memory(&|writer| json_split::merge(writer, &texts.merged(), &(texts.0)("a"), true)),
        ),
        ("diff", text_diff::diff(&texts.diff(), text_diff::Detail::Changes, true, &options)),
        ("diff --stat", text_diff::diff(&texts.diff(), text_diff::Detail::Counts, false, &options)),
        ("diff --name-only", text_diff::diff(&texts.diff(), text_diff::Detail::Names, false, &options)),
        ("diff markdown", markdown_diff::diff(&texts.diff())),
        ("diff html", html_diff::diff(&texts.diff())),
        ("diff json", in_memory(&|writer| json_diff::diff(writer, &texts.diff()))),
        ("environment diff", text_environment_diff::diff(&texts.environment_diff(), &options)),
        ("environment plan", text_environment_diff::plan(&texts.environment_diff(), &options)),
        ("environment diff markdown", markdown_environment_diff::diff(&texts.environment_diff())),
        (
            "environment diff json",
            in_memory(&|writer| json_environment_diff::diff(writer, &texts.environment_diff())),
        ),
        ("deploy", text_deploy::deployment(&texts.deployment(), &options)),
        ("deploy markdown", markdown_deploy::deployment(&texts.deployment())),
        ("deploy json", in_memory(&|writer| json_deploy::deployment(writer, &texts.deployment()))),
        ("env show", text_environment::overview(&texts.overview(), &options)),
        ("env show json", in_memory(&|writer| json_environment::overview(writer, &texts.overview()))),
        ("env log", text_environment::log(&texts.log())),
        ("env log json", in_memory(&|writer| json_environment::log(writer, "local:uat", &texts.log()))),
        ("env done", text_environment::done(&texts.done())),
        ("env done json", in_memory(&|writer| json_environment::done(writer, &texts.done()))),
        ("check", text_check::check(&texts.check(), &options)),
        ("check --all", text_check::check(&texts.check(), &all)),
        ("check json", in_memory(&|writer| json_check::check(writer, &texts.check()))),
        ("check azure", azure_lines(texts)),
        ("sarif", in_memory(&|writer| sarif::findings(writer, &texts.gate().findings, None))),
        ("junit", junit(texts)),
        ("inspect", text_inspect::inspect(&inspections, &options)),
        ("inspect --all", text_inspect::inspect(&inspections, &all)),
        ("plan json", in_memory(&|writer| json::plan(writer, &texts.plan()))),
        ("cycle json", in_memory(&|writer| json::plan(writer, &texts.cycle()))),
        ("verify", text_verify::verify(&[texts.verification(), texts.verification()], &options)),
        ("attestation", text_verify::attestation(&texts.attestation(), &options)),
        ("verify json", in_memory(&|writer| json::verify(writer, &[texts.verification()]))),
        ("attestation json", in_memory(&|writer| json::attestation(writer, &texts.attestation()))),
        ("unpack", text_transfer::unpack(&texts.unpacked(), Some(Severity::Note), &options)),
        ("pack", text_transfer::pack(&texts.packed(), Some(Severity::Note), &options)),
        ("unpack json", in_memory(&|writer| json_transfer::unpack(writer, &texts.unpacked()))),
        ("pack json", in_memory(&|writer| json_transfer::pack(writer, &texts.packed()))),
        ("inspect json", in_memory(&|writer| json::inspect(writer, &inspections, false))),
        ("dot", dot::dot(&drawing(texts))),
        ("mermaid", mermaid::mermaid(&drawing(texts))),
        ("secrets", text_secrets::secrets(&texts.secrets(), &options)),
        ("secrets --all", text_secrets::secrets(&texts.secrets(), &all)),
        ("secrets markdown", markdown_secrets::secrets(&texts.secrets())),
        ("secrets json", in_memory(&|writer| json::secrets(writer, &texts.secrets()))),
        ("where-used", text_where_used::where_used(&texts.where_used(), &options)),
        ("where-used --all", text_where_used::where_used(&texts.where_used(), &all)),
        ("where-used json", in_memory(&|writer| json::where_used(writer, &texts.where_used()))),
        ("where-used dot", dot::dot(&drawn_graph::where_used(&texts.where_used()))),
        ("where-used mermaid", mermaid::mermaid(&drawn_graph::where_used(&texts.where_used()))),
        ("graph", text_graph::graph(&texts.excerpt(), &options)),
        ("graph json", in_memory(&|writer| json::graph(writer, &texts.excerpt()))),
        ("graph dot", dot::dot(&drawn_graph::excerpt(&texts.excerpt()))),
        ("graph mermaid", mermaid::mermaid(&drawn_graph::excerpt(&texts.excerpt()))),
        ("graph tsv", tsv::graph(&texts.excerpt())),
    ]
}

/// The commands of Azure Pipelines without what makes them commands, so that no other is among them.
fn azure_lines(texts: &Texts) -> String {
    let text = azure::findings(&texts.check().findings, 2);
    let lines = text.lines().map(|line| match line.strip_prefix("##vso[task.logissue ") {
        Some(rest) => {
            let (properties, message) = rest.split_once(']').expect("the command ends");
            assert!(!message.contains(']') && properties.split(';').count() <= 6, "{line}");
            format!("{properties} {message}\n")
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

fn drawing(texts: &Texts) -> Drawing {
    let text = |text: &str| (texts.0)(text);
    let mut drawing = Drawing::default();
    let robots = drawing.node([text("FabRobots"), text("1.4.0.0")], NodeLook::Asked);
    let base = drawing.node([text("FabBase")], NodeLook::Absent);
    drawing.edge(robots, base, text("needs"), EdgeLine::Dashed);
    drawing
}

fn junit(texts: &Texts) -> String {
    let gate = texts.gate();
    let solutions = gate.rows.iter().filter_map(|row| row.solution.as_deref());
    let suites = solship::report::junit::Suites {
        name: "solship plan",
        solutions: solutions.collect(),
        looked: &[],
        failing: Severity::Error,
    };
    suites.of(&gate.findings).unwrap()
}

#[test]
fn a_finding_is_one_command_of_github_and_no_other() {
    for (findings, solutions) in [(HOSTILE.gate().findings, 2), (PLAIN.gate().findings, 2)] {
        let text = github::findings(&findings, solutions);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), findings.len() + 1, "{text}");
        assert!(lines[0].starts_with("::error file=") && lines[1].starts_with("::warning title="), "{text}");
        // Neither the properties nor the message of the command end before they should.
        assert_eq!(lines[0].matches("::").next(), Some("::"));
        let properties = lines[0].strip_prefix("::error ").unwrap().split("::").next().unwrap();
        assert_eq!(properties.split(',').count(), 4, "{properties}");
        let acting =
            text.chars().find(|&character| character != '\n' && solship::text::acts_on_terminal(character));
        assert_eq!(acting, None, "{text}");
        assert!(!text.contains("##vso[") && !text.contains("##["), "{text}");
    }
}

/// A line of Markdown without its code spans: what is left is our own.
fn outside_of_code(line: &str) -> String {
    let run = |text: &str| text.bytes().take_while(|byte| *byte == b'`').count();
    let mut own = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        own.push_str(&rest[..start]);
        let fence = run(&rest[start..]);
        let mut at = start + fence;
        // The span ends at the next run of the same length.
        while let Some(next) = rest[at..].find('`') {
            let length = run(&rest[at + next..]);
            at += next + length;
            if length == fence {
                break;
            }
        }
        rest = &rest[at..];
    }
    own + rest
}

#[test]
fn markdown_and_xml_stay_what_they_are() {
    for text in [
        markdown_plan::plan(&HOSTILE.plan()),
        markdown_findings::findings(&HOSTILE.gate().findings, 2),
        markdown_diff::diff(&HOSTILE.diff()),
        markdown_environment_diff::diff(&HOSTILE.environment_diff()),
        markdown_deploy::deployment(&HOSTILE.deployment()),
    ] {
        for line in text.lines() {
            let own = outside_of_code(line);
            assert!(!own.contains("<script>") && !own.contains("javascript:"), "{line}");
        }
    }
    for text in [import_config::plan(&HOSTILE.plan()), junit(&HOSTILE)] {
        let document =
            solship::xml::Document::parse(text.clone().into_bytes(), &solship::xml::Limits::default());
        let document = document.unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(document.root().descendants().all(|element| element.name() != "script"), "{text}");
    }
}

#[test]
fn no_text_of_an_input_leaves_as_syntax() {
    for ((name, hostile), (_, plain)) in outputs(&HOSTILE).into_iter().zip(outputs(&PLAIN)) {
        // Tabs are the syntax of one of them; that no text holds one is tested apart.
        let ours = if name == "graph tsv" { "\n\t" } else { "\n" };
        let acting = hostile
            .chars()
            .find(|&character| !ours.contains(character) && solship::text::acts_on_terminal(character));
        assert_eq!(acting, None, "{name}:\n{hostile}");
        for line in hostile.lines() {
            assert!(!line.trim_start().starts_with("::"), "{name}: {line}");
            assert!(!line.contains("##vso[") && !line.contains("##["), "{name}: {line}");
        }
        assert_eq!(hostile.lines().count(), plain.lines().count(), "{name}:\n{hostile}");
    }
}

#[test]
fn no_text_of_an_input_is_a_link_in_sarif() {
    let mut bytes = Vec::new();
    sarif::findings(&mut bytes, &HOSTILE.gate().findings, None).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    for result in document["runs"][0]["results"].as_array().unwrap() {
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for message in std::iter::once(&result["message"]).chain(related.map(|related| &related["message"])) {
            let text = message["text"].as_str().unwrap();
            // Without what is escaped no bracket is left.
            let mut characters = text.chars();
            while let Some(character) = characters.next() {
                assert!(!matches!(character, '[' | ']'), "{text}");
                if character == '\\' {
                    assert!(characters.next().is_some_and(|next| "\\[]".contains(next)), "{text}");
                }
            }
        }
    }
    assert!(String::from_utf8(bytes).unwrap().contains(r"\\[x\\](javascript:y)"));
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    for texts in [&PLAIN, &HOSTILE] {
        let without = TextOptions::default();
        let with = TextOptions { color: true, ..without };
        let stripped = |text: String| anstream::adapter::strip_str(&text).to_string();
        assert_eq!(stripped(text_plan::plan(&texts.plan(), &with)), text_plan::plan(&texts.plan(), &without));
        assert_eq!(
            stripped(text_plan::plan(&texts.cycle(), &with)),
            text_plan::plan(&texts.cycle(), &without)
        );
        let inspections = [texts.inspection()];
        let inspect = |options| text_inspect::inspect(&inspections, options);
        assert_eq!(stripped(inspect(&with)), inspect(&without));
    }
    let coloured = text_plan::plan(&PLAIN.plan(), &TextOptions { color: true, ..TextOptions::default() });
    assert!(coloured.contains('\u{1b}'));
}

#[test]
fn a_drawing_has_no_more_parts_than_were_drawn() {
    for (name, output) in outputs(&HOSTILE) {
        if name.ends_with("dot") {
            for line in output.lines() {
                // Without `\\` and `\"` every quote that is left opens or closes a text; outside of texts nothing is hostile.
                let bare = line.replace(r"\\", "").replace(r#"\""#, "");
                let outside: String = bare.split('"').step_by(2).collect();
                assert_eq!(bare.matches('"').count() % 2, 0, "{line}");
                assert!(!outside.contains("script") && !outside.contains("error"), "{line}");
            }
        }
        if name.ends_with("mermaid") {
            for line in output.lines().filter(|line| !line.starts_with("  classDef ")) {
                assert!(line.matches('"').count() <= 2, "{line}");
                assert!(!line.replace("<br/>", "").contains(['<', '`', '%', ':', '(']), "{line}");
            }
        }
    }
}

#[test]
fn a_line_of_a_table_has_its_fields_and_no_formula() {
    let output = tsv::graph(&HOSTILE.excerpt());
    let formulas = Texts(|text| format!("={text}"));
    for line in output.lines().chain(tsv::graph(&formulas.excerpt()).lines()) {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 7, "{line}");
        assert!(fields.iter().all(|field| !field.starts_with(['=', '+', '-', '@'])), "{line}");
    }
}

#[test]
fn an_option_to_paste_is_one_word_of_the_shell() {
    let told = text_plan::plan(&HOSTILE.plan(), &TextOptions::default());
    // The quote inside is closed, written and opened again; nothing else ends the word.
    let word = told.split_once("--provided '::error::FabConnectors").expect("the closing line").1;
    let word = word.lines().next().unwrap().replace(r"'\''", "");
    assert_eq!(word.matches('\'').count(), 1, "{word}");
    assert!(word.ends_with('\''), "{word}");
}

#[test]
fn in_markdown_every_text_of_an_input_is_code() {
    let told = markdown_secrets::secrets(&HOSTILE.secrets());
    let mut outside = String::new();
    let mut rest = told.as_str();
    // A span ends with as many backticks as it starts with.
    while let Some(at) = rest.find('`') {
        outside.push_str(&rest[..at]);
        let fence = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
        let inside = &rest[at + fence..];
        let mut from = 0;
        let end = loop {
            let start = from + inside[from..].find('`').expect("the end of a span");
            let run = inside[start..].bytes().take_while(|byte| *byte == b'`').count();
            if run == fence {
                break start;
            }
            from = start + run;
        };
        assert!(!inside[..end].contains('\n'), "{inside}");
        rest = &inside[end + fence..];
    }
    outside.push_str(rest);
    for syntax in ["<", "](", "error::", "|", "$", "!A0"] {
        assert!(!outside.contains(syntax), "{syntax}: {outside}");
    }
    assert!(told.contains("<script>"), "the names are there, as code: {told}");
}

#[test]
fn a_script_holds_only_names_in_the_grammar_of_azure() {
    let script = az::secrets(&HOSTILE.secrets());
    for part in ["script>", "$(id)", "error::", "calc", "fab-kv", "rg-robots", "robot7"] {
        assert!(!script.contains(part), "{part}: {script}");
    }
    assert!(
        script.contains("# left out: a vault whose name, group or subscription is not in Azure's grammar")
    );
    // Only one name may be hostile: the vault's own check is there, the secret is left out.
    let mut secrets = PLAIN.secrets();
    secrets.vaults[0]
        .prerequisites
        .push(solship::secrets::Prerequisite::SecretExists { secret: "a'; touch pwned; '".to_owned() });
    let script = az::secrets(&secrets);
    assert!(script.contains("check_secret 'robot7'\n") && !script.contains("pwned"), "{script}");
}

#[test]
fn json_gives_every_text_back() {
    for (name, written) in outputs(&HOSTILE) {
        if !name.ends_with("json") {
            continue;
        }
        let value: serde_json::Value = serde_json::from_str(&written).unwrap();
        let found = match name {
            "inspect json" | "verify json" | "secrets json" => &value["solutions"][0]["uniqueName"],
            "attestation json" => &value["attestation"]["uniqueName"],
            "unpack json" | "pack json" => &value["findings"][0]["solution"],
            "where-used json" => &value["answers"][0]["nodes"][1]["solutions"][0]["uniqueName"],
            "graph json" => &value["nodes"][0]["solutions"][0]["uniqueName"],
            "split json" => &value["parts"][0]["uniqueName"],
            "merge json" => &value["parts"][0]["uniqueName"],
            "gate json" => &value["rows"][0]["solution"],
            "diff json" => &value["solutions"][0]["left"]["uniqueName"],
            "check json" | "environment diff json" => &value["solutions"][0]["uniqueName"],
            "env show json" => &value["solutions"][0]["uniqueName"],
            "env log json" => &value["log"][0]["solution"]["uniqueName"],
            "sarif" | "env done json" => continue,
            _ => &value["steps"][0]["uniqueName"],
        };
        let of_flows = [
            "cycle json",
            "verify json",
            "attestation json",
            "unpack json",
            "pack json",
            "graph json",
            "gate json",
            "check json",
            "diff json",
            "environment diff json",
            "env show json",
            "env log json",
        ]
        .contains(&name);
        let expected = if of_flows { "FabFlows" } else { "FabRobotAccess" };
        assert_eq!(found, &(HOSTILE.0)(expected), "{name}");
    }
}

#[test]
fn values_of_variables_leave_only_when_asked_for() {
    let inspections = [PLAIN.inspection()];
    let text = |show_values| {
        text_inspect::inspect(&inspections, &TextOptions { show_values, ..TextOptions::default() })
    };
    let json = |show_values| {
        let mut bytes = Vec::new();
        json::inspect(&mut bytes, &inspections, show_values).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    for (masked, shown) in [(text(false), text(true)), (json(false), json(true))] {
        for value in ["the value of it", "the default of it"] {
            assert!(!masked.contains(value), "{masked}");
            assert!(shown.contains(value), "{shown}");
        }
        for hidden in ["0c0f0000-0000-0000-0000-000000000000", "rg-robots"] {
            assert!(!masked.contains(hidden) && !shown.contains(hidden), "{shown}");
        }
    }
}

#[test]
fn this_is_how_they_look() {
    for (name, output) in outputs(&PLAIN) {
        insta::assert_snapshot!(name.replace([' ', '-'], "_"), output);
    }
}
