//! What holds of every split and every merge, on the fixtures and on solutions made here.

use std::collections::BTreeSet;

use solship::config::Config;
use solship::diff;
use solship::model::{ComponentKey, ComponentType, Solution};
use solship::package::{OpenOptions, Package};
use solship::plan;
use solship::split::{Options, Split, SplitError, merge, split};
use solship::verify;

const RELEASE: [&str; 4] = ["FabFlows", "FabRobotAccess", "FabRobots", "FabShared"];

fn fixture(name: &str) -> Package {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    Package::open(path.as_str().into(), &OpenOptions::default()).unwrap()
}

fn release() -> Vec<Package> {
    RELEASE.iter().map(|name| fixture(&format!("release/{name}"))).collect()
}

/// The whole release in one.
fn whole() -> Package {
    merge(&release(), Some("FabAll"), false).unwrap().package().unwrap()
}

fn files(package: &Package) -> Vec<(String, Vec<u8>)> {
    package.entries().iter().map(|entry| (entry.path.clone(), package.read(entry).unwrap())).collect()
}

/// The same package with another text in one of its files.
fn edited(package: &Package, path: &str, from: &str, to: &str) -> Package {
    let mut all = files(package);
    let (_, bytes) = all.iter_mut().find(|(name, _)| name.contains(path)).expect("a file");
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{path}: {from}");
    *bytes = text.replacen(from, to, 1).into_bytes();
    Package::from_files(package.label(), all).unwrap()
}

/// A solution with those sections of customizations.xml and those files.
fn made(name: &str, sections: &str, more: &[(&str, &str)]) -> Package {
    let manifest = format!(
        "<ImportExportXml><SolutionManifest><UniqueName>{name}</UniqueName><LocalizedNames>\
         <LocalizedName description=\"{name}\" languagecode=\"1033\" /></LocalizedNames><Version>1.0</Version>\
         <Managed>0</Managed><Publisher><UniqueName>fabrikam</UniqueName><CustomizationPrefix>fab</CustomizationPrefix>\
         </Publisher><RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>"
    );
    let customizations = format!(
        "<ImportExportXml>{sections}<Languages><Language>1033</Language></Languages></ImportExportXml>"
    );
    let mut all =
        vec![("solution.xml".to_owned(), manifest), ("customizations.xml".to_owned(), customizations)];
    all.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let all = all.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    Package::from_files(name, all).unwrap()
}

fn rules(text: &str) -> Options {
    let config = Config::read("solship.toml", text.as_bytes().to_vec()).unwrap();
    Options { rules: config.split, force: false }
}

fn one(package: &Package, options: &Options) -> Split {
    split(std::slice::from_ref(package), options).unwrap()
}

fn parts(split: &Split) -> Vec<Package> {
    split.parts.iter().map(|part| part.package().unwrap()).collect()
}

fn names(split: &Split) -> Vec<&str> {
    split.parts.iter().map(|part| part.solution.unique_name.as_str()).collect()
}

/// The paths of the files of each part, by the end of its name.
fn paths(split: &Split, part: &str) -> BTreeSet<String> {
    let found = split.parts.iter().find(|found| found.solution.unique_name.ends_with(part)).expect("a part");
    files(&found.package().unwrap()).into_iter().map(|(path, _)| path).collect()
}

fn keys(package: &Package) -> BTreeSet<ComponentKey> {
    Solution::read(package).unwrap().components.into_iter().map(|component| component.key).collect()
}

#[test]
fn merging_the_parts_gives_the_content_of_the_original() {
    let whole = whole();
    let made = one(&whole, &Options::default());
    assert_eq!(
        names(&made),
        ["FabAll_Credentials", "FabAll_Shared", "FabAll_DesktopFlows", "FabAll_CloudFlows"]
    );
    let again = merge(&parts(&made), None, false).unwrap();
    assert_eq!((&*again.solution.unique_name, &*again.display_name), ("FabAll", "FabAll"));
    let again = again.package().unwrap();
    assert!(diff::packages(&whole, &again, &diff::Options::default()).unwrap().is_empty());
    let content = |package: &Package| verify::archive(package).unwrap().contents;
    assert_eq!(content(&whole), content(&again));
}

