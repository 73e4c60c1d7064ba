//! A bucket, and what is sent to it.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use lakegauge_core::cause::chain;
use lakegauge_core::observation::GapKind;
use lakegauge_engine::Credentials;

use super::{listing, request};
use crate::answer::Answer;
use crate::error::StoreError;
use crate::page::{Ask, Page, Pages};

/// Keys a page holds at most: the most that S3 gives.
pub(crate) const PAGE_SIZE: u64 = 1_000;
/// A thousand keys of 1,024 bytes, percent-encoded, with everything around them, stay well below.
const BODY_BYTES: usize = 32 << 20;
/// Where a bucket is sought first when nobody says its region.
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
    /// Where it is served; `None` on AWS.
    pub(crate) endpoint: Option<String>,
    /// Its region, if known.
    pub(crate) region: Option<String>,
    /// Signs the requests.
    pub(crate) credentials: Arc<dyn Credentials>,
    /// The client that asks, where another has one already.
    pub(crate) http: Option<reqwest::Client>,
    /// The longest that one request may take.
    pub(crate) timeout: Duration,
}

impl S3 {
    /// Prepares to look; sends nothing.
    pub(crate) fn new(settings: Settings) -> Result<S3, reqwest::Error> {
        let Settings { bucket, endpoint, region, credentials, http, timeout } = settings;
        let http = match http {
            Some(shared) => shared,
            None => reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(timeout.min(Duration::from_secs(10)))
                .timeout(timeout)
                .user_agent(concat!("lakegauge/", env!("CARGO_PKG_VERSION")))
                .build()?,
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

    /// Notes the region that an answer names. True when it is another than the one asked.
    fn learn_region(&self, asked: &str, answered: Option<&str>) -> bool {
        match (answered, self.region.write()) {
            (Some(answered), Ok(mut region)) if answered != asked => {
                *region = answered.to_owned();
                true
            }
            _ => false,
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
        let answer = self.http.get(&url).headers(headers).send().await.map_err(|e| hide(broken(e, place)))?;
        let status = answer.status();
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (bucket_region, location) = (header("x-amz-bucket-region"), header("location"));
        let body = read(answer, place).await.map_err(hide)?;
        if status.is_success() {
            return Ok(body);
        }
        let answer = Answer::new(status.as_u16(), &body, location.as_deref());
        if self.learn_region(&region, bucket_region.as_deref().or(answer.region())) {
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
        listing::parse(&body).map_err(|why| match why {
            listing::Broken::Cut(what) => StoreError::passing(GapKind::Truncated, place, what),
            listing::Broken::NoListing(what) => StoreError::lasting(GapKind::Malformed, place, what),
            listing::Broken::Refused(answer) => answer.error(&place),
        })
    }
}

/// Reads a body within bounds.
async fn read(mut answer: reqwest::Response, place: &str) -> Result<Vec<u8>, StoreError> {
    let expected = answer.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(expected.clamp(8 << 10, 1 << 20));
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= BODY_BYTES => body.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                let detail = format!("the answer is longer than {} MiB", BODY_BYTES >> 20);
                return Err(StoreError::lasting(GapKind::Malformed, place, detail));
            }
            Ok(None) => return Ok(body),
            Err(error) => return Err(broken(error, place)),
        }
    }
}

/// No answer, or half of one. The address is left out: it holds the continuation token.
fn broken(error: reqwest::Error, place: &str) -> StoreError {
    let error = error.without_url();
    let detail = if error.is_timeout() { "time-out".to_owned() } else { chain(&error) };
    StoreError::passing(GapKind::Unreachable, place, detail)
}
