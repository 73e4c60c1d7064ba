//! The table of `check`: a line per judged partition, the evidence below those in alarm, the totals at the end.

mod blind;
mod columns;
mod row;
mod sentence;
mod summary;
mod table;
mod trouble;

pub use summary::many;
pub use table::check;
