//! AWS: the only crate that uses the AWS SDK.
//!
//! [`Keys::of_environment`] finds credentials: those of the environment, and with the feature `chain` those of profile,
//! SSO, login, process, web identity, container and instance, by the SDK. [`Environment`] reads what AWS tools agree on (region,
//! endpoint, unsigned requests). [`calls`] is the table of what a deployment may do.
//! With the feature `cloudwatch`, `CloudWatch` is where metrics go, by a request of our own; with `remedies`,
//! `Remedies` runs what a config asks for on an alarm.

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
pub use cloudwatch::{CloudWatch, CloudWatchSettings, Refusal, Unsent};
pub use environment::Environment;
pub use keys::Keys;
#[cfg(feature = "remedies")]
pub use remedy::{Remedies, RemedyError, RemedySettings};
