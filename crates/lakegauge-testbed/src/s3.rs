//! S3-compatible servers.

use serde_json::{Value, json};

use crate::process::{Process, answers, free_port};
use crate::tools::{TestbedError, python};

/// The access key id that every server here accepts.
pub const ACCESS_KEY: &str = "lakegauge";
/// Its secret.
pub const SECRET_KEY: &str = "lakegauge-testbed-secret";

/// A running S3 server.
#[derive(Debug)]
pub struct S3Server {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    _process: Process,
}

/// The beginning of every script below: a client, and the input.
const CLIENT: &str = r#"
import json, sys, boto3, botocore.config
from concurrent.futures import ThreadPoolExecutor
given = json.load(sys.stdin)
# SeaweedFS keeps a write waiting for ever now and then, while it makes room for a new bucket: asked again, it answers.
config = botocore.config.Config(s3={"addressing_style": "path"}, max_pool_connections=8, read_timeout=30, retries={"max_attempts": 8})
s3 = boto3.client("s3", endpoint_url=given["endpoint"], aws_access_key_id=given["key"],
                  aws_secret_access_key=given["secret"], region_name="us-east-1", config=config)
"#;

const SEED: &str = r#"
s3.create_bucket(Bucket=given["bucket"])
def put(entry):
    s3.put_object(Bucket=given["bucket"], Key=entry[0], Body=b"x" * entry[1])
with ThreadPoolExecutor(8) as pool:
    list(pool.map(put, given["objects"]))
print("null")
"#;

const LIST: &str = r#"
found = []
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=given["bucket"], Prefix=given["prefix"]):
    found += [[o["Key"], o["Size"], o["LastModified"].timestamp()] for o in page.get("Contents", [])]
print(json.dumps(found))
"#;

impl S3Server {
    /// SeaweedFS: checks signatures. Takes some twenty seconds to start.
    ///
    /// # Errors
    /// When it is not installed or does not answer.
    pub async fn seaweedfs() -> Result<S3Server, TestbedError> {
        let port = free_port()?;
        let credentials = json!([{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]);
        let actions = json!(["Admin", "Read", "Write", "List", "Tagging"]);
        let config =
            json!({"identities": [{"name": "test", "credentials": credentials, "actions": actions}]});
        let mut ports = Vec::new();
        for flag in ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port"] {
            ports.push(format!("-{flag}={}", free_port()?));
        }
        for flag in ["filer.port.grpc", "s3.port.grpc"] {
            ports.push(format!("-{flag}={}", free_port()?));
        }
        let mut process = Process::start("weed", |command, folder| {
            let file = folder.join("s3.json");
            std::fs::write(&file, config.to_string())?;
            let (data, file) = (folder.join("data"), file.display().to_string());
            std::fs::create_dir(&data)?;
            command.args(["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=200"]);
            command.args(["-master.volumeSizeLimitMB=64", "-filer", "-s3", "-s3.port.iceberg=0"]);
            command.args([format!("-dir={}", data.display()), format!("-s3.config={file}")]);
            command.args(["-s3.port.lance=0".to_owned(), format!("-s3.port={port}")]).args(ports);
            Ok(())
        })?;
        process.wait(|| answers(port, "/")).await?;
        Ok(S3Server { endpoint: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// ministack: accepts any credentials, and stores odd keys unchanged.
    ///
    /// # Errors
    /// When it is not installed or does not answer.
    pub async fn ministack() -> Result<S3Server, TestbedError> {
        S3Server::ministack_of("s3").await
    }

    /// ministack with everything that a deployment needs: queues, topics, functions, rules, schedules, secrets and
    /// CloudWatch.
    ///
    /// # Errors
    /// When it is not installed or does not answer.
    pub async fn ministack_aws() -> Result<S3Server, TestbedError> {
        S3Server::ministack_of(
            "s3,sqs,sns,lambda,events,scheduler,cloudwatch,iam,sts,logs,secretsmanager,ssm",
        )
        .await
    }

    async fn ministack_of(services: &str) -> Result<S3Server, TestbedError> {
        let port = free_port()?;
        let mut process = Process::start("ministack", |command, folder| {
            // It unpacks functions there, some hundred megabytes, and leaves them behind.
            command.env("TMPDIR", folder);
            command.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", port.to_string());
            command.env("SERVICES", services).env("IOT_MTLS_ENABLED", "0").env("SFTP_ENABLED", "0");
            Ok(())
        })?;
        process.wait(|| answers(port, "/")).await?;
        Ok(S3Server { endpoint: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// Creates a bucket with objects, `(key, bytes)`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn seed(&self, bucket: &str, objects: &[(String, u64)]) -> Result<(), TestbedError> {
        self.run(SEED, json!({"bucket": bucket, "objects": objects})).map(drop)
    }

    /// The listing of boto3's paginator: keys, bytes, seconds since 1970.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn boto3_list(&self, bucket: &str, prefix: &str) -> Result<Vec<(String, u64, f64)>, TestbedError> {
        let found = self.run(LIST, json!({"bucket": bucket, "prefix": prefix}))?;
        let found = found.as_array().cloned().unwrap_or_default();
        let text = |row: &Value| row[0].as_str().unwrap_or_default().to_owned();
        Ok(found
            .iter()
            .map(|r| (text(r), r[1].as_u64().unwrap_or(0), r[2].as_f64().unwrap_or(0.0)))
            .collect())
    }

    fn run(&self, script: &str, mut input: Value) -> Result<Value, TestbedError> {
        input["endpoint"] = self.endpoint.as_str().into();
        input["key"] = ACCESS_KEY.into();
        input["secret"] = SECRET_KEY.into();
        python(&format!("{CLIENT}{script}"), &input)
    }
}
