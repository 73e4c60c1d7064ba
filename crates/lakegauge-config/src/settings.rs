//! The settings of the top level and of a dataset while they are read.

use std::ops::Range;

use lakegauge_core::dataset::Dataset;
use lakegauge_core::layout::Layout;

use super::config::Config;
use super::tree::Node;

/// The settings of a dataset: at first the built-in ones, then replaced by those of the top level, of `defaults`, and of
/// the dataset itself.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// As far as it is read.
    pub(super) dataset: Dataset,
    /// Whether it has a path that could be read.
    pub(super) has_path: bool,
    /// Where `due` stands in the text: whether the time exists on every day depends on the zone.
    pub(super) due_at: Option<Range<usize>>,
    /// As typed: a marker can only be read together with a path.
    pub(super) landed_when: Option<Node>,
}

impl Default for Settings {
    fn default() -> Settings {
        let dataset = Dataset::new(String::new(), Layout::default());
        Settings { dataset, has_path: false, due_at: None, landed_when: None }
    }
}

/// The settings of the top level while they are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Top {
    /// As far as it is read.
    pub(super) config: Config,
    /// Whether it has a lake.
    pub(super) has_lake: bool,
    /// The names of the receivers, those with a wrong address included.
    pub(super) receivers: Vec<String>,
    /// What applies to every dataset that does not set its own.
    pub(super) of_datasets: Settings,
}
