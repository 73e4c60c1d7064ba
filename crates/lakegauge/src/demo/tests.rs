use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use lakegauge_core::alarm::State;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::verdict::{Report, Status};
use lakegauge_show::Options;

use super::days::{Days, live};
use super::dice::Dice;
use super::feed::Feed;
use super::feeds::FEEDS;
use super::incident::Incident;
use super::sample::{past, planned, today, yesterday};
use super::story;
use crate::context::Context;
use crate::histories::Histories;

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
                // An hour ago is still within the last day.
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

/// The partition and the metric that must report an incident.
fn finding(feed: &Feed, now: Timestamp) -> Option<(Partition, Metric)> {
    let newest = feed.newest(now);
    Some(match feed.today? {
        Incident::Late => (newest, Metric::Late),
        Incident::Missing => (newest, Metric::Missing),
        Incident::HalfWritten | Incident::Doubled | Incident::Emptied => (newest, Metric::TotalFileSize),
        Incident::Rewritten => (newest.previous(), Metric::Rewritten),
        Incident::Shrunk => (newest.previous(), Metric::Shrunk),
    })
}

/// The name under which the config watches a feed.
fn named(config: &str, feed: &Feed) -> String {
    let path = format!("path: {}/", feed.folder);
    let before: Vec<&str> = config.lines().take_while(|line| !line.contains(&path)).collect();
    let name = before.iter().rev().find_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    name.unwrap_or_else(|| panic!("{} is not watched", feed.folder)).to_owned()
}

/// The days of a demo at `now`.
async fn lived(now: &str) -> Days {
    let folder = tempfile::tempdir().unwrap();
    let context = Context {
        now: at(now),
        replay: false,
        rehearsal: false,
        now_given: true,
        histories: Histories::default(),
        config: PathBuf::new(),
        endpoint_url: None,
        width: 100,
        piped: true,
        color: false,
        progress: false,
    };
    live(&context, folder.path().to_owned()).await.unwrap()
}

/// Every dataset and partition in alarm, with the metrics and their reasons.
fn alarms(report: &Report) -> BTreeMap<(String, Partition), BTreeMap<Metric, String>> {
    let mut found: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for dataset in &report.datasets {
        for partition in &dataset.partitions {
            for alarm in partition.alarms.iter().filter(|a| a.state == State::Alarm) {
                let place = (dataset.dataset.clone(), partition.partition);
                found.entry(place).or_default().insert(alarm.metric, alarm.reason.clone());
            }
        }
    }
    found
}

/// The checks find the incidents and nothing else, at several times of the day and the week.
#[tokio::test]
async fn the_incidents_are_found_and_nothing_else() {
    for now in ["2026-11-22T05:00:00Z", "2026-11-26T00:20:00Z"] {
        let days = lived(now).await;
        assert_eq!(alarms(&days.before.report), BTreeMap::new(), "yesterday, at {now}");
        assert_eq!(days.before.report.status, Status::Ok, "yesterday, at {now}");
        let found = alarms(&days.after.report);
        let expect: BTreeMap<(String, Partition), Metric> = FEEDS
            .iter()
            .filter_map(|feed| Some((feed, finding(feed, at(now))?)))
            .map(|(feed, (partition, metric))| ((named(&days.written, feed), partition), metric))
            .collect();
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            expect.keys().collect::<Vec<_>>(),
            "at {now}: {found:#?}"
        );
        for (place, metric) in expect {
            let alarms = &found[&place];
            let reason = alarms.get(&metric);
            assert!(reason.is_some(), "{place:?} at {now}: {metric} is not in {alarms:?}");
            assert!(alarms.values().all(|r| !r.contains("as expected")), "{place:?} at {now}: {alarms:?}");
        }
    }
}

/// The output of the demo, except for the folder and the duration; the picture in the README shows it.
/// `INSTA_UPDATE=always` writes both.
#[tokio::test]
async fn the_story_and_its_picture_are_true() {
    let mut days = lived("2026-11-22T05:00:00Z").await;
    days.before.elapsed = Duration::from_millis(500);
    days.after.elapsed = Duration::from_millis(200);
    let folder = days.folder.display().to_string();
    insta::assert_snapshot!("story", story::told(&days, Options::PIPE).replace(&folder, "/tmp/demo"));

    let table = story::table(&days.after, Options { color: true, ..Options::PIPE });
    let drawn = anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&format!("$ lakegauge check\n{table}"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/check.svg");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == drawn, "docs/images/check.svg is out of date:\n{table}");
}
