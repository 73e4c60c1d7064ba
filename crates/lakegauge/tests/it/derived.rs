//! `explain --format json`: a band or a deadline that is recomputed from the output is identical to the bit.
//!
//! Nothing of lakegauge's own arithmetic is used here: the rules are those of docs/detection.md.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday, date};
use serde_json::Value;

use crate::harness::Desk;

const NOW: &str = "2061-03-02T12:00:00Z";

/// The cadence of a feed, as docs/detection.md counts it.
#[derive(Clone, Copy, Debug)]
struct Feed {
    path: &'static str,
    hours: i64,
    season: i64,
    methods: usize,
    slack: f64,
}

const HOURS: Feed = Feed { path: "orders/{date}/{hour}/", hours: 1, season: 24, methods: 8, slack: 0.25 };
const DAYS: Feed = Feed { path: "orders/date={date}/", hours: 24, season: 7, methods: 6, slack: 2.0 };
const WEEKS: Feed = Feed { path: "orders/{date:%G-W%V}/", hours: 168, season: 4, methods: 6, slack: 8.0 };

impl Feed {
    /// The start of the `n`th of `all` periods, of which the last has ended by [`NOW`].
    fn start(self, n: i64, all: i64) -> DateTime {
        // A Monday.
        let end = if self.hours == 168 { date(2061, 2, 28) } else { date(2061, 3, 2) };
        end.at(0, 0, 0, 0) - SignedDuration::from_hours(self.hours * (all - n))
    }

    fn folder(self, start: DateTime) -> String {
        let pattern = [("{date}", "%F"), ("{date:%G-W%V}", "%G-W%V"), ("{hour}", "%H")];
        let pattern = pattern.iter().fold(self.path.to_owned(), |path, (key, by)| path.replace(key, by));
        start.strftime(&pattern).to_string()
    }

    /// Periods since a Monday.
    fn index(self, partition: &Value) -> i64 {
        let text = partition.as_str().unwrap();
        let start = match text.split_once("-W") {
            Some((year, week)) => {
                let (year, week) = (year.parse().unwrap(), week.parse().unwrap());
                ISOWeekDate::new(year, week, Weekday::Monday).unwrap().date().at(0, 0, 0, 0)
            }
            None if text.len() == 13 => format!("{text}:00").parse().unwrap(),
            None => text.parse::<Date>().unwrap().at(0, 0, 0, 0),
        };
        start.duration_since(date(2001, 1, 1).at(0, 0, 0, 0)).as_hours() / self.hours
    }
}

/// Seventy days with a weekly rhythm, a level that doubles, a bad day and varying landing times; the last has `last`
/// bytes.
fn desk(last: u64) -> Desk {
    desk_of(DAYS, 70, last)
}

