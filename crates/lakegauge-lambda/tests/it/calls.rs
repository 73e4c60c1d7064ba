//! Records the functions' requests on the wire and compares them with the table of calls: no more, no less.
//!
//! Calls that Lambda itself makes (log, queue, dead letters) are not recorded.
//! `crates/lakegauge/tests/it/permissions.rs` checks that the roles allow what the table says.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use lakegauge_aws::calls::{CALLS, Function, Resource};
use lakegauge_lambda::{Called, Connections, Environment, Wall, objects, remedy, schedule};
use lakegauge_testbed::{ACCESS_KEY, Asked, Fault, FaultyProxy, S3Server, SECRET_KEY, python};
use serde_json::json;

/// A deployment of two datasets, one of them split, with a calendar; yesterday's partition of both has landed, and is
/// too small. Two secrets and a function's ARN for the remedies.
const SEED: &str = r#"
import boto3, json, sys
given = json.load(sys.stdin)
client = lambda name: boto3.client(name, endpoint_url=given["endpoint"], aws_access_key_id=given["key"],
                                   aws_secret_access_key=given["secret"], region_name="us-east-1")
s3, secrets, ssm = map(client, ["s3", "secretsmanager", "ssm"])
login = json.dumps({"username": "u", "password": "p"})
ssm.put_parameter(Name="/airflow", Type="SecureString", Value=login)
secret = secrets.create_secret(Name="airflow", SecretString=login)["ARN"]
for bucket, objects in given["buckets"].items():
    s3.create_bucket(Bucket=bucket)
    for key, text in objects.items():
        s3.put_object(Bucket=bucket, Key=key, Body=text.replace("SECRET", secret).encode())
print("null")
"#;

/// Removes the copy of the config, so that the next function requests its pieces.
const FORGET: &str = r#"
import boto3, json, sys
given = json.load(sys.stdin)
s3 = boto3.client("s3", endpoint_url=given["endpoint"], aws_access_key_id=given["key"],
                  aws_secret_access_key=given["secret"], region_name="us-east-1")
s3.delete_object(Bucket="acme-state", Key="ops/lakegauge/state/config.copy.gz")
print("null")
"#;

/// The beginning of a CloudWatch request that the role allows.
const FORM: &[u8] = b"Action=PutMetricData&Version=2010-08-01&Namespace=Lakegauge&";

/// The functions' environment, set before a function is opened.
static ENDPOINT: Mutex<String> = Mutex::new(String::new());

fn get(name: &str) -> Option<String> {
    let value = match name {
        "AWS_ENDPOINT_URL" => ENDPOINT.lock().unwrap().clone(),
        "AWS_ACCESS_KEY_ID" => ACCESS_KEY.to_owned(),
        "AWS_SECRET_ACCESS_KEY" => SECRET_KEY.to_owned(),
        "AWS_REGION" => "us-east-1".to_owned(),
        "LAKEGAUGE_STATE" => "s3://acme-state/ops/lakegauge".to_owned(),
        _ => return None,
    };
    Some(value)
}

#[expect(clippy::disallowed_methods, reason = "the real functions use the real clock")]
fn yesterday() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().yesterday().unwrap()
}

fn seed(server: &S3Server) {
    let day = yesterday();
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    // There is no Airflow: only the requests to AWS before it matter here.
    let airflow = |secret: &str| {
        format!("airflow: {{ url: \"http://127.0.0.1:9/\", dag: rerun, secret: \"{secret}\" }}")
    };
    let parameter = airflow("arn:aws:ssm:us-east-1:000000000000:parameter/airflow");
    let rerun = "lambda: \"arn:aws:lambda:us-east-1:000000000000:function:rerun\"";
    let small = "alarms: { TotalFileSize: { at_least: 5000 } }";
    let sales = format!(
        "sales:\n  path: kpi/sales/date={{date}}/\n  due: +1d 00:00\n  landed_when: _SUCCESS\n  {small}\n  remediate: {{ {rerun}, {} }}\n",
        airflow("SECRET")
    );
    let split = format!(
        "split:\n  path: kpi/split/region={{region}}/date={{date}}/\n  landed_when: _SUCCESS\n  {small}\n  remediate: {{ {parameter} }}\n"
    );
    let state = json!({
        "ops/lakegauge/config/base.yaml": "lake: s3://acme-lake/refined\ncalendar: days.ics\n",
        "ops/lakegauge/config/files/days.ics": calendar,
        "ops/lakegauge/config/datasets/sales.yaml": sales,
        "ops/lakegauge/config/datasets/split.yaml": split,
    });
    let mut lake = serde_json::Map::new();
    for place in ["sales", "split/region=eu", "split/region=us"] {
        for name in ["part-0", "_SUCCESS"] {
            lake.insert(format!("refined/kpi/{place}/date={day}/{name}"), "x".into());
        }
    }
    let input = json!({"endpoint": server.endpoint, "key": ACCESS_KEY, "secret": SECRET_KEY,
        "buckets": {"acme-state": state, "acme-lake": lake}});
    python(SEED, &input).unwrap();
}

