//! Additions since the past was last written: a few entries, in the small document that every look writes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lakegauge_core::mark::Mark;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_engine::{Changes, Forget};
use serde::{Deserialize, Serialize};

/// With this many entries, the journal is merged into the past.
const ENTRIES: usize = 8;
/// The same with more than this many records in all entries: every look writes the journal.
const RECORDS: usize = 25;

/// Entries, oldest first. Their numbers increase by one and are never reused, so that each entry is merged into the
/// past once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The highest number of any entry so far.
    pub(super) last: u64,
    /// Entries up to this number were removed, because the past has them.
    pub(super) folded: u64,
    pub(super) entries: Vec<Entry>,
}

/// What one run added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) at: Timestamp,
    records: Vec<PartitionRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Change>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    marks: BTreeMap<Partition, Option<Mark>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forget: Option<Forget>,
}

impl Journal {
    /// With `more` entries, and without those up to `folded`, which the past has.
    pub(super) fn with(&self, more: &[Entry], folded: u64) -> Journal {
        let entries: Vec<Entry> =
            self.entries.iter().chain(more).filter(|entry| entry.number > folded).cloned().collect();
        let newest = more.last().map_or(0, |entry| entry.number);
        Journal { last: self.last.max(newest), folded: self.folded.max(folded), entries }
    }

    /// Without entries. The number increases, so that the stored past, which has no entry that new, is ignored.
    pub(super) fn begun_anew(&self) -> Journal {
        let number = self.last + 1;
        Journal { last: number, folded: number, entries: Vec::new() }
    }

    /// Whether the journal should be merged into the past.
    pub(super) fn is_long(&self) -> bool {
        let records: usize = self.entries.iter().map(|entry| entry.records.len()).sum();
        self.entries.len() >= ENTRIES || records > RECORDS
    }
}

impl Entry {
    pub(super) fn new(number: u64, changes: &Changes, at: Timestamp) -> Entry {
        // Orders are no part of the past: the document keeps them beside the journal.
        let Changes { records, standing, changes, marks, forget, orders: _ } = changes.clone();
        Entry { number, at, records, standing, changes, marks, forget }
    }

    pub(super) fn changes(&self) -> Changes {
        Changes {
            records: self.records.clone(),
            standing: self.standing.clone(),
            changes: self.changes.clone(),
            marks: self.marks.clone(),
            forget: self.forget,
            orders: None,
        }
    }
}
