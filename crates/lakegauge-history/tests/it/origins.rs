//! Datasets of two lakes in one history: neither sees the other's.

use std::fs;
use std::path::Path;

use lakegauge_engine::{Changes, History};
use lakegauge_history::{Origins, Sqlite};

use crate::conformance::{at, changes};

fn origins(places: &[(&str, &str)]) -> Origins {
    Origins::new(places.iter().map(|(dataset, place)| ((*dataset).to_owned(), (*place).to_owned())))
}

async fn opened(path: &Path, places: &[(&str, &str)]) -> Sqlite {
    Sqlite::open(path).await.unwrap().of(origins(places))
}

/// The days that a history has for a dataset.
async fn days(history: &dyn History, dataset: &str) -> Vec<String> {
    history.records(dataset, 99).await.unwrap().into_keys().map(|day| day.to_string()).collect()
}

async fn saw(history: &dyn History, dataset: &str, day: &str) {
    history.commit(dataset, &changes(day, 1, 1), at(1)).await.unwrap();
}

#[tokio::test]
async fn each_place_has_a_history_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let prod = opened(&path, &[("orders", "s3://prod/orders/{date}/")]).await;
    let dev = opened(&path, &[("orders", "s3://dev/orders/{date}/")]).await;
    for (history, split, day) in [
        (&prod, "orders", "2026-01-01"),
        (&dev, "orders", "2026-01-02"),
        (&prod, "orders[eu]", "2026-01-03"),
        (&dev, "orders[eu]", "2026-01-04"),
        (&dev, "orders[us]", "2026-01-05"),
        (&prod, "orders", "2026-01-06"),
    ] {
        saw(history, split, day).await;
    }
    assert_eq!(days(&prod, "orders").await, ["2026-01-01", "2026-01-06"]);
    assert_eq!(days(&dev, "orders").await, ["2026-01-02"]);
    assert_eq!(days(&prod, "orders[eu]").await, ["2026-01-03"]);
    assert_eq!(days(&dev, "orders[eu]").await, ["2026-01-04"]);
    assert_eq!(days(&prod, "orders[us]").await, [""; 0]);
    assert_eq!(days(&dev, "orders[us]").await, ["2026-01-05"]);
    assert_eq!(
        (
            prod.standing("orders").await.unwrap().states().len(),
            dev.changes("orders", None).await.unwrap().len()
        ),
        (1, 1)
    );
    // A path that is edited starts a new history, and gets the old one back when the edit is undone.
    let edited = opened(&path, &[("orders", "s3://prod/sales/{date}/")]).await;
    assert_eq!(days(&edited, "orders").await, [""; 0]);
    saw(&edited, "orders", "2026-01-07").await;
    let again = opened(&path, &[("orders", "s3://prod/orders/{date}/")]).await;
    assert_eq!(days(&again, "orders").await, ["2026-01-01", "2026-01-06"]);
    assert_eq!(days(&edited, "orders").await, ["2026-01-07"]);
}

#[tokio::test]
async fn the_newest_run_is_that_of_the_same_datasets_at_the_same_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let (prod, dev) =
        (opened(&path, &[("a", "s3://prod/a")]).await, opened(&path, &[("a", "s3://dev/a")]).await);
    assert_eq!(prod.newest_run().await.unwrap(), None);
    prod.commit("a[x]", &Changes::default(), at(10)).await.unwrap();
    dev.commit("a", &Changes::default(), at(99)).await.unwrap();
    assert_eq!(prod.newest_run().await.unwrap(), Some(at(10)));
    assert_eq!(dev.newest_run().await.unwrap(), Some(at(99)));
    assert_eq!(opened(&path, &[("b", "s3://prod/b")]).await.newest_run().await.unwrap(), None);
}

#[tokio::test]
async fn what_older_versions_wrote_belongs_to_the_first_who_asks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch(include_str!("fixtures/version-2.sql")).unwrap();
    let first = opened(&path, &[("kpi_sales", "s3://first/")]).await;
    let second = opened(&path, &[("kpi_sales", "s3://second/")]).await;
    // Reading claims nothing.
    assert_eq!(days(&second, "kpi_sales").await, ["2026-11-21"]);
    assert!(second.newest_run().await.unwrap().is_some());
    saw(&first, "kpi_sales", "2026-11-22").await;
    assert_eq!(days(&first, "kpi_sales").await, ["2026-11-21", "2026-11-22"]);
    assert!(first.records("kpi_sales", 9).await.unwrap().values().any(|record| record.mark.is_some()));
    assert_eq!(days(&second, "kpi_sales").await, [""; 0]);
    saw(&second, "kpi_sales", "2026-11-23").await;
    assert_eq!(days(&second, "kpi_sales").await, ["2026-11-23"]);
    assert_eq!(days(&first, "kpi_sales").await, ["2026-11-21", "2026-11-22"]);
}

