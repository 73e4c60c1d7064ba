//! Values reach CloudWatch unchanged, in spite of temporary failures.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lakegauge_aws::{CloudWatch, CloudWatchSettings};
use lakegauge_core::datum::Datum;
use lakegauge_core::metric::Unit;
use lakegauge_engine::{Credential, Fixed, Refusal, Sink as _};
use lakegauge_testbed::{ACCESS_KEY, Asked, Fault, FaultyProxy, S3Server, SECRET_KEY, python};
use serde_json::{Value, json};

/// The statistics of one metric in CloudWatch: sums of its dimension's values in hours around now, and its sample
/// count.
const STATISTICS: &str = r#"
import boto3, datetime, json, sys
given = json.load(sys.stdin)
cloudwatch = boto3.client("cloudwatch", endpoint_url=given["endpoint"], region_name="us-east-1",
                          aws_access_key_id=given["key"], aws_secret_access_key=given["secret"])
now = datetime.datetime.fromtimestamp(given["now"], datetime.timezone.utc)
metrics = cloudwatch.get_paginator("list_metrics").paginate(Namespace=given["namespace"])
names = sum(len(page["Metrics"]) for page in metrics)
points = cloudwatch.get_metric_statistics(Namespace=given["namespace"], MetricName="TotalFileSize", Period=3600,
    Dimensions=[{"Name": "Dataset", "Value": given["dataset"]}], Statistics=["Sum", "SampleCount"], Unit="Bytes",
    StartTime=now - datetime.timedelta(hours=3), EndTime=now + datetime.timedelta(hours=1))["Datapoints"]
print(json.dumps({"metrics": names, "points": [[point["Sum"], point["SampleCount"]] for point in points]}))
"#;

fn sink(endpoint: &str) -> CloudWatch {
    let settings = CloudWatchSettings { region: None, endpoint: Some(endpoint.to_owned()) };
    let credential = Credential { key_id: ACCESS_KEY.into(), secret: SECRET_KEY.into(), token: None };
    let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    CloudWatch::open(&settings, Arc::new(Fixed(credential)), http)
}

fn value(dataset: &str, value: f64, at: Timestamp) -> Datum {
    let dimensions = vec![("Dataset".to_owned(), dataset.to_owned())];
    Datum { name: "TotalFileSize".to_owned(), unit: Unit::Bytes, dimensions, value, at }
}

#[expect(clippy::disallowed_methods, reason = "CloudWatch only accepts values of the last two weeks")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn statistics(server: &S3Server, namespace: &str, dataset: &str) -> Value {
    let input = json!({"endpoint": server.endpoint, "key": ACCESS_KEY, "secret": SECRET_KEY,
        "namespace": namespace, "dataset": dataset, "now": now().as_second()});
    python(STATISTICS, &input).unwrap()
}

fn header<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.headers.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn values_arrive_at_their_own_time_in_as_few_requests_as_may_be() {
    let server = S3Server::ministack_aws().await.unwrap();
    let proxy = FaultyProxy::start(&server.endpoint, |_, _| Fault::None).await.unwrap();
    let an_hour_ago = now() - SignedDuration::from_hours(2);
    let mut data: Vec<Datum> = (0..1_199).map(|n| value(&format!("s{n}"), 1.0, an_hour_ago)).collect();
    data.push(value("ümlaut & + / =", 0.25e12, an_hour_ago));
    sink(&proxy.endpoint).namespace("Lake gauge").put(&data).await.unwrap();
    let asked = proxy.asked();
    let packed: Vec<Option<&str>> = asked.iter().map(|asked| header(asked, "content-encoding")).collect();
    assert_eq!(packed, [Some("gzip"), Some("gzip")]);
    assert!(
        asked.iter().all(|asked| header(asked, "authorization").is_some_and(|a| a.contains("/monitoring/")))
    );
    let found = statistics(&server, "Lake gauge", "ümlaut & + / =");
    assert_eq!(found, json!({"metrics": 1_200, "points": [[0.25e12, 1.0]]}));
}

#[tokio::test]
async fn what_passes_is_waited_for_and_what_stays_is_said() {
    let server = S3Server::ministack_aws().await.unwrap();
    let check = async |faults: &'static [Fault], tries: u64, expect: Result<(), &str>| {
        let plan = |n: u64, _: &str| faults[(n as usize).min(faults.len() - 1)];
        let proxy = FaultyProxy::start(&server.endpoint, plan).await.unwrap();
        let done = sink(&proxy.endpoint).namespace("Faults").put(&[value("sales", 1.0, now())]).await;
        let said = done.map_err(|unsent| format!("{:?}", unsent.why(0).unwrap()));
        let start =
            said.as_ref().map_err(|said| said.split(['(', ':']).take(2).collect::<Vec<_>>().join("("));
        assert_eq!(start.copied(), expect.map_err(str::to_owned), "{faults:?}: {said:?}");
        assert_eq!(proxy.requests(), tries, "{faults:?}");
    };
    const BUSY: Fault = Fault::Status(400, "Throttling");
    check(&[BUSY, BUSY, Fault::None], 3, Ok(())).await;
    check(&[Fault::Reset, Fault::Status(503, "ServiceUnavailable"), Fault::None], 3, Ok(())).await;
    check(&[BUSY], 5, Err("Throttled(\"Throttling")).await;
    check(&[Fault::Status(500, "InternalFailure")], 5, Err("Unreachable(\"InternalFailure")).await;
    check(&[Fault::Status(403, "AccessDenied")], 1, Err("Denied(\"AccessDenied")).await;
    check(&[Fault::Status(400, "InvalidParameterValue")], 1, Err("Wrong(\"InvalidParameterValue")).await;
    // The credentials have expired: they are loaded again, once.
    check(&[Fault::Status(403, "ExpiredToken"), Fault::None], 2, Ok(())).await;
    check(&[Fault::Status(403, "ExpiredToken")], 2, Err("Denied(\"ExpiredToken")).await;
}

#[tokio::test]
async fn one_wrong_value_does_not_keep_the_others_back() {
    let server = S3Server::ministack_aws().await.unwrap();
    let mut data: Vec<Datum> = (0..20).map(|n| value(&format!("s{n}"), 1.0, now())).collect();
    // ministack rejects nothing, so a proxy rejects each request with the value, as CloudWatch does.
    let proxy = FaultyProxy::choosy(&server.endpoint, |_, asked| {
        let holds = String::from_utf8_lossy(&asked.body).contains("Value=NaN");
        if holds { Fault::Status(400, "InvalidParameterValue") } else { Fault::None }
    });
    let proxy = proxy.await.unwrap();
    data[17].value = f64::NAN;
    let unsent = sink(&proxy.endpoint).namespace("Choosy").put(&data).await.unwrap_err();
    let places: Vec<usize> = unsent.which.iter().map(|(at, _)| *at).collect();
    assert_eq!(places, [17]);
    assert!(matches!(unsent.why(17), Some(Refusal::Wrong(_))));
    assert_eq!(statistics(&server, "Choosy", "s16"), json!({"metrics": 19, "points": [[1.0, 1.0]]}));
}
