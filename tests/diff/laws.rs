//! One edit is one difference, noise is none, and the other way round is the mirror image.

use proptest::prelude::*;
use solship::diff::{Changed, Diff, Options, Piece, State, packages};
use solship::package::Package;

/// The files of a solution, in which each part has one place of its own.
pub(crate) fn files() -> Vec<(String, String)> {
    let variable = |name: &str| {
        (
            format!("environmentvariabledefinitions/{name}/environmentvariabledefinition.xml"),
            format!(
                "<environmentvariabledefinition schemaname=\"{name}\"><defaultvalue>500</defaultvalue><displayname default=\"{name}\" /><type>100000001</type></environmentvariabledefinition>"
            ),
        )
    };
    let manifest = "<ImportExportXml version=\"9.2.1.2\" OrganizationVersion=\"9.2.1.2\"><SolutionManifest><UniqueName>FabFlows</UniqueName><LocalizedNames><LocalizedName description=\"Flows\" languagecode=\"1033\" /></LocalizedNames><Descriptions /><Version>1.0.0.0</Version><Managed>0</Managed><Publisher><UniqueName>fabrikam</UniqueName><CustomizationPrefix>fab</CustomizationPrefix></Publisher><RootComponents><RootComponent type=\"29\" id=\"{0c0ffee0-0000-4000-8000-000000000001}\" behavior=\"0\" /><RootComponent type=\"380\" schemaName=\"fab_A\" behavior=\"0\" /></RootComponents><MissingDependencies><MissingDependency><Required key=\"1\" type=\"1\" schemaName=\"fab_x\" displayName=\"X\" solution=\"FabBase (1.0.0.0)\" /><Dependent key=\"2\" type=\"29\" displayName=\"Pay\" id=\"{0c0ffee0-0000-4000-8000-000000000001}\" /></MissingDependency></MissingDependencies></SolutionManifest></ImportExportXml>";
    let customizations = "<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><Workflows><Workflow WorkflowId=\"{0c0ffee0-0000-4000-8000-000000000001}\" Name=\"Pay\"><JsonFileName>/Workflows/Pay-0C0FFEE0-0000-4000-8000-000000000001.json</JsonFileName><Category>5</Category><StateCode>1</StateCode></Workflow></Workflows><WebResources><WebResource><WebResourceId>{0c0ffee0-0000-4000-8000-000000000009}</WebResourceId><Name>fab_a.js</Name><WebResourceType>3</WebResourceType><FileName>/WebResources/fab_a.js</FileName></WebResource></WebResources><connectionreferences><connectionreference connectionreferencelogicalname=\"fab_sp\"><connectionreferencedisplayname>Sites</connectionreferencedisplayname><connectorid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</connectorid></connectionreference></connectionreferences></ImportExportXml>";
    let flow = r#"{"properties":{"connectionReferences":{},"definition":{"triggers":{"manual":{"type":"Request"}},"actions":{"Scope":{"type":"Scope","actions":{"Send_mail":{"type":"OpenApiConnection","inputs":{"parameters":{"to":"first","cc":"second","row":"0c0ffee2-0000-4000-8000-000000000001"}},"limit":{"count":1},"runAfter":{"Wait":["Succeeded","Failed"]},"metadata":{"operationMetadataId":"0c0ffee1-0000-4000-8000-000000000001"}}},"runAfter":{}}}},"templateName":null},"schemaVersion":"1.0.0.0"}"#;
    let own = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![
        own("[Content_Types].xml", "<Types />"),
        own("solution.xml", manifest),
        own("customizations.xml", customizations),
        own("Workflows/Pay-0C0FFEE0-0000-4000-8000-000000000001.json", flow),
        own("WebResources/fab_a.js", "one\ntwo\nthree\n"),
        variable("fab_A"),
        variable("fab_B"),
    ]
}

fn package(files: &[(String, String)]) -> Package {
    let files = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    Package::from_files("FabFlows.zip", files.collect()).unwrap()
}

