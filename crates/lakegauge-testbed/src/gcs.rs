//! Google Cloud Storage, emulated by fake-gcs-server.

use serde_json::json;

use crate::process::{Process, answers, free_port};
use crate::tools::{TestbedError, python};

/// A running fake-gcs-server. It needs no credentials.
#[derive(Debug)]
pub struct FakeGcs {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    _process: Process,
}

/// Its XML API does not accept uploads as clients send them; its JSON API does.
const SEED: &str = r#"
import json, sys, urllib.request, urllib.parse
given = json.load(sys.stdin)
def post(path, body, kind):
    request = urllib.request.Request(given["endpoint"] + path, data=body, headers={"Content-Type": kind}, method="POST")
    urllib.request.urlopen(request).read()
post("/storage/v1/b?project=test", json.dumps({"name": given["bucket"]}).encode(), "application/json")
for key, size in given["objects"]:
    name = urllib.parse.quote(key, safe="")
    post(f"/upload/storage/v1/b/{given['bucket']}/o?uploadType=media&name={name}", b"x" * size, "text/plain")
print("null")
"#;

impl FakeGcs {
    /// Starts it.
    ///
    /// # Errors
    /// When it is not installed or does not answer.
    pub async fn start() -> Result<FakeGcs, TestbedError> {
        let port = free_port()?;
        let mut process = Process::start("fake-gcs-server", |command, _| {
            command.args(["-scheme", "http", "-host", "127.0.0.1", "-backend", "memory"]);
            command.args(["-port".to_owned(), port.to_string(), "-public-host".to_owned()]);
            command.arg(format!("127.0.0.1:{port}"));
            Ok(())
        })?;
        process.wait(|| answers(port, "/storage/v1/b")).await?;
        Ok(FakeGcs { endpoint: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// Creates a bucket with objects, `(key, bytes)`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn seed(&self, bucket: &str, objects: &[(String, u64)]) -> Result<(), TestbedError> {
        let endpoint = self.endpoint.as_str();
        python(SEED, &json!({"endpoint": endpoint, "bucket": bucket, "objects": objects})).map(drop)
    }
}
