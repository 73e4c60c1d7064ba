//! How a band and a deadline were computed, as data: recomputing them from it gives the same bits.

use serde::Serialize;

use super::arrival::{self, Expected};
use super::band;
use super::errors;
use super::forecast::Method;
use super::month::MonthDay;
use super::past::{Past, RECENT, SEASONS};
use super::presence::Came;
use super::rhythm::{first, round};
use super::series::Series;
use super::stretch::LastDay;
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};

/// How the band of one metric of one partition was computed. Logarithms are natural.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Derivation {
    /// How many partitions make one round of the rhythm.
    pub season: usize,
    /// Every value that a forecaster can use, newest first.
    pub days: Vec<Day>,
    /// For hourly data, every value that the forecasters by hour of the week can use, newest first.
    pub weeks: Vec<Day>,
    /// Every forecaster that has errors of its own.
    pub forecasts: Vec<ForecastStep>,
    /// The forecaster with the narrowest band; if several are equal, the first in the order of `forecasts`.
    pub best: Method,
    /// The partitions that the best forecaster uses, newest first.
    pub named: Vec<Partition>,
    /// How many times wider the band is than the narrowest width, for an hour of the day that varies more than
    /// others; otherwise 1.
    pub wildness: f64,
    /// The lower edge, as a logarithm: the lowest `centre` of the heard forecasters, minus the narrowest width times
    /// `wildness`.
    pub low_log: f64,
    /// The upper edge, as a logarithm.
    pub high_log: f64,
    /// How many partitions in a row had the same number, if the band is that number alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<u64>,
    /// What the day of the month adds to both edges.
    pub month: Option<MonthEffect>,
    /// The last values outside their bands, oldest first, with none inside since; at most two weeks of them.
    pub outside: Vec<Outside>,
    /// The partition that raised the alarm that is still open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuing: Option<Partition>,
    /// The last change of level that was accepted as normal.
    pub moved: Option<Moved>,
    /// For hourly data, the hours before it as a whole.
    pub last_day: Option<LastDay>,
    /// How low a holiday may be, as a logarithm; `None` if there is no rhythm.
    pub low_day: Option<f64>,
    /// The fixed numbers of the method.
    pub parameters: Parameters,
}

/// A value of the past.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Day {
    /// The partition.
    pub partition: Partition,
    /// Its logarithm, adjusted by later changes of level.
    pub log: f64,
    /// The partition whose place it takes, if whole rounds without a usable value are in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_as: Option<Partition>,
}

/// One forecaster's expectation, and how wide its band is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForecastStep {
    /// The method.
    pub method: Method,
    /// What it expects, as a logarithm.
    pub centre: f64,
    /// What it expects from the middle of the last round, if it starts from the previous value and that value is
    /// missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_round: Option<f64>,
    /// Half the width of its band, as a logarithm.
    pub width: f64,
    /// Whether its band is narrow enough to be heard.
    pub heard: bool,
    /// Its own recent absolute errors, as logarithms, capped at the edges of the band of their day.
    pub errors: Vec<f64>,
}

/// A value outside its band.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outside {
    /// The partition.
    pub partition: Partition,
    /// Its logarithm.
    pub log: f64,
    /// Its distance from the middle of the band, as a logarithm.
    pub distance: f64,
}

/// How a day of the month differs from an ordinary day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthEffect {
    /// Which day.
    pub day: MonthDay,
    /// By how much, as a logarithm: the median difference of these days.
    pub effect: f64,
    /// The same day in the last months, each with its difference from the middle of an ordinary day's band.
    pub days: Vec<Day>,
}

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// The partition at which it was accepted as normal.
    pub partition: Partition,
    /// By how much, as a logarithm.
    pub by: f64,
}

/// The fixed parameters of a band; docs/detection.md explains each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Parameters {
    /// How many recent values are used.
    pub recent: usize,
    /// How many values of the same slot are used.
    pub seasons: usize,
    /// The minimum half-width, as a logarithm.
    pub floor: f64,
    /// Half-width in standard deviations.
    pub deviations: f64,
    /// Half-width as a multiple of the quantile.
    pub tail: f64,
    /// Which quantile.
    pub tail_quantile: f64,
    /// A band of n errors is wider by this share of 1/n.
    pub youth: f64,
    /// How many errors a forecaster needs to be heard.
    pub least_errors: usize,
    /// A forecaster is heard up to this multiple of the narrowest width.
    pub heard: f64,
}

/// How a deadline was computed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DueDerivation {
    /// How many partitions make one round of the rhythm.
    pub season: usize,
    /// Hours per period.
    pub period_hours: f64,
    /// The landings that were used, oldest first.
    pub landings: Vec<Landing>,
    /// The last landings of the same slot, oldest first.
    pub slot_landings: Vec<Landing>,
    /// How often the same slot came lately, and on how many occasions (at most eight).
    pub slot: (u32, u32),
    /// For hourly data, the same for this hour of the week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week_slot: Option<(u32, u32)>,
    /// How many of the last landings followed a skip, and of how many landings.
    pub skips: (u32, u32),
    /// How many periods since the last landing usually come but did not.
    pub run: i32,
    /// How many periods since the last landing did not come.
    pub absent: i64,
    /// The result.
    #[serde(flatten)]
    pub outcome: DueOutcome,
}

/// One landing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Landing {
    /// The partition.
    pub partition: Partition,
    /// Hours from the period's end, on the local clock.
    pub lag_hours: f64,
}

