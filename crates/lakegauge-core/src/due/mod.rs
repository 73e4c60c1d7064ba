//! Deadlines in the config: a local time some days later, or an elapsed time after the start.

mod deadline;
mod parse;

pub use deadline::Due;
pub use parse::DueError;
