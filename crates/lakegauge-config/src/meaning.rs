//! What a config means, key by key, in exact words: two configs are equal if these words are equal.
//!
//! `plan` compares two configs by these words, and `explain` shows a dataset with them.

use lakegauge_core::dataset::Dataset;

use super::config::Config;
use super::keys::{DATASET, TOP, Words};

/// One key of the config, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// As typed; `alarms.TotalFileSize` and `notify.data-team` for what the user names below a key.
    pub key: String,
    /// What it means, exact to the last digit, without secrets.
    pub value: String,
}

impl Config {
    /// What applies to the whole config: every top-level key except those that are merged into each dataset.
    pub fn meanings(&self) -> Vec<Meaning> {
        TOP.iter().flat_map(|of| meant(of.key.name, (of.show)(self))).collect()
    }
}

/// What each key of a dataset means, in the order of the table of keys. A key that is not set and has no default is left
/// out. Every alarm is a key of its own.
pub fn meanings(dataset: &Dataset) -> Vec<Meaning> {
    DATASET.iter().flat_map(|of| meant(of.key.name, (of.show)(dataset))).collect()
}

fn meant(key: &str, words: Words) -> Vec<Meaning> {
    let named = |(name, value): (String, String)| Meaning { key: format!("{key}.{name}"), value };
    match words {
        Words::None => Vec::new(),
        Words::One(value) => vec![Meaning { key: key.to_owned(), value }],
        Words::Named(all) => all.into_iter().map(named).collect(),
    }
}
