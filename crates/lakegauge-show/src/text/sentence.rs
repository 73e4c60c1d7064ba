//! Sentences below a row.

use lakegauge_core::foreign::visible;

use crate::fit;
use crate::options::{Options, QUIET};

pub(super) const INDENT: &str = "    ";

/// A sentence after its subject.
pub(super) fn sentence(subject: &str, style: anstyle::Style, reason: &str, options: &Options) -> String {
    let subject: &str = &visible(subject);
    let lines = fit::hang(&format!("{INDENT}{subject}: "), reason, options.width);
    let painted = options.paint(style, subject);
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        match line.strip_prefix(INDENT).and_then(|l| l.strip_prefix(subject)).filter(|_| i == 0) {
            Some(rest) => out.push_str(&format!("{INDENT}{painted}{rest}\n")),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

pub(super) fn quiet(first: &str, text: &str, options: &Options) -> String {
    let lines = fit::hang(&format!("{INDENT}{first}"), text, options.width);
    lines
        .iter()
        .map(|line| format!("{INDENT}{}\n", options.paint(QUIET, line.get(INDENT.len()..).unwrap_or(""))))
        .collect()
}