fn edited(edit: (&str, &str, &str)) -> Vec<(String, String)> {
    let (path, from, to) = edit;
    let mut files = files();
    let file = files.iter_mut().find(|(other, _)| other.contains(path)).expect("the file");
    assert_eq!(file.1.matches(from).count(), 1, "{from}");
    file.1 = file.1.replace(from, to);
    files
}

fn compared(left: &[(String, String)], right: &[(String, String)]) -> Diff {
    packages(&package(left), &package(right), &Options::default()).unwrap()
}

/// What an edit is, and what the comparison calls it: component, and where in it.
const EDITS: &[((&str, &str, &str), &str, &str)] = &[
    (("solution.xml", "<Version>1.0.0.0", "<Version>1.0.0.1"), "FabFlows", "Version"),
    (("solution.xml", "FabBase (1.0.0.0)", "FabBase (2.0.0.0)"), "FabFlows", "needed solution FabBase"),
    (("customizations.xml", "<StateCode>1", "<StateCode>0"), "cloud flow \"Pay\"", "state"),
    (("customizations.xml", "Name=\"Pay\"", "Name=\"Pay all\""), "cloud flow \"Pay all\"", "Name"),
    (
        ("customizations.xml", ">Sites<", ">Pages<"),
        "connection reference fab_sp",
        "connectionreferencedisplayname",
    ),
    (("Pay-", "\"first\"", "\"third\""), "cloud flow \"Pay\"", "Scope > Send mail inputs.parameters.to"),
    (("Pay-", "\"type\":\"Request\"", "\"type\":\"Other\""), "cloud flow \"Pay\"", "trigger manual type"),
    (("fab_A/", ">500<", ">750<"), "variable fab_A", "defaultvalue"),
    (("fab_B/", "100000001", "100000000"), "variable fab_B", "type"),
    (("fab_a.js", "two", "2"), "web resource fab_a.js", "WebResources/fab_a.js"),
    (("Pay-", "\"templateName\":null", "\"templateName\":\"x\""), "cloud flow \"Pay\"", "templateName"),
    (("Pay-", "\"Failed\"", "\"Skipped\""), "cloud flow \"Pay\"", "Scope > Send mail runAfter"),
    (("Pay-", ":1}", ":1.0}"), "cloud flow \"Pay\"", "Scope > Send mail limit.count"),
    // Blanks in a text are part of it. The last one: it is one difference with another edit of that file.
    (("fab_a.js", "three", "three "), "web resource fab_a.js", "WebResources/fab_a.js"),
];

#[test]
fn one_edit_is_one_difference_and_is_named() {
    for (edit, title, place) in EDITS {
        let found = compared(&files(), &edited(*edit));
        let told: Vec<(&str, Vec<String>)> = found
            .components
            .iter()
            .map(|component| {
                let places = component.changes.iter().map(|change| change.path.words());
                (component.title.as_str(), places.collect())
            })
            .collect();
        assert_eq!(told, [(*title, vec![(*place).to_owned()])], "{edit:?}");
    }
}

