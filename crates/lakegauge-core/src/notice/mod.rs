//! Notices: what S3 says of its objects, in every envelope in which it arrives.
//!
//! A notice narrows and never informs: it names a bucket and a key, and somebody then looks. `envelope` unwraps what a
//! function is handed into [`Delivery`]s, `record` reads one [`ObjectEvent`], `placing` finds whose it is, and `fold`
//! reduces a batch to what is worth a look. All of it is total: what cannot be read is a named outcome.

mod envelope;
mod fold;
mod placing;
mod record;
#[cfg(test)]
mod tests;

pub use envelope::{Delivery, Told, deliveries};
pub use fold::{Batch, Remark, Spot, Touch, fold};
pub use placing::{Outside, Placed, place};
pub use record::{Change, Ignored, Malformed, ObjectEvent};
