//! Remedies run once per incident, never for a healthy partition, whatever is lost or duplicated.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use lakegauge_aws::RemedyError;
use lakegauge_core::partition::Partition;
use lakegauge_core::remediation::{Evidence, RemedyRun};
use lakegauge_core::remedy::Remedy;
use lakegauge_lambda::{Clock as _, Remedied, RemedyRunner, remedy};
use serde_json::{Value, json};

use crate::world::{DAY, World, at, key};

/// Records the runs, and sometimes fails.
#[derive(Default)]
struct SimRunner {
    ran: Mutex<Vec<Evidence>>,
    failing: AtomicBool,
}

#[async_trait]
impl RemedyRunner for SimRunner {
    async fn run(&self, remedy: &Remedy, run: &RemedyRun) -> Result<(), RemedyError> {
        assert_eq!(remedy.function.as_deref(), Some("arn:aws:lambda:eu-west-2:1:function:rerun"));
        // Lets other tasks run in between.
        tokio::task::yield_now().await;
        if self.failing.load(Ordering::SeqCst) {
            return Err(RemedyError::Unreachable("simulated".to_owned()));
        }
        self.ran.lock().unwrap().push(run.evidence.clone());
        Ok(())
    }
}

impl SimRunner {
    fn ids(&self) -> Vec<String> {
        self.ran.lock().unwrap().iter().map(|evidence| evidence.id.clone()).collect()
    }
}

fn fired(alarm: &str, state: &str) -> Value {
    json!({"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
        "detail": {"alarmName": alarm, "state": {"value": state}}})
}

const SIZE: &str = "lakegauge-sales/TotalFileSize-low";

async fn call(world: &World, runner: &SimRunner, event: &Value) -> Result<Remedied, String> {
    let link = Some("https://console.example");
    remedy(&world.deployment(), runner, link, event).await.map_err(|failures| failures.to_string())
}

/// A day that lands too small, and the deadline at which it is judged.
async fn small(world: &World, day: &str, bytes: u64) {
    let day = Partition::parse(day).unwrap();
    let landed = day.end_in(&jiff::tz::TimeZone::UTC) + SignedDuration::from_mins(190);
    world.write(day, 2, bytes, landed - SignedDuration::from_secs(30));
    world.objects.put(&key(day, "_SUCCESS"), 0, landed);
    let due = day.end_in(&jiff::tz::TimeZone::UTC) + SignedDuration::from_mins(270);
    world.clock.set(due);
    world.deadline(due).await;
}

const FIRST: &str = "lakegauge__sales__2026-11-21__TotalFileSize";

#[tokio::test]
async fn a_remedy_runs_once_per_incident_with_its_evidence() {
    let (world, runner) = (World::remedied("_SUCCESS").await, SimRunner::default());
    assert_eq!(call(&world, &runner, &fired(SIZE, "ALARM")).await.unwrap().ran, Vec::<String>::new());
    small(&world, DAY, 1_000).await;
    for event in [
        fired(SIZE, "OK"),
        fired("lakegauge-other/Late-high", "ALARM"),
        fired("lakegauge-heartbeat", "ALARM"),
    ] {
        assert_eq!(call(&world, &runner, &event).await.unwrap().ran, Vec::<String>::new(), "{event}");
    }
    let alarm = fired(SIZE, "ALARM");
    let (one, two) = tokio::join!(call(&world, &runner, &alarm), call(&world, &runner, &alarm));
    assert_eq!([one.unwrap().ran, two.unwrap().ran].concat(), [FIRST]);
    for event in [alarm.clone(), json!({"lakegauge": "tick"}), fired("lakegauge-sales/Late-high", "ALARM")] {
        assert_eq!(call(&world, &runner, &event).await.unwrap().ran, Vec::<String>::new());
    }
    let evidence = runner.ran.lock().unwrap()[0].clone();
    assert_eq!((evidence.observed, evidence.expected.low), (Some(2_000.0), Some(5_000.0)));
    assert_eq!(evidence.reason, "2 kB landed; at least 5 kB expected");
    assert_eq!(evidence.link.as_deref(), Some("https://console.example"));
    assert_eq!(evidence.judged_at, at("2026-11-22T04:30:00.001Z"));

    // The next day is small as well: its alarm has already fired and does not change, so the tick runs the remedy.
    small(&world, "2026-11-22", 1_000).await;
    let ran = call(&world, &runner, &json!({"lakegauge": "tick"})).await.unwrap().ran;
    assert_eq!(ran, ["lakegauge__sales__2026-11-22__TotalFileSize"]);
}

#[tokio::test]
async fn a_partition_that_recovers_first_runs_nothing() {
    let (world, runner) = (World::remedied("_SUCCESS").await, SimRunner::default());
    small(&world, DAY, 1_000).await;
    runner.failing.store(true, Ordering::SeqCst);
    let said = call(&world, &runner, &fired(SIZE, "ALARM")).await.unwrap_err();
    assert!(said.contains(FIRST) && said.contains("simulated; it will be retried"), "{said}");
    // The missing objects are written, and the next look sees them.
    let now = world.clock.now();
    world.write(Partition::parse(DAY).unwrap(), 2, 4_000, now);
    world.clock.set(now + SignedDuration::from_hours(25));
    world.tick().await;
    runner.failing.store(false, Ordering::SeqCst);
    assert_eq!(call(&world, &runner, &json!({"lakegauge": "tick"})).await.unwrap().ran, Vec::<String>::new());
    assert_eq!(runner.ids(), Vec::<String>::new());
}

#[tokio::test]
async fn failed_runs_are_retried_by_a_later_tick() {
    let (world, runner) = (World::remedied("_SUCCESS").await, SimRunner::default());
    small(&world, DAY, 1_000).await;
    runner.failing.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        call(&world, &runner, &fired(SIZE, "ALARM")).await.unwrap_err();
    }
    runner.failing.store(false, Ordering::SeqCst);
    world.clock.set(world.clock.now() + SignedDuration::from_mins(15));
    assert_eq!(call(&world, &runner, &json!({"lakegauge": "tick"})).await.unwrap().ran, [FIRST]);
    assert_eq!(runner.ids(), [FIRST]);
}

#[tokio::test]
async fn a_dataset_without_a_remedy_runs_nothing() {
    let (world, runner) = (World::new("_SUCCESS").await, SimRunner::default());
    small(&world, DAY, 1_000).await;
    for event in [fired(SIZE, "ALARM"), json!({"lakegauge": "tick"}), json!({})] {
        assert_eq!(call(&world, &runner, &event).await.unwrap().ran, Vec::<String>::new());
    }
}
