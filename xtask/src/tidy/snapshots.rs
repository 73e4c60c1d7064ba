//! No snapshot is left pending.

use std::path::Path;

use anyhow::{Context, Result};

use super::Breach;

/// A breach for each snapshot below `crates/` and `xtask/` that insta wrote and nobody accepted.
pub(super) fn check(root: &Path) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    let mut folders = vec![root.join("crates"), root.join("xtask")];
    while let Some(folder) = folders.pop().filter(|folder| folder.is_dir()) {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_pending(&path) {
                let place = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                breaches.push(Breach::new(place, "a pending snapshot: accept it or delete it"));
            }
        }
    }
    Ok(breaches)
}

fn is_pending(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".snap.new") || name.ends_with(".pending-snap")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_pending() {
        let check = |name: &str, expect| assert_eq!(is_pending(Path::new(name)), expect, "{name}");
        check("crates/a/src/snapshots/a__b.snap", false);
        check("crates/a/src/snapshots/a__b.snap.new", true);
        check("crates/a/src/.lib.rs.pending-snap", true);
    }
}
