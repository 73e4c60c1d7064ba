//! What an alarm's dataset asks for is run: once an incident, never for what is well, whatever is lost or doubled.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use lakegauge_aws::Unrun;
use lakegauge_core::partition::Partition;
use lakegauge_core::remedy::{Evidence, Remedy, Run};
use lakegauge_lambda::{Clock as _, Hands, Remedied, remedy};
use serde_json::{Value, json};

use crate::world::{DAY, World, at, key};

/// Remembers what it was asked to run, and sometimes cannot.
#[derive(Default)]
struct SimHands {
    ran: Mutex<Vec<Evidence>>,
    tied: AtomicBool,
}

#[async_trait]
impl Hands for SimHands {
    async fn run(&self, remedy: &Remedy, run: &Run) -> Result<(), Unrun> {
        assert_eq!(remedy.function.as_deref(), Some("arn:aws:lambda:eu-west-2:1:function:rerun"));
        // Others get their chance in between.
        tokio::task::yield_now().await;
        if self.tied.load(Ordering::SeqCst) {
            return Err(Unrun::Unreachable("simulated".to_owned()));
        }
        self.ran.lock().unwrap().push(run.evidence.clone());
        Ok(())
    }
}

impl SimHands {
    fn ids(&self) -> Vec<String> {
        self.ran.lock().unwrap().iter().map(|evidence| evidence.id.clone()).collect()
    }
}

fn fired(alarm: &str, state: &str) -> Value {
    json!({"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
        "detail": {"alarmName": alarm, "state": {"value": state}}})
}

const SIZE: &str = "lakegauge-sales/TotalFileSize-low";

async fn call(world: &World, hands: &SimHands, event: &Value) -> Result<Remedied, String> {
    let link = Some("https://console.example");
    remedy(&world.deployment(), hands, link, event).await.map_err(|failures| failures.to_string())
}

/// A day that lands too small, and the deadline that judges it.
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
async fn an_incident_is_run_once_with_its_evidence() {
    let (world, hands) = (World::remedied("_SUCCESS").await, SimHands::default());
    assert_eq!(call(&world, &hands, &fired(SIZE, "ALARM")).await.unwrap().ran, Vec::<String>::new());
    small(&world, DAY, 1_000).await;
    for event in [
        fired(SIZE, "OK"),
        fired("lakegauge-other/Late-high", "ALARM"),
        fired("lakegauge-heartbeat", "ALARM"),
    ] {
        assert_eq!(call(&world, &hands, &event).await.unwrap().ran, Vec::<String>::new(), "{event}");
    }
    let alarm = fired(SIZE, "ALARM");
    let (one, two) = tokio::join!(call(&world, &hands, &alarm), call(&world, &hands, &alarm));
    assert_eq!([one.unwrap().ran, two.unwrap().ran].concat(), [FIRST]);
    for event in [alarm.clone(), json!({"lakegauge": "tick"}), fired("lakegauge-sales/Late-high", "ALARM")] {
        assert_eq!(call(&world, &hands, &event).await.unwrap().ran, Vec::<String>::new());
    }
    let evidence = hands.ran.lock().unwrap()[0].clone();
    assert_eq!((evidence.observed, evidence.expected.low), (Some(2_000.0), Some(5_000.0)));
    assert_eq!(evidence.reason, "2 kB landed; at least 5 kB expected");
    assert_eq!(evidence.link.as_deref(), Some("https://console.example"));
    assert_eq!(evidence.judged_at, at("2026-11-22T04:30:00.001Z"));

    // The next day is small as well: its alarm has fired already and says nothing, and the tick runs it.
    small(&world, "2026-11-22", 1_000).await;
    let ran = call(&world, &hands, &json!({"lakegauge": "tick"})).await.unwrap().ran;
    assert_eq!(ran, ["lakegauge__sales__2026-11-22__TotalFileSize"]);
}

#[tokio::test]
async fn what_is_mended_before_it_could_be_run_is_not_run() {
    let (world, hands) = (World::remedied("_SUCCESS").await, SimHands::default());
    small(&world, DAY, 1_000).await;
    hands.tied.store(true, Ordering::SeqCst);
    let said = call(&world, &hands, &fired(SIZE, "ALARM")).await.unwrap_err();
    assert!(said.contains(FIRST) && said.contains("simulated; it is tried again"), "{said}");
    // Somebody writes what was lacking, and the next look sees it.
    let now = world.clock.now();
    world.write(Partition::parse(DAY).unwrap(), 2, 4_000, now);
    world.clock.set(now + SignedDuration::from_hours(25));
    world.tick().await;
    hands.tied.store(false, Ordering::SeqCst);
    assert_eq!(call(&world, &hands, &json!({"lakegauge": "tick"})).await.unwrap().ran, Vec::<String>::new());
    assert_eq!(hands.ids(), Vec::<String>::new());
}

#[tokio::test]
async fn what_fails_is_run_by_a_later_tick() {
    let (world, hands) = (World::remedied("_SUCCESS").await, SimHands::default());
    small(&world, DAY, 1_000).await;
    hands.tied.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        call(&world, &hands, &fired(SIZE, "ALARM")).await.unwrap_err();
    }
    hands.tied.store(false, Ordering::SeqCst);
    world.clock.set(world.clock.now() + SignedDuration::from_mins(15));
    assert_eq!(call(&world, &hands, &json!({"lakegauge": "tick"})).await.unwrap().ran, [FIRST]);
    assert_eq!(hands.ids(), [FIRST]);
}

#[tokio::test]
async fn a_dataset_without_a_remedy_runs_nothing() {
    let (world, hands) = (World::new("_SUCCESS").await, SimHands::default());
    small(&world, DAY, 1_000).await;
    for event in [fired(SIZE, "ALARM"), json!({"lakegauge": "tick"}), json!({})] {
        assert_eq!(call(&world, &hands, &event).await.unwrap().ran, Vec::<String>::new());
    }
}
