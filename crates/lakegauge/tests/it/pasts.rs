//! `--now` in the past: a replay neither knows what came later nor writes it down.

use std::fs;

use crate::harness::{Desk, at};

fn desk() -> Desk {
    let desk = Desk::new();
    for day in 1..=28 {
        let landed = at(&format!("2024-02-{day:02}T00:00:00Z")) + jiff::SignedDuration::from_hours(27);
        desk.lay(&format!("orders/date=2024-02-{day:02}/part-0"), 1_000_000 + day * 1_000, landed);
    }
    desk.config(
        "lake: lake\ndefaults: { due: +1d 04:30 }\ndatasets:\n  orders:\n    path: orders/date={date}/\n",
    );
    desk
}

#[test]
fn a_replay_writes_nothing() {
    let desk = desk();
    for verb in ["check", "history", "explain"] {
        desk.run(&[verb, "orders", "--now", "2024-02-20T06:00:00Z"]).ends(0);
        assert!(!desk.path(".lakegauge").exists(), "{verb} left a history");
    }
    // Today all of it is long ago; the history is real now, and replays leave it alone.
    desk.run(&["check"]);
    let files = || {
        let folder = fs::read_dir(desk.path(".lakegauge")).unwrap();
        let mut files: Vec<_> =
            folder.map(|f| f.unwrap().path()).map(|p| (p.clone(), fs::read(p).unwrap())).collect();
        files.sort();
        files
    };
    let before = files();
    for verb in ["check", "history", "explain"] {
        desk.run(&[verb, "orders", "--now", "2024-02-20T06:00:00Z"]).ends(0);
        assert!(files() == before, "{verb} touched the history");
    }
}

#[test]
fn what_came_later_is_not_known() {
    let desk = desk();
    let check = |now: &str, code: i32, state: &str| {
        let run = desk.run(&["check", "--format", "json", "--now", now]).ends(code);
        let partition = run.json()["datasets"][0]["partitions"][0].clone();
        assert_eq!(partition["state"], state, "at {now}: {run}");
    };
    check("2024-02-20T03:05:00Z", 0, "landed");
    check("2024-02-20T06:00:00Z", 0, "landed");
    check("2024-03-01T06:00:00Z", 1, "missing");
}
