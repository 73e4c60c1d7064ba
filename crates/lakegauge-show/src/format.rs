//! The forms of a report: a form is a file of its own, and a row here.

use lakegauge_core::verdict::Report;

use super::options::Options;
use super::recent::Recent;
use super::{json, junit, text};

/// A form in which a report can be written.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// As typed.
    pub name: &'static str,
    /// Whether it shows the past of the datasets.
    pub shows_past: bool,
    write: fn(&Report, &[Recent], &Options) -> Result<String, Unwritten>,
}

/// Why a report cannot be written in a form; a report does not cause it.
pub type Unwritten = Box<dyn std::error::Error + Send + Sync>;

/// The forms, the default first.
pub const FORMATS: &[Format] = &[
    Format {
        name: "text",
        shows_past: true,
        write: |report, recents, options| Ok(text::check(report, recents, options)),
    },
    Format { name: "json", shows_past: false, write: |report, _, _| Ok(json::check(report)) },
    Format { name: "junit", shows_past: false, write: |report, _, _| Ok(junit::check(report)?) },
];

impl Format {
    /// The form with this name.
    pub fn named(name: &str) -> Option<Format> {
        FORMATS.iter().find(|format| format.name == name).copied()
    }

    /// A report in this form, with the past of each of its datasets.
    ///
    /// # Errors
    /// If the form's writer fails.
    pub fn write(self, report: &Report, recents: &[Recent], options: &Options) -> Result<String, Unwritten> {
        (self.write)(report, recents, options)
    }
}
