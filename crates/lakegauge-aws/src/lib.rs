//! AWS: the only crate that uses the AWS SDK.
//!
//! [`Keys::of_environment`] finds credentials: those of the environment, and with the feature `chain` those of
//! profile, SSO, web identity, container and instance, with the SDK. [`Environment`] reads the variables that AWS
//! tools share (region, endpoint, unsigned requests). [`calls`] is the table of what a deployment may do. With the
//! feature `cloudwatch`, `CloudWatch` is the metrics sink, with requests of our own; with `remedies`, `Remedies` runs
//! the remedies in a config.

pub mod calls;
#[cfg(feature = "chain")]
mod chain;
#[cfg(feature = "cloudwatch")]
mod cloudwatch;
mod environment;
mod keys;
#[cfg(feature = "remedies")]
mod remedy;
#[cfg(any(feature = "cloudwatch", feature = "remedies"))]
mod signature;

#[cfg(feature = "cloudwatch")]
pub use cloudwatch::{CloudWatch, CloudWatchSettings, Refusal, Unsent};
pub use environment::Environment;
pub use keys::Keys;
#[cfg(feature = "remedies")]
pub use remedy::{Remedies, RemedyError, RemedySettings};
