use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::mapping::testing::Tree;

const FILES: [&str; 12] = [
    "repo/sln/Other/Solution.xml",
    "repo/sln/WebResources/new_/a.js",
    "repo/sln/WebResources/new_/a.js.data.xml",
    "repo/Plugins/bin/Debug/that.dll",
    "repo/Plugins/bin/Release/other.dll",
    "repo/web/top.js",
    "repo/web/new_/a.js",
    "repo/web/old_/a.js",
    "repo/controls/Grid/ControlManifest.xml",
    "repo/controls/Grid/css/grid.css",
    "outside/secret.js",
    "repo2/web/top.js",
];

fn no_variables(_: &str) -> Option<String> {
    None
}

fn bounds(tree: &Tree, allow_outside: bool) -> Bounds {
    Bounds::new(&tree.path("repo/sln"), &tree.path("repo"), allow_outside).unwrap()
}

fn parse(directives: &str, bounds: &Bounds, variables: &Variables<'_>) -> Result<Map, MapError> {
    let text = format!("<Mapping>\n{directives}\n</Mapping>");
    Map::parse(&"map.xml".into(), text.into_bytes(), variables, bounds)
}

/// What `file` is mapped to: the path below the tree, or the message.
fn locate(tree: &Tree, directives: &str, file: &str) -> String {
    let bounds = bounds(tree, false);
    match parse(directives, &bounds, &no_variables).and_then(|map| map.locate(Utf8Path::new(file))) {
        Ok(None) => "not mapped".to_owned(),
        Ok(Some(located)) => below(&bounds, &located.path),
        Err(error) => error.to_string().replace(bounds.root.as_str(), "ROOT"),
    }
}

fn below(bounds: &Bounds, path: &Utf8Path) -> String {
    path.strip_prefix(&bounds.root).unwrap().as_str().replace('\\', "/")
}

fn refused(directives: &str) -> MapError {
    let tree = Tree::new(&FILES);
    parse(directives, &bounds(&tree, false), &no_variables).unwrap_err()
}

#[test]
fn a_folder_stands_for_another_with_the_same_folders_below() {
    let tree = Tree::new(&FILES);
    let map = r#"<Folder map="Controls\new_Grid" to="..\controls\Grid\" />"#;
    assert_eq!(locate(&tree, map, "Controls/new_Grid/css/grid.css"), "controls/Grid/css/grid.css");
    assert_eq!(locate(&tree, map, "Controls/new_Grid2/css/grid.css"), "not mapped");
    assert_eq!(locate(&tree, map, "Other/Controls/new_Grid/css/grid.css"), "not mapped");
    assert_eq!(
        locate(&tree, map, "Controls/new_Grid/none.css").replace('\\', "/"),
        "map.xml:2:1: Controls/new_Grid/none.css is mapped and is not found at ROOT/controls/Grid/none.css"
    );
}

#[test]
fn a_mapped_folder_is_listed_as_files_of_the_solution() {
    let tree = Tree::new(&FILES);
    let map = r#"<Folder map="Controls\new_Grid" to="../controls/Grid" /><Folder map="x" to="../none" />"#;
    let map = parse(map, &bounds(&tree, false), &no_variables).unwrap();
    assert_eq!(
        map.files_of_folders().unwrap(),
        ["Controls/new_Grid/ControlManifest.xml", "Controls/new_Grid/css/grid.css"]
    );
}

#[test]
fn a_file_is_read_from_another_name() {
    let tree = Tree::new(&FILES);
    let map = r#"<FileToFile map="PluginAssemblies\**\this.dll" to="..\Plugins\**\that.dll" />"#;
    assert_eq!(locate(&tree, map, "PluginAssemblies/this-1/this.dll"), "Plugins/bin/Debug/that.dll");
    assert_eq!(locate(&tree, map, "PluginAssemblies/this.dll"), "not mapped");
    assert_eq!(locate(&tree, map, "PluginAssemblies/this-1/this.dll.data.xml"), "not mapped");
    let exact = r#"<FileToFile map="WebResources\new_\b.js" to="..\web\top.js" />"#;
    assert_eq!(locate(&tree, exact, "WebResources/new_/b.js"), "web/top.js");
    assert_eq!(locate(&tree, exact, "WebResources/b.js"), "not mapped");
}

