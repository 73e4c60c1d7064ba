//! Where a lake is, and where its server is: what people type, and what they meant when it is not an address.

mod endpoint;
mod meant;
mod typed;

pub use endpoint::endpoint;
pub use typed::{Address, AddressError};
