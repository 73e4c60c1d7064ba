//! A row of the tables of keys: all that is known about one key.

use lakegauge_core::dataset::Dataset;

use crate::config::Config;
use crate::key::Key;
use crate::reading::Reading;
use crate::settings::{Settings, Top};
use crate::tree::Node;

/// A key of a dataset, and of `defaults`.
#[derive(Clone, Copy)]
pub(crate) struct OfDataset {
    pub(crate) key: Key,
    /// Reads its value into the settings. A value with problems leaves them.
    pub(crate) read: fn(&mut Settings, &Node, &mut Reading<'_>),
    /// What it means for a dataset.
    pub(crate) show: fn(&Dataset) -> Words,
}

/// A key of the top level.
#[derive(Clone, Copy)]
pub(crate) struct OfTop {
    pub(crate) key: Key,
    /// Reads a key and its value into the settings. `None`: it is read last, because it needs all others.
    pub(crate) read: Option<fn(&mut Top, &Node, &Node, &mut Reading<'_>)>,
    /// What it means for the whole config.
    pub(crate) show: fn(&Config) -> Words,
}

/// What a key means, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// Nothing, or nothing of its own: it is merged into the datasets.
    None,
    /// One text.
    One(String),
    /// A text for each name below the key.
    Named(Vec<(String, String)>),
}

impl Words {
    /// The text, if there is one.
    pub(crate) fn of(text: Option<String>) -> Words {
        text.map_or(Words::None, Words::One)
    }
}
