//! Looks at lakes.
//!
//! [`open`] turns a lake's [`Address`] into a [`Store`], which lists it. What a store cannot show is a [`StoreError`],
//! which becomes a gap in the observation; no such error ends the process.
//!
//! Reading order: [`Store`] and its two kinds of listing, `page` (stores that answer page by page, and their
//! decorators), `s3`, `cloud` and `local` (the stores), [`sweep`] (a whole listing in parallel), `sample` (a
//! large lake in few requests), and `observe`: from a
//! dataset and a scope to an observation ([`ObjectLake`]).

mod abreast;
mod address;
mod answer;
#[cfg(feature = "clouds")]
mod cloud;
mod error;
mod identity;
mod local;
mod observe;
mod open;
mod options;
mod page;
#[cfg(feature = "clouds")]
mod refused;
mod s3;
mod sample;
mod store;
mod sweep;
mod wire;

pub use address::{Address, AddressError, endpoint};
pub use error::StoreError;
pub use identity::Identity;
pub use observe::{ObjectLake, Progress, Surveyed, gather};
pub use open::open;
pub use options::Options;
pub use page::Backoff;
pub use sample::{See, Sighting};
pub use store::{Each, Level, Store};
pub use sweep::sweep;
