//! Values over time, in the history's file: a sink of metrics, and what plots and exports read.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::datum::Datum;
use lakegauge_engine::{HistoryError, Refusal, Sink, Unsent};
use rusqlite::{Connection, Transaction, params};

use super::fault::Fault;
use super::history::Sqlite;
use super::rows::{document, instant, nanoseconds, parse};

/// Where the values of a resident process go: into the file of the history. Clones write to the same file.
#[derive(Clone, Debug)]
pub struct DataSink {
    file: Sqlite,
    keep: SignedDuration,
}

impl Sqlite {
    /// A sink that keeps values for this long, counted from the newest value of their series.
    pub fn sink(&self, keep: SignedDuration) -> DataSink {
        DataSink { file: self.clone(), keep }
    }

    /// The values of a metric at or after `since`, by series and time. `of` are dimensions that a series must have; more
    /// are allowed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn data(
        &self,
        name: &str,
        of: &[(&str, &str)],
        since: Option<Timestamp>,
    ) -> Result<Vec<Datum>, HistoryError> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let (name, of) = (name.to_owned(), of.iter().map(owned).collect::<Vec<_>>());
        self.with(move |connection, _| read(connection, &name, &of, since)).await
    }
}

#[async_trait]
impl Sink for DataSink {
    async fn put(&self, data: &[Datum]) -> Result<(), Unsent> {
        let (values, keep) = (data.to_vec(), self.keep);
        let written = self.file.change(move |transaction, _| write(transaction, &values, keep)).await;
        // One transaction: all or none.
        written.map_err(|error| {
            let why = lakegauge_core::cause::chain(&error);
            Unsent::all(data.len(), &Refusal::Unreachable(why))
        })
    }
}

fn write(transaction: &Transaction<'_>, data: &[Datum], keep: SignedDuration) -> Result<(), Fault> {
    let mut series = transaction.prepare_cached(
        "INSERT INTO series (name, dimensions, unit) VALUES (?1, ?2, ?3)
         ON CONFLICT (name, dimensions) DO UPDATE SET unit = excluded.unit RETURNING id",
    )?;
    let mut put = transaction.prepare_cached("INSERT OR REPLACE INTO datum VALUES (?1, ?2, ?3)")?;
    let mut forget = transaction.prepare_cached("DELETE FROM datum WHERE series = ?1 AND at < ?2")?;
    for datum in data {
        let key = params![datum.name, document(&datum.dimensions)?, document(&datum.unit)?];
        let id: i64 = series.query_row(key, |row| row.get(0))?;
        put.execute(params![id, nanoseconds(datum.at), datum.value])?;
        let first = datum.at.checked_sub(keep).unwrap_or(Timestamp::MIN);
        forget.execute(params![id, nanoseconds(first)])?;
    }
    Ok(())
}

fn read(
    connection: &Connection,
    name: &str,
    of: &[(String, String)],
    since: Option<Timestamp>,
) -> Result<Vec<Datum>, Fault> {
    let mut series = connection
        .prepare_cached("SELECT id, dimensions, unit FROM series WHERE name = ?1 ORDER BY dimensions")?;
    let mut values = connection
        .prepare_cached("SELECT at, value FROM datum WHERE series = ?1 AND at >= ?2 ORDER BY at")?;
    let since = since.map_or(i64::MIN, nanoseconds);
    let mut all = series.query(params![name])?;
    let mut found = Vec::new();
    while let Some(row) = all.next()? {
        let what = || format!("a series of {name}");
        let id: i64 = row.get(0)?;
        let dimensions: Vec<(String, String)> = parse(what, row.get_ref(1)?)?;
        let unit = parse(what, row.get_ref(2)?)?;
        if !of.iter().all(|wanted| dimensions.contains(wanted)) {
            continue;
        }
        let mut rows = values.query(params![id, since])?;
        while let Some(row) = rows.next()? {
            let (at, value) = (instant("the time of a value", row.get(0)?)?, row.get(1)?);
            found.push(Datum { name: name.to_owned(), unit, dimensions: dimensions.clone(), value, at });
        }
    }
    Ok(found)
}
