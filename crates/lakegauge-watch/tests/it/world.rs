//! A lake with one dataset whose objects appear at their times, a clock that can be set, and a sink that records.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use lakegauge_aws::{Refusal, Unsent};
use lakegauge_core::config::{self, Config, Surroundings};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::observation::{Gap, GapKind, LookFold, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::publish::{Datum, Naming, Place};
use lakegauge_core::splits::Listed;
use lakegauge_engine::{Lake, Look, Scope};
use lakegauge_history::{Origins, Shelf};
use lakegauge_lambda::{Called, Clock, Deployment, Memory, Ports, Sink, objects, schedule};
use lakegauge_testbed::Counted;
use serde_json::{Value, json};

pub(crate) const DAY: &str = "2026-11-21";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A clock that only moves when it is set; waiting sets it.
#[derive(Default)]
pub(crate) struct Hand(AtomicI64);

impl Hand {
    pub(crate) fn set(&self, at: Timestamp) {
        self.0.fetch_max(at.as_millisecond(), Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    async fn until(&self, at: Timestamp) {
        self.set(at);
    }
}

/// Objects by key, with size and time; they appear when the clock reaches that time.
#[derive(Default)]
pub(crate) struct Objects(Mutex<BTreeMap<String, (u64, Timestamp)>>);

pub(crate) struct SimLake {
    pub(crate) objects: Arc<Objects>,
    pub(crate) clock: Arc<Hand>,
    /// Partitions that were listed.
    pub(crate) passes: AtomicU64,
    /// Looks, at any number of partitions.
    pub(crate) looks: AtomicU64,
    /// List requests, a thousand keys each.
    pub(crate) requests: AtomicU64,
    pub(crate) blind: AtomicBool,
}

impl Objects {
    pub(crate) fn put(&self, key: &str, size: u64, at: Timestamp) {
        self.0.lock().unwrap().insert(key.to_owned(), (size, at));
    }

    /// Deletes everything below a prefix.
    pub(crate) fn delete(&self, prefix: &str) {
        self.0.lock().unwrap().retain(|key, _| !key.starts_with(prefix));
    }
}

#[async_trait]
impl Lake for SimLake {
    async fn observe(&self, look: Look<'_>) -> Observation {
        self.looks.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.now();
        let mut folds: BTreeMap<Partition, LookFold> = BTreeMap::new();
        let mut counts: BTreeMap<Partition, u64> = BTreeMap::new();
        for (key, (size, at)) in self.objects.0.lock().unwrap().iter().filter(|(_, (_, at))| *at <= now) {
            let located = look.dataset.layout.locate(key);
            let Some(located) = located.filter(|at| at.splits == look.dataset.splits) else { continue };
            let marker = look.dataset.landed_when.marker_inside();
            let fold = folds.entry(located.partition).or_insert_with(|| LookFold::new(marker));
            fold.push(located.name, *size, *at);
            *counts.entry(located.partition).or_default() += 1;
        }
        let mut seen = Observation::default();
        if self.blind.load(Ordering::SeqCst) {
            seen.gaps.push(denied());
            return seen;
        }
        let all: Vec<Partition> = match look.scope {
            Scope::Partitions(partitions) => partitions.clone(),
            Scope::Past { since } => {
                folds.keys().copied().filter(|p| since.is_none_or(|since| *p >= since)).collect()
            }
        };
        for partition in all {
            seen.list_requests += counts.get(&partition).map_or(1, |count| count.div_ceil(1_000));
            self.passes.fetch_add(1, Ordering::SeqCst);
            match folds.remove(&partition) {
                Some(fold) => drop(seen.partitions.insert(partition, fold.finish())),
                None => seen.absent.push(partition),
            }
        }
        self.requests.fetch_add(seen.list_requests, Ordering::SeqCst);
        seen
    }

    async fn splits(&self, dataset: &Dataset, _: usize) -> Listed {
        let mut listed = Listed::default();
        if self.blind.load(Ordering::SeqCst) {
            listed.gaps.push(denied());
            return listed;
        }
        let now = self.clock.now();
        for (key, _) in self.objects.0.lock().unwrap().iter().filter(|(_, (_, at))| *at <= now) {
            if let Some(located) = dataset.layout.locate(key) {
                listed.push(located.splits, Some(located.partition));
            }
        }
        listed
    }
}

fn denied() -> Gap {
    Gap { kind: GapKind::Denied, place: "s3://acme-lake/".to_owned(), detail: "simulated".to_owned() }
}

/// Records the values, and sometimes rejects them.
#[derive(Default)]
pub(crate) struct SimSink {
    pub(crate) taken: Mutex<Vec<Datum>>,
    pub(crate) busy: AtomicBool,
    /// Requests.
    pub(crate) requests: AtomicU64,
    /// Never answers: a function that sends to it is at its end.
    pub(crate) gone: AtomicBool,
}

#[async_trait]
impl Sink for SimSink {
    async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent> {
        assert_eq!(namespace, "Lakegauge");
        self.requests.fetch_add(1, Ordering::SeqCst);
        if self.gone.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.busy.load(Ordering::SeqCst) {
            let why = Refusal::Throttled("Throttling: Rate exceeded".to_owned());
            return Err(Unsent::all(data.len(), &why));
        }
        self.taken.lock().unwrap().extend(data.iter().cloned());
        Ok(())
    }
}

/// A deployment in which everything but the functions is simulated.
pub(crate) struct World {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Arc<Hand>,
    pub(crate) objects: Arc<Objects>,
    pub(crate) lake: Arc<SimLake>,
    pub(crate) sink: Arc<SimSink>,
    pub(crate) shelf: Shelf,
    /// Where the dataset has its objects.
    pub(crate) place: String,
    pub(crate) state: Arc<Counted>,
}

impl World {
    /// A lake with days of history, each landed at 03:10 with or without a marker, and a first tick at 00:00 of the
    /// day after [`DAY`].
    pub(crate) async fn new(landed_when: &str) -> World {
        World::with(landed_when, 20, "").await
    }

    /// The same, split by a region, `eu` and `us`.
    pub(crate) async fn split() -> World {
        let path = "sales/region={region}/date={date}/";
        let world = World::laid_out(path, "_SUCCESS", 0, "").await;
        for region in ["eu", "us"] {
            world.history(20, |day, name| {
                key(day, name).replace("/date=", &format!("/region={region}/date="))
            });
        }
        world
    }

    /// The same with a function that is called on an alarm.
    pub(crate) async fn remedied(landed_when: &str) -> World {
        let arn = "arn:aws:lambda:eu-west-2:1:function:rerun";
        World::with(
            landed_when,
            20,
            &format!("    remediate: {{ lambda: \"{arn}\", metrics: [TotalFileSize, Late] }}\n"),
        )
        .await
    }

    /// The same without history.
    pub(crate) async fn empty(landed_when: &str) -> World {
        World::with(landed_when, 0, "").await
    }

    async fn with(landed_when: &str, days: i64, more: &str) -> World {
        World::laid_out("sales/date={date}/", landed_when, days, more).await
    }

    async fn laid_out(path: &str, landed_when: &str, days: i64, more: &str) -> World {
        let text = format!(
            "lake: s3://acme-lake/refined\ndatasets:\n  sales:\n    path: {path}\n    due: +1d 04:30\n    landed_when: {landed_when}\n    alarms: {{ TotalFileSize: {{ at_least: 5000 }} }}\n{more}"
        );
        let around = Surroundings { read: &|_| Err("no files".to_owned()), now: at("2026-11-20T00:00:00Z") };
        let loaded = config::load(&text, around);
        assert_eq!(loaded.problems, []);
        let config = Arc::new(loaded.config.unwrap());
        let (clock, objects) = (Arc::new(Hand::default()), Arc::new(Objects::default()));
        let lake = Arc::new(SimLake {
            objects: Arc::clone(&objects),
            clock: Arc::clone(&clock),
            passes: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            blind: AtomicBool::new(false),
        });
        let state = Arc::new(Counted::default());
        let shelf = Shelf::new(state.clone(), "state", "memory");
        let place = format!("s3://acme-lake/refined/{path}");
        let world = World { config, clock, objects, lake, sink: Arc::default(), shelf, place, state };
        world.history(days, key);
        world.clock.set(at("2026-11-22T00:00:00Z"));
        world.tick().await;
        world.sink.taken.lock().unwrap().clear();
        world.lake.passes.store(0, Ordering::SeqCst);
        world.lake.looks.store(0, Ordering::SeqCst);
        world.sink.requests.store(0, Ordering::SeqCst);
        world.lake.requests.store(0, Ordering::SeqCst);
        world.state.reads.store(0, Ordering::SeqCst);
        world.state.writes.store(0, Ordering::SeqCst);
        world
    }

    /// Days before [`DAY`], each landed at 03:10.
    fn history(&self, days: i64, key: impl Fn(Partition, &str) -> String) {
        for back in 1..=days {
            let day = Partition::parse(DAY).unwrap().offset(-back);
            let landed = day.end_in(&jiff::tz::TimeZone::UTC) + SignedDuration::from_mins(190);
            for n in 0..4 {
                let written = landed - SignedDuration::from_secs(30);
                self.objects.put(&key(day, &format!("part-{n:05}")), 2_000, written);
            }
            self.objects.put(&key(day, "_SUCCESS"), 0, landed);
        }
    }

    pub(crate) fn write(&self, day: Partition, count: u64, bytes: u64, at: Timestamp) {
        (0..count).for_each(|i| self.objects.put(&key(day, &format!("part-{i:05}")), bytes, at));
    }

    /// A new function instance, which has not read anything yet.
    pub(crate) fn deployment(&self) -> Deployment {
        let ports = Ports {
            lake: self.lake.clone(),
            shelf: self.shelf.beside(),
            origins: Origins::new([("sales".to_owned(), self.place.clone())]),
            sink: self.sink.clone(),
            clock: self.clock.clone(),
            to: Destinations { metrics: Some(Naming::Lakegauge), remedies: true },
            namespace: "Lakegauge".to_owned(),
            deployment: "lakegauge".to_owned(),
        };
        let lake = Some(Place { bucket: "acme-lake".to_owned(), prefix: "refined/".to_owned() });
        Deployment { config: Arc::clone(&self.config), lake, memory: Memory::default(), ports }
    }

    pub(crate) async fn tick(&self) {
        self.tick_of(&self.deployment()).await;
    }

    /// A function instance that was called before.
    pub(crate) async fn tick_of(&self, function: &Deployment) {
        schedule(function, &Called::Tick { at: None }).await.unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn deadline(&self, at: Timestamp) {
        self.deadline_of(&self.deployment(), at).await;
    }

    pub(crate) async fn deadline_of(&self, function: &Deployment, at: Timestamp) {
        let called = Called::Deadline { at: Some(at), zone: None };
        schedule(function, &called).await.unwrap();
    }

    /// Passes a batch to the function `objects`, and returns the messages that failed.
    pub(crate) async fn batch(&self, events: &[(String, Timestamp)]) -> Vec<String> {
        self.batch_of(&self.deployment(), events).await
    }

    pub(crate) async fn batch_of(
        &self,
        function: &Deployment,
        events: &[(String, Timestamp)],
    ) -> Vec<String> {
        let message = |(n, (key, at)): (usize, &(String, Timestamp))| {
            let object = json!({"key": key.replace('=', "%3D"), "size": 1});
            let s3 = json!({"bucket": {"name": "acme-lake"}, "object": object});
            let record = json!({"eventName": "ObjectCreated:Put", "eventTime": at.to_string(), "s3": s3});
            json!({"messageId": n.to_string(), "body": json!({"Records": [record]}).to_string()})
        };
        let records: Vec<Value> = events.iter().enumerate().map(message).collect();
        let answer = objects(function, &json!({"Records": records})).await.unwrap();
        let failures = answer["batchItemFailures"].as_array().unwrap().iter();
        failures.map(|f| f["itemIdentifier"].as_str().unwrap().to_owned()).collect()
    }

    /// The values of one metric that were sent to CloudWatch, in order.
    pub(crate) fn told(&self, metric: &str) -> Vec<f64> {
        self.sink.taken.lock().unwrap().iter().filter(|d| d.name == metric).map(|d| d.value).collect()
    }
}

pub(crate) fn key(day: Partition, name: &str) -> String {
    format!("refined/sales/date={day}/{name}").trim_start_matches("refined/").to_owned()
}
