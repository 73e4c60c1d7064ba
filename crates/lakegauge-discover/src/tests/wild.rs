//! Layouts that public data sets and common writers use.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::{Discovery, Survey};

/// The layouts found in a lake with one object per run; `pattern` is its key at the run's start. The lake is looked at
/// `now` hours after its first day began.
fn found(pattern: &str, runs: impl Iterator<Item = i64>, minutes: i64, now: i64) -> (Vec<String>, Discovery) {
    let at = |hours: i64| jiff::civil::date(2026, 9, 1).at(0, 0, 0, 0) + SignedDuration::from_hours(hours);
    let instant = |hours: i64| TimeZone::UTC.to_timestamp(at(hours)).unwrap();
    let mut survey = Survey::new();
    for run in runs {
        let written = instant(run) + SignedDuration::from_mins(minutes);
        survey.push(&at(run).strftime(pattern).to_string(), 5, written);
    }
    let discovery = survey.finish(instant(now));
    (discovery.datasets.iter().map(|found| found.layout.to_string()).collect(), discovery)
}

/// Layouts by the paths that their owners document, with a run per hour.
#[test]
fn layouts_of_the_wild() {
    let check = |pattern: &str, days: i64, expect: &[&str]| {
        let (seen, discovery) = found(pattern, 0..days * 24, 70, days * 24 + 1);
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
        let runs = (0..70).map(|day| day * 24 + hour(day));
        let (seen, _) = found("inv/dt=%Y-%m-%d-%H-00/symlink.txt", runs, 20, 70 * 24);
        assert_eq!(seen, [expect]);
    };
    check(|day| i64::from(day > 60), "inv/dt={date}-{*}/");
    check(|day| day * 7 % 24, "inv/dt={date}-{*}/");
}
