//! Words the verdicts and the deadlines.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arrival::Expected;
use super::band::LogBand;
use super::fact::{Band, Level, Said, Verdict};
use super::forecast::Method;
use super::past::{Past, SEASONS};
use super::presence::Came;
use super::volume::Volume;
use crate::metric::{Metric, Unit};
use crate::partition::{Cadence, Partition};
use crate::quantity;

/// The slot's name in the plural: `Mondays`, `days at 05h`.
fn slot(partition: Partition) -> String {
    match partition.cadence() {
        Cadence::Hourly => format!("days at {}", hour(partition)),
        Cadence::Daily => weekdays(partition),
        Cadence::Weekly => "same weeks of a round of four".to_owned(),
        Cadence::Monthly => format!("{}s", partition.date().strftime("%B")),
    }
}

/// `Mondays`.
fn weekdays(partition: Partition) -> String {
    format!("{}s", partition.date().strftime("%A"))
}

/// `05h`.
fn hour(partition: Partition) -> String {
    format!("{:02}h", partition.start().hour())
}

/// `Mondays at 09h`.
fn hours_of_week(partition: Partition) -> String {
    format!("{} at {}", weekdays(partition), hour(partition))
}

/// A period: `hour`, `day`.
fn period(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Hourly => "hour",
        Cadence::Daily => "day",
        Cadence::Weekly => "week",
        Cadence::Monthly => "month",
    }
}

/// The partition of the newest value before `of`: `previous hour`, or the partition's name if it is older.
fn previous(past: &Past, index: i64, of: Partition) -> String {
    let newest = past.before(past.place(index)).next().and_then(|(place, _)| past.period(place));
    match newest {
        Some(at) if at < index - 1 => of.offset(at - index).to_string(),
        _ => format!("previous {}", period(of.cadence())),
    }
}

/// The usual change from the newest earlier value to this slot: `usual 06→07h change`, `usual Sun→Mon change`.
fn change(past: &Past, index: i64, of: Partition) -> String {
    let place = past.place(index);
    let back = past.before(place).next().map_or(1, |(newest, _)| place - newest);
    let from = of.offset(-back);
    let (from, to) = match of.cadence() {
        Cadence::Hourly => (format!("{:02}", from.start().hour()), hour(of)),
        Cadence::Daily => (from.date().strftime("%a").to_string(), of.date().strftime("%a").to_string()),
        Cadence::Weekly => return "usual change into this week of a round of four".to_owned(),
        Cadence::Monthly => (from.date().strftime("%b").to_string(), of.date().strftime("%b").to_string()),
    };
    format!("usual {from}→{to} change")
}

/// What a band was learned from, in words.
pub(super) fn source(band: &LogBand, volume: &Volume, index: i64, of: Partition) -> String {
    let source = match (band.constant, band.best()) {
        (Some(run), _) => {
            let number = quantity::count(band.middle().exp().round());
            format!("always {number} in the last {run} {}s", period(of.cadence()))
        }
        (None, Some(best)) => of_method(best.method, volume, index, of),
        (None, None) => String::new(),
    };
    match volume.month.effect(of) {
        Some((day, by, known)) => {
            let sign = if by < 0.0 { '−' } else { '+' };
            let (by, months) = (quantity::percent(by.exp_m1().abs()), known.len());
            format!("{source}, {sign}{by} as on the last {months} {}", day.plural())
        }
        None => source,
    }
}

fn of_method(method: Method, volume: &Volume, index: i64, of: Partition) -> String {
    let past = &volume.past;
    let same = past.same_slot(past.place(index)).take(SEASONS).count();
    let recent = past.before(past.place(index)).take(method.looks_at()).count();
    let previous = || previous(past, index, of);
    match method {
        Method::Last => previous(),
        Method::Drift => {
            format!("{} plus the usual step of the last {recent} {}s", previous(), period(of.cadence()))
        }
        Method::Level => format!("the last {recent} {}s", period(of.cadence())),
        Method::Season => format!("the last {same} {}", slot(of)),
        Method::SeasonStep => format!("{}, adjusted by the {}", previous(), change(past, index, of)),
        Method::SeasonLevel => format!("the last {same} {}, adjusted to the latest level", slot(of)),
        Method::Week | Method::WeekStep => {
            let Some(weeks) = volume.weeks() else { return String::new() };
            let same = weeks.same_slot(weeks.place(index)).take(SEASONS).count();
            match method {
                Method::Week => format!("the last {same} {}", hours_of_week(of)),
                _ => {
                    let day = of.date().strftime("%a");
                    let previous = self::previous(weeks, index, of);
                    format!("{previous}, adjusted by the {} on {day}", change(weeks, index, of))
                }
            }
        }
    }
}

