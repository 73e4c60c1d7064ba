//! `digest`: the events of the last days.

use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::harness::Desk;
use crate::lakes::LAST;

const NOW: &str = "2061-03-02T06:00:00Z";

/// A hundred days of one dataset: `bytes` on each, landed `minutes` after three o'clock.
fn feed(desk: &Desk, name: &str, bytes: impl Fn(i32) -> u64, minutes: impl Fn(i32) -> i64) {
    for n in 0..100 {
        let day = LAST.checked_sub(i64::from(99 - n).days()).unwrap();
        let end: Timestamp = day.tomorrow().unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let landed = end + SignedDuration::from_mins(180 + minutes(n));
        desk.lay(&format!("{name}/date={day}/part-0"), bytes(n), landed);
    }
}

fn desk() -> Desk {
    let desk = Desk::new();
    let noise = |n: i32| (n * 37 % 23) as u64 * 1_000;
    feed(&desk, "quiet", |n| 1_000_000 + noise(n), |n| i64::from(n * 13 % 17));
    feed(&desk, "growing", |n| (1e6 * 1.006_f64.powi(n)) as u64 + noise(n), |_| 0);
    feed(
        &desk,
        "moved",
        |n| if n < 96 { 1_000_000 } else { 2_000_000 } + noise(n),
        |n| if n == 95 { 150 } else { 0 },
    );
    feed(&desk, "odd", |n| if n == 97 { 300_000 } else { 1_000_000 + noise(n) }, |_| 0);
    let mut config =
        "lake: lake\ndefaults: { due: +1d 04:30, landed_when: quiet 5m }\ndatasets:\n".to_owned();
    for name in ["quiet", "growing", "moved", "odd"] {
        config.push_str(&format!("  {name}:\n    path: {name}/date={{date}}/\n"));
    }
    desk.config(&config);
    desk
}

#[test]
fn a_week_is_told() {
    let desk = desk();
    desk.run(&["check", "--now", NOW]);
    let said = ["accept", "odd", "--partition", "2061-02-27", "--reason", "half a day", "--now", NOW];
    desk.run(&said).ends(0);
    insta::assert_snapshot!("digest", desk.run(&["digest", "--now", NOW]).ends(0));
    insta::assert_snapshot!(
        "digest_day",
        desk.run(&["digest", "moved", "--days", "1", "--now", NOW]).ends(0)
    );
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("digest.json", desk.run(&["schema", "--digest"]).ends(0).json()).unwrap();
    let schema = compiler.compile("digest.json", &mut schemas).unwrap();
    let json = desk.run(&["digest", "--format", "json", "--now", NOW]).ends(0).json();
    schemas.validate(&json, schema).unwrap();
    assert_eq!(json["datasets"].as_array().unwrap().len(), 4);
}

#[test]
fn without_a_history_the_lake_is_the_past() {
    let desk = desk();
    let run = desk.run(&["digest", "growing", "--now", NOW]).ends(0);
    assert!(run.stdout.contains("TotalFileSize grows by"), "{run}");
}
