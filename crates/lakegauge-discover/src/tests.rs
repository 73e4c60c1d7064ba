use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_config::{self as config, Surroundings};
use lakegauge_core::layout::Layout;
use lakegauge_core::partition::Partition;

use super::*;

mod properties;
mod wild;

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
