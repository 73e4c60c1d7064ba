//! Sends values, with retries where they may help.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::HeaderMap;
use lakegauge_core::cause::chain;
use lakegauge_core::datum::Datum;
use lakegauge_engine::{Credentials, Refusal, Sink, Unsent};

use super::batch::batches;
use super::refusal::{is_expired, refusal};
use super::request;
use crate::signature::{self, Scope};

/// Tries of one request, including the first.
const TRIES: u32 = 5;
/// Maximum first wait; it doubles with each try, and the actual wait is drawn from 0 to it (Brooker, "Exponential
/// Backoff And Jitter", AWS Architecture Blog, 2015). After throttling it is four times as long.
const WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Time limit of one try.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read: an error is a few hundred bytes.
const ANSWER: usize = 64 << 10;

/// How to reach CloudWatch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudWatchSettings {
    /// The region; default `us-east-1`.
    pub region: Option<String>,
    /// Another server than AWS's own.
    pub endpoint: Option<String>,
}

impl CloudWatchSettings {
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_CLOUDWATCH` or `AWS_ENDPOINT_URL`.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> CloudWatchSettings {
        let variables = crate::Environment::of_service("CLOUDWATCH", get);
        CloudWatchSettings { region: variables.region, endpoint: variables.endpoint }
    }
}

/// A connection to CloudWatch.
#[derive(Clone)]
pub struct CloudWatch {
    http: reqwest::Client,
    url: String,
    region: String,
    credentials: Arc<dyn Credentials>,
}

impl fmt::Debug for CloudWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatch").field("url", &self.url).finish_non_exhaustive()
    }
}

impl CloudWatch {
    /// Opens the connection with a client that may be shared. Sends nothing yet.
    pub fn open(
        settings: &CloudWatchSettings,
        credentials: Arc<dyn Credentials>,
        http: reqwest::Client,
    ) -> CloudWatch {
        let region = settings.region.clone().unwrap_or_else(|| "us-east-1".to_owned());
        let url = match &settings.endpoint {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => signature::endpoint(request::SERVICE, &region),
        };
        CloudWatch { http, url, region, credentials }
    }

    /// Its metrics in one namespace.
    pub fn namespace(&self, name: impl Into<String>) -> Namespace {
        Namespace { cloudwatch: self.clone(), name: name.into() }
    }

    /// Sends data of one namespace. A failed request does not affect the others, and an invalid value is found and
    /// left out, because CloudWatch rejects all values of its request.
    async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent> {
        let mut unsent = Unsent::default();
        let mut left: Vec<Range<usize>> = batches(data);
        left.reverse();
        while let Some(range) = left.pop() {
            match self.persist(namespace, data.get(range.clone()).unwrap_or_default()).await {
                Ok(()) => {}
                Err(Refusal::Wrong(_)) if range.len() > 1 => {
                    let middle = range.start + range.len() / 2;
                    left.extend([middle..range.end, range.start..middle]);
                }
                Err(why) => unsent.which.extend(range.map(|at| (at, why.clone()))),
            }
        }
        if unsent.which.is_empty() { Ok(()) } else { Err(unsent) }
    }

    /// One request, retried while that may help.
    async fn persist(&self, namespace: &str, data: &[Datum]) -> Result<(), Refusal> {
        let (bytes, headers) = request::packed(request::body(namespace, data));
        for tried in 1.. {
            let why = match self.send(&bytes, &headers).await {
                Ok(()) => return Ok(()),
                Err(why) => why,
            };
            // Expired credentials are loaded again.
            let again = if is_expired(&why) { tried == 1 } else { why.passes_soon() };
            if !again || tried >= TRIES {
                return Err(why);
            }
            tracing::debug!(%why, tried, "retrying PutMetricData");
            tokio::time::sleep(wait(tried, &why)).await;
        }
        Ok(())
    }

    async fn send(&self, bytes: &Bytes, headers: &HeaderMap) -> Result<(), Refusal> {
        let credential =
            self.credentials.current().await.map_err(|none| Refusal::Denied(none.to_string()))?;
        let signed = Scope { service: request::SERVICE, region: &self.region }
            .post(&self.url, headers.clone(), bytes.clone(), credential.as_ref())
            .map_err(Refusal::Denied)?;
        let post = self.http.post(&self.url).headers(signed).body(bytes.clone());
        let answer = post.timeout(PATIENCE).send().await.map_err(|error| no_answer(&error))?;
        let status = answer.status();
        let body = read(answer).await;
        if status.is_success() {
            return body.map(drop);
        }
        let why = refusal(status.as_u16(), &body.unwrap_or_default());
        if is_expired(&why) {
            self.credentials.forget();
        }
        Err(why)
    }
}

/// The metrics of one namespace.
#[derive(Clone, Debug)]
pub struct Namespace {
    cloudwatch: CloudWatch,
    name: String,
}

#[async_trait]
impl Sink for Namespace {
    async fn put(&self, data: &[Datum]) -> Result<(), Unsent> {
        self.cloudwatch.put(&self.name, data).await
    }
}

/// The beginning of an answer.
async fn read(mut answer: reqwest::Response) -> Result<String, Refusal> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| no_answer(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

fn no_answer(error: &reqwest::Error) -> Refusal {
    Refusal::Unreachable(if error.is_timeout() { "time-out".to_owned() } else { chain(error) })
}

/// The wait after try number `tried` (from 1).
fn wait(tried: u32, why: &Refusal) -> Duration {
    let base = if matches!(why, Refusal::Throttled(_)) { WAIT * 4 } else { WAIT };
    let bound = base.saturating_mul(1 << (tried - 1).min(16)).min(LONGEST_WAIT);
    // std's hashing has a new random key each time: random enough to keep functions apart.
    bound.mul_f64((RandomState::new().hash_one(tried) >> 11) as f64 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_differ_and_have_a_bound() {
        let check = |tried: u32, why: &Refusal, bound: Duration| {
            let waits: Vec<Duration> = (0..200).map(|_| wait(tried, why)).collect();
            assert!(waits.iter().all(|wait| *wait <= bound), "{tried}");
            assert!(waits.iter().any(|wait| *wait > bound / 2) && waits.iter().any(|wait| *wait < bound / 2));
        };
        check(1, &Refusal::Unreachable(String::new()), WAIT);
        check(3, &Refusal::Throttled(String::new()), WAIT * 16);
        check(30, &Refusal::Throttled(String::new()), LONGEST_WAIT);
    }

    #[test]
    fn the_environment_names_the_server() {
        let check = |set: &[(&str, &str)], expect: Option<&str>| {
            let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(CloudWatchSettings::of_environment(get).endpoint.as_deref(), expect, "{set:?}");
        };
        check(&[], None);
        check(&[("AWS_ENDPOINT_URL", "http://a")], Some("http://a"));
        let both = [("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_CLOUDWATCH", "http://b")];
        check(&both, Some("http://b"));
        let ignored = [both[0], both[1], ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
        check(&ignored, None);
    }
}
