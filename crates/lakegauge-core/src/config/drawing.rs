//! How problems are drawn: the text with what is wrong underlined.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::mask;
use super::problem::{Gravity, Problem};

/// Draws problems: each with its file, line and column, the text underlined, and the hint. Empty for none. What may be
/// a secret is drawn as stars.
pub fn render(problems: &[Problem], name: &str, text: &str, color: bool) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let page = Page::new(mask::mask(text), name);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|p| (p.at.start, p.at.end));
    let mut out = String::new();
    for problem in sorted {
        out.push_str(&renderer.render(&[page.draw(problem)]));
        out.push_str("\n\n");
    }
    out
}

/// A text to draw on, which knows where its lines start: a drawing takes the lines that it needs, and a thousand problems
/// of a long config do not read all of it a thousand times.
struct Page<'a> {
    text: String,
    name: &'a str,
    starts: Vec<usize>,
}

impl<'a> Page<'a> {
    fn new(text: String, name: &'a str) -> Page<'a> {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Page { text, name, starts }
    }

    fn draw<'d>(&'d self, problem: &'d Problem) -> annotate_snippets::Group<'d> {
        let level = match problem.gravity {
            Gravity::Error => Level::ERROR,
            Gravity::Warning => Level::WARNING,
        };
        let at = self.within(&problem.at);
        let also = problem.also.as_ref().map(|(place, how)| (self.within(place), how));
        let top = also.as_ref().map_or(at.start, |(place, _)| place.start.min(at.start));
        let bottom = also.as_ref().map_or(at.end, |(place, _)| place.end.max(at.end));
        let (line, lines) = self.lines(top, bottom);
        let shift = |place: &Range<usize>| place.start - lines.start..place.end - lines.start;
        let source = self.text.get(lines.clone()).unwrap_or_default();
        let primary = AnnotationKind::Primary.span(shift(&at));
        let mut snippet = Snippet::source(source).line_start(line).path(self.name).annotation(primary);
        if let Some((place, how)) = &also {
            snippet = snippet.annotation(AnnotationKind::Context.span(shift(place)).label(how.as_str()));
        }
        let group = level.primary_title(problem.message.as_str()).element(snippet);
        match &problem.hint {
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

    /// A span that lies inside the text, on character boundaries.
    fn within(&self, at: &Range<usize>) -> Range<usize> {
        let text = &self.text;
        let floor = |i: usize| (0..=i.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let start = floor(at.start);
        start..floor(at.end).max(start)
    }
}
