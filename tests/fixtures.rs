//! The fixtures hold together: every file is well formed, every name that one file gives another is there, and nothing lies
//! about that nothing names.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use solship::{json, xml};

/// One fixture folder: its files by path with `/`, and the two that every solution has.
struct Fixture {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
    manifest: xml::Document,
    customizations: xml::Document,
}

impl Fixture {
    fn read(folder: &Utf8Path) -> Self {
        let files: BTreeMap<String, Vec<u8>> = walkdir::WalkDir::new(folder)
            .into_iter()
            .map(|entry| entry.expect("a readable folder"))
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = Utf8PathBuf::from_path_buf(entry.into_path()).expect("a UTF-8 name");
                let inside = path.strip_prefix(folder).expect("below the folder").as_str().replace('\\', "/");
                (inside, fs_err::read(&path).expect("a readable file"))
            })
            .collect();
        let part = |path: &str| parse_xml(folder, path, &files[path]);
        Self {
            name: folder.file_name().expect("a name").to_owned(),
            manifest: part("solution.xml"),
            customizations: part("customizations.xml"),
            files,
        }
    }

    fn xml(&self, path: &str) -> xml::Document {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("{}: {path} is not there", self.name));
        parse_xml(Utf8Path::new(&self.name), path, bytes)
    }

    fn solution(&self) -> xml::Element<'_> {
        self.manifest.root().child("SolutionManifest").expect("a SolutionManifest")
    }

    fn version(&self) -> String {
        self.solution().child_text("Version").expect("a Version").into_owned()
    }

    /// The elements `inner` of the section `outer` of customizations.xml.
    fn rows(&self, outer: &str, inner: &str) -> Vec<xml::Element<'_>> {
        let section = self.customizations.root().child(outer);
        section.iter().flat_map(|section| section.children()).filter(|row| row.name() == inner).collect()
    }

    /// The folders directly inside `folder`.
    fn folders_in(&self, folder: &str) -> BTreeSet<&str> {
        let inside = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/')?.split_once('/'));
        inside.map(|(name, _)| name).collect()
    }

    /// The ids of the root components of one type, in lower case without braces.
    fn root_components(&self, code: &str) -> BTreeSet<String> {
        let rows = self.solution().child("RootComponents").expect("RootComponents");
        let of_type = rows.children().filter(|row| row.attribute("type").as_deref() == Some(code));
        of_type.map(|row| bare(&row.attribute("id").expect("an id"))).collect()
    }
}

fn parse_xml(folder: &Utf8Path, path: &str, bytes: &[u8]) -> xml::Document {
    xml::Document::parse(bytes.to_vec(), &xml::Limits::default())
        .unwrap_or_else(|error| panic!("{folder}/{path}: {error}"))
}

fn bare(guid: &str) -> String {
    guid.trim_matches(['{', '}']).to_ascii_lowercase()
}

/// Every folder below `fixtures/` that holds a solution.xml, with the release that it is part of.
fn fixtures() -> Vec<(String, Fixture)> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    for release in ["cycle", "release"] {
        for child in root.join(release).read_dir_utf8().expect("a fixture folder") {
            let child = child.expect("a readable folder");
            assert!(child.path().join("solution.xml").is_file(), "{} is no solution folder", child.path());
            found.push((release.to_owned(), Fixture::read(child.path())));
        }
    }
    found.sort_by(|left, right| (&left.0, &left.1.name).cmp(&(&right.0, &right.1.name)));
    found
}

#[test]
fn the_solutions_are_the_ones_that_the_readme_names() {
    let found: Vec<String> = fixtures()
        .iter()
        .map(|(release, fixture)| format!("{release}/{} {}", fixture.name, fixture.version()))
        .collect();
    let expected = [
        "cycle/FabArchive 1.0.0.0",
        "cycle/FabBilling 1.0.0.0",
        "release/FabFlows 3.1.0.0",
        "release/FabRobotAccess 1.2.0.0",
        "release/FabRobots 1.4.0.0",
        "release/FabShared 2.0.1.4",
    ];
    assert_eq!(found, expected);
}