#[test]
fn a_name_without_a_folder_is_that_name_anywhere() {
    let tree = Tree::new(&FILES);
    let anywhere = r#"<FileToPath map="top.js" to="..\web" />"#;
    assert_eq!(locate(&tree, anywhere, "WebResources/x/y/top.js"), "web/top.js");
    assert_eq!(locate(&tree, anywhere, "top.js"), "web/top.js");
    let at_top = r#"<FileToPath map=".\top.js" to="..\web" />"#;
    assert_eq!(locate(&tree, at_top, "top.js"), "web/top.js");
    assert_eq!(locate(&tree, at_top, "WebResources/top.js"), "not mapped");
}

/// The last two lines of the published example: files in the folder, then files below it.
#[test]
fn the_published_example_takes_web_resources_in_and_below_their_folder() {
    let tree = Tree::new(&FILES);
    let map = r#"
        <FileToPath map="WebResources\*.*" to="..\web\**" />
        <FileToPath map="WebResources\**\*.*" to="..\web\**" />"#;
    assert_eq!(locate(&tree, map, "WebResources/top.js"), "web/top.js");
    assert_eq!(locate(&tree, map, "WebResources/new_/a.js"), "web/new_/a.js");
    assert_eq!(locate(&tree, map, "WebResources/old_/a.js"), "web/old_/a.js");
    assert_eq!(locate(&tree, map, "WebResources/new_/top.js"), "web/top.js");
    assert_eq!(locate(&tree, map, "WebResources/new_/a.js.data.xml"), "not mapped");
    assert!(locate(&tree, map, "WebResources/new_/none.js").starts_with("map.xml:4:9: "));
}

#[test]
fn the_first_directive_that_matches_wins_also_where_it_finds_nothing() {
    let tree = Tree::new(&FILES);
    let map = r#"<FileToPath map="*.js" to="..\web\old_" /><FileToPath map="*.js" to="..\web" />"#;
    assert_eq!(locate(&tree, map, "a.js"), "web/old_/a.js");
    let told = locate(&tree, map, "top.js");
    assert!(told.starts_with("map.xml:2:1: ") && told.ends_with("web/old_/top.js"), "{told}");
    let narrow_first = r#"<FileToPath map="top.js" to="..\web" /><FileToPath map="*.js" to="..\web\old_" />"#;
    assert_eq!(locate(&tree, narrow_first, "top.js"), "web/top.js");
    assert_eq!(locate(&tree, narrow_first, "a.js"), "web/old_/a.js");
}

#[test]
fn files_that_fit_as_well_are_named() {
    let tree = Tree::new(&FILES);
    tree.write("repo/Plugins/obj/Debug/that.dll", "");
    let bounds = bounds(&tree, false);
    let directive = r#"<FileToFile map="this.dll" to="..\Plugins\**\that.dll" />"#;
    let map = parse(directive, &bounds, &no_variables).unwrap();
    let located = map.locate(Utf8Path::new("PluginAssemblies/a/this.dll")).unwrap().unwrap();
    assert_eq!(below(&bounds, &located.path), "Plugins/bin/Debug/that.dll");
    assert_eq!(located.others.len(), 1);
    assert_eq!(below(&bounds, &located.others[0]), "Plugins/obj/Debug/that.dll");
    assert_eq!(located.directive.to_string(), "map.xml:2:1");
}

#[test]
fn unpacking_leaves_what_is_mapped_whether_it_is_there_or_not() {
    let tree = Tree::new(&FILES);
    let map = r#"<FileToPath map="WebResources\**\*.js" to="..\none\**" /><Folder map="Controls\g" to="..\controls\Grid" />"#;
    let map = parse(map, &bounds(&tree, false), &no_variables).unwrap();
    let covering = map.covering().unwrap();
    assert_eq!(covering.of(r"webresources\new_\A.JS"), Some(Covered::File));
    assert_eq!(covering.of("Controls/g/none.css"), Some(Covered::Folder));
    for file in ["Controls/g", "WebResources/new_/a.js.data.xml", "WebResources/new_/../x/a.js"] {
        assert_eq!(covering.of(file), None, "{file}");
    }
}

#[test]
fn a_node_file_of_a_mapped_folder_is_where_it_is() {
    let tree = Tree::new(&FILES);
    let directive = r#"<Folder map="Controls\g" to="..\controls\Grid" />"#;
    let file = Utf8Path::new("Controls/g/ControlManifest.xml.data.xml");
    let map = parse(directive, &bounds(&tree, false), &no_variables).unwrap();
    assert_eq!(map.locate(file).unwrap(), None);
    assert_eq!(map.covering().unwrap().of(file.as_str()), None);
    tree.write("repo/controls/Grid/ControlManifest.xml.data.xml", "");
    assert!(map.locate(file).unwrap().is_some());
    assert_eq!(map.covering().unwrap().of(file.as_str()), Some(Covered::Folder));
}

