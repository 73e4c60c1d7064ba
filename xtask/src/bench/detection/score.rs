//! Runs one detector on one history, and counts what it got right and wrong.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::detector::{Detector, Landed, Verdict, Volume};
use super::fact::Fact;
use super::history::{History, start};
use super::injected::{self, Plants};
use super::labels::Masks;
use super::mersenne::Mersenne;

/// Days before volume is scored.
const WARM_VOLUME: usize = 30;
/// Days before lateness is scored.
const WARM_LATE: usize = 45;

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
    /// Injected one-day faults, in the order of [`injected::FAULTS`].
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

/// A detector's verdict on every day, and its state before some of them.
pub(super) struct Replay<D> {
    verdicts: Vec<Option<Verdict>>,
    due: Vec<Option<Timestamp>>,
    /// By day: the detector's state before that day.
    pub(super) before: BTreeMap<usize, D>,
}

/// One day: the question, then what landed.
pub(super) fn step<D: Detector>(
    detector: &mut D,
    fact: &Fact,
    volume: Volume,
) -> (Option<Timestamp>, Option<Verdict>) {
    let due = detector.due(fact.day);
    if !fact.volume.is_known() && fact.landed_at.is_none() {
        detector.absent(fact.day);
        return (due, None);
    }
    // If only the day is known, it landed at its end.
    let at =
        fact.landed_at.unwrap_or_else(|| start(fact.day) + jiff::SignedDuration::from_mins(23 * 60 + 59));
    (due, Some(detector.judge(Landed { day: fact.day, at, volume })))
}

fn replay<D: Detector>(mut detector: D, facts: &[Fact], keep: &BTreeSet<usize>) -> Replay<D> {
    let mut replayed = Replay { verdicts: Vec::new(), due: Vec::new(), before: BTreeMap::new() };
    for (day, fact) in facts.iter().enumerate() {
        if keep.contains(&day) {
            replayed.before.insert(day, detector.clone());
        }
        let (due, verdict) = step(&mut detector, fact, fact.volume);
        replayed.due.push(due);
        replayed.verdicts.push(verdict);
    }
    replayed
}

/// Scores a new detector on one history. `seed` chooses the days for injected faults.
pub(super) fn score<D: Detector>(history: &History, detector: D, seed: u32) -> Score {
    let of = ["small", "big", "dup", "holiday", "shift", "schema"];
    let masks = Masks::new(&history.facts, &history.labels, &of, &["small", "big"]);
    let seen = |day: &usize| history.facts[*day].volume.is_known();
    let clean: Vec<usize> =
        (WARM_VOLUME..history.facts.len()).filter(|day| seen(day) && masks.is_clean(*day)).collect();
    let plants = Plants::draw(&clean, &masks, history.facts.len(), &mut Mersenne::new(seed));

    let replayed = replay(detector, &history.facts, &plants.days().collect());
    let mut score = Score::default();
    volume(&replayed.verdicts, &clean, &masks, &mut score);
    injected::score(history, &replayed, &plants, &mut score);
    if history.facts.iter().any(|fact| fact.landed_at.is_some()) {
        lateness(history, &replayed.due, &mut score);
    }
    score
}

fn volume(verdicts: &[Option<Verdict>], clean: &[usize], masks: &Masks, score: &mut Score) {
    let alarm = |day: &usize| verdicts[*day] == Some(Verdict::Alarm);
    let rate = |verdict| Rate {
        count: clean.iter().filter(|day| verdicts[**day] == Some(verdict)).count(),
        months: clean.len() as f64 / 30.0,
    };
    score.volume_false = rate(Verdict::Alarm);
    score.notices = rate(Verdict::Notice);
    score.continuing = rate(Verdict::Continuing);
    for day in masks.benign.difference(&masks.must) {
        score.benign.count(alarm(day));
    }
    for days in &masks.events {
        score.volume_real.count(days.iter().any(alarm));
    }
}

