//! What is worth knowing beside a judgement: why a partition that was asked for by name is not judged, and that a dataset
//! counts as stopped.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::{Judgement, Slot};
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::{PartitionReport, Status};

/// Adds that nothing is owed any more where the newest partition that is judged is missing, and why: the alarm on it stays.
pub(crate) fn ended(judgement: &mut Judgement) {
    let (next, owed) = judgement.timeline.next();
    let newest = judgement.timeline.judged().next();
    let missing = |p: &&PartitionReport| Some(p.partition) == newest && p.state == PartitionState::Missing;
    let Some(last) = judgement.report.partitions.first().filter(missing) else { return };
    if owed.at.is_none() && next > last.partition {
        let note = format!("no partition is owed after it; {next}: {}", owed.reason);
        judgement.report.notes.push(note);
    }
}

/// How far two clocks may differ before it is told of.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Adds that a reported partition landed in the future: one of two clocks is wrong, or somebody set the time of a file.
pub(crate) fn clocks(judgement: &mut Judgement, now: Timestamp) {
    let ahead = |p: &&PartitionReport| p.landed_at.is_some_and(|at| at.duration_since(now) > SKEW);
    let Some(first) = judgement.report.partitions.iter().find(ahead) else { return };
    let at = first.landed_at.unwrap_or(now).strftime("%Y-%m-%d %H:%M UTC").to_string();
    let note = format!(
        "{} was written at {at}, which is in the future: is this machine's clock right, and that of the store?",
        first.partition
    );
    judgement.report.notes.push(note);
}

/// Adds to the report why a named partition is not judged. One from before the first that ever came is unknown: nothing was
/// owed then, and nothing says that all is well.
pub(crate) fn named(judgement: &mut Judgement, dataset: &Dataset, named: &[Partition], now: Timestamp) {
    // What could not be seen says so itself.
    if !judgement.report.gaps.is_empty() {
        return;
    }
    let came = |slot: &Slot| slot.record.look.is_some() || slot.record.landed_at.is_some();
    let first = judgement.timeline.slots().find(|(_, slot)| came(slot)).map(|(partition, _)| *partition);
    for partition in named {
        let slot = judgement.timeline.get(*partition);
        if slot.is_some_and(|slot| slot.record.state != PartitionState::Expected) {
            continue;
        }
        let begins = partition.start_in(&dataset.zone);
        let why = match first {
            _ if begins > now => "its period has not begun yet".to_owned(),
            Some(first) if *partition < first => {
                if judgement.report.status == Status::Ok {
                    judgement.report.status = Status::Unknown;
                }
                format!("nothing is there, and nothing was owed: the first partition that came is {first}")
            }
            _ => match slot {
                Some(slot) => slot.owed.reason.clone(),
                None => "nothing is known of it".to_owned(),
            },
        };
        judgement.report.notes.push(format!("{partition} is not judged: {why}"));
    }
}
