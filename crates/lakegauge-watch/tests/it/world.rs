//! A watcher over a simulated lake, for each kind of book.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use lakegauge_cloudwatch::notice::{deliveries, fold};
use lakegauge_cloudwatch::publish::{Naming, Place};
use lakegauge_config::{self as config, Config, Surroundings};
use lakegauge_core::delivery::Destinations;
use lakegauge_core::partition::Partition;
use lakegauge_engine::Clock as _;
use lakegauge_history::{Documents, Memory, Origins, Shelf, Sqlite};
use lakegauge_story::StoryLake;
use lakegauge_testbed::Counted;
use lakegauge_watch::{Book, Known, Resident, Round, Watcher};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lake::{Hand, SimLake};
use crate::sinks::SimSink;

pub(crate) const DAY: &str = "2026-11-21";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What keeps the history and the attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Functions, each with its own copy of what it has read.
    Documents,
    /// A resident process.
    Memory,
    /// A resident process with a file.
    Sqlite,
}

/// What outlives a process.
enum Kept {
    Documents(Shelf),
    Memory(Arc<Memory>),
    Sqlite { file: PathBuf, _folder: TempDir },
}

impl Kept {
    fn new(kind: Kind, shelf: &Shelf) -> Kept {
        match kind {
            Kind::Documents => Kept::Documents(shelf.clone()),
            Kind::Memory => Kept::Memory(Arc::default()),
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                Kept::Sqlite { file: folder.path().join("history.sqlite"), _folder: folder }
            }
        }
    }

    /// As a new process opens it.
    async fn open(&self, origins: Origins) -> Arc<dyn Book> {
        match self {
            Kept::Documents(shelf) => Arc::new(Documents::new(shelf.beside()).of(origins)),
            Kept::Memory(memory) => Arc::new(Resident::over(Arc::clone(memory))),
            Kept::Sqlite { file, .. } => {
                Arc::new(Resident::over(Arc::new(Sqlite::open(file).await.unwrap().of(origins))))
            }
        }
    }
}

/// A deployment in which everything but what watches is simulated.
pub(crate) struct World {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Arc<Hand>,
    pub(crate) objects: StoryLake,
    pub(crate) lake: Arc<SimLake>,
    pub(crate) sink: Arc<SimSink>,
    pub(crate) shelf: Shelf,
    /// Where the dataset has its objects.
    pub(crate) place: String,
    pub(crate) state: Arc<Counted>,
    kept: Kept,
    /// The process that runs, if there is a resident one.
    resident: Mutex<Option<Watcher>>,
}

impl World {
    /// A lake with days of history, each landed at 03:10 with or without a marker, and a first tick at 00:00 of the
    /// day after [`DAY`].
    pub(crate) async fn new(landed_when: &str) -> World {
        World::kept_in(Kind::Documents, landed_when).await
    }

    /// The same, kept in any kind of book.
    pub(crate) async fn kept_in(kind: Kind, landed_when: &str) -> World {
        World::with(kind, landed_when, 20, "").await
    }

    /// The same, split by a region, `eu` and `us`.
    pub(crate) async fn split() -> World {
        let path = "sales/region={region}/date={date}/";
        let world = World::laid_out(Kind::Documents, path, "_SUCCESS", 0, "").await;
        for region in ["eu", "us"] {
            world.history(20, |day, name| {
                key(day, name).replace("/date=", &format!("/region={region}/date="))
            });
        }
        world
    }

    /// The same with a function that is called on an alarm.
    pub(crate) async fn remedied(kind: Kind, landed_when: &str) -> World {
        let arn = "arn:aws:lambda:eu-west-2:1:function:rerun";
        let more = format!("    remediate: {{ lambda: \"{arn}\", metrics: [TotalFileSize, Late] }}\n");
        World::with(kind, landed_when, 20, &more).await
    }

    /// The same without history.
    pub(crate) async fn empty(landed_when: &str) -> World {
        World::with(Kind::Documents, landed_when, 0, "").await
    }

    async fn with(kind: Kind, landed_when: &str, days: i64, more: &str) -> World {
        World::laid_out(kind, "sales/date={date}/", landed_when, days, more).await
    }

