//! What a dataset stands for, and what a panic on the way costs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::layout::Layout;
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::{Gap, GapKind, LookFold, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_core::scope::Wanted;
use lakegauge_core::splits::Listed;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_core::verdict::Status;
use lakegauge_engine::{Ask, Changes, History, HistoryError, Lake, Look, instances, run};

const NOW: &str = "2026-11-25T12:00:00Z";

/// A lake that lists what the test asks for, and panics where the test asks for it.
#[derive(Default)]
struct Told {
    listed: Listed,
    falls_over: bool,
}

#[async_trait]
impl Lake for Told {
    async fn observe(&self, _: Look<'_>) -> Observation {
        assert!(!self.falls_over, "an index\nout of bounds");
        Observation::default()
    }

    async fn splits(&self, _: &Dataset, _: usize) -> Listed {
        assert!(!self.falls_over, "while listing");
        self.listed.clone()
    }
}

/// Records by dataset, and the names of those that were written to.
#[derive(Default)]
struct Known {
    records: BTreeMap<String, Records>,
    written: Mutex<Vec<String>>,
}

#[async_trait]
impl History for Known {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        let start = format!("{dataset}[");
        Ok(self.records.keys().filter(|name| name.starts_with(&start)).cloned().collect())
    }

    async fn records(&self, dataset: &str, _: usize) -> Result<Records, HistoryError> {
        Ok(self.records.get(dataset).cloned().unwrap_or_default())
    }

    async fn last_run(&self, _: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(None)
    }

    async fn standing(&self, _: &str) -> Result<Standing, HistoryError> {
        Ok(Standing::default())
    }

    async fn changes(&self, _: &str, _: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        Ok(Vec::new())
    }

    async fn raised_in_splits(&self, _: &str) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        Ok(BTreeMap::new())
    }

    async fn commit(&self, dataset: &str, _: &Changes, _: Timestamp) -> Result<(), HistoryError> {
        self.written.lock().unwrap().push(dataset.to_owned());
        Ok(())
    }
}

/// Records of these days; of one behind a `-`, nothing came.
fn records(days: &[&str]) -> Records {
    let record = |day: &&str| {
        let partition = Partition::parse(day.trim_start_matches('-')).unwrap();
        let look = (!day.starts_with('-')).then(|| LookFold::new(None).finish());
        (partition, PartitionRecord { look, ..PartitionRecord::new(partition, Timestamp::UNIX_EPOCH) })
    };
    days.iter().map(record).collect()
}

fn split() -> Dataset {
    Dataset::new("ev", Layout::parse("ev/{region}/{date}/").unwrap())
}

/// What `listed` (`region day`) and `known` (a name and its days) come to.
async fn check(listed: &[(&str, &str)], known: &[(&str, &[&str])], watched: &str, ended: &str) {
    let mut lake = Told::default();
    for (region, day) in listed {
        lake.listed.push(vec![(*region).to_owned()], Partition::parse(day));
    }
    let records = known.iter().map(|(name, days)| ((*name).to_owned(), records(days))).collect();
    let history = Known { records, ..Known::default() };
    let found = instances(&lake, &history, &split(), NOW.parse().unwrap()).await.unwrap();
    let names: Vec<&str> = found.splits.watched.iter().map(|d| d.name.as_str()).collect();
    let gone: Vec<String> =
        found.splits.ended.iter().map(|e| format!("{} {}", e.dataset.name, e.newest)).collect();
    assert_eq!(
        (names.join(" "), gone.join(" ")),
        (watched.to_owned(), ended.to_owned()),
        "{listed:?} {known:?}"
    );
}

#[tokio::test]
async fn a_split_that_history_knows_is_watched() {
    check(&[], &[], "", "").await;
    check(&[("eu", "2026-11-24")], &[("ev[us]", &["2026-11-23", "-2026-11-24"])], "ev[eu] ev[us]", "").await;
    check(&[], &[("ev[us]", &["2026-11-23"])], "ev[us]", "").await;
    // Of which nothing ever came; of another path; of another dataset.
    let others: &[(&str, &[&str])] = &[
        ("ev[us]", &["-2026-11-23"]),
        ("ev[]", &[]),
        ("evil[us]", &["2026-11-23"]),
        ("ev", &["2026-11-23"]),
    ];
    check(&[("eu", "2026-11-24")], others, "ev[eu]", "").await;
    // A stray day of the future is no sign of life.
    let old: &[(&str, &[&str])] = &[("ev[us]", &["2025-11-03", "-2025-11-04", "9999-12-31"])];
    check(&[("eu", "2026-11-24")], old, "ev[eu]", "ev[us] 2025-11-03").await;
}

#[tokio::test]
async fn what_cannot_be_listed_takes_nothing_away() {
    let gap = Gap { kind: GapKind::Denied, place: "s3://b/ev/".to_owned(), detail: "403".to_owned() };
    let lake = Told { listed: Listed { gaps: vec![gap.clone()], ..Listed::default() }, falls_over: false };
    let history =
        Known { records: [("ev[us]".to_owned(), records(&["2026-11-23"]))].into(), ..Known::default() };
    let found = instances(&lake, &history, &split(), NOW.parse().unwrap()).await.unwrap();
    assert_eq!((found.splits.watched.len(), found.gaps), (1, vec![gap]));
}

#[tokio::test]
async fn a_panic_is_a_gap_of_its_dataset() {
    let lake = Told { falls_over: true, ..Told::default() };
    let history = Known::default();
    let now = NOW.parse().unwrap();
    let (dataset, wanted) = (Dataset::new("t", Layout::parse("t/{date}/").unwrap()), Wanted::Newest);
    let outcome = run(
        &lake,
        &history,
        Ask { dataset: &dataset, wanted: &wanted, now, replay: false, to: Destinations::NONE },
    )
    .await;
    let report = outcome.unwrap().judgement.report;
    assert_eq!((report.dataset.as_str(), report.status), ("t", Status::Unknown));
    let gap = report.gaps.first().unwrap();
    assert_eq!(
        (gap.kind, gap.place.as_str(), gap.detail.as_str()),
        (GapKind::Bug, "t", "an index out of bounds")
    );
    assert!(history.written.lock().unwrap().is_empty(), "nothing is remembered of it");
    let found = instances(&lake, &history, &split(), now).await.unwrap();
    assert_eq!(found.gaps.first().map(|gap| (gap.kind, gap.place.as_str())), Some((GapKind::Bug, "ev")));
}
