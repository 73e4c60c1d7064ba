//! The settings of a deployment besides the config.

use std::collections::BTreeMap;

use lakegauge_cloudwatch::publish::Naming;

/// How new objects reach the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Events {
    /// S3 → EventBridge → SQS: leaves the bucket's other notifications alone
    #[default]
    Eventbridge,
    /// S3 → SQS: owns the bucket's notifications
    S3,
    /// None: only deadlines and ticks
    None,
}

/// The settings of a deployment besides the config.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The lake's bucket.
    pub(crate) bucket: String,
    /// The prefix of every key of the lake: empty, or ending in `/`.
    pub(crate) prefix: String,
    /// The region of the functions and the bucket.
    pub(crate) region: String,
    /// The naming scheme of metrics.
    pub(crate) naming: Naming,
    /// How new objects reach the queue.
    pub(crate) events: Events,
    /// The files that the config names, with their contents.
    pub(crate) files: BTreeMap<String, String>,
}
