//! A history belongs to the lake and path of its objects: nothing is judged by what was seen elsewhere.

use std::fs;

use jiff::ToSpan as _;

use crate::harness::{Desk, Run, lay};
use crate::lakes::{CONFIG, Fate, LAST, NOW, days, entry, landing, one};

const LATER: &str = "2061-03-02T07:00:00Z";

/// A folder with the healthy dataset `orders` in `lake`, and in `other` with a tenth of its size and without its older
/// half.
fn two() -> Desk {
    let desk = one(Fate::Healthy);
    for back in 0..30 {
        let day = LAST.checked_sub(back.days()).unwrap();
        for part in 0..3 {
            let key = format!("orders/date={day}/part-{part}.parquet");
            lay(&desk.path("other"), &key, 400_000 + part * 1_000, landing(day, 2.hours()));
        }
        lay(
            &desk.path("other"),
            &format!("orders/date={day}/_SUCCESS"),
            0,
            landing(day, 2.hours().minutes(9)),
        );
    }
    let other = CONFIG.replace("lake: lake", "lake: other");
    desk.write("other.yaml", &format!("{other}{}", entry("orders")));
    desk
}

fn check(desk: &Desk, config: &str, now: &str) -> Run {
    desk.run(&["check", "-c", config, "--now", now])
}

#[test]
fn two_configs_in_one_folder_do_not_mix() {
    let desk = two();
    for now in [NOW, LATER] {
        check(&desk, "lakegauge.yaml", now).ends(0);
        let other = check(&desk, "other.yaml", now).ends(0);
        let is_first = now == NOW;
        assert_eq!(other.stderr.contains("gets a new history"), is_first, "said once: {other}");
        if is_first {
            insta::assert_snapshot!("another_lake", other);
        }
    }
    // Each has learned from its own history.
    let days = |config: &str| {
        let run = desk.run(&["history", "orders", "-c", config, "--format", "csv", "--now", LATER]).ends(0);
        run.stdout.lines().count() - 1
    };
    assert_eq!((days("lakegauge.yaml"), days("other.yaml")), (60, 30));
}

#[test]
fn an_edited_lake_begins_anew_and_finds_its_history_again() {
    let desk = two();
    check(&desk, "lakegauge.yaml", NOW).ends(0);
    let config = fs::read_to_string(desk.path("lakegauge.yaml")).unwrap();
    desk.config(&fs::read_to_string(desk.path("other.yaml")).unwrap());
    let edited = check(&desk, "lakegauge.yaml", LATER).ends(0);
    assert!(edited.stderr.contains("lakegauge moved"), "{edited}");
    for spelled in ["lake: ./lake/", "lake: other/../lake"] {
        desk.config(&config.replace("lake: lake", spelled));
        let run = check(&desk, "lakegauge.yaml", LATER).ends(0);
        assert_eq!(run.stderr, "", "{spelled}");
    }
    // Deletions since the last look there are noticed.
    fs::remove_dir_all(desk.path(&format!("lake/orders/date={LAST}"))).unwrap();
    let deleted = check(&desk, "lakegauge.yaml", "2061-03-02T08:00:00Z").ends(1);
    assert!(deleted.stdout.contains("deleted"), "{deleted}");
}

#[test]
fn an_edited_path_begins_anew() {
    let desk = one(Fate::Healthy);
    for back in 0..20 {
        let day = LAST.checked_sub(back.days()).unwrap();
        desk.lay(&format!("orders_v2/date={day}/part-0.parquet"), 1_300_000, landing(day, 2.hours()));
        desk.lay(&format!("orders_v2/date={day}/_SUCCESS"), 0, landing(day, 2.hours().minutes(9)));
    }
    check(&desk, "lakegauge.yaml", NOW).ends(0);
    desk.config(&format!("{CONFIG}{}", entry("orders")).replace("path: orders/", "path: orders_v2/"));
    check(&desk, "lakegauge.yaml", LATER).ends(0);
    let csv = desk.run(&["history", "orders", "--format", "csv", "--now", LATER]).ends(0);
    assert_eq!(csv.stdout.lines().count() - 1, 20, "{csv}");
}

