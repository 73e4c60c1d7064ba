//! The real binary as a function of ministack: objects put by a plain client, the metric, the alarm and its message.

use lakegauge_testbed::{S3Server, python};
use serde_json::{Value, json};

/// Sets up one deployment by boto3, puts objects, and waits for what comes of it.
const SCRIPT: &str = include_str!("end_to_end.py");

fn deploy(server: &S3Server, route: &str) -> Value {
    let binary = env!("CARGO_BIN_EXE_bootstrap");
    python(SCRIPT, &json!({"endpoint": server.endpoint, "binary": binary, "route": route})).unwrap()
}

#[tokio::test]
async fn an_object_that_lands_too_small_raises_an_alarm_by_every_route() {
    let server = S3Server::ministack_aws().await.unwrap();
    for route in ["eventbridge", "direct"] {
        let came = deploy(&server, route);
        // One verdict, of three objects of 1,000 bytes where 5,000 are owed, and the tick's sign of life.
        assert_eq!(came["values"], json!([3_000.0]), "{route}: {came}");
        assert_eq!(came["samples"], json!([1.0]), "{route}: {came}");
        assert_eq!(came["alarm"], "ALARM", "{route}: {came}");
        assert_eq!(came["message"]["NewStateValue"], "ALARM", "{route}: {came}");
        assert_eq!(came["heartbeats"], 1.0, "{route}: {came}");
        // What the tick was told, and that poison ended among the dead letters.
        assert_eq!(came["tick"]["verdicts"], 0, "{route}: {came}");
        assert_eq!(came["dead"], "not an event", "{route}: {came}");
    }
}
