//! The config, resolved.

use jiff::SignedDuration;
use lakegauge_core::dataset::{Dataset, RETENTION};

use super::receivers::Receiver;

/// The config, fully resolved.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the lake is, as typed.
    pub lake: String,
    /// The namespace of its metrics.
    pub namespace: String,
    /// The file of the local history, relative to the config's folder.
    pub history: String,
    /// For how long the history keeps what it has seen, at least.
    pub retention: SignedDuration,
    /// The address of an S3-compatible store.
    pub endpoint_url: Option<String>,
    /// The region of an S3 bucket; detected if not set.
    pub region: Option<String>,
    /// Maximum number of concurrent requests.
    pub concurrency: Option<u32>,
    /// The datasets, in the order of the file.
    pub datasets: Vec<Dataset>,
    /// The receivers of messages.
    pub receivers: Vec<Receiver>,
}

impl Default for Config {
    /// What applies where a config says nothing. The lake is that of no config.
    fn default() -> Config {
        Config {
            lake: String::new(),
            namespace: "Lakegauge".to_owned(),
            history: ".lakegauge/history.sqlite".to_owned(),
            retention: RETENTION,
            endpoint_url: None,
            region: None,
            concurrency: None,
            datasets: Vec::new(),
            receivers: Vec::new(),
        }
    }
}
