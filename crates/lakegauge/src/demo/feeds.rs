//! The feeds of the sample lake.

use lakegauge_core::partition::Cadence;

use super::feed::{Feed, Lands, Weekend};
use super::incident::Incident;

const WHOLE: &[&str] = &[""];

/// A typical daily feed; the others list their differences.
const DAILY: Feed = Feed {
    folder: "",
    splits: WHOLE,
    path: "date=%Y-%m-%d",
    cadence: Cadence::Daily,
    periods: 120,
    marker: true,
    lands: Lands::BeforeNow(150),
    strays: 6.0,
    objects: 3,
    extension: "snappy.parquet",
    bytes: 400_000.0,
    grows: 0.0,
    noise: 0.04,
    weekend: Weekend::Same,
    holidays: &[],
    today: None,
};

/// Every feed.
pub(super) const FEEDS: &[Feed] = &[
    Feed { folder: "sales/orders", weekend: Weekend::Share(0.55), today: Some(Incident::Rewritten), ..DAILY },
    Feed {
        folder: "sales/payments",
        objects: 6,
        lands: Lands::BeforeNow(285),
        today: Some(Incident::Late),
        ..DAILY
    },
    Feed {
        folder: "sales/refunds",
        path: "dt=%Y%m%d",
        marker: false,
        objects: 2,
        extension: "csv.gz",
        bytes: 60_000.0,
        noise: 0.08,
        lands: Lands::BeforeNow(280),
        today: Some(Incident::Missing),
        ..DAILY
    },
    Feed {
        folder: "web/clicks",
        path: "date=%Y-%m-%d/hour=%H",
        cadence: Cadence::Hourly,
        periods: 21 * 24,
        marker: false,
        objects: 1,
        extension: "json.gz",
        bytes: 90_000.0,
        noise: 0.08,
        lands: Lands::AfterEnd(7),
        strays: 0.6,
        ..DAILY
    },
    Feed {
        folder: "web/sessions",
        path: "year=%Y/month=%-m/day=%-d",
        grows: 0.006,
        weekend: Weekend::Share(0.8),
        ..DAILY
    },
    Feed {
        folder: "web/searches",
        path: "%Y/%m/%d",
        objects: 6,
        noise: 0.05,
        today: Some(Incident::HalfWritten),
        ..DAILY
    },
    Feed { folder: "finance/ledger", weekend: Weekend::Off, objects: 3, bytes: 150_000.0, ..DAILY },
    Feed { folder: "finance/trades", holidays: &[10, 45, 83], noise: 0.1, ..DAILY },
    Feed {
        folder: "marts/customers",
        path: "snapshot_date=%Y-%m-%d",
        objects: 6,
        bytes: 900_000.0,
        grows: 0.002,
        noise: 0.001,
        today: Some(Incident::Shrunk),
        ..DAILY
    },
    Feed {
        folder: "marts/weekly_report",
        path: "year=%G/week=%V",
        cadence: Cadence::Weekly,
        periods: 52,
        lands: Lands::AfterEnd(30 * 60),
        strays: 20.0,
        objects: 4,
        ..DAILY
    },
    Feed {
        folder: "partners/shipments",
        splits: &["region=uk/", "region=de/", "region=fr/"],
        objects: 2,
        marker: false,
        extension: "csv.gz",
        bytes: 80_000.0,
        today: Some(Incident::Doubled),
        ..DAILY
    },
    Feed { folder: "iot/sensors", marker: false, extension: "avro", bytes: 700_000.0, noise: 0.35, ..DAILY },
    Feed { folder: "ml/features", objects: 4, bytes: 500_000.0, today: Some(Incident::Emptied), ..DAILY },
];
