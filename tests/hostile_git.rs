//! What `git diff` hands over is read within limits of time and memory, whatever it is: the answer is one line, and exit code 0, for git
//! shows nothing otherwise.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8Path;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Kilobytes of address space that the program gets: more than that and it is ended by a failed allocation.
const MOST_KILOBYTES: u64 = 2 << 20;
/// The limit is 20 seconds; the rest is for a machine that has other things to do.
const MOST_TIME: Duration = Duration::from_secs(120);

/// A solution with these files, not compressed, so that its ratio says nothing.
fn solution(path: &Utf8Path, files: &[(&str, &str)]) {
    let mut zip = zip::ZipWriter::new(fs_err::File::create(path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let fixture = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release/FabFlows");
    for name in ["[Content_Types].xml", "solution.xml"] {
        zip.start_file(name, options).unwrap();
        zip.write_all(&fs_err::read(fixture.join(name)).unwrap()).unwrap();
    }
    let customizations = ("customizations.xml", "<ImportExportXml />");
    let own = files.iter().any(|(name, _)| *name == customizations.0);
    for (name, content) in files.iter().copied().chain((!own).then_some(customizations)) {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

fn textconv(path: &Utf8Path) -> Child {
    let limited = format!("ulimit -v {MOST_KILOBYTES}; exec \"$0\" git textconv \"$1\"");
    Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_solship"), path.as_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell")
}

#[test]
fn the_largest_and_worst_inputs_end_within_the_limits() {
    let guard = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(guard.path()).unwrap();
    // Just below the limit of pieces, each of which takes memory: of all that is read these take most.
    let attributes: String = (0..900_000).map(|at| format!("<a b=\"{at}\"/>")).collect();
    let items = format!("[{}1]", "1,".repeat(1_990_000));
    let lines = "password=abc\n".repeat(4 << 20);
    let escapes = format!("{{\"a\":\"{}\"}}", "\\u001b".repeat(9 << 20));
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    let cases: [(&str, &[(&str, &str)]); 5] = [
        (
            "attributes.zip",
            &[("customizations.xml", &format!("<ImportExportXml>{attributes}</ImportExportXml>"))],
        ),
        ("items.zip", &[("Workflows/a.json", &items)]),
        ("lines.zip", &[("WebResources/a.txt", &lines)]),
        ("escapes.zip", &[("Workflows/a.json", &escapes)]),
        ("deep.zip", &[("Workflows/a.json", &deep)]),
    ];
    for (name, files) in cases {
        let path = folder.join(name);
        solution(&path, files);
        let begun = Instant::now();
        let Output { status, stdout, stderr } = textconv(&path).wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&stdout);
        let first: String = told.chars().take(200).collect();
        assert!(status.success(), "{name}: {status}: {first}{}", String::from_utf8_lossy(&stderr));
        assert!(begun.elapsed() < MOST_TIME, "{name}: {:?}", begun.elapsed());
        let is_refusal = told.starts_with("not readable: ") && told.lines().count() == 1;
        assert!(is_refusal || told.starts_with("== "), "{name}: {first}");
        println!("{name}: {:?} {}", begun.elapsed(), first.lines().next().unwrap_or_default());
    }
}

/// Nobody can give git's call an option.
#[test]
fn a_refusal_names_no_option_that_there_is_not() {
    let guard = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(guard.path()).unwrap().join("many.zip");
    let names: Vec<String> = (0..20_001).map(|at| format!("a{at}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "")).collect();
    solution(&path, &files);
    let told = textconv(&path).wait_with_output().unwrap().stdout;
    let told = String::from_utf8(told).unwrap();
    assert!(told.starts_with("not readable: ") && told.contains("over the limit of 20000"), "{told}");
    assert!(!told.contains("--"), "{told}");
}
