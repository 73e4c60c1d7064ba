//! `cargo xtask package-lambda`: the zip for AWS Lambda, with one file in it, the binary `bootstrap`.
//!
//! `provided.al2023` has glibc 2.34, and a binary that needs a newer one does not start. So its symbols are read, and
//! a build on a newer system fails here instead of there.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::checkout;

/// The glibc of `provided.al2023` (Amazon Linux 2023 user guide).
const GLIBC: (u32, u32) = (2, 34);
/// Maximum size of the zip, in bytes.
const LARGEST: u64 = 6_000_000;
const USAGE: &str = "usage: cargo xtask package-lambda [--profile PROFILE] [--arm64 | --target TRIPLE]";
/// The target of `--arm64`: Graviton, a fifth cheaper.
const ARM64: &str = "aarch64-unknown-linux-gnu";

/// The result of a build.
pub(crate) struct Package {
    /// The zip.
    pub(crate) zip: PathBuf,
    /// The binary in it.
    pub(crate) binary: PathBuf,
    /// Bytes of the zip.
    pub(crate) bytes: u64,
}

/// The command line: builds, checks, prints.
pub(crate) fn run(options: &[&str]) -> Result<ExitCode> {
    let (mut profile, mut target) = ("dist", None);
    let mut words = options.iter();
    while let Some(word) = words.next() {
        match *word {
            "--arm64" => target = Some(ARM64),
            "--profile" => profile = words.next().context(USAGE)?,
            "--target" => target = Some(words.next().context(USAGE)?),
            _ => bail!(USAGE),
        }
    }
    if let Some(target) = target {
        installed(target)?;
    }
    let package = build(profile, target)?;
    let newest = newest_glibc(&fs::read(&package.binary)?);
    let asks = newest.map_or("no glibc".to_owned(), |(major, minor)| format!("glibc {major}.{minor}"));
    println!("{}: {} bytes, needs {asks}", package.zip.display(), package.bytes);
    ensure!(
        newest.is_none_or(|newest| newest <= GLIBC),
        "the binary needs {asks}, but provided.al2023 has 2.34: build it on an older system, or with --target x86_64-unknown-linux-musl"
    );
    let held = profile == "dist";
    ensure!(!held || package.bytes <= LARGEST, "the zip has more than {LARGEST} bytes");
    Ok(ExitCode::SUCCESS)
}

/// Without the target's standard library the build would fail after minutes, with an error per crate.
fn installed(target: &str) -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc).args(["--print", "target-libdir", "--target", target]).output()?;
    ensure!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr).trim());
    let folder = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    ensure!(
        folder.is_dir(),
        "the target {target} is not installed: `rustup target add {target}`; it also needs a linker and a C compiler, such as \
         Debian's gcc-aarch64-linux-gnu with CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc"
    );
    Ok(())
}

/// Builds the binary, and writes the zip next to it.
pub(crate) fn build(profile: &str, target: Option<&str>) -> Result<Package> {
    let root = checkout::root()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&root).args(["build", "--locked", "--package", "lakegauge-lambda"]);
    command.args(["--bin", "bootstrap", "--profile", profile]);
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    ensure!(command.status()?.success(), "the build failed");
    let built = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let folder =
        built.join(target.unwrap_or_default()).join(if profile == "dev" { "debug" } else { profile });
    let binary = folder.join("bootstrap");
    let zip = folder.join("lakegauge-lambda.zip");
    write(&binary, &zip).with_context(|| zip.display().to_string())?;
    let bytes = fs::metadata(&zip)?.len();
    Ok(Package { zip, binary, bytes })
}

/// The same binary gives the same zip, because Terraform deploys what has changed.
fn write(binary: &Path, zip: &Path) -> Result<()> {
    let mut archive = zip::ZipWriter::new(File::create(zip)?);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o755);
    archive.start_file("bootstrap", options)?;
    archive.write_all(&fs::read(binary)?)?;
    archive.finish()?;
    Ok(())
}

/// The newest `GLIBC_x.y` that a binary needs: versions are plain strings in `.dynstr`.
fn newest_glibc(binary: &[u8]) -> Option<(u32, u32)> {
    const MARK: &[u8] = b"GLIBC_";
    let versions = binary.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
    let version = |(at, _): (usize, &[u8])| {
        let rest = binary.get(at + MARK.len()..)?;
        let end = rest.iter().take(8).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        let text = std::str::from_utf8(rest.get(..end)?).ok()?;
        let mut parts = text.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    versions.filter_map(version).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_glibc_is_found_by_number() {
        let check = |text: &str, expect: Option<(u32, u32)>| {
            assert_eq!(newest_glibc(text.as_bytes()), expect, "{text}");
        };
        check("\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.2.5\0x", Some((2, 34)));
        check("\0GLIBC_PRIVATE\0GLIBC_2.4\0\0\0\0", Some((2, 4)));
        check("static", None);
    }

    #[test]
    fn a_target_that_is_not_there_says_what_to_install() {
        let missing = |target: &str| installed(target).unwrap_err().to_string();
        assert!(
            missing("riscv64gc-unknown-linux-gnu").contains("rustup target add riscv64gc-unknown-linux-gnu")
        );
        assert!(missing("not-a-target").contains("not-a-target"));
    }

    #[test]
    fn the_same_binary_makes_the_same_zip() {
        let folder = tempfile::tempdir().unwrap();
        let (binary, first, second) =
            (folder.path().join("bootstrap"), folder.path().join("1"), folder.path().join("2"));
        fs::write(&binary, b"\x7fELF and so on").unwrap();
        write(&binary, &first).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(5));
        write(&binary, &second).unwrap();
        assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
    }
}
