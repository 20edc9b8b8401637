//! The messages in what a failed import leaves behind: import job XML, JSON, or text that somebody pasted.
//!
//! Read [`messages`] first. What a message means is not known here.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::cut_off;
use crate::xml::{Document, Limits, unescaped};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Its words, with single blanks.
    pub(super) text: String,
    /// The code beside it, `0x8004801E`.
    pub(super) code: Option<String>,
    /// What it is about, where the document says so: type and name.
    pub(super) about: Option<(String, String)>,
    /// A warning, and no failure.
    pub(super) is_warning: bool,
}

impl Message {
    fn new(text: &str) -> Self {
        Self { text: with_single_blanks(text), code: None, about: None, is_warning: false }
    }
}

/// Deepest nesting of documents in texts of documents.
const NESTED: usize = 4;
/// More messages than anybody reads.
const MOST: usize = 10_000;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// In order; warnings too.
    pub(super) all: Vec<Message>,
    /// A document among them ends too early: nobody knows what else it said.
    pub(super) is_cut_off: bool,
}

/// Every message in it.
pub(super) fn messages(text: &str) -> Messages {
    let mut found = Vec::new();
    let mut is_cut_off = false;
    let mut pending = vec![(Message::new(""), without_stamps(text), 0)];
    while let Some((about, text, depth)) = pending.pop() {
        if found.len() > MOST {
            break;
        }
        let start = found.len();
        let is_document = depth < NESTED && {
            let mut is_whole = |text: &str| xml(text, &mut found) || json(text, &mut found);
            let of_cut_off = || {
                let text = text.trim();
                let whole = if text.starts_with('<') { cut_off::xml(text) } else { cut_off::json(text) };
                whole.filter(|_| text.starts_with(['<', '{', '[']))
            };
            is_whole(&text)
                || of_cut_off().is_some_and(|closed| {
                    let is_one = is_whole(&closed);
                    is_cut_off |= is_one;
                    is_one
                })
        };
        if !is_document {
            // A list that was escaped to stand in another document: what it was before may be a document.
            if depth < NESTED && text.contains("&lt;") {
                pending.push((about, unescaped(&text).into_owned(), depth + 1));
                continue;
            }
            if !text.trim().is_empty() {
                found.push(Message { text: with_single_blanks(&text), ..about });
            }
            continue;
        }
        // What a document says may be a document again.
        let inner: Vec<Message> = found.drain(start..).collect();
        pending.extend(inner.into_iter().rev().map(|message| {
            let text = message.text.clone();
            (message, text, depth + 1)
        }));
    }
    Messages { all: found, is_cut_off }
}

/// The lines of a pipeline's log without the time and the mark of the task before each, so that what was broken over lines is whole.
fn without_stamps(text: &str) -> String {
    STAMP.replace_all(text, "").into_owned()
}

static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?m)^[ \t]*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)?\]?[ \t]+)(?:##\[\w+\][ \t]*)?";
    Regex::new(pattern).expect("a test uses the pattern")
});

/// An import job: every element with `result="failure"` or `"warning"`, with what it is about.
fn xml(text: &str, found: &mut Vec<Message>) -> bool {
    let text = without_declaration(text.trim());
    if !text.starts_with('<') {
        return false;
    }
    let limits = Limits { token_bytes: 8 << 20, ..Limits::default() };
    let Ok(document) = Document::parse(text.as_bytes().to_vec(), &limits) else { return false };
    let mut any = false;
    for element in std::iter::once(document.root()).chain(document.root().descendants()) {
        any |= element.attribute("result").is_some();
        let Some(words) = element.attribute("errortext").filter(|words| !words.trim().is_empty()) else {
            continue;
        };
        let result = element.attribute("result").unwrap_or_default();
        if result.eq_ignore_ascii_case("success") {
            continue;
        }
        let holder = if element.name() == "result" { element.parent() } else { Some(element) };
        let about = holder.and_then(|holder| {
            let names = ["LocalizedName", "name", "originalName", "id"];
            let name =
                names.iter().find_map(|name| holder.attribute(name).filter(|name| !name.is_empty()))?;
            Some((holder.name().to_owned(), name.into_owned()))
        });
        any = true;
        found.push(Message {
            code: element.attribute("errorcode").and_then(|code| shown_code(&code)),
            about,
            is_warning: result.eq_ignore_ascii_case("warning"),
            ..Message::new(&words)
        });
    }
    any | sheets(&document, found)
}

