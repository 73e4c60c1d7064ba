//! How to reach a store.

use std::sync::Arc;
use std::time::Duration;

use lakegauge_engine::{Anonymous, Credentials};

use crate::page::Backoff;

/// How to reach a store.
#[derive(Clone)]
pub struct Options {
    /// Another server than the cloud's own (`--endpoint-url`); for S3 it is addressed in path style.
    pub endpoint: Option<String>,
    /// The S3 bucket's region. If it is unknown or wrong, the store reports it.
    pub region: Option<String>,
    /// Signs S3 requests.
    pub credentials: Arc<dyn Credentials>,
    /// Settings of GCS and Azure by `object_store`'s names; they override the environment.
    pub cloud: Vec<(String, String)>,
    /// Maximum number of parallel requests.
    pub parallel: usize,
    /// How requests are retried.
    pub backoff: Backoff,
    /// The HTTP client for S3; by default, a new one.
    pub http: Option<reqwest::Client>,
    /// Time limit of one request.
    pub timeout: Duration,
}

impl Default for Options {
    /// Unsigned, 16 parallel requests, 30 seconds each.
    fn default() -> Options {
        Options {
            endpoint: None,
            region: None,
            credentials: Arc::new(Anonymous),
            cloud: Vec::new(),
            parallel: 16,
            backoff: Backoff::default(),
            http: None,
            timeout: Duration::from_secs(30),
        }
    }
}
