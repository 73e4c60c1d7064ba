//! Datasets whose path has a splitting key: splits that no longer exist, that may not be listed, and that have ended.

use std::fs;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use crate::fake_s3::{FakeS3, Refusal, run_against};
use crate::harness::{Desk, Run};
use crate::lakes::{CONFIG, Fate, LAST, NOW, days, entry, landing, partition};

const SPLIT: &str = "  ev:\n    path: ev/region={region}/date={date}/\n";
/// The morning after [`NOW`].
const NEXT: &str = "2061-03-03T06:00:00Z";

/// `orders`, and `ev` in two regions.
fn desk() -> Desk {
    let desk = Desk::new();
    days(&desk, "orders", Fate::Healthy);
    days(&desk, "ev/region=eu", Fate::Healthy);
    days(&desk, "ev/region=us", Fate::Healthy);
    desk.config(&format!("{CONFIG}{}{SPLIT}", entry("orders")));
    desk
}

/// The status of each line, as `name status`.
fn statuses(run: &Run) -> Vec<String> {
    let json = run.json();
    let line = |dataset: &Value| {
        format!("{} {}", dataset["dataset"].as_str().unwrap(), dataset["status"].as_str().unwrap())
    };
    json["datasets"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_split_that_vanished_is_told() {
    let desk = desk();
    desk.run(&["check", "--now", NOW]).ends(0);
    fs::remove_dir_all(desk.path("lake/ev/region=us")).unwrap();
    insta::assert_snapshot!("split_deleted", desk.run(&["check", "--now", NOW]).ends(1));
    let json = desk.run(&["check", "--now", NOW, "--format", "json"]).ends(1);
    assert_eq!(statuses(&json), ["orders ok", "ev[eu] ok", "ev[us] alarm"]);
    let digest = desk.run(&["digest", "--now", NOW]).ends(0);
    assert!(digest.stdout.contains("\nev[us] "), "{digest}");
    // Its past can still be shown.
    desk.run(&["history", "ev[us]", "--now", NOW]).ends(0);
    desk.run(&["check", "ev[us]", "--now", NOW]).ends(1);
    desk.run(&["check", "ev[eu]", "--now", NOW]).ends(0);
    // All of it, too.
    fs::remove_dir_all(desk.path("lake/ev")).unwrap();
    let json = desk.run(&["check", "--now", NOW, "--format", "json"]).ends(1);
    assert_eq!(statuses(&json), ["orders ok", "ev[eu] alarm", "ev[us] alarm"]);
    // A path that used to be right.
    desk.config(&format!("{CONFIG}{}{}", entry("orders"), SPLIT.replace("ev/region", "Ev/region")));
    desk.run(&["check", "--now", NOW]).ends(3);
}

#[test]
fn a_split_behind_the_date_that_stops_is_told() {
    let desk = Desk::new();
    let lay = |day: Date, region: &str| {
        let folder = format!("ev/date={day}/region={region}");
        desk.lay(&format!("{folder}/part-0"), 2_000_000, landing(day, 3.hours()));
        desk.lay(&format!("{folder}/_SUCCESS"), 0, landing(day, 3.hours().minutes(5)));
    };
    let day = |back: i64| LAST.checked_sub(back.days()).unwrap();
    (4..40).for_each(|back| ["eu", "us"].iter().for_each(|region| lay(day(back), region)));
    desk.config(&format!("{CONFIG}  ev:\n    path: ev/date={{date}}/region={{region}}/\n"));
    desk.run(&["check", "--now", "2061-02-26T06:00:00Z"]).ends(0);
    // The last three dates do not have it, whether or not there was an earlier check.
    (0..4).for_each(|back| lay(day(back), "eu"));
    for _ in 0..2 {
        let json = desk.run(&["check", "--now", NOW, "--format", "json"]).ends(1);
        assert_eq!(statuses(&json), ["ev[eu] ok", "ev[us] alarm"]);
        fs::remove_dir_all(desk.path(".lakegauge")).unwrap();
    }
}

#[test]
fn a_dataset_without_any_split_is_not_seen() {
    let desk = desk();
    desk.config(&format!("{CONFIG}{}{}", entry("orders"), SPLIT.replace("ev/region", "Ev/region")));
    insta::assert_snapshot!("split_none", desk.run(&["check", "--now", NOW]).ends(3));
    let json = desk.run(&["check", "--now", NOW, "--format", "json"]).ends(3);
    assert_eq!(statuses(&json), ["orders ok", "ev unknown"]);
    insta::assert_snapshot!("split_none_digest", desk.run(&["digest", "--now", NOW]).ends(3));
    for verb in [&["explain", "ev"][..], &["history", "ev"], &["cost"], &["backtest", "--days", "3"]] {
        let run = desk.run(&[verb, &["--now", NOW]].concat());
        assert!(
            run.code.is_some_and(|code| [0, 3].contains(&code)) && !run.stdout.is_empty(),
            "{verb:?} {run}"
        );
    }
    desk.run(&["check", "ev[eu]", "--now", NOW]).ends(2);
}

#[test]
fn a_split_that_ended_long_ago_is_told_and_not_judged() {
    let desk = desk();
    for back in 0..40 {
        let day = LAST.checked_sub((300 + back).days()).unwrap();
        partition(&desk, "ev/region=uk", day, Fate::Healthy);
    }
    insta::assert_snapshot!("split_ended", desk.run(&["check", "--now", NOW]).ends(0));
    // By its exact name it is judged as usual.
    let run = desk.run(&["check", "ev[uk]", "--now", NOW]);
    assert!(run.stdout.contains("ev[uk]"), "{run}");
    // It is gone completely, and in the history by now.
    fs::remove_dir_all(desk.path("lake/ev/region=uk")).unwrap();
    let json = desk.run(&["check", "--now", NOW, "--format", "json"]).ends(0);
    assert_eq!(statuses(&json), ["orders ok", "ev[eu] ok", "ev[us] ok"]);
    assert!(json.json()["datasets"][1]["notes"][0].as_str().unwrap().contains("ev[uk]"), "{json}");
}

/// Days of `orders`, and of `ev` in two regions, in a store that refuses to list the given prefixes.
fn store(refused: &[(&'static str, Refusal)]) -> (Desk, String) {
    let desk = Desk::new();
    let config = format!("{CONFIG}{}{SPLIT}", entry("orders")).replace("lake: lake", "lake: s3://acme-lake");
    desk.config(&config);
    let mut store = FakeS3 { refused: refused.to_vec(), ..FakeS3::default() };
    for name in ["ev/region=eu", "ev/region=us", "orders"] {
        for back in (0..40).rev() {
            let day = LAST.checked_sub(back.days()).unwrap();
            let written = |at: jiff::Timestamp| at.to_string();
            store
                .objects
                .push((format!("{name}/date={day}/_SUCCESS"), written(landing(day, 3.hours().minutes(5)))));
            store.objects.push((format!("{name}/date={day}/part-0"), written(landing(day, 3.hours()))));
        }
    }
    (desk, store.serve())
}

#[test]
fn a_refused_dataset_takes_no_other_along() {
    for refusal in [Refusal::Denied, Refusal::LoginPage] {
        let (desk, endpoint) = store(&[("ev/", refusal)]);
        let run = |args: &[&str]| run_against(&desk, &endpoint, &[args, &["--now", NOW]].concat());
        let json = run(&["check", "--format", "json"]).ends(3);
        assert_eq!(statuses(&json), ["orders ok", "ev unknown"], "{refusal:?}");
        assert_eq!(json.json()["datasets"][1]["gaps"].as_array().unwrap().len(), 1, "{json}");
        assert!(run(&["check", "--format", "junit"]).ends(3).stdout.contains("<testsuite name=\"orders\""));
        let text = run(&["check"]).ends(3);
        assert!(text.stdout.contains("✓ orders") && text.stdout.contains("? ev "), "{text}");
        // A split that is named is looked at without being listed.
        let json = run(&["check", "ev[eu]", "--format", "json"]).ends(3);
        assert_eq!(statuses(&json), ["ev[eu] unknown"]);
        for verb in
            [&["explain", "ev"][..], &["history", "ev"], &["cost"], &["backtest", "--days", "3"], &["digest"]]
        {
            let run = run(verb).ends(3);
            assert!(!run.stdout.is_empty(), "{verb:?} {run}");
        }
        assert!(run(&["digest"]).stdout.contains("not seen"));
    }
}

#[test]
fn a_part_that_is_refused_is_a_gap_beside_the_others() {
    let (desk, endpoint) = store(&[("ev/region=us/", Refusal::Denied)]);
    let run = |args: &[&str]| run_against(&desk, &endpoint, &[args, &["--now", NOW]].concat());
    let json = run(&["check", "--format", "json"]).ends(3);
    assert_eq!(statuses(&json), ["orders ok", "ev unknown", "ev[eu] ok"]);
    insta::assert_snapshot!("split_refused", text_of(&run(&["check"]).ends(3), &endpoint));
    // With only one split to choose from, the gap is not an alternative.
    run(&["explain", "ev"]).ends(0);
    let wait = ["wait", "ev", "--partition", "2061-03-01", "--every", "1s", "--timeout", "1h"];
    let wait = run(&wait).ends(3);
    assert!(wait.stderr.contains("denied"), "{wait}");
}

#[test]
fn known_splits_are_looked_at_where_no_split_can_be_listed() {
    // The level above may not be listed, but the levels below may.
    let (desk, open) = store(&[]);
    run_against(&desk, &open, &["check", "--now", NOW]).ends(0);
    let (_, endpoint) = store(&[("ev/region=us/", Refusal::Denied)]);
    let json = run_against(&desk, &endpoint, &["check", "--now", NOW, "--format", "json"]).ends(3);
    // A store at another address has its own history, which does not know `us`.
    assert_eq!(statuses(&json), ["orders ok", "ev unknown", "ev[eu] ok"]);
}

/// Without the port, which differs in each run.
fn text_of(run: &Run, endpoint: &str) -> String {
    run.to_string().replace(endpoint, "[ENDPOINT]")
}

#[test]
fn all_splits_are_waited_for() {
    let desk = Desk::new();
    days(&desk, "ev/region=eu", Fate::Healthy);
    days(&desk, "ev/region=us", Fate::Missing);
    desk.config(&format!("{CONFIG}{SPLIT}"));
    let args = ["wait", "ev", "--partition", "2061-03-01", "--timeout", "1s", "--every", "1s", "--now", NOW];
    let run = desk.run(&args).ends(124);
    assert_eq!(run.stderr.trim(), "ev[us] 2061-03-01 had not landed after 1 s (it is missing)", "{run}");
    for partition_named in ["latest", "2061-03-01"] {
        let args =
            ["wait", "ev", "--partition", partition_named, "--timeout", "60s", "--every", "1s", "--now", NOW];
        let child = desk.command(&args).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(1_500));
        partition(&desk, "ev/region=us", LAST, Fate::Healthy);
        let run = desk.finish(child.wait_with_output().unwrap()).ends(0);
        assert!(run.stdout.contains("ev[eu]") && run.stdout.contains("ev[us]"), "{run}");
        fs::remove_dir_all(desk.path("lake/ev/region=us/date=2061-03-01")).unwrap();
        fs::remove_dir_all(desk.path(".lakegauge")).unwrap();
    }
    // All days of a week, of both splits.
    partition(&desk, "ev/region=us", LAST, Fate::Healthy);
    let run = desk.run(&["wait", "ev", "--partition", "2061-W08", "--now", NOW]).ends(0);
    assert!(run.stdout.contains("2061-02-27"), "{run}");
    // The day that has just begun has not landed.
    let args = ["wait", "ev", "--partition", "2061-03-02", "--timeout", "1s", "--every", "1s", "--now", NOW];
    desk.run(&args).ends(124);
}

#[test]
fn a_day_means_what_lies_in_it_whatever_the_cadence() {
    let desk = Desk::new();
    days(&desk, "orders", Fate::Healthy);
    let hours = (0..24 * 20).map(|n| (LAST.checked_sub((n / 24).days()).unwrap(), n % 24));
    let today = LAST.tomorrow().unwrap();
    for (day, hour) in hours.chain((0..5).map(|hour| (today, hour))) {
        let at = landing(day, (hour - 24 + 1).hours().minutes(5));
        desk.lay(&format!("clicks/{day}/{hour:02}/part-0"), 2_000_000, at);
    }
    for last in ["2060-11-30", "2060-12-31", "2061-01-31", "2061-02-28"] {
        let day: Date = last.parse().unwrap();
        desk.lay(&format!("ledger/{}/part-0", day.strftime("%Y/%m")), 2_000_000, landing(day, 3.hours()));
    }
    desk.config(&format!(
        "{CONFIG}{}  clicks:\n    path: clicks/{{date}}/{{hour}}/\n    due: +1h20m\n    landed_when: quiet 5m\n  ledger:\n    path: ledger/{{year}}/{{month}}/\n    due: +40d 04:30\n    landed_when: quiet 5m\n",
        entry("orders")
    ));
    let run = desk.run(&["check", "--partition", "2061-02-28", "--now", NOW, "--format", "json"]).ends(0);
    let json = run.json();
    let of = |nth: usize| -> Vec<&str> {
        let partitions = json["datasets"][nth]["partitions"].as_array().unwrap();
        partitions.iter().map(|p| p["partition"].as_str().unwrap()).collect()
    };
    assert_eq!((of(0), of(2)), (vec!["2061-02-28"], vec!["2061-02"]));
    let hours = of(1);
    assert_eq!((hours.len(), hours[0], hours[23]), (24, "2061-02-28T23", "2061-02-28T00"));
    let run = desk.run(&["check", "--partition", "latest", "--now", NOW, "--format", "json"]).ends(0);
    let json = run.json();
    assert!(
        json["datasets"].as_array().unwrap().iter().all(|d| d["partitions"].as_array().unwrap().len() == 1),
        "{run}"
    );
    desk.run(&["check", "--partition", "latest", "--partition", "2061-02", "--now", NEXT]).ends(2);
}
