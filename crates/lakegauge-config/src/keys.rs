//! The keys of the top level and of a dataset: a file each says all about one.
//!
//! A file has the key's name, doc, default, schema, what masking makes of its value, two settings that differ, how it is
//! read, and how it is shown. [`TOP`] and [`DATASET`] list them; everything else runs over these tables.

mod alarms;
mod calendar;
mod concurrency;
mod datasets;
mod description;
pub(crate) mod due;
mod endpoint_url;
mod history;
mod lake;
pub(crate) mod landed_when;
mod look_back;
mod namespace;
mod notify;
mod owner;
mod path;
mod region;
mod remediate;
mod retention;
mod row;
mod runbook;
mod timezone;

use std::sync::LazyLock;

use crate::key::Key;
pub(crate) use row::Words;
use row::{OfDataset, OfTop};

/// The keys of the top level.
pub(crate) const TOP: &[OfTop] = &[
    lake::LAKE,
    timezone::TOP,
    calendar::TOP,
    namespace::NAMESPACE,
    history::HISTORY,
    retention::RETENTION,
    endpoint_url::ENDPOINT_URL,
    region::REGION,
    concurrency::CONCURRENCY,
    datasets::DEFAULTS,
    datasets::DATASETS,
    notify::TOP,
];

/// The keys of a dataset.
pub(crate) const DATASET: &[OfDataset] = &[
    path::PATH,
    timezone::DATASET,
    calendar::DATASET,
    due::DUE,
    landed_when::LANDED_WHEN,
    alarms::ALARMS,
    look_back::LOOK_BACK,
    remediate::REMEDIATE,
    notify::DATASET,
    owner::OWNER,
    runbook::RUNBOOK,
    description::DESCRIPTION,
];

/// The keys of the top level, without how they are read and shown.
pub(crate) static OF_TOP: LazyLock<Vec<Key>> = LazyLock::new(|| TOP.iter().map(|of| of.key).collect());

/// The same of a dataset.
pub(crate) static OF_DATASET: LazyLock<Vec<Key>> =
    LazyLock::new(|| DATASET.iter().map(|of| of.key).collect());

/// The same of `defaults`: there is no path that all datasets share.
pub(crate) static OF_DEFAULTS: LazyLock<Vec<Key>> =
    LazyLock::new(|| OF_DATASET.iter().filter(|key| key.name != "path").copied().collect());
