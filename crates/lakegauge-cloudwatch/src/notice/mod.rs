//! S3's object events, in every envelope in which they arrive.
//!
//! An event only triggers a look: it names a bucket and a key, and the look reads the lake itself. `envelope` unwraps
//! an invocation's event into [`Delivery`]s, `record` parses one [`ObjectEvent`], `placing` finds its dataset, and
//! `fold` reduces a batch to what is worth a look. All of it is total: what cannot be read is a named outcome.

mod envelope;
mod fold;
mod placing;
mod record;
#[cfg(test)]
mod tests;

pub use envelope::{Delivery, Item, deliveries};
pub use fold::{Batch, Remark, Spot, Touch, fold};
pub use placing::{Outside, Placed, place};
pub use record::{Change, Ignored, Malformed, ObjectEvent};
