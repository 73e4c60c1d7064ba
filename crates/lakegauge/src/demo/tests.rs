use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use lakegauge_core::partition::Cadence;

use super::dice::Dice;
use super::feed::Feed;
use super::feeds::FEEDS;
use super::incident::Incident;
use super::sample::{past, planned, today, yesterday};

/// Every object below a folder: its size and when it was written.
fn listing(root: &Path) -> BTreeMap<String, (u64, Timestamp)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let meta = entry.metadata().unwrap();
            if meta.is_dir() {
                folders.push(entry.path());
                continue;
            }
            let key = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(key, (meta.len(), Timestamp::try_from(meta.modified().unwrap()).unwrap()));
        }
    }
    found
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The data objects of one partition of a feed, and their bytes.
fn partition(
    all: &BTreeMap<String, (u64, Timestamp)>,
    feed: &Feed,
    split: &str,
    back: i64,
    now: Timestamp,
) -> (usize, u64) {
    let prefix = feed.prefix(split, feed.newest(now).offset(-back));
    let data = all.iter().filter(|(key, _)| key.starts_with(&prefix) && !key.ends_with("_SUCCESS"));
    data.fold((0, 0), |(n, bytes), (_, (size, _))| (n + 1, bytes + size))
}

#[test]
fn the_past_is_healthy_and_today_is_not() {
    for now in ["2026-11-22T05:00:00Z", "2026-11-24T00:05:00Z"].map(at) {
        let lake = tempfile::tempdir().unwrap();
        let written = past(lake.path(), now, 1).unwrap();
        let before = listing(lake.path());
        assert_eq!(before.len(), written);
        assert!(before.values().all(|(_, at)| *at <= yesterday(now)), "nothing of today is there");
        today(lake.path(), now, 1).unwrap();
        let after = listing(lake.path());
        assert!(after.values().all(|(_, at)| *at <= now), "nothing comes from the future");
        let apparent: u64 = after.values().map(|(size, _)| size).sum();
        assert!(
            after.len() < 20_000 && apparent < 1_500_000_000,
            "{} objects, {apparent} bytes",
            after.len()
        );
        for feed in FEEDS {
            let newest = partition(&after, feed, feed.splits[0], 0, now);
            let usual = partition(&after, feed, feed.splits[0], 7, now);
            let was = partition(&before, feed, feed.splits[0], 1, now);
            let is = partition(&after, feed, feed.splits[0], 1, now);
            let name = feed.folder;
            let share = newest.1 as f64 / usual.1.max(1) as f64;
            match feed.today {
                // An hour ago lies in the last day.
                None if feed.cadence == Cadence::Hourly => {}
                None => assert_eq!(was, is, "{name}"),
                Some(Incident::Late) => {
                    assert!(newest.0 > 0 && newest.0 < usual.0, "{name}");
                    let last = after.values().map(|(_, at)| *at).max().unwrap();
                    assert_eq!(now.duration_since(last).as_mins(), 3, "{name} is still being written");
                }
                Some(Incident::Missing) => assert_eq!(newest, (0, 0), "{name}"),
                Some(Incident::HalfWritten) => assert!((0.3..0.7).contains(&share), "{name} {share}"),
                Some(Incident::Doubled) => assert!((1.6..2.5).contains(&share), "{name} {share}"),
                Some(Incident::Emptied) => assert_eq!(newest, (usual.0, 0), "{name}"),
                Some(Incident::Rewritten) => assert!(was.0 == is.0 && was.1 != is.1, "{name}"),
                Some(Incident::Shrunk) => assert!(is.0 * 2 == was.0, "{name} {was:?} {is:?}"),
            }
        }
    }
}

#[test]
fn a_seed_gives_one_lake() {
    let now = at("2026-11-22T05:00:00Z");
    let lake =
        |seed| FEEDS.iter().flat_map(|f| planned(f, now, Dice::new(seed), |_| true)).collect::<Vec<_>>();
    assert_eq!(lake(3), lake(3));
    assert_ne!(lake(3), lake(4));
}
