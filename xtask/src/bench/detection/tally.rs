//! What a score counts.

/// The number of successes and of tries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Share {
    pub(super) hits: usize,
    pub(super) of: usize,
}

impl Share {
    pub(super) fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    pub(super) fn add(&mut self, other: Share) {
        self.hits += other.hits;
        self.of += other.of;
    }
}

/// A count over a number of dataset-months of 30 clean days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rate {
    pub(super) count: usize,
    pub(super) months: f64,
}

impl Rate {
    pub(super) fn add(&mut self, other: Rate) {
        self.count += other.count;
        self.months += other.months;
    }
}

/// The score of one history, or the sum of several.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Score {
    /// Volume alarms on clean days.
    pub(super) volume_false: Rate,
    /// Notices on clean days.
    pub(super) notices: Rate,
    /// Clean days in an alarm that was raised before.
    pub(super) continuing: Rate,
    /// Volume alarms on holidays.
    pub(super) benign: Share,
    /// Real volume incidents that raised an alarm.
    pub(super) volume_real: Share,
    /// Injected one-day faults, in the order of [`FAULTS`](super::injected::FAULTS).
    pub(super) faults: [Share; 4],
    /// Injected lasting changes that raised an alarm within three days.
    pub(super) shift_seen: Share,
    /// Alarms on days 4 to 30 after such a change, and the number of changes.
    pub(super) shift_tail: Share,
    /// Days on time that were reported late.
    pub(super) late_false: Rate,
    /// Real late and missing days that were reported.
    pub(super) late_real: Share,
    /// Clean days that would be reported late if they had landed two hours later.
    pub(super) plus_2h: Share,
    /// The same for six hours.
    pub(super) plus_6h: Share,
}

impl Score {
    /// Adds another history's score.
    pub(super) fn add(&mut self, other: &Score) {
        self.volume_false.add(other.volume_false);
        self.notices.add(other.notices);
        self.continuing.add(other.continuing);
        self.benign.add(other.benign);
        self.volume_real.add(other.volume_real);
        for (mine, theirs) in self.faults.iter_mut().zip(other.faults) {
            mine.add(theirs);
        }
        self.shift_seen.add(other.shift_seen);
        self.shift_tail.add(other.shift_tail);
        self.late_false.add(other.late_false);
        self.late_real.add(other.late_real);
        self.plus_2h.add(other.plus_2h);
        self.plus_6h.add(other.plus_6h);
    }
}
