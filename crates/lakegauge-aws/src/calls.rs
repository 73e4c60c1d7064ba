//! Every action of AWS that a deployment calls, and on what: the table that the roles of `lakegauge terraform` are held
//! against. Whoever adds a call adds a line.

/// One of the two functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Called at deadlines and ticks.
    Schedule,
    /// Called with what S3 says of its objects.
    Objects,
}

/// What an action is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The lake's bucket, below the prefixes of the datasets.
    LakeListing,
    /// The bucket of config and state, below the deployment's prefix.
    StateListing,
    /// Objects of the config.
    Config,
    /// Documents of the state.
    State,
    /// Metrics of the deployment's namespace.
    Metrics,
    /// The function's own log.
    Log,
    /// The queue of what S3 says.
    Queue,
    /// The queue of what could not be handled.
    DeadLetters,
}

/// An action that a function calls, or that Lambda calls in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// As IAM names it.
    pub action: &'static str,
    /// On what.
    pub on: Resource,
    /// Which functions.
    pub by: &'static [Function],
}

const BOTH: &[Function] = &[Function::Schedule, Function::Objects];

const fn call(action: &'static str, on: Resource, by: &'static [Function]) -> Call {
    Call { action, on, by }
}

/// All of them.
pub const CALLS: &[Call] = &[
    call("s3:ListBucket", Resource::LakeListing, BOTH),
    call("s3:ListBucket", Resource::StateListing, BOTH),
    call("s3:GetObject", Resource::Config, BOTH),
    call("s3:GetObject", Resource::State, BOTH),
    call("s3:PutObject", Resource::State, BOTH),
    call("cloudwatch:PutMetricData", Resource::Metrics, BOTH),
    // By Lambda: the log group is there, and no function makes another.
    call("logs:CreateLogStream", Resource::Log, BOTH),
    call("logs:PutLogEvents", Resource::Log, BOTH),
    // By Lambda: its poller takes messages and deletes what was handled.
    call("sqs:ReceiveMessage", Resource::Queue, &[Function::Objects]),
    call("sqs:DeleteMessage", Resource::Queue, &[Function::Objects]),
    call("sqs:GetQueueAttributes", Resource::Queue, &[Function::Objects]),
    // By Lambda: a call that failed for good.
    call("sqs:SendMessage", Resource::DeadLetters, &[Function::Schedule]),
];
