//! Documents only: any number of writers, on a real store, and the errors for a document that is not ours.

use std::collections::BTreeSet;
use std::sync::Arc;

use lakegauge_engine::{Changes, History, HistoryError};
use lakegauge_history::{Documents, Origins, S3Settings, Shelf, open_s3};
use lakegauge_testbed::{ACCESS_KEY, S3Server, SECRET_KEY};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::conformance::{at, changes, conforms, partition};

fn documents(store: &Arc<dyn ObjectStore>) -> Documents<String> {
    Documents::new(Shelf::new(Arc::clone(store), "lakegauge/state", "s3://state/lakegauge/state"))
}

fn in_memory() -> Arc<dyn ObjectStore> {
    Arc::new(InMemory::new())
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_in_memory_conform() {
    conforms(Arc::new(documents(&in_memory()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_on_a_real_store_conform() {
    let server = S3Server::seaweedfs().await.unwrap();
    server.seed("state", &[]).unwrap();
    let settings = S3Settings {
        bucket: "state".to_owned(),
        endpoint: Some(server.endpoint.clone()),
        key: Some((ACCESS_KEY.to_owned(), SECRET_KEY.to_owned())),
        ..S3Settings::default()
    };
    let store = open_s3(&settings).unwrap();
    conforms(Arc::new(documents(&store))).await;
    many_writers(&store, 6, 5).await;
}

/// Each writer has its own shelf, as each function does: nothing is lost, and nothing is stored twice.
async fn many_writers(store: &Arc<dyn ObjectStore>, writers: i64, each: i64) {
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let history = documents(store);
            tokio::spawn(async move {
                for n in 0..each {
                    let id = writer * each + n;
                    let name = partition("2026-01-01").offset(id).to_string();
                    history.commit("raced", &changes(&name, 1, id), at(id)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let history = documents(store);
    let all = (writers * each) as usize;
    assert_eq!(history.records("raced", 10_000).await.unwrap().len(), all);
    let changes = history.changes("raced", None).await.unwrap();
    let distinct: BTreeSet<i64> = changes.iter().map(|t| t.at.as_second()).collect();
    assert_eq!((changes.len(), distinct.len()), (all, all));
    assert_eq!(history.last_run("raced").await.unwrap(), Some(at(writers * each - 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_that_know_nothing_of_each_other_lose_nothing() {
    many_writers(&in_memory(), 16, 20).await;
}

#[tokio::test]
async fn one_of_two_runs_over_the_same_past_is_refused() {
    let documents = documents(&in_memory());
    let (first, second) =
        (documents.one_run("d", true).await.unwrap(), documents.one_run("d", false).await.unwrap());
    assert!(first.records("d", 9).await.unwrap().is_empty());
    assert!(second.records("d", 9).await.unwrap().is_empty());
    first.commit("d", &changes("2026-01-01", 1, 1), at(1)).await.unwrap();
    assert_eq!(first.records("d", 9).await.unwrap().len(), 1);
    assert!(documents.records("d", 9).await.unwrap().is_empty(), "not before it is finished");
    // The data stored with the history does not get in a run's way, nor the run in its way.
    documents.update("d", |kept| Some(format!("{kept}a"))).await.unwrap();
    assert_eq!(first.finish(|kept| format!("{kept}b")).await.unwrap().beside, "ab");
    second.commit("d", &changes("2026-01-01", 2, 2), at(2)).await.unwrap();
    let refused = second.finish(|kept| format!("{kept}c")).await;
    assert!(matches!(refused, Err(HistoryError::Outrun { .. })), "{refused:?}");
    assert_eq!(documents.records("d", 9).await.unwrap(), first.records("d", 9).await.unwrap());
    // It reads again, and then it may write.
    let again = documents.one_run("d", true).await.unwrap();
    assert_eq!((again.records("d", 9).await.unwrap().len(), again.beside().as_str()), (1, "ab"));
    again.commit("d", &changes("2026-01-02", 2, 2), at(2)).await.unwrap();
    assert_eq!(again.finish(|kept| format!("{kept}d")).await.unwrap().beside, "abd");
    assert_eq!(documents.changes("d", None).await.unwrap().len(), 2);
    assert!(again.commit("other", &changes("2026-01-02", 2, 2), at(2)).await.is_err());
}

/// However often the journal is merged into the past, by whichever writer, and whichever of the two documents is lost:
/// each entry is in the past once, and only the contents of a lost document are missing.
#[tokio::test]
async fn every_entry_is_taken_into_the_past_once() {
    let store = in_memory();
    let first = partition("2026-01-01");
    let add = async |n: i64| {
        let run = documents(&store).one_run("d", n % 2 == 0).await.unwrap();
        run.commit("d", &changes(&first.offset(n).to_string(), 1, n), at(n)).await.unwrap();
        run.finish(|kept| format!("{kept}.")).await.unwrap();
    };
    let seen = async || documents(&store).changes("d", None).await.unwrap().len() as i64;
    for n in 0..30 {
        add(n).await;
        assert_eq!(seen().await, n + 1);
    }
    let gone =
        async |kind: &str| store.delete(&Path::from(format!("lakegauge/state/d.{kind}.gz"))).await.unwrap();
    gone("recent").await;
    let before = seen().await;
    assert!((20..30).contains(&before), "{before}");
    for n in 0..10 {
        add(40 + n).await;
        assert_eq!(seen().await, before + n + 1);
    }
    gone("past").await;
    let before = seen().await;
    assert!((0..10).contains(&before), "{before}");
    for n in 0..20 {
        add(60 + n).await;
        assert_eq!(seen().await, before + n + 1);
    }
}

#[tokio::test]
async fn a_dataset_whose_objects_are_elsewhere_begins_anew() {
    let store = in_memory();
    let at_place = |place: &str| documents(&store).of(Origins::new([("d".to_owned(), place.to_owned())]));
    let day = |n: i64| partition("2026-01-01").offset(n).to_string();
    // The first place that is given gets what was written before any was.
    for n in 0..11 {
        documents(&store).commit("d", &changes(&day(n), 1, n), at(n)).await.unwrap();
    }
    let old = at_place("s3://old/d");
    old.commit("d", &changes(&day(11), 1, 11), at(11)).await.unwrap();
    old.update("d", |_| Some("told".to_owned())).await.unwrap();
    assert_eq!(at_place("s3://old/d").records("d", 99).await.unwrap().len(), 12);
    for ahead in [true, false] {
        let new = at_place("s3://new/d");
        let run = new.one_run("d", ahead).await.unwrap();
        assert_eq!((run.records("d", 99).await.unwrap().len(), run.last_run("d").await.unwrap()), (0, None));
        assert_eq!((run.beside().as_str(), new.changes("d", None).await.unwrap().len()), ("", 0));
    }
    for n in 0..20 {
        let new = at_place("s3://new/d");
        let run = new.one_run("d", n % 2 == 0).await.unwrap();
        assert_eq!(run.records("d", 99).await.unwrap().len() as i64, n);
        run.commit("d", &changes(&day(n), 1, n), at(n)).await.unwrap();
        run.finish(|kept| format!("{kept}.")).await.unwrap();
    }
    let new = at_place("s3://new/d");
    assert_eq!(new.changes("d", None).await.unwrap().len(), 20);
    assert_eq!(new.one_run("d", false).await.unwrap().beside().len(), 20);
    // There is one history: that of the other place is gone.
    assert!(at_place("s3://old/d").records("d", 99).await.unwrap().is_empty());
    // A dataset without a place keeps what it has.
    new.commit("e", &changes(&day(0), 1, 1), at(1)).await.unwrap();
    assert_eq!(old.records("e", 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_older_than_anybody_learns_from_is_forgotten() {
    let (store, days) = (in_memory(), 900);
    let history = documents(&store);
    let first = partition("2024-01-01");
    for chunk in (0..days).collect::<Vec<i64>>().chunks(100) {
        let all = chunk.iter().map(|n| changes(&first.offset(*n).to_string(), 1 << 40, *n));
        let merged = all.reduce(|mut all, mut more| {
            all.records.append(&mut more.records);
            all.changes.append(&mut more.changes);
            all
        });
        history.commit("d", &merged.unwrap(), at(chunk[0])).await.unwrap();
    }
    let records = history.records("d", usize::MAX).await.unwrap();
    assert_eq!((records.len(), *records.first_key_value().unwrap().0), (400, first.offset(500)));
    let size = store.head(&Path::parse("lakegauge/state/d.past.gz").unwrap()).await.unwrap().size;
    assert!(size < 100_000, "{size} bytes");
}

#[tokio::test]
async fn a_document_that_is_not_ours_is_left_alone_and_named() {
    for kind in ["recent", "past"] {
        let store = in_memory();
        let history = documents(&store);
        for n in 0..9 {
            history.commit("d", &changes("2026-01-01", 1, 1), at(n)).await.unwrap();
        }
        let path = Path::from(format!("lakegauge/state/d.{kind}.gz"));
        let whole = store.get(&path).await.unwrap().bytes().await.unwrap();
        for bytes in [whole.slice(..whole.len() / 2), "<html>".into(), "".into()] {
            store.put(&path, bytes.clone().into()).await.unwrap();
            let history = documents(&store);
            let read = history.records("d", 9).await.unwrap_err();
            let written = history.commit("d", &Changes::default(), at(10)).await.unwrap_err();
            assert!(matches!(read, HistoryError::Damaged { .. }), "{read:?}");
            assert_eq!(read.to_string(), written.to_string());
            assert_eq!(store.get(&path).await.unwrap().bytes().await.unwrap(), bytes);
            let place = format!("s3://state/lakegauge/state/d.{kind}.gz is damaged");
            assert!(read.to_string().contains(&place), "{read}");
        }
    }
}
