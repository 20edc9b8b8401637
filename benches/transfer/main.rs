//! How fast the whole commands `unpack` and `pack` are: `cargo bench --bench transfer [-- generated|corpus] [-- --runs N]`.
//!
//! Both run the built binary as a process, as a user does, against `unzip` and `zip`, all contestants in turn, in `/dev/shm`
//! where there is one. What the figures mean is in `BENCHMARKS.md`. Read [`case::run`] first.

mod case;
mod contestant;
mod floor;
mod made;

use camino::{Utf8Path, Utf8PathBuf};

/// The binary under test, built with the bench profile, which is the release profile.
const SOLSHIP: &str = env!("CARGO_BIN_EXE_solship");

const DEFAULT_RUNS: usize = 7;

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let runs = match words.iter().position(|word| word == "--runs") {
        Some(at) => {
            let taken: Vec<String> = words.drain(at..(at + 2).min(words.len())).collect();
            let number = taken.get(1).and_then(|number| number.parse().ok());
            number.filter(|&runs| runs > 0).expect("--runs takes a number")
        }
        None => DEFAULT_RUNS,
    };
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let base = if Utf8Path::new("/dev/shm").is_dir() { "/dev/shm".into() } else { std::env::temp_dir() };
    let work = tempfile::tempdir_in(base).expect("a temporary folder");
    let work = Utf8Path::from_path(work.path()).expect("UTF-8");
    if wanted("generated") {
        let archive = work.join("generated.zip");
        made::archive(&archive).expect("room in the temporary folder");
        case::run("generated", &[archive], &work.join("generated"), runs);
    }
    if wanted("corpus") {
        #[expect(
            clippy::disallowed_methods,
            reason = "a benchmark is no part of the library; tests find the data the same way"
        )]
        let shared = std::env::var("SOLSHIP_SHARED");
        match shared {
            Ok(shared) => {
                let archives = archives(&Utf8Path::new(&shared).join("corpus").join("zips"));
                case::run("corpus", &archives, &work.join("corpus"), runs);
            }
            Err(_) => println!("corpus: skipped: SOLSHIP_SHARED is not set"),
        }
    }
}

/// Every zip below `folder`, sorted.
fn archives(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    let found: Vec<_> = walk
        .into_iter()
        .map(|entry| entry.expect("SOLSHIP_SHARED holds corpus/zips"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).expect("UTF-8"))
        .filter(|path| path.extension() == Some("zip"))
        .collect();
    assert!(!found.is_empty(), "no zip below {folder}");
    found
}
