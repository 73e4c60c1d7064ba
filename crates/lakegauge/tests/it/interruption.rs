//! Ctrl-C, and readers that close the pipe.

use std::process::Stdio;
use std::time::Duration;

use crate::harness::interrupt;
use crate::lakes::{Fate, NOW, four, one};

#[test]
fn ctrl_c_ends_a_wait_and_loses_nothing() {
    let desk = one(Fate::Missing);
    let args = ["wait", "orders", "--partition", "2061-03-01", "--every", "1h", "--now", NOW];
    let mut child = desk.command(&args).spawn().unwrap();
    // Once the history exists, the first look is over and the program is waiting.
    let history = desk.path(".lakegauge/history.sqlite");
    for _ in 0..200 {
        if history.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().unwrap().is_none(), "it should still be waiting");
    interrupt(&child);
    let run = desk.finish(child.wait_with_output().unwrap()).ends(130);
    assert_eq!(run.stdout, "");
    desk.run(&["check", "--now", NOW]).ends(1);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = four();
    for args in [&["check", "--now", NOW][..], &["man"], &["schema"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = desk.finish(desk.command(args).stdout(Stdio::from(writer)).output().unwrap());
        assert_eq!(run.stderr, "", "{args:?}");
        assert!(matches!(run.code, Some(0 | 1)), "{args:?}: {run}");
    }
}

#[test]
fn ctrl_c_ends_a_demo_and_leaves_nothing_behind() {
    let desk = crate::harness::Desk::new();
    let rooms = desk.path("rooms");
    std::fs::create_dir(&rooms).unwrap();
    let left = || std::fs::read_dir(&rooms).unwrap().count();
    let child = desk.command(&["demo"]).env("TMPDIR", &rooms).spawn().unwrap();
    for _ in 0..400 {
        if left() > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(left(), 1, "the sample lake is being built");
    interrupt(&child);
    desk.finish(child.wait_with_output().unwrap()).ends(130);
    assert_eq!(left(), 0);
}
