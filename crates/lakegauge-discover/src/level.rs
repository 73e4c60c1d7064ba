//! Dates within one level of a key, and the text of a template that writes them.

use super::numbers::{Numbers, Padding, YEARS};
use super::stamp::{Reading, date, split_digits};

/// Reads a folder's name. `known` is what the levels above it name.
pub(super) fn folder(level: &str, known: Numbers) -> Option<Reading> {
    let (key, value) = match level.split_once('=') {
        Some((key, value)) => (Some(key), value),
        None => (None, level),
    };
    let lead = key.map_or(String::new(), |key| format!("{key}="));
    if let Some((reading, "")) = date(value, true) {
        let weak = reading.weak && key.is_none();
        return Some(Reading { template: lead + &reading.template, weak, ..reading });
    }
    if let Some(mut reading) = component(key, value, known) {
        reading.template.insert_str(0, &lead);
        return Some(reading);
    }
    let reading = embedded(value, false)?;
    Some(Reading { template: lead + &reading.template, ..reading })
}

/// Reads a file's name: the date is somewhere in it, and what varies around it becomes `{*}`.
pub(super) fn file(name: &str) -> Option<Reading> {
    embedded(name, true)
}

/// Reads a file that is named after its day alone, in a folder that names the month: `22.csv`.
pub(super) fn day_file(name: &str, known: Numbers) -> Option<Reading> {
    let (digits, extension) = split_digits(name);
    let day = component(None, digits, known).filter(|reading| reading.numbers.day.is_some())?;
    let named = extension.starts_with('.') && !extension.contains(['{', '}']);
    let template = format!("{}{extension}", day.template);
    named.then_some(Reading { template, ..day })
}

/// One number whose meaning is clear from its key or its place: `month=11`, or `11` below a year.
fn component(key: Option<&str>, value: &str, known: Numbers) -> Option<Reading> {
    let week = value.strip_prefix(['W', 'w']).filter(|_| known.year.is_some());
    let digits = week.unwrap_or(value);
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i16 = digits.parse().ok()?;
    let key = key.map(|key| key.to_ascii_lowercase());
    let word = key.as_deref().map(|key| key.rsplit(['_', '-']).next().unwrap_or(key));
    let part = match word {
        Some("year" | "yyyy" | "yr" | "y") => "year",
        Some("month" | "mm" | "mon" | "mth" | "m") => "month",
        Some("week" | "wk" | "ww" | "w") => "week",
        Some("day" | "dd" | "dy" | "d") => "day",
        Some("hour" | "hh" | "hr" | "h") => "hour",
        Some(_) => return None,
        None if week.is_some() => "week",
        None => match known {
            Numbers { year: None, .. } => "year",
            Numbers { week: Some(_), .. } => return None,
            Numbers { month: None, .. } => "month",
            Numbers { day: None, .. } => "day",
            _ => "hour",
        },
    };
    let (mut numbers, mut padding) = (Numbers::default(), Padding::default());
    let small = i8::try_from(number).ok();
    match part {
        "year" => numbers.year = Some(number).filter(|year| digits.len() == 4 && YEARS.contains(year)),
        _ if digits.len() > 2 => return None,
        "month" => numbers.month = small.filter(|n| (1..=12).contains(n)),
        "week" => numbers.week = small.filter(|n| (1..=53).contains(n)),
        "day" => numbers.day = small.filter(|n| (1..=31).contains(n)),
        _ => numbers.hour = small.filter(|n| (0..24).contains(n)),
    }
    match part {
        "month" => padding.note(Padding::MONTH, digits),
        "day" => padding.note(Padding::DAY, digits),
        "hour" => padding.note(Padding::HOUR, digits),
        _ => {}
    }
    let lead = value.get(..value.len() - digits.len()).unwrap_or_default();
    let template = format!("{lead}{{{part}}}");
    (numbers != Numbers::default()).then_some(Reading {
        template,
        numbers,
        padding,
        weak: false,
        loose: None,
    })
}

