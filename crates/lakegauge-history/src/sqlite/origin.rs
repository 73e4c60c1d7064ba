//! The name of a dataset in the file's tables, which differs for each place where the dataset was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use lakegauge_core::name::{Name, is_split_of};
use rusqlite::{Connection, Transaction, params};

use super::fault::Fault;
use super::rows::instant;
use crate::origins::Origins;

/// The prefix of the place of a forgotten history.
const FORGOTTEN: &str = "forgotten at ";

/// A dataset's history at one of its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The dataset, with its split.
    pub dataset: String,
    /// The place; for a forgotten history, preceded by the time.
    pub place: String,
    /// The number of partitions in it.
    pub partitions: u64,
}

impl Origin {
    /// Whether the user started a new history instead.
    pub fn is_forgotten(&self) -> bool {
        self.place.starts_with(FORGOTTEN)
    }
}

/// The names of a config's datasets in the tables of one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    origins: Origins,
    /// The folder of the file.
    folder: PathBuf,
}

/// A dataset's name in the tables.
pub(super) enum Key {
    /// It has a history at this place, or there are no places.
    Known(String),
    /// It has a history that no place has claimed yet, or none at all.
    Unclaimed,
    /// Its folder was moved together with the history.
    Moved { key: String, from: String },
    /// It has a history only at other places.
    Elsewhere,
}

impl Key {
    /// The name in the tables of what this config sees of `dataset`.
    pub(super) fn of(self, dataset: &str) -> Option<String> {
        match self {
            Key::Known(key) | Key::Moved { key, .. } => Some(key),
            Key::Unclaimed => Some(dataset.to_owned()),
            Key::Elsewhere => None,
        }
    }
}

/// One row of the table.
struct Claim {
    place: String,
    nearby: Option<String>,
    key: String,
}

