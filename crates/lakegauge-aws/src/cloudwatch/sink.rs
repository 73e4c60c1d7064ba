//! Sending values, again where that may help.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use lakegauge_core::cause::chain;
use lakegauge_core::publish::Datum;
use lakegauge_engine::Credentials;

use super::batch::batches;
use super::refusal::{Refusal, Unsent};
use super::request;
use crate::signature::{self, Scope};

/// Tries of one request, the first included.
const TRIES: u32 = 5;
/// The longest first wait; it doubles with each try, and what is waited is drawn from 0 to it (Brooker, "Exponential
/// Backoff And Jitter", AWS Architecture Blog, 2015). A busy CloudWatch is given four times as long.
const WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// The longest that one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// As much of an answer is read: an error is a few hundred bytes.
const ANSWER: usize = 64 << 10;

/// How CloudWatch is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudWatchSettings {
    /// The region; `us-east-1` where it is not said.
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

/// A sink of metrics.
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
    /// Opens the sink over a client that others may share. Sends nothing yet.
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

    /// Sends data of one namespace. A request that fails does not keep the others back, and one wrong value is found and
    /// left out: CloudWatch refuses all values of a request for it.
    ///
    /// # Errors
    /// Says which data were not taken, and why.
    pub async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent> {
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

    /// One request, repeated for as long as that may help.
    async fn persist(&self, namespace: &str, data: &[Datum]) -> Result<(), Refusal> {
        let (bytes, headers) = request::packed(request::body(namespace, data));
        for tried in 1.. {
            let why = match self.send(&bytes, &headers).await {
                Ok(()) => return Ok(()),
                Err(why) => why,
            };
            // Credentials that had ended are found anew.
            let again = if why.is_expired() { tried == 1 } else { why.passes_soon() };
            if !again || tried >= TRIES {
                return Err(why);
            }
            tracing::debug!(%why, tried, "PutMetricData is repeated");
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
        let why = Refusal::of_answer(status.as_u16(), &body.unwrap_or_default());
        if why.is_expired() {
            self.credentials.forget();
        }
        Err(why)
    }
}

/// The start of an answer.
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

/// How long is waited after try number `tried` (from 1).
fn wait(tried: u32, why: &Refusal) -> Duration {
    let base = if matches!(why, Refusal::Throttled(_)) { WAIT * 4 } else { WAIT };
    let bound = base.saturating_mul(1 << (tried - 1).min(16)).min(LONGEST_WAIT);
    // Every state of std's hashing has a key of its own: chance enough to keep functions apart.
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
