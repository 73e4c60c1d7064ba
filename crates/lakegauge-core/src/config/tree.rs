//! The config as typed: a tree of YAML nodes that know their bytes.

use std::ops::Range;

use serde_saphyr::granit_parser::{Event, Parser, ScanError, Span};

use super::problem::Problem;

/// A node with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A scalar as text; whether it was quoted does not matter to any key.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the text. Keys may repeat here.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// What a node is, for people.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(text) if text.is_empty() || text == "~" || text == "null" => "nothing",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Whether nothing stands there.
    pub(super) fn is_nothing(&self) -> bool {
        self.kind() == "nothing"
    }
}

/// Nodes in a file of thousands of datasets; a text that makes more is an attack or an accident.
const MOST_NODES: usize = 1_000_000;
/// Deeper than any config goes.
const DEEPEST: usize = 32;

/// Parses the first document. Anchors, aliases and tags are refused: a config stays readable without them.
pub(super) fn parse(text: &str) -> Result<Option<Node>, Box<Problem>> {
    let mut builder = Builder { text, stack: Vec::new(), root: None, nodes: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Box::new(syntax(text, &error)))?;
        builder.take(event, &span)?;
    }
    Ok(builder.root)
}

struct Builder<'a> {
    text: &'a str,
    stack: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

/// A collection whose end has not come yet.
enum Open {
    List { start: usize, items: Vec<Node> },
    Map { start: usize, entries: Vec<(Node, Node)>, key: Option<Node> },
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Box<Problem>> {
        let range = self.range(span);
        match event {
            Event::Scalar(text, _, _, _) => {
                self.place(Node { span: range, value: Value::Text(text.into_owned()) })?;
            }
            Event::SequenceStart(..) => {
                self.open(Open::List { start: range.start, items: Vec::new() }, range)?
            }
            Event::MappingStart(..) => {
                self.open(Open::Map { start: range.start, entries: Vec::new(), key: None }, range)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = range.end;
                match self.stack.pop() {
                    Some(Open::List { start, items }) => {
                        let end = items.last().map_or(end, |last| last.span.end.max(start));
                        self.place(Node { span: start..end, value: Value::List(items) })?;
                    }
                    Some(Open::Map { start, entries, .. }) => {
                        let end = entries.last().map_or(end, |(_, last)| last.span.end.max(start));
                        self.place(Node { span: start..end, value: Value::Map(entries) })?;
                    }
                    None => {}
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let problem = Problem::error(range, "aliases are not supported").hint("write the value out");
                return Err(Box::new(problem));
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                return Err(Box::new(
                    Problem::error(range, "a second document").hint("a config is one document"),
                ));
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, open: Open, at: Range<usize>) -> Result<(), Box<Problem>> {
        if self.stack.len() >= DEEPEST {
            return Err(Box::new(Problem::error(at, "nested too deeply")));
        }
        self.stack.push(open);
        Ok(())
    }

    fn place(&mut self, node: Node) -> Result<(), Box<Problem>> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Box::new(Problem::error(node.span, "the config is too large")));
        }
        match self.stack.last_mut() {
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn range(&self, span: &Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or_default();
        let end = range.end.min(self.text.len());
        range.start.min(end)..end
    }
}

/// A syntax error at its place, with a hint for the usual mistakes.
fn syntax(text: &str, error: &ScanError) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let at = (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let line = text.get(..at).map_or("", |before| before.rsplit('\n').next().unwrap_or(""));
    let rest = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let tab = line.starts_with('\t') || text.get(at..).is_some_and(|rest| rest.starts_with('\t'));
    let hint = if tab {
        "YAML indents with spaces: replace the tab"
    } else {
        "check the indentation, the colons and the quotes on this line and the one before"
    };
    Problem::error(at..at + rest, format!("not valid YAML: {}", error.info())).hint(hint)
}
