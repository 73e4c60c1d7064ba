//! Texts that have broken YAML parsers, and a good config with damage.

use std::fs;

use proptest::prelude::*;

use super::*;

/// The files of `fuzz-corpus/`, by name.
fn corpus() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz-corpus");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .map(|(name, path)| (name, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()))
        .collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

#[test]
fn hostile_files_have_problems_inside_the_text() {
    for (name, text) in corpus() {
        holds(&text);
        assert_eq!(loaded(&text).config.is_some(), name.starts_with("good-"), "{name}\n{}", problems(&text));
    }
}

#[test]
fn a_config_of_many_datasets_is_read_and_drawn_in_proportion() {
    let many = |n: usize| {
        let line = |i| format!("  d{i}: {{ path: \"d{i}/{{date}}/\", due: +1d 01:30, dew: x }}\n");
        let lines: String = (0..n).map(line).collect();
        format!("lake: /lake\ntimezone: Europe/London\ndatasets:\n{lines}")
    };
    let text = many(3_000);
    let loaded = loaded(&text);
    assert_eq!(loaded.problems.len(), 6_000);
    assert!(render(&loaded.problems, "x", &text, false).len() > 500_000);
}

/// What people do to a config by mistake.
#[derive(Clone, Debug)]
enum Damage {
    Insert(usize, &'static str),
    Cut(usize, usize),
    Indent(usize, usize),
    Repeat(usize),
    Swap(usize, usize),
    Truncate(usize),
}

const TOKENS: &[&str] = &[
    "\t", "\n", "\r\n", ":", ": ", "- ", "{", "}", "[", "]", ",", "#", " #", "\"", "'", "|", ">", "&a ",
    "*a", "!x ", "%", "@", "`", "?", "? ", "---\n", "...\n", "<<: ", "~", "null", "é", "\u{feff}",
    "\u{2028}", "\0", "\u{85}", "🦀",
];

fn damage() -> impl Strategy<Value = Damage> {
    let place = 0usize..900;
    let line = 0usize..24;
    prop_oneof![
        (place.clone(), prop::sample::select(TOKENS)).prop_map(|(at, token)| Damage::Insert(at, token)),
        (place.clone(), 1usize..40).prop_map(|(at, length)| Damage::Cut(at, length)),
        (line.clone(), 0usize..9).prop_map(|(line, by)| Damage::Indent(line, by)),
        line.clone().prop_map(Damage::Repeat),
        (line.clone(), line).prop_map(|(a, b)| Damage::Swap(a, b)),
        place.prop_map(Damage::Truncate),
    ]
}

fn damaged(text: &str, damage: &Damage) -> String {
    let floor = |i: usize| (0..=i.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let last = lines.len().saturating_sub(1);
    match damage {
        Damage::Insert(at, token) => return format!("{}{token}{}", &text[..floor(*at)], &text[floor(*at)..]),
        Damage::Cut(at, length) => return format!("{}{}", &text[..floor(*at)], &text[floor(at + length)..]),
        Damage::Truncate(at) => return text[..floor(*at)].to_owned(),
        _ if lines.is_empty() => {}
        Damage::Indent(line, by) => {
            let line = &mut lines[(*line).min(last)];
            *line = format!("{}{}", " ".repeat(*by), line.trim_start());
        }
        Damage::Repeat(line) => lines.insert((*line).min(last), lines[(*line).min(last)].clone()),
        Damage::Swap(a, b) => lines.swap((*a).min(last), (*b).min(last)),
    }
    lines.join("\n")
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "[ -~\n\t{}\\[\\]:é#\"']{0,120}") {
        holds(&text);
    }

    #[test]
    fn any_characters_are_survived(text in prop::collection::vec(any::<char>(), 0..60)) {
        holds(&text.into_iter().collect::<String>());
    }

    #[test]
    fn a_damaged_config_is_survived(wounds in prop::collection::vec(damage(), 1..5)) {
        holds(&wounds.iter().fold(GOOD.to_owned(), |text, wound| damaged(&text, wound)));
    }

    #[test]
    fn lines_may_end_as_windows_ends_them(wound in damage()) {
        let text = damaged(GOOD, &wound).replace("\r\n", "\n").replace('\n', "\r\n");
        holds(&text);
    }

    #[test]
    fn one_wound_bares_no_secret(wound in damage()) {
        let text = GOOD.replace("${env:SLACK_WEBHOOK}", "https://hooks.example/S3CRET");
        let whole = |text: &str| text.contains("notify:") && text.contains("slack: \"https://hooks.example/S3CRET\"");
        let text = damaged(&text, &wound);
        prop_assume!(whole(&text));
        prop_assert!(!problems(&text).contains("S3CRET"), "{text}");
    }
}
