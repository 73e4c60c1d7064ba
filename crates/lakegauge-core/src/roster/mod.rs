//! The parts that a partition is made of, by name: folders below its date, and files whose names return.
//!
//! A fold [gathers](Gather) the names of one listing, `naming` says which names are names at all, and a [`Roster`] keeps
//! them in few bytes. [`missing`] calls the roll: which of the parts that always came are absent.

mod call;
mod gather;
mod naming;
mod packed;

pub use call::{BACK, Call, KIN, Missing, missing, round, usual};
pub use gather::Gather;
pub(crate) use naming::is_clock;
pub use packed::Roster;
