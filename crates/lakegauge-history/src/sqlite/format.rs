//! The formats of the file, and how an older one is brought to the newest.

use std::fs;
use std::path::{Path, PathBuf};

use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};

use super::compact;
use super::fault::Fault;
use super::paths::{beside, create};

/// The steps of the file format; the version is the number of steps applied.
const STEPS: &[Step] = &[
    Step::Sql(include_str!("../../migrations/1.sql")),
    Step::Sql(include_str!("../../migrations/2.sql")),
    Step::Sql(include_str!("../../migrations/3.sql")),
    Step::Sql(include_str!("../../migrations/4.sql")),
    Step::Sql(include_str!("../../migrations/5.sql")),
    Step::Code(include_str!("../../migrations/6.sql"), compact_records),
    Step::Sql(include_str!("../../migrations/7.sql")),
];

enum Step {
    Sql(&'static str),
    /// SQL, then code.
    Code(&'static str, fn(&Transaction<'_>) -> Result<(), Fault>),
}

/// The application id, which tells a history from another program's database: `lkgg`, also shown by `file`.
const APPLICATION: i64 = 0x6c6b_6767;
/// The value of `auto_vacuum` with which pages that are no longer needed can be given back to the file system.
const INCREMENTAL: i64 = 2;

/// What becomes of the file as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// It is kept beside the new one, under a name that says its format.
    Kept,
    /// It is a copy itself.
    Overwritten,
}

/// Brings a file to the newest format. It is changed in one transaction: ended half-way, it is as it was. A file that
/// is not ours, or too new, is left unchanged.
pub(super) fn migrate(connection: &mut Connection, path: &Path, before: Before) -> Result<(), Fault> {
    let known = STEPS.len() as i64;
    if version(connection)? == known {
        return Ok(());
    }
    // In a new file this is set before its first page is written; any other is written anew below.
    connection.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated the file while this one waited for the lock.
    let found = version(&transaction)?;
    if found > known {
        return Err(Fault::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 && before == Before::Kept {
        keep(path, found)?;
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        match step {
            Step::Sql(sql) => transaction.execute_batch(sql)?,
            Step::Code(sql, code) => {
                transaction.execute_batch(sql)?;
                code(&transaction)?;
            }
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", known)?;
    Ok(transaction.commit()?)
}

/// Copies the file as it is, to a name beside it. The caller holds the lock of a writer, under which others read only
/// what was committed before.
fn keep(path: &Path, format: i64) -> Result<(), Fault> {
    let kept = backup(path, format);
    let partial = beside(&kept, ".partial");
    drop(fs::remove_file(&partial));
    create(&partial)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.execute("VACUUM INTO ?1", params![partial.to_string_lossy()])?;
    Ok(fs::rename(partial, kept)?)
}

/// Where a file of an older format is kept.
fn backup(path: &Path, format: i64) -> PathBuf {
    beside(path, &format!(".format-{format}"))
}

/// Gives the space of an older format back. A file that another process reads just now is done at its next opening.
pub(super) fn shrink(connection: &Connection) -> Result<(), Fault> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    if number("auto_vacuum")? != INCREMENTAL {
        connection.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
        drop(connection.execute_batch("VACUUM"));
    } else if number("freelist_count")? * UNUSED > number("page_count")? {
        drop(connection.execute_batch("PRAGMA incremental_vacuum"));
    }
    Ok(())
}

/// Pages are given back from one unused page in this many on: giving back moves others.
const UNUSED: i64 = 8;

/// Step 6. A row that cannot be read is kept as it is: reading it says so, and only its dataset is without its past.
fn compact_records(transaction: &Transaction<'_>) -> Result<(), Fault> {
    {
        let mut old = transaction.prepare(
            "SELECT run.id, old_record.partition, old_record.document, old_record.mark
             FROM old_record JOIN run ON run.dataset = old_record.dataset",
        )?;
        let mut new = transaction.prepare("INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let mut rows = old.query([])?;
        while let Some(row) = rows.next()? {
            let (dataset, name, document, mark): (i64, String, String, Option<String>) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            // Nothing else could have written a name that is none.
            let Some(partition) = Partition::parse(&name) else { continue };
            let body = match serde_json::from_str::<PartitionRecord>(&document) {
                Ok(record) => compact::pack(&record).map_err(Fault::unwritten)?,
                Err(_) => document.into_bytes(),
            };
            let (start, cadence) = compact::key(partition);
            new.execute(params![dataset, start, cadence, body, mark])?;
        }
    }
    Ok(transaction.execute_batch("DROP TABLE old_record")?)
}

/// Rejects a file that would have to be migrated before it can be read.
pub(super) fn must_be_current(connection: &Connection) -> Result<(), Fault> {
    let (found, known) = (version(connection)?, STEPS.len() as i64);
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(Fault::ReadOnly),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(Fault::Newer { found, known }),
    }
}

/// The version of the file format; 0 for a new file.
fn version(connection: &Connection) -> Result<i64, Fault> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && number("application_id")? != APPLICATION {
        return Err(Fault::NotOurs("it is the database of another program"));
    }
    Ok(number("user_version")?)
}