#[test]
fn every_byte_of_a_component_is_as_it_was() {
    let whole = whole();
    let made = one(&whole, &Options::default());
    let originals = files(&whole);
    let customizations = |package: &Package| {
        let all = files(package);
        String::from_utf8(all.into_iter().find(|(path, _)| path == "customizations.xml").unwrap().1).unwrap()
    };
    let before = customizations(&whole);
    for part in parts(&made) {
        for (path, bytes) in files(&part) {
            if !path.ends_with("customizations.xml")
                && !path.ends_with("solution.xml")
                && !path.starts_with('[')
            {
                assert!(originals.contains(&(path.clone(), bytes)), "{path}");
            }
        }
        // Each line of a part stands in the original.
        let after = customizations(&part);
        let lines: BTreeSet<&str> = before.lines().map(str::trim).collect();
        let is_new = |line: &&str| !lines.contains(line.trim()) && !line.trim().ends_with(" />");
        assert_eq!(after.lines().filter(is_new).count(), 0, "{after}");
    }
}

#[test]
fn the_order_of_arguments_means_nothing() {
    let mut turned = release();
    turned.reverse();
    let all =
        |packages: &[Package]| files(&merge(packages, Some("FabAll"), false).unwrap().package().unwrap());
    assert!(all(&release()) == all(&turned));
    let [billing, archive] = [fixture("cycle/FabBilling"), fixture("cycle/FabArchive")];
    let one = split(&[billing, archive], &Options::default()).unwrap();
    let [billing, archive] = [fixture("cycle/FabBilling"), fixture("cycle/FabArchive")];
    let other = split(&[archive, billing], &Options::default()).unwrap();
    assert_eq!(serde_json::to_value(&one).unwrap(), serde_json::to_value(&other).unwrap());
}

#[test]
fn a_circle_opens_and_nothing_is_lost() {
    let packages =
        [fixture("cycle/FabBilling"), fixture("cycle/FabArchive"), fixture("release/FabRobotAccess")];
    let made = split(&packages, &Options::default()).unwrap();
    assert_eq!(names(&made), ["FabArchive", "FabBilling"]);
    assert_eq!(made.unchanged.len(), 1);
    let moved: Vec<_> =
        made.parts.iter().flat_map(|part| &part.components).filter(|found| found.moved).collect();
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0].title, "variable fab_ArchiveRegion");
    let parts = parts(&made);
    let solutions: Vec<Solution> = parts.iter().map(|part| Solution::read(part).unwrap()).collect();
    let plan = plan::plan(&solutions, &plan::Options::default());
    assert!(plan.cycles.is_empty() && plan.unresolved.is_empty() && plan.findings.is_empty(), "{plan:#?}");
    let before: BTreeSet<ComponentKey> = packages[..2].iter().flat_map(keys).collect();
    assert_eq!(before, parts.iter().flat_map(keys).collect());
    // What the one said of the variable of the other is met inside.
    assert!(
        solutions
            .iter()
            .find(|found| found.manifest.unique_name == "FabArchive")
            .unwrap()
            .manifest
            .missing_dependencies
            .is_empty()
    );
}

#[test]
fn what_is_needed_is_declared_with_its_version_and_read_back() {
    let made = one(&whole(), &Options::default());
    let flows = Solution::read(&made.parts[3].package().unwrap()).unwrap();
    let needed: BTreeSet<String> = flows
        .manifest
        .missing_dependencies
        .iter()
        .map(|missing| {
            let version = missing.provider_version.as_ref().unwrap();
            format!("{} {version} {}", missing.provider.as_ref().unwrap(), missing.required.keys[0])
        })
        .collect();
    assert!(needed.contains("FabAll_Credentials 3.1.0.0 variable fab_Robot7User"), "{needed:?}");
    assert!(needed.contains("FabAll_Shared 3.1.0.0 connection reference fab_desktop"), "{needed:?}");
    assert!(needed.iter().any(|need| need.starts_with("FabAll_DesktopFlows 3.1.0.0 process")), "{needed:?}");
    // That of the platform went with the flow that has it.
    let robots = Solution::read(&made.parts[2].package().unwrap()).unwrap();
    let providers: Vec<_> = robots
        .manifest
        .missing_dependencies
        .iter()
        .filter_map(|missing| missing.provider.as_deref())
        .collect();
    assert!(providers.contains(&"MicrosoftFlowExtensionsCore"), "{providers:?}");
    assert_eq!(robots.manifest.display_name, "FabAll - Desktop flows");
}

