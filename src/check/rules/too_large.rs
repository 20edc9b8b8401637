//! PKG023: the package is larger than Dataverse takes.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, codes};

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
    let message = format!("the archive has {}, at most {} are taken", size(bytes), size(most));
    let finding = report.add(&subject.whole(), message);
    finding.help("divide the solution, or take what is large out of it; --max-size sets another limit");
    for entry in large.into_iter().take(NAMED) {
        finding.because(format!("{} has {} of it", entry.path, size(entry.compressed_size)), None);
    }
}

/// So many of the largest entries are named.
const NAMED: usize = 3;

fn size(bytes: u64) -> String {
    const MEGA: u64 = 1024 * 1024;
    match bytes {
        0..MEGA => format!("{bytes} bytes"),
        _ => format!("{}.{} MB", bytes / MEGA, bytes % MEGA * 10 / MEGA),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_in_words() {
        assert_eq!(size(10), "10 bytes");
        assert_eq!(size(95 * 1024 * 1024), "95.0 MB");
        assert_eq!(size(95 * 1024 * 1024 + 1024 * 600), "95.5 MB");
    }
}
