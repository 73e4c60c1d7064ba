//! Files written by older versions can still be read. Each format has a fixture, written by a lakegauge of its time; a
//! new format adds one and changes none.

use jiff::Timestamp;
use lakegauge_core::alarm::State;
use lakegauge_core::delivery::Deliveries;
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::metric::Metric;
use lakegauge_engine::{History, Outbox};
use lakegauge_history::{Origins, Sqlite};

use crate::conformance::{at, changes, partition};
use crate::outbox::ordered;

const VERSIONS: &[&str] = &[
    include_str!("fixtures/version-1.sql"),
    include_str!("fixtures/version-2.sql"),
    include_str!("fixtures/version-3.sql"),
    include_str!("fixtures/version-4.sql"),
    include_str!("fixtures/version-5.sql"),
    include_str!("fixtures/version-6.sql"),
    include_str!("fixtures/version-7.sql"),
];

/// Added by format 2.
fn mark() -> Mark {
    Mark {
        says: Says::Accepted,
        at: at(9),
        by: Some("ann".to_owned()),
        reason: Some("a new – shop".to_owned()),
        content: Some("1035e6a2aa0dd9db".to_owned()),
    }
}

#[tokio::test]
async fn every_version_reads() {
    let folder = tempfile::tempdir().unwrap();
    for (n, script) in VERSIONS.iter().enumerate() {
        let path = folder.path().join(format!("{n}.sqlite"));
        rusqlite::Connection::open(&path).unwrap().execute_batch(script).unwrap();
        let place = "s3://acme-lake/refined/kpi/sales/date={date}/";
        let origins = Origins::new([("kpi_sales".to_owned(), place.to_owned())]);
        let history = Sqlite::open(&path).await.unwrap().of(origins);
        let mut expect = changes("2026-11-21", u64::MAX, 1_795_300_000);
        expect.records[0].mark = (n >= 1).then(mark);
        // Older versions wrote none of these.
        let record = &mut expect.records[0];
        for look in record.look.iter_mut().chain(&mut record.landed) {
            (look.pause, look.etags, look.roster) = (None, None, None);
        }
        let records = history.records("kpi_sales", 9).await.unwrap();
        assert_eq!(records.into_values().collect::<Vec<_>>(), expect.records);
        assert_eq!(Some(history.standing("kpi_sales").await.unwrap()), expect.standing);
        // Added by format 5.
        let changes = history.changes("kpi_sales", None).await.unwrap();
        assert_eq!(changes, if n >= 4 { expect.changes } else { Vec::new() });
        assert_eq!(history.last_run("kpi_sales").await.unwrap(), Some(at(1_795_300_001)));
        // Added by format 7.
        let ordered = [None, ordered("2026-11-21", 7, 1_795_300_000).orders];
        let mut deliveries = Deliveries::default();
        ordered[usize::from(n >= 6)].iter().for_each(|orders| deliveries.record(orders));
        assert_eq!(history.deliveries("kpi_sales").await.unwrap(), deliveries);
        let data = history.data("Freshness", &[("Dataset", "kpi_sales")], None).await.unwrap();
        assert_eq!(data.iter().map(|datum| datum.value).collect::<Vec<_>>(), [12.5][..usize::from(n >= 6)]);
        // Added by format 3: before it, any place matched.
        let other = Origins::new([("kpi_sales".to_owned(), "s3://other/".to_owned())]);
        let elsewhere = Sqlite::open(&path).await.unwrap().of(other).records("kpi_sales", 9).await.unwrap();
        assert_eq!(elsewhere.len(), usize::from(n < 2));
    }
}

/// The file as it was is kept beside the new one; what could not be read before cannot be read now, and is not lost.
#[tokio::test]
async fn an_older_file_is_kept_and_its_space_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(VERSIONS[4]).unwrap();
    old.execute_batch(
        "INSERT INTO record SELECT dataset, '2026-11-20T00:00:00', '2026-11-20', state, '{', NULL FROM record;
         INSERT INTO record SELECT 'other', start, partition, state, document, NULL FROM record LIMIT 1;",
    )
    .unwrap();
    drop(old);
    let before = rows(&path);
    let history = Sqlite::open(&path).await.unwrap();
    let error = history.records("kpi_sales", 9).await.unwrap_err().to_string();
    assert!(error.contains("the record of 2026-11-20 cannot be read back"), "{error}");
    assert_eq!(history.records("kpi_sales", 1).await.unwrap().len(), 1);
    // Written without a run: it belongs to a dataset all the same.
    assert!(history.records("other", 9).await.is_err());
    let kept = folder.path().join("history.sqlite.format-5");
    assert_eq!(rows(&kept), before);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&kept).unwrap()) & 0o777, 0o600);
    let number = |name| {
        let file = rusqlite::Connection::open(&path).unwrap();
        file.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((number("auto_vacuum"), number("freelist_count")), (2, 0));
}

