//! The real binary as a function on ministack: objects put by a plain client, the metric, the alarm and its message.

use lakegauge_testbed::{S3Server, python};
use serde_json::{Value, json};

/// Sets up one deployment with boto3, puts objects, and waits for the results.
const SCRIPT: &str = include_str!("end_to_end.py");

/// The deployed package; `LAKEGAUGE_LAMBDA_ZIP` may name that of `cargo xtask package-lambda`.
fn deploy(server: &S3Server, route: &str) -> Value {
    let (binary, zip) = (env!("CARGO_BIN_EXE_bootstrap"), std::env::var("LAKEGAUGE_LAMBDA_ZIP").ok());
    let zip = zip.map(|zip| std::path::absolute(zip).unwrap());
    python(SCRIPT, &json!({"endpoint": server.endpoint, "binary": binary, "zip": zip, "route": route}))
        .unwrap()
}

#[tokio::test]
async fn an_object_that_lands_too_small_raises_an_alarm_by_every_route() {
    let server = S3Server::ministack_aws().await.unwrap();
    for route in ["eventbridge", "direct", "sns"] {
        let came = deploy(&server, route);
        // One verdict, for three objects of 1,000 bytes where 5,000 bytes are expected, and the tick's heartbeat.
        assert_eq!(came["values"], json!([3_000.0]), "{route}: {came}");
        assert_eq!(came["samples"], json!([1.0]), "{route}: {came}");
        assert_eq!(came["alarm"], "ALARM", "{route}: {came}");
        assert_eq!(came["message"]["NewStateValue"], "ALARM", "{route}: {came}");
        assert_eq!(came["heartbeats"], 1.0, "{route}: {came}");
        // The tick's values; the message that is not an event is in the dead-letter queue.
        assert_eq!(came["tick"]["verdicts"], 0, "{route}: {came}");
        assert_eq!(came["dead"], json!(["not an event"]), "{route}: {came}");
        assert_eq!(came["left"], json!(["0", "0"]), "{route}: {came}");
        // The scheduler called at the deadline of a partition that is missing.
        assert_eq!(came["missing"], json!([1.0]), "{route}: {came}");
    }
}
