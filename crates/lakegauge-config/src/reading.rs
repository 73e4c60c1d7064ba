//! What a key needs to be read, besides its value.

use std::ops::Range;

use super::problem::Problem;
use super::surroundings::Surroundings;
use super::tree::Node;

/// What a key needs to be read, and where it puts its problems.
pub(super) struct Reading<'a> {
    /// The names of the receivers.
    pub(super) names: &'a [&'a str],
    /// What is known besides the text.
    pub(super) around: Surroundings<'a>,
    /// All problems so far.
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    /// Adds a problem.
    pub(super) fn wrong(&mut self, node: &Node, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::error(node.span.clone(), message.into()).hint(hint.into()));
    }

    /// Adds a problem with a part of the text that was typed at `node`.
    pub(super) fn wrong_inside(
        &mut self,
        node: &Node,
        typed: &str,
        part: &Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.problems.push(Problem::error(inside(node, typed, part), message.into()).hint(hint.into()));
    }
}

/// The place of a part of a scalar in the text, if the scalar was typed literally (not escaped, not folded).
fn inside(node: &Node, typed: &str, part: &Range<usize>) -> Range<usize> {
    let quotes = (node.span.end - node.span.start).saturating_sub(typed.len());
    match quotes {
        0 => node.span.start + part.start..node.span.start + part.end,
        2 => node.span.start + 1 + part.start..node.span.start + 1 + part.end,
        _ => node.span.clone(),
    }
}
