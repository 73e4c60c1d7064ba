//! An S3 bucket for documents.

use std::sync::Arc;

use lakegauge_engine::HistoryError;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::client::{HttpClient, HttpConnector};
use object_store::{ClientOptions, ObjectStore};

/// How to reach a bucket.
#[derive(Clone, Default)]
pub struct S3Settings {
    /// The bucket.
    pub bucket: String,
    /// Another server than AWS's own, addressed in path style.
    pub endpoint: Option<String>,
    /// The bucket's region; default `us-east-1`.
    pub region: Option<String>,
    /// The access key id and the secret; `None` sends requests unsigned.
    pub key: Option<(String, String)>,
    /// The session token of temporary credentials.
    pub token: Option<String>,
    /// The HTTP client; by default, a new one.
    pub http: Option<reqwest::Client>,
}

impl std::fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Settings")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("signed", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

/// An HTTP client that is shared with others.
#[derive(Debug)]
struct Shared(reqwest::Client);

impl HttpConnector for Shared {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

/// A bucket whose objects are replaced by compare-and-swap. Sends nothing yet.
///
/// # Errors
/// If the settings are invalid.
pub fn open_s3(settings: &S3Settings) -> Result<Arc<dyn ObjectStore>, HistoryError> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&settings.bucket)
        .with_region(settings.region.as_deref().unwrap_or("us-east-1"))
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    builder = match &settings.key {
        Some((id, secret)) => builder.with_access_key_id(id).with_secret_access_key(secret),
        None => builder.with_skip_signature(true),
    };
    if let Some(token) = &settings.token {
        builder = builder.with_token(token);
    }
    if let Some(endpoint) = &settings.endpoint {
        let plain = endpoint.starts_with("http://");
        builder = builder.with_endpoint(endpoint.trim_end_matches('/')).with_allow_http(plain);
    }
    if let Some(http) = &settings.http {
        builder = builder.with_http_connector(Shared(http.clone()));
    }
    let place = format!("s3://{}", settings.bucket);
    match builder.build() {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => Err(HistoryError::Unusable { place, source: error.into() }),
    }
}
