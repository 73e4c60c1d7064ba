//! When a partition is expected.

use jiff::Timestamp;

use crate::baseline::{Deadline, Series};
use crate::dataset::Dataset;
use crate::due::Due;
use crate::lifecycle::PartitionState;
use crate::partition::Partition;
use crate::record::PartitionRecord;

/// When a partition is expected, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Owed {
    /// The deadline; `None` if the partition is not expected or the deadline is not known yet.
    pub at: Option<Timestamp>,
    pub(super) why: Why,
}

/// Why a partition is expected by some time, or not.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Why {
    /// Nothing is known.
    Nothing,
    /// The calendar, or what never comes.
    Rest(String),
    /// The config.
    Set(Due),
    /// The past.
    Learned(Box<Deadline>),
}

impl Owed {
    /// Nothing is known of it.
    pub(super) fn unknown() -> Owed {
        Owed { at: None, why: Why::Nothing }
    }

    /// The reason, for humans.
    pub fn reason(&self) -> String {
        match &self.why {
            Why::Nothing => String::new(),
            Why::Rest(reason) => reason.clone(),
            Why::Set(due) => format!("due {due}, set in the config"),
            Why::Learned(deadline) => deadline.reason(),
        }
    }
}

/// The config comes first: its calendar, then its due time; otherwise, what history has learned. Which hours of the
/// day rest is learned even if there is a due time, and so is which days rest, if no calendar names them.
pub(super) fn owed(dataset: &Dataset, series: &Series, partition: Partition) -> Owed {
    let expectation = dataset.calendar.expected(partition, &dataset.zone);
    if !expectation.expected {
        return Owed { at: None, why: Why::Rest(expectation.reason) };
    }
    let rests = series.rests(partition, dataset.calendar.names_days());
    match &dataset.due {
        Some(_) if let Some(reason) = rests => Owed { at: None, why: Why::Rest(reason) },
        Some(due) => Owed { at: Some(due.deadline(partition, &dataset.zone)), why: Why::Set(*due) },
        None => {
            let learned = series.deadline(partition);
            Owed { at: learned.at, why: Why::Learned(Box::new(learned)) }
        }
    }
}

/// Nothing came, and no deadline has passed.
fn seen_nothing(record: &PartitionRecord) -> bool {
    record.state == PartitionState::Expected && record.look.is_none()
}

/// A rest day without data confirms the rhythm; if it were forgotten, it would be expected again some weeks later.
pub(super) fn rest(series: &mut Series, dataset: &Dataset, record: &PartitionRecord, now: Timestamp) {
    let partition = record.partition;
    let over = partition.end_in(&dataset.zone) <= now;
    if over && seen_nothing(record) && dataset.calendar.expected(partition, &dataset.zone).expected {
        series.absent(partition);
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::Calendar;
    use crate::dataset::Dataset;
    use crate::due::Due;
    use crate::judge::Timeline;
    use crate::layout::Layout;
    use crate::observation::{LookFold, Observation};
    use crate::partition::Partition;
    use crate::record::Records;

    /// What is expected on the Friday, Saturday and Sunday after `weeks` weeks without weekends.
    fn check(calendar: Option<&str>, weeks: i64, expect: &str) {
        let calendar = calendar.map_or_else(Calendar::default, |name| Calendar::named(name).unwrap());
        let due = Some(Due::parse("+1d 04:30").unwrap());
        let dataset = Dataset { calendar, due, ..Dataset::new("t", Layout::parse("t/{date}/").unwrap()) };
        let monday = Partition::parse("2026-08-31").unwrap();
        let mut seen = Observation::default();
        let friday = monday.offset(7 * weeks + 4);
        for day in (0..7 * (weeks + 1)).map(|n| monday.offset(n)) {
            if day.periods_since(monday) % 7 < 5 && day < friday {
                let mut fold = LookFold::new(None);
                fold.push("part-0", 1_000, day.end_in(&dataset.zone));
                seen.partitions.insert(day, fold.finish());
            } else {
                seen.absent.push(day);
            }
        }
        let now = friday.offset(3).end_in(&dataset.zone);
        let timeline = Timeline::new(&dataset, &Records::new(), &seen, now);
        let owed = timeline.slots().filter(|(day, slot)| **day >= friday && slot.owed.at.is_some());
        let owed: Vec<String> = owed.map(|(day, _)| day.date().strftime("%a").to_string()).collect();
        assert_eq!(owed.join(" "), expect, "{:?}, {weeks} weeks", dataset.calendar);
    }

    #[test]
    fn weekdays_that_never_came_rest_unless_a_calendar_names_them() {
        check(None, 3, "Fri Sat Sun");
        check(None, 4, "Fri");
        check(None, 12, "Fri");
        check(Some("every-day"), 12, "Fri Sat Sun");
        check(Some("weekdays"), 3, "Fri");
    }
}
