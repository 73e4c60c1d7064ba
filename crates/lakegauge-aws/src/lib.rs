//! lakegauge on AWS: the only room that names the AWS SDK.
//!
//! [`Keys::of_environment`] finds credentials by the usual chain: environment, profile, SSO, web identity,
//! container, instance. [`Environment`] reads what AWS tools agree on (region, endpoint, unsigned requests).
//! [`calls`] is the table of what a deployment may do.
//! With the feature `cloudwatch`, `CloudWatch` is where metrics go.

pub mod calls;
#[cfg(feature = "cloudwatch")]
mod cloudwatch;
mod environment;
mod keys;

#[cfg(feature = "cloudwatch")]
pub use cloudwatch::{CloudWatch, CloudWatchSettings, Refusal, Unsent};
pub use environment::Environment;
pub use keys::{Key, Keys, NoKeys};
