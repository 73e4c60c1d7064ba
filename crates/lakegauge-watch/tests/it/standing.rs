//! A healthy partition does not clear the alarm of another one that is still wrong.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::datum::Datum;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::standing::Why;
use lakegauge_engine::History as _;
use lakegauge_history::Documents;
use lakegauge_watch::{Attention, Round};

use crate::world::{DAY, World, at, key};

/// A partition lands: its objects, and an event of its marker.
async fn lands(world: &World, key: impl Fn(&str) -> String, bytes: u64, at: Timestamp) {
    for n in 0..4 {
        world.objects.put(key(&format!("part-{n:05}")), bytes, at);
    }
    world.objects.put(key("_SUCCESS"), 0, at);
    world.clock.set(at + SignedDuration::from_secs(1));
    assert!(world.batch(&[(format!("refined/{}", key("_SUCCESS")), at)]).await.is_empty());
}

#[tokio::test]
async fn a_partition_that_lands_does_not_clear_the_alarm_of_one_that_is_missing() {
    let world = World::new("_SUCCESS").await;
    let day = Partition::parse(DAY).unwrap();
    world.deadline(at("2026-11-22T04:30:00Z")).await;
    assert_eq!(world.told("Missing"), [1.0]);
    let next = day.offset(1);
    lands(&world, |name| key(next, name), 2_000, at("2026-11-23T03:10:00Z")).await;
    assert_eq!(world.told("Missing"), [1.0, 1.0]);
    // The missing one lands: the newest verdict is sent again, because nothing is wrong in the dataset now.
    lands(&world, |name| key(day, name), 2_000, at("2026-11-23T06:00:00Z")).await;
    assert_eq!(world.told("Missing").last(), Some(&0.0));
}

#[tokio::test]
async fn a_split_that_lands_does_not_clear_the_alarm_of_another() {
    let world = World::split().await;
    let day = Partition::parse(DAY).unwrap();
    let of = |region: &str| {
        let region = format!("/region={region}/date=");
        move |name: &str| key(day, name).replace("/date=", &region)
    };
    let told = || -> Vec<f64> {
        let taken = world.sink.taken.lock().unwrap();
        let of_size = taken.iter().filter(|d| d.dimensions.iter().any(|(_, value)| value == "TotalFileSize"));
        of_size.map(|d| d.value).collect()
    };
    lands(&world, of("eu"), 100, at("2026-11-22T03:00:00Z")).await;
    assert_eq!(told(), [1.0]);
    lands(&world, of("us"), 2_000, at("2026-11-22T03:10:00Z")).await;
    assert_eq!(told(), [1.0, 1.0]);
    lands(&world, of("eu"), 2_000, at("2026-11-22T03:20:00Z")).await;
    assert_eq!(told(), [1.0, 1.0, 0.0]);
}

/// Functions live on between calls, and each has its own copy of what it read last.
#[tokio::test]
async fn a_split_sees_the_alarm_that_another_function_found() {
    let world = World::split().await;
    let functions = [world.started().await, world.started().await];
    for function in &functions {
        world.tick_of(function).await;
    }
    let day = Partition::parse(DAY).unwrap();
    let mut told = Vec::new();
    for (n, (region, bytes)) in [("eu", 100), ("us", 2_000), ("eu", 2_000), ("us", 3_000)].iter().enumerate()
    {
        let when = at("2026-11-22T03:00:00Z") + SignedDuration::from_mins(10 * n as i64);
        let key = |name: &str| key(day, name).replace("/date=", &format!("/region={region}/date="));
        for part in 0..4 {
            world.objects.put(key(&format!("part-{part:05}")), *bytes, when);
        }
        world.objects.put(key("_SUCCESS"), 0, when);
        world.clock.set(when + SignedDuration::from_secs(1));
        let events = [(format!("refined/{}", key("_SUCCESS")), when)];
        assert!(world.batch_of(&functions[n % 2], &events).await.is_empty());
        let taken = world.sink.taken.lock().unwrap();
        let of_size = |d: &&Datum| d.dimensions.iter().any(|(_, value)| value == "TotalFileSize");
        told.push(taken.iter().rfind(of_size).map(|datum| datum.value));
    }
    assert_eq!(told, [1.0, 1.0, 0.0, 0.0].map(Some));
}

