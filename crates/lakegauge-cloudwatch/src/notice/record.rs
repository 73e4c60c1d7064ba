//! Parses one record: an object in a bucket was written or removed.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was written completely.
    Created,
    /// It was deleted, or expired.
    Removed,
}

/// One object that was written or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    /// The bucket.
    pub bucket: String,
    /// Its key, decoded, exactly as the store has it.
    pub key: String,
    /// Whether it was written or removed.
    pub change: Change,
    /// When, by the store's clock; `None` if the record does not say.
    pub at: Option<Timestamp>,
}

/// A record that is not relevant, and is dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    /// S3 tests whether it may send.
    #[error("a test event: the bucket's notifications are connected")]
    Test,
    /// A kind of event that does not concern an object's content.
    #[error("`{0}` does not concern an object's content")]
    Kind(String),
    /// An empty envelope.
    #[error("an envelope without records")]
    Empty,
}

/// A record that cannot be read. It ends up in the dead-letter queue, where somebody can look at it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an S3 event: {0}; look at the message in the dead-letter queue, and check what else writes to the queue"
)]
pub struct Malformed(pub String);

pub(super) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    value.pointer(path).and_then(Value::as_str)
}

/// A record of S3's own notifications ("Event message structure" in the S3 user guide). Its key is form-encoded.
pub(super) fn notification(record: &Value) -> Result<Result<ObjectEvent, Ignored>, Malformed> {
    let missing = |what: &str| Malformed(format!("a record without {what}"));
    let name = text(record, "/eventName").ok_or_else(|| missing("`eventName`"))?;
    let kind = name.strip_prefix("s3:").unwrap_or(name);
    let Some(change) = change(kind) else { return Ok(Err(Ignored::Kind(kind.to_owned()))) };
    let bucket = text(record, "/s3/bucket/name").ok_or_else(|| missing("`s3.bucket.name`"))?;
    let key = text(record, "/s3/object/key").ok_or_else(|| missing("`s3.object.key`"))?;
    let key = form_decoded(key).ok_or_else(|| Malformed("a key that does not decode to UTF-8".to_owned()))?;
    let at = text(record, "/eventTime").and_then(instant);
    Ok(Ok(ObjectEvent { bucket: bucket.to_owned(), key, change, at }))
}

/// An S3 event through EventBridge ("EventBridge event message structure" there). Its key is not encoded.
pub(super) fn bridged(event: &Value) -> Result<Result<ObjectEvent, Ignored>, Malformed> {
    let missing = |what: &str| Malformed(format!("an event without {what}"));
    let kind = text(event, "/detail-type").ok_or_else(|| missing("`detail-type`"))?;
    let change = match kind {
        "Object Created" => Change::Created,
        "Object Deleted" => Change::Removed,
        other => return Ok(Err(Ignored::Kind(other.to_owned()))),
    };
    let bucket = text(event, "/detail/bucket/name").ok_or_else(|| missing("`detail.bucket.name`"))?;
    let key = text(event, "/detail/object/key").ok_or_else(|| missing("`detail.object.key`"))?;
    let at = text(event, "/time").and_then(instant);
    Ok(Ok(ObjectEvent { bucket: bucket.to_owned(), key: key.to_owned(), change, at }))
}

fn change(kind: &str) -> Option<Change> {
    let family = kind.split(':').next().unwrap_or(kind);
    match family {
        "ObjectCreated" => Some(Change::Created),
        "ObjectRemoved" | "LifecycleExpiration" => Some(Change::Removed),
        _ => None,
    }
}

/// `application/x-www-form-urlencoded`, as S3 writes keys into notifications: `+` is a space.
fn form_decoded(key: &str) -> Option<String> {
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|key| key.into_owned())
}

/// RFC 3339; a time without an offset is UTC, as some emulators write it.
fn instant(text: &str) -> Option<Timestamp> {
    let local = || text.parse::<DateTime>().ok().and_then(|at| TimeZone::UTC.to_timestamp(at).ok());
    text.parse().ok().or_else(local)
}
