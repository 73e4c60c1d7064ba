//! Every AWS action that a deployment calls, with its resource: the table that the roles of `lakegauge terraform` are
//! checked against. Add a line for every new call.

/// One of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Called at deadlines and ticks.
    Schedule,
    /// Called with S3 events.
    Objects,
    /// Called when an alarm of a dataset with a remedy fires.
    Alarm,
}

/// The resource of an action.
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
    /// The queue of S3 events.
    Queue,
    /// The dead-letter queue.
    DeadLetters,
    /// The functions in remedies.
    Remedies,
    /// The secrets in remedies.
    Secrets,
    /// The parameters in remedies.
    Parameters,
}

/// An action that a function calls, or that Lambda calls on its behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name in IAM.
    pub action: &'static str,
    /// The resource.
    pub on: Resource,
    /// The functions that call it.
    pub by: &'static [Function],
}

const ALL: &[Function] = &[Function::Schedule, Function::Objects, Function::Alarm];
const WATCH: &[Function] = &[Function::Schedule, Function::Objects];

const fn call(action: &'static str, on: Resource, by: &'static [Function]) -> Call {
    Call { action, on, by }
}

/// All calls.
pub const CALLS: &[Call] = &[
    call("s3:ListBucket", Resource::LakeListing, ALL),
    call("s3:ListBucket", Resource::StateListing, ALL),
    call("s3:GetObject", Resource::Config, ALL),
    call("s3:GetObject", Resource::State, ALL),
    call("s3:PutObject", Resource::State, ALL),
    call("cloudwatch:PutMetricData", Resource::Metrics, WATCH),
    call("lambda:InvokeFunction", Resource::Remedies, &[Function::Alarm]),
    call("secretsmanager:GetSecretValue", Resource::Secrets, &[Function::Alarm]),
    call("ssm:GetParameter", Resource::Parameters, &[Function::Alarm]),
    // By Lambda: the log group exists, and no function creates another.
    call("logs:CreateLogStream", Resource::Log, ALL),
    call("logs:PutLogEvents", Resource::Log, ALL),
    // By Lambda: its poller receives messages and deletes the handled ones.
    call("sqs:ReceiveMessage", Resource::Queue, &[Function::Objects]),
    call("sqs:DeleteMessage", Resource::Queue, &[Function::Objects]),
    call("sqs:GetQueueAttributes", Resource::Queue, &[Function::Objects]),
    // By Lambda: a call that failed for good.
    call("sqs:SendMessage", Resource::DeadLetters, &[Function::Schedule, Function::Alarm]),
];