/// Opens a function twice, as two sandboxes would, and calls each.
async fn live(proxy: &FaultyProxy, function: Function) {
    ENDPOINT.lock().unwrap().clone_from(&proxy.endpoint);
    for _ in 0..2 {
        let connections =
            Connections::open(Environment::read(get).unwrap(), get, Arc::new(Wall)).await.unwrap();
        let deployment = connections.deployment().await.unwrap();
        match function {
            Function::Schedule => {
                let midnight = yesterday().tomorrow().unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap();
                let at = Some(midnight.timestamp());
                schedule(&deployment, &Called::Deadline { at, zone: None }).await.unwrap();
                schedule(&deployment, &Called::Tick { at: None }).await.unwrap();
            }
            Function::Objects => {
                let key = format!("refined/kpi/split/region%3Deu/date%3D{}/_SUCCESS", yesterday());
                let s3 = json!({"bucket": {"name": "acme-lake"}, "object": {"key": key, "size": 0}});
                let record = json!({"eventName": "ObjectCreated:Put", "s3": s3});
                let message = json!({"messageId": "m", "body": json!({"Records": [record]}).to_string()});
                let answer = objects(&deployment, &json!({"Records": [message]})).await.unwrap();
                assert_eq!(answer["batchItemFailures"], json!([]));
            }
            Function::Alarm => {
                let (remedies, link) = connections.remedies();
                let ran = remedy(&deployment, remedies, link, &json!({"lakegauge": "tick"})).await;
                println!("{ran:?}");
            }
        }
    }
}

/// The action and resource of a request in IAM's terms (Service Authorization Reference, "Actions, resources, and
/// condition keys").
fn right(asked: &Asked) -> Option<(&'static str, Resource)> {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let prefix = query.split('&').find_map(|pair| pair.strip_prefix("prefix=")).unwrap_or("none");
    let prefix = prefix.replace("%2F", "/");
    match (asked.method.as_str(), path.trim_end_matches('/')) {
        ("GET", "/acme-lake") if query.contains("list-type=2") && prefix.starts_with("refined/kpi/") => {
            Some(("s3:ListBucket", Resource::LakeListing))
        }
        ("GET", "/acme-state") if query.contains("list-type=2") && prefix.starts_with("ops/lakegauge/") => {
            Some(("s3:ListBucket", Resource::StateListing))
        }
        ("GET", path) if path.starts_with("/acme-state/ops/lakegauge/config/") => {
            Some(("s3:GetObject", Resource::Config))
        }
        ("GET", path) if path.starts_with("/acme-state/ops/lakegauge/state/") => {
            Some(("s3:GetObject", Resource::State))
        }
        ("PUT", path) if path.starts_with("/acme-state/ops/lakegauge/state/") => {
            Some(("s3:PutObject", Resource::State))
        }
        (
            "POST",
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Arerun/invocations",
        ) => Some(("lambda:InvokeFunction", Resource::Remedies)),
        ("POST", "") if asked.headers.contains("x-amz-target: secretsmanager.GetSecretValue") => {
            Some(("secretsmanager:GetSecretValue", Resource::Secrets))
        }
        ("POST", "") if asked.headers.contains("x-amz-target: AmazonSSM.GetParameter") => {
            Some(("ssm:GetParameter", Resource::Parameters))
        }
        ("POST", "") if asked.body.starts_with(FORM) => Some(("cloudwatch:PutMetricData", Resource::Metrics)),
        _ => None,
    }
}

#[tokio::test]
async fn what_is_called_is_the_table_of_calls() {
    let server = S3Server::ministack_aws().await.unwrap();
    seed(&server);
    // One for all, since what is remembered belongs to a lake and its endpoint.
    let proxy = FaultyProxy::start(&server.endpoint, |_, _| Fault::None).await.unwrap();
    let mut known = 0;
    for function in [Function::Objects, Function::Schedule, Function::Alarm] {
        python(FORGET, &json!({"endpoint": server.endpoint, "key": ACCESS_KEY, "secret": SECRET_KEY}))
            .unwrap();
        live(&proxy, function).await;
        let recorded = proxy.asked().split_off(known);
        known += recorded.len();
        let said = |asked: &Asked| match right(asked) {
            Some(right) => format!("{right:?}"),
            None => format!("not in the table: {} {}", asked.method, asked.target),
        };
        let called: BTreeSet<String> = recorded.iter().map(said).collect();
        let of_lambda = |action: &str| action.starts_with("logs:") || action.starts_with("sqs:");
        let table = CALLS.iter().filter(|call| call.by.contains(&function) && !of_lambda(call.action));
        let table: BTreeSet<String> = table.map(|call| format!("{:?}", (call.action, call.on))).collect();
        assert_eq!(called, table, "{function:?}, {} requests", recorded.len());
        assert!(recorded.iter().all(|asked| asked.headers.contains("authorization: AWS4-HMAC-SHA256")));
    }
}
