//! Writes into a folder without losing what somebody else wrote there.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Component, Path};

use lakegauge_core::fingerprint::fnv1a;
use serde::{Deserialize, Serialize};

use crate::answer::Failure;
use crate::file::{self, unwritable};

/// The file that remembers what was written, to distinguish changed files from old ones.
const LEDGER: &str = ".lakegauge.json";

#[derive(Debug, Default, Serialize, Deserialize)]
struct Ledger {
    version: u32,
    /// A fingerprint of each file as it was written.
    files: BTreeMap<String, String>,
}

/// What happened to the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Placed {
    /// New files.
    pub(crate) new: Vec<String>,
    /// Overwritten files.
    pub(crate) changed: Vec<String>,
    /// Unchanged files.
    pub(crate) same: usize,
    /// Removed files, which are no longer part of the deployment.
    pub(crate) removed: Vec<String>,
}

/// Writes `files` into `folder`. If files were not written by lakegauge or were changed by hand, nothing is written,
/// unless `force` is set. Files that were written before and are no longer part of the deployment are removed.
pub(crate) fn place(folder: &Path, files: &BTreeMap<String, String>, force: bool) -> Result<Placed, Failure> {
    let ledger: Ledger =
        read(&folder.join(LEDGER))?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let ours = |name: &str, text: &str| ledger.files.get(name).is_some_and(|known| *known == mark(text));
    let mut placed = Placed::default();
    let mut foreign = Vec::new();
    for (name, text) in files {
        match read(&folder.join(name))? {
            None => placed.new.push(name.clone()),
            Some(old) if old == *text => placed.same += 1,
            Some(old) => {
                if !ours(name, &old) {
                    foreign.push(name.clone());
                }
                placed.changed.push(name.clone());
            }
        }
    }
    if !foreign.is_empty() && !force {
        let (folder, names) = (folder.display(), foreign.join(", "));
        return Err(Failure::usage(format!(
            "in {folder}, these were not written by lakegauge or were changed since: {names}; nothing was written. \
             Move what you need into your own files, then use --force to overwrite them"
        )));
    }
    for name in ledger.files.keys().filter(|name| !files.contains_key(*name) && is_below(name)) {
        let path = folder.join(name);
        if read(&path)?.is_some_and(|old| ours(name, &old)) {
            std::fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
            placed.removed.push(name.clone());
        }
    }
    let marks = files.iter().map(|(name, text)| (name.clone(), mark(text))).collect();
    for name in placed.new.iter().chain(&placed.changed) {
        write(&folder.join(name), files.get(name).map_or("", String::as_str))?;
    }
    let ledger = serde_json::to_string_pretty(&Ledger { version: 1, files: marks });
    write(&folder.join(LEDGER), &(ledger.map_err(|error| Failure::internal(error.into()))? + "\n"))?;
    Ok(placed)
}

fn mark(text: &str) -> String {
    format!("{:016x}", fnv1a(text.as_bytes()))
}

/// Whether a path stays below the folder.
fn is_below(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::machine(format!("{} cannot be read: {error}", path.display()))),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    file::write(path, text)
}
