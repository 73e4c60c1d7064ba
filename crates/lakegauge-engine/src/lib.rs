//! lakegauge conducts.
//!
//! The ports ([`Lake`], [`History`]) behind which the world lies, and the one pipeline that the command line, the
//! daemon and the Lambda call alike.

mod history;
mod lake;

pub use history::{Changes, History, HistoryError, StoredStatus, Transition};
pub use lake::{Lake, Look, Scope};
