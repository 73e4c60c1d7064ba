//! CloudWatch as the place where metrics go: `PutMetricData` in as few requests as its limits allow.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::config::retry::RetryConfig;
use aws_sdk_cloudwatch::config::timeout::TimeoutConfig;
use aws_sdk_cloudwatch::config::{Region, SharedCredentialsProvider};
use aws_sdk_cloudwatch::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use jiff::Timestamp;
use lakegauge_core::metric::Unit;
use lakegauge_core::publish::Datum;

use crate::keys::Keys;

/// The most data of one request (CloudWatch API reference, `PutMetricData`).
const MOST: usize = 1_000;
/// The most bytes of one request, with room for what the encoding adds to our own estimate.
const LARGEST: usize = 900_000;
/// Tries of one request, the first included; the SDK waits between them, longer each time.
const TRIES: u32 = 5;

/// How CloudWatch is reached.
#[derive(Clone, Debug, Default)]
pub struct CloudWatchSettings {
    /// The region; `us-east-1` where it is not said.
    pub region: Option<String>,
    /// Another server than AWS's own.
    pub endpoint: Option<String>,
}

impl CloudWatchSettings {
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_CLOUDWATCH` or `AWS_ENDPOINT_URL`.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> CloudWatchSettings {
        let set = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        CloudWatchSettings {
            region: set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")),
            endpoint: set("AWS_ENDPOINT_URL_CLOUDWATCH").or_else(|| set("AWS_ENDPOINT_URL")),
        }
    }
}

/// Data that CloudWatch did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Their places in what was to be sent.
    pub which: Vec<usize>,
    /// Why, of the last request that failed.
    pub why: Refusal,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values did not reach CloudWatch: {}", self.which.len(), self.why)
    }
}

impl std::error::Error for Unsent {}

/// Why CloudWatch did not take data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too many requests, for all that was waited.
    #[error("it is busy ({0}); they are kept and sent again at the next tick")]
    Throttled(String),
    /// The role may not.
    #[error("it refuses ({0}); allow cloudwatch:PutMetricData for this namespace, they are kept until then")]
    Denied(String),
    /// It says that the data are wrong: sending them again would not help.
    #[error("it does not want them ({0}); this is a fault of lakegauge, please report it")]
    Wrong(String),
    /// No answer.
    #[error("it does not answer ({0}); check region, endpoint and network, they are kept and sent again")]
    Unreachable(String),
}

impl Refusal {
    /// Whether the same data may be taken another time.
    pub fn passes(&self) -> bool {
        !matches!(self, Refusal::Wrong(_))
    }
}

/// A sink of metrics.
#[derive(Clone, Debug)]
pub struct CloudWatch {
    client: Client,
}

impl CloudWatch {
    /// Opens the sink. Sends nothing yet.
    pub fn open(settings: &CloudWatchSettings, keys: Arc<Keys>) -> CloudWatch {
        let region = settings.region.clone().unwrap_or_else(|| "us-east-1".to_owned());
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(3))
            .operation_attempt_timeout(Duration::from_secs(10))
            .build();
        let mut config = aws_sdk_cloudwatch::Config::builder()
            .behavior_version_latest()
            .region(Region::new(region))
            .credentials_provider(SharedCredentialsProvider::new(OfKeys(keys)))
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
            .timeout_config(timeouts);
        if let Some(endpoint) = &settings.endpoint {
            config = config.endpoint_url(endpoint);
        }
        CloudWatch { client: Client::from_conf(config.build()) }
    }

    /// Sends data of one namespace. A request that fails does not keep the others back.
    ///
    /// # Errors
    /// Says which data were not taken, and why.
    pub async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent> {
        let mut unsent: Option<Unsent> = None;
        for batch in batches(data) {
            let metric_data = data.get(batch.clone()).unwrap_or_default().iter().map(metric_datum).collect();
            let put = self.client.put_metric_data().namespace(namespace).set_metric_data(Some(metric_data));
            if let Err(error) = put.send().await {
                let why = refusal(&error);
                let before = unsent.map(|unsent| unsent.which).unwrap_or_default();
                unsent = Some(Unsent { which: before.into_iter().chain(batch).collect(), why });
            }
        }
        unsent.map_or(Ok(()), Err)
    }
}

/// Ranges of data that fit into one request each.
fn batches(data: &[Datum]) -> Vec<std::ops::Range<usize>> {
    let (mut ranges, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (at, datum) in data.iter().enumerate() {
        let size = estimate(datum);
        if at > start && (at - start >= MOST || bytes + size > LARGEST) {
            ranges.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < data.len() {
        ranges.push(start..data.len());
    }
    ranges
}

/// Bytes of one datum on the wire, generously.
fn estimate(datum: &Datum) -> usize {
    let dimensions = datum.dimensions.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 60);
    200 + 3 * datum.name.len() + dimensions.sum::<usize>()
}

fn metric_datum(datum: &Datum) -> MetricDatum {
    let dimension = |(name, value): &(String, String)| Dimension::builder().name(name).value(value).build();
    MetricDatum::builder()
        .metric_name(&datum.name)
        .set_dimensions(Some(datum.dimensions.iter().map(dimension).collect()))
        .unit(match datum.unit {
            Unit::Bytes => StandardUnit::Bytes,
            Unit::Count => StandardUnit::Count,
            Unit::Seconds => StandardUnit::Seconds,
            Unit::None => StandardUnit::None,
        })
        .value(datum.value)
        .timestamp(instant(datum.at))
        .build()
}

fn instant(at: Timestamp) -> DateTime {
    DateTime::from_nanos(at.as_nanosecond()).unwrap_or_else(|_| DateTime::from_secs(at.as_second()))
}

fn refusal<E, R>(error: &SdkError<E, R>) -> Refusal
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: fmt::Debug,
{
    let Some(service) = error.as_service_error() else {
        return Refusal::Unreachable(DisplayErrorContext(error).to_string());
    };
    let code = service.code().unwrap_or("no code");
    let said = match service.message() {
        Some(message) => format!("{code}: {message}"),
        None => code.to_owned(),
    };
    match code {
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException" => {
            Refusal::Throttled(said)
        }
        "AccessDenied"
        | "AccessDeniedException"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "ExpiredTokenException" => Refusal::Denied(said),
        code if code.starts_with("Invalid") || code.starts_with("Missing") || code.contains("Validation") => {
            Refusal::Wrong(said)
        }
        _ => Refusal::Unreachable(said),
    }
}

/// The chain of this crate, as the SDK wants credentials.
#[derive(Debug)]
struct OfKeys(Arc<Keys>);

impl ProvideCredentials for OfKeys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let key = self.0.current().await.map_err(CredentialsError::not_loaded)?;
            let until: Option<SystemTime> = None;
            Ok(Credentials::new(key.id, key.secret, key.token, until, "lakegauge"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datum(name: &str) -> Datum {
        let dimensions = vec![("Dataset".to_owned(), name.to_owned())];
        Datum {
            name: "Late".to_owned(),
            unit: Unit::Count,
            dimensions,
            value: 1.0,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn requests_stay_within_both_limits() {
        let check = |data: Vec<Datum>, expect: &[usize]| {
            let found: Vec<usize> = batches(&data).iter().map(ExactSizeIterator::len).collect();
            assert_eq!(found, expect);
        };
        check(Vec::new(), &[]);
        check(vec![datum("a"); 3], &[3]);
        check(vec![datum("a"); 2_001], &[1_000, 1_000, 1]);
        check(vec![datum(&"x".repeat(1_000)); 600], &[273, 273, 54]);
    }

    #[test]
    fn the_environment_names_the_server() {
        let check = |set: &[(&str, &str)], expect: Option<&str>| {
            let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(CloudWatchSettings::of_environment(get).endpoint.as_deref(), expect);
        };
        check(&[], None);
        check(&[("AWS_ENDPOINT_URL", "http://a")], Some("http://a"));
        check(
            &[("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_CLOUDWATCH", "http://b")],
            Some("http://b"),
        );
    }
}
