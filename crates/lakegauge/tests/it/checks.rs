//! `check`: what it finds on a small lake, in every form.

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
    // Three partitions of the four are not there or not complete at 04:00, and none is due.
    let run = desk.run(&["check", "--now", "2061-03-02T04:00:00Z"]);
    insta::assert_snapshot!("check_before_the_deadline", run);
}

#[test]
fn many_datasets_low_on_one_day_are_one_incident() {
    let desk = Desk::new();
    let mut config = CONFIG.to_owned();
    let fates = [Fate::Small, Fate::Healthy, Fate::Small, Fate::Missing, Fate::Small, Fate::Healthy];
    for (name, fate) in ["emea", "apac", "amer", "fx", "rates", "credit"].iter().zip(fates) {
        days(&desk, name, fate);
        config.push_str(&entry(name));
    }
    desk.config(&config);
    insta::assert_snapshot!("check_incident", desk.run(&["check", "--now", NOW]).ends(1));
    let json = desk.run(&["check", "--format", "json", "--now", NOW]).ends(1).json();
    assert_eq!(json["incidents"][0]["datasets"][1]["dataset"], "amer");
}

/// Checks, lets `change` happen to the newest partition of a healthy dataset, and checks an hour later.
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
    let status = |run: &Run| {
        run.json()["datasets"].as_array().unwrap().iter().map(|d| d["status"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(status(&plain), status(&loud));
}