    async fn laid_out(kind: Kind, path: &str, landed_when: &str, days: i64, more: &str) -> World {
        let text = format!(
            "lake: s3://acme-lake/refined\ndatasets:\n  sales:\n    path: {path}\n    due: +1d 04:30\n    landed_when: {landed_when}\n    alarms: {{ TotalFileSize: {{ at_least: 5000 }} }}\n{more}"
        );
        let around = Surroundings { read: &|_| Err("no files".to_owned()), now: at("2026-11-20T00:00:00Z") };
        let loaded = config::load(&text, around);
        assert_eq!(loaded.problems, []);
        let clock = Arc::new(Hand::default());
        let lake = Arc::new(SimLake::new(Arc::clone(&clock)));
        let state = Arc::new(Counted::default());
        let shelf = Shelf::new(state.clone(), "state", "memory");
        let world = World {
            config: Arc::new(loaded.config.unwrap()),
            clock,
            objects: lake.objects.clone(),
            lake,
            sink: Arc::default(),
            kept: Kept::new(kind, &shelf),
            shelf,
            place: format!("s3://acme-lake/refined/{path}"),
            state,
            resident: Mutex::default(),
        };
        world.history(days, key);
        world.clock.set(at("2026-11-22T00:00:00Z"));
        world.tick().await;
        world.sink.taken.lock().unwrap().clear();
        world.lake.reset();
        for count in [&world.sink.requests, &world.state.reads, &world.state.writes] {
            count.store(0, Ordering::SeqCst);
        }
        world
    }

    /// Days before [`DAY`], each landed at 03:10.
    fn history(&self, days: i64, key: impl Fn(Partition, &str) -> String) {
        for back in 1..=days {
            let day = Partition::parse(DAY).unwrap().offset(-back);
            let landed = day.end_in(&jiff::tz::TimeZone::UTC) + SignedDuration::from_mins(190);
            for n in 0..4 {
                let written = landed - SignedDuration::from_secs(30);
                self.objects.put(key(day, &format!("part-{n:05}")), 2_000, written);
            }
            self.objects.put(key(day, "_SUCCESS"), 0, landed);
        }
    }

    pub(crate) fn write(&self, day: Partition, count: u64, bytes: u64, at: Timestamp) {
        (0..count).for_each(|i| self.objects.put(key(day, &format!("part-{i:05}")), bytes, at));
    }

    /// What watches: a new function, which has not read anything yet, or the process that runs.
    pub(crate) async fn watcher(&self) -> Watcher {
        let running = self.resident.lock().unwrap().clone();
        match running {
            Some(watcher) => watcher,
            None => {
                let watcher = self.started().await;
                if !matches!(self.kept, Kept::Documents(_)) {
                    *self.resident.lock().unwrap() = Some(watcher.clone());
                }
                watcher
            }
        }
    }

    /// A process that has just started.
    pub(crate) async fn started(&self) -> Watcher {
        let origins = Origins::new([("sales".to_owned(), self.place.clone())]);
        Watcher {
            lake: self.lake.clone(),
            book: self.kept.open(origins).await,
            sink: self.sink.clone(),
            clock: self.clock.clone(),
            to: Destinations { metrics: Some(Arc::new(Naming::Lakegauge)), remedies: true },
            deployment: "lakegauge".to_owned(),
            known: Known::default(),
        }
    }

    /// The process that runs is at its end.
    pub(crate) fn dies(&self) {
        *self.resident.lock().unwrap() = None;
    }

    pub(crate) async fn tick(&self) {
        self.tick_of(&self.watcher().await).await;
    }

    pub(crate) async fn tick_of(&self, watcher: &Watcher) {
        watcher.round(&self.config.datasets, Round::Tick).await.unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn deadline(&self, at: Timestamp) {
        self.deadline_of(&self.watcher().await, at).await;
    }

    pub(crate) async fn deadline_of(&self, watcher: &Watcher, at: Timestamp) {
        watcher.round(&self.config.datasets, Round::Deadline(at)).await.unwrap();
    }

    /// Passes a batch of events, and returns the messages that failed.
    pub(crate) async fn batch(&self, events: &[(String, Timestamp)]) -> Vec<String> {
        self.batch_of(&self.watcher().await, events).await
    }

    pub(crate) async fn batch_of(&self, watcher: &Watcher, events: &[(String, Timestamp)]) -> Vec<String> {
        let message = |(n, (key, at)): (usize, &(String, Timestamp))| {
            let object = json!({"key": key.replace('=', "%3D"), "size": 1});
            let s3 = json!({"bucket": {"name": "acme-lake"}, "object": object});
            let record = json!({"eventName": "ObjectCreated:Put", "eventTime": at.to_string(), "s3": s3});
            json!({"messageId": n.to_string(), "body": json!({"Records": [record]}).to_string()})
        };
        let records: Vec<Value> = events.iter().enumerate().map(message).collect();
        let lake = Place { bucket: "acme-lake".to_owned(), prefix: "refined/".to_owned() };
        let batch = fold(&deliveries(&json!({"Records": records})), &lake, &self.config.datasets);
        let notified = watcher.notified(&self.config.datasets, &batch).await.unwrap();
        notified.failed.into_iter().collect()
    }

    /// The values of one metric that were sent to CloudWatch, in order.
    pub(crate) fn told(&self, metric: &str) -> Vec<f64> {
        self.sink.taken.lock().unwrap().iter().filter(|d| d.name == metric).map(|d| d.value).collect()
    }
}

pub(crate) fn key(day: Partition, name: &str) -> String {
    format!("refined/sales/date={day}/{name}").trim_start_matches("refined/").to_owned()
}
