//! `explain --format json`: whoever reckons a band or a deadline from what it prints gets the same bits.
//!
//! Nothing of lakegauge's own arithmetic is used here: the rules are those of docs/detection.md.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

use crate::harness::Desk;

const NOW: &str = "2061-03-02T12:00:00Z";

/// Seventy days: a weekly rhythm, a level that doubles, a bad day, and a landing that varies; the last is `last` bytes.
fn desk(last: u64) -> Desk {
    let desk = Desk::new();
    for n in 0..70_u64 {
        let day: Date = date(2061, 3, 1).checked_sub(i64::from(69 - n as i32).days()).unwrap();
        let weekend = if n % 7 >= 5 { 2 } else { 5 };
        let level = if n >= 40 { 2 } else { 1 };
        let bytes = match n {
            69 => last,
            30 => 1_000,
            _ => 100_000 * weekend * level + n * 37 % 23 * 1_000,
        };
        let midnight = day.tomorrow().unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let landed = midnight + SignedDuration::from_secs(3 * 3_600 + (n * 613 % 1_700) as i64);
        let objects = 2 + n % 7 % 3;
        for part in 0..objects {
            desk.lay(&format!("orders/date={day}/part-{part}"), bytes / objects, landed);
        }
    }
    desk.config(
        "lake: lake\ndatasets:\n  orders:\n    path: orders/date={date}/\n    landed_when: quiet 5m\n",
    );
    desk
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// Days since 1970.
fn index(partition: &Value) -> i64 {
    let day: Date = partition.as_str().unwrap().parse().unwrap();
    day.at(0, 0, 0, 0).duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_hours() / 24
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    if n % 2 == 1 { sorted[n / 2] } else { (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0 }
}

/// The past that is printed, by day.
struct Days(BTreeMap<i64, f64>);

impl Days {
    fn before(&self, at: i64, most: usize) -> Vec<f64> {
        self.0.range(..at).rev().take(most).map(|(_, v)| *v).collect()
    }

    fn slots(&self, at: i64) -> Vec<(i64, f64)> {
        let same = (1..=5).map(|k| at - 7 * k).filter_map(|day| Some((day, *self.0.get(&day)?)));
        same.take(4).collect()
    }

    fn season(&self, at: i64) -> Option<f64> {
        let slots: Vec<f64> = self.slots(at).iter().map(|(_, v)| *v).collect();
        (slots.len() >= 2).then(|| median(&slots))
    }

    fn centre(&self, method: &str, at: i64) -> f64 {
        let last = self.before(at, 1)[0];
        match method {
            "last" => last,
            "level" => median(&self.before(at, 14)),
            "drift" => {
                let recent = self.before(at, 15);
                let steps: Vec<f64> = recent.windows(2).map(|w| w[0] - w[1]).collect();
                last + median(&steps)
            }
            "season" => self.season(at).unwrap(),
            "season_step" => {
                let step = |(day, v): (i64, f64)| Some(v - self.before(day, 1).first()?);
                last + median(&self.slots(at).into_iter().filter_map(step).collect::<Vec<f64>>())
            }
            "season_level" => {
                let recent = self.0.range(..at).rev().take(7);
                let moves: Vec<f64> = recent.filter_map(|(day, v)| Some(v - self.season(*day)?)).collect();
                self.season(at).unwrap() + median(&moves)
            }
            other => unreachable!("{other}"),
        }
    }
}

fn width(errors: &[f64], p: &Value) -> f64 {
    let n = errors.len();
    let mut sorted = errors.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (number(&p["tail_quantile"]) * n as f64).ceil() as usize;
    let sigma = 1.4826 * median(errors);
    let widest = (number(&p["deviations"]) * sigma).max(number(&p["tail"]) * sorted[rank - 1]);
    widest.max(number(&p["floor"])) * (1.0 + number(&p["youth"]) / n as f64)
}

fn bits(value: f64) -> String {
    format!("{value:?} {:x}", value.to_bits())
}

/// Reckons the band from its derivation.
fn recompute(band: &Value, of: i64, is_count: bool) {
    let derivation = &band["derivation"];
    let days = derivation["days"].as_array().unwrap();
    let days = Days(days.iter().map(|d| (index(&d["partition"]), number(&d["log"]))).collect());
    let parameters = &derivation["parameters"];
    let forecasts = derivation["forecasts"].as_array().unwrap();
    assert_eq!(forecasts.len(), 6);
    let mut reckoned = Vec::new();
    for forecast in forecasts {
        let method = forecast["method"].as_str().unwrap();
        let (centre, wide) = (days.centre(method, of), width(&numbers(&forecast["errors"]), parameters));
        assert_eq!(bits(centre), bits(number(&forecast["centre"])), "{method}");
        assert_eq!(bits(wide), bits(number(&forecast["width"])), "{method}");
        reckoned.push((centre, wide, forecast));
    }
    let best = reckoned.iter().map(|(_, wide, _)| *wide).fold(f64::INFINITY, f64::min);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (centre, wide, forecast) in reckoned {
        let heard = wide <= number(&parameters["heard"]) * best;
        assert_eq!(heard, forecast["heard"].as_bool().unwrap());
        if heard {
            low = low.min(centre - best);
            high = high.max(centre + best);
        }
    }
    assert_eq!(bits(low), bits(number(&derivation["low_log"])));
    assert_eq!(bits(high), bits(number(&derivation["high_log"])));
    let effect = derivation["month"].get("effect").map_or(0.0, number);
    let (low, high) = (low + effect, high + effect);
    let (low, high) = match is_count {
        true => (low.exp().ceil(), high.exp().floor()),
        false => (low.exp(), high.exp()),
    };
    assert_eq!(bits(low), bits(number(&band["low"])));
    assert_eq!(bits(high), bits(number(&band["high"])));
}

/// Reckons the deadline from its landings.
fn recompute_deadline(due: &Value, of: i64) {
    let derivation = &due["derivation"];
    assert_eq!(derivation["outcome"], "deadline");
    let landings: Vec<(i64, f64)> = derivation["landings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (index(&l["partition"]), number(&l["lag_hours"])))
        .collect();
    let reckon = |lags: &[f64]| {
        let usual = median(lags);
        let distances: Vec<f64> = lags.iter().map(|lag| (lag - usual).abs()).collect();
        let latest = lags.iter().copied().fold(f64::MIN, f64::max);
        let slack = 2.0_f64.max(0.025 * usual.abs());
        (usual, (4.0 * (1.4826 * median(&distances))).max(slack).min(latest - usual + slack))
    };
    let all: Vec<f64> = landings.iter().map(|(_, lag)| *lag).collect();
    let same: Vec<f64> = landings.iter().filter(|(at, _)| (of - at) % 7 == 0).map(|(_, lag)| *lag).collect();
    let (usual, wide) = reckon(&all);
    let of_slot = same.len() >= 3 && (reckon(&same).0 - usual).abs() > wide.min(1.0);
    assert_eq!(of_slot, derivation["of_slot"].as_bool().unwrap());
    let (usual, wide) = if of_slot { reckon(&same) } else { (usual, wide) };
    assert_eq!(bits(usual), bits(number(&derivation["usual_hours"])));
    assert_eq!(bits(wide), bits(number(&derivation["width_hours"])));
    assert_eq!(bits(usual + wide), bits(number(&derivation["deadline_hours"])));
    let end = Timestamp::from_second((of + 1) * 86_400).unwrap();
    let at = end + SignedDuration::from_secs(((usual + wide) * 3_600.0).ceil() as i64);
    assert_eq!(due["at"], at.to_string());
}

#[test]
fn what_is_expected_is_reckoned_from_what_is_printed() {
    let desk = desk(500_000);
    for day in ["2061-03-01", "2061-02-27", "2061-02-10", "2061-01-31"] {
        let explained = desk
            .run(&["explain", "orders", "--partition", day, "--format", "json", "--now", NOW])
            .ends(0)
            .json();
        let of = index(&Value::from(day));
        recompute(&explained["expected"]["TotalFileSize"], of, false);
        recompute(&explained["expected"]["ObjectCount"], of, true);
        recompute_deadline(&explained["due"], of);
    }
}

#[test]
fn a_number_that_is_off_by_one_bit_is_noticed() {
    let desk = desk(500_000);
    let explained = desk.run(&["explain", "orders", "--json", "--now", NOW]).ends(0).json();
    let of = index(&explained["partition"]);
    let mut band = explained["expected"]["TotalFileSize"].clone();
    recompute(&band, of, false);
    let day = &mut band["derivation"]["days"][0]["log"];
    *day = Value::from(f64::from_bits(number(day).to_bits() + 1));
    assert!(std::panic::catch_unwind(|| recompute(&band, of, false)).is_err());
}

#[test]
fn little_experience_is_said() {
    let desk = desk(500_000);
    let check = |day: &str, expect: &[&str]| {
        let run = desk.run(&["explain", "orders", "--partition", day, "--now", NOW]).ends(0);
        expect.iter().for_each(|text| assert!(run.stdout.contains(text), "{text} of {day}: {run}"));
        assert_eq!(run.stdout.contains("young:"), expect[0].contains("young:"), "{run}");
    };
    check("2060-12-24", &["nothing yet: 2 partitions landed before it, 5 are needed"]);
    check("2060-12-24", &["2 landings are too few to learn a deadline from"]);
    check("2061-01-02", &["young: 10 forecasts so far were put to the test, so it is 30 % wider"]);
    check("2061-03-01", &["what is expected"]);
}

#[test]
fn the_json_keeps_its_schema() {
    let desk = desk(9);
    let schema = desk.run(&["schema", "--explain"]).ends(0).json();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("explain.json", schema).unwrap();
    let schema = compiler.compile("explain.json", &mut schemas).unwrap();
    for args in [&[][..], &["--partition", "2060-12-23"], &["--partition", "2061-03-02"]] {
        let args = [&["explain", "orders", "--json", "--now", NOW], args].concat();
        let output = desk.run(&args).ends(0).json();
        schemas.validate(&output, schema).unwrap_or_else(|error| panic!("{args:?}: {error:#}"));
    }
    desk.config("lake: lake\ndatasets:\n  orders:\n    path: orders/date={date}/\n    due: +1d 04:00\n");
    let output = desk.run(&["explain", "orders", "--json", "--now", NOW]).ends(0).json();
    assert!(output["due"]["derivation"].is_null());
    schemas.validate(&output, schema).unwrap();
}
