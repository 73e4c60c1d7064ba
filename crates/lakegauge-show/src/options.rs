//! The style of the output, and its colours.

use std::borrow::Cow;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use lakegauge_core::foreign::visible;

/// Healthy.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// In alarm.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Worth a look, or not seen.
pub(super) const DOUBT: Style = AnsiColor::Yellow.on_default();
/// Secondary text.
pub(super) const QUIET: Style = Style::new().dimmed();
/// Emphasised text.
pub(super) const STRONG: Style = Style::new().bold();
/// A heading.
pub(super) const HEADING: Style = Style::new().bold().underline();
/// Plain text.
pub(super) const PLAIN: Style = Style::new();

/// The style of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns of the terminal; 100 for a pipe.
    pub width: usize,
    /// Whether names are shown whole, however wide the table gets: a program that reads it needs them.
    pub whole_names: bool,
    /// Whether to use ANSI colours.
    pub color: bool,
    /// Whether characters beyond ASCII can be shown.
    pub unicode: bool,
    /// How long the work took, if it should be shown.
    pub elapsed: Option<Duration>,
}

impl Options {
    /// For a pipe or a file: 100 columns, no colour.
    pub const PIPE: Options =
        Options { width: 100, whole_names: true, color: false, unicode: true, elapsed: None };

    /// `text` in `style`, if colours are used; made safe to print, since others may have written it.
    pub(super) fn paint<'a>(&self, style: Style, text: &'a str) -> Cow<'a, str> {
        let text = visible(text);
        if self.color && style != PLAIN && !text.is_empty() {
            Cow::Owned(format!("{style}{text}{style:#}"))
        } else {
            text
        }
    }

    /// `text` emphasised.
    pub fn strong(&self, text: &str) -> String {
        self.paint(STRONG, text).into_owned()
    }

    /// `text` as secondary text.
    pub fn quiet(&self, text: &str) -> String {
        self.paint(QUIET, text).into_owned()
    }

    /// One of two texts: for terminals with and without Unicode.
    pub(super) fn either<T>(&self, unicode: T, ascii: T) -> T {
        if self.unicode { unicode } else { ascii }
    }

    /// `text` with its symbols replaced if the terminal has no Unicode.
    pub(super) fn spelled(&self, text: String) -> String {
        match self.unicode {
            true => text,
            false => text.replace(['–', '−'], "-").replace('→', "->").replace('±', "+-"),
        }
    }

    /// The placeholder for a missing value.
    pub(super) fn nothing(&self) -> &'static str {
        self.either("–", "-")
    }

    /// The separator of two items on one line.
    pub(super) fn dot(&self) -> &'static str {
        self.either(" · ", " - ")
    }
}
