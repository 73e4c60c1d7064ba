//! Runs one detector on one history, and counts what it got right and wrong.

use jiff::Timestamp;

use super::detector::{Detector, Verdict};
use super::history::{History, start};
use super::injected::{self, Plants};
use super::labels::Masks;
use super::mersenne::Mersenne;
use super::replay::replay;
use super::tally::{Rate, Score};

/// Days before volume is scored.
const WARM_VOLUME: usize = 30;
/// Days before lateness is scored.
const WARM_LATE: usize = 45;

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
    use crate::bench::detection::detector::{Landed, Volume};
    use crate::bench::detection::fact::Fact;
    use crate::bench::detection::history::start;
    use crate::bench::detection::tally::Share;

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
