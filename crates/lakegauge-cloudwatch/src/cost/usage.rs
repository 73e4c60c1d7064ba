//! What a way of running uses per month.

use std::ops::Add;

use super::load::{Completion, DAYS, Load, Way};
use super::prices::Prices;

/// Looks that expect a new partition: one when its period has ended, and one when it lands.
const EXPECTANT: f64 = 2.0;
/// Events of one partition arrive in at most this many batches: the queue gathers them for half a minute at a time,
/// and if writing goes on for longer, ticks look instead.
const BATCHES_PER_PARTITION: f64 = 20.0;
/// Requests of SQS for one batch: received, deleted, and the share of polls that find nothing.
const QUEUE_REQUESTS_PER_BATCH: f64 = 3.0;
/// Memory of a function, and how long a warm call takes, including the network.
const GB: f64 = 0.25;
const SECONDS_PER_CALL: f64 = 0.2;
/// The tick comes every quarter of an hour.
const TICKS_PER_DAY: f64 = 96.0;
/// How often Lambda's pollers ask an empty queue: two pollers, twenty seconds per request.
const IDLE_POLLS_PER_DAY: f64 = 2.0 * 3.0 * 1_440.0;
/// The alarms of a deployment on itself, including its two functions.
const OWN_ALARMS: f64 = 9.0;
/// How often a look rewrites the stored past.
const PAST_PER_LOOK: f64 = 1.0 / 8.0;
/// Errors and throttles.
const ALARMS_PER_FUNCTION: f64 = 2.0;

/// What is used per month, in the units that AWS bills.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Looks at the lake.
    pub looks: f64,
    /// LIST requests to the lake.
    pub list_requests: f64,
    /// GET requests to the state.
    pub state_reads: f64,
    /// PUT and LIST requests to the state.
    pub state_writes: f64,
    /// Invocations of Lambda.
    pub invocations: f64,
    /// GB-seconds of Lambda.
    pub gb_seconds: f64,
    /// Calls of EventBridge Scheduler.
    pub schedules: f64,
    /// Events of S3.
    pub events: f64,
    /// Requests of SQS.
    pub queue_requests: f64,
    /// PutMetricData requests.
    pub put_metric_data: f64,
    /// Custom metrics.
    pub metrics: f64,
    /// The same in metric-months: CloudWatch bills a metric by the hours in which values are sent.
    pub metric_months: f64,
    /// Alarms.
    pub alarms: f64,
    /// Dashboards.
    pub dashboards: f64,
}

impl Usage {
    /// In dollars.
    pub fn dollars(&self, prices: &Prices) -> f64 {
        (self.list_requests + self.state_writes) * prices.list_or_put
            + self.state_reads * prices.get
            + self.invocations * prices.invocation
            + self.gb_seconds * prices.gb_second
            + self.schedules * prices.schedule
            + self.events * prices.event
            + self.queue_requests * prices.queue_request
            + self.put_metric_data * prices.put_metric_data
            + self.metric_months * prices.metric
            + self.alarms * prices.alarm
            + self.dashboards * prices.dashboard
    }
}

impl Add for Usage {
    type Output = Usage;

    fn add(self, other: Usage) -> Usage {
        Usage {
            looks: self.looks + other.looks,
            list_requests: self.list_requests + other.list_requests,
            state_reads: self.state_reads + other.state_reads,
            state_writes: self.state_writes + other.state_writes,
            invocations: self.invocations + other.invocations,
            gb_seconds: self.gb_seconds + other.gb_seconds,
            schedules: self.schedules + other.schedules,
            events: self.events + other.events,
            queue_requests: self.queue_requests + other.queue_requests,
            put_metric_data: self.put_metric_data + other.put_metric_data,
            metrics: self.metrics + other.metrics,
            metric_months: self.metric_months + other.metric_months,
            alarms: self.alarms + other.alarms,
            dashboards: self.dashboards + other.dashboards,
        }
    }
}

/// What one dataset uses.
pub fn of_dataset(load: &Load, way: Way) -> Usage {
    let looked = |expectant: f64, settled: f64| Usage {
        looks: expectant + settled,
        list_requests: expectant * load.list_requests as f64 + settled * load.settled_requests as f64,
        ..Usage::default()
    };
    let partitions = load.partitions();
    // Learned deadlines need a look only when nothing has landed by then.
    let at_deadlines = if load.is_due { partitions } else { 0.0 };
    let settled = if load.ages { TICKS_PER_DAY * DAYS } else { at_deadlines };
    match way {
        Way::OneShot { checks_per_day } => looked(DAYS * checks_per_day, 0.0),
        Way::Resident => looked(partitions * EXPECTANT, settled),
        Way::Serverless => {
            // The look after a marker sends the verdict at once; that of a tick goes with the heartbeat.
            let markers = if load.completion == Completion::Marker { partitions } else { 0.0 };
            let events = load.objects * partitions + markers;
            let batches = events.min(BATCHES_PER_PARTITION * partitions);
            let looked = looked(partitions * EXPECTANT, settled);
            let looks = looked.looks;
            Usage {
                // Each call reads the recent state, and a look reads the past.
                state_reads: TICKS_PER_DAY * DAYS + at_deadlines + batches + looks,
                // A look writes the recent state, and every eighth look the past. So do a partition's first events,
                // and its verdict when it was sent.
                state_writes: looks * (1.0 + PAST_PER_LOOK) + partitions + batches.min(partitions),
                invocations: batches,
                gb_seconds: batches * GB * SECONDS_PER_CALL,
                events,
                queue_requests: events + batches * QUEUE_REQUESTS_PER_BATCH,
                put_metric_data: markers,
                metrics: load.metrics as f64,
                metric_months: load.metrics as f64 * share_of_hours(load),
                alarms: load.alarms as f64,
                // Every tick and every deadline lists the splits.
                list_requests: looked.list_requests
                    + load.split_requests as f64 * (TICKS_PER_DAY * DAYS + at_deadlines),
                ..looked
            }
        }
    }
}

/// The share of a month's hours in which a dataset's metrics are sent: when a partition has landed and once more, for
/// example when its deadline passed before; at every tick if a value changes by the minute.
fn share_of_hours(load: &Load) -> f64 {
    const SENT_PER_PARTITION: f64 = 2.0;
    if load.ages { 1.0 } else { (load.partitions() * SENT_PER_PARTITION / (DAYS * 24.0)).min(1.0) }
}

/// What a deployment uses besides its datasets. `fires_per_day` counts its schedules for deadlines; `remedies` is
/// whether it has the function that runs remedies.
pub fn shared(way: Way, fires_per_day: f64, remedies: bool) -> Usage {
    let Way::Serverless = way else { return Usage::default() };
    let scheduled = (TICKS_PER_DAY + fires_per_day) * DAYS;
    let calls = if remedies { scheduled + TICKS_PER_DAY * DAYS } else { scheduled };
    Usage {
        // Each call checks whether the config has changed, with a list request.
        state_writes: calls,
        invocations: calls,
        gb_seconds: calls * GB * SECONDS_PER_CALL,
        schedules: scheduled,
        queue_requests: IDLE_POLLS_PER_DAY * DAYS,
        put_metric_data: TICKS_PER_DAY * DAYS,
        metrics: 1.0,
        metric_months: 1.0,
        alarms: if remedies { OWN_ALARMS + ALARMS_PER_FUNCTION } else { OWN_ALARMS },
        dashboards: 1.0,
        ..Usage::default()
    }
}
