//! A solution from nothing: manifest, publisher and the sections that every export has, in the layout of a folder
//! (`FORMATS.md` §5.1, §5.5).
//!
//! Read [`NewSolution`] first.

use std::sync::Arc;

use camino::Utf8Path;

use super::files::{CUSTOMIZATIONS, MANIFEST};
use super::names::{check_filled, check_text};
use super::next_to::solution_around;
use super::text::Markup;
use super::version::check_version;
use super::{Action, AuthorError, Edited, Step};
use crate::layout::EMPTY_SECTIONS;
use crate::model::{SolutionIdentity, Version};
use crate::package::{PackageError, check_name, is_packager_folder};
use crate::write::{Change, ChangeKind, Eol, FolderOptions, InMemory, write_folder};

/// Longest unique name of a solution or publisher.
const NAME_LENGTH: usize = 65;
/// Longest display name.
const DISPLAY_LENGTH: usize = 256;
/// Longest description.
const DESCRIPTION_LENGTH: usize = 2000;
/// Exports begin with it.
const START: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n";
/// What is nil in an address without content; the others have a 1.
const ADDRESS: [&str; 26] = [
    "AddressNumber",
    "AddressTypeCode",
    "City",
    "County",
    "Country",
    "Fax",
    "FreightTermsCode",
    "ImportSequenceNumber",
    "Latitude",
    "Line1",
    "Line2",
    "Line3",
    "Longitude",
    "Name",
    "PostalCode",
    "PostOfficeBox",
    "PrimaryContactName",
    "ShippingMethodCode",
    "StateOrProvince",
    "Telephone1",
    "Telephone2",
    "Telephone3",
    "TimeZoneRuleVersionNumber",
    "UPSZone",
    "UTCOffset",
    "UTCConversionTimeZoneCode",
];

/// A solution that is wanted.
#[derive(Debug, Clone)]
pub struct NewSolution {
    /// Unique name.
    pub name: String,
    /// Unique name of the publisher.
    pub publisher: String,
    /// The publisher's prefix, without the underscore.
    pub prefix: String,
    /// The publisher's prefix of option values.
    pub option_value_prefix: u32,
    /// Display name; the unique name where there is none.
    pub display: Option<String>,
    /// Display name of the publisher; its unique name where there is none.
    pub publisher_display: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Version.
    pub version: String,
    /// Language of the texts.
    pub language: u32,
}

impl NewSolution {
    fn check(&self) -> Result<(), AuthorError> {
        check_unique_name("solution", &self.name)?;
        check_unique_name("publisher", &self.publisher)?;
        check_prefix(&self.prefix)?;
        let wrong = |what, fault: &str, hint| Err(AuthorError::Text { what, fault: fault.to_owned(), hint });
        if !(10_000..=99_999).contains(&self.option_value_prefix) {
            return wrong("option value prefix", "not from 10000 to 99999", "five digits, such as 10000");
        }
        if !(1000..=99_999).contains(&self.language) {
            return wrong("language", "no language code", "such as 1033 for English or 1031 for German");
        }
        for (what, text) in
            [("display name", &self.display), ("display name of the publisher", &self.publisher_display)]
        {
            if let Some(text) = text {
                check_filled(what, text, DISPLAY_LENGTH)?;
            }
        }
        if let Some(description) = &self.description {
            check_text("description", description, DESCRIPTION_LENGTH)?;
        }
        check_version(&self.version)
    }

    /// The two files.
    fn files(&self) -> [(&'static str, Vec<u8>); 2] {
        let whole = |root: &Markup| format!("{START}{}", root.lines("\r\n", "")).into_bytes();
        [(CUSTOMIZATIONS, whole(&self.customizations())), (MANIFEST, whole(&self.manifest()))]
    }

    fn manifest(&self) -> Markup {
        let language = self.language.to_string();
        let text = |container: &'static str, row: &'static str, text: Option<&String>| match text {
            Some(text) if !text.is_empty() => {
                let row = Markup::empty(row).with("description", text).with("languagecode", &*language);
                Markup::of(container, vec![row])
            }
            _ => Markup::empty(container),
        };
        let names = |shown: &String| text("LocalizedNames", "LocalizedName", Some(shown));
        let publisher = Markup::of(
            "Publisher",
            vec![
                Markup::text("UniqueName", &self.publisher),
                names(self.publisher_display.as_ref().unwrap_or(&self.publisher)),
                Markup::empty("Descriptions"),
                nil("EMailAddress"),
                nil("SupportingWebsiteUrl"),
                Markup::text("CustomizationPrefix", &self.prefix),
                Markup::text("CustomizationOptionValuePrefix", self.option_value_prefix.to_string()),
                Markup::of("Addresses", vec![address("1"), address("2")]),
            ],
        );
        let manifest = Markup::of(
            "SolutionManifest",
            vec![
                Markup::text("UniqueName", &self.name),
                names(self.display.as_ref().unwrap_or(&self.name)),
                text("Descriptions", "Description", self.description.as_ref()),
                Markup::text("Version", &self.version),
                Markup::text("Managed", "0"),
                publisher,
                Markup::empty("RootComponents"),
                Markup::empty("MissingDependencies"),
            ],
        );
        Markup::of("ImportExportXml", vec![manifest])
            .with("version", "9.2.0.0")
            .with("SolutionPackageVersion", "9.2")
            .with("languagecode", &*language)
            .with("generatedBy", "CrmLive")
            .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    }

    fn customizations(&self) -> Markup {
        let mut sections: Vec<Markup> = EMPTY_SECTIONS.map(Markup::empty).into();
        sections.push(Markup::of("Languages", vec![Markup::text("Language", self.language.to_string())]));
        Markup::of("ImportExportXml", sections).with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    }
}

fn nil(name: &'static str) -> Markup {
    Markup::text(name, "").with("xsi:nil", "true")
}

fn address(number: &str) -> Markup {
    let column = |name: &'static str| match name {
        "AddressNumber" => Markup::text(name, number),
        "AddressTypeCode" | "ShippingMethodCode" => Markup::text(name, "1"),
        _ => nil(name),
    };
    Markup::of("Address", ADDRESS.map(column).into())
}

