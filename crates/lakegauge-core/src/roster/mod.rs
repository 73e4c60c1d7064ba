//! The parts that a partition consists of, by name: folders below its date, and files whose names recur.
//!
//! A fold [gathers](Gather) the names of one listing, `naming` decides which names count, and a [`Roster`] packs them
//! into few bytes. [`missing`] finds the usual parts that are absent.

mod call;
mod gather;
mod naming;
mod packed;

pub use call::{BACK, Call, KIN, Missing, missing, round, usual};
pub use gather::Gather;
pub(crate) use naming::is_clock;
pub use packed::Roster;
