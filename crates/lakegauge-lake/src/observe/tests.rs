use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lakegauge_core::dataset::{Dataset, LandedWhen};
use lakegauge_core::layout::{Layout, Marker};
use lakegauge_core::observation::{GapKind, Observation, PartitionLook};
use lakegauge_core::partition::Partition;
use lakegauge_core::splits::DATES;
use lakegauge_engine::{Lake, Look, Scope};

use super::ObjectLake;
use crate::local::Local;
use crate::sample::Sighting;

/// A lake of files `key=bytes@second`; the size and the second of the last write are optional.
fn lake(objects: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    objects.iter().for_each(|object| put(root.path(), object));
    root
}

fn put(root: &Path, object: &str) {
    let (rest, second) = object.rsplit_once('@').unwrap_or((object, "100"));
    let (key, bytes) = rest.rsplit_once(':').unwrap_or((rest, "1"));
    let path = root.join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = File::create(path).unwrap();
    file.set_len(bytes.parse().unwrap()).unwrap();
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(second.parse().unwrap());
    file.set_modified(written).unwrap();
}

fn dataset(path: &str, landed_when: &str, splits: &[&str]) -> Dataset {
    let layout = Layout::parse(path).unwrap();
    let landed_when = match landed_when {
        "" => LandedWhen::Inferred,
        marker => LandedWhen::Marker(Marker::parse(marker, &layout).unwrap()),
    };
    Dataset {
        splits: splits.iter().map(|s| (*s).to_owned()).collect(),
        landed_when,
        ..Dataset::new("d", layout)
    }
}

fn partitions(names: &[&str]) -> Vec<Partition> {
    names.iter().map(|name| Partition::parse(name).unwrap()).collect()
}

fn of(root: &Path) -> ObjectLake {
    ObjectLake::new(Arc::new(Local::new(root.to_owned())))
}

/// `name bytes/objects+ignored marker`, or `name -` if nothing is there.
fn shown(observation: &Observation) -> Vec<String> {
    let look = |(p, l): (&Partition, &PartitionLook)| {
        let marker = l.marker.map_or(String::new(), |m| format!(" {}", m.as_second()));
        (*p, format!("{p} {}/{}+{}{marker}", l.bytes, l.objects, l.ignored))
    };
    let mut rows: BTreeMap<Partition, String> = observation.partitions.iter().map(look).collect();
    rows.extend(observation.absent.iter().map(|p| (*p, format!("{p} -"))));
    rows.into_values().collect()
}

async fn look(root: &Path, dataset: &Dataset, scope: Scope) -> Observation {
    of(root).observe(Look { dataset, scope: &scope, as_of: None }).await
}

/// Observes, compares, and checks that the requests are as planned.
async fn check(objects: &[&str], dataset: &Dataset, named: &[&str], expect: &[&str]) {
    let root = lake(objects);
    let lake = of(root.path());
    let scope = Scope::Partitions(partitions(named));
    let look = Look { dataset, scope: &scope, as_of: None };
    let observation = lake.observe(look).await;
    assert_eq!(
        (shown(&observation), &observation.gaps),
        (expect.iter().map(|s| s.to_string()).collect(), &vec![])
    );
    let counts = observation.partitions.iter().map(|(p, l)| (*p, l.objects + l.ignored)).collect();
    let plan = lake.planned_requests(dataset, &scope, &counts);
    let planned: u64 = plan.iter().map(|(_, n)| n).sum();
    assert!(planned.abs_diff(observation.list_requests) <= 1, "{plan:?}, sent {}", observation.list_requests);
}

#[tokio::test]
async fn partitions_are_seen_absent_and_marked() {
    let daily = dataset("kpi/date={date}/", "", &[]);
    let objects = [
        "kpi/date=2026-11-20/a:3",
        "kpi/date=2026-11-20/sub/b:4",
        "kpi/date=2026-11-20/_SUCCESS:0@200",
        "kpi/date=2026-11-20/.crc",
        "kpi/date=2026-11-200/x",
        "kpi/date=2026-11-22/c:5",
    ];
    let names = ["2026-11-20", "2026-11-21", "2026-11-22"];
    check(&objects, &daily, &names, &["2026-11-20 7/2+1 200", "2026-11-21 -", "2026-11-22 5/1+0"]).await;
}

