//! The file as a sink of metrics.

use jiff::SignedDuration;
use lakegauge_core::datum::Datum;
use lakegauge_core::metric::Unit;
use lakegauge_engine::Sink as _;
use lakegauge_history::Sqlite;

use crate::conformance::at;

fn datum(name: &str, dataset: &str, second: i64, value: f64) -> Datum {
    Datum {
        name: name.to_owned(),
        unit: Unit::Seconds,
        dimensions: vec![("Dataset".to_owned(), dataset.to_owned())],
        value,
        at: at(second),
    }
}

#[tokio::test]
async fn values_are_kept_over_time_and_read_by_series() {
    let folder = tempfile::tempdir().unwrap();
    let file = Sqlite::open(&folder.path().join("history.sqlite")).await.unwrap();
    let sink = file.sink(SignedDuration::from_secs(100));
    let first =
        [datum("Freshness", "b", 10, 1.0), datum("Freshness", "a", 20, 2.0), datum("Late", "a", 20, 0.0)];
    sink.put(&first).await.unwrap();
    sink.put(&[]).await.unwrap();
    // Another process, and a value that is written again.
    let other = Sqlite::open(&folder.path().join("history.sqlite")).await.unwrap();
    other.sink(SignedDuration::from_secs(100)).put(&[datum("Freshness", "a", 20, 2.5)]).await.unwrap();
    sink.put(&[datum("Freshness", "a", 15, -1.0), datum("Freshness", "a", 90, f64::MAX)]).await.unwrap();
    let read = async |name: &str, of: &[(&str, &str)], since| {
        let data = file.data(name, of, since).await.unwrap();
        data.into_iter().map(|d| (d.dimensions[0].1.clone(), d.at.as_second(), d.value)).collect::<Vec<_>>()
    };
    let of = |dataset: &str, second, value| (dataset.to_owned(), second, value);
    assert_eq!(
        read("Freshness", &[], None).await,
        [of("a", 15, -1.0), of("a", 20, 2.5), of("a", 90, f64::MAX), of("b", 10, 1.0)]
    );
    assert_eq!(read("Freshness", &[("Dataset", "a")], Some(at(20))).await.len(), 2);
    assert_eq!(read("Freshness", &[("Dataset", "c")], None).await, []);
    assert_eq!(read("Nothing", &[], None).await, []);
    assert_eq!(file.data("Late", &[], None).await.unwrap(), [datum("Late", "a", 20, 0.0)]);
    // What is too old goes when its series goes on; another series has its own time.
    sink.put(&[datum("Freshness", "a", 120, 3.0)]).await.unwrap();
    assert_eq!(
        read("Freshness", &[], None).await,
        [of("a", 20, 2.5), of("a", 90, f64::MAX), of("a", 120, 3.0), of("b", 10, 1.0)]
    );
}

/// A sink that cannot write says so, and keeps nothing of what it was given.
#[tokio::test]
async fn values_are_written_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let sink = Sqlite::open(&path).await.unwrap().sink(SignedDuration::from_hours(1));
    sink.put(&[datum("Late", "a", 1, 0.0)]).await.unwrap();
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON datum WHEN new.value = 7 BEGIN SELECT RAISE(FAIL, 'full'); END",
    )
    .unwrap();
    let unsent = sink.put(&[datum("Late", "a", 2, 1.0), datum("Late", "a", 3, 7.0)]).await.unwrap_err();
    assert!(unsent.which.len() == 2 && unsent.to_string().contains("history.sqlite"), "{unsent}");
    let read = Sqlite::open(&path).await.unwrap().data("Late", &[], None).await.unwrap();
    assert_eq!(read, [datum("Late", "a", 1, 0.0)]);
}