#[test]
fn rules_name_the_parts_and_their_order_follows_from_needs() {
    let options = rules(
        "[[split]]\npart = \"Flows\"\ntypes = [\"cloud-flow\", \"desktop flow\", \"desktopflowbinary\"]\n\
         [[split]]\npart = \"Payroll\"\nnames = [\"*payroll*\"]\n[[split]]\npart = \"None\"\ntypes = [\"table\"]\n",
    );
    let made = one(&whole(), &options);
    // Flows use what is in the others.
    assert_eq!(names(&made).last(), Some(&"FabAll_Flows"));
    assert_eq!(names(&made).len(), 3);
    let payroll = made.parts.iter().find(|part| part.solution.unique_name == "FabAll_Payroll").unwrap();
    let titles: Vec<&str> = payroll.components.iter().map(|found| found.title.as_str()).collect();
    assert_eq!(titles, ["custom connector \"Fabrikam payroll\"", "connection reference fab_payroll"]);
    assert!(made.notes[0].contains("nothing goes to the part None"), "{:?}", made.notes);
}

#[test]
fn one_kind_is_left_whole() {
    let made = one(&fixture("release/FabRobotAccess"), &Options::default());
    assert!(made.is_whole() && made.notes.len() == 1);
}

const FLOW: &str = "0c0ffee0-0000-4000-8000-000000000001";

fn agent() -> Package {
    let workflows = format!(
        "<Workflows><Workflow WorkflowId=\"{{{FLOW}}}\" Name=\"Pay\"><JsonFileName>/Workflows/Pay.json</JsonFileName>\
         <Type>1</Type><Category>5</Category></Workflow></Workflows>"
    );
    let joins = format!(
        "<botcomponent_workflowset>\n  <botcomponent_workflow botcomponentid.schemaname=\"fab_Bot.topic.Pay\" workflowid.workflowid=\"{FLOW}\" />\n</botcomponent_workflowset>"
    );
    let value =
        |name: &str| format!("{{\"EnvironmentVariableDefinition.SchemaName\":\"{name}\",\"Value\":\"a\"}}");
    let values = format!("{{\"EnvironmentVariableValues\":[{},{}]}}", value("fab_Place"), value("fab_User"));
    let variables = "<EnvironmentVariables><Definition><SchemaName>fab_User</SchemaName><Type>100000000</Type></Definition>\
                     <Definition><SchemaName>fab_Place</SchemaName><Type>100000000</Type></Definition></EnvironmentVariables>";
    let credential = "<credentials><credential credentialid=\"0c0ffee0-0000-4000-8000-00000000000c\"><name>Robot</name>\
                      <username><schemaname>fab_User</schemaname></username></credential></credentials>";
    let sections = format!("{workflows}{variables}{credential}");
    made(
        "FabAgent",
        &sections,
        &[
            ("Workflows/Pay.json", "{\"properties\":{\"definition\":{}}}"),
            (
                "botcomponents/fab_Bot.topic.Pay/botcomponent.xml",
                "<botcomponent schemaname=\"fab_Bot.topic.Pay\" />",
            ),
            ("botcomponents/fab_Bot.topic.Pay/data", "kind: AdaptiveDialog"),
            ("Assets/botcomponent_workflowset.xml", &joins),
            ("environment_variable_values.json", &values),
            ("Read me.txt", "hello"),
        ],
    )
}

#[test]
fn rows_that_join_go_where_the_later_end_is_and_a_file_follows_its_row() {
    let package = agent();
    let made = one(&package, &Options::default());
    let rest = paths(&made, "_Rest");
    for path in ["botcomponents/fab_Bot.topic.Pay/data", "Assets/botcomponent_workflowset.xml", "Read me.txt"]
    {
        assert!(rest.contains(path), "{rest:?}");
    }
    assert!(paths(&made, "_CloudFlows").contains("Workflows/Pay.json"));
    let again = merge(&parts(&made), None, false).unwrap().package().unwrap();
    let diff = diff::packages(&package, &again, &diff::Options::default()).unwrap();
    assert!(diff.is_empty(), "{diff:#?}");
    assert_eq!(keys(&package), keys(&again));
}

#[test]
fn values_in_one_file_go_with_their_variables() {
    let made = one(&agent(), &Options::default());
    let values = |part: &str| {
        let found = made.parts.iter().find(|found| found.solution.unique_name.ends_with(part)).unwrap();
        let all = files(&found.package().unwrap());
        let bytes = all
            .into_iter()
            .find(|(path, _)| path == "environment_variable_values.json")
            .map(|(_, bytes)| bytes);
        bytes.map(|bytes| String::from_utf8(bytes).unwrap())
    };
    let shared = values("_Shared").unwrap();
    assert!(shared.contains("fab_Place") && !shared.contains("fab_User"), "{shared}");
    assert!(serde_json::from_str::<serde_json::Value>(&shared).is_ok());
    let credentials = values("_Credentials").unwrap();
    assert!(credentials.contains("fab_User") && !credentials.contains("fab_Place"), "{credentials}");
    assert_eq!(values("_Rest"), None);
}

