//! The config to review: what is sure as values, what is not as comments, and the evidence beside both.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::finding::{Discovery, Finding, Inferred, Standing};
use crate::quantity;

/// Writes the config of a discovered lake. `lake` is its address, as typed, and `endpoint_url` that of its store where it is
/// not the usual one.
pub fn render(discovery: &Discovery, lake: &str, endpoint_url: Option<&str>) -> String {
    let mut yaml = String::new();
    let active = discovery.datasets.iter().filter(|found| found.standing == Standing::Active);
    let (watched, all) = (active.clone().count(), discovery.datasets.len());
    let when = discovery.now.strftime("%Y-%m-%d %H:%M UTC").to_string();
    comment(
        &mut yaml,
        "",
        &format!(
            "{} in {}, listed {when}. Review this file, then run `lakegauge check`.",
            plural(discovery.objects, "object"),
            quantity::bytes(discovery.bytes as f64),
        ),
    );
    header(&mut yaml, discovery, watched, all);
    let _ = writeln!(yaml, "lake: {}", scalar(lake));
    if let Some(url) = endpoint_url {
        let _ = writeln!(yaml, "endpoint_url: {}", scalar(url));
    }
    zone(&mut yaml, discovery);
    yaml.push('\n');
    yaml.push_str(if watched == 0 { "datasets: {}\n" } else { "datasets:\n" });
    for found in &discovery.datasets {
        dataset(&mut yaml, found);
    }
    rest(&mut yaml, discovery);
    yaml
}

fn header(yaml: &mut String, discovery: &Discovery, watched: usize, all: usize) {
    if discovery.objects == 0 {
        return comment(yaml, "", "Nothing is there: check the address and the credentials.");
    }
    let not = match all - watched {
        0 => String::new(),
        1 => " 1 more is commented out, with the reason.".to_owned(),
        more => format!(" {more} more are commented out, with the reason."),
    };
    let learned = "Deadlines, completeness and bands that are not stated are learned: `lakegauge explain DATASET` says \
                   from what.";
    comment(yaml, "", &format!("{} found and watched.{not} {learned}", plural(watched as u64, "dataset")));
    if discovery.datasets.iter().any(|found| found.due.is_some()) {
        let margin = "A `due` is the end of the window in its comment, plus half of the window's width (5 minutes at \
                      least, 15 unless hourly), rounded up; times are UTC.";
        comment(yaml, "", margin);
    }
}

fn plural(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", quantity::count(count as f64), if count == 1 { "" } else { "s" })
}

