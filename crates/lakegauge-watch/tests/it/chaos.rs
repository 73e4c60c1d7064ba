//! Shuffled, duplicate, dropped and delayed events, and functions that crash half-way, lead to the verdicts of one
//! clean look.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use lakegauge_cloudwatch::publish::{Shown, data, published};
use lakegauge_core::datum::Datum;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::Wanted;
use lakegauge_core::standing::Standing;
use lakegauge_engine::{Ask, History as _, run};
use lakegauge_history::Memory;
use lakegauge_story::{Dice, seeds};

use crate::world::{DAY, Kind, World, at, key};

/// Something that happens to the functions.
#[derive(Clone, Debug)]
enum Step {
    Events(Vec<(String, Timestamp)>),
    Tick,
    Deadline(Timestamp),
}

/// A night: what is written, and which events the functions get, and when.
fn night(world: &World, seed: &mut Dice, marker: bool) -> (Vec<(Timestamp, Step)>, bool) {
    let day = Partition::parse(DAY).unwrap();
    let start = at("2026-11-22T02:30:00Z") + SignedDuration::from_secs(seed.below(7_200) as i64);
    let length = 1 + seed.below(900) as i64;
    let (count, bytes) = (1 + seed.below(60), 10 + seed.below(400));
    let mut written: Vec<(String, u64, Timestamp)> = (0..count)
        .map(|n| {
            let when = start + SignedDuration::from_secs(seed.below(length as u64) as i64);
            (format!("part-{n:03}"), bytes, when)
        })
        .collect();
    let mut rewritten = false;
    // Sometimes the job dies before it writes the marker; sometimes an object comes after the marker.
    if marker && seed.percent(85) {
        written.push(("_SUCCESS".to_owned(), 0, start + SignedDuration::from_secs(length + 5)));
        if seed.percent(10) {
            rewritten = true;
            written.push(("part-late".to_owned(), 77, start + SignedDuration::from_secs(length + 400)));
        }
    }
    if seed.percent(5) {
        written.clear();
    }
    let mut steps: Vec<(Timestamp, Step)> = Vec::new();
    for (name, bytes, when) in &written {
        world.objects.put(key(day, name), *bytes, *when);
        // An object that is added to a judged partition without an event is seen within a day, not within this night.
        if seed.percent(15) && name != "part-late" {
            continue;
        }
        for _ in 0..=seed.below(3) {
            let delay = if seed.percent(10) { seed.below(9_000) } else { seed.below(120) };
            let event = (format!("refined/{}", key(day, name)), *when);
            steps.push((*when + SignedDuration::from_secs(delay as i64), Step::Events(vec![event])));
        }
    }
    let mut tick = at("2026-11-22T00:15:00Z") + SignedDuration::from_secs(seed.below(60) as i64);
    while tick < at("2026-11-22T09:00:00Z") {
        if !seed.percent(10) {
            steps.push((tick, Step::Tick));
        }
        tick += SignedDuration::from_mins(15);
    }
    let due = at("2026-11-22T04:30:00Z");
    if !seed.percent(20) {
        steps.push((due + SignedDuration::from_secs(seed.below(60) as i64), Step::Deadline(due)));
    }
    steps.sort_by_key(|(when, _)| *when);
    steps.push((at("2026-11-22T09:00:00Z"), Step::Tick));
    (steps, rewritten)
}

/// The last value of each metric that was sent to CloudWatch.
fn last(taken: &[Datum]) -> Vec<String> {
    let mut last = std::collections::BTreeMap::new();
    // A verdict that was left behind is sent after a later one; CloudWatch orders values by their own time.
    let mut taken: Vec<&Datum> = taken.iter().filter(|datum| datum.name != "Heartbeat").collect();
    taken.sort_by_key(|datum| datum.at);
    for datum in taken {
        last.insert(format!("{} {:?}", datum.name, datum.dimensions), datum.value);
    }
    last.into_iter().map(|(metric, value)| format!("{metric} {value}")).collect()
}