#[test]
fn a_row_that_joins_lies_with_the_flows_when_the_agent_comes_first() {
    let options = rules("[[split]]\npart = \"Agents\"\ntypes = [\"botcomponent\"]\n");
    let made = one(&agent(), &options);
    // The topic calls the flow, so that it comes later whatever the order of the rules.
    assert!(paths(&made, "_Agents").contains("Assets/botcomponent_workflowset.xml"));
    assert_eq!(names(&made), ["FabAgent_Rest", "FabAgent_Agents"]);
}

#[test]
fn managed_solutions_are_refused_unless_forced_and_patches_always() {
    let managed = edited(&whole(), "solution.xml", "<Managed>0", "<Managed>1");
    let refused = split(std::slice::from_ref(&managed), &Options::default());
    assert!(matches!(refused, Err(SplitError::Managed { .. })));
    let forced = one(&managed, &Options { force: true, ..Options::default() });
    assert!(forced.parts.iter().all(|part| part.solution.managed));
    let patch =
        edited(&whole(), "solution.xml", "<Version>", "<ParentSolution>FabCore</ParentSolution><Version>");
    assert!(matches!(
        split(&[patch], &Options { force: true, ..Options::default() }),
        Err(SplitError::Patch { .. })
    ));
}

#[test]
fn what_several_hold_must_be_the_same() {
    let part = |name: &str, text: &str| {
        made(
            name,
            "<connectionreferences><connectionreference connectionreferencelogicalname=\"fab_Mail\" /></connectionreferences>",
            &[("Resources/a.txt", text)],
        )
    };
    let merged = merge(&[part("Fab_A", "x"), part("Fab_B", "x")], None, false).unwrap();
    assert_eq!(merged.held_by_several, ["connection reference fab_Mail"]);
    assert_eq!((&*merged.solution.unique_name, merged.components), ("Fab", 2));
    let refused = merge(&[part("Fab_A", "x"), part("Fab_B", "y")], None, false).err().unwrap().to_string();
    assert_eq!(refused, "file Resources/a.txt is in Fab_A and in Fab_B, and is not the same");
    let other = edited(
        &part("Fab_B", "x"),
        "customizations.xml",
        "fab_Mail\" />",
        "fab_Mail\"><statecode>1</statecode></connectionreference>",
    );
    let refused = merge(&[part("Fab_A", "x"), other], None, false).err().unwrap().to_string();
    assert_eq!(refused, "connection reference fab_Mail is in Fab_A and in Fab_B, and is not the same");
    let other = edited(&part("Fab_B", "x"), "solution.xml", "fabrikam", "contoso");
    assert!(matches!(merge(&[part("Fab_A", "x"), other], None, false), Err(SplitError::Publishers { .. })));
    let twice = [part("Fab_A", "x"), part("fab_a", "x")];
    assert!(matches!(merge(&twice, None, false), Err(SplitError::SolutionTwice { .. })));
    let nameless = [part("FabA", "x"), part("FabB", "x")];
    assert!(matches!(merge(&nameless, None, false), Err(SplitError::NoCommonName)));
    assert!(merge(&nameless, Some("FabBoth"), false).is_ok());
}

#[test]
fn a_name_that_leaves_no_room_is_refused() {
    let long = "F".repeat(60);
    let package = edited(&agent(), "solution.xml", "<UniqueName>FabAgent", &format!("<UniqueName>{long}"));
    assert!(matches!(split(&[package], &Options::default()), Err(SplitError::Name(_))));
}

#[test]
fn of_several_without_a_circle_nothing_is_split() {
    let made = split(&release(), &Options::default()).unwrap();
    assert!(made.is_whole());
    assert_eq!(made.solutions.len(), release().len());
    assert!(made.notes[0].starts_with("none of these solutions closes a circle"), "{:?}", made.notes);
}