/// The same for any cadence: this many periods; the last has `last` bytes.
fn desk_of(feed: Feed, periods: i64, last: u64) -> Desk {
    let desk = Desk::new();
    for n in 0..periods {
        let (start, count) = (feed.start(n, periods), n as u64);
        let quiet = if n % feed.season >= feed.season - 2 { 2 } else { 5 };
        let level = if n >= periods * 4 / 7 { 2 } else { 1 };
        let bytes = match n {
            _ if n == periods - 1 => last,
            30 => 1_000,
            _ => 100_000 * quiet * level + count * 37 % 23 * 1_000,
        };
        let end = (start + SignedDuration::from_hours(feed.hours)).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let lag = feed.hours * 450 + n * 613 % (feed.hours * 71);
        let landed = end.timestamp() + SignedDuration::from_secs(lag);
        let objects = 2 + count % 7 % 3;
        for part in 0..objects {
            desk.lay(&format!("{}part-{part}", feed.folder(start)), bytes / objects, landed);
        }
    }
    desk.config(&format!(
        "lake: lake\ndatasets:\n  orders:\n    path: \"{}\"\n    landed_when: quiet 5m\n",
        feed.path
    ));
    desk
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    if n % 2 == 1 { sorted[n / 2] } else { (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0 }
}

/// The printed past, by period, and the number of periods in a season.
struct Days(BTreeMap<i64, f64>, i64);

impl Days {
    fn before(&self, at: i64, most: usize) -> Vec<f64> {
        self.0.range(..at).rev().take(most).map(|(_, v)| *v).collect()
    }

    fn slots(&self, at: i64) -> Vec<(i64, f64)> {
        let same = (1..=5).map(|k| at - self.1 * k).filter_map(|day| Some((day, *self.0.get(&day)?)));
        same.take(4).collect()
    }

    fn season(&self, at: i64) -> Option<f64> {
        let slots: Vec<f64> = self.slots(at).iter().map(|(_, v)| *v).collect();
        (slots.len() >= 2).then(|| median(&slots))
    }

    /// The newest value, and the usual step into this slot from the same distance before it.
    fn step(&self, at: i64) -> f64 {
        let (newest, value) = self.0.range(..at).next_back().unwrap();
        let step = |(day, v): (i64, f64)| Some(v - self.0.get(&(day - (at - newest)))?);
        value + median(&self.slots(at).into_iter().filter_map(step).collect::<Vec<f64>>())
    }

    fn centre(&self, weeks: &Days, method: &str, at: i64) -> f64 {
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
            "season_step" => self.step(at),
            "week" => weeks.season(at).unwrap(),
            "week_step" => weeks.step(at),
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

/// Recomputes the band from its derivation.
fn recompute(feed: Feed, band: &Value, of: i64, is_count: bool) {
    let derivation = &band["derivation"];
    let past = |name: &str, season: i64| {
        let days = derivation[name].as_array().unwrap().iter();
        let place = |d: &Value| feed.index(d.get("counts_as").unwrap_or(&d["partition"]));
        Days(days.map(|d| (place(d), number(&d["log"]))).collect(), season)
    };
    let (days, weeks) = (past("days", feed.season), past("weeks", 168));
    assert_eq!(derivation["season"], feed.season);
    let parameters = &derivation["parameters"];
    let forecasts = derivation["forecasts"].as_array().unwrap();
    assert_eq!(forecasts.len(), feed.methods);
    let mut computed = Vec::new();
    for forecast in forecasts {
        let method = forecast["method"].as_str().unwrap();
        let (centre, wide) =
            (days.centre(&weeks, method, of), width(&numbers(&forecast["errors"]), parameters));
        assert_eq!(bits(centre), bits(number(&forecast["centre"])), "{method}");
        assert_eq!(bits(wide), bits(number(&forecast["width"])), "{method}");
        computed.push((centre, wide, forecast));
    }
    let best = computed.iter().map(|(_, wide, _)| *wide).fold(f64::INFINITY, f64::min);
    let half = best * number(&derivation["wildness"]);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (centre, wide, forecast) in computed {
        let heard = wide <= number(&parameters["heard"]) * best;
        assert_eq!(heard, forecast["heard"].as_bool().unwrap());
        if heard {
            let other = forecast.get("from_round").map_or(centre, number);
            low = low.min(centre.min(other) - half);
            high = high.max(centre.max(other) + half);
        }
    }
    if let Some(run) = derivation.get("constant") {
        assert!(number(run) >= 30.0);
        let newest = *days.0.values().next_back().unwrap();
        (low, high) = (newest - 1e-9, newest + 1e-9);
    }
    assert_eq!(bits(low), bits(number(&derivation["low_log"])));
    assert_eq!(bits(high), bits(number(&derivation["high_log"])));
    let effect = derivation["month"].get("effect").map_or(0.0, number);
    let (low, high) = (low + effect, high + effect);
    let (low, high) = match is_count {
        true => (low.exp().ceil(), high.exp().floor()),
        false => (low.exp().floor(), high.exp().ceil()),
    };
    assert_eq!(bits(low), bits(number(&band["low"])));
    assert_eq!(bits(high), bits(number(&band["high"])));
}

/// Recomputes how far a day of hours may move.
fn recompute_day(derivation: &Value, of: i64) {
    let day = &derivation["last_day"];
    let index = |d: &Value| HOURS.index(d.get("counts_as").unwrap_or(&d["partition"]));
    let weeks = derivation["weeks"].as_array().unwrap().iter().map(|d| (index(d), number(&d["log"])));
    let usual = Days(weeks.collect(), 168).season(of).unwrap();
    assert_eq!(bits(usual), bits(number(&day["usual_log"])));
    assert_eq!(day["hours"].as_array().unwrap().len(), 23);
    for side in ["low", "high"] {
        let mut days = numbers(&day[format!("{side}_days")]);
        days.sort_by(f64::total_cmp);
        let (n, tail, rate) = (days.len(), number(&day["tail"]), number(&day["rate"]));
        if (n as f64) < number(&day["least_days"]) {
            assert!(day[format!("{side}_limit")].is_null());
            continue;
        }
        let threshold = days[((1.0 - tail) * n as f64).ceil() as usize - 1];
        let excesses: Vec<f64> = days.iter().map(|d| d - threshold).filter(|by| *by > 0.0).collect();
        let mean = excesses.iter().sum::<f64>() / excesses.len().max(1) as f64;
        let limit = (threshold + mean * (tail / rate).ln()).max(number(&day["floor"]));
        assert_eq!(bits(limit), bits(number(&day[format!("{side}_limit")])), "{side} of {n} days");
    }
}

/// Recomputes the deadline from its landings.
fn recompute_deadline(feed: Feed, due: &Value, of: i64) {
    let derivation = &due["derivation"];
    assert_eq!(derivation["outcome"], "deadline");
    let landing = |l: &Value| (feed.index(&l["partition"]), number(&l["lag_hours"]));
    let landings = |name: &str| -> Vec<(i64, f64)> {
        derivation[name].as_array().unwrap().iter().map(landing).collect()
    };
    let typical = |lags: &[f64]| {
        let usual = median(lags);
        let distances: Vec<f64> = lags.iter().map(|lag| (lag - usual).abs()).collect();
        let latest = lags.iter().copied().fold(f64::MIN, f64::max);
        let slack = feed.slack.max(0.025 * usual.abs());
        (usual, (4.0 * (1.4826 * median(&distances))).max(slack).min(latest - usual + slack))
    };
    let all: Vec<f64> = landings("landings").iter().map(|(_, lag)| *lag).collect();
    let of_slot = landings("slot_landings");
    assert!(of_slot.iter().all(|(at, _)| (of - at) % feed.season == 0));
    let same: Vec<f64> = of_slot.iter().map(|(_, lag)| *lag).collect();
    let (usual, wide) = typical(&all);
    let deviation = |lags: &[f64]| {
        let usual = median(lags);
        1.4826 * median(&lags.iter().map(|lag| (lag - usual).abs()).collect::<Vec<f64>>())
    };
    let of_slot = same.len() >= 3 && median(&same) - usual > deviation(&same).max(feed.slack / 2.0);
    assert_eq!(of_slot, derivation["of_slot"].as_bool().unwrap());
    let (usual, wide) = if of_slot { typical(&same) } else { (usual, wide) };
    assert_eq!(bits(usual), bits(number(&derivation["usual_hours"])));
    assert_eq!(bits(wide), bits(number(&derivation["width_hours"])));
    assert_eq!(bits(usual + wide), bits(number(&derivation["deadline_hours"])));
    let end = date(2001, 1, 1).at(0, 0, 0, 0) + SignedDuration::from_hours((of + 1) * feed.hours);
    let at = end.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
        + SignedDuration::from_secs(((usual + wide) * 3_600.0).ceil() as i64);
    assert_eq!(due["at"], at.to_string());
}

#[test]
fn what_is_expected_can_be_recomputed_from_what_is_printed() {
    let check = |feed: Feed, periods: i64, partitions: &[&str]| {
        let desk = desk_of(feed, periods, 500_000);
        for partition in partitions {
            let args = ["explain", "orders", "--partition", partition, "--format", "json", "--now", NOW];
            let explained = desk.run(&args).ends(0).json();
            let of = feed.index(&Value::from(*partition));
            recompute(feed, &explained["expected"]["TotalFileSize"], of, false);
            recompute(feed, &explained["expected"]["ObjectCount"], of, true);
            recompute_deadline(feed, &explained["due"], of);
            if feed.hours == 1 {
                recompute_day(&explained["expected"]["TotalFileSize"]["derivation"], of);
            }
        }
    };
    check(DAYS, 70, &["2061-03-01", "2061-02-27", "2061-02-10", "2061-01-31"]);
    check(HOURS, 45 * 24, &["2061-03-01T23", "2061-02-27T05", "2061-02-20T12"]);
    check(WEEKS, 60, &["2061-W08", "2061-W03", "2060-W40"]);
}

#[test]
fn a_number_that_is_off_by_one_bit_is_noticed() {
    let desk = desk(500_000);
    let explained = desk.run(&["explain", "orders", "--json", "--now", NOW]).ends(0).json();
    let of = DAYS.index(&explained["partition"]);
    let mut band = explained["expected"]["TotalFileSize"].clone();
    recompute(DAYS, &band, of, false);
    let day = &mut band["derivation"]["days"][0]["log"];
    *day = Value::from(f64::from_bits(number(day).to_bits() + 1));
    assert!(std::panic::catch_unwind(|| recompute(DAYS, &band, of, false)).is_err());
}

#[test]
fn little_experience_is_said() {
    let desk = desk(500_000);
    let check = |day: &str, expect: &[&str]| {
        let run = desk.run(&["explain", "orders", "--partition", day, "--now", NOW]).ends(0);
        expect.iter().for_each(|text| assert!(run.stdout.contains(text), "{text} of {day}: {run}"));
        assert_eq!(run.stdout.contains("short history"), expect[0].contains("short history"), "{run}");
    };
    check("2060-12-24", &["nothing yet: 2 partitions landed before it, 5 are needed"]);
    check("2060-12-24", &["no deadline yet: 2 landings are too few to learn from"]);
    check("2061-01-02", &["short history (8 partitions): band 38 % wider"]);
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
