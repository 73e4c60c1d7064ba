//! Notes on a judgement: why a partition that was requested by name is not judged, and that a dataset counts as
//! stopped.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::{Judgement, Slot};
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::observation::PartitionLook;
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::{PartitionReport, Status};

/// If the newest judged partition is missing and no later one is expected, adds a note that says why: its alarm
/// stays.
pub(crate) fn ended(judgement: &mut Judgement) {
    let (next, owed) = judgement.timeline.next();
    let newest = judgement.timeline.judged().next();
    let missing = |p: &&PartitionReport| Some(p.partition) == newest && p.state == PartitionState::Missing;
    let Some(last) = judgement.report.partitions.first().filter(missing) else { return };
    if owed.at.is_none() && next > last.partition {
        let note = format!("no later partition is expected; {next}: {}", owed.reason);
        judgement.report.notes.push(note);
    }
}

/// How far two clocks may differ before it is worth a note.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// How many of the newest partitions are checked for write times in the future.
const NEWEST: usize = 4;

/// Adds a note if something was written in the future: one of two clocks is wrong, or a person set the time of a
/// file. Until that time, such a partition counts as being written.
pub(crate) fn clocks(judgement: &mut Judgement, now: Timestamp) {
    let written = |slot: &Slot| slot.record.look.as_ref().and_then(PartitionLook::written);
    let ahead = |slot: &Slot| written(slot).filter(|at| at.duration_since(now) > SKEW);
    let newest = judgement.timeline.begun().rev().take(NEWEST);
    let Some((partition, at)) = newest.filter_map(|(p, slot)| Some((*p, ahead(slot)?))).next() else {
        return;
    };
    let at = at.strftime("%Y-%m-%d %H:%M UTC");
    judgement.report.notes.push(format!(
        "{partition} was written at {at}, which is in the future: check this machine's clock and that of the store"
    ));
}

/// Adds to the report why a named partition is not judged. One from before the first that ever came is unknown:
/// nothing was expected then, and nothing shows that it was healthy.
pub(crate) fn named(judgement: &mut Judgement, dataset: &Dataset, named: &[Partition], now: Timestamp) {
    // A gap already explains what could not be seen.
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
                format!("nothing was expected yet: the first partition is {first}")
            }
            _ => match slot {
                Some(slot) => slot.owed.reason.clone(),
                None => "nothing is known about it".to_owned(),
            },
        };
        judgement.report.notes.push(format!("{partition} is not judged: {why}"));
    }
}
