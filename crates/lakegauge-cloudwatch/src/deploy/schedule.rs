//! When a dataset's deadlines pass, as a schedule of EventBridge Scheduler.

use jiff::civil::Time;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::due::Due;
use lakegauge_core::partition::Cadence;

/// One schedule of EventBridge Scheduler. Datasets with the same deadline share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Schedule {
    /// Its name: `europe-london-0430`, or `utc-hourly-20`.
    pub key: String,
    /// `ScheduleExpression`: `cron(30 4 * * ? *)`.
    pub cron: String,
    /// `ScheduleExpressionTimezone`.
    pub zone: String,
    /// How often it fires per day.
    pub fires_per_day: u32,
}

/// The schedule of a dataset's deadlines; `None` if they are learned, which the tick takes care of.
///
/// It is in local time, to the minute: Scheduler has no seconds, so the handler waits for them. On a day when the
/// clocks skip that time, Scheduler does not call, and the next tick judges instead. A deadline in elapsed time of a
/// daily dataset is the same local time on all but two days per year; the tick handles those.
pub fn schedule(dataset: &Dataset) -> Option<Schedule> {
    let zone = dataset.zone.iana_name().unwrap_or("UTC").to_owned();
    let place = slug(&zone);
    let hourly = |minute: i64| Schedule {
        key: format!("{place}-hourly-{minute:02}"),
        cron: format!("cron({minute} * * * ? *)"),
        zone: zone.clone(),
        fires_per_day: 24,
    };
    let daily = |time: Time| Schedule {
        key: format!("{place}-{:02}{:02}", time.hour(), time.minute()),
        cron: format!("cron({} {} * * ? *)", time.minute(), time.hour()),
        zone: zone.clone(),
        fires_per_day: 1,
    };
    Some(match dataset.due? {
        Due::Calendar { time, .. } => daily(time),
        Due::Elapsed { after } => {
            let minutes = after.as_secs() / 60;
            match dataset.layout.cadence() {
                Cadence::Hourly => hourly(minutes % 60),
                Cadence::Daily | Cadence::Weekly | Cadence::Monthly => {
                    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
                    daily(Time::new(hour as i8, minute as i8, 0, 0).unwrap_or(Time::midnight()))
                }
            }
        }
    })
}

/// Replaces everything but letters, digits and hyphens.
fn slug(zone: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    zone.chars().map(fits).collect()
}