/// Finds a date inside a longer name.
fn embedded(name: &str, in_file: bool) -> Option<Reading> {
    let bytes = name.as_bytes();
    let starts = (0..bytes.len()).filter(|i| {
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        digit(*i) && !i.checked_sub(1).is_some_and(digit)
    });
    for start in starts {
        let (before, rest) = name.split_at(start);
        let Some((reading, after)) = date(rest, !in_file) else { continue };
        // Digits glued to other digits and letters are part of an id; a folder's `v2026.1` is a version.
        let glued = before.ends_with(|c: char| c.is_ascii_alphanumeric() && c != 'T')
            && (reading.weak || !before.chars().all(|c| c.is_ascii_alphabetic() || "_-.".contains(c)));
        let tail = after.starts_with(|c: char| c.is_ascii_alphabetic() && !"TZtz".contains(c));
        let Numbers { day, week, .. } = reading.numbers;
        let version = reading.weak || reading.template.contains('.') || reading.padding.without != 0;
        if glued || tail || (day.or(week).is_none() && version && !in_file) {
            continue;
        }
        let before = if in_file { open_ids(before) } else { before.to_owned() };
        let whole = |reading: &Reading, after: &str| {
            let template = format!("{before}{}{}", reading.template, open_suffix(after));
            (template.matches("{*}").count() <= 2).then_some(template)
        };
        let Some(template) = whole(&reading, after) else { continue };
        let hourly = date(rest, true).filter(|(finer, _)| in_file && finer.numbers != reading.numbers);
        if let Some((finer, after)) = hourly
            && let Some(hourly) = whole(&finer, after)
        {
            return Some(Reading { template: hourly, loose: Some(template), ..finer });
        }
        return Some(Reading { template, ..reading });
    }
    None
}

/// Text before a date: one run of digits, or what looks like an id, varies from file to file.
fn open_ids(before: &str) -> String {
    let parts = before.split_inclusive(['_', '-', '.']);
    let mut open = String::new();
    for part in parts {
        let word = part.trim_end_matches(['_', '-', '.']);
        if is_id(word) && !open.contains("{*}") {
            open.push_str("{*}");
            open.push_str(part.get(word.len()..).unwrap_or_default());
        } else {
            open.push_str(part);
        }
    }
    open
}

/// Text after a date: a part number, a time of day or an id varies; the extension stays.
fn open_suffix(after: &str) -> String {
    let dot = after.find('.').unwrap_or(after.len());
    let (stem, extension) = after.split_at(dot);
    let varies = stem.bytes().any(|b| b.is_ascii_digit());
    let extension = match extension.rsplit_once('.') {
        // `.000123.csv`: only the last parts are an extension.
        Some((middle, last)) if middle.bytes().any(|b| b.is_ascii_digit()) => {
            return format!("{{*}}.{last}");
        }
        _ => extension,
    };
    if varies { format!("{{*}}{extension}") } else { after.to_owned() }
}

