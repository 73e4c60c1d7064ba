//! `--now` in the past: a replay neither sees what came later nor records anything.

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
    // Today all of this is long ago; the history is real, and replays leave it unchanged.
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

#[test]
fn a_later_run_is_not_overwritten_and_that_is_said() {
    let desk = Desk::new();
    for region in ["uk", "fr"] {
        for day in 1..=28 {
            let landed = at(&format!("2061-02-{day:02}T00:00:00Z")) + jiff::SignedDuration::from_hours(27);
            desk.lay(
                &format!("orders/region={region}/date=2061-02-{day:02}/part-0"),
                1_000_000 + day,
                landed,
            );
        }
    }
    desk.config(
        "lake: lake\ndefaults: { due: +1d 04:30 }\ndatasets:\n  orders: { path: \"orders/region={region}/date={date}/\" }\n",
    );
    let check = |now: &str, warned: bool| {
        let run = desk.run(&["check", "--now", now]).ends(0);
        assert_eq!(run.stderr.matches("this run is not saved").count(), usize::from(warned), "{run}");
    };
    check("2061-03-01T06:00:00Z", false);
    // The clocks of two machines differ by seconds.
    check("2061-03-01T05:59:30Z", false);
    check("2061-03-01T05:00:00Z", true);
    check("2061-03-01T06:00:00Z", false);
}

#[test]
fn a_few_seconds_ago_is_now() {
    let desk = desk();
    #[expect(clippy::disallowed_methods, reason = "what is tested is beside the real clock")]
    let clock = jiff::Timestamp::now();
    let ago = |seconds| (clock - jiff::SignedDuration::from_secs(seconds)).to_string();
    desk.run(&["check", "--now", &ago(600)]);
    assert!(!desk.path(".lakegauge").exists(), "a replay left a history");
    desk.run(&["check", "--now", &ago(5)]);
    assert!(desk.path(".lakegauge").exists(), "a run of now remembers");
}

#[test]
fn what_is_tried_out_in_the_future_is_not_remembered() {
    let desk = desk();
    let (now, ahead) = ("2024-02-29T06:00:00Z", "2024-03-02T06:00:00Z");
    let run = |args: &[&str]| {
        let mut command = desk.command(args);
        desk.finish(command.env("LAKEGAUGE_CLOCK", now).output().unwrap())
    };
    run(&["check"]).ends(0);
    let first = run(&["check"]).ends(0);
    run(&["check", "--now", ahead]).ends(1);
    let again = run(&["check"]).ends(0);
    assert_eq!((again.stdout, again.stderr), (first.stdout, String::new()));
    run(&["accept", "orders", "--partition", "2024-02-28", "--now", ahead]).ends(2);
}

#[test]
fn what_was_known_then_is_known_to_a_replay() {
    let desk = Desk::new();
    for day in 1..=28 {
        let landed = at(&format!("2061-02-{day:02}T00:00:00Z")) + jiff::SignedDuration::from_hours(27);
        desk.lay(&format!("orders/date=2061-02-{day:02}/part-0"), 1_000_000 + day * 1_000, landed);
        desk.lay(&format!("orders/date=2061-02-{day:02}/part-1"), 1_000_000 + day * 1_000, landed);
    }
    desk.config(
        "lake: lake\ndefaults: { due: +1d 04:30 }\ndatasets:\n  orders:\n    path: orders/date={date}/\n",
    );
    desk.run(&["check", "--now", "2061-03-01T05:00:00Z"]).ends(0);
    fs::remove_file(desk.path("lake/orders/date=2061-02-28/part-1")).unwrap();
    let shrunk = desk.run(&["check", "--now", "2061-03-01T06:00:00Z"]).ends(1);
    let mut command = desk.command(&["check", "--now", "2061-03-01T06:00:00Z"]);
    let later = desk.finish(command.env("LAKEGAUGE_CLOCK", "2061-03-01T09:00:00Z").output().unwrap());
    assert_eq!(later.ends(1).stdout, shrunk.stdout, "that it had been larger is known");
}
