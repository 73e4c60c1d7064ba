//! Azure Blob Storage, emulated by Azurite.

use serde_json::json;

use crate::process::{Process, free_port, listens};
use crate::tools::{TestbedError, python};

/// The account of every Azurite.
pub const AZURITE_ACCOUNT: &str = "devstoreaccount1";
/// Its key, which is published with the emulator (Azurite's README, "Default Storage Account").
pub const AZURITE_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// A running Azurite.
#[derive(Debug)]
pub struct Azurite {
    /// `http://127.0.0.1:PORT/devstoreaccount1`.
    pub endpoint: String,
    _process: Process,
}

/// Signs with the account's key ("Authorize with Shared Key", Azure Storage REST API).
const SEED: &str = r#"
import base64, email.utils, hashlib, hmac, json, sys, urllib.parse, urllib.request
given = json.load(sys.stdin)
account, key = given["account"], base64.b64decode(given["key"])
def put(path, query, body, headers):
    headers = dict(headers, **{"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-12-02"})
    length = str(len(body)) if body else ""
    canonical = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    resource = f"/{account}/{account}{path}" + "".join(f"\n{k}:{v}" for k, v in sorted(query.items()))
    text = f"PUT\n\n\n{length}\n\n\n\n\n\n\n\n\n{canonical}{resource}"
    signature = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
    url = given["endpoint"] + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(url, data=body, method="PUT", headers=headers)
    request.add_header("Authorization", f"SharedKey {account}:{signature}")
    request.add_header("Content-Type", "")
    request.add_header("Content-Length", str(len(body)))
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {error.code} {error.read().decode()}")
put(f"/{given['container']}", {"restype": "container"}, b"", {})
for name, size in given["objects"]:
    path = f"/{given['container']}/" + urllib.parse.quote(name)
    put(path, {}, b"x" * size, {"x-ms-blob-type": "BlockBlob"})
print("null")
"#;

impl Azurite {
    /// Starts it.
    ///
    /// # Errors
    /// When it is not installed or does not answer.
    pub async fn start() -> Result<Azurite, TestbedError> {
        let port = free_port()?;
        let mut process = Process::start("azurite-blob", |command, _| {
            command.args([
                "--inMemoryPersistence",
                "--skipApiVersionCheck",
                "--disableTelemetry",
                "--silent",
            ]);
            command.args(["--blobHost", "127.0.0.1", "--blobPort", &port.to_string()]);
            Ok(())
        })?;
        process.wait(|| listens(port)).await?;
        Ok(Azurite { endpoint: format!("http://127.0.0.1:{port}/{AZURITE_ACCOUNT}"), _process: process })
    }

    /// Creates a container with blobs, `(name, bytes)`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn seed(&self, container: &str, objects: &[(String, u64)]) -> Result<(), TestbedError> {
        let (account, key) = (AZURITE_ACCOUNT, AZURITE_KEY);
        let endpoint = self.endpoint.as_str();
        let input = json!({"endpoint": endpoint, "account": account, "key": key, "container": container, "objects": objects});
        python(SEED, &input).map(drop)
    }
}
