//! From a text to a config, or to everything that is wrong with it.

use std::collections::HashSet;
use std::ops::Range;

use super::lake::{self, Config};
use super::problem::{Gravity, Problem};
use super::receivers::Reference;
use super::surroundings::Surroundings;
use super::tree;

/// What became of a config's text.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The config as meant; `None` when there is an error among the problems.
    pub config: Option<Config>,
    /// Every problem, errors and warnings, in the order of the text.
    pub problems: Vec<Problem>,
    /// The lake's address as typed, with its place. What an address may be is known where lakes are opened.
    pub lake: Option<(String, Range<usize>)>,
    /// The secrets that are referred to (`${env:NAME}`, `file:PATH`), each with its place. Whether they are there is known
    /// where the environment is.
    pub references: Vec<(Reference, Range<usize>)>,
    /// The place of `endpoint_url`, where the config has one.
    pub endpoint: Option<Range<usize>>,
}

impl Loaded {
    /// Adds that the lake's address means nothing, at its place: an error, so that no config is left.
    pub fn refuse_lake(&mut self, message: &str, hint: &str) {
        self.refuse(self.lake.as_ref().map_or(0..0, |(_, at)| at.clone()), message, hint);
    }

    /// Adds that the store at `endpoint_url` cannot serve what is asked for, at its place: an error, so that no config is
    /// left.
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

    /// Adds a warning at a place of the text.
    pub fn warn(&mut self, at: Range<usize>, message: String, hint: &str) {
        self.problems.push(Problem::warning(at, message).hint(hint));
        self.problems.sort_by_key(|p| (p.at.start, p.at.end));
    }
}

/// Reads a config. Total: any text gives a config or says why not.
pub fn load(text: &str, surroundings: Surroundings<'_>) -> Loaded {
    let mut problems = Vec::new();
    let tree = tree::parse(text).unwrap_or_else(|problem| {
        problems.push(*problem);
        None
    });
    let config = match &tree {
        Some(node) => lake::read(node, surroundings, &mut problems),
        None => {
            if problems.is_empty() {
                let hint = "`lakegauge init LAKE` writes one";
                problems.push(Problem::error(0..0, "the config is empty").hint(hint));
            }
            None
        }
    };
    // What stands in `defaults` is read again for every dataset, and told once.
    let mut told = HashSet::new();
    problems.retain(|p| told.insert((p.at.clone(), p.message.clone())));
    problems.sort_by_key(|p| (p.at.start, p.at.end));
    let wrong = problems.iter().any(|p| p.gravity == Gravity::Error);
    let lake = tree.as_ref().and_then(lake::address);
    let references = tree.as_ref().map(lake::references).unwrap_or_default();
    let endpoint = tree.as_ref().and_then(lake::endpoint);
    Loaded { config: config.filter(|_| !wrong), problems, lake, references, endpoint }
}