/// Edits that mean nothing, with what they are called.
const NOISE: &[((&str, &str, &str), &str)] = &[
    (("solution.xml", "version=\"9.2.1.2\" Org", "version=\"9.2.7.7\" Org"), "version stamps"),
    (("solution.xml", "key=\"1\"", "key=\"7\""), "running numbers"),
    (("fab_A/", "><defaultvalue>", ">\r\n  <defaultvalue>"), "indentation"),
    (
        (
            "solution.xml",
            "id=\"{0c0ffee0-0000-4000-8000-000000000001}\" behavior",
            "id=\"0C0FFEE0-0000-4000-8000-000000000001\" behavior",
        ),
        "spelling of GUIDs",
    ),
    (
        ("solution.xml", "type=\"380\" schemaName=\"fab_A\"", "schemaName=\"fab_A\" type=\"380\""),
        "order of attributes",
    ),
    (
        ("Pay-", "\"to\":\"first\",\"cc\":\"second\"", "\"cc\":\"second\",\n\"to\":\"first\""),
        "order of members",
    ),
    (("fab_a.js", "one\ntwo\n", "one\r\ntwo\r\n"), "line ends"),
    (("fab_a.js", "one\n", "\u{feff}one\n"), "byte order mark"),
    (("fab_A/", ">500<", "><![CDATA[500]]><"), "CDATA or escaped text"),
    (("[Content_Types].xml", "<Types />", "<Types></Types>"), "content types"),
    (("Pay-", "[\"Succeeded\",\"Failed\"]", "[\"Failed\",\"Succeeded\"]"), "order of runAfter"),
    (("Pay-", ",\"templateName\":null", ""), "template that is none"),
    (
        ("Pay-", "0c0ffee1-0000-4000-8000-000000000001", "0c0ffee1-0000-4000-8000-000000000002"),
        "generated GUIDs",
    ),
    (
        ("Pay-", ",\"metadata\":{\"operationMetadataId\":\"0c0ffee1-0000-4000-8000-000000000001\"}", ""),
        "generated GUIDs",
    ),
    (
        ("Pay-", "\"0c0ffee2-0000-4000-8000-000000000001\"", "\"{0C0FFEE2-0000-4000-8000-000000000001}\""),
        "spelling of GUIDs",
    ),
];

