//! The sample lake in two steps: everything up to yesterday's run, and the day of the incidents.

use std::fs;
use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp, ToSpan};
use lakegauge_core::dataset::SUCCESS;

use super::dice::Dice;
use super::feed::Feed;
use super::feeds::FEEDS;
use super::incident::Incident;
use super::objects::{Planned, of, write};

/// The time of yesterday's run, at which everything is healthy.
pub(crate) fn yesterday(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now)
}

/// Writes everything that had landed by yesterday's run, and returns the number of objects.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn past(root: &Path, now: Timestamp, seed: u64) -> io::Result<usize> {
    let dice = Dice::new(seed);
    let until = yesterday(now);
    for_each_feed(|feed| write(root, planned(feed, now, dice, |landed| landed <= until)))
}

/// Writes what has landed since yesterday's run, with the incidents. Returns the number of objects.
///
/// # Errors
/// When a file cannot be written or removed.
pub(crate) fn today(root: &Path, now: Timestamp, seed: u64) -> io::Result<usize> {
    let dice = Dice::new(seed);
    let since = yesterday(now);
    for_each_feed(|feed| {
        let fresh = planned(feed, now, dice, |landed| landed > since && landed <= now);
        match feed.today {
            None => write(root, fresh),
            Some(incident) => befall(root, feed, incident, fresh.collect(), now, dice),
        }
    })
}

/// The objects of every partition that landed in the given time.
pub(super) fn planned<'a>(
    feed: &'a Feed,
    now: Timestamp,
    dice: Dice,
    wanted: impl Fn(Timestamp) -> bool + 'a,
) -> impl Iterator<Item = Planned> + 'a {
    let landed = feed.partitions(now).map(move |p| (p, feed.lands_at(p, now, dice)));
    landed.filter(move |(_, at)| wanted(*at)).flat_map(move |(partition, at)| {
        feed.splits.iter().flat_map(move |split| {
            of(feed, split, partition, (at, feed.size(split, partition, now, dice)), 0, dice)
        })
    })
}

/// Runs something for every feed, several at a time, because creating thousands of files waits for the disk.
fn for_each_feed(work: impl Fn(&Feed) -> io::Result<usize> + Sync) -> io::Result<usize> {
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> = FEEDS.iter().map(|feed| scope.spawn(move || work(feed))).collect();
        let done = threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())));
        done.sum()
    })
}

/// Writes the day's objects as the incident leaves them.
fn befall(
    root: &Path,
    feed: &Feed,
    incident: Incident,
    fresh: Vec<Planned>,
    now: Timestamp,
    dice: Dice,
) -> io::Result<usize> {
    let half = fresh.len() / 2;
    match incident {
        Incident::Missing => Ok(0),
        Incident::Late => {
            // The writers started on time and are slow: the last object is three minutes old.
            let last = fresh.get(half).map_or(now, |object| object.written);
            let delay = now.duration_since(last) - SignedDuration::from_mins(3);
            let slow = fresh.into_iter().take(half + 1).filter(is_data);
            write(
                root,
                slow.map(|o| Planned { written: o.written.saturating_add(delay).unwrap_or(now), ..o }),
            )
        }
        Incident::HalfWritten => {
            let (data, marker): (Vec<_>, Vec<_>) = fresh.into_iter().partition(is_data);
            let half = data.len() / 2;
            write(root, data.into_iter().take(half).chain(marker))
        }
        Incident::Doubled => {
            let twice = |o: &Planned| Planned { key: o.key.replacen("part-", "part-1", 1), ..o.clone() };
            let again: Vec<Planned> = fresh.iter().filter(|o| is_data(o)).map(twice).collect();
            write(root, fresh.into_iter().chain(again))
        }
        Incident::Emptied => write(root, fresh.into_iter().map(|o| Planned { bytes: 0, ..o })),
        Incident::Rewritten | Incident::Shrunk => {
            let written = write(root, fresh)?;
            Ok(written + change_before(root, feed, incident, now, dice)?)
        }
    }
}

fn is_data(object: &Planned) -> bool {
    !object.key.ends_with(SUCCESS)
}

/// Rewrites the partition before the newest, or removes half of its files.
fn change_before(
    root: &Path,
    feed: &Feed,
    incident: Incident,
    now: Timestamp,
    dice: Dice,
) -> io::Result<usize> {
    let newest = feed.newest(now);
    let Some(before) = feed.partitions(now).filter(|p| *p < newest).last() else { return Ok(0) };
    let mut written = 0;
    for split in feed.splits {
        let bytes = feed.size(split, before, now, dice);
        let landed = of(feed, split, before, (feed.lands_at(before, now, dice), bytes), 0, dice);
        let gone = if incident == Incident::Shrunk { feed.objects as usize / 2 } else { landed.len() };
        for object in landed.iter().take(gone) {
            fs::remove_file(root.join(&object.key))?;
        }
        if incident == Incident::Rewritten {
            let again = now.saturating_sub(95.minutes()).unwrap_or(now);
            written += write(root, of(feed, split, before, (again, bytes * 1.004), 1, dice))?;
        }
    }
    Ok(written)
}
