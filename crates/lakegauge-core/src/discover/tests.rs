use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::config::{self, Surroundings};
use crate::layout::Layout;
use crate::partition::{Cadence, Partition};

const NOW: &str = "2026-11-22T09:00:00Z";

/// A lake under construction.
struct Lake {
    keys: Vec<(String, u64, Timestamp)>,
}

/// A dataset to put into it: a template, the periods, and how each partition lands.
struct Written<'a> {
    template: &'a str,
    splits: &'a [&'a str],
    periods: (&'a str, &'a str),
    /// Minutes after the period's end at which the first file lands, in this zone.
    after: i64,
    zone: &'a str,
    files: &'a [&'a str],
    only: fn(Partition) -> bool,
}

const PLAIN: Written<'static> = Written {
    template: "",
    splits: &[],
    periods: ("2026-07-01", "2026-11-21"),
    after: 240,
    zone: "UTC",
    files: &["part-0.parquet", "part-1.parquet"],
    only: |_| true,
};

fn weekday(p: Partition) -> bool {
    !matches!(p.date().weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl Lake {
    fn new() -> Lake {
        Lake { keys: Vec::new() }
    }

    fn key(mut self, key: &str, size: u64, at: &str) -> Lake {
        self.keys.push((key.to_owned(), size, at.parse().unwrap()));
        self
    }

    fn write(mut self, written: &Written<'_>) -> Lake {
        let layout = Layout::parse(written.template).unwrap();
        let (from, to) = written.periods;
        let (mut partition, last) = (Partition::parse(from).unwrap(), Partition::parse(to).unwrap());
        let zone = TimeZone::get(written.zone).unwrap();
        let splits: Vec<String> = written.splits.iter().map(|s| (*s).to_owned()).collect();
        while partition <= last {
            if (written.only)(partition) {
                let prefix = layout.prefix(partition, &splits).unwrap();
                // Some minutes of jitter, the same in every run.
                let jitter =
                    (partition.date().day_of_year() as i64 * 7 + partition.start().hour() as i64) % 23;
                for (i, file) in written.files.iter().enumerate() {
                    let minutes = written.after + jitter + i as i64;
                    let at = partition.end_in(&zone) + SignedDuration::from_mins(minutes);
                    let data = !file.starts_with('_') && !prefix.ends_with("_SUCCESS");
                    self.keys.push((format!("{prefix}{file}"), u64::from(data) * (90_000 + i as u64), at));
                }
            }
            partition = partition.next();
        }
        self
    }

    /// Sets the write times of a copy: one per second from `at` on.
    fn copied(mut self, at: &str) -> Lake {
        let start: Timestamp = at.parse().unwrap();
        for (i, key) in self.keys.iter_mut().enumerate() {
            key.2 = start + SignedDuration::from_secs(i as i64);
        }
        self
    }

    fn discover(&self) -> Discovery {
        let mut survey = Survey::new();
        for (key, size, at) in &self.keys {
            survey.push(key, *size, *at);
        }
        survey.finish(NOW.parse().unwrap())
    }
}

/// The config, which must load without a problem and match what was found.
fn checked(discovery: &Discovery) -> String {
    let yaml = render(discovery, "s3://acme-lake/refined", None);
    let around = Surroundings { read: &|_| Err(String::new()), now: discovery.now };
    let loaded = config::load(&yaml, around);
    let watched = discovery.datasets.iter().filter(|found| found.standing == Standing::Active).count();
    match loaded.config {
        Some(config) => assert_eq!((config.datasets.len(), loaded.problems.len()), (watched, 0), "{yaml}"),
        None => assert_eq!(watched, 0, "{:?}\n{yaml}", loaded.problems),
    }
    // Commented-out lines must be valid, too, once they are uncommented.
    let commented: String = yaml.lines().filter_map(|line| line.strip_prefix("  # ")).fold(
        "lake: x\ndatasets:\n".to_owned(),
        |text, line| {
            let key = line.starts_with("  ") || line.ends_with(':') && !line.contains(' ');
            if key { format!("{text}  {line}\n") } else { text }
        },
    );
    if commented.contains("path:") {
        let loaded = config::load(&commented, around);
        assert!(loaded.problems.is_empty(), "{:?}\n{commented}", loaded.problems);
    }
    yaml
}

macro_rules! check {
    ($lake:expr) => {
        insta::assert_snapshot!(checked(&$lake.discover()))
    };
}

#[test]
fn several_datasets_in_nested_zones() {
    check!(
        Lake::new()
            .write(&Written {
                template: "kpi/sales/date={date}/",
                files: &["part-0.parquet", "part-1.parquet", "_SUCCESS"],
                ..PLAIN
            })
            .write(&Written {
                template: "refined/finance/ledger/{year}/{month}/{day}/",
                only: weekday,
                files: &["ledger.csv.gz"],
                ..PLAIN
            })
            .write(&Written {
                template: "refined/web/clicks/year={year}/month={month:%-m}/day={day:%-d}/hour={hour:%-H}/",
                periods: ("2026-11-09T00", "2026-11-22T07"),
                after: 11,
                ..PLAIN
            })
            .write(&Written {
                template: "old/orders/dt={date:%Y%m%d}/",
                periods: ("2021-01-01", "2022-03-31"),
                ..PLAIN
            })
            .write(&Written {
                template: "close/month_end={date}/",
                periods: ("2025-10-01", "2026-11-21"),
                only: |p| p.date() == p.date().last_of_month(),
                ..PLAIN
            })
            .write(&Written {
                template: "close/mondays/{date}/",
                only: |p| p.date().weekday() == Weekday::Monday,
                ..PLAIN
            })
            .key("ref/countries/countries.csv", 3_000, "2024-01-01T00:00:00Z")
            .key("ref/currencies.csv", 2_000, "2024-01-01T00:00:00Z")
            .key("readme.md", 100, "2024-01-01T00:00:00Z")
    );
}

#[test]
fn weekly_monthly_compact_and_flat() {
    check!(
        Lake::new()
            .write(&Written { template: "w/{date:%G-W%V}/", periods: ("2026-W01", "2026-W46"), ..PLAIN })
            .write(&Written {
                template: "iso/year={year}/week={week}/",
                periods: ("2025-W40", "2026-W46"),
                ..PLAIN
            })
            .write(&Written { template: "snapshots/{date}/", after: -20 * 60, ..PLAIN })
            .write(&Written { template: "m/{date:%Y%m}/", periods: ("2024-01", "2026-10"), ..PLAIN })
            .write(&Written {
                template: "closing/month={date:%Y-%m}/",
                periods: ("2024-01", "2026-10"),
                ..PLAIN
            })
            .write(&Written {
                template: "exports/sales_{date}.csv",
                files: &[""],
                periods: ("2026-08-01", "2026-11-21"),
                ..PLAIN
            })
            .write(&Written { template: "exports/stock_{date:%Y%m%d}.json", files: &["", ".md5"], ..PLAIN })
            .write(&Written {
                template: "mail/{year}/{month}/mail-{date}.eml",
                files: &[""],
                periods: ("2026-08-01", "2026-11-21"),
                ..PLAIN
            })
            .write(&Written {
                template: "ts={date}%20{hour}%3A00%3A00/",
                periods: ("2026-11-01T00", "2026-11-22T07"),
                ..PLAIN
            })
            .write(&Written {
                template: "snap/ts={date}%2000%3A00%3A00/",
                periods: ("2026-11-01", "2026-11-21"),
                ..PLAIN
            })
    );
}

#[test]
fn keys_that_split_and_folders_below_the_date() {
    let mut lake = Lake::new();
    for region in ["uk", "de", "fr", "it"] {
        lake = lake.write(&Written {
            template: "shop/region={region}/date={date}/",
            splits: &[region],
            files: &["part-0.parquet", "_SUCCESS"],
            ..PLAIN
        });
    }
    for name in ["orders", "customers"] {
        lake = lake.write(&Written { template: "landing/{date}/{name}/", splits: &[name], ..PLAIN });
    }
    for shard in ["0001", "0002"] {
        lake = lake.write(&Written { template: "events/{shard}/{date}/", splits: &[shard], ..PLAIN });
    }
    check!(lake.write(&Written {
        template: "one/{date}/",
        files: &["data/part-0.orc", "data/part-1.orc"],
        ..PLAIN
    }));
}

#[test]
fn markers_at_the_root_or_only_lately() {
    check!(
        Lake::new()
            .write(&Written { template: "a/sales/date={date}/", ..PLAIN })
            .write(&Written { template: "a/sales/done/{date}._SUCCESS", files: &[""], ..PLAIN })
            .write(&Written { template: "b/stock/date={date}/", ..PLAIN })
            .key("b/stock/_SUCCESS", 0, "2026-11-22T04:40:00Z")
            .write(&Written {
                template: "c/late/{date}/",
                files: &["x.csv", "_SUCCESS"],
                only: |p| p.date().month() > 9,
                ..PLAIN
            })
            .write(&Written {
                template: "c/late/{date}/",
                files: &["x.csv"],
                only: |p| p.date().month() <= 9,
                ..PLAIN
            })
            .write(&Written {
                template: "d/some/{date}/",
                files: &["x.csv", "_SUCCESS"],
                only: |p| p.date().day() % 3 == 0,
                ..PLAIN
            })
            .write(&Written {
                template: "d/some/{date}/",
                files: &["x.csv"],
                only: |p| p.date().day() % 3 > 0,
                ..PLAIN
            })
    );
}

#[test]
fn a_copied_lake_does_not_tell_when_it_landed() {
    check!(
        Lake::new()
            .write(&Written { template: "kpi/sales/date={date}/", ..PLAIN })
            .write(&Written {
                template: "kpi/weeks/{date:%G-W%V}/",
                periods: ("2026-W01", "2026-W46"),
                ..PLAIN
            })
            .copied("2026-11-22T06:00:00Z")
            .write(&Written { template: "moved/{date}/", periods: ("2025-09-01", "2026-06-30"), ..PLAIN })
            .copied("2026-11-22T06:00:00Z")
            .write(&Written { template: "moved/{date}/", ..PLAIN })
    );
}

#[test]
fn clocks_of_a_zone_show() {
    let year = ("2025-10-01", "2026-11-21");
    check!(
        Lake::new()
            .write(&Written {
                template: "eu/{date}/",
                zone: "Europe/Berlin",
                after: 180,
                periods: year,
                ..PLAIN
            })
            .write(&Written {
                template: "us/{date}/",
                zone: "America/Chicago",
                after: 180,
                periods: year,
                ..PLAIN
            })
            .write(&Written {
                template: "tokyo/{date}/{hour}/",
                zone: "Asia/Tokyo",
                after: 5,
                periods: ("2026-11-01T00", "2026-11-22T07"),
                ..PLAIN
            })
    );
}

#[test]
fn what_is_doubtful_is_commented_out() {
    check!(
        Lake::new()
            .write(&Written { template: "new/{date}/", periods: ("2026-11-20", "2026-11-21"), ..PLAIN })
            .write(&Written {
                template: "once/dump_{date:%Y%m%d}.sql",
                files: &[""],
                periods: ("2026-11-20", "2026-11-20"),
                ..PLAIN
            })
            .key("model/202611/weights.bin", 5, "2026-11-02T00:00:00Z")
            .key("model/199301/weights.bin", 5, "2026-11-02T00:00:00Z")
            .key("model/200712/weights.bin", 5, "2026-11-02T00:00:00Z")
            .key("archive/2019/all.tar", 5, "2020-01-01T00:00:00Z")
            .key("x//date=2026-11-20/part", 5, "2026-11-20T00:00:00Z")
            .key("../date=2026-11-20/part", 5, "2026-11-20T00:00:00Z")
            .key("bad\nlake: evil/date=2026-11-20/part", 5, "2026-11-20T00:00:00Z")
            .key("bra{ce}/date=2026-11-20/part", 5, "2026-11-20T00:00:00Z")
            .key("café: #1/date=2026-11-20/part", 5, "2026-11-20T00:00:00Z")
            .key("", 5, "2026-11-20T00:00:00Z")
    );
}

#[test]
fn a_due_time_that_the_past_often_missed_is_not_used() {
    let slow = |p: Partition| p.date().day() == 17 && p.date().month() > 9;
    check!(
        Lake::new()
            .write(&Written {
                template: "slow/{date}/",
                only: |p| p.date().day() != 17 || p.date().month() < 10,
                ..PLAIN
            })
            .write(&Written { template: "slow/{date}/", only: slow, after: 700, ..PLAIN })
    );
}

#[test]
fn a_crowd_of_folders_is_one_dataset() {
    let mut lake = Lake::new();
    for tenant in 0..400 {
        let template = format!("tenants/cust-{tenant:06}-x/orders/{{date}}/");
        lake = lake.write(&Written { template: &template, periods: ("2026-11-10", "2026-11-21"), ..PLAIN });
    }
    check!(lake);
}

#[test]
fn an_empty_lake() {
    check!(Lake::new());
}

proptest! {
    #[test]
    fn any_keys_make_a_config(keys in proptest::collection::vec("([a-c]{0,2}/|date=|2026-11-2[0-9]|2026|/1?[0-9]/|\\PC|\n|[{}*%_.]){0,8}", 0..40)) {
        let mut survey = Survey::new();
        for (i, key) in keys.iter().enumerate() {
            survey.push(key, 5, Timestamp::from_second(1_795_000_000 + i as i64 * 9_000).unwrap());
        }
        let discovery = survey.finish(NOW.parse().unwrap());
        let yaml = render(&discovery, "memory://", None);
        let around = Surroundings { read: &|_| Err(String::new()), now: discovery.now };
        let loaded = config::load(&yaml, around);
        let watched: Vec<_> = discovery.datasets.iter().filter(|found| found.standing == Standing::Active).collect();
        if watched.is_empty() {
            prop_assert!(loaded.problems.len() <= 1, "{:?}\n{}", loaded.problems, yaml);
            return Ok(());
        }
        let datasets = match loaded.config {
            Some(config) => config.datasets,
            None => return Err(TestCaseError::fail(format!("{:?}\n{yaml}", loaded.problems))),
        };
        let paths: Vec<_> = datasets.iter().map(|dataset| (&dataset.name, &dataset.layout)).collect();
        let expect: Vec<_> = watched.iter().map(|found| (&found.name, &found.layout)).collect();
        prop_assert_eq!(paths, expect, "{}", yaml);
    }

    /// Whatever the layout, the resulting template reads every key that was pushed.
    #[test]
    fn layouts_come_back(index in 0usize..12, from in 0i64..900, count in 3i64..60, base in "[a-z]{1,6}(/[a-z_]{1,6}){0,2}") {
        let templates = [
            "date={date}/", "DT={date:%Y%m%d}/", "{year}/{month}/{day}/", "year={year}/month={month:%-m}/day={day:%-d}/",
            "y={year}/m={month}/d={day}/h={hour}/", "{date:%Y%m%d%H}/", "{date:%G-W%V}/", "year={year}/week={week}/",
            "month={date:%Y-%m}/", "{year}/{month}/", "sales_{date}.csv", "load_date={date:%Y_%m_%d}/",
        ];
        let layout = Layout::parse(&format!("{base}/{}", templates[index])).unwrap();
        let first = Partition::containing(jiff::civil::date(2018, 1, 1).at(0, 0, 0, 0), layout.cadence()).offset(from);
        // Long enough that the hours are not all midnight, and recent enough to go on.
        let count = if layout.cadence() == Cadence::Hourly { count + 24 } else { count };
        let mut survey = Survey::new();
        for by in 0..count {
            let p = first.offset(by);
            let key = layout.prefix(p, &[]).unwrap() + if layout.is_flat() { "" } else { "part-0.parquet" };
            survey.push(&key, 7, p.end_in(&TimeZone::UTC) + SignedDuration::from_mins(40));
        }
        let now = first.offset(count).end_in(&TimeZone::UTC);
        let discovery = survey.finish(now);
        prop_assert_eq!(discovery.datasets.len(), 1, "{:?}", discovery);
        let found = &discovery.datasets[0];
        prop_assert_eq!(&found.standing, &Standing::Active);
        prop_assert_eq!((found.first, found.last), (first, first.offset(count - 1)));
        prop_assert_eq!(found.partitions, count as u64);
        prop_assert_eq!(found.layout.cadence(), layout.cadence());
        for by in 0..count {
            let key = layout.prefix(first.offset(by), &[]).unwrap() + if layout.is_flat() { "" } else { "x" };
            prop_assert_eq!(found.layout.locate(&key).map(|l| l.partition), Some(first.offset(by)));
        }
    }
}

/// Layouts that public data sets and common writers use, by the paths that they document. `at` steps by an hour.
#[test]
fn layouts_of_the_wild() {
    let check = |pattern: &str, days: i64, expect: &[&str]| {
        let first = jiff::civil::date(2026, 9, 1).at(0, 0, 0, 0);
        let mut survey = Survey::new();
        for hour in 0..days * 24 {
            let at = first + SignedDuration::from_hours(hour);
            let key = at.strftime(pattern).to_string();
            survey.push(&key, 5, TimeZone::UTC.to_timestamp(at).unwrap() + SignedDuration::from_mins(70));
        }
        let now = TimeZone::UTC.to_timestamp(first + SignedDuration::from_hours(days * 24 + 1)).unwrap();
        let discovery = survey.finish(now);
        let seen: Vec<String> = discovery.datasets.iter().map(|found| found.layout.to_string()).collect();
        assert_eq!(seen, expect, "{pattern}: {:?}", discovery.undated);
    };
    // CloudTrail, load balancers and flow logs.
    check(
        "AWSLogs/123456789012/CloudTrail/us-east-1/%Y/%m/%d/1_CloudTrail_%Y%m%dT%H15Z_x.json.gz",
        40,
        &["AWSLogs/{*}/CloudTrail/us-east-1/{year}/{month}/{day}/"],
    );
    // Firehose.
    check("in/%Y/%m/%d/%H/stream-1-%Y-%m-%d-%H-17-32-ab12", 40, &["in/{year}/{month}/{day}/{hour}/"]);
    // S3 Inventory.
    check("inv/bucket/all/%Y-%m-%dT01-00Z/manifest.json", 40, &["inv/bucket/all/{date}T{*}/"]);
    check("inv/dt=%Y-%m-%d-01-00/symlink.txt", 40, &["inv/dt={date}-{*}/"]);
    check("d/%Y/%m/%d/02/x", 40, &["d/{year}/{month}/{day}/{*}/"]);
    check("d/dt=%Y-%m-%d/hour=02/x", 40, &["d/dt={date}/hour={*}/"]);
    check("sales_%Y%m%d02.csv", 40, &["sales_{date:%Y%m%d}{*}.csv"]);
    check("sales_%Y-%m-%dT02:00:00Z.csv", 40, &["sales_{date}T{*}.csv"]);
    // Snowplow.
    check("enriched/run=%Y-%m-%d-%H-17-41/part-0.parquet", 40, &["enriched/run={date}{*}/"]);
    // GH Archive: hours without padding.
    check("gh/%Y-%m-%d-%-H.json.gz", 40, &["gh/{date}-{hour:%-H}.json.gz"]);
    // Wikipedia page views.
    check(
        "pageviews/%Y/%Y-%m/pageviews-%Y%m%d-%H0000.gz",
        40,
        &["pageviews/{year}/{date:%Y-%m}/pageviews-{date:%Y%m%d}-{hour}0000.gz"],
    );
    // New York taxis, Binance, OpenAQ.
    check("tlc/yellow_tripdata_%Y-%m.parquet", 200, &["tlc/yellow_tripdata_{date:%Y-%m}.parquet"]);
    check("spot/BTCUSDT/1m/BTCUSDT-1m-%Y-%m-%d.zip", 40, &["spot/BTCUSDT/1m/BTCUSDT-1m-{date}.zip"]);
    check(
        "records/csv.gz/locationid=7/year=%Y/month=%m/location-7-%Y%m%d.csv.gz",
        40,
        &["records/csv.gz/locationid={*}/year={year}/month={month}/location-{*}-{date:%Y%m%d}.csv.gz"],
    );
    // Common Crawl and Sentinel.
    check("crawl-data/CC-MAIN-%G-%V/segments/x.warc.gz", 200, &["crawl-data/CC-MAIN-{date:%G-%V}/"]);
    check("tiles/31/T/CJ/%Y/%-m/%-d/0/B01.jp2", 60, &["tiles/{*}/T/CJ/{year}/{month:%-m}/{day:%-d}/0/"]);
    // Two dates: the outer one is the partition.
    check("load_date=%Y-%m-%d/event_date=%Y-%m-%d/x.parquet", 40, &["load_date={date}/"]);
    check("year=%Y/month=%m/day=%Y-%m-%d/x.parquet", 40, &["year={year}/month={month}/day={date}/"]);
    check("dt=%Y-%m-%d 00:00:00/x.parquet", 40, &["dt={date} {*}/"]);
    check("dt=%Y%m%d/hr=%-H/x.parquet", 40, &["dt={date:%Y%m%d}/hr={hour:%-H}/"]);
    check("events_%Y%m%d/part-0.avro", 40, &["events_{date:%Y%m%d}/"]);
    check("backup/%Y-%m-%dT%H:%M:%SZ/dump.sql", 40, &["backup/{date}T{hour}:00:00Z/"]);
    check("logs/app.log.%Y-%m-%d", 40, &[]);
    check("date=%Y-%m-%d/_temporary/0/part-0", 40, &[]);
    check("x/%Y/%m/%d.csv", 40, &["x/{year}/{month}/{day}.csv"]);
    check("x/%Y/w%V/a.csv", 90, &["x/{year}/w{week}/"]);
    check("x/%m-%d-%Y/a.csv", 40, &["x/{date:%m-%d-%Y}/"]);
    // Numbers of parts are neither hours nor days.
    check("x/2026/%m/0%w.csv", 90, &["x/{year}/{month}/"]);
    check("x/a_%Y%m%d_0%w.csv", 90, &["x/a_{date:%Y%m%d}{*}.csv"]);
    check("x/%d-%m-%Y/a.csv", 40, &["x/{date:%d-%m-%Y}/"]);
}

/// A run per day whose hour changes for good, changes once, or varies.
#[test]
fn one_run_per_day_makes_days_whatever_its_hour() {
    let check = |hour: fn(i64) -> i64, expect: &str| {
        let first = jiff::civil::date(2026, 9, 1).at(0, 0, 0, 0);
        let mut survey = Survey::new();
        for day in 0..70 {
            let at = first + SignedDuration::from_hours(day * 24 + hour(day));
            let written = TimeZone::UTC.to_timestamp(at).unwrap() + SignedDuration::from_mins(20);
            survey.push(&at.strftime("inv/dt=%Y-%m-%d-%H-00/symlink.txt").to_string(), 5, written);
        }
        let now = TimeZone::UTC.to_timestamp(first + SignedDuration::from_hours(70 * 24)).unwrap();
        let found = survey.finish(now).datasets;
        assert_eq!(found.iter().map(|f| f.layout.to_string()).collect::<Vec<_>>(), [expect]);
    };
    check(|day| i64::from(day > 60), "inv/dt={date}-{*}/");
    check(|day| day * 7 % 24, "inv/dt={date}-{*}/");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        folder in "[ -~]{1,12}|null|~|yes|[.]nan|0x1f|1e3|[a-z\u{e9}\u{202e}\u{85}\u{9b}#:{}\\[\\]&*!|>'\"%@`,?-]{1,6}",
        lake in "/[ -~]{0,20}",
    ) {
        let mut survey = Survey::new();
        for day in 1..=21 {
            let at = format!("2026-11-{day:02}T23:00:00Z").parse().unwrap();
            survey.push(&format!("{folder}/date=2026-11-{day:02}/part-0"), 90_000, at);
        }
        let found = survey.finish(NOW.parse().unwrap());
        let yaml = render(&found, &lake, None);
        let read = |_: &str| Err(String::new());
        let loaded = config::load(&yaml, Surroundings { read: &read, now: NOW.parse().unwrap() });
        let active = found.datasets.iter().filter(|found| found.standing == Standing::Active);
        let expect: Vec<String> = active.map(|found| format!("{} {}", found.name, found.layout)).collect();
        if !expect.is_empty() {
            prop_assert!(loaded.config.is_some(), "{yaml}\n{:?}", loaded.problems);
            let config = loaded.config.unwrap();
            let read: Vec<String> = config.datasets.iter().map(|d| format!("{} {}", d.name, d.layout)).collect();
            prop_assert_eq!(read, expect);
            prop_assert_eq!(config.lake, lake);
        }
    }
}
