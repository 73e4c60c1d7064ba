//! Every action of AWS that a deployment calls, and on what: the table that the roles of `lakegauge terraform` are held
//! against. Whoever adds a call adds a line.

/// One of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Called at deadlines and ticks.
    Schedule,
    /// Called with what S3 says of its objects.
    Objects,
    /// Called when an alarm fires whose dataset has a remedy.
    Alarm,
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
    /// The functions that remedies name.
    Remedies,
    /// The secrets that they name.
    Secrets,
    /// The parameters that they name.
    Parameters,
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

const ALL: &[Function] = &[Function::Schedule, Function::Objects, Function::Alarm];
const WATCH: &[Function] = &[Function::Schedule, Function::Objects];

const fn call(action: &'static str, on: Resource, by: &'static [Function]) -> Call {
    Call { action, on, by }
}

/// All of them.
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
    // By Lambda: the log group is there, and no function makes another.
    call("logs:CreateLogStream", Resource::Log, ALL),
    call("logs:PutLogEvents", Resource::Log, ALL),
    // By Lambda: its poller takes messages and deletes what was handled.
    call("sqs:ReceiveMessage", Resource::Queue, &[Function::Objects]),
    call("sqs:DeleteMessage", Resource::Queue, &[Function::Objects]),
    call("sqs:GetQueueAttributes", Resource::Queue, &[Function::Objects]),
    // By Lambda: a call that failed for good.
    call("sqs:SendMessage", Resource::DeadLetters, &[Function::Schedule, Function::Alarm]),
];