#[test]
fn a_lake_that_has_moved_keeps_its_history() {
    let desk = one(Fate::Healthy);
    insta::assert_snapshot!("moved_without_history", desk.run(&["moved"]).ends(2));
    check(&desk, "lakegauge.yaml", NOW).ends(0);
    insta::assert_snapshot!("moved_from_nowhere", desk.run(&["moved"]).ends(2));
    desk.run(&["reject", "orders", "--partition", "2061-02-27", "--by", "ann", "--now", NOW]).ends(0);
    let marks = || {
        let run = desk.run(&["history", "orders", "--format", "csv", "--now", LATER]).ends(0);
        run.stdout.matches("rejected").count() + run.stdout.matches(",bad").count()
    };
    assert_eq!(marks(), 1);
    fs::create_dir(desk.path("archive")).unwrap();
    fs::rename(desk.path("lake"), desk.path("archive/lake")).unwrap();
    desk.config(&format!("{CONFIG}{}", entry("orders")).replace("lake: lake", "lake: archive/lake"));
    check(&desk, "lakegauge.yaml", LATER);
    assert_eq!(marks(), 0);
    insta::assert_snapshot!("moved", desk.run(&["moved"]).ends(0));
    assert_eq!(marks(), 1);
    assert_eq!(check(&desk, "lakegauge.yaml", LATER).stderr, "");
    // A second time undoes it.
    desk.run(&["moved", "orders"]).ends(0);
    assert_eq!(marks(), 0);
    let unknown = desk.run(&["moved", "--from", "s3://nowhere"]).ends(2);
    assert!(unknown.stderr.contains("at s3://nowhere"), "{unknown}");
    desk.run(&["moved", "ordres"]).ends(2);
}

#[test]
fn a_folder_that_is_moved_as_a_whole_needs_no_word() {
    let desk = Desk::new();
    fs::create_dir(desk.path("here")).unwrap();
    let inner = one(Fate::Healthy);
    inner.run(&["check", "--now", NOW]).ends(0);
    fs::rename(inner.path("."), desk.path("here/desk")).unwrap_or_else(|_| {
        // On another file system, or with a working folder in use: copied file by file.
        for part in ["lake", ".lakegauge", "lakegauge.yaml"] {
            fs::create_dir_all(desk.path("here/desk")).unwrap();
            fs::rename(inner.path(part), desk.path("here/desk").join(part)).unwrap();
        }
    });
    fs::remove_dir_all(desk.path(&format!("here/desk/lake/orders/date={LAST}"))).unwrap();
    let run = desk.run(&["check", "-c", "here/desk/lakegauge.yaml", "--now", LATER]).ends(1);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.contains("deleted"), "{run}");
}

#[test]
fn what_is_forgotten_begins_anew_and_can_be_brought_back() {
    let desk = one(Fate::Healthy);
    days(&desk, "stock", Fate::Healthy);
    desk.config(&format!("{CONFIG}{}{}", entry("orders"), entry("stock")));
    check(&desk, "lakegauge.yaml", NOW).ends(0);
    for dataset in ["orders", "stock"] {
        fs::remove_dir_all(desk.path(&format!("lake/{dataset}/date={LAST}"))).unwrap();
    }
    check(&desk, "lakegauge.yaml", NOW).ends(1);
    insta::assert_snapshot!("forget", desk.run(&["forget", "ord*", "--now", NOW]).ends(0));
    let run = check(&desk, "lakegauge.yaml", LATER).ends(1);
    assert_eq!(run.stderr, "");
    let state = |dataset: &str| {
        let json = desk.run(&["check", dataset, "--format", "json", "--now", LATER]).json();
        json["datasets"][0]["partitions"][0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!((state("orders"), state("stock")), ("missing".to_owned(), "deleted".to_owned()));
    desk.run(&["moved", "orders", "--from", "forgotten at"]).ends(0);
    assert_eq!(state("orders"), "deleted");
    desk.run(&["forget"]).ends(2);
    desk.run(&["forget", "nobody"]).ends(2);
}
