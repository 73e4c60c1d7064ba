//! Converts documents and numbers to rows and back. A row that cannot be read is named.

use jiff::Timestamp;
use lakegauge_core::delivery::Deliveries;
use lakegauge_core::record::Records;
use lakegauge_core::standing::Standing;
use lakegauge_engine::{Changes, Forget};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::compact::{self, pack, unpack};
use super::fault::Fault;

/// The newest records under a key.
pub(super) fn records(connection: &Connection, key: &str, limit: i64) -> Result<Records, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT start, cadence, document, mark FROM record
         WHERE dataset = (SELECT id FROM run WHERE dataset = ?1) ORDER BY start DESC, cadence DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![key, limit])?;
    let mut found = Records::new();
    while let Some(row) = rows.next()? {
        let slot = (row.get(0)?, row.get(1)?);
        let damaged = |of: String, detail: String| Fault::Row { what: of, detail };
        let Some(partition) = compact::partition(slot) else {
            return Err(damaged(format!("a record of `{key}`"), "its partition is unknown".to_owned()));
        };
        let body = row.get_ref(2)?.as_blob().map_err(|error| error.to_string());
        let record = body.and_then(|body| unpack(partition, body).map_err(|error| error.to_string()));
        let mut record = record.map_err(|detail| damaged(format!("the record of {partition}"), detail))?;
        record.mark = match row.get_ref(3)? {
            ValueRef::Null => None,
            value => Some(parse(|| format!("the mark of {partition}"), value)?),
        };
        found.insert(partition, record);
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
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(parse(|| what.to_owned(), row.get_ref(0)?)?);
    }
    Ok(found)
}

/// What is wrong under a key.
pub(super) fn standing(connection: &Connection, key: &str) -> Result<Standing, Fault> {
    let sql = "SELECT document FROM standing WHERE dataset = ?1";
    Ok(documents(connection, sql, params![key], "the state of its alarms")?.pop().unwrap_or_default())
}

/// What is to be handed out under a key.
pub(super) fn deliveries(connection: &Connection, key: &str) -> Result<Deliveries, Fault> {
    let sql = "SELECT document FROM delivery WHERE dataset = ?1";
    Ok(documents(connection, sql, params![key], "what is to be handed out")?.pop().unwrap_or_default())
}

/// Replaces what is to be handed out under a key.
pub(super) fn deliver(transaction: &Connection, key: &str, deliveries: &Deliveries) -> Result<(), Fault> {
    let mut put = transaction.prepare_cached("INSERT OR REPLACE INTO delivery VALUES (?1, ?2)")?;
    put.execute(params![key, document(deliveries)?])?;
    Ok(())
}

/// Writes the additions of a run under a key.
pub(super) fn write(
    transaction: &Connection,
    key: &str,
    changes: &Changes,
    now: Timestamp,
) -> Result<(), Fault> {
    let run: i64 = transaction
        .prepare_cached(
            "INSERT INTO run (dataset, at) VALUES (?1, ?2)
             ON CONFLICT (dataset) DO UPDATE SET at = max(at, excluded.at) RETURNING id",
        )?
        .query_row(params![key, nanoseconds(now)], |row| row.get(0))?;
    let mut record = transaction.prepare_cached(
        "INSERT INTO record (dataset, start, cadence, document) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET document = excluded.document",
    )?;
    for r in &changes.records {
        let (start, cadence) = compact::key(r.partition);
        record.execute(params![run, start, cadence, pack(r).map_err(Fault::unwritten)?])?;
    }
    let mut marked = transaction
        .prepare_cached("UPDATE record SET mark = ?4 WHERE dataset = ?1 AND start = ?2 AND cadence = ?3")?;
    for (partition, mark) in &changes.marks {
        let (start, cadence) = compact::key(*partition);
        marked.execute(params![run, start, cadence, mark.as_ref().map(document).transpose()?])?;
    }
    if let Some(standing) = &changes.standing {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO standing VALUES (?1, ?2)")?
            .execute(params![key, document(standing)?])?;
    }
    let mut change =
        transaction.prepare_cached("INSERT INTO change (dataset, at, document) VALUES (?1, ?2, ?3)")?;
    for c in &changes.changes {
        change.execute(params![key, nanoseconds(c.at), document(c)?])?;
    }
    if let Some(orders) = &changes.orders {
        let mut all = deliveries(transaction, key)?;
        all.record(orders);
        deliver(transaction, key, &all)?;
    }
    if let Some(Forget { before, until }) = changes.forget {
        let (start, cadence) = compact::key(before);
        transaction
            .prepare_cached("DELETE FROM record WHERE dataset = ?1 AND (start, cadence) < (?2, ?3)")?
            .execute(params![run, start, cadence])?;
        transaction
            .prepare_cached("DELETE FROM change WHERE dataset = ?1 AND at < ?2")?
            .execute(params![key, nanoseconds(until)])?;
    }
    Ok(())
}

pub(super) fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at.as_second() < 0 { i64::MIN } else { i64::MAX })
}

pub(super) fn instant(what: &str, nanoseconds: i64) -> Result<Timestamp, Fault> {
    let read = Timestamp::from_nanosecond(i128::from(nanoseconds));
    read.map_err(|error| Fault::Row { what: what.to_owned(), detail: error.to_string() })
}

pub(super) fn document<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::unwritten)
}

pub(super) fn parse<T: DeserializeOwned>(what: impl Fn() -> String, value: ValueRef<'_>) -> Result<T, Fault> {
    let damaged = |detail: String| Fault::Row { what: what(), detail };
    let text = value.as_str().map_err(|error| damaged(error.to_string()))?;
    serde_json::from_str(text).map_err(|error| damaged(error.to_string()))
}
