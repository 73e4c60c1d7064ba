//! What a function is handed, unwrapped: SQS around SNS around EventBridge or S3's own notifications, or any of them alone.

use serde_json::Value;

use super::record::{self, Ignored, Malformed, ObjectEvent, text};

/// How many envelopes may lie in one another: SQS, SNS, and what S3 wrote, with one to spare.
const DEEP: usize = 4;

/// One thing that a message told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Of an object.
    Object(ObjectEvent),
    /// Of nothing that matters here.
    Ignored(Ignored),
    /// It cannot be read.
    Malformed(Malformed),
}

/// One message, and all that it told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// SQS's `messageId`, by which a failure is reported; `None` where there was no queue.
    pub message: Option<String>,
    /// In the message's order; never empty.
    pub told: Vec<Told>,
}

/// Unwraps the event of one invocation: a delivery for each message of a queue, one where there is no queue.
pub fn deliveries(event: &Value) -> Vec<Delivery> {
    let of_queue = |record: &&Value| record.get("body").is_some() && record.get("messageId").is_some();
    let records = event.get("Records").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if records.iter().any(|record| of_queue(&record)) {
        let delivery = |record: &Value| Delivery {
            message: text(record, "/messageId").map(str::to_owned),
            told: open(record.get("body").unwrap_or(&Value::Null), DEEP),
        };
        return records.iter().map(delivery).collect();
    }
    vec![Delivery { message: None, told: open(event, DEEP) }]
}

/// What an envelope holds.
fn open(value: &Value, deep: usize) -> Vec<Told> {
    let told = unwrap(value, deep);
    if told.is_empty() { vec![Told::Ignored(Ignored::Empty)] } else { told }
}

fn unwrap(value: &Value, deep: usize) -> Vec<Told> {
    let malformed = |why: &str| vec![Told::Malformed(Malformed(why.to_owned()))];
    if deep == 0 {
        return malformed("envelopes in envelopes");
    }
    if let Value::String(body) = value {
        return match serde_json::from_str::<Value>(body) {
            Ok(inner) => unwrap(&inner, deep - 1),
            Err(_) => malformed("a text that is not JSON"),
        };
    }
    if let Some(records) = value.get("Records") {
        let Some(records) = records.as_array() else { return malformed("`Records` that are no list") };
        return records.iter().flat_map(|record| one(record, deep)).collect();
    }
    if text(value, "/Event") == Some("s3:TestEvent") {
        return vec![Told::Ignored(Ignored::Test)];
    }
    match (text(value, "/Type"), text(value, "/source")) {
        (Some("Notification"), _) => unwrap(value.get("Message").unwrap_or(&Value::Null), deep - 1),
        (Some(other), _) => vec![Told::Ignored(Ignored::Kind(other.to_owned()))],
        (None, Some("aws.s3")) => vec![said(record::bridged(value))],
        (None, Some(other)) => vec![Told::Ignored(Ignored::Kind(format!("an event of {other}")))],
        (None, None) => one(value, deep),
    }
}

/// One entry of `Records`, or what stands alone where there are none.
fn one(record: &Value, deep: usize) -> Vec<Told> {
    if let Some(sns) = record.get("Sns") {
        return unwrap(sns.get("Message").unwrap_or(&Value::Null), deep - 1);
    }
    if record.get("s3").is_some() || record.get("eventName").is_some() {
        return vec![said(record::notification(record))];
    }
    vec![Told::Malformed(Malformed("neither records, nor a detail, nor a notification".to_owned()))]
}

fn said(read: Result<Result<ObjectEvent, Ignored>, Malformed>) -> Told {
    match read {
        Ok(Ok(event)) => Told::Object(event),
        Ok(Err(ignored)) => Told::Ignored(ignored),
        Err(malformed) => Told::Malformed(malformed),
    }
}
