//! PKG023: the package is larger than Dataverse takes.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, codes};
use crate::text::{size, thousands};

pub(super) const RULE: Rule = Rule {
    code: codes::TOO_LARGE,
    dataverse: Some(DataverseError::TOO_LARGE),
    page: include_str!("../../../docs/rules/too-large.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let most = subject.settings.max_size;
    // A folder has no size yet: how well it will be compressed is not known.
    let Some(bytes) = subject.package.archive_bytes().filter(|bytes| *bytes > most) else { return };
    let mut large: Vec<_> = subject.package.entries().iter().collect();
    large.sort_by_key(|entry| (std::cmp::Reverse(entry.compressed_size), entry.path.as_str()));
    // Two that only bytes tell apart are told in bytes.
    let told = if size(bytes) == size(most) { |bytes| format!("{} bytes", thousands(bytes)) } else { size };
    let message = format!("the archive has {}, at most {} are taken", told(bytes), told(most));
    let finding = report.add(&subject.whole(), message);
    finding.help("divide the solution, or take what is large out of it; --max-size sets another limit");
    for entry in large.into_iter().take(NAMED) {
        finding.because(format!("{} has {} of it", entry.path, size(entry.compressed_size)), None);
    }
}

/// So many of the largest entries are named.
const NAMED: usize = 3;
