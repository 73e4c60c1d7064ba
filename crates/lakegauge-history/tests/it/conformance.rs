//! What every history must do.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_core::alarm::{Bounds, Severity, State};
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::LookFold;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::standing::{Change, Look, Standing, Why};
use lakegauge_core::verdict::{AlarmReport, PartitionReport};
use lakegauge_engine::{Changes, Forget, History};
use lakegauge_history::{Memory, Origins, Rehearsal, Sqlite};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn partition(name: &str) -> Partition {
    Partition::parse(name).unwrap()
}

pub(crate) fn record(name: &str, bytes: u64) -> PartitionRecord {
    let mut fold = LookFold::new(None);
    fold.push("part", bytes, at(7));
    let look = fold.finish();
    PartitionRecord {
        state: PartitionState::Landed,
        landed_at: Some(at(7)),
        due_at: Some(at(9)),
        look: Some(look.clone()),
        landed: Some(look),
        ..PartitionRecord::new(partition(name), at(8))
    }
}

pub(crate) fn changes(name: &str, bytes: u64, second: i64) -> Changes {
    let partition = partition(name);
    Changes {
        records: vec![record(name, bytes)],
        standing: Some(Standing::of_states(BTreeMap::from([(Metric::Late, State::Ok)]))),
        changes: vec![Change {
            partition: Some(partition),
            metric: Metric::Late,
            at: at(second),
            why: Why::Cleared,
            reason: "on time – ✓".to_owned(),
        }],
        ..Changes::default()
    }
}

pub(crate) async fn conforms(history: Arc<dyn History>) {
    an_unknown_dataset_is_empty(history.as_ref()).await;
    what_is_written_is_read(history.as_ref()).await;
    newer_replaces_older_and_datasets_are_apart(history.as_ref()).await;
    marks_outlive_records_until_they_are_taken_away(history.as_ref()).await;
    what_is_too_old_is_forgotten(history.as_ref()).await;
    every_cadence_keeps_its_order_and_limit(history.as_ref()).await;
    partitions_that_start_together_are_apart(history.as_ref()).await;
    extremes_read_back(history.as_ref()).await;
    names_are_only_text(history.as_ref()).await;
    splits_are_found_by_their_dataset(history.as_ref()).await;
    what_splits_have_raised_is_known(history.as_ref()).await;
    concurrent_writers_lose_nothing(history).await;
}

async fn an_unknown_dataset_is_empty(history: &dyn History) {
    assert!(history.records("nobody", 9).await.unwrap().is_empty());
    assert_eq!(history.last_run("nobody").await.unwrap(), None);
    assert_eq!(history.standing("nobody").await.unwrap(), Standing::default());
    assert!(history.changes("nobody", None).await.unwrap().is_empty());
}

async fn what_is_written_is_read(history: &dyn History) {
    let written = changes("2026-11-21", u64::MAX, 100);
    history.commit("ünïcode [x]", &written, at(100)).await.unwrap();
    let records = history.records("ünïcode [x]", 9).await.unwrap();
    assert_eq!(records.into_values().collect::<Vec<_>>(), written.records);
    assert_eq!(Some(history.standing("ünïcode [x]").await.unwrap()), written.standing);
    assert_eq!(history.changes("ünïcode [x]", Some(at(100))).await.unwrap(), written.changes);
    assert!(history.changes("ünïcode [x]", Some(at(101))).await.unwrap().is_empty());
    assert_eq!(history.last_run("ünïcode [x]").await.unwrap(), Some(at(100)));
}

async fn splits_are_found_by_their_dataset(history: &dyn History) {
    let names =
        ["ev", "ev[eu]", "ev[a%2Cb,é/x]", "ev[us", "ev_2[eu]", "ev2[eu]", "Ev[eu]", "e[eu]", "web/ev[eu]"];
    for name in names {
        history.commit(name, &changes("2026-01-01", 1, 10), at(10)).await.unwrap();
    }
    let check = async |dataset: &str, expect: &[&str]| {
        assert_eq!(history.splits(dataset).await.unwrap(), expect, "{dataset}");
    };
    check("ev", &["ev[a%2Cb,é/x]", "ev[eu]"]).await;
    check("e", &["e[eu]"]).await;
    check("web/ev", &["web/ev[eu]"]).await;
    check("ev[eu]", &[]).await;
    check("nobody at all", &[]).await;
    check("", &[]).await;
}

