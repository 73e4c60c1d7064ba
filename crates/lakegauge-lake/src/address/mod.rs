//! Addresses of lakes and of their servers, and hints for texts that are not addresses.

mod endpoint;
mod meant;
mod typed;

pub use endpoint::endpoint;
pub use typed::{Address, AddressError};
