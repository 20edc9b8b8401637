//! The zips that try to be something else than they are: every verdict, and the reason for it.

mod support;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use solship::package::{EntryFault, NameFault, OpenOptions, Package, PackageError};

/// Why each case is refused: the kind of the error, the variant of the fault, and the field that differs where there is
/// one.
const REASONS: [(&str, &str); 70] = [
    ("01-dotdot", "Name DotDot"),
    ("03-backslash-dotdot", "Name DotDot"),
    ("04-drive", "Name Drive"),
    ("05-nul", "Name Control"),
    ("06-newline", "Name Control"),
    ("07-escape-seq", "Name Control"),
    ("08-reserved-CON", "Name Device"),
    ("09-trailing-dot", "Name TrailingDotOrSpace"),
    ("10-ads-colon", "Name Forbidden"),
    ("11-empty-name", "Name Empty"),
    ("12-dot", "Name Dot"),
    ("13-double-slash", "Name EmptyPart"),
    ("14-dot-inside", "Name Dot"),
    ("15-dotdot-inside", "Name DotDot"),
    ("17-git-hook", "Name Git"),
    ("18-long-component", "Name PartTooLong"),
    ("19-long-path", "Limit Name"),
    ("20-bidi-override", "Name Control"),
    ("21-bad-utf8-flagged", "Entry NameNotUtf8"),
    ("22-cp437-unflagged", "Entry NameEncoding"),
    ("23-duplicate-name", "Name Same"),
    ("24-case-collision", "Name Same"),
    ("25-nfc-nfd-collision", "Name Same"),
    ("26-file-and-dir", "Name FileAndFolder"),
    ("27-symlink-outside", "Entry SymbolicLink"),
    ("28-symlink-then-through", "Entry SymbolicLink"),
    ("30-bad-crc", "Entry Checksum"),
    ("31-declared-too-small", "Entry TooLong"),
    ("32-declared-too-big", "Entry TooShort"),
    ("33-declared-4GB", "Limit Entry"),
    ("34-csize-too-big", "Entry Overlap"),
    ("35-deflate-trailing-bytes", "Entry DeflateTrailing"),
    ("36-truncated-deflate", "Entry DeflateCutOff"),
    ("37-invalid-deflate", "Entry DeflateInvalid"),
    ("38-bomb-1000x", "Limit Ratio"),
    ("39-overlap-same-lfh-200x", "Entry Overlap"),
    ("40-name-differs", "Entry NameDiffers"),
    ("41-method-differs", "Entry HeaderDiffers Method"),
    ("42-crc-differs-local", "Entry HeaderDiffers Checksum"),
    ("43-size-differs-local", "Entry HeaderDiffers Size"),
    ("44-hidden-local-entry", "Archive Gap"),
    ("45-cd-only-entry", "Entry LocalHeader"),
    ("46-count-too-small", "Archive EntryCount"),
    ("47-count-too-big", "Archive EntryCount"),
    ("48-concatenated-zips", "Archive DirectoryPlace"),
    ("49-zip-in-comment", "Archive SeveralEndRecords"),
    ("50-trailing-garbage", "Archive TrailingBytes"),
    ("51-trailing-nuls", "Archive TrailingZeros"),
    ("52-prefix-junk", "Archive LeadingBytes"),
    ("53-prefix-junk-unadjusted", "Archive DirectoryPlace"),
    ("54-truncated-cd", "Archive NoEndRecord"),
    ("55-truncated-data", "Archive NoEndRecord"),
    ("56-empty-archive", "Archive NoEntries"),
    ("57-zero-bytes", "Archive EmptyFile"),
    ("58-not-a-zip", "Archive NotAZip"),
    ("59-multi-disk", "Archive SeveralDisks"),
    ("60-encrypted-flag", "Entry Encrypted"),
    ("61-method-99", "Entry Method"),
    ("62-method-bzip2", "Entry Method"),
    ("63-deflate64", "Entry Method"),
    ("65-data-descriptor-bad-crc", "Entry DescriptorDiffers Checksum"),
    ("66-unicode-path-extra", "Entry SecondName"),
    ("67-zip64-extra-conflict", "Entry Zip64Extra"),
    ("68-extra-too-long", "Entry ExtraField"),
    ("69-dir-with-data", "Entry FolderWithContent"),
    ("70-dir-no-slash", "Entry FolderWithoutSlash"),
    ("71-65535-entries-claimed", "Archive Zip64Missing"),
    ("72-cd-offset-wild", "Archive DirectoryPlace"),
    ("73-self-overlap-cd", "Archive DirectoryPlace"),
    ("74-version-needed-99", "Entry VersionNeeded"),
];

/// This one does not hold what it is named for: the name in it is `hostile-run/abs-evil.txt`, without a slash in front,
/// so there is nothing to refuse. With the slash it is refused, see `an_absolute_name_is_refused`.
const NOT_ABSOLUTE: &str = "02-absolute";

/// What `--tolerant` forgives.
const FORGIVEN: [&str; 3] = ["22-cp437-unflagged", "51-trailing-nuls", "52-prefix-junk"];

/// The cases by name, and whether they are accepted.
fn cases() -> Option<(Utf8PathBuf, BTreeMap<String, bool>)> {
    let folder = support::shared("hostile")?;
    let table = fs_err::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut cases = BTreeMap::new();
    for fields in table.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
        if fields[0] == "zip" {
            cases.insert(fields[1].to_owned(), fields[2] == "accept");
        }
    }
    assert_eq!(cases.len(), 76);
    Some((folder.join("zip"), cases))
}

