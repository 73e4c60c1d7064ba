//! Who may read and write a history file, and what is not a file at all.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use lakegauge_engine::{Changes, History, HistoryError};
use lakegauge_history::Sqlite;

use crate::conformance::{at, changes};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_file_is_its_owners_alone_and_an_old_one_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/history.sqlite");
    let history = Sqlite::open(&path).await.unwrap();
    history.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&folder.path().join("new/history.sqlite-wal")), 0o600);
    drop(history);
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    Sqlite::open(&path).await.unwrap().commit("a", &Changes::default(), at(2)).await.unwrap();
    assert_eq!(mode(&path), 0o640);
}

#[tokio::test]
async fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let check = async |path: &Path, expect: &str| {
        for error in [Sqlite::open(path).await.unwrap_err(), Sqlite::open_to_read(path).await.unwrap_err()] {
            assert!(matches!(error, HistoryError::Unusable { .. }), "{error:?}");
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(cause, expect, "{}", path.display());
        }
    };
    check(&pipe, "it is not a regular file").await;
    check(Path::new("/dev/null"), "it is not a regular file").await;
    check(folder.path(), "it is a folder, not a file").await;
    // A dangling link is a place for a new file.
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path().join("target"), &link).unwrap();
    Sqlite::open(&link).await.unwrap();
    assert_eq!(mode(&folder.path().join("target")), 0o600);
}

/// The number of days that can be read for dataset `a`; reading changes nothing and leaves nothing behind.
async fn read(path: &Path) -> usize {
    let files = || {
        let mut files: Vec<_> = fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|file| (file.clone(), fs::read(file).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files();
    let history = Sqlite::open_to_read(path).await.unwrap();
    let found = history.records("a", 9).await.unwrap().len();
    let refused = history.commit("a", &changes("2026-01-09", 1, 1), at(9)).await;
    drop(history);
    assert!(files() == before, "reading changed something");
    drop(refused);
    found
}

#[tokio::test]
async fn it_is_read_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let history = Sqlite::open(&path).await.unwrap();
    history.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    drop(history);
    assert_eq!(read(&path).await, 1);
    // While another process has it open, with data that is only in its log so far.
    let writer = Sqlite::open(&path).await.unwrap();
    writer.commit("a", &changes("2026-01-02", 1, 1), at(2)).await.unwrap();
    let reader = Sqlite::open_to_read(&path).await.unwrap();
    assert_eq!(reader.records("a", 9).await.unwrap().len(), 2);
    writer.commit("a", &changes("2026-01-03", 1, 1), at(3)).await.unwrap();
    assert_eq!(reader.records("a", 9).await.unwrap().len(), 3);
    let refused = reader.commit("a", &Changes::default(), at(4)).await.unwrap_err();
    assert!(matches!(refused, HistoryError::Unwritable { .. }), "{refused:?}");
}

#[tokio::test]
async fn what_a_killed_process_left_in_its_log_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let writer = Sqlite::open(&path).await.unwrap();
    writer.commit("a", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    // A copy of file and log is what remains after a crash.
    let crashed = folder.path().join("crashed");
    fs::create_dir(&crashed).unwrap();
    for ending in ["", "-wal"] {
        let name = format!("history.sqlite{ending}");
        fs::copy(folder.path().join(&name), crashed.join(&name)).unwrap();
    }
    assert_eq!(read(&crashed.join("history.sqlite")).await, 1);
}

#[tokio::test]
async fn older_formats_are_read_and_stay_as_they_are() {
    for script in [include_str!("fixtures/version-1.sql"), include_str!("fixtures/version-2.sql")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite");
        rusqlite::Connection::open(&path).unwrap().execute_batch(script).unwrap();
        let before = fs::read(&path).unwrap();
        let history = Sqlite::open_to_read(&path).await.unwrap();
        assert_eq!(history.records("kpi_sales", 9).await.unwrap().len(), 1);
        assert!(fs::read(&path).unwrap() == before);
    }
}
