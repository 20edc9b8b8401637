//! A generated release in which every solution needs the one before it: the time must not grow faster than n log n.

use std::io::Write as _;
use std::path::Path;

use super::{Stopwatch, plan};

const SIZES: [usize; 3] = [500, 1000, 2000];

/// Timing wobbles: growth of this factor over n log n still counts as n log n.
const TOLERANCE: f64 = 1.15;

/// Generates the chains, checks that `plan` gives their order, and times them in turn.
pub(super) fn run(runs: usize) {
    println!(
        "chain: every solution uses a connection reference of the one before; {runs} runs each in turn, median"
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = |size: usize, format: &str| {
        let chain = folder.path().join(size.to_string());
        ["--format".into(), format.into(), chain.into_os_string()]
    };
    for size in SIZES {
        write_chain(&folder.path().join(size.to_string()), size);
        let order = plan(arguments(size, "list"));
        let expected: String = (0..size).map(|number| name(number) + "\n").collect();
        assert!(order == expected, "the order of the chain of {size} is wrong");
    }

    let mut stopwatches = SIZES.map(|size| (size, Stopwatch::new(format!("{size} solutions"))));
    for _ in 0..runs {
        for (size, stopwatch) in &mut stopwatches {
            stopwatch.time(|| plan(arguments(*size, "text")));
        }
    }
    for (size, stopwatch) in &stopwatches {
        stopwatch.print();
        println!("    {:.1} µs a solution", stopwatch.median() * 1e6 / *size as f64);
    }
    let [(first, fastest), .., (last, slowest)] = &stopwatches;
    let growth = slowest.median() / fastest.median();
    let n_log_n = |size: usize| size as f64 * (size as f64).ln();
    let allowed = n_log_n(*last) / n_log_n(*first);
    let verdict = if growth <= allowed * TOLERANCE { "met" } else { "missed" };
    println!("  growth from {first} to {last}: {growth:.2} times; n log n: {allowed:.2} times ({verdict})");
}

/// Names sort against the order, so that no reader gives the answer by accident.
fn name(number: usize) -> String {
    format!("FabChain{:05}", 99_999 - number)
}

fn write_chain(folder: &Path, size: usize) {
    fs_err::create_dir(folder).expect("a new folder");
    for number in 0..size {
        let file = fs_err::File::create(folder.join(name(number) + ".zip")).expect("a new file");
        let mut archive = zip::ZipWriter::new(file);
        let flow_id = format!("0c0ffee0-0000-4000-8000-{number:012x}");
        let mut add = |path: &str, text: String| {
            archive.start_file(path, zip::write::SimpleFileOptions::default()).expect("a new entry");
            archive.write_all(text.as_bytes()).expect("room on the disk");
        };
        add("customizations.xml", customizations(number, &flow_id));
        add("[Content_Types].xml", CONTENT_TYPES.to_owned());
        add("solution.xml", solution(number, &flow_id));
        add(&format!("Workflows/Step-{}.json", flow_id.to_uppercase()), flow(number));
        archive.finish().expect("room on the disk");
    }
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /><Default Extension="json" ContentType="application/octet-stream" /></Types>"#;

fn solution(number: usize, flow_id: &str) -> String {
    let missing = match number.checked_sub(1) {
        None => "<MissingDependencies />".to_owned(),
        Some(before) => format!(
            r#"<MissingDependencies>
      <MissingDependency>
        <Required type="connectionreference" displayName="fab_link{before}" solution="{provider} (1.0.0.0)" id.connectionreferencelogicalname="fab_link{before}" />
        <Dependent type="29" displayName="Step {number}" id="{{{flow_id}}}" />
      </MissingDependency>
    </MissingDependencies>"#,
            provider = name(before)
        ),
    };
    format!(
        r#"<ImportExportXml version="9.2.25012.183" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <SolutionManifest>
    <UniqueName>{unique_name}</UniqueName>
    <LocalizedNames>
      <LocalizedName description="Chain {number}" languagecode="1033" />
    </LocalizedNames>
    <Descriptions />
    <Version>1.0.0.0</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>Fabrikam</UniqueName>
      <LocalizedNames>
        <LocalizedName description="Fabrikam" languagecode="1033" />
      </LocalizedNames>
      <Descriptions />
      <EMailAddress xsi:nil="true"></EMailAddress>
      <SupportingWebsiteUrl xsi:nil="true"></SupportingWebsiteUrl>
      <CustomizationPrefix>fab</CustomizationPrefix>
      <CustomizationOptionValuePrefix>24871</CustomizationOptionValuePrefix>
      <Addresses />
    </Publisher>
    <RootComponents>
      <RootComponent type="29" id="{{{flow_id}}}" behavior="0" />
    </RootComponents>
    {missing}
  </SolutionManifest>
</ImportExportXml>"#,
        unique_name = name(number)
    )
}

fn customizations(number: usize, flow_id: &str) -> String {
    format!(
        r#"<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Entities></Entities>
  <Roles></Roles>
  <Workflows>
    <Workflow WorkflowId="{{{flow_id}}}" Name="Step {number}">
      <JsonFileName>/Workflows/Step-{upper}.json</JsonFileName>
      <Type>1</Type>
      <Category>5</Category>
      <StateCode>1</StateCode>
      <StatusCode>2</StatusCode>
      <PrimaryEntity>none</PrimaryEntity>
    </Workflow>
  </Workflows>
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="fab_link{number}">
      <connectionreferencedisplayname>Link {number}</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
      <iscustomizable>1</iscustomizable>
      <statecode>0</statecode>
      <statuscode>1</statuscode>
    </connectionreference>
  </connectionreferences>
  <Languages>
    <Language>1033</Language>
  </Languages>
</ImportExportXml>"#,
        upper = flow_id.to_uppercase()
    )
}

fn flow(number: usize) -> String {
    let references = match number.checked_sub(1) {
        None => String::new(),
        Some(before) => format!(
            r#""shared_office365":{{"runtimeSource":"embedded","connection":{{"connectionReferenceLogicalName":"fab_link{before}"}},"api":{{"name":"shared_office365"}}}}"#
        ),
    };
    format!(
        r##"{{"properties":{{"connectionReferences":{{{references}}},"definition":{{"$schema":"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#","contentVersion":"1.0.0.0","parameters":{{}},"triggers":{{}},"actions":{{}}}}}},"schemaVersion":"1.0.0.0"}}"##
    )
}
