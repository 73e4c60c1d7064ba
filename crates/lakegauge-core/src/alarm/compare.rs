//! Computes bounds from a limit and the good values of the past.

use super::bounds::{Bounds, Margin};
use super::datapoint::{Basis, Datapoint};
use super::rule::{Against, Limit};
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};

/// The metric whose values [`compare`] needs for `metric`: for a change, that is the size that changes.
pub fn level_metric(metric: Metric) -> Metric {
    match metric {
        Metric::TotalFileSizeChange => Metric::TotalFileSize,
        metric => metric,
    }
}

/// Compares one value with `limit`.
///
/// `level` is the partition's own value of [`level_metric`]. `past` gives that metric's values of partitions known to
/// be good, in any order; values at or after `partition` are skipped. It is only called if the limit depends on the
/// past, because collecting it may walk through a whole history. A fixed limit on a change is counted from the newest
/// value of the past. `Limit::Learned` needs a baseline, which `past` does not contain: the datapoint then has
/// no bounds, see [`Datapoint::learned`].
pub fn compare(
    limit: &Limit,
    metric: Metric,
    partition: Partition,
    level: f64,
    past: impl FnOnce() -> Vec<(Partition, f64)>,
) -> Datapoint {
    let is_change = level_metric(metric) != metric;
    match *limit {
        Limit::Fixed(bounds) if !is_change => {
            Datapoint { partition, value: level, bounds, basis: Basis::Fixed }
        }
        Limit::Fixed(bounds) => match reference(Against::PreviousGood, partition, &past()) {
            Some((_, old)) => Datapoint { partition, value: level - old, bounds, basis: Basis::Fixed },
            None => {
                Datapoint::without_bounds(partition, f64::NAN, no_reference(Against::PreviousGood, partition))
            }
        },
        Limit::Within { margin, against } => match reference(against, partition, &past()) {
            Some(old) => near(partition, level, is_change, margin, old),
            None => {
                // A change from an unknown value has no value either.
                let value = if is_change { f64::NAN } else { level };
                Datapoint::without_bounds(partition, value, no_reference(against, partition))
            }
        },
        Limit::Learned => Datapoint::without_bounds(partition, level, "no baseline yet"),
    }
}

fn near(
    partition: Partition,
    level: f64,
    is_change: bool,
    margin: Margin,
    (before, old): (Partition, f64),
) -> Datapoint {
    let width = match margin {
        Margin::Relative(share) => (old * share).abs(),
        Margin::Absolute(width) => width.abs(),
    };
    let value = if is_change { level - old } else { level };
    if width == 0.0 && matches!(margin, Margin::Relative(share) if share != 0.0) {
        let why = format!("the value of {before} is 0, and a share of nothing is nothing");
        return Datapoint::without_bounds(partition, value, why);
    }
    let centre = if is_change { 0.0 } else { old };
    Datapoint {
        partition,
        value,
        bounds: Bounds { low: Some(centre - width), high: Some(centre + width) },
        basis: Basis::Near { margin, partition: before, value: old },
    }
}

/// The newest good value before `partition` that matches `against`.
fn reference(against: Against, partition: Partition, past: &[(Partition, f64)]) -> Option<(Partition, f64)> {
    past.iter()
        .filter(|(p, value)| *p < partition && p.cadence() == partition.cadence() && value.is_finite())
        .filter(|(p, _)| match (against, partition.cadence()) {
            (Against::SameWeekday, Cadence::Daily | Cadence::Hourly) => {
                p.date().weekday() == partition.date().weekday()
                    && p.start().time() == partition.start().time()
            }
            _ => true,
        })
        .max_by_key(|(p, _)| *p)
        .copied()
}

fn no_reference(against: Against, partition: Partition) -> String {
    match (against, partition.cadence()) {
        (Against::SameWeekday, Cadence::Daily) => {
            format!("no earlier {} is known to be good", partition.date().strftime("%A"))
        }
        (Against::SameWeekday, Cadence::Hourly) => {
            format!("no earlier {} is known to be good", partition.start().strftime("%A %H:%M"))
        }
        _ => "no earlier partition is known to be good".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(name: &str) -> Partition {
        Partition::parse(name).unwrap()
    }

    fn check(limit: &Limit, metric: Metric, level: f64, expect: (f64, Option<f64>, Option<f64>, &str)) {
        let past = [
            (p("2026-11-14"), 900.0),
            (p("2026-11-20"), 1000.0),
            (p("2026-11-16"), 5.0),
            (p("2026-11-21"), 77.0),
            (p("2026-11-22"), 78.0),
        ];
        let got = compare(limit, metric, p("2026-11-21"), level, || past.to_vec());
        let basis = match &got.basis {
            Basis::Near { partition, .. } => partition.to_string(),
            Basis::Fixed => "fixed".to_owned(),
            Basis::Learned { source } => source.clone(),
            Basis::Nothing { why } => why.clone(),
        };
        assert_eq!((got.value, got.bounds.low, got.bounds.high, basis.as_str()), expect, "{limit:?}");
    }

    #[test]
    fn bounds_follow_the_limit() {
        use Metric::{ObjectCount, TotalFileSize, TotalFileSizeChange};
        let within = |margin, against| Limit::Within { margin, against };
        let half = within(Margin::Relative(0.5), Against::PreviousGood);
        check(&half, TotalFileSize, 400.0, (400.0, Some(500.0), Some(1500.0), "2026-11-20"));
        check(&half, TotalFileSizeChange, 400.0, (-600.0, Some(-500.0), Some(500.0), "2026-11-20"));
        let weekday = within(Margin::Absolute(50.0), Against::SameWeekday);
        check(&weekday, ObjectCount, 951.0, (951.0, Some(850.0), Some(950.0), "2026-11-14"));
        check(&Limit::at_least(7.0), ObjectCount, 3.0, (3.0, Some(7.0), None, "fixed"));
        check(&Limit::at_most(7.0), TotalFileSizeChange, 1010.0, (10.0, None, Some(7.0), "fixed"));
        check(&Limit::Learned, ObjectCount, 3.0, (3.0, None, None, "no baseline yet"));
    }

    #[test]
    fn without_a_reference_it_says_why() {
        let check = |name: &str, against, past: &[(Partition, f64)], expect: &str| {
            let limit = Limit::Within { margin: Margin::Relative(0.1), against };
            let got = compare(&limit, Metric::TotalFileSize, p(name), 1.0, || past.to_vec());
            assert_eq!(got.basis, Basis::Nothing { why: expect.to_owned() });
            assert!(got.bounds.is_empty());
        };
        let friday = [(p("2026-11-20"), 1000.0)];
        check("2026-11-21", Against::PreviousGood, &[], "no earlier partition is known to be good");
        check("2026-11-21", Against::SameWeekday, &friday, "no earlier Saturday is known to be good");
        check(
            "2026-11-21T05",
            Against::SameWeekday,
            &friday,
            "no earlier Saturday 05:00 is known to be good",
        );
        check("2026-11", Against::SameWeekday, &[], "no earlier partition is known to be good");
        let empty = [(p("2026-11-20"), 0.0)];
        check(
            "2026-11-21",
            Against::PreviousGood,
            &empty,
            "the value of 2026-11-20 is 0, and a share of nothing is nothing",
        );
    }
}
