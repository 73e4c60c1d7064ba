//! What was found, in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arrival::Expected;
use super::fact::{Band, Level, Verdict};
use super::forecast::Method;
use super::past::SEASONS;
use super::presence::Came;
use super::volume::Volume;
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};
use crate::quantity;

/// The slot's name in the plural: `Mondays`, `days at 05h`.
fn slot(partition: Partition) -> String {
    match partition.cadence() {
        Cadence::Hourly => format!("days at {:02}h", partition.start().hour()),
        Cadence::Daily => weekdays(partition),
        Cadence::Weekly => "same weeks of a round of four".to_owned(),
        Cadence::Monthly => format!("{}s", partition.date().strftime("%B")),
    }
}

/// `Mondays`.
fn weekdays(partition: Partition) -> String {
    format!("{}s", partition.date().strftime("%A"))
}

/// `Mondays at 09h`.
fn hours_of_week(partition: Partition) -> String {
    format!("{} at {:02}h", weekdays(partition), partition.start().hour())
}

/// Periods in the plural.
fn periods(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Hourly => "hours",
        Cadence::Daily => "days",
        Cadence::Weekly => "weeks",
        Cadence::Monthly => "months",
    }
}

/// What a method goes by.
pub(super) fn source(method: Method, volume: &Volume, index: i64, of: Partition) -> String {
    let same = volume.past.same_slot(index).take(SEASONS).count();
    let weeks = volume.weeks().into_iter().flat_map(|w| w.same_slot(index).take(SEASONS)).count();
    let recent = volume.past.before(index).take(method.looks_at()).count();
    let source = match method {
        Method::Last => "the previous partition".to_owned(),
        Method::Drift => {
            format!(
                "the previous partition plus the usual change of the last {recent} {}",
                periods(of.cadence())
            )
        }
        Method::Level => format!("the last {recent} {}", periods(of.cadence())),
        Method::Season => format!("the last {same} {}", slot(of)),
        Method::SeasonStep => {
            format!("the previous partition plus the usual change into the last {same} {}", slot(of))
        }
        Method::Week => format!("the last {weeks} {}", hours_of_week(of)),
        Method::WeekStep => {
            format!(
                "the previous partition plus the usual change into the last {weeks} {}",
                hours_of_week(of)
            )
        }
        Method::SeasonLevel => format!("the last {same} {}, adjusted to the latest level", slot(of)),
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

/// What a verdict's sentence is made of.
pub(super) struct Words<'a> {
    pub(super) metric: Metric,
    pub(super) observed: f64,
    pub(super) expected: Option<&'a Band>,
}

impl Words<'_> {
    /// `12 MB landed (−94 %); 190–230 MB expected (the last 4 Mondays)`.
    pub(super) fn sentence(&self, level: Level, because: Option<&str>) -> String {
        let unit = self.metric.unit();
        let noun = match self.metric {
            Metric::ObjectCount => " objects",
            Metric::RowCount => " rows",
            _ => "",
        };
        let mut text = format!("{}{noun} landed", quantity::format(self.observed, unit));
        match self.expected {
            Some(Band { low: Some(low), high: Some(high), source }) => {
                let middle = (low * high).sqrt();
                if middle > 0.0 && level != Level::Ok {
                    let change = self.observed / middle - 1.0;
                    let sign = if change < 0.0 { '−' } else { '+' };
                    text.push_str(&format!(" ({sign}{})", quantity::percent(change.abs())));
                }
                // Whole things are counted in whole numbers.
                let whole = |v: &f64| if noun.is_empty() { *v } else { v.round() };
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
        continuing: None,
        reason: "nothing was measured".to_owned(),
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
