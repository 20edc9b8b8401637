//! The rules of `solship check`: a line each, or one with all that is known of it.

use super::TextOptions;
use super::page::{Page, Table, bold, dim, plain};
use super::text_findings::level;
use crate::check::{Rule, is_fixable};
use crate::model::Code;

/// One line a rule, by code.
pub fn list(rules: &[&Rule], options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let mut table = Table::new(0);
    for rule in rules {
        let code = rule.code;
        let fix = if is_fixable(code) { "fix" } else { "" };
        table.row([
            plain(code.id),
            level(code.level()),
            bold(code.name),
            dim(fix),
            plain(code.description()),
        ]);
    }
    table.write(&mut page);
    page.gap();
    page.line(0, &[dim("solship check --explain CODE says why, with examples and how to mend it")]);
    page.line(0, &[dim("fix: solship check --fix mends such a finding where that needs no guess")]);
    page.finish()
}

/// What a code stands for; with the page of its rule, where it has one.
pub fn explain(code: Code, rule: Option<&Rule>, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let mut table = Table::new(0);
    table.row([dim("level"), level(code.level())]);
    if let Some(answer) = rule.and_then(|rule| rule.dataverse) {
        table.row([dim("Dataverse"), plain(answer.title())]);
        table.row([plain(""), plain(answer.message)]);
    }
    let Some(rule) = rule else {
        page.line(0, &[bold(format!("{} {}", code.id, code.name))]);
        page.gap();
        page.line(0, &[plain(code.description())]);
        page.gap();
        table.write(&mut page);
        return page.finish();
    };
    let text = rule.page();
    page.line(0, &[bold(format!("{} {}", code.id, code.name))]);
    page.gap();
    let mut paragraph = |text: &str| {
        for line in text.lines() {
            page.line(0, &[plain(line)]);
        }
        page.gap();
    };
    paragraph(text.what);
    table.write(&mut page);
    for (name, section) in
        [("why", text.why()), ("bad", text.bad()), ("good", text.good()), ("fix", text.fix())]
    {
        page.gap();
        page.line(0, &[bold(name)]);
        for line in section.lines() {
            page.line(2, &[plain(line)]);
        }
    }
    page.finish()
}
