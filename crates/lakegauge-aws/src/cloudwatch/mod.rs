//! CloudWatch as the metrics sink: `PutMetricData` in as few requests as its limits allow.
//!
//! It is one action of one service, so the request is written and signed here, without an SDK. `batch` splits values
//! into requests, `request` writes them, `refusal` parses errors, and [`CloudWatch`] sends and retries.

mod batch;
mod refusal;
mod request;
mod sink;

pub use sink::{CloudWatch, CloudWatchSettings, Namespace};
