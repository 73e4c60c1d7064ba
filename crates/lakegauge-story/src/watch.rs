//! Looks at a lake day by day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lakegauge_config::{Surroundings, load};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::partition::Partition;
use lakegauge_core::record::Records;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::{DatasetReport, Status};
use lakegauge_discover::{Survey, render};
use lakegauge_engine::{Ask, Changes, History, Outcome, instances, run};
use lakegauge_history::Memory;
use lakegauge_lake::{ObjectLake, Sighting};
use tokio::runtime::{Builder, Runtime};

use crate::lake::StoryLake;
use crate::said::Said;

/// How `wait` would end after one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensor {
    /// It would keep waiting: 124 when the time is up.
    Waits,
    /// The partition has landed and is healthy: 0.
    Healthy,
    /// The partition has landed and is not healthy: 1.
    Alarm,
}

/// A config, a history that grows with each look, and a clock that moves on.
pub struct Watch {
    lake: StoryLake,
    store: ObjectLake,
    history: Memory,
    runtime: Runtime,
    /// The config's text.
    pub yaml: String,
    /// The datasets in the config; a split dataset is one, without its splits.
    pub datasets: Vec<Dataset>,
    files: BTreeMap<String, String>,
}

impl Watch {
    /// With the config that `init` writes at `now`.
    pub fn init(lake: &StoryLake, now: Timestamp) -> Watch {
        Watch::of(lake, &init(lake, now), &[], now)
    }

    /// With this config, without its `lake`.
    pub fn config(lake: &StoryLake, yaml: &str, now: Timestamp) -> Watch {
        Watch::of(lake, &format!("lake: story\n{yaml}"), &[], now)
    }

    /// With this complete config, and the files that it names.
    pub fn of(lake: &StoryLake, yaml: &str, files: &[(&str, &str)], now: Timestamp) -> Watch {
        let store = ObjectLake::new(lake.store());
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut watch = Watch {
            lake: lake.clone(),
            store,
            history: Memory::default(),
            runtime: runtime(),
            yaml: String::new(),
            datasets: Vec::new(),
            files,
        };
        watch.read(yaml, now);
        watch
    }

    /// Replaces the config, with the same history.
    pub fn read(&mut self, yaml: &str, now: Timestamp) {
        let files = &self.files;
        let read = |name: &str| files.get(name).cloned().ok_or_else(|| format!("{name} is not there"));
        let loaded = load(yaml, Surroundings { read: &read, now });
        let problems: Vec<String> = loaded.problems.iter().map(|p| p.message.clone()).collect();
        assert!(loaded.config.is_some(), "{problems:?} in\n{yaml}");
        (self.yaml, self.datasets) = (yaml.to_owned(), loaded.config.unwrap().datasets);
    }

    /// Checks everything, as `check` does, and records it.
    pub fn check(&self, now: Timestamp) -> Said {
        self.ask(&Wanted::Newest, now)
    }

    /// Checks everything with `--partition` or `--last`, and records it.
    pub fn ask(&self, wanted: &Wanted, now: Timestamp) -> Said {
        self.reports(&self.history, wanted, now)
    }

    /// Checks one partition by name, and records it.
    pub fn check_partition(&self, partition: &str, now: Timestamp) -> Said {
        self.ask(&Wanted::Named(vec![Partition::parse(partition).unwrap()]), now)
    }

    /// What a first check without any history would report.
    pub fn first_look(&self, now: Timestamp) -> Said {
        self.reports(&Memory::default(), &Wanted::Newest, now)
    }

    fn reports(&self, history: &dyn History, wanted: &Wanted, now: Timestamp) -> Said {
        self.lake.goes_on_to(now);
        let report = |dataset: &Dataset| self.run(history, dataset, wanted, now).judgement.report;
        let reports: Vec<DatasetReport> = self.parts(history, now).iter().map(report).collect();
        Said::new(now, reports)
    }

    /// Looks at one dataset and records it: the whole outcome.
    pub fn look(&self, dataset: &Dataset, now: Timestamp) -> Outcome {
        self.lake.goes_on_to(now);
        self.run(&self.history, dataset, &Wanted::Newest, now)
    }

    fn run(&self, history: &dyn History, dataset: &Dataset, wanted: &Wanted, now: Timestamp) -> Outcome {
        let ask = Ask { dataset, wanted, now, replay: false, to: Destinations::NONE };
        self.runtime.block_on(run(&self.store, history, ask)).unwrap()
    }

    /// The datasets to look at at `now`; a split dataset counts as one for each of its splits.
    fn parts(&self, history: &dyn History, now: Timestamp) -> Vec<Dataset> {
        let parts = |dataset| {
            let found = instances(&self.store, history, dataset, now);
            self.runtime.block_on(found).unwrap().splits.watched
        };
        self.datasets.iter().flat_map(parts).collect()
    }

    /// Looks at one partition as `wait` does.
    pub fn wait(&self, dataset: &str, partition: &str, now: Timestamp) -> Sensor {
        self.lake.goes_on_to(now);
        let partition = Partition::parse(partition).unwrap();
        let wanted = Wanted::Named(vec![partition]);
        let report = self.run(&self.history, self.dataset(dataset), &wanted, now).judgement.report;
        let landed = report.partitions.first().is_some_and(|p| p.state == PartitionState::Landed);
        match (landed, report.status) {
            (true, Status::Ok) => Sensor::Healthy,
            (true, Status::Alarm) => Sensor::Alarm,
            (false, _) | (true, Status::Unknown) => Sensor::Waits,
        }
    }

    /// Gives a person's verdict on a partition, or takes it back.
    pub fn mark(&self, dataset: &str, partition: &str, says: Option<(Says, &str)>, now: Timestamp) {
        let partition = Partition::parse(partition).unwrap();
        let content = Mark::of_content(self.records(dataset).get(&partition).unwrap().look.as_ref());
        let mark =
            says.map(|(says, why)| Mark { says, at: now, by: None, reason: Some(why.to_owned()), content });
        let changes = Changes { marks: BTreeMap::from([(partition, mark)]), ..Changes::default() };
        self.runtime.block_on(self.history.commit(dataset, &changes, now)).unwrap();
    }

    /// All records of a dataset's partitions in the history.
    pub fn records(&self, dataset: &str) -> Records {
        self.runtime.block_on(self.history.records(dataset, usize::MAX)).unwrap()
    }

    /// The dataset of this name.
    pub fn dataset(&self, name: &str) -> &Dataset {
        self.datasets.iter().find(|dataset| dataset.name == name).unwrap()
    }

    /// The path of each dataset.
    pub fn paths(&self) -> Vec<String> {
        self.datasets.iter().map(|dataset| dataset.layout.to_string()).collect()
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

/// The config that `init` writes at `now`.
pub fn init(lake: &StoryLake, now: Timestamp) -> String {
    lake.goes_on_to(now);
    let mut survey = Survey::new();
    let store = ObjectLake::new(lake.store());
    runtime().block_on(store.survey(None, &mut |sighting| match sighting {
        Sighting::Object(o) => survey.push(o.key, o.size, o.last_modified),
        Sighting::Sampled(o) => survey.push_sampled(o.key, o.size, o.last_modified),
        Sighting::Unseen(folder) => survey.unseen(folder),
    }));
    render(&survey.finish(now), "story", None)
}
