//! The config to review: certain values as values, uncertain ones as comments, each with its evidence.

use std::fmt::Write;

use lakegauge_core::foreign::visible;
use lakegauge_core::quantity;
use lakegauge_core::written::block as scalar;

use super::finding::{Discovery, Finding, Inferred, Standing, Undated};

/// Writes the config of a discovered lake. `lake` is its address as typed, and `endpoint_url` that of its store, if
/// it is not the usual one.
pub fn render(discovery: &Discovery, lake: &str, endpoint_url: Option<&str>) -> String {
    let mut yaml = String::new();
    let active = discovery.datasets.iter().filter(|found| found.standing == Standing::Active);
    let (watched, all) = (active.clone().count(), discovery.datasets.len());
    let when = discovery.now.strftime("%Y-%m-%d %H:%M UTC").to_string();
    comment(
        &mut yaml,
        "",
        &format!(
            "{}{} in {}, listed {when}. Review this file, then run `lakegauge check`.",
            if discovery.sampled { "A sample of " } else { "" },
            quantity::plural(discovery.objects, "object"),
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
    comment(
        yaml,
        "",
        &format!("{} found and watched.{not} {learned}", quantity::plural(watched as u64, "dataset")),
    );
    if discovery.datasets.iter().any(|found| found.due.is_some()) {
        let margin = "A `due` is the end of the window in its comment, plus half of the window's width (5 minutes at \
                      least, 15 unless hourly), rounded up; times are UTC.";
        comment(yaml, "", margin);
    }
}

/// Writes a comment of one or more lines, each within the width of a terminal. Text from keys is escaped: nothing in
/// a lake can end a comment.
fn comment(yaml: &mut String, indent: &str, text: &str) {
    let mut line = String::new();
    for word in visible(text).split(' ') {
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

/// The zone of the lake is the default; a zone that only some datasets suggest is set on those.
fn zone(yaml: &mut String, discovery: &Discovery) {
    let watched = discovery.datasets.iter().filter(|found| found.standing == Standing::Active);
    let hinted: Vec<&str> =
        watched.filter(|found| found.zone_hint().is_some()).map(|found| found.name.as_str()).collect();
    if hinted.is_empty() {
        yaml.push_str("# timezone: UTC  # the default; nothing in the lake shows another zone\n");
        return;
    }
    let more = if hinted.len() > 3 { format!(" and {} more", hinted.len() - 3) } else { String::new() };
    let names = hinted.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    yaml.push_str("# timezone: UTC\n");
    comment(yaml, "", &format!("  the default; other zones are likely for some datasets: see {names}{more}"));
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
    let _ = writeln!(yaml, "{lead}{}:", scalar(&found.name));
    let _ = writeln!(yaml, "{lead}  path: {}", scalar(&found.layout.to_string()));
    if let Some(hint) = found.zone_hint() {
        key(yaml, lead, "timezone", hint, watched);
    }
    let irregular = found.calendar.as_ref().is_some_and(|days| !days.sure);
    match &found.due {
        // A due time from the config applies every day; a learned one only on days that usually have partitions.
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
            let text = format!("calendar: learned; {}; no calendar says that", visible(&days.evidence));
            comment(yaml, &format!("{lead}  "), &text);
        }
        _ => {}
    }
}

/// Writes a value with its evidence; commented out if it is not sure.
fn key(yaml: &mut String, lead: &str, name: &str, value: &Inferred<String>, watched: bool) {
    let doubt = if value.sure { "" } else { "not sure: " };
    let off = if value.sure || !watched { "" } else { "# " };
    // A due time is text in any YAML despite its space, so it needs no quotes.
    let written = if name == "due" { value.value.clone() } else { scalar(&value.value) };
    let text = format!("{off}{name}: {written}");
    let _ = writeln!(yaml, "{lead}  {text}  # {doubt}{}", visible(&value.evidence));
}

/// The facts that belong to no single value.
fn about(yaml: &mut String, found: &Finding) {
    let indent = "  ";
    let per = |total: u64| total as f64 / found.partitions.max(1) as f64;
    let format = match &found.format {
        Some(format) if format.sure => format!("; {}", format.value),
        Some(format) => format!("; {} ({})", format.value, format.evidence),
        None => String::new(),
    };
    let sampled = match found.unseen > 0 || found.more {
        true => format!(" in the {} that were looked at", found.partitions),
        false => String::new(),
    };
    comment(
        yaml,
        indent,
        &format!(
            "{}: {}{}, {} to {}; {}{} and {} each on average{sampled}{format}",
            found.layout.cadence().name(),
            if found.more { "at least " } else { "" },
            quantity::plural(found.partitions + found.unseen, "partition"),
            found.first,
            found.last,
            if found.cut { "more than " } else { "" },
            quantity::plural(per(found.objects).round() as u64, "object"),
            quantity::bytes(per(found.bytes)),
        ),
    );
    for note in found.copied.iter().chain(&found.notes) {
        comment(yaml, indent, note);
    }
}

fn rest(yaml: &mut String, discovery: &Discovery) {
    if !discovery.undated.is_empty() {
        yaml.push_str("\n# No date that lakegauge reads in their paths, so no datasets:\n");
    }
    for line in undated(discovery) {
        let _ = writeln!(yaml, "#   {line}");
    }
    if discovery.odd.objects > 0 {
        let _ = writeln!(
            yaml,
            "\n# {} with empty levels, `.`, `..` or control characters, which few tools can read:",
            quantity::plural(discovery.odd.objects, "key"),
        );
        for example in &discovery.odd.examples {
            let _ = writeln!(yaml, "#   {example}");
        }
    }
}

/// The folders without any date, one per line: how much is in them, and one of their keys. Safe to print.
pub fn undated(discovery: &Discovery) -> Vec<String> {
    const SHOWN: usize = 20;
    let line = |undated: &Undated| {
        let folder = if undated.folder.is_empty() { "(the root)" } else { &undated.folder };
        let (objects, bytes) =
            (quantity::plural(undated.objects, "object"), quantity::bytes(undated.bytes as f64));
        format!("{}: {objects}, {bytes}, such as {}", visible(folder), visible(&undated.example))
    };
    let more = discovery.undated.len().checked_sub(SHOWN).filter(|more| *more > 0);
    let more = more.map(|more| format!("and {}", quantity::plural(more as u64, "more folder")));
    discovery.undated.iter().take(SHOWN).map(line).chain(more).collect()
}
