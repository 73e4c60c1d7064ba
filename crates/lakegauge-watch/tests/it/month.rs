//! A month of functions over a lake that counts requests, compared with the estimate of `lakegauge cost`.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use lakegauge_cloudwatch::cost::{Completion, Load, Usage, Way, of_dataset, shared};
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::scope::{Needed, Wanted, needed};
use lakegauge_engine::History as _;
use lakegauge_history::Documents;

use crate::world::{DAY, World, at, key};

/// The days of the month.
const DAYS: i64 = 30;
/// Objects per day, without the marker.
const OBJECTS: u64 = 4;

/// The counts.
#[derive(Debug, Default)]
struct Counted {
    invocations: u64,
    schedules: u64,
    posts: u64,
    looks: u64,
    list_requests: u64,
    state_reads: u64,
    state_writes: u64,
}

/// Thirty days, each written at 03:10 with one event per object, a tick every quarter of an hour and a deadline at
/// 04:30.
async fn month(world: &World, marker: bool) -> Counted {
    let mut counted = Counted::default();
    let start = at("2026-11-22T00:00:00Z");
    let (scheduled, told) = (world.started().await, world.started().await);
    for day in 0..DAYS {
        let partition = Partition::parse(DAY).unwrap().offset(day);
        let midnight = start + SignedDuration::from_hours(24 * day);
        let after = |minutes: i64| midnight + SignedDuration::from_mins(minutes);
        for quarter in 0..96 {
            world.clock.set(after(15 * quarter) + SignedDuration::from_secs(20));
            world.tick_of(&scheduled).await;
            counted.called();
            if quarter == 12 {
                world.write(partition, OBJECTS, 2_000, after(190));
                let names = (0..OBJECTS).map(|n| format!("part-{n:05}"));
                let names: Vec<String> = names.chain(marker.then(|| "_SUCCESS".to_owned())).collect();
                if marker {
                    world.objects.put(key(partition, "_SUCCESS"), 0, after(190));
                }
                world.clock.set(after(190));
                for name in names {
                    world.clock.set(world.now() + SignedDuration::from_secs(30));
                    let event = (format!("refined/{}", key(partition, &name)), after(190));
                    assert_eq!(world.batch_of(&told, &[event]).await, Vec::<String>::new());
                    counted.invocations += 1;
                }
            }
            if quarter == 18 {
                world.clock.set(after(270) + SignedDuration::from_secs(5));
                world.deadline_of(&scheduled, after(270)).await;
                counted.called();
            }
        }
    }
    counted.list_requests = world.lake.requests.load(Ordering::SeqCst);
    counted.state_reads = world.state.reads.load(Ordering::SeqCst);
    counted.state_writes = world.state.writes.load(Ordering::SeqCst);
    counted.looks = world.lake.looks.load(Ordering::SeqCst);
    counted.posts = world.sink.requests.load(Ordering::SeqCst);
    counted
}

impl Counted {
    /// Calls of the scheduler.
    fn called(&mut self) {
        self.invocations += 1;
        self.schedules += 1;
    }
}

/// List requests of a look at `now`, one per partition.
async fn requests(world: &World, now: Timestamp) -> u64 {
    let dataset = &world.config.datasets[0];
    let records = Documents::<lakegauge_watch::Attention>::new(world.shelf.beside())
        .records("sales", 400)
        .await
        .unwrap();
    match needed(dataset, &records, &Wanted::Newest, now) {
        Needed::Partitions(partitions) => partitions.len() as u64,
        Needed::Past(_) => 0,
    }
}

async fn foretold(world: &World, completion: Completion) -> (Usage, Usage) {
    let load = Load {
        cadence: Cadence::Daily,
        completion,
        is_due: true,
        ages: false,
        list_requests: requests(world, at("2026-12-22T00:01:00Z")).await,
        settled_requests: requests(world, at("2026-12-21T23:00:00Z")).await,
        split_requests: 0,
        objects: OBJECTS as f64,
        metrics: 6,
        alarms: 6,
    };
    (of_dataset(&load, Way::Serverless), shared(Way::Serverless, 1.0, false))
}

#[tokio::test]
async fn a_month_of_functions_sends_what_was_estimated() {
    for (landed_when, marker, completion) in
        [("_SUCCESS", true, Completion::Marker), ("quiet 10m", false, Completion::Quiet)]
    {
        let world = World::new(landed_when).await;
        let counted = month(&world, marker).await;
        let (own, shared) = foretold(&world, completion).await;
        eprintln!("{own:?}");
        eprintln!("{landed_when}: {counted:?}");
        let check = |what: &str, told: f64, counted: u64| {
            let off = (told - counted as f64).abs() / counted as f64;
            assert!(off <= 0.02, "{landed_when}: {what}: {told} foretold, {counted} counted");
        };
        check("looks", own.looks, counted.looks);
        check("list requests", own.list_requests, counted.list_requests);
        check("reads of the state", own.state_reads, counted.state_reads);
        check("writes of the state", own.state_writes, counted.state_writes);
        check("schedules", shared.schedules, counted.schedules);
        check("invocations", own.invocations + shared.invocations, counted.invocations);
        check("posts", own.put_metric_data + shared.put_metric_data, counted.posts);
    }
}
