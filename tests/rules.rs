//! Every rule finds its bad example and is silent on its good one; its page says what the registry says.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use solship::check::{Example, Rule, rule, rules};
use solship::model::codes;

/// The findings of the rule in an example, in words.
fn found(rule: &Rule, section: &str) -> Result<Vec<String>, String> {
    let example = Example::read(section).map_err(|error| error.to_string())?;
    if example.solutions.is_empty() && example.environment.is_none() {
        return Err("no solution".to_owned());
    }
    let check = example.check().map_err(|error| error.to_string())?;
    let own = check.findings.into_iter().filter(|finding| finding.code == rule.code);
    Ok(own.map(|finding| format!("{}: {}", finding.severity.word(), finding.message)).collect())
}

#[test]
fn every_rule_finds_its_bad_example_and_is_silent_on_its_good_one() {
    let mut wrong = String::new();
    for rule in rules() {
        let page = rule.page();
        for (name, section, is_bad) in [("Bad", page.bad(), true), ("Good", page.good(), false)] {
            match found(rule, section) {
                Ok(found) if found.is_empty() != is_bad => {}
                other => {
                    let _ = writeln!(wrong, "{} {name}: {other:?}", rule.code.id);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_page_has_its_heading_its_sentence_and_its_sections() {
    let mut wrong = String::new();
    for rule in rules() {
        let page = rule.page();
        let heading = format!("{} {}", rule.code.id, rule.code.name);
        if page.heading != heading {
            let _ = writeln!(wrong, "{heading}: the heading is {:?}", page.heading);
        }
        if !page.what.starts_with(rule.code.description()) {
            let _ = writeln!(wrong, "{heading}: the first sentence is not {:?}", rule.code.description());
        }
        if page.names() != ["Why", "Bad", "Good", "Fix"] {
            let _ = writeln!(wrong, "{heading}: the sections are {:?}", page.names());
        }
        for (name, text) in [("Why", page.why()), ("Fix", page.fix())] {
            if text.is_empty() {
                let _ = writeln!(wrong, "{heading}: {name} is empty");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_page_is_of_a_rule_and_every_rule_has_one_code() {
    let pages = fs_err::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules")).expect("docs/rules");
    let pages: BTreeSet<String> =
        pages.map(|page| page.expect("a page").file_name().to_string_lossy().into_owned()).collect();
    let named: Vec<String> = rules().map(|rule| format!("{}.md", rule.code.name)).collect();
    let once: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len(), "a code has two rules");
    assert_eq!(pages, once);
}

/// Codes, names, levels and what stands behind them: whoever changes one sees it here.
#[test]
fn all_codes() {
    let mut text = String::new();
    for code in codes::ALL {
        let own = rule(*code);
        let answer = own.and_then(|rule| rule.dataverse).map(|answer| format!("  {}", answer.code));
        let is_checked = if own.is_some() { "check" } else { "" };
        let line = format!(
            "{} {:<8}{:<34}{is_checked:<6}{}",
            code.id,
            code.level().word(),
            code.name,
            answer.unwrap_or_default()
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    insta::assert_snapshot!(text);
}
