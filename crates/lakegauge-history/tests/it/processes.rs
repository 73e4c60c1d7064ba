//! Several processes with one file, and processes that are killed: the test runs itself as its own child.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lakegauge_core::metric::Metric;
use lakegauge_engine::{Changes, History};
use lakegauge_history::Sqlite;

use crate::conformance::{at, changes, partition};

/// The child's file; without it, the test is the parent.
const FILE: &str = "LAKEGAUGE_TEST_HISTORY";
/// Distinguishes the children.
const NUMBER: &str = "LAKEGAUGE_TEST_CHILD";
/// Records in one commit.
const AT_ONCE: i64 = 20;

fn child(test: &str, file: &Path, number: i64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(FILE, file)
        .env(NUMBER, number.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// In a child: its file and its number.
fn orders() -> Option<(std::path::PathBuf, i64)> {
    let file = std::env::var_os(FILE)?;
    Some((file.into(), std::env::var(NUMBER).unwrap().parse().unwrap()))
}

/// The `n`-th commit: twenty records and one transition, which belong together.
fn nth(n: i64) -> Changes {
    let mut all = changes("2020-01-01", 1, n);
    let one = all.records.remove(0);
    let day = |i| partition("2020-01-01").offset(n * AT_ONCE + i);
    all.records = (0..AT_ONCE)
        .map(|i| lakegauge_core::record::PartitionRecord { partition: day(i), ..one.clone() })
        .collect();
    all
}

#[tokio::test]
async fn processes_that_start_together_lose_nothing() {
    const EACH: i64 = 15;
    if let Some((file, number)) = orders() {
        let history = Sqlite::open(&file).await.unwrap();
        for n in 0..EACH {
            history.commit("shared", &nth(number * EACH + n), at(n)).await.unwrap();
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/history.sqlite");
    let children: Vec<Child> =
        (0..6).map(|n| child("processes::processes_that_start_together_lose_nothing", &file, n)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let history = Sqlite::open(&file).await.unwrap();
    assert_eq!(history.changes("shared", None).await.unwrap().len(), 6 * 15);
    assert_eq!(history.records("shared", 9_999).await.unwrap().len(), 6 * 15 * 20);
}

#[tokio::test]
async fn a_process_killed_while_it_writes_leaves_whole_commits() {
    if let Some((file, from)) = orders() {
        let history = Sqlite::open(&file).await.unwrap();
        for n in from.. {
            history.commit("killed", &nth(n), at(n)).await.unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.sqlite");
    let mut written = 0;
    for round in 0..4 {
        let mut child =
            child("processes::a_process_killed_while_it_writes_leaves_whole_commits", &file, written);
        let history = Sqlite::open(&file).await.unwrap();
        // Killed at some moment after its first commit, most likely within one.
        while history.changes("killed", None).await.unwrap().len() as i64 <= written {
            assert!(child.try_wait().unwrap().is_none(), "the child ended by itself");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        tokio::time::sleep(Duration::from_millis(7 * round)).await;
        drop(history);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(folder.path().join("history.sqlite-wal").exists(), "nothing was left behind");

        let history = Sqlite::open(&file).await.unwrap();
        let commits = history.changes("killed", None).await.unwrap().len() as i64;
        let records = history.records("killed", 999_999).await.unwrap().len() as i64;
        assert_eq!(records, commits * AT_ONCE, "half a commit");
        assert!(commits > written);
        let standing = history.standing("killed").await.unwrap();
        assert!(standing.states().keys().eq([&Metric::Late]));
        assert_eq!(history.last_run("killed").await.unwrap(), Some(at(commits - 1)));
        written = commits;
    }
}

/// Commits that wait for another process's lock are written together, and one that cannot be written costs no other.
#[tokio::test(flavor = "multi_thread")]
async fn commits_that_wait_are_written_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let history = std::sync::Arc::new(Sqlite::open(&path).await.unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON change WHEN new.dataset = '7'
             BEGIN SELECT RAISE(ABORT, 'no more'); END;
             BEGIN IMMEDIATE;",
        )
        .unwrap();
    let commit = |n: i64| {
        let history = history.clone();
        tokio::spawn(async move { history.commit(&n.to_string(), &changes("2026-01-01", 1, n), at(n)).await })
    };
    let waiting: Vec<_> = (0..20).map(commit).collect();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    other.execute_batch("COMMIT").unwrap();
    for (n, waiting) in waiting.into_iter().enumerate() {
        assert_eq!(waiting.await.unwrap().is_ok(), n != 7, "{n}");
        let records = history.records(&n.to_string(), 9).await.unwrap();
        assert_eq!(records.len(), usize::from(n != 7), "{n}: completely or not at all");
    }
}