/// The alarm of a split that has ended ends as well, and its end is on record.
#[tokio::test]
async fn a_split_that_has_ended_is_no_longer_wrong() {
    let world = World::split().await;
    let day = Partition::parse(DAY).unwrap();
    let of = |day: Partition, region: &'static str| {
        move |name: &str| key(day, name).replace("/date=", &format!("/region={region}/date="))
    };
    lands(&world, of(day, "eu"), 2_000, at("2026-11-22T03:00:00Z")).await;
    lands(&world, of(day, "us"), 100, at("2026-11-22T03:10:00Z")).await;
    let state = Documents::<Attention>::new(world.shelf.beside());
    assert_eq!(state.raised_in_splits("sales").await.unwrap().into_keys().collect::<Vec<_>>(), ["sales[us]"]);
    // Nothing comes for it any more, until it is no longer watched.
    for n in [1, 500] {
        let next = day.offset(n);
        lands(&world, of(next, "eu"), 2_000, at("2026-11-22T03:00:00Z") + SignedDuration::from_hours(24 * n))
            .await;
        world.tick().await;
    }
    // The days in between never came for the other one.
    let raised = state.raised_in_splits("sales").await.unwrap();
    assert_eq!(raised, BTreeMap::from([("sales[eu]".to_owned(), [Metric::Missing].into())]));
    let ends: Vec<Why> = state.changes("sales[us]", None).await.unwrap().iter().map(|c| c.why).collect();
    assert!(ends.contains(&Why::Ended), "{ends:?}");
}

#[tokio::test]
async fn two_verdicts_at_a_deadline_are_sent_a_minute_apart() {
    let world = World::new("_SUCCESS").await;
    world.deadline(at("2026-11-22T04:30:00Z")).await;
    lands(&world, |name| key(Partition::parse(DAY).unwrap(), name), 2_000, at("2026-11-22T04:30:40Z")).await;
    let taken = world.sink.taken.lock().unwrap();
    let missing: Vec<(f64, String)> =
        taken.iter().filter(|d| d.name == "Missing").map(|d| (d.value, d.at.to_string())).collect();
    let expect = [(1.0, "2026-11-22T04:30:00.001Z"), (0.0, "2026-11-22T04:31:00Z")];
    assert_eq!(missing, expect.map(|(value, at)| (value, at.to_owned())));
}

#[tokio::test]
async fn markers_that_come_together_are_looked_at_half_a_minute_apart() {
    let world = World::new("_SUCCESS").await;
    let (day, then) = (Partition::parse(DAY).unwrap(), at("2026-11-22T03:10:00Z"));
    lands(&world, |name| key(day, name), 2_000, then).await;
    lands(&world, |name| key(day, name), 3_000, then + SignedDuration::from_secs(7)).await;
    assert_eq!(world.told("TotalFileSize"), [8_000.0, 12_000.0]);
    assert_eq!(world.now(), then + SignedDuration::from_secs(31));
}

/// The day lands in both regions, and everything of one is deleted.
async fn without_us() -> World {
    let world = World::split().await;
    let day = Partition::parse(DAY).unwrap();
    for (region, time) in [("eu", "2026-11-22T03:00:00Z"), ("us", "2026-11-22T03:10:00Z")] {
        let of = move |name: &str| key(day, name).replace("/date=", &format!("/region={region}/date="));
        lands(&world, of, 2_000, at(time)).await;
    }
    world.objects.delete("sales/region=us/", world.now());
    world
}

#[tokio::test]
async fn a_split_that_vanished_is_still_told_of() {
    let world = without_us().await;
    // The functions that saw it land have ended: the next ones know about it only from the state.
    world.clock.set(at("2026-11-22T23:50:00Z"));
    world.tick().await;
    let next = Partition::parse(DAY).unwrap().offset(1);
    let eu = |name: &str| key(next, name).replace("/date=", "/region=eu/date=");
    lands(&world, eu, 2_000, at("2026-11-23T03:00:00Z")).await;
    assert_ne!(world.told("Missing").last(), Some(&1.0), "nothing was due yet");
    world.deadline(at("2026-11-23T04:30:00Z")).await;
    assert_eq!(world.told("Missing").last(), Some(&1.0));
}

#[tokio::test]
async fn splits_that_cannot_be_listed_are_attended_to_all_the_same() {
    let world = without_us().await;
    world.lake.blind.store(true, std::sync::atomic::Ordering::SeqCst);
    let looks = world.lake.looks.load(std::sync::atomic::Ordering::SeqCst);
    world.clock.set(at("2026-11-23T04:30:00Z"));
    let failures = world
        .watcher()
        .await
        .round(&world.config.datasets, Round::Deadline(at("2026-11-23T04:30:00Z")))
        .await
        .unwrap_err();
    assert!(failures.to_string().contains("could not be seen"), "{failures}");
    assert_eq!(world.lake.looks.load(std::sync::atomic::Ordering::SeqCst) - looks, 2);
}