/// What is wrong with a dataset in which these metrics are raised.
fn raised(metrics: &[Metric]) -> Standing {
    let alarms = metrics.iter().map(|metric| AlarmReport {
        metric: *metric,
        state: State::Alarm,
        severity: Severity::Critical,
        observed: None,
        expected: Bounds::default(),
        reason: "wrong".to_owned(),
        notice: false,
        continuing: None,
        since: None,
    });
    let report = PartitionReport {
        partition: partition("2026-01-01"),
        state: PartitionState::Landed,
        landed_at: None,
        due_at: None,
        metrics: BTreeMap::new(),
        mark: None,
        alarms: alarms.collect(),
    };
    let told = [report.partition].into();
    let look = Look { reports: &[report], told: &told, saw: &|_| true, is_whole: true };
    Standing::default().advance(&look, at(1)).0
}

async fn what_splits_have_raised_is_known(history: &dyn History) {
    let set = async |name: &str, metrics: &[Metric]| {
        let changes = Changes { standing: Some(raised(metrics)), ..Changes::default() };
        history.commit(name, &changes, at(10)).await.unwrap();
    };
    let check = async |expect: &[(&str, &[Metric])]| {
        let known = history.raised_in_splits("rs").await.unwrap();
        let known: Vec<_> =
            known.iter().map(|(name, raised)| (name.as_str(), raised.iter().copied().collect())).collect();
        let expect: Vec<(&str, Vec<Metric>)> =
            expect.iter().map(|(name, all)| (*name, all.to_vec())).collect();
        assert_eq!(known, expect);
    };
    check(&[]).await;
    set("rs[eu]", &[Metric::Missing, Metric::Late]).await;
    set("rs[us]", &[Metric::Late]).await;
    // Neither the dataset itself nor another one is a split of it.
    set("rs", &[Metric::Stale]).await;
    set("rs2[eu]", &[Metric::Stale]).await;
    check(&[("rs[eu]", &[Metric::Missing, Metric::Late]), ("rs[us]", &[Metric::Late])]).await;
    history.commit("rs[us]", &changes("2026-01-01", 1, 11), at(11)).await.unwrap();
    set("rs[eu]", &[Metric::Late]).await;
    check(&[("rs[eu]", &[Metric::Late])]).await;
    // A commit that says nothing of alarms leaves them.
    history.commit("rs[eu]", &Changes::default(), at(12)).await.unwrap();
    check(&[("rs[eu]", &[Metric::Late])]).await;
}

async fn newer_replaces_older_and_datasets_are_apart(history: &dyn History) {
    for (dataset, bytes, second) in [("a", 1, 10), ("b", 2, 20), ("a", 3, 30)] {
        history.commit(dataset, &changes("2026-01-01", bytes, second), at(second)).await.unwrap();
    }
    let size = async |dataset| {
        let records = history.records(dataset, 9).await.unwrap();
        records.values().map(|r| r.look.as_ref().unwrap().bytes).collect::<Vec<_>>()
    };
    assert_eq!((size("a").await, size("b").await), (vec![3], vec![2]));
    assert_eq!(history.standing("a").await.unwrap().states().len(), 1);
    // Changes are appended, in the order in which they were committed.
    let when: Vec<i64> =
        history.changes("a", None).await.unwrap().iter().map(|change| change.at.as_second()).collect();
    assert_eq!(when, [10, 30]);
    // An older run does not set the clock back.
    history.commit("a", &Changes::default(), at(5)).await.unwrap();
    assert_eq!(history.last_run("a").await.unwrap(), Some(at(30)));
    // A person's verdict alone leaves what is wrong as it is.
    assert_eq!(history.standing("a").await.unwrap().states().len(), 1);
}

