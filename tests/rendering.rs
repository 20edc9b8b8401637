//! Renderers on results made by hand: how they look, that no text of an input leaves as syntax, and that no value of a
//! variable leaves at all.

mod results;

use results::Texts;
use solship::report::drawing::{Drawing, EdgeLine, NodeLook};
use solship::report::{
    TextOptions, dot, drawn_graph, json, list, mermaid, text_graph, text_inspect, text_plan, text_verify,
    text_where_used, tsv,
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
        ("inspect", text_inspect::inspect(&inspections, &options)),
        ("inspect --all", text_inspect::inspect(&inspections, &all)),
        ("plan json", in_memory(&|writer| json::plan(writer, &texts.plan()))),
        ("cycle json", in_memory(&|writer| json::plan(writer, &texts.cycle()))),
        ("verify", text_verify::verify(&[texts.verification(), texts.verification()], &options)),
        ("attestation", text_verify::attestation(&texts.attestation(), &options)),
        ("verify json", in_memory(&|writer| json::verify(writer, &[texts.verification()]))),
        ("attestation json", in_memory(&|writer| json::attestation(writer, &texts.attestation()))),
        ("inspect json", in_memory(&|writer| json::inspect(writer, &inspections, false))),
        ("dot", dot::dot(&drawing(texts))),
        ("mermaid", mermaid::mermaid(&drawing(texts))),
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

fn drawing(texts: &Texts) -> Drawing {
    let text = |text: &str| (texts.0)(text);
    let mut drawing = Drawing::default();
    let robots = drawing.node([text("FabRobots"), text("1.4.0.0")], NodeLook::Asked);
    let base = drawing.node([text("FabBase")], NodeLook::Absent);
    drawing.edge(robots, base, text("needs"), EdgeLine::Dashed);
    drawing
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
fn json_gives_every_text_back() {
    for (name, written) in outputs(&HOSTILE) {
        if !name.ends_with("json") {
            continue;
        }
        let value: serde_json::Value = serde_json::from_str(&written).unwrap();
        let found = match name {
            "inspect json" | "verify json" => &value["solutions"][0]["uniqueName"],
            "attestation json" => &value["attestation"]["uniqueName"],
            "where-used json" => &value["answers"][0]["nodes"][1]["solutions"][0]["uniqueName"],
            "graph json" => &value["nodes"][0]["solutions"][0]["uniqueName"],
            _ => &value["steps"][0]["uniqueName"],
        };
        let of_flows = ["cycle json", "verify json", "attestation json", "graph json"].contains(&name);
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
