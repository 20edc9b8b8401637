//! Why an import failed, as text: the cause, what is missing and who would bring it, what to do first.

use super::TextOptions;
use super::page::{Page, bold, dim, plain};
use super::words::{counted, cut, more};
use crate::explain::{Cause, Explanation, Part, Provided};
use crate::model::SolutionIdentity;

/// So many missing parts of one cause are shown.
const PARTS: usize = 15;
/// What helps where no message is known.
const WHOLE_LOG: &str =
    "download the whole log of the import (solution history > the import > download log) and give that file";
/// What an end too early means.
const CUT_OFF: &str = "the text is cut off: what failed after its end is not known";
/// So many messages that nothing explains are shown.
const UNEXPLAINED: usize = 5;

/// Writes the explanation.
pub fn explanation(explanation: &Explanation, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    if explanation.causes.is_empty() && explanation.unexplained.is_empty() {
        page.line(0, &[plain("no message of a failure is in it")]);
        if explanation.cut_off {
            page.line(0, &[plain(CUT_OFF)]);
            page.line(2, &[dim("first  "), plain(WHOLE_LOG)]);
        }
        return page.finish();
    }
    if let Some(solution) = &explanation.solution {
        page.line(0, &[plain("the import of "), bold(solution), plain(" failed")]);
    }
    for cause in &explanation.causes {
        page.gap();
        write_cause(&mut page, cause, options);
    }
    if !explanation.unexplained.is_empty() {
        page.gap();
        page.line(0, &[bold("not known here")]);
        let shown = cut(explanation.unexplained.len(), UNEXPLAINED, options.all);
        for message in &explanation.unexplained[..shown] {
            let code = message.code.as_ref().map(|code| dim(format!("{code}  ")));
            let about = message.about.as_ref().map(|about| plain(format!("{about}: ")));
            let parts: Vec<_> = code.into_iter().chain(about).chain([plain(&message.words)]).collect();
            page.line(2, &parts);
        }
        if shown < explanation.unexplained.len() {
            page.line(2, &[dim(more(explanation.unexplained.len() - shown))]);
        }
        if explanation.causes.is_empty() {
            page.line(2, &[dim("first  "), plain(WHOLE_LOG)]);
        }
    }
    page.gap();
    let mut read = counted(explanation.failures, "message");
    if explanation.warnings > 0 {
        read.push_str(&format!(" and {}", counted(explanation.warnings, "warning")));
    }
    page.line(0, &[dim(format!("{read} read"))]);
    if explanation.cut_off {
        page.line(0, &[plain(CUT_OFF)]);
    }
    page.finish()
}

fn write_cause(page: &mut Page, cause: &Cause, options: &TextOptions) {
    let level = if cause.warning { "warning" } else { "cause" };
    let code = cause.dataverse.map(|error| dim(format!("   {}", error.title())));
    let mut parts = vec![bold(format!("{level}: ")), plain(&cause.words)];
    parts.extend(code);
    page.line(0, &parts);
    let shown = cut(cause.parts.len(), PARTS, options.all);
    for part in &cause.parts[..shown] {
        write_part(page, part);
    }
    if shown < cause.parts.len() {
        page.line(2, &[dim(more(cause.parts.len() - shown))]);
    }
    for (at, step) in cause.first.iter().enumerate() {
        page.line(2, &[dim(if at == 0 { "first  " } else { "then   " }), plain(step)]);
    }
}

fn write_part(page: &mut Page, part: &Part) {
    let mut parts = vec![plain("- "), plain(&part.words)];
    if let (Some(solution), Some(_)) = (&part.solution, &part.component) {
        let version = part.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        parts.push(dim(format!(" of {solution}{version}")));
    }
    if part.unmanaged_layer {
        parts.push(dim(", of the unmanaged layer of the source, where no solution has it"));
    }
    if let Some(user) = &part.used_by {
        parts.push(dim(format!(", used by {user}")));
    }
    page.line(2, &parts);
    let words = match &part.provided {
        None => return,
        Some(Provided::By { packages }) => {
            let packages: Vec<String> = packages.iter().map(named).collect();
            format!("import first: {}", packages.join(" or "))
        }
        Some(Provided::InACircle { package, way_out }) => {
            format!("{} has it, and needs this solution as well: {way_out}", named(package))
        }
        Some(Provided::TooLow { package }) => {
            format!("{} is too low a version", named(package))
        }
        Some(Provided::ByNone) => "none of the packages at hand has it".to_owned(),
    };
    page.line(4, &[dim("→ "), plain(words)]);
}

fn named(package: &SolutionIdentity) -> String {
    format!("{} {} ({})", package.unique_name, package.version, package.source)
}
