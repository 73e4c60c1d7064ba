//! The environment of a run.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use jiff::Timestamp;
use lakegauge_show::Options;

use crate::answer::Failure;
use crate::cli::{ColorWhen, Global};
use crate::histories::Histories;
use crate::{clock, logging};

/// The environment of one run, read once.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The time for which everything is judged.
    pub(crate) now: Timestamp,
    /// True if `now` was given and is in the past, by more than clocks differ: objects that were written later are
    /// ignored.
    pub(crate) replay: bool,
    /// True if `now` was given and is in the future, by more than clocks differ: nothing is recorded.
    pub(crate) rehearsal: bool,
    /// True when `now` was given, whatever it is.
    pub(crate) now_given: bool,
    /// The histories that were opened.
    pub(crate) histories: Histories,
    /// The config file.
    pub(crate) config: PathBuf,
    /// The address of an S3-compatible store.
    pub(crate) endpoint_url: Option<String>,
    /// Columns of the terminal, or of a pipe.
    pub(crate) width: usize,
    /// Whether a program may read the output: names are whole, whatever the width.
    pub(crate) piped: bool,
    /// Whether the output may use colour.
    pub(crate) color: bool,
    /// Whether progress may be drawn on standard error.
    pub(crate) progress: bool,
}

/// The width of the output: `COLUMNS` if it is exported, otherwise that of the terminal.
fn columns(told: Option<usize>, seen: Option<usize>) -> usize {
    told.filter(|columns| *columns > 0).or(seen).map_or(PIPE_WIDTH, |columns| columns.clamp(40, 160))
}

/// The width if the output is not a terminal.
const PIPE_WIDTH: usize = 100;

impl Context {
    /// Reads the clock, the terminal and the global options.
    pub(crate) fn new(global: &Global) -> Result<Context, Failure> {
        let stdout_is_terminal = std::io::stdout().is_terminal();
        let choice = match global.color {
            ColorWhen::Auto => anstream::ColorChoice::Auto,
            ColorWhen::Always => anstream::ColorChoice::Always,
            ColorWhen::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
        let color = match global.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => {
                anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
            }
        };
        logging::start(global)?;
        let clock = clock::now();
        let now = global.now.unwrap_or(clock);
        let told = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
        let seen = terminal_size::terminal_size().filter(|_| stdout_is_terminal);
        let width = columns(told, seen.map(|(width, _)| usize::from(width.0)));
        let piped = !stdout_is_terminal;
        Ok(Context {
            now,
            replay: global.now.is_some() && clock.duration_since(now) > clock::SKEW,
            rehearsal: now.duration_since(clock) > clock::SKEW,
            now_given: global.now.is_some(),
            histories: Histories::default(),
            config: global.config.clone(),
            endpoint_url: global.endpoint_url.clone(),
            width,
            piped,
            color,
            progress: !global.quiet && std::io::stderr().is_terminal(),
        })
    }

    /// The style of the output.
    pub(crate) fn options(&self) -> Options {
        Options { width: self.width, whole_names: self.piped, color: self.color, ..Options::PIPE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_as_wide_as_told_and_else_as_seen() {
        let check = |told, seen, expect| assert_eq!(columns(told, seen), expect, "{told:?} {seen:?}");
        check(None, None, 100);
        check(None, Some(60), 60);
        check(Some(60), None, 60);
        check(Some(60), Some(120), 60);
        check(Some(0), Some(120), 120);
        check(None, Some(7), 40);
        check(Some(999), None, 160);
    }
}