#[tokio::test]
async fn days_are_found_however_they_are_padded() {
    let daily = dataset("t/year={year}/month={month:%-m}/day={day:%-d}/", "", &[]);
    let objects = ["t/year=2026/month=9/day=9/a", "t/year=2026/month=09/day=10/a"];
    check(&objects, &daily, &["2026-09-09", "2026-09-10"], &["2026-09-09 1/1+0", "2026-09-10 1/1+0"]).await;
}

#[tokio::test]
async fn open_levels_are_listed_once_for_all_partitions() {
    let all = dataset("z/region={*}/date={date}/", "", &[]);
    let objects =
        ["z/region=uk/date=2026-11-20/a:2", "z/region=fr/date=2026-11-20/a:3", "z/other/date=2026-11-20/a"];
    let names = ["2026-11-19", "2026-11-20"];
    check(&objects, &all, &names, &["2026-11-19 -", "2026-11-20 5/2+0"]).await;
    let observation = look(lake(&objects).path(), &all, Scope::Partitions(partitions(&names))).await;
    assert_eq!(observation.list_requests, 1 + 2 * 2);
}

#[tokio::test]
async fn a_split_dataset_sees_its_own_value_only() {
    let objects = ["z/uk/date=2026-11-20/a:2", "z/fr/date=2026-11-20/a:3"];
    let split = |splits: &[&str]| dataset("z/{region}/date={date}/", "", splits);
    check(&objects, &split(&["uk"]), &["2026-11-20"], &["2026-11-20 2/1+0"]).await;
    check(&objects, &split(&[]), &["2026-11-20"], &["2026-11-20 5/2+0"]).await;
    let root = lake(&objects);
    let past = look(root.path(), &split(&["uk"]), Scope::Past { since: None }).await;
    assert_eq!(shown(&past), ["2026-11-20 2/1+0"]);
    listed(root.path(), "z/{region}/date={date}/", &["fr 2026-11-20", "uk 2026-11-20"], &[]).await;
}

/// The splits that were listed, as `value,value newest`, and the places that could not be.
async fn listed(root: &Path, path: &str, expect: &[&str], hidden: &[&str]) {
    let (lake, dataset) = (of(root), dataset(path, "", &[]));
    let listed = lake.splits(&dataset, DATES).await;
    // Fewer, if there are fewer dates than are followed, or if a folder is empty.
    let planned = ObjectLake::planned_split_requests(&dataset, &listed.splits.keys().cloned().collect());
    let sent = lake.store().requests();
    assert!(planned <= 3 * sent && sent <= planned + 3, "{path}: {planned} planned, {sent} sent");
    let shown = |(values, partitions): (&Vec<String>, &BTreeSet<Partition>)| {
        let newest = partitions.last().map_or_else(|| "-".to_owned(), ToString::to_string);
        format!("{} {newest}", values.join(","))
    };
    let found: Vec<String> = listed.splits.iter().map(shown).collect();
    let below = |place: &str| place.strip_prefix(&root.display().to_string()).unwrap_or(place).to_owned();
    let gaps: Vec<String> = listed.gaps.iter().map(|gap| below(&gap.place)).collect();
    assert_eq!(
        (found, gaps),
        (expect.iter().map(|s| s.to_string()).collect(), hidden.iter().map(|s| s.to_string()).collect()),
        "{path}"
    );
}

