//! A problem of a config, with its place and what to do, and how all of them are drawn.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The config means something, perhaps not what was intended.
    Warning,
    /// The config cannot be used.
    Error,
}

/// Something wrong with a config, at a place of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How grave it is.
    pub gravity: Gravity,
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Another place that has to do with it, and how.
    pub also: Option<(Range<usize>, String)>,
    /// A secret in the text, which must not be drawn.
    pub secret: Option<Range<usize>>,
}

impl Problem {
    pub(super) fn error(at: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { gravity: Gravity::Error, at, message: message.into(), hint: None, also: None, secret: None }
    }

    pub(super) fn warning(at: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { gravity: Gravity::Warning, ..Problem::error(at, message) }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }

    pub(super) fn secret(self, at: Range<usize>) -> Problem {
        Problem { secret: Some(at), ..self }
    }

    pub(super) fn also(self, at: Range<usize>, how: impl Into<String>) -> Problem {
        Problem { also: Some((at, how.into())), ..self }
    }
}

/// Draws problems: each with its file, line and column, the text underlined, and the hint. Empty for none.
pub fn render(problems: &[Problem], name: &str, text: &str, color: bool) -> String {
    let text = &masked(problems, text);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|p| (p.at.start, p.at.end));
    let mut out = String::new();
    for problem in sorted {
        out.push_str(&renderer.render(&[draw(problem, name, text)]));
        out.push_str("\n\n");
    }
    out
}

fn draw<'a>(problem: &'a Problem, name: &'a str, text: &'a str) -> annotate_snippets::Group<'a> {
    let level = match problem.gravity {
        Gravity::Error => Level::ERROR,
        Gravity::Warning => Level::WARNING,
    };
    let mut snippet =
        Snippet::source(text).path(name).annotation(AnnotationKind::Primary.span(within(&problem.at, text)));
    if let Some((at, how)) = &problem.also {
        snippet = snippet.annotation(AnnotationKind::Context.span(within(at, text)).label(how.as_str()));
    }
    let group = level.primary_title(problem.message.as_str()).element(snippet);
    match &problem.hint {
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
        None => group,
    }
}

/// A span that lies inside the text, on character boundaries.
fn within(at: &Range<usize>, text: &str) -> Range<usize> {
    let floor = |i: usize| (0..=i.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let start = floor(at.start);
    start..floor(at.end).max(start)
}

/// The text with a star for every byte of a secret.
fn masked(problems: &[Problem], text: &str) -> String {
    let mut masked = text.to_owned();
    for secret in problems.iter().filter_map(|p| p.secret.as_ref()) {
        let at = within(secret, text);
        masked.replace_range(at.clone(), &"*".repeat(at.len()));
    }
    masked
}
