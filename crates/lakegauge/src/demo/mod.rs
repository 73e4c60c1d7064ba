//! The sample lake of `lakegauge demo`.
//!
//! [`feeds`](feeds::FEEDS) says which datasets there are and what befalls them today; [`sample`] writes
//! their history up to yesterday's run and lets the day of the incidents happen; [`days`] lives through it,
//! [`story`] tells of it. What is checked afterwards is the folder
//! alone: nothing of this room is known to the program that looks at it.

mod days;
mod dice;
mod feed;
mod feeds;
mod incident;
mod objects;
mod sample;
mod story;
#[cfg(test)]
mod tests;

pub(crate) use story::run;
