//! A record as a row of the file: small, because a file keeps a row for each partition of each dataset.
//!
//! The row's key has the partition, as hours and a cadence. Its body is a MessagePack array (<https://msgpack.org>) in the
//! order of the fields of [`Body`]. Fields may be added at the end with a default; anything else is a new file format.

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::observation::PartitionLook;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::roster::Roster;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const HOUR: i64 = 3_600;
/// The numbers of the cadences, in the order in which partitions that start together sort.
const CADENCES: [Cadence; 4] = [Cadence::Hourly, Cadence::Daily, Cadence::Weekly, Cadence::Monthly];

/// A partition as it stands in the key of a row: the hours of its start since 1970, by its own clock, and the number
/// of its cadence.
pub(super) fn key(partition: Partition) -> (i64, i64) {
    let cadence = CADENCES.iter().position(|cadence| *cadence == partition.cadence());
    (seconds(partition) / HOUR, cadence.unwrap_or_default() as i64)
}

/// The partition with this key.
pub(super) fn partition((hours, cadence): (i64, i64)) -> Option<Partition> {
    let cadence = CADENCES.get(usize::try_from(cadence).ok()?)?;
    let start = EPOCH.checked_add(SignedDuration::try_from_hours(hours)?).ok()?;
    Some(Partition::containing(start, *cadence))
}

const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// The seconds of its start since 1970, by its own clock.
fn seconds(partition: Partition) -> i64 {
    partition.start().duration_since(EPOCH).as_secs()
}

/// The body of a record's row. The mark has a column of its own, which a check does not replace.
pub(super) fn pack(record: &PartitionRecord) -> Result<Vec<u8>, rmp_serde::encode::Error> {
    rmp_serde::to_vec(&Body::of(record))
}

/// The record of a row, without its mark.
pub(super) fn unpack(partition: Partition, body: &[u8]) -> Result<PartitionRecord, rmp_serde::decode::Error> {
    let body: Body = rmp_serde::from_slice(body)?;
    body.read(partition).map_err(|OutOfRange| rmp_serde::decode::Error::custom("a time is out of range"))
}

#[derive(Serialize, Deserialize)]
struct Body {
    state: PartitionState,
    seen_at: Moment,
    landed_at: Option<Moment>,
    due_at: Option<Moment>,
    arrival_known: bool,
    bad: bool,
    changed_at: Option<Moment>,
    alarmed_since: Option<Moment>,
    look: Option<Look>,
    /// It landed as it looks now: the usual case, for which `landed` would repeat `look`.
    as_landed: bool,
    landed: Option<Look>,
}

#[derive(Serialize, Deserialize)]
struct Look {
    bytes: u64,
    objects: u64,
    empty_objects: u64,
    ignored: u64,
    first_write: Option<Moment>,
    last_write: Option<Moment>,
    marker: Option<Moment>,
    content: u64,
    sizes: u64,
    pause: Option<i64>,
    etags: Option<u64>,
    roster: Option<Roster>,
}

impl Body {
    fn of(record: &PartitionRecord) -> Body {
        let base = seconds(record.partition);
        let moment = |at: Timestamp| Moment::of(at, base);
        let as_landed = record.look == record.landed;
        Body {
            state: record.state,
            seen_at: moment(record.seen_at),
            landed_at: record.landed_at.map(moment),
            due_at: record.due_at.map(moment),
            arrival_known: record.arrival_known,
            bad: record.bad,
            changed_at: record.changed_at.map(moment),
            alarmed_since: record.alarmed_since.map(moment),
            look: record.look.as_ref().map(|look| Look::of(look, base)),
            as_landed,
            landed: record.landed.as_ref().filter(|_| !as_landed).map(|look| Look::of(look, base)),
        }
    }

    fn read(self, partition: Partition) -> Result<PartitionRecord, OutOfRange> {
        let base = seconds(partition);
        let look = self.look.map(|look| look.read(base)).transpose()?;
        let landed = match self.as_landed {
            true => look.clone(),
            false => self.landed.map(|look| look.read(base)).transpose()?,
        };
        Ok(PartitionRecord {
            partition,
            state: self.state,
            landed_at: at(self.landed_at, base)?,
            arrival_known: self.arrival_known,
            due_at: at(self.due_at, base)?,
            look,
            landed,
            changed_at: at(self.changed_at, base)?,
            bad: self.bad,
            alarmed_since: at(self.alarmed_since, base)?,
            mark: None,
            seen_at: self.seen_at.read(base)?,
        })
    }
}