fn lateness(history: &History, due: &[Option<Timestamp>], score: &mut Score) {
    let masks =
        Masks::new(&history.facts, &history.labels, &["late", "missing", "early"], &["late", "missing"]);
    // Hours since the day's start, as floats: the comparisons below then agree with a scorer in Python to the last
    // bit.
    let hours = |day: usize, at: Timestamp| {
        let since = at.duration_since(start(history.facts[day].day));
        (since.as_micros() as f64 / 1e6) / 3600.0
    };
    let lag = |day: usize| history.facts[day].landed_at.map(|at| hours(day, at));
    let deadline = |day: usize| due[day].map(|at| hours(day, at));
    let late_by = |day: usize, more: f64| match (deadline(day), lag(day)) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(deadline), Some(lag)) => lag + more > deadline,
    };
    let clean: Vec<usize> = (WARM_LATE..history.facts.len()).filter(|day| masks.is_clean(*day)).collect();
    let count = clean.iter().filter(|day| late_by(**day, 0.0)).count();
    score.late_false = Rate { count, months: clean.len() as f64 / 30.0 };
    for days in &masks.events {
        score.late_real.count(days.iter().any(|day| late_by(*day, 0.0)));
    }
    for day in clean.into_iter().filter(|day| lag(*day).is_some()) {
        score.plus_2h.count(late_by(day, 2.0));
        score.plus_6h.count(late_by(day, 6.0));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use jiff::{SignedDuration, ToSpan};

    use super::*;
    use crate::bench::detection::history::start;

    /// Alarms below a fixed size; every day is due at noon of the next day.
    #[derive(Clone)]
    struct Fixed(f64);

    impl Detector for Fixed {
        fn due(&mut self, day: Date) -> Option<Timestamp> {
            Some(start(day) + SignedDuration::from_hours(36))
        }

        fn judge(&mut self, landed: Landed) -> Verdict {
            if landed.volume.size < Some(self.0) { Verdict::Alarm } else { Verdict::Ok }
        }

        fn absent(&mut self, _day: Date) {}
    }

    /// 240 days of 1,000 bytes, each landed `hours` after its start; nothing landed on day 200.
    fn history(hours: i64) -> History {
        let day = |i: i64| Date::constant(2024, 1, 1).saturating_add(i.days());
        let fact = |i: i64| {
            let landed_at = (i != 200).then(|| start(day(i)) + SignedDuration::from_hours(hours));
            let volume = if i == 200 { Volume::default() } else { Volume { size: Some(1000.0), rows: None } };
            Fact { day: day(i), landed_at, volume }
        };
        History { name: "steady".to_owned(), facts: (0..240).map(fact).collect(), labels: Vec::new() }
    }

    #[test]
    fn a_detector_gets_what_it_deserves() {
        let [zero, half, fifth_less, double] = score(&history(30), Fixed(600.0), 11).faults;
        assert_eq!([zero, half, fifth_less, double].map(|share| share.hits), [60, 60, 0, 0]);
        assert_eq!([zero, half, fifth_less, double].map(|share| share.of), [60; 4]);

        let quiet = score(&history(30), Fixed(600.0), 11);
        assert_eq!((quiet.volume_false.count, quiet.volume_false.months), (0, 209.0 / 30.0));
        // Only the smaller of the two lasting changes is below the limit, and it stays there for all 30 days except
        // those on which nothing lands.
        assert_eq!(quiet.shift_seen, Share { hits: 6, of: 12 });
        assert!((26 * 6..=27 * 6).contains(&quiet.shift_tail.hits), "{:?}", quiet.shift_tail);

        assert_eq!(score(&history(30), Fixed(2000.0), 11).volume_false.count, 209);
    }

    #[test]
    fn lateness_counts_what_came_late_and_what_never_came() {
        let on_time = score(&history(30), Fixed(0.0), 11);
        // The day on which nothing landed has no label, and counts as a false alarm.
        assert_eq!((on_time.late_false.count, on_time.late_false.months), (1, 195.0 / 30.0));
        assert_eq!(on_time.plus_2h, Share { hits: 0, of: 194 });
        // 30 + 6 hours is the deadline itself.
        assert_eq!(on_time.plus_6h, Share { hits: 0, of: 194 });
        assert_eq!(score(&history(31), Fixed(0.0), 11).plus_6h, Share { hits: 194, of: 194 });
        assert_eq!(score(&history(37), Fixed(0.0), 11).late_false.count, 195);
    }
}
