//! Alarms of one kind on many datasets for the same day usually have a common cause, such as an upstream outage.
//!
//! [`common_causes`] finds such groups in the datasets' reports. The alarms themselves do not change.

mod group;
#[cfg(test)]
mod tests;

pub use group::common_causes;

pub use crate::verdict::{Affected, CommonCause, CommonCauseKind};
