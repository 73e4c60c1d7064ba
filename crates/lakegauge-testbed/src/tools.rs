//! Finds the programs, and runs the Python that seeds and compares.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Why a test has no server.
#[derive(Debug, thiserror::Error)]
pub enum TestbedError {
    /// The program is not installed.
    #[error("{0} is not installed: run ./test, or cargo xtask tools")]
    Missing(PathBuf),
    /// The program does not start, or does not answer.
    #[error("{name} does not run: {detail}")]
    Broken {
        /// The program's name.
        name: String,
        /// What went wrong.
        detail: String,
    },
    /// An operating system error.
    #[error("the testbed failed")]
    Io(#[from] io::Error),
}

impl TestbedError {
    pub(crate) fn broken(name: &str, detail: impl Into<String>) -> TestbedError {
        TestbedError::Broken { name: name.to_owned(), detail: detail.into() }
    }
}

/// The path of an installed program.
///
/// # Errors
/// When it is not there.
pub fn tool(name: &str) -> Result<PathBuf, TestbedError> {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("LAKEGAUGE_TOOLS").map_or_else(|| workspace.join(".tools"), PathBuf::from);
    let path = folder.join("bin").join(name);
    if path.exists() { Ok(path) } else { Err(TestbedError::Missing(path)) }
}

/// Runs a Python script with `input` as JSON on standard input, and parses its output as JSON.
///
/// # Errors
/// When Python is missing or the script fails.
pub fn python(script: &str, input: &Value) -> Result<Value, TestbedError> {
    let mut child = Command::new(tool("python3")?)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.to_string().as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(TestbedError::broken("the script", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| TestbedError::broken("the script", error.to_string()))
}