/// A log that was downloaded as a workbook: a message a row, under the names of the columns. Whether it is one.
fn sheets(document: &Document, found: &mut Vec<Message>) -> bool {
    let mut any = false;
    let mut names: Vec<String> = Vec::new();
    for row in document.root().descendants().filter(|element| local(element.name()) == "Row") {
        let mut cells: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        for cell in row.children().filter(|cell| local(cell.name()) == "Cell") {
            let index = cell.attribute("ss:Index").and_then(|index| index.parse::<usize>().ok());
            at = index.map_or(at, |index| index.saturating_sub(1));
            let data = cell.children().find(|data| local(data.name()) == "Data");
            let name =
                cell.attribute("name").map(|name| name.into_owned()).or_else(|| names.get(at).cloned());
            cells.push((
                name.unwrap_or_default(),
                data.map(|data| data.text().into_owned()).unwrap_or_default(),
            ));
            at += 1;
        }
        if cells.iter().any(|(_, text)| is_column(text, "ErrorText")) {
            any = true;
            names = cells.into_iter().map(|(_, text)| text).collect();
            continue;
        }
        let value = |name: &str| {
            let cell = cells.iter().find(|(known, text)| is_column(known, name) && !text.trim().is_empty());
            cell.map(|(_, text)| text.clone())
        };
        let Some(words) = value("ErrorText") else { continue };
        any = true;
        let name = ["LocalizedName", "Name", "OriginalName", "Id"].iter().find_map(|name| value(name));
        found.push(Message {
            code: value("ErrorCode").and_then(|code| shown_code(&code)),
            about: value("ItemType").zip(name),
            is_warning: value("Status").is_some_and(|status| !status.eq_ignore_ascii_case("failure")),
            ..Message::new(&words)
        });
    }
    any
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Whether a cell names that column: with or without blanks.
fn is_column(cell: &str, name: &str) -> bool {
    cell.len() <= name.len() * 2 && cell.split_whitespace().collect::<String>().eq_ignore_ascii_case(name)
}

/// A document without its declaration: what that says of the encoding was true before the text was decoded.
fn without_declaration(text: &str) -> &str {
    let inner = text.strip_prefix("<?xml").filter(|inner| inner.starts_with(char::is_whitespace));
    inner.and_then(|inner| inner.split_once("?>")).map_or(text, |(_, document)| document.trim_start())
}

/// Every text under a name that stands for a message, with the code beside it.
fn json(text: &str, found: &mut Vec<Message>) -> bool {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let Ok(document) = serde_json::from_str::<Value>(text) else { return false };
    let before = found.len();
    let mut pending = vec![(&document, false)];
    while let Some((value, is_warning)) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items.iter().rev().map(|item| (item, is_warning))),
            Value::Object(members) => {
                let code = members
                    .iter()
                    .find(|(name, _)| is_name(name, &["errorcode", "code", "errornumber"]))
                    .and_then(|(_, code)| shown_code(&code.as_str().map_or(code.to_string(), str::to_owned)));
                let is_warning = is_warning
                    || members.iter().any(|(name, kind)| {
                        is_name(name, &["solutionvalidationresulttype"]) && kind.as_str() == Some("Warning")
                    });
                for (name, member) in members {
                    let Some(words) = member.as_str() else { continue };
                    if is_name(name, MESSAGES) && !words.trim().is_empty() {
                        let code = code.clone();
                        found.push(Message { code, is_warning, ..Message::new(words) });
                    }
                }
                let inner = members.iter().filter(|(_, member)| member.is_array() || member.is_object());
                let inner = inner
                    .map(|(name, member)| (member, is_warning || name.to_lowercase().contains("warning")));
                pending.extend(inner.collect::<Vec<_>>().into_iter().rev());
            }
            // A list of plain texts, such as ErrorMessages.
            Value::String(words) if !words.trim().is_empty() => {
                found.push(Message { is_warning, ..Message::new(words) });
            }
            _ => {}
        }
    }
    // A document without any message is told as text.
    found.len() > before
}

/// Members that hold a message.
const MESSAGES: &[&str] = &[
    "message",
    "errormessage",
    "errortext",
    "exceptionmessage",
    "friendlymessage",
    "additionalinfo",
    "data",
    "formattedresults",
    "description",
    "details",
];