#[test]
fn noise_is_no_difference_and_is_counted() {
    for (edit, words) in NOISE {
        let found = compared(&files(), &edited(*edit));
        assert!(found.is_empty(), "{edit:?} {:?}", found.components);
        let told: Vec<&str> = found.noise.iter().map(|noise| noise.what.as_str()).collect();
        assert_eq!(told, [*words], "{edit:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Any set of edits at once: exactly their components differ, the mirror image has the same.
    #[test]
    fn edits_are_named_and_mirrored(chosen in prop::collection::btree_set(0..EDITS.len() - 1, 0..6), noisy in 0..NOISE.len()) {
        let mut right = files();
        let names = EDITS.iter().map(|(edit, ..)| *edit).collect::<Vec<_>>();
        for edit in chosen.iter().map(|at| names[*at]).chain([NOISE[noisy].0]) {
            let file = right.iter_mut().find(|(path, _)| path.contains(edit.0)).unwrap();
            file.1 = file.1.replace(edit.1, edit.2);
        }
        let found = compared(&files(), &right);
        let back = compared(&right, &files());
        let changed = found.components.iter().filter(|component| component.state == State::Changed);
        let count: usize = changed.map(|component| component.changes.len()).sum();
        prop_assert_eq!(count, chosen.len());
        for (one, other) in found.components.iter().zip(&back.components) {
            prop_assert_eq!(&one.component, &other.component);
            let reversed: Vec<Changed> = other.changes.iter().map(|change| change.changed.reversed()).collect();
            let own: Vec<Changed> = one.changes.iter().map(|change| change.changed.clone()).collect();
            let is_lines = |changed: &Changed| matches!(changed, Changed::Lines(_));
            for (own, reversed) in own.iter().zip(&reversed).filter(|(own, _)| !is_lines(own)) {
                prop_assert_eq!(own, reversed);
            }
            prop_assert_eq!(own.len(), reversed.len());
        }
    }
}

#[test]
fn one_expression_among_500_actions_is_one_line() {
    let flow = |limit: &str| {
        let actions: Vec<String> = (0..500)
            .map(|number| {
                format!(
                    r#""Step_{number}":{{"type":"Compose","inputs":"@add({number}, {})","runAfter":{{}}}}"#,
                    if number == 250 { limit } else { "1" }
                )
            })
            .collect();
        let mut files = files();
        files[3].1 = format!(
            r#"{{"properties":{{"connectionReferences":{{}},"definition":{{"triggers":{{}},"actions":{{{}}}}}}}}}"#,
            actions.join(",")
        );
        files
    };
    let found = compared(&flow("2"), &flow("3"));
    assert_eq!(found.components.len(), 1);
    assert_eq!(found.components[0].changes.len(), 1);
    assert_eq!(
        found.components[0].changes[0].changed,
        Changed::Text("@add(250, 2)".to_owned(), "@add(250, 3)".to_owned())
    );
    let pieces = [
        Piece::Same("@add(250, ".to_owned()),
        Piece::Removed("2".to_owned()),
        Piece::Added("3".to_owned()),
        Piece::Same(")".to_owned()),
    ];
    assert_eq!(found.components[0].changes[0].marked, pieces);
}

#[test]
fn shuffled_dependencies_are_no_difference() {
    let manifest = |step: usize| {
        let count = 11_003;
        let rows: Vec<String> = (0..count)
            .map(|at| {
                let number = at * step % count;
                format!("<MissingDependency><Required key=\"{at}\" type=\"1\" schemaName=\"fab_t{number}\" displayName=\"Table {number}\" solution=\"FabBase (1.0.0.0)\" /><Dependent key=\"{}\" type=\"29\" displayName=\"Pay\" id=\"{{0c0ffee0-0000-4000-8000-000000000001}}\" /></MissingDependency>", at + count)
            })
            .collect();
        let mut files = files();
        let start = files[1].1.find("<MissingDependencies>").unwrap();
        let end = files[1].1.find("</MissingDependencies>").unwrap();
        files[1].1.replace_range(start..end, &format!("<MissingDependencies>{}", rows.concat()));
        files
    };
    let found = compared(&manifest(1), &manifest(1000));
    assert!(found.is_empty());
    let told: Vec<&str> = found.noise.iter().map(|noise| noise.what.as_str()).collect();
    assert_eq!(told, ["order of dependencies", "running numbers"]);
}

/// Long lists in which everything differs, each as one file of a solution: no time is the product of their lengths.
#[test]
fn long_lists_that_differ_take_no_time() {
    const COUNT: usize = 20_000;
    let with = |path: &str, text: String| {
        let mut files = files();
        files.push((path.to_owned(), text));
        files
    };
    let rows = |start: usize| {
        let rows = (start..start + COUNT).map(|at| format!("<row name=\"r{at}\"><text>{at}</text></row>"));
        with("Assets/rows.xml", format!("<rows>{}</rows>", rows.collect::<String>()))
    };
    let kinds = |start: usize| {
        let rows = (0..COUNT).map(|at| format!("<r{at} id=\"{}\" />", at + start));
        with("Assets/kinds.xml", format!("<rows>{}</rows>", rows.collect::<String>()))
    };
    let items = |start: usize| {
        let items: Vec<String> = (start..start + COUNT).map(|at| at.to_string()).collect();
        with("Assets/items.json", format!("[{}]", items.join(",")))
    };
    let shuffled = |step: usize| {
        let items: Vec<String> = (0..COUNT).map(|at| (at * step % COUNT).to_string()).collect();
        with("Assets/items.json", format!("[{}]", items.join(",")))
    };
    let lines = |step: usize| {
        let lines = (0..50_000).map(|at| format!("SET Variable{} TO {at}\n", at * step));
        with("Assets/script.txt", lines.collect())
    };
    // Where each row was held against each, one of them alone took minutes.
    for (left, right, least) in [
        (rows(0), rows(COUNT), 2 * COUNT),
        (kinds(0), kinds(1), COUNT),
        (items(0), items(COUNT), COUNT),
        (shuffled(1), shuffled(7919), COUNT / 2),
        (lines(1), lines(3), 1),
    ] {
        let found = compared(&left, &right);
        let count: usize = found.components.iter().map(|component| component.changes.len()).sum();
        assert!(count >= least, "{} {count}", left[left.len() - 1].0);
    }
}