#[test]
fn tables_come_before_the_flows_that_name_them_where_that_is_possible() {
    let table = "<Entities><Entity><Name>fab_Machine</Name><EntityInfo><entity Name=\"fab_Machine\">\
                 <EntitySetName>fab_machines</EntitySetName></entity></EntityInfo></Entity></Entities>";
    let flow = format!(
        "<Workflows><Workflow WorkflowId=\"{{{FLOW}}}\" Name=\"Pay\"><JsonFileName>/Workflows/Pay.json</JsonFileName>\
         <Type>1</Type><Category>5</Category></Workflow></Workflows>"
    );
    let json = "{\"properties\":{\"definition\":{\"parameters\":{},\"actions\":{}},\"entityName\":\"fab_machines\"}}";
    let package = made("FabTables", &format!("{table}{flow}"), &[("Workflows/Pay.json", json)]);
    let made = one(&package, &Options::default());
    assert_eq!(made.parts.len(), 2);
    assert!(made.notes.is_empty(), "{:?}", made.notes);
    let table = ComponentKey::new(ComponentType::TABLE, "fab_Machine");
    assert_eq!(made.parts[0].components[0].component.as_ref(), Some(&table));
    let reason = &made.parts[1].after[0].reasons[0];
    assert!(reason.words.ends_with("cloud flow \"Pay\" needs table fab_Machine"), "{reason:#?}");
    // The package says so, so that a plan of the parts alone gives the same order; merged it is met inside.
    let solutions: Vec<Solution> = parts(&made).iter().map(|part| Solution::read(part).unwrap()).collect();
    let missing = &solutions[1].manifest.missing_dependencies[..];
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].required.keys, [table]);
    assert_eq!(missing[0].provider.as_deref(), Some("FabTables_Rest"));
    let planned = plan::plan(&solutions, &plan::Options::default());
    let order: Vec<&str> = planned.steps.iter().map(|step| &*step.solution.unique_name).collect();
    assert_eq!(order, names(&made));
    let merged = merge(&parts(&made), None, false).unwrap().package().unwrap();
    assert!(Solution::read(&merged).unwrap().manifest.missing_dependencies.is_empty());
}

#[test]
fn what_closes_a_circle_stays_together_and_the_reason_is_told() {
    let other = "0c0ffee0-0000-4000-8000-000000000002";
    let row = |id: &str, name: &str| {
        format!(
            "<Workflow WorkflowId=\"{{{id}}}\" Name=\"{name}\"><JsonFileName>/Workflows/{name}.json</JsonFileName>\
             <Type>1</Type><Category>5</Category></Workflow>"
        )
    };
    let calls = |id: &str| {
        format!(
            "{{\"properties\":{{\"definition\":{{\"actions\":{{\"Run\":{{\"type\":\"Workflow\",\"inputs\":{{\"host\":\
             {{\"workflowReferenceName\":\"{id}\"}}}}}}}}}}}}}}"
        )
    };
    let sections = format!("<Workflows>{}{}</Workflows>", row(FLOW, "Pay"), row(other, "Bill"));
    let (pay, bill) = (calls(other), calls(FLOW));
    let package = made("FabLoop", &sections, &[("Workflows/Pay.json", &pay), ("Workflows/Bill.json", &bill)]);
    let made = one(&package, &rules("[[split]]\npart = \"Pay\"\nnames = [\"Pay\"]\n"));
    assert!(made.is_whole());
    assert_eq!(
        made.notes,
        [
            "its parts would need each other in a circle, so that all stays together: cloud flow \"Pay\" calls cloud flow \"Bill\" and cloud flow \"Bill\" calls cloud flow \"Pay\""
        ]
    );
}

/// With so many parts their orders are not all tried; a table that can come first does so all the same.
#[test]
fn a_table_comes_first_among_many_parts() {
    let mut sections = "<Entities><Entity><Name>fab_Machine</Name><EntityInfo><entity Name=\"fab_Machine\">\
                        <EntitySetName>fab_machines</EntitySetName></entity></EntityInfo></Entity></Entities><Workflows>"
        .to_owned();
    let json = "{\"properties\":{\"definition\":{\"parameters\":{},\"actions\":{}},\"entityName\":\"fab_machines\"}}";
    let (mut written, mut files) = (String::new(), Vec::new());
    for number in 1..=7 {
        sections.push_str(&format!(
            "<Workflow WorkflowId=\"{{0c0ffee0-0000-4000-8000-00000000000{number}}}\" Name=\"Pay{number}\">\
             <JsonFileName>/Workflows/Pay{number}.json</JsonFileName><Type>1</Type><Category>5</Category></Workflow>"
        ));
        written.push_str(&format!("[[split]]\npart = \"P{number}\"\nnames = [\"Pay{number}\"]\n"));
        files.push((format!("Workflows/Pay{number}.json"), json));
    }
    sections.push_str("</Workflows>");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let made = one(&made("FabMany", &sections, &files), &rules(&written));
    assert!(made.notes.is_empty(), "{:?}", made.notes);
    assert_eq!((names(&made).len(), names(&made)[0]), (8, "FabMany_Rest"));
}