/// Whether a name is a number, a UUID or a long hexadecimal: one of many of its kind.
pub(super) fn is_id(name: &str) -> bool {
    let hex = |s: &str| s.bytes().all(|b| b.is_ascii_hexdigit());
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    !name.is_empty()
        && (digits == name.len()
            || (name.len() == 36 && name.matches('-').count() == 4 && hex(&name.replace('-', "")))
            || (name.len() >= 8 && digits >= 2 && hex(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i16) -> Numbers {
        Numbers { year: Some(year), ..Numbers::default() }
    }

    #[test]
    fn folders_that_name_dates() {
        let check = |level: &str, known: Numbers, expect: Option<&str>| {
            let seen = folder(level, known).map(|r| {
                let name = known.with(r.numbers).and_then(|n| n.partition()).map(|p| p.to_string());
                format!("{} {}", r.template, name.unwrap_or_default())
            });
            assert_eq!(seen.as_deref(), expect, "{level}");
        };
        let none = Numbers::default();
        check("date=2026-11-22", none, Some("date={date} 2026-11-22"));
        check("DT=20261122", none, Some("DT={date:%Y%m%d} 2026-11-22"));
        check("2026112205", none, Some("{date:%Y%m%d%H} 2026-11-22T05"));
        check("202611220500", none, Some("{date:%Y%m%d%H00} 2026-11-22T05"));
        check("2026-W47", none, Some("{date:%G-W%V} 2026-W47"));
        check("2026w47", none, Some("{date:%Gw%V} 2026-W47"));
        check("ym=202611", none, Some("ym={date:%Y%m} 2026-11"));
        check("2026_11_22", none, Some("{date:%Y_%m_%d} 2026-11-22"));
        check("ts=2026-11-22%2005%3A00%3A00", none, Some("ts={date}%20{hour}%3A00%3A00 2026-11-22T05"));
        check("2026-11-22T05:00:00Z", none, Some("{date}T{hour}:00:00Z 2026-11-22T05"));
        check("2026-11-22-05", none, Some("{date}-{hour} 2026-11-22T05"));
        check("run_2026-11-22T05:31:07", none, Some("run_{date}{*} 2026-11-22"));
        check("snapshot-20261122T0500", none, Some("snapshot-{date:%Y%m%d}T{hour}00 2026-11-22T05"));
        check("20261122053107", none, Some("{date:%Y%m%d}{*} 2026-11-22"));
        check("2026", none, Some("{year} "));
        check("year=2026", none, Some("year={year} "));
        check("11", year(2026), Some("{month} 2026-11"));
        check("W47", year(2026), Some("W{week} 2026-W47"));
        check("event_month=9", year(2026), Some("event_month={month} 2026-09"));
        check("month=2026-11", year(2026), Some("month={date:%Y-%m} 2026-11"));
        check("region=42", year(2026), None);
        check("2026-13-01", none, None);
        check("1732233600", none, None);
        check("3f20240115ab", none, None);
        check("v1.2", none, None);
        check("month=13", year(2026), None);
        check("22", none, None);
    }

    #[test]
    fn files_that_name_dates() {
        let check = |name: &str, expect: Option<&str>| {
            let seen = file(name).map(|r| match r.loose {
                Some(loose) => format!("{} or {loose}", r.template),
                None => r.template,
            });
            assert_eq!(seen.as_deref(), expect, "{name}");
        };
        check("sales_2026-11-22.csv", Some("sales_{date}.csv"));
        check("sales_20261122_003.csv.gz", Some("sales_{date:%Y%m%d}{*}.csv.gz"));
        check("20261122T053107Z-ab12.json", Some("{date:%Y%m%d}{*}.json"));
        check("sales_2026-11.csv", Some("sales_{date:%Y-%m}.csv"));
        check("part-00000-2026-11-22.parquet", Some("part-{*}-{date}.parquet"));
        check("2026-11-22._SUCCESS", Some("{date}._SUCCESS"));
        check("log.2026-11-22T05.gz", Some("log.{date}T{hour}.gz"));
        check("sales_2026-11-22_05.csv", Some("sales_{date}_{hour}.csv or sales_{date}{*}.csv"));
        check("2026-11-22-5.json.gz", Some("{date}-{hour}.json.gz or {date}{*}.json.gz"));
        check("a_20261122-050000.gz", Some("a_{date:%Y%m%d}-{hour}0000.gz or a_{date:%Y%m%d}{*}.gz"));
        check("sales_2026-11-22_051.csv", Some("sales_{date}{*}.csv"));
        check("CC-2026-47.gz", Some("CC-{date:%G-%V}.gz"));
        check("x.22-11-2026.csv", Some("x.{date:%d-%m-%Y}.csv"));
        check("x.11-22-2026.csv", Some("x.{date:%m-%d-%Y}.csv"));
        check("part-0.parquet", None);
        check("a1b2c3d420261122.bin", None);
    }
}