/// A file whose backup cannot be written, and one that another process migrates first, are not changed by halves.
#[tokio::test]
async fn a_migration_that_fails_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch(VERSIONS[4]).unwrap();
    let before = rows(&path);
    let obstacle = folder.path().join("history.sqlite.format-5");
    std::fs::create_dir_all(obstacle.join("not empty")).unwrap();
    Sqlite::open(&path).await.unwrap_err();
    assert_eq!(rows(&path), before);
    std::fs::remove_dir_all(&obstacle).unwrap();
    // What an ended process left behind.
    std::fs::write(folder.path().join("history.sqlite.format-5.partial"), "half of it").unwrap();
    let open = || async { Sqlite::open(&path).await };
    let (one, two) = tokio::join!(open(), open());
    assert_eq!(one.unwrap().records("kpi_sales", 9).await.unwrap().len(), 1);
    assert_eq!(two.unwrap().records("kpi_sales", 9).await.unwrap().len(), 1);
    assert_eq!(rows(&obstacle), before);
    assert!(!folder.path().join("history.sqlite.format-5.partial").exists());
}

/// The rows of the records of a file of format 5.
fn rows(path: &std::path::Path) -> Vec<(String, String, String)> {
    let file = rusqlite::Connection::open(path).unwrap();
    let mut statement =
        file.prepare("SELECT dataset, partition, document FROM record ORDER BY 1, 2").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Format 5 keeps since when an alarm was known to be on.
#[tokio::test]
async fn an_alarm_of_an_older_file_is_still_raised() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let status = |metric: &str, state: &str| {
        format!(
            "INSERT INTO status VALUES ('a', '{metric}', '{{\"metric\":\"{metric}\",\"state\":\"{state}\",\
             \"since\":\"2026-11-20T01:00:00Z\",\"partition\":\"2026-11-19\",\"reason\":\"it''s so\"}}');\n"
        )
    };
    let rows = [("Stale", "ALARM"), ("Missing", "ALARM"), ("Late", "OK")].map(|(m, s)| status(m, s)).concat();
    let script = format!("{}{rows}", VERSIONS[3]);
    rusqlite::Connection::open(&path).unwrap().execute_batch(&script).unwrap();
    let standing = Sqlite::open(&path).await.unwrap().standing("a").await.unwrap();
    let since: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
    assert_eq!(standing.since(partition("2026-11-19"), Metric::Missing), Some(since));
    assert_eq!(standing.since(partition("2026-11-22"), Metric::Stale), Some(since));
    assert_eq!(
        standing.raised().iter().map(|raised| raised.reason.as_str()).collect::<Vec<_>>(),
        ["it's so"; 2]
    );
    assert_eq!((standing.state(Metric::Late), standing.state(Metric::Missing)), (State::Ok, State::Alarm));
}

/// The newest fixture has the tables that a new file gets.
#[tokio::test]
async fn the_newest_fixture_is_the_newest_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.sqlite");
    drop(Sqlite::open(&path).await.unwrap());
    let tables = |connection: &rusqlite::Connection| -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|sql| sql.unwrap()).collect()
    };
    let version = |connection: &rusqlite::Connection| -> (i64, i64) {
        let number = |name| connection.pragma_query_value(None, name, |row| row.get(0)).unwrap();
        (number("user_version"), number("application_id"))
    };
    let new = rusqlite::Connection::open(&path).unwrap();
    let old = rusqlite::Connection::open_in_memory().unwrap();
    old.execute_batch(VERSIONS.last().unwrap()).unwrap();
    assert_eq!(tables(&old), tables(&new));
    assert_eq!(version(&old), version(&new));
    assert_eq!(version(&new).0 as usize, VERSIONS.len());
}
