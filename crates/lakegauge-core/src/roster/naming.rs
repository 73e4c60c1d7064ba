//! Which folders and files have a recurring name, and what it is without its date.

/// Maximum length of a name in bytes. A longer one is a document, not a name.
const LONGEST: usize = 128;

/// Words that number the pieces of one output. Their number depends on how the job ran, not on what it wrote.
const PIECES: [&str; 26] = [
    "part", "parts", "data", "file", "files", "chunk", "shard", "segment", "block", "split", "batch", "task",
    "attempt", "page", "bucket", "output", "out", "run", "export", "dump", "delta", "seq", "snappy", "of",
    "flush", "upload",
];

/// Whether a folder can be one that always comes. Hive's folder for rows without a value depends on such rows, and an
/// id or a date never recurs.
pub(super) fn returns(folder: &str) -> bool {
    let value = folder.split_once('=').map_or(folder, |(_, value)| value);
    is_plain(folder) && !value.starts_with("__") && undated(value) == value
}

fn is_plain(name: &str) -> bool {
    let odd = |c: char| c == '|' || c.is_control();
    !name.is_empty() && name.len() <= LONGEST && !name.contains(odd)
}

/// A file's name in its recurring form, with `*` for what changes from day to day; `None` if no name is left:
/// `part-00000-8ae1….parquet`.
pub(super) fn lasting(file: &str) -> Option<String> {
    if !is_plain(file) {
        return None;
    }
    let name = undated(file);
    let stem = name.find('.').filter(|dot| *dot > 0).and_then(|dot| name.get(..dot)).unwrap_or(&name);
    let words = stem.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().nth(1).is_some());
    let named = words.filter(|word| !PIECES.iter().any(|piece| piece.eq_ignore_ascii_case(word))).count() > 0;
    named.then_some(name)
}

/// A text with `*` for each date, time, UUID and long number or hexadecimal in it.
pub(super) fn undated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let glued = out.ends_with(|c: char| c.is_ascii_alphanumeric());
        let width = varying(rest, glued);
        if width > 0 {
            if !out.ends_with('*') {
                out.push('*');
            }
            rest = rest.get(width..).unwrap_or_default();
            continue;
        }
        // A run that stays is copied whole: its end is not the start of another number.
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let width = if digits > 0 { digits } else { letters(rest, run).max(first.len_utf8()) };
        out.push_str(rest.get(..width).unwrap_or_default());
        rest = rest.get(width..).unwrap_or_default();
    }
    out
}

/// The letters at the start of a run of letters and digits.
fn letters(text: &str, run: usize) -> usize {
    text.bytes().take(run).take_while(u8::is_ascii_alphabetic).count()
}