#[test]
fn a_file_to_file_that_matches_nothing_is_named() {
    let tree = Tree::new(&FILES);
    let map = r#"<FileToFile map="WebResources\new_\a.js" to="..\web\top.js" />
        <FileToFile map="PluginAssemblies\**\gone.dll" to="..\web\x.dll" />
        <FileToPath map="*.css" to="..\web" />"#;
    let map = parse(map, &bounds(&tree, false), &no_variables).unwrap();
    let unmatched =
        map.unmatched(["webresources/NEW_/a.js", "Other/Solution.xml", "PluginAssemblies/gone.dll"]);
    let unmatched: Vec<_> = unmatched.into_iter().map(|(place, map)| (place.to_string(), map)).collect();
    assert_eq!(unmatched, [("map.xml:3:9".to_owned(), r"PluginAssemblies\**\gone.dll")]);
}

#[test]
fn variables_lead_to_places() {
    let tree = Tree::new(&FILES);
    let bounds = bounds(&tree, false);
    let variables = |name: &str| (name == "WEB").then(|| r"..\web".to_owned());
    let map = parse(r#"<FileToPath map="*.js" to="%WEB%\new_" />"#, &bounds, &variables).unwrap();
    let located = map.locate(Utf8Path::new("a.js")).unwrap().unwrap();
    assert_eq!(below(&bounds, &located.path), "web/new_/a.js");
    let error = parse("<FileToPath map='*.js' to='%NONE%\\x' />", &bounds, &variables).unwrap_err();
    assert_eq!(error.to_string(), "map.xml:2:28: the environment variable NONE is not set");
    assert!(error.hint().is_some());
    let up = |_: &str| Some(r"..\..\outside".to_owned());
    let error = parse("<FileToPath map='*.js' to='%UP%' />", &bounds, &up).unwrap_err();
    assert!(matches!(error.fault(), MapFault::Outside { .. }), "{error}");
    let error = parse("<FileToPath map='*.js' to='%UP%' />", &bounds, &|_| Some("/etc".to_owned()));
    assert!(matches!(error.unwrap_err().fault(), MapFault::Absolute { .. }));
}

#[test]
fn places_outside_of_the_repository_need_leave() {
    let tree = Tree::new(&FILES);
    for to in [r"..\..\outside", r"..\..\repo2\web", "../..", "../../../../../../../../../../../etc"] {
        let error = refused(&format!(r#"<FileToPath map="*.js" to="{to}" />"#));
        assert!(matches!(error.fault(), MapFault::Outside { .. }), "{to}: {error}");
        assert!(error.hint().unwrap().starts_with("--map-outside"));
    }
    for to in ["/etc", r"\etc", r"c:\etc", "C:/etc", "c:", r"\\server\share\x"] {
        for directive in ["Folder", "FileToPath"] {
            let error = refused(&format!(r#"<{directive} map="a" to="{to}" />"#));
            assert!(matches!(error.fault(), MapFault::Absolute { .. }), "{to}: {error}");
        }
    }
    let open = bounds(&tree, true);
    let map = parse(r#"<FileToPath map="*.js" to="..\..\outside" />"#, &open, &no_variables).unwrap();
    assert!(map.locate(Utf8Path::new("secret.js")).unwrap().unwrap().path.ends_with("outside/secret.js"));
    let absolute = open.root.parent().unwrap().join("outside");
    let map = parse(&format!(r#"<FileToPath map="*.js" to="{absolute}" />"#), &open, &no_variables).unwrap();
    assert!(map.locate(Utf8Path::new("secret.js")).unwrap().unwrap().path.ends_with("outside/secret.js"));
}

#[cfg(not(windows))]
#[test]
fn a_drive_is_no_place_on_a_system_without_drives() {
    let tree = Tree::new(&FILES);
    let error =
        parse(r#"<FileToPath map="*.js" to="c:\x" />"#, &bounds(&tree, true), &no_variables).unwrap_err();
    assert!(matches!(error.fault(), MapFault::Drive { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn symlinks_below_the_root_are_refused() {
    let tree = Tree::new(&FILES);
    tree.link("outside", "repo/link");
    tree.link("outside/secret.js", "repo/web/secret.js");
    for map in [
        r#"<FileToPath map="*.js" to="..\link" />"#,
        r#"<FileToPath map="*.js" to="..\link\**" />"#,
        r#"<FileToPath map="*.js" to="..\web" />"#,
        r#"<FileToPath map="*.js" to="..\web\**" />"#,
        r#"<FileToFile map="secret.js" to="..\LINK\secret.js" />"#,
    ] {
        assert!(
            locate(&tree, map, "secret.js").ends_with("is a symlink; symlinks are not followed"),
            "{map}"
        );
    }
    assert!(locate(&tree, r#"<Folder map="w" to="..\link" />"#, "w/secret.js").contains("is a symlink"));
}

#[test]
fn each_fault_of_a_directive_has_its_cause_and_place() {
    for (directives, message) in [
        (
            "<File map='a' to='b'/>",
            "map.xml:2:1: <File> where <Folder>, <FileToFile> or <FileToPath> is expected",
        ),
        ("<Folder to='b'/>", "map.xml:2:1: <Folder> needs the attribute map"),
        ("<FileToFile map='a' to=' '/>", "map.xml:2:1: <FileToFile> needs the attribute to"),
        (
            "<Folder map='../a' to='b'/>",
            "map.xml:2:14: map=\"../a\" is not a path inside of the solution folder",
        ),
        (
            "<Folder map='c:\\a' to='b'/>",
            "map.xml:2:14: map=\"c:\\a\" is not a path inside of the solution folder",
        ),
        (
            "<Folder map='a\\**' to='b'/>",
            "map.xml:2:14: map=\"a\\**\": ** stands only for the last folder of a file's path",
        ),
        ("<Folder map='a' to='b*'/>", "map.xml:2:21: to=\"b*\": no wildcard is allowed here"),
        ("<FileToFile map='*.js' to='b'/>", "map.xml:2:18: map=\"*.js\": no wildcard is allowed here"),
        ("<FileToFile map='a' to='b/*.js'/>", "map.xml:2:25: to=\"b/*.js\": no wildcard is allowed here"),
        ("<FileToFile map='a' to='b/'/>", "map.xml:2:25: to=\"b/\" ends without a file name"),
        ("<FileToFile map='a' to='..'/>", "map.xml:2:25: to=\"..\" ends without a file name"),
        ("<FileToPath map='a\\**' to='b'/>", "map.xml:2:18: map=\"a\\**\" ends without a file name"),
        ("<FileToPath map='a?.js' to='b'/>", "map.xml:2:18: map=\"a?.js\": no wildcard is allowed here"),
        (
            "<FileToPath map='**\\a\\x' to='b'/>",
            "map.xml:2:18: map=\"**\\a\\x\": ** stands only for the last folder of a file's path",
        ),
        (
            "<FileToPath map='a' to='**\\b'/>",
            "map.xml:2:25: to=\"**\\b\": ** stands only for the last folder of a file's path",
        ),
        ("<FileToPath map='a' to='b\\*.js'/>", "map.xml:2:25: to=\"b\\*.js\": no wildcard is allowed here"),
    ] {
        assert_eq!(refused(directives).to_string(), message);
    }
}

#[test]
fn what_is_no_map_file_is_refused() {
    let tree = Tree::new(&FILES);
    let bounds = bounds(&tree, false);
    let read = |text: &str| {
        tree.write("map.xml", text);
        Map::read(&tree.path("map.xml"), &no_variables, &bounds)
    };
    let path = tree.path("map.xml");
    assert_eq!(
        read("<Maps/>").unwrap_err().to_string(),
        format!("{path}:1:1: <Maps> where <Mapping> is expected")
    );
    assert!(
        read("<Mapping>\n</Map>").unwrap_err().to_string().starts_with(&format!("{path}:2:1: ill-formed"))
    );
    assert!(matches!(read(&" ".repeat(1 << 21)).unwrap_err().fault(), MapFault::TooLarge { .. }));
    let none = Map::read(&tree.path("none.xml"), &no_variables, &bounds).unwrap_err();
    assert!(matches!(none.fault(), MapFault::Read { .. }));
    assert_eq!(none.place().line, 0);
    let empty = read("\u{feff}<?xml version=\"1.0\"?>\r\n<Mapping><!-- none --></Mapping>").unwrap();
    assert_eq!(empty.locate(Utf8Path::new("a")).unwrap(), None);
}

/// Text out of some of these pieces, most of the time few enough to mean something.
fn text(first: &'static [&'static str], then: &'static [&'static str]) -> impl Strategy<Value = String> {
    let some = proptest::collection::vec(proptest::sample::select(then), 1..=2);
    let rest = prop_oneof![2 => Just(Vec::new()), 1 => some];
    let separator = proptest::sample::select(&["/", "\\", "//", "/./"][..]);
    (proptest::sample::select(first), rest, separator).prop_map(|(first, rest, separator)| {
        let parts: Vec<&str> = std::iter::once(first).chain(rest).flat_map(|part| part.split('/')).collect();
        parts.join(separator)
    })
}

fn map_text() -> impl Strategy<Value = String> {
    text(
        &["*.js", "WebResources", "WebResources/**/*.*", "secret.js", "**", ".", ".."],
        &["*.*", "**", "new_"],
    )
}

fn to_text() -> impl Strategy<Value = String> {
    text(
        &["../web", "../web/**", "../**", "../web/a.js", "..", "../..", "../link", "../../outside", "/etc"],
        &["new_", "outside", "**", "..", "secret.js"],
    )
}

fn file_text() -> impl Strategy<Value = String> {
    text(
        &[
            "a.js",
            "top.js",
            "secret.js",
            "WebResources",
            "WebResources/new_/a.js",
            "WebResources/../../outside/secret.js",
            "..",
        ],
        &["a.js", "top.js", "../../outside/secret.js", ".."],
    )
}

/// Random cases against one tree on disk.
fn check<S: Strategy>(strategy: &S, law: impl Fn(&Tree, S::Value) -> Result<(), TestCaseError>) {
    let tree = Tree::new(&FILES);
    #[cfg(unix)]
    tree.link("outside", "repo/link");
    let config = ProptestConfig { cases: 16_384, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config).run(strategy, |value| law(&tree, value)).unwrap();
}

#[test]
fn nothing_is_read_outside_of_the_root() {
    let found = Cell::new(0);
    let kind = proptest::sample::select(&["Folder", "FileToFile", "FileToPath"][..]);
    check(&(kind, map_text(), to_text(), file_text()), |tree, (kind, map, to, file)| {
        let bounds = bounds(tree, false);
        let directive = format!(r#"<{kind} map="{map}" to="{to}" />"#);
        let Ok(map) = parse(&directive, &bounds, &no_variables) else { return Ok(()) };
        if let Ok(Some(located)) = map.locate(Utf8Path::new(&file)) {
            let real = located.path.canonicalize_utf8().unwrap();
            prop_assert!(real.starts_with(&bounds.root), "{}: {}", directive, real);
            prop_assert!(real.is_file());
            // A link in a mapped folder is refused when the folder is listed.
            if let Ok(covering) = map.covering() {
                prop_assert!(covering.of(&file).is_some());
            }
            found.set(found.get() + 1);
        }
        for file in map.files_of_folders().into_iter().flatten() {
            prop_assert!(map.locate(&file).unwrap().is_some(), "{}", file);
        }
        Ok(())
    });
    assert!(found.get() > 10, "the cases hardly find anything: {}", found.get());
}

#[test]
fn neither_case_nor_separator_matters() {
    let matched = Cell::new(0);
    let kind = proptest::sample::select(&["FileToPath", "Folder"][..]);
    check(&(kind, map_text(), file_text()), |tree, (kind, map, file)| {
        let bounds = bounds(tree, false);
        let answer = |map: &str, file: &str| {
            let map =
                parse(&format!(r#"<{kind} map="{map}" to="..\web" />"#), &bounds, &no_variables).ok()?;
            let file = Utf8Path::new(file);
            let located = map.locate(file);
            let found = located.as_ref().ok().and_then(|found| found.as_ref());
            let path = found.map(|found| found.path.as_str().to_lowercase());
            Some((map.covering().unwrap().of(file.as_str()).is_some(), located.is_err(), path))
        };
        let plain = answer(&map, &file);
        matched.set(matched.get() + usize::from(matches!(plain, Some((true, ..)))));
        prop_assert_eq!(&plain, &answer(&map.replace('/', "\\"), &file.to_ascii_uppercase()));
        prop_assert_eq!(&plain, &answer(&map.to_ascii_uppercase(), &file.replace('\\', "/")));
        Ok(())
    });
    assert!(matched.get() > 50, "the cases hardly match anything: {}", matched.get());
}
