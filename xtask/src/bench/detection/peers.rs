//! The common rules, with the defaults that their authors publish, re-implemented here for comparison.
//!
//! They look at one number (bytes, or rows for a feed that is counted in rows) and at the time of the last arrival.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

use super::detector::{Detector, Landed, Verdict};
use super::history::start;

/// A rule on the volume of the newest day and the days before it, oldest first.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// More than 30 % above or below the day before.
    DayOverDay,
    /// Three standard deviations from the mean of the last 14 days, including the tested day.
    ZScoreInside,
    /// Three standard deviations from the mean of the 30 days before.
    ZScore,
    /// Iglewicz and Hoaglin 1993: 0.6745 (x - median) / MAD beyond 3.5, over the last 30 days.
    ModifiedZScore,
    /// The same over the last 13 days of the same weekday.
    WeekdayMedian,
}

impl Rule {
    /// Every rule and its display name.
    pub(super) const ALL: [(&str, Rule); 5] = [
        ("day over day, 30 %", Rule::DayOverDay),
        ("z-score over 14 days, tested day included", Rule::ZScoreInside),
        ("z-score over 30 days", Rule::ZScore),
        ("modified z-score, over 30 days", Rule::ModifiedZScore),
        ("weekday median, with MAD, over 13 weeks", Rule::WeekdayMedian),
    ];

    /// The source of its parameters, as a sentence of Markdown.
    pub(super) fn source(self) -> &'static str {
        match self {
            Rule::DayOverDay => {
                "the rule that people write by hand; no tool sets 30 % by default, and a lower limit alarms even more often."
            }
            Rule::ZScoreInside => {
                "the defaults of `volume_anomalies` in Elementary: \
                 [sensitivity 3](https://docs.elementary-data.com/data-tests/anomaly-detection-configuration/anomaly-sensitivity), \
                 [14 days, including the days under test](https://docs.elementary-data.com/data-tests/anomaly-detection-configuration/training-period)."
            }
            Rule::ZScore => {
                "the defaults of Sling's monitors: \
                 [threshold 3.0, the 30 days before](https://docs.slingdata.io/sling-platform/platform/monitors/anomaly-detection)."
            }
            Rule::ModifiedZScore => {
                "beyond 3.5, as Iglewicz and Hoaglin recommend (*How to Detect and Handle Outliers*, ASQC 1993; \
                 [NIST's handbook](https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm)), over 30 days."
            }
            Rule::WeekdayMedian => {
                "the same limit for each weekday separately, over a quarter of a year; not the default of any tool."
            }
        }
    }

    fn alarms(self, past: &[(Weekday, f64)], weekday: Weekday, value: f64) -> bool {
        let last =
            |n: usize| past[past.len().saturating_sub(n)..].iter().map(|(_, v)| *v).collect::<Vec<_>>();
        match self {
            Rule::DayOverDay => past.last().is_some_and(|(_, v)| (value - v).abs() > 0.3 * v),
            Rule::ZScoreInside => {
                let window = [last(13), vec![value]].concat();
                window.len() == 14 && beyond_three_deviations(&window, value)
            }
            Rule::ZScore => {
                let window = last(30);
                window.len() == 30 && beyond_three_deviations(&window, value)
            }
            Rule::ModifiedZScore => modified_z(last(30), value, 7),
            Rule::WeekdayMedian => {
                let same: Vec<f64> =
                    past.iter().filter(|(day, _)| *day == weekday).map(|(_, v)| *v).collect();
                modified_z(same[same.len().saturating_sub(13)..].to_vec(), value, 4)
            }
        }
    }
}

fn beyond_three_deviations(window: &[f64], value: f64) -> bool {
    let n = window.len() as f64;
    let mean = window.iter().sum::<f64>() / n;
    let variance = window.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (value - mean).abs() > 3.0 * variance.sqrt()
}

/// Whether the value is more than 3.5 scaled deviations away; never with fewer than `least` days.
fn modified_z(past: Vec<f64>, value: f64, least: usize) -> bool {
    if past.len() < least {
        return false;
    }
    let middle = median(past.clone());
    let deviation = median(past.into_iter().map(|v| (v - middle).abs()).collect());
    0.6745 * (value - middle).abs() > 3.5 * deviation
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

/// A rule on volume, and for lateness: no arrival for 26 hours.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    rule: Rule,
    past: Vec<(Weekday, f64)>,
    last: Option<Timestamp>,
}

impl Peer {
    pub(super) fn new(rule: Rule) -> Peer {
        Peer { rule, past: Vec::new(), last: None }
    }
}

impl Detector for Peer {
    fn due(&mut self, day: Date) -> Option<Timestamp> {
        let due = self.last?.checked_add(SignedDuration::from_hours(26)).ok()?;
        // After the deadline the rule stays in alarm until something lands: the days between raise no new alarm.
        (due >= start(day)).then_some(due)
    }

    fn judge(&mut self, landed: Landed) -> Verdict {
        self.last = Some(landed.at);
        let Some(value) = landed.volume.main() else { return Verdict::Ok };
        let weekday = landed.day.weekday();
        let alarms = self.rule.alarms(&self.past, weekday, value);
        self.past.push((weekday, value));
        if alarms { Verdict::Alarm } else { Verdict::Ok }
    }

    fn absent(&mut self, _day: Date) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_passes_a_usual_day_and_not_an_odd_one() {
        let past: Vec<(Weekday, f64)> = std::iter::successors(Some(Weekday::Monday), |day| Some(day.next()))
            .zip((0..70).map(|i| 100.0 + f64::from(i % 5)))
            .collect();
        for (name, rule) in Rule::ALL {
            let alarms = |value| rule.alarms(&past, Weekday::Monday, value);
            assert!(!alarms(102.0) && alarms(40.0) && alarms(400.0), "{name}");
        }
    }

    #[test]
    fn no_arrival_for_26_hours_is_late() {
        let mut peer = Peer::new(Rule::DayOverDay);
        let at: Timestamp = "2024-01-01T05:00:00Z".parse().unwrap();
        assert_eq!(peer.due(Date::constant(2024, 1, 1)), None);
        let volume = super::super::detector::Volume { size: Some(7.0), rows: None };
        peer.judge(Landed { day: Date::constant(2024, 1, 1), at, volume });
        assert_eq!(peer.due(Date::constant(2024, 1, 2)), "2024-01-02T07:00:00Z".parse().ok());
    }
}
