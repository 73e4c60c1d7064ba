//! Remedies run once per incident, never for a healthy partition, whatever is lost or duplicated.

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use lakegauge_core::partition::Partition;

use crate::sinks::SimRunner;
use crate::world::{DAY, Kind, World, at, key};

async fn call(world: &World, runner: &SimRunner) -> Result<Vec<String>, String> {
    let (watcher, link) = (world.watcher().await, Some("https://console.example"));
    watcher.remedy(&world.config.datasets, runner, link).await.map_err(|failures| failures.to_string())
}

const NONE: [&str; 0] = [];

/// A day that lands too small, and the deadline at which it is judged.
async fn small(world: &World, day: &str, bytes: u64) {
    let day = Partition::parse(day).unwrap();
    let landed = day.end_in(&jiff::tz::TimeZone::UTC) + SignedDuration::from_mins(190);
    world.write(day, 2, bytes, landed - SignedDuration::from_secs(30));
    world.objects.put(key(day, "_SUCCESS"), 0, landed);
    let due = day.end_in(&jiff::tz::TimeZone::UTC) + SignedDuration::from_mins(270);
    world.clock.set(due);
    world.deadline(due).await;
}

const FIRST: &str = "lakegauge__sales__2026-11-21__TotalFileSize";

#[tokio::test]
async fn a_remedy_runs_once_per_incident_with_its_evidence() {
    for kind in [Kind::Documents, Kind::Memory, Kind::Sqlite] {
        let (world, runner) = (World::remedied(kind, "_SUCCESS").await, SimRunner::default());
        assert_eq!(call(&world, &runner).await.unwrap(), NONE);
        small(&world, DAY, 1_000).await;
        let (one, two) = tokio::join!(call(&world, &runner), call(&world, &runner));
        assert_eq!([one.unwrap(), two.unwrap()].concat(), [FIRST], "{kind:?}");
        for _ in 0..3 {
            assert_eq!(call(&world, &runner).await.unwrap(), NONE);
        }
        let evidence = runner.ran.lock().unwrap()[0].clone();
        assert_eq!((evidence.observed, evidence.expected.low), (Some(2_000.0), Some(5_000.0)));
        assert_eq!(evidence.reason, "2 kB landed; at least 5 kB expected");
        assert_eq!(evidence.link.as_deref(), Some("https://console.example"));
        assert_eq!(evidence.judged_at, at("2026-11-22T04:30:00.001Z"));

        // The next day is small as well: its alarm has already fired and does not change, so the tick runs the remedy.
        small(&world, "2026-11-22", 1_000).await;
        assert_eq!(call(&world, &runner).await.unwrap(), ["lakegauge__sales__2026-11-22__TotalFileSize"]);
    }
}

#[tokio::test]
async fn a_partition_that_recovers_first_runs_nothing() {
    let (world, runner) = (World::remedied(Kind::Documents, "_SUCCESS").await, SimRunner::default());
    small(&world, DAY, 1_000).await;
    runner.failing.store(true, Ordering::SeqCst);
    let said = call(&world, &runner).await.unwrap_err();
    assert!(said.contains(FIRST) && said.contains("simulated; it will be retried"), "{said}");
    // The missing objects are written, and the next look sees them.
    let now = world.now();
    world.write(Partition::parse(DAY).unwrap(), 2, 4_000, now);
    world.clock.set(now + SignedDuration::from_hours(25));
    world.tick().await;
    runner.failing.store(false, Ordering::SeqCst);
    assert_eq!(call(&world, &runner).await.unwrap(), NONE);
    assert_eq!(runner.ids(), NONE);
}

#[tokio::test]
async fn failed_runs_are_retried_by_a_later_tick() {
    let (world, runner) = (World::remedied(Kind::Documents, "_SUCCESS").await, SimRunner::default());
    small(&world, DAY, 1_000).await;
    runner.failing.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        call(&world, &runner).await.unwrap_err();
    }
    runner.failing.store(false, Ordering::SeqCst);
    world.clock.set(world.now() + SignedDuration::from_mins(15));
    assert_eq!(call(&world, &runner).await.unwrap(), [FIRST]);
    assert_eq!(runner.ids(), [FIRST]);
}

#[tokio::test]
async fn a_dataset_without_a_remedy_runs_nothing() {
    let (world, runner) = (World::new("_SUCCESS").await, SimRunner::default());
    small(&world, DAY, 1_000).await;
    assert_eq!(call(&world, &runner).await.unwrap(), NONE);
}
