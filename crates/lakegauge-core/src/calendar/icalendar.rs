//! The lines of an iCalendar file (RFC 5545, section 3.1) and the events among them (section 3.6.1).
//!
//! This is our own parser, for two reasons: an error must name its line, which the published parsers do not, and
//! those depend on a clock and a random generator, which this crate must not.

use super::error::CalendarError;

/// One property: `DTSTART;VALUE=DATE:20261225`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Property {
    /// The line of the file on which it starts, from 1.
    pub(super) line: usize,
    /// In upper case.
    pub(super) name: String,
    /// Parameters, with upper-case names and unquoted values.
    pub(super) params: Vec<(String, String)>,
    /// The raw value.
    pub(super) value: String,
}

impl Property {
    /// The value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// An error at this property.
    pub(super) fn error(&self, message: impl Into<String>, hint: impl Into<String>) -> CalendarError {
        CalendarError::at(self.line, message, hint)
    }
}

/// The properties of one `VEVENT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Component {
    /// The line of its `BEGIN`.
    pub(super) line: usize,
    pub(super) properties: Vec<Property>,
}

impl Component {
    /// The first property of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Property> {
        self.all(name).next()
    }

    /// Every property of that name.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |p| p.name == name)
    }
}

const EXPORT: &str = "export the calendar again as an iCalendar file";

/// The events of all calendars in `text`. Other components, and components inside events, are skipped.
pub(super) fn events(text: &str) -> Result<Vec<Component>, CalendarError> {
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut events: Vec<Component> = Vec::new();
    let mut calendars = 0;
    for (line, content) in unfold(text) {
        if content.trim().is_empty() {
            continue;
        }
        let property = property(line, &content, open.is_empty())?;
        let value = property.value.trim().to_ascii_uppercase();
        match property.name.as_str() {
            "BEGIN" => {
                if open.is_empty() && value != "VCALENDAR" {
                    return Err(property.error(format!("`{value}` is outside a VCALENDAR"), EXPORT));
                }
                calendars += usize::from(open.is_empty());
                if value == "VEVENT" && open.len() == 1 {
                    events.push(Component { line, properties: Vec::new() });
                }
                open.push((value, line));
            }
            "END" => match open.pop() {
                Some((begun, _)) if begun == value => {}
                Some((begun, at)) => {
                    let message = format!("END:{value} closes the BEGIN:{begun} of line {at}");
                    return Err(property.error(message, EXPORT));
                }
                None => return Err(property.error(format!("END:{value} closes nothing"), EXPORT)),
            },
            _ => {
                if let [_, (innermost, _)] = open.as_slice()
                    && innermost == "VEVENT"
                    && let Some(event) = events.last_mut()
                {
                    event.properties.push(property);
                }
            }
        }
    }
    match open.last() {
        Some((begun, at)) => Err(CalendarError::at(*at, format!("BEGIN:{begun} is never closed"), EXPORT)),
        None if calendars == 0 => Err(CalendarError::at(1, "this is not an iCalendar file", EXPORT)),
        None => Ok(events),
    }
}

/// Joins folded lines; each comes with the number of its first line.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, whole))) => whole.push_str(rest),
            _ => lines.push((index + 1, line.to_owned())),
        }
    }
    lines
}

fn property(line: usize, content: &str, outside: bool) -> Result<Property, CalendarError> {
    let malformed = || {
        let start: String = content.chars().take(24).collect();
        if outside {
            let message = format!("this is not an iCalendar file: `{start}` is not BEGIN:VCALENDAR");
            return CalendarError::at(line, message, EXPORT);
        }
        CalendarError::at(line, format!("`{start}` is not a property: it has no value after a `:`"), EXPORT)
    };
    let (head, value) = split_unquoted(content, ':').ok_or_else(malformed)?;
    let mut params = Vec::new();
    let (name, mut rest) = match split_unquoted(head, ';') {
        Some((name, rest)) => (name, Some(rest)),
        None => (head, None),
    };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_name || (outside && !name.eq_ignore_ascii_case("BEGIN") && !name.eq_ignore_ascii_case("END")) {
        return Err(malformed());
    }
    while let Some(text) = rest {
        let (param, more) = match split_unquoted(text, ';') {
            Some((param, more)) => (param, Some(more)),
            None => (text, None),
        };
        if let Some((name, value)) = param.split_once('=') {
            params.push((name.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()));
        }
        rest = more;
    }
    Ok(Property { line, name: name.to_ascii_uppercase(), params, value: value.to_owned() })
}

/// Splits at the first `at` outside double quotes.
fn split_unquoted(text: &str, at: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (index, c) in text.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c == at && !quoted {
            return Some((text.get(..index)?, text.get(index + c.len_utf8()..)?));
        }
    }
    None
}