#[tokio::test]
async fn splits_are_listed_with_their_newest_partitions() {
    let check = async |path: &str, objects: &[&str], expect: &[&str]| {
        let root = lake(objects);
        listed(root.path(), path, expect, &[]).await;
    };
    check("z/{r}/{date}/", &[], &[]).await;
    check("z/{r}/{date}/", &["z/uk/x", "z/fr/tmp/a", "Z/uk/2026-11-20/a"], &[]).await;
    // What is not a date is no obstacle, wherever it sorts.
    let junk = ["z/uk/2026-11-20/a", "z/uk/tmp/a", "z/uk/work/a", "z/uk/x/a", "z/uk/zzz/a", "z/tmp/x/a"];
    check("z/{r}/{date}/", &junk, &["uk 2026-11-20"]).await;
    let months = ["z/uk/2026/9/a", "z/uk/2026/10/a", "z/uk/2026/11/a", "z/uk/2025/12/a", "z/uk/2026/8/a"];
    check("z/{r}/{year}/{month:%-m}/", &months, &["uk 2026-11"]).await;
    let reversed = ["z/uk/31-12-2025/a", "z/uk/01-11-2026/a", "z/uk/30-12-2025/a", "z/uk/29-12-2025/a"];
    check("z/{r}/{date:%d-%m-%Y}/", &reversed, &["uk 2026-11-01"]).await;
    // A path that is not ordered by time says nothing about the newest partition.
    check("z/{r}/{day}/{month}/{year}/", &["z/uk/30/11/2026/a", "z/uk/31/12/2025/a"], &["uk -"]).await;
    check(
        "z/{r}/{date}/{*}/",
        &["z/uk/2026-11-20/a", "z/fr/2026-11-20/b/a"],
        &["fr 2026-11-20", "uk 2026-11-20"],
    )
    .await;
    check("z/{r}_{date}.csv", &["z/uk_2026-11-20.csv", "z/uk_2026-11-19.csv", "z/x.csv"], &["uk 2026-11-20"])
        .await;
    check("z/{a}/{b}/{date}.csv", &["z/uk/web/2026-11-20.csv", "z/uk/app/x"], &["uk,web 2026-11-20"]).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_hides_no_other() {
    use std::os::unix::fs::PermissionsExt;
    let root = lake(&["z/uk/2026-11-20/a", "z/fr/2026-11-20/a"]);
    let shut = root.path().join("z/fr");
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    // For a superuser no folder is closed.
    if fs::read_dir(&shut).is_err() {
        listed(root.path(), "z/{r}/{date}/", &["uk 2026-11-20"], &["/z/fr"]).await;
    }
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o755)).unwrap();
    let nowhere = root.path().join("nowhere");
    listed(&nowhere, "z/{r}/{date}/", &[], &[""]).await;
}

#[tokio::test]
async fn splits_behind_the_date_are_read_out_of_the_last_dates() {
    let root = lake(&["z/date=2026-11-20/r=uk/a", "z/date=2026-11-21/r=fr/a", "z/date=2025-01-01/x"]);
    listed(root.path(), "z/date={date}/r={r}/", &["fr 2026-11-21", "uk 2026-11-20"], &[]).await;
    // The newest of all, not of each year; and further back on request.
    let objects = ["2026/01/02/uk/a", "2026/01/01/uk/a", "2025/12/31/uk/a", "2025/12/30/fr/a"];
    let (root, split) = (lake(&objects), dataset("{year}/{month}/{day}/{r}/", "", &[]));
    let store = of(root.path());
    for (dates, expect, requests) in [(3, 1, 1 + 2 + 2 + 3), (30, 2, 1 + 2 + 2 + 4)] {
        let before = store.store().requests();
        assert_eq!(store.splits(&split, dates).await.splits.len(), expect, "{dates}");
        assert_eq!(store.store().requests() - before, requests, "{dates}");
    }
    // Below an open level each folder is followed.
    let objects = ["a/2026-11-20/uk/x", "b/2025-11-20/fr/x", "c/2024-11-20/it/x", "d/2023-11-20/de/x"];
    let root = lake(&objects);
    let found = of(root.path()).splits(&dataset("{*}/{date}/{r}/", "", &[]), DATES).await;
    assert_eq!(found.splits.len(), 4);
}

#[tokio::test]
async fn dates_in_file_names_share_a_folder() {
    let flat = dataset("out/sales_{date}.csv", "", &[]);
    let objects =
        ["out/sales_2026-11-20.csv:9", "out/sales_2026-11-20.csv.bak", "out/sales_2026-11-20.csv/x"];
    check(&objects[..2], &flat, &["2026-11-20", "2026-11-21"], &["2026-11-20 9/1+0", "2026-11-21 -"]).await;
    let open = dataset("out/{*}_{date}.csv", "", &[]);
    let objects = ["out/a_2026-11-20.csv:1", "out/b_2026-11-20.csv:2", "out/a_2026-11-21.csv:4"];
    let names = ["2026-11-20", "2026-11-21"];
    check(&objects, &open, &names, &["2026-11-20 3/2+0", "2026-11-21 4/1+0"]).await;
    let observation = look(lake(&objects).path(), &open, Scope::Partitions(partitions(&names))).await;
    assert_eq!(observation.list_requests, 1);
}

