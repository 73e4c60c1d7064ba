//! A server's process: started in its own group, and stopped with it.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::tools::{TestbedError, tool};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running server with its own folder.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    folder: TempDir,
}

impl Process {
    /// Starts a program; `with` adds arguments and variables, and may write to the folder.
    pub(crate) fn start(
        name: &str,
        with: impl FnOnce(&mut Command, &Path) -> std::io::Result<()>,
    ) -> Result<Process, TestbedError> {
        let folder = tempfile::tempdir()?;
        let log = std::fs::File::create(folder.path().join("log"))?;
        let mut command = Command::new(tool(name)?);
        command.current_dir(folder.path()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        with(&mut command, folder.path())?;
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn()?;
        Ok(Process { name: name.to_owned(), child, folder })
    }

    /// Waits until `ready` returns true.
    pub(crate) async fn wait(&mut self, ready: impl Fn() -> bool) -> Result<(), TestbedError> {
        let begun = Instant::now();
        while !ready() {
            if self.child.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                let end: Vec<&str> = log.lines().rev().take(5).collect();
                return Err(TestbedError::broken(&self.name, end.join(" | ")));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group is the child's own, so its workers end with it.
        let group = format!("-{}", self.child.id());
        Command::new("kill").args(["-KILL", "--", &group]).status().ok();
        self.child.wait().ok();
    }
}

/// A free port.
pub(crate) fn free_port() -> Result<u16, TestbedError> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Whether a port accepts connections.
pub(crate) fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Whether a GET of `path` is answered with a status below 500.
pub(crate) fn answers(port: u16, path: &str) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok();
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    if stream.write_all(request.as_bytes()).is_err() {
        return false;
    }
    let mut start = [0; 12];
    stream.read_exact(&mut start).is_ok() && start.get(9).is_some_and(|digit| (b'2'..=b'4').contains(digit))
}
