//! The functions' answers, for people who call them by hand and for SQS.

use serde::Serialize;

/// The result of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Looks at a dataset.
    pub looks: u64,
    /// List requests.
    pub list_requests: u64,
    /// New verdicts.
    pub verdicts: u64,
    /// Values that CloudWatch accepted.
    pub values: u64,
    /// Datasets in alarm, among those that were looked at.
    pub alarms: Vec<String>,
}

impl Summary {
    /// Adds the result of another dataset.
    pub(crate) fn add(&mut self, other: Summary) {
        self.looks += other.looks;
        self.list_requests += other.list_requests;
        self.verdicts += other.verdicts;
        self.values += other.values;
        self.alarms.extend(other.alarms);
    }
}
