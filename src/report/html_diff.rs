//! What `solship diff` found, as one page that needs nothing from elsewhere and runs nothing.

use std::fmt::Write as _;

use super::moves::{Told, gathered};
use super::text_diff::{before_importing, before_importing_set, no_difference, risk_words, told, versions};
use super::words::{counted, thousands};
use crate::diff::{Changed, ComponentDiff, Diff, Level, Line, Risk, SetDiff, State};
use crate::model::SolutionIdentity;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1b1b1b;background:#fff}\
h2{margin:1.5em 0 .3em}table{border-collapse:collapse}td{padding:.1em .8em .1em 0;vertical-align:top}\
code,pre{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}\
details{margin:.4em 0}summary{cursor:pointer;font-weight:600}.a{color:#116329}.r{color:#a40e26}.c{color:#7a5200}.d{color:#666}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}.a{color:#6fdd8b}.r{color:#ff8a8a}.c{color:#e3b341}.d{color:#9a9a9a}}";

/// The whole page.
pub fn diff(diff: &SetDiff) -> String {
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\"><title>solship diff</title>\n<style>{STYLE}</style></head><body>\n"
    );
    for (identities, class, sign) in [(&diff.removed, "r", "-"), (&diff.added, "a", "+")] {
        for identity in identities {
            let _ = writeln!(
                text,
                "<p class=\"{class}\">{sign} solution {} {}</p>",
                escaped(&identity.unique_name),
                escaped(&identity.version.to_string())
            );
        }
    }
    risks(&mut text, &before_importing_set(diff.some_types), &diff.risks);
    for left_out in &diff.left_out {
        let _ = writeln!(text, "<p class=\"d\">{}</p>", escaped(&left_out.words()));
    }
    for one in &diff.solutions {
        solution(&mut text, one, diff.some_types);
    }
    text.push_str("</body></html>\n");
    text
}

fn risks(text: &mut String, head: &str, risks: &[Risk]) {
    if risks.is_empty() {
        return;
    }
    let _ = writeln!(text, "<p>{}</p>\n<ul>", escaped(head));
    for risk in risks {
        let class = match risk.level {
            Level::Refused | Level::Deletes => "r",
            Level::Action => "c",
            Level::Note => "d",
        };
        let (level, words) = (risk.level.words(), escaped(&risk_words(risk)));
        let _ = writeln!(text, "<li><span class=\"{class}\">{level}</span> {words}</li>");
    }
    text.push_str("</ul>\n");
}

fn solution(text: &mut String, diff: &Diff, some_types: bool) {
    let between = |one: &str, other: &str| {
        if one == other { escaped(one) } else { format!("{} → {}", escaped(one), escaped(other)) }
    };
    let kind = |identity: &SolutionIdentity| if identity.managed { "managed" } else { "unmanaged" };
    let _ = writeln!(
        text,
        "<h2>{} {} <span class=\"d\">{}</span></h2>",
        between(&diff.left.unique_name, &diff.right.unique_name),
        escaped(&versions(diff)),
        between(kind(&diff.left), kind(&diff.right))
    );
    if diff.is_empty() {
        let _ = writeln!(text, "<p>{}</p>", no_difference(some_types));
    }
    risks(text, &before_importing(diff, some_types), &diff.risks);
    for component in &diff.components {
        match component.state {
            State::Same => {}
            State::Added => {
                let _ = writeln!(text, "<p class=\"a\">+ {}</p>", titled(component));
            }
            State::Removed => {
                let _ = writeln!(text, "<p class=\"r\">- {}</p>", titled(component));
            }
            State::Changed => section(text, component),
        }
    }
    let total: usize = diff.noise.iter().map(|noise| noise.count).sum();
    if total > 0 {
        let told: Vec<String> = diff
            .noise
            .iter()
            .map(|noise| format!("{} {}", escaped(&noise.what), thousands(noise.count)))
            .collect();
        let _ = writeln!(
            text,
            "<p class=\"d\">noise left out: {} ({})</p>",
            counted(total, "place"),
            told.join(", ")
        );
    }
}

/// A component that is new or gone, and what it says.
fn titled(component: &ComponentDiff) -> String {
    let says = component.says.as_ref().map(|says| format!(" <i>{}</i>", escaped(says))).unwrap_or_default();
    format!("{}{says}", escaped(&component.title))
}

fn section(text: &mut String, component: &ComponentDiff) {
    let count = counted(component.changes.len(), "change");
    let _ = writeln!(
        text,
        "<details open><summary>{} <span class=\"d\">{count}</span></summary><table>",
        escaped(&component.title)
    );
    // A page has room for each move, behind the changes.
    for one in gathered(&component.changes, true) {
        let Told::Change(change) = one else { continue };
        let ((sign, _), words) = told(change);
        let class = match sign {
            "+" => "a",
            "-" => "r",
            _ => "c",
        };
        let _ = write!(
            text,
            "<tr><td class=\"{class}\">{sign}</td><td>{}</td><td>",
            escaped(&change.path.part.join(" > "))
        );
        if let Changed::Lines(hunks) = &change.changed {
            let _ = write!(text, "{}<pre>", escaped(&change.path.field.join(".")));
            for hunk in hunks {
                let _ = writeln!(text, "<span class=\"d\">line {} → {}</span>", hunk.left, hunk.right);
                for line in &hunk.lines {
                    let (class, sign, words) = match line {
                        Line::Same(words) => ("d", " ", words),
                        Line::Removed(words) => ("r", "-", words),
                        Line::Added(words) => ("a", "+", words),
                    };
                    let _ = writeln!(text, "<span class=\"{class}\">{sign} {}</span>", escaped(words));
                }
            }
            text.push_str("</pre>");
        } else {
            let _ = write!(text, "<code>{}</code>", escaped(&words));
        }
        text.push_str("</td></tr>\n");
    }
    text.push_str("</table></details>\n");
}

/// A text of an input: nothing in it is a tag, an entity or a control character.
fn escaped(text: &str) -> String {
    super::escape::xml_attribute(text).replace('\'', "&#39;")
}