async fn one_seed(kind: Kind, number: u64) {
    let mut seed = Dice::new(number);
    let marker = seed.percent(60);
    let world = World::kept_in(kind, if marker { "_SUCCESS" } else { "quiet 10m" }).await;
    let (mut batch, (steps, rewritten)) = (Vec::new(), night(&world, &mut seed, marker));
    for (number, (when, step)) in steps.iter().enumerate() {
        world.clock.set(*when);
        // A function crashes after recording and before sending; its batch is delivered again. The last tick is
        // complete.
        if number + 1 < steps.len() && seed.percent(8) {
            world.sink.gone.store(true, Ordering::SeqCst);
            let call = async {
                match step {
                    Step::Events(events) => {
                        batch.extend(events.iter().cloned());
                        drop(world.batch(&batch).await);
                    }
                    Step::Tick => world.tick().await,
                    Step::Deadline(at) => world.deadline(*at).await,
                }
            };
            tokio::select! {
                () = call => {}
                () = world.sink.reached.notified() => world.dies(),
            }
            world.sink.gone.store(false, Ordering::SeqCst);
            continue;
        }
        match step {
            Step::Events(events) => {
                batch.extend(events.iter().cloned());
                // A queue delivers in any order, up to ten messages at once.
                if batch.len() < 10 && seed.percent(60) {
                    continue;
                }
                let turn = seed.below(batch.len() as u64) as usize;
                batch.rotate_left(turn);
                let rest = batch.split_off(batch.len().min(10));
                // Two functions at once, now and then.
                let twice = seed.percent(20);
                let (first, second) = tokio::join!(world.batch(&batch), async {
                    if twice { world.batch(&batch).await } else { Vec::new() }
                });
                assert!(first.is_empty() && second.is_empty());
                batch = rest;
            }
            Step::Tick => {
                // The queue is empty by the last one.
                let rest = if number + 1 == steps.len() { std::mem::take(&mut batch) } else { Vec::new() };
                for events in rest.chunks(10) {
                    assert!(world.batch(events).await.is_empty());
                }
                world.tick().await;
            }
            Step::Deadline(at) => world.deadline(*at).await,
        }
    }
    let (dataset, clean) = (&world.config.datasets[0], Memory::default());
    let early = Ask {
        dataset,
        wanted: &Wanted::Newest,
        now: at("2026-11-22T00:00:00Z"),
        replay: false,
        to: Destinations::NONE,
    };
    let now = at("2026-11-22T09:00:00Z");
    // The clean look: the same history, one look at the end.
    let fresh = World::new(if marker { "_SUCCESS" } else { "quiet 10m" }).await;
    run(fresh.lake.as_ref(), &clean, early).await.unwrap();
    world.clock.set(now);
    let outcome = run(world.lake.as_ref(), &clean, Ask { now, ..early }).await.unwrap();
    let report = &outcome.judgement.report;
    let metrics = published(dataset, &lakegauge_cloudwatch::publish::Naming::Lakegauge);
    let day = report.partitions.iter().find(|p| p.partition.to_string() == DAY).unwrap();
    // Only those who had looked before know that something was rewritten.
    let comparable = |line: &String| !rewritten || !line.starts_with("Rewritten ");
    let expect: Vec<String> =
        last(&data(&metrics, day, &Shown::default(), now)).into_iter().filter(comparable).collect();
    let taken = world.sink.taken.lock().unwrap().clone();
    // A metric without enough data has no value: it keeps that of the day before.
    let told: Vec<String> = last(&taken).into_iter().filter(|line| known(line, &expect)).collect();
    assert_eq!(told, expect, "seed {number}, {kind:?}");
    let book = world.started().await.book;
    let standing = book.history().standing("sales").await.unwrap();
    // Everything that was owed was handed out.
    let left = book.outbox().deliveries("sales").await.unwrap();
    assert_eq!(left.entries(), [], "seed {number}, {kind:?}");
    let states = |standing: Standing| -> Vec<_> {
        let comparable = |metric: &Metric| !rewritten || *metric != Metric::Rewritten;
        standing.states().clone().into_iter().filter(|(metric, _)| comparable(metric)).collect()
    };
    let (said, clean) = (states(standing), states(clean.standing("sales").await.unwrap()));
    assert_eq!(said, clean, "seed {number}, {kind:?}");
}

fn known(line: &str, expect: &[String]) -> bool {
    let metric = |line: &str| line.rsplit_once(' ').map(|(metric, _)| metric.to_owned());
    expect.iter().any(|e| metric(e) == metric(line))
}

#[tokio::test]
async fn chaos_ends_in_the_verdicts_of_one_clean_look() {
    for seed in seeds(60) {
        for kind in [Kind::Documents, Kind::Memory, Kind::Sqlite] {
            one_seed(kind, seed).await;
        }
    }
}
