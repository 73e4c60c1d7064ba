//! Paths in the syntax of other tools (`%Y-%m-%d`, `YYYY/MM/DD`, `{{ ds }}`, `$YEAR`, `*.parquet`), and how they are
//! written here. Such texts are only used in hints, because a key may contain any of them.

use super::dated::Layout;
use super::error::{LayoutError, Result};

/// Tokens of other tools, and what they are here. Braces and `$` are removed first, and case is ignored.
const WORDS: &[(&str, &str)] = &[
    ("ds", "{date}"),
    ("ds_nodash", "{date:%Y%m%d}"),
    ("execution_date", "{date}"),
    ("logical_date", "{date}"),
    ("data_interval_start", "{date}"),
    ("run_date", "{date}"),
    ("partition_date", "{date}"),
    ("date", "{date}"),
    ("dt", "{date}"),
    ("today", "{date}"),
    ("yesterday", "{date}"),
    ("year", "{year}"),
    ("yyyy", "{year}"),
    ("month", "{month}"),
    ("mm", "{month}"),
    ("day", "{day}"),
    ("dd", "{day}"),
    ("hour", "{hour}"),
    ("hh", "{hour}"),
    ("hh24", "{hour}"),
];

/// Date codes that other tools write without brackets, longest first. Case matters.
const CODES: &[(&str, &str)] = &[
    ("%Y-%m-%dT%H", "{date:%Y-%m-%dT%H}"),
    ("%Y%m%d%H", "{date:%Y%m%d%H}"),
    ("%Y-%m-%d", "{date}"),
    ("%Y/%m/%d", "{year}/{month}/{day}"),
    ("%Y_%m_%d", "{date:%Y_%m_%d}"),
    ("%Y%m%d", "{date:%Y%m%d}"),
    ("%F", "{date}"),
    ("%Y-%m", "{date:%Y-%m}"),
    ("%Y%m", "{date:%Y%m}"),
    ("%Y", "{year}"),
    ("%m", "{month}"),
    ("%d", "{day}"),
    ("%H", "{hour}"),
    ("YYYY-MM-DD", "{date}"),
    ("yyyy-MM-dd", "{date}"),
    ("yyyy-mm-dd", "{date}"),
    ("YYYY_MM_DD", "{date:%Y_%m_%d}"),
    ("yyyy_MM_dd", "{date:%Y_%m_%d}"),
    ("YYYYMMDDHH", "{date:%Y%m%d%H}"),
    ("yyyyMMddHH", "{date:%Y%m%d%H}"),
    ("YYYYMMDD", "{date:%Y%m%d}"),
    ("yyyyMMdd", "{date:%Y%m%d}"),
    ("yyyymmdd", "{date:%Y%m%d}"),
    ("YYYY-MM", "{date:%Y-%m}"),
    ("yyyy-MM", "{date:%Y-%m}"),
    ("YYYYMM", "{date:%Y%m}"),
    ("yyyyMM", "{date:%Y%m}"),
    ("YYYY", "{year}"),
    ("yyyy", "{year}"),
    ("MM", "{month}"),
    ("DD", "{day}"),
    ("dd", "{day}"),
    ("HH24", "{hour}"),
    ("HH", "{hour}"),
    ("hh", "{hour}"),
];

impl Layout {
    /// Reads a template: literals, `{date}`, `{date:FMT}`, `{year}`, `{month}`, `{day}`, `{hour}`, `{week}`,
    /// `{*}` for anything within one level, and any other `{name}` for a key that splits the dataset.
    ///
    /// # Errors
    /// Names the offending bytes and what to write instead.
    pub fn parse(template: &str) -> Result<Layout> {
        refuse_brackets(template)?;
        refuse_wildcards(template)?;
        let layout = Layout::read(template).map_err(|error| explained(template, error))?;
        refuse_hours(template)?;
        Ok(layout)
    }
}

/// Rejects the brackets of other tools, which could be read as letters around one of our tokens.
fn refuse_brackets(text: &str) -> Result<()> {
    let found = ["${", "!{", "#{"].iter().find_map(|open| text.find(open));
    let Some(at) = found else { return Ok(()) };
    let ours = rewritten(text);
    let hint = match ours != text && Layout::read(&ours).is_ok() {
        true => format!("write `{ours}`"),
        false => "tokens are {date} {year} {month} {day} {hour} {week}, {*}, or the name of a key".to_owned(),
    };
    Err(LayoutError::new(at..at + 2, "this is not how a date is written here", hint))
}