/// What the landings lead to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum DueOutcome {
    /// There is a deadline.
    Deadline {
        /// The median of the landings.
        usual_hours: f64,
        /// How far after it a landing may be.
        width_hours: f64,
        /// The deadline: their sum.
        deadline_hours: f64,
        /// True if only landings of the same slot were used.
        of_slot: bool,
    },
    /// This slot comes too seldom.
    Seldom,
    /// So many landings followed a skip that one more is not worth reporting.
    Skips,
    /// The landing times are those of a person, and landings followed a skip.
    ByHand,
    /// Too few landings.
    Young,
    /// Nothing came for so long that nothing is expected any more.
    Stopped,
    /// Landings differ by more than half a period.
    Unpredictable,
}

fn parameters(cadence: Cadence) -> Parameters {
    let width = errors::Width::of(cadence);
    Parameters {
        recent: RECENT,
        seasons: SEASONS,
        floor: errors::FLOOR,
        deviations: width.deviations,
        tail: width.tail,
        tail_quantile: width.tail_quantile,
        youth: errors::YOUTH,
        least_errors: errors::YOUNG,
        heard: band::HEARD,
    }
}

impl Series {
    /// How [`Series::expect`] computes its band; `None` if there is none.
    pub fn derive(&self, of: Partition, metric: Metric) -> Option<Derivation> {
        let volume = self.volume(metric)?;
        let index = self.index(of);
        let band = self.log_band(volume, of)?;
        let best = band.best()?.method;
        let name = |at: i64| first(of.cadence()).offset(at);
        let days = of_past(&volume.past, index, name);
        let forecasts = band.forecasts.iter().map(|f| ForecastStep {
            method: f.method,
            centre: f.centre,
            of_round: f.of_round,
            width: f.width,
            heard: f.heard,
            errors: volume.errors_of(f.method),
        });
        let named = |past: &Past| -> Vec<Partition> {
            let place = past.place(index);
            let places: Vec<i64> = match best {
                Method::Last | Method::Drift | Method::Level => {
                    past.before(place).take(best.looks_at()).map(|(at, _)| at).collect()
                }
                _ => past.same_slot(place).take(SEASONS).map(|(at, _)| at).collect(),
            };
            places.into_iter().filter_map(|at| past.period(at)).map(name).collect()
        };
        let named = match (best, volume.weeks()) {
            (Method::Week | Method::WeekStep, Some(weeks)) => named(weeks),
            _ => named(&volume.past),
        };
        let outside = volume.breach.iter().flat_map(|breach| &breach.outside);
        Some(Derivation {
            season: round(of.cadence()),
            days,
            weeks: volume.weeks().map_or_else(Vec::new, |weeks| of_past(weeks, index, name)),
            forecasts: forecasts.collect(),
            best,
            named,
            wildness: band.wildness,
            low_log: band.low,
            high_log: band.high,
            constant: band.constant,
            month: volume.month.effect(of).map(|(day, effect, known)| MonthEffect {
                day,
                effect,
                days: known
                    .iter()
                    .map(|d| Day { partition: d.partition, log: d.by, counts_as: None })
                    .collect(),
            }),
            outside: outside
                .map(|o| Outside { partition: name(o.index), log: o.value, distance: o.distance })
                .collect(),
            continuing: volume.breach.as_ref().and_then(|breach| breach.since).map(name),
            moved: volume.moved.map(|moved| Moved { partition: name(moved.index), by: moved.by }),
            last_day: volume.last_day(index, &band),
            low_day: volume.low_day(),
            parameters: parameters(of.cadence()),
        })
    }

    /// How [`Series::due`] computes its deadline, or why there is none.
    pub fn derive_due(&self, of: Partition) -> DueDerivation {
        let (index, arrival) = (self.index(of), self.arrival());
        let skipped = arrival.skips();
        let landing =
            |(at, lag): &(i64, f64)| Landing { partition: first(of.cadence()).offset(*at), lag_hours: *lag };
        DueDerivation {
            season: round(of.cadence()),
            period_hours: of.cadence().nominal_seconds() as f64 / 3_600.0,
            landings: arrival.lags().map(landing).collect(),
            slot_landings: arrival.of_slot(index).iter().map(landing).collect(),
            slot: counts(arrival.presence().of_day(index)),
            week_slot: arrival.presence().of_week(index).map(counts),
            skips: (skipped.skips, skipped.of),
            run: arrival.run(),
            absent: arrival.absences(),
            outcome: outcome(&arrival.expect(index)),
        }
    }
}

/// The values of a past that are used for the period `index`, newest first.
fn of_past(past: &Past, index: i64, name: impl Fn(i64) -> Partition) -> Vec<Day> {
    let place = past.place(index);
    let day = |(at, log): (i64, f64)| {
        let period = past.period(at)?;
        let counts_as = at + index - place;
        Some(Day { partition: name(period), log, counts_as: (counts_as != period).then(|| name(counts_as)) })
    };
    past.before(place).filter_map(day).collect()
}

fn counts(came: Came) -> (u32, u32) {
    (came.came, came.of)
}

fn outcome(expected: &arrival::Expected) -> DueOutcome {
    match *expected {
        Expected::By { deadline, usual, width, slot, .. } => DueOutcome::Deadline {
            usual_hours: usual,
            width_hours: width,
            deadline_hours: deadline,
            of_slot: slot,
        },
        Expected::Seldom(_) => DueOutcome::Seldom,
        Expected::Skips(_) => DueOutcome::Skips,
        Expected::ByHand { .. } => DueOutcome::ByHand,
        Expected::Young(_) => DueOutcome::Young,
        Expected::Stopped(_) => DueOutcome::Stopped,
        Expected::Unpredictable(_) => DueOutcome::Unpredictable,
    }
}