impl Names {
    pub(super) fn new(origins: Origins, history: &Path) -> Names {
        let folder = history.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        Names { origins, folder: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()) }
    }

    /// Where a dataset has its objects.
    pub(super) fn place(&self, dataset: &str) -> Option<&str> {
        self.origins.place(dataset)
    }

    /// The place relative to the history's folder: it stays the same when both are moved together.
    fn nearby(&self, place: &str) -> Option<String> {
        place.starts_with('/').then(|| relative(&self.folder, Path::new(place)))
    }

    pub(super) fn key(&self, connection: &Connection, dataset: &str) -> Result<Key, Fault> {
        let Some(place) = self.place(dataset) else { return Ok(Key::Known(dataset.to_owned())) };
        let claims = claims(connection, dataset)?;
        if claims.is_empty() {
            return Ok(Key::Unclaimed);
        }
        let nearby = self.nearby(place);
        let here = claims.iter().find(|claim| claim.place == place);
        let moved = || claims.iter().find(|c| nearby.is_some() && c.nearby == nearby && is_gone(&c.place));
        Ok(match (here, here.is_none().then(moved).flatten()) {
            (Some(here), _) => Key::Known(here.key.clone()),
            (None, Some(moved)) => Key::Moved { key: moved.key.clone(), from: moved.place.clone() },
            (None, None) => Key::Elsewhere,
        })
    }

    /// The name of a dataset that is about to be written; claims its place if that was not claimed.
    pub(super) fn claim(&self, transaction: &Connection, dataset: &str) -> Result<String, Fault> {
        let key = match self.key(transaction, dataset)? {
            Key::Known(key) => return Ok(key),
            Key::Moved { key, from } => {
                transaction.execute(
                    "DELETE FROM origin WHERE dataset = ?1 AND place = ?2",
                    params![dataset, from],
                )?;
                key
            }
            Key::Unclaimed => free(transaction, dataset, |key| key == dataset)?,
            Key::Elsewhere => free(transaction, dataset, |_| false)?,
        };
        let place = self.place(dataset).unwrap_or_default();
        transaction.execute(
            "INSERT INTO origin (dataset, place, nearby, key) VALUES (?1, ?2, ?3, ?4)",
            params![dataset, place, self.nearby(place), key],
        )?;
        Ok(key)
    }

    /// Moves the history at `from` to the dataset's current place, and the history there to `from`.
    pub(super) fn exchange(
        &self,
        transaction: &Transaction<'_>,
        dataset: &str,
        from: &str,
    ) -> Result<(), Fault> {
        let Some(here) = self.place(dataset) else { return Ok(()) };
        let (aside, nearby) = ("\u{1}", self.nearby(here));
        let mut rename = transaction
            .prepare_cached("UPDATE origin SET place = ?3, nearby = ?4 WHERE dataset = ?1 AND place = ?2")?;
        rename.execute(params![dataset, here, aside, None::<String>])?;
        rename.execute(params![dataset, from, here, nearby])?;
        rename.execute(params![dataset, aside, from, None::<String>])?;
        Ok(())
    }

    /// Starts a new history for a dataset at its place. The old one is kept under another name.
    pub(super) fn give_up(
        &self,
        transaction: &Transaction<'_>,
        dataset: &str,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let Some(place) = self.place(dataset) else { return Ok(()) };
        self.claim(transaction, dataset)?;
        transaction.execute(
            "UPDATE origin SET place = ?3, nearby = NULL WHERE dataset = ?1 AND place = ?2",
            params![dataset, place, format!("{FORGOTTEN}{at}: {place}")],
        )?;
        Ok(())
    }

    /// Whether the name `key` in the tables belongs to one of these datasets at its place.
    fn has(&self, key: &str, claimed: Option<(String, String)>) -> bool {
        match claimed {
            Some((dataset, place)) => self.place(&dataset) == Some(place.as_str()),
            None => self.origins.is_empty() || self.place(key).is_some(),
        }
    }

    /// The datasets whose only histories are at other places, with one of those each; without datasets for which the
    /// user started a new history.
    pub(super) fn elsewhere(&self, connection: &Connection) -> Result<Vec<(String, String)>, Fault> {
        let mut statement =
            connection.prepare_cached("SELECT dataset, place FROM origin ORDER BY dataset, place")?;
        let mut rows = statement.query([])?;
        let (mut here, mut other) = (BTreeSet::new(), BTreeMap::new());
        while let Some(row) = rows.next()? {
            let (dataset, place): (String, String) = (row.get(0)?, row.get(1)?);
            if self.place(&dataset).is_none() {
                continue;
            }
            match self.key(connection, &dataset)? {
                Key::Elsewhere if !place.starts_with(FORGOTTEN) => drop(other.insert(dataset, place)),
                Key::Elsewhere => {}
                _ => drop(here.insert(Name::read(&dataset).base().to_owned())),
            }
        }
        other.retain(|dataset, _| !here.contains(Name::read(dataset).base()));
        Ok(other.into_iter().collect())
    }

    /// The splits of a dataset that have a history at its place.
    pub(super) fn splits(&self, connection: &Connection, dataset: &str) -> Result<Vec<String>, Fault> {
        let mut found = BTreeSet::new();
        for origin in all(connection)?.into_iter().filter(|origin| is_split_of(&origin.dataset, dataset)) {
            if !matches!(self.key(connection, &origin.dataset)?, Key::Elsewhere) {
                found.insert(origin.dataset);
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The newest write to any dataset at its place.
    pub(super) fn newest_run(&self, connection: &Connection) -> Result<Option<Timestamp>, Fault> {
        let mut statement = connection.prepare_cached(
            "SELECT run.at, run.dataset, origin.dataset, origin.place
             FROM run LEFT JOIN origin ON origin.key = run.dataset ORDER BY run.at DESC",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (key, dataset, place): (String, Option<String>, Option<String>) =
                (row.get(1)?, row.get(2)?, row.get(3)?);
            if self.has(&key, dataset.zip(place)) {
                return instant("when it was last written to", row.get(0)?).map(Some);
            }
        }
        Ok(None)
    }
}

/// Every history in the file, by dataset and place. A history that no place has claimed has an empty place.
pub(super) fn all(connection: &Connection) -> Result<Vec<Origin>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(origin.dataset, run.dataset), coalesce(origin.place, ''),
             (SELECT count(*) FROM record WHERE record.dataset = run.id)
         FROM run LEFT JOIN origin ON origin.key = run.dataset ORDER BY 1, 2",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let partitions = u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default();
        found.push(Origin { dataset: row.get(0)?, place: row.get(1)?, partitions });
    }
    Ok(found)
}

fn claims(connection: &Connection, dataset: &str) -> Result<Vec<Claim>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT place, nearby, key FROM origin WHERE dataset = ?1")?;
    let claim =
        |row: &rusqlite::Row<'_>| Ok(Claim { place: row.get(0)?, nearby: row.get(1)?, key: row.get(2)? });
    Ok(statement.query_map(params![dataset], claim)?.collect::<Result<_, _>>()?)
}

/// The first free name for a dataset in the tables. Rows under a name that is its `own` do not count.
fn free(connection: &Connection, dataset: &str, own: impl Fn(&str) -> bool) -> Result<String, Fault> {
    let mut claimed = connection.prepare_cached("SELECT 1 FROM origin WHERE key = ?1")?;
    let mut used = connection.prepare_cached("SELECT 1 FROM run WHERE dataset = ?1")?;
    let mut number = 1u64;
    let mut key = dataset.to_owned();
    loop {
        let taken = claimed.exists(params![key])? || !own(&key) && used.exists(params![key])?;
        if !taken {
            return Ok(key);
        }
        number += 1;
        key = format!("{dataset} ({number})");
    }
}

/// Whether the folder of the place's objects no longer exists.
fn is_gone(place: &str) -> bool {
    let fixed: PathBuf = Path::new(place)
        .components()
        .take_while(|c| !c.as_os_str().to_string_lossy().contains('{'))
        .collect();
    place.starts_with('/') && !fixed.exists()
}

/// `to` relative to `from`, by their names only.
fn relative(from: &Path, to: &Path) -> String {
    let same = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(same).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.components().skip(same)).collect();
    path.to_string_lossy().into_owned()
}
