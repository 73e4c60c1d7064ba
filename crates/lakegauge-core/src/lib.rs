//! The decisions of lakegauge.
//!
//! Everything in this crate is pure: no async, no IO, no clock, no randomness, no environment. Its functions
//! are total, `now` is an argument, and the same input gives the same answer on every machine.
//!
//! Reading order: what a [`partition`] is and how paths encode it ([`layout`]), when it is expected ([`calendar`],
//! [`due`]), what one look saw ([`observation`]), what that measures ([`metric`]), what history expects
//! ([`baseline`]), what is reported about it ([`alarm`]), why ([`explanation`]), what stands after it ([`standing`]), and
//! what follows from that ([`delivery`]).

pub mod about;
pub mod alarm;
pub mod baseline;
pub mod batch;
pub mod calendar;
pub mod cause;
pub mod common_cause;
pub mod dataset;
pub mod datum;
pub mod delivery;
pub mod digest;
pub mod due;
pub mod explanation;
pub mod fingerprint;
pub mod foreign;
pub mod judge;
pub mod layout;
pub mod lifecycle;
pub mod mark;
pub mod measure;
pub mod metric;
pub mod name;
pub mod observation;
pub mod partition;
pub mod quantity;
pub mod record;
pub mod region;
pub mod remediation;
pub mod remedy;
pub mod roster;
pub mod scope;
pub mod splits;
pub mod standing;
pub mod state;
pub mod verdict;
pub mod written;
