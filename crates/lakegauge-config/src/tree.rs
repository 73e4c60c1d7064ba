//! The config as typed: a tree of YAML nodes with their byte positions.

use std::ops::Range;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

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
    /// Nothing: an empty place, `~` or `null`, not quoted.
    Nothing,
    /// Any other scalar as text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the text. Keys may repeat here.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// What kind of value this is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Nothing => "nothing",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Whether the node is empty.
    pub(super) fn is_nothing(&self) -> bool {
        self.value == Value::Nothing
    }
}

/// Maximum number of nodes, enough for thousands of datasets; a text with more is an attack or an accident.
const MOST_NODES: usize = 1_000_000;
/// Maximum depth; no config needs as much.
const DEEPEST: usize = 32;

/// Parses the document. Aliases and tags are rejected: a config is readable without them, and a few lines must not
/// expand to a million nodes.
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

/// A collection that has not ended yet.
enum Open {
    List { start: usize, items: Vec<Node> },
    Map { start: usize, entries: Vec<(Node, Node)>, key: Option<Node> },
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Box<Problem>> {
        let range = self.range(span);
        match event {
            Event::Scalar(.., Some(_))
            | Event::SequenceStart(.., Some(_))
            | Event::MappingStart(.., Some(_)) => {
                return Err(refused(range, "tags are not supported", "remove the word that starts with `!`"));
            }
            Event::Scalar(text, style, ..) => {
                let nothing =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if nothing { Value::Nothing } else { Value::Text(text.into_owned()) };
                self.place(Node { span: range, value })?;
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
                let hint = "write the value out, or once under `defaults`; quote a text that starts with `*`";
                return Err(refused(range, "aliases are not supported", hint));
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                return Err(refused(
                    range,
                    "a second document",
                    "a config is one document: remove the `---`",
                ));
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, open: Open, at: Range<usize>) -> Result<(), Box<Problem>> {
        if self.stack.len() >= DEEPEST {
            return Err(refused(at, "nested too deeply", "no part of a config goes deeper than five levels"));
        }
        self.stack.push(open);
        Ok(())
    }

    fn place(&mut self, node: Node) -> Result<(), Box<Problem>> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(refused(node.span, "the config is too large", "split it into several files"));
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

fn refused(at: Range<usize>, message: &str, hint: &str) -> Box<Problem> {
    Box::new(Problem::error(at, message).hint(hint))
}

/// A syntax error at its place, with a hint for the usual mistakes.
fn syntax(text: &str, error: &ScanError) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let at = (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let rest = text.get(at..).unwrap_or_default();
    let width = rest.chars().next().map_or(0, char::len_utf8);
    let before = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let line = format!("{before}{}", rest.split('\n').next().unwrap_or_default());
    let braces = ["{date", "{year", "{*", "{env:"].iter().any(|token| line.contains(token));
    let hint = if rest.starts_with('\t') || (before.contains('\t') && before.trim().is_empty()) {
        "YAML indents with spaces: replace the tab"
    } else if rest.starts_with(['@', '`', '%', '&', '!']) {
        "put a text that starts with this character in quotes"
    } else if braces && (before.contains('{') || rest.starts_with('{')) {
        "quote a text that starts with `{`, or has braces within `{ … }`: `{ path: \"sales/{date}/\" }`"
    } else {
        "check the indentation, the colons and the quotes on this line and the one before"
    };
    Problem::error(at..at + width, format!("not valid YAML: {}", error.info())).hint(hint)
}