/// Codes of an hour below a date of ours. They could be read as a key or a folder of that name, and the hours of a day
/// would be one partition.
const HOURS: &[&str] = &["{HH}", "{hh}", "{HH24}", "{hh24}", "%H", "hour=HH", "hour=hh"];

/// Rejects a path whose hour is written as other tools do, although its date is ours.
fn refuse_hours(text: &str) -> Result<()> {
    let Some((at, code)) = HOURS.iter().find_map(|code| Some((outside_tokens(text, code)?, code))) else {
        return Ok(());
    };
    let ours = if code.starts_with("hour=") { "hour={hour}" } else { "{hour}" };
    let hint = format!("write `{}`", text.replacen(code, ours, 1));
    Err(LayoutError::new(at..at + code.len(), "this is not how an hour is written here", hint))
}

/// Where `code` is, unless it is part of a format in one of our tokens.
fn outside_tokens(text: &str, code: &str) -> Option<usize> {
    let inside = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.rfind('{').is_some_and(|open| before.rfind('}').is_none_or(|close| close < open))
    };
    text.match_indices(code).map(|(at, _)| at).find(|at| !inside(*at))
}

/// Rejects `*` outside braces where it is not a letter: as a whole level, and in the last level. Whatever is in a
/// partition's folder is its data, under any name.
fn refuse_wildcards(text: &str) -> Result<()> {
    let Some(star) = wildcard(text) else { return Ok(()) };
    let level = text.get(..star).and_then(|before| before.rfind('/')).map_or(0, |slash| slash + 1);
    let end = text.get(star..).and_then(|rest| rest.find('/')).map_or(text.len(), |slash| star + slash);
    let below = text.get(end..).unwrap_or_default().trim_matches('/');
    let last = below.is_empty() || below.split('/').all(|level| level.contains('*') && !level.contains('{'));
    let here = text.get(level..end).unwrap_or_default();
    let dated = here.contains('{');
    let hint = match text.get(..level).filter(|before| last && !dated && Layout::read(before).is_ok()) {
        Some(before) => format!("write `{before}`: everything in a partition's folder is looked at"),
        None if here.ends_with("=*") && Layout::read(&text.replacen("=*", "={date}", 1)).is_ok() => {
            format!("write `{}`", text.replacen("=*", "={date}", 1))
        }
        None => {
            let ours = here.replace("{*}", "*").replace("**", "*").replace('*', "{*}");
            format!("write `{ours}`; in a key, `%2A` is an asterisk")
        }
    };
    Err(LayoutError::new(star..star + 1, "`*` stands for nothing here", hint))
}

/// The first `*` that is not the whole of a token, and not part of a folder's name.
fn wildcard(text: &str) -> Option<usize> {
    let levels = text.trim_end_matches('/').len();
    let token = |at: usize| text.get(..at).is_some_and(|before| before.ends_with('{'));
    let is_letter = |at: usize| {
        let start = text.get(..at).and_then(|before| before.rfind('/')).map_or(0, |slash| slash + 1);
        let end = text.get(at..levels).and_then(|rest| rest.find('/')).map(|slash| at + slash);
        end.is_some_and(|end| text.get(start..end).is_some_and(|level| !level.trim_matches('*').is_empty()))
    };
    text.match_indices('*').map(|(at, _)| at).find(|at| !token(*at) && !is_letter(*at))
}

/// The error of an invalid template, with the whole path as it is written here if another tool's syntax is
/// recognised.
fn explained(text: &str, error: LayoutError) -> LayoutError {
    let ours = rewritten(text);
    if ours == text || Layout::read(&ours).is_err() {
        return error;
    }
    let same = text.bytes().zip(ours.bytes()).take_while(|(a, b)| a == b).count();
    let same = (0..=same).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = text.get(..same).map_or(same, |before| before.trim_end_matches(['{', '%', '$', '<']).len());
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.find('/').map_or(text.len(), |slash| start + slash.max(1)).min(text.len());
    LayoutError::new(start..end, "this is not how a date is written here", format!("write `{ours}`"))
}

