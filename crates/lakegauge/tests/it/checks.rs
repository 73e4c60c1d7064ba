//! `check`: its findings on a small lake, in every format.

use std::fs;

use jiff::ToSpan as _;

use crate::harness::{Desk, Run};
use crate::lakes::{CONFIG, Fate, LAST, NOW, days, entry, four, landing, one, partition};

#[test]
fn every_incident_is_said_and_the_healthy_stays_quiet() {
    let desk = four();
    insta::assert_snapshot!("check_text", desk.run(&["check", "--now", NOW]).ends(1));
    insta::assert_snapshot!("check_json", desk.run(&["check", "--format", "json", "--now", NOW]).ends(1));
    insta::assert_snapshot!("check_junit", desk.run(&["check", "--format", "junit", "--now", NOW]).ends(1));
    insta::assert_snapshot!("check_healthy", desk.run(&["check", "orders", "--now", NOW]).ends(0));
    insta::assert_snapshot!("check_two", desk.run(&["check", "stock", "orders", "--now", NOW]).ends(1));
    insta::assert_snapshot!("check_last", desk.run(&["check", "stock", "--last", "3", "--now", NOW]).ends(1));
    let yesterday = ["check", "payments", "--partition", "2061-02-28", "--now", NOW];
    insta::assert_snapshot!("check_partition", desk.run(&yesterday).ends(0));
    insta::assert_snapshot!("check_pattern", desk.run(&["check", "*o*s", "--now", NOW]).ends(1));
}

#[test]
fn a_partition_asked_for_by_name_is_answered() {
    let desk = one(Fate::Healthy);
    desk.config("lake: lake\ndatasets:\n  orders: { path: \"orders/date={date}/\" }\n");
    let check = |name: &str, partition: &str, code: i32| {
        let run = desk.run(&["check", "orders", "--partition", partition, "--now", NOW]).ends(code);
        insta::assert_snapshot!(format!("check_named_{name}"), run);
    };
    check("before_the_first", "2060-12-24", 3);
    check("long_before", "2040-01-01", 3);
    check("to_come", "2061-04-01", 3);
    check("again_before_the_first", "2060-12-24", 3);
}

#[test]
fn a_narrow_page_is_kept_to() {
    let desk = four();
    let explain = ["explain", "stock", "--now", NOW];
    for args in [&["check", "--now", NOW][..], &["history", "stock", "--now", NOW], &explain] {
        let widest = |columns: &str| {
            let run = desk.finish(desk.command(args).env("COLUMNS", columns).output().unwrap());
            run.stdout.lines().map(|line| line.chars().count()).max().unwrap()
        };
        assert!(widest("60") <= 60, "{args:?}: {}", widest("60"));
        assert!(widest("120") > 60, "{args:?}");
    }
}

#[test]
fn json_is_as_precise_as_its_units_are() {
    let desk = one(Fate::Healthy);
    desk.config("lake: lake\ndatasets:\n  orders: { path: \"orders/date={date}/\" }\n");
    let run = desk.run(&["check", "--format", "json", "--now", "2061-03-02T06:00:00.123456789Z"]).ends(0);
    assert!(run.stdout.contains("\"now\": \"2061-03-02T06:00:00Z\""), "{run}");
    // Names and sentences may contain dots; numbers and times contain none.
    let fractions = run.stdout.lines().filter(|line| {
        let value = line.split_once("\": ").map_or("", |(_, value)| value);
        let numeric = value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        (numeric || value.ends_with("Z\",")) && value.contains('.')
    });
    assert_eq!(fractions.collect::<Vec<_>>(), [""; 0], "{run}");
    let report = run.json();
    let mut alarms = report["datasets"][0]["partitions"][0]["alarms"].as_array().unwrap().iter();
    let size = alarms.find(|alarm| alarm["metric"] == "TotalFileSize").unwrap();
    assert!(size["expected"]["low"].is_u64() && size["expected"]["high"].is_u64(), "{size}");
}

#[test]
fn a_file_of_the_future_makes_one_ask_for_the_clock() {
    let desk = one(Fate::Healthy);
    desk.lay(&format!("orders/date={LAST}/_SUCCESS"), 0, landing(LAST, 2.days()));
    let run = desk.run(&["check", "--now", NOW]).ends(0);
    assert!(run.stdout.contains("2061-03-01 was written at 2061-03-04 00:00 UTC"), "{run}");
}

#[test]
fn a_dataset_that_stopped_says_so() {
    let desk = Desk::new();
    days(&desk, "orders", Fate::Healthy);
    desk.config("lake: lake\ndatasets:\n  orders: { path: \"orders/date={date}/\" }\n");
    for day in 2..=31 {
        desk.run(&["check", "--now", &format!("2061-03-{day:02}T12:00:00Z")]);
    }
    let run = desk.run(&["check", "--now", "2061-05-01T12:00:00Z"]).ends(1);
    insta::assert_snapshot!("check_stopped", run);
}

