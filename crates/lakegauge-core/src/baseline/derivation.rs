//! How a band and a deadline came about, as data: whoever recomputes them from it gets the same bits.

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
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};

/// How the band of one metric of one partition came about. Logarithms are natural.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Derivation {
    /// How many partitions make the round in which a rhythm repeats.
    pub season: usize,
    /// Every value that a forecaster can look at, newest first.
    pub days: Vec<Day>,
    /// Of hours, every value, for the forecasters by the hour of the week; newest first.
    pub weeks: Vec<Day>,
    /// Every forecaster that has a record of its own.
    pub forecasts: Vec<Reckoned>,
    /// The forecaster with the narrowest band, of equals the first in the order of `forecasts`.
    pub best: Method,
    /// The partitions that the best one goes by, newest first.
    pub named: Vec<Partition>,
    /// How many times wider the band is than the narrowest width, of an hour of the day that is wilder than the others; 1
    /// otherwise.
    pub wildness: f64,
    /// The lower edge, as a logarithm: the least `centre` of those that are heard, less the narrowest width times `wildness`.
    pub low_log: f64,
    /// The upper edge, as a logarithm.
    pub high_log: f64,
    /// How many partitions in a row had one and the same number, where the band is that number alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<u64>,
    /// What the day of the month adds to both edges.
    pub month: Option<MonthEffect>,
    /// The last values outside of their bands, oldest first, with none inside since: two weeks of them at most.
    pub outside: Vec<Outside>,
    /// The partition that raised the alarm which the last ones are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuing: Option<Partition>,
    /// The last change of level that was taken as normal.
    pub moved: Option<Moved>,
    /// How low a holiday may be, as a logarithm; `None` where there is no rhythm.
    pub low_day: Option<f64>,
    /// The fixed numbers of the method.
    pub parameters: Parameters,
}

/// A value of the past.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Day {
    /// Which partition.
    pub partition: Partition,
    /// Its logarithm, moved by the changes of level since.
    pub log: f64,
    /// The partition in whose place it is looked at, where whole rounds without a usual value lie between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_as: Option<Partition>,
}

/// One forecaster's word, and what its width comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reckoned {
    /// How it guesses.
    pub method: Method,
    /// What it expects, as a logarithm.
    pub centre: f64,
    /// What it expects from the middle of the last round, where it goes by the value before and that is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_round: Option<f64>,
    /// Half the width of its band, as a logarithm.
    pub width: f64,
    /// Whether its band is narrow enough to be heard.
    pub heard: bool,
    /// Its own recent absolute errors, as logarithms, cut at the edges of the bands of their days.
    pub errors: Vec<f64>,
}

/// A value outside of its band.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outside {
    /// Which partition.
    pub partition: Partition,
    /// Its logarithm.
    pub log: f64,
    /// Less the middle of the band, as logarithms.
    pub distance: f64,
}

/// What a day of the month differs by from an ordinary day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthEffect {
    /// Which day.
    pub day: MonthDay,
    /// By how much, as a logarithm: the median of what these days differed by.
    pub effect: f64,
    /// The same day of the last months, each with what it differed by from the middle of an ordinary day's band.
    pub days: Vec<Day>,
}

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// The partition with which it was taken as normal.
    pub partition: Partition,
    /// By how much, as a logarithm.
    pub by: f64,
}

/// The fixed numbers behind a band; docs/detection.md says what each is for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Parameters {
    /// How many recent values are looked at.
    pub recent: usize,
    /// How many same slots are looked at.
    pub seasons: usize,
    /// The least half-width, as a logarithm.
    pub floor: f64,
    /// Half-width in standard deviations.
    pub deviations: f64,
    /// Half-width in quantiles.
    pub tail: f64,
    /// Which quantile.
    pub tail_quantile: f64,
    /// A band of n errors is wider by this share of 1/n.
    pub youth: f64,
    /// Errors before which a forecaster is not heard.
    pub least_errors: usize,
    /// Up to which multiple of the narrowest width a forecaster is heard.
    pub heard: f64,
}

/// How a deadline came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DueDerivation {
    /// How many partitions make the round in which a rhythm repeats.
    pub season: usize,
    /// Hours a period.
    pub period_hours: f64,
    /// The landings that it comes from, oldest first.
    pub landings: Vec<Landing>,
    /// The last landings of the same slot, oldest first.
    pub slot_landings: Vec<Landing>,
    /// How many of the last same slots came, and of how many that is known (at most eight).
    pub slot: (u32, u32),
    /// Of hours, the same of this hour of the week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week_slot: Option<(u32, u32)>,
    /// After how many of the last landings' predecessors nothing had come, and of how many landings.
    pub skips: (u32, u32),
    /// How many periods that usually come did not, since the last landing.
    pub run: i32,
    /// How many periods did not come since the last landing.
    pub absent: i64,
    /// What follows.
    #[serde(flatten)]
    pub outcome: DueOutcome,
}

/// One landing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Landing {
    /// Which partition.
    pub partition: Partition,
    /// Hours of the local clock from the period's end.
    pub lag_hours: f64,
}

/// What follows from the landings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum DueOutcome {
    /// There is a deadline.
    Deadline {
        /// The median of the landings.
        usual_hours: f64,
        /// How far behind it a landing may be.
        width_hours: f64,
        /// The deadline: their sum.
        deadline_hours: f64,
        /// True where the landings of the same slot alone make it.
        of_slot: bool,
    },
    /// This slot comes too seldom.
    Seldom,
    /// So many landings followed a skip that another is no news.
    Skips,
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
    /// How [`Series::expect`] comes to its band; `None` where there is none.
    pub fn derive(&self, of: Partition, metric: Metric) -> Option<Derivation> {
        let volume = self.volume(metric)?;
        let index = self.index(of);
        let band = self.log_band(volume, of)?;
        let best = band.best()?.method;
        let name = |at: i64| first(of.cadence()).offset(at);
        let days = of_past(&volume.past, index, name);
        let reckoned = band.forecasts.iter().map(|f| Reckoned {
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
            forecasts: reckoned.collect(),
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
            low_day: volume.low_day(),
            parameters: parameters(of.cadence()),
        })
    }

    /// How [`Series::due`] comes to its deadline, or to none.
    pub fn derive_due(&self, of: Partition) -> DueDerivation {
        let (index, arrival) = (self.index(of), self.arrival());
        let landing =
            |(at, lag): &(i64, f64)| Landing { partition: first(of.cadence()).offset(*at), lag_hours: *lag };
        DueDerivation {
            season: round(of.cadence()),
            period_hours: of.cadence().nominal_seconds() as f64 / 3_600.0,
            landings: arrival.lags().map(landing).collect(),
            slot_landings: arrival.of_slot(index).iter().map(landing).collect(),
            slot: counts(arrival.presence().of_day(index)),
            week_slot: arrival.presence().of_week(index).map(counts),
            skips: arrival.skips(),
            run: arrival.run(),
            absent: arrival.absences(),
            outcome: outcome(&arrival.expect(index)),
        }
    }
}

/// What is looked at of a past, newest first, by the period `index`.
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
        Expected::Skips { .. } => DueOutcome::Skips,
        Expected::Young(_) => DueOutcome::Young,
        Expected::Stopped(_) => DueOutcome::Stopped,
        Expected::Unpredictable(_) => DueOutcome::Unpredictable,
    }
}
