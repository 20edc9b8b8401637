//! Verifies a folder in the packager's layout: it is packed and unpacked in memory, and every file must come back.
//!
//! Read [`folder`] first.

use std::collections::HashSet;

use rayon::prelude::*;

use super::archive::{finding, not_repeatable, twice};
use super::in_folder::InFolder;
use super::return_trip::compare;
use super::roots::{self, AsRead};
use super::trip::kind;
use super::{Content, Verification, VerifiedForm, VerifyError, is_intact};
use crate::layout::{
    Archive, Archives, Folder, FolderView, LayoutError, LineEnd, Note, PackOptions, UnpackOptions, pack,
    unpack,
};
use crate::model::{Finding, Severity, Solution, codes};
use crate::package::Package;

const MANIFEST: &str = "Other/Solution.xml";

/// Packs, unpacks and compares every file, twice; both packages of a folder that holds two. `model` is the solution with
/// places in the user's own files, where that was read; `only` says of which half of two (managed or not) it is, and of
/// which the content is told. Whether all files come back is a matter of both.
///
/// # Errors
/// When a file cannot be read, or the folder cannot be packed.
pub fn folder(
    view: &dyn FolderView,
    model: Option<&Solution>,
    only: Option<bool>,
) -> Result<Verification, VerifyError> {
    let in_layout = VerifyError::layout(view.label());
    let folder = Folder::read(view).map_err(&in_layout)?;
    let halves: &[bool] = match folder.managed_digit() {
        Some(1) => &[true],
        Some(2) => &[false, true],
        _ => &[false],
    };
    let mut notes = Vec::new();
    let packages: Vec<Package> = halves
        .iter()
        .map(|&managed| packed(&folder, view.label(), managed, &mut notes))
        .collect::<Result<_, VerifyError>>()?;
    let archives: Vec<Archive<'_>> =
        packages.iter().map(Archive::read).collect::<Result<_, _>>().map_err(&in_layout)?;
    let read;
    let (solution, roots) = match model {
        Some(solution) => (solution, roots::findings(solution, &AsRead)),
        None => {
            read = Solution::read(&packages[0])?;
            (&read, roots::findings(&read, &InFolder::new(view).map_err(&in_layout)?))
        }
    };
    let name = solution.manifest.unique_name.clone();
    let places = InFolder::new(view).map_err(&in_layout)?;
    let mut findings = missing_files(&name, &notes, &places);
    let mut contents = Vec::new();
    for archive in &archives {
        let (trip, others) = twice(archive).map_err(&in_layout)?;
        let place_of = |entry: &str| format!("{}, packed: {entry}", view.label());
        findings.extend(trip.faults.iter().map(|fault| fault.finding(&name, &place_of)));
        findings.extend(others.iter().map(|path| not_repeatable(&name, path, places.whole(path))));
        if archives.len() == 1 || only.is_none_or(|managed| managed == archive.is_managed()) {
            contents.push(Content::new(archive.is_managed(), &trip.entries));
        }
    }
    let both = match &archives[..] {
        [unmanaged, managed] => Archives::Both { unmanaged, managed },
        [one, ..] => Archives::One(one),
        [] => return Err(in_layout(LayoutError::Missing { path: MANIFEST })),
    };
    let unpacked =
        unpack(both, &UnpackOptions { as_packager: false, line_end: LineEnd::Crlf }).map_err(&in_layout)?;
    findings.extend(compare(view, &unpacked, &archives, &name, &places).map_err(&in_layout)?);
    // The other half lacks other things.
    if let ([_, other], None) = (&packages[..], only) {
        let managed = Solution::read(other)?;
        let of_other = roots::findings(&managed, &places);
        let is_new = |found: &Finding| roots.iter().all(|known| known.message != found.message);
        findings.extend(
            of_other
                .into_iter()
                .filter(is_new)
                .map(|found| Finding { message: format!("{} (managed package)", found.message), ..found }),
        );
    }
    findings.extend(roots);
    let mut identity = solution.identity();
    identity.source = view.label().into();
    Ok(Verification {
        solution: identity,
        form: VerifiedForm::Folder,
        entries: view.files().len(),
        intact: is_intact(&findings),
        contents,
        left_alone: Vec::new(),
        findings,
    })
}