/// Why the third deviation in a row on a weekday (or hour of the day) is no alarm.
pub(super) fn new_slot(partition: Partition) -> String {
    let of = match partition.cadence() {
        Cadence::Hourly => format!("at {}", hour(partition)),
        Cadence::Daily => format!("on {}", weekdays(partition)),
        Cadence::Weekly => "in this week of a round of four".to_owned(),
        Cadence::Monthly => format!("in {}", partition.date().strftime("%B")),
    };
    format!("third time in a row {of}, expected from now on")
}

/// The same for an hour of the week.
pub(super) fn new_hour_of_week(partition: Partition) -> String {
    format!("third time in a row on {}, expected from now on", hours_of_week(partition))
}

impl Verdict {
    /// One sentence, without a full stop: `12 MB landed (−94 %); 190–230 MB expected (the last 4 Mondays)`.
    pub fn reason(&self) -> String {
        let Some(Said { found, because, hours }) = &self.said else {
            return "nothing was measured".to_owned();
        };
        let (because, unit, observed) = (because.as_deref(), self.metric.unit(), self.observed / hours);
        let mut text = format!("{} landed", quantity::of(self.metric, observed));
        match &self.expected {
            Some(Band { low: Some(low), high: Some(high), source }) => {
                let (low, high) = (low / hours, high / hours);
                let middle = (low * high).sqrt();
                if middle > 0.0 && *found != Level::Ok {
                    let change = observed / middle - 1.0;
                    let sign = if change < 0.0 { '−' } else { '+' };
                    text.push_str(&format!(" ({sign}{})", quantity::percent(change.abs())));
                }
                // Counts are shown as whole numbers.
                let whole = |v: f64| if unit == Unit::Count { v.round() } else { v };
                let range = quantity::range(whole(low), whole(high), unit);
                text.push_str(&format!("; {range} expected ({source})"));
            }
            _ if because.is_none() => text.push_str("; no band yet: too few earlier partitions"),
            _ => {}
        }
        if let Some(because) = because {
            text.push_str(": ");
            text.push_str(because);
        }
        if let Some(since) = self.continuing {
            text.push_str(&format!("; continuing since {since}"));
        }
        if *hours > 1.0 {
            text.push_str(" (each of the two hours that this one lasts)");
        }
        text
    }
}

/// The verdict of a partition without metrics.
pub(super) fn nothing_measured() -> Verdict {
    Verdict {
        level: Level::Ok,
        metric: Metric::TotalFileSize,
        observed: 0.0,
        expected: None,
        moved: None,
        settled: false,
        continuing: None,
        said: None,
        beside: Vec::new(),
    }
}

/// Where a deadline comes from, or why there is none.
pub(super) fn due(expected: &Expected, next: Partition, usual: Option<Timestamp>, zone: &TimeZone) -> String {
    match expected {
        Expected::By { landings, slot: of_slot, .. } => {
            let at = usual.map_or_else(String::new, |t| zone.to_datetime(t).strftime("%a %H:%M").to_string());
            let of =
                if *of_slot { format!("{landings} {}", slot(next)) } else { format!("{landings} landings") };
            format!("usually there by {at}, learned from the last {of}")
        }
        Expected::Seldom(Came { came, of, of_week: true }) => {
            format!("not expected: {came} of the last {of} {} came", hours_of_week(next))
        }
        Expected::Seldom(Came { came, of, .. }) => {
            format!("not expected: {came} of the last {of} {} came", slot(next))
        }
        Expected::Skips { skips, of } => {
            format!("no deadline: {skips} of the last {of} landings followed a skip")
        }
        Expected::Stopped(absent) => {
            format!("not expected: none of the last {absent} came, the dataset has stopped")
        }
        Expected::Young(landings) if next.cadence() == Cadence::Hourly && *landings > 0 => {
            "the first week of hourly data is not over: which hours come is not known yet".to_owned()
        }
        Expected::Young(landings) => {
            format!("no deadline yet: {landings} landings are too few to learn from")
        }
        Expected::Unpredictable(hours) => {
            format!(
                "landing times vary too much (±{}) to learn a deadline",
                quantity::duration(hours * 3_600.0)
            )
        }
    }
}
