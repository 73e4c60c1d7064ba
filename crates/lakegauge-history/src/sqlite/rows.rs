//! Converts documents and numbers to rows and back. A row that cannot be read is named.

use jiff::Timestamp;
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
    if let Some(standing) = &changes.standing {
        transaction
            .prepare("INSERT OR REPLACE INTO standing VALUES (?1, ?2)")?
            .execute(params![key, document(standing)?])?;
    }
    let mut change = transaction.prepare("INSERT INTO change (dataset, at, document) VALUES (?1, ?2, ?3)")?;
    for c in &changes.changes {
        change.execute(params![key, nanoseconds(c.at), document(c)?])?;
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
