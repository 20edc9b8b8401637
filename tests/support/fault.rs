//! Faults in the middle of a run of the binary: killed, or refused by the system, before the n-th call that changes a file.
//!
//! `fault.c` is compiled with the C compiler that also links Rust programs; without one the tests say that they are skipped.

use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// What happens at the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program is killed.
    Kill,
    /// From there on nothing that needs space works.
    Full,
    /// That call fails.
    Once,
    /// From there on no call works.
    Broken,
}

/// The library that makes the faults.
pub struct Faults(Utf8PathBuf);

impl Faults {
    /// Compiles it into a folder. None, with a plain line, where that cannot be done.
    pub fn new(folder: &Utf8Path) -> Option<Self> {
        if !cfg!(all(target_os = "linux", target_env = "gnu")) {
            println!("skipped: faults are made on Linux with the GNU C library only");
            return None;
        }
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/fault.c");
        let library = folder.join("fault.so");
        let compile = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o", library.as_str(), source.as_str(), "-ldl"])
            .output();
        match compile {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                println!("skipped: no C compiler");
                None
            }
            Err(error) => panic!("cc: {error}"),
            Ok(output) => {
                assert!(output.status.success(), "cc: {}", String::from_utf8_lossy(&output.stderr));
                Some(Self(library))
            }
        }
    }

    /// Runs the binary in a folder with a fault at that call, counted from 1.
    pub fn run(&self, fault: Fault, at: usize, folder: &Utf8Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_solship"));
        command.current_dir(folder).args(arguments);
        self.run_command(fault, at, command)
    }

    /// Runs a command with a fault at that call.
    pub fn run_command(&self, fault: Fault, at: usize, mut command: Command) -> Output {
        let kind = match fault {
            Fault::Kill => "kill",
            Fault::Full => "full",
            Fault::Once => "once",
            Fault::Broken => "broken",
        };
        command
            .env("LD_PRELOAD", &self.0)
            .env("FAULT", kind)
            .env("FAULT_AT", at.to_string())
            .stdin(Stdio::null())
            .output()
            .expect("the binary runs")
    }
}