/// Opens a package and reads every byte of it, as `inspect` does.
fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Package, PackageError> {
    let package = Package::open(path, options)?;
    package.verify()?;
    // Whatever is verified can be read, and the other way round.
    for entry in package.entries() {
        assert_eq!(package.read(entry).unwrap().len() as u64, entry.size);
    }
    Ok(package)
}

fn reason(error: &PackageError) -> String {
    let variant = |fault: String| {
        fault.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default().to_owned()
    };
    match error {
        PackageError::Archive { fault, .. } => format!("Archive {}", variant(format!("{fault:?}"))),
        PackageError::Entry { fault, .. } => match fault {
            EntryFault::HeaderDiffers { field, .. } => format!("Entry HeaderDiffers {field:?}"),
            EntryFault::DescriptorDiffers { field, .. } => format!("Entry DescriptorDiffers {field:?}"),
            fault => format!("Entry {}", variant(format!("{fault:?}"))),
        },
        PackageError::Name { fault, .. } => format!("Name {}", variant(format!("{fault:?}"))),
        PackageError::Limit { fault, .. } => format!("Limit {}", variant(format!("{fault:?}"))),
        other => variant(format!("{other:?}")),
    }
}

#[test]
fn every_case_has_its_verdict_and_reason() {
    let Some((folder, cases)) = cases() else { return };
    let reasons = BTreeMap::from(REASONS);
    for (case, accepted) in cases {
        let path = folder.join(format!("{case}.zip"));
        let actual = match open(&path, &OpenOptions::default()) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => {
                let message = error.to_string();
                assert!(message.starts_with(path.as_str()), "{message}");
                assert_eq!(error.is_forgivable(), FORGIVEN.contains(&case.as_str()), "{message}");
                assert!(!message.contains(char::is_control), "{message:?}");
                assert!(!message.contains('\u{202e}'), "{message:?}");
                reason(&error)
            }
        };
        let expected = if accepted || case == NOT_ABSOLUTE { "accepted" } else { reasons[case.as_str()] };
        assert_eq!(actual, expected, "{case}");
    }
}

#[test]
fn an_absolute_name_is_refused() {
    let Some((folder, _)) = cases() else { return };
    let mut bytes = fs_err::read(folder.join(format!("{NOT_ABSOLUTE}.zip"))).unwrap();
    let name = b"hostile-run/abs-evil.txt";
    let places: Vec<usize> =
        (0..bytes.len() - name.len()).filter(|&at| bytes[at..].starts_with(name)).collect();
    assert_eq!(places.len(), 2, "in the entry and in the directory, without a slash in front");
    for at in places {
        assert_ne!(bytes[at - 1], b'/');
        bytes[at] = b'/';
    }
    let error = Package::from_bytes("absolute.zip", bytes, &OpenOptions::default()).unwrap_err();
    assert!(matches!(error, PackageError::Name { fault: NameFault::Absolute, .. }), "{error}");
}

#[test]
fn tolerance_forgives_what_the_table_says_and_says_so() {
    let Some((folder, cases)) = cases() else { return };
    let options = OpenOptions { tolerant: true, ..OpenOptions::default() };
    let reasons = BTreeMap::from(REASONS);
    for (case, accepted) in cases {
        let opened = open(&folder.join(format!("{case}.zip")), &options);
        if FORGIVEN.contains(&case.as_str()) {
            let package = opened.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(package.warnings().len(), 1, "{case}: {:?}", package.warnings());
            assert!(package.entry("solution.xml").is_some());
        } else if accepted || case == NOT_ABSOLUTE {
            assert!(opened.is_ok(), "{case}");
        } else {
            assert_eq!(reason(&opened.unwrap_err()), reasons[case.as_str()], "{case}");
        }
    }
    let package = open(&folder.join("22-cp437-unflagged.zip"), &options).unwrap();
    assert!(package.entry("üé.txt").is_some(), "{:?}", package.entries());
}

#[test]
fn strictness_refuses_what_is_a_warning_else() {
    let Some((folder, cases)) = cases() else { return };
    for tolerant in [false, true] {
        let options = OpenOptions { strict: true, tolerant, ..OpenOptions::default() };
        for (case, accepted) in &cases {
            let path = folder.join(format!("{case}.zip"));
            let standard = open(&path, &OpenOptions::default());
            let has_warnings = standard.is_ok_and(|package| !package.warnings().is_empty());
            assert_eq!(has_warnings, case == "16-backslash-sep", "{case}");
            let is_accepted = (*accepted || case == NOT_ABSOLUTE) && !has_warnings;
            match open(&path, &options) {
                Ok(package) => assert!(is_accepted && package.warnings().is_empty(), "{case}"),
                Err(error) if has_warnings => assert_eq!(reason(&error), "Name Backslash"),
                Err(_) => assert!(!is_accepted, "{case}"),
            }
        }
    }
}

#[test]
fn memory_and_file_are_read_alike() {
    let Some((folder, cases)) = cases() else { return };
    for case in cases.keys() {
        let path = folder.join(format!("{case}.zip"));
        let options = OpenOptions::default();
        let in_memory = Package::from_bytes(path.as_str(), fs_err::read(&path).unwrap(), &options);
        let outcome = |opened: Result<Package, PackageError>| match opened {
            Ok(package) => format!("{:?} {:?}", package.entries(), package.warnings()),
            Err(error) => error.to_string(),
        };
        assert_eq!(outcome(in_memory), outcome(Package::open(&path, &options)), "{case}");
    }
}
