//! Derives names for datasets from their paths.

use std::collections::BTreeSet;

use lakegauge_core::layout::Layout;

/// The name of a dataset whose path has no literal level.
pub const UNNAMED: &str = "dataset";

/// A name of `[A-Za-z0-9_.-]` made of the literal levels of a path: `kpi/sales/date={date}/` is `kpi_sales`.
pub(super) fn name(layout: &Layout) -> String {
    let text = layout.to_string();
    let words = text.split('/').filter_map(word).filter(|word| !word.is_empty());
    let mut name = words.collect::<Vec<_>>().join("_");
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    name.truncate(100);
    // YAML would read a bare number as one.
    let lettered = name.starts_with(|c: char| c.is_ascii_alphabetic());
    match name.as_str() {
        "" => UNNAMED.to_owned(),
        _ if lettered => name,
        _ => format!("dataset_{name}"),
    }
}

/// What a level adds to the name: its literal text, without the key of a date and without an extension.
fn word(level: &str) -> Option<String> {
    let open = level.find('{').unwrap_or(level.len());
    let (literal, tokens) = level.split_at(open);
    if literal.ends_with('=') && !tokens.is_empty() {
        return None;
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' };
    let word: String = literal.chars().map(plain).collect();
    let word = if tokens.is_empty() { word.as_str() } else { word.trim_end_matches(['_', '.', '-']) };
    // A single `W` or `v` before a number belongs to the number.
    let mark = !tokens.is_empty() && word.len() == 1;
    (!mark).then(|| word.trim_matches('_').to_owned())
}

/// Adds a number to every name that is taken; the first keeps its name.
pub(super) fn unique(names: &mut [&mut String], suffixes: &[&str]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (i, name) in names.iter_mut().enumerate() {
        let suffix = suffixes.get(i).copied().unwrap_or_default();
        let mut tries = std::iter::once((**name).clone())
            .chain(std::iter::once(format!("{name}_{suffix}")))
            .chain((2u32..).map(|n| format!("{name}_{n}")));
        if let Some(free) = tries.find(|candidate| !taken.contains(candidate)) {
            taken.insert(free.clone());
            **name = free;
        }
    }
}
