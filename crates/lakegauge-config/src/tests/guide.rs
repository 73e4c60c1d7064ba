//! The guide matches the program: its tables are those of the keys, and its examples load.

use super::key::Key;
use super::published::takes;
use super::*;

const GUIDE: &str = include_str!("../../../../docs/guide/config.md");

/// A table of the guide, generated from the keys.
fn table(keys: &[Key]) -> String {
    let rows = keys.iter().map(|key| format!("| `{}` | {} |\n", key.name, key.doc));
    format!("| key | meaning |\n|---|---|\n{}", rows.collect::<String>())
}

/// An example of the guide as a whole config: one without a `lake` is part of a dataset.
fn whole(example: &str) -> String {
    if example.contains("lake:") {
        return example.to_owned();
    }
    let path = if example.contains("path:") { "" } else { "    path: a/{date}/\n" };
    let lines: String = example.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "lake: /lake\ndatasets:\n  a:\n{path}{lines}notify: {{ data-team: {{ email: data@example.org }} }}\n"
    )
}

#[test]
fn the_guide_has_every_key() {
    for of in Table::ALL {
        let table = table(of.rows());
        assert!(GUIDE.contains(&table), "docs/guide/config.md lacks this table:\n{table}");
    }
    for metric in Metric::ALL {
        assert!(GUIDE.contains(&format!("`{metric}`")), "docs/guide/config.md lacks {metric}");
    }
}

#[test]
fn the_examples_of_the_guide_load() {
    let examples: Vec<String> =
        GUIDE.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).map(whole).collect();
    assert!(examples.len() > 5);
    for example in examples {
        let errors = loaded(&example).config.is_none();
        assert!(!errors, "{example}\n{}", problems(&example));
        takes(&example).unwrap();
    }
}

#[test]
fn the_error_that_the_guide_shows_is_real() {
    let part = |from: &str| GUIDE.split(from).nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let drawn = problems(part("```yml\n"));
    let drawn: Vec<&str> = drawn.lines().map(str::trim_end).collect();
    let shown: Vec<&str> = part("```text\n").lines().map(str::trim_end).collect();
    assert_eq!(drawn.join("\n").trim_end(), shown.join("\n").trim_end());
}
