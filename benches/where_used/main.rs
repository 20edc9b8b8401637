//! How fast `where-used` and `graph` are: `cargo bench --bench where_used [-- --runs N]`. What the figures mean is in
//! `BENCHMARKS.md`.
//!
//! A generated set of 2,000 solutions with 25 components each. Reading it alone, in this process and with all processors, is
//! timed in turn with the built binary, whose start-up and output count.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use solship::model::Solution;
use solship::package::{OpenOptions, Package};

/// The binary under test, built with the bench profile, which is the release profile.
const SOLSHIP: &str = env!("CARGO_BIN_EXE_solship");
const SOLUTIONS: usize = 2_000;
const COMPONENTS: usize = 50_000;
const DEFAULT_RUNS: usize = 5;
/// `where-used` is to take less than so many times the time of reading.
const ALLOWED: f64 = 2.0;

/// A command and what a line of its answer must be, so that no time is taken of a wrong one.
const COMMANDS: &[(&str, &[&str], &str)] = &[
    (
        "where-used, one variable",
        &["where-used", "fab_limit1000"],
        "10 flows in 1 solution stand on this variable",
    ),
    (
        "where-used, a vault on which everything stands",
        &["where-used", "vault:fab-kv"],
        "20,000 flows in 2,000 solutions stand on this vault, 2,000 more may",
    ),
    ("where-used, a name that is not there", &["where-used", "fab_limt1000"], ""),
    ("graph, every reference as tsv", &["graph", "--format", "tsv"], ""),
    ("inspect, for comparison", &["inspect", "--format", "json"], ""),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runs = words.iter().position(|word| word == "--runs").and_then(|at| words.get(at + 1)?.parse().ok());
    let runs: usize = runs.filter(|&runs| runs > 0).unwrap_or(DEFAULT_RUNS);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths: Vec<PathBuf> = (0..SOLUTIONS).map(|number| write(folder.path(), number)).collect();

    let mut reading = Vec::new();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); COMMANDS.len()];
    for _ in 0..runs {
        let start = Instant::now();
        assert_eq!(read(&paths), COMPONENTS, "components of the set");
        reading.push(start.elapsed());
        for (times, (name, arguments, line)) in times.iter_mut().zip(COMMANDS) {
            let start = Instant::now();
            let output = run(arguments, folder.path());
            times.push(start.elapsed());
            let is_right = line.is_empty() || output.lines().any(|found| found == *line);
            let last = output.lines().rev().take(3).collect::<Vec<_>>();
            assert!(is_right, "{name}: {last:?}");
        }
    }
    let read = median(reading);
    println!("{SOLUTIONS} solutions, {COMPONENTS} components; {runs} runs each in turn, median");
    println!("  {:<48} {read:>8.3} s", "reading alone");
    for (times, (name, arguments, _)) in times.into_iter().zip(COMMANDS) {
        let time = median(times);
        let ratio = time / read;
        let verdict = match arguments[0] {
            "where-used" if ratio < ALLOWED => " (met)",
            "where-used" => " (missed)",
            _ => "",
        };
        println!("  {name:<48} {time:>8.3} s   {ratio:.2} times{verdict}");
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn read(paths: &[PathBuf]) -> usize {
    let read = |path: &PathBuf| {
        let path = camino::Utf8Path::from_path(path).expect("a path in UTF-8");
        let package = Package::open(path, &OpenOptions::default()).expect("a good package");
        Solution::read(&package).expect("a readable solution")
    };
    let solutions: Vec<Solution> = paths.par_iter().map(read).collect();
    solutions.iter().map(|solution| solution.components.len()).sum()
}

fn run(arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(SOLSHIP)
        .args(arguments)
        .arg(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the built binary starts");
    // Something that is not there is exit code 1.
    if output.status.code().is_none_or(|code| code > 1) {
        let _ = std::io::stderr().write_all(&output.stderr);
        panic!("solship {arguments:?} ended with {}", output.status);
    }
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

/// One solution: 7 text variables and a secret one, a credential, 5 connection references, 10 cloud flows that each read
/// two variables of it, and a desktop flow with credential actions.
fn write(folder: &Path, number: usize) -> PathBuf {
    let path = folder.join(format!("FabBench{number:04}.zip"));
    let mut archive = zip::ZipWriter::new(fs_err::File::create(&path).expect("a new file"));
    let mut add = |path: &str, text: String| {
        archive.start_file(path, zip::write::SimpleFileOptions::default()).expect("a new entry");
        archive.write_all(text.as_bytes()).expect("room on the disk");
    };
    let id = |part: usize| format!("0c0ffee0-0000-4000-8{part:03x}-{number:012x}");
    add("[Content_Types].xml", "<Types />".to_owned());
    add(
        "solution.xml",
        format!(
            "<ImportExportXml><SolutionManifest><UniqueName>FabBench{number:04}</UniqueName><Version>1.0.0.0</Version>\
             <Managed>0</Managed><Publisher><UniqueName>Fabrikam</UniqueName><CustomizationPrefix>fab</CustomizationPrefix>\
             </Publisher><RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>"
        ),
    );
    let flows: String = (0..10)
        .map(|flow| {
            format!(
                "<Workflow WorkflowId='{{{}}}' Name='Flow {number} {flow}'><JsonFileName>/Workflows/{flow}.json</JsonFileName>\
                 <Category>5</Category><StateCode>1</StateCode></Workflow>",
                id(flow)
            )
        })
        .collect();
    let robot = format!(
        "<Workflow WorkflowId='{{{}}}' Name='Robot {number}'><Category>6</Category>\
         <Metadata>{{\"containsActiveCredentialsActions\":true}}</Metadata></Workflow>",
        id(10)
    );
    let references: String = (0..5)
        .map(|reference| {
            format!(
                "<connectionreference connectionreferencelogicalname='fab_link{number}_{reference}'>\
                 <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid></connectionreference>"
            )
        })
        .collect();
    add(
        "customizations.xml",
        format!(
            "<ImportExportXml><Workflows>{flows}{robot}</Workflows><connectionreferences>{references}</connectionreferences>\
             <credentials><credential credentialid='{}'><name>Robot {number}</name><connectiontype>1</connectiontype>\
             <password><schemaname>fab_secret{number}</schemaname></password></credential></credentials></ImportExportXml>",
            id(11)
        ),
    );
    let variable = |name: &str, kind: u32, default: &str| {
        let text = format!(
            "<environmentvariabledefinition schemaname='{name}'><type>{kind}</type><defaultvalue>{default}</defaultvalue>\
             </environmentvariabledefinition>"
        );
        (format!("environmentvariabledefinitions/{name}/environmentvariabledefinition.xml"), text)
    };
    let secret = format!(
        "/subscriptions/{}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot{number}",
        id(12)
    );
    let mut variables = vec![variable(&format!("fab_secret{number}"), 100_000_005, &secret)];
    variables.push(variable(&format!("fab_limit{number}"), 100_000_000, "1"));
    variables.extend((0..6).map(|extra| variable(&format!("fab_text{number}_{extra}"), 100_000_000, "x")));
    for (path, text) in variables {
        add(&path, text);
    }
    for flow in 0..10 {
        let parameter =
            |name: String| format!(r#""{name}":{{"type":"String","metadata":{{"schemaName":"{name}"}}}}"#);
        let parameters =
            [parameter(format!("fab_secret{number}")), parameter(format!("fab_limit{number}"))].join(",");
        let text = format!(
            r#"{{"properties":{{"connectionReferences":{{"a":{{"connection":{{"connectionReferenceLogicalName":"fab_link{number}_{}"}},"api":{{"name":"shared_office365"}}}}}},"definition":{{"parameters":{{{parameters}}},"triggers":{{}},"actions":{{}}}}}}}}"#,
            flow % 5
        );
        add(&format!("Workflows/{flow}.json"), text);
    }
    archive.finish().expect("room on the disk");
    path
}
