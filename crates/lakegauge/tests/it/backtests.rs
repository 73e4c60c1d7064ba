//! `backtest`: every alarm replayed over the past, in every format, and compared with checks at those times.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::harness::Desk;
use crate::lakes::{CONFIG, Fate, entry, landing, partition};

/// In the past, so that a check at another time sees the lake as it was then.
const NOW: &str = "2024-03-02T06:00:00Z";
const LAST: Date = date(2024, 3, 1);

/// Forty days of a dataset that was missing once, small once and late once.
fn desk() -> Desk {
    let desk = Desk::new();
    for back in 0..40 {
        let day = LAST.checked_sub(i64::from(back).days()).unwrap();
        let fate = match back {
            12 => Fate::Missing,
            20 => Fate::Small,
            25 => Fate::Unmarked,
            _ => Fate::Healthy,
        };
        partition(&desk, "orders", day, fate);
        if back == 25 {
            desk.lay(&format!("orders/date={day}/_SUCCESS"), 0, landing(day, 9.hours()));
        }
        partition(&desk, "stock", day, Fate::Healthy);
    }
    desk.config(&format!("{CONFIG}{}{}", entry("orders"), entry("stock")));
    // The same lake with limits that catch less.
    let other = format!("{CONFIG}{}", entry("orders")).replace("at_least: 1MB", "at_least: 1kB");
    desk.write("other.yaml", &other);
    desk.write(
        "incidents.csv",
        "dataset,from,to,why\norders,2024-02-10,,\"half of it, <b>lost</b>\"\nstock,2024-02-01,2024-02-02,slow\n",
    );
    desk
}

#[test]
fn the_past_is_replayed_in_every_form() {
    let desk = desk();
    let check = |name: &str, args: &[&str]| {
        let mut all = vec!["backtest", "--days", "35", "--now", NOW];
        all.extend(args);
        insta::assert_snapshot!(format!("backtest_{name}"), desk.run(&all).ends(0));
    };
    check("text", &[]);
    check("json", &["orders", "--format", "json"]);
    check("against", &["--against", "other.yaml", "--incidents", "incidents.csv"]);
    check("html", &["orders", "--against", "other.yaml", "--incidents", "incidents.csv", "-o", "page.html"]);
    let page = std::fs::read_to_string(desk.path("page.html")).unwrap();
    assert!(page.contains("half of it, &lt;b&gt;lost&lt;/b&gt;"), "what the user wrote is not escaped");
    for outside in ["http://", "https://", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(outside), "the page asks for {outside}");
    }
    for opened in ["svg", "section", "figure", "table", "ul", "polygon"] {
        let count = |text: &str| page.matches(text).count();
        let (open, close) =
            (count(&format!("<{opened} ")) + count(&format!("<{opened}>")), count(&format!("</{opened}>")));
        assert_eq!(
            open,
            close + if opened == "polygon" { count("<polygon class=\"band") } else { 0 },
            "{opened}"
        );
    }
}

#[test]
fn a_replay_says_what_checks_said_at_that_time() {
    let desk = desk();
    let json =
        desk.run(&["backtest", "orders", "--days", "35", "--format", "json", "--now", NOW]).ends(0).json();
    let mut fired = BTreeSet::new();
    for alarm in json["datasets"][0]["configs"][0]["alarms"].as_array().unwrap() {
        for firing in alarm["firings"].as_array().unwrap() {
            let text = |field: &str| firing[field].as_str().unwrap().to_owned();
            fired.insert((alarm["metric"].as_str().unwrap().to_owned(), text("partition"), text("reason")));
        }
    }
    let mut said = BTreeSet::new();
    for back in 0..35 {
        let day = LAST.checked_sub(i64::from(back).days()).unwrap();
        // One second after the deadline, and once it has landed.
        for after in [4.hours().minutes(30).seconds(1), 10.hours()] {
            let (day, now) = (day.to_string(), landing(day, after).to_string());
            if now.as_str() > NOW {
                continue;
            }
            let run = desk.run(&["check", "orders", "--partition", &day, "--format", "json", "--now", &now]);
            for alarm in run.json()["datasets"][0]["partitions"][0]["alarms"].as_array().unwrap() {
                if alarm["state"] == "ALARM" {
                    let text = |field: &str| alarm[field].as_str().unwrap().to_owned();
                    said.insert((text("metric"), day.clone(), text("reason")));
                }
            }
        }
    }
    assert_eq!(fired.len(), 3, "{fired:#?}");
    assert_eq!(fired, said);
}

#[test]
fn the_json_keeps_its_schema() {
    let desk = desk();
    let schema = desk.run(&["schema", "--backtest"]).ends(0).json();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("backtest.json", schema).unwrap();
    let schema = compiler.compile("backtest.json", &mut schemas).unwrap();
    for more in [&[][..], &["--against", "other.yaml", "--incidents", "incidents.csv"]] {
        let mut args = vec!["backtest", "--format", "json", "--now", NOW];
        args.extend(more);
        let output = desk.run(&args).ends(0).json();
        schemas.validate(&output, schema).unwrap_or_else(|error| panic!("{args:?}: {error:#}"));
    }
}

#[test]
fn a_pattern_replays_what_it_names() {
    let desk = desk();
    desk.write("known.csv", "dataset,from,to,why\norders,2024-02-18,,\nstock,2024-02-18,,\n");
    let replay = |name: &str| {
        let args =
            ["backtest", name, "--against", "lakegauge.yaml", "--incidents", "known.csv", "--now", NOW];
        desk.run(&args).ends(0).to_string()
    };
    assert_eq!(replay("o*"), replay("orders"));
    assert_ne!(replay("*"), replay("orders"));
}

#[test]
fn what_cannot_be_used_is_refused() {
    let desk = desk();
    let check = |name: &str, args: &[&str], code: i32| {
        let mut all = vec!["backtest", "--now", NOW];
        all.extend(args);
        insta::assert_snapshot!(format!("backtest_{name}"), desk.run(&all).ends(code));
    };
    desk.write("wrong.csv", "dataset,from,to,why\norders,yesterday,,\n");
    desk.write("unknown.csv", "dataset,from,to,why\norder,2024-02-10,,\n");
    check("wrong_incidents", &["--incidents", "wrong.csv"], 2);
    check("unknown_incidents", &["--incidents", "unknown.csv"], 2);
    check("no_other_config", &["--against", "nowhere.yaml"], 2);
    check("no_dataset", &["order"], 2);
    std::fs::remove_dir_all(desk.path("lake")).unwrap();
    check("unseen", &[], 3);
}
