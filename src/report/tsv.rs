//! `--format tsv`: one reference a line, for `grep` and spreadsheets. A tab or an end of line in a text is written as `\t`
//! or `\n`, and a text that a spreadsheet would take for a formula gets an apostrophe in front.

use super::escape;
use crate::excerpt::Excerpt;

const HEADER: &str = "solution\tfrom type\tfrom key\tto type\tto key\tevidence\tplace\n";

/// Writes an excerpt with a header line.
pub fn graph(excerpt: &Excerpt) -> String {
    let mut text = HEADER.to_owned();
    for edge in &excerpt.edges {
        let (from, to) = (&excerpt.nodes[edge.from], &excerpt.nodes[edge.to]);
        for proof in &edge.proofs {
            let evidence = format!("{:?}", proof.evidence).to_lowercase();
            let place = proof.place.as_ref().map(ToString::to_string).unwrap_or_default();
            let fields = [
                proof.solution.as_deref().unwrap_or_default(),
                &from.type_name,
                &from.key,
                &to.type_name,
                &to.key,
                &evidence,
                &place,
            ];
            let fields: Vec<String> = fields.into_iter().map(field).collect();
            text.push_str(&fields.join("\t"));
            text.push('\n');
        }
    }
    text
}

fn field(text: &str) -> String {
    let mut field = escape::shown(text).into_owned();
    if field.trim_start().starts_with(['=', '+', '-', '@']) {
        field.insert(0, '\'');
    }
    escape::line_start(&field).unwrap_or(field)
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_one_field_and_no_formula() {
        assert_eq!(field("a\tb\r\nc"), r"a\tb\r\nc");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1"] {
            assert_eq!(field(formula), format!("'{formula}"));
        }
        assert_eq!(field("\t=1"), r"\t=1");
        assert_eq!(field("a=b"), "a=b");
        assert_eq!(field("::error::x"), r"\u{3a}:error::x");
    }
}
