//! Counts the false alarms of a feed that is watched for months.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lakegauge_core::alarm::State;
use lakegauge_core::metric::{Kind, Metric};
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::verdict::Status;

use crate::feed::Feed;
use crate::said::Said;

/// The kind of an alarm: a partition counts once for each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// It has not landed in time.
    Time,
    /// There is too much or too little.
    Volume,
    /// It was changed after it had landed.
    Change,
}

impl About {
    /// The kind of an alarm on `metric`.
    pub fn of(metric: Metric) -> About {
        match metric.kind() {
            Kind::Change => About::Change,
            Kind::Arrival => About::Time,
            Kind::Volume | Kind::Completeness | Kind::Novelty | Kind::Mark | Kind::Check => About::Volume,
        }
    }
}

/// The result of watching one feed.
#[derive(Clone, Debug)]
pub struct Noise {
    /// The feed.
    pub name: String,
    /// The cadence of its partitions.
    pub cadence: Cadence,
    /// How long it was watched.
    pub months: f64,
    /// False alarms by kind: each partition counts once, and so does a continuing alarm.
    pub alarms: BTreeMap<About, usize>,
    /// How many looks were in alarm after one that was not.
    pub pages: usize,
    /// The number of looks, of those in alarm, and of those with an unknown status.
    pub looks: [usize; 3],
    /// The first false alarms, as text.
    pub examples: Vec<String>,
}

impl Noise {
    /// All false alarms.
    pub fn count(&self) -> usize {
        self.alarms.values().sum()
    }

    /// False alarms per month.
    pub fn rate(&self) -> f64 {
        self.count() as f64 / self.months
    }
}

/// Looks at `feed` until its end, and counts the alarms on days without a real incident.
pub fn watch(feed: &Feed) -> Noise {
    let watch = feed.watch();
    assert!(!watch.datasets.is_empty(), "{}: nothing to watch in\n{}", feed.name, watch.yaml);
    let mut noise = Noise {
        name: feed.name.clone(),
        cadence: feed.cadence,
        months: feed.months(),
        alarms: BTreeMap::new(),
        pages: 0,
        looks: [0; 3],
        examples: Vec::new(),
    };
    let mut told: BTreeMap<(Partition, About), Timestamp> = BTreeMap::new();
    let (mut now, mut quiet) = (feed.from, true);
    while now < feed.until {
        let said = watch.check(now);
        let news = note(feed, &said, now, &mut told);
        for (about, sentence) in news {
            *noise.alarms.entry(about).or_default() += 1;
            noise.examples.push(sentence);
        }
        let false_now = false_alarms(feed, &said).next().is_some();
        noise.pages += usize::from(false_now && quiet);
        quiet = !false_now;
        noise.looks[0] += 1;
        noise.looks[1] += usize::from(false_now);
        noise.looks[2] += usize::from(said.status() == Status::Unknown);
        now += feed.every;
    }
    noise.examples.truncate(4);
    noise
}

/// Alarms on partitions with which nothing was wrong.
fn false_alarms<'a>(feed: &'a Feed, said: &'a Said) -> impl Iterator<Item = (Partition, Metric, bool)> + 'a {
    let continuing = said.firing().into_iter().filter(|f| f.continuing).map(|f| (f.partition, f.metric));
    let continuing: Vec<_> = continuing.collect();
    let partitions = said.report.datasets.iter().flat_map(|dataset| &dataset.partitions);
    partitions.filter(|p| !feed.excuses(p.partition)).flat_map(move |p| {
        let firing = p.alarms.iter().filter(|alarm| alarm.state == State::Alarm);
        let continuing = continuing.clone();
        firing.map(move |alarm| {
            let name = (p.partition.to_string(), alarm.metric.to_string());
            (p.partition, alarm.metric, continuing.contains(&name))
        })
    })
}

/// Records false alarms that were not reported before.
fn note(
    feed: &Feed,
    said: &Said,
    now: Timestamp,
    told: &mut BTreeMap<(Partition, About), Timestamp>,
) -> Vec<(About, String)> {
    let mut news = Vec::new();
    for (partition, metric, continuing) in false_alarms(feed, said) {
        let about = About::of(metric);
        if told.insert((partition, about), now).is_none() && !continuing {
            let firing = said
                .firing()
                .into_iter()
                .find(|f| f.partition == partition.to_string() && f.metric == metric.name());
            news.push((about, format!("{now}: {}", firing.map_or_else(String::new, |f| f.to_string()))));
        }
    }
    news
}
