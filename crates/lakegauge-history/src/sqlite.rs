//! History in a SQLite file: WAL, one transaction a commit, migrations by `user_version`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::{Metric, Sample};
use lakegauge_core::name::is_split_of;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_engine::{Changes, History, HistoryError, StoredStatus, Transition};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One step of the file's format each; the version is the number of steps taken.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/1.sql"), include_str!("../migrations/2.sql")];
/// What `file` says of a history, and what tells it from another program's database: `lkgg`.
const APPLICATION: i64 = 0x6c6b_6767;
/// How long a writer waits for another process's commit.
const BUSY: Duration = Duration::from_secs(20);
/// How long it pauses where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(20);

/// History in a file.
#[derive(Clone, Debug)]
pub struct Sqlite {
    connection: Arc<Mutex<Connection>>,
    path: PathBuf,
}

impl Sqlite {
    /// Opens the file, creating it and its folder where they are not there, and brings it to the newest format.
    ///
    /// # Errors
    /// When the file cannot be opened, is not a history, or was written by a newer lakegauge.
    pub async fn open(path: &Path) -> Result<Sqlite, HistoryError> {
        let path = path.to_owned();
        let place = path.display().to_string();
        let opened = tokio::task::spawn_blocking(move || {
            let connection = connect(&path)?;
            Ok(Sqlite { connection: Arc::new(Mutex::new(connection)), path })
        });
        opened.await.unwrap_or_else(|error| Err(HistoryError::Unusable { place, source: error.into() }))
    }

    /// When any dataset was last written to, if ever.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn newest_run(&self) -> Result<Option<Timestamp>, HistoryError> {
        self.with(|connection| {
            let newest: Option<i64> =
                connection.query_row("SELECT max(at) FROM run", [], |row| row.get(0))?;
            newest.map(instant).transpose()
        })
        .await
    }

    /// Runs `work` on the connection, off the async threads.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let connection = Arc::clone(&self.connection);
        let place = self.path.display().to_string();
        let done = tokio::task::spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut connection)
        });
        match done.await {
            Ok(outcome) => outcome.map_err(|fault| fault.at(place)),
            Err(error) => Err(HistoryError::Unusable { place, source: error.into() }),
        }
    }
}

/// What went wrong, before it is known where.
#[derive(Debug)]
enum Fault {
    Sql(rusqlite::Error),
    Document(String),
    Newer { found: i64, known: i64 },
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Sql(error)
    }
}

impl Fault {
    fn at(self, place: String) -> HistoryError {
        match self {
            Fault::Document(detail) => HistoryError::Damaged { place, detail },
            Fault::Newer { found, known } => HistoryError::Newer { place, found, known },
            Fault::Sql(error) => match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                    HistoryError::Damaged { place, detail: error.to_string() }
                }
                _ => HistoryError::Unusable { place, source: error.into() },
            },
        }
    }
}

fn connect(path: &Path) -> Result<Connection, HistoryError> {
    let place = || path.display().to_string();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| HistoryError::Unusable { place: place(), source: error.into() })?;
    }
    let prepare = || -> Result<Connection, Fault> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        // Before anything is written: a file that is not ours, or too new, stays as it is.
        migrate(&mut connection)?;
        write_ahead(&connection)?;
        connection.pragma_update(None, "synchronous", "normal")?;
        Ok(connection)
    };
    prepare().map_err(|fault| fault.at(place()))
}

/// Turns write-ahead logging on. While another process does the same, SQLite says "busy" without waiting.
fn write_ahead(connection: &Connection) -> Result<(), Fault> {
    let mut waited = Duration::ZERO;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < BUSY => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            outcome => return Ok(outcome?),
        }
    }
}

fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    let known = MIGRATIONS.len() as i64;
    if version(connection)? == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated while this one waited for the lock.
    let found = version(&transaction)?;
    if found > known {
        return Err(Fault::Newer { found, known });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", known)?;
    Ok(transaction.commit()?)
}

/// The version of the file's format; 0 of a new file.
fn version(connection: &Connection) -> Result<i64, Fault> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && number("application_id")? != APPLICATION {
        return Err(Fault::Document("it is the database of another program".to_owned()));
    }
    Ok(number("user_version")?)
}

fn document<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Document(error.to_string()))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Document(error.to_string()))
}

fn text(value: ValueRef<'_>) -> Result<&str, Fault> {
    value.as_str().map_err(|error| Fault::Document(error.to_string()))
}

/// The documents of a query's only column.
fn documents<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<T>, Fault> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(parse(text(row.get_ref(0)?)?)?);
    }
    Ok(found)
}

fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at.as_second() < 0 { i64::MIN } else { i64::MAX })
}

fn instant(nanoseconds: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).map_err(|error| Fault::Document(error.to_string()))
}

fn sample(metric: Metric, row: &Row<'_>) -> Result<Sample, Fault> {
    let name: String = row.get(0)?;
    let partition = lakegauge_core::partition::Partition::parse(&name)
        .ok_or_else(|| Fault::Document(format!("`{name}` is not a partition")))?;
    Ok(Sample { metric, partition, value: row.get(1)?, at: instant(row.get(2)?)? })
}

