//! How a partition is known to be complete.

use jiff::{SignedDuration, Timestamp};

use super::quiet;
use super::window::LandingWindow;
use crate::dataset::{LandedWhen, SUCCESS};
use crate::observation::PartitionLook;
use crate::quantity;
use crate::record::{PartitionRecord, Records};

/// How a partition of this dataset is known to be complete, after inference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The rule.
    pub rule: CompletionRule,
    /// Where the rule comes from, for humans.
    pub evidence: String,
}

/// The rule of a [`Completion`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompletionRule {
    /// The marker must be there. Data written after it must have gone quiet, too.
    Marker {
        /// As the config writes it.
        name: String,
        /// How long nothing must have been written, if data follows the marker.
        quiet: SignedDuration,
        /// True if data followed the marker in the past: then the marker alone means nothing.
        comes_first: bool,
    },
    /// No write for this long.
    Quiet(SignedDuration),
}

/// How many recent partitions inference looks at.
const INFER_FROM: usize = 30;
/// Data counts as written after its marker from this delay on; a smaller one is the clock's resolution, or two
/// writers.
pub const AFTER: SignedDuration = SignedDuration::from_secs(5);

/// Decides what completeness means. `Inferred` uses history: a `_SUCCESS` marker if at least 80 % of the last 30
/// landed partitions have one, otherwise quiescence. How long quiescence must last is learned from the pauses inside
/// those partitions, unless the config sets it.
pub fn completion(landed_when: &LandedWhen, records: &Records) -> Completion {
    let past: Vec<&PartitionRecord> =
        records.values().rev().filter(|r| r.landed.is_some()).take(INFER_FROM).collect();
    let looks: Vec<&PartitionLook> = past.iter().filter_map(|record| record.landed.as_ref()).collect();
    let in_config = "set in the config".to_owned();
    match landed_when {
        LandedWhen::Marker(marker) => marked(marker.to_string(), in_config, &past),
        LandedWhen::Quiet { seconds } => Completion {
            rule: CompletionRule::Quiet(SignedDuration::from_secs(*seconds)),
            evidence: in_config,
        },
        LandedWhen::Inferred => {
            let marked_looks = looks.iter().filter(|look| look.marker.is_some()).count();
            if looks.len() >= 3 && marked_looks * 5 >= looks.len() * 4 {
                let evidence =
                    format!("{SUCCESS} is in {marked_looks} of the last {} partitions", looks.len());
                return marked(SUCCESS.to_owned(), evidence, &past);
            }
            let (quiet, pauses) = quiet::learned(&past);
            let evidence = match looks.len() {
                0..3 => "too few partitions to infer a marker from".to_owned(),
                n => format!("{SUCCESS} is in {marked_looks} of the last {n} partitions; {pauses}"),
            };
            Completion { rule: CompletionRule::Quiet(quiet), evidence }
        }
    }
}

fn marked(name: String, evidence: String, past: &[&PartitionRecord]) -> Completion {
    let looks = || past.iter().filter_map(|record| record.landed.as_ref());
    let marked = looks().filter(|look| look.marker.is_some() && look.objects > 0).count();
    let follows = looks().filter(|look| data_follows_marker(look)).count();
    let comes_first = follows >= 2 && follows * 5 >= marked;
    let (quiet, pauses) = quiet::learned(past);
    let evidence = if comes_first {
        format!("{evidence}; data was written after the marker in {follows} of the last {marked}; {pauses}")
    } else {
        evidence
    };
    Completion { rule: CompletionRule::Marker { name, quiet, comes_first }, evidence }
}

/// Copy tools copy in order of name, so `_SUCCESS` comes before `part-…`.
fn data_follows_marker(look: &PartitionLook) -> bool {
    look.marker.zip(look.last_write).is_some_and(|(marker, last)| last.duration_since(marker) > AFTER)
}

impl Completion {
    /// When the partition that `look` saw was complete, if it is: with a marker, the time of the marker or of the
    /// data that followed it; by quiescence, the last write. `due` is the partition's deadline: once it has passed, a
    /// pause of ten minutes inside the landing window is enough.
    pub fn landed_at(
        &self,
        look: &PartitionLook,
        window: &LandingWindow,
        due: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let at = self.dated(look)?;
        match &self.rule {
            CompletionRule::Marker { .. } if window.marked_at(at).is_none_or(|from| now < from) => None,
            CompletionRule::Marker { comes_first: false, .. } if look.marker == Some(at) => Some(at),
            CompletionRule::Marker { quiet, .. } => (now.duration_since(at) >= *quiet).then_some(at),
            CompletionRule::Quiet(quiet) => {
                let due_passed = due.is_some_and(|due| now > due);
                let quiet = if due_passed { (*quiet).min(quiet::LEAST) } else { *quiet };
                let over = now >= window.complete_at(at, quiet);
                (over && !window.is_early(at)).then_some(at)
            }
        }
    }

