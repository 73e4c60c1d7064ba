//! Unwraps the event of an invocation: SQS around SNS around EventBridge or S3's own notifications, or any of them
//! alone.

use serde_json::Value;

use super::record::{self, Ignored, Malformed, ObjectEvent, text};

/// Maximum nesting of envelopes: SQS, SNS, and what S3 wrote, plus one.
const DEEP: usize = 4;

/// One item of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An object was written or removed.
    Object(ObjectEvent),
    /// Not relevant here.
    Ignored(Ignored),
    /// Cannot be read.
    Malformed(Malformed),
}

/// One message, with all of its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// SQS's `messageId`, used to report a failure; `None` without a queue.
    pub message: Option<String>,
    /// In the message's order; never empty.
    pub items: Vec<Item>,
}

/// Unwraps the event of one invocation: one delivery per message of a queue, or a single one without a queue.
pub fn deliveries(event: &Value) -> Vec<Delivery> {
    let of_queue = |record: &&Value| record.get("body").is_some() && record.get("messageId").is_some();
    let records = event.get("Records").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if records.iter().any(|record| of_queue(&record)) {
        let delivery = |record: &Value| Delivery {
            message: text(record, "/messageId").map(str::to_owned),
            items: open(record.get("body").unwrap_or(&Value::Null), DEEP),
        };
        return records.iter().map(delivery).collect();
    }
    vec![Delivery { message: None, items: open(event, DEEP) }]
}

/// Unwraps the contents of an envelope.
fn open(value: &Value, deep: usize) -> Vec<Item> {
    let items = unwrap(value, deep);
    if items.is_empty() { vec![Item::Ignored(Ignored::Empty)] } else { items }
}

fn unwrap(value: &Value, deep: usize) -> Vec<Item> {
    let malformed = |why: &str| vec![Item::Malformed(Malformed(why.to_owned()))];
    if deep == 0 {
        return malformed("too many nested envelopes");
    }
    if let Value::String(body) = value {
        return match serde_json::from_str::<Value>(body) {
            Ok(inner) => unwrap(&inner, deep - 1),
            Err(_) => malformed("text that is not JSON"),
        };
    }
    if let Some(records) = value.get("Records") {
        let Some(records) = records.as_array() else { return malformed("`Records` is not a list") };
        return records.iter().flat_map(|record| one(record, deep)).collect();
    }
    if text(value, "/Event") == Some("s3:TestEvent") {
        return vec![Item::Ignored(Ignored::Test)];
    }
    match (text(value, "/Type"), text(value, "/source")) {
        (Some("Notification"), _) => unwrap(value.get("Message").unwrap_or(&Value::Null), deep - 1),
        (Some(other), _) => vec![Item::Ignored(Ignored::Kind(other.to_owned()))],
        (None, Some("aws.s3")) => vec![said(record::bridged(value))],
        (None, Some(other)) => vec![Item::Ignored(Ignored::Kind(format!("an event of {other}")))],
        (None, None) => one(value, deep),
    }
}

/// One entry of `Records`, or the record itself if there are none.
fn one(record: &Value, deep: usize) -> Vec<Item> {
    if let Some(sns) = record.get("Sns") {
        return unwrap(sns.get("Message").unwrap_or(&Value::Null), deep - 1);
    }
    if record.get("s3").is_some() || record.get("eventName").is_some() {
        return vec![said(record::notification(record))];
    }
    vec![Item::Malformed(Malformed("no records, no detail and no notification".to_owned()))]
}

fn said(read: Result<Result<ObjectEvent, Ignored>, Malformed>) -> Item {
    match read {
        Ok(Ok(event)) => Item::Object(event),
        Ok(Err(ignored)) => Item::Ignored(ignored),
        Err(malformed) => Item::Malformed(malformed),
    }
}
