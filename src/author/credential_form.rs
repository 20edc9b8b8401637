//! How a credential is written inside a solution. No public export shows it (`FORMATS.md` §1.7), so the form is learned from
//! a real export of the user's, or chosen between the two that rows of other tables have.
//!
//! Read [`CredentialForm`] first.

use camino::Utf8Path;

use super::text::Markup;
use super::{AuthorError, SolutionFiles};
use crate::package::OpenOptions;
use crate::xml::{Document, Element};

/// Where the rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialContainer {
    /// The section `credentials` of customizations.xml.
    Section,
    /// A file `credentials/<id>/credential.xml` each.
    Folder,
}

/// How a row is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialForm {
    /// Where.
    pub container: CredentialContainer,
    /// What an example shows; none without one: the columns are in alphabetical order then.
    example: Option<Example>,
    /// What stands in front of the uses, between them and behind them.
    uses: [String; 3],
    /// The element inside a lookup of a variable.
    lookup: String,
    /// Columns whose text is the same in every row.
    constants: Vec<(String, String)>,
}

/// What a row that is there shows of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Example {
    /// Its columns, in their order.
    columns: Vec<String>,
    /// Whether it has a lookup of a variable.
    has_lookup: bool,
    /// Whether what stands around the uses is told by it.
    has_uses: bool,
}

/// What of a new row is known from an example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// Columns of the new row that the example shows.
    pub shown: Vec<String>,
    /// What of the new row the example does not show, so that it is guessed from the rows of other tables.
    pub guessed: Vec<String>,
    /// Columns that only the example has: what they are for is not known, and they are not written.
    pub left_out: Vec<String>,
}

/// Columns whose text a new row takes over from the one that it is like.
const CONSTANTS: [&str; 4] = ["credentialtype", "iscustomizable", "statecode", "statuscode"];
/// Columns that name a variable.
const LOOKUPS: [&str; 6] =
    ["username", "password", "certificate", "cyberarkusername", "cyberarksafe", "cyberarkobject"];
/// Columns that a new row may have; in an example they are known even where the new row has none.
const KNOWN: [&str; 5] = ["name", "description", "connectiontype", "cyberarkapplicationid", "usagetype"];

impl CredentialForm {
    /// The form of the rows of other tables, in this container.
    pub fn assumed(container: CredentialContainer) -> Self {
        let constants =
            [("credentialtype", "1"), ("iscustomizable", "1"), ("statecode", "0"), ("statuscode", "1")];
        Self {
            container,
            example: None,
            uses: ["", ",", ""].map(str::to_owned),
            lookup: "schemaname".to_owned(),
            constants: constants.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
        }
    }

    /// The form of the credentials of a solution.
    ///
    /// # Errors
    /// When it cannot be read or holds none.
    pub fn like(path: &Utf8Path, options: &OpenOptions) -> Result<Self, AuthorError> {
        // A managed export shows the form as well as any.
        let files = SolutionFiles::open_to_read(path, options)?;
        Self::of(&files)?.ok_or_else(|| AuthorError::NotPossible {
            message: format!("{path}: no credential is in it"),
            hint: "name an export of a solution to which a credential was added".to_owned(),
        })
    }

    /// The form of the credentials that are among these files; none where there are none.
    pub(super) fn of(files: &SolutionFiles) -> Result<Option<Self>, AuthorError> {
        let customizations = files.xml(super::files::CUSTOMIZATIONS)?;
        let mut sections = customizations.root().children().filter(|section| section.name() == "credentials");
        let mut rows = sections.by_ref().flat_map(|section| section.children());
        if let Some(row) = rows.find(|row| row.name() == "credential") {
            return Ok(Some(Self::of_row(CredentialContainer::Section, row)));
        }
        for path in files.paths() {
            let lower = path.to_lowercase();
            if lower.starts_with("credentials/") && lower.ends_with("/credential.xml") {
                let document: Document = files.xml(&path)?;
                return Ok(Some(Self::of_row(CredentialContainer::Folder, document.root())));
            }
        }
        Ok(None)
    }

    fn of_row(container: CredentialContainer, row: Element<'_>) -> Self {
        let assumed = Self::assumed(container);
        let text = |name: &str| row.child_text(name).map(|text| text.trim().to_owned());
        let constants = CONSTANTS.iter().filter_map(|name| Some(((*name).to_owned(), text(name)?)));
        let lookup = LOOKUPS.iter().find_map(|name| row.child(name)?.children().next());
        let uses = text("usagetype").and_then(|text| around(&text));
        Self {
            example: Some(Example {
                columns: row.children().map(|column| column.name().to_owned()).collect(),
                has_lookup: lookup.is_some(),
                has_uses: uses.is_some(),
            }),
            uses: uses.unwrap_or(assumed.uses.clone()),
            lookup: lookup.map_or(assumed.lookup.clone(), |element| element.name().to_owned()),
            constants: constants.collect(),
            ..assumed
        }
    }

