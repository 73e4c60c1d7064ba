//! A SeaweedFS on loopback: a real S3 server with signatures and paging.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::tools::Prefix;

/// The key that signs its requests. It is not secret: the server lives for one benchmark, on loopback.
const KEY: &str = "benchmark";
const SECRET: &str = "benchmark-secret";
/// The only bucket.
pub(super) const BUCKET: &str = "lake";

/// A running server; dropping it stops it.
pub(super) struct Seaweed {
    server: Child,
    port: u16,
    folder: TempDir,
    tools: Prefix,
}

impl Seaweed {
    /// Starts a server with an empty bucket; some 20 seconds.
    pub(super) fn start(tools: Prefix) -> Result<Seaweed> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        fs::create_dir(&data)?;
        let identities = serde_json::json!({"identities": [
            {"name": "bench", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
        ]});
        let config = folder.path().join("s3.json");
        fs::write(&config, identities.to_string())?;
        let ports = free_ports(8)?;
        let flag = |name: &str, port: usize| format!("-{name}={}", ports[port]);
        let log = File::create(folder.path().join("log"))?;
        let server = Command::new(tools.installed("weed")?)
            .arg("server")
            .args(["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=200", "-master.volumeSizeLimitMB=64"])
            .args(["-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"])
            .arg(format!("-dir={}", data.display()))
            .arg(format!("-s3.config={}", config.display()))
            .args([flag("s3.port", 0), flag("master.port", 1), flag("volume.port", 2), flag("filer.port", 3)])
            .args([flag("master.port.grpc", 4), flag("volume.port.grpc", 5), flag("filer.port.grpc", 6)])
            .arg(flag("s3.port.grpc", 7))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let port = *ports.first().context("no port")?;
        let mut seaweed = Seaweed { server, port, folder, tools };
        seaweed.wait_until_ready()?;
        Ok(seaweed)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        eprintln!("starting SeaweedFS");
        let from = Instant::now();
        let bucket = format!("s3://{BUCKET}");
        while from.elapsed() < Duration::from_secs(90) {
            if let Some(status) = self.server.try_wait()? {
                bail!("SeaweedFS ended with {status}: {}", self.log());
            }
            let made = self.s5cmd()?.args(["mb", &bucket]).output()?;
            if made.status.success()
                || String::from_utf8_lossy(&made.stderr).contains("BucketAlreadyOwnedByYou")
            {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        bail!("SeaweedFS is not ready after 90 s: {}", self.log())
    }

    fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(8).collect();
        tail.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// `http://127.0.0.1:PORT`.
    pub(super) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port of its S3 API.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Gives a command the credentials in the environment variables that every S3 client reads.
    pub(super) fn signed(&self, command: &mut Command) {
        command
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env("AWS_REGION", "us-east-1");
        command.env("AWS_DEFAULT_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true");
        for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy"] {
            command.env_remove(name);
        }
    }

    /// `s5cmd` for this server.
    pub(super) fn s5cmd(&self) -> Result<Command> {
        let mut command = Command::new(self.tools.installed("s5cmd")?);
        self.signed(&mut command);
        command.args(["--endpoint-url", &self.endpoint()]);
        Ok(command)
    }

    /// A program from the tools' folder, with credentials.
    pub(super) fn tool(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(self.tools.installed(name)?);
        self.signed(&mut command);
        Ok(command)
    }

    /// Copies the contents of a local folder into the bucket.
    pub(super) fn seed(&self, folder: &Path) -> Result<()> {
        eprintln!("copying {} into the bucket", folder.display());
        let from = Instant::now();
        let mut copy = self.s5cmd()?;
        copy.args(["--log", "error", "--numworkers", "64", "cp"])
            .arg(format!("{}/", folder.display()))
            .arg(format!("s3://{BUCKET}/"));
        let copied = copy.stdout(Stdio::null()).status()?;
        ensure!(copied.success(), "s5cmd cp failed");
        eprintln!("copied in {:.0?}", from.elapsed());
        Ok(())
    }
}

impl Drop for Seaweed {
    fn drop(&mut self) {
        // Its data is deleted with its folder, so there is no need for a slow shutdown.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Ports that are free now, all different.
pub(super) fn free_ports(n: usize) -> Result<Vec<u16>> {
    let listeners: Vec<TcpListener> =
        (0..n).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).collect::<Result<_, _>>()?;
    listeners.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}
