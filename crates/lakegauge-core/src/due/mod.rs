//! When a partition is owed: a local time some days on, or an elapsed time after its start.

mod deadline;
mod parse;

pub use deadline::Due;
pub use parse::DueError;
