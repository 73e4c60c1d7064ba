//! Failures are reported, kept, and retried.

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use lakegauge_core::partition::Partition;
use lakegauge_watch::Round;

use crate::world::{DAY, World, at, key};

fn landed(world: &World) -> (String, jiff::Timestamp) {
    let (day, when) = (Partition::parse(DAY).unwrap(), at("2026-11-22T03:00:00Z"));
    world.write(day, 4, 2_000, when);
    world.objects.put(key(day, "_SUCCESS"), 0, when);
    world.clock.set(when + SignedDuration::from_secs(1));
    (format!("refined/{}", key(day, "_SUCCESS")), when)
}

#[tokio::test]
async fn rejected_values_are_sent_by_a_later_tick() {
    let world = World::new("_SUCCESS").await;
    let marker = landed(&world);
    world.sink.busy.store(true, Ordering::SeqCst);
    // The verdict is recorded, so there is no reason to return the message.
    assert!(world.batch(&[marker]).await.is_empty());
    let failed = world.watcher().await.round(&world.config.datasets, Round::Tick).await.unwrap_err();
    assert!(failed.to_string().contains("throttled"), "{failed}");
    world.sink.busy.store(false, Ordering::SeqCst);
    world.tick().await;
    assert_eq!(world.told("TotalFileSize"), Vec::<f64>::new());
    world.clock.set(at("2026-11-22T03:15:00Z"));
    world.tick().await;
    // With the time of the judgement, and with the current time: an alarm does not look back that far.
    let told = |name: &str| -> Vec<String> {
        let taken = world.sink.taken.lock().unwrap();
        taken.iter().filter(|d| d.name == name).map(|d| format!("{} {}", d.at, d.value)).collect()
    };
    let twice = ["2026-11-22T03:00:01Z 8000", "2026-11-22T03:15:00Z 8000"];
    assert_eq!(told("TotalFileSize"), twice);
    world.tick().await;
    assert_eq!((told("TotalFileSize").len(), told("Heartbeat").len()), (2, 3));
}

#[tokio::test]
async fn messages_come_back_only_when_their_dataset_could_not_be_seen() {
    let world = World::new("_SUCCESS").await;
    let marker = landed(&world);
    world.lake.blind.store(true, Ordering::SeqCst);
    let elsewhere = ("refined/other/x".to_owned(), marker.1);
    assert_eq!(world.batch(&[elsewhere, marker.clone()]).await, ["1"]);
    world.lake.blind.store(false, Ordering::SeqCst);
    // The next delivery comes later; the tick would have looked as well.
    world.clock.set(at("2026-11-22T03:05:00Z"));
    world.tick().await;
    assert_eq!(world.told("TotalFileSize"), [8_000.0]);
    assert!(world.batch(&[marker]).await.is_empty());
    assert_eq!(world.told("TotalFileSize").len(), 1);
}

#[tokio::test]
async fn a_function_waits_for_a_deadline_to_the_second() {
    let world = World::new("_SUCCESS").await;
    world.clock.set(at("2026-11-22T04:29:10Z"));
    world.deadline(at("2026-11-22T04:30:00Z")).await;
    assert_eq!((world.told("Missing"), world.told("Late")), (vec![1.0], vec![0.0]));
    let judged = world.sink.taken.lock().unwrap()[0].at;
    assert_eq!(judged, at("2026-11-22T04:30:00.001Z"));
    // It lands late without an event: a tick within the hour sees it.
    landed(&world);
    world.clock.set(at("2026-11-22T05:31:00Z"));
    world.tick().await;
    assert_eq!((world.told("Missing"), world.told("TotalFileSize")), (vec![1.0, 0.0], vec![8_000.0]));
}

#[tokio::test]
async fn the_first_partition_of_a_new_dataset_is_seen_though_a_look_was_taken_before_it() {
    let world = World::empty("_SUCCESS").await;
    let marker = landed(&world);
    assert!(world.batch(&[marker]).await.is_empty());
    assert_eq!(world.told("TotalFileSize"), [8_000.0]);
}

#[tokio::test]
async fn the_first_landing_of_a_new_dataset_shows_that_the_next_partition_is_missing() {
    let world = World::empty("_SUCCESS").await;
    let (before, when) = (Partition::parse("2026-11-20").unwrap(), at("2026-11-22T04:30:20Z"));
    world.write(before, 1, 2_000, when);
    world.objects.put(key(before, "_SUCCESS"), 0, when);
    world.clock.set(at("2026-11-22T04:30:21Z"));
    assert!(world.batch(&[(format!("refined/{}", key(before, "_SUCCESS")), when)]).await.is_empty());
    // Once for the partition that is missing, once for the one that landed: as long as any is missing, the value is 1.
    assert_eq!(world.told("Missing"), [1.0, 1.0]);
}

#[tokio::test]
async fn a_new_dataset_whose_first_events_are_all_lost_is_seen_within_the_hour() {
    let world = World::empty("_SUCCESS").await;
    landed(&world);
    for minutes in (0..=60).step_by(15) {
        world.clock.set(at("2026-11-22T03:00:30Z") + SignedDuration::from_mins(minutes));
        world.tick().await;
    }
    assert_eq!((world.told("TotalFileSize"), world.told("Late")), (vec![8_000.0], vec![0.0]));
}