#[test]
fn every_manifest_names_its_folder() {
    for (_, fixture) in fixtures() {
        assert_eq!(fixture.solution().child_text("UniqueName").as_deref(), Some(fixture.name.as_str()));
        let publisher = fixture.solution().child("Publisher").expect("a Publisher");
        assert_eq!(publisher.child_text("CustomizationPrefix").as_deref(), Some("fab"), "{}", fixture.name);
    }
}

#[test]
fn every_file_is_well_formed_and_has_the_line_ends_of_a_server_export() {
    for (_, fixture) in fixtures() {
        for (path, bytes) in &fixture.files {
            let label = format!("{}/{path}", fixture.name);
            if path.ends_with(".Png") {
                assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{label} is no PNG");
                continue;
            }
            let marked = bytes.starts_with(b"\xEF\xBB\xBF");
            assert_eq!(marked, path == "[Content_Types].xml", "{label}: byte order mark");
            let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{label} is not UTF-8"));
            assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{label}: a bare line feed");
            if path.ends_with(".json") {
                let document =
                    json::Document::parse(bytes.clone()).unwrap_or_else(|error| panic!("{label}: {error}"));
                assert!(document.duplicate_keys().is_empty(), "{label}: {:?}", document.duplicate_keys());
            } else {
                assert!(path.ends_with(".xml"), "{label}: an unknown kind of file");
                fixture.xml(path);
            }
        }
    }
}

#[test]
fn content_types_name_every_extension() {
    for (_, fixture) in fixtures() {
        let types = fixture.xml("[Content_Types].xml");
        let named: BTreeSet<String> = types
            .root()
            .children()
            .filter_map(|row| row.attribute("Extension"))
            .map(|name| name.into_owned())
            .collect();
        let there: BTreeSet<String> = fixture
            .files
            .keys()
            .filter_map(|path| path.rsplit_once('.'))
            .map(|(_, extension)| extension.to_owned())
            .collect();
        assert_eq!(named, there, "{}", fixture.name);
    }
}

#[test]
fn every_file_is_named_and_every_named_file_is_there() {
    for (_, fixture) in fixtures() {
        let mut named: BTreeSet<String> =
            ["solution.xml", "customizations.xml", "[Content_Types].xml"].map(str::to_owned).into();
        for element in fixture.customizations.root().descendants() {
            let text = element.text();
            if text.starts_with("/Workflows/") || text.starts_with("/Connector/") {
                named.insert(text[1..].to_owned());
            }
        }
        for id in fixture.folders_in("desktopflowbinaries") {
            let row = format!("desktopflowbinaries/{id}/desktopflowbinary.xml");
            let data = fixture.xml(&row).root().child_text("data").expect("a data file").into_owned();
            named.insert(format!("desktopflowbinaries/{id}/data/{data}"));
            named.insert(row);
        }
        for schema_name in fixture.folders_in("environmentvariabledefinitions") {
            named.insert(format!(
                "environmentvariabledefinitions/{schema_name}/environmentvariabledefinition.xml"
            ));
        }
        let there: BTreeSet<String> = fixture.files.keys().cloned().collect();
        assert_eq!(named, there, "{}", fixture.name);
    }
}

#[test]
fn flows_are_root_components_and_their_file_names_carry_their_ids() {
    for (_, fixture) in fixtures() {
        let mut ids = BTreeSet::new();
        for flow in fixture.rows("Workflows", "Workflow") {
            let id = bare(&flow.attribute("WorkflowId").expect("a WorkflowId"));
            let name = flow.attribute("Name").expect("a Name").replace(' ', "");
            let expected = format!("/Workflows/{name}-{}.json", id.to_uppercase());
            assert_eq!(
                flow.child_text("JsonFileName").as_deref(),
                Some(expected.as_str()),
                "{}",
                fixture.name
            );
            ids.insert(id);
        }
        assert_eq!(fixture.root_components("29"), ids, "{}", fixture.name);
        let connectors: BTreeSet<String> = fixture
            .rows("Connectors", "Connector")
            .iter()
            .map(|row| bare(&row.child_text("connectorid").expect("a connectorid")))
            .collect();
        assert_eq!(fixture.root_components("372"), connectors, "{}", fixture.name);
    }
}

