//! The rules of a template, which ensure that a key can be read in one way only.

use std::ops::Range;

use super::error::{LayoutError, Result};
use super::template::{Field, Piece, Spanned, Template};
use crate::partition::Cadence;

/// The error for a template without any time token.
pub(super) fn no_date(template: &Template) -> LayoutError {
    let hint = match template.splits.first() {
        Some(name) => {
            format!(
                "`{{{name}}}` splits the dataset by its value; if it is the date, write `{name}={{date}}`"
            )
        }
        None => "add where the date is, for example `date={date}/` or `{date:%Y/%m/%d}/`".to_owned(),
    };
    LayoutError::new(0..template.text.trim_end_matches('/').len(), "the path has no date in it", hint)
}

pub(super) fn check_root(text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(LayoutError::new(0..0, "the path is empty", "write one like `kpi/sales/date={date}/`"));
    }
    if let Some(scheme) = text.find("://") {
        let hint = "paths are relative to `lake`: leave out its address";
        return Err(LayoutError::new(0..scheme + 3, "the path is an address", hint));
    }
    if text.starts_with('/') {
        return Err(LayoutError::new(
            0..1,
            "the path starts with `/`",
            "leave it out: paths are relative to `lake`",
        ));
    }
    let mut at = 0;
    for level in text.split('/') {
        if level == ".." || level == "." {
            let hint = "write the path from the lake's root, without `.` and `..`";
            return Err(LayoutError::new(
                at..at + level.len(),
                format!("the path has a level `{level}`"),
                hint,
            ));
        }
        at += level.len() + 1;
    }
    Ok(())
}

/// Open places must be distinguishable, and few, so that matching is cheap on any key.
pub(super) fn check_level(level: &[Spanned]) -> Result<()> {
    for pair in level.windows(2) {
        if let [a, b] = pair
            && a.piece.is_open()
            && b.piece.is_open()
        {
            let hint = "put the text that separates them between, or keep one of them";
            return Err(LayoutError::new(a.at.start..b.at.end, "two open tokens side by side", hint));
        }
    }
    match level.iter().filter(|spanned| spanned.piece.is_open()).nth(2) {
        Some(third) => Err(LayoutError::new(
            third.at.clone(),
            "more than two open tokens in one level",
            "replace the level by one `{*}`",
        )),
        None => Ok(()),
    }
}

/// Marks numbers whose neighbours are digits, or may be once they are read: they are read at full width.
pub(super) fn mark_exact(level: &mut [Spanned]) -> Result<()> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let joins: Vec<(bool, bool)> = level
        .iter()
        .map(|spanned| match &spanned.piece {
            Piece::Literal { plain, .. } => (digit(plain.first()), digit(plain.last())),
            Piece::Number { .. } => (true, true),
            Piece::Any | Piece::Split(_) => (false, false),
        })
        .collect();
    let opens: Vec<bool> = level.iter().map(|spanned| spanned.piece.is_open()).collect();
    for (i, spanned) in level.iter_mut().enumerate() {
        let before = i.checked_sub(1).and_then(|i| joins.get(i)).is_some_and(|(_, last)| *last);
        let after = joins.get(i + 1).is_some_and(|(first, _)| *first);
        if let Piece::Number { padded, exact, .. } = &mut spanned.piece {
            let digits = before || after;
            *exact = digits || (*padded && opens.get(i + 1).is_some_and(|open| *open));
            if digits && !*padded {
                let hint = "put a separator between the numbers, or use the padded code";
                let message = "a number without padding beside other digits cannot be told apart";
                return Err(LayoutError::new(spanned.at.clone(), message, hint));
            }
        }
    }
    Ok(())
}

/// A last level without `/` is a file name when a `.` follows its last time token.
pub(super) fn is_file(level: &[Spanned]) -> bool {
    let number = |spanned: &Spanned| matches!(spanned.piece, Piece::Number { .. });
    let last = level.iter().rposition(number).map_or(0, |i| i + 1);
    let dotted =
        |spanned: &Spanned| matches!(&spanned.piece, Piece::Literal { raw, .. } if raw.contains('.'));
    level.iter().skip(last).any(dotted)
}

/// The cadence of the finest field, if all the fields that it needs are there.
pub(super) fn cadence(levels: &[Vec<Spanned>]) -> Result<Option<Cadence>> {
    let find = |field: Field| {
        let mut pieces = levels.iter().flatten();
        let is = |s: &&Spanned| matches!(s.piece, Piece::Number { field: f, .. } if f == field);
        pieces.find(is).map(|spanned| spanned.at.clone())
    };
    let needs = |at: Range<usize>, what: &str, without: &str| {
        let message = format!("{what} without {without}");
        let short = without.trim_start_matches("a ");
        let hint = format!("add `{{{short}}}`, or write the whole date as one `{{date}}`");
        Err(LayoutError::new(at, message, hint))
    };
    let (year, month, day, hour) =
        (find(Field::Year), find(Field::Month), find(Field::Day), find(Field::Hour));
    if let Some(week) = find(Field::Week) {
        return match (find(Field::IsoYear), month.or(day).or(hour)) {
            (_, Some(other)) => Err(LayoutError::new(
                other,
                "a week together with a month, day or hour",
                "keep either the week or the date",
            )),
            (None, None) => Err(LayoutError::new(
                week,
                "a week without a year",
                "add `{year}`, which is the week's ISO year then, or write `{date:%G-W%V}`",
            )),
            (Some(_), None) => Ok(Some(Cadence::Weekly)),
        };
    }
    if let Some(at) = find(Field::IsoYear) {
        let hint = "write `%Y`, or add the week `%V`";
        return Err(LayoutError::new(at, "the year of an ISO week without its week", hint));
    }
    match (year, month, day, hour) {
        (_, _, None, Some(hour)) => needs(hour, "an hour", "a day"),
        (_, None, Some(day), _) => needs(day, "a day", "a month"),
        (None, Some(month), _, _) => needs(month, "a month", "a year"),
        (Some(_), Some(_), Some(_), Some(_)) => Ok(Some(Cadence::Hourly)),
        (Some(_), Some(_), Some(_), None) => Ok(Some(Cadence::Daily)),
        (Some(_), Some(_), None, None) => Ok(Some(Cadence::Monthly)),
        (Some(year), None, None, None) => Err(LayoutError::new(
            year,
            "a year alone: partitions are hours, days, weeks or months",
            "add the finer levels, for example `{year}/{month}/`",
        )),
        (None, None, None, None) => Ok(None),
    }
}
