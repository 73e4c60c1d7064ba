//! Words the verdicts and the deadlines.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arrival::Expected;
use super::fact::{Band, Level, Said, Verdict};
use super::presence::Came;
use super::skips::Skipped;
use super::stretch;
use super::words::{hour, hours_of_week, slot, weekdays};
use crate::metric::{Metric, Unit};
use crate::partition::{Cadence, Partition};
use crate::quantity;

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

/// Why an hour is in alarm as part of the day that ends with it, which is this far from usual, as a logarithm.
pub(super) fn odd_day(by: f64, last: Partition) -> String {
    let amount = quantity::percent((by.exp() - 1.0).abs());
    let side = if by < 0.0 { "below" } else { "above" };
    let first = last.offset(1 - stretch::HOURS);
    format!("the hours since {first} are {amount} {side} usual (median)")
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
        Expected::Skips(skipped) => format!("no deadline: {}", skips(*skipped)),
        Expected::ByHand { scatter, skipped } => format!(
            "no deadline: probably run by hand (half of the landings are {} or more from the usual time; {})",
            quantity::duration(scatter * 3_600.0),
            skips(*skipped)
        ),
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

fn skips(Skipped { skips, of }: Skipped) -> String {
    format!("{skips} of the last {of} landings followed a skip")
}