fn write(
    transaction: &Transaction<'_>,
    dataset: &str,
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
        record.execute(params![dataset, start, name, r.state.name(), document])?;
    }
    let mut marked = transaction
        .prepare("UPDATE record SET mark = ?4 WHERE dataset = ?1 AND start = ?2 AND partition = ?3")?;
    for (partition, mark) in &changes.marks {
        let (start, name) = (partition.start().to_string(), partition.to_string());
        marked.execute(params![dataset, start, name, mark.as_ref().map(document).transpose()?])?;
    }
    let mut sample = transaction.prepare("INSERT OR REPLACE INTO sample VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for s in changes.samples.iter().filter(|s| !s.value.is_nan()) {
        let (start, name) = (s.partition.start().to_string(), s.partition.to_string());
        sample.execute(params![dataset, s.metric.name(), start, name, s.value, nanoseconds(s.at)])?;
    }
    let mut status = transaction.prepare("INSERT OR REPLACE INTO status VALUES (?1, ?2, ?3)")?;
    for s in &changes.statuses {
        status.execute(params![dataset, s.metric.name(), document(s)?])?;
    }
    let mut transition =
        transaction.prepare("INSERT INTO transition (dataset, at, document) VALUES (?1, ?2, ?3)")?;
    for t in &changes.transitions {
        transition.execute(params![dataset, nanoseconds(t.at), document(t)?])?;
    }
    transaction.execute(
        "INSERT INTO run VALUES (?1, ?2) ON CONFLICT (dataset) DO UPDATE SET at = max(at, excluded.at)",
        params![dataset, nanoseconds(now)],
    )?;
    Ok(())
}

#[async_trait]
impl History for Sqlite {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        let dataset = dataset.to_owned();
        self.with(move |connection| {
            // Everything that begins with the name and a bracket sorts before the name and what follows the bracket.
            let mut statement = connection.prepare(
                "SELECT dataset FROM run WHERE dataset > ?1 || '[' AND dataset < ?1 || '\\' ORDER BY dataset",
            )?;
            let names = statement.query_map(params![dataset], |row| row.get::<_, String>(0))?;
            let mut found = names.collect::<Result<Vec<_>, _>>()?;
            found.retain(|name| is_split_of(name, &dataset));
            Ok(found)
        })
        .await
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        let dataset = dataset.to_owned();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(move |connection| {
            let sql = "SELECT document, mark FROM record WHERE dataset = ?1 ORDER BY start DESC LIMIT ?2";
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query(params![dataset, limit])?;
            let mut found = Records::new();
            while let Some(row) = rows.next()? {
                let mut record: PartitionRecord = parse(text(row.get_ref(0)?)?)?;
                record.mark = match row.get_ref(1)? {
                    ValueRef::Null => None,
                    value => Some(parse(text(value)?)?),
                };
                found.insert(record.partition, record);
            }
            Ok(found)
        })
        .await
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        let dataset = dataset.to_owned();
        self.with(move |connection| {
            let mut statement = connection.prepare("SELECT at FROM run WHERE dataset = ?1")?;
            let mut rows = statement.query(params![dataset])?;
            rows.next()?.map(|row| instant(row.get(0)?)).transpose()
        })
        .await
    }

    async fn samples(
        &self,
        dataset: &str,
        metric: Metric,
        since: Option<Timestamp>,
    ) -> Result<Vec<Sample>, HistoryError> {
        let dataset = dataset.to_owned();
        let since = since.map_or(i64::MIN, nanoseconds);
        self.with(move |connection| {
            let mut statement = connection.prepare(
                "SELECT partition, value, at FROM sample WHERE dataset = ?1 AND metric = ?2 AND at >= ?3 ORDER BY start",
            )?;
            let mut rows = statement.query(params![dataset, metric.name(), since])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(sample(metric, row)?);
            }
            found.sort_by_key(|sample| sample.partition);
            Ok(found)
        })
        .await
    }

    async fn statuses(&self, dataset: &str) -> Result<Vec<StoredStatus>, HistoryError> {
        let dataset = dataset.to_owned();
        let sql = "SELECT document FROM status WHERE dataset = ?1";
        let mut found: Vec<StoredStatus> =
            self.with(move |connection| documents(connection, sql, params![dataset])).await?;
        found.sort_by_key(|status| status.metric);
        Ok(found)
    }

    async fn transitions(
        &self,
        dataset: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Transition>, HistoryError> {
        let dataset = dataset.to_owned();
        let since = since.map_or(i64::MIN, nanoseconds);
        let sql = "SELECT document FROM transition WHERE dataset = ?1 AND at >= ?2 ORDER BY id";
        self.with(move |connection| documents(connection, sql, params![dataset, since])).await
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let (dataset, changes) = (dataset.to_owned(), changes.clone());
        self.with(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            write(&transaction, &dataset, &changes, now)?;
            transaction.commit()?;
            Ok(())
        })
        .await
    }
}