fn is_name(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// A code as the platform's reference writes it: of `-2147188707`, `8004801D` or `0x8004801d`.
fn shown_code(written: &str) -> Option<String> {
    let written = written.trim();
    if let Ok(number) = written.parse::<i64>() {
        let number = u32::try_from(number).or_else(|_| i32::try_from(number).map(i32::cast_unsigned));
        return number.ok().filter(|number| *number > 0xFFFF).map(|number| format!("0x{number:08X}"));
    }
    let digits = written.strip_prefix("0x").or_else(|| written.strip_prefix("0X")).unwrap_or(written);
    let is_code = digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_code.then(|| format!("0x{}", digits.to_uppercase()))
}

fn with_single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_job_tells_what_failed_and_what_warns() {
        let job = r#"<importexportxml start="x"><solutionManifests><solutionManifest id="Fab" LocalizedName="Fabrikam">
            <result result="success" errorcode="0" errortext="" /></solutionManifest></solutionManifests>
            <workflows><workflow id="{1}" LocalizedName="Run payroll"><result result="failure" errorcode="0x80048027"
            errortext="cannot  be imported" /></workflow><workflow LocalizedName="Other">
            <result result="warning" errorcode="0" errortext="off" /></workflow></workflows></importexportxml>"#;
        let found = messages(job).all;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "cannot be imported");
        assert_eq!(found[0].code.as_deref(), Some("0x80048027"));
        assert_eq!(found[0].about, Some(("workflow".to_owned(), "Run payroll".to_owned())));
        assert!(!found[0].is_warning && found[1].is_warning);
    }

    #[test]
    fn a_declaration_of_another_encoding_changes_nothing() {
        for encoding in ["utf-16", "windows-1252", "x-unheard-of"] {
            for tail in ["/></j>", "/>"] {
                let job = format!(
                    r#"<?xml version="1.0" encoding="{encoding}"?>
                    <j><result result="failure" errortext="why it failed"{tail}"#
                );
                let found = messages(&job);
                assert_eq!((&*found.all[0].text, found.all.len()), ("why it failed", 1), "{job}");
                assert_eq!(found.is_cut_off, tail == "/>");
            }
        }
    }

    #[test]
    fn a_workbook_is_a_log_too() {
        let cell = |name: &str, text: &str| {
            format!(r#"<Cell name="{name}"><Data ss:Type="String">{text}</Data></Cell>"#)
        };
        let head = ["Item Type", "Name", "Status", "Error Code", "Error Text"];
        let rows = [
            ["Workflow", "Run payroll", "Failure", "0x80060467", "why &amp; where"],
            ["Labels", "", "Warning", "", "no language 3082"],
            ["Role", "Clerk", "Processed", "", ""],
        ];
        for is_named in [true, false] {
            let row = |texts: &[&str; 5], is_head: bool| {
                let names =
                    head.map(|name| if is_named && !is_head { name.replace(' ', "") } else { String::new() });
                let cells = texts.iter().zip(&names).map(|(text, name)| match &**name {
                    "" => cell("", text).replace(r#" name="""#, ""),
                    name => cell(name, text),
                });
                format!("<Row>{}</Row>", cells.collect::<String>())
            };
            let log = format!(
                r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
                xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Components"><Table>{}{}</Table></Worksheet></Workbook>"#,
                row(&head, true),
                rows.iter().map(|texts| row(texts, false)).collect::<String>()
            );
            let found = messages(&log).all;
            let texts: Vec<(&str, bool)> =
                found.iter().map(|message| (&*message.text, message.is_warning)).collect();
            assert_eq!(texts, [("why & where", false), ("no language 3082", true)], "{log}");
            assert_eq!(found[0].about, Some(("Workflow".to_owned(), "Run payroll".to_owned())));
            assert_eq!(found[0].code.as_deref(), Some("0x80060467"));
        }
    }

    #[test]
    fn json_in_json_is_read_and_codes_are_written_one_way() {
        let inner =
            r#"[{"SolutionValidationResultType":"Error","Message":"inner words","ErrorCode":-2147188707}]"#;
        let outer = serde_json::json!({ "SolutionOperationResult": { "ErrorMessages": [inner, "plain"] } });
        let found = messages(&outer.to_string()).all;
        assert_eq!(found.iter().map(|message| &*message.text).collect::<Vec<_>>(), ["inner words", "plain"]);
        assert_eq!(found[0].code.as_deref(), Some("0x8004801D"));
        for (written, shown) in [
            ("8004f036", Some("0x8004F036")),
            ("0", None),
            ("10000", None),
            ("0x8004801E", Some("0x8004801E")),
        ] {
            assert_eq!(shown_code(written).as_deref(), shown, "{written}");
        }
    }

    #[test]
    fn anything_else_is_one_text() {
        assert_eq!(messages("  a\n b ").all[0].text, "a b");
        for text in ["<not xml", "[Import] failed", "{a} is gone"] {
            let found = messages(text);
            assert_eq!((&*found.all[0].text, found.is_cut_off), (text, false));
        }
        assert!(messages(" \n").all.is_empty());
    }

    #[test]
    fn of_a_document_that_was_cut_off_everything_counts_that_is_there() {
        let job = r#"<importexportxml><workflows><workflow LocalizedName="Run"><result result="failure"
            errortext="first &amp; whole"/></workflow><workflow LocalizedName="Check"><result result="failure" errortext="second, not wh"#;
        let found = messages(job);
        let texts: Vec<&str> = found.all.iter().map(|message| &*message.text).collect();
        assert_eq!((texts, found.is_cut_off), (vec!["first & whole", "second, not wh"], true));
        assert_eq!(found.all[1].about, Some(("workflow".to_owned(), "Check".to_owned())));

        let inner = r#"[{"Message":"inner words","ErrorCode":-2147188707},{"Message":"not wh"#;
        for outer in [serde_json::json!({ "Data": inner }).to_string(), inner.to_owned()] {
            let found = messages(&outer);
            let texts: Vec<&str> = found.all.iter().map(|message| &*message.text).collect();
            assert_eq!((texts, found.is_cut_off), (vec!["inner words", "not wh"], true), "{outer}");
        }
    }
}
