//! What history expects: a deadline and a band for every partition, learned from the partitions before it.
//!
//! [`Series`] replays a dataset's facts in order of time. Before each partition, it can say when the partition is
//! [`due`](Series::due) and which values are [`expected`](Series::expect); [`judge`](Series::judge) compares and then
//! learns. `volume` predicts sizes on the log scale, `arrival` predicts landing times and knows which days come at
//! all, `temper` combines the metrics into one verdict, and `reason` words it. The same facts give the same bits,
//! whatever order they arrived in.

mod arrival;
mod band;
mod breach;
mod constant;
mod deadline;
mod derivation;
mod errors;
mod fact;
mod filter;
mod forecast;
mod hours;
mod lags;
mod learning;
mod month;
mod odd;
mod past;
mod presence;
mod reason;
mod rhythm;
mod robust;
mod series;
mod skips;
mod slots;
mod source;
mod stretch;
mod temper;
#[cfg(test)]
mod tests;
mod volume;
mod window;
mod words;

pub use crate::record::Lesson;
pub use deadline::Deadline;
pub use derivation::{
    Day, Derivation, DueDerivation, DueOutcome, ForecastStep, Landing, MonthEffect, Moved, Outside,
    Parameters,
};
pub use fact::{Band, Due, Fact, Level, Said, Verdict};
pub use filter::{FilterError, Judge};
pub use forecast::Method;
pub use month::MonthDay;
pub use series::Series;
pub use source::Source;
pub use stretch::{HourRatio, LastDay};
