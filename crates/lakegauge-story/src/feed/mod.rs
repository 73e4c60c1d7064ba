//! Whole feeds to watch for months: made up ([`made`]) and public ([`public`]).

mod made;
mod public;
mod sinks;
mod watched;

pub use made::made;
pub use public::{held_out, public};
pub use watched::Feed;