#[test]
fn the_json_keeps_its_schema() {
    let desk = four();
    let schema = desk.run(&["schema", "--check"]).ends(0).json();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("check.json", schema).unwrap();
    let schema = compiler.compile("check.json", &mut schemas).unwrap();
    for args in [&["check"][..], &["check", "--last", "5"], &["check", "--partition", "2061-02-28"]] {
        let mut args = args.to_vec();
        args.extend(["--format", "json", "--now", NOW]);
        let output = desk.run(&args).json();
        schemas.validate(&output, schema).unwrap_or_else(|error| panic!("{args:?}: {error:#}"));
    }
    let desk = one(Fate::Healthy);
    fs::remove_dir_all(desk.path("lake")).unwrap();
    let unseen = desk.run(&["check", "--format", "json", "--now", NOW]).ends(3).json();
    assert_eq!(unseen["status"], "unknown");
    schemas.validate(&unseen, schema).unwrap();
}

#[test]
fn before_its_deadline_nothing_is_wrong() {
    let desk = four();
    // Three of the four partitions are absent or incomplete at 04:00, and none is due.
    let run = desk.run(&["check", "--now", "2061-03-02T04:00:00Z"]);
    insta::assert_snapshot!("check_before_the_deadline", run);
}

#[test]
fn many_datasets_low_on_one_day_have_a_common_cause() {
    let desk = Desk::new();
    let mut config = CONFIG.to_owned();
    let fates = [Fate::Small, Fate::Healthy, Fate::Small, Fate::Missing, Fate::Small, Fate::Healthy];
    for (name, fate) in ["emea", "apac", "amer", "fx", "rates", "credit"].iter().zip(fates) {
        days(&desk, name, fate);
        config.push_str(&entry(name));
    }
    desk.config(&config);
    insta::assert_snapshot!("check_common_cause", desk.run(&["check", "--now", NOW]).ends(1));
    let json = desk.run(&["check", "--format", "json", "--now", NOW]).ends(1).json();
    assert_eq!(json["common_causes"][0]["datasets"][1]["dataset"], "amer");
}

/// Checks, applies `change` to the newest partition of a healthy dataset, and checks again an hour later.
fn after(change: impl FnOnce(&crate::harness::Desk, &std::path::Path)) -> Run {
    let desk = one(Fate::Healthy);
    desk.run(&["check", "--now", NOW]).ends(0);
    change(&desk, &desk.path(&format!("lake/orders/date={LAST}")));
    desk.run(&["check", "--now", "2061-03-02T07:00:00Z"])
}

#[test]
fn what_happens_after_landing_is_seen() {
    let deleted = after(|_, folder| fs::remove_dir_all(folder).unwrap());
    insta::assert_snapshot!("check_deleted", deleted.ends(1));
    let shrunk = after(|_, folder| fs::remove_file(folder.join("part-1.parquet")).unwrap());
    insta::assert_snapshot!("check_shrunk", shrunk.ends(1));
    let rewritten = after(|desk, _| {
        let key = format!("orders/date={LAST}/part-1.parquet");
        desk.lay(&key, 1_111_111, landing(LAST, 6.hours().minutes(30)));
    });
    insta::assert_snapshot!("check_rewritten", rewritten);
    let untouched = after(|_, _| {});
    insta::assert_snapshot!("check_untouched", untouched.ends(0));
}

#[test]
fn a_missing_partition_may_still_come() {
    let desk = one(Fate::Missing);
    desk.run(&["check", "--now", NOW]).ends(1);
    partition(&desk, "orders", LAST, Fate::Healthy);
    let run = desk.run(&["check", "--now", "2061-03-02T07:00:00Z"]);
    insta::assert_snapshot!("check_landed_meanwhile", run.ends(0));
}

#[test]
fn colour_is_used_where_it_is_wanted() {
    let desk = four();
    let check = |args: &[&str], variable: Option<(&str, &str)>, coloured: bool| {
        let mut command = desk.command(args);
        command.args(["--now", NOW]).envs(variable);
        let run = desk.finish(command.output().unwrap());
        assert_eq!(run.stdout.contains('\u{1b}'), coloured, "{args:?} with {variable:?}: {run}");
    };
    let no_color = Some(("NO_COLOR", "1"));
    check(&["check"], None, false);
    check(&["check"], no_color, false);
    check(&["check", "--color", "always"], None, true);
    check(&["check", "--color", "always"], no_color, true);
    check(&["check", "--color", "never"], Some(("CLICOLOR_FORCE", "1")), false);
    check(&["check", "--format", "json", "--color", "always"], None, false);
}

#[test]
fn quiet_and_loud_runs_give_the_same_answer() {
    let desk = four();
    let plain = desk.run(&["check", "--format", "json", "--now", NOW]);
    assert_eq!(plain.stderr, "");
    let loud = desk.run(&["-vv", "check", "--format", "json", "--log-format", "json", "--now", NOW]);
    let lines: Vec<&str> = loud.stderr.lines().collect();
    assert!(lines.iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{loud}");
    let text = |args: &[&str]| desk.run(&[args, &["check", "orders", "--now", NOW]].concat()).ends(0).stderr;
    assert_eq!(text(&["-v"]).lines().count(), 1, "one dataset, one line");
    assert!(
        text(&["-v"]).contains("orders: looked at 4 partitions from 2061-02-27 to 2061-03-02"),
        "{}",
        text(&["-v"])
    );
    assert!(text(&["-vv"]).contains("a folder is "), "{}", text(&["-vv"]));
    let status = |run: &Run| {
        run.json()["datasets"].as_array().unwrap().iter().map(|d| d["status"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(status(&plain), status(&loud));
}
