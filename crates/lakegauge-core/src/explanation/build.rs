//! Explains a judgement.

use jiff::Timestamp;

use super::expected::{learned, not_yet, set};
use super::parts::{Due, Explanation};
use crate::baseline::{Series, Verdict};
use crate::dataset::Dataset;
use crate::judge::{Judgement, Timeline};
use crate::partition::Partition;

/// How many earlier landings are named.
const SHOWN: usize = 8;

/// Explains what was expected of `partition` as of `now`, the time of the judgement. Repeats the replay of everything
/// before it, so that each number is there that its band and its deadline were computed from.
pub fn explain<'a>(
    dataset: &Dataset,
    judgement: &'a Judgement,
    partition: Partition,
    now: Timestamp,
) -> Explanation<'a> {
    let timeline = &judgement.timeline;
    let series = timeline.learned_before(dataset, partition, now);
    let mut expected = learned(dataset, timeline, partition, &series);
    expected.extend(not_yet(dataset, timeline, partition));
    expected.extend(set(dataset, &judgement.report, partition));
    let verdict = timeline.get(partition).and_then(|slot| slot.verdict.as_ref());
    Explanation {
        partition,
        due: due(dataset, timeline, partition, &series),
        completion: timeline.completion(),
        expected,
        verdict: verdict.map(Verdict::reason),
        report: &judgement.report,
    }
}

fn due(dataset: &Dataset, timeline: &Timeline, partition: Partition, series: &Series) -> Due {
    let owed = timeline.get(partition).map_or(timeline.next().1, |slot| &slot.owed);
    let before = timeline.until(partition).filter(|slot| slot.record.partition != partition);
    let landings = before
        .filter(|slot| slot.record.arrival_known)
        .filter_map(|slot| Some((slot.record.partition, slot.record.landed_at?)));
    let is_learned = dataset.due.is_none() && dataset.calendar.expected(partition, &dataset.zone).expected;
    Due {
        at: owed.at,
        reason: owed.reason(),
        landings: landings.take(SHOWN).collect(),
        derivation: is_learned.then(|| series.derive_due(partition)),
    }
}
