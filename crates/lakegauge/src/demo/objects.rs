//! The objects of one partition, before they are written.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use jiff::{Timestamp, ToSpan};
use lakegauge_core::dataset::SUCCESS;
use lakegauge_core::partition::Partition;

use super::dice::Dice;
use super::feed::Feed;

/// An object to write: its key below the lake's root, its size and its age.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planned {
    pub(super) key: String,
    pub(super) bytes: u64,
    pub(super) written: Timestamp,
}

impl Planned {
    /// Writes it as a sparse file of its length: a listing only shows the length.
    fn write(&self, root: &Path) -> io::Result<()> {
        let file = File::create(root.join(&self.key))?;
        file.set_len(self.bytes)?;
        file.set_times(FileTimes::new().set_modified(SystemTime::from(self.written)))
    }
}

/// Writes objects below `root` with the folders that they need, and returns their number.
pub(super) fn write(root: &Path, objects: impl IntoIterator<Item = Planned>) -> io::Result<usize> {
    let mut count = 0;
    let mut last = String::new();
    for object in objects {
        let folder = object.key.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder != last {
            fs::create_dir_all(root.join(folder))?;
            folder.clone_into(&mut last);
        }
        object.write(root)?;
        count += 1;
    }
    Ok(count)
}

/// Every object of a partition that lands at `landed`: data over the twenty minutes before, the marker at the end.
/// `writer` distinguishes several writes of the same partition.
pub(super) fn of(
    feed: &Feed,
    split: &str,
    partition: Partition,
    (landed, bytes): (Timestamp, f64),
    writer: u32,
    dice: Dice,
) -> Vec<Planned> {
    let prefix = feed.prefix(split, partition);
    let dice = dice.of(&prefix, i64::from(writer));
    let weights: Vec<f64> =
        (0..feed.objects).map(|i| 0.9 + 0.2 * dice.of("weight", i.into()).share()).collect();
    let total: f64 = weights.iter().sum();
    let minutes = 20.min(i64::from(feed.objects) * 2);
    let mut planned: Vec<Planned> = weights
        .iter()
        .zip(1i64..)
        .map(|(weight, i)| {
            let before = minutes * 60 * (i64::from(feed.objects) - i) / i64::from(feed.objects.max(1));
            let id = (dice.of("id", i).share() * f64::from(u32::MAX)) as u32;
            Planned {
                key: format!("{prefix}part-{:05}-{id:08x}.{}", i - 1, feed.extension),
                bytes: (bytes * weight / total) as u64,
                written: landed.saturating_sub(before.seconds()).unwrap_or(landed),
            }
        })
        .collect();
    if feed.marker {
        planned.push(Planned { key: format!("{prefix}{SUCCESS}"), bytes: 0, written: landed });
    }
    planned
}
