//! Faults on the wire, in front of a real server.

use std::time::Duration;

use lakegauge_core::observation::GapKind;
use lakegauge_lake::{Backoff, Options};
use lakegauge_testbed::{Fault, FaultyProxy, S3Server, draw};

use crate::conformance::list;
use crate::keys::seeded;
use crate::stores::{s3_options, store};

/// Waits that are short enough for a test.
fn hasty(endpoint: &str) -> Options {
    let backoff =
        Backoff { base: Duration::from_millis(2), cap: Duration::from_millis(20), ..Backoff::default() };
    Options { backoff, timeout: Duration::from_millis(1_500), ..s3_options(endpoint) }
}

/// About a third of the requests fail, with temporary errors.
fn passing(seed: u64, n: u64) -> Fault {
    match draw(seed, n) % 24 {
        0 => Fault::Reset,
        1 => Fault::Cut,
        2 => Fault::TruncatedXml,
        3 => Fault::WrongCount,
        4 => Fault::Status(500, "InternalError"),
        5 => Fault::Status(503, "SlowDown"),
        6 | 7 => Fault::Latency(Duration::from_millis(30)),
        _ => Fault::None,
    }
}

#[tokio::test]
async fn faults_on_the_wire() {
    let server = S3Server::ministack().await.unwrap();
    let seeded = seeded(true, 2_500);
    server.seed("lake", &seeded.all).unwrap();

    for seed in 0..20u64 {
        println!("seed {seed}");
        let proxy = FaultyProxy::start(&server.endpoint, move |n, _| passing(seed, n)).await.unwrap();
        let lake = store("s3://lake/refined zone+/", &hasty(&proxy.endpoint));
        assert_eq!(list(lake.as_ref(), "", None).await, seeded.inside, "seed {seed}");
        assert_eq!(lake.requests(), proxy.requests(), "seed {seed}: every request is counted");
    }

    let lasting = [
        (Fault::Reset, GapKind::Unreachable, 6),
        (Fault::Cut, GapKind::Unreachable, 6),
        (Fault::TruncatedXml, GapKind::Truncated, 6),
        (Fault::WrongCount, GapKind::Truncated, 6),
        (Fault::Status(500, "InternalError"), GapKind::Unreachable, 6),
        (Fault::Status(503, "SlowDown"), GapKind::Throttled, 6),
        (Fault::Status(403, "AccessDenied"), GapKind::Denied, 1),
        (Fault::Status(403, "RequestTimeTooSkewed"), GapKind::ClockSkew, 1),
        (Fault::Status(404, "NoSuchBucket"), GapKind::NotFound, 1),
        (Fault::LoginPage, GapKind::Malformed, 1),
        (Fault::Latency(Duration::from_secs(4)), GapKind::Unreachable, 6),
    ];
    for (fault, kind, tries) in lasting {
        // The first page is complete: the second one fails.
        let plan = move |n, _: &str| if n == 0 { Fault::None } else { fault };
        let proxy = FaultyProxy::start(&server.endpoint, plan).await.unwrap();
        let lake = store("s3://lake/refined zone+/", &hasty(&proxy.endpoint));
        let error = lake.list("many/", None, &mut |_| {}).await.unwrap_err();
        assert_eq!((error.kind, lake.requests()), (kind, 1 + tries), "{fault:?}: {error}");
        assert_eq!(error.place, "s3://lake/refined zone+/many/");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let lake = store("s3://lake/", &hasty("http://127.0.0.1:9"));
    let error = lake.level("").await.unwrap_err();
    assert_eq!(error.kind, GapKind::Unreachable);
    assert!(error.detail.contains("refused"), "{error}");
}