#[tokio::test]
async fn markers_at_the_root_date_what_they_name() {
    let objects = [
        "k/date=2026-11-20/a:1@100",
        "k/date=2026-11-21/a:2@200",
        "k/done/2026-11-20.ok:0@150",
        "k/_SUCCESS:0@210",
    ];
    let names = ["2026-11-20", "2026-11-21"];
    let dated = dataset("k/date={date}/", "root:done/{date}.ok", &[]);
    check(&objects, &dated, &names, &["2026-11-20 1/1+0 150", "2026-11-21 2/1+0"]).await;
    let one = dataset("k/date={date}/", "root:_SUCCESS", &[]);
    check(&objects, &one, &names, &["2026-11-20 1/1+0 100", "2026-11-21 2/1+0 210"]).await;
    let stale = [objects[0], objects[1], "k/_SUCCESS:0@120"];
    check(&stale, &one, &names, &["2026-11-20 1/1+0 100", "2026-11-21 2/1+0"]).await;
    let past = look(lake(&objects).path(), &dated, Scope::Past { since: None }).await;
    assert_eq!(shown(&past), ["2026-11-20 1/1+0 150", "2026-11-21 2/1+0"]);
}

#[tokio::test]
async fn one_pass_sees_the_past_from_where_it_is_wanted() {
    let daily = dataset("kpi/date={date}/", "", &[]);
    let root = lake(&["kpi/date=2026-11-19/a", "kpi/date=2026-11-20/a", "kpi/date=2026-11-21/a", "other/a"]);
    let check = async |since: Option<&str>, expect: &[&str]| {
        let since = since.map(|name| Partition::parse(name).unwrap());
        let past = look(root.path(), &daily, Scope::Past { since }).await;
        assert_eq!((shown(&past), past.list_requests), (expect.iter().map(|s| s.to_string()).collect(), 1));
    };
    check(None, &["2026-11-19 1/1+0", "2026-11-20 1/1+0", "2026-11-21 1/1+0"]).await;
    check(Some("2026-11-20"), &["2026-11-20 1/1+0", "2026-11-21 1/1+0"]).await;
    check(Some("2027-01-01"), &[]).await;
}

#[tokio::test]
async fn a_replay_does_not_see_what_came_later() {
    let root =
        lake(&["k/date=2026-11-20/a:1@100", "k/date=2026-11-20/b:2@300", "k/date=2026-11-20/_SUCCESS@310"]);
    let daily = dataset("k/date={date}/", "", &[]);
    let scope = Scope::Partitions(partitions(&["2026-11-20"]));
    let as_of = Timestamp::from_second(200).ok();
    let observation = of(root.path()).observe(Look { dataset: &daily, scope: &scope, as_of }).await;
    assert_eq!(shown(&observation), ["2026-11-20 1/1+0"]);
}

/// The similar names next to a missing partition, and the requests that found them.
async fn beside(objects: &[&str], path: &str, name: &str, as_of: Option<i64>, expect: (&[&str], u64)) {
    let (root, dataset) = (lake(objects), dataset(path, "", &[]));
    let (lake, partition) = (of(root.path()), Partition::parse(name).unwrap());
    let as_of = as_of.and_then(|at| Timestamp::from_second(at).ok());
    let found = lake.look_nearby(&dataset, partition, as_of).await;
    assert_eq!(
        (found.names.iter().map(String::as_str).collect::<Vec<_>>(), found.list_requests),
        (expect.0.to_vec(), expect.1)
    );
    let planned = lake.planned_neighbours(&dataset, partition).len() as u64;
    assert!(as_of.is_some() || found.list_requests <= planned, "{planned} planned");
}

