//! Turns a text into a config, or into everything that is wrong with it.

use std::collections::HashSet;
use std::ops::Range;

use super::config::Config;
use super::problem::{Gravity, Problem};
use super::receivers::Secret;
use super::surroundings::Surroundings;
use super::{top, tree};

/// The result of loading a config.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The resolved config; `None` when there is an error among the problems.
    pub config: Option<Config>,
    /// Every problem, errors and warnings, in the order of the text.
    pub problems: Vec<Problem>,
    /// The lake's address as typed, with its place in the text. The caller that opens the lake checks it.
    pub lake: Option<(String, Range<usize>)>,
    /// The secrets that are referred to (`${env:NAME}`, `file:PATH`), each with its place in the text. The caller,
    /// which has the environment, checks that they exist.
    pub references: Vec<(Secret, Range<usize>)>,
    /// The place of `endpoint_url`, if the config has one.
    pub endpoint: Option<Range<usize>>,
}

impl Loaded {
    /// Adds an error at the lake's address, because it is not valid. This leaves no config.
    pub fn refuse_lake(&mut self, message: &str, hint: &str) {
        self.refuse(self.lake.as_ref().map_or(0..0, |(_, at)| at.clone()), message, hint);
    }

    /// Adds an error at `endpoint_url`, because the store there cannot do what the config asks for. This leaves no
    /// config.
    pub fn refuse_endpoint(&mut self, message: &str, hint: &str) {
        self.refuse(self.endpoint.clone().unwrap_or(0..0), message, hint);
    }

    fn refuse(&mut self, at: Range<usize>, message: &str, hint: &str) {
        if self.problems.iter().any(|p| p.at == at && p.gravity == Gravity::Error) {
            return;
        }
        self.problems.push(Problem::error(at, message).hint(hint));
        self.problems.sort_by_key(|p| (p.at.start, p.at.end));
        self.config = None;
    }

    /// Adds a warning at a place in the text.
    pub fn warn(&mut self, at: Range<usize>, message: String, hint: &str) {
        self.problems.push(Problem::warning(at, message).hint(hint));
        self.problems.sort_by_key(|p| (p.at.start, p.at.end));
    }
}

/// Reads a config. Total: any text gives a config or the reasons why it is not one.
pub fn load(text: &str, surroundings: Surroundings<'_>) -> Loaded {
    let mut problems = Vec::new();
    let tree = tree::parse(text).unwrap_or_else(|problem| {
        problems.push(*problem);
        None
    });
    let config = match &tree {
        Some(node) => top::read(node, surroundings, &mut problems),
        None => {
            if problems.is_empty() {
                let hint = "`lakegauge init LAKE` writes one";
                problems.push(Problem::error(0..0, "the config is empty").hint(hint));
            }
            None
        }
    };
    // `defaults` is read again for every dataset, but each problem is reported once.
    let mut told = HashSet::new();
    problems.retain(|p| told.insert((p.at.clone(), p.message.clone())));
    problems.sort_by_key(|p| (p.at.start, p.at.end));
    let wrong = problems.iter().any(|p| p.gravity == Gravity::Error);
    let lake = tree.as_ref().and_then(top::address);
    let references = tree.as_ref().map(top::references).unwrap_or_default();
    let endpoint = tree.as_ref().and_then(top::endpoint);
    Loaded { config: config.filter(|_| !wrong), problems, lake, references, endpoint }
}
