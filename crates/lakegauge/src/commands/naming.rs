//! Parses the names of partitions on the command line.

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::Wanted;

use crate::answer::Failure;

/// The word for the newest partition that is due.
pub(super) const LATEST: &str = "latest";

/// The value of `--partition`, for datasets of any cadence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// No value: the newest partition that is due, and recent ones that have gone wrong.
    Unsaid,
    /// Only the newest partition that is due.
    Latest,
    /// All partitions in these periods.
    Periods(Vec<Partition>),
}

/// Parses all values of `--partition`.
pub(super) fn read(typed: &[String]) -> Result<Named, Failure> {
    match typed {
        [] => Ok(Named::Unsaid),
        [only] if only == LATEST => Ok(Named::Latest),
        several if several.iter().any(|text| text == LATEST) => {
            Err(Failure::usage("`latest` cannot be combined with other partitions"))
        }
        several => several.iter().map(|text| partition(text)).collect::<Result<_, _>>().map(Named::Periods),
    }
}

/// The partitions of a dataset to judge. In a period that is still running, those that have not begun are left out.
pub(super) fn wanted(named: &Named, dataset: &Dataset, now: Timestamp) -> Wanted {
    match named {
        Named::Unsaid => Wanted::Newest,
        Named::Latest => Wanted::Last(1),
        Named::Periods(periods) => {
            let meant = |period: &Partition| {
                let all = within(*period, dataset);
                let has_begun = |partition: &&Partition| partition.start_in(&dataset.zone) <= now;
                let begun = all.iter().filter(has_begun).count();
                // For a period in the future, the first partition reports that.
                all.into_iter().take(begun.max(1)).collect::<Vec<_>>()
            };
            Wanted::Named(periods.iter().flat_map(meant).collect())
        }
    }
}

/// The partitions of a dataset for a period, oldest first: all that are in it, or those that contain it. If there are
/// several, those that the calendar does not expect are left out.
pub(super) fn within(period: Partition, dataset: &Dataset) -> Vec<Partition> {
    let zone = &dataset.zone;
    let all: Vec<Partition> = period
        .overlapping(dataset.layout.cadence())
        // Not the hour that the clocks skip in spring.
        .filter(|partition| partition.start_in(zone) < partition.end_in(zone))
        .collect();
    let expected: Vec<Partition> =
        all.iter().copied().filter(|p| dataset.calendar.expected(*p, zone).expected).collect();
    if all.len() == 1 || expected.is_empty() { all } else { expected }
}

/// Parses the name of a partition.
fn partition(text: &str) -> Result<Partition, Failure> {
    Partition::parse(text).ok_or_else(|| {
        Failure::usage(format!(
            "`{text}` is not a partition; expected 2026-11-21, 2026-11-21T05, 2026-W47, 2026-11 or latest"
        ))
    })
}

/// The single partition of a dataset with this name. A period with several partitions is an error.
pub(super) fn partition_of(dataset: &Dataset, text: &str) -> Result<Partition, Failure> {
    let period = partition(text)?;
    let cadence = dataset.layout.cadence();
    if period.cadence() == cadence {
        return Ok(period);
    }
    let like = Partition::containing(period.start(), cadence);
    Err(Failure::usage(format!(
        "`{}` is {}: its partitions are named like {like}, not {text}",
        dataset.name,
        cadence.name()
    )))
}

#[cfg(test)]
mod tests {
    use lakegauge_core::calendar::Calendar;
    use lakegauge_core::layout::Layout;

    use super::*;

    fn dataset(path: &str, zone: &str, calendar: Option<&str>) -> Dataset {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let calendar = calendar.map_or_else(Calendar::default, |name| Calendar::named(name).unwrap());
        Dataset { zone, calendar, ..Dataset::new("t", Layout::parse(path).unwrap()) }
    }

    #[test]
    fn a_period_means_what_lies_in_it() {
        let check = |typed: &str, dataset: &Dataset, expect: &[&str]| {
            let named = read(&[typed.to_owned()]).unwrap();
            let wanted = wanted(&named, dataset, "2026-11-25T12:30:00Z".parse().unwrap());
            let Wanted::Named(found) = wanted else { panic!("{wanted:?}") };
            let ends = [found.first(), found.last()].into_iter().flatten().map(ToString::to_string);
            let mut shown: Vec<String> = vec![found.len().to_string()];
            shown.extend(ends);
            assert_eq!(shown, expect, "{typed}");
        };
        let hours = dataset("t/{date}/{hour}/", "Europe/London", None);
        check("2026-11-24", &hours, &["24", "2026-11-24T00", "2026-11-24T23"]);
        // The current hour is the last one; for a future day, the first hour.
        check("2026-11-25", &hours, &["13", "2026-11-25T00", "2026-11-25T12"]);
        check("2026-11-26", &hours, &["1", "2026-11-26T00", "2026-11-26T00"]);
        // The clocks go forward at one o'clock.
        check("2026-03-29", &hours, &["23", "2026-03-29T00", "2026-03-29T23"]);
        let months = dataset("t/{year}/{month}/", "UTC", None);
        check("2026-11-24", &months, &["1", "2026-11", "2026-11"]);
        let days = dataset("t/{date}/", "UTC", Some("weekdays"));
        check("2026-W47", &days, &["5", "2026-11-16", "2026-11-20"]);
        check("2026-10", &days, &["22", "2026-10-01", "2026-10-30"]);
        // A partition with this exact name is judged, whatever the calendar says.
        check("2026-11-22", &days, &["1", "2026-11-22", "2026-11-22"]);
    }

    #[test]
    fn words_and_periods_are_read() {
        let check = |typed: &[&str], expect: Option<Named>| {
            let typed: Vec<String> = typed.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(read(&typed).ok(), expect, "{typed:?}");
        };
        let periods = |names: &[&str]| {
            Some(Named::Periods(names.iter().map(|name| Partition::parse(name).unwrap()).collect()))
        };
        check(&[], Some(Named::Unsaid));
        check(&["latest"], Some(Named::Latest));
        check(&["2026-11", "2026-W47"], periods(&["2026-11", "2026-W47"]));
        check(&["latest", "2026-11"], None);
        check(&["newest"], None);
    }
}
