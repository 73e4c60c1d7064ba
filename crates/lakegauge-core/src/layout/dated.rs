//! A template that names a date: how a dataset's paths encode its partitions.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};

use super::check;
use super::error::LayoutError;
use super::matching::{self, Found};
use super::parse;
use super::template::{Field, Level, Piece, Template};
use crate::partition::{Cadence, Partition};

/// How a dataset's paths encode its partitions: a template relative to the lake's root.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Shared by all copies.
    pub(super) template: Arc<Template>,
    cadence: Cadence,
}

/// The place of a key in the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<'a> {
    /// The partition named in the key.
    pub partition: Partition,
    /// The values of the splitting keys in the order of [`Layout::splits`], as the store writes them (encoded).
    pub splits: Vec<String>,
    /// The levels above the date that contain `{*}`, from the first to the last of them; or the text for `{*}` in the
    /// date's own level, unless that is the time of day. Empty if there is none.
    pub above: &'a str,
    /// The key below the partition's prefix; the file name if the date is in the file name. It includes levels that
    /// match only a trailing `{*}`.
    pub name: &'a str,
}

/// One level of a path below its static prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelBelow {
    /// How many splitting keys have their value in its name.
    pub keys: usize,
    /// Whether its name contains part of the time.
    pub is_dated: bool,
}

/// What the name of a folder says about the keys below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lead {
    /// The values of the splitting keys; empty if they are in deeper levels.
    pub splits: Vec<String>,
    /// The known parts of the time, coarsest first: among folders of one level, greater is newer.
    pub time: [Option<i16>; 6],
}

impl Layout {
    /// Reads a template, without explaining the syntax of other tools in errors.
    pub(super) fn read(template: &str) -> Result<Layout, LayoutError> {
        let template = parse::template(template)?;
        match template.cadence {
            Some(cadence) => Ok(Layout { template: Arc::new(template), cadence }),
            None => Err(check::no_date(&template)),
        }
    }

    /// How much time one partition covers: that of the finest time token.
    pub fn cadence(&self) -> Cadence {
        self.cadence
    }

    /// The literal prefix up to the last `/` before the first token; empty at the lake's root.
    pub fn static_prefix(&self) -> &str {
        let end = self.template.text.find('{').unwrap_or(self.template.text.len());
        let literal = self.template.text.get(..end).unwrap_or_default();
        literal.rfind('/').and_then(|slash| literal.get(..=slash)).unwrap_or_default()
    }

    /// The names of the keys whose values split the dataset, in the order of the template.
    pub fn splits(&self) -> &[String] {
        &self.template.splits
    }

    /// Whether the date is in the file name: a partition is then files of one folder, not a folder.
    pub fn is_flat(&self) -> bool {
        self.template.flat
    }

    /// The levels below the [static prefix](Layout::static_prefix), down to the partition.
    pub fn levels_below(&self) -> Vec<LevelBelow> {
        let closed = self.static_prefix().matches('/').count();
        let level = |level: &Level| LevelBelow {
            keys: level.iter().filter(|piece| matches!(piece, Piece::Split(_))).count(),
            is_dated: level.iter().any(|piece| matches!(piece, Piece::Number { .. })),
        };
        self.template.told().iter().skip(closed).map(level).collect()
    }

    /// What a folder (`a/b/`, relative to the lake's root) says about the keys below it; `None` if no key of this
    /// layout can be there.
    pub fn leads(&self, folder: &str) -> Option<Lead> {
        let found = matching::begin(&self.template, folder)?;
        Some(Lead { time: found.time(), splits: found.splits })
    }

    /// Whether each level is finer than those above it, so that the newest folder of each leads to the newest partition.
    pub fn is_coarse_first(&self) -> bool {
        let mut finest = None;
        self.template.levels.iter().all(|level| {
            let ranks: Vec<u8> = level
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Number { field, .. } => Some(field.rank()),
                    _ => None,
                })
                .collect();
            let follows = finest.is_none_or(|finest| ranks.iter().all(|rank| *rank >= finest));
            finest = finest.max(ranks.into_iter().max());
            follows
        })
    }

    /// Reads the partition from a key. Padding may be mixed (`day=9` under `{day}`), and so may percent-encoding
    /// (`%20` equals a space); case may not. `None` for a key that is not of this layout.
    pub fn locate<'a>(&self, key: &'a str) -> Option<Located<'a>> {
        let found = matching::locate(&self.template, key)?;
        let partition = partition_of(&found, self.cadence)?;
        let (above, name) = (found.above(), found.name);
        Some(Located { partition, splits: found.splits, above, name })
    }
}

/// The partition that the numbers of a key name; `None` for a date that does not exist.
pub(super) fn partition_of(found: &Found<'_>, cadence: Cadence) -> Option<Partition> {
    let small = |field| found.get(field).and_then(|n| i8::try_from(n).ok());
    let start = match cadence {
        Cadence::Weekly => {
            ISOWeekDate::new(found.get(Field::IsoYear)?, small(Field::Week)?, Weekday::Monday).ok()?.date()
        }
        Cadence::Monthly => Date::new(found.get(Field::Year)?, small(Field::Month)?, 1).ok()?,
        _ => Date::new(found.get(Field::Year)?, small(Field::Month)?, small(Field::Day)?).ok()?,
    };
    let hour = if cadence == Cadence::Hourly { small(Field::Hour)? } else { 0 };
    let (y, m, d) = (start.year(), start.month(), start.day());
    Some(Partition::containing(DateTime::new(y, m, d, hour, 0, 0, 0).ok()?, cadence))
}

impl Default for Layout {
    /// `{date}/`: a folder for each day, at the root of the lake.
    fn default() -> Layout {
        let number = |field| Piece::Number { field, padded: true, exact: false };
        let dash = || Piece::Literal { raw: "-".to_owned(), plain: b"-".to_vec() };
        let level = vec![number(Field::Year), dash(), number(Field::Month), dash(), number(Field::Day)];
        let cadence = Cadence::Daily;
        let template = Template {
            text: "{date}/".to_owned(),
            levels: vec![level],
            flat: false,
            splits: Vec::new(),
            cadence: Some(cadence),
        };
        Layout { template: Arc::new(template), cadence }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.template.text)
    }
}

impl FromStr for Layout {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Layout, LayoutError> {
        Layout::parse(text)
    }
}
