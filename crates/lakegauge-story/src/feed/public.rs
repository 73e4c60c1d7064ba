//! Public feeds as lakes: `data/series/raw`, and the held-out counts that `data/held-out/prepare.py` writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::{Cadence, Partition};

use super::watched::{Feed, usual_pace};
use crate::dice::Dice;
use crate::lake::StoryLake;

/// Name, time zone, and the history whose labels also apply to its days.
const RAW: [(&str, &str, &str); 10] = [
    ("github_trending", "UTC", "github_trending"),
    ("italy_nazionale", "Europe/Rome", "italy_regioni"),
    ("italy_province", "Europe/Rome", "italy_regioni"),
    ("italy_regioni", "Europe/Rome", "italy_regioni"),
    ("nyc_taxi", "America/New_York", "nyc_taxi"),
    ("proxylist_daily", "UTC", "proxylist_daily"),
    ("rki_bundeslaender", "Europe/Berlin", "rki_bundeslaender"),
    ("rki_impfquoten", "Europe/Berlin", "rki_bundeslaender"),
    ("zhihu_daily", "Asia/Shanghai", "zhihu_daily"),
    ("zhihu_hourly", "Asia/Shanghai", "zhihu_daily"),
];

/// Days that are learned from before the first look.
const LEARNED: i64 = 45;
/// How many days hourly feeds are watched: there are 30 looks per day.
const HOURS_WATCHED: i64 = 75;

/// Every history of `data/series/raw`.
pub fn public(series: &Path) -> Vec<Feed> {
    RAW.iter().map(|(name, zone, labels)| raw(series, name, zone, labels)).collect()
}

/// Every history of a folder that `data/held-out/prepare.py` wrote. They have no labels.
pub fn held_out(folder: &Path) -> Vec<Feed> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".csv")?.to_owned()))
        .collect();
    names.sort_unstable();
    let of = |name: &String| {
        let rows = fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
        let facts = rows.lines().map(|line| {
            let (period, count) = line.split_once(',').unwrap();
            (Partition::parse(period).unwrap(), None, count.parse().unwrap(), 1)
        });
        Told { name, zone: "UTC", labels: Vec::new() }.feed(facts)
    };
    names.iter().map(of).collect()
}

struct Told<'a> {
    name: &'a str,
    zone: &'a str,
    labels: Vec<(Date, Date)>,
}

fn raw(series: &Path, name: &str, zone: &str, labels: &str) -> Feed {
    let text = fs::read_to_string(series.join(format!("raw/{name}.csv"))).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let columns: BTreeMap<&str, usize> = header.iter().zip(0..).map(|(name, at)| (*name, at)).collect();
    let facts = text.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let field =
            |name: &str| columns.get(name).and_then(|at| fields.get(*at)).copied().unwrap_or_default();
        let hour = field("partition").split_once(":00").map_or(field("partition"), |(hour, _)| hour);
        let bytes = if field("bytes").is_empty() { field("rows") } else { field("bytes") };
        let objects = field("objects").parse().unwrap_or(1);
        Some((
            Partition::parse(hour).unwrap(),
            field("arrived_at").parse().ok(),
            bytes.parse().ok()?,
            objects,
        ))
    });
    Told { name, zone, labels: read_labels(series, labels) }.feed(facts)
}

fn read_labels(series: &Path, name: &str) -> Vec<(Date, Date)> {
    let text = fs::read_to_string(series.join(format!("labels/{name}.csv"))).unwrap_or_default();
    let label = |line: &str| {
        let mut fields = line.split(',').skip(1);
        (fields.next().unwrap().parse().unwrap(), fields.next().unwrap().parse().unwrap())
    };
    text.lines().skip(1).map(label).collect()
}

impl Told<'_> {
    fn feed(self, facts: impl Iterator<Item = (Partition, Option<Timestamp>, f64, u64)>) -> Feed {
        let zone = TimeZone::get(self.zone).unwrap();
        let (lake, mut dice) = (StoryLake::new(), Dice::new(9));
        let (mut came, mut last) = (BTreeSet::new(), Timestamp::MIN);
        let mut cadence = Cadence::Daily;
        for (partition, arrived, bytes, objects) in facts {
            cadence = partition.cadence();
            // If the arrival time is unknown: a job after the period, some minutes long.
            let after = if cadence == Cadence::Hourly { 5 } else { 120 };
            let usual = SignedDuration::from_secs(60 * after + dice.between(0, 600) as i64);
            let at = arrived.unwrap_or_else(|| partition.end_in(&zone) + usual);
            let folder = match cadence {
                Cadence::Hourly => format!("date={}/hour={:02}", partition.date(), partition.start().hour()),
                _ => format!("date={partition}"),
            };
            for i in 0..objects {
                let size = bytes as u64 / objects + if i < bytes as u64 % objects { 1 } else { 0 };
                lake.put(format!("feed/{folder}/part-{i}"), size, at);
            }
            came.insert(partition);
            last = last.max(partition.end_in(&zone));
        }
        let from = came.first().unwrap().start_in(&zone) + SignedDuration::from_hours(24 * LEARNED);
        let watched = SignedDuration::from_hours(24 * HOURS_WATCHED);
        let until = if cadence == Cadence::Hourly { last.min(from + watched) } else { last };
        let path = if cadence == Cadence::Hourly { "date={date}/hour={hour}/" } else { "date={date}/" };
        let zone = self.zone;
        Feed {
            name: self.name.to_owned(),
            lake,
            yaml: Some(format!("timezone: {zone}\ndatasets:\n  feed:\n    path: feed/{path}\n")),
            cadence,
            from,
            until,
            every: match cadence {
                Cadence::Hourly => usual_pace(cadence),
                // Years of daily data.
                _ => SignedDuration::from_mins(9 * 60 + 7),
            },
            absent: if self.labels.is_empty() { absent(&came) } else { BTreeSet::new() },
            excused: self.labels,
        }
    }
}

/// Partitions that never came, although those one, two, three and four weeks earlier did. Where a source has no
/// labels, these are the incidents that need none.
fn absent(came: &BTreeSet<Partition>) -> BTreeSet<Partition> {
    let (Some(first), Some(last)) = (came.first(), came.last()) else { return BTreeSet::new() };
    let week = if first.cadence() == Cadence::Hourly { 7 * 24 } else { 7 };
    let all = (0..last.periods_since(*first)).map(|n| first.offset(n));
    all.filter(|p| !came.contains(p) && (1..=4).all(|n| came.contains(&p.offset(-n * week)))).collect()
}
