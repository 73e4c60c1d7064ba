//! Files and folders are named with the domain's nouns.

use super::Breach;
use crate::checkout::Source;

/// Names that do not say what the code is about.
const BANNED: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "types", "manager", "misc", "enums", "structs", "traits",
    "shared",
];

/// A breach if a file or one of its folders below `src` has a banned name, or if a crate has a second
/// integration-test binary.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    if !source.is_rust() {
        return Vec::new();
    }
    let stems = source.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let mut breaches: Vec<Breach> = stems
        .filter(|stem| BANNED.contains(stem))
        .map(|stem| {
            Breach::new(&source.path, format!("`{stem}` is not a noun of the domain: name what it contains"))
        })
        .collect();
    if second_test_binary(&source.path) {
        let what = "one integration-test binary per crate: make it a module of tests/it/main.rs";
        breaches.push(Breach::new(&source.path, what));
    }
    breaches
}

/// Whether cargo would link a separate test binary for the file: `tests/x.rs` and `tests/x/main.rs`, except
/// `tests/it/main.rs`.
fn second_test_binary(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["crates", _, "tests", _] | ["xtask", "tests", _] => true,
        ["crates", _, "tests", folder, "main.rs"] | ["xtask", "tests", folder, "main.rs"] => *folder != "it",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn banned_names_and_second_test_binaries_breach() {
        let check = |path: &str, expect: usize| {
            let source = crate::checkout::Source { path: path.to_owned(), text: String::new() };
            assert_eq!(super::check(&source).len(), expect, "{path}");
        };
        check("crates/lakegauge-core/src/partition.rs", 0);
        check("crates/lakegauge-core/src/utils.rs", 1);
        check("crates/lakegauge-core/src/common/types.rs", 2);
        check("docs/types.md", 0);
        check("crates/lakegauge/tests/it/main.rs", 0);
        check("crates/lakegauge/tests/it/demo.rs", 0);
        check("crates/lakegauge/tests/demo.rs", 1);
        check("crates/lakegauge/tests/demo/main.rs", 1);
    }
}
