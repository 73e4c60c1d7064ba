//! The table of `check`: a line per judged partition, the evidence below those in alarm, the totals at the end.

mod blind;
mod columns;
mod row;
mod sentence;
mod summary;
mod table;
mod trouble;

pub(crate) use summary::many;
pub(crate) use table::check;
