//! The sample lake of `lakegauge demo`.
//!
//! [`feeds`](feeds::FEEDS) lists the datasets and their incidents of today; [`sample`] writes the history up to
//! yesterday's run and then the day of the incidents; [`days`] runs both, and [`story`] reports them. The checks only
//! see the folder: they know nothing of this module.

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
