//! Runs whose history fails: what is lost, for whom, and that nothing damaged is written over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lakegauge_engine::{Changes, History, HistoryError};
use lakegauge_history::{Lost, Memory, Rehearsal, Sqlite, Standby};
use rusqlite::Connection;

use crate::conformance::{at, changes, conforms};

/// What failed: for whom, what was lost, and the sentence.
fn failures(standby: &Standby) -> Vec<(Option<String>, Lost, String)> {
    standby.failures().into_iter().map(|f| (f.dataset, f.lost, f.error.to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_a_history_with_and_without_a_real_one() {
    conforms(Arc::new(Standby::over(Arc::new(Memory::default())))).await;
    let error = HistoryError::Locked { place: "nowhere".to_owned() };
    conforms(Arc::new(Standby::without(error, Lost::Past))).await;
    let error = HistoryError::Locked { place: "nowhere".to_owned() };
    conforms(Arc::new(Standby::over_unwritable(Arc::new(Memory::default()), error))).await;
    conforms(Arc::new(Rehearsal::new(Arc::new(Standby::over(Arc::new(Memory::default())))))).await;
}

#[tokio::test]
async fn one_damaged_row_costs_one_dataset() {
    for damage in [
        "UPDATE record SET document = '{' WHERE dataset = (SELECT id FROM run WHERE dataset = 'a')",
        "UPDATE record SET mark = '{' WHERE dataset = (SELECT id FROM run WHERE dataset = 'a')",
        "UPDATE standing SET document = 'x' WHERE dataset = 'a'",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite");
        let real = Arc::new(Sqlite::open(&path).await.unwrap());
        for dataset in ["a", "b"] {
            real.commit(dataset, &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
        }
        Connection::open(&path).unwrap().execute_batch(damage).unwrap();
        let damaged = std::fs::read(&path).unwrap();
        let standby = Standby::over(real.clone());
        for dataset in ["a", "b"] {
            standby.records(dataset, 9).await.unwrap();
            standby.standing(dataset).await.unwrap();
            standby.commit(dataset, &changes("2026-01-02", 2, 2), at(2)).await.unwrap();
        }
        let failed = failures(&standby);
        assert_eq!(failed.len(), 1, "{damage}: {failed:?}");
        assert_eq!((failed[0].0.as_deref(), failed[0].1), (Some("a"), Lost::Past), "{damage}");
        assert!(failed[0].2.contains("cannot be read back"), "{failed:?}");
        assert!(standby.is_without("a") && !standby.is_without("b"));
        // The run sees its own findings, and those of the other dataset are saved.
        assert!(
            standby.records("a", 9).await.unwrap().contains_key(&crate::conformance::partition("2026-01-02"))
        );
        assert_eq!(real.records("b", 9).await.unwrap().len(), 2);
        assert_eq!(real.last_run("a").await.unwrap(), Some(at(1)), "what is damaged is left as it is");
        drop(damaged);
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_known_until_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let real = Arc::new(Sqlite::open(&path).await.unwrap());
    real.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    let raw = Connection::open(&path).unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON change BEGIN SELECT RAISE(ABORT, 'no more'); END";
    raw.execute_batch(refuse).unwrap();
    let standby = Standby::over(real.clone());
    for day in ["2026-01-02", "2026-01-03"] {
        standby.commit("a", &changes(day, 2, 2), at(2)).await.unwrap();
    }
    raw.execute_batch("DROP TRIGGER refuse").unwrap();
    standby.commit("b", &changes("2026-01-02", 2, 2), at(2)).await.unwrap();
    assert_eq!(
        (standby.records("a", 9).await.unwrap().len(), standby.records("a", 2).await.unwrap().len()),
        (3, 2)
    );
    assert_eq!(standby.changes("a", None).await.unwrap().len(), 3);
    assert_eq!(standby.last_run("a").await.unwrap(), Some(at(2)));
    assert_eq!(real.records("a", 9).await.unwrap().len(), 1);
    assert!(real.records("b", 9).await.unwrap().is_empty(), "the first failure ends the saving");
    let failed = failures(&standby);
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!((&failed[0].0, failed[0].1), (&None, Lost::Findings));
}

/// A lock is waited for once, however many datasets there are, and data that was read is still used.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_lasts_is_waited_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let real = Arc::new(Sqlite::open(&path).await.unwrap());
    real.commit("0", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    let lock = Connection::open(&path).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let standby = Arc::new(Standby::over(real.clone()));
    let started = Instant::now();
    let runs: Vec<_> = (0..16)
        .map(|dataset: i32| {
            let standby = Arc::clone(&standby);
            tokio::spawn(async move {
                let known = standby.records(&dataset.to_string(), 9).await.unwrap();
                let found = changes("2026-01-02", 1, 2);
                standby.commit(&dataset.to_string(), &found, at(2)).await.unwrap();
                known.len()
            })
        })
        .collect();
    let mut known = Vec::new();
    for run in runs {
        known.push(run.await.unwrap());
    }
    let waited = started.elapsed();
    assert!((Duration::from_secs(15)..Duration::from_secs(40)).contains(&waited), "{waited:?}");
    assert_eq!(known.iter().sum::<usize>(), 1, "readers do not wait for a writer");
    let failed = failures(&standby);
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].2.contains("is locked by another process"), "{failed:?}");
    lock.execute_batch("ROLLBACK").unwrap();
    real.commit("0", &Changes::default(), at(3)).await.unwrap();
}
