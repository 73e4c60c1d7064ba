//! `cost`: the estimate is what a month of checks sends.

use jiff::{SignedDuration, Timestamp, ToSpan, civil};

use crate::harness::{Desk, at};

const CONFIG: &str = "
lake: lake
datasets:
  marked:
    path: marked/date={date}/
    due: +1d 04:30
    landed_when: _SUCCESS
  rooted:
    path: rooted/{year}/{month}/{day}/
    landed_when: root:_SUCCESS
    look_back: 5
  split:
    path: split/region={region}/date={date}/
    due: +1d 06:00
";

/// Everything that lands on the morning after `day`.
fn land(desk: &Desk, day: civil::Date) {
    let morning: Timestamp = format!("{}T03:00:00Z", day.tomorrow().unwrap()).parse().unwrap();
    for n in 0..5 {
        desk.lay(&format!("marked/date={day}/part-{n}.parquet"), 20_000, morning);
        desk.lay(&format!("rooted/{}/part-{n}.parquet", day.strftime("%Y/%m/%d")), 20_000, morning);
        for region in ["eu", "us"] {
            desk.lay(&format!("split/region={region}/date={day}/part-{n}.parquet"), 20_000, morning);
        }
    }
    desk.lay(&format!("marked/date={day}/_SUCCESS"), 0, morning + SignedDuration::from_mins(1));
    desk.lay("rooted/_SUCCESS", 0, morning + SignedDuration::from_mins(1));
}

#[test]
fn a_month_of_checks_sends_what_was_foretold() {
    let desk = Desk::new();
    desk.config(CONFIG);
    let first = civil::date(2061, 1, 1);
    for back in 0..60 {
        land(&desk, first - (60 - back).days());
    }
    let now = |day: civil::Date| format!("{day}T08:00:00Z");
    desk.run(&["check", "-q", "--now", &now(first)]);
    let foretold = desk.run(&["cost", "--format", "json", "--now", &now(first)]).ends(0).json();
    let mut sent = std::collections::BTreeMap::<String, u64>::new();
    for days in 1..=30 {
        let day = first + days.days();
        land(&desk, day.yesterday().unwrap());
        let checked = desk.run(&["check", "--format", "json", "--now", &now(day)]).json();
        for dataset in checked["datasets"].as_array().unwrap() {
            let name = dataset["dataset"].as_str().unwrap().to_owned();
            *sent.entry(name).or_default() += dataset["list_requests"].as_u64().unwrap();
        }
    }
    let told: Vec<(String, f64)> = foretold["datasets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            let requests = &d["per_month"]["one_shot"]["list_requests"];
            (d["dataset"].as_str().unwrap().to_owned(), requests.as_f64().unwrap())
        })
        .collect();
    assert_eq!(told.len(), 4);
    for (name, told) in &told {
        let sent = sent[name] as f64;
        assert!(sent >= 90.0, "{name}: {sent} requests in a month of checks");
        assert!((told - sent).abs() <= 0.02 * sent, "{name}: {told} foretold, {sent} sent");
    }
    let sum: u64 = sent.values().sum();
    let told = foretold["total"]["one_shot"]["list_requests"].as_f64().unwrap();
    assert!((told - sum as f64).abs() <= 0.02 * sum as f64, "{told} foretold, {sum} sent");
}

#[test]
fn the_table_says_what_each_way_costs() {
    let desk = Desk::new();
    desk.config(CONFIG);
    let first = civil::date(2061, 1, 1);
    for back in 0..20 {
        land(&desk, first - (20 - back).days());
    }
    let text = desk.run(&["cost", "--now", &at("2061-01-01T08:00:00Z").to_string()]).ends(0);
    insta::assert_snapshot!(text);
    // The first design's naming posts the size of each dataset in bytes besides its verdict.
    let metrics = |naming: &str| {
        let args = ["cost", "--format", "json", "--naming", naming, "--now", "2061-01-01T08:00:00Z"];
        desk.run(&args).ends(0).json()["total"]["serverless"]["metrics"].as_f64().unwrap()
    };
    assert_eq!((metrics("lakegauge"), metrics("original")), (34.0, 37.0));
}

#[test]
fn what_was_never_observed_is_said() {
    let desk = Desk::new();
    desk.config(CONFIG);
    let first = civil::date(2061, 1, 1);
    for back in 0..20 {
        land(&desk, first - (20 - back).days());
    }
    std::fs::remove_dir_all(desk.path("lake/rooted")).unwrap();
    let cost = |args: &[&str]| desk.run(&[&["cost", "--now", "2061-01-01T08:00:00Z"], args].concat());
    let told = cost(&["--format", "json"]).json();
    let observed = told["datasets"].as_array().unwrap().iter();
    let observed: Vec<(&str, bool)> =
        observed.map(|d| (d["dataset"].as_str().unwrap(), d["observed"].as_bool().unwrap())).collect();
    assert_eq!(observed, [("marked", true), ("rooted", false), ("split[eu]", true), ("split[us]", true)]);
    let text = cost(&[]).stdout;
    assert!(text.contains("\nno landing seen yet of rooted: "), "{text}");
    assert_eq!(text.matches("no landing seen").count(), 1);
}
