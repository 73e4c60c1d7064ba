//! Extracts the numbers from a key: one pass, without allocation if nothing splits the dataset.

use super::template::{Field, Level, Piece, Template};
use crate::roster::is_clock;

/// What a key says.
#[derive(Clone, Debug, Default)]
pub(super) struct Found<'a> {
    numbers: [Option<i16>; 6],
    pub(super) splits: Vec<String>,
    /// From the first to the last of the open levels without a number.
    open: Option<&'a str>,
    /// The text that `{*}` matches next to a number in a folder's name.
    beside: Option<&'a str>,
    pub(super) name: &'a str,
}

impl<'a> Found<'a> {
    /// See [`Located::above`](super::Located::above).
    pub(super) fn above(&self) -> &'a str {
        self.open.or(self.beside.filter(|text| !is_clock(text))).unwrap_or_default()
    }

    /// The known parts of the time, coarsest first.
    pub(super) fn time(&self) -> [Option<i16>; 6] {
        self.numbers
    }

    pub(super) fn get(&self, field: Field) -> Option<i16> {
        self.numbers.get(field as usize).copied().flatten()
    }

    /// Notes a number; false when the key contradicts itself.
    fn note(&mut self, field: Field, number: i16) -> bool {
        match self.numbers.get_mut(field as usize) {
            Some(place) => *place.get_or_insert(number) == number,
            None => false,
        }
    }
}

/// Matches a key level by level; the rest below the last level is the name.
pub(super) fn locate<'a>(template: &Template, key: &'a str) -> Option<Found<'a>> {
    let mut found = Found { splits: vec![String::new(); template.splits.len()], ..Found::default() };
    let levels = template.told();
    let (mut rest, mut opened) = (key, None);
    for (i, level) in levels.iter().enumerate() {
        if template.flat && i + 1 == levels.len() {
            found.name = rest;
            let fits = !rest.contains('/') && level_matches(level, rest, 0, &mut found);
            // Files are distinguished by their whole name.
            found.beside = None;
            return fits.then_some(found);
        }
        let (text, below) = rest.split_once('/')?;
        if !level_matches(level, text, 0, &mut found) {
            return None;
        }
        let numbered = level.iter().any(|piece| matches!(piece, Piece::Number { .. }));
        if !numbered && level.iter().any(|piece| matches!(piece, Piece::Any)) {
            let from = *opened.get_or_insert(key.len() - rest.len());
            found.open = key.get(from..key.len() - below.len() - 1);
        }
        rest = below;
    }
    found.name = rest;
    Some(found)
}

/// Matches a folder (`a/b/`) as far as its levels go; levels below the partition are not compared. `None` for a
/// folder that cannot contain a key of the layout.
pub(super) fn begin<'a>(template: &Template, folder: &'a str) -> Option<Found<'a>> {
    let mut found = Found { splits: vec![String::new(); template.splits.len()], ..Found::default() };
    let levels = template.told();
    // If the last level is a file's name, it is not a folder's.
    let folders = levels.len() - usize::from(template.flat && !levels.is_empty());
    for (nth, text) in folder.split_terminator('/').enumerate() {
        match levels.get(nth) {
            Some(level) if nth < folders && level_matches(level, text, 0, &mut found) => {}
            None if !template.flat => break,
            _ => return None,
        }
    }
    Some(found)
}

impl Template {
    /// The levels that a key must have. A trailing `{*}` matches whatever is below the partition, so the partition
    /// begins above it.
    pub(super) fn told(&self) -> &[Level] {
        if self.flat {
            return &self.levels;
        }
        let trailing = self.levels.iter().rev().take_while(|level| matches!(level.as_slice(), [Piece::Any]));
        self.levels.get(..self.levels.len() - trailing.count()).unwrap_or_default()
    }
}

/// Matches the whole of `text` from byte `at` on. A template has at most two open places per level, which bounds the
/// backtracking by the square of the level's length.
fn level_matches<'a>(pieces: &[Piece], text: &'a str, at: usize, found: &mut Found<'a>) -> bool {
    let Some((piece, pieces)) = pieces.split_first() else { return at == text.len() };
    match piece {
        Piece::Literal { plain, .. } => match literal(plain, text.as_bytes(), at) {
            Some(end) => level_matches(pieces, text, end, found),
            None => false,
        },
        Piece::Number { field, exact, .. } => match number(*field, *exact, text.as_bytes(), at) {
            Some((n, end)) => {
                let before = found.numbers;
                let fits = found.note(*field, n) && level_matches(pieces, text, end, found);
                if !fits {
                    found.numbers = before;
                }
                fits
            }
            None => false,
        },
        Piece::Any => match ends(text, at, at).find(|end| level_matches(pieces, text, *end, found)) {
            Some(end) => {
                found.beside = text.get(at..end);
                true
            }
            None => false,
        },
        Piece::Split(index) => {
            let fits = ends(text, at, at + 1).find(|end| level_matches(pieces, text, *end, found));
            if let (Some(end), Some(value)) = (fits, found.splits.get_mut(*index)) {
                *value = text.get(at..end).unwrap_or_default().to_owned();
            }
            fits.is_some()
        }
    }
}

/// The places at which something open that starts at `at` may end, the nearest first.
fn ends(text: &str, at: usize, least: usize) -> impl Iterator<Item = usize> + '_ {
    (least..=text.len()).filter(move |end| at <= *end && text.is_char_boundary(*end))
}

/// One byte of a key, percent-decoded, and where the next one starts.
fn unit(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    if byte == b'%'
        && let (Some(high), Some(low)) = (text.get(at + 1), text.get(at + 2))
        && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        && let Ok(byte) = u8::try_from(high * 16 + low)
    {
        return Some((byte, at + 3));
    }
    Some((byte, at + 1))
}

fn literal(plain: &[u8], text: &[u8], mut at: usize) -> Option<usize> {
    for expected in plain {
        let (byte, next) = unit(text, at)?;
        if byte != *expected {
            return None;
        }
        at = next;
    }
    Some(at)
}

/// Reads a number at `at`: four digits of a year, one or two of anything else (two when `exact`).
fn number(field: Field, exact: bool, text: &[u8], mut at: usize) -> Option<(i16, usize)> {
    let year = field.rank() == 0;
    let (least, most) = if year { (4, 4) } else { (if exact { 2 } else { 1 }, 2) };
    let (mut n, mut digits) = (0i16, 0);
    while digits < most
        && let Some((byte @ b'0'..=b'9', next)) = unit(text, at)
    {
        n = n * 10 + i16::from(byte - b'0');
        digits += 1;
        at = next;
    }
    let more = matches!(unit(text, at), Some((b'0'..=b'9', _)));
    (digits >= least && (exact || !more)).then_some((n, at))
}

/// A literal's bytes as they compare: percent-decoded.
pub(super) fn plain(raw: &str) -> Vec<u8> {
    let (bytes, mut at, mut plain) = (raw.as_bytes(), 0, Vec::with_capacity(raw.len()));
    while let Some((byte, next)) = unit(bytes, at) {
        plain.push(byte);
        at = next;
    }
    plain
}