/// The package that the folder gives, in memory.
pub(super) fn packed(
    folder: &Folder<'_>,
    label: &str,
    managed: bool,
    notes: &mut Vec<Note>,
) -> Result<Package, VerifyError> {
    let options = PackOptions { kind: kind(managed), line_end: LineEnd::Lf, ..PackOptions::default() };
    let in_layout = VerifyError::layout(label);
    let packed = pack(folder, &options).map_err(&in_layout)?;
    notes.extend(packed.notes.iter().cloned());
    let files: Vec<(String, Vec<u8>)> = packed
        .parts
        .par_iter()
        .map(|part| Ok((part.path().to_owned(), part.bytes()?)))
        .collect::<Result<_, LayoutError>>()
        .map_err(&in_layout)?;
    notes.extend(folder.notes_of_writing());
    Ok(Package::from_files(label, files)?)
}

fn missing_files(solution: &str, notes: &[Note], places: &InFolder) -> Vec<Finding> {
    let mut findings: Vec<Finding> = notes
        .iter()
        .filter_map(|note| match note {
            Note::MissingFile { named_by, .. } => {
                Some(finding(solution, codes::MISSING_FILE, places.whole(named_by), note.to_string()))
            }
            Note::MissingRelationship { .. } => {
                let place = places.whole("Other/Relationships.xml");
                Some(finding(solution, codes::MISSING_FILE, place, note.to_string()))
            }
            Note::OtherHalf { path, .. } => {
                let finding = finding(solution, codes::LAYOUT_NOTE, places.whole(path), note.to_string());
                let help = note.help().map(|help| format!("pack {help}"));
                Some(Finding { severity: Severity::Warning, help, ..finding })
            }
            _ => None,
        })
        .collect();
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert(finding.message.clone()));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::PackageFolder;

    const MANIFEST: &str = "<ImportExportXml><SolutionManifest><UniqueName>Fab</UniqueName><Version>1.0.0.0</Version>\
        <Managed>0</Managed>\n<RootComponents>\n\
        <RootComponent type='9' schemaName='fab_state' behavior='0' />\n\
        <RootComponent type='9' schemaName='fab_gone' behavior='0' />\n\
        </RootComponents></SolutionManifest></ImportExportXml>";

    fn check(files: &[(&str, &str)]) -> Verification {
        let mut all = vec![
            ("Other/Solution.xml", MANIFEST),
            ("Other/Customizations.xml", "<ImportExportXml><optionsets /></ImportExportXml>"),
            ("OptionSets/fab_state.xml", "<optionset Name='fab_state' />"),
        ];
        all.extend_from_slice(files);
        let all = all.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let package = Package::from_files("src/Fab", all.collect()).unwrap();
        folder(&PackageFolder::new(&package), None, None).unwrap()
    }

    fn told(found: &Verification) -> Vec<(&'static str, Severity, String)> {
        let told = found.findings.iter();
        told.map(|found| (found.code.id, found.severity, found.place.as_ref().unwrap().to_string())).collect()
    }

    const GONE: (&str, Severity, &str) = ("PKG007", Severity::Warning, "src/Fab/Other/Solution.xml:4:1");

    fn expect(found: &Verification, others: &[(&str, Severity, &str)]) {
        let mut expected: Vec<_> = others.to_vec();
        expected.push(GONE);
        let told = told(found);
        let told: Vec<_> = told.iter().map(|(code, level, place)| (*code, *level, place.as_str())).collect();
        assert_eq!(told, expected, "{:#?}", found.findings);
    }

    #[test]
    fn a_root_without_content_stands_in_the_file_of_the_user() {
        let found = check(&[("Assets/a.json", "{}")]);
        assert!(found.intact);
        assert_eq!((found.form, found.entries, found.contents.len()), (VerifiedForm::Folder, 4, 1));
        expect(&found, &[]);
    }

    #[test]
    fn order_and_quotes_of_hand_made_files_do_not_count() {
        let app = "<AppModule><UniqueName>fab_App</UniqueName><AppModuleComponents>\
            <AppModuleComponent type='62' schemaName='fab_Map'/><AppModuleComponent schemaName='fab_b' type='1'/>\
            <AppModuleComponent type='1' schemaName='fab_a'/></AppModuleComponents></AppModule>";
        let found = check(&[("AppModules/fab_App/AppModule.xml", app)]);
        assert!(found.intact, "{:#?}", found.findings);
    }

    #[test]
    fn a_file_under_another_name_is_told() {
        let role = "<Role id='{0c0ffee0-0000-4000-8000-000000000001}' name='Clerk' />";
        let found = check(&[("Roles/Cashier.xml", role)]);
        assert!(found.intact);
        assert_eq!(told(&found)[0], ("PKG014", Severity::Note, "src/Fab/Roles/Cashier.xml".to_owned()));
    }

    #[test]
    fn rows_that_are_not_yet_in_files_of_their_own() {
        let raw = "<ImportExportXml><Roles><Role id='{0c0ffee0-0000-4000-8000-000000000001}' name='Clerk' /></Roles>\
            <optionsets /></ImportExportXml>";
        let files = [
            ("Other/Solution.xml", MANIFEST),
            ("Other/Customizations.xml", raw),
            ("OptionSets/fab_state.xml", "<optionset Name='fab_state' />"),
        ];
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let package = Package::from_files("src/Fab", files.collect()).unwrap();
        let found = folder(&PackageFolder::new(&package), None, None).unwrap();
        assert!(found.intact, "{:#?}", found.findings);
    }

    #[test]
    fn the_file_of_a_flow_that_is_absent() {
        let flow = "<Workflow WorkflowId='{0c0ffee0-0000-4000-8000-000000000001}' Name='Pay'>\
            <JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category></Workflow>";
        let found = check(&[("Workflows/Pay.json.data.xml", flow)]);
        assert_eq!(
            told(&found)[0],
            ("PKG004", Severity::Error, "src/Fab/Workflows/Pay.json.data.xml".to_owned())
        );
    }

    #[test]
    fn a_folder_of_two_packages_has_two_contents() {
        let app = "<RootComponent type='80' schemaName='fab_App' behavior='0' /></RootComponents>";
        let both = MANIFEST.replace("<Managed>0", "<Managed>2").replace("</RootComponents>", app);
        let files = [
            ("Other/Solution.xml", both.as_str()),
            ("Other/Customizations.xml", "<ImportExportXml><AppModules /></ImportExportXml>"),
            ("AppModules/fab_App/AppModule.xml", "<AppModule><UniqueName>fab_App</UniqueName></AppModule>"),
            (
                "AppModules/fab_App/AppModule_managed.xml",
                "<AppModule><UniqueName>fab_App</UniqueName><X /></AppModule>",
            ),
        ];
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let package = Package::from_files("src/Fab", files.clone()).unwrap();
        let found = folder(&PackageFolder::new(&package), None, None).unwrap();
        assert!(found.intact, "{:#?}", found.findings);
        let [unmanaged, managed] = &found.contents[..] else { panic!("two contents") };
        for (only, content) in [(false, unmanaged), (true, managed)] {
            let half = folder(&PackageFolder::new(&package), None, Some(only)).unwrap();
            assert_eq!(half.contents, std::slice::from_ref(content));
            assert!(half.intact);
        }
        assert!(!unmanaged.managed && managed.managed);
        let files: Vec<_> = files.into_iter().filter(|(path, _)| !path.ends_with("_managed.xml")).collect();
        let package = Package::from_files("src/Fab", files).unwrap();
        let lacks = folder(&PackageFolder::new(&package), None, None).unwrap();
        let told: Vec<_> =
            lacks.findings.iter().map(|found| (found.code.id, found.severity, &*found.message)).collect();
        assert!(told.contains(&("PKG006", Severity::Warning, "AppModules/fab_App/AppModule.xml: no twin for the managed package, which is packed without it")), "{told:?}");
        let of_managed: Vec<_> =
            told.iter().filter(|(.., message)| message.ends_with("(managed package)")).collect();
        assert!(
            matches!(of_managed[..], [("PKG007", Severity::Warning, message)] if message.contains("fab_App")),
            "{told:?}"
        );
        assert_ne!(unmanaged.sha256, managed.sha256);
    }
}
