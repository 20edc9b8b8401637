//! The page of a rule, `docs/rules/<name>.md`: a heading, one sentence, and the sections Why, Bad, Good, Fix.

/// A page and its parts.
#[derive(Debug, Clone)]
pub struct Page<'t> {
    /// As written.
    pub text: &'t str,
    /// `CODE name`.
    pub heading: &'t str,
    /// What is reported, what stands between the heading and the first section.
    pub what: &'t str,
    sections: Vec<(&'t str, &'t str)>,
}

impl<'t> Page<'t> {
    /// Takes the text apart. What is not there is empty.
    pub(super) fn read(text: &'t str) -> Self {
        let (top, rest) = cut(text, "\n## ");
        let (heading, what) = cut(top, "\n");
        let mut sections = Vec::new();
        let mut rest = rest;
        while !rest.is_empty() {
            let (section, after) = cut(rest, "\n## ");
            let (name, body) = cut(section, "\n");
            sections.push((name.trim(), body.trim()));
            rest = after;
        }
        Self { text, heading: heading.trim_start_matches('#').trim(), what: what.trim(), sections }
    }

    /// Why it matters.
    pub fn why(&self) -> &'t str {
        self.section("Why")
    }

    /// What it finds.
    pub fn bad(&self) -> &'t str {
        self.section("Bad")
    }

    /// What it is silent on.
    pub fn good(&self) -> &'t str {
        self.section("Good")
    }

    /// How to mend it.
    pub fn fix(&self) -> &'t str {
        self.section("Fix")
    }

    /// Names of the sections in the order of the page.
    pub fn names(&self) -> Vec<&'t str> {
        self.sections.iter().map(|(name, _)| *name).collect()
    }

    fn section(&self, wanted: &str) -> &'t str {
        self.sections.iter().find(|(name, _)| *name == wanted).map_or("", |(_, body)| body)
    }
}

/// What stands before and behind the first `mark`; without one everything stands before it.
fn cut<'t>(text: &'t str, mark: &str) -> (&'t str, &'t str) {
    text.split_once(mark).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_parts() {
        let page = Page::read(
            "# VAR001 some-name\n\nWhat it is.\n\n## Why\n\nSo.\n\n## Bad\n\n`a.xml`:\n\n## Fix\nDo.\n",
        );
        assert_eq!((page.heading, page.what, page.why()), ("VAR001 some-name", "What it is.", "So."));
        assert_eq!((page.bad(), page.good(), page.fix()), ("`a.xml`:", "", "Do."));
        assert_eq!(page.names(), ["Why", "Bad", "Fix"]);
        assert_eq!(Page::read("").heading, "");
    }
}