pub(crate) fn check_unique_name(what: &'static str, name: &str) -> Result<(), AuthorError> {
    let kept: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let instead =
        kept.trim_start_matches(|c: char| c.is_ascii_digit()).chars().take(NAME_LENGTH).collect::<String>();
    let fault = if name.is_empty() {
        "it is empty".to_owned()
    } else if kept != name {
        "letters of English, digits and underscores make a unique name".to_owned()
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        "a digit cannot be first".to_owned()
    } else if name.len() > NAME_LENGTH {
        format!("{} characters; at most {NAME_LENGTH} are allowed", name.len())
    } else {
        return Ok(());
    };
    let instead = (!instead.is_empty()).then_some(instead);
    Err(AuthorError::Name { what, name: name.to_owned(), fault, instead })
}

fn check_prefix(prefix: &str) -> Result<(), AuthorError> {
    let bare: String = prefix
        .trim_end_matches('_')
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    let is_one = |text: &str| {
        (2..=8).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && !text.starts_with("mscrm")
    };
    if is_one(prefix) {
        return Ok(());
    }
    Err(AuthorError::Name {
        what: "prefix",
        name: prefix.to_owned(),
        fault: "2 to 8 small letters and digits, a letter first, and not mscrm".to_owned(),
        instead: is_one(&bare).then_some(bare),
    })
}

/// Makes the solution as the folder `target`.
///
/// # Errors
/// When something of it is not as it must be, or something else is there.
pub fn new_solution(target: &Utf8Path, wanted: &NewSolution, dry_run: bool) -> Result<Edited, AuthorError> {
    wanted.check()?;
    check_place(target)?;
    let files = wanted.files();
    let edited = |action, changes| Edited {
        solution: SolutionIdentity {
            unique_name: wanted.name.clone(),
            version: Version::new(&wanted.version),
            managed: false,
            publisher: wanted.publisher.clone(),
            source: Arc::from(target.as_str()),
        },
        steps: vec![Step::new(action, format!("solution {} {}", wanted.name, wanted.version))],
        changes,
        dry_run,
    };
    if is_there(target, &files)? {
        return Ok(edited(Action::Unchanged, Vec::new()));
    }
    if !dry_run {
        let parts: Vec<InMemory<'_, &[u8]>> =
            files.iter().map(|(path, bytes)| InMemory { path, bytes: &bytes[..] }).collect();
        let options = FolderOptions {
            is_ours: &|_| false,
            allow_delete: false,
            clobber: false,
            eol: Eol::Crlf,
            dry_run: false,
        };
        write_folder(target, &parts, &options)?;
    }
    let change = |(path, bytes): &(&str, Vec<u8>)| Change {
        path: (*path).to_owned(),
        kind: ChangeKind::Added,
        old_size: None,
        new_size: Some(bytes.len() as u64),
    };
    Ok(edited(Action::Added, files.iter().map(change).collect()))
}

/// A folder that every system can have, and that is no part of another solution.
fn check_place(target: &Utf8Path) -> Result<(), AuthorError> {
    if let Some(name) = target.file_name()
        && let Err(fault) = check_name(name)
    {
        return Err(AuthorError::NotPossible {
            message: format!("{target}: no folder that every system can have: {fault}"),
            hint: "--dir gives the folder another name than the solution".to_owned(),
        });
    }
    match solution_around(target)? {
        Some(around) => Err(AuthorError::NotPossible {
            message: format!("{target}: would lie inside of another solution, {around}"),
            hint: "solutions lie beside each other: run it in the folder above, or name a place with --dir"
                .to_owned(),
        }),
        None => Ok(()),
    }
}

/// Whether the solution is there already, as it would be made; anything else that is there is refused.
fn is_there(target: &Utf8Path, files: &[(&'static str, Vec<u8>)]) -> Result<bool, AuthorError> {
    let in_the_way = || Err(AuthorError::InTheWay { place: target.to_string() });
    if !target.is_dir() {
        return if target.symlink_metadata().is_ok() { in_the_way() } else { Ok(false) };
    }
    if is_packager_folder(target)? {
        let mut same = Vec::new();
        for (path, bytes) in files {
            let found = fs_err::read(target.join(path)).map_err(PackageError::from)?;
            // A checkout may have turned the line ends.
            same.push(
                String::from_utf8_lossy(&found).replace("\r\n", "\n")
                    == String::from_utf8_lossy(bytes).replace("\r\n", "\n"),
            );
        }
        if same.iter().all(|same| *same) {
            return Ok(true);
        }
        return Err(AuthorError::OtherSolutionThere { path: target.to_owned() });
    }
    let mut children = fs_err::read_dir(target).map_err(PackageError::from)?;
    if children.next().is_some() { in_the_way() } else { Ok(false) }
}
