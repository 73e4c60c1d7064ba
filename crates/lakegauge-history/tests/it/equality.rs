//! Whatever is committed, in whatever order, both implementations give the same answers.

use jiff::Timestamp;
use lakegauge_core::alarm::State;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::PartitionLook;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::standing::{Change, Standing, Why};
use lakegauge_engine::{Changes, Forget, History};
use lakegauge_history::{Memory, Sqlite};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

const METRICS: [Metric; 3] = [Metric::TotalFileSize, Metric::Late, Metric::Freshness];
const DATASETS: [&str; 2] = ["kpi", "kpi [region=uk]"];

#[derive(Clone, Debug)]
struct Commit {
    dataset: &'static str,
    changes: Changes,
    now: Timestamp,
}

fn any_instant() -> impl Strategy<Value = Timestamp> {
    // Instants that 64 bits of nanoseconds hold: 1677 to 2262.
    any::<i64>().prop_map(|n| Timestamp::from_nanosecond(i128::from(n)).unwrap())
}

fn any_partition() -> impl Strategy<Value = Partition> {
    (-3i64..12).prop_map(|n| Partition::parse("2025-12-28").unwrap().offset(n))
}

fn any_metric() -> impl Strategy<Value = Metric> {
    prop::sample::select(&METRICS[..])
}

fn any_state() -> impl Strategy<Value = State> {
    prop::sample::select(vec![State::Ok, State::Alarm, State::InsufficientData])
}

prop_compose! {
    fn any_look()(
        numbers in any::<[u64; 6]>(), times in (option::of(any_instant()), option::of(any_instant()), option::of(any_instant())),
        pause in option::of(any::<i64>()),
    ) -> PartitionLook {
        let [bytes, objects, empty_objects, ignored, content, sizes] = numbers;
        let (first_write, last_write, marker) = times;
        PartitionLook {
            bytes, objects, empty_objects, ignored, first_write, last_write, marker, content, sizes, pause, etags: pause.map(i64::cast_unsigned),
            roster: None,
        }
    }
}

prop_compose! {
    fn any_record()(
        partition in any_partition(), look in option::of(any_look()), landed in option::of(any_look()),
        flags in any::<(bool, bool)>(), since in option::of(any_instant()), times in (option::of(any_instant()), option::of(any_instant()), any_instant()),
        state in prop::sample::select(vec![PartitionState::Expected, PartitionState::Landed, PartitionState::Deleted]),
    ) -> PartitionRecord {
        let ((arrival_known, bad), (landed_at, due_at, seen_at)) = (flags, times);
        let mark = bad.then_some(Mark { says: Says::Bad, at: seen_at, by: None, reason: None, content: None });
        PartitionRecord {
            partition, state, landed_at, arrival_known, due_at, look, landed, bad,
            changed_at: since, alarmed_since: since, mark, seen_at,
        }
    }
}

prop_compose! {
    fn any_mark()(
        at in any_instant(), accepted in any::<bool>(), by in option::of(".{0,9}"), reason in option::of(".{0,9}"),
        content in option::of("[0-9a-f]{16}"),
    ) -> Mark {
        Mark { says: if accepted { Says::Accepted } else { Says::Bad }, at, by, reason, content }
    }
}

prop_compose! {
    fn any_change()(
        partition in option::of(any_partition()), metric in any_metric(), at in any_instant(),
        why in prop::sample::select(&Why::ALL[..]), reason in ".{0,9}",
    ) -> Change {
        Change { partition, metric, at, why, reason }
    }
}

/// Only a look makes one with alarms.
fn any_standing() -> impl Strategy<Value = Standing> {
    btree_map(any_metric(), any_state(), 0..3).prop_map(Standing::of_states)
}

prop_compose! {
    fn any_changes()(
        records in vec(any_record(), 0..4),
        standing in option::of(any_standing()),
        changes in vec(any_change(), 0..3),
        marks in btree_map(any_partition(), option::of(any_mark()), 0..3),
        forget in option::weighted(0.2, (any_partition(), any_instant())),
    ) -> Changes {
        let forget = forget.map(|(before, until)| Forget { before, until });
        Changes { records, standing, changes, marks, forget, orders: None }
    }
}

fn any_commit() -> impl Strategy<Value = Commit> {
    (prop::sample::select(&DATASETS[..]), any_changes(), any_instant())
        .prop_map(|(dataset, changes, now)| Commit { dataset, changes, now })
}

/// All answers of a history, as text.
async fn answers(history: &dyn History, since: Timestamp) -> String {
    let mut said = String::new();
    let mut say = |answer: &dyn std::fmt::Debug| said.push_str(&format!("{answer:?}\n"));
    for dataset in DATASETS {
        for limit in [0, 1, 3, 99] {
            say(&history.records(dataset, limit).await.unwrap());
        }
        say(&history.last_run(dataset).await.unwrap());
        say(&history.standing(dataset).await.unwrap());
        for since in [None, Some(since)] {
            say(&history.changes(dataset, since).await.unwrap());
        }
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn memory_and_sqlite_answer_alike(commits in vec(any_commit(), 0..9), since in any_instant()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite");
        let (memory, file, again) = runtime.block_on(async {
            let memory = Memory::default();
            let sqlite = Sqlite::open(&path).await.unwrap();
            for commit in &commits {
                memory.commit(commit.dataset, &commit.changes, commit.now).await.unwrap();
                sqlite.commit(commit.dataset, &commit.changes, commit.now).await.unwrap();
            }
            let said = answers(&sqlite, since).await;
            drop(sqlite);
            let again = Sqlite::open(&path).await.unwrap();
            (answers(&memory, since).await, said, answers(&again, since).await)
        });
        prop_assert_eq!(&memory, &file);
        prop_assert_eq!(memory, again);
    }
}
