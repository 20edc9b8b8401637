//! A text from an input never leaves as syntax: not of the terminal, not of a build service that reads the log, not of the shell.

use std::borrow::Cow;

use crate::text::escape_terminal;

/// The text as it may stand on a terminal and in the log of a build service.
///
/// Azure Pipelines obeys `##vso[` and `##[` wherever they stand in a line; the second `#` becomes `\u{23}`. What GitHub obeys
/// must start a line, so that is for [`line_start`].
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let escaped = escape_terminal(text);
    if !escaped.contains("##") {
        return escaped;
    }
    Cow::Owned(escaped.replace("##[", r"#\u{23}[").replace("##vso[", r"#\u{23}vso["))
}

/// GitHub obeys a line that starts with `::`, blanks before it do not count; the first colon becomes `\u{3a}`.
pub(super) fn line_start(line: &str) -> Option<String> {
    let blanks = line.len() - line.trim_start().len();
    line[blanks..].starts_with("::").then(|| format!(r"{}\u{{3a}}{}", &line[..blanks], &line[blanks + 1..]))
}

/// A text as a code span in a table of Markdown, where a `|` would end the cell.
pub(super) fn markdown_cell(text: &str) -> String {
    markdown_span(text).replace('|', r"\|")
}

/// A text as a code span of Markdown, in which nothing is a link, a mention or markup.
pub(super) fn markdown_span(text: &str) -> String {
    let shown = shown(text);
    let (mut longest, mut run) = (0, 0);
    for character in shown.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // A blank at each end is taken off again, where the text is not of blanks only.
    let is_edged = shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) || shown.is_empty();
    let blank = if is_edged { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
}

/// A text inside of an attribute of XML.
pub(super) fn xml_attribute(text: &str) -> String {
    shown(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{line_start, markdown_cell, markdown_span, shown, xml_attribute};

    #[test]
    fn no_text_ends_its_code_span() {
        assert_eq!(markdown_span("Fab"), "`Fab`");
        assert_eq!(markdown_span("a`b``c|d"), "```a`b``c|d```");
        assert_eq!(markdown_cell("a|d"), r"`a\|d`");
        assert_eq!(markdown_span("`@user"), "`` `@user ``");
        assert_eq!(markdown_span("a\n# b"), r"`a\n# b`");
        assert_eq!(markdown_span(""), "`  `");
    }

    #[test]
    fn no_text_ends_its_attribute() {
        assert_eq!(xml_attribute("a\"<b>&'\n"), r"a&quot;&lt;b&gt;&amp;'\n");
    }

    #[test]
    fn build_services_are_not_commanded() {
        assert_eq!(shown("a ##vso[task.setvariable]x"), r"a #\u{23}vso[task.setvariable]x");
        assert_eq!(shown("###[error]"), r"##\u{23}[error]");
        assert_eq!(shown("## heading"), "## heading");
        assert_eq!(line_start("  ::error::x").unwrap(), r"  \u{3a}:error::x");
        assert_eq!(line_start("a::b"), None);
    }
}