#[tokio::test]
async fn no_name_is_taken_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let all = |lake: &str| ["x", "x (2)", "x (3)"].map(|name| (name.to_owned(), format!("{lake}{name}")));
    let at_lake = async |lake: &str| Sqlite::open(&path).await.unwrap().of(Origins::new(all(lake)));
    let lakes = [at_lake("s3://1/").await, at_lake("s3://2/").await, at_lake("s3://3/").await];
    let mut expect = Vec::new();
    for (n, (lake, name)) in
        lakes.iter().flat_map(|lake| ["x", "x (2)", "x (3)"].map(|name| (lake, name))).enumerate()
    {
        let day = format!("2026-01-0{}", n + 1);
        saw(lake, name, &day).await;
        expect.push((lake, name, day));
    }
    for (lake, name, day) in expect {
        assert_eq!(days(lake, name).await, [day], "{name}");
    }
}

#[tokio::test]
async fn a_history_can_be_taken_along_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let old = opened(&path, &[("a", "s3://old/a"), ("b", "s3://old/b")]).await;
    for dataset in ["a", "b[x]", "b[y]"] {
        saw(&old, dataset, "2026-01-01").await;
    }
    let new = opened(&path, &[("a", "s3://new/a"), ("b", "s3://new/b"), ("c", "s3://new/c")]).await;
    let elsewhere = async || new.elsewhere().await.unwrap();
    let pair = |dataset: &str, place: &str| (dataset.to_owned(), place.to_owned());
    assert_eq!(
        elsewhere().await,
        [pair("a", "s3://old/a"), pair("b[x]", "s3://old/b"), pair("b[y]", "s3://old/b")]
    );
    // A split that no longer exists is not reported forever.
    saw(&new, "b[x]", "2026-01-02").await;
    assert_eq!(elsewhere().await, [pair("a", "s3://old/a")]);
    new.exchange("a", "s3://old/a").await.unwrap();
    new.exchange("b[x]", "s3://old/b").await.unwrap();
    assert_eq!(elsewhere().await, []);
    assert_eq!(days(&new, "a").await, ["2026-01-01"]);
    assert_eq!(days(&new, "b[x]").await, ["2026-01-01"]);
    assert_eq!(days(&old, "b[x]").await, ["2026-01-02"]);
    assert_eq!(days(&old, "a").await, [""; 0]);
    new.exchange("b[x]", "s3://old/b").await.unwrap();
    assert_eq!(days(&new, "b[x]").await, ["2026-01-02"]);
    assert_eq!(days(&old, "b[x]").await, ["2026-01-01"]);
    new.exchange("a", "s3://nowhere/").await.unwrap();
    assert_eq!(days(&new, "c").await, [""; 0]);
}

#[tokio::test]
async fn what_is_forgotten_can_be_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let history = opened(&path, &[("a", "s3://lake/a")]).await;
    saw(&history, "a", "2026-01-01").await;
    history.give_up("a", at(5)).await.unwrap();
    assert_eq!(days(&history, "a").await, [""; 0]);
    assert_eq!((history.newest_run().await.unwrap(), history.elsewhere().await.unwrap()), (None, vec![]));
    saw(&history, "a", "2026-01-02").await;
    assert_eq!(days(&history, "a").await, ["2026-01-02"]);
    let all = history.all().await.unwrap();
    let forgotten: Vec<_> = all.iter().filter(|origin| origin.is_forgotten()).collect();
    assert_eq!((all.len(), forgotten.len(), forgotten[0].partitions), (2, 1, 1));
    assert_eq!(forgotten[0].place, "forgotten at 1970-01-01T00:00:05Z: s3://lake/a");
    history.exchange("a", &forgotten[0].place).await.unwrap();
    assert_eq!(days(&history, "a").await, ["2026-01-01"]);
    // The same for a history that no place had claimed.
    let plain = Sqlite::open(&path).await.unwrap();
    saw(&plain, "b", "2026-01-03").await;
    let history = opened(&path, &[("b", "s3://lake/b")]).await;
    assert_eq!(days(&history, "b").await, ["2026-01-03"]);
    history.give_up("b", at(6)).await.unwrap();
    assert_eq!(days(&history, "b").await, [""; 0]);
}

#[tokio::test]
async fn a_folder_keeps_its_history_when_both_are_moved() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let desk = |name: &str| root.join(name);
    let open = async |name: &str| {
        let lake = desk(name).join("lake/orders/date={date}/").display().to_string();
        opened(&desk(name).join(".lakegauge/history.sqlite"), &[("orders", &lake)]).await
    };
    fs::create_dir_all(desk("one/lake/orders")).unwrap();
    let one = open("one").await;
    saw(&one, "orders", "2026-01-01").await;
    drop(one);
    // A copy is another lake: what happens to it says nothing about the first.
    fs::create_dir_all(desk("copy/.lakegauge")).unwrap();
    fs::create_dir_all(desk("copy/lake/orders")).unwrap();
    fs::copy(desk("one/.lakegauge/history.sqlite"), desk("copy/.lakegauge/history.sqlite")).unwrap();
    assert_eq!(days(&open("copy").await, "orders").await, [""; 0]);
    fs::rename(desk("one"), desk("two")).unwrap();
    let two = open("two").await;
    assert_eq!(days(&two, "orders").await, ["2026-01-01"]);
    assert_eq!(two.elsewhere().await.unwrap(), []);
    saw(&two, "orders", "2026-01-02").await;
    // It belongs to `two` from now on, whatever appears at its first place.
    fs::create_dir_all(desk("one/lake/orders")).unwrap();
    assert_eq!(days(&open("two").await, "orders").await, ["2026-01-01", "2026-01-02"]);
}
