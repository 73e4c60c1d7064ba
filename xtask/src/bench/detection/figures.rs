//! The figures of a score: named, and comparable with the committed ones.

use serde_json::{Map, Value, json};

use super::injected::FAULTS;
use super::tally::{Rate, Score, Share};

/// One named number of a score.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) name: String,
    /// `None` if there was nothing to count.
    pub(super) value: Option<f64>,
    /// The value for readers.
    pub(super) shown: String,
    better: Better,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    Higher,
    Lower,
}

impl Figure {
    fn rate(name: &str, rate: Rate) -> Figure {
        let value = (rate.months > 0.0).then(|| thousandths(rate.count as f64 / rate.months));
        Figure::new(name, value, Better::Lower, format!("{}/{:.1}", rate.count, rate.months))
    }

    fn share(name: &str, share: Share, better: Better) -> Figure {
        let value = (share.of > 0).then(|| thousandths(share.hits as f64 / share.of as f64));
        Figure::new(name, value, better, format!("{}/{}", share.hits, share.of))
    }

    fn new(name: &str, value: Option<f64>, better: Better, shown: String) -> Figure {
        Figure { name: name.to_owned(), value, shown, better }
    }

    /// Whether it is worse than `committed`.
    fn is_worse_than(&self, committed: f64) -> bool {
        match (self.value, self.better) {
            (None, _) => true,
            (Some(value), Better::Higher) => value < committed,
            (Some(value), Better::Lower) => value > committed,
        }
    }
}

/// Rounds to three decimals, so that the same number is shown, committed and compared.
fn thousandths(value: f64) -> f64 {
    format!("{value:.3}").parse().unwrap_or(value)
}

/// Every figure of a score, in the order of the table.
pub(super) fn figures(score: &Score) -> Vec<Figure> {
    let mut figures = vec![
        Figure::rate("volume_false_per_dataset_month", score.volume_false),
        Figure::share("volume_real", score.volume_real, Better::Higher),
    ];
    figures.extend(
        FAULTS.iter().zip(score.faults).map(|((name, _), share)| Figure::share(name, share, Better::Higher)),
    );
    figures.extend([
        Figure::share("shift_seen", score.shift_seen, Better::Higher),
        Figure::share("alarms_days_4_30_after_shift", score.shift_tail, Better::Lower),
        Figure::share("benign_alarms", score.benign, Better::Lower),
        Figure::rate("notices_per_dataset_month", score.notices),
        Figure::rate("continuing_per_dataset_month", score.continuing),
        Figure::rate("late_false_per_dataset_month", score.late_false),
        Figure::share("late_real", score.late_real, Better::Higher),
        Figure::share("late_plus_2h", score.plus_2h, Better::Higher),
        Figure::share("late_plus_6h", score.plus_6h, Better::Higher),
    ]);
    figures
}

/// The figures as they are committed: `{name: value}`.
pub(super) fn to_json(figures: &[Figure]) -> Value {
    Value::Object(figures.iter().map(|f| (f.name.clone(), json!(f.value))).collect::<Map<_, _>>())
}

/// The figures that are worse than the committed ones, one line each.
pub(super) fn worse(figures: &[Figure], committed: &Value) -> Vec<String> {
    let worse = |figure: &Figure| {
        let before = committed.get(&figure.name)?.as_f64()?;
        let now = figure.value.map_or("nothing".to_owned(), |value| value.to_string());
        figure.is_worse_than(before).then(|| format!("{}: {now}, was {before}", figure.name))
    };
    figures.iter().filter_map(worse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_got_worse_is_named() {
        let score = |hits, count| Score {
            volume_real: Share { hits, of: 10 },
            volume_false: Rate { count, months: 20.0 },
            ..Score::default()
        };
        let committed = to_json(&figures(&score(9, 4)));
        let check = |hits, count, expect: &[&str]| {
            assert_eq!(worse(&figures(&score(hits, count)), &committed), expect, "{hits} {count}");
        };
        check(9, 4, &[]);
        check(10, 0, &[]);
        check(8, 4, &["volume_real: 0.8, was 0.9"]);
        check(10, 5, &["volume_false_per_dataset_month: 0.25, was 0.2"]);
    }
}
