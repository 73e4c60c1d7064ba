//! Every module has a doc, and `mod.rs` contains nothing else.

use super::Breach;
use crate::checkout::Source;

/// Breaches in one Rust file: no module doc, an attribute that silences a lint forever, code in a `mod.rs`.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    let mut breaches = Vec::new();
    if !source.is_test() && !source.text.starts_with("//! ") {
        breaches.push(Breach::at(
            &source.path,
            1,
            "a module starts with a `//!` doc: its purpose, in one sentence",
        ));
    }
    for (at, line) in source.text.lines().enumerate() {
        // In two pieces, so that this file obeys its own rule.
        if line.contains(concat!("#[all", "ow(")) || line.contains(concat!("#![all", "ow(")) {
            breaches.push(Breach::at(
                &source.path,
                at + 1,
                "`#[expect(…, reason = \"…\")]` instead: it fails when it is no longer needed",
            ));
        }
    }
    if source.file_name() == "mod.rs" && !source.is_test() {
        breaches.extend(code_in_mod(source));
    }
    breaches
}

/// The first line of a `mod.rs` that is not a doc, a `mod` or a re-export.
fn code_in_mod(source: &Source) -> Option<Breach> {
    const CODE: &[&str] = &[
        "fn ",
        "struct ",
        "enum ",
        "trait ",
        "impl ",
        "impl<",
        "const ",
        "static ",
        "type ",
        "macro_rules!",
    ];
    let code = |line: &str| {
        let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
        let line = line.strip_prefix("pub(super) ").or_else(|| line.strip_prefix("async ")).unwrap_or(line);
        CODE.iter().any(|start| line.starts_with(start))
    };
    let (at, _) = source.text.lines().enumerate().find(|(_, line)| code(line))?;
    Some(Breach::at(
        &source.path,
        at + 1,
        "a mod.rs contains only its doc, `mod` lines and re-exports: move the code to a file",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> usize {
        check(&Source { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn each_rule_can_fail() {
        let check = |path, text, expect| assert_eq!(breaches(path, text), expect, "{path} {text:?}");
        check("a.rs", "//! What it is.\n", 0);
        check("a.rs", "use std::fmt;\n", 1);
        check("a/tests.rs", "use super::*;\n", 0);
        check("a.rs", concat!("//! A.\n#[all", "ow(dead_code)]\nfn a() {}\n"), 1);
        check("a/mod.rs", "//! A.\n\nmod b;\n\npub use b::{\n    fn_name,\n};\n", 0);
        check("a/mod.rs", "//! A.\n\npub fn a() {}\n", 1);
        check("a/mod.rs", "//! A.\n\nimpl A {}\n", 1);
    }
}
