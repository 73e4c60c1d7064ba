//! Converts documents and numbers to rows and back. A row that cannot be read is named.

use jiff::Timestamp;
use lakegauge_core::metric::{Metric, Sample};
use lakegauge_core::partition::Partition;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_engine::Changes;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fault::Fault;

/// The newest records under a key.
pub(super) fn records(connection: &Connection, key: &str, limit: i64) -> Result<Records, Fault> {
    let mut statement = connection.prepare(
        "SELECT document, mark, partition FROM record WHERE dataset = ?1 ORDER BY start DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![key, limit])?;
    let mut found = Records::new();
    while let Some(row) = rows.next()? {
        let what = |of: &str| match row.get::<_, String>(2) {
            Ok(partition) => format!("the {of} of {partition}"),
            Err(_) => format!("a {of}"),
        };
        let mut record: PartitionRecord = parse(|| what("record"), row.get_ref(0)?)?;
        record.mark = match row.get_ref(1)? {
            ValueRef::Null => None,
            value => Some(parse(|| what("mark"), value)?),
        };
        found.insert(record.partition, record);
    }
    Ok(found)
}

/// The samples of a metric under a key, by partition.
pub(super) fn samples(
    connection: &Connection,
    key: &str,
    metric: Metric,
    since: i64,
) -> Result<Vec<Sample>, Fault> {
    let mut statement = connection.prepare(
        "SELECT partition, value, at FROM sample WHERE dataset = ?1 AND metric = ?2 AND at >= ?3 ORDER BY start",
    )?;
    let mut rows = statement.query(params![key, metric.name(), since])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let what = format!("the {metric} of {name}");
        let Some(partition) = Partition::parse(&name) else {
            return Err(Fault::Row { what, detail: "that is not a partition".to_owned() });
        };
        found.push(Sample { metric, partition, value: row.get(1)?, at: instant(&what, row.get(2)?)? });
    }
    found.sort_by_key(|sample| sample.partition);
    Ok(found)
}

/// The documents in a query's only column; `what` names each.
pub(super) fn documents<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    what: &str,
) -> Result<Vec<T>, Fault> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(parse(|| what.to_owned(), row.get_ref(0)?)?);
    }
    Ok(found)
}

/// Writes the additions of a run under a key.
pub(super) fn write(
    transaction: &Transaction<'_>,
    key: &str,
    changes: &Changes,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut record = transaction.prepare(
        "INSERT INTO record (dataset, start, partition, state, document) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET state = excluded.state, document = excluded.document",
    )?;
    for r in &changes.records {
        let (start, name) = (r.partition.start().to_string(), r.partition.to_string());
        let document = document(&PartitionRecord { mark: None, ..r.clone() })?;
        record.execute(params![key, start, name, r.state.name(), document])?;
    }
    let mut marked = transaction
        .prepare("UPDATE record SET mark = ?4 WHERE dataset = ?1 AND start = ?2 AND partition = ?3")?;
    for (partition, mark) in &changes.marks {
        let (start, name) = (partition.start().to_string(), partition.to_string());
        marked.execute(params![key, start, name, mark.as_ref().map(document).transpose()?])?;
    }
    let mut sample = transaction.prepare("INSERT OR REPLACE INTO sample VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for s in changes.samples.iter().filter(|s| !s.value.is_nan()) {
        let (start, name) = (s.partition.start().to_string(), s.partition.to_string());
        sample.execute(params![key, s.metric.name(), start, name, s.value, nanoseconds(s.at)])?;
    }
    let mut status = transaction.prepare("INSERT OR REPLACE INTO status VALUES (?1, ?2, ?3)")?;
    for s in &changes.statuses {
        status.execute(params![key, s.metric.name(), document(s)?])?;
    }
    let mut transition =
        transaction.prepare("INSERT INTO transition (dataset, at, document) VALUES (?1, ?2, ?3)")?;
    for t in &changes.transitions {
        transition.execute(params![key, nanoseconds(t.at), document(t)?])?;
    }
    transaction.execute(
        "INSERT INTO run VALUES (?1, ?2) ON CONFLICT (dataset) DO UPDATE SET at = max(at, excluded.at)",
        params![key, nanoseconds(now)],
    )?;
    Ok(())
}

pub(super) fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at.as_second() < 0 { i64::MIN } else { i64::MAX })
}

pub(super) fn instant(what: &str, nanoseconds: i64) -> Result<Timestamp, Fault> {
    let read = Timestamp::from_nanosecond(i128::from(nanoseconds));
    read.map_err(|error| Fault::Row { what: what.to_owned(), detail: error.to_string() })
}

fn document<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::Unwritten)
}

fn parse<T: DeserializeOwned>(what: impl Fn() -> String, value: ValueRef<'_>) -> Result<T, Fault> {
    let damaged = |detail: String| Fault::Row { what: what(), detail };
    let text = value.as_str().map_err(|error| damaged(error.to_string()))?;
    serde_json::from_str(text).map_err(|error| damaged(error.to_string()))
}
