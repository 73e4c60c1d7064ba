//! What history expects: a deadline and a band for every partition, learnt from the partitions before it.
//!
//! [`Series`] replays a dataset's facts in the order of time. Before each partition it can be asked by when it is
//! [`due`](Series::due) and what is [`expected`](Series::expect); [`judge`](Series::judge) compares and then learns.
//! `volume` expects sizes on the log scale, `arrival` expects landing times and knows which days come
//! at all, `temper` makes one verdict of what the metrics say, and `reason` puts it into words.
//! The same facts give the same bits, whatever the order in which the world delivered them.

mod arrival;
mod band;
mod breach;
mod constant;
mod derivation;
mod errors;
mod fact;
mod filter;
mod forecast;
mod hours;
mod learning;
mod month;
mod past;
mod presence;
mod reason;
mod rhythm;
mod robust;
mod series;
mod slots;
mod temper;
#[cfg(test)]
mod tests;
mod volume;
mod window;

pub use derivation::{
    Day, Derivation, DueDerivation, DueOutcome, Landing, MonthEffect, Moved, Outside, Parameters, Reckoned,
};
pub use fact::{Band, Due, Fact, Lesson, Level, Verdict};
pub use filter::{FilterError, Judge};
pub use forecast::Method;
pub use month::MonthDay;
pub use series::Series;