    /// When a partition was complete, if it is: the time of its marker, or of data that followed it; by quiescence,
    /// its last write.
    pub fn dated(&self, look: &PartitionLook) -> Option<Timestamp> {
        match &self.rule {
            CompletionRule::Marker { comes_first, .. } => match look.marker {
                Some(marker) if !comes_first && !data_follows_marker(look) => Some(marker),
                marker => marker.and(look.written()),
            },
            CompletionRule::Quiet(_) => look.written(),
        }
    }

    /// When an incomplete partition will be complete if nothing more is written to it. `None`: it needs another
    /// write.
    pub fn ripens_at(&self, look: &PartitionLook, window: &LandingWindow) -> Option<Timestamp> {
        let last = look.written()?;
        match &self.rule {
            CompletionRule::Marker { quiet, .. } => {
                look.marker?;
                Some(last.checked_add(*quiet).ok()?.max(window.marked_at(last)?))
            }
            CompletionRule::Quiet(_) if window.is_early(last) => None,
            CompletionRule::Quiet(quiet) => Some(window.complete_at(last, *quiet)),
        }
    }

    /// Whether an incomplete partition may turn out to have been complete by `due`: its last write was on time, and
    /// it has not been quiet for long enough since. A write in the future comes from a clock that is ahead.
    pub(super) fn may_be_in_time(
        &self,
        look: &PartitionLook,
        window: &LandingWindow,
        due: Timestamp,
        now: Timestamp,
    ) -> bool {
        let waits = match &self.rule {
            CompletionRule::Marker { .. } => look.marker.is_some(),
            CompletionRule::Quiet(_) => true,
        };
        waits && look.written().is_some_and(|last| (last <= due || last > now) && !window.is_early(last))
    }

    /// How long after its deadline a partition that was written on time may still turn out to be complete.
    pub fn grace(&self) -> SignedDuration {
        match &self.rule {
            CompletionRule::Quiet(quiet) => (*quiet).min(quiet::LEAST),
            CompletionRule::Marker { quiet, comes_first: true, .. } => *quiet,
            CompletionRule::Marker { .. } => SignedDuration::ZERO,
        }
    }

    /// How long nothing must have been written, if that matters.
    pub fn quiet(&self) -> Option<SignedDuration> {
        match &self.rule {
            CompletionRule::Quiet(quiet) | CompletionRule::Marker { quiet, comes_first: true, .. } => {
                Some(*quiet)
            }
            CompletionRule::Marker { .. } => None,
        }
    }

    /// What is awaited, as a noun phrase: `_SUCCESS`, `10 min without a write`.
    pub fn waits_for(&self) -> String {
        let without =
            |quiet: &SignedDuration| format!("{} without a write", quantity::duration(quiet.as_secs_f64()));
        match &self.rule {
            CompletionRule::Marker { name, comes_first: false, .. } => name.clone(),
            CompletionRule::Marker { name, quiet, .. } => format!("{name} and {}", without(quiet)),
            CompletionRule::Quiet(quiet) => without(quiet),
        }
    }

    /// Why a partition with `look` is not complete.
    pub fn why_not(&self, look: &PartitionLook, window: &LandingWindow) -> String {
        let without =
            |quiet: SignedDuration| format!("no quiet {} yet", quantity::duration(quiet.as_secs_f64()));
        match &self.rule {
            CompletionRule::Marker { name, .. } if look.marker.is_none() => {
                format!("marker {name} not found")
            }
            _ if look.written().is_some_and(|last| window.is_early(last)) => {
                "its last write is earlier than any landing so far".to_owned()
            }
            CompletionRule::Marker { name, .. }
                if look.written().is_some_and(|last| window.marked_at(last) > Some(last)) =>
            {
                format!("{name} is there earlier than any landing so far: the period was not over")
            }
            CompletionRule::Marker { quiet, .. } | CompletionRule::Quiet(quiet) => {
                format!("still being written: {}", without(*quiet))
            }
        }
    }
}