async fn marks_outlive_records_until_they_are_taken_away(history: &dyn History) {
    let (day, other) = (partition("2026-01-01"), partition("2026-01-02"));
    let mark = |says, second| Mark {
        says,
        at: at(second),
        by: Some("ann".to_owned()),
        reason: Some("a new – shop".to_owned()),
        content: Some("00000000000000ff".to_owned()),
    };
    let set = async |partition, mark: Option<Mark>| {
        let changes = Changes { marks: [(partition, mark)].into(), ..Changes::default() };
        history.commit("marks", &changes, at(1)).await.unwrap();
    };
    let kept = async || {
        let records = history.records("marks", 9).await.unwrap();
        records.into_values().map(|r| (r.partition, r.mark)).collect::<Vec<_>>()
    };
    // A partition about which nothing is known keeps no mark.
    set(day, Some(mark(Says::Bad, 1))).await;
    assert_eq!(kept().await, []);
    history.commit("marks", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    assert_eq!(kept().await, [(day, None)]);
    set(day, Some(mark(Says::Accepted, 2))).await;
    // A check that read the record before it was marked neither loses the mark nor brings one back.
    for before in [None, Some(mark(Says::Bad, 9))] {
        let mut later = changes("2026-01-01", 2, 2);
        later.records.extend(changes("2026-01-02", 2, 2).records);
        later.records.iter_mut().for_each(|record| record.mark.clone_from(&before));
        history.commit("marks", &later, at(2)).await.unwrap();
        assert_eq!(kept().await, [(day, Some(mark(Says::Accepted, 2))), (other, None)]);
    }
    set(day, Some(mark(Says::Bad, 3))).await;
    set(other, Some(mark(Says::Accepted, 3))).await;
    assert_eq!(kept().await, [(day, Some(mark(Says::Bad, 3))), (other, Some(mark(Says::Accepted, 3)))]);
    set(day, None).await;
    assert_eq!(kept().await, [(day, None), (other, Some(mark(Says::Accepted, 3)))]);
    // A partition that a commit brings can be marked in the same commit.
    let mut both = changes("2026-01-03", 3, 3);
    both.marks.insert(partition("2026-01-03"), Some(mark(Says::Bad, 4)));
    history.commit("marks", &both, at(3)).await.unwrap();
    assert_eq!(kept().await[2], (partition("2026-01-03"), Some(mark(Says::Bad, 4))));
}

async fn what_is_too_old_is_forgotten(history: &dyn History) {
    let forget = |before, until| Some(Forget { before: partition(before), until: at(until) });
    for (day, second) in [("2026-01-01", 10), ("2026-01-02", 20), ("2026-01-03", 30)] {
        for dataset in ["old", "kept"] {
            history.commit(dataset, &changes(day, 1, second), at(second)).await.unwrap();
        }
    }
    let check = async |expect: &[&str], when: &[i64]| {
        let left = history.records("old", 9).await.unwrap().into_keys();
        assert_eq!(left.collect::<Vec<_>>(), expect.iter().map(|day| partition(day)).collect::<Vec<_>>());
        let changes = history.changes("old", None).await.unwrap();
        assert_eq!(changes.iter().map(|change| change.at.as_second()).collect::<Vec<_>>(), when);
    };
    // What the same commit brings is no exception.
    let late = Changes { forget: forget("2026-01-02", 20), ..changes("2025-12-31", 1, 19) };
    history.commit("old", &late, at(40)).await.unwrap();
    check(&["2026-01-02", "2026-01-03"], &[20, 30]).await;
    // The first hour of a day sorts before the day.
    history.commit("old", &changes("2026-01-02T00", 1, 35), at(41)).await.unwrap();
    history
        .commit("old", &Changes { forget: forget("2026-01-02", 21), ..Changes::default() }, at(42))
        .await
        .unwrap();
    check(&["2026-01-02", "2026-01-03"], &[30, 35]).await;
    assert_eq!(history.records("kept", 9).await.unwrap().len(), 3);
    assert_eq!(history.changes("kept", None).await.unwrap().len(), 3);
}

async fn every_cadence_keeps_its_order_and_limit(history: &dyn History) {
    for (dataset, first) in [("h", "2026-11-20T22"), ("d", "2026-02-27"), ("w", "2026-W51"), ("m", "2026-11")]
    {
        let first = partition(first);
        for n in [3, 0, 2, 1] {
            let name = first.offset(n).to_string();
            history.commit(dataset, &changes(&name, n as u64, n), at(n)).await.unwrap();
        }
        let newest: Vec<Partition> = history.records(dataset, 3).await.unwrap().into_keys().collect();
        assert_eq!(newest, [first.offset(1), first.offset(2), first.offset(3)]);
    }
}

async fn partitions_that_start_together_are_apart(history: &dyn History) {
    let names = ["2024-01-01T00", "2024-01-01", "2024-W01", "2024-01"];
    for name in names {
        history.commit("mixed", &changes(name, 1, 1), at(1)).await.unwrap();
    }
    let expect = names.map(partition).to_vec();
    assert_eq!(history.records("mixed", 9).await.unwrap().into_keys().collect::<Vec<_>>(), expect);
}

async fn extremes_read_back(history: &dyn History) {
    for name in
        ["0000-01-01", "0001-01-01T23", "9999-12-31", "9999-12-31T23", "9999-W52", "0000-01", "9999-12"]
    {
        let mut written = changes(name, u64::MAX, i64::from(i32::MAX));
        let look = written.records[0].look.as_mut().unwrap();
        (look.content, look.sizes, look.first_write) = (u64::MAX, i64::MAX as u64 + 1, Some(Timestamp::MIN));
        written.records[0].landed_at = Some(Timestamp::MAX);
        history.commit(name, &written, at(0)).await.unwrap();
        assert_eq!(history.records(name, 1).await.unwrap()[&partition(name)], written.records[0]);
    }
    history.commit("values", &Changes::default(), at(-9)).await.unwrap();
    assert_eq!(history.last_run("values").await.unwrap(), Some(at(-9)));
    assert!(history.records("values", 0).await.unwrap().is_empty());
    assert!(history.records("mixed", 0).await.unwrap().is_empty());
    assert_eq!(history.records("mixed", usize::MAX).await.unwrap().len(), 4);
}

async fn names_are_only_text(history: &dyn History) {
    let names =
        ["", " ", "a'b\"; DROP TABLE record; --", "%", "日本語", "e\u{301}", "é", "A", "🦆[region=eu]"];
    for (n, name) in names.iter().enumerate() {
        history.commit(name, &changes("2026-01-01", n as u64, 1), at(n as i64)).await.unwrap();
    }
    for (n, name) in names.iter().enumerate() {
        assert_eq!(history.last_run(name).await.unwrap(), Some(at(n as i64)), "{name:?}");
        assert_eq!(history.records(name, 9).await.unwrap().len(), 1, "{name:?}");
    }
}

async fn concurrent_writers_lose_nothing(history: Arc<dyn History>) {
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let history = Arc::clone(&history);
            tokio::spawn(async move {
                for n in 0..10 {
                    let name = partition("2026-01-01").offset(writer * 10 + n).to_string();
                    history.commit("busy", &changes(&name, 1, n), at(n)).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(history.records("busy", 1_000).await.unwrap().len(), 80);
    assert_eq!(history.changes("busy", None).await.unwrap().len(), 80);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_conforms() {
    conforms(Arc::new(Memory::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_conforms() {
    let folder = tempfile::tempdir().unwrap();
    conforms(Arc::new(Sqlite::open(&folder.path().join("new/history.sqlite")).await.unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_conforms_at_a_second_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let names = [
        "nobody",
        "ünïcode ",
        "a",
        "b",
        "marks",
        "old",
        "kept",
        "h",
        "d",
        "w",
        "m",
        "mixed",
        "values",
        "busy",
        "rs",
        "rs2",
        "",
        "%",
    ];
    let at_place = |place: &str| Origins::new(names.map(|name| (name.to_owned(), format!("{place}/{name}"))));
    for place in ["s3://one", "s3://two"] {
        conforms(Arc::new(Sqlite::open(&path).await.unwrap().of(at_place(place)))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_conforms() {
    conforms(Arc::new(Rehearsal::new(Arc::new(Memory::default())))).await;
}

#[tokio::test]
async fn a_rehearsal_begins_with_what_is_known_and_leaves_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let real = Arc::new(Sqlite::open(&folder.path().join("history.sqlite")).await.unwrap());
    let mark = Mark { says: Says::Bad, at: at(9), by: None, reason: None, content: None };
    let marks = BTreeMap::from([(partition("2026-11-20"), Some(mark))]);
    real.commit("t", &Changes { marks, ..changes("2026-11-20", 1, 10) }, at(10)).await.unwrap();
    let rehearsal = Rehearsal::new(real.clone());
    let known = real.records("t", 9).await.unwrap();
    assert_eq!(rehearsal.records("t", 9).await.unwrap(), known);
    assert!(known.values().all(|record| record.mark.is_some()));
    rehearsal.commit("t", &changes("2026-11-21", 2, 20), at(20)).await.unwrap();
    assert_eq!(rehearsal.records("t", 9).await.unwrap().len(), 2);
    assert_eq!(rehearsal.changes("t", None).await.unwrap().len(), 2);
    assert_eq!(rehearsal.last_run("t").await.unwrap(), Some(at(20)));
    assert_eq!(real.records("t", 9).await.unwrap(), known);
    assert_eq!(real.last_run("t").await.unwrap(), Some(at(10)));
}
