//! `init` on lakes with few objects, or with unusual ones.

use std::fs;

use crate::harness::Desk;
use crate::lakes::{LAST, NOW, landing};
use jiff::ToSpan as _;

/// Writes the last `n` days, each as one object below `lake` with the key from `key`.
fn laid(n: i64, key: impl Fn(jiff::civil::Date) -> String) -> Desk {
    let desk = Desk::new();
    for back in 0..n {
        let day = LAST.checked_sub(back.days()).unwrap();
        desk.lay(&key(day), 1_000_000, landing(day, 3.hours()));
    }
    desk
}

#[test]
fn a_lake_without_a_dataset_to_watch_says_so_and_sends_nobody_round_in_circles() {
    let desk = laid(2, |day| format!("new/date={day}/part-0"));
    insta::assert_snapshot!("init_nothing_to_watch", desk.run(&["init", "lake", "--now", NOW]).ends(3));
    let check = desk.run(&["check", "--now", NOW]).ends(2);
    assert!(check.stderr.contains("there are no datasets"), "{check}");
    assert!(check.stderr.contains("uncomment what `lakegauge init` proposed"), "{check}");
    let desk = laid(3, |day| format!("docs/{}/notes.txt", day.strftime("%b-%d-%j")));
    insta::assert_snapshot!("init_no_dates", desk.run(&["init", "lake", "--now", NOW]).ends(3));
    assert!(!desk.path("lakegauge.yaml").exists());
}

#[test]
fn a_lake_that_is_one_dataset_gives_it_its_name() {
    let desk = laid(30, |day| format!("date={day}/part-0"));
    fs::rename(desk.path("lake"), desk.path("web orders")).unwrap();
    desk.run(&["init", "web orders/../web orders/.", "--now", NOW]).ends(0);
    let config = fs::read_to_string(desk.path("lakegauge.yaml")).unwrap();
    assert!(config.contains("\n  web_orders:\n    path: date={date}/\n"), "{config}");
    assert!(!config.contains(".."), "{config}");
    desk.run(&["check", "web*", "--now", NOW]).ends(0);
}
