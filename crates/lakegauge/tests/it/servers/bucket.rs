//! The contents of the buckets, and the program with their credentials.

use std::process::Command;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use lakegauge_testbed::{ACCESS_KEY, SECRET_KEY};
use serde_json::Value;

use crate::harness::{Desk, Run};

/// A key, and its bytes.
pub(crate) type Object = (String, u64);

/// The number of days of each dataset.
pub(crate) const DAYS: i64 = 30;

/// The newest partition's day. A server dates objects by its own clock, so these lakes end yesterday.
#[expect(clippy::disallowed_methods, reason = "a server's clock is the real one")]
pub(crate) fn last() -> Date {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    now.date().saturating_sub(1.day())
}

/// A time later than the clock, so that the run is recorded, and before the next partition is due.
pub(crate) fn now(last: Date) -> String {
    format!("{}T00:30:00Z", last.saturating_add(2.days()))
}

/// Thirty days of one dataset below `folder(day)`: three files, a marker, and objects that are not data.
pub(crate) fn dataset(folder: impl Fn(Date) -> String, last: Date) -> Vec<Object> {
    let days = (0..DAYS).rev().map(|back| last.saturating_sub(back.days()));
    let objects = days.flat_map(|day| {
        let folder = folder(day);
        // The days differ slightly, the same way in every run.
        let each = 900 + u64::from(day.day().unsigned_abs()) * 37 % 11 * 10;
        let part = move |name: &str, bytes: u64| (format!("{folder}{name}"), bytes);
        [
            part("part-0.parquet", each),
            part("a file+with%20signs & \"quotes\" <é 日本 🎉>.parquet", each),
            part("sub/part=1/~'()*!,;:@$=.parquet", each),
            part("_SUCCESS", 0),
            part(".part-0.parquet.crc", 12),
            part("_temporary/0/part-7", 5_000),
        ]
    });
    objects.collect()
}

/// The bytes of the data in `objects` below `folder`.
pub(crate) fn bytes_below(objects: &[Object], folder: &str) -> u64 {
    let data = |key: &str| key.ends_with(".parquet");
    objects.iter().filter(|(key, _)| key.starts_with(folder) && data(key)).map(|(_, bytes)| bytes).sum()
}

/// The program in `desk` with the credentials of a server.
pub(crate) fn signed(desk: &Desk, endpoint: &str, args: &[&str]) -> Command {
    let mut command = desk.command(args);
    command.args(["--endpoint-url", endpoint]).env("AWS_REGION", "us-east-1");
    command.env("AWS_ACCESS_KEY_ID", ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    command
}

/// Runs [`signed`]. The output never contains the secret.
pub(crate) fn run(desk: &Desk, endpoint: &str, args: &[&str]) -> Run {
    let run = desk.finish(signed(desk, endpoint, args).output().unwrap());
    assert!(!run.to_string().contains(SECRET_KEY), "a secret is shown: {args:?}");
    run
}

/// One dataset of a report.
pub(crate) fn of<'a>(report: &'a Value, dataset: &str) -> &'a Value {
    let datasets = report["datasets"].as_array().unwrap();
    let found = datasets.iter().find(|d| d["dataset"] == dataset);
    assert!(found.is_some(), "{dataset}: {report:#}");
    found.unwrap()
}
