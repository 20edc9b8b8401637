//! A generated release: managed solutions of 100 components each, every one of which needs the one before.

use std::io::Write as _;
use std::path::Path;

const VARIABLES: usize = 30;
const REFERENCES: usize = 10;
const FLOWS: usize = 60;
/// Components of one solution.
pub(crate) const COMPONENTS: usize = VARIABLES + REFERENCES + FLOWS;

/// Writes `size` solutions; `edition` changes their versions, and a third of their flows and variables.
pub(crate) fn write(folder: &Path, size: usize, edition: usize) {
    fs_err::create_dir_all(folder).expect("a new folder");
    for number in 0..size {
        solution(&folder.join(format!("{}.zip", name(number))), number, edition);
    }
}

/// Names sort against the order.
fn name(number: usize) -> String {
    format!("FabBench{:04}", 9_999 - number)
}

fn id(number: usize, part: usize) -> String {
    format!("0c0ffee0-0000-4000-8{part:03x}-{number:012x}")
}

fn solution(path: &Path, number: usize, edition: usize) {
    let mut archive = zip::ZipWriter::new(fs_err::File::create(path).expect("a new file"));
    let mut add = |path: &str, text: String| {
        archive.start_file(path, zip::write::SimpleFileOptions::default()).expect("a new entry");
        archive.write_all(text.as_bytes()).expect("room on the disk");
    };
    add("[Content_Types].xml", "<Types />".to_owned());
    add("solution.xml", manifest(number, edition));
    add("customizations.xml", customizations(number));
    for variable in 0..VARIABLES {
        let name = format!("fab_limit{number}_{variable}");
        let default = if variable % 3 == 0 { edition } else { 1 };
        let text = format!(
            "<environmentvariabledefinition schemaname='{name}'><type>100000000</type><defaultvalue>{default}</defaultvalue>\
             </environmentvariabledefinition>"
        );
        add(&format!("environmentvariabledefinitions/{name}/environmentvariabledefinition.xml"), text);
    }
    for flow in 0..FLOWS {
        add(&format!("Workflows/{flow}-{}.json", id(number, flow)), flow_text(number, flow, edition));
    }
    archive.finish().expect("room on the disk");
}

fn manifest(number: usize, edition: usize) -> String {
    let needs = number.checked_sub(1).map_or(String::new(), |before| {
        format!(
            "<MissingDependency><Required type='connectionreference' displayName='fab_link{before}_0' solution='{} ({edition}.0.0.0)' \
             id.connectionreferencelogicalname='fab_link{before}_0' />\
             <Dependent type='29' displayName='Flow 0' id='{{{}}}' /></MissingDependency>",
            name(before),
            id(number, 0)
        )
    });
    let roots: String = (0..FLOWS)
        .map(|flow| format!("<RootComponent type='29' id='{{{}}}' behavior='0' />", id(number, flow)))
        .collect();
    format!(
        "<ImportExportXml><SolutionManifest><UniqueName>{}</UniqueName><Version>{edition}.0.0.0</Version><Managed>1</Managed>\
         <Publisher><UniqueName>Fabrikam</UniqueName><CustomizationPrefix>fab</CustomizationPrefix></Publisher>\
         <RootComponents>{roots}</RootComponents><MissingDependencies>{needs}</MissingDependencies></SolutionManifest></ImportExportXml>",
        name(number)
    )
}

fn customizations(number: usize) -> String {
    let flows: String = (0..FLOWS)
        .map(|flow| {
            let id = id(number, flow);
            format!(
                "<Workflow WorkflowId='{{{id}}}' Name='Flow {number} {flow}'><JsonFileName>/Workflows/{flow}-{id}.json</JsonFileName>\
                 <Category>5</Category><StateCode>1</StateCode></Workflow>"
            )
        })
        .collect();
    let references: String = (0..REFERENCES)
        .map(|reference| {
            format!(
                "<connectionreference connectionreferencelogicalname='fab_link{number}_{reference}'>\
                 <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid></connectionreference>"
            )
        })
        .collect();
    format!(
        "<ImportExportXml><Workflows>{flows}</Workflows><connectionreferences>{references}</connectionreferences></ImportExportXml>"
    )
}

/// It uses a connection reference, reads two variables, and the first one uses a reference of the solution before.
fn flow_text(number: usize, flow: usize, edition: usize) -> String {
    let owner = if flow == 0 { number.saturating_sub(1) } else { number };
    let parameter = |variable: usize| {
        let name = format!("fab_limit{number}_{}", variable % VARIABLES);
        format!(r#""{name}":{{"type":"String","metadata":{{"schemaName":"{name}"}}}}"#)
    };
    let parameters = [parameter(flow), parameter(flow + 1)].join(",");
    let action = if flow.is_multiple_of(3) { edition } else { 1 };
    format!(
        r#"{{"properties":{{"connectionReferences":{{"a":{{"connection":{{"connectionReferenceLogicalName":"fab_link{owner}_{}"}},"api":{{"name":"shared_office365"}}}}}},"definition":{{"parameters":{{{parameters}}},"triggers":{{}},"actions":{{"Act_{action}":{{"type":"Compose","inputs":"x","runAfter":{{}}}}}}}}}}}}"#,
        flow % REFERENCES
    )
}
