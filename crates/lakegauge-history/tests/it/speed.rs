//! A check of 100 datasets with a year of days each reads and writes in a fraction of a second when built for release;
//! the limits here are those of a debug build on a busy machine.

use std::time::{Duration, Instant};

use lakegauge_engine::{Changes, History};
use lakegauge_history::Sqlite;

use crate::conformance::{at, partition, record};

#[tokio::test]
async fn a_hundred_datasets_of_400_records_are_quick() {
    let folder = tempfile::tempdir().unwrap();
    let history = Sqlite::open(&folder.path().join("history.sqlite")).await.unwrap();
    let first = partition("2025-01-01");
    let records = (0..400).map(|n| record(&first.offset(n).to_string(), n as u64)).collect();
    let changes = Changes { records, ..Changes::default() };
    let started = Instant::now();
    for dataset in 0..100 {
        history.commit(&dataset.to_string(), &changes, at(1)).await.unwrap();
    }
    let written = started.elapsed();
    let started = Instant::now();
    for dataset in 0..100 {
        assert_eq!(history.records(&dataset.to_string(), 400).await.unwrap().len(), 400);
    }
    let read = started.elapsed();
    println!("100 × 400 records: written in {written:.0?}, read in {read:.0?}");
    assert!(written < Duration::from_secs(20), "written in {written:?}");
    assert!(read < Duration::from_secs(20), "read in {read:?}");
}
