//! Parses the typed template, with an error for everything that would be ambiguous later.

use std::ops::Range;

use super::check::{cadence, check_level, check_root, is_file, mark_exact};
use super::error::{LayoutError, Result};
use super::matching::plain;
use super::template::{Field, Level, Piece, Spanned, Template};

/// The time tokens, what each writes and the fields it may hold.
const TOKENS: [(&str, &str, &[Field]); 6] = [
    ("date", "%Y-%m-%d", &[Field::Year, Field::IsoYear, Field::Month, Field::Week, Field::Day, Field::Hour]),
    ("year", "%Y", &[Field::Year, Field::IsoYear]),
    ("month", "%m", &[Field::Month]),
    ("week", "%V", &[Field::Week]),
    ("day", "%d", &[Field::Day]),
    ("hour", "%H", &[Field::Hour]),
];

/// Reads a template and checks all that does not depend on whether it must name a date.
pub(super) fn template(text: &str) -> Result<Template> {
    check_root(text)?;
    let mut read = Reader { text, weekly: has_week(text), ..Reader::default() };
    read.all()?;
    let Reader { mut levels, splits, .. } = read;
    for level in &mut levels {
        check_level(level)?;
        mark_exact(level)?;
    }
    let cadence = cadence(&levels)?;
    let mut text = text.to_owned();
    let closed = levels.len() > 1 && levels.last().is_some_and(Vec::is_empty);
    if closed {
        levels.pop();
    }
    let flat = !closed && levels.last().is_some_and(|level| is_file(level));
    if !flat && !closed {
        text.push('/');
    }
    let bare = |level: Vec<Spanned>| level.into_iter().map(|spanned| spanned.piece).collect::<Level>();
    Ok(Template { text, levels: levels.into_iter().map(bare).collect(), flat, splits, cadence })
}

/// Whether `{year}` means the year of the ISO week.
fn has_week(text: &str) -> bool {
    text.contains("{week}") || text.contains("%V")
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    weekly: bool,
    levels: Vec<Vec<Spanned>>,
    splits: Vec<String>,
}