/// The number of bytes at the start of `text` that are another date, time or id each time; 0 if none are. `glued`:
/// there is a letter or a digit right before it.
fn varying(text: &str, glued: bool) -> usize {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    if !glued {
        let hex = bytes.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let next_is_word = bytes.get(hex).is_some_and(u8::is_ascii_alphanumeric);
        let digits = bytes.iter().take(hex).filter(|b| b.is_ascii_digit()).count();
        if let Some(uuid) = text.get(..36).filter(|uuid| is_uuid(uuid)) {
            return uuid.len();
        }
        if hex >= 12 && digits >= 2 && !next_is_word {
            return hex;
        }
    }
    let run = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let width = match run {
        4 => separated(text),
        8 if text.get(..run).is_some_and(is_day) => run,
        // Seconds since 1970, a day with its time, an offset, a number of a batch.
        10.. => run,
        _ => 0,
    };
    match width {
        0 => 0,
        width => width + clock(text, width, digit),
    }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_day(digits: &str) -> bool {
    let number = |at: std::ops::Range<usize>| digits.get(at).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    (1970..2200).contains(&number(0..4))
        && (1..=12).contains(&number(4..6))
        && (1..=31).contains(&number(6..8))
}

/// `2026-11-22`, `2026_11_22`, `2026.11.22`.
fn separated(text: &str) -> usize {
    let bytes = text.as_bytes();
    let two = |at: usize| bytes.get(at..at + 2).is_some_and(|d| d.iter().all(u8::is_ascii_digit));
    let dash = bytes.get(4).filter(|b| b"-_.".contains(b));
    let all = dash.is_some() && dash == bytes.get(7) && two(5) && two(8);
    if all && !bytes.get(10).is_some_and(u8::is_ascii_digit) { 10 } else { 0 }
}

/// The time of day after a date: `T05`, `T02-10-00Z`, `-0210`, `_02:10`.
fn clock(text: &str, from: usize, digit: impl Fn(usize) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut end = from;
    while bytes.get(at).is_some_and(|b| b"Tt_-:. ".contains(b)) && digit(at + 1) {
        let run = bytes.iter().skip(at + 1).take_while(|b| b.is_ascii_digit()).count();
        if ![2, 4, 6, 9].contains(&run) {
            break;
        }
        at += 1 + run;
        end = at;
    }
    let zone = bytes.get(end).is_some_and(|b| b"Zz".contains(b)) && end > from;
    end - from + usize::from(zone)
}

/// Whether the text that `{*}` matches next to a date is the time of that date: `00-00`, `T01-00Z`.
pub(crate) fn is_clock(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_digit() || "Tt-_:.Zz ".contains(c);
    text.chars().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_times_and_ids_are_left_out_of_a_name() {
        let check = |text: &str, expect: &str| assert_eq!(undated(text), expect, "{text}");
        check("store-017.csv", "store-017.csv");
        check("region=latam", "region=latam");
        check("sales_uk_20261124.csv", "sales_uk_*.csv");
        check("sales_uk_2026-11-24T02-10Z.csv", "sales_uk_*.csv");
        check("sales-2026_11_24_0210-uk", "sales-*-uk");
        check("1764036610_0.csv", "*_0.csv");
        check("part-00000-8ae1f3a0-51cb-4a0e-9f53-0c2d9d3c4a11.c000", "part-00000-*.c000");
        check("d41d8cd98f00b204e9800998ecf8427e", "*");
        check("cafe", "cafe");
        check("store_id=100234", "store_id=100234");
        check("customer=20261399", "customer=20261399");
        check("événement-2026-11-24", "événement-*");
        check("", "");
    }

    #[test]
    fn folders_that_return_are_told_from_those_that_do_not() {
        let check = |folder: &str, expect: bool| assert_eq!(returns(folder), expect, "{folder}");
        check("region=latam", true);
        check("hour=07", true);
        check("store_id=017", true);
        check("uk", true);
        check("batch=8ae1f3a0-51cb-4a0e-9f53-0c2d9d3c4a11", false);
        check("run=20261124T0210", false);
        check("ts=1764036610", false);
        check("region=__HIVE_DEFAULT_PARTITION__", false);
        check("a|b", false);
        check("a\nb", false);
        check(&"x".repeat(200), false);
    }

    #[test]
    fn files_with_a_name_are_told_from_numbered_pieces() {
        let check = |file: &str, expect: Option<&str>| assert_eq!(lasting(file).as_deref(), expect, "{file}");
        check("store-017.csv", Some("store-017.csv"));
        check("orders_20261124.json.gz", Some("orders_*.json.gz"));
        check("part-00000-8ae1f3a0-51cb-4a0e-9f53-0c2d9d3c4a11.c000.snappy.parquet", None);
        check("part-3.parquet", None);
        check("000000_0", None);
        check("1764036610_0.csv", None);
        check("data-00001-of-00004.avro", None);
        check("x", None);
        check("x.gz", None);
        check("22.csv", None);
        check("test+0+0020261234.avro", Some("test+0+*.avro"));
        check("stream-1-2026-11-24-02-10-05-8ae1f3a0-51cb-4a0e-9f53-0c2d9d3c4a11", Some("stream-1-*-*"));
    }

    #[test]
    fn a_time_beside_a_date_is_no_name() {
        let check = |text: &str, expect: bool| assert_eq!(is_clock(text), expect, "{text}");
        check("00-00", true);
        check("T01-00Z", true);
        check("", true);
        check("uk", false);
        check("017a", false);
    }
}
