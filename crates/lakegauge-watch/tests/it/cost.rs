//! Ten thousand objects in ten minutes: at most twenty looks, and exactly one verdict.

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use lakegauge_core::partition::Partition;

use crate::world::{DAY, World, at, key};

async fn ten_thousand(landed_when: &str, marker: bool) -> World {
    let world = World::new(landed_when).await;
    let (day, start) = (Partition::parse(DAY).unwrap(), at("2026-11-22T03:00:00Z"));
    let mut events = Vec::new();
    for n in 0..10_000 {
        let (name, when) = (format!("part-{n:05}"), start + SignedDuration::from_millis(60 * n));
        world.objects.put(key(day, &name), 100, when);
        events.push((format!("refined/{}", key(day, &name)), when));
    }
    if marker {
        let when = start + SignedDuration::from_secs(601);
        world.objects.put(key(day, "_SUCCESS"), 0, when);
        events.push((format!("refined/{}", key(day, "_SUCCESS")), when));
    }
    let mut next_tick = at("2026-11-22T03:00:30Z");
    for batch in events.chunks(10) {
        world.clock.set(batch[batch.len() - 1].1 + SignedDuration::from_secs(1));
        while world.now() >= next_tick {
            world.tick().await;
            next_tick += SignedDuration::from_mins(15);
        }
        assert!(world.batch(batch).await.is_empty());
    }
    for _ in 0..4 {
        world.clock.set(next_tick);
        world.tick().await;
        next_tick += SignedDuration::from_mins(15);
    }
    world.deadline(at("2026-11-22T04:30:00Z")).await;
    world
}

#[tokio::test]
async fn ten_thousand_objects_cost_a_handful_of_looks_and_give_one_verdict() {
    for (landed_when, marker) in [("_SUCCESS", true), ("quiet 10m", false)] {
        let world = ten_thousand(landed_when, marker).await;
        let (passes, requests) =
            (world.lake.passes.load(Ordering::SeqCst), world.lake.requests.load(Ordering::SeqCst));
        println!("{landed_when}: {passes} passes, {requests} list requests");
        assert!(passes <= 20, "{landed_when}: {passes} passes");
        // One listing per object, as long as the partition was at that time.
        let naive: u64 = (1..=10_000u64).map(|objects| objects.div_ceil(1_000)).sum();
        assert!(requests * 500 <= naive, "{landed_when}: {requests} requests, {naive} without folding");
        assert_eq!(world.told("TotalFileSize"), [1_000_000.0], "{landed_when}");
        assert_eq!(world.told("Late"), [0.0], "{landed_when}");
    }
}