impl Reader<'_> {
    fn all(&mut self) -> Result<()> {
        self.levels.push(Vec::new());
        let mut at = 0;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            let open = rest.find('{').unwrap_or(rest.len());
            let literal = rest.get(..open).unwrap_or_default();
            if let Some(stray) = literal.find('}') {
                let at = at + stray;
                let hint = "write `{name}` for a token; a brace cannot be part of a path";
                return Err(LayoutError::new(at..at + 1, "a `}` without its `{`", hint));
            }
            self.literal(literal, at);
            at += open;
            let Some(inside) = rest.get(open + 1..) else { break };
            let close = inside.find(['{', '}']).filter(|i| inside.as_bytes().get(*i) == Some(&b'}'));
            let Some(token) = close.and_then(|close| inside.get(..close)) else {
                let end = inside.find(['/', '{']).map_or(self.text.len(), |i| at + 1 + i);
                return Err(LayoutError::new(at..end, "a `{` that is not closed", "add the `}`"));
            };
            self.token(token, at + 1)?;
            at += token.len() + 2;
        }
        Ok(())
    }

    fn push(&mut self, piece: Piece, at: Range<usize>) {
        if let Some(level) = self.levels.last_mut() {
            level.push(Spanned { piece, at });
        }
    }

    /// Adds literal text, which may span levels.
    fn literal(&mut self, text: &str, at: usize) {
        let mut from = at;
        for (i, raw) in text.split('/').enumerate() {
            if i > 0 {
                self.levels.push(Vec::new());
            }
            if !raw.is_empty() {
                let piece = Piece::Literal { raw: raw.to_owned(), plain: plain(raw) };
                self.push(piece, from..from + raw.len());
            }
            from += raw.len() + 1;
        }
    }

    /// Reads the text between braces; `at` is its first byte.
    fn token(&mut self, token: &str, at: usize) -> Result<()> {
        let (name, format) = match token.split_once(':') {
            Some((name, format)) => (name, Some(format)),
            None => (token, None),
        };
        let whole = at - 1..at + token.len() + 1;
        if let Some((name, usual, fields)) = TOKENS.iter().find(|(time, ..)| *time == name) {
            let from = format.map_or(at, |_| at + name.len() + 1);
            return self.format(format.unwrap_or(usual), from, format.is_some(), (name, fields), whole);
        }
        if name == "*" && format.is_none() {
            self.push(Piece::Any, whole);
            return Ok(());
        }
        self.split(name, format, whole)
    }

    fn split(&mut self, name: &str, format: Option<&str>, at: Range<usize>) -> Result<()> {
        let fail = |message: String, hint: &str| Err(LayoutError::new(at.clone(), message, hint));
        let lower = name.to_ascii_lowercase();
        if TOKENS.iter().any(|(time, ..)| *time == lower) {
            return fail(
                format!("`{{{name}}}` is not a token"),
                &format!("write `{{{lower}}}`; the case of the text around it stays as the store has it"),
            );
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            let hint = "tokens are {date} {year} {month} {day} {hour} {week}, {*}, or the name of a key";
            return fail(format!("`{{{name}}}` is not a token"), hint);
        }
        if format.is_some() {
            let hint = "only {date}, {year}, {month}, {day}, {hour} and {week} have a format";
            return fail(format!("`{{{name}}}` cannot have a format"), hint);
        }
        if self.splits.iter().any(|known| known == name) {
            let hint = "use `{*}` for the second one, or give it a name of its own";
            return fail(format!("the key `{{{name}}}` is used twice"), hint);
        }
        self.splits.push(name.to_owned());
        self.push(Piece::Split(self.splits.len() - 1), at);
        Ok(())
    }

    /// Reads strftime codes; `typed` is false for the default format of a bare token.
    fn format(
        &mut self,
        format: &str,
        from: usize,
        typed: bool,
        (name, fields): (&str, &[Field]),
        whole: Range<usize>,
    ) -> Result<()> {
        let (mut at, mut codes) = (0, 0);
        while let Some(rest) = format.get(at..).filter(|rest| !rest.is_empty()) {
            let percent = rest.find('%').unwrap_or(rest.len());
            if percent > 0 {
                self.literal(rest.get(..percent).unwrap_or_default(), from + at);
            }
            let Some(code) = rest.get(percent..).filter(|code| !code.is_empty()) else { break };
            let bare = code.strip_prefix("%-");
            let letter = bare.or(code.strip_prefix('%')).and_then(|code| code.chars().next());
            let width = 1 + usize::from(bare.is_some()) + letter.map_or(0, char::len_utf8);
            let start = from + at + percent;
            let place = if typed { start..start + width } else { whole.clone() };
            let shown = code.get(..width).unwrap_or(code);
            let field = self.field(letter, bare.is_some(), typed, shown, place.clone())?;
            if !fields.contains(&field) {
                let hint = format!("write `{{date:{format}}}` for a format of several parts");
                return Err(LayoutError::new(place, format!("`{shown}` is not part of `{{{name}}}`"), hint));
            }
            self.push(Piece::Number { field, padded: bare.is_none(), exact: false }, place);
            codes += 1;
            at += percent + width;
        }
        if codes == 0 {
            let hint = "use %Y %m %d %H, or %G %V for ISO weeks";
            return Err(LayoutError::new(whole, format!("the format of `{{{name}}}` has no code"), hint));
        }
        Ok(())
    }

    fn field(
        &self,
        letter: Option<char>,
        bare: bool,
        typed: bool,
        code: &str,
        at: Range<usize>,
    ) -> Result<Field> {
        match (letter, bare) {
            (Some('Y'), false) if self.weekly && !typed => Ok(Field::IsoYear),
            (Some('Y'), false) if self.weekly => {
                let hint = "write `%G`: the year of an ISO week differs from the calendar's around New Year";
                Err(LayoutError::new(at, "`%Y` beside a week", hint))
            }
            (Some('Y'), false) => Ok(Field::Year),
            (Some('G'), false) => Ok(Field::IsoYear),
            (Some('V'), false) => Ok(Field::Week),
            (Some('m'), _) => Ok(Field::Month),
            (Some('d'), _) => Ok(Field::Day),
            (Some('H'), _) => Ok(Field::Hour),
            (Some('0'..='9' | 'A'..='F' | 'a'..='f'), false) if code != "%F" => {
                let hint = "codes are %Y %m %d %H %G %V %-m %-d %-H; write percent-encoded text outside the \
                            braces, as in `{date}%20{hour}`";
                Err(LayoutError::new(at, format!("`{code}` is not a code of a date format"), hint))
            }
            _ => {
                let hint = "codes are %Y %m %d %H %G %V, and %-m %-d %-H without padding";
                Err(LayoutError::new(at, format!("`{code}` is not a code of a date format"), hint))
            }
        }
    }
}
