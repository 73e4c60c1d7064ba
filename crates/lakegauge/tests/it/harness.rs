//! Runs the program in its own folder, without the caller's environment.

use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::SystemTime;

use jiff::Timestamp;

/// A working folder with the config, and usually the lake in the folder `lake`.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the config that is used without `--config`.
    pub(crate) fn config(&self, yaml: &str) {
        self.write("lakegauge.yaml", yaml);
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Writes an object into `lake`.
    pub(crate) fn lay(&self, key: &str, bytes: u64, modified: Timestamp) {
        lay(&self.path("lake"), key, bytes, modified);
    }

    /// The program, ready to run here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lakegauge"));
        command.args(args).current_dir(self.folder.path()).env_clear();
        // Most tests are set in the future, and record their runs.
        let told = args.iter().skip_while(|arg| **arg != "--now").nth(1);
        #[expect(clippy::disallowed_methods, reason = "what is the future is so beside the real clock")]
        let ahead = |at: &&&str| at.parse::<Timestamp>().is_ok_and(|at| at > Timestamp::now());
        command.envs(told.filter(ahead).map(|at| ("LAKEGAUGE_CLOCK", *at)));
        // With its own home folder, so that it neither reads the caller's profile nor asks a metadata service.
        command.env("HOME", self.folder.path()).env("AWS_EC2_METADATA_DISABLED", "true");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.finish(self.command(args).output().unwrap())
    }

    /// Runs with `input` on standard input, all at once.
    pub(crate) fn feed(&self, args: &[&str], input: &str) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        self.finish(child.wait_with_output().unwrap())
    }

    pub(crate) fn finish(&self, output: Output) -> Run {
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            timeless(&text.replace(&self.folder.path().display().to_string(), "[LAKE]"))
        };
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// The last line of a check without its duration.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" · ") {
        Some((before, took)) if before.contains("list request") && took.ends_with('s') => {
            format!("{before} · [TIME]\n")
        }
        _ => format!("{line}\n"),
    };
    let whole: String = text.lines().map(line).collect();
    if text.ends_with('\n') { whole } else { whole.trim_end_matches('\n').to_owned() }
}

/// The output of a run. Snapshots contain its `Display`.
#[derive(Debug)]
pub(crate) struct Run {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// This run, which must have ended with `code`.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        write!(f, "exit code {code}")?;
        for (name, text) in [("standard output", &self.stdout), ("standard error", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n---- {name}\n{}", text.trim_end_matches('\n'))?;
            }
        }
        Ok(())
    }
}

/// Writes an object of `bytes` bytes under `root`, last written at `modified`, as a sparse file.
pub(crate) fn lay(root: &Path, key: &str, bytes: u64, modified: Timestamp) {
    let path = root.join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = File::create(&path).unwrap();
    file.set_len(bytes).unwrap();
    file.set_modified(SystemTime::from(modified)).unwrap();
}

/// Presses Ctrl-C.
pub(crate) fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
