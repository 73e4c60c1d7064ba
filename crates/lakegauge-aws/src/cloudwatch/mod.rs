//! CloudWatch as the place where metrics go: `PutMetricData` in as few requests as its limits allow.
//!
//! One action of one service: the request is written and signed here, and no SDK is linked for it. `batch` says which
//! values go together, `request` writes them, `refusal` reads why they were not taken, [`CloudWatch`] sends and repeats.

mod batch;
mod refusal;
mod request;
mod sink;

pub use refusal::{Refusal, Unsent};
pub use sink::{CloudWatch, CloudWatchSettings};
