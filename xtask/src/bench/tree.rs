//! A lake for measurements: hive partitions of small files.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

/// The shape of one dataset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Daily partitions, the newest on `last`.
    pub(super) partitions: usize,
    /// Data objects in each.
    pub(super) objects: usize,
    /// The newest partition's day.
    pub(super) last: Date,
}

impl Shape {
    /// Writes the dataset below `folder` as `NAME/date=YYYY-MM-DD/part-NNNNN.parquet`. The contents are filler: a
    /// listing shows sizes, which vary a little, and write times, shortly after four in the morning (UTC) of the next
    /// day.
    pub(super) fn write(self, folder: &Path, name: &str) -> Result<()> {
        let filler = [b'.'; 160];
        for day in self.days() {
            let partition = folder.join(format!("{name}/date={day}"));
            fs::create_dir_all(&partition)?;
            let of_day = usize::from(day.day().unsigned_abs());
            let landed = landed(day, (of_day * 7 + name.len() * 3) % 17)?;
            for object in 0..self.objects {
                let size = 100 + (object * 7 + of_day) % 60;
                let mut file = File::create(partition.join(format!("part-{object:05}.parquet")))?;
                file.write_all(filler.get(..size).unwrap_or(&filler))?;
                file.set_modified(landed)?;
            }
        }
        Ok(())
    }

    /// The days of its partitions, oldest first.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        (0..self.partitions as i64).rev().map(move |back| self.last.saturating_sub(back.days()))
    }
}

/// Yesterday in UTC: a check without `--now` judges its partition.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real runs on the real clock")]
pub(super) fn yesterday() -> Date {
    jiff::Timestamp::now().to_zoned(TimeZone::UTC).date().saturating_sub(1.day())
}

/// 04:00 UTC on the day after `day`, and some minutes.
fn landed(day: Date, minutes: usize) -> Result<SystemTime> {
    let next = TimeZone::UTC.to_timestamp(day.saturating_add(1.day()).at(4, 0, 0, 0))?;
    let landed = next + SignedDuration::from_mins(minutes as i64);
    Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(landed.as_second().unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_the_shape_that_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let shape = Shape { partitions: 3, objects: 2, last: Date::constant(2026, 3, 1) };
        shape.write(folder.path(), "sales").unwrap();
        let days: Vec<String> = shape.days().map(|day| day.to_string()).collect();
        assert_eq!(days, ["2026-02-27", "2026-02-28", "2026-03-01"]);
        let file = folder.path().join("sales/date=2026-02-28/part-00001.parquet");
        let meta = fs::metadata(file).unwrap();
        assert_eq!(meta.len(), 135);
        let at = meta.modified().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(at - at % 3600, 1_772_337_600, "2026-03-01T04 UTC");
    }
}
