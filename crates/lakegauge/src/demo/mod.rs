//! The sample lake of `lakegauge demo`.
//!
//! [`feeds`](feeds::FEEDS) says which datasets there are and what befalls them today; [`past`] writes their history
//! up to yesterday's run, [`today`] lets the day of the incidents happen. What is checked afterwards is the folder
//! alone: nothing of this room is known to the program that looks at it.

mod dice;
mod feed;
mod feeds;
mod incident;
mod objects;
mod sample;
#[cfg(test)]
mod tests;

pub(crate) use sample::{past, today, yesterday};
