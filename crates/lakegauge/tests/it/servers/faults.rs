//! A store that fails in the middle of a check: what it hides is a gap, and what it shows is judged.

use std::time::Duration;

use jiff::civil::Date;
use lakegauge_testbed::{Fault, FaultyProxy, S3Server, draw};
use serde_json::Value;

use super::bucket::{dataset, last, now, of, run};
use crate::harness::Desk;

const CONFIG: &str = "\
lake: s3://lake
defaults: { due: +1d 20:00, landed_when: _SUCCESS }
datasets:
  orders: { path: \"orders/date={date}/\" }
  stock: { path: \"stock/date={date}/\" }
  visits: { path: \"visits/date={date}/\" }
";

/// One request in three fails, with a temporary error.
fn passing(seed: u64, n: u64) -> Fault {
    match draw(seed, n) % 18 {
        0 => Fault::Reset,
        1 => Fault::Cut,
        2 => Fault::TruncatedXml,
        3 => Fault::Status(500, "InternalError"),
        4 => Fault::Status(503, "SlowDown"),
        5 => Fault::Latency(Duration::from_millis(200)),
        _ => Fault::None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_hides_nothing_else() {
    let server = S3Server::seaweedfs().await.unwrap();
    let last = last();
    let mut objects = Vec::new();
    for name in ["orders", "stock", "visits"] {
        objects.extend(dataset(|day| format!("{name}/date={day}/"), last));
    }
    // Yesterday's visits are missing.
    objects.retain(|(key, _)| !key.starts_with(&format!("visits/date={last}/")));
    server.seed("lake", &objects).unwrap();
    let whole = verdicts(&check(&server.endpoint, last, 1), &["orders", "stock", "visits"]);
    let states: Vec<&Value> = whole.iter().map(|dataset| &dataset["status"]).collect();
    assert_eq!(states, ["ok", "ok", "alarm"], "{whole:#?}");

    for seed in [1, 2, 3] {
        println!("seed {seed}");
        let proxy = FaultyProxy::start(&server.endpoint, move |n, _| passing(seed, n)).await.unwrap();
        let report = check(&proxy.endpoint, last, 1);
        assert_eq!(verdicts(&report, &["orders", "stock", "visits"]), whole, "seed {seed}");
        let sent: u64 = report["datasets"].as_array().unwrap().iter().map(sent).sum();
        assert_eq!(sent, proxy.requests(), "seed {seed}: every request is counted");
    }
    for (fault, kind) in [
        (Fault::Reset, "unreachable"),
        (Fault::Cut, "unreachable"),
        (Fault::TruncatedXml, "truncated"),
        (Fault::WrongCount, "truncated"),
        (Fault::Status(500, "InternalError"), "unreachable"),
        (Fault::Status(503, "SlowDown"), "throttled"),
        (Fault::Status(403, "AccessDenied"), "denied"),
        (Fault::Status(403, "RequestTimeTooSkewed"), "clock_skew"),
        (Fault::Status(404, "NoSuchBucket"), "not_found"),
        (Fault::LoginPage, "malformed"),
    ] {
        let plan = move |_, target: &str| if target.contains("stock") { fault } else { Fault::None };
        let proxy = FaultyProxy::start(&server.endpoint, plan).await.unwrap();
        let report = check(&proxy.endpoint, last, 1);
        let stock = of(&report, "stock");
        assert_eq!(stock["status"], "unknown", "{fault:?}: {stock:#}");
        assert_eq!(stock["gaps"][0]["kind"], kind, "{fault:?}: {stock:#}");
        let others: Vec<Value> = [&whole[0], &whole[2]].map(Clone::clone).to_vec();
        assert_eq!(verdicts(&report, &["orders", "visits"]), others, "{fault:?}");
    }
    forgotten_by_the_next(&server.endpoint, last).await;
}

/// What was hidden in one check is seen in the next; a gap leaves nothing wrong behind.
async fn forgotten_by_the_next(endpoint: &str, last: Date) {
    let desk = desk();
    let proxy = FaultyProxy::start(endpoint, |_, _| Fault::Status(403, "AccessDenied")).await.unwrap();
    let args = ["check", "orders", "stock", "--format", "json", "--now", &now(last)];
    let blind = run(&desk, &proxy.endpoint, &args).ends(3).json();
    assert_eq!(blind["status"], "unknown");
    let seen = run(&desk, endpoint, &args).ends(0).json();
    assert_eq!(seen["status"], "ok", "{seen:#}");
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.config(CONFIG);
    desk
}

/// A first check of everything, with its own history.
fn check(endpoint: &str, last: Date, code: i32) -> Value {
    run(&desk(), endpoint, &["check", "--format", "json", "--now", &now(last)]).ends(code).json()
}

fn sent(dataset: &Value) -> u64 {
    dataset["list_requests"].as_u64().unwrap()
}

/// The verdict on each dataset, without the number of requests.
fn verdicts(report: &Value, names: &[&str]) -> Vec<Value> {
    let verdict = |name: &&str| {
        let mut dataset = of(report, name).clone();
        dataset["list_requests"] = Value::Null;
        dataset
    };
    names.iter().map(verdict).collect()
}
