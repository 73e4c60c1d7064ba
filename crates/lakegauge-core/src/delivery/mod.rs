//! What follows from the verdicts and is handed to the outside: values for a sink of metrics, and runs of remedies.
//!
//! [`orders`] says what a look owes. The history records it in the transaction of the verdicts ([`Deliveries::record`]),
//! and whoever hands it out claims it there first and settles it afterwards ([`Deliveries::after`]). All kinds take the
//! same way: pending, claimed, then done or given up.

mod deliveries;
mod item;
mod orders;
mod step;
#[cfg(test)]
mod tests;

pub use deliveries::Deliveries;
pub use item::{Delivery, DeliveryState, Item, Kind, Post};
pub use orders::{Destinations, Ordering, Orders, Publisher, Values, Verdict, orders};
pub use step::{Settled, Step, Taken};
