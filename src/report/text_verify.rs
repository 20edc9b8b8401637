//! Verifications as text: one line a package, its content hash, what is wrong; and where an archive comes from.

use super::page::{Page, bold, dim, plain};
use super::words::{counted, cut, listed, more};
use super::{TextOptions, text_findings};
use crate::model::Finding;
use crate::verify::{Attestation, EntryState, Verification, VerifiedForm};

/// So many files that are not packed are listed.
const LEFT_ALONE: usize = 5;

/// Writes the verifications, one after the other.
pub fn verify(solutions: &[Verification], options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    for (at, verification) in solutions.iter().enumerate() {
        page.gap();
        one(&mut page, verification, solutions.len() > 1);
        for content in &verification.contents {
            let others: Vec<&str> = solutions
                .iter()
                .enumerate()
                .filter(|(other, found)| *other != at && found.contents.contains(content))
                .map(|(_, found)| &*found.solution.source)
                .collect();
            let label = match (&verification.contents[..], content.managed) {
                ([_], _) => "content",
                (_, true) => "managed content",
                (_, false) => "unmanaged content",
            };
            let mut parts = vec![dim(format!("{label}  ")), plain(format!("sha256:{}", content.sha256))];
            if !others.is_empty() {
                let verb = if others.len() == 1 { "has" } else { "have" };
                parts.push(dim(format!("   ({} {verb} the same)", listed(&others))));
            }
            page.line(2, &parts);
        }
        if !verification.left_alone.is_empty() {
            let shown = cut(verification.left_alone.len(), LEFT_ALONE, options.all);
            let mut names: Vec<String> = verification.left_alone[..shown].to_vec();
            names.extend(
                (shown < verification.left_alone.len()).then(|| more(verification.left_alone.len() - shown)),
            );
            page.line(2, &[dim("not packed: "), plain(names.join(", "))]);
        }
        findings(&mut page, &verification.findings, options);
    }
    if solutions.len() > 1 {
        page.gap();
        let all = solutions.iter().flat_map(|verification| &verification.findings);
        let count = text_findings::count(all).unwrap_or_else(|| "no findings".to_owned());
        page.line(0, &[plain(format!("{count} {}", text_findings::in_solutions(solutions.len())))]);
    }
    page.finish()
}

/// With the path where there are several.
fn one(page: &mut Page, verification: &Verification, with_source: bool) {
    let solution = &verification.solution;
    let count = match verification.form {
        VerifiedForm::Archive => counted(verification.entries, "entry"),
        VerifiedForm::Folder => counted(verification.entries, "file"),
    };
    let verdict = if verification.intact { "nothing lost" } else { "something is lost" };
    let source = if with_source { format!("{}   ", solution.source) } else { String::new() };
    page.line(
        0,
        &[
            bold(&solution.unique_name),
            plain(format!(" {}   {source}{count}, ", solution.version)),
            if verification.intact { plain(verdict) } else { bold(verdict) },
        ],
    );
}

fn findings(page: &mut Page, found: &[Finding], options: &TextOptions) {
    if !found.is_empty() {
        page.gap();
        text_findings::write(page, found, options);
    }
}

/// Writes where an archive comes from.
pub fn attestation(attestation: &Attestation, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let solution = &attestation.solution;
    let verb = if attestation.built_from_folder { "was packed from" } else { "was not packed from" };
    page.line(
        0,
        &[
            bold(&solution.unique_name),
            plain(format!(" {}   {} ", solution.version, attestation.archive.source)),
            if attestation.built_from_folder { plain(verb) } else { bold(verb) },
            plain(format!(" {}", attestation.folder.source)),
        ],
    );
    page.line(2, &[dim("entries  "), plain(states(attestation))]);
    if let Some(sum) = &attestation.archive.sha256 {
        page.line(2, &[dim("archive  "), plain(format!("sha256:{sum}"))]);
    }
    let contents = [&attestation.archive.content, &attestation.folder.content];
    match contents {
        [Some(archive), Some(folder)] if archive == folder => {
            page.line(2, &[dim("content  "), plain(format!("sha256:{}", archive.sha256)), dim("   (both)")]);
        }
        [archive, folder] => {
            for (content, of) in [(archive, "the archive"), (folder, "the folder")] {
                if let Some(content) = content {
                    let sum = plain(format!("sha256:{}", content.sha256));
                    page.line(2, &[dim("content  "), sum, dim(format!("   ({of})"))]);
                }
            }
        }
    }
    findings(&mut page, &attestation.findings, options);
    page.finish()
}

/// `40 equal, 2 with other line ends, 1 not compared`.
fn states(attestation: &Attestation) -> String {
    let words = [
        (EntryState::Equal, "equal"),
        (EntryState::LineEnds, "with other line ends"),
        (EntryState::SameXml, "the same XML"),
        (EntryState::NotCompared, "not compared"),
        (EntryState::Different, "different"),
        (EntryState::OnlyInArchive, "in the archive only"),
        (EntryState::OnlyInFolder, "in the folder only"),
    ];
    let count = |state| attestation.entries.iter().filter(|entry| entry.state == state).count();
    let told: Vec<String> = words
        .iter()
        .map(|(state, words)| (count(*state), words))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    told.join(", ")
}