/// The path with every token of another tool translated.
fn rewritten(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((length, ours)) = token(rest).or_else(|| code(rest, &out)).or_else(|| example(rest)) {
            out.push_str(&ours);
            rest = rest.get(length..).unwrap_or_default();
        } else if let Some(length) = own_token(rest) {
            out.push_str(rest.get(..length).unwrap_or_default());
            rest = rest.get(length..).unwrap_or_default();
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// A token in the brackets of another tool: `{{ ds }}`, `${YEAR}`, `$YEAR`, `!{timestamp:yyyy-MM-dd}`, `<date>`, `{yyyy}`.
fn token(rest: &str) -> Option<(usize, String)> {
    const BRACKETS: [(&str, &str); 7] =
        [("{{", "}}"), ("${", "}"), ("!{", "}"), ("#{", "}"), ("<", ">"), ("$(", ")"), ("{", "}")];
    let inside = BRACKETS.iter().find_map(|(open, close)| {
        let inside = rest.strip_prefix(open)?;
        let end = inside.find(close)?;
        Some((*open, inside.get(..end)?.trim(), open.len() + end + close.len()))
    });
    if let Some((open, name, length)) = inside {
        let name = name.strip_prefix("timestamp:").unwrap_or(name);
        return Some((length, of_word(name).or_else(|| of_expression(open, name))?));
    }
    let name = rest.strip_prefix('$')?;
    let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    Some((length + 1, of_word(name.get(..length)?)?))
}

/// The text between brackets: a word, or a date format.
fn of_word(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    if let Some((_, ours)) = WORDS.iter().find(|(word, _)| *word == lower) {
        return Some((*ours).to_owned());
    }
    let mut out = String::new();
    let mut rest = name;
    while !rest.is_empty() {
        let separator = rest.len() - rest.trim_start_matches(['/', '-', '_']).len();
        out.push_str(rest.get(..separator)?);
        rest = rest.get(separator..)?;
        if rest.is_empty() {
            break;
        }
        let (theirs, ours) = CODES.iter().find(|(code, _)| rest.starts_with(code))?;
        out.push_str(ours);
        rest = rest.get(theirs.len()..)?;
    }
    out.contains('{').then_some(out)
}

/// An expression of a template language or of a shell: the format in it, otherwise the last of our words.
fn of_expression(open: &str, text: &str) -> Option<String> {
    if !matches!(open, "{{" | "$(") {
        return None;
    }
    if let Some(format) = text.find('%').and_then(|at| text.get(at..)) {
        let end = format.find(['\'', '"']).unwrap_or(format.len());
        return of_word(format.get(..end)?);
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let known = |word: &str| match word {
        "ds_add" => of_word("ds"),
        word => of_word(word),
    };
    words.filter_map(known).next_back()
}

/// A code without brackets, and not within a word.
fn code(rest: &str, before: &str) -> Option<(usize, String)> {
    let (theirs, ours) = CODES.iter().find(|(code, _)| rest.starts_with(code))?;
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let after = rest.get(theirs.len()..).unwrap_or_default();
    let whole =
        theirs.starts_with('%') || !(letter(before.chars().next_back()) || letter(after.chars().next()));
    whole.then(|| (theirs.len(), (*ours).to_owned()))
}

/// A date as an example: `2026-11-22`, `20261122`.
fn example(rest: &str) -> Option<(usize, String)> {
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 8 && rest.starts_with("20") {
        return Some((8, "{date:%Y%m%d}".to_owned()));
    }
    let date: jiff::civil::Date = rest.get(..10).filter(|_| digits == 4)?.parse().ok()?;
    (date.year() >= 1990).then(|| (10, "{date}".to_owned()))
}

/// The length of a token that is understood here.
fn own_token(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('{')?;
    Some(inside.find('}')? + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_tools_paths_are_shown_as_they_are_written_here() {
        let check = |text: &str, expect: &str| {
            let error = Layout::parse(text).unwrap_err();
            assert_eq!(error.hint, format!("write `{expect}`"), "{text}: {error}");
            assert!(error.at.start < error.at.end && text.get(error.at.clone()).is_some(), "{error:?}");
            assert!(Layout::parse(expect).is_ok());
        };
        check("kpi/date=%Y-%m-%d/", "kpi/date={date}/");
        check("kpi/%Y/%m/%d", "kpi/{year}/{month}/{day}");
        check("kpi/year=%Y/month=%m/day=%d/", "kpi/year={year}/month={month}/day={day}/");
        check("kpi/%Y%m%d.csv", "kpi/{date:%Y%m%d}.csv");
        check("kpi/YYYY-MM-DD/", "kpi/{date}/");
        check("kpi/yyyy/MM/dd/HH/", "kpi/{year}/{month}/{day}/{hour}/");
        check("kpi/{yyyy}/{MM}/{dd}/", "kpi/{year}/{month}/{day}/");
        check("kpi/{YYYY-MM-DD}/", "kpi/{date}/");
        check("kpi/date={{ ds }}/", "kpi/date={date}/");
        check("kpi/{{ds_nodash}}/part.csv", "kpi/{date:%Y%m%d}/part.csv");
        check("kpi/{{ execution_date }}/", "kpi/{date}/");
        check("kpi/$YEAR/$MONTH/$DAY/", "kpi/{year}/{month}/{day}/");
        check("kpi/year=${year}/month=${month}/", "kpi/year={year}/month={month}/");
        check("kpi/!{timestamp:yyyy-MM-dd}/", "kpi/{date}/");
        check("kpi/!{timestamp:yyyy/MM/dd/HH}/", "kpi/{year}/{month}/{day}/{hour}/");
        check("kpi/<date>/", "kpi/{date}/");
        check("kpi/date={{ data_interval_start | ds }}/", "kpi/date={date}/");
        check("kpi/{{ execution_date.strftime('%Y%m%d') }}/", "kpi/{date:%Y%m%d}/");
        check("kpi/date={{ macros.ds_add(ds, -1) }}/", "kpi/date={date}/");
        check("kpi/date=$(date +%F)/", "kpi/date={date}/");
        check("kpi/{year}/{month}/{day}/{HH}/", "kpi/{year}/{month}/{day}/{hour}/");
        check("kpi/date={date}/hour=%H/", "kpi/date={date}/hour={hour}/");
        check("kpi/date={date}/hour=HH/", "kpi/date={date}/hour={hour}/");
        assert!(Layout::parse("kpi/{date:%Y%m%d%H}/HH/").is_ok());
        check("kpi/date=2026-11-22/", "kpi/date={date}/");
        check("kpi/20261122/", "kpi/{date:%Y%m%d}/");
        check("{region}/%Y-%m-%d/", "{region}/{date}/");
    }

    #[test]
    fn wildcards_are_refused_with_what_is_meant() {
        let check = |text: &str, expect: &str| {
            let error = Layout::parse(text).unwrap_err();
            assert_eq!(text.get(error.at.clone()), Some("*"), "{text}");
            assert_eq!(error.hint, expect, "{text}");
        };
        let folder = "write `kpi/{date}/`: everything in a partition's folder is looked at";
        check("kpi/{date}/*.parquet", folder);
        check("kpi/{date}/*", folder);
        check("kpi/{date}/**/", folder);
        check("kpi/{date}/**/*.parquet", folder);
        check("kpi/{date}/*/*/part-*", folder);
        check("kpi/date=*/", "write `kpi/date={date}/`");
        check("kpi/*/{date}/", "write `{*}`; in a key, `%2A` is an asterisk");
        check("kpi/part-*-{date}.csv", "write `part-{*}-{date}.csv`; in a key, `%2A` is an asterisk");
        check("kpi/{date}*.csv", "write `{date}{*}.csv`; in a key, `%2A` is an asterisk");
        assert!(Layout::parse("kpi/{*}/{date}/").is_ok());
    }

    #[test]
    fn what_is_understood_is_left_alone() {
        for text in [
            "YYYY/{date}/",
            "partitioned/%Y-%M-%d/{date}/",
            "COMMON/{date}/",
            "a%20b/{date}/",
            "team*x/{date}/",
        ] {
            assert!(Layout::parse(text).is_ok(), "{text}");
        }
        let error = Layout::parse("SUMMARY/COMMON/HH/").unwrap_err();
        assert_eq!(error.message, "the path has no date in it");
    }
}
