//! How problems are shown: the text, with the wrong part underlined.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use lakegauge_core::foreign::{is_hidden, visible};

use super::mask::Mask;
use super::problem::{Gravity, Problem};

/// Draws problems: each with its file, line and column, the text underlined, and the hint. Empty for none. Possible
/// secrets are drawn as stars, and anything that would not print as itself (escape sequences, changes of reading
/// direction) as `?`.
pub fn render(problems: &[Problem], name: &str, text: &str, color: bool) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let page = Page::new(text, name);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|p| (p.at.start, p.at.end));
    let mut out = String::new();
    for problem in sorted {
        let said = page.said(problem);
        out.push_str(&renderer.render(&[page.draw(problem, &said)]));
        out.push_str("\n\n");
    }
    out
}

/// A text to draw on, with an index of its lines: a drawing reads only the lines that it needs, so that a thousand
/// problems in a long config do not read all of it a thousand times.
struct Page {
    /// Safe to draw; each character keeps its length.
    text: String,
    name: String,
    starts: Vec<usize>,
    mask: Mask,
}

/// The sentences of a problem, safe to draw.
struct Said {
    message: String,
    hint: Option<String>,
    also: String,
}

impl Page {
    fn new(text: &str, name: &str) -> Page {
        let mask = Mask::of(text);
        let text = printable(&mask.cover(text));
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Page { text, name: visible(name).into_owned(), starts, mask }
    }

    fn said(&self, problem: &Problem) -> Said {
        let safe = |text: &str| visible(&self.mask.cover_message(text)).into_owned();
        Said {
            message: safe(&problem.message),
            hint: problem.hint.as_deref().map(safe),
            also: problem.also.as_ref().map(|(_, how)| safe(how)).unwrap_or_default(),
        }
    }

    fn draw<'d>(&'d self, problem: &Problem, said: &'d Said) -> annotate_snippets::Group<'d> {
        let level = match problem.gravity {
            Gravity::Error => Level::ERROR,
            Gravity::Warning => Level::WARNING,
        };
        let at = self.within(&problem.at);
        let also = problem.also.as_ref().map(|(place, _)| self.within(place));
        let top = also.as_ref().map_or(at.start, |place| place.start.min(at.start));
        let bottom = also.as_ref().map_or(at.end, |place| place.end.max(at.end));
        let (line, lines) = self.lines(top, bottom);
        let shift = |place: &Range<usize>| place.start - lines.start..place.end - lines.start;
        let source = self.text.get(lines.clone()).unwrap_or_default();
        let primary = AnnotationKind::Primary.span(shift(&at));
        let mut snippet =
            Snippet::source(source).line_start(line).path(self.name.as_str()).annotation(primary);
        if let Some(place) = &also {
            snippet =
                snippet.annotation(AnnotationKind::Context.span(shift(place)).label(said.also.as_str()));
        }
        let group = level.primary_title(said.message.as_str()).element(snippet);
        match &said.hint {
            Some(hint) => group.element(Level::HELP.message(hint.as_str())),
            None => group,
        }
    }

    /// The whole lines from `top` to `bottom`, and the number of the first.
    fn lines(&self, top: usize, bottom: usize) -> (usize, Range<usize>) {
        let line = self.starts.partition_point(|start| *start <= top).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let next = self.starts.get(self.starts.partition_point(|start| *start <= bottom));
        (line, start..next.map_or(self.text.len(), |next| *next))
    }

    /// The span, limited to the text and to character boundaries.
    fn within(&self, at: &Range<usize>) -> Range<usize> {
        let text = &self.text;
        let floor = |i: usize| (0..=i.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let start = floor(at.start);
        start..floor(at.end).max(start)
    }
}

/// The text with `?` for every byte that would not print as itself, so that byte positions do not change.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let ends_a_line =
            c == '\n' || (c == '\r' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n')));
        match c {
            '\t' => out.push(c),
            c if is_hidden(c) && !ends_a_line => out.extend(std::iter::repeat_n('?', c.len_utf8())),
            c => out.push(c),
        }
    }
    out
}
