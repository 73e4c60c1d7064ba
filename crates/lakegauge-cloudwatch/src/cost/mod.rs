//! What watching costs per month: requests, invocations, metrics, alarms and dollars.
//!
//! A [`Load`] is what is known about a dataset; [`Usage`] is what a [`Way`] of running needs for it in a month of
//! thirty days; [`Prices`] turn that into dollars. Free tiers and discounts are left out.

mod load;
mod prices;
#[cfg(test)]
mod tests;
mod usage;

pub use load::{Completion, DAYS, Load, Way};
pub use prices::{PRICES, Prices};
pub use usage::{Usage, of_dataset, shared};
