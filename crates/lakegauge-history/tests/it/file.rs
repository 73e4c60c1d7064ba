//! The file only: it outlives its process, is shared, is damaged, is too new.

use lakegauge_engine::{History, HistoryError};
use lakegauge_history::Sqlite;

use crate::conformance::{at, changes};

#[tokio::test]
async fn it_outlives_its_process_and_is_shared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let one = Sqlite::open(&path).await.unwrap();
    let two = Sqlite::open(&path).await.unwrap();
    one.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    two.commit("a", &changes("2026-01-02", 2, 2), at(2)).await.unwrap();
    assert_eq!(one.records("a", 9).await.unwrap().len(), 2);
    drop((one, two));
    let again = Sqlite::open(&path).await.unwrap();
    assert_eq!(again.records("a", 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let error = Sqlite::open(&path).await.unwrap_err();
    assert!(matches!(error, HistoryError::Newer { found: 99, .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_history_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    std::fs::write(&path, "not a database, but long enough to have a header of one hundred bytes ".repeat(9))
        .unwrap();
    let error = Sqlite::open(&path).await.unwrap_err();
    assert!(matches!(error, HistoryError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_record_that_does_not_read_back_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let history = Sqlite::open(&path).await.unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    history.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    raw.execute("UPDATE record SET document = x'7b'", []).unwrap();
    let error = history.records("a", 9).await.unwrap_err();
    assert!(matches!(error, HistoryError::DamagedRow { .. }), "{error}");
    assert!(error.to_string().contains("the record of 2026-01-01 cannot be read back"), "{error}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Sqlite::open(&file.join("history.sqlite")).await.unwrap_err();
    assert!(error.to_string().contains("file/history.sqlite"), "{error}");
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Sqlite::open(&path).await.unwrap_err();
    assert!(error.to_string().contains("another program"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn an_empty_file_becomes_a_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    std::fs::write(&path, "").unwrap();
    Sqlite::open(&path).await.unwrap().commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_opened_is_named_with_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    // A folder where the file should be; and, on Linux, a file system on which not even root creates files.
    let mut places = vec![(folder.path().to_owned(), "it is a folder")];
    if cfg!(target_os = "linux") {
        places.push(("/proc/history.sqlite".into(), "No such file or directory"));
    }
    for (place, expect) in places {
        let error = Sqlite::open(&place).await.unwrap_err();
        assert!(matches!(error, HistoryError::Unusable { .. }), "{error}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(expect), "{cause}");
    }
}

#[tokio::test]
async fn a_commit_that_fails_half_way_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let history = Sqlite::open(&path).await.unwrap();
    history.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "CREATE TRIGGER refuse BEFORE INSERT ON change BEGIN SELECT RAISE(ABORT, 'no more'); END",
    )
    .unwrap();
    let error = history.commit("a", &changes("2026-01-02", 2, 2), at(2)).await.unwrap_err();
    assert!(matches!(error, HistoryError::Unusable { .. }), "{error}");
    assert_eq!(history.records("a", 9).await.unwrap().len(), 1);
    assert_eq!(history.last_run("a").await.unwrap(), Some(at(1)));
    raw.execute_batch("DROP TRIGGER refuse").unwrap();
    history.commit("a", &changes("2026-01-02", 2, 2), at(2)).await.unwrap();
    assert_eq!(history.records("a", 9).await.unwrap().len(), 2);
}