impl Look {
    fn of(look: &PartitionLook, base: i64) -> Look {
        let moment = |at: Timestamp| Moment::of(at, base);
        Look {
            bytes: look.bytes,
            objects: look.objects,
            empty_objects: look.empty_objects,
            ignored: look.ignored,
            first_write: look.first_write.map(moment),
            last_write: look.last_write.map(moment),
            marker: look.marker.map(moment),
            content: look.content,
            sizes: look.sizes,
            pause: look.pause,
            etags: look.etags,
            roster: look.roster.clone(),
        }
    }

    fn read(self, base: i64) -> Result<PartitionLook, OutOfRange> {
        Ok(PartitionLook {
            bytes: self.bytes,
            objects: self.objects,
            empty_objects: self.empty_objects,
            ignored: self.ignored,
            first_write: at(self.first_write, base)?,
            last_write: at(self.last_write, base)?,
            marker: at(self.marker, base)?,
            content: self.content,
            sizes: self.sizes,
            pause: self.pause,
            etags: self.etags,
            roster: self.roster,
        })
    }
}

/// A time that no instant can be.
struct OutOfRange;

fn at(moment: Option<Moment>, base: i64) -> Result<Option<Timestamp>, OutOfRange> {
    moment.map(|moment| moment.read(base)).transpose()
}

/// An instant as seconds since the start of its partition, which take three bytes instead of five, and nanoseconds if
/// there are any: stores give whole seconds, file systems do not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    seconds: i64,
    nanoseconds: i32,
}

impl Moment {
    fn of(at: Timestamp, base: i64) -> Moment {
        Moment { seconds: at.as_second() - base, nanoseconds: at.subsec_nanosecond() }
    }

    fn read(self, base: i64) -> Result<Timestamp, OutOfRange> {
        let seconds = self.seconds.checked_add(base).ok_or(OutOfRange)?;
        Timestamp::new(seconds, self.nanoseconds).map_err(|_| OutOfRange)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.nanoseconds {
            0 => self.seconds.serialize(serializer),
            nanoseconds => (self.seconds, nanoseconds).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        deserializer.deserialize_any(Moments)
    }
}

struct Moments;

impl<'de> Visitor<'de> for Moments {
    type Value = Moment;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("seconds, or seconds and nanoseconds")
    }

    fn visit_i64<E>(self, seconds: i64) -> Result<Moment, E> {
        Ok(Moment { seconds, nanoseconds: 0 })
    }

    fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Moment, E> {
        i64::try_from(seconds).map(|seconds| Moment { seconds, nanoseconds: 0 }).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Moment, A::Error> {
        let seconds = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let nanoseconds = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
        Ok(Moment { seconds, nanoseconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Partition {
        Partition::parse(text).unwrap()
    }

    #[test]
    fn a_key_is_its_partition() {
        let names = [
            "0000-01-01T00",
            "0000-01",
            "1969-12-31T23",
            "1970-01-01",
            "2026-W48",
            "2026-11",
            "9999-12-31T23",
        ];
        for partition in names.map(parse) {
            assert_eq!(super::partition(key(partition)), Some(partition));
        }
        assert_eq!(super::partition((0, 4)), None);
        assert_eq!(super::partition((i64::MAX, 1)), None);
    }

    #[test]
    fn a_usual_record_is_small() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let look = PartitionLook {
            bytes: 18_612_345_678,
            objects: 200,
            empty_objects: 0,
            ignored: 1,
            first_write: at("2026-11-22T03:01:00Z"),
            last_write: at("2026-11-22T03:20:00Z"),
            marker: at("2026-11-22T03:20:01Z"),
            content: u64::MAX,
            sizes: u64::MAX - 1,
            pause: Some(40),
            etags: Some(u64::MAX - 2),
            roster: None,
        };
        let record = PartitionRecord {
            state: PartitionState::Landed,
            landed_at: look.marker,
            due_at: at("2026-11-22T04:00:00Z"),
            look: Some(look.clone()),
            landed: Some(look),
            ..PartitionRecord::new(parse("2026-11-21"), at("2026-11-22T04:00:00.123456789Z").unwrap())
        };
        let body = pack(&record).unwrap();
        assert_eq!(unpack(record.partition, &body).unwrap(), record);
        assert!(body.len() <= 100, "{} bytes", body.len());
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        let record = PartitionRecord::new(parse("2026-11-21"), Timestamp::UNIX_EPOCH);
        let body = pack(&record).unwrap();
        for end in 0..body.len() {
            assert!(unpack(record.partition, &body[..end]).is_err(), "{end}");
        }
        assert!(unpack(record.partition, b"{\"partition\":\"2026-11-21\"").is_err());
    }
}
