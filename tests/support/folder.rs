//! A temporary folder, and commands of the built binary that run in it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// A folder that is there as long as the value.
pub struct Folder {
    pub path: Utf8PathBuf,
    _guard: tempfile::TempDir,
}

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().to_owned();
        Self { path, _guard: guard }
    }

    /// Writes a file, with the folders above it.
    pub fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, content).unwrap();
        self
    }

    /// Copies a folder of the project.
    pub fn copy(&self, from: &str, to: &str) -> &Self {
        let from = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry.unwrap();
            let path = Utf8Path::from_path(entry.path()).unwrap();
            let target = self.path.join(to).join(path.strip_prefix(&from).unwrap());
            if entry.file_type().is_dir() {
                fs_err::create_dir_all(&target).unwrap();
            } else {
                fs_err::copy(path, &target).unwrap();
            }
        }
        self
    }

    /// Replaces a text of a file, which must be there.
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let path = self.path.join(path);
        let text = fs_err::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        fs_err::write(&path, text.replacen(from, to, 1)).unwrap();
        self
    }

    /// The binary, to be run in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_solship"));
        command
            .args(arguments)
            .current_dir(&self.path)
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .stdin(Stdio::null());
        command
    }

    /// Exit code, stdout and stderr.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        parts(&self.command(arguments).output().unwrap())
    }

    /// Exit code, stdout and stderr as one text.
    pub fn told(&self, arguments: &[&str]) -> String {
        told(&self.command(arguments).output().unwrap())
    }

    /// The same with something on stdin.
    pub fn told_with_stdin(&self, arguments: &[&str], stdin: &[u8]) -> String {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        told(&child.wait_with_output().unwrap())
    }

    /// Runs git in the folder.
    pub fn git(&self, arguments: &[&str]) -> &Self {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "init.defaultBranch=main"];
        let output =
            Command::new("git").args(identity).args(arguments).current_dir(&self.path).output().unwrap();
        assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
        self
    }
}

fn parts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    // The name of the binary and the words of the system differ.
    let stderr = text(&output.stderr).replace("solship.exe", "solship");
    let stderr = stderr.replace("The system cannot find the file specified.", "No such file or directory");
    (output.status.code().expect("an exit code"), text(&output.stdout), stderr)
}

/// Exit code, stdout and stderr of a command as one text.
pub fn told(output: &Output) -> String {
    let (code, stdout, stderr) = parts(output);
    format!("exit code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}")
}
