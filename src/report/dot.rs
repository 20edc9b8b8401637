//! `--format dot`: a drawing for Graphviz. Every text is one quoted string; no address and no attribute comes from a text.

use std::fmt::Write as _;

use super::drawing::{Drawing, EdgeLine, NodeLook};
use super::escape;

/// Writes a drawing, left to right.
pub fn dot(drawing: &Drawing) -> String {
    let mut text = String::from("digraph solship {\n  rankdir=LR;\n  node [shape=box];\n");
    for (index, node) in drawing.nodes.iter().enumerate() {
        let look = match node.look {
            NodeLook::Plain => "",
            NodeLook::Asked => ", penwidth=2",
            NodeLook::Absent => ", style=dashed",
        };
        let _ = writeln!(text, "  n{index} [label={}{look}];", quoted(&node.lines));
    }
    for edge in drawing.drawn_edges() {
        let mut attributes = Vec::new();
        if !edge.label.is_empty() {
            attributes.push(format!("label={}", quoted(std::slice::from_ref(&edge.label))));
        }
        if edge.line == EdgeLine::Dashed {
            attributes.push("style=dashed".to_owned());
        }
        let _ = write!(text, "  n{} -> n{}", edge.from, edge.to);
        if !attributes.is_empty() {
            let _ = write!(text, " [{}]", attributes.join(", "));
        }
        text.push_str(";\n");
    }
    text.push_str("}\n");
    text
}

/// One quoted string. In a label Graphviz reads `\N`, `\l` and such, and HTML entities: both are written so that the text
/// comes out as it was (<https://graphviz.org/docs/attr-types/escString/>).
fn quoted(lines: &[String]) -> String {
    let mut quoted = String::from("\"");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            quoted.push_str("\\n");
        }
        for character in escape::shown(line).chars() {
            match character {
                '\\' => quoted.push_str("\\\\"),
                '"' => quoted.push_str("\\\""),
                '&' => quoted.push_str("&amp;"),
                other => quoted.push(other),
            }
        }
    }
    quoted.push('"');
    quoted
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
        // An arrow to nowhere would make a box of its own.
        drawing.edge(one, 7, "needs", EdgeLine::Solid);
        assert_eq!(
            dot(&drawing),
            "digraph solship {\n  rankdir=LR;\n  node [shape=box];\n  n0 [label=\"FabShared\\n2.0.1.4\", penwidth=2];\n  \
             n1 [label=\"FabBase\", style=dashed];\n  n0 -> n1 [label=\"needs\", style=dashed];\n  n1 -> n0;\n}\n"
        );
    }

    #[test]
    fn a_text_stays_inside_its_quotes() {
        let quoted = |text: &str| quoted(&[text.to_owned()]);
        assert_eq!(quoted(r#"a", URL="javascript:x"#), r#""a\", URL=\"javascript:x""#);
        assert_eq!(quoted(r"ends with \"), r#""ends with \\""#);
        assert_eq!(quoted(r#"\"];x"#), r#""\\\"];x""#);
        assert_eq!(quoted("\\N&lt;\n"), r#""\\N&amp;lt;\\n""#);
        assert_eq!(quoted("##vso[x]"), r##""#\\u{23}vso[x]""##);
        assert_eq!(quoted("<b>"), r#""<b>""#);
    }
}
