//! `--format mermaid`: a drawing as a Mermaid flowchart, for pages that show such. Every text is a quoted string in which
//! all but letters and digits is written by its number; there is no `click` and no `href`.

use std::fmt::Write as _;

use super::drawing::{Drawing, EdgeLine, NodeLook};
use super::escape;

/// Writes a drawing, left to right.
pub fn mermaid(drawing: &Drawing) -> String {
    let mut text = String::from("flowchart LR\n");
    for (index, node) in drawing.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|line| encoded(line)).collect();
        let _ = writeln!(text, "  n{index}[\"{}\"]", lines.join("<br/>"));
    }
    for edge in drawing.drawn_edges() {
        let arrow = match edge.line {
            EdgeLine::Solid => "-->",
            EdgeLine::Dashed => "-.->",
        };
        let _ = write!(text, "  n{} {arrow}", edge.from);
        if !edge.label.is_empty() {
            let _ = write!(text, "|\"{}\"|", encoded(&edge.label));
        }
        let _ = writeln!(text, " n{}", edge.to);
    }
    let looks = [
        (NodeLook::Asked, "asked", "stroke-width:3px"),
        (NodeLook::Absent, "absent", "stroke-dasharray:4 4"),
    ];
    for (look, name, style) in looks {
        let nodes = drawing.nodes.iter().enumerate().filter(|(_, node)| node.look == look);
        let nodes: Vec<String> = nodes.map(|(index, _)| format!("n{index}")).collect();
        if !nodes.is_empty() {
            let _ = writeln!(text, "  classDef {name} {style}\n  class {} {name}", nodes.join(","));
        }
    }
    text
}

/// Letters, digits, blanks and a few marks as they are, everything else as `#number;`
/// (<https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>). Quotes, tags, `%%{init}%%` and
/// backticks mean something even between quotes, so nothing is left to chance.
fn encoded(line: &str) -> String {
    let mut encoded = String::with_capacity(line.len());
    for character in escape::shown(line).chars() {
        if character.is_alphanumeric() || " _-.,/".contains(character) {
            encoded.push(character);
        } else {
            let _ = write!(encoded, "#{};", u32::from(character));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_arrows_have_their_looks() {
        let mut drawing = Drawing::default();
        let one = drawing.node(["FabShared", "2.0.1.4"], NodeLook::Asked);
        let other = drawing.node(["FabBase"], NodeLook::Absent);
        drawing.edge(one, other, "needs", EdgeLine::Dashed);
        drawing.edge(other, one, "", EdgeLine::Solid);
        drawing.edge(7, one, "needs", EdgeLine::Solid);
        assert_eq!(
            mermaid(&drawing),
            "flowchart LR\n  n0[\"FabShared<br/>2.0.1.4\"]\n  n1[\"FabBase\"]\n  n0 -.->|\"needs\"| n1\n  n1 --> n0\n  \
             classDef asked stroke-width:3px\n  class n0 asked\n  classDef absent stroke-dasharray:4 4\n  class n1 absent\n"
        );
    }

    #[test]
    fn a_text_is_letters_and_numbers() {
        assert_eq!(encoded("Überweisung fab_Pay, 2.0"), "Überweisung fab_Pay, 2.0");
        assert_eq!(encoded("a\"]"), "a#34;#93;");
        assert_eq!(encoded("<b>`#;"), "#60;b#62;#96;#35;#59;");
        assert_eq!(encoded("%%{init"), "#37;#37;#123;init");
        assert_eq!(encoded("style x:"), "style x#58;");
        assert_eq!(encoded("\n"), "#92;n");
        assert_eq!(encoded("##vso["), "#35;#92;u#123;23#125;vso#91;");
    }
}
