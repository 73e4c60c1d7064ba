//! A bucket, and the requests to it.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use lakegauge_core::observation::GapKind;
use lakegauge_core::region;
use lakegauge_engine::Credentials;

use super::{listing, request};
use crate::answer::Answer;
use crate::error::StoreError;
use crate::page::{Ask, Page, Pages};
use crate::wire;

/// Time limit for connecting.
const CONNECT: Duration = Duration::from_secs(10);
/// The region that is tried first if none is given.
const FIRST_REGION: &str = "us-east-1";

/// A bucket.
pub(crate) struct S3 {
    http: reqwest::Client,
    bucket: String,
    endpoint: Option<String>,
    region: RwLock<String>,
    credentials: Arc<dyn Credentials>,
}

/// What the caller knows about the bucket.
pub(crate) struct Settings {
    /// Its name.
    pub(crate) bucket: String,
    /// Its server; `None` for AWS.
    pub(crate) endpoint: Option<String>,
    /// Its region, if known.
    pub(crate) region: Option<String>,
    /// Signs the requests.
    pub(crate) credentials: Arc<dyn Credentials>,
    /// The HTTP client, if there is already one.
    pub(crate) http: Option<reqwest::Client>,
    /// Time limit of one request.
    pub(crate) timeout: Duration,
}

impl S3 {
    /// Sends nothing yet.
    pub(crate) fn new(settings: Settings) -> Result<S3, reqwest::Error> {
        let Settings { bucket, endpoint, region, credentials, http, timeout } = settings;
        let http = match http {
            Some(shared) => shared,
            None => wire::client(timeout, CONNECT)?,
        };
        let region = RwLock::new(region.unwrap_or_else(|| FIRST_REGION.to_owned()));
        Ok(S3 { http, bucket, endpoint, region, credentials })
    }

    fn place(&self, ask: &Ask) -> String {
        format!("s3://{}/{}", self.bucket, ask.prefix)
    }

    fn region(&self) -> String {
        self.region.read().map(|region| region.clone()).unwrap_or_default()
    }

    /// Uses the region named by an answer from now on.
    fn learn_region(&self, named: &str) {
        if let Ok(mut region) = self.region.write() {
            *region = named.to_owned();
        }
    }

    async fn send(&self, ask: &Ask, place: &str) -> Result<Vec<u8>, StoreError> {
        let region = self.region();
        let url = request::url(&self.bucket, self.endpoint.as_deref(), &region, ask);
        let credential = self.credentials.current().await;
        let credential =
            credential.map_err(|none| StoreError::lasting(GapKind::Denied, place, none.to_string()))?;
        let hide = |error: StoreError| match &credential {
            Some(c) => error.without(&c.secret).without(c.token.as_deref().unwrap_or("")).without(&c.key_id),
            None => error,
        };
        let headers = request::headers(&url, credential.as_ref(), &region)
            .map_err(|why| hide(StoreError::lasting(GapKind::Denied, place, why)))?;
        let answer =
            self.http.get(&url).headers(headers).send().await.map_err(|e| hide(wire::broken(e, place)))?;
        let status = answer.status();
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (bucket_region, location) = (header("x-amz-bucket-region"), header("location"));
        let body = wire::read(answer, place).await.map_err(hide)?;
        if status.is_success() {
            return Ok(body);
        }
        if wire::wants_tls(status.as_u16(), &body) {
            return Err(wire::tls_wanted(place));
        }
        let answer = Answer::new(status.as_u16(), &body, location.as_deref());
        if let Some(named) = bucket_region.as_deref().or(answer.region()).filter(|named| *named != region) {
            region::check(named).map_err(|why| {
                StoreError::lasting(GapKind::Malformed, place, format!("the store names a region, but {why}"))
            })?;
            self.learn_region(named);
            let detail = format!("the bucket is in another region than {region}");
            return Err(StoreError::passing(GapKind::Unreachable, place, detail));
        }
        if answer.is_expired() {
            self.credentials.forget();
        }
        Err(hide(answer.error(place)))
    }
}

#[async_trait]
impl Pages for S3 {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        let place = self.place(ask);
        let body = self.send(ask, &place).await?;
        listing::parse(&body, &ask.prefix).map_err(|broken| broken.error(&place))
    }
}