#[test]
fn rows_in_folders_have_the_key_of_their_folder() {
    for (_, fixture) in fixtures() {
        for id in fixture.folders_in("desktopflowbinaries") {
            let row = fixture.xml(&format!("desktopflowbinaries/{id}/desktopflowbinary.xml"));
            assert_eq!(row.root().attribute("desktopflowbinaryid").as_deref(), Some(id), "{}", fixture.name);
            let flow = row.root().child("process").and_then(|process| process.child_text("workflowid"));
            let flow = bare(&flow.expect("a workflowid"));
            assert!(fixture.root_components("29").contains(&flow), "{}: no flow {flow}", fixture.name);
        }
        for schema_name in fixture.folders_in("environmentvariabledefinitions") {
            let path =
                format!("environmentvariabledefinitions/{schema_name}/environmentvariabledefinition.xml");
            assert_eq!(
                fixture.xml(&path).root().attribute("schemaname").as_deref(),
                Some(schema_name),
                "{}",
                fixture.name
            );
        }
    }
}

#[test]
fn the_credential_uses_the_variables_beside_it() {
    let all = fixtures();
    let (_, access) =
        all.iter().find(|(_, fixture)| fixture.name == "FabRobotAccess").expect("FabRobotAccess");
    let credentials = access.rows("credentials", "credential");
    assert_eq!(credentials.len(), 1);
    assert_eq!(credentials[0].child_text("name").as_deref(), Some("Robot 7"));
    for (column, variable) in [("username", "fab_Robot7User"), ("password", "fab_Robot7Password")] {
        let named = credentials[0].child(column).and_then(|lookup| lookup.child_text("schemaname"));
        assert_eq!(named.as_deref(), Some(variable));
        assert!(access.folders_in("environmentvariabledefinitions").contains(variable));
    }
}

/// Also the versions: a need on a lower version than the one in the release is met, a higher one would be a finding.
#[test]
fn declared_needs_name_solutions_of_the_release_in_their_versions() {
    let all = fixtures();
    let versions: BTreeMap<(String, String), String> = all
        .iter()
        .map(|(release, fixture)| ((release.clone(), fixture.name.clone()), fixture.version()))
        .collect();
    let mut foreign = BTreeSet::new();
    for (release, fixture) in &all {
        let needs = fixture.solution().child("MissingDependencies").expect("MissingDependencies");
        for need in needs.children() {
            let provider = need.child("Required").and_then(|required| required.attribute("solution"));
            let provider = provider.expect("a solution").into_owned();
            let Some((name, version)) = provider.split_once(" (") else {
                assert_eq!(provider, "Active", "{}", fixture.name);
                continue;
            };
            match versions.get(&(release.clone(), name.to_owned())) {
                Some(there) => assert_eq!(version, format!("{there})"), "{}: {provider}", fixture.name),
                None => drop(foreign.insert(provider)),
            }
        }
    }
    assert_eq!(Vec::from_iter(foreign), ["MicrosoftFlowExtensionsCore (1.10.18.1)"]);
}

#[test]
fn nothing_in_them_is_a_real_address_or_a_value_of_a_secret() {
    for (_, fixture) in fixtures() {
        assert!(
            !fixture.files.keys().any(|path| path.ends_with("environmentvariablevalues.json")),
            "{}: a packaged value",
            fixture.name
        );
        for (path, bytes) in &fixture.files {
            let text = String::from_utf8_lossy(bytes);
            for address in text.split("://").skip(1) {
                let host = address.split(['/', '"', '\'', '<']).next().unwrap_or_default();
                let schemas = ["schema.management.azure.com", "schemas.openxmlformats.org", "www.w3.org"];
                let known = schemas.contains(&host) || host.ends_with(".example.com");
                assert!(known, "{}/{path}: {host}", fixture.name);
            }
        }
    }
}