/// Writes a comment of one line or more, each within the width of a terminal. What comes from keys is escaped: nothing
/// in a lake can end a comment.
fn comment(yaml: &mut String, indent: &str, text: &str) {
    let mut line = String::new();
    for word in clean(text).split(' ') {
        if !line.is_empty() && indent.len() + line.chars().count() + word.chars().count() > 108 {
            let _ = writeln!(yaml, "{indent}# {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(yaml, "{indent}# {line}");
}

/// Control characters, and the line breaks that YAML knows besides, as escapes.
fn clean(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    text.chars()
        .flat_map(|c| {
            let escaped: Box<dyn Iterator<Item = char>> =
                if breaks(c) { Box::new(c.escape_default()) } else { Box::new(std::iter::once(c)) };
            escaped
        })
        .collect()
}

/// A YAML scalar: plain where no reader could take it for anything but this text, quoted otherwise.
fn scalar(text: &str) -> String {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    let inner = |c: char| c.is_ascii_alphanumeric() || "_-./={}%*+:~".contains(c);
    let word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text));
    if first && !word && text.chars().all(inner) && !text.ends_with(':') {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn zone(yaml: &mut String, discovery: &Discovery) {
    let mut hints: BTreeMap<&str, (&Inferred<String>, Vec<&str>)> = BTreeMap::new();
    for found in discovery.datasets.iter().filter(|found| found.standing == Standing::Active) {
        if let Some(hint) = &found.zone {
            hints.entry(&hint.value).or_insert((hint, Vec::new())).1.push(&found.name);
        }
    }
    for (zone, (hint, names)) in &hints {
        let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
        let names = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let _ = writeln!(yaml, "# timezone: {}", scalar(zone));
        comment(yaml, "", &format!("  not sure, UTC is used: in {names}{more} {}", hint.evidence));
    }
    match hints.first_key_value() {
        Some(_) => {}
        None => match discovery.datasets.iter().find(|found| found.ahead.is_some()) {
            Some(found) => {
                yaml.push_str("# timezone: UTC\n");
                comment(yaml, "", &format!("  the default, but not sure: see {}", found.name));
            }
            None => {
                yaml.push_str("# timezone: UTC  # the default; nothing in the lake shows another zone\n");
            }
        },
    }
}

fn dataset(yaml: &mut String, found: &Finding) {
    yaml.push('\n');
    let indent = "  ";
    let watched = found.standing == Standing::Active;
    match &found.standing {
        Standing::Active => {}
        Standing::Doubtful(why) => comment(yaml, indent, &format!("Not watched: {why}.")),
        Standing::Stopped(why) => comment(yaml, indent, &format!("Not watched, it stopped: {why}.")),
    }
    about(yaml, found);
    // The rest of a dataset that is not watched is commented out, ready to be uncommented.
    let lead = if watched { indent } else { "  # " };
    let _ = writeln!(yaml, "{lead}{}:", found.name);
    let _ = writeln!(yaml, "{lead}  path: {}", scalar(&found.layout.to_string()));
    let irregular = found.calendar.as_ref().is_some_and(|days| !days.sure);
    match &found.due {
        // A stated due time is owed every day; a learned one only on the days that usually come.
        Some(due) => {
            key(yaml, lead, "due", &Inferred { sure: due.sure && !irregular, ..due.clone() }, watched)
        }
        None => comment(yaml, &format!("{lead}  "), &format!("due: learned; {}", found.landing)),
    }
    if let Some(marker) = &found.marker {
        key(yaml, lead, "landed_when", marker, watched);
    }
    match &found.calendar {
        Some(days) if days.sure && days.value != "every-day" => key(yaml, lead, "calendar", days, watched),
        Some(days) if !days.sure => {
            let text = format!("calendar: learned; {}; no calendar says that", clean(&days.evidence));
            comment(yaml, &format!("{lead}  "), &text);
        }
        _ => {}
    }
}

/// Writes a value with its evidence; commented out where it is not sure.
fn key(yaml: &mut String, lead: &str, name: &str, value: &Inferred<String>, watched: bool) {
    let doubt = if value.sure { "" } else { "not sure: " };
    let off = if value.sure || !watched { "" } else { "# " };
    // A due time reads as text in any YAML, whatever `scalar` would make of its blank.
    let written = if name == "due" { value.value.clone() } else { scalar(&value.value) };
    let text = format!("{off}{name}: {written}");
    let _ = writeln!(yaml, "{lead}  {text}  # {doubt}{}", clean(&value.evidence));
}

/// The facts that are nobody's value.
fn about(yaml: &mut String, found: &Finding) {
    let indent = "  ";
    let per = |total: u64| total as f64 / found.partitions.max(1) as f64;
    let format = match &found.format {
        Some(format) if format.sure => format!("; {}", format.value),
        Some(format) => format!("; {} ({})", format.value, format.evidence),
        None => String::new(),
    };
    comment(
        yaml,
        indent,
        &format!(
            "{}: {}, {} to {}; {} and {} each on average{format}",
            found.layout.cadence().name(),
            plural(found.partitions, "partition"),
            found.first,
            found.last,
            plural(per(found.objects).round() as u64, "object"),
            quantity::bytes(per(found.bytes)),
        ),
    );
    for note in found.copied.iter().chain(&found.ahead).chain(&found.notes) {
        comment(yaml, indent, note);
    }
}

fn rest(yaml: &mut String, discovery: &Discovery) {
    if !discovery.undated.is_empty() {
        yaml.push_str("\n# No date that lakegauge reads in their paths, so no datasets:\n");
    }
    const SHOWN: usize = 20;
    for undated in discovery.undated.iter().take(SHOWN) {
        let folder = if undated.folder.is_empty() { "(the root)" } else { &undated.folder };
        let _ = writeln!(
            yaml,
            "#   {}: {}, {}, such as {}",
            clean(folder),
            plural(undated.objects, "object"),
            quantity::bytes(undated.bytes as f64),
            clean(&undated.example),
        );
    }
    if let Some(more) = discovery.undated.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(yaml, "#   and {}", plural(more as u64, "more folder"));
    }
    if discovery.odd.objects > 0 {
        let _ = writeln!(
            yaml,
            "\n# {} with empty levels, `.`, `..` or control characters, which few tools can read:",
            plural(discovery.odd.objects, "key"),
        );
        for example in &discovery.odd.examples {
            let _ = writeln!(yaml, "#   {example}");
        }
    }
}