#[tokio::test]
async fn a_name_that_drifted_lies_beside_the_missing_one() {
    let drifted = ["i/dt=2026-11-23-00-00/a", "i/dt=2026-11-24-01-00/a@100"];
    beside(&drifted, "i/dt={date}-00-00/", "2026-11-24", None, (&["dt=2026-11-24-01-00/"], 1)).await;
    let key = ["k/date=2026-11-23/a", "k/Date=2026-11-24/a"];
    beside(&key, "k/date={date}/", "2026-11-24", None, (&["Date=2026-11-24/"], 2)).await;
    let file = ["s/x_2026-11-23.csv", "s/x_2026-11-24.csv.gz"];
    beside(&file, "s/x_{date}.csv", "2026-11-24", None, (&["x_2026-11-24.csv.gz"], 1)).await;
    beside(&key, "k/date={date}/", "2026-11-25", None, (&[], 2)).await;
    // A replay does not see what was written later.
    beside(&drifted, "i/dt={date}-00-00/", "2026-11-24", Some(99), (&[], 4)).await;
    beside(&drifted, "i/dt={date}-00-00/", "2026-11-24", Some(100), (&["dt=2026-11-24-01-00/"], 2)).await;
}

#[tokio::test]
async fn parts_are_named_wherever_the_path_leaves_them_open() {
    let parts = async |objects: &[&str], path: &str, expect: &str| {
        let root = lake(objects);
        let dataset = dataset(path, "", &[]);
        let scope = Scope::Partitions(partitions(&["2026-11-20"]));
        for scope in [scope, Scope::Past { since: None }] {
            let seen = look(root.path(), &dataset, scope).await;
            let roster = seen.partitions.values().next().and_then(|look| look.roster.clone());
            assert_eq!(roster.map(|roster| roster.to_string()).as_deref(), Some(expect), "{path}");
        }
    };
    let below = ["k/date=2026-11-20/region=uk/a:1", "k/date=2026-11-20/region=us/a:1"];
    parts(&below, "k/date={date}/", "region=uk/, region=us/").await;
    parts(&below, "k/date={date}/region={*}/", "region=uk/, region=us/").await;
    let above = ["k/region=uk/x/date=2026-11-20/a:1", "k/region=us/x/date=2026-11-20/a:1"];
    parts(&above, "k/{*}/x/date={date}/", "region=uk/, region=us/").await;
    let inside = ["k/sales-uk-2026-11-20/a:1", "k/sales-us-2026-11-20/a:1"];
    parts(&inside, "k/sales-{*}-{date}/", "uk/, us/").await;
    parts(&["k/dt=2026-11-20-00-00/a:1"], "k/dt={date}-{*}/", "").await;
    parts(
        &["s/x_uk_2026-11-20.csv", "s/x_us_2026-11-20.csv"],
        "s/x_{*}_{date}.csv",
        "x_uk_*.csv, x_us_*.csv",
    )
    .await;
}

#[tokio::test]
async fn a_missing_lake_is_one_gap_and_no_partition_is_absent() {
    let daily = dataset("k/date={date}/", "", &[]);
    let nowhere = Path::new("/nowhere/at/all");
    let named = Scope::Partitions(partitions(&["2026-11-19", "2026-11-20"]));
    for scope in [named, Scope::Past { since: None }] {
        let observation = look(nowhere, &daily, scope).await;
        assert_eq!(shown(&observation), Vec::<String>::new());
        let kinds: Vec<GapKind> = observation.gaps.iter().map(|gap| gap.kind).collect();
        assert_eq!(kinds, [GapKind::NotFound]);
    }
}

#[tokio::test]
async fn a_survey_counts_everything_and_tells_its_progress() {
    let objects: Vec<String> = (0..2_500).map(|n| format!("d{}/{n}", n % 9)).collect();
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    let root = lake(&objects);
    let told = Arc::new(AtomicU64::new(0));
    let progress = told.clone();
    let lake = of(root.path()).with_progress(Box::new(move |seen| progress.store(seen, Ordering::Relaxed)));
    let mut bytes = 0;
    let mut see = |sighting: Sighting<'_>| match sighting {
        Sighting::Object(object) => bytes += object.size,
        other => unreachable!("{other:?}"),
    };
    let surveyed = lake.survey(None, &mut see).await;
    assert_eq!((bytes, surveyed.gaps.len(), told.load(Ordering::Relaxed)), (2_500, 0, 2_000));
}