    /// A row: columns with texts, and lookups of variables.
    pub(super) fn row(
        &self,
        id: &str,
        texts: &[(&str, String)],
        lookups: &[(&str, String)],
        uses: &[u32],
    ) -> Markup {
        let [before, between, after] = &self.uses;
        let uses: Vec<String> = uses.iter().map(ToString::to_string).collect();
        let mut columns: Vec<(String, Markup)> = Vec::new();
        let mut add = |name: &str, markup| columns.push((name.to_owned(), markup));
        for (name, text) in texts {
            add(name, Markup::text((*name).to_owned(), text));
        }
        for (name, text) in &self.constants {
            add(name, Markup::text(name.clone(), text));
        }
        for (name, variable) in lookups {
            add(name, Markup::of((*name).to_owned(), vec![Markup::text(self.lookup.clone(), variable)]));
        }
        add("usagetype", Markup::text("usagetype", format!("{before}{}{after}", uses.join(between))));
        // A column that the example does not have stands where the alphabet puts it among those that it has.
        columns.sort_by(|(one, _), (other, _)| one.cmp(other));
        if let Some(Example { columns: order, .. }) = &self.example {
            let rank = |name: &String| {
                order
                    .iter()
                    .position(|known| known == name)
                    .or_else(|| order.iter().rposition(|known| known < name))
            };
            columns.sort_by_key(|(name, _)| rank(name));
        }
        let columns = columns.into_iter().map(|(_, markup)| markup).collect();
        Markup::of("credential", columns).with("credentialid", id)
    }

    /// What of a row with these columns is known from the example; nothing without one.
    pub(super) fn learned(&self, columns: &[&str]) -> Option<Learned> {
        let example = self.example.as_ref()?;
        let constants = self.constants.iter().map(|(name, _)| name.as_str());
        let mut own: Vec<&str> = columns.iter().copied().chain(constants).chain(["usagetype"]).collect();
        own.sort_unstable();
        let mut learned = Learned::default();
        for name in own {
            let is_shown = example.columns.iter().any(|shown| shown == name)
                && (example.has_uses || name != "usagetype");
            if is_shown { &mut learned.shown } else { &mut learned.guessed }.push(name.to_owned());
        }
        if !example.has_lookup {
            learned.guessed.push(format!("the element {} inside of variables", self.lookup));
        }
        let is_known = |name: &String| {
            [&CONSTANTS[..], &LOOKUPS, &KNOWN].iter().any(|known| known.contains(&name.as_str()))
        };
        learned.left_out = example.columns.iter().filter(|name| !is_known(name)).cloned().collect();
        Some(learned)
    }

    /// The text of the column of uses.
    pub(super) fn uses_text(&self, uses: &[u32]) -> String {
        let [before, between, after] = &self.uses;
        let uses: Vec<String> = uses.iter().map(ToString::to_string).collect();
        format!("{before}{}{after}", uses.join(between))
    }
}

/// What stands around the numbers of a multi-select text, as far as it shows. `-1` marks a collection and is no number here.
fn around(text: &str) -> Option<[String; 3]> {
    const DIGITS: usize = 9;
    let is_code = |at: &usize| {
        text.get(*at..*at + DIGITS).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut codes = text.char_indices().map(|(at, _)| at).filter(is_code);
    let first = codes.next()?;
    let second = codes.next();
    let last = codes.next_back().or(second).unwrap_or(first);
    let between = second.map_or(",", |second| &text[first + DIGITS..second]);
    Some([text[..first].to_owned(), between.to_owned(), text[last + DIGITS..].to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    #[test]
    fn what_stands_around_the_uses_is_learned() {
        for (text, expected) in [
            ("280920000", ["", ",", ""]),
            ("280920000;280920001", ["", ";", ""]),
            ("[-1,280920000,280920001,-1]", ["[-1,", ",", ",-1]"]),
        ] {
            assert_eq!(around(text).unwrap(), expected.map(str::to_owned), "{text}");
        }
        assert_eq!(around("none"), None);
    }

    #[test]
    fn a_row_is_like_the_one_that_it_is_learned_from() {
        let text = "<credential credentialid=\"x\"><name>Old</name><connectiontype>1</connectiontype>\
            <credentialtype>1</credentialtype><password><environmentvariabledefinitionid>y</environmentvariabledefinitionid>\
            </password><usagetype>[280920000]</usagetype><statecode>0</statecode></credential>";
        let document = Document::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let form = CredentialForm::of_row(CredentialContainer::Folder, document.root());
        let texts =
            [("connectiontype", "1".to_owned()), ("name", "New".to_owned()), ("description", "d".to_owned())];
        let lookups = [("password", "fab_P".to_owned()), ("username", "fab_U".to_owned())];
        assert_eq!(
            form.row("id", &texts, &lookups, &[280_920_000]).lines("", ""),
            "<credential credentialid=\"id\">  <name>New</name>  <connectiontype>1</connectiontype>  \
             <credentialtype>1</credentialtype>  <description>d</description>  \
             <password>    <environmentvariabledefinitionid>fab_P</environmentvariabledefinitionid>  </password>  \
             <usagetype>[280920000]</usagetype>  <statecode>0</statecode>  <username>    \
             <environmentvariabledefinitionid>fab_U</environmentvariabledefinitionid>  </username></credential>"
        );
    }
}
