//! List prices of AWS. Change them only here.

/// Dollars per unit of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// The region that they apply to.
    pub region: &'static str,
    /// When they were read: year and month.
    pub as_of: &'static str,
    /// One LIST or PUT request of S3 Standard.
    pub list_or_put: f64,
    /// One GET request of S3 Standard.
    pub get: f64,
    /// One invocation of Lambda.
    pub invocation: f64,
    /// One GB-second of Lambda on x86.
    pub gb_second: f64,
    /// One call of EventBridge Scheduler.
    pub schedule: f64,
    /// One event that S3 sends to EventBridge.
    pub event: f64,
    /// One request of SQS.
    pub queue_request: f64,
    /// One custom metric of CloudWatch that is sent in every hour of a month; "prorated by the hour and metered only when you
    /// send metrics" (Amazon CloudWatch Pricing).
    pub metric: f64,
    /// One standard alarm of CloudWatch, per month.
    pub alarm: f64,
    /// One PutMetricData request.
    pub put_metric_data: f64,
    /// One dashboard, per month.
    pub dashboard: f64,
}

/// The list prices of us-east-1, first tier, without the free tier.
pub const PRICES: Prices = Prices {
    region: "us-east-1",
    as_of: "2025-06",
    list_or_put: 0.005 / 1e3,
    get: 0.000_4 / 1e3,
    invocation: 0.20 / 1e6,
    gb_second: 0.000_016_666_7,
    schedule: 1.00 / 1e6,
    event: 1.00 / 1e6,
    queue_request: 0.40 / 1e6,
    metric: 0.30,
    alarm: 0.10,
    put_metric_data: 0.01 / 1e3,
    dashboard: 3.00,
};
