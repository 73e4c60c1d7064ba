//! What a deployment is told besides the config.

use std::collections::BTreeMap;

use lakegauge_core::publish::Naming;

/// How new objects reach the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Events {
    /// S3 → EventBridge → SQS: leaves the bucket's other notifications alone
    #[default]
    Eventbridge,
    /// S3 → SQS: owns the bucket's notifications
    S3,
    /// None: deadlines and ticks alone
    None,
}

/// What a deployment is told besides the config.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The lake's bucket.
    pub(crate) bucket: String,
    /// In front of every key of the lake: empty, or with a closing `/`.
    pub(crate) prefix: String,
    /// Where the functions run and the bucket lies.
    pub(crate) region: String,
    /// How metrics are called.
    pub(crate) naming: Naming,
    /// How new objects reach the queue.
    pub(crate) events: Events,
    /// The files that the config names, with their texts.
    pub(crate) files: BTreeMap<String, String>,
}
