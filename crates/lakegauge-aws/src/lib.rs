//! AWS: the only crate that uses the AWS SDK.
//!
//! [`Keys::of_environment`] finds credentials: those in the environment, and with the feature `chain`, through the SDK,
//! those of a profile, SSO, login, process, web identity, container or instance. [`Environment`] reads the variables
//! that AWS tools share (region, endpoint, unsigned requests). [`calls`] is the table of what a deployment may do. With
//! the feature `cloudwatch`, `CloudWatch` is the metrics sink, with a request of our own; with `remedies`, `Remedies`
//! runs the remedies that a config defines.

pub mod calls;
#[cfg(feature = "chain")]
mod chain;
#[cfg(feature = "cloudwatch")]
mod cloudwatch;
mod environment;
mod keys;
#[cfg(feature = "chain")]
mod profile;
#[cfg(feature = "remedies")]
mod remedy;
#[cfg(any(feature = "cloudwatch", feature = "remedies"))]
mod signature;
#[cfg(feature = "chain")]
mod trouble;

#[cfg(feature = "cloudwatch")]
pub use cloudwatch::{CloudWatch, CloudWatchSettings, Namespace};
pub use environment::Environment;
pub use keys::Keys;
#[cfg(feature = "remedies")]
pub use remedy::{Remedies, RemedySettings};
