//! Compares two versions of a config.

use lakegauge_config::Config;
use lakegauge_core::dataset::Dataset;

use super::difference::{Changed, Difference, between, of};
use crate::cost::PRICES;
use crate::deploy::alarms;
use crate::publish::{Naming, published};

/// What a changed config would change.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Changes to the whole config.
    pub top: Vec<Difference>,
    /// New datasets; if only the name is new, with the old name.
    pub added: Vec<(String, Option<String>)>,
    /// Datasets that are removed.
    pub removed: Vec<String>,
    /// Datasets that differ.
    pub changed: Vec<Changed>,
    /// How many datasets do not change.
    pub unchanged: usize,
    /// CloudWatch alarms, before and after.
    pub alarms: (usize, usize),
    /// CloudWatch metrics, before and after.
    pub metrics: (usize, usize),
    /// List requests of one check, before and after, if each look is one page.
    pub list_requests: (u64, u64),
}

impl Plan {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.top.is_empty() && self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// What the difference costs in CloudWatch, in dollars per month.
    pub fn dollars(&self) -> f64 {
        let less = |(before, after): (usize, usize)| after as f64 - before as f64;
        less(self.alarms) * PRICES.alarm + less(self.metrics) * PRICES.metric
    }
}

/// Compares `old` with `new`.
pub fn compare(old: &Config, new: &Config) -> Plan {
    let find = |config: &Config, name: &str| config.datasets.iter().position(|d| d.name == name);
    let in_both = |d: &&Dataset| find(old, &d.name).is_some();
    let removed: Vec<&Dataset> = old.datasets.iter().filter(|d| find(new, &d.name).is_none()).collect();
    let added = new.datasets.iter().filter(|d| !in_both(d)).map(|d| {
        let renamed = removed.iter().find(|gone| gone.layout == d.layout).map(|gone| gone.name.clone());
        (d.name.clone(), renamed)
    });
    let changed: Vec<Changed> = new
        .datasets
        .iter()
        .filter_map(|d| of(old.datasets.iter().find(|before| before.name == d.name)?, d))
        .collect();
    Plan {
        top: between(&old.meanings(), &new.meanings()),
        added: added.collect(),
        removed: removed.iter().map(|d| d.name.clone()).collect(),
        unchanged: new.datasets.iter().filter(in_both).count() - changed.len(),
        changed,
        alarms: (
            sum(old, |d| alarms(d, &Naming::Lakegauge).len()),
            sum(new, |d| alarms(d, &Naming::Lakegauge).len()),
        ),
        metrics: (
            sum(old, |d| published(d, &Naming::Lakegauge).len()),
            sum(new, |d| published(d, &Naming::Lakegauge).len()),
        ),
        list_requests: (requests(old), requests(new)),
    }
}

fn sum(config: &Config, count: impl Fn(&Dataset) -> usize) -> usize {
    config.datasets.iter().map(count).sum()
}

/// One page per partition of a look: those looked back at, the newest and the current one.
fn requests(config: &Config) -> u64 {
    config.datasets.iter().map(|d| u64::from(d.look_back) + 2).sum()
}
